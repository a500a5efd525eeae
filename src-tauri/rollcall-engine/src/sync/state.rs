//! Where the sync stands, for the page and for health.

use rollcall_core::Timestamp;
use rollcall_core::directory::{Problem, WAIT_MS};
use rollcall_core::time::DAY_MS;
use rollcall_store::{ExemptRecord, SyncOutcome, SyncRunRecord};

use super::settings::SyncSet;
use super::written::INTERRUPTED;
use crate::error::EngineError;
use crate::health::Fault;
use crate::house::House;
use crate::secrets::KeptSecret;

/// So many lines of a list are told.
const MOST: u32 = 1_000;
/// What ends within so long is told (V21).
const SOON_MS: i64 = 30 * DAY_MS;

/// The word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// No source.
    NeverSet,
    /// The first run is not accepted.
    PreviewWaiting,
    /// The schedule is not Never.
    On,
    /// It is.
    Off,
    /// A run is going on.
    Running,
    /// The last run failed or stopped to ask.
    Failed,
}

/// An account that left and waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// As shown.
    pub shown: String,
    /// Its name.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when nothing happens.
    pub until: Timestamp,
    /// That is over, and somebody should decide.
    pub asks: bool,
}

/// Everything that the page shows.
#[derive(Debug, Clone)]
pub struct Status {
    /// The word.
    pub state: State,
    /// What is set.
    pub set: SyncSet,
    /// Entries that came so far.
    pub entries: Option<u64>,
    /// The latest run.
    pub last: Option<SyncRunRecord>,
    /// Why the last one did nothing.
    pub sentence: Option<String>,
    /// When the next is due.
    pub next: Option<Timestamp>,
    /// Its secret is there.
    pub secret: KeptSecret,
    /// Entries in step.
    pub in_step: u64,
    /// Who left and waits, at most 1,000.
    pub leaving: Vec<Leaving>,
    /// How many.
    pub leaving_total: u64,
    /// What the latest run that looked found wrong, at most 1,000.
    pub problems: Vec<Problem>,
    /// How many.
    pub problems_total: u64,
    /// Who is left alone.
    pub exempt: Vec<ExemptRecord>,
}

impl House {
    /// Where the sync stands.
    ///
    /// # Errors
    /// The store's.
    pub fn sync_status(&self) -> Result<Status, EngineError> {
        let now = self.clock.now();
        let entries = self.sync_progress();
        let secret = self.directory_secret();
        let status = self.store.read(|tx| {
            let set = SyncSet::load(tx)?;
            let runs = without_unended(tx.sync_runs(MOST)?, entries.is_some());
            let judged = tx.last_judged_sync_run()?;
            let problems = judged.map_or(Ok(Vec::new()), |run| tx.sync_problems(run, MOST))?;
            let counted = runs.iter().find(|run| Some(run.id) == judged).map_or(0, |run| run.problems);
            let deletes = set.options.delete;
            let leaving = tx.leaving(MOST)?.into_iter().map(|row| {
                let until = row.since.plus_ms(WAIT_MS);
                Leaving { shown: row.shown, name: row.name, since: row.since, until, asks: !deletes && until <= now }
            });
            let last = runs.into_iter().next();
            let problems_total = if problems.len() < MOST as usize { problems.len() as u64 } else { counted };
            Ok(Status {
                state: State::NeverSet,
                next: set.next(now),
                sentence: None,
                entries,
                last,
                secret,
                in_step: tx.in_step()?,
                leaving: leaving.collect(),
                leaving_total: tx.leaving_total(now)?,
                problems,
                problems_total,
                exempt: tx.sync_exempt()?,
                set,
            })
        })?;
        Ok(worded(status))
    }

    /// The latest runs, the latest first; one that is being written is none yet.
    ///
    /// # Errors
    /// The store's.
    pub fn sync_runs(&self, limit: u32) -> Result<Vec<SyncRunRecord>, EngineError> {
        let is_going_on = self.sync_progress().is_some();
        Ok(self.store.read(|tx| Ok(without_unended(tx.sync_runs(limit)?, is_going_on)))?)
    }

    /// Whether an entry of the history is that of a run that is being written.
    pub(crate) fn is_being_written(&self, entry: i64) -> Result<bool, EngineError> {
        let last = self.store.read(|tx| tx.sync_runs(1))?;
        let is_its = last.first().is_some_and(|run| is_unended(run) && run.entry == Some(entry));
        Ok(is_its && self.sync_progress().is_some())
    }

    /// What needs an operator.
    pub(crate) fn sync_faults(&self) -> Vec<Fault> {
        let now = self.clock.now();
        let Ok(set) = self.store.read(SyncSet::load) else { return Vec::new() };
        let Some(source) = &set.source else { return Vec::new() };
        let ends = [
            (
                set.secret_ends,
                "directory_secret_ends",
                "The secret for",
                "Make a new one and give it on the Sync page.",
            ),
            (set.certificate_ends, "directory_certificate_ends", "The certificate of", "Renew it before it ends."),
        ];
        let fault = |(at, code, what, remedy): (Option<Timestamp>, &'static str, &str, &str)| {
            let at = at.filter(|at| at.since_ms(now) < SOON_MS)?;
            // Begun days count, as in the window.
            let days = (at.since_ms(now) + DAY_MS - 1) / DAY_MS;
            let when = match days {
                _ if at <= now => "has ended".to_owned(),
                1 => "ends in 1 day".to_owned(),
                days => format!("ends in {days} days"),
            };
            let sentence = format!("{what} {} {when}. People stay as they are. {remedy}", source.name());
            Some(Fault { code, sentence, detail: None, since: now })
        };
        ends.into_iter().filter_map(fault).collect()
    }
}

/// Whether a run is as it was written down with its first piece.
fn is_unended(run: &SyncRunRecord) -> bool {
    run.outcome == SyncOutcome::Failed && run.sentence == INTERRUPTED
}

/// While a run goes on, the latest one that has not ended is not shown as one that failed.
fn without_unended(mut runs: Vec<SyncRunRecord>, is_going_on: bool) -> Vec<SyncRunRecord> {
    if is_going_on && runs.first().is_some_and(is_unended) {
        runs.remove(0);
    }
    runs
}

fn worded(mut status: Status) -> Status {
    use SyncOutcome::{Failed, Stopped};
    // A first run that nobody accepted has not failed.
    let is_bad =
        status.set.failures > 0 && status.last.as_ref().is_some_and(|run| matches!(run.outcome, Failed | Stopped));
    status.state = match &status.set {
        _ if status.entries.is_some() => State::Running,
        set if set.source.is_none() => State::NeverSet,
        _ if is_bad => State::Failed,
        set if !set.accepted => State::PreviewWaiting,
        set if set.hours > 0 => State::On,
        _ => State::Off,
    };
    if status.state == State::Failed {
        status.sentence = status.last.as_ref().map(|run| run.sentence.clone());
    }
    status
}
