//! Opens connections: private files, WAL, every commit flushed.
//!
//! **Invariant.** A commit that returned is on the disk (`synchronous=FULL`, and `fullfsync` on macOS, where an
//! ordinary flush stops at the drive's cache).
//!
//! **Limits.** The quick check at start reads the small tables that mail depends on, not logs and evidence.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags, ToSql};

use crate::StoreError;

/// How long a connection waits for another one's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Nothing stored is longer: a text, a blob, a row.
const LONGEST_VALUE_BYTES: i32 = 1024 * 1024;
/// After a checkpoint the write-ahead log is cut back to this.
const LOG_KEPT_BYTES: i64 = 16 * 1024 * 1024;
/// Pages of 4 KiB in the write-ahead log that set a checkpoint off.
const CHECKPOINT_PAGES: i64 = LOG_KEPT_BYTES / 4096;
/// More than there are statements.
const STATEMENTS_KEPT: usize = 128;
/// The most that the writer keeps of the file in memory, in KiB.
const WRITER_CACHE_KIB: i64 = 8 * 1024;

/// The connection of the writer thread. Makes the file if there is none.
pub(crate) fn open_for_writing(path: &Path) -> Result<Connection, StoreError> {
    make_private_file(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(|source| opening(path, source))?;
    set_up_for_writing(&conn).map_err(|source| opening(path, source))?;
    Ok(conn)
}

/// A connection that cannot change anything.
pub(crate) fn open_for_reading(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(|source| opening(path, source))?;
    set_up(&conn)
        .and_then(|()| conn.pragma_update(None, "query_only", true))
        .map_err(|source| opening(path, source))?;
    Ok(conn)
}

/// Reads through `tables` and their indexes and refuses a damaged file.
pub(crate) fn check(conn: &Connection, path: &Path, tables: &[&str]) -> Result<(), StoreError> {
    tables.iter().try_for_each(|table| expect_ok(conn, path, table))
}

/// Reads through the whole file and refuses a damaged one.
pub(crate) fn check_whole(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    let most_faults_told = 10;
    expect_ok(conn, path, most_faults_told)
}

/// SQLite's quick check of a table, or of everything up to so many faults.
fn expect_ok(conn: &Connection, path: &Path, what: impl ToSql) -> Result<(), StoreError> {
    let mut found: Vec<String> = Vec::new();
    conn.pragma(None, "quick_check", what, |row| {
        found.push(row.get(0)?);
        Ok(())
    })
    .map_err(|source| opening(path, source))?;
    if found != ["ok"] {
        return Err(StoreError::Damaged { path: path.to_owned(), what: found.join("; ") });
    }
    Ok(())
}

/// Makes a folder that only its owner can enter; one that is there already is left as it is.
pub(crate) fn make_private_dir(dir: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(|source| StoreError::File { action: "make the folder", path: dir.to_owned(), source })
}

/// Flushes a folder, so that a rename in it survives a power cut. Windows has no such call: NTFS journals renames.
pub(crate) fn sync_dir(dir: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    fs::File::open(dir)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}

/// Makes the file before SQLite does, and private: the log beside it takes over its mode.
fn make_private_file(path: &Path) -> Result<(), StoreError> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let made = options.open(path).and_then(|file| make_private(&file));
    made.map_err(|source| StoreError::File { action: "open", path: path.to_owned(), source })
}

#[cfg(unix)]
fn make_private(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if file.metadata()?.permissions().mode() & 0o777 == 0o600 {
        return Ok(());
    }
    file.set_permissions(fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn make_private(_: &fs::File) -> std::io::Result<()> {
    Ok(())
}

fn set_up_for_writing(conn: &Connection) -> rusqlite::Result<()> {
    set_up(conn)?;
    conn.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0))?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    if cfg!(target_os = "macos") {
        conn.pragma_update(None, "fullfsync", true)?;
        conn.pragma_update(None, "checkpoint_fullfsync", true)?;
    }
    // Each job has a savepoint: what it may have to undo is kept in memory, not in a file a page at a time.
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update_and_check(None, "journal_size_limit", LOG_KEPT_BYTES, |_| Ok(()))?;
    // A batch changes more pages than the shipped 2 MB hold; those that do not fit are written twice.
    conn.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    // Busy pages are written to the log in every commit; the fewer checkpoints, the fewer are copied from it.
    conn.pragma_update_and_check(None, "wal_autocheckpoint", CHECKPOINT_PAGES, |_| Ok(()))?;
    // What was deleted is overwritten where that costs no extra write: mail should not linger in free pages.
    conn.pragma_update_and_check(None, "secure_delete", "FAST", |_| Ok(()))
}

fn set_up(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    conn.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE_BYTES)?;
    conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.pragma_update(None, "cell_size_check", true)
}

/// Opening failed: a file that is no database, or a broken one, is damaged; the rest is SQLite's own word.
pub(crate) fn opening(path: &Path, source: rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    match source.sqlite_error_code() {
        Some(DatabaseCorrupt | NotADatabase) => StoreError::Damaged { path: path.to_owned(), what: source.to_string() },
        _ => StoreError::Sqlite { action: "open", source },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_on_the_disk_and_references_hold() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("test.db");
        let (writing, reading) = (open_for_writing(&path).unwrap(), open_for_reading(&path).unwrap());

        let number = |conn: &Connection, pragma| conn.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        let mode: String = writing.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
        assert_eq!(number(&writing, "synchronous").unwrap(), 2, "FULL");
        assert_eq!(number(&writing, "foreign_keys").unwrap(), 1);
        assert_eq!(number(&writing, "fullfsync").unwrap(), i64::from(cfg!(target_os = "macos")));
        assert_eq!(number(&reading, "query_only").unwrap(), 1);
    }
}
