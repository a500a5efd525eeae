//! The weekly report on new users and new aliases (D11, D12).

use std::collections::BTreeMap;

use rollcall_core::Timestamp;
use rollcall_core::new_accounts::Cause;
use rusqlite::{Row, named_params};

use crate::tx::{Statement, signed, statement, unsigned, word};
use crate::{NewAccount, NewKind, NewReport, ReportRecord, StoreError, Tx};

const NEW_ACCOUNTS: Statement = statement!("journal/new_accounts", "find who came new");
const NOTE_CAUSE: Statement = statement!("journal/note_cause", "note what made an account");
const LAST_BEFORE: Statement = statement!("journal/last_before", "find the last decision before a time");
const LAST_ENTRY: Statement = statement!("weekly_tick/last_entry", "find where the last week ended");
const ADD: Statement = statement!("report/add", "keep a report");
const ADD_ROW: Statement = statement!("report/add_row", "keep a report");
const LIST: Statement = statement!("report/list", "list the reports");
const GET: Statement = statement!("report/get", "read a report");
const ROWS: Statement = statement!("report/rows", "read a report");

impl Tx<'_> {
    /// The decision `entry` of the rule made an account for this reason.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also for [`Cause::Operator`]: what a person decided has nobody else for a cause.
    pub fn note_cause(&self, entry: i64, cause: Cause) -> Result<(), StoreError> {
        self.change(&NOTE_CAUSE, named_params! { ":entry": entry, ":cause": cause.word() }).map(drop)
    }

    /// Where the latest week ended: the number of the last decision that belongs to it. Before the first tick, that of the
    /// last decision before `start`.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn last_reported_entry(&self, start: Timestamp) -> Result<i64, StoreError> {
        match self.maybe(&LAST_ENTRY, [], |row| row.get("entry"))? {
            Some(entry) => Ok(entry),
            None => self.one(&LAST_BEFORE, named_params! { ":at": start.0 }, |row| row.get("entry")),
        }
    }

    /// Who was made a user or an alias behind the decision `after` and was none before, oldest first, each once: a
    /// decision that was taken back made nobody.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn new_accounts(&self, after: i64, kind: NewKind) -> Result<Vec<NewAccount>, StoreError> {
        let params = named_params! { ":after": after, ":state": kind.word() };
        let made = self.all(&NEW_ACCOUNTS, params, |row| read_made(row, kind))?;
        let mut latest: BTreeMap<String, NewAccount> = BTreeMap::new();
        for account in made {
            latest.insert(account.key.clone(), account);
        }
        let mut made: Vec<NewAccount> = latest.into_values().collect();
        made.sort_by_key(|account| account.at);
        Ok(made)
    }

    /// Keeps a report with what it lists; gives its number.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn add_report(&self, report: &NewReport, rows: &[NewAccount]) -> Result<i64, StoreError> {
        let params = named_params! {
            ":at": report.at.0,
            ":from": report.from.0,
            ":until": report.until.0,
            ":waiting": signed(report.waiting),
        };
        let number = self.insert(&ADD, params)?;
        for (position, row) in (0_i64..).zip(rows) {
            let params = named_params! {
                ":report": number,
                ":position": position,
                ":kind": row.kind.word(),
                ":key": row.key,
                ":shown": row.shown,
                ":owner": row.owner,
                ":at": row.at.0,
                ":cause": row.cause.word(),
                ":who": row.who,
            };
            self.change(&ADD_ROW, params)?;
        }
        Ok(number)
    }

    /// The latest reports, newest first; with `before`, those with a smaller number.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn reports(&self, limit: u32, before: Option<i64>) -> Result<Vec<ReportRecord>, StoreError> {
        let params = named_params! { ":before": before.unwrap_or(i64::MAX), ":limit": limit };
        self.all(&LIST, params, read_report)
    }

    /// One report with what it lists.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn report(&self, id: i64) -> Result<Option<(ReportRecord, Vec<NewAccount>)>, StoreError> {
        let Some(report) = self.maybe(&GET, named_params! { ":id": id }, read_report)? else { return Ok(None) };
        Ok(Some((report, self.all(&ROWS, named_params! { ":report": id }, read_row)?)))
    }
}

/// What the journal says of an account. Entries of before causes were noted have none: the rule acted at the threshold.
fn read_made(row: &Row<'_>, kind: NewKind) -> rusqlite::Result<NewAccount> {
    let who: String = row.get("who")?;
    let noted = row.get::<_, Option<String>>("cause")?.as_deref().and_then(Cause::from_word);
    let unnoted = if who == "rollcall" { Cause::Threshold } else { Cause::Operator };
    Ok(NewAccount {
        kind,
        key: row.get("key")?,
        shown: row.get("shown")?,
        owner: row.get("owner")?,
        at: Timestamp(row.get("at_ms")?),
        cause: noted.unwrap_or(unnoted),
        who,
    })
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<NewAccount> {
    Ok(NewAccount {
        kind: word(row, "kind", NewKind::from_word)?,
        key: row.get("key")?,
        shown: row.get("shown")?,
        owner: row.get("owner")?,
        at: Timestamp(row.get("at_ms")?),
        cause: word(row, "cause", Cause::from_word)?,
        who: row.get("who")?,
    })
}

fn read_report(row: &Row<'_>) -> rusqlite::Result<ReportRecord> {
    Ok(ReportRecord {
        id: row.get("id")?,
        about: NewReport {
            at: Timestamp(row.get("at_ms")?),
            from: Timestamp(row.get("from_ms")?),
            until: Timestamp(row.get("until_ms")?),
            waiting: unsigned(row, "waiting")?,
        },
        users: unsigned(row, "users")?,
        aliases: unsigned(row, "aliases")?,
    })
}
