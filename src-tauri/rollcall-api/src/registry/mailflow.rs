//! The mail log: looked through, counted, exported, kept.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::answers::Direction;

/// Which outcome is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MailLogOf {
    /// The next hop took it.
    Delivered,
    /// 5xx in the session.
    Refused,
    /// 4xx in the session.
    Deferred,
    /// Ours, and waits.
    Waiting,
    /// It was ours and was given up.
    Failed,
    /// What an operator may want to look into: given up, or the mail server or this computer was in the way.
    Problem,
    /// What only shadow mode kept us from refusing (X16).
    WouldRefuse,
}

/// Arguments of `mail_log`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct MailLogArgs {
    /// At most this many rows; 100 unless given, at most 1,000.
    #[ts(optional, type = "number")]
    pub limit: Option<u32>,
    /// Only rows older than this id.
    #[ts(optional, type = "number")]
    pub before: Option<i64>,
    /// A whole address, message ID or queue id, or part of sender, recipient, subject or client, any case.
    #[ts(optional)]
    pub search: Option<String>,
    /// Only this outcome.
    #[ts(optional)]
    pub outcome: Option<MailLogOf>,
    /// Only this reason code.
    #[ts(optional)]
    pub reason: Option<String>,
    /// Only this direction.
    #[ts(optional)]
    pub direction: Option<Direction>,
    /// Only from then on.
    #[ts(optional, type = "number")]
    pub from_ms: Option<i64>,
    /// Only before then.
    #[ts(optional, type = "number")]
    pub until_ms: Option<i64>,
}

/// Arguments of `mail_message`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MailMessageArgs {
    /// A row of the mail log.
    #[ts(type = "number")]
    pub id: i64,
}

/// Arguments of `mail_counts` and `mail_report`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct PeriodArgs {
    /// From then on; from the beginning unless given.
    #[ts(optional, type = "number")]
    pub from_ms: Option<i64>,
    /// Before then; up to now unless given.
    #[ts(optional, type = "number")]
    pub until_ms: Option<i64>,
}

/// What an export is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Comma-separated (RFC 4180), the first page with a line of names.
    Csv,
    /// An object a line.
    Json,
}

/// Arguments of `export_mail_log`: those of `mail_log` without its limit, and the format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ExportMailLogArgs {
    /// What it is written in.
    pub format: ExportFormat,
    /// Where the page before said to go on.
    #[serde(default)]
    #[ts(optional, type = "number")]
    pub before: Option<i64>,
    /// As in `mail_log`.
    #[serde(default)]
    #[ts(optional)]
    pub search: Option<String>,
    /// As in `mail_log`.
    #[serde(default)]
    #[ts(optional)]
    pub outcome: Option<MailLogOf>,
    /// As in `mail_log`.
    #[serde(default)]
    #[ts(optional)]
    pub reason: Option<String>,
    /// As in `mail_log`.
    #[serde(default)]
    #[ts(optional)]
    pub direction: Option<Direction>,
    /// As in `mail_log`.
    #[serde(default)]
    #[ts(optional, type = "number")]
    pub from_ms: Option<i64>,
    /// As in `mail_log`.
    #[serde(default)]
    #[ts(optional, type = "number")]
    pub until_ms: Option<i64>,
}

/// Arguments of `set_log_retention`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetLogRetentionArgs {
    /// Days that the mail log is kept, 1 to 3,650.
    pub days: u32,
    /// Megabytes that it may take, 10 to 100,000.
    pub megabytes: u32,
}
