//! Runs of the sync with a directory. What they plan is in the words of `rollcall-core`.

use rollcall_core::Timestamp;
use rollcall_core::directory::{Kind, Verb};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident => $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$inner])* $variant),* }

        impl $name {
            /// The word used in SQL and JSON.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The value for its word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                [$(Self::$variant),*].into_iter().find(|one| one.word() == word)
            }
        }
    };
}

words! {
    /// What made a run start.
    SyncCause {
        /// Its time had come.
        Schedule => "schedule",
        /// Somebody wanted it.
        Now => "now",
        /// Somebody looked at what it would do.
        Preview => "preview",
    }
}

words! {
    /// How a run ended.
    SyncOutcome {
        /// What it planned was done.
        Done => "done",
        /// It only looked.
        Previewed => "previewed",
        /// It stopped to ask.
        Stopped => "stopped",
        /// There was no whole answer.
        Failed => "failed",
        /// Somebody stopped it.
        Cancelled => "cancelled",
    }
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncRunRecord {
    /// Its number; 0 while it is not written down.
    pub id: i64,
    /// When it began.
    pub started: Timestamp,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// What made it start.
    pub cause: SyncCause,
    /// Who.
    pub who: String,
    /// How it ended.
    pub outcome: SyncOutcome,
    /// The same in one sentence.
    pub sentence: String,
    /// Entries that the directory has.
    pub found: u64,
    /// Entries added.
    pub added: u64,
    /// Entries updated.
    pub updated: u64,
    /// Accounts missing since this run.
    pub missing: u64,
    /// Accounts deleted.
    pub deleted: u64,
    /// Problems.
    pub problems: u64,
    /// Address rows written.
    pub rows_written: u64,
    /// Its entry in the journal.
    pub entry: Option<i64>,
}

/// A line of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncChangeRecord {
    /// What.
    pub verb: Verb,
    /// Which entry.
    pub entry: String,
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// The address that stands for it.
    pub address: String,
    /// Why.
    pub reason: String,
    /// The addresses that change.
    pub addresses: Vec<String>,
}

/// An account that left the directory and waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeavingRecord {
    /// Its key.
    pub key: String,
    /// As shown.
    pub shown: String,
    /// Its name.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
}

/// An entry that sync leaves alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExemptRecord {
    /// Its id.
    pub id: String,
    /// Its name, as it was called when it was exempted.
    pub name: String,
    /// What it is, while the directory has it.
    pub kind: Option<Kind>,
    /// The address it writes from.
    pub main: Option<String>,
    /// Its other addresses.
    pub aliases: u64,
    /// Where it is found.
    pub place: String,
}
