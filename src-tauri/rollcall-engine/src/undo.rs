//! Takes a journal entry back (T22, X04): the before-images return, unless somebody decided otherwise meanwhile.
//!
//! **Invariant.** All of an entry returns or nothing. One of very many addresses is looked at as a whole first and then
//! written in pieces, so that mail does not wait for it: if that is cut off, what was done is an entry of its own, and a
//! second undo does the rest.

use std::collections::HashMap;
use std::sync::Arc;

use rollcall_core::access::Role;
use rollcall_core::time::DAY_MS;
use rollcall_core::{AddressState, Timestamp};
use rollcall_store::{AddressRecord, JournalRecord, NewEntry, RowChange, SettingChange, StoreError, Tx};

use crate::access::{require, who};
use crate::bus::Tag;
use crate::decide::Changed;
use crate::error::EngineError;
use crate::house::House;
use crate::settled;

/// The journal's word for a deletion (T21).
const DELETED: &str = "delete_address";
/// How long a change can be undone. A deleted address is a tombstone for so long.
pub const WINDOW_MS: i64 = 30 * DAY_MS;
/// An entry of more addresses is taken back in pieces of so many.
const AT_ONCE: usize = 500;

impl House {
    /// Undoes entry `entry`; an undo is an entry itself and can be undone.
    ///
    /// # Errors
    /// Not found; conflict when it was undone already, is too old, cannot be undone, or a row changed since.
    pub async fn undo(&self, entry: i64) -> Result<Changed, EngineError> {
        let now = self.clock.now();
        if self.is_being_written(entry)? {
            return Err(EngineError::Conflict(
                "This run of the directory is still being written. Wait for it.".to_owned(),
            ));
        }
        let settings = self.store.read(|tx| tx.setting_changes(entry))?;
        if settled::needs_administrator(&settings) {
            require(Role::OrganizationAdministrator)?;
        }
        let latest = self.store.read(|tx| tx.journal(1, Some(entry.saturating_add(1))))?;
        let is_large = latest.first().is_some_and(|found| found.entry == entry && found.count > AT_ONCE as u64);
        let changed = if is_large && settings.is_empty() {
            Box::pin(self.undo_in_pieces(entry, now)).await?
        } else {
            self.store.write(move |tx| undo(tx, entry, now)).await??
        };
        self.let_kept_mail_go().await;
        self.bus.stale(&[Tag::Addresses, Tag::Journal]);
        if !settings.is_empty() {
            self.bus.stale(&[Tag::Setup]);
            self.reload()?;
        }
        Ok(changed)
    }

    /// Looks at all of a large entry, then takes it back piece by piece.
    async fn undo_in_pieces(&self, entry: i64, now: Timestamp) -> Result<Changed, EngineError> {
        let store = self.store.clone();
        let look = move || {
            store.read(|tx| {
                let (record, changes, _) = match takeable(tx, entry, now)? {
                    Ok(found) => found,
                    Err(refusal) => return Ok(Err(refusal)),
                };
                let reversed = reversed(tx, &record, &changes, now, Restored::Passes)?;
                Ok(reversed.map(|_| (record, changes)))
            })
        };
        let looked =
            tokio::task::spawn_blocking(look).await.map_err(|error| EngineError::Internal(error.to_string()))?;
        let (record, changes) = looked??;
        let record = Arc::new(record);
        let mut back = Back::default();
        let count = changes.len().div_ceil(AT_ONCE);
        let mut changes = changes.into_iter();
        for place in 1..=count {
            let (piece, is_last): (Vec<RowChange>, bool) = (changes.by_ref().take(AT_ONCE).collect(), place == count);
            let (record, so_far) = (Arc::clone(&record), std::mem::take(&mut back));
            let step = move |tx: &Tx<'_>| undo_piece(tx, &record, &piece, so_far, is_last, now);
            back = self.store.write(step).await??;
        }
        Ok(Changed { entry: back.by, addresses: back.shown, unchanged: Vec::new() })
    }
}

/// What was taken back so far of a large entry.
#[derive(Default)]
struct Back {
    /// The entry that takes it back.
    by: Option<i64>,
    rows: u64,
    shown: Vec<String>,
}

