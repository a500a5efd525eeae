//! Rows of the mail log.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Direction;

/// What became of one recipient of one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The next hop took it.
    Delivered,
    /// Refused for good (5xx).
    Refused,
    /// The sender was asked to come again (4xx).
    Deferred,
    /// Ours: durable here, waiting for the destination.
    Waiting,
    /// It was ours and the destination refused it, or it waited too long; kept for 14 days.
    Failed,
}

/// One line of the mail log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MailLogRow {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// When it was settled.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, as one searchable code: `delivered`, `user_unknown`, `relay_denied`, `marked_invalid`, …
    pub reason: String,
    /// The reverse-path; empty for the null reverse-path.
    pub sender: String,
    /// The recipient as written.
    pub recipient: String,
    /// The client's IP address.
    pub client_ip: String,
    /// What it said in HELO or EHLO.
    pub client_name: String,
    /// Subject, once content was seen.
    pub subject: Option<String>,
    /// Content size in bytes, once content was seen.
    #[ts(type = "number | null")]
    pub size_bytes: Option<u64>,
    /// From the recipient's RCPT to its final reply, in milliseconds.
    #[ts(type = "number")]
    pub duration_ms: u64,
    /// What we told the client, whole.
    pub reply: String,
    /// What the destination told us, whole; absent when it was not asked.
    pub destination_reply: Option<String>,
    /// Host and port asked.
    pub destination: Option<String>,
    /// The queue id, for what was stored here.
    pub queue_id: Option<String>,
    /// The message's id, which its other recipients share. It is in our reply and in our Received field.
    #[serde(default)]
    pub message: Option<String>,
    /// Where it came from.
    #[serde(default)]
    pub direction: Direction,
    /// The Message-ID without angle brackets, once content was seen.
    #[serde(default)]
    pub message_id: Option<String>,
    /// Version and cipher, if the client's connection was encrypted.
    #[serde(default)]
    pub tls: Option<String>,
    /// The reason it would have been refused for, had shadow mode not kept us from it (X16).
    #[serde(default)]
    pub would_refuse: Option<String>,
    /// It waits, and an operator keeps it here.
    #[serde(default)]
    pub held: bool,
    /// Recipients of the message.
    #[serde(default)]
    #[ts(type = "number")]
    pub recipients: u64,
    /// How many of them have it.
    #[serde(default)]
    #[ts(type = "number")]
    pub recipients_delivered: u64,
}

/// Answer to `mail_log`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MailLog {
    /// Newest first.
    pub rows: Vec<MailLogRow>,
    /// Where to go on; none when everything was looked through. A search may end a page early.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub next: Option<i64>,
}
