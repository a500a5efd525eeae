//! Takes a journal entry back (T22, X04): the before-images return, unless somebody decided otherwise meanwhile.

use rollcall_core::access::Role;
use rollcall_core::time::DAY_MS;
use rollcall_core::{AddressState, Timestamp};
use rollcall_store::{AddressRecord, NewEntry, RowChange, SettingChange, StoreError, Tx};

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

impl House {
    /// Undoes entry `entry`; an undo is an entry itself and can be undone.
    ///
    /// # Errors
    /// Not found; conflict when it was undone already, is too old, cannot be undone, or a row changed since.
    pub async fn undo(&self, entry: i64) -> Result<Changed, EngineError> {
        let now = self.clock.now();
        let settings = self.store.read(|tx| tx.setting_changes(entry))?;
        if settled::needs_administrator(&settings) {
            require(Role::OrganizationAdministrator)?;
        }
        let changed = self.store.write(move |tx| undo(tx, entry, now)).await??;
        self.let_kept_mail_go().await;
        self.bus.stale(&[Tag::Addresses, Tag::Journal]);
        if !settings.is_empty() {
            self.bus.stale(&[Tag::Setup]);
            self.reload()?;
        }
        Ok(changed)
    }
}

fn undo(tx: &Tx<'_>, entry: i64, now: Timestamp) -> Result<Result<Changed, EngineError>, StoreError> {
    let Some((record, changes)) = tx.journal_changes(entry)? else {
        return Ok(Err(EngineError::NotFound(format!("There is no entry {entry} in the history."))));
    };
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
    for SettingChange { name, after, .. } in &settings {
        if settled::read(tx, name)? != *after {
            return conflict(format!(
                "This was set anew since entry {entry}, so nothing was undone. Look at it first."
            ));
        }
    }
    let mut reversed = Vec::with_capacity(changes.len());
    for RowChange { key, before, after } in changes {
        let current = tx.address(&key)?;
        let is_found_again = after.is_none() && current.as_ref().is_some_and(|row| is_found_again(row, record.at));
        if !is_found_again && !same_decision(current.as_ref(), after.as_ref()) {
            let shown = current.or(after).or(before).map_or(key, |row| row.shown);
            return conflict(format!("{shown} changed since, so nothing was undone. Look at it first."));
        }
        let restored = before.map(|before| with_counters(before, current.as_ref(), after.as_ref()));
        let restored = restored.map(|row| shifted(row, now.since_ms(record.at)));
        reversed.push(RowChange { key, before: current, after: restored });
    }
    for change in &reversed {
        match &change.after {
            Some(row) => tx.put_address(row)?,
            None => drop(tx.remove_address(&change.key)?),
        }
    }
    let new = NewEntry {
        at: now,
        who: who(tx),
        action: "undo".to_owned(),
        why: format!("takes back “{}”", record.action),
        undoable: true,
        undoes: Some(entry),
    };
    let by = tx.add_journal(&new, &reversed)?;
    let settings: Vec<SettingChange> = settings.into_iter().map(turned).collect();
    settings.iter().try_for_each(|change| settled::write(tx, &change.name, &change.after, now))?;
    tx.add_setting_changes(by, &settings)?;
    tx.mark_undone(entry, by)?;
    let shown = |change: &RowChange| {
        change.before.as_ref().or(change.after.as_ref()).map_or_else(|| change.key.clone(), |row| row.shown.clone())
    };
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
