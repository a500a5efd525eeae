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
    /// The message's Message-ID.
    pub message_id: Option<String>,
    /// When it counts, if no bounce comes before.
    pub settles: Option<Timestamp>,
    /// The sender answers what the address wrote (X07).
    pub is_reply: bool,
}

/// An observation that has waited long enough for a bounce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settling {
    /// Its number.
    pub id: i64,
    /// The address's key.
    pub key: String,
    /// When the message was delivered.
    pub at: Timestamp,
    /// The sender's domain.
    pub sender_domain: String,
}

/// What stands out among the observations about an address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traits {
    /// Messages that it sent.
    pub sent: u32,
    /// Bounces that the mail server sent for it.
    pub bounced: u32,
    /// Answers to what it wrote.
    pub replies: u32,
    /// Spam.
    pub spam: u32,
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
    /// It sent a message from inside (T5).
    Sent,
    /// The destination sent its mail back (T7, 3.6).
    Bounced,
}

impl EvidenceKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Delivered, Self::RefusedByServer, Self::RefusedByUs, Self::TakenForLater, Self::Sent, Self::Bounced];

    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::RefusedByServer => "refused_by_server",
            Self::RefusedByUs => "refused_by_us",
            Self::TakenForLater => "taken_for_later",
            Self::Sent => "sent",
            Self::Bounced => "bounced",
        }
    }

    /// The kind for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
