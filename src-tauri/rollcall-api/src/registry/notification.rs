//! Words about what people are told: the inbox, its buttons, what is wanted and when it is quiet.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arguments of `inbox`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct InboxArgs {
    /// At most this many notifications; 100 unless given, at most 1,000.
    #[ts(optional, type = "number")]
    pub limit: Option<u32>,
    /// Those before this place: `next` of the page before.
    #[ts(optional, type = "number")]
    pub cursor: Option<i64>,
    /// Only those that nobody read.
    #[ts(optional)]
    pub unread_only: Option<bool>,
}

/// Arguments of `inbox_read`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct InboxReadArgs {
    /// Which; all of them when absent.
    #[ts(optional, type = "number[]")]
    pub ids: Option<Vec<i64>>,
}

/// Arguments of `inbox_act`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct InboxActArgs {
    /// The notification.
    #[ts(type = "number")]
    pub id: i64,
    /// One of its buttons: `make_user`, `make_functional`, `mark_invalid`, `add_as_suggested`, `give_week`, `undo`,
    /// `make_real`, `keep_refusing` or `try_now`.
    pub action: String,
}

/// Arguments of `notification_shown`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NotificationShownArgs {
    /// The notification.
    #[ts(type = "number")]
    pub id: i64,
}

/// When nothing but what is urgent is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// Whether there are quiet hours.
    pub on: bool,
    /// When they begin on this computer's wall: `18:00`.
    pub from: String,
    /// When they end: `08:00`; the same as `from` when only weekends are quiet.
    pub until: String,
    /// Saturday and Sunday are quiet all day.
    pub weekends: bool,
}

/// Arguments of `set_notification_settings`; what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct SetNotificationSettingsArgs {
    /// Whether notifications are shown on desktops. The inbox has them all the same.
    #[ts(optional)]
    pub on: Option<bool>,
    /// When it is quiet.
    #[ts(optional)]
    pub quiet: Option<QuietHours>,
    /// The kinds that are not shown, and no others.
    #[ts(optional)]
    pub off: Option<Vec<String>>,
}
