//! Journal entries: by whom, and whether they can be taken back.

use rollcall_core::Timestamp;
use rollcall_store::{NewEntry, RowChange, StoreError, Tx};

/// Who made an entry that the discovery rule made.
pub(crate) const BY_RULE: &str = "rollcall";

/// An entry by the discovery rule; gives its number.
pub(crate) fn by_rule(
    tx: &Tx<'_>,
    action: &str,
    why: String,
    at: Timestamp,
    changes: &[RowChange],
    undoable: bool,
) -> Result<i64, StoreError> {
    let entry = NewEntry { at, who: BY_RULE.to_owned(), action: action.to_owned(), why, undoable, undoes: None };
    tx.add_journal(&entry, changes)
}
