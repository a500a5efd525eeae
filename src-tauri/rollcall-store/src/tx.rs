//! A transaction, as its owner sees it: typed questions and typed changes (in `area/`), and here the few ways they
//! reach SQLite.
//!
//! **Invariant.** Every statement comes from a file below `sql/`, is prepared once a connection and binds by name, or by
//! place in the order of its names.

use rusqlite::{CachedStatement, Connection, Params, Row, RowIndex, ToSql};

use crate::StoreError;

/// A transaction with typed functions. The reading ones work in [`Store::read`](crate::Store::read) too; a changing
/// one fails there.
pub struct Tx<'c> {
    conn: &'c Connection,
    decider: Option<&'static str>,
}

/// A file below `sql/` and what it does.
pub(crate) struct Statement {
    /// As an infinitive, for [`StoreError::Sqlite`].
    pub(crate) action: &'static str,
    /// The file's text.
    pub(crate) sql: &'static str,
}

/// `statement!("address/get", "read an address")`: the file `sql/address/get.sql`.
macro_rules! statement {
    ($file:literal, $action:literal) => {
        $crate::tx::Statement {
            action: $action,
            sql: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $file, ".sql")),
        }
    };
}
pub(crate) use statement;

impl<'c> Tx<'c> {
    pub(crate) const fn new(conn: &'c Connection) -> Self {
        Self { conn, decider: None }
    }

    /// The same transaction, for a change that `word` decided.
    pub(crate) const fn decided_by(&self, word: Option<&'static str>) -> Self {
        Self { conn: self.conn, decider: word }
    }

    /// Who decided what is changed here, as [`decided_by`](crate::decided_by) said where the change was asked for;
    /// `None` where nobody commanded it.
    #[must_use]
    pub const fn decider(&self) -> Option<&'static str> {
        self.decider
    }

    /// Changes rows; says how many.
    pub(crate) fn change(&self, statement: &Statement, params: impl Params) -> Result<usize, StoreError> {
        self.prepared(statement)?.execute(params).map_err(|source| statement.failed(source))
    }

    /// Adds a row; gives its number.
    pub(crate) fn insert(&self, statement: &Statement, params: impl Params) -> Result<i64, StoreError> {
        self.prepared(statement)?.insert(params).map_err(|source| statement.failed(source))
    }

    /// Adds or changes a row of which there is one with each message; `params` in the order in which the statement names
    /// them, so that no name is looked up. Gives the number of the last row added.
    pub(crate) fn put(&self, statement: &Statement, params: &[(&str, &dyn ToSql)]) -> Result<i64, StoreError> {
        let mut prepared = self.prepared(statement)?;
        debug_assert_eq!(prepared.parameter_count(), params.len(), "{}", statement.action);
        for (place, (name, value)) in (1..).zip(params) {
            debug_assert_eq!(prepared.parameter_name(place), Some(*name), "{}", statement.action);
            prepared.raw_bind_parameter(place, value).map_err(|source| statement.failed(source))?;
        }
        prepared.raw_execute().map_err(|source| statement.failed(source))?;
        Ok(self.conn.last_insert_rowid())
    }

    /// Every row.
    pub(crate) fn all<T>(
        &self,
        statement: &Statement,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut prepared = self.prepared(statement)?;
        let rows = prepared.query_map(params, read).map_err(|source| statement.failed(source))?;
        rows.collect::<Result<_, _>>().map_err(|source| statement.failed(source))
    }

    /// Every row, one at a time.
    pub(crate) fn each(
        &self,
        statement: &Statement,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), StoreError> {
        let mut prepared = self.prepared(statement)?;
        let mut rows = prepared.query(params).map_err(|source| statement.failed(source))?;
        while let Some(row) = rows.next().map_err(|source| statement.failed(source))? {
            read(row).map_err(|source| statement.failed(source))?;
        }
        Ok(())
    }

    /// The first row, if there is one.
    pub(crate) fn maybe<T>(
        &self,
        statement: &Statement,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        let mut prepared = self.prepared(statement)?;
        let mut rows = prepared.query(params).map_err(|source| statement.failed(source))?;
        let row = rows.next().map_err(|source| statement.failed(source))?;
        row.map(read).transpose().map_err(|source| statement.failed(source))
    }

    /// The one row of a statement that always has one.
    pub(crate) fn one<T>(
        &self,
        statement: &Statement,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.maybe(statement, params, read)?.ok_or_else(|| statement.failed(rusqlite::Error::QueryReturnedNoRows))
    }

    /// The column `total` of the one row of a counting statement.
    pub(crate) fn total(&self, statement: &Statement, params: impl Params) -> Result<u64, StoreError> {
        self.one(statement, params, |row| unsigned(row, "total"))
    }

    fn prepared(&self, statement: &Statement) -> Result<CachedStatement<'c>, StoreError> {
        self.conn.prepare_cached(statement.sql).map_err(|source| statement.failed(source))
    }
}

impl Statement {
    fn failed(&self, source: rusqlite::Error) -> StoreError {
        StoreError::Sqlite { action: self.action, source }
    }
}

/// A stored word as its value. The schema's CHECKs let no other word in.
pub(crate) fn word<T>(
    row: &Row<'_>,
    column: impl RowIndex + Copy,
    read: impl Fn(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    read(&text).ok_or_else(|| unreadable(row, column, &text))
}

/// A number that is never negative.
pub(crate) fn unsigned(row: &Row<'_>, column: &str) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| unreadable(row, column, &number.to_string()))
}

/// The largest number SQLite can hold stands for anything larger.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A column holds something that no value of ours is stored as.
pub(crate) fn unreadable(row: &Row<'_>, column: impl RowIndex, found: &str) -> rusqlite::Error {
    let index = column.idx(row.as_ref()).unwrap_or_default();
    let column = row.as_ref().column_name(index).unwrap_or_default();
    let what = format!("{column} holds {found:?}, which means nothing here");
    rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, what.into())
}
