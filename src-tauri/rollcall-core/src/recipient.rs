//! From a recipient to the row it is filed under (behaviour.md section 3.2, RFC 5233 for tags).
//!
//! **Invariant.** Candidates go from the address as written to the most canonical one; a domain is matched whole or at a
//! label boundary, so `notacme.example` and `acme.example.evil.example` are never ours.
//!
//! **Limits.** Sub-addressing by `-` takes everything behind the first `-`, as the operator asks for it.

use std::collections::BTreeMap;

use crate::address::Address;

/// What separates a name from its tag, as in `ann+invoices@`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TagDelimiter {
    /// `ann+invoices`. The shipped default.
    #[default]
    Plus,
    /// `ann-invoices`.
    Minus,
    /// Addresses have no tags.
    None,
}

impl TagDelimiter {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Plus, Self::Minus, Self::None];

    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::None => "none",
        }
    }

    /// The choice for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|delimiter| delimiter.word() == word)
    }

    /// `local` without its tag; `None` when it has none. A quoted name has no tag.
    #[must_use]
    pub fn without_tag(self, local: &str) -> Option<&str> {
        let delimiter = match self {
            Self::Plus => '+',
            Self::Minus => '-',
            Self::None => return None,
        };
        if local.starts_with('"') {
            return None;
        }
        local.split_once(delimiter).map(|(name, _)| name).filter(|name| !name.is_empty() && !name.ends_with('.'))
    }
}

/// How the addresses of one of our domains are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// What separates a name from its tag.
    pub tags: TagDelimiter,
    /// `ann@eu.acme.example` is `ann@acme.example`.
    pub strip_subdomains: bool,
}

/// A name that mail comes in for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Home {
    /// The domain whose settings hold; the name itself unless it is an alias.
    primary: String,
    reading: Reading,
}

/// Every name that mail comes in for: domains and their alias domains.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Homes(BTreeMap<String, Home>);

/// Why an address never becomes a row (3.2 step 4): it was made by a program, for one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NeverLearn {
    /// `SRS0=…`, `SRS1=…`: a rewritten sender.
    Srs,
    /// `prvs=…`, `msprvs1=…`: a signed sender (BATV).
    Signed,
    /// `bounce-…`, `bounces+…`.
    Bounce,
    /// `list-owner=reader.example`: the reader's address inside (VERP).
    Verp,
    /// More than 40 characters.
    Long,
    /// 20 hexadecimal digits or more.
    Hexadecimal,
}

/// An address and everything it may be filed under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The domain whose settings hold.
    pub primary: String,
    /// What it may be filed under, in order: the first with an explicit row wins, else the last is the key.
    pub candidates: Vec<Address>,
    /// Why nothing is learned of it.
    pub never_learn: Option<NeverLearn>,
}

impl Homes {
    /// `name` is one of our domains, whose addresses are read so.
    pub fn add_domain(&mut self, name: &str, reading: Reading) {
        self.0.insert(name.to_owned(), Home { primary: name.to_owned(), reading });
    }

    /// `alias` is another name of `primary`, read as that one is. A domain of that name stays a domain.
    pub fn add_alias(&mut self, alias: &str, primary: &str) {
        let Some(reading) = self.0.get(primary).map(|home| home.reading) else { return };
        self.0.entry(alias.to_owned()).or_insert_with(|| Home { primary: primary.to_owned(), reading });
    }

