//! What is in the spool.

use std::collections::HashSet;

use rollcall_core::Timestamp;
use rusqlite::{Row, named_params};

use super::{RecipientState, Spool, SpoolListed, SpoolNumbers, SpoolRecipient, StoredContent};
use crate::StoreError;
use crate::tx::{Statement, statement, unsigned, word};

const MESSAGE: Statement = statement!("spool/message", "read an envelope");
const CONTENT: Statement = statement!("spool/content", "read a message's content");
const COUNT_WAITING: Statement = statement!("spool/count_waiting", "count the messages that wait");
const COUNT_FAILED: Statement = statement!("spool/count_failed", "count the messages that were given up");
const OLDEST_WAITING: Statement = statement!("spool/oldest_waiting", "find the oldest message that waits");
const LIST: Statement = statement!("spool/list", "list the spool");
const IS_HELD: Statement = statement!("spool/is_held", "see whether a message is held");
pub(super) const RECIPIENTS: Statement = statement!("spool/recipients", "list a message's recipients");

impl Spool {
    /// The content of a message.
    ///
    /// # Errors
    /// [`StoreError::NoSuchMessage`] or [`StoreError::Sqlite`].
    pub fn content(&self, queue_id: &str) -> Result<StoredContent, StoreError> {
        let missing = || StoreError::NoSuchMessage { queue_id: queue_id.to_owned() };
        self.database.read(|tx| {
            let params = named_params! { ":queue_id": queue_id };
            if tx.maybe(&MESSAGE, params, |row| row.get("in_file"))?.ok_or_else(missing)? {
                return Ok(StoredContent::File(self.folder.path(queue_id)));
            }
            let bytes = tx.maybe(&CONTENT, params, |row| row.get("bytes"))?;
            Ok(StoredContent::Bytes(bytes.ok_or_else(missing)?))
        })
    }

    /// The recipients of a message; none when it is gone.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn recipients(&self, queue_id: &str) -> Result<Vec<SpoolRecipient>, StoreError> {
        self.database.read(|tx| tx.all(&RECIPIENTS, named_params! { ":queue_id": queue_id }, read_recipient))
    }

    /// Which of these messages an operator keeps here.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn held_among(&self, queue_ids: &[&str]) -> Result<HashSet<String>, StoreError> {
        self.database.read(|tx| {
            let mut held = HashSet::new();
            for queue_id in queue_ids {
                if tx.total(&IS_HELD, named_params! { ":queue_id": queue_id })? > 0 {
                    held.insert((*queue_id).to_owned());
                }
            }
            Ok(held)
        })
    }

    /// The spool in numbers.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn numbers(&self) -> Result<SpoolNumbers, StoreError> {
        self.database.read(|tx| {
            let oldest: Option<i64> = tx.maybe(&OLDEST_WAITING, [], |row| row.get("arrived_ms"))?;
            Ok(SpoolNumbers {
                waiting: tx.total(&COUNT_WAITING, [])?,
                failed: tx.total(&COUNT_FAILED, [])?,
                oldest: oldest.map(Timestamp),
            })
        })
    }

    /// Up to `limit` messages that somebody waits for or that were given up, with all their recipients, oldest first;
    /// with `search`, those with that text in queue id, sender, subject or a recipient, whatever the case.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn waiting(&self, limit: u32, search: Option<&str>) -> Result<Vec<SpoolListed>, StoreError> {
        let search = search.filter(|text| !text.is_empty()).map(str::to_lowercase);
        self.database.read(|tx| {
            let mut listed = tx.all(&LIST, named_params! { ":limit": limit, ":search": search }, read_listed)?;
            for message in &mut listed {
                let params = named_params! { ":queue_id": message.queue_id };
                message.recipients = tx.all(&RECIPIENTS, params, read_recipient)?;
            }
            Ok(listed)
        })
    }
}

/// A message, its recipients still to be filled in.
fn read_listed(row: &Row<'_>) -> rusqlite::Result<SpoolListed> {
    Ok(SpoolListed {
        queue_id: row.get("queue_id")?,
        reverse_path: row.get("reverse_path")?,
        arrived: Timestamp(row.get("arrived_ms")?),
        subject: row.get("subject")?,
        size: unsigned(row, "size_bytes")?,
        outbound: row.get("outbound")?,
        client_ip: row.get("client_ip")?,
        recipients: Vec::new(),
    })
}

pub(super) fn read_recipient(row: &Row<'_>) -> rusqlite::Result<SpoolRecipient> {
    Ok(SpoolRecipient {
        address: row.get("address")?,
        domain: row.get("domain")?,
        held: row.get("held")?,
        state: word(row, "state", RecipientState::from_word)?,
        due: row.get::<_, Option<i64>>("due_ms")?.map(Timestamp),
        attempts: row.get("attempts")?,
        last_reply: row.get("last_reply")?,
        held_for: row.get("held_for")?,
    })
}
