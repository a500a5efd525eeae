//! Answers about roles, seats and what users cost.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What somebody at this machine may do (D27).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AccessRole {
    /// Everything but what makes users come by themselves or says what they cost.
    Technician,
    /// Everything.
    OrganizationAdministrator,
}

/// Answer to `access`, and to the commands that sign in and out and change the password.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Access {
    /// The role of whoever asks.
    pub role: AccessRole,
    /// When the higher role ends, unless it is used before.
    #[ts(type = "number | null")]
    pub signed_in_until_ms: Option<i64>,
    /// Whether the Organization Administrator has a password. Without one nobody can sign in.
    pub has_password: bool,
    /// No password is looked at before then.
    #[ts(type = "number | null")]
    pub locked_until_ms: Option<i64>,
    /// How many wrong passwords there may still be before everybody waits.
    #[ts(type = "number")]
    pub tries_left: u32,
    /// The folder's time, which the other times are meant in.
    #[ts(type = "number")]
    pub now_ms: i64,
}

/// Answer to `seats` and `set_licence`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Seats {
    /// Users. Functional accounts and aliases use no seat.
    #[ts(type = "number")]
    pub used: u64,
    /// How many there may be; absent without an end.
    #[ts(type = "number | null")]
    pub total: Option<u64>,
    /// Seats left; absent without an end.
    #[ts(type = "number | null")]
    pub free: Option<u64>,
    /// How much is used, in whole percent; over 100 when there are too many users.
    #[ts(type = "number | null")]
    pub percent: Option<u64>,
    /// How full they are.
    pub level: SeatsLevel,
    /// What a user costs a month, in the currency's smallest unit.
    #[ts(type = "number | null")]
    pub price_per_user_minor: Option<u64>,
    /// ISO 4217: `EUR`.
    pub currency: Option<String>,
    /// Digits behind the point in this currency.
    #[ts(type = "number | null")]
    pub currency_digits: Option<u32>,
    /// What all users cost a month, in the currency's smallest unit.
    #[ts(type = "number | null")]
    pub cost_per_month_minor: Option<u64>,
    /// The same for people: `€126.00`.
    pub cost_per_month: Option<String>,
}

/// How full the seats are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SeatsLevel {
    /// Below 90 %, or without an end.
    Roomy,
    /// 90 % or more.
    Nearly,
    /// None is left.
    Full,
}

/// Answer to `forecast` (X08).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Forecast {
    /// How many users there would be more.
    #[ts(type = "number")]
    pub new_users: u64,
    /// Seats used then.
    #[ts(type = "number")]
    pub seats_used_after: u64,
    /// How many there may be; absent without an end.
    #[ts(type = "number | null")]
    pub seats_total: Option<u64>,
    /// By how many the seats would not be enough.
    #[ts(type = "number")]
    pub over_by: u64,
    /// What the new ones cost a month, in the currency's smallest unit; absent without a price.
    #[ts(type = "number | null")]
    pub cost_per_month_minor: Option<u64>,
    /// ISO 4217: `EUR`.
    pub currency: Option<String>,
    /// All of it for people.
    pub sentence: String,
}
