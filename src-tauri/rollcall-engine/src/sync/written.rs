//! Writes a run: what is planned, piece by piece, or why nothing is done.
//!
//! **Invariant.** The run is written down with its first piece, as one that did not end; its last piece says how it ended.
//! So one that dies in between is seen, what it had done is one entry of the history like that of any run, and the next run
//! reads the whole directory and does the rest. Before each piece is looked whether somebody decided since it was planned;
//! then it is planned again.
//!
//! **Limits.** After [`PATIENCE`] decisions in its way the rest is planned and written in one transaction.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rollcall_core::directory::{self, Plan, Problem, Row, Stop};
use rollcall_store::{RowChange, StoreError, SyncChangeRecord, SyncOutcome, SyncRunRecord, Tx};

use super::apply::{self, Counts, Written};
use super::pieces::{self, Piece};
use super::run::{Job, Planned, lines, plan, record, write_down};
use super::{settings, tell};
use crate::entry::BY_RULE;
use crate::error::EngineError;
use crate::house::House;
use crate::recipients::Forget;
use crate::setup::Setup;

/// So often a run is planned again because somebody decided meanwhile.
const PATIENCE: u32 = 10;
/// So many lines are written down in a transaction.
const LINES: usize = 2_000;
/// More than these are not forgotten one by one.
const FORGOTTEN_ONE_BY_ONE: usize = 1_000;
/// What is said of a run that did not end.
pub(super) const INTERRUPTED: &str =
    "The run was interrupted. What it had done stays and can be undone. Run it again: it does the rest.";

/// How a run ended; the sentence is that of one that was stopped.
type Ended = (SyncRunRecord, Option<String>);

/// A piece and where it stands.
struct Part {
    piece: Piece,
    is_first: bool,
    is_last: bool,
}

/// What all pieces of a plan share.
struct Ground {
    rows: HashMap<String, Row>,
    problems: Vec<Problem>,
    seen: i64,
}

/// What became of a piece.
enum Step {
    /// It is done; with the last one, the run is.
    Done(Written, Option<Box<SyncRunRecord>>),
    /// Nothing is done: the plan does not hold any more.
    Moved,
}

/// Whose remembered answers are none any more once a run has decided about them (V02): of many, everybody's.
pub(super) fn forgotten(plan: &Plan) -> Forget {
    let decided: BTreeSet<String> =
        plan.changes.iter().flat_map(|change| &change.rows).map(|row| row.key.clone()).collect();
    if decided.len() > FORGOTTEN_ONE_BY_ONE { Forget::Everything } else { Forget::Addresses(decided) }
}

impl House {
    /// Does what is planned, or writes down why not.
    pub(super) async fn write_sync(&self, job: Arc<Job>, mut planned: Planned) -> Result<Ended, EngineError> {
        let mut written = Written::default();
        for _ in 0..PATIENCE {
            if let Some(sentence) = stopped(&job, &planned.plan) {
                let run = self.write_stop(&job, planned.plan, &sentence, &written).await?;
                return Ok((run, Some(sentence)));
            }
            match self.write_pieces(&job, planned, &mut written).await? {
                Some(run) => return Ok((run, None)),
                None => planned = self.plan_sync(&job).await?,
            }
        }
        let setup = self.setup();
        Ok(self.store.write(move |tx| at_once(tx, &setup, &job, written)).await?)
    }

    /// Writes the pieces of a plan; `None` when it does not hold any more.
    async fn write_pieces(
        &self,
        job: &Arc<Job>,
        mut planned: Planned,
        written: &mut Written,
    ) -> Result<Option<SyncRunRecord>, EngineError> {
        let pieces = pieces::cut(&mut planned.plan, &job.begun.known, &job.entries, pieces::MOST);
        let Planned { plan, rows, seen, .. } = planned;
        let ground = Arc::new(Ground { rows, problems: plan.problems, seen });
        let count = pieces.len();
        for (place, piece) in pieces.into_iter().enumerate() {
            if self.stop.is_cancelled() && written.run.is_some() {
                return Err(EngineError::Conflict(INTERRUPTED.to_owned()));
            }
            let part = Part { piece, is_first: place == 0, is_last: place + 1 == count };
            let (job, ground, so_far) = (Arc::clone(job), Arc::clone(&ground), written.clone());
            match self.store.write(move |tx| step(tx, &job, &ground, &part, so_far)).await? {
                Step::Done(_, Some(run)) => return Ok(Some(*run)),
                Step::Done(so_far, None) => *written = so_far,
                Step::Moved => return Ok(None),
            }
        }
        Err(EngineError::Internal("the run has no end".to_owned()))
    }

