//! Attempts end: recipients are settled one by one, and a message goes once the log knows what became of it.

use std::path::PathBuf;
use std::sync::Arc;

use rollcall_core::Timestamp;
use rusqlite::{Row, named_params};

use super::{Settled, Settlement, Spool};
use crate::store::blocking;
use crate::tx::{Statement, statement};
use crate::{StoreError, Tx};

const DELIVERED: Statement = statement!("spool/delivered", "settle a delivered recipient");
const RETRY: Statement = statement!("spool/retry", "put a recipient back");
const FAILED: Statement = statement!("spool/failed", "give a recipient up");
const REMOVE_DONE: Statement = statement!("spool/remove_done", "let a message go");
const DONE: Statement = statement!("spool/done", "find the messages that are done");
const FORGET_FAILED: Statement = statement!("spool/forget_failed", "forget recipients that were given up");

impl Spool {
    /// Says how attempts ended, all in one commit. A recipient that is not in an attempt is left as it is. A message that
    /// nobody waits for any more stays until [`Spool::forget_done`], so that a crash cannot lose what became of it.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::Commit`] or [`StoreError::Closed`]. Then nothing was settled.
    pub async fn settle(&self, settlements: Vec<Settlement>) -> Result<(), StoreError> {
        let settle = self.database.writer().write(move |tx| {
            for Settlement { queue_id, outcomes, notice } in &settlements {
                for (id, outcome) in outcomes {
                    settle_one(tx, queue_id, *id, outcome)?;
                }
                if let Some(notice) = notice {
                    super::admit::add_notice(tx, notice)?;
                }
            }
            Ok(())
        });
        settle.await
    }

    /// Lets those of the messages go, with their content, that nobody waits for any more and none was given up of.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::Commit`] or [`StoreError::Closed`].
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub async fn forget_done(&self, queue_ids: Vec<String>) -> Result<(), StoreError> {
        let done = self.database.writer().write(move |tx| {
            let done: Result<Vec<_>, _> = queue_ids.iter().map(|queue_id| remove_done(tx, queue_id)).collect();
            Ok(done?.into_iter().flatten().collect())
        });
        self.remove_files(done.await?).await
    }

    /// The messages that nobody waits for any more, after a crash before [`Spool::forget_done`].
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn done(&self) -> Result<Vec<String>, StoreError> {
        self.database.read(|tx| tx.all(&DONE, [], |row| row.get("queue_id")))
    }

    /// Forgets recipients that were given up and kept until `now`; says how many messages went with them.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::Commit`] or [`StoreError::Closed`].
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64, StoreError> {
        let gone = self.database.writer().write(move |tx| forget_failed(tx, now)).await?;
        let messages = gone.len() as u64;
        self.remove_files(gone).await?;
        Ok(messages)
    }

    /// Removes the content files of messages that are gone, off the async threads.
    pub(super) async fn remove_files(&self, gone: Vec<Gone>) -> Result<(), StoreError> {
        let files = gone.into_iter().filter(|gone| gone.in_file);
        let paths: Vec<PathBuf> = files.map(|gone| self.folder.path(&gone.queue_id)).collect();
        if paths.is_empty() {
            return Ok(());
        }
        let folder = Arc::clone(&self.folder);
        blocking(move || {
            paths.into_iter().for_each(|path| folder.remove(path));
            Ok(())
        })
        .await
    }
}

/// A message that was let go.
pub(super) struct Gone {
    pub(super) queue_id: String,
    in_file: bool,
}

impl Gone {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { queue_id: row.get("queue_id")?, in_file: row.get("in_file")? })
    }
}

/// The one place where an attempt ends.
fn settle_one(tx: &Tx<'_>, queue_id: &str, id: i64, outcome: &Settled) -> Result<(), StoreError> {
    let settled = match outcome {
        Settled::Delivered { reply } => {
            tx.change(&DELIVERED, named_params! { ":id": id, ":queue_id": queue_id, ":reply": reply })?
        }
        Settled::Retry { due, reply } => {
            let params = named_params! { ":id": id, ":queue_id": queue_id, ":reply": reply, ":due": due.0 };
            tx.change(&RETRY, params)?
        }
        Settled::Failed { reply, keep_until } => {
            let params =
                named_params! { ":id": id, ":queue_id": queue_id, ":reply": reply, ":keep_until": keep_until.0 };
            tx.change(&FAILED, params)?
        }
    };
    if settled == 0 {
        tracing::warn!(queue.id = queue_id, recipient.id = id, "a recipient was settled that is in no attempt");
    }
    Ok(())
}

fn remove_done(tx: &Tx<'_>, queue_id: &str) -> Result<Option<Gone>, StoreError> {
    tx.maybe(&REMOVE_DONE, named_params! { ":queue_id": queue_id }, Gone::read)
}

fn forget_failed(tx: &Tx<'_>, now: Timestamp) -> Result<Vec<Gone>, StoreError> {
    let mut concerned: Vec<String> =
        tx.all(&FORGET_FAILED, named_params! { ":now": now.0 }, |row| row.get("queue_id"))?;
    concerned.sort();
    concerned.dedup();
    let gone: Result<Vec<_>, _> = concerned.iter().map(|queue_id| remove_done(tx, queue_id)).collect();
    Ok(gone?.into_iter().flatten().collect())
}
