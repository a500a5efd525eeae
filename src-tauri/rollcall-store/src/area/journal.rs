//! The journal.
//!
//! **Invariant.** The rows before and after a decision come back exactly as they were given (X04).

use rollcall_core::{InvalidReason, MadeBy, Role, Timestamp};
use rusqlite::{Row, named_params};

use super::address::read_address;
use crate::tx::{Statement, signed, statement, unsigned};
use crate::{AddressRecord, JournalRecord, NewEntry, RowChange, SettingChange, StoreError, Tx};

const ADD: Statement = statement!("journal/add", "write to the journal");
const ADD_CHANGE: Statement = statement!("journal/add_change", "write to the journal");
const ADD_IMAGE: Statement = statement!("journal/add_image", "write to the journal");
const LIST: Statement = statement!("journal/list", "read the journal");
const NEWS: Statement = statement!("journal/news", "read the journal");
const LIST_OF: Statement = statement!("journal/list_of", "read the journal of an address");
const GET: Statement = statement!("journal/get", "read a journal entry");
const SHOWN: Statement = statement!("journal/shown", "read the addresses of a journal entry");
const CHANGES: Statement = statement!("journal/changes", "read the changes of a journal entry");
const IMAGE: Statement = statement!("journal/image", "read a row as it was");
const ADD_SETTING: Statement = statement!("journal/add_setting", "write to the journal");
const SETTINGS: Statement = statement!("journal/settings", "read the changes of a journal entry");
const MARK_UNDONE: Statement = statement!("journal/mark_undone", "mark a journal entry as undone");
const FIRST: Statement = statement!("journal/first", "find the first decision");
const LAST: Statement = statement!("journal/last", "read the last journal entry");
const NOTE_WHY: Statement = statement!("journal/note_why", "write to the journal");
const DECIDED_SINCE: Statement = statement!("journal/decided_since", "read the journal");

/// How many addresses [`JournalRecord::addresses`] names.
const SHOWN_AT_MOST: u32 = 5;
const BEFORE: &str = "before";
const AFTER: &str = "after";

