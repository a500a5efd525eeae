//! From a row to an entry in the vocabulary of the rules (Z01, Z06, M14, pitfall 3).
//!
//! **Limits.** OpenLDAP knows no shared mailboxes and no rooms: what is not a group there is a person.

use rollcall_core::directory::{Entry, Kind};

use super::row::Row;

/// What is read.
pub(super) const ATTRIBUTES: &[&str] = &[
    "objectGUID",
    "entryUUID",
    "objectClass",
    "groupType",
    "mail",
    "proxyAddresses",
    "mailAlternateAddress",
    "userAccountControl",
    "accountStatus",
    "pwdAccountLockedTime",
    "msExchRecipientTypeDetails",
    "msExchHideFromAddressLists",
    "displayName",
    "cn",
    "givenName",
    "sn",
];

/// What tells who is there, and who of them counts.
pub(super) const IDENTITY: &[&str] = &["objectGUID", "entryUUID", "objectClass", "msExchRecipientTypeDetails"];

/// The entry; None for what gets no mail from people: computers and Exchange's own mailboxes.
pub(super) fn from(row: &Row) -> Option<Entry> {
    let kind = kind(row)?;
    let (primary, aliases) = addresses(row);
    let text = |name: &str| row.text(name).map(str::to_owned);
    Some(Entry {
        id: id(row),
        kind,
        is_enabled: is_enabled(row),
        is_hidden: row.has("msExchHideFromAddressLists", "TRUE"),
        display_name: text("displayName").or_else(|| text("cn")),
        first_name: text("givenName"),
        surname: text("sn"),
        primary,
        aliases,
        place: row.dn.clone(),
    })
}

/// What stays when it is renamed or moved. Without one that its server gives, its name: then a rename is a new entry.
pub(super) fn id(row: &Row) -> String {
    let guid = row.values("objectGUID").next().and_then(|octets| <[u8; 16]>::try_from(octets).ok());
    match (guid, row.text("entryUUID")) {
        (Some(octets), _) => guid_text(octets),
        (None, Some(uuid)) => uuid.to_lowercase(),
        (None, None) => row.dn.to_lowercase(),
    }
}

/// As Windows writes it: the first three groups are little-endian numbers ([MS-DTYP] 2.3.4.2).
fn guid_text([a, b, c, d, e, f, g, h, rest @ ..]: [u8; 16]) -> String {
    let (first, second, third) =
        (u32::from_le_bytes([a, b, c, d]), u16::from_le_bytes([e, f]), u16::from_le_bytes([g, h]));
    let [i, j, tail @ ..] = rest;
    let tail: String = tail.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{first:08x}-{second:04x}-{third:04x}-{i:02x}{j:02x}-{tail}")
}

/// None for what is no recipient of anybody's mail.
pub(super) fn kind(row: &Row) -> Option<Kind> {
    let is = |class: &str| row.has("objectClass", class);
    if is("computer") {
        return None;
    }
    if is("publicFolder") {
        return Some(Kind::PublicFolder);
    }
    if GROUPS.iter().any(|class| is(class)) {
        return Some(group(row));
    }
    if is("contact") {
        return Some(Kind::Contact);
    }
    row.text("msExchRecipientTypeDetails").and_then(|kind| kind.parse().ok()).map_or(Some(Kind::Person), mailbox)
}

const GROUPS: &[&str] = &[
    "group",
    "groupOfNames",
    "groupOfUniqueNames",
    "groupOfMembers",
    "groupOfURLs",
    "posixGroup",
    "mailGroup",
    "nisMailAlias",
    "msExchDynamicDistributionList",
];

/// `groupType` is a signed number whose highest bit says that it grants rights ([MS-ADTS] 2.2.12).
fn group(row: &Row) -> Kind {
    let is_security =
        row.text("groupType").and_then(|kind| kind.parse::<i64>().ok()).is_some_and(|bits| bits & (1 << 31) != 0);
    if is_security { Kind::SecurityGroup } else { Kind::DistributionGroup }
}

