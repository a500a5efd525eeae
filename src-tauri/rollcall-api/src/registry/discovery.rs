//! Words about discovery: its switch, the rules of the domains, the week, and decisions about addresses.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::answers::{PresetWord, RuleRow};

/// Arguments of `set_discovery`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetDiscoveryArgs {
    /// Whether addresses are learned at all (D01).
    pub on: bool,
}

/// Arguments of `set_rule`: a preset or a whole rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetRuleArgs {
    /// One of your domains.
    pub domain: String,
    /// As this service would.
    #[serde(default)]
    #[ts(optional)]
    pub preset: Option<PresetWord>,
    /// Or exactly so.
    #[serde(default)]
    #[ts(optional)]
    pub rule: Option<RuleRow>,
}

/// Arguments of `dry_run`: a preset or a whole rule, tried on one domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DryRunArgs {
    /// One of your domains.
    pub domain: String,
    /// As this service would.
    #[serde(default)]
    #[ts(optional)]
    pub preset: Option<PresetWord>,
    /// Or exactly so.
    #[serde(default)]
    #[ts(optional)]
    pub rule: Option<RuleRow>,
}

/// Arguments of `set_weekly`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetWeeklyArgs {
    /// The day.
    pub weekday: DayWord,
    /// The full hour on this computer's wall, 0 to 23.
    pub hour: u8,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum DayWord {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// Arguments of `set_holiday`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetHolidayArgs {
    /// Nothing ends before this moment; `null` lets addresses end again.
    #[ts(type = "number | null")]
    pub until_ms: Option<i64>,
}

/// Arguments of `add_alias`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddAliasArgs {
    /// The other names.
    pub addresses: Vec<String>,
    /// The user or functional account that they belong to.
    pub owner: String,
    /// An address that is an account itself is merged into the owner (P12).
    #[serde(default)]
    pub merge: bool,
}

/// Arguments of `pin_address`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PinAddressArgs {
    /// Discovered addresses.
    pub addresses: Vec<String>,
    /// Whether they stay on the list whatever happens.
    pub pinned: bool,
}

/// Arguments of `set_upstream_authserv`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetUpstreamAuthservArgs {
    /// The name that the filter in front of us writes into `Authentication-Results` (RFC 8601); empty believes none.
    pub name: String,
}
