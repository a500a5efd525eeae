//! Answers about the mail log.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::MailLogRow;
use super::queue::QueueRow;

/// Who spoke or did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TraceWho {
    /// The client that brought the message.
    Client,
    /// This relay.
    Us,
    /// The mail server that it was for.
    Server,
    /// A person at the window or the command line.
    Operator,
}

/// One step of a message's way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TraceRow {
    /// When.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Milliseconds since the transaction began.
    #[ts(type = "number")]
    pub after_ms: u64,
    /// Who.
    pub who: TraceWho,
    /// What, as one word: `came`, `server_rcpt`, `our_rcpt`, `content`, `server_content`, `our_reply`, `attempt`, …
    pub step: String,
    /// What was said, whole.
    pub said: Option<String>,
}

/// Answer of `mail_message`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MailMessage {
    /// The row that was asked for.
    pub row: MailLogRow,
    /// Its steps, oldest first.
    pub trace: Vec<TraceRow>,
    /// Every recipient of the message, this one included, in the order they were settled.
    pub recipients: Vec<MailLogRow>,
    /// The message in the queue, while somebody waits for it or it was given up.
    pub queued: Option<QueueRow>,
}

/// Answer of `mail_counts`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MailCounts {
    /// Messages of the period.
    #[ts(type = "number")]
    pub all: u64,
    /// Messages that wait, whatever the period.
    #[ts(type = "number")]
    pub waiting: u64,
    /// Messages of the period that an operator may want to look into.
    #[ts(type = "number")]
    pub problems: u64,
}

/// How often a reason refused, delayed or ended mail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ReasonCount {
    /// The code.
    pub reason: String,
    /// What became of it.
    pub outcome: super::Outcome,
    /// Recipients.
    #[ts(type = "number")]
    pub count: u64,
}

/// How many recipients had their mail within a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TimeCount {
    /// Within so many milliseconds; none for later than all others.
    #[ts(type = "number | null")]
    pub within_ms: Option<u64>,
    /// Recipients that no shorter time counts.
    #[ts(type = "number")]
    pub count: u64,
}

/// What a bar of the report stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum BarWidth {
    Hour,
    Day,
    Week,
    Month,
}

/// One bar of the report: recipients whose mail came in that time, by what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MailBar {
    /// From then on.
    #[ts(type = "number")]
    pub start_ms: i64,
    /// Before then.
    #[ts(type = "number")]
    pub end_ms: i64,
    /// The next hop has it.
    #[ts(type = "number")]
    pub delivered: u64,
    /// It is kept here and waits.
    #[ts(type = "number")]
    pub waiting: u64,
    /// The sender was asked to come again.
    #[ts(type = "number")]
    pub deferred: u64,
    /// Refused for good.
    #[ts(type = "number")]
    pub refused: u64,
    /// It was kept here and given up.
    #[ts(type = "number")]
    pub failed: u64,
}

/// Answer of `mail_report`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MailReport {
    /// What each bar stands for; the first and the last may be part of it.
    pub width: BarWidth,
    /// Oldest first, at most 200; none without mail.
    pub bars: Vec<MailBar>,
    /// Most often first.
    pub reasons: Vec<ReasonCount>,
    /// Shortest first.
    pub times: Vec<TimeCount>,
}

/// Answer of `export_mail_log`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MailLogExport {
    /// The page, to be put behind the one before.
    pub text: String,
    /// Rows in it.
    #[ts(type = "number")]
    pub rows: u64,
    /// Where to go on; none after the last page.
    #[ts(type = "number | null")]
    pub next: Option<i64>,
}

/// Answer of `log_retention` and `set_log_retention`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogRetention {
    /// Days that the log is kept.
    pub days: u32,
    /// Megabytes that it may take.
    pub megabytes: u32,
    /// Recipients in it.
    #[ts(type = "number")]
    pub rows: u64,
    /// About so many bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}
