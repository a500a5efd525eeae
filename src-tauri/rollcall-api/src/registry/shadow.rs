//! Words about shadow mode, addresses that ended by themselves, and what is only observed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arguments of `set_shadow`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetShadowArgs {
    /// For so many days from now, 1 to 30, nothing is refused on Rollcall's own account (X16); `null` ends that.
    pub days: Option<u32>,
}

/// Arguments of `set_hold_fresh`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetHoldFreshArgs {
    /// What is kept.
    pub keep: HoldFreshWord,
}

/// What is kept of mail for an address that ended by itself within the last 14 days (X06).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HoldFreshWord {
    /// Nothing: it is refused at once.
    Off,
    /// Who wrote and when: senders come again for four hours, then are refused.
    Envelope,
    /// The whole message, for 14 days.
    Full,
}

/// Arguments of `restore_and_deliver`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RestoreAndDeliverArgs {
    /// An address on the Invalid list.
    pub address: String,
    /// What it is from now on.
    #[serde(rename = "as")]
    pub becomes: RestoreWord,
}

/// What an address is once it is restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RestoreWord {
    /// Discovered again, with its whole time before it.
    Discovered,
    /// A silent user.
    User,
    /// A functional account.
    Functional,
}

/// Arguments of `observed`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ObservedArgs {
    /// At most this many rows; 100 unless given, at most 1,000.
    #[ts(optional, type = "number")]
    pub limit: Option<u32>,
}
