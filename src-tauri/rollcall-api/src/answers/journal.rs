//! Answers about who decided what.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who decided what, when, why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct JournalEntry {
    /// Its number, for `undo`.
    #[ts(type = "number")]
    pub entry: i64,
    /// When.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// The role that decided: `technician`, `organization_administrator`, or `operator` before there were roles;
    /// `rollcall` where nobody did.
    pub who: String,
    /// What: `create_user`, `create_functional`, `mark_invalid`, `remove_invalid`, `undo`, `watching`, `discovered`,
    /// `suspect`, `forgotten`, `set_name`, `set_main_address`, `add_domain`, `remove_domain`, `set_listener`, `set_upstreams`, `skip_time`, `set_notifications`,
    /// `set_licence`, `set_password`, `change_password`, `reset_password`, `password_locked`.
    pub action: String,
    /// Why, in the words of the one who decided: the evidence or the command.
    pub why: String,
    /// The first addresses it touched, at most 5.
    pub addresses: Vec<String>,
    /// How many it touched.
    #[ts(type = "number")]
    pub count: u64,
    /// True while `undo` would work.
    pub undoable: bool,
    /// True once undone.
    pub undone: bool,
}

/// Answer to `journal`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Journal {
    /// Newest first.
    pub rows: Vec<JournalEntry>,
}
