//! The mail log: one row a recipient and what became of it.

use rollcall_core::Timestamp;

use super::TraceStep;

/// A mail server took a message for a recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveredTo {
    /// The recipient as written.
    pub recipient: String,
    /// The mail server.
    pub destination: Option<String>,
    /// When it was taken.
    pub at: Timestamp,
}

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
    /// The message's id, which its other recipients share; none in a row of before there were any.
    pub message: Option<String>,
    /// Where it came from.
    pub direction: Direction,
    /// The Message-ID without angle brackets, once content was read.
    pub message_id: Option<String>,
    /// Version and cipher, if the client's connection was encrypted.
    pub tls: Option<String>,
    /// Why we would have refused it, had shadow mode not kept us from it (X16); a word as in `reason`.
    pub would_refuse: Option<String>,
    /// When the transaction began.
    pub began: Timestamp,
    /// Every step since then. Lists leave it out.
    pub trace: Vec<TraceStep>,
}

/// Where a message came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    /// From outside, for the office.
    #[default]
    Inbound,
    /// From the office, for the world.
    Outbound,
}

impl Direction {
    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }

    /// The direction for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Inbound, Self::Outbound].into_iter().find(|direction| direction.word() == word)
    }
}

/// Which rows of the log are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailLogFilter {
    /// At most this many.
    pub limit: u32,
    /// Only rows with a smaller number.
    pub before: Option<i64>,
    /// Only rows with this text. A whole address, message ID or queue id is looked up, anything else searched for.
    pub search: Option<String>,
    /// Only these.
    pub of: MailLogOf,
    /// Only this reason.
    pub reason: Option<String>,
    /// Only this direction.
    pub direction: Option<Direction>,
    /// Only from then on.
    pub from: Option<Timestamp>,
    /// Only before then.
    pub until: Option<Timestamp>,
}

/// Which outcomes are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MailLogOf {
    /// Whatever became of it.
    #[default]
    Everything,
    /// This one only.
    Outcome(Outcome),
    /// What an operator may want to look into: given up, or the mail server or this computer was in the way.
    Problems,
    /// What only shadow mode kept us from refusing.
    WouldRefuse,
}

/// A page of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailLogPage {
    /// The rows with their numbers, newest first, without their traces.
    pub rows: Vec<(i64, MailLogRecord)>,
    /// Where to go on; none when everything was looked through. A search that looked far enough ends early.
    pub next: Option<i64>,
}

/// How many messages there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MailLogCounts {
    /// Of the period.
    pub all: u64,
    /// That wait, whatever the period.
    pub waiting: u64,
    /// Of the period, that an operator may want to look into.
    pub problems: u64,
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
