//! Journal entries: by whom, and whether they can be taken back.

use rollcall_core::Timestamp;
use rollcall_store::{NewEntry, RowChange, StoreError, Tx};

/// An entry by the discovery rule; its number.
pub(crate) fn by_rule(
    tx: &Tx<'_>,
    action: &str,
    why: String,
    at: Timestamp,
    changes: &[RowChange],
    undoable: bool,
) -> Result<i64, StoreError> {
    let entry = NewEntry { at, who: "rollcall".to_owned(), action: action.to_owned(), why, undoable, undoes: None };
    tx.add_journal(&entry, changes)
}
