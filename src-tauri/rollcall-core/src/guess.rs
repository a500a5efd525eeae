//! What an address looks like and how much its evidence says (X03, D19). Guesses are shown; they never act.

mod score;
mod shape;
mod words;

pub use score::{Score, Seen, Server, score};
pub use shape::{Shape, shape};

use crate::truth::Truth;

/// What the name before the `@` looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looks {
    /// A person, with the names read from the address where there are two.
    LikePerson {
        /// First name, capitalised.
        first_name: Option<String>,
        /// Surname, capitalised.
        surname: Option<String>,
    },
    /// A mailbox that several people or a machine read, or a list: `info`, `scanner`, `all-staff`.
    LikeFunctional,
}

/// How much the evidence says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// The destination took it while it refuses made-up addresses.
    RecognisedByServer,
    /// The threshold is reached, from several sender domains.
    ThresholdReached,
    /// The threshold is reached, but one sender domain wrote all of it.
    OneSender,
    /// The destination contradicted itself since.
    ServerContradicts,
    /// Not enough clean messages yet.
    BelowThreshold,
}

impl Strength {
    /// Whether little speaks for the address (design section 5).
    #[must_use]
    pub const fn is_weak(self) -> bool {
        matches!(self, Self::OneSender | Self::ServerContradicts | Self::BelowThreshold)
    }
}

/// The facts a strength follows from.
#[derive(Debug, Clone, Copy)]
pub struct StrengthFacts {
    /// Clean messages in the window.
    pub clean_count: u32,
    /// N of the domain's rule.
    pub need: u32,
    /// Different sender domains among them.
    pub sender_domains: u32,
    /// The destination of its domain was seen to refuse unknown recipients.
    pub server_refuses_strangers: bool,
    /// The destination refused this very address after taking it.
    pub is_suspect: bool,
}

/// How much the evidence says; the first that holds.
#[must_use]
pub const fn strength(facts: StrengthFacts) -> Strength {
    if facts.is_suspect {
        Strength::ServerContradicts
    } else if facts.clean_count < facts.need {
        Strength::BelowThreshold
    } else if facts.server_refuses_strangers {
        Strength::RecognisedByServer
    } else if facts.sender_domains < 2 {
        Strength::OneSender
    } else {
        Strength::ThresholdReached
    }
}

/// Whether an address is more likely nobody's than not: its mail server did not know it, and took its mail only since it
/// takes everybody's (pitfall 1). `taken_by` is what the server was found to be when it last took some; `has_sent` is the
/// address's own mail, which proves it (T5).
#[must_use]
pub const fn is_unlikely(was_unknown: bool, taken_by: Option<Truth>, has_sent: bool) -> bool {
    was_unknown && !has_sent && !matches!(taken_by, Some(Truth::RejectsStrangers))
}

/// What the local part looks like.
#[must_use]
pub fn looks(local: &str) -> Looks {
    let lower = local.to_lowercase();
    if matches!(shape(local), Shape::Functional | Shape::List) {
        return Looks::LikeFunctional;
    }
    let name = |part: &str| {
        let mut chars = part.chars();
        let whole = part.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\''));
        chars.next().filter(|_| whole).map(|first| first.to_uppercase().collect::<String>() + chars.as_str())
    };
    let mut parts = lower.split(['.', '_']);
    let (first, last, more) = (parts.next(), parts.next(), parts.next());
    match (first.and_then(name), last.and_then(name), more) {
        (Some(first), Some(last), None) => Looks::LikePerson { first_name: Some(first), surname: Some(last) },
        (Some(first), None, None) if last.is_none() => Looks::LikePerson { first_name: Some(first), surname: None },
        _ => Looks::LikePerson { first_name: None, surname: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitfall_1_who_was_unknown_before_the_server_took_everybody_is_likely_nobody() {
        assert!(is_unlikely(true, Some(Truth::AcceptsEverything), false));
        assert!(is_unlikely(true, None, false));
        assert!(!is_unlikely(true, Some(Truth::RejectsStrangers), false), "a new mailbox: the server says so");
        assert!(!is_unlikely(true, Some(Truth::AcceptsEverything), true), "nobody sends mail that does not exist");
        assert!(!is_unlikely(false, Some(Truth::AcceptsEverything), false));
    }

    #[test]
    fn d19_first_and_surname_are_read_from_the_address() {
        assert_eq!(looks("Ann.Lee"), Looks::LikePerson { first_name: Some("Ann".into()), surname: Some("Lee".into()) });
        assert_eq!(looks("kim"), Looks::LikePerson { first_name: Some("Kim".into()), surname: None });
        assert_eq!(looks("x9.k2.b"), Looks::LikePerson { first_name: None, surname: None });
    }

    #[test]
    fn shared_mailboxes_look_functional() {
        for local in ["info", "Sales", "invoices-2024", "scanner2", "support.emea"] {
            assert_eq!(looks(local), Looks::LikeFunctional, "{local}");
        }
    }

    #[test]
    fn a_contradiction_outweighs_any_count() {
        let facts = StrengthFacts {
            clean_count: 9,
            need: 3,
            sender_domains: 5,
            server_refuses_strangers: true,
            is_suspect: true,
        };

        assert_eq!(strength(facts), Strength::ServerContradicts);
        assert_eq!(strength(StrengthFacts { is_suspect: false, ..facts }), Strength::RecognisedByServer);
    }
}
