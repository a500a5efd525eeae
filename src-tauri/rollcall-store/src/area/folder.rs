//! What the data folder is for.

use rusqlite::{Row, named_params};

use crate::tx::{Statement, statement, word};
use crate::{Kind, StoreError, Tx};

const MARK: Statement = statement!("folder/mark", "say what the folder is for");
const KIND: Statement = statement!("folder/kind", "read what the folder is for");

/// Refuses a folder of the other kind. One that nobody marked yet passes.
pub(crate) fn expect_kind(tx: &Tx<'_>, wanted: Kind) -> Result<(), StoreError> {
    let read = |row: &Row<'_>| word(row, "kind", Kind::from_word);
    match tx.maybe(&KIND, [], read)? {
        Some(found) if found != wanted => Err(StoreError::WrongKind { found, wanted }),
        _ => Ok(()),
    }
}

/// Marks a new folder and refuses one of the other kind.
pub(crate) fn mark(tx: &Tx<'_>, kind: Kind) -> Result<(), StoreError> {
    tx.change(&MARK, named_params! { ":kind": kind.word() })?;
    expect_kind(tx, kind)
}
