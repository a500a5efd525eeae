//! The journal: who decided what, when, why, and what it looked like before.

use rollcall_core::Timestamp;

use crate::record::AddressRecord;

/// A decision to write down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// When.
    pub at: Timestamp,
    /// Who: an operator or the rule that acted.
    pub who: String,
    /// What was done, as a stable word.
    pub action: String,
    /// Why, in plain words.
    pub why: String,
    /// Whether it can be taken back.
    pub undoable: bool,
    /// The entry that this one takes back.
    pub undoes: Option<i64>,
}

/// What a decision did to one row. At least one of `before` and `after` is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// The address's key.
    pub key: String,
    /// The row before; `None` when there was none.
    pub before: Option<AddressRecord>,
    /// The row after; `None` when it is gone.
    pub after: Option<AddressRecord>,
}

/// What a decision did to one setting. Empty is a setting that is not set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingChange {
    /// The setting's name, or `rule` and a domain.
    pub name: String,
    /// What it was.
    pub before: String,
    /// What it is.
    pub after: String,
}

/// A decision as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRecord {
    /// Its number; later entries have greater numbers.
    pub entry: i64,
    /// When.
    pub at: Timestamp,
    /// Who: an operator or the rule that acted.
    pub who: String,
    /// What was done, as a stable word.
    pub action: String,
    /// Why, in plain words.
    pub why: String,
    /// The first five addresses concerned, as shown.
    pub addresses: Vec<String>,
    /// How many addresses are concerned.
    pub count: u64,
    /// Whether it can be taken back.
    pub undoable: bool,
    /// Whether it was taken back.
    pub undone: bool,
    /// The entry that this one takes back.
    pub undoes: Option<i64>,
}
