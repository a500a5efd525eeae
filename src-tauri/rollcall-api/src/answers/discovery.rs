//! Answers about discovery.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::RoleWord;
use crate::registry::{DayWord, HoldFreshWord, UnknownWord};

macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($variant:ident),* $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        #[allow(missing_docs)]
        pub enum $name { $($variant),* }
    };
}

words! {
    /// A rule as a known service or we would set it.
    PresetWord { ModusCloud, Proofpoint, Mailprotector, SmartCreate, SmtpAutocreate, CarefulOffice }
}
words! {
    /// What counts as evidence.
    BasisWord { RcptOk, CleanDelivered }
}
words! {
    /// What happens once enough was seen.
    OnReachedWord { List, CreateUser }
}
words! {
    /// What happens to an address about which nobody decides.
    OnExpiryWord { Invalid, CreateUser, Keep }
}
words! {
    /// What one clean message from inside makes of its sender.
    OnOutboundWord { List, CreateUser, Off }
}
words! {
    /// What becomes of an address that looks like another name of an account.
    AliasRuleWord { Auto, Suggest, Off }
}

/// The rule of a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RuleRow {
    /// What counts as evidence.
    pub evidence: BasisWord,
    /// Clean messages needed, 1 to 50.
    pub need: u32,
    /// The counting window in days of 24 hours, 1 to 365.
    pub window_days: u32,
    /// How many minutes a message waits for a bounce before it counts, 0 to 1,440.
    pub settle_minutes: u32,
    /// The most messages of one sender domain that count; `null` counts all.
    pub per_sender_domain: Option<u32>,
    /// What happens once enough was seen.
    pub on_reached: OnReachedWord,
    /// Weekly notices before an address ends, 1 to 12.
    pub notices: u32,
    /// What happens then.
    pub on_expiry: OnExpiryWord,
    /// What one clean message from inside makes of its sender.
    pub outbound: OnOutboundWord,
    /// What becomes of other names of accounts.
    pub alias: AliasRuleWord,
    /// What becomes of unknown recipients while discovery is off: `ask` or `reject`.
    pub unknown_when_off: UnknownWord,
    /// The role of new users.
    pub role: RoleWord,
    /// A user that the rule makes is to be welcomed by mail; not sent yet.
    pub welcome: bool,
}

/// A preset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PresetRow {
    /// Its word.
    pub preset: PresetWord,
    /// Its rule.
    pub rule: RuleRow,
    /// It makes users by itself, so only an Organization Administrator may choose it.
    pub creates_users: bool,
}

/// The rule of one domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DomainRule {
    /// The domain.
    pub domain: String,
    /// The preset whose rule it is; `null` for one of your own.
    pub preset: Option<PresetWord>,
    /// The rule.
    pub rule: RuleRow,
    /// It makes users by itself.
    pub creates_users: bool,
    /// The rule is held back, because the mail server says yes to every address (T20).
    pub held_back: bool,
    /// Its clocks stand since then (T15).
    #[ts(type = "number | null")]
    pub frozen_since_ms: Option<i64>,
}

/// Answer to `discovery`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Discovery {
    /// The feature switch (D01).
    pub on: bool,
    /// Every preset.
    pub presets: Vec<PresetRow>,
    /// The rule of each domain, by name.
    pub domains: Vec<DomainRule>,
    /// The day of the weekly notice.
    pub weekday: DayWord,
    /// Its hour on this computer's wall.
    pub hour: u8,
    /// When the next one is due.
    #[ts(type = "number")]
    pub next_tick_ms: i64,
    /// Nothing ends before this moment.
    #[ts(type = "number | null")]
    pub holiday_until_ms: Option<i64>,
    /// The weekly notice that nobody has seen yet.
    pub notice: Option<WeeklyNotice>,
    /// The name of the filter in front of us that is believed; empty for none.
    pub upstream_authserv: String,
    /// Since when this office is set up: after 30 days discovery has done its part (D26).
    #[ts(type = "number | null")]
    pub learning_since_ms: Option<i64>,
    /// What is kept of mail for addresses that ended by themselves (X06).
    pub hold_fresh: HoldFreshWord,
}

/// The weekly notice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct WeeklyNotice {
    /// When it became due.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// The addresses that wait for a decision.
    pub addresses: Vec<String>,
}

/// Answer to `notice_shown`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoticeShown {
    /// For how many addresses it counts.
    #[ts(type = "number")]
    pub counted: u64,
}
