//! Which users and aliases a week brought, and what made each of them (D11, D12).
//!
//! **Invariant.** A report is one sentence and a list, and nothing where nothing happened.

use crate::transition::T;

/// What made an account, or another name of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// A person decided.
    Operator,
    /// The rule, once enough was seen (T2, T4).
    Threshold,
    /// The rule, because it sent mail from inside (T5, D10).
    Outbound,
    /// The rule, because nobody decided in time (T10, D08).
    Expiry,
    /// The rule, because an account of another domain has the same name (T8, D09).
    SameName,
    /// The directory (T16).
    Directory,
}

impl Cause {
    const ALL: [Self; 6] =
        [Self::Operator, Self::Threshold, Self::Outbound, Self::Expiry, Self::SameName, Self::Directory];

    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Threshold => "threshold",
            Self::Outbound => "outbound",
            Self::Expiry => "expiry",
            Self::SameName => "same_name",
            Self::Directory => "directory",
        }
    }

    /// The cause for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.word() == word)
    }

    /// What a transition that makes an account stands for; `None` for those that make none.
    #[must_use]
    pub const fn of(by: T) -> Option<Self> {
        match by {
            T::T2 | T::T4 => Some(Self::Threshold),
            T::T5 => Some(Self::Outbound),
            T::T8 => Some(Self::SameName),
            T::T10 => Some(Self::Expiry),
            T::T16 => Some(Self::Directory),
            T::T1 | T::T3 | T::T6 | T::T7 | T::T9 | T::T11 | T::T18 | T::T23 => None,
        }
    }
}

/// What is reported on. Each is recommended on (D11, D12, D13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// "Report on new users".
    pub users: bool,
    /// "Report on new aliases".
    pub aliases: bool,
    /// "Include admin contact in the report".
    pub administrator: bool,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { users: true, aliases: true, administrator: true }
    }
}

/// `2 users were created this week`; `None` where nothing happened.
#[must_use]
pub fn headline(users: u64, aliases: u64) -> Option<String> {
    let created = match (users, aliases) {
        (0, 0) => return None,
        (users, 0) => counted(users, "user", "users"),
        (0, aliases) => counted(aliases, "alias", "aliases"),
        (users, aliases) => {
            format!("{} and {}", counted(users, "user", "users"), counted(aliases, "alias", "aliases"))
        }
    };
    let was = if users + aliases == 1 { "was" } else { "were" };
    Some(format!("{created} {was} created this week"))
}

/// `1 user`, `2 users`.
#[must_use]
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d11_d12_the_report_is_one_sentence_and_none_where_nothing_happened() {
        assert_eq!(headline(2, 0).as_deref(), Some("2 users were created this week"));
        assert_eq!(headline(1, 0).as_deref(), Some("1 user was created this week"));
        assert_eq!(headline(0, 1).as_deref(), Some("1 alias was created this week"));
        assert_eq!(headline(1, 2).as_deref(), Some("1 user and 2 aliases were created this week"));
        assert_eq!(headline(0, 0), None);
    }

    #[test]
    fn d11_each_road_to_an_account_has_its_word() {
        for (by, word) in [
            (T::T2, "threshold"),
            (T::T4, "threshold"),
            (T::T5, "outbound"),
            (T::T8, "same_name"),
            (T::T10, "expiry"),
            (T::T16, "directory"),
        ] {
            assert_eq!(Cause::of(by).map(Cause::word), Some(word), "{by:?}");
            assert_eq!(Cause::from_word(word), Cause::of(by));
        }
        assert_eq!(Cause::of(T::T9), None);
    }
}
