//! What the operator settles about the sync: who is left alone, whose an address is, who stays (Z03, T17, N16).

use rollcall_core::decision::Decision;
use rollcall_core::directory::{Choice, Verb};
use rollcall_core::{Address, AddressState, MadeBy, Role, Timestamp};
use rollcall_store::{AddressRecord, RowChange, StoreError, SyncOutcome, Tx};

use crate::bus::Tag;
use crate::decide::{Changed, Subject, write_entry};
use crate::error::EngineError;
use crate::house::House;
use crate::office::note;
use crate::seats;

/// The most in one command.
const MOST: usize = 10_000;

/// How something is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// As the directory says.
    Directory,
    /// It belongs to this entry.
    Entry(String),
    /// It stays as it is.
    Keep,
    /// Made a functional account now.
    Functional,
    /// Made inactive now.
    Inactive,
}

impl House {
    /// Leaves entries alone from now on, or not any more (Z03).
    ///
    /// # Errors
    /// Invalid: none or too many.
    pub async fn exempt_from_sync(&self, ids: Vec<String>, on: bool) -> Result<(), EngineError> {
        if ids.is_empty() || ids.len() > MOST || ids.iter().any(|id| id.trim().is_empty()) {
            return Err(EngineError::Invalid(format!("Give 1 to {MOST} ids.")));
        }
        let now = self.clock.now();
        self.store
            .write(move |tx| {
                let names = names(tx, &ids)?;
                for (id, name) in ids.iter().zip(&names) {
                    if on { tx.exempt_from_sync(id, name, now)? } else { tx.include_in_sync(id)? }
                }
                let who = if names.len() == 1 { names[0].clone() } else { format!("{} entries", names.len()) };
                let why = if on { format!("sync leaves {who} alone") } else { format!("{who} is synced again") };
                note(tx, "exempt_from_sync", why, now)
            })
            .await?;
        self.sync_changed()
    }

    /// Settles what was asked about an address. What the directory says is done with the next run.
    ///
    /// # Errors
    /// Invalid: no address. As [`House::decide`] where it is decided at once.
    pub async fn settle_sync(&self, address: &str, settled: Settled) -> Result<(), EngineError> {
        let parsed = Address::parse(address)?;
        let (key, now) = (parsed.key(), self.clock.now());
        let choice = match settled {
            Settled::Directory => Choice::Directory,
            Settled::Entry(id) => Choice::Entry(id),
            Settled::Keep => Choice::Keep,
            Settled::Functional => {
                let subject = Subject { address: address.to_owned(), ..Subject::default() };
                self.decide(vec![subject], Decision::CreateFunctional).await?;
                Choice::Keep
            }
            Settled::Inactive => {
                let missing = format!("{key} isn't an account.");
                let changed = self.make_inactive(vec![key.clone()]).await?;
                if changed.addresses.is_empty() {
                    return Err(EngineError::Conflict(missing));
                }
                Choice::Keep
            }
        };
        let why = match &choice {
            Choice::Directory | Choice::Entry(_) => format!("{parsed} follows the directory"),
            Choice::Keep => format!("{parsed} stays as it is here"),
        };
        let shown = parsed.to_string();
        self.store
            .write(move |tx| {
                tx.put_sync_choice(&key, &choice, now)?;
                tx.settle_sync_problem(&shown)?;
                note(tx, "settle_sync_conflict", why, now)
            })
            .await?;
        self.sync_changed()
    }

    /// Keeps accounts that left the directory: they are again what they were, and the operator's (T17).
    ///
    /// # Errors
    /// Invalid: none, too many, no address. Conflict: one did not leave, or no seat is left.
    pub async fn keep_leaving(&self, addresses: Vec<String>) -> Result<Changed, EngineError> {
        let subjects = addresses.into_iter().map(|address| Subject { address, ..Subject::default() }).collect();
        let keys: Vec<String> = self.resolve(subjects)?.into_iter().map(|(address, _)| address.key()).collect();
        let now = self.clock.now();
        let changed = self.store.write(move |tx| keep(tx, keys, now)).await?.map_err(EngineError::Conflict)?;
        self.bus.stale(&[Tag::Sync, Tag::Addresses, Tag::Journal]);
        self.let_kept_mail_go().await;
        Ok(changed)
    }

