//! Runs of the sync, and what the operator settled about it.

use std::collections::HashMap;

use rollcall_core::Timestamp;
use rollcall_core::directory::{Choice, Kind, Problem, ProblemKind, Verb};
use rusqlite::{Row, named_params};

use crate::tx::{Statement, signed, statement, unsigned, word};
use crate::{ExemptRecord, StoreError, SyncCause, SyncChangeRecord, SyncOutcome, SyncRunRecord, Tx};

const EXEMPT: Statement = statement!("sync/exempt", "list what sync leaves alone");
const PUT_EXEMPT: Statement = statement!("sync/put_exempt", "exempt an entry from sync");
const REMOVE_EXEMPT: Statement = statement!("sync/remove_exempt", "exempt an entry from sync no more");
const CHOICES: Statement = statement!("sync/choices", "read what was settled");
const PUT_CHOICE: Statement = statement!("sync/put_choice", "note what was settled");
const CLEAR_CHOICES: Statement = statement!("sync/clear_choices", "forget what was settled");
const ADD_RUN: Statement = statement!("sync/add_run", "write a run down");
const END_RUN: Statement = statement!("sync/end_run", "write a run down");
const RUNS: Statement = statement!("sync/runs", "list runs");
const RUN: Statement = statement!("sync/run", "read a run");
const PRUNE_RUNS: Statement = statement!("sync/prune_runs", "forget old runs");
const ADD_CHANGE: Statement = statement!("sync/add_change", "write a run down");
const CHANGES: Statement = statement!("sync/changes", "read a run");
const COUNT_CHANGES: Statement = statement!("sync/count_changes", "read a run");
const ADD_PROBLEM: Statement = statement!("sync/add_problem", "write a run down");
const PROBLEMS: Statement = statement!("sync/problems", "read what a run found wrong");
const SETTLE_PROBLEM: Statement = statement!("sync/settle_problem", "settle what a run found wrong");
const LAST_JUDGED: Statement = statement!("sync/last_judged", "find the latest run");

