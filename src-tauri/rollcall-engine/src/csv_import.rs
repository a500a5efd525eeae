//! Imports a list of people from a file (M08, Z09, V12): looks first, then everything in one transaction with one journal
//! entry, so that one undo takes all of it back.
//!
//! **Invariant.** What is imported is planned again in the transaction that writes it: rows that changed since the preview
//! are seen, and more removals than were agreed to stop all of it (V07).

use std::collections::{BTreeSet, HashMap};

use rollcall_core::recipient::Homes;
use rollcall_core::roster::{self, Change, Counts, Known, Layout, Plan, Roster, Wanted, What, Wish};
use rollcall_core::seats::{self, Forecast, Seats};
use rollcall_core::{AddressState, Source, Timestamp};
use rollcall_store::{AddressRecord, RowChange, StoreError, Tx};

use crate::bus::Tag;
use crate::decide::{Subject, becomes, write_entry};
use crate::error::EngineError;
use crate::house::House;
use crate::letters;
use crate::recipients::Forget;
use crate::seats::{licence, seats as present_seats};

/// A file, and how it is to be imported.
#[derive(Debug, Clone)]
pub struct Brought {
    /// What is in it.
    pub bytes: Vec<u8>,
    /// How it is to be read.
    pub wanted: Wanted,
    /// What is to be made of it.
    pub wish: Wish,
}

/// What importing a file would do.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The file, read.
    pub roster: Roster,
    /// What would become of it.
    pub plan: Plan,
    /// What it means for the seats.
    pub forecast: Forecast,
    /// Why it cannot be imported as it is.
    pub refusal: Option<String>,
}

/// What importing a file did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The journal entry; `None` when nothing had to change.
    pub entry: Option<i64>,
    /// How many of each.
    pub counts: Counts,
}

impl House {
    /// Says what importing the file would do. Nothing changes.
    ///
    /// # Errors
    /// Invalid, when nothing can be made of the file; the store's.
    pub async fn preview_csv(&self, brought: Brought) -> Result<Preview, EngineError> {
        let (store, setup) = (self.store.clone(), self.setup());
        on_a_thread(move || {
            let roster = read(&brought)?;
            let preview = store.read(|tx| {
                let known = known(&tx.every_address()?);
                let plan = roster::plan(&roster, brought.wish, &setup.homes, &known);
                let forecast = forecast(tx, &roster, &plan)?;
                let refusal = refusal(&roster, &plan, brought.wish, forecast);
                Ok(Preview { plan, forecast, refusal, roster })
            })?;
            Ok(preview)
        })
        .await
    }

    /// Imports the file: all that can be, or nothing.
    ///
    /// # Errors
    /// Invalid, when nothing can be made of the file; conflict, when there are too few seats, or more would be removed than
    /// `accept_removals` agrees to; the store's. Then nothing has changed.
    pub async fn import_csv(&self, brought: Brought, accept_removals: Option<u64>) -> Result<Imported, EngineError> {
        let wish = brought.wish;
        let roster = on_a_thread(move || read(&brought)).await?;
        let (setup, now) = (self.setup(), self.clock.now());
        let job = Import { roster, wish, accept_removals, now };
        let written = self.store.write(move |tx| job.carry_out(tx, &setup.homes)).await?;
        let (imported, keys) = written.map_err(EngineError::Conflict)?;
        self.forget_said(Forget::Addresses(keys)).await?;
        if imported.entry.is_some() {
            self.bus.stale(&[Tag::Addresses, Tag::Journal]);
            self.let_kept_mail_go().await;
        }
        Ok(imported)
    }
}

/// A file that is about to be imported.
struct Import {
    roster: Roster,
    wish: Wish,
    accept_removals: Option<u64>,
    now: Timestamp,
}

impl Import {
    /// The inner error is the sentence that says why nothing was done. With what was done, the keys of the rows.
    fn carry_out(
        &self,
        tx: &Tx<'_>,
        homes: &Homes,
    ) -> Result<Result<(Imported, BTreeSet<String>), String>, StoreError> {
        let rows = tx.every_address()?;
        let plan = roster::plan(&self.roster, self.wish, homes, &known(&rows));
        let forecast = forecast(tx, &self.roster, &plan)?;
        if let Some(why) = refusal(&self.roster, &plan, self.wish, forecast) {
            return Ok(Err(why));
        }
        if let Some(why) = not_accepted(&plan, self.accept_removals) {
            return Ok(Err(why));
        }
        let rows: HashMap<String, AddressRecord> = rows.into_iter().map(|row| (row.key.clone(), row)).collect();
        let mut changes = Vec::with_capacity(plan.changes.len() + plan.removals.len());
        for change in &plan.changes {
            let before = rows.get(&change.address.key());
            let after = self.after(before, change);
            changes.push(RowChange { key: after.key.clone(), before: before.cloned(), after: Some(after) });
        }
        let gone = |row: &AddressRecord| RowChange { key: row.key.clone(), before: Some(row.clone()), after: None };
        for key in &plan.removals {
            // The other names of an account go with it.
            let names = tx.aliases_of(key)?;
            changes.extend(names.iter().chain([key]).filter_map(|key| rows.get(key)).map(gone));
        }
        let entry = self.write(tx, &changes, &plan.counts)?;
        let keys = changes.into_iter().map(|change| change.key).collect();
        Ok(Ok((Imported { entry, counts: plan.counts }, keys)))
    }

