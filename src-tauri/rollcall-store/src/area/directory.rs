//! What the directory had, and what its runs left of each address.

use std::collections::HashMap;

use rollcall_core::directory::{Entry, Kind, Link, Row as Standing};
use rollcall_core::{AddressState, InvalidReason, MadeBy, Role, Timestamp};
use rusqlite::{Row, named_params};

use super::address::read_state;
use crate::tx::{Statement, statement, unreadable, word};
use crate::{LeavingRecord, StoreError, Tx};

const ROWS: Statement = statement!("directory/rows", "read the addresses");
const LINKS: Statement = statement!("directory/links", "read what came from the directory");
const LINK: Statement = statement!("directory/link", "read what came from the directory");
const PUT_LINK: Statement = statement!("directory/put_link", "note what came from the directory");
const REMOVE_LINK: Statement = statement!("directory/remove_link", "forget what came from the directory");
const CLEAR_LINKS: Statement = statement!("directory/clear_links", "forget what came from the directory");
const IN_STEP: Statement = statement!("directory/in_step", "count who is in step with the directory");
const LEAVING: Statement = statement!("directory/leaving", "list who left the directory");
const LEAVING_TOTAL: Statement = statement!("directory/leaving_total", "count who left the directory");
const ENTRIES: Statement = statement!("directory/entries", "read what the directory had");
const PUT_ENTRY: Statement = statement!("directory/put_entry", "note what the directory has");
const REMOVE_ENTRY: Statement = statement!("directory/remove_entry", "note what the directory has no more");
const CLEAR_ENTRIES: Statement = statement!("directory/clear_entries", "forget what the directory had");

impl Tx<'_> {
    /// Every address row as a run of the sync needs it, by key.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn directory_rows(&self) -> Result<HashMap<String, Standing>, StoreError> {
        let mut rows = HashMap::new();
        self.each(&ROWS, [], |row| {
            let made_by: Option<String> = row.get("made_by")?;
            let standing = Standing {
                state: read_state(row)?,
                made_by: made_by.as_deref().and_then(MadeBy::from_word),
                owner: row.get("owner")?,
                first_name: row.get("first_name")?,
                surname: row.get("surname")?,
            };
            rows.insert(row.get("key")?, standing);
            Ok(())
        })?;
        Ok(rows)
    }

    /// What the last run left of each address, by key.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn directory_links(&self) -> Result<HashMap<String, Link>, StoreError> {
        Ok(self.all(&LINKS, [], read_link)?.into_iter().collect())
    }

    /// What the last run left of one address.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn directory_link(&self, key: &str) -> Result<Option<Link>, StoreError> {
        Ok(self.maybe(&LINK, named_params! { ":key": key }, read_link)?.map(|(_, link)| link))
    }

    /// Notes what a run left of an address.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn put_directory_link(&self, key: &str, link: &Link) -> Result<(), StoreError> {
        let params = named_params! {
            ":key": key,
            ":entry": link.entry,
            ":ours": link.ours,
            ":state": link.state.word(),
            ":role": link.state.role().map(Role::word),
            ":invalid_reason": link.state.invalid_reason().map(InvalidReason::word),
            ":owner": link.owner,
            ":first_name": link.first_name,
            ":surname": link.surname,
            ":before_state": link.before.map(AddressState::word),
            ":before_role": link.before.and_then(AddressState::role).map(Role::word),
            ":missing_since_ms": link.missing_since.map(|at| at.0),
        };
        self.put(&PUT_LINK, params).map(drop)
    }

    /// Forgets that an address came from the directory.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn remove_directory_link(&self, key: &str) -> Result<(), StoreError> {
        self.change(&REMOVE_LINK, named_params! { ":key": key }).map(drop)
    }

    /// Forgets everything that the directory had and what came from it. The accounts stay.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn forget_directory(&self) -> Result<(), StoreError> {
        self.change(&CLEAR_LINKS, [])?;
        self.change(&CLEAR_ENTRIES, []).map(drop)
    }

    /// How many entries are in step.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn in_step(&self) -> Result<u64, StoreError> {
        self.total(&IN_STEP, [])
    }

    /// Accounts that left the directory and wait, the longest waiting first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn leaving(&self, limit: u32) -> Result<Vec<LeavingRecord>, StoreError> {
        self.all(&LEAVING, named_params! { ":limit": limit }, |row| {
            Ok(LeavingRecord {
                key: row.get("key")?,
                shown: row.get("shown")?,
                name: row.get("name")?,
                since: Timestamp(row.get("missing_since_ms")?),
            })
        })
    }

    /// How many accounts left the directory by then and wait.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn leaving_total(&self, by: Timestamp) -> Result<u64, StoreError> {
        self.total(&LEAVING_TOTAL, named_params! { ":by": by.0 })
    }

    /// What the directory had at the last good run, by id.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn directory_entries(&self) -> Result<Vec<Entry>, StoreError> {
        self.all(&ENTRIES, [], |row| {
            let aliases: String = row.get("aliases")?;
            Ok(Entry {
                id: row.get("id")?,
                kind: word(row, "kind", Kind::from_word)?,
                is_enabled: row.get("is_enabled")?,
                is_hidden: row.get("is_hidden")?,
                display_name: row.get("display_name")?,
                first_name: row.get("first_name")?,
                surname: row.get("surname")?,
                primary: row.get("main")?,
                aliases: aliases.lines().map(str::to_owned).collect(),
                place: row.get("place")?,
            })
        })
    }

    /// Notes an entry as the directory has it.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn put_directory_entry(&self, entry: &Entry) -> Result<(), StoreError> {
        let params = named_params! {
            ":id": entry.id,
            ":kind": entry.kind.word(),
            ":is_enabled": entry.is_enabled,
            ":is_hidden": entry.is_hidden,
            ":display_name": entry.display_name,
            ":first_name": entry.first_name,
            ":surname": entry.surname,
            ":main": entry.primary,
            ":aliases": entry.aliases.join("\n"),
            ":place": entry.place,
        };
        self.put(&PUT_ENTRY, params).map(drop)
    }

    /// Notes that the directory has an entry no more.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn remove_directory_entry(&self, id: &str) -> Result<(), StoreError> {
        self.change(&REMOVE_ENTRY, named_params! { ":id": id }).map(drop)
    }
}

fn read_link(row: &Row<'_>) -> rusqlite::Result<(String, Link)> {
    let before: Option<String> = row.get("before_state")?;
    let role: Option<String> = row.get("before_role")?;
    let before = before.map(|word| {
        AddressState::from_words(&word, role.as_deref(), None).ok_or_else(|| unreadable(row, "before_state", &word))
    });
    let link = Link {
        entry: row.get("entry")?,
        ours: row.get("ours")?,
        state: read_state(row)?,
        owner: row.get("owner")?,
        first_name: row.get("first_name")?,
        surname: row.get("surname")?,
        before: before.transpose()?,
        missing_since: row.get::<_, Option<i64>>("missing_since_ms")?.map(Timestamp),
    };
    Ok((row.get("key")?, link))
}
