//! How the names of accounts may be written, so that another name of one is found by an index (3.7).
//!
//! **Invariant.** Exactly the users and functional accounts are filed, with the forms that [`alias::forms`] gives.

use rollcall_core::AddressState;
use rollcall_core::alias::{self, Names};
use rusqlite::named_params;

use crate::tx::{Statement, statement};
use crate::{AddressRecord, StoreError, Tx};

const ADD: Statement = statement!("address_form/add", "file how an account may be written");
const CLEAR: Statement = statement!("address_form/clear", "forget how an account may be written");
const FIND: Statement = statement!("address_form/find", "find accounts by how they may be written");
const MISSING: Statement = statement!("address_form/missing", "find accounts that are not filed");

/// The most accounts that one name is looked for among.
const MOST: u32 = 64;
/// The most accounts that are filed in one go.
const AT_ONCE: u32 = 1_000;

impl Tx<'_> {
    /// The keys of accounts that may be written in one of these ways, at most 64.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn accounts_written(&self, forms: &[String]) -> Result<Vec<String>, StoreError> {
        let quoted: Vec<String> = forms.iter().map(|form| format!("\"{}\"", form.replace(['"', '\\'], ""))).collect();
        let forms = format!("[{}]", quoted.join(","));
        self.all(&FIND, named_params! { ":forms": forms, ":limit": MOST }, |row| row.get("key"))
    }

    /// Files accounts of before this was known, behind `after` by key; answers the last one while there may be more.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn file_accounts(&self, after: &str) -> Result<Option<String>, StoreError> {
        let params = named_params! { ":after": after, ":limit": AT_ONCE };
        let keys: Vec<String> = self.all(&MISSING, params, |row| row.get("key"))?;
        for key in &keys {
            if let Some(row) = self.address(key)? {
                self.file(&row)?;
            }
        }
        let is_full = keys.len() == AT_ONCE as usize;
        Ok(keys.into_iter().next_back().filter(|_| is_full))
    }

    /// Files a row, or takes it out when it is no account.
    pub(crate) fn file(&self, row: &AddressRecord) -> Result<(), StoreError> {
        self.unfile(&row.key)?;
        if !matches!(row.state, AddressState::User(_) | AddressState::Functional) {
            return Ok(());
        }
        let local = row.key.rsplit_once('@').map_or(row.key.as_str(), |(local, _)| local);
        let names = Names { first: row.first_name.as_deref(), surname: row.surname.as_deref() };
        let mut forms = alias::forms(local, names);
        if forms.is_empty() {
            // Every account is filed, or it would be looked for again and again.
            forms.push(row.key.clone());
        }
        for form in forms {
            self.change(&ADD, named_params! { ":form": form, ":key": row.key })?;
        }
        Ok(())
    }

    pub(crate) fn unfile(&self, key: &str) -> Result<(), StoreError> {
        self.change(&CLEAR, named_params! { ":key": key }).map(drop)
    }
}
