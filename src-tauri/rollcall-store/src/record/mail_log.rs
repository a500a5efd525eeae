//! The mail log: one row a recipient and what became of it.

use rollcall_core::Timestamp;

/// What became of one recipient of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailLogRecord {
    /// When we answered.
    pub at: Timestamp,
    /// The session's id.
    pub session: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, as a stable word.
    pub reason: String,
    /// The reverse-path; empty when it was null.
    pub sender: String,
    /// The recipient as written.
    pub recipient: String,
    /// The client's IP address.
    pub client_ip: String,
    /// The client's name as it gave it in EHLO.
    pub client_name: String,
    /// The subject, once content was read.
    pub subject: Option<String>,
    /// The content's size, once content was read.
    pub size_bytes: Option<u64>,
    /// How long the transaction took.
    pub duration_ms: u64,
    /// Our reply.
    pub reply: String,
    /// The destination's reply, if it gave one.
    pub destination_reply: Option<String>,
    /// The destination that was asked.
    pub destination: Option<String>,
    /// The spool's queue id, if the message was spooled.
    pub queue_id: Option<String>,
}

/// What became of a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The destination took it.
    Delivered,
    /// 5xx in the session.
    Refused,
    /// 4xx in the session.
    Deferred,
    /// Spooled: we are responsible.
    Waiting,
    /// Spooled and given up.
    Failed,
}

impl Outcome {
    /// Every outcome, in the order of [`Tx::mail_hours`](crate::Tx::mail_hours).
    pub const ALL: [Self; 5] = [Self::Delivered, Self::Refused, Self::Deferred, Self::Waiting, Self::Failed];

    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Refused => "refused",
            Self::Deferred => "deferred",
            Self::Waiting => "waiting",
            Self::Failed => "failed",
        }
    }

    /// The outcome for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}
