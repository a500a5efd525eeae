//! The folder for content that is too large for a row.
//!
//! **Invariant.** A file gets its final name when it is complete and flushed, and the name is flushed before its row
//! commits. A file goes only after its row is gone.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

use crate::StoreError;
use crate::connection::{make_private_dir, sync_dir};

/// What the name of a file that is being written ends in.
const PART: &str = ".part";
/// What the name of a message's content ends in.
const CONTENT: &str = ".content";

/// The folder `spool`.
pub(super) struct ContentFolder {
    dir: PathBuf,
    held: Mutex<Held>,
}

/// Files that cannot go yet because a copy is being made.
#[derive(Default)]
struct Held {
    copies: usize,
    unwanted: Vec<PathBuf>,
}

impl ContentFolder {
    pub(super) fn new(dir: PathBuf) -> Self {
        Self { dir, held: Mutex::default() }
    }

    pub(super) fn temp_file(&self) -> io::Result<NamedTempFile> {
        tempfile::Builder::new().prefix("incoming-").suffix(PART).tempfile_in(&self.dir)
    }

    /// Where the content of a message is, if it is a file.
    pub(super) fn path(&self, queue_id: &str) -> PathBuf {
        self.dir.join(format!("{queue_id}{CONTENT}"))
    }

    /// Makes the file a message's content, durably. Blocks for two flushes.
    pub(super) fn keep(self: &Arc<Self>, file: NamedTempFile, queue_id: &str) -> Result<Kept, StoreError> {
        let path = self.path(queue_id);
        let failed = |action, source| StoreError::File { action, path: path.clone(), source };
        file.as_file().sync_all().map_err(|source| failed("flush", source))?;
        file.persist_noclobber(&path).map_err(|error| failed("name", error.error))?;
        let kept = Kept { path: path.clone(), folder: Arc::clone(self), wanted: false };
        sync_dir(&self.dir).map_err(|source| failed("flush the folder of", source))?;
        Ok(kept)
    }

    /// Removes the content of a message that is gone; after the copies that are being made, if there are any.
    pub(super) fn remove(&self, path: PathBuf) {
        let mut held = self.held();
        if held.copies > 0 {
            held.unwanted.push(path);
        } else {
            drop(held);
            unlink(&path);
        }
    }

    /// Removes what a crash left behind: half-written files, and content without a message.
    pub(super) fn sweep(&self, known: &HashSet<String>) -> Result<(), StoreError> {
        let failed = |source| StoreError::File { action: "read the folder", path: self.dir.clone(), source };
        for entry in fs::read_dir(&self.dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let orphan = name.strip_suffix(CONTENT).is_some_and(|queue_id| !known.contains(queue_id));
            if orphan || name.ends_with(PART) {
                unlink(&entry.path());
            }
        }
        Ok(())
    }

    /// Keeps every file until the copy is made.
    pub(super) fn hold(self: &Arc<Self>) -> Hold {
        self.held().copies += 1;
        Hold { folder: Arc::clone(self) }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A content file whose row is not committed yet. It goes when this is dropped, unless it is wanted.
pub(super) struct Kept {
    path: PathBuf,
    folder: Arc<ContentFolder>,
    wanted: bool,
}

impl Kept {
    /// The file stays if its row is there, and also when nobody can say: a failed commit may still come to light when
    /// the log is read again. A file without a row is swept at the next start; a row without its file would be a loss.
    pub(super) fn settle<T>(mut self, committed: &Result<T, StoreError>) {
        self.wanted = matches!(committed, Ok(_) | Err(StoreError::Commit { .. } | StoreError::Closed));
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if !self.wanted {
            self.folder.remove(std::mem::take(&mut self.path));
        }
    }
}

/// While this lives no content file goes.
pub(super) struct Hold {
    folder: Arc<ContentFolder>,
}

impl Hold {
    /// Puts the content of these messages beside the copy of the database `to`. Content never changes, so a link will
    /// do where the file system has them.
    pub(super) fn copy_to(&self, queue_ids: &[String], to: &Path) -> Result<(), StoreError> {
        let beside = to.with_extension("");
        if beside == to {
            let source = io::Error::new(io::ErrorKind::InvalidInput, "its name has no extension");
            return Err(StoreError::File { action: "write a copy to", path: beside, source });
        }
        make_private_dir(&beside)?;
        for queue_id in queue_ids {
            let from = self.folder.path(queue_id);
            let copied = link_or_copy(&from, &beside);
            copied.map_err(|source| StoreError::File { action: "copy", path: from, source })?;
        }
        sync_dir(&beside).map_err(|source| StoreError::File { action: "flush the folder", path: beside, source })
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut held = self.folder.held();
        held.copies -= 1;
        let unwanted = if held.copies == 0 { std::mem::take(&mut held.unwanted) } else { Vec::new() };
        drop(held);
        unwanted.iter().for_each(|path| unlink(path));
    }
}

fn link_or_copy(from: &Path, into: &Path) -> io::Result<()> {
    let to = into.join(from.file_name().unwrap_or_default());
    if to.exists() || fs::hard_link(from, &to).is_ok() {
        return Ok(());
    }
    let mut part = tempfile::Builder::new().suffix(PART).tempfile_in(into)?;
    io::copy(&mut fs::File::open(from)?, &mut part)?;
    part.as_file().sync_all()?;
    part.persist(&to).map(drop).map_err(|error| error.error)
}

/// A file that cannot be removed now is removed at the next start.
fn unlink(path: &Path) {
    match fs::remove_file(path) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => tracing::warn!(%error, "a content file could not be removed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_goes_only_after_the_last_copy_is_made() {
        let (_dir, folder) = folder();
        let path = folder.path("m1");
        fs::write(&path, "content").unwrap();
        let (first, second) = (folder.hold(), folder.hold());

        folder.remove(path.clone());
        drop(first);
        assert!(path.exists(), "the second copy may still need it");
        drop(second);

        assert!(!path.exists());
    }

    #[test]
    fn a_file_stays_when_nobody_can_say_whether_its_row_was_committed() {
        let (_dir, folder) = folder();
        let failed = Arc::new(rusqlite::Error::InvalidQuery);
        let outcomes: [(Result<(), StoreError>, bool); 4] = [
            (Ok(()), true),
            (Err(StoreError::Commit { source: failed }), true),
            (Err(StoreError::Closed), true),
            (Err(StoreError::Panicked { what: String::new() }), false),
        ];

        for (number, (outcome, stays)) in outcomes.into_iter().enumerate() {
            let kept = folder.keep(folder.temp_file().unwrap(), &number.to_string()).unwrap();
            kept.settle(&outcome);
            assert_eq!(folder.path(&number.to_string()).exists(), stays, "{outcome:?}");
        }
    }

    #[test]
    fn a_file_whose_message_was_never_queued_goes() {
        let (_dir, folder) = folder();

        drop(folder.keep(folder.temp_file().unwrap(), "m1").unwrap());

        assert!(!folder.path("m1").exists());
    }

    fn folder() -> (tempfile::TempDir, Arc<ContentFolder>) {
        let dir = tempfile::tempdir().unwrap();
        let folder = Arc::new(ContentFolder::new(dir.path().to_owned()));
        (dir, folder)
    }
}
