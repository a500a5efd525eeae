//! Answers about the queue.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Answer of `queue`, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Queue {
    /// The messages.
    pub rows: Vec<QueueRow>,
    /// Messages that somebody waits for, in all.
    #[ts(type = "number")]
    pub waiting: u64,
    /// Messages with a recipient that was given up, in all.
    #[ts(type = "number")]
    pub failed: u64,
}

/// Where a message of the queue came from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From outside, for the office.
    #[default]
    Inbound,
    /// From the office, for the world.
    Outbound,
}

/// A message that waits or was given up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct QueueRow {
    /// Its id.
    pub queue_id: String,
    /// Where it came from.
    pub direction: Direction,
    /// The reverse-path; empty when it is null.
    pub sender: String,
    /// The subject.
    pub subject: Option<String>,
    /// The content's size in bytes.
    #[ts(type = "number")]
    pub size_bytes: u64,
    /// The client that brought it.
    pub client_ip: String,
    /// When it arrived.
    #[ts(type = "number")]
    pub arrived_ms: i64,
    /// When it is given up.
    #[ts(type = "number")]
    pub expires_ms: i64,
    /// An operator keeps it here.
    pub held: bool,
    /// Its recipients, delivered ones included.
    pub recipients: Vec<QueueRecipient>,
}

/// Where one recipient stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecipientState {
    /// Waits until it is due.
    Queued,
    /// Being sent.
    Active,
    /// The mail server has it.
    Delivered,
    /// Given up, and kept 14 days.
    Failed,
}

/// A recipient of a message of the queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct QueueRecipient {
    /// The address.
    pub address: String,
    /// Where it stands.
    pub state: RecipientState,
    /// When it is tried next.
    #[ts(type = "number | null")]
    pub due_ms: Option<i64>,
    /// Attempts so far.
    pub attempts: u32,
    /// The mail server's last reply, or why there was none.
    pub last_reply: Option<String>,
    /// Where it goes.
    pub next_hop: Option<String>,
    /// Why it goes nowhere now.
    pub no_next_hop: Option<String>,
}

/// Answer of `flush_queue`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Flushed {
    /// Recipients that are tried earlier than they were due.
    #[ts(type = "number")]
    pub recipients: u64,
}

/// Answer of `hold_message`, `release_message` and `delete_message`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct QueueChanged {
    /// The messages that changed.
    pub queue_ids: Vec<String>,
    /// Those that were left: not there, being sent at the moment, or already so.
    pub unchanged: Vec<String>,
}
