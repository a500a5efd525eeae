//! Answers about clients that guess addresses.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Answer of `blocked_clients`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BlockedClients {
    /// Clients blocked now, the one whose block ends first at the top.
    pub blocked: Vec<BlockedClient>,
    /// So many addresses are being guessed that none is learned (100 a minute, from everybody).
    pub under_attack: bool,
    /// Invalid recipients within the last minute, from everybody.
    #[ts(type = "number")]
    pub invalid_last_minute: u32,
}

/// A client that is blocked for guessing addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BlockedClient {
    /// Its IP address; for IPv6 the first one of its /64.
    pub address: String,
    /// Until when it is told 421.
    #[ts(type = "number")]
    pub until_ms: i64,
    /// Invalid recipients that it was blocked for.
    #[ts(type = "number")]
    pub invalid: u32,
}
