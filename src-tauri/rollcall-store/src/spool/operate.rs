//! What an operator does with mail that waits: hold, release, send now, delete.
//!
//! **Invariant.** A recipient in an attempt is never taken away from it: what is held goes no further after that attempt,
//! and a message that is being sent cannot be deleted.

use rollcall_core::Timestamp;
use rusqlite::named_params;

use super::attempt::Gone;
use super::overview::{RECIPIENTS, read_recipient};
use super::{RecipientState, Spool};
use crate::tx::{Statement, statement};
use crate::{StoreError, Tx};

const HOLD: Statement = statement!("spool/hold", "hold or release a message");
const DELETE: Statement = statement!("spool/delete", "delete a message");
const MAKE_MESSAGE_DUE: Statement = statement!("spool/make_message_due", "make a message due");
const WAIT_AGAIN: Statement = statement!("spool/wait_again", "let given-up recipients wait again");

/// A message that was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// The message.
    pub queue_id: String,
    /// The recipients that still waited for it.
    pub waited: Vec<String>,
}

impl Spool {
    /// Keeps messages from further attempts, or lets them go on from `now`; answers those for which that was news.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::Commit`] or [`StoreError::Closed`].
    pub async fn hold(&self, queue_ids: Vec<String>, held: bool, now: Timestamp) -> Result<Vec<String>, StoreError> {
        let hold = self.database.writer().write(move |tx| {
            let mut changed = Vec::new();
            for queue_id in queue_ids {
                if tx.change(&HOLD, named_params! { ":queue_id": queue_id, ":held": held })? == 0 {
                    continue;
                }
                if !held {
                    tx.change(&MAKE_MESSAGE_DUE, named_params! { ":queue_id": queue_id, ":now": now.0 })?;
                }
                changed.push(queue_id);
            }
            Ok(changed)
        });
        hold.await
    }

    /// Makes a message due at `now`, its given-up recipients too; answers how many recipients that concerns and which of
    /// them had been given up. Those that are held stay so.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::Commit`] or [`StoreError::Closed`].
    pub async fn send_now(&self, queue_id: &str, now: Timestamp) -> Result<(u64, Vec<String>), StoreError> {
        let queue_id = queue_id.to_owned();
        let send = self.database.writer().write(move |tx| {
            let params = named_params! { ":queue_id": queue_id, ":now": now.0 };
            let again = tx.all(&WAIT_AGAIN, params, |row| row.get("address"))?;
            let due = tx.change(&MAKE_MESSAGE_DUE, params)?;
            Ok((due as u64, again))
        });
        send.await
    }

    /// Makes what waits of a message due at `now`; says how many recipients that concerns. Those that are held stay so.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::Commit`] or [`StoreError::Closed`].
    pub async fn make_message_due(&self, queue_id: &str, now: Timestamp) -> Result<u64, StoreError> {
        let queue_id = queue_id.to_owned();
        let due = self
            .database
            .writer()
            .write(move |tx| tx.change(&MAKE_MESSAGE_DUE, named_params! { ":queue_id": queue_id, ":now": now.0 }));
        Ok(due.await? as u64)
    }

    /// Deletes messages, whoever still waits for them; answers those that were there and not being sent.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::Commit`] or [`StoreError::Closed`].
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub async fn delete(&self, queue_ids: Vec<String>) -> Result<Vec<Deleted>, StoreError> {
        let delete = self.database.writer().write(move |tx| {
            let gone: Result<Vec<_>, _> = queue_ids.iter().map(|queue_id| delete_one(tx, queue_id)).collect();
            Ok(gone?.into_iter().flatten().unzip::<_, _, Vec<_>, Vec<_>>())
        });
        let (gone, deleted) = delete.await?;
        self.remove_files(gone).await?;
        Ok(deleted)
    }
}

fn delete_one(tx: &Tx<'_>, queue_id: &str) -> Result<Option<(Gone, Deleted)>, StoreError> {
    let params = named_params! { ":queue_id": queue_id };
    let recipients = tx.all(&RECIPIENTS, params, read_recipient)?;
    let Some(gone) = tx.maybe(&DELETE, params, Gone::read)? else { return Ok(None) };
    let waits = |state| state == RecipientState::Queued;
    let waited = recipients.into_iter().filter(|one| waits(one.state)).map(|one| one.address).collect();
    let deleted = Deleted { queue_id: gone.queue_id.clone(), waited };
    Ok(Some((gone, deleted)))
}