fn undo_piece(
    tx: &Tx<'_>,
    record: &JournalRecord,
    piece: &[RowChange],
    mut back: Back,
    is_last: bool,
    now: Timestamp,
) -> Result<Result<Back, EngineError>, StoreError> {
    let reversed = match reversed(tx, record, piece, now, Restored::Passes)? {
        Ok(reversed) => reversed,
        Err(_) if back.rows > 0 => {
            return Ok(Err(EngineError::Conflict(format!(
                "Somebody decided meanwhile, so only {} addresses were taken back. Look at the history, then undo again.",
                back.rows
            ))));
        }
        Err(refusal) => return Ok(Err(refusal)),
    };
    restore(tx, &reversed)?;
    let by = match back.by {
        Some(by) => {
            tx.add_journal_changes(by, back.rows, &reversed)?;
            by
        }
        None => {
            let begun = NewEntry { why: format!("{}, not all of it", why(record)), ..new(tx, record, now) };
            tx.add_journal(&begun, &reversed)?
        }
    };
    back.by = Some(by);
    back.rows += reversed.len() as u64;
    back.shown.extend(reversed.iter().map(shown));
    if is_last {
        tx.note_why(by, &why(record))?;
        tx.mark_undone(record.entry, by)?;
    }
    Ok(Ok(back))
}

/// An entry that may be taken back, what it did to rows and to settings; or why it may not.
type Takeable = (JournalRecord, Vec<RowChange>, Vec<SettingChange>);

fn takeable(tx: &Tx<'_>, entry: i64, now: Timestamp) -> Result<Result<Takeable, EngineError>, StoreError> {
    let Some((record, changes)) = tx.journal_changes(entry)? else {
        return Ok(Err(EngineError::NotFound(format!("There is no entry {entry} in the history."))));
    };
    let changes = one_of_each(changes);
    let conflict = |sentence: String| Ok(Err(EngineError::Conflict(sentence)));
    if record.undone {
        return conflict(format!("Entry {entry} is undone already."));
    }
    let settings = tx.setting_changes(entry)?;
    if !record.undoable || (changes.is_empty() && settings.is_empty()) {
        return conflict(format!("Entry {entry} can't be undone."));
    }
    if now.since_ms(record.at) > WINDOW_MS && record.action == DELETED {
        let shown = record.addresses.first().map_or("An address", String::as_str);
        let others = if record.count > 1 { format!(" and {} more", record.count - 1) } else { String::new() };
        let was = if record.count > 1 { "were" } else { "was" };
        return conflict(format!(
            "{shown}{others} {was} deleted more than 30 days ago. What was deleted is gone for good and can't be brought back."
        ));
    }
    if now.since_ms(record.at) > WINDOW_MS {
        return conflict(format!("Entry {entry} is older than 30 days and can't be undone."));
    }
    Ok(Ok((record, changes, settings)))
}

/// What an entry did to each address in all: a run of the directory may take one from one person and give it to another.
fn one_of_each(changes: Vec<RowChange>) -> Vec<RowChange> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut each: Vec<RowChange> = Vec::with_capacity(changes.len());
    for change in changes {
        match places.get(&change.key) {
            Some(place) => each[*place].after = change.after,
            None => {
                places.insert(change.key.clone(), each.len());
                each.push(change);
            }
        }
    }
    each
}

/// A row that is again as it was before the entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Restored {
    /// Somebody decided that: it is a change like any other.
    Counts,
    /// An undo that was cut off did that.
    Passes,
}

/// What taking back does to each row; or why nothing is taken back.
fn reversed(
    tx: &Tx<'_>,
    record: &JournalRecord,
    changes: &[RowChange],
    now: Timestamp,
    restored: Restored,
) -> Result<Result<Vec<RowChange>, EngineError>, StoreError> {
    let mut reversed = Vec::with_capacity(changes.len());
    for RowChange { key, before, after } in changes {
        let current = tx.address(key)?;
        let is_found_again = after.is_none() && current.as_ref().is_some_and(|row| is_found_again(row, record.at));
        if !is_found_again && !same_decision(current.as_ref(), after.as_ref()) {
            if restored == Restored::Passes && same_decision(current.as_ref(), before.as_ref()) {
                continue;
            }
            let row = current.as_ref().or(after.as_ref()).or(before.as_ref());
            let shown = row.map_or(key, |row| &row.shown);
            return Ok(Err(EngineError::Conflict(format!(
                "{shown} changed since, so nothing was undone. Look at it first."
            ))));
        }
        let restored = before.clone().map(|before| with_counters(before, current.as_ref(), after.as_ref()));
        let restored = restored.map(|row| shifted(row, now.since_ms(record.at)));
        reversed.push(RowChange { key: key.clone(), before: current, after: restored });
    }
    Ok(Ok(reversed))
}