/// Exchange's RecipientTypeDetails: the same number with the mailbox here, linked or in Exchange Online.
fn mailbox(details: i64) -> Option<Kind> {
    const SHARED: i64 = 4 | 1 << 35;
    const ROOM_OR_EQUIPMENT: i64 = 16 | 32 | 1 << 28 | 1 << 33 | 1 << 34;
    const PUBLIC_FOLDER: i64 = 1 << 12;
    // System attendant, system, arbitration, discovery, monitoring.
    const ITS_OWN: i64 = 1 << 13 | 1 << 14 | 1 << 23 | 1 << 29 | 1 << 39;
    match details {
        bits if bits & ITS_OWN != 0 => None,
        bits if bits & SHARED != 0 => Some(Kind::SharedMailbox),
        bits if bits & ROOM_OR_EQUIPMENT != 0 => Some(Kind::Resource),
        bits if bits & PUBLIC_FOLDER != 0 => Some(Kind::PublicFolder),
        _ => Some(Kind::Person),
    }
}

/// Whether it may sign in: Windows' ACCOUNTDISABLE, qmail's `accountStatus`, OpenLDAP's lock by an administrator
/// (a lock after wrong passwords has a date, and passes).
fn is_enabled(row: &Row) -> bool {
    const ACCOUNTDISABLE: i64 = 2;
    const LOCKED_FOR_GOOD: &str = "000001010000Z";
    let control = row.text("userAccountControl").and_then(|bits| bits.parse::<i64>().ok()).unwrap_or_default();
    let is_inactive = ["disabled", "noaccess", "deleted"].iter().any(|status| row.has("accountStatus", status));
    control & ACCOUNTDISABLE == 0 && !is_inactive && !row.has("pwdAccountLockedTime", LOCKED_FOR_GOOD)
}

/// The address it writes from, and the others.
fn addresses(row: &Row) -> (Option<String>, Vec<String>) {
    let proxies: Vec<(bool, &str)> = row.texts("proxyAddresses").filter_map(proxy).collect();
    let first = proxies.iter().filter(|(is_primary, _)| *is_primary).map(|(_, address)| *address);
    let others = proxies.iter().filter(|(is_primary, _)| !*is_primary).map(|(_, address)| *address);
    let in_order = first.chain(row.texts("mail")).chain(others).chain(row.texts("mailAlternateAddress"));
    let mut found: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for address in in_order {
        if seen.insert(address.to_lowercase()) {
            found.push(address.to_owned());
        }
    }
    let mut found = found.into_iter();
    (found.next(), found.collect())
}

/// `SMTP:` is the primary address, `smtp:` another one; X500, SIP, x400, notes and the like are none.
fn proxy(text: &str) -> Option<(bool, &str)> {
    let Some((scheme, address)) = text.split_once(':') else { return text.contains('@').then_some((false, text)) };
    (scheme.eq_ignore_ascii_case("smtp") && !address.trim().is_empty()).then(|| (scheme == "SMTP", address.trim()))
}

#[cfg(test)]
mod tests {
    use super::super::row::made;
    use super::*;

    fn entry(attributes: &[(&str, &[&[u8]])]) -> Option<Entry> {
        from(&made("CN=Anna,DC=office,DC=test", attributes))
    }

    fn kind_of(class: &[u8], more: (&str, &[u8])) -> Option<Kind> {
        entry(&[("objectClass", &[b"top", class]), ("mail", &[b"a@office.test"]), (more.0, &[more.1])])
            .map(|entry| entry.kind)
    }

    #[test]
    fn z01_every_kind_is_told_by_what_the_directory_says() {
        assert_eq!(kind_of(b"user", ("cn", b"x")), Some(Kind::Person));
        assert_eq!(kind_of(b"inetOrgPerson", ("cn", b"x")), Some(Kind::Person));
        assert_eq!(kind_of(b"contact", ("cn", b"x")), Some(Kind::Contact));
        assert_eq!(kind_of(b"group", ("groupType", b"8")), Some(Kind::DistributionGroup));
        assert_eq!(kind_of(b"group", ("groupType", b"-2147483646")), Some(Kind::SecurityGroup));
        assert_eq!(kind_of(b"groupOfNames", ("cn", b"x")), Some(Kind::DistributionGroup));
        assert_eq!(kind_of(b"publicFolder", ("cn", b"x")), Some(Kind::PublicFolder));
    }

