//! One SQLite file: its writer and its readers. The store and the spool are each made of one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

use crate::connection::{check, open_for_writing};
use crate::readers::Readers;
use crate::recent::Recent;
use crate::writer::Writer;
use crate::{StoreError, Tx, schema};

/// One SQLite file with its writer thread and its read-only connections.
pub(crate) struct Database {
    path: PathBuf,
    readers: Readers,
    writer: Writer,
}

/// How a file is opened.
pub(crate) struct Opening<'o> {
    /// Its migrations, oldest first.
    pub(crate) history: &'o [&'o str],
    /// Tables checked for damage: small ones that mail depends on.
    pub(crate) checked: &'o [&'o str],
    /// The writer thread's name.
    pub(crate) thread: &'o str,
    /// What is to hear which rows change.
    pub(crate) recent: Option<Arc<Recent>>,
}

impl Database {
    /// Opens or makes the file. `before` may refuse it while it is still untouched; `after` has the current schema.
    pub(crate) fn open(
        path: &Path,
        how: &Opening<'_>,
        before: impl FnOnce(&Tx<'_>) -> Result<(), StoreError>,
        after: impl FnOnce(&Tx<'_>) -> Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        let mut conn = open_for_writing(path)?;
        schema::refuse_newer(&conn, path, how.history)?;
        if schema::version(&conn)? > 0 {
            check(&conn, path, how.checked)?;
            before(&Tx::new(&conn))?;
        }
        schema::migrate(&mut conn, how.history)?;
        after(&Tx::new(&conn))?;
        let readers = Readers::open(path)?;
        let recent = how.recent.clone();
        if let Some(recent) = &recent {
            recent.watch(&conn).map_err(|source| StoreError::Sqlite { action: "watch the addresses", source })?;
        }
        let after_commit = move || recent.iter().for_each(|recent| recent.forget_changed());
        let writer = Writer::start(how.thread, conn, after_commit).map_err(|source| StoreError::File {
            action: "start a thread for",
            path: path.to_owned(),
            source,
        })?;
        Ok(Self { path: path.to_owned(), readers, writer })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) const fn writer(&self) -> &Writer {
        &self.writer
    }

    pub(crate) fn read<T>(&self, ask: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.readers.read(ask)
    }

    /// Finishes what is queued, folds the write-ahead log into the file and closes it.
    pub(crate) fn close(&self) {
        let conn = self.writer.finish();
        self.readers.close();
        if let Some(conn) = conn {
            fold_log(&conn);
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.close();
    }
}

/// Best effort: what stays in the log is read from there next time.
fn fold_log(conn: &Connection) {
    if let Err(error) = conn.pragma(None, "wal_checkpoint", "TRUNCATE", |_| Ok(())) {
        tracing::warn!(%error, "the write-ahead log could not be folded into the database");
    }
}
