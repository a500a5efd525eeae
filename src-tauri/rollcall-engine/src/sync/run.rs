//! A run: ask the directory, plan, and do it (V07, V08, V09). Who does it is `written`.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError};

use rollcall_core::Timestamp;
use rollcall_core::directory::{self, Change, Entry, Facts, Plan, Reading};
use rollcall_directory::{Answer, Ask, DirectoryError, Progress};
use rollcall_store::{StoreError, SyncCause, SyncChangeRecord, SyncOutcome, SyncRunRecord, Tx};
use tokio_util::sync::CancellationToken;

use super::apply::Counts;
use super::settings::{self, SyncSet};
use super::{tell, written};
use crate::access::who;
use crate::bus::Tag;
use crate::clock::Stopwatch;
use crate::error::EngineError;
use crate::house::House;
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
    /// The directory has answered, and what is planned is being written.
    is_writing: bool,
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

/// What a run starts with.
pub(super) struct Begun {
    pub set: SyncSet,
    /// The entries of the last good run, by id.
    pub known: HashMap<String, Entry>,
    watch: Stopwatch,
    pub at: Timestamp,
    pub cause: SyncCause,
}

/// What a run has heard and may do.
pub(super) struct Job {
    pub begun: Begun,
    pub answer: Answer,
    pub entries: Vec<Entry>,
    pub accepted: Accepted,
}

/// A plan, and what it was made with.
pub(super) struct Planned {
    pub plan: Plan,
    /// The rows then.
    pub rows: HashMap<String, directory::Row>,
    /// The latest decision then.
    pub seen: i64,
    seats_left: Option<u64>,
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
        let job = Arc::new(Job { begun, answer, entries, accepted: Accepted::default() });
        let Planned { plan, seats_left, .. } = self.plan_sync(&job).await?;
        let run = record(&job, SyncOutcome::Previewed, previewed(&plan), Counts::of(&plan), plan.problems.len());
        self.write_lines_down(run, lines(&plan.changes), plan.problems.clone()).await?;
        let (found, first) = (job.entries.len() as u64, !job.begun.set.accepted);
        let remarks = job.answer.remarks.clone();
        Ok(Preview { plan, found, seats_left, first, remarks })
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
        let job = Arc::new(Job { begun, answer, entries, accepted });
        let planned = self.plan_sync(&job).await?;
        let decided = written::forgotten(&planned.plan);
        if !self.begins_writing() {
            return Err(self.failed(&job.begun, DirectoryError::Cancelled).await?);
        }
        let outcome = Box::pin(self.write_sync(job, planned)).await;
        self.bus.stale(&[Tag::Sync, Tag::Addresses, Tag::Journal, Tag::Notifications]);
        match outcome? {
            (run, None) => {
                self.reload()?;
                self.forget_said(decided).await?;
                self.let_kept_mail_go().await;
                Ok(run)
            }
            (_, Some(sentence)) => Err(EngineError::Conflict(sentence)),
        }
    }

    /// Plans with what is committed now, off the writer.
    pub(super) async fn plan_sync(&self, job: &Arc<Job>) -> Result<Planned, EngineError> {
        let (store, setup, job) = (self.store.clone(), self.setup(), Arc::clone(job));
        let planned = tokio::task::spawn_blocking(move || store.read(|tx| plan(tx, &setup, &job)));
        Ok(planned.await.map_err(|error| EngineError::Internal(error.to_string()))??)
    }

    /// Stops the run that is going on; it changes nothing.
    ///
    /// # Errors
    /// Conflict when none is, or when it is being written already.
    pub fn cancel_sync(&self) -> Result<(), EngineError> {
        let running = self.sync.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(running) = running else {
            return Err(EngineError::Conflict("No run is going on.".to_owned()));
        };
        if running.is_writing {
            return Err(EngineError::Conflict(
                "The directory has answered and the run is being written. Wait for it; Undo takes it back.".to_owned(),
            ));
        }
        running.cancel.cancel();
        Ok(())
    }

    /// How many entries came so far, while a run is going on.
    #[must_use]
    pub fn sync_progress(&self) -> Option<u64> {
        let running = self.sync.lock().unwrap_or_else(PoisonError::into_inner);
        running.as_ref().map(|running| running.progress.entries())
    }

    /// From now on the run is not stopped any more; false when it was.
    fn begins_writing(&self) -> bool {
        let mut running = self.sync.lock().unwrap_or_else(PoisonError::into_inner);
        let going_on = running.as_mut().filter(|running| !running.cancel.is_cancelled());
        going_on.map(|running| running.is_writing = true).is_some()
    }

    /// One run at a time.
    fn take_turn(&self) -> Result<Turn<'_>, EngineError> {
        let mut running = self.sync.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_some() {
            return Err(EngineError::Conflict("A run is going on already. Wait for it, or stop it.".to_owned()));
        }
        *running = Some(Running { progress: Progress::default(), cancel: self.stop.child_token(), is_writing: false });
        drop(running);
        self.bus.stale(&[Tag::Sync]);
        Ok(Turn(self))
    }

    fn begin(&self, cause: SyncCause) -> Result<Begun, EngineError> {
        let (set, known) = self.store.read(|tx| Ok((SyncSet::load(tx)?, tx.directory_entries()?)))?;
        let known = known.into_iter().map(|entry| (entry.id.clone(), entry)).collect();
        Ok(Begun { set, known, watch: Stopwatch::start(), at: self.clock.now(), cause })
    }

    /// Asks; an answer that is none is written down and told.
    async fn ask_directory(&self, begun: &Begun) -> Result<(Answer, Vec<Entry>), EngineError> {
        self.look_for_key().await?;
        if let Some(trouble) = self.directory_secret().trouble {
            return Err(self.failed(begun, DirectoryError::Settings(trouble)).await?);
        }
        let source = self.source_with_secret(&begun.set)?;
        let running = self.sync.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(Running { progress, cancel, .. }) = running else {
            return Err(EngineError::Internal("the run has ended".to_owned()));
        };
        let ids = || begun.known.keys().cloned().collect::<HashSet<String>>();
        let since = begun.set.cursor.clone().filter(|_| !begun.known.is_empty());
        let known = since.is_some().then(|| Arc::new(ids()));
        let ask = Ask { since, known, now_ms: begun.at.0, progress, cancel, ..Ask::default() };
        match source.read(&ask).await {
            Ok(mut answer) => {
                let reading = std::mem::replace(&mut answer.reading, Reading::Whole(Vec::new()));
                let known = match reading {
                    Reading::Whole(_) => Vec::new(),
                    Reading::Changes { .. } => begun.known.values().cloned().collect(),
                };
                let whole = reading.whole(known);
                Ok((answer, whole))
            }
            Err(error) => Err(self.failed(begun, error).await?),
        }
    }

    /// Writes a failure down; two in a row are told (N15), a sign-in that ended at once (N17).
    async fn failed(&self, begun: &Begun, error: DirectoryError) -> Result<EngineError, EngineError> {
        let sentence = error.to_string();
        let cancelled = error == DirectoryError::Cancelled;
        let outcome = if cancelled { SyncOutcome::Cancelled } else { SyncOutcome::Failed };
        let record = begun.record(outcome, sentence.clone());
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
}