impl Tx<'_> {
    /// The entries that sync leaves alone, by name.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn sync_exempt(&self) -> Result<Vec<ExemptRecord>, StoreError> {
        self.all(&EXEMPT, [], |row| {
            let kind: Option<String> = row.get("kind")?;
            let aliases: Option<String> = row.get("aliases")?;
            Ok(ExemptRecord {
                id: row.get("id")?,
                name: row.get("name")?,
                kind: kind.as_deref().and_then(Kind::from_word),
                main: row.get("main")?,
                aliases: aliases.map_or(0, |lines| lines.lines().count() as u64),
                place: row.get::<_, Option<String>>("place")?.unwrap_or_default(),
            })
        })
    }

    /// Leaves an entry alone from now on.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn exempt_from_sync(&self, id: &str, name: &str, at: Timestamp) -> Result<(), StoreError> {
        self.change(&PUT_EXEMPT, named_params! { ":id": id, ":name": name, ":at": at.0 }).map(drop)
    }

    /// Does not leave it alone any more.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn include_in_sync(&self, id: &str) -> Result<(), StoreError> {
        self.change(&REMOVE_EXEMPT, named_params! { ":id": id }).map(drop)
    }

    /// How the operator settled what was asked, by key.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn sync_choices(&self) -> Result<HashMap<String, Choice>, StoreError> {
        let read = |row: &Row<'_>| {
            let choice: String = row.get("choice")?;
            let entry: Option<String> = row.get("entry")?;
            let choice = match (choice.as_str(), entry) {
                ("entry", Some(entry)) => Choice::Entry(entry),
                ("directory", _) => Choice::Directory,
                _ => Choice::Keep,
            };
            Ok((row.get("key")?, choice))
        };
        Ok(self.all(&CHOICES, [], read)?.into_iter().collect())
    }

    /// Notes how the operator settled what was asked about an address.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn put_sync_choice(&self, key: &str, choice: &Choice, at: Timestamp) -> Result<(), StoreError> {
        let (word, entry) = match choice {
            Choice::Directory => ("directory", None),
            Choice::Entry(entry) => ("entry", Some(entry)),
            Choice::Keep => ("keep", None),
        };
        self.change(&PUT_CHOICE, named_params! { ":key": key, ":choice": word, ":entry": entry, ":at": at.0 }).map(drop)
    }

    /// Forgets how the operator settled what was asked.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn forget_sync_choices(&self) -> Result<(), StoreError> {
        self.change(&CLEAR_CHOICES, []).map(drop)
    }

    /// Writes a run down with its lines and what it found wrong; gives its number.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn add_sync_run(
        &self,
        run: &SyncRunRecord,
        changes: &[SyncChangeRecord],
        problems: &[Problem],
    ) -> Result<i64, StoreError> {
        let params = named_params! {
            ":started_ms": run.started.0,
            ":took_ms": signed(run.took_ms),
            ":cause": run.cause.word(),
            ":who": run.who,
            ":outcome": run.outcome.word(),
            ":sentence": run.sentence,
            ":found": signed(run.found),
            ":added": signed(run.added),
            ":updated": signed(run.updated),
            ":missing": signed(run.missing),
            ":deleted": signed(run.deleted),
            ":problems": signed(run.problems),
            ":rows_written": signed(run.rows_written),
            ":entry": run.entry,
        };
        let id = self.insert(&ADD_RUN, params)?;
        self.add_sync_changes(id, 0, changes)?;
        self.add_sync_problems(id, problems)?;
        Ok(id)
    }

    /// Writes more lines of a run down, behind its first `from`.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also when it has more than those already.
    pub fn add_sync_changes(&self, run: i64, from: u64, changes: &[SyncChangeRecord]) -> Result<(), StoreError> {
        for (position, change) in (signed(from)..).zip(changes) {
            let params = named_params! {
                ":run": run,
                ":position": position,
                ":verb": change.verb.word(),
                ":entry": change.entry,
                ":kind": change.kind.word(),
                ":name": change.name,
                ":address": change.address,
                ":reason": change.reason,
                ":addresses": change.addresses.join("\n"),
            };
            self.put(&ADD_CHANGE, params)?;
        }
        Ok(())
    }

    /// Writes down what a run found wrong.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also when that was done already.
    pub fn add_sync_problems(&self, run: i64, problems: &[Problem]) -> Result<(), StoreError> {
        for (position, problem) in (0_i64..).zip(problems) {
            let entries = problem.entries.iter().flat_map(|(id, name)| [id.as_str(), name.as_str()]);
            let entries: Vec<String> = entries.map(|text| text.replace('\n', " ")).collect();
            let params = named_params! {
                ":run": run,
                ":position": position,
                ":kind": problem.kind.word(),
                ":address": problem.address,
                ":domain": problem.domain,
                ":total": signed(problem.count),
                ":entries": entries.join("\n"),
                ":account": problem.account,
            };
            self.change(&ADD_PROBLEM, params)?;
        }
        Ok(())
    }

    /// Notes how the run `run.id` ended, which was written down while it went on. When, why and by whom it began stays.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn end_sync_run(&self, run: &SyncRunRecord) -> Result<(), StoreError> {
        let params = named_params! {
            ":took_ms": signed(run.took_ms),
            ":outcome": run.outcome.word(),
            ":sentence": run.sentence,
            ":found": signed(run.found),
            ":added": signed(run.added),
            ":updated": signed(run.updated),
            ":missing": signed(run.missing),
            ":deleted": signed(run.deleted),
            ":problems": signed(run.problems),
            ":rows_written": signed(run.rows_written),
            ":entry": run.entry,
            ":id": run.id,
        };
        self.change(&END_RUN, params).map(drop)
    }

    /// The latest runs.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn sync_runs(&self, limit: u32) -> Result<Vec<SyncRunRecord>, StoreError> {
        self.all(&RUNS, named_params! { ":limit": limit }, read_run)
    }

    /// One run.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn sync_run(&self, id: i64) -> Result<Option<SyncRunRecord>, StoreError> {
        self.maybe(&RUN, named_params! { ":id": id }, read_run)
    }

    /// Forgets all but the latest runs.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn prune_sync_runs(&self, keep: u32) -> Result<(), StoreError> {
        self.change(&PRUNE_RUNS, named_params! { ":keep": keep }).map(drop)
    }

    /// Lines of a run, of one verb or of all, and how many there are.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn sync_changes(
        &self,
        run: i64,
        verb: Option<Verb>,
        limit: u32,
        offset: u32,
    ) -> Result<(Vec<SyncChangeRecord>, u64), StoreError> {
        let verb = verb.map(Verb::word);
        let params = named_params! { ":run": run, ":verb": verb, ":limit": limit, ":offset": offset };
        let rows = self.all(&CHANGES, params, |row| {
            let addresses: String = row.get("addresses")?;
            Ok(SyncChangeRecord {
                verb: word(row, "verb", Verb::from_word)?,
                entry: row.get("entry")?,
                kind: word(row, "kind", Kind::from_word)?,
                name: row.get("name")?,
                address: row.get("address")?,
                reason: row.get("reason")?,
                addresses: addresses.lines().map(str::to_owned).collect(),
            })
        })?;
        Ok((rows, self.total(&COUNT_CHANGES, named_params! { ":run": run, ":verb": verb })?))
    }

    /// What a run found wrong.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn sync_problems(&self, run: i64, limit: u32) -> Result<Vec<Problem>, StoreError> {
        self.all(&PROBLEMS, named_params! { ":run": run, ":limit": limit }, |row| {
            let entries: String = row.get("entries")?;
            let lines: Vec<&str> = entries.lines().collect();
            let pair = |two: &[&str]| (two[0].to_owned(), two.get(1).copied().unwrap_or_default().to_owned());
            Ok(Problem {
                kind: word(row, "kind", ProblemKind::from_word)?,
                address: row.get("address")?,
                domain: row.get("domain")?,
                count: unsigned(row, "total")?,
                entries: lines.chunks(2).map(pair).collect(),
                account: row.get("account")?,
            })
        })
    }

    /// What was asked about an address by the latest run that looked is settled.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn settle_sync_problem(&self, address: &str) -> Result<(), StoreError> {
        let Some(run) = self.last_judged_sync_run()? else { return Ok(()) };
        self.change(&SETTLE_PROBLEM, named_params! { ":run": run, ":address": address }).map(drop)
    }

    /// The latest run that looked at a whole answer.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn last_judged_sync_run(&self) -> Result<Option<i64>, StoreError> {
        self.one(&LAST_JUDGED, [], |row| row.get("id"))
    }
}

fn read_run(row: &Row<'_>) -> rusqlite::Result<SyncRunRecord> {
    Ok(SyncRunRecord {
        id: row.get("id")?,
        started: Timestamp(row.get("started_ms")?),
        took_ms: unsigned(row, "took_ms")?,
        cause: word(row, "cause", SyncCause::from_word)?,
        who: row.get("who")?,
        outcome: word(row, "outcome", SyncOutcome::from_word)?,
        sentence: row.get("sentence")?,
        found: unsigned(row, "found")?,
        added: unsigned(row, "added")?,
        updated: unsigned(row, "updated")?,
        missing: unsigned(row, "missing")?,
        deleted: unsigned(row, "deleted")?,
        problems: unsigned(row, "problems")?,
        rows_written: unsigned(row, "rows_written")?,
        entry: row.get("entry")?,
    })
}