impl Tx<'_> {
    /// Writes a decision down, with what it did to each row; gives its number. A change with neither `before` nor
    /// `after` names an address that was concerned and had no row.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn add_journal(&self, entry: &NewEntry, changes: &[RowChange]) -> Result<i64, StoreError> {
        let params = named_params! {
            ":at": entry.at.0,
            ":who": entry.who,
            ":action": entry.action,
            ":why": entry.why,
            ":undoable": entry.undoable,
            ":undoes": entry.undoes,
        };
        let number = self.insert(&ADD, params)?;
        self.add_journal_changes(number, 0, changes)?;
        Ok(number)
    }

    /// Writes down what more the decision `entry` did, behind its first `from` changes.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also when it has more than those already.
    pub fn add_journal_changes(&self, entry: i64, from: u64, changes: &[RowChange]) -> Result<(), StoreError> {
        for (position, change) in (signed(from)..).zip(changes) {
            let row = change.after.as_ref().or(change.before.as_ref());
            let shown = row.map_or(&change.key, |row| &row.shown);
            let params = named_params! { ":entry": entry, ":position": position, ":key": change.key, ":shown": shown };
            self.put(&ADD_CHANGE, params)?;
            self.add_image((entry, position, BEFORE), change.before.as_ref())?;
            self.add_image((entry, position, AFTER), change.after.as_ref())?;
        }
        Ok(())
    }

    /// Says why the decision `entry` was made, once all that it did is known.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn note_why(&self, entry: i64, why: &str) -> Result<(), StoreError> {
        self.change(&NOTE_WHY, named_params! { ":why": why, ":entry": entry }).map(drop)
    }

    /// Whether anybody but `who` decided anything after the decision `seen`; the decision `own` is none.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn decided_since(&self, seen: i64, own: Option<i64>, who: &str) -> Result<bool, StoreError> {
        let params = named_params! { ":seen": seen, ":own": own.unwrap_or(0), ":who": who };
        self.one(&DECIDED_SINCE, params, |row| row.get("decided"))
    }

    /// The latest decisions, newest first; with `before`, those with a smaller number.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn journal(&self, limit: u32, before: Option<i64>) -> Result<Vec<JournalRecord>, StoreError> {
        let params = named_params! { ":before": before.unwrap_or(i64::MAX), ":limit": limit };
        let entries = self.all(&LIST, params, read_entry)?;
        entries.into_iter().map(|entry| self.with_addresses(entry)).collect()
    }

    /// The latest decisions but for first sights, newest first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn journal_news(&self, limit: u32) -> Result<Vec<JournalRecord>, StoreError> {
        let entries = self.all(&NEWS, named_params! { ":limit": limit }, read_entry)?;
        entries.into_iter().map(|entry| self.with_addresses(entry)).collect()
    }

    /// The latest decisions that concern an address, newest first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn journal_of(&self, key: &str, limit: u32) -> Result<Vec<JournalRecord>, StoreError> {
        let entries = self.all(&LIST_OF, named_params! { ":key": key, ":limit": limit }, read_entry)?;
        entries.into_iter().map(|entry| self.with_addresses(entry)).collect()
    }

    /// A decision with what it did to each row, in the order given.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn journal_changes(&self, entry: i64) -> Result<Option<(JournalRecord, Vec<RowChange>)>, StoreError> {
        let Some(record) = self.maybe(&GET, named_params! { ":entry": entry }, read_entry)? else { return Ok(None) };
        let read = |row: &Row<'_>| Ok((row.get("position")?, row.get("key")?));
        let keys: Vec<(i64, String)> = self.all(&CHANGES, named_params! { ":entry": entry }, read)?;
        let change = |(position, key)| {
            Ok(RowChange {
                key,
                before: self.image((entry, position, BEFORE))?,
                after: self.image((entry, position, AFTER))?,
            })
        };
        let changes = keys.into_iter().map(change).collect::<Result<_, StoreError>>()?;
        Ok(Some((self.with_addresses(record)?, changes)))
    }

    /// Notes what the decision `entry` made of settings.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also when one is named twice.
    pub fn add_setting_changes(&self, entry: i64, changes: &[SettingChange]) -> Result<(), StoreError> {
        changes.iter().try_for_each(|SettingChange { name, before, after }| {
            let params = named_params! { ":entry": entry, ":name": name, ":before": before, ":after": after };
            self.change(&ADD_SETTING, params).map(drop)
        })
    }

    /// What the decision `entry` made of settings.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn setting_changes(&self, entry: i64) -> Result<Vec<SettingChange>, StoreError> {
        self.all(&SETTINGS, named_params! { ":entry": entry }, |row| {
            Ok(SettingChange { name: row.get("name")?, before: row.get("before")?, after: row.get("after")? })
        })
    }

    /// The decision `entry` was taken back by the decision `by_entry`.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also when `by_entry` does not exist.
    pub fn mark_undone(&self, entry: i64, by_entry: i64) -> Result<(), StoreError> {
        self.change(&MARK_UNDONE, named_params! { ":entry": entry, ":by_entry": by_entry }).map(drop)
    }

    /// The number of the latest decision; 0 when there is none.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn last_journal_entry(&self) -> Result<i64, StoreError> {
        self.one(&LAST, [], |row| row.get("entry"))
    }

    /// When the first decision was made; `None` in a fresh folder.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn first_journal_entry(&self) -> Result<Option<Timestamp>, StoreError> {
        self.maybe(&FIRST, [], |row| Ok(Timestamp(row.get("at_ms")?)))
    }

    fn with_addresses(&self, record: JournalRecord) -> Result<JournalRecord, StoreError> {
        let params = named_params! { ":entry": record.entry, ":limit": SHOWN_AT_MOST };
        Ok(JournalRecord { addresses: self.all(&SHOWN, params, |row| row.get("shown"))?, ..record })
    }

    fn add_image(&self, place: Place, record: Option<&AddressRecord>) -> Result<(), StoreError> {
        let Some(record) = record else { return Ok(()) };
        let (entry, position, side) = place;
        let params = named_params! {
            ":entry": entry,
            ":position": position,
            ":side": side,
            ":key": record.key,
            ":shown": record.shown,
            ":domain": record.domain,
            ":state": record.state.word(),
            ":role": record.state.role().map(Role::word),
            ":invalid_reason": record.state.invalid_reason().map(InvalidReason::word),
            ":source": record.source.word(),
            ":first_name": record.first_name,
            ":surname": record.surname,
            ":clean_count": record.clean_count,
            ":first_seen_ms": record.first_seen.0,
            ":last_seen_ms": record.last_seen.0,
            ":discovered_ms": record.discovered.map(|at| at.0),
            ":decided_ms": record.decided.map(|at| at.0),
            ":changed_ms": record.changed.0,
            ":suspect_ms": record.suspect.map(|at| at.0),
            ":refused_count": record.refused_count,
            ":notices": record.notices,
            ":notice_ms": record.last_notice.map(|at| at.0),
            ":held_until_ms": record.held_until.map(|at| at.0),
            ":pinned": record.pinned,
            ":made_by": record.made_by.map(MadeBy::word),
            ":owner": record.owner,
        };
        self.put(&ADD_IMAGE, params).map(drop)
    }

    /// The row of an address before and after a decision.
    pub(super) fn images(
        &self,
        entry: i64,
        position: i64,
    ) -> Result<(Option<AddressRecord>, Option<AddressRecord>), StoreError> {
        Ok((self.image((entry, position, BEFORE))?, self.image((entry, position, AFTER))?))
    }

    fn image(&self, place: Place) -> Result<Option<AddressRecord>, StoreError> {
        let (entry, position, side) = place;
        let params = named_params! { ":entry": entry, ":position": position, ":side": side };
        self.maybe(&IMAGE, params, read_address)
    }
}

/// Where an image belongs: entry, position in it, before or after.
type Place = (i64, i64, &'static str);

fn read_entry(row: &Row<'_>) -> rusqlite::Result<JournalRecord> {
    Ok(JournalRecord {
        entry: row.get("entry")?,
        at: Timestamp(row.get("at_ms")?),
        who: row.get("who")?,
        action: row.get("action")?,
        why: row.get("why")?,
        addresses: Vec::new(),
        count: unsigned(row, "total")?,
        undoable: row.get("undoable")?,
        undone: row.get("undone")?,
        undoes: row.get("undoes")?,
    })
}
