//! Evidence: one dated observation about an address.

use rollcall_core::Timestamp;

/// One dated observation about an address, with its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRecord {
    /// The address's key; a row for it need not exist (yet, or any more).
    pub key: String,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub kind: EvidenceKind,
    /// Whether it counts toward the threshold.
    pub counted: bool,
    /// Why it does not count; `None` when it does.
    pub not_counted_because: Option<String>,
    /// The reverse-path; empty when it was null.
    pub sender: String,
    /// The reverse-path's domain; empty when it was null.
    pub sender_domain: String,
    /// The message's subject.
    pub subject: Option<String>,
    /// The client's IP address.
    pub client_ip: String,
    /// The dialogue's lines that prove it, each without a line end.
    pub lines: Vec<String>,
}

/// What happened to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EvidenceKind {
    /// The destination took it.
    Delivered,
    /// The destination refused it.
    RefusedByServer,
    /// We refused it.
    RefusedByUs,
    /// We took it for a destination that could not be reached.
    TakenForLater,
}

impl EvidenceKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Delivered, Self::RefusedByServer, Self::RefusedByUs, Self::TakenForLater];

    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::RefusedByServer => "refused_by_server",
            Self::RefusedByUs => "refused_by_us",
            Self::TakenForLater => "taken_for_later",
        }
    }

    /// The kind for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
