"""One small office, the same in OpenLDAP and in Samba AD, so that a test can expect the same recipients from each.
Standard library only. Run as a program it prints all of it as JSON.

people() -> list of dicts:
  uid        login name, unique
  given, sn, cn
  mail       value of the `mail` attribute, or None
  primary    primary SMTP address (may differ from mail), or None
  aliases    further SMTP addresses
  other      non-SMTP proxy addresses, verbatim (X500:, SIP:, ...)
  kind       user | shared | room | service
  enabled    account may sign in
  unit       users | munich | shared | disabled | service     (service = the unit a sync should exclude)
  note       what the entry is there to test
groups() -> list of dicts: name, mail|None, aliases, members (uids or 'group:NAME'), security
contacts() -> list of dicts: cn, mail, target, note
"""
import json
import os

DOMAIN, ALT, EXT = "office.test", "office-alt.test", "external.test"
# More than a Windows DC gives at once (1000). A measurement asks for more.
BULK = int(os.environ.get("ROLLCALL_BULK", "1500"))

GIVEN = ["Anna", "Bernd", "Chloé", "Dirk", "Elif", "François", "Greta", "Håkon", "Inês", "Jürgen", "Katarzyna",
         "Łukasz", "María", "Niko", "Özlem", "Petra", "Quentin", "Renée", "Søren", "Tomáš", "Ulf", "Věra", "Willem",
         "Xenia", "Yusuf", "Zoë"]
SN = ["Müller", "Schmidt", "Núñez", "Ångström", "Çelik", "Dubois", "Żółć", "O'Connor", "van der Berg", "Groß",
      "Nowak", "Fischer", "Weiß", "Petrović", "Rossi", "Łaski", "Señor", "Björk", "Kovács", "Papadopoulos"]


def _p(uid, given, sn, mail, primary=None, aliases=(), other=(), kind="user", enabled=True, unit="users", note=""):
    return dict(uid=uid, given=given, sn=sn, cn=f"{given} {sn}".strip(), mail=mail,
                primary=primary if primary is not None else mail, aliases=list(aliases), other=list(other),
                kind=kind, enabled=enabled, unit=unit, note=note)


