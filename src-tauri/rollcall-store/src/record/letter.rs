//! The weekly report, and letters of our own on their way.

use rollcall_core::Timestamp;
use rollcall_core::access::Role;
use rollcall_core::new_accounts::Cause;

/// What a weekly report lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NewKind {
    /// A user (D11).
    User,
    /// Another name of an account (D12).
    Alias,
}

impl NewKind {
    /// The word used in SQL; it is that of the state too.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Alias => "alias",
        }
    }

    /// The kind for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::User, Self::Alias].into_iter().find(|kind| kind.word() == word)
    }
}

/// A user or an alias that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// Which of the two.
    pub kind: NewKind,
    /// The address's key.
    pub key: String,
    /// The address as shown.
    pub shown: String,
    /// The key of the account whose other name it is.
    pub owner: Option<String>,
    /// When it was made.
    pub at: Timestamp,
    /// What made it.
    pub cause: Cause,
    /// Who decided, as the journal has it.
    pub who: String,
}

/// A weekly report to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewReport {
    /// When it was made.
    pub at: Timestamp,
    /// The tick before.
    pub from: Timestamp,
    /// The tick that made it.
    pub until: Timestamp,
    /// Discovered addresses that waited for a decision then.
    pub waiting: u64,
}

/// A weekly report without its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportRecord {
    /// Its number; later reports have greater numbers.
    pub id: i64,
    /// What it is about.
    pub about: NewReport,
    /// Users that it lists.
    pub users: u64,
    /// Aliases that it lists.
    pub aliases: u64,
}

/// A letter that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterRecord {
    /// The week's.
    Week {
        /// Whose contact gets it.
        audience: Role,
        /// What it says.
        subject: String,
        /// The same as plain text.
        text: String,
        /// The same as HTML.
        html: String,
    },
    /// A welcome.
    Welcome {
        /// The key of the account that is welcomed.
        key: String,
    },
}

/// A letter that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueLetter {
    /// Its number.
    pub id: i64,
    /// The id that it has in the spool and in the log, drawn when it was written down.
    pub queue_id: String,
    /// Which letter.
    pub letter: LetterRecord,
}

/// What became of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterState {
    /// The spool has it.
    Sent,
    /// Nobody is to get it any more.
    Dropped,
    /// It cannot be sent.
    Failed,
}

impl LetterState {
    /// The word used in SQL.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Dropped => "dropped",
            Self::Failed => "failed",
        }
    }

    /// The state for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Sent, Self::Dropped, Self::Failed].into_iter().find(|state| state.word() == word)
    }
}
