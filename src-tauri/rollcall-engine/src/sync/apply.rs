//! Carries a piece of a plan out, in its transaction: rows, their part of the run's entry in the history, and what is noted
//! for the next run.

use std::collections::{HashMap, HashSet};

use rollcall_core::directory::{Change, Entry, Plan, Row as Planned, RowChange as Wish, Verb, Wanted};
use rollcall_core::new_accounts::Cause;
use rollcall_core::{AddressState, MadeBy, Source, Timestamp};
use rollcall_store::{AddressRecord, NewEntry, RowChange, StoreError, Tx};

use super::pieces::Piece;
use super::run::BY_DIRECTORY;
use crate::seats;

/// Why the entry of a run was made that has not ended.
const NOT_ENDED: &str = "the directory: a run that did not end";

/// What a run has done to entries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub added: u64,
    pub updated: u64,
    pub missing: u64,
    pub deleted: u64,
}

impl Counts {
    pub fn of(plan: &Plan) -> Self {
        let mut counts = Self::default();
        counts.add(&plan.changes);
        counts
    }

    fn add(&mut self, changes: &[Change]) {
        for change in changes {
            let count = match change.verb {
                Verb::Add => &mut self.added,
                Verb::Update => &mut self.updated,
                Verb::Missing => &mut self.missing,
                Verb::Delete => &mut self.deleted,
            };
            *count += 1;
        }
    }

    /// “3 added, 1 missing”; empty when there is nothing.
    pub fn said(self) -> String {
        let parts =
            [(self.added, "added"), (self.updated, "updated"), (self.missing, "missing"), (self.deleted, "deleted")];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        parts.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
    }
}

/// What a run has written so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Written {
    /// Its number, once it is written down.
    pub run: Option<i64>,
    /// Its entry in the history, once a row changed.
    pub entry: Option<i64>,
    /// Address rows.
    pub rows: u64,
    /// Its lines.
    pub lines: u64,
    /// The same by what they do.
    pub counts: Counts,
}

/// What becomes of the rows of a piece.
pub(super) fn changes(tx: &Tx<'_>, piece: &Piece, now: Timestamp) -> Result<Vec<RowChange>, StoreError> {
    let mut rows: HashMap<&str, Option<AddressRecord>> = HashMap::new();
    let mut changes = Vec::new();
    for wish in piece.changes.iter().flat_map(|change| &change.rows) {
        let key = wish.key.as_str();
        let before = match rows.remove(key) {
            Some(row) => row,
            None => tx.address(key)?,
        };
        let after = wish.to.as_ref().map(|wanted| becomes(before.as_ref(), wish, wanted, now));
        rows.insert(key, after.clone());
        changes.push(RowChange { key: wish.key.clone(), before, after });
    }
    Ok(changes)
}

/// Whether every row still is as it was planned with.
pub(super) fn stand(changes: &[RowChange], planned: &HashMap<String, Planned>) -> bool {
    let mut seen = HashSet::new();
    let mut firsts = changes.iter().filter(|change| seen.insert(change.key.as_str()));
    firsts.all(|change| stands(planned.get(&change.key), change.before.as_ref()))
}

/// Whether there are seats for who becomes a user.
pub(super) fn has_seats(tx: &Tx<'_>, changes: &[RowChange]) -> Result<bool, StoreError> {
    let is_new = |change: &&RowChange| is_user(change.after.as_ref()) && !is_user(change.before.as_ref());
    let new_users = changes.iter().filter(is_new).count() as u64;
    Ok(new_users == 0 || seats::seats_left(tx)?.is_none_or(|left| new_users <= left))
}

fn is_user(row: Option<&AddressRecord>) -> bool {
    row.is_some_and(|row| matches!(row.state, AddressState::User(_)))
}

/// Whether a row still is as it was planned with. What only mail found, and nobody named, may come, move on and go.
fn stands(planned: Option<&Planned>, row: Option<&AddressRecord>) -> bool {
    let nameless = |owner: &Option<String>, first: &Option<String>, last: &Option<String>| {
        owner.is_none() && first.is_none() && last.is_none()
    };
    let open_then =
        planned.is_none_or(|row| row.state.is_open() && nameless(&row.owner, &row.first_name, &row.surname));
    let open_now = row.is_none_or(|row| row.state.is_open() && nameless(&row.owner, &row.first_name, &row.surname));
    let same = || {
        planned.zip(row).is_some_and(|(then, now)| {
            then.state == now.state
                && then.made_by == now.made_by
                && then.owner == now.owner
                && then.first_name == now.first_name
                && then.surname == now.surname
        })
    };
    (open_then && open_now) || same()
}

/// Writes a piece; `changes` are those of its rows.
pub(super) fn write(
    tx: &Tx<'_>,
    piece: &Piece,
    changes: &[RowChange],
    entries: &[Entry],
    written: &mut Written,
    now: Timestamp,
) -> Result<(), StoreError> {
    let last: HashMap<&str, usize> =
        changes.iter().enumerate().map(|(place, change)| (change.key.as_str(), place)).collect();
    let is_last = |(place, change): &(usize, &RowChange)| last.get(change.key.as_str()) == Some(place);
    let left = || changes.iter().enumerate().filter(is_last).map(|(_, change)| change);
    for change in left().filter(|change| change.after.is_none()) {
        tx.remove_address(&change.key)?;
    }
    tx.put_addresses(left().filter_map(|change| change.after.as_ref()))?;
    for (key, link) in &piece.links {
        match link {
            Some(link) => tx.put_directory_link(key, link)?,
            None => tx.remove_directory_link(key)?,
        }
    }
    piece.entries.iter().filter_map(|place| entries.get(*place)).try_for_each(|entry| tx.put_directory_entry(entry))?;
    piece.gone.iter().try_for_each(|id| tx.remove_directory_entry(id))?;
    written.counts.add(&piece.changes);
    if changes.is_empty() {
        return Ok(());
    }
    match written.entry {
        Some(entry) => tx.add_journal_changes(entry, written.rows, changes)?,
        None => written.entry = Some(begin_entry(tx, changes, now)?),
    }
    written.rows += changes.len() as u64;
    Ok(())
}

/// The entry of a run in the history: one, however many pieces there are.
fn begin_entry(tx: &Tx<'_>, changes: &[RowChange], now: Timestamp) -> Result<i64, StoreError> {
    let (who, action, why) = (BY_DIRECTORY.to_owned(), "sync".to_owned(), NOT_ENDED.to_owned());
    let number = tx.add_journal(&NewEntry { at: now, who, action, why, undoable: true, undoes: None }, changes)?;
    tx.note_cause(number, Cause::Directory)?;
    Ok(number)
}

/// The run ended: its entry says what it did.
pub(super) fn end_entry(tx: &Tx<'_>, written: &Written) -> Result<(), StoreError> {
    let why = format!("the directory: {}", written.counts.said());
    written.entry.map_or(Ok(()), |entry| tx.note_why(entry, &why))
}

fn becomes(before: Option<&AddressRecord>, wish: &Wish, wanted: &Wanted, now: Timestamp) -> AddressRecord {
    let mut row = before.cloned().unwrap_or_else(|| {
        let (key, shown, domain) = (wish.key.clone(), wish.shown.clone(), wish.domain.clone());
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
