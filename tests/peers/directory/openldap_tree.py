"""Prints the OpenLDAP tree of the small office as LDIF (for slapadd). Standard library only."""
import base64
import hashlib

import dataset as ds

BASE = "dc=office,dc=test"
UNITS = {"users": "ou=People", "munich": "ou=München,ou=People", "shared": "ou=Shared,ou=People",
         "disabled": "ou=Disabled,ou=People", "service": "ou=Service Accounts"}


def esc(v):
    """RFC 4514 escaping of one RDN value."""
    out = "".join("\\" + c if c in ',+"\\<>;=' else c for c in v)
    if out[:1] in (" ", "#"):
        out = "\\" + out
    return out[:-1] + "\\ " if out.endswith(" ") else out


def line(attr, v):
    v = v if isinstance(v, str) else str(v)
    raw = v.encode()
    safe = all(31 < b < 127 for b in raw) and v[:1] not in (" ", ":", "<") and not v.endswith(" ")
    return f"{attr}: {v}" if safe else f"{attr}:: {base64.b64encode(raw).decode()}"


def entry(dn, pairs):
    print(line("dn", dn))
    for a, v in pairs:
        if v is not None and v != "":
            print(line(a, v))
    print()


def ssha(pw, salt):
    return "{SSHA}" + base64.b64encode(hashlib.sha1(pw.encode() + salt).digest() + salt).decode()


def dn_of(p):
    return f"uid={esc(p['uid'])},{UNITS[p['unit']]},{BASE}"


def main():
    entry(BASE, [("objectClass", "dcObject"), ("objectClass", "organization"), ("o", "Small Office"), ("dc", "office")])
    for rdn in ["ou=People", "ou=München,ou=People", "ou=Shared,ou=People", "ou=Disabled,ou=People", "ou=Service Accounts",
                "ou=Groups", "ou=Contacts", "ou=Policies"]:
        entry(f"{rdn},{BASE}", [("objectClass", "organizationalUnit"), ("ou", rdn.split(",")[0][3:])])
    entry(f"cn=default,ou=Policies,{BASE}", [("objectClass", "device"), ("objectClass", "pwdPolicy"), ("cn", "default"),
          ("pwdAttribute", "userPassword"), ("pwdLockout", "TRUE"), ("pwdMaxFailure", "3"), ("pwdLockoutDuration", "0")])
    # The directory has no mailbox without mail for qmailUser (MUST mail): those are plain inetOrgPerson.
    by = {p["uid"]: dn_of(p) for p in ds.people()}
    # slapadd runs no overlays, so memberOf is written here; the memberof overlay keeps it up to date afterwards.
    of = {}
    for g in ds.groups():
        for m in g["members"]:
            of.setdefault(m, []).append(f"cn={esc(g['name'])},ou=Groups,{BASE}")
    for p in ds.people():
        mails = [p["mail"]] if p["mail"] else []
        alts = list(p["aliases"]) + ([p["primary"]] if p["primary"] and p["primary"] != p["mail"] else [])
        proxies = ([f"SMTP:{p['primary']}"] if p["primary"] else []) + [f"smtp:{x}" for x in p["aliases"]] + p["other"]
        oc = ["inetOrgPerson", "officeRecipient"] + (["qmailUser"] if mails else [])
        pairs = [("objectClass", o) for o in oc]
        pairs += [("uid", p["uid"]), ("cn", p["cn"]), ("sn", p["sn"]), ("givenName", p["given"]), ("displayName", p["cn"])]
        pairs += [("mail", m) for m in mails]
        if mails:
            pairs += [("mailAlternateAddress", m) for m in alts]
            pairs += [("accountStatus", "active" if p["enabled"] else ("shared" if p["kind"] in ("shared", "room") else "disabled"))]
        pairs += [("proxyAddresses", x) for x in proxies]
        pairs += [("description", p["note"])]
        if p["note"] != "bulk":
            pairs += [("userPassword", ssha(f"{p['uid']}-Pass1", p["uid"].encode().ljust(4, b"_")[:8]))]
        if not p["enabled"]:
            pairs += [("pwdAccountLockedTime", "000001010000Z")]   # ppolicy: locked by the administrator
        pairs += [("memberOf", g) for g in of.get(p["uid"], [])]
        entry(by[p["uid"]], pairs)
    for c in ds.contacts():
        entry(f"cn={esc(c['cn'])},ou=Contacts,{BASE}", [("objectClass", "inetOrgPerson"), ("objectClass", "officeRecipient"),
              ("cn", c["cn"]), ("sn", c["cn"].split()[-1]), ("mail", c["mail"]), ("proxyAddresses", f"SMTP:{c['mail']}")]
              + [("proxyAddresses", f"smtp:{a}") for a in c["aliases"]] + [("description", c["note"])])
    for g in ds.groups():
        members = [by[m] if not m.startswith("group:") else f"cn={esc(m[6:])},ou=Groups,{BASE}" for m in g["members"]]
        pairs = [("objectClass", "groupOfMembers"), ("objectClass", "officeRecipient"), ("cn", g["name"])]
        pairs += [("mail", g["mail"])] + [("mailAlternateAddress", a) for a in g["aliases"]] + [("member", m) for m in members]
        pairs += [("memberOf", x) for x in of.get("group:" + g["name"], [])]
        entry(f"cn={esc(g['name'])},ou=Groups,{BASE}", pairs)


main()
