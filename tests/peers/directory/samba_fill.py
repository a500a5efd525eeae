#!/usr/bin/python3
"""samba_fill.py SMB_CONF   Fills a freshly provisioned, stopped Samba AD with the small office.
Needs Debian's python3-samba, so it runs under /usr/bin/python3."""
import sys
import time

import dataset as ds
import ldb
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB

lp = LoadParm()
lp.load(sys.argv[1])
lp.set("dsdb:schema update allowed", "yes")
# An explicit session: offline, as the system, so no permissions get in the way.
db = SamDB(url=lp.samdb_url(), lp=lp, session_info=system_session())
DOM, CONF = str(db.domain_dn()), str(db.get_config_basedn())
SCHEMA = str(db.get_schema_basedn())
OFFICE = f"OU=Office,{DOM}"
UNITS = {"users": f"OU=Staff,{OFFICE}", "munich": f"OU=München,OU=Staff,{OFFICE}", "shared": f"OU=Shared Mailboxes,{OFFICE}",
         "disabled": f"OU=Former Staff,{OFFICE}", "service": f"OU=Service Accounts,{OFFICE}"}


def dn(rdn, value, parent):
    d = ldb.Dn(db, parent)
    d.add_child(ldb.Dn(db, f"{rdn}=X"))
    d.set_component(0, rdn, value)
    return d


def add(dnv, **attrs):
    m = {"dn": dnv}
    for k, v in attrs.items():
        if v not in (None, "", []):
            m[k] = v
    db.add(m)


def schema():
    """The few Exchange attributes that a mail product reads (AD without Exchange lacks them)."""
    for name, oid, syntax, om, single in [
            ("mailNickname", "1.2.840.113556.1.2.447", "2.5.5.12", 64, "TRUE"),
            ("msExchHideFromAddressLists", "1.2.840.113556.1.4.7000.102.73", "2.5.5.8", 1, "TRUE"),
            ("msExchRecipientTypeDetails", "1.2.840.113556.1.4.7000.102.50855", "2.5.5.16", 65, "TRUE"),
            ("targetAddress", "1.2.840.113556.1.2.352", "2.5.5.12", 64, "TRUE")]:
        add(f"CN={name},{SCHEMA}", objectClass=["top", "attributeSchema"], lDAPDisplayName=name, attributeID=oid,
            attributeSyntax=syntax, oMSyntax=str(om), isSingleValued=single, searchFlags="1", isMemberOfPartialAttributeSet="TRUE")
    db.set_schema_update_now()          # outside a transaction, or the new names stay unknown
    m = ldb.Message(ldb.Dn(db, f"CN=Mail-Recipient,{SCHEMA}"))
    m["mayContain"] = ldb.MessageElement(["mailNickname", "msExchHideFromAddressLists", "msExchRecipientTypeDetails", "targetAddress"],
                                         ldb.FLAG_MOD_ADD, "mayContain")
    db.modify(m)
    db.set_schema_update_now()


def mod(dnv, **attrs):
    m = ldb.Message(ldb.Dn(db, str(dnv)))
    for k, v in attrs.items():
        m[k] = ldb.MessageElement(v, ldb.FLAG_MOD_REPLACE, k)
    db.modify(m)


def main():
    t0 = time.time()
    schema()
    db.transaction_start()
    mod(DOM, lockoutThreshold="3", lockoutDuration=str(-30 * 60 * 10**7), lockOutObservationWindow=str(-30 * 60 * 10**7), minPwdAge="0")
    for ou in [OFFICE, UNITS["users"], UNITS["munich"], UNITS["shared"], UNITS["disabled"], UNITS["service"], f"OU=Groups,{OFFICE}", f"OU=Contacts,{OFFICE}"]:
        db.add({"dn": ou, "objectClass": "organizationalUnit"})
    rtd = {"user": "1", "shared": "4", "room": "16"}
    by = {}
    for p in ds.people():
        d = by[p["uid"]] = dn("CN", p["cn"] or p["uid"], UNITS[p["unit"]])
        proxies = ([f"SMTP:{p['primary']}"] if p["primary"] else []) + [f"smtp:{x}" for x in p["aliases"]] + p["other"]
        add(str(d), objectClass="user", sAMAccountName=p["uid"], userPrincipalName=f"{p['uid']}@{ds.DOMAIN}", givenName=p["given"],
            sn=p["sn"], displayName=p["cn"], mail=p["mail"], proxyAddresses=proxies, description=p["note"],
            mailNickname=p["uid"] if p["primary"] else None, msExchRecipientTypeDetails=rtd.get(p["kind"]) if p["primary"] else None,
            # Only the named people have a password (deriving 1,500 sets of keys takes half a minute): 512/514. The bulk has
            # PASSWD_NOTREQD besides, 544/546, as accounts made by scripts often do.
            userAccountControl=str((512 if p["enabled"] else 514) | (32 if p["note"] == "bulk" else 0)),
            unicodePwd=None if p["note"] == "bulk" else f'"{p["uid"]}-Pass1"'.encode("utf-16-le"))
    mod(by["expired"], accountExpires="132223104000000000")      # 2020-01-01
    mod(by["mustchange"], pwdLastSet="0")
    for c in ds.contacts():
        add(str(dn("CN", c["cn"], f"OU=Contacts,{OFFICE}")), objectClass="contact", displayName=c["cn"], mail=c["mail"],
            targetAddress=f"SMTP:{c['target']}", proxyAddresses=[f"SMTP:{c['mail']}"] + [f"smtp:{a}" for a in c["aliases"]], description=c["note"])
    for g in ds.groups():
        gd = by["group:" + g["name"]] = dn("CN", g["name"], f"OU=Groups,{OFFICE}")
        # 8 = universal distribution group; 0x80000002 = global security group
        add(str(gd), objectClass="group", sAMAccountName=g["name"], groupType="-2147483646" if g["security"] else "8", mail=g["mail"],
            proxyAddresses=([f"SMTP:{g['mail']}"] if g["mail"] else []) + [f"smtp:{a}" for a in g["aliases"]],
            member=[str(by[x]) for x in g["members"]])
    # A computer is an objectClass=user too; a careless filter picks it up.
    add(f"CN=PC01,CN=Computers,{DOM}", objectClass="computer", sAMAccountName="PC01$", userAccountControl="4096", mail=f"pc01@{ds.DOMAIN}")
    db.transaction_commit()
    print(f"populated in {time.time() - t0:.1f} s", file=sys.stderr)


main()
