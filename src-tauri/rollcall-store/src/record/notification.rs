//! What people are told, as it is kept.

use rollcall_core::Timestamp;
use rollcall_core::notification::{Kind, State};

/// A notification in the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationRecord {
    /// Its number; later ones have larger ones.
    pub id: i64,
    /// What it is about.
    pub kind: Kind,
    /// What a later one about the same thing has too.
    pub tag: String,
    /// The mail server, domain, client or word that it is about; empty for none.
    pub subject: String,
    /// What each means is the kind's to say.
    pub numbers: Vec<u64>,
    /// When addresses end, or since when something is so.
    pub moment: Option<Timestamp>,
    /// When it was made.
    pub made: Timestamp,
    /// When something last joined it.
    pub changed: Timestamp,
    /// When it was last given to the shells.
    pub posted: Option<Timestamp>,
    /// When it was last shown to somebody.
    pub shown: Option<Timestamp>,
    /// Where it stands.
    pub state: State,
}

/// A notification to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNotification {
    /// What it is about.
    pub kind: Kind,
    /// The mail server, domain, client or word that it is about; empty for none.
    pub subject: String,
    /// What each means is the kind's to say.
    pub numbers: Vec<u64>,
    /// When addresses end, or since when something is so.
    pub moment: Option<Timestamp>,
}

/// An address that a notification names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedAddress {
    /// What its row is filed under.
    pub key: String,
    /// As shown.
    pub shown: String,
    /// The journal entry that takes back what was done by itself.
    pub entry: Option<i64>,
}