    /// The registered name that `domain` is, or is below, with what is known of it.
    fn home_of<'s>(&'s self, domain: &str) -> Option<(&'s str, &'s Home)> {
        if let Some((name, home)) = self.0.get_key_value(domain) {
            return Some((name, home));
        }
        let mut rest = domain;
        while let Some((_, parent)) = rest.split_once('.') {
            // The nearest registered name decides; one above it does not reach through.
            if let Some((name, home)) = self.0.get_key_value(parent) {
                return home.reading.strip_subdomains.then_some((name.as_str(), home));
            }
            rest = parent;
        }
        None
    }

    /// The domain whose settings hold for `domain`: itself, or what it is another name of or below.
    #[must_use]
    pub fn primary_of(&self, domain: &str) -> Option<&str> {
        self.home_of(domain).map(|(_, home)| home.primary.as_str())
    }

    /// Reads a recipient (3.2 steps 2, 4 and 5); `None` when its domain is neither ours, nor an alias, nor strippable.
    /// `from_nobody`: the reverse-path is null, so that a signed name stands for the name inside.
    #[must_use]
    pub fn resolve(&self, address: &Address, from_nobody: bool) -> Option<Resolved> {
        let (registered, home) = self.home_of(address.domain().as_str())?;
        let never_learn = never_learn(address.local());
        let local = match signed_name(address.local()) {
            Some(name) if from_nobody => name,
            _ => address.local(),
        };
        let mut domains = vec![address.domain().as_str()];
        domains.extend([registered, &home.primary].into_iter().filter(|name| *name != address.domain().as_str()));
        domains.dedup();
        let bare = home.reading.tags.without_tag(local);
        let locals = std::iter::once(local).chain(bare);
        let candidates = locals.flat_map(|local| {
            domains.iter().filter_map(move |domain| Address::parse(&format!("{local}@{domain}")).ok())
        });
        Some(Resolved { primary: home.primary.clone(), candidates: candidates.collect(), never_learn })
    }
}

impl Resolved {
    /// What it is filed under when no candidate has an explicit row (3.2 step 6): the most canonical candidate.
    #[must_use]
    pub fn key(&self) -> String {
        self.candidates.last().map(Address::key).unwrap_or_default()
    }
}

/// Why nothing is learned of an address with this local part (3.2 step 4).
#[must_use]
pub fn never_learn(local: &str) -> Option<NeverLearn> {
    let lower = local.to_ascii_lowercase();
    let behind = |prefix: &str| lower.strip_prefix(prefix).and_then(|rest| rest.chars().next());
    let bounce = [behind("bounce"), behind("bounces")].into_iter().flatten().any(|next| matches!(next, '+' | '-'));
    if lower.starts_with("srs0") || lower.starts_with("srs1") {
        matches!(lower.as_bytes().get(4), Some(b'=' | b'+' | b'-')).then_some(NeverLearn::Srs)
    } else if lower.starts_with("prvs=") || lower.starts_with("msprvs1=") {
        Some(NeverLearn::Signed)
    } else if bounce {
        Some(NeverLearn::Bounce)
    } else if lower.rsplit_once('=').is_some_and(|(_, domain)| looks_like_domain(domain)) {
        Some(NeverLearn::Verp)
    } else if local.chars().count() > 40 {
        Some(NeverLearn::Long)
    } else if lower.split(|c: char| !c.is_ascii_hexdigit()).any(|run| run.len() >= 20) {
        Some(NeverLearn::Hexadecimal)
    } else {
        None
    }
}

/// `domain.tld`: labels of letters, digits and hyphens, and a last one of letters.
fn looks_like_domain(text: &str) -> bool {
    let label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    text.rsplit_once('.').is_some_and(|(rest, last)| {
        rest.split('.').all(label) && last.len() >= 2 && last.bytes().all(|b| b.is_ascii_alphabetic())
    })
}

