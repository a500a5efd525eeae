//! Words about the weekly report, its contacts, and letters of our own.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::answers::access::AccessRole;

/// Arguments of `reports`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ReportsArgs {
    /// At most this many rows; 100 unless given, at most 1,000.
    #[ts(optional, type = "number")]
    pub limit: Option<u32>,
    /// Where to go on: `next` of the page before.
    #[ts(optional, type = "number")]
    pub cursor: Option<i64>,
}

/// Arguments of `report`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReportArgs {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
}

/// Arguments of `set_reports`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetReportsArgs {
    /// "Report on New Users" (D11).
    pub new_users: bool,
    /// "Report on New Aliases" (D12).
    pub new_aliases: bool,
    /// "Include Admin Contact in the Report" (D13).
    pub include_admin_contact: bool,
}

/// Arguments of `set_contact`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetContactArgs {
    /// Whose contact.
    pub role: AccessRole,
    /// Name; may be empty.
    pub name: String,
    /// E-mail address; may be empty.
    pub email: String,
    /// Whether what the week brought goes there by e-mail too (C22).
    #[serde(default)]
    pub copy: bool,
}

/// Arguments of `set_letter_sender`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetLetterSenderArgs {
    /// An address of one of your domains; empty for the postmaster of the first.
    pub address: String,
}

/// Arguments of `set_welcome`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetWelcomeArgs {
    /// The subject, with `{name}`, `{address}` and `{contact}`; empty for the shipped one.
    pub subject: String,
    /// The text, with the same; empty for the shipped one.
    pub text: String,
}
