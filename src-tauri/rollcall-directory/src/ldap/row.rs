//! One entry as it came: names and octets. The library's own reader panics on what is malformed and sorts values by
//! whether they happen to be UTF-8; this one does neither.

use ldap3::asn1::{PL, StructureTag};

/// A distinguished name with attributes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Row {
    pub(super) dn: String,
    attributes: Vec<Attribute>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Attribute {
    /// Lower case, without options.
    name: String,
    values: Vec<Vec<u8>>,
    /// Where to go on, if the server gave only some of the values (`;range=0-1499`).
    next: Option<u32>,
}

impl Row {
    /// Reads a SearchResultEntry (RFC 4511 section 4.5.2); None when it is none.
    pub(super) fn read(tag: StructureTag) -> Option<Self> {
        let mut parts = children(tag)?.into_iter();
        let mut row = Self { dn: text(octets(parts.next()?)?), attributes: Vec::new() };
        for attribute in children(parts.next()?)? {
            let mut parts = children(attribute)?.into_iter();
            let name = text(octets(parts.next()?)?);
            let values = children(parts.next()?)?.into_iter().map(octets).collect::<Option<Vec<_>>>()?;
            row.add(&name, values);
        }
        Some(row)
    }

    /// Adds values under a name that may carry options: those of a range go on where the ones before ended.
    fn add(&mut self, described: &str, values: Vec<Vec<u8>>) {
        let described = described.to_ascii_lowercase();
        let (name, options) = described.split_once(';').unwrap_or((&described, ""));
        let range = options.split(';').find_map(|option| option.strip_prefix("range="));
        let next =
            range.and_then(|range| range.split_once('-')?.1.parse::<u32>().ok()).and_then(|end| end.checked_add(1));
        match self.attributes.iter_mut().find(|known| known.name == name) {
            Some(known) => {
                known.values.extend(values);
                known.next = next.or(known.next.filter(|_| range.is_none()));
            }
            None => self.attributes.push(Attribute { name: name.to_owned(), values, next }),
        }
    }

    /// An attribute whose values are not all here, and the number of the next one.
    pub(super) fn unfinished(&self) -> Option<(&str, u32)> {
        self.attributes.iter().find_map(|attribute| Some((attribute.name.as_str(), attribute.next?)))
    }

    /// Takes the next values of an attribute out of `more`; false when it has none.
    pub(super) fn go_on(&mut self, name: &str, more: Self) -> bool {
        let Some(more) =
            more.attributes.into_iter().find(|attribute| attribute.name == name && !attribute.values.is_empty())
        else {
            return false;
        };
        let Some(known) = self.attributes.iter_mut().find(|known| known.name == name) else { return false };
        known.values.extend(more.values);
        known.next = more.next;
        true
    }

    /// The values of an attribute.
    pub(super) fn values(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let found = self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name));
        found.into_iter().flat_map(|attribute| attribute.values.iter().map(Vec::as_slice))
    }

    /// Those that are text, without white space around them and none empty.
    pub(super) fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        let texts = self.values(name).filter_map(|value| std::str::from_utf8(value).ok());
        texts.map(str::trim).filter(|text| !text.is_empty())
    }

    /// The first of them.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.texts(name).next()
    }

    /// Whether one of the values is this, in any case.
    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        self.texts(name).any(|text| text.eq_ignore_ascii_case(value))
    }
}

/// The URLs of a SearchResultReference (RFC 4511 section 4.5.3).
pub(super) fn references(tag: StructureTag) -> Vec<String> {
    children(tag).unwrap_or_default().into_iter().filter_map(octets).map(text).collect()
}

/// The cookie of a paged results control's value (RFC 2696); None when it is malformed.
pub(super) fn cookie(value: &[u8]) -> Option<Vec<u8>> {
    let (_, tag) = ldap3::asn1::parse_tag(value).ok()?;
    octets(children(tag)?.into_iter().nth(1)?)
}

/// The error of a password policy control's value, its `[1]`.
pub(super) fn policy_error(value: &[u8]) -> Option<u8> {
    let (_, tag) = ldap3::asn1::parse_tag(value).ok()?;
    let error = children(tag)?.into_iter().find(|part| part.id == 1)?;
    octets(error)?.last().copied()
}

fn children(tag: StructureTag) -> Option<Vec<StructureTag>> {
    match tag.payload {
        PL::C(children) => Some(children),
        // An empty set may come as a primitive without content.
        PL::P(octets) => octets.is_empty().then(Vec::new),
    }
}

fn octets(tag: StructureTag) -> Option<Vec<u8>> {
    match tag.payload {
        PL::P(octets) => Some(octets),
        PL::C(_) => None,
    }
}

fn text(octets: Vec<u8>) -> String {
    String::from_utf8(octets).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Rows made by hand, for tests.
#[cfg(test)]
pub(super) fn made(dn: &str, attributes: &[(&str, &[&[u8]])]) -> Row {
    let mut row = Row { dn: dn.to_owned(), attributes: Vec::new() };
    for (name, values) in attributes {
        row.add(name, values.iter().map(|value| value.to_vec()).collect());
    }
    row
}

#[cfg(test)]
mod tests {
    use ldap3::asn1::TagClass;

    use super::*;

    fn leaf(octets: &[u8]) -> StructureTag {
        StructureTag { class: TagClass::Universal, id: 4, payload: PL::P(octets.to_vec()) }
    }

    fn several(parts: Vec<StructureTag>) -> StructureTag {
        StructureTag { class: TagClass::Universal, id: 16, payload: PL::C(parts) }
    }

    #[test]
    fn what_is_malformed_is_no_row_and_no_panic() {
        assert_eq!(Row::read(leaf(b"x")), None);
        assert_eq!(Row::read(several(vec![])), None);
        assert_eq!(Row::read(several(vec![leaf(b"cn=x"), several(vec![leaf(b"mail")])])), None);
        let nested = several(vec![several(vec![]), leaf(b"")]);
        assert_eq!(Row::read(nested), None);
        assert_eq!(cookie(b"\x30\x03\x02"), None);
        assert_eq!(policy_error(b""), None);
    }

    #[test]
    fn octets_that_happen_to_be_text_and_those_that_do_not_are_read_alike() {
        let values = several(vec![leaf(b"0123456789abcdef"), leaf(&[0xff, 0])]);
        let row = Row::read(several(vec![leaf(b"cn=x"), several(vec![several(vec![leaf(b"objectGUID"), values])])]));

        let row = row.unwrap();
        assert_eq!(row.values("objectguid").collect::<Vec<_>>(), [&b"0123456789abcdef"[..], &[0xff, 0]]);
        assert_eq!(row.text("OBJECTGUID"), Some("0123456789abcdef"));
    }

    #[test]
    fn v22_values_that_come_in_ranges_are_one_attribute() {
        let mut row = made("cn=x", &[("proxyAddresses", &[]), ("proxyAddresses;range=0-1", &[b"a", b"b"])]);
        assert_eq!(row.unfinished(), Some(("proxyaddresses", 2)));

        assert!(row.go_on("proxyaddresses", made("cn=x", &[("proxyAddresses;range=2-3", &[b"c", b"d"])])));
        assert_eq!(row.unfinished(), Some(("proxyaddresses", 4)));
        assert!(row.go_on("proxyaddresses", made("cn=x", &[("proxyAddresses;range=4-*", &[b"e"])])));

        assert_eq!(row.unfinished(), None);
        assert_eq!(row.texts("proxyAddresses").collect::<String>(), "abcde");
        assert!(!row.go_on("proxyaddresses", Row::default()), "a server that gives no more is noticed");
    }
}
