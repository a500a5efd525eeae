//! A run: ask the directory, plan, and do all of it in one transaction or nothing (V07, V08, V09).

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, PoisonError};

use rollcall_core::Timestamp;
use rollcall_core::directory::{self, Entry, Facts, Plan, Stop, Verb};
use rollcall_directory::{Answer, Ask, DirectoryError, Progress};
use rollcall_store::{StoreError, SyncCause, SyncChangeRecord, SyncOutcome, SyncRunRecord, Tx};
use tokio_util::sync::CancellationToken;

use super::apply::{self, Done};
use super::settings::{self, SyncSet};
use super::tell;
use crate::access::who;
use crate::bus::Tag;
use crate::clock::Stopwatch;
use crate::error::EngineError;
use crate::house::House;
use crate::recipients::Forget;
use crate::seats;
use crate::setup::Setup;

/// So many runs are remembered.
const RUNS_KEPT: u32 = 500;
/// Who makes the entries of a run in the history.
pub(crate) const BY_DIRECTORY: &str = "directory";

/// A run that is going on.
#[derive(Clone)]
pub(crate) struct Running {
    progress: Progress,
    cancel: CancellationToken,
}

/// What was accepted for a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accepted {
    /// The preview of the first run (V09).
    pub first: bool,
    /// That many are missing (V07).
    pub missing: bool,
}

/// What a run would do.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The plan.
    pub plan: Plan,
    /// Entries that the directory has.
    pub found: u64,
    /// Seats left now.
    pub seats_left: Option<u64>,
    /// It is the first run.
    pub first: bool,
    /// What was odd.
    pub remarks: Vec<String>,
}

/// Ends the run in the house, however it ends.
struct Turn<'a>(&'a House);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.sync.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.0.bus.stale(&[Tag::Sync]);
    }
}

/// Whose remembered answers are none any more once a run has decided about them (V02): of many, everybody's.
fn forgotten(plan: &Plan) -> Forget {
    let decided: BTreeSet<String> =
        plan.changes.iter().flat_map(|change| &change.rows).map(|row| row.key.clone()).collect();
    if decided.len() > FORGOTTEN_ONE_BY_ONE { Forget::Everything } else { Forget::Addresses(decided) }
}

/// More than these are not forgotten one by one.
const FORGOTTEN_ONE_BY_ONE: usize = 1_000;

/// What a run starts with.
struct Begun {
    set: SyncSet,
    known: Vec<Entry>,
    watch: Stopwatch,
    at: Timestamp,
    cause: SyncCause,
}

impl House {
    /// Shows what a run would do. Nothing is changed.
    ///
    /// # Errors
    /// Conflict: no source, a run is going on, the directory gave no whole answer.
    pub async fn preview_sync(&self) -> Result<Preview, EngineError> {
        let _turn = self.take_turn()?;
        let begun = self.begin(SyncCause::Preview)?;
        let (answer, entries) = self.ask_directory(&begun).await?;
        let setup = self.setup();
        let accepted = Accepted::default();
        let (store, whole) = (self.store.clone(), Arc::clone(&entries));
        let now = begun.at;
        let planned = tokio::task::spawn_blocking(move || {
            store.read(|tx| Ok((plan(tx, &setup, &whole, accepted, now)?, seats::seats_left(tx)?)))
        });
        let (plan, seats_left) = planned.await.map_err(|error| EngineError::Internal(error.to_string()))??;
        let first = !begun.set.accepted;
        let record = record(&begun, SyncOutcome::Previewed, previewed(&plan), entries.len(), &plan);
        let (lines, problems) = (lines(&plan), plan.problems.clone());
        self.store.write(move |tx| write_down(tx, &record, &lines, &problems).map(drop)).await?;
        Ok(Preview { plan, found: entries.len() as u64, seats_left, first, remarks: answer.remarks })
    }

