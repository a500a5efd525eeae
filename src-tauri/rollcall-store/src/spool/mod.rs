//! `spool.db` and the folder `spool`: mail that we answered 250 for and have not handed on yet.
//!
//! **Invariant.** A message is on the disk, envelope and content, before [`Spool::admit`] returns `Ok`. It stays until
//! each recipient was delivered, or was given up and its keeping time is over. A recipient is in one attempt at a time.
//!
//! **Limits.** Envelope, recipients and content up to 64 KiB are rows; larger content is a file. The database file does
//! not shrink; its free pages are used again.

mod admit;
mod attempt;
mod claim;
mod content;
mod held_for;
mod operate;
mod overview;
mod prove;
mod record;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::NamedTempFile;

use self::content::ContentFolder;
use crate::connection::make_private_dir;
use crate::database::{Database, Opening};
use crate::store::blocking;
use crate::tx::{Statement, statement};
use crate::{StoreError, Tx, backup, schema};

pub use operate::Deleted;
pub use record::{
    Claimed, ClaimedRecipient, Handed, HeldFor, HeldMessage, HeldRecipient, Lane, NewMessage, NewRecipient, Notice,
    RecipientState, Settled, Settlement, SpoolContent, SpoolListed, SpoolNumbers, SpoolRecipient, StoredContent,
};

const RECOVER: Statement = statement!("spool/recover", "take up interrupted attempts");
const FILES: Statement = statement!("spool/files", "list the content files");

/// The spool in a data folder. Clones share it; the last one closes it.
#[derive(Clone)]
pub struct Spool {
    database: Arc<Database>,
    folder: Arc<ContentFolder>,
}

impl Spool {
    /// Opens the folder's spool, or makes it. Recipients whose attempt was cut off are due again at once; content files
    /// without a message go. Blocks for some milliseconds.
    ///
    /// # Errors
    /// [`StoreError::Newer`], [`StoreError::Damaged`], [`StoreError::File`] without permission, and others.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let files = dir.join("spool");
        make_private_dir(dir)?;
        make_private_dir(&files)?;
        let how = Opening { history: schema::SPOOL, checked: &["message", "recipient"], thread: "spool", recent: None };
        let database = Database::open(&dir.join("spool.db"), &how, |_| Ok(()), recover)?;
        let known: HashSet<String> = database.read(files_of)?.into_iter().collect();
        let folder = ContentFolder::new(files);
        folder.sweep(&known)?;
        Ok(Self { database: Arc::new(database), folder: Arc::new(folder) })
    }

    /// A file for content while it is received. It goes when it is dropped.
    ///
    /// # Errors
    /// The system's, such as a full disk.
    pub fn temp_file(&self) -> std::io::Result<NamedTempFile> {
        self.folder.temp_file()
    }

    /// Writes a copy to the file `to`, such as `spool.db`, which appears when it is complete; large content goes to
    /// the folder of the same name without extension, such as `spool`. Mail goes on meanwhile; content files stay
    /// until the copy is done.
    ///
    /// # Errors
    /// [`StoreError::File`] or [`StoreError::Sqlite`]; then `to` is as it was.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let (spool, to): (_, PathBuf) = (self.clone(), to.to_owned());
        blocking(move || {
            let held = spool.folder.hold();
            let (part, files) = backup::begin(spool.database.path(), &to, files_of)?;
            held.copy_to(&files, &to)?;
            backup::finish(part, &to)
        })
        .await
    }

    /// Finishes what is queued and closes the file. Other clones get [`StoreError::Closed`] from then on. Blocks;
    /// dropping the last clone does the same.
    pub fn close(self) {
        self.database.close();
    }
}

fn recover(tx: &Tx<'_>) -> Result<(), StoreError> {
    let interrupted = tx.change(&RECOVER, [])?;
    if interrupted > 0 {
        tracing::info!(interrupted, "recipients whose attempt was cut off are due again");
    }
    Ok(())
}

/// The messages whose content is a file.
fn files_of(tx: &Tx<'_>) -> Result<Vec<String>, StoreError> {
    tx.all(&FILES, [], |row| row.get("queue_id"))
}
