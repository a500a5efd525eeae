//! Words about roles, seats and what users cost.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arguments of `sign_in`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SignInArgs {
    /// The Organization Administrator's. It is answered by nothing.
    pub password: String,
}

/// Arguments of `set_password`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetPasswordArgs {
    /// The new one, at least 8 characters. It is answered by nothing.
    pub password: String,
    /// The one before, where there is one.
    #[serde(default)]
    #[ts(optional)]
    pub old_password: Option<String>,
}

/// Arguments of `reset_password`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ResetPasswordArgs {
    /// What is in the file `access.reset`, which `rollcallctl access reset-password` writes into the data folder.
    pub proof: String,
}

/// Arguments of `set_licence`. What is absent is not known from then on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct SetLicenceArgs {
    /// How many users there may be, 1 to 1,000,000.
    #[ts(optional, type = "number")]
    pub seats_total: Option<i64>,
    /// What a user costs a month, in the currency's smallest unit.
    #[ts(optional, type = "number")]
    pub price_per_user_minor: Option<i64>,
    /// ISO 4217: `EUR`.
    #[ts(optional)]
    pub currency: Option<String>,
}

/// Arguments of `forecast`: addresses or a number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ForecastArgs {
    /// These would be made users.
    #[ts(optional)]
    pub addresses: Option<Vec<String>>,
    /// Each would become what Rollcall suggests instead: a functional name uses no seat.
    #[ts(optional)]
    pub suggested: Option<bool>,
    /// So many new users.
    #[ts(optional, type = "number")]
    pub count: Option<u32>,
}

impl fmt::Debug for SignInArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignInArgs([secret])")
    }
}

impl fmt::Debug for SetPasswordArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SetPasswordArgs([secret])")
    }
}

impl fmt::Debug for ResetPasswordArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResetPasswordArgs([secret])")
    }
}