    /// Runs now.
    ///
    /// # Errors
    /// Conflict with the sentence of the run: no source, a run is going on, no whole answer, the first run is not accepted,
    /// too many would be missing. Nothing is changed then.
    pub async fn run_sync(&self, cause: SyncCause, accepted: Accepted) -> Result<SyncRunRecord, EngineError> {
        let _turn = self.take_turn()?;
        let begun = self.begin(cause)?;
        let (answer, entries) = self.ask_directory(&begun).await?;
        let setup = self.setup();
        let (store, whole, now) = (self.store.clone(), Arc::clone(&entries), begun.at);
        let planned = tokio::task::spawn_blocking(move || {
            store.read(|tx| Ok((plan(tx, &setup, &whole, accepted, now)?, tx.last_journal_entry()?)))
        });
        let (plan, seen) = planned.await.map_err(|error| EngineError::Internal(error.to_string()))??;
        let decided = forgotten(&plan);
        let outcome = self.conclude(begun, answer, entries, plan, (seen, accepted)).await?;
        self.bus.stale(&[Tag::Sync, Tag::Addresses, Tag::Journal, Tag::Notifications]);
        match outcome {
            (run, None) => {
                self.reload()?;
                self.forget_said(decided).await?;
                self.let_kept_mail_go().await;
                Ok(run)
            }
            (_, Some(sentence)) => Err(EngineError::Conflict(sentence)),
        }
    }

    /// Stops the run that is going on; it changes nothing.
    ///
    /// # Errors
    /// Conflict when none is.
    pub fn cancel_sync(&self) -> Result<(), EngineError> {
        let running = self.sync.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(running) = running else {
            return Err(EngineError::Conflict("No run is going on.".to_owned()));
        };
        running.cancel.cancel();
        Ok(())
    }

    /// How many entries came so far, while a run is going on.
    #[must_use]
    pub fn sync_progress(&self) -> Option<u64> {
        let running = self.sync.lock().unwrap_or_else(PoisonError::into_inner);
        running.as_ref().map(|running| running.progress.entries())
    }

    /// One run at a time.
    fn take_turn(&self) -> Result<Turn<'_>, EngineError> {
        let mut running = self.sync.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_some() {
            return Err(EngineError::Conflict("A run is going on already. Wait for it, or stop it.".to_owned()));
        }
        *running = Some(Running { progress: Progress::default(), cancel: self.stop.child_token() });
        drop(running);
        self.bus.stale(&[Tag::Sync]);
        Ok(Turn(self))
    }

    fn begin(&self, cause: SyncCause) -> Result<Begun, EngineError> {
        let (set, known) = self.store.read(|tx| Ok((SyncSet::load(tx)?, tx.directory_entries()?)))?;
        Ok(Begun { set, known, watch: Stopwatch::start(), at: self.clock.now(), cause })
    }

    /// Asks; an answer that is none is written down and told.
    async fn ask_directory(&self, begun: &Begun) -> Result<(Answer, Arc<Vec<Entry>>), EngineError> {
        self.look_for_key().await?;
        if let Some(trouble) = self.directory_secret().trouble {
            return Err(self.failed(begun, DirectoryError::Settings(trouble)).await?);
        }
        let source = self.source_with_secret(&begun.set)?;
        let running = self.sync.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(Running { progress, cancel }) = running else {
            return Err(EngineError::Internal("the run has ended".to_owned()));
        };
        let ids = || begun.known.iter().map(|entry| entry.id.clone()).collect::<HashSet<String>>();
        let since = begun.set.cursor.clone().filter(|_| !begun.known.is_empty());
        let known = since.is_some().then(|| Arc::new(ids()));
        let ask = Ask { since, known, now_ms: begun.at.0, progress, cancel, ..Ask::default() };
        match source.read(&ask).await {
            Ok(mut answer) => {
                let reading = std::mem::replace(&mut answer.reading, directory::Reading::Whole(Vec::new()));
                let whole = reading.whole(begun.known.clone());
                Ok((answer, Arc::new(whole)))
            }
            Err(error) => Err(self.failed(begun, error).await?),
        }
    }

    /// Writes a failure down; two in a row are told (N15), a sign-in that ended at once (N17).
    async fn failed(&self, begun: &Begun, error: DirectoryError) -> Result<EngineError, EngineError> {
        let sentence = error.to_string();
        let cancelled = error == DirectoryError::Cancelled;
        let outcome = if cancelled { SyncOutcome::Cancelled } else { SyncOutcome::Failed };
        let record = record(begun, outcome, sentence.clone(), 0, &Plan::default());
        let (is_run, now) = (begun.cause != SyncCause::Preview, begun.at);
        let name = begun.set.source.as_ref().map(settings::SourceSet::name).unwrap_or_default();
        let is_sign_in = matches!(error, DirectoryError::SignIn(_));
        self.store
            .write(move |tx| {
                write_down(tx, &record, &[], &[])?;
                if !is_run || cancelled {
                    return Ok(());
                }
                let failures = settings::note_bad(tx, None, now)?;
                if is_sign_in { tell::sign_in(tx, &name, now) } else { tell::failing(tx, failures, &name, now) }
            })
            .await?;
        self.bus.stale(&[Tag::Sync, Tag::Notifications]);
        Ok(match error {
            DirectoryError::Settings(_) => EngineError::Invalid(sentence),
            _ => EngineError::Conflict(sentence),
        })
    }

    /// Does what is planned, or writes down why not; the second is the sentence of what stopped it.
    async fn conclude(
        &self,
        begun: Begun,
        answer: Answer,
        entries: Arc<Vec<Entry>>,
        planned: Plan,
        (seen, accepted): (i64, Accepted),
    ) -> Result<(SyncRunRecord, Option<String>), EngineError> {
        let setup = self.setup();
        let outcome = self.store.write(move |tx| {
            // Somebody decided meanwhile: it is planned again, where nobody can.
            let planned = if tx.last_journal_entry()? == seen {
                planned
            } else {
                plan(tx, &setup, &entries, accepted, begun.at)?
            };
            settings::note_ends(
                tx,
                answer.secret_expires_ms,
                answer.certificate.as_ref().map(|certificate| certificate.not_after_ms),
            )?;
            if let Some(sentence) = stopped(&begun.set, &planned, accepted) {
                let run = stop(tx, &begun, &sentence, entries.len(), &planned)?;
                return Ok((run, Some(sentence)));
            }
            let done = apply::apply(tx, &planned, &begun.known, &entries, begun.at)?;
            let run = finish(tx, &begun, &answer, entries.len(), &planned, done)?;
            Ok((run, None))
        });
        Ok(outcome.await?)
    }
}