fn restore(tx: &Tx<'_>, reversed: &[RowChange]) -> Result<(), StoreError> {
    for change in reversed.iter().filter(|change| change.after.is_none()) {
        tx.remove_address(&change.key)?;
    }
    tx.put_addresses(reversed.iter().filter_map(|change| change.after.as_ref()))
}

fn why(record: &JournalRecord) -> String {
    format!("takes back “{}”", record.action)
}

fn new(tx: &Tx<'_>, record: &JournalRecord, now: Timestamp) -> NewEntry {
    let (action, why) = ("undo".to_owned(), why(record));
    NewEntry { at: now, who: who(tx), action, why, undoable: true, undoes: Some(record.entry) }
}

fn shown(change: &RowChange) -> String {
    change.before.as_ref().or(change.after.as_ref()).map_or_else(|| change.key.clone(), |row| row.shown.clone())
}

fn undo(tx: &Tx<'_>, entry: i64, now: Timestamp) -> Result<Result<Changed, EngineError>, StoreError> {
    let (record, changes, settings) = match takeable(tx, entry, now)? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    for SettingChange { name, after, .. } in &settings {
        if settled::read(tx, name)? != *after {
            return Ok(Err(EngineError::Conflict(format!(
                "This was set anew since entry {entry}, so nothing was undone. Look at it first."
            ))));
        }
    }
    let reversed = match reversed(tx, &record, &changes, now, Restored::Counts)? {
        Ok(reversed) => reversed,
        Err(refusal) => return Ok(Err(refusal)),
    };
    restore(tx, &reversed)?;
    let by = tx.add_journal(&new(tx, &record, now), &reversed)?;
    let settings: Vec<SettingChange> = settings.into_iter().map(turned).collect();
    settings.iter().try_for_each(|change| settled::write(tx, &change.name, &change.after, now))?;
    tx.add_setting_changes(by, &settings)?;
    tx.mark_undone(entry, by)?;
    Ok(Ok(Changed { entry: Some(by), addresses: reversed.iter().map(shown).collect(), unchanged: Vec::new() }))
}

fn turned(change: SettingChange) -> SettingChange {
    SettingChange { name: change.name, before: change.after, after: change.before }
}

/// T21: whether mail alone made this row, since the one before it went: nobody decided about it.
const fn is_found_again(row: &AddressRecord, gone: Timestamp) -> bool {
    row.state.is_open() && row.decided.is_none() && row.first_seen.0 >= gone.0
}

/// Whether nobody decided otherwise since: state and names are as the entry left them. Counters may have moved on.
fn same_decision(current: Option<&AddressRecord>, left: Option<&AddressRecord>) -> bool {
    match (current, left) {
        (None, None) => true,
        (Some(current), Some(left)) => {
            current.state == left.state
                && current.owner == left.owner
                && current.first_name == left.first_name
                && current.surname == left.surname
        }
        (None, Some(_)) | (Some(_), None) => false,
    }
}

/// T22: a Discovered row whose end is taken back has as much time left as it had then. What is undone the same day is
/// again exactly as it was (X04).
fn shifted(row: AddressRecord, ms: i64) -> AddressRecord {
    if row.state != AddressState::Discovered || ms < DAY_MS {
        return row;
    }
    AddressRecord {
        discovered: row.discovered.map(|at| at.plus_ms(ms)),
        last_notice: row.last_notice.map(|at| at.plus_ms(ms)),
        held_until: row.held_until.map(|at| at.plus_ms(ms)),
        ..row
    }
}

/// The before-image, with what mail has counted since the entry added to it.
fn with_counters(
    before: AddressRecord,
    current: Option<&AddressRecord>,
    left: Option<&AddressRecord>,
) -> AddressRecord {
    let Some(current) = current else { return before };
    let Some(left) = left else {
        // It was gone, and mail came for it since.
        return AddressRecord { last_seen: before.last_seen.max(current.last_seen), ..before };
    };
    AddressRecord {
        clean_count: if current.clean_count == left.clean_count { before.clean_count } else { current.clean_count },
        last_seen: if current.last_seen == left.last_seen { before.last_seen } else { current.last_seen },
        suspect: if current.suspect == left.suspect { before.suspect } else { current.suspect },
        ..before
    }
}