    /// Writes down that a run is not done, and what it would do.
    async fn write_stop(
        &self,
        job: &Arc<Job>,
        plan: Plan,
        sentence: &str,
        written: &Written,
    ) -> Result<SyncRunRecord, EngineError> {
        let mut run = stop_record(job, &plan, sentence, written);
        let (lines, stop) = (lines(&plan.changes), plan.stop);
        let job = Arc::clone(job);
        self.store.write(move |tx| note_stop(tx, &job, stop)).await?;
        match written.run {
            Some(id) => {
                run.id = id;
                let (run, from) = (run.clone(), written.lines);
                self.store.write(move |tx| end_run(tx, &run, from, &lines, &plan.problems)).await?;
            }
            None => run.id = self.write_lines_down(run.clone(), lines, plan.problems).await?,
        }
        Ok(run)
    }

    /// Writes a run down, its many lines one transaction after the other.
    pub(super) async fn write_lines_down(
        &self,
        run: SyncRunRecord,
        mut lines: Vec<SyncChangeRecord>,
        problems: Vec<Problem>,
    ) -> Result<i64, EngineError> {
        let mut more = lines.split_off(lines.len().min(LINES));
        let id = self.store.write(move |tx| write_down(tx, &run, &lines, &problems)).await?;
        let mut from = LINES as u64;
        while !more.is_empty() {
            let rest = more.split_off(more.len().min(LINES));
            let some = std::mem::replace(&mut more, rest);
            self.store.write(move |tx| tx.add_sync_changes(id, from, &some)).await?;
            from += LINES as u64;
        }
        Ok(id)
    }
}

/// Why a plan is not done: it would lose many, or it is the first and nobody has accepted it.
fn stopped(job: &Job, plan: &Plan) -> Option<String> {
    if let Some(stop) = plan.stop {
        return Some(directory::stopped(stop));
    }
    let is_first = !job.begun.set.accepted && !job.accepted.first;
    is_first.then(|| {
        let counts = Counts::of(plan);
        directory::cannot_begin(counts.added, counts.updated, plan.problems.len() as u64)
    })
}

fn stop_record(job: &Job, plan: &Plan, sentence: &str, written: &Written) -> SyncRunRecord {
    let outcome = match plan.stop {
        Some(Stop::Empty | Stop::NobodyOfOurs) => SyncOutcome::Failed,
        _ => SyncOutcome::Stopped,
    };
    let run = record(job, outcome, sentence.to_owned(), Counts::of(plan), plan.problems.len());
    SyncRunRecord { entry: written.entry, rows_written: written.rows, ..run }
}

/// Tells of a run that stopped; one that only waits to be accepted is no bad one.
fn note_stop(tx: &Tx<'_>, job: &Job, stop: Option<Stop>) -> Result<(), StoreError> {
    note_ends(tx, job)?;
    let would_lose = match stop {
        Some(Stop::ManyMissing { missing, .. }) => Some(missing),
        Some(Stop::ManyDeleted { deleted, .. }) => Some(deleted),
        Some(Stop::Empty | Stop::NobodyOfOurs) => None,
        None => return Ok(()),
    };
    let begun = &job.begun;
    let failures = settings::note_bad(tx, would_lose, begun.at)?;
    let name = begun.set.source.as_ref().map(settings::SourceSet::name).unwrap_or_default();
    match would_lose {
        Some(count) => tell::stopped(tx, count, begun.at),
        None => tell::failing(tx, failures, &name, begun.at),
    }
}

fn note_ends(tx: &Tx<'_>, job: &Job) -> Result<(), StoreError> {
    let certificate = job.answer.certificate.as_ref().map(|certificate| certificate.not_after_ms);
    settings::note_ends(tx, job.answer.secret_expires_ms, certificate)
}

