//! The answer about a rule that was tried (X09).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::access::Forecast;
use super::{PresetWord, RuleRow};

/// How a rule would have made a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DryRunHow {
    /// The mail server said yes to the recipient (T2).
    Rcpt,
    /// Enough clean messages came (T4).
    Messages,
    /// It sent a message from inside (T5).
    Sent,
    /// Nobody decided in time (T10).
    Expiry,
}

/// An address, and when something would have happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DryRunAddress {
    /// As first seen.
    pub address: String,
    /// When.
    #[ts(type = "number")]
    pub at_ms: i64,
}

/// A user that would have been made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DryRunUser {
    /// As first seen.
    pub address: String,
    /// When.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// How.
    pub how: DryRunHow,
}

/// A user that would have been made and is probably no person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DryRunBogus {
    /// As first seen.
    pub address: String,
    /// Why: `refused`, `bounced`, `not_real`, `suspect`, `alias`, `functional` or `looks_guessed`.
    pub why: String,
    /// The account that it is another name of.
    pub of: Option<String>,
}

macro_rules! named {
    ($(#[$about:meta])* $name:ident of $one:ident) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
        pub struct $name {
            /// How many.
            #[ts(type = "number")]
            pub count: u64,
            /// The first of them by address, at most 1,000.
            pub first: Vec<$one>,
        }
    };
}

named! {
    /// Addresses.
    DryRunAddresses of DryRunAddress
}
named! {
    /// Users.
    DryRunUsers of DryRunUser
}
named! {
    /// Users that are probably no persons.
    DryRunBogusUsers of DryRunBogus
}

/// What a rule changes for what waits now, once it is saved. Nothing moves at once: an address moves with its next
/// message, with a weekly tick, or when its last message leaves the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DryRunSwitch {
    /// Watched addresses that become users with their next clean message.
    pub users: DryRunAddresses,
    /// Watched addresses that wait for you with their next clean message.
    pub listed: DryRunAddresses,
    /// Watched addresses that are forgotten.
    pub forgotten: DryRunAddresses,
    /// Addresses that wait for you and whose mail stops, with when, where that is another time than now.
    pub ends: DryRunAddresses,
    /// Addresses that wait for you and become users by themselves, with when.
    pub users_at_end: DryRunAddresses,
    /// Addresses that wait for you and would have ended, with when; they stay.
    pub stay: DryRunAddresses,
    /// What the users among them mean for seats and bill.
    pub cost: Forecast,
}

/// Answer to `dry_run`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DryRun {
    /// The domain.
    pub domain: String,
    /// The preset whose rule was tried; `null` for one of your own.
    pub preset: Option<PresetWord>,
    /// The rule that was tried.
    pub rule: RuleRow,
    /// From when.
    #[ts(type = "number")]
    pub from_ms: i64,
    /// To when: now.
    #[ts(type = "number")]
    pub to_ms: i64,
    /// Since when everything that a rule looks at is recorded. When later than `from_ms`, something before may be missing.
    #[ts(type = "number")]
    pub complete_since_ms: i64,
    /// How many addresses were looked at.
    #[ts(type = "number")]
    pub looked_at: u64,
    /// Users that it would have made.
    pub would_create: DryRunUsers,
    /// Those among them that are probably no persons.
    pub bogus: DryRunBogusUsers,
    /// Addresses that it would have listed for you.
    pub would_list: DryRunAddresses,
    /// Addresses whose mail it would have stopped.
    pub would_end: DryRunAddresses,
    /// Other names that it would have made.
    pub would_add_alias: DryRunAddresses,
    /// Users that it would have made and that are none now.
    pub added: DryRunAddresses,
    /// Users that a rule made and that it would not have.
    pub removed: DryRunAddresses,
    /// Names that another domain of yours has too: a rule that makes users and no aliases makes one of each (P11).
    pub same_names: DryRunAddresses,
    /// What the users it would have made mean for seats and bill.
    pub cost: Forecast,
    /// What it changes for what waits now.
    pub switch: DryRunSwitch,
}