/// The name inside `prvs=tag=local`.
fn signed_name(local: &str) -> Option<&str> {
    let (prefix, rest) = local.split_once('=')?;
    if !prefix.eq_ignore_ascii_case("prvs") {
        return None;
    }
    rest.split_once('=').map(|(_, name)| name).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn homes() -> Homes {
        let mut homes = Homes::default();
        homes.add_domain("acme.com", Reading { tags: TagDelimiter::Plus, strip_subdomains: true });
        homes.add_alias("acme.net", "acme.com");
        homes
    }

    fn candidates(homes: &Homes, address: &str) -> Option<Vec<String>> {
        let resolved = homes.resolve(&Address::parse(address).expect(address), false)?;
        Some(resolved.candidates.iter().map(Address::key).collect())
    }

    #[test]
    fn v10_the_vectors_of_3_2_resolve_as_written_there() {
        let homes = homes();
        let last = |address| candidates(&homes, address).and_then(|found| found.last().cloned());

        assert_eq!(last("Ann+x@acme.net").as_deref(), Some("ann@acme.com"));
        assert_eq!(last("ann@eu.sales.acme.com").as_deref(), Some("ann@acme.com"));
        assert_eq!(candidates(&homes, "a+b@acme.com").expect("ours"), ["a+b@acme.com", "a@acme.com"]);
        assert_eq!(last("ann@notacme.com"), None);
        assert_eq!(last("ann@acme.com.evil.io"), None);
        assert_eq!((homes.primary_of("eu.acme.net"), homes.primary_of("evil.io")), (Some("acme.com"), None));
    }

    #[test]
    fn v10_candidates_go_from_as_written_to_canonical_and_exact_ones_come_first() {
        let found = candidates(&homes(), "ann+x@eu.acme.net").expect("ours");

        assert_eq!(
            found,
            [
                "ann+x@eu.acme.net",
                "ann+x@acme.net",
                "ann+x@acme.com",
                "ann@eu.acme.net",
                "ann@acme.net",
                "ann@acme.com"
            ]
        );
    }

    #[test]
    fn v10_a_registered_subdomain_is_a_domain_of_its_own_and_hides_the_one_above() {
        let mut homes = homes();
        homes.add_domain("eu.acme.com", Reading::default());

        assert_eq!(candidates(&homes, "ann@eu.acme.com").expect("ours"), ["ann@eu.acme.com"]);
        assert_eq!(candidates(&homes, "ann@x.eu.acme.com"), None, "eu.acme.com does not strip");
        assert!(candidates(&homes, "ann@us.acme.com").is_some());
    }

    #[test]
    fn v10_the_delimiter_is_the_domains_choice() {
        let mut homes = Homes::default();
        homes.add_domain("dash.test", Reading { tags: TagDelimiter::Minus, ..Reading::default() });
        homes.add_domain("none.test", Reading { tags: TagDelimiter::None, ..Reading::default() });

        assert_eq!(candidates(&homes, "ann-x+y@dash.test").expect("ours"), ["ann-x+y@dash.test", "ann@dash.test"]);
        assert_eq!(candidates(&homes, "ann+x@none.test").expect("ours"), ["ann+x@none.test"]);
        for untagged in ["+x@dash.test", "\"a-b\"@dash.test", "-x@dash.test"] {
            assert_eq!(candidates(&homes, untagged).expect("ours").len(), 1, "{untagged}");
        }
    }

    #[test]
    fn addresses_made_by_programs_are_never_learned() {
        use NeverLearn::{Bounce, Hexadecimal, Long, Signed, Srs, Verp};
        let long = "a".repeat(16) + &"xyz".repeat(9);
        for (local, why) in [
            ("SRS0=HHH=TT=orig.example=ann", Some(Srs)),
            ("srs1+x=y", Some(Srs)),
            ("prvs=2704f5a1c3=ann", Some(Signed)),
            ("msprvs1=19523=ann", Some(Signed)),
            ("bounce-17", Some(Bounce)),
            ("Bounces+17", Some(Bounce)),
            ("news-owner=reader.example", Some(Verp)),
            (long.as_str(), Some(Long)),
            ("0123456789abcdef0123", Some(Hexadecimal)),
            ("x-0123456789abcdef01234-y", Some(Hexadecimal)),
            ("bouncer", None),
            ("srs0", None),
            ("ann=lee", None),
            ("a.b=c.9", None),
            ("ann.lee", None),
            ("0123456789abcdef012", None),
        ] {
            assert_eq!(never_learn(local), why, "{local}");
        }
    }

    #[test]
    fn a_bounce_to_a_signed_name_is_looked_up_by_the_name_inside() {
        let signed = Address::parse("prvs=0123abcd=Ann@acme.com").expect("an address");

        let bounce = homes().resolve(&signed, true).expect("ours");
        let mail = homes().resolve(&signed, false).expect("ours");

        assert_eq!(bounce.key(), "ann@acme.com");
        assert_eq!(mail.key(), "prvs=0123abcd=ann@acme.com");
        assert_eq!(bounce.never_learn, Some(NeverLearn::Signed));
    }

    #[test]
    fn an_alias_of_a_domain_that_is_not_ours_is_nothing() {
        let mut homes = homes();
        homes.add_alias("acme.com", "elsewhere.test");
        homes.add_alias("acme.org", "elsewhere.test");

        assert_eq!(candidates(&homes, "ann@acme.org"), None);
        assert_eq!(candidates(&homes, "ann@acme.com").expect("still ours"), ["ann@acme.com"]);
    }
}
