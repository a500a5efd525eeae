//! What an office settles for each of its domains: who is taken in.

/// What becomes of a recipient without a row (S1's switch, P13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Unknown {
    /// The destination is asked, and Rollcall learns from it. The shipped default.
    #[default]
    Learn,
    /// The destination is asked, and no row is made.
    Ask,
    /// The list is closed: refused without asking.
    Reject,
}

/// What becomes of mail for an inactive account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum InactiveMail {
    /// `550 5.2.1`. The shipped default.
    #[default]
    Reject,
    /// Delivered, as for an account.
    Deliver,
}

/// Whose list says who is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum KnownList {
    /// The office's own.
    #[default]
    Office,
    /// The directory's, as long as the sync is on (T15).
    Directory,
}

/// The terms of a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terms {
    /// What becomes of a recipient without a row.
    pub unknown: Unknown,
    /// A new address is deferred for up to four hours, so that somebody can decide (V04).
    pub defer_strangers: bool,
    /// What becomes of mail for an inactive account.
    pub inactive: InactiveMail,
    /// Whose list says who is known.
    pub list: KnownList,
}

macro_rules! words {
    ($kind:ident { $($variant:ident => $word:literal),* $(,)? }) => {
        impl $kind {
            /// Every choice.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word used in SQL and JSON.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The choice for its word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.word() == word)
            }
        }
    };
}

words!(Unknown { Learn => "learn", Ask => "ask", Reject => "reject" });
words!(InactiveMail { Reject => "reject", Deliver => "deliver" });