/// One piece, in its transaction. Everything is looked at before anything is written.
fn step(tx: &Tx<'_>, job: &Job, ground: &Ground, part: &Part, mut written: Written) -> Result<Step, StoreError> {
    if tx.decided_since(ground.seen, written.entry, BY_RULE)? {
        return Ok(Step::Moved);
    }
    let changes = apply::changes(tx, &part.piece, job.begun.at)?;
    if !apply::stand(&changes, &ground.rows) || !apply::has_seats(tx, &changes)? {
        return Ok(Step::Moved);
    }
    carry(tx, job, part, &changes, &mut written)?;
    let run = if part.is_last { Some(finish(tx, job, part, &ground.problems, &written)?) } else { None };
    written.lines += part.piece.changes.len() as u64;
    Ok(Step::Done(written, run.map(Box::new)))
}

/// Writes a piece that is not the last one down as well.
fn carry(tx: &Tx<'_>, job: &Job, part: &Part, changes: &[RowChange], written: &mut Written) -> Result<(), StoreError> {
    apply::write(tx, &part.piece, changes, &job.entries, written, job.begun.at)?;
    if part.is_first {
        note_ends(tx, job)?;
    }
    if part.is_last {
        return Ok(());
    }
    let lines = lines(&part.piece.changes);
    if let Some(run) = written.run {
        return tx.add_sync_changes(run, written.lines, &lines);
    }
    settings::note_begun(tx)?;
    let run = record(job, SyncOutcome::Failed, INTERRUPTED.to_owned(), Counts::default(), 0);
    written.run = Some(write_down(tx, &SyncRunRecord { entry: written.entry, ..run }, &lines, &[])?);
    Ok(())
}

/// The end of a run that did what it planned, with its last piece.
fn finish(
    tx: &Tx<'_>,
    job: &Job,
    part: &Part,
    problems: &[Problem],
    written: &Written,
) -> Result<SyncRunRecord, StoreError> {
    let (begun, lines) = (&job.begun, lines(&part.piece.changes));
    let sentence = match written.counts.said() {
        numbers if numbers.is_empty() => "Everything is in step. Nothing had to change.".to_owned(),
        numbers => format!("In step: {numbers}."),
    };
    let run = record(job, SyncOutcome::Done, sentence, written.counts, problems.len());
    let mut run = SyncRunRecord { entry: written.entry, rows_written: written.rows, ..run };
    apply::end_entry(tx, written)?;
    let before = tx.last_judged_sync_run()?;
    tell::lasting(tx, before, problems, begun.at)?;
    tell::settled(tx)?;
    tell::leaving(tx, begun.set.options.delete, begun.at)?;
    match written.run {
        Some(id) => {
            run.id = id;
            end_run(tx, &run, written.lines, &lines, problems)?;
        }
        None => run.id = write_down(tx, &run, &lines, problems)?,
    }
    settings::note_good(tx, job.answer.cursor.as_deref(), begun.at)?;
    // T15: from the first accepted run on its clocks stand.
    crate::discovery_switch::keep_clocks(tx, begun.at)?;
    Ok(run)
}

/// How a run ended that was written down with its first piece.
fn end_run(
    tx: &Tx<'_>,
    run: &SyncRunRecord,
    from: u64,
    lines: &[SyncChangeRecord],
    problems: &[Problem],
) -> Result<(), StoreError> {
    tx.add_sync_changes(run.id, from, lines)?;
    tx.add_sync_problems(run.id, problems)?;
    tx.end_sync_run(run)
}

/// The rest of a run that others kept deciding into: planned and done where nobody can.
fn at_once(tx: &Tx<'_>, setup: &Setup, job: &Job, written: Written) -> Result<Ended, StoreError> {
    let mut planned = plan(tx, setup, job)?;
    if let Some(sentence) = stopped(job, &planned.plan) {
        let mut run = stop_record(job, &planned.plan, &sentence, &written);
        let (lines, problems) = (lines(&planned.plan.changes), &planned.plan.problems);
        note_stop(tx, job, planned.plan.stop)?;
        match written.run {
            Some(id) => {
                run.id = id;
                end_run(tx, &run, written.lines, &lines, problems)?;
            }
            None => run.id = write_down(tx, &run, &lines, problems)?,
        }
        return Ok((run, Some(sentence)));
    }
    let mut written = written;
    let mut pieces = pieces::cut(&mut planned.plan, &job.begun.known, &job.entries, usize::MAX);
    let part = Part { piece: pieces.pop().unwrap_or_default(), is_first: true, is_last: true };
    let changes = apply::changes(tx, &part.piece, job.begun.at)?;
    carry(tx, job, &part, &changes, &mut written)?;
    Ok((finish(tx, job, &part, &planned.plan.problems, &written)?, None))
}