    /// Keeps everybody whom the run that stopped would have put aside (N16): they are the operator's from now on.
    ///
    /// # Errors
    /// Conflict: no run stopped.
    pub async fn keep_everyone(&self) -> Result<Changed, EngineError> {
        let now = self.clock.now();
        let changed = self.store.write(move |tx| keep_all(tx, now)).await?.map_err(EngineError::Conflict)?;
        self.bus.stale(&[Tag::Sync, Tag::Addresses, Tag::Journal]);
        Ok(changed)
    }
}

fn names(tx: &Tx<'_>, ids: &[String]) -> Result<Vec<String>, StoreError> {
    let known = tx.directory_entries()?;
    let lines = match tx.last_judged_sync_run()? {
        Some(run) => tx.sync_changes(run, None, u32::MAX, 0)?.0,
        None => Vec::new(),
    };
    let name = |id: &String| {
        let entry = known.iter().find(|entry| entry.id == *id);
        let of_entry = entry.and_then(|entry| entry.display_name.clone().or_else(|| entry.primary.clone()));
        of_entry.or_else(|| lines.iter().find(|line| line.entry == *id).map(|line| line.name.clone()))
    };
    Ok(ids.iter().map(|id| name(id).unwrap_or_else(|| id.clone())).collect())
}

fn keep(tx: &Tx<'_>, keys: Vec<String>, now: Timestamp) -> Result<Result<Changed, String>, StoreError> {
    let mut wanted = Vec::new();
    for key in keys {
        wanted.extend(tx.aliases_of(&key)?);
        wanted.push(key);
    }
    wanted.sort();
    wanted.dedup();
    let mut changes = Vec::new();
    let mut seats = seats::seats_left(tx)?;
    for key in wanted {
        let link = tx.directory_link(&key)?.filter(|link| link.missing_since.is_some());
        let row = tx.address(&key)?.filter(|row| row.state == AddressState::Inactive);
        let (Some(link), Some(before)) = (link, row) else {
            // Another name that did not leave with it.
            if tx.address(&key)?.is_some_and(|row| row.owner.is_some()) {
                continue;
            }
            return Ok(Err(format!("{key} isn't leaving.")));
        };
        let state = link.before.unwrap_or(AddressState::User(Role::Silent));
        if matches!(state, AddressState::User(_)) {
            if seats == Some(0) {
                return Ok(Err(format!("No seat is left for {}, so nobody was kept.", before.shown)));
            }
            seats = seats.map(|left| left - 1);
        }
        let made_by = Some(MadeBy::Operator);
        let after = AddressRecord { state, changed: now, decided: Some(now), made_by, ..before.clone() };
        changes.push(RowChange { key, before: Some(before), after: Some(after) });
    }
    write(tx, changes, "keep_leaving", now).map(Ok)
}

fn keep_all(tx: &Tx<'_>, now: Timestamp) -> Result<Result<Changed, String>, StoreError> {
    let stopped = tx.sync_runs(1)?.into_iter().next().filter(|run| run.outcome == SyncOutcome::Stopped);
    let Some(run) = stopped else { return Ok(Err("No run has stopped to ask since. Look again.".to_owned())) };
    let (lines, _) = tx.sync_changes(run.id, None, u32::MAX, 0)?;
    let lines = lines.into_iter().filter(|line| matches!(line.verb, Verb::Missing | Verb::Delete));
    let mut changes = Vec::new();
    for key in lines.flat_map(|line| line.addresses) {
        if let Some(before) = tx.address(&key)? {
            let after = AddressRecord { made_by: Some(MadeBy::Operator), decided: Some(now), ..before.clone() };
            changes.push(RowChange { key, before: Some(before), after: Some(after) });
        }
    }
    write(tx, changes, "keep_everyone", now).map(Ok)
}

/// Writes the rows; sync has nothing to say about them any more.
fn write(tx: &Tx<'_>, changes: Vec<RowChange>, action: &str, now: Timestamp) -> Result<Changed, StoreError> {
    let mut changed = Changed::default();
    for change in &changes {
        if let Some(row) = &change.after {
            tx.put_address(row)?;
            changed.addresses.push(row.shown.clone());
        }
        tx.remove_directory_link(&change.key)?;
    }
    if !changes.is_empty() {
        changed.entry = Some(write_entry(tx, action, "the operator decided".to_owned(), now, &changes)?);
    }
    Ok(changed)
}