    #[test]
    fn m14_rooms_and_shared_mailboxes_are_no_persons_here_or_in_exchange_online() {
        let details = |number: &[u8]| kind_of(b"user", ("msExchRecipientTypeDetails", number));

        assert_eq!(details(b"1"), Some(Kind::Person));
        assert_eq!(details(b"2147483648"), Some(Kind::Person), "a mailbox in Exchange Online");
        assert_eq!(details(b"4"), Some(Kind::SharedMailbox));
        assert_eq!(details(b"34359738368"), Some(Kind::SharedMailbox));
        assert_eq!(details(b"16"), Some(Kind::Resource));
        assert_eq!(details(b"32"), Some(Kind::Resource));
        assert_eq!(details(b"8589934592"), Some(Kind::Resource));
    }

    #[test]
    fn computers_and_mailboxes_of_exchange_itself_are_no_entries() {
        assert_eq!(entry(&[("objectClass", &[b"user", b"computer"]), ("mail", &[b"pc@office.test"])]), None);
        assert_eq!(kind_of(b"user", ("msExchRecipientTypeDetails", b"8388608")), None);
    }

    #[test]
    fn the_primary_address_is_the_one_in_capitals_and_every_other_one_an_alias_once() {
        let found = entry(&[
            ("objectClass", &[b"user"]),
            ("mail", &[b"old.name@office.test"]),
            (
                "proxyAddresses",
                &[
                    b"smtp:a@office.test",
                    b"X500:/o=Office",
                    b"SIP:new.name@office.test",
                    b"SMTP:new.name@office.test",
                    b"smtp:Old.Name@office.test",
                ],
            ),
            ("mailAlternateAddress", &[b"b@office.test", b"A@office.test"]),
        ]);

        let found = found.unwrap();
        assert_eq!(found.primary.as_deref(), Some("new.name@office.test"));
        assert_eq!(found.aliases, ["old.name@office.test", "a@office.test", "b@office.test"]);
    }

    #[test]
    fn without_an_address_there_is_no_primary_one_and_with_aliases_only_it_is_the_first() {
        assert_eq!(entry(&[("proxyAddresses", &[b"X500:/o=Office", b"smtp:"])]).unwrap().primary, None);
        let alias = entry(&[("proxyAddresses", &[b"smtp:a@office.test"])]).unwrap();
        assert_eq!((alias.primary.as_deref(), alias.aliases.len()), (Some("a@office.test"), 0));
    }

    #[test]
    fn z06_disabled_is_told_by_windows_qmail_and_a_lock_for_good() {
        let enabled = |name: &str, value: &[u8]| entry(&[(name, &[value])]).unwrap().is_enabled;

        assert!(enabled("userAccountControl", b"512") && enabled("userAccountControl", b"66048"));
        assert!(!enabled("userAccountControl", b"514") && !enabled("userAccountControl", b"546"));
        assert!(enabled("accountStatus", b"active") && !enabled("accountStatus", b"Disabled"));
        assert!(!enabled("pwdAccountLockedTime", b"000001010000Z"));
        assert!(enabled("pwdAccountLockedTime", b"20261127200000Z"), "a lock after wrong passwords passes");
    }

    #[test]
    fn an_id_is_written_as_windows_writes_it_whether_its_octets_are_text_or_not() {
        let octets: Vec<u8> = (1..=16).collect();
        let id = |octets: &[u8]| entry(&[("objectGUID", &[octets])]).unwrap().id;

        assert_eq!(id(&octets), "04030201-0605-0807-090a-0b0c0d0e0f10");
        assert_eq!(id(b"0123456789abcdef"), "33323130-3534-3736-3839-616263646566");
        assert_eq!(entry(&[("entryUUID", &[b"AB-cd"])]).unwrap().id, "ab-cd");
        assert_eq!(entry(&[]).unwrap().id, "cn=anna,dc=office,dc=test");
    }
}