/// Why a plan is not done: it would lose many, or it is the first and nobody has accepted it.
fn stopped(set: &SyncSet, plan: &Plan, accepted: Accepted) -> Option<String> {
    if let Some(stop) = plan.stop {
        return Some(directory::stopped(stop));
    }
    let is_first = !set.accepted && !accepted.first;
    is_first.then(|| {
        let problems = plan.problems.len() as u64;
        directory::cannot_begin(plan.count(Verb::Add), plan.count(Verb::Update), problems)
    })
}

fn stop(tx: &Tx<'_>, begun: &Begun, sentence: &str, found: usize, plan: &Plan) -> Result<SyncRunRecord, StoreError> {
    let would_lose = match plan.stop {
        Some(Stop::ManyMissing { missing, .. }) => Some(missing),
        Some(Stop::ManyDeleted { deleted, .. }) => Some(deleted),
        Some(Stop::Empty | Stop::NobodyOfOurs) | None => None,
    };
    let outcome = match plan.stop {
        Some(Stop::Empty | Stop::NobodyOfOurs) => SyncOutcome::Failed,
        _ => SyncOutcome::Stopped,
    };
    let mut run = record(begun, outcome, sentence.to_owned(), found, plan);
    run.id = write_down(tx, &run, &lines(plan), &plan.problems)?;
    if plan.stop.is_some() {
        let failures = settings::note_bad(tx, would_lose, begun.at)?;
        let name = begun.set.source.as_ref().map(settings::SourceSet::name).unwrap_or_default();
        match would_lose {
            Some(count) => tell::stopped(tx, count, begun.at)?,
            None => tell::failing(tx, failures, &name, begun.at)?,
        }
    }
    Ok(run)
}

