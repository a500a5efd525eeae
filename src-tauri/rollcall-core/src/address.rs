//! An address and the key it is filed under (RFC 5321 section 4.1.2, behaviour.md section 3.2).
//!
//! **Invariant.** A domain is lower case and in A-labels; two addresses with the same [`Address::key`] are one row.
//!
//! **Limits.** The key here is the address as written, compared without case; which row a recipient is filed under
//! follows from its candidates in [`crate::recipient`].

use std::fmt;

/// Why text is not an address or a domain. The sentence says what to write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// No `@`, or nothing on one side of it.
    #[error("“{0}” isn't an address: it needs a name, an @ and a domain, like kim@fabrikam.example")]
    NoDomain(String),
    /// The local part is longer than 64 octets or has characters that need quotes.
    #[error("“{0}” isn't an address: the part before the @ can't be read")]
    LocalPart(String),
    /// Not a domain name.
    #[error("“{0}” isn't a domain name, like fabrikam.example")]
    Domain(String),
}

/// A domain name in lower case and A-labels: `fabrikam.example`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DomainName(String);

impl DomainName {
    /// Reads a domain name; Unicode becomes A-labels, case and one trailing dot are dropped.
    ///
    /// # Errors
    /// [`AddressError::Domain`] when it is empty, too long, or not made of letters, digits and hyphens.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let wrong = || AddressError::Domain(text.chars().take(300).collect());
        let ascii = idna::domain_to_ascii(text.trim().trim_end_matches('.')).map_err(|_| wrong())?;
        let label_ok = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        if ascii.is_empty() || ascii.len() > 253 || !ascii.split('.').all(label_ok) {
            return Err(wrong());
        }
        Ok(Self(ascii.to_ascii_lowercase()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A mailbox address: local part as written, domain normalised.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    local: String,
    domain: DomainName,
}

impl Address {
    /// Reads `local@domain`. A quoted local part keeps its quotes.
    ///
    /// # Errors
    /// [`AddressError`] names what is wrong, with the text.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let shown = || text.chars().take(320).collect::<String>();
        let (local, domain) = text.rsplit_once('@').ok_or_else(|| AddressError::NoDomain(shown()))?;
        if local.is_empty() || domain.is_empty() {
            return Err(AddressError::NoDomain(shown()));
        }
        if local.len() > 64 || !local_part_is_valid(local) {
            return Err(AddressError::LocalPart(shown()));
        }
        Ok(Self { local: local.to_owned(), domain: DomainName::parse(domain)? })
    }

    /// The part before the `@`, as written.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The part after the `@`, normalised.
    #[must_use]
    pub const fn domain(&self) -> &DomainName {
        &self.domain
    }

    /// What the row is filed under: the whole address in lower case.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}@{}", self.local.to_lowercase(), self.domain)
    }

    /// True when the local part names another address that a mail server may route to: `victim%elsewhere`,
    /// `elsewhere!victim`, `"victim@elsewhere"`. A server that trusts us would relay there (RFC 5321 section 7.3 calls
    /// for none of it), so such a recipient is as good as foreign.
    #[must_use]
    pub fn routes_elsewhere(&self) -> bool {
        self.local.contains(['%', '!', '@'])
    }

    /// `postmaster` at any domain is always accepted for asking and never becomes a row (RFC 5321 section 4.5.1).
    #[must_use]
    pub fn is_postmaster(&self) -> bool {
        self.local.eq_ignore_ascii_case("postmaster")
    }
}

/// As first seen: the local part keeps its case.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

/// RFC 5321 section 4.1.2 `Local-part`, with RFC 6531's non-ASCII letters.
fn local_part_is_valid(local: &str) -> bool {
    if let Some(quoted) = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        let mut escaped = false;
        for c in quoted.chars() {
            match (escaped, c) {
                (_, c) if c.is_control() => return false,
                (true, _) => escaped = false,
                (false, '\\') => escaped = true,
                (false, '"') => return false,
                (false, _) => {}
            }
        }
        return !escaped && local.len() >= 2;
    }
    let atom =
        |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c) || (!c.is_ascii() && !c.is_control());
    local.split('.').all(|part| !part.is_empty() && part.chars().all(atom))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_one_key_whatever_the_case() {
        let written = Address::parse("Ann.Lee@ACME.example.").unwrap();

        assert_eq!(written.key(), "ann.lee@acme.example");
        assert_eq!(written.to_string(), "Ann.Lee@acme.example");
    }

    #[test]
    fn a_domain_outside_ascii_is_filed_by_its_a_label() {
        assert_eq!(Address::parse("ann@bücher.example").unwrap().key(), "ann@xn--bcher-kva.example");
    }

    #[test]
    fn text_that_is_no_address_is_refused_with_a_sentence() {
        for text in [
            "",
            "ann",
            "@acme.example",
            "ann@",
            "a b@acme.example",
            "ann@acme..example",
            "\"a@acme.example",
            ".a@x.example",
            "ann@-x.example",
            "a\"b@x.example",
        ] {
            let error = Address::parse(text).expect_err(text);
            assert!(error.to_string().contains("like fabrikam") || error.to_string().contains(text), "{error}");
        }
    }

    #[test]
    fn a_local_part_that_names_another_address_is_seen() {
        for text in
            ["victim%evil.example@acme.example", "\"victim@evil.example\"@acme.example", "evil!victim@acme.example"]
        {
            assert!(Address::parse(text).expect(text).routes_elsewhere(), "{text}");
        }
        assert!(!Address::parse("ann.lee+x@acme.example").expect("an address").routes_elsewhere());
    }

    #[test]
    fn quoted_local_parts_and_unusual_atoms_are_addresses() {
        for text in ["\"a b\"@acme.example", "o'connor@acme.example", "a+b=c@acme.example", "\"a\\\"b\"@acme.example"] {
            Address::parse(text).expect(text);
        }
    }
}