    /// The row that the file makes of an address.
    fn after(&self, before: Option<&AddressRecord>, change: &Change) -> AddressRecord {
        let subject = Subject {
            address: change.address.to_string(),
            first_name: change.first_name.clone(),
            surname: change.surname.clone(),
        };
        let made = becomes(before, &change.address, &subject, change.state, self.now);
        let mut row = match before {
            // Only its names: that is no new decision about it.
            Some(row) if row.state == change.state => row.clone(),
            Some(_) => made,
            None => AddressRecord { source: Source::Csv, ..made },
        };
        row.owner.clone_from(&change.owner);
        if change.state == AddressState::Alias {
            return row;
        }
        if self.roster.layout == Layout::Own && before.is_none() {
            // Our own list has every name there was: none is guessed.
            (row.first_name, row.surname) = (None, None);
        }
        row.first_name = change.first_name.clone().or(row.first_name);
        row.surname = change.surname.clone().or(row.surname);
        row
    }

    fn write(&self, tx: &Tx<'_>, changes: &[RowChange], counts: &Counts) -> Result<Option<i64>, StoreError> {
        tx.put_addresses(changes.iter().filter_map(|change| change.after.as_ref()))?;
        for change in changes {
            match &change.after {
                Some(row) => letters::welcome::plan(tx, change.before.as_ref(), row, self.now)?,
                None => drop(tx.remove_address(&change.key)?),
            }
        }
        if changes.is_empty() {
            return Ok(None);
        }
        let why = format!("a list of people was imported: {}", said(counts, Told::Done));
        write_entry(tx, "import_csv", why, self.now, changes).map(Some)
    }
}

fn read(brought: &Brought) -> Result<Roster, EngineError> {
    roster::read(&brought.bytes, &brought.wanted).map_err(|error| EngineError::Invalid(error.to_string()))
}

fn known(rows: &[AddressRecord]) -> HashMap<String, Known> {
    let known = |row: &AddressRecord| Known {
        shown: row.shown.clone(),
        domain: row.domain.clone(),
        state: row.state,
        source: row.source,
        first_name: row.first_name.clone(),
        surname: row.surname.clone(),
        owner: row.owner.clone(),
    };
    rows.iter().map(|row| (row.key.clone(), known(row))).collect()
}

fn forecast(tx: &Tx<'_>, roster: &Roster, plan: &Plan) -> Result<Forecast, StoreError> {
    let (seats, licence) = (present_seats(tx)?, licence(tx)?);
    let seats = Seats { used: seats.used.saturating_sub(plan.fewer_users), ..seats };
    Ok(seats::forecast(seats, licence, roster.lines.len() as u64, plan.new_users))
}

/// Why nothing can be done, whatever is agreed to.
fn refusal(roster: &Roster, plan: &Plan, wish: Wish, forecast: Forecast) -> Option<String> {
    if plan.new_users > 0 && forecast.over_by() > 0 {
        let sentence = forecast.sentence();
        return Some(format!("There are too few seats, so nothing is imported. {sentence}"));
    }
    let is_about_nobody = || roster.lines.is_empty() || plan.population == 0 && plan.changes.is_empty();
    if wish.mode == roster::Mode::Replace && is_about_nobody() {
        return Some(
            "Nobody of your domains is in the file, so it can't replace your list. Look at the bad lines.".into(),
        );
    }
    None
}

/// Why the removals are not agreed to.
fn not_accepted(plan: &Plan, accepted: Option<u64>) -> Option<String> {
    let wanted = plan.to_accept()?;
    if accepted == Some(wanted) {
        return None;
    }
    let limit = roster::removal_limit(plan.population);
    Some(match accepted {
        None => format!(
            "The file would remove {wanted} of {} accounts, more than the {limit} that go without asking, so nothing \
             was done. Look at them, then agree to exactly {wanted}.",
            plan.population
        ),
        Some(agreed) => format!(
            "You agreed to {agreed} removals, but now there would be {wanted}, so nothing was done. Look at them again."
        ),
    })
}

/// Whether something would happen or did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It would.
    Preview,
    /// It did.
    Done,
}

/// “3 added, 1 other name, 2 changed, 4 stay as they are, 1 can't be read”.
#[must_use]
pub fn said(counts: &Counts, told: Told) -> String {
    let verbs = match told {
        Told::Preview => ["to add", "to change", "to remove"],
        Told::Done => ["added", "changed", "removed"],
    };
    let names = if counts.aliases == 1 { "other name" } else { "other names" };
    let of = |what: What| counts.of(what);
    let parts = [
        (of(What::Add), verbs[0]),
        (counts.aliases, names),
        (of(What::Update), verbs[1]),
        (of(What::Remove), verbs[2]),
        (of(What::Unchanged), "as they are already"),
        (of(What::Duplicate), "there already"),
        (of(What::Foreign), "of other domains"),
        (of(What::Conflict), "decided otherwise"),
        (of(What::Bad), "unreadable"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

/// Reading and planning keep a core busy for a while.
async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    let broken = |error| EngineError::Internal(format!("The file could not be looked at: {error}."));
    tokio::task::spawn_blocking(work).await.map_err(broken)?
}