fn finish(
    tx: &Tx<'_>,
    begun: &Begun,
    answer: &Answer,
    found: usize,
    plan: &Plan,
    done: Done,
) -> Result<SyncRunRecord, StoreError> {
    let mut run = record(begun, SyncOutcome::Done, done_sentence(plan), found, plan);
    run.entry = done.entry;
    run.rows_written = done.rows_written;
    let before = tx.last_judged_sync_run()?;
    tell::lasting(tx, before, &plan.problems, begun.at)?;
    tell::settled(tx)?;
    tell::leaving(tx, begun.set.options.delete, begun.at)?;
    run.id = write_down(tx, &run, &lines(plan), &plan.problems)?;
    settings::note_good(tx, answer.cursor.as_deref(), begun.at)?;
    // T15: from the first accepted run on its clocks stand.
    crate::discovery_switch::keep_clocks(tx, begun.at)?;
    Ok(run)
}

/// Plans with what this transaction sees.
fn plan(tx: &Tx<'_>, setup: &Setup, entries: &[Entry], accepted: Accepted, now: Timestamp) -> Result<Plan, StoreError> {
    let set = SyncSet::load(tx)?;
    let rows = tx.directory_rows()?;
    let links = tx.directory_links()?;
    let known: HashMap<String, Entry> =
        tx.directory_entries()?.into_iter().map(|entry| (entry.id.clone(), entry)).collect();
    let exempt: HashSet<String> = tx.sync_exempt()?.into_iter().map(|exempt| exempt.id).collect();
    let choices = tx.sync_choices()?;
    let roles = setup.domains.values().map(|domain| (domain.name.clone(), domain.rule.role)).collect();
    Ok(directory::plan(&Facts {
        entries,
        rows: &rows,
        links: &links,
        known: &known,
        exempt: &exempt,
        choices: &choices,
        homes: &setup.homes,
        roles: &roles,
        options: set.options,
        seats_left: seats::seats_left(tx)?,
        accept_missing: accepted.missing,
        now,
    }))
}

fn write_down(
    tx: &Tx<'_>,
    run: &SyncRunRecord,
    lines: &[SyncChangeRecord],
    problems: &[directory::Problem],
) -> Result<i64, StoreError> {
    let who = if run.cause == SyncCause::Schedule { BY_DIRECTORY.to_owned() } else { who(tx) };
    let id = tx.add_sync_run(&SyncRunRecord { who, ..run.clone() }, lines, problems)?;
    tx.prune_sync_runs(RUNS_KEPT)?;
    Ok(id)
}

fn record(begun: &Begun, outcome: SyncOutcome, sentence: String, found: usize, plan: &Plan) -> SyncRunRecord {
    SyncRunRecord {
        id: 0,
        started: begun.at,
        took_ms: begun.watch.elapsed_ms(),
        cause: begun.cause,
        who: String::new(),
        outcome,
        sentence,
        found: found as u64,
        added: plan.count(Verb::Add),
        updated: plan.count(Verb::Update),
        missing: plan.count(Verb::Missing),
        deleted: plan.count(Verb::Delete),
        problems: plan.problems.len() as u64,
        rows_written: 0,
        entry: None,
    }
}

fn lines(plan: &Plan) -> Vec<SyncChangeRecord> {
    let line = |change: &directory::Change| SyncChangeRecord {
        verb: change.verb,
        entry: change.entry.clone(),
        kind: change.kind,
        name: change.name.clone(),
        address: change.address.clone(),
        reason: change.reason.clone(),
        addresses: change.rows.iter().map(|row| row.shown.clone()).collect(),
    };
    plan.changes.iter().map(line).collect()
}

fn numbers(plan: &Plan) -> String {
    let part = |verb, word: &str| match plan.count(verb) {
        0 => None,
        count => Some(format!("{count} {word}")),
    };
    let parts: Vec<String> = [
        part(Verb::Add, "added"),
        part(Verb::Update, "updated"),
        part(Verb::Missing, "missing"),
        part(Verb::Delete, "deleted"),
    ]
    .into_iter()
    .flatten()
    .collect();
    parts.join(", ")
}

fn done_sentence(plan: &Plan) -> String {
    match numbers(plan) {
        numbers if numbers.is_empty() => "Everything is in step. Nothing had to change.".to_owned(),
        numbers => format!("In step: {numbers}."),
    }
}

fn previewed(plan: &Plan) -> String {
    match (plan.stop, numbers(plan)) {
        (Some(stop), _) => directory::stopped(stop),
        (None, numbers) if numbers.is_empty() => "A run would change nothing.".to_owned(),
        (None, numbers) => format!("A run would change this: {numbers}."),
    }
}
