//! Attempts: recipients are claimed, and settled one by one.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use rollcall_core::Timestamp;
use rusqlite::{Row, named_params};

use super::{Claimed, ClaimedRecipient, Settled, Spool};
use crate::store::blocking;
use crate::tx::{Statement, statement, unsigned};
use crate::{StoreError, Tx};

const CLAIM_DUE: Statement = statement!("spool/claim_due", "take recipients for an attempt");
const MESSAGE: Statement = statement!("spool/message", "read an envelope");
const DELIVERED: Statement = statement!("spool/delivered", "settle a delivered recipient");
const RETRY: Statement = statement!("spool/retry", "put a recipient back");
const FAILED: Statement = statement!("spool/failed", "give a recipient up");
const REMOVE_DONE: Statement = statement!("spool/remove_done", "let a message go");
const MAKE_DUE: Statement = statement!("spool/make_due", "make recipients due");
const FORGET_FAILED: Statement = statement!("spool/forget_failed", "forget recipients that were given up");

impl Spool {
    /// Takes up to `limit` recipients that are due at `now`, the longest due first, grouped by message, oldest message
    /// first. Nobody else can take them until they are settled or the spool is opened anew.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::Commit`] or [`StoreError::Closed`].
    pub async fn claim_due(&self, now: Timestamp, limit: u32) -> Result<Vec<Claimed>, StoreError> {
        self.database.writer().write(move |tx| claim(tx, now, limit)).await
    }

    /// Says how an attempt ended for recipients of a message. When none is left that waits or was given up, the
    /// message and its content go. A recipient that is not in an attempt is left as it is.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::Commit`] or [`StoreError::Closed`]. Then nothing was settled.
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub async fn settle(&self, queue_id: &str, outcomes: Vec<(i64, Settled)>) -> Result<(), StoreError> {
        let queue_id = queue_id.to_owned();
        let done = self.database.writer().write(move |tx| {
            for (id, outcome) in &outcomes {
                settle_one(tx, &queue_id, *id, outcome)?;
            }
            remove_done(tx, &queue_id)
        });
        let done = done.await?;
        self.remove_files(done.into_iter().collect()).await
    }

    /// Makes every waiting recipient due at `now`; says how many were not due yet.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::Commit`] or [`StoreError::Closed`].
    pub async fn make_due(&self, now: Timestamp) -> Result<u64, StoreError> {
        let made = self.database.writer().write(move |tx| tx.change(&MAKE_DUE, named_params! { ":now": now.0 }));
        Ok(made.await? as u64)
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
    async fn remove_files(&self, gone: Vec<Gone>) -> Result<(), StoreError> {
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
struct Gone {
    queue_id: String,
    in_file: bool,
}

fn claim(tx: &Tx<'_>, now: Timestamp, limit: u32) -> Result<Vec<Claimed>, StoreError> {
    grouped(tx, tx.all(&CLAIM_DUE, named_params! { ":now": now.0, ":limit": limit }, read_recipient)?)
}

/// A claimed recipient and its message's id.
pub(super) fn read_recipient(row: &Row<'_>) -> rusqlite::Result<(String, ClaimedRecipient)> {
    let recipient =
        ClaimedRecipient { id: row.get("id")?, address: row.get("address")?, attempts: row.get("attempts")? };
    Ok((row.get("queue_id")?, recipient))
}

/// Claimed recipients by message, oldest message first.
pub(super) fn grouped(tx: &Tx<'_>, taken: Vec<(String, ClaimedRecipient)>) -> Result<Vec<Claimed>, StoreError> {
    let mut by_message: BTreeMap<String, Vec<ClaimedRecipient>> = BTreeMap::new();
    for (queue_id, recipient) in taken {
        by_message.entry(queue_id).or_default().push(recipient);
    }
    let mut claimed = Vec::with_capacity(by_message.len());
    for (queue_id, mut recipients) in by_message {
        recipients.sort_by_key(|recipient| recipient.id);
        let claim = tx.one(&MESSAGE, named_params! { ":queue_id": queue_id }, read_claimed)?;
        claimed.push(Claimed { recipients, ..claim });
    }
    claimed.sort_by_key(|claim| claim.arrived);
    Ok(claimed)
}

/// A claimed message, its recipients still to be filled in.
fn read_claimed(row: &Row<'_>) -> rusqlite::Result<Claimed> {
    Ok(Claimed {
        queue_id: row.get("queue_id")?,
        reverse_path: row.get("reverse_path")?,
        arrived: Timestamp(row.get("arrived_ms")?),
        body_8bit: row.get("body_8bit")?,
        size: unsigned(row, "size_bytes")?,
        recipients: Vec::new(),
    })
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
    tx.maybe(&REMOVE_DONE, named_params! { ":queue_id": queue_id }, |row| {
        Ok(Gone { queue_id: row.get("queue_id")?, in_file: row.get("in_file")? })
    })
}

fn forget_failed(tx: &Tx<'_>, now: Timestamp) -> Result<Vec<Gone>, StoreError> {
    let mut concerned: Vec<String> =
        tx.all(&FORGET_FAILED, named_params! { ":now": now.0 }, |row| row.get("queue_id"))?;
    concerned.sort();
    concerned.dedup();
    let gone: Result<Vec<_>, _> = concerned.iter().map(|queue_id| remove_done(tx, queue_id)).collect();
    Ok(gone?.into_iter().flatten().collect())
}
