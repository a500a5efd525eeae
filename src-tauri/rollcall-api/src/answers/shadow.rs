//! Answers about shadow mode, addresses that ended by themselves, accounts asked about again, and what is only observed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Suggestion;

/// Shadow mode while it is on (X16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Shadow {
    /// When it was switched on.
    #[ts(type = "number")]
    pub since_ms: i64,
    /// When it ends by itself.
    #[ts(type = "number")]
    pub until_ms: i64,
    /// Recipients since then that would have been refused.
    #[ts(type = "number")]
    pub would_refuse: u64,
}

/// An address that ended by itself lately (X06).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FreshInvalid {
    /// When it ended.
    #[ts(type = "number")]
    pub ended_ms: i64,
    /// Until when its mail is treated with care.
    #[ts(type = "number")]
    pub until_ms: i64,
    /// Until when senders are asked to come again; none when they are not any longer.
    #[ts(type = "number | null")]
    pub defers_until_ms: Option<i64>,
    /// Messages kept for it, newest first, at most 100.
    pub held: Vec<HeldForAddress>,
    /// How often it was refused or put off since it ended, at most 200.
    #[ts(type = "number")]
    pub turned_away: u64,
    /// Who wrote meanwhile, the last first, at most 10.
    pub senders: Vec<String>,
}

/// A message that is kept for an address that ended by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HeldForAddress {
    /// Its id.
    pub queue_id: String,
    /// The reverse-path; empty when it is null.
    pub sender: String,
    /// The subject.
    pub subject: Option<String>,
    /// The content's size in bytes.
    #[ts(type = "number")]
    pub size_bytes: u64,
    /// When it arrived.
    #[ts(type = "number")]
    pub arrived_ms: i64,
    /// When it is dropped.
    #[ts(type = "number")]
    pub keep_until_ms: i64,
}

/// How far asking about an account again has come (V06).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Reverify {
    /// When its mail server is asked next.
    #[ts(type = "number")]
    pub next_ms: i64,
    /// How often it said since its last yes that it does not know the account.
    #[ts(type = "number")]
    pub refusals: u32,
}

/// Answer to `restore_and_deliver`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Restored {
    /// The journal entry, for `undo`. Mail that was delivered stays delivered.
    #[ts(type = "number | null")]
    pub entry: Option<i64>,
    /// The address.
    pub addresses: Vec<String>,
    /// Messages that go on now.
    #[ts(type = "number")]
    pub messages: u64,
}

/// Answer to `observed`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Observed {
    /// The most mail first.
    pub rows: Vec<ObservedRow>,
    /// How many there are in all.
    #[ts(type = "number")]
    pub total: u64,
}

/// An address without a row that got clean mail while nothing was learned (X10).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ObservedRow {
    /// As first seen.
    pub address: String,
    /// Clean messages since then.
    #[ts(type = "number")]
    pub messages: u64,
    /// When the first came.
    #[ts(type = "number")]
    pub first_ms: i64,
    /// When the last came.
    #[ts(type = "number")]
    pub last_ms: i64,
    /// What its name looks like.
    pub suggestion: Suggestion,
}