/// Plans with what this transaction sees.
pub(super) fn plan(tx: &Tx<'_>, setup: &Setup, job: &Job) -> Result<Planned, StoreError> {
    let set = SyncSet::load(tx)?;
    let rows = tx.directory_rows()?;
    let links = tx.directory_links()?;
    let exempt: HashSet<String> = tx.sync_exempt()?.into_iter().map(|exempt| exempt.id).collect();
    let choices = tx.sync_choices()?;
    let roles = setup.domains.values().map(|domain| (domain.name.clone(), domain.rule.role)).collect();
    let seats_left = seats::seats_left(tx)?;
    let plan = directory::plan(&Facts {
        entries: &job.entries,
        rows: &rows,
        links: &links,
        known: &job.begun.known,
        exempt: &exempt,
        choices: &choices,
        homes: &setup.homes,
        roles: &roles,
        options: set.options,
        seats_left,
        accept_missing: job.accepted.missing,
        now: job.begun.at,
    });
    Ok(Planned { plan, rows, seen: tx.last_journal_entry()?, seats_left })
}

pub(super) fn write_down(
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

impl Begun {
    /// A run that has found and done nothing.
    fn record(&self, outcome: SyncOutcome, sentence: String) -> SyncRunRecord {
        SyncRunRecord {
            id: 0,
            started: self.at,
            took_ms: self.watch.elapsed_ms(),
            cause: self.cause,
            who: String::new(),
            outcome,
            sentence,
            found: 0,
            added: 0,
            updated: 0,
            missing: 0,
            deleted: 0,
            problems: 0,
            rows_written: 0,
            entry: None,
        }
    }
}

/// A run as it is written down.
pub(super) fn record(
    job: &Job,
    outcome: SyncOutcome,
    sentence: String,
    counts: Counts,
    problems: usize,
) -> SyncRunRecord {
    SyncRunRecord {
        found: job.entries.len() as u64,
        added: counts.added,
        updated: counts.updated,
        missing: counts.missing,
        deleted: counts.deleted,
        problems: problems as u64,
        ..job.begun.record(outcome, sentence)
    }
}

pub(super) fn lines(changes: &[Change]) -> Vec<SyncChangeRecord> {
    let line = |change: &Change| SyncChangeRecord {
        verb: change.verb,
        entry: change.entry.clone(),
        kind: change.kind,
        name: change.name.clone(),
        address: change.address.clone(),
        reason: change.reason.clone(),
        addresses: change.rows.iter().map(|row| row.shown.clone()).collect(),
    };
    changes.iter().map(line).collect()
}

fn previewed(plan: &Plan) -> String {
    match (plan.stop, Counts::of(plan).said()) {
        (Some(stop), _) => directory::stopped(stop),
        (None, numbers) if numbers.is_empty() => "A run would change nothing.".to_owned(),
        (None, numbers) => format!("A run would change this: {numbers}."),
    }
}
