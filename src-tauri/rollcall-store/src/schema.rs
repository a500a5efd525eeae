//! The schemas of both files and their history. Migrations go forward only; a released one never changes.

use std::path::Path;

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::StoreError;

/// The migrations of `rollcall.db`, oldest first.
pub(crate) const ROLLCALL: &[&str] = &[
    include_str!("../sql/migrations/rollcall/0001_first_light.sql"),
    include_str!("../sql/migrations/rollcall/0002_listeners.sql"),
    include_str!("../sql/migrations/rollcall/0003_domains.sql"),
    include_str!("../sql/migrations/rollcall/0004_mail_flow.sql"),
    include_str!("../sql/migrations/rollcall/0006_truth.sql"),
    include_str!("../sql/migrations/rollcall/0007_strangers.sql"),
    include_str!("../sql/migrations/rollcall/0008_bounces_later.sql"),
    include_str!("../sql/migrations/rollcall/0009_discovery.sql"),
    include_str!("../sql/migrations/rollcall/0010_inbox.sql"),
    include_str!("../sql/migrations/rollcall/0011_letters.sql"),
    include_str!("../sql/migrations/rollcall/0012_shadow.sql"),
    include_str!("../sql/migrations/rollcall/0013_dry_run.sql"),
    include_str!("../sql/migrations/rollcall/0014_many_addresses.sql"),
    include_str!("../sql/migrations/rollcall/0015_settings_undone.sql"),
    include_str!("../sql/migrations/rollcall/0016_directory.sql"),
];

/// The migrations of `spool.db`, oldest first.
pub(crate) const SPOOL: &[&str] = &[
    include_str!("../sql/migrations/spool/0001_first_light.sql"),
    include_str!("../sql/migrations/spool/0002_queue.sql"),
    include_str!("../sql/migrations/spool/0003_proof.sql"),
    include_str!("../sql/migrations/spool/0004_held_for.sql"),
];

/// Refuses a file from a newer version, before anything in it is touched.
///
/// # Errors
/// [`StoreError::Newer`], or [`StoreError::Sqlite`] when it is no database.
pub(crate) fn refuse_newer(conn: &Connection, path: &Path, history: &[&str]) -> Result<(), StoreError> {
    let found = version(conn)?;
    if found > history.len() {
        return Err(StoreError::Newer { path: path.to_owned(), found, known: history.len() });
    }
    Ok(())
}

/// Brings a file's schema up to date, each migration in a transaction.
///
/// # Errors
/// [`StoreError::Migration`].
pub(crate) fn migrate(conn: &mut Connection, history: &[&str]) -> Result<(), StoreError> {
    let steps = history.iter().map(|sql| M::up(sql)).collect();
    Migrations::new(steps).to_latest(conn).map_err(|source| StoreError::Migration { source })
}

/// How many migrations the file has had; 0 for a new one.
///
/// # Errors
/// [`StoreError::Sqlite`] when it is no database.
pub(crate) fn version(conn: &Connection) -> Result<usize, StoreError> {
    conn.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))
        .map(|version| usize::try_from(version).unwrap_or(usize::MAX))
        .map_err(|source| StoreError::Sqlite { action: "read the version of its schema", source })
}
