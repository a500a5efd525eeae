//! Answers about what people are told.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::registry::QuietHours;

/// Where a notification stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InboxState {
    /// Nobody looked at it.
    Unread,
    /// Somebody did.
    Read,
    /// What it is about is decided.
    DealtWith,
    /// A later one took its place, or it is not true any more.
    Withdrawn,
}

/// How loud a notification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NotificationLevel {
    /// Only in the notification centre.
    Quiet,
    /// A banner.
    Normal,
    /// A banner that may break quiet hours.
    Urgent,
}

/// A button of a notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InboxButton {
    /// What `inbox_act` takes.
    pub action: String,
    /// What it says.
    pub label: String,
}

/// The place in the window that a click opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InboxView {
    /// `discovered`, `people`, `report`, …
    pub section: String,
    /// A filter of that section.
    pub filter: Option<String>,
    /// The row to open.
    pub address: Option<String>,
}

/// A notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InboxRow {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// Its kind in the catalogue: `new_addresses`, `ending`, …
    pub kind: String,
    /// A later one with the same takes its place on the screen.
    pub tag: String,
    /// How loud it is.
    pub level: NotificationLevel,
    /// At most 40 characters.
    pub title: String,
    /// At most 110 characters.
    pub text: String,
    /// Its buttons, the main one first; none once it is dealt with.
    pub buttons: Vec<InboxButton>,
    /// What a click opens.
    pub view: InboxView,
    /// The addresses that still wait, at most a hundred.
    pub addresses: Vec<String>,
    /// How many there are.
    #[ts(type = "number")]
    pub count: u64,
    /// When it was made.
    #[ts(type = "number")]
    pub made_ms: i64,
    /// When something last joined it.
    #[ts(type = "number")]
    pub changed_ms: i64,
    /// When desktops were last to show it; `null` while it waits for its time.
    #[ts(type = "number | null")]
    pub posted_ms: Option<i64>,
    /// When it was last shown to somebody.
    #[ts(type = "number | null")]
    pub shown_ms: Option<i64>,
    /// Where it stands.
    pub state: InboxState,
}

/// Answer to `inbox`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Inbox {
    /// Newest first.
    pub rows: Vec<InboxRow>,
    /// Where the next page begins; `null` at the end.
    #[ts(type = "number | null")]
    pub next: Option<i64>,
    /// How many are unread.
    #[ts(type = "number")]
    pub unread: u64,
}

/// Answer to `inbox_act`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InboxActed {
    /// What takes it back: entries for `undo`, the latest last.
    #[ts(type = "number[]")]
    pub entries: Vec<i64>,
    /// What was done, in one sentence.
    pub said: String,
    /// The addresses that changed.
    pub addresses: Vec<String>,
}

/// A kind of the catalogue, as settings show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NotificationKind {
    /// Its word.
    pub kind: String,
    /// What it is called.
    pub title: String,
    /// How loud it is.
    pub level: NotificationLevel,
    /// Whether desktops show it.
    pub on: bool,
}

/// Answer to `notification_settings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NotificationSettings {
    /// Whether notifications are shown on desktops.
    pub on: bool,
    /// When it is quiet.
    pub quiet: QuietHours,
    /// When it stops being quiet; `null` when it is not quiet now.
    #[ts(type = "number | null")]
    pub quiet_until_ms: Option<i64>,
    /// Every kind.
    pub kinds: Vec<NotificationKind>,
}
