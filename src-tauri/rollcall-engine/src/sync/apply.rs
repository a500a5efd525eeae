//! Carries a plan out, in the transaction of its run: rows, their entry in the history, and what is noted for the next run.

use std::collections::{HashMap, HashSet};

use rollcall_core::directory::{Entry, Plan, RowChange as Planned, Verb, Wanted};
use rollcall_core::new_accounts::Cause;
use rollcall_core::{AddressState, MadeBy, Source, Timestamp};
use rollcall_store::{AddressRecord, NewEntry, RowChange, StoreError, Tx};

use super::run::BY_DIRECTORY;

/// What was written.
pub(super) struct Done {
    /// The entry in the history.
    pub entry: Option<i64>,
    /// Address rows.
    pub rows_written: u64,
}

/// Does it.
pub(super) fn apply(
    tx: &Tx<'_>,
    plan: &Plan,
    known: &[Entry],
    entries: &[Entry],
    now: Timestamp,
) -> Result<Done, StoreError> {
    let changes = rows(tx, plan, now)?;
    for (key, link) in &plan.links {
        match link {
            Some(link) => tx.put_directory_link(key, link)?,
            None => tx.remove_directory_link(key)?,
        }
    }
    note_entries(tx, known, entries)?;
    let rows_written = changes.len() as u64;
    let entry = if changes.is_empty() { None } else { Some(write(tx, plan, &changes, now)?) };
    Ok(Done { entry, rows_written })
}

/// The rows. Those that stay are saved together, before anything that rests on one of them.
fn rows(tx: &Tx<'_>, plan: &Plan, now: Timestamp) -> Result<Vec<RowChange>, StoreError> {
    let mut changes: Vec<RowChange> = Vec::new();
    let (mut saved, mut waiting) = (0, HashSet::new());
    for planned in plan.changes.iter().flat_map(|change| &change.rows) {
        if waiting.contains(planned.key.as_str()) {
            save(tx, &changes[saved..])?;
            saved = changes.len();
            waiting.clear();
        }
        waiting.insert(planned.key.as_str());
        changes.push(row(tx, planned, now)?);
    }
    save(tx, &changes[saved..])?;
    Ok(changes)
}

/// What becomes of one row; only one that goes is written.
fn row(tx: &Tx<'_>, planned: &Planned, now: Timestamp) -> Result<RowChange, StoreError> {
    let before = tx.address(&planned.key)?;
    let after = planned.to.as_ref().map(|wanted| becomes(before.as_ref(), planned, wanted, now));
    if after.is_none() {
        tx.remove_address(&planned.key)?;
    }
    Ok(RowChange { key: planned.key.clone(), before, after })
}

fn save(tx: &Tx<'_>, changes: &[RowChange]) -> Result<(), StoreError> {
    tx.put_addresses(changes.iter().filter_map(|change| change.after.as_ref()))
}

fn becomes(before: Option<&AddressRecord>, planned: &Planned, wanted: &Wanted, now: Timestamp) -> AddressRecord {
    let mut row = before.cloned().unwrap_or_else(|| {
        let (key, shown, domain) = (planned.key.clone(), planned.shown.clone(), planned.domain.clone());
        AddressRecord::new(key, shown, domain, wanted.state, Source::Directory, now)
    });
    let is_new_state = before.is_none_or(|before| before.state != wanted.state);
    let was_account = before.is_some_and(|before| before.state.is_account());
    row.owner.clone_from(&wanted.owner);
    row.first_name.clone_from(&wanted.first_name);
    row.surname.clone_from(&wanted.surname);
    if !is_new_state {
        return row;
    }
    row.state = wanted.state;
    row.changed = now;
    row.refused_count = 0;
    row.held_until = None;
    row.pinned = wanted.waits;
    // What somebody made by hand stays theirs while it is put aside.
    let keeps_maker = wanted.state == AddressState::Inactive || (was_account && row.made_by.is_some());
    if wanted.state.is_account() && !keeps_maker {
        row.made_by = row.made_by.filter(|_| before.is_some_and(|before| before.state == AddressState::Inactive));
        row.made_by = row.made_by.or(Some(MadeBy::Directory));
    }
    if wanted.state == AddressState::Discovered {
        (row.discovered, row.notices, row.last_notice) = (Some(now), 0, None);
        row.made_by = None;
    }
    row
}

/// What the directory has now, where it differs from what it had.
fn note_entries(tx: &Tx<'_>, known: &[Entry], entries: &[Entry]) -> Result<(), StoreError> {
    let mut left: HashMap<&str, &Entry> = known.iter().map(|entry| (entry.id.as_str(), entry)).collect();
    for entry in entries {
        if left.remove(entry.id.as_str()) != Some(entry) {
            tx.put_directory_entry(entry)?;
        }
    }
    for id in left.into_keys() {
        tx.remove_directory_entry(id)?;
    }
    Ok(())
}

fn write(tx: &Tx<'_>, plan: &Plan, changes: &[RowChange], now: Timestamp) -> Result<i64, StoreError> {
    let part = |verb, word: &str| match plan.count(verb) {
        0 => None,
        count => Some(format!("{count} {word}")),
    };
    let parts = [
        part(Verb::Add, "added"),
        part(Verb::Update, "updated"),
        part(Verb::Missing, "missing"),
        part(Verb::Delete, "deleted"),
    ];
    let why = format!("the directory: {}", parts.into_iter().flatten().collect::<Vec<_>>().join(", "));
    let (who, action) = (BY_DIRECTORY.to_owned(), "sync".to_owned());
    let entry = NewEntry { at: now, who, action, why, undoable: true, undoes: None };
    let number = tx.add_journal(&entry, changes)?;
    tx.note_cause(number, Cause::Directory)?;
    Ok(number)
}
