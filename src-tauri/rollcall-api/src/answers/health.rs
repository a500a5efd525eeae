//! Answers about how the house is.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ListenerRow, Shadow};

/// One sentence of health.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// No domain is set up yet.
    NotSetUp,
    /// Set up, no message yet.
    Quiet,
    /// Mail is flowing.
    Flowing,
    /// A destination does not answer, or messages wait here.
    Waiting,
    /// No listener is bound: mail can't come in.
    CannotComeIn,
}

/// Something that needs an operator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct HealthFault {
    /// `listener_not_bound`, `destination_is_ours`, `certificate_ends`, `destination_unreachable`, `disk_low`,
    /// `task_failed`, `messages_failed`, `keychain_shut`, `secrets_lost`.
    pub code: String,
    /// One sentence that says what to do.
    pub sentence: String,
    /// The technical reason.
    pub detail: Option<String>,
    /// Since when.
    #[ts(type = "number")]
    pub since_ms: i64,
}

/// Whether addresses are discovered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DiscoveryWord {
    /// Yes.
    #[default]
    On,
    /// Somebody switched it off (D01).
    Off,
    /// Off while the directory decides (D24, T15).
    OffBySync,
}

/// Answer to `health`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Health {
    /// The one word.
    pub state: HealthState,
    /// The same in one sentence.
    pub sentence: String,
    /// The folder's clock now.
    #[ts(type = "number")]
    pub now_ms: i64,
    /// True in a practice folder (virtual clock, invented people).
    pub practice: bool,
    /// The data folder.
    pub data: String,
    /// The program's version.
    pub version: String,
    /// The name we give in greetings and Received headers.
    pub hostname: String,
    /// Listeners.
    pub listeners: Vec<ListenerRow>,
    /// Clients that no abuse rule applies to.
    pub upstreams: Vec<String>,
    /// What needs an operator.
    pub faults: Vec<HealthFault>,
    /// Messages stored here, waiting for the destination.
    #[ts(type = "number")]
    pub waiting: u64,
    /// Messages that could not be delivered and are kept.
    #[ts(type = "number")]
    pub failed: u64,
    /// Bytes free on the disk that holds the data folder; none when the system does not say.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub disk_free_bytes: Option<u64>,
    /// Bytes that stay free there: with less, no more mail is kept here.
    #[serde(default)]
    #[ts(type = "number")]
    pub disk_reserve_bytes: u64,
    /// Open SMTP sessions.
    #[ts(type = "number")]
    pub sessions: u64,
    /// The last message the destination took.
    #[ts(type = "number | null")]
    pub last_delivered_ms: Option<i64>,
    /// Users: each uses a seat.
    #[ts(type = "number")]
    pub users: u64,
    /// Whether desktop notifications are wanted.
    pub notifications: bool,
    /// Shadow mode, while it is on (X16).
    #[serde(default)]
    pub shadow: Option<Shadow>,
    /// Whether addresses are discovered.
    #[serde(default)]
    pub discovery: DiscoveryWord,
    /// Increases with every change.
    #[ts(type = "number")]
    pub revision: u64,
}

/// Answer to `skip_time`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TimeSkipped {
    /// The folder's clock now.
    #[ts(type = "number")]
    pub now_ms: i64,
}
