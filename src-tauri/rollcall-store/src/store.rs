//! `rollcall.db`: what was learned and decided.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::area::folder;
use crate::connection::make_private_dir;
use crate::database::{Database, Opening};
use crate::decider::decider;
use crate::recent::Recent;
use crate::{AddressRecord, Kind, StoreError, Tx, backup, schema};

/// `rollcall.db` in a data folder. Clones share it; the last one closes it.
#[derive(Clone)]
pub struct Store {
    database: Arc<Database>,
    recent: Arc<Recent>,
}

impl Store {
    /// Opens the folder's database, or makes both. Blocks for some milliseconds.
    ///
    /// # Errors
    /// [`StoreError::Newer`] for a file from a newer version, [`StoreError::WrongKind`] for a folder of the other kind,
    /// [`StoreError::Damaged`], [`StoreError::File`] without permission, and others. The file is then unchanged.
    pub fn open(dir: &Path, kind: Kind) -> Result<Self, StoreError> {
        make_private_dir(dir)?;
        let recent = Arc::new(Recent::default());
        let how = Opening {
            history: schema::ROLLCALL,
            checked: &["folder", "domain", "address"],
            thread: "store",
            recent: Some(Arc::clone(&recent)),
        };
        let before = |tx: &Tx<'_>| folder::expect_kind(tx, kind);
        let after = |tx: &Tx<'_>| folder::mark(tx, kind);
        let database = Database::open(&dir.join("rollcall.db"), &how, before, after)?;
        Ok(Self { database: Arc::new(database), recent })
    }

    /// Makes a change and resolves after its commit. It commits at once, together with whatever is queued. Waits for
    /// room in the queue. What it writes to the journal can say who [`decided`](crate::decided_by) it. If the future is dropped the change may still be made.
    ///
    /// # Errors
    /// The job's own error, [`StoreError::Panicked`], [`StoreError::Commit`] or [`StoreError::Closed`]. Nothing of the
    /// job is stored then.
    pub async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let decider = decider();
        self.database.writer().write(move |tx| job(&tx.decided_by(decider))).await
    }

    /// Queues a change that is in no hurry: it is committed within 200 ms, in a batch. Waits for room in the queue and
    /// returns. `committed` is told after the commit, on the writer's thread, and must be short; errors are those of
    /// [`Store::write`]. The job may run more than once, the first time undone: it changes nothing but the database.
    pub async fn write_later<T: Send + 'static>(
        &self,
        job: impl Fn(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
        committed: impl FnOnce(Result<T, StoreError>) + Send + 'static,
    ) {
        self.database.writer().write_later(job, committed).await;
    }

    /// Resolves when everything queued before is committed, or has failed and its owner was told.
    ///
    /// # Errors
    /// [`StoreError::Commit`] or [`StoreError::Closed`].
    pub async fn settle(&self) -> Result<(), StoreError> {
        self.write(|_| Ok(())).await
    }

    /// Asks about what is committed, on a read-only connection. Synchronous: microseconds for one row, milliseconds
    /// for a list.
    ///
    /// # Errors
    /// The question's own error, [`StoreError::Sqlite`] when it tries to change something, or [`StoreError::Closed`].
    pub fn read<T>(&self, ask: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.database.read(ask)
    }

    /// The committed row of an address, by its key; from memory if it was asked for lately and has not changed since.
    /// Synchronous, microseconds.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`] or [`StoreError::Closed`].
    pub fn address(&self, key: &str) -> Result<Option<Arc<AddressRecord>>, StoreError> {
        if let Some(row) = self.recent.get(key) {
            return Ok(Some(row));
        }
        let age = self.recent.age();
        let Some((number, row)) = self.read(|tx| tx.numbered_address(key))? else { return Ok(None) };
        let row = Arc::new(row);
        self.recent.keep(age, number, &row);
        Ok(Some(row))
    }

    /// Writes a copy of what is committed now to the file `to`, which appears when it is complete. Writes go on
    /// meanwhile. An older copy there is replaced.
    ///
    /// # Errors
    /// [`StoreError::File`] or [`StoreError::Sqlite`]; then `to` is as it was.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let (database, to): (_, PathBuf) = (Arc::clone(&self.database), to.to_owned());
        blocking(move || backup::copy(database.path(), &to)).await
    }

    /// The same with some settings emptied in the copy, so that nothing of them is left there.
    ///
    /// # Errors
    /// As [`Store::backup`].
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub async fn backup_without(&self, settings: &'static [&'static str], to: &Path) -> Result<(), StoreError> {
        let (database, to): (_, PathBuf) = (Arc::clone(&self.database), to.to_owned());
        blocking(move || {
            let empty = |tx: &Tx<'_>| settings.iter().try_for_each(|name| tx.put_setting(name, ""));
            let (part, ()) = backup::begin(database.path(), &to, empty)?;
            backup::finish(part, &to)
        })
        .await
    }

    /// Transactions committed since the store was opened: how well changes share them.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.database.writer().commits()
    }

    /// Finishes what is queued, folds the write-ahead log into the file and closes it. Other clones get
    /// [`StoreError::Closed`] from then on. Blocks; dropping the last clone does the same.
    pub fn close(self) {
        self.database.close();
    }
}

/// Runs work that blocks on a thread made for it.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(StoreError::Panicked { what: error.to_string() }),
    }
}
