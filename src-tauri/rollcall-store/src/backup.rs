//! Copies a database while it is in use (SQLite's online backup).
//!
//! **Invariant.** The copy is one committed state. It appears under its name only when it is complete, checked and
//! flushed.
//!
//! **Limits.** The log beside the source cannot shrink while the copy runs.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use tempfile::NamedTempFile;

use crate::connection::{check_whole, open_for_reading, opening, sync_dir};
use crate::{StoreError, Tx};

/// Copies the database at `from` to `to`, replacing an older copy. Blocks.
///
/// # Errors
/// [`StoreError::Sqlite`], [`StoreError::Damaged`] or [`StoreError::File`]; then `to` is as it was.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    let (part, ()) = begin(from, to, |_| Ok(()))?;
    finish(part, to)
}

/// Copies the database at `from` into a file beside `to`, and asks the copy something, or takes something out of it.
pub(crate) fn begin<T>(
    from: &Path,
    to: &Path,
    ask: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>,
) -> Result<(NamedTempFile, T), StoreError> {
    let source = open_for_reading(from)?;
    let part = tempfile::Builder::new().prefix("backup-").suffix(".part").tempfile_in(folder_of(to)?);
    let part = part.map_err(|error| failed("write a copy beside", to, error))?;
    let mut target = Connection::open(part.path()).map_err(|error| opening(part.path(), error))?;
    copy_pages(&source, &mut target)?;
    // What is taken out of the copy is not to be found in its free pages.
    let wiping = |source| StoreError::Sqlite { action: "be copied", source };
    target.pragma_update_and_check(None, "secure_delete", true, |_| Ok(())).map_err(wiping)?;
    check_whole(&target, part.path())?;
    let answer = ask(&Tx::new(&target))?;
    target.close().map_err(|(_, error)| opening(part.path(), error))?;
    Ok((part, answer))
}

/// Flushes the copy and gives it its name.
pub(crate) fn finish(part: NamedTempFile, to: &Path) -> Result<(), StoreError> {
    part.as_file().sync_all().map_err(|error| failed("flush", part.path(), error))?;
    part.persist(to).map_err(|error| failed("name the copy", to, error.error))?;
    sync_dir(folder_of(to)?).map_err(|error| failed("flush the folder of", to, error))
}

/// All pages in one step: the step reads one snapshot, so that writers neither wait nor make it start again.
fn copy_pages(source: &Connection, target: &mut Connection) -> Result<(), StoreError> {
    let copying = |source| StoreError::Sqlite { action: "be copied", source };
    let backup = Backup::new(source, target).map_err(copying)?;
    match backup.step(-1).map_err(copying)? {
        StepResult::Done => Ok(()),
        unfinished => Err(StoreError::Damaged {
            path: source.path().unwrap_or_default().into(),
            what: format!("the copy stopped: {unfinished:?}"),
        }),
    }
}

/// The folder a file is in.
fn folder_of(file: &Path) -> Result<&Path, StoreError> {
    match file.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Ok(Path::new(".")),
        Some(parent) => Ok(parent),
        None => Err(failed("write to", file, std::io::ErrorKind::InvalidInput.into())),
    }
}

fn failed(action: &'static str, path: &Path, source: std::io::Error) -> StoreError {
    StoreError::File { action, path: path.to_owned(), source }
}