def people():
    d, a = DOMAIN, ALT
    out = [
        _p("aschmidt", "Anna", "Schmidt", f"anna.schmidt@{d}", aliases=[f"a.schmidt@{d}", f"anna.schmidt@{a}"],
           note="plain user, two aliases, one in the second domain"),
        _p("jmueller", "Jürgen", "Müller", f"juergen.mueller@{d}", aliases=[f"j.mueller@{d}"], unit="munich",
           note="UTF-8 name, non-ASCII OU"),
        _p("tyamada", "太郎", "山田", f"taro.yamada@{d}", note="CJK name"),
        _p("lzolc", "Łukasz", "Żółć", f"lukasz.zolc@{d}", note="Latin extended"),
        _p("zoconnor", "Zoë", "O'Connor", f"zoe.o'connor@{d}", note="apostrophe in the local part"),
        _p("ccomma", "Carla", "Comma, #1 (CEO)", f"carla.comma@{d}", note="DN and filter special characters in cn"),
        _p("mcase", "Mixed", "Case", f"Mixed.Case@Office.Test", aliases=[f"MCASE@{a.upper()}"], note="upper case in addresses"),
        _p("plus", "Plus", "Tag", f"plus+tag@{d}", note="plus sign in the local part"),
        _p("nomail", "No", "Mail", None, note="no mail attribute and no proxy address"),
        _p("onlyproxy", "Only", "Proxy", None, primary=f"only.proxy@{d}", aliases=[f"op@{d}"], note="no mail, only proxy addresses"),
        _p("diffprim", "Diff", "Primary", f"old.name@{d}", primary=f"new.name@{d}", aliases=[f"old.name@{d}"],
           note="mail differs from the primary SMTP: address"),
        _p("manyproxy", "Many", "Proxies", f"many.proxies@{d}", aliases=[f"alias{i:02d}@{d}" for i in range(30)],
           other=["X500:/o=Office/ou=Exchange Administrative Group/cn=Recipients/cn=manyproxy", f"SIP:many.proxies@{d}",
                  "x400:C=DE;A= ;P=Office;O=Exchange;S=Proxies;", f"notes:Many Proxies/Office@{d}"],
           note="30 aliases and proxy types that are no SMTP address"),
        _p("dup1", "Dupe", "One", f"dupe.one@{d}", aliases=[f"dup@{d}"], note="shares alias dup@ with dup2"),
        _p("dup2", "Dupe", "Two", f"dupe.two@{d}", aliases=[f"dup@{d}"], note="shares alias dup@ with dup1"),
        _p("badmail", "Bad", "Mail", "not an address", note="mail is no address"),
        _p("idn", "Idn", "Domain", "info@xn--bcher-kva.test", note="IDN domain in A-label form"),
        _p("foreign", "Foreign", "Domain", f"foreign.domain@{EXT}", note="mail in a domain that is not ours"),
        _p("ddave", "Disabled", "Dave", f"disabled.dave@{d}", aliases=[f"dave@{d}"], enabled=False, unit="disabled", note="disabled account with mail"),
        _p("lockedlou", "Locked", "Lou", f"locked.lou@{d}", note="gets locked by wrong passwords"),
        _p("expired", "Expired", "Ed", f"expired.ed@{d}", note="account expired (AD: accountExpires in the past)"),
        _p("mustchange", "Must", "Change", f"must.change@{d}", note="must change the password at next logon (AD)"),
        _p("info", "", "Info Mailbox", f"info@{d}", aliases=[f"contact@{d}", f"hello@{d}"], kind="shared", enabled=False, unit="shared",
           note="shared mailbox: a disabled account that does receive mail"),
        _p("support", "", "Support Mailbox", f"support@{d}", kind="shared", enabled=False, unit="shared", note="shared mailbox"),
        _p("roomberlin", "", "Room Berlin", f"room.berlin@{d}", kind="room", enabled=False, unit="shared", note="room mailbox"),
        _p("svcbackup", "", "svc-backup", f"svc.backup@{d}", kind="service", unit="service", note="service account, OU to be excluded"),
        _p("svcldap", "", "svc-ldap", None, kind="service", unit="service", note="the account a sync binds as"),
        _p("mover", "Mo", "Ver", f"mo.ver@{d}", note="moved to another OU by the churn script"),
        _p("renamer", "Re", "Namer", f"re.namer@{d}", note="renamed (cn, mail) by the churn script"),
        _p("leaver", "Lea", "Ver", f"lea.ver@{d}", note="deleted by the churn script"),
    ]
    for i in range(BULK):
        g, s = GIVEN[i % len(GIVEN)], SN[(i // len(GIVEN)) % len(SN)]
        uid = f"user{i:04d}"
        p = _p(uid, g, f"{s} {i:04d}", f"{uid}@{d}", aliases=[f"{uid}@{a}"] if i % 5 == 0 else [], enabled=i % 50 != 49, note="bulk")
        out.append(p)
    return out


def groups():
    return [
        dict(name="Sales", mail=f"sales@{DOMAIN}", aliases=[f"vertrieb@{DOMAIN}"], members=["aschmidt", "jmueller", "mcase"], security=False),
        dict(name="Vertrieb Süd", mail=f"vertrieb-sued@{DOMAIN}", aliases=[], members=["jmueller", "lzolc", "group:Sales"], security=False),
        dict(name="All Staff", mail=f"all@{DOMAIN}", aliases=[], members=["group:Sales"] + [f"user{i:04d}" for i in range(BULK)], security=False),
        dict(name="VPN Users", mail=None, aliases=[], members=["aschmidt", "ddave"], security=True),
        dict(name="Empty List", mail=f"empty@{DOMAIN}", aliases=[], members=[], security=False),
    ]


def contacts():
    return [
        dict(cn="Partner Paula", mail=f"paula@{EXT}", target=f"paula@{EXT}", aliases=[f"paula.partner@{DOMAIN}"], note="contact reachable by an address in our domain"),
        dict(cn="Kontakt Größe", mail=f"groesse@{EXT}", target=f"groesse@{EXT}", aliases=[], note="contact, UTF-8 name"),
    ]


if __name__ == "__main__":
    print(json.dumps(dict(people=people(), groups=groups(), contacts=contacts())))
