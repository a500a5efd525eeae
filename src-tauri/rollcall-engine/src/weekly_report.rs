//! The weekly report on new users and new aliases (D11, D12): made with the tick, kept, and told to whom it concerns.
//!
//! **Invariant.** A week ends with the last decision before its tick and the next begins behind it, so that nobody is
//! missed and nobody is reported twice, whatever the clock does.

use rollcall_core::new_accounts::Wanted;
use rollcall_core::{AddressState, Timestamp};
use rollcall_store::{NewAccount, NewKind, NewReport, ReportRecord, StoreError, Tx};

use crate::bus::Notice;
use crate::error::EngineError;
use crate::house::House;

/// A report that was made.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub id: i64,
    pub about: NewReport,
    pub rows: Vec<NewAccount>,
}

impl Made {
    pub fn count(&self, kind: NewKind) -> u64 {
        self.rows.iter().filter(|row| row.kind == kind).count() as u64
    }

    /// What is told of it, and to whom (D13).
    pub fn notice(&self, wanted: Wanted) -> Notice {
        Notice::Report {
            id: self.id,
            users: self.count(NewKind::User),
            aliases: self.count(NewKind::Alias),
            waiting: self.about.waiting,
            and_administrator: wanted.administrator,
        }
    }
}

/// A report as it is read later.
#[derive(Debug, Clone)]
pub struct Report {
    /// Its numbers.
    pub record: ReportRecord,
    /// What it lists, users first, each with where it stands now; `None` when it is on no list any more.
    pub rows: Vec<(NewAccount, Option<AddressState>)>,
}

/// Makes the report of the week up to the tick, in its transaction and before the tick is noted. `start`: when ticks began
/// to count, for the first week. Nothing is made where nothing happened.
pub(crate) fn make(
    tx: &Tx<'_>,
    wanted: Wanted,
    start: Timestamp,
    tick: Timestamp,
    now: Timestamp,
) -> Result<Option<Made>, StoreError> {
    let after = tx.last_reported_entry(start)?;
    let mut rows = Vec::new();
    for (kind, is_wanted) in [(NewKind::User, wanted.users), (NewKind::Alias, wanted.aliases)] {
        if is_wanted {
            rows.extend(tx.new_accounts(after, kind)?);
        }
    }
    if rows.is_empty() {
        return Ok(None);
    }
    let waiting = tx.counts()?.into_iter().find(|(state, _)| state == AddressState::Discovered.word());
    let from = tx.last_tick()?.unwrap_or(start).min(tick);
    let about = NewReport { at: now, from, until: tick, waiting: waiting.map_or(0, |(_, count)| count) };
    let id = tx.add_report(&about, &rows)?;
    Ok(Some(Made { id, about, rows }))
}

impl House {
    /// The latest reports, newest first; with `before`, those with a smaller number.
    ///
    /// # Errors
    /// The store's.
    pub fn reports(&self, limit: u32, before: Option<i64>) -> Result<Vec<ReportRecord>, EngineError> {
        Ok(self.store.read(|tx| tx.reports(limit, before))?)
    }

    /// One report, with where each of its addresses stands now.
    ///
    /// # Errors
    /// Not found; the store's.
    pub fn report(&self, id: i64) -> Result<Report, EngineError> {
        let found = self.store.read(|tx| {
            let Some((record, rows)) = tx.report(id)? else { return Ok(None) };
            let stand = |row: NewAccount| Ok((tx.address(&row.key)?.map(|now| now.state), row));
            let rows = rows.into_iter().map(stand).collect::<Result<Vec<_>, StoreError>>()?;
            Ok(Some(Report { record, rows: rows.into_iter().map(|(state, row)| (row, state)).collect() }))
        })?;
        found.ok_or_else(|| EngineError::NotFound(format!("There is no report {id}.")))
    }
}

/// Whether what was made is still what it was made.
#[must_use]
pub const fn still_stands(kind: NewKind, now: Option<AddressState>) -> bool {
    matches!((kind, now), (NewKind::User, Some(AddressState::User(_))) | (NewKind::Alias, Some(AddressState::Alias)))
}
