//! The queue: what waits here, and what an operator does with it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arguments of `queue`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct QueueArgs {
    /// At most this many messages; 100 unless given, at most 1,000.
    #[ts(optional, type = "number")]
    pub limit: Option<u32>,
    /// Part of queue id, sender, subject or recipient, any case.
    #[ts(optional)]
    pub search: Option<String>,
}

/// Arguments of `flush_queue`: one message, one destination, or neither for everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct FlushQueueArgs {
    /// This message, also if it was given up.
    #[ts(optional)]
    pub queue_id: Option<String>,
    /// What waits for this mail server, as the queue names it, or for this domain.
    #[ts(optional)]
    pub destination: Option<String>,
}

/// Arguments that are messages of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct QueueIdsArgs {
    /// Which; 1 to 1,000.
    pub queue_ids: Vec<String>,
}

/// Arguments of `set_reply_contact`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetReplyContactArgs {
    /// An e-mail address, a telephone number or a web address, at most 80 characters; empty names nobody.
    pub contact: String,
}

/// Arguments of `set_disk_reserve`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetDiskReserveArgs {
    /// Mebibytes that stay free on the disk; 0 switches the check off.
    pub mib: u32,
}
