//! Mail that is kept for an address that ended by itself (X06).
//!
//! **Invariant.** It is in no attempt until it is released, and is released once. It goes like mail that was given up, when
//! its time is over.

use rollcall_core::Timestamp;
use rusqlite::{Row, named_params};

use super::{HeldMessage, HeldRecipient, Spool};
use crate::tx::{Statement, statement, unsigned};
use crate::{StoreError, Tx};

const KEYS: Statement = statement!("spool/held_keys", "list whom mail is kept for");
const COUNT: Statement = statement!("spool/count_held_for", "count the mail kept for an address");
const LIST: Statement = statement!("spool/list_held_for", "list the mail kept for an address");
const RELEASE: Statement = statement!("spool/release_held_for", "let kept mail go on");
const BEGIN_AGAIN: Statement = statement!("spool/begin_again", "begin a message's days again");
const OVER: Statement = statement!("spool/held_over", "find mail that was kept long enough");
const TELL: Statement = statement!("spool/tell_held", "find mail whose time is nearly over");

impl Spool {
    /// The addresses that mail is kept for, by key.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn held_keys(&self) -> Result<Vec<String>, StoreError> {
        self.database.read(|tx| tx.all(&KEYS, [], |row| row.get("held_for")))
    }

    /// How many messages are kept for an address.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn count_held_for(&self, key: &str) -> Result<u64, StoreError> {
        self.database.read(|tx| tx.total(&COUNT, named_params! { ":key": key }))
    }

    /// The messages kept for an address, newest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn held_for(&self, key: &str, limit: u32) -> Result<Vec<HeldMessage>, StoreError> {
        self.database.read(|tx| tx.all(&LIST, named_params! { ":key": key, ":limit": limit }, read_message))
    }

    /// Lets what is kept for an address go on, due at `now`, with as many days to be tried as mail that comes now.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::Commit`] or [`StoreError::Closed`]. Then nothing was released.
    pub async fn release_held_for(&self, key: &str, now: Timestamp) -> Result<Vec<HeldRecipient>, StoreError> {
        let key = key.to_owned();
        let release = self.database.writer().write(move |tx| {
            let released = tx.all(&RELEASE, named_params! { ":key": key, ":now": now.0 }, read_kept)?;
            for HeldRecipient { queue_id, .. } in &released {
                tx.change(&BEGIN_AGAIN, named_params! { ":queue_id": queue_id, ":now": now.0 })?;
            }
            Ok(released)
        });
        release.await
    }

    /// What was kept for addresses until `now`, and goes with the next [`Spool::sweep`].
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn held_over(&self, now: Timestamp) -> Result<Vec<HeldRecipient>, StoreError> {
        self.database.read(|tx| tx.all(&OVER, named_params! { ":now": now.0 }, read_kept))
    }

    /// The addresses whose kept mail goes by `soon`, each once, of which nobody was told before.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], [`StoreError::Commit`] or [`StoreError::Closed`].
    pub async fn tell_held(&self, soon: Timestamp) -> Result<Vec<String>, StoreError> {
        let tell = self.database.writer().write(move |tx: &Tx<'_>| {
            let mut keys: Vec<String> = tx.all(&TELL, named_params! { ":soon": soon.0 }, |row| row.get("held_for"))?;
            keys.sort();
            keys.dedup();
            Ok(keys)
        });
        tell.await
    }
}

fn read_kept(row: &Row<'_>) -> rusqlite::Result<HeldRecipient> {
    Ok(HeldRecipient { queue_id: row.get("queue_id")?, address: row.get("address")? })
}

fn read_message(row: &Row<'_>) -> rusqlite::Result<HeldMessage> {
    Ok(HeldMessage {
        queue_id: row.get("queue_id")?,
        reverse_path: row.get("reverse_path")?,
        arrived: Timestamp(row.get("arrived_ms")?),
        subject: row.get("subject")?,
        size: unsigned(row, "size_bytes")?,
        client_ip: row.get("client_ip")?,
        keep_until: Timestamp(row.get("keep_until_ms")?),
    })
}
