//! What an address looks like and how much its evidence says (X03, D19). Guesses are shown; they never act.

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
    /// A mailbox that several people or a machine read: `info`, `scanner`.
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

/// What the local part looks like.
#[must_use]
pub fn looks(local: &str) -> Looks {
    let lower = local.to_lowercase();
    let stem =
        lower.split(['-', '_', '+', '.']).next().unwrap_or_default().trim_end_matches(|c: char| c.is_ascii_digit());
    if FUNCTIONAL.binary_search(&stem).is_ok() {
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

/// Names that no single person has, sorted.
const FUNCTIONAL: &[&str] = &[
    "abuse",
    "accounting",
    "accounts",
    "admin",
    "alerts",
    "backup",
    "billing",
    "booking",
    "bookings",
    "buchhaltung",
    "careers",
    "contact",
    "customerservice",
    "datenschutz",
    "dispatch",
    "donotreply",
    "einkauf",
    "enquiries",
    "events",
    "facturation",
    "fax",
    "feedback",
    "finance",
    "frontdesk",
    "gdpr",
    "hello",
    "help",
    "helpdesk",
    "hostmaster",
    "hr",
    "info",
    "inquiries",
    "invoice",
    "invoices",
    "it",
    "jobs",
    "kontakt",
    "legal",
    "list",
    "lists",
    "logistics",
    "mail",
    "marketing",
    "monitoring",
    "news",
    "newsletter",
    "noc",
    "noreply",
    "notifications",
    "office",
    "orders",
    "postmaster",
    "press",
    "printer",
    "privacy",
    "purchasing",
    "reception",
    "rechnung",
    "recruiting",
    "returns",
    "room",
    "root",
    "sales",
    "scan",
    "scanner",
    "scans",
    "security",
    "service",
    "shipping",
    "shop",
    "spam",
    "support",
    "team",
    "vertrieb",
    "warehouse",
    "web",
    "webmaster",
    "welcome",
];

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_list_of_functional_names_is_sorted_for_the_search() {
        assert!(FUNCTIONAL.is_sorted());
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
