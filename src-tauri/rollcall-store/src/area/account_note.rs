//! What an office says of its accounts, beside their rows.

use rollcall_core::AccountKind;
use rusqlite::{Row, named_params};

use crate::tx::{Statement, statement, unreadable};
use crate::{StoreError, Tx};

const GET: Statement = statement!("account_note/get", "read what is said of an account");
const PUT: Statement = statement!("account_note/put", "note what is said of an account");
const KIND_IN_DIRECTORY: Statement =
    statement!("account_note/kind_in_directory", "read what the directory calls an account");
const COUNT_ALIASES: Statement = statement!("address/count_aliases", "count an account's other names");

/// What an office says of an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AccountNote {
    /// What a functional account is for.
    pub kind: Option<AccountKind>,
    /// A user who is an organization administrator.
    pub is_administrator: bool,
}

impl Tx<'_> {
    /// What is said of an account; nothing where nobody said anything.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn account_note(&self, key: &str) -> Result<AccountNote, StoreError> {
        Ok(self.maybe(&GET, named_params! { ":key": key }, read_note)?.unwrap_or_default())
    }

    /// Notes what is said of an account.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn put_account_note(&self, key: &str, note: AccountNote) -> Result<(), StoreError> {
        let kind = note.kind.map(AccountKind::word);
        let params = named_params! { ":key": key, ":kind": kind, ":is_administrator": note.is_administrator };
        self.change(&PUT, params).map(drop)
    }

    /// What the directory says that an account is for; nothing where it has none of our kinds, such as a person.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn kind_in_directory(&self, key: &str) -> Result<Option<AccountKind>, StoreError> {
        let word = self.maybe(&KIND_IN_DIRECTORY, named_params! { ":key": key }, |row| row.get::<_, String>(0))?;
        Ok(word.as_deref().and_then(AccountKind::from_word))
    }

    /// How many other names an account has.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn count_aliases(&self, owner: &str) -> Result<u64, StoreError> {
        self.total(&COUNT_ALIASES, named_params! { ":owner": owner })
    }
}

fn read_note(row: &Row<'_>) -> rusqlite::Result<AccountNote> {
    let word: Option<String> = row.get(0)?;
    let kind = word.map(|word| AccountKind::from_word(&word).ok_or_else(|| unreadable(row, 0, &word))).transpose()?;
    Ok(AccountNote { kind, is_administrator: row.get(1)? })
}
