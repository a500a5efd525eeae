//! The mail log.
//!
//! **Limits.** A search reads rows from the newest back until it has found enough.

use rollcall_core::Timestamp;
use rollcall_core::time::HOUR_MS;
use rusqlite::{Row, named_params};

use crate::tx::{Statement, signed, statement, word};
use crate::{MailLogRecord, Outcome, StoreError, Tx};

const ADD: Statement = statement!("mail_log/add", "write to the mail log");
const SETTLE_WAITING: Statement = statement!("mail_log/settle_waiting", "note what became of waiting mail");
const WAITING: Statement = statement!("mail_log/waiting", "find waiting mail in the log");
const WAIT_AGAIN: Statement = statement!("mail_log/wait_again", "note that mail waits again");
const LIST: Statement = statement!("mail_log/list", "read the mail log");
const FIND: Statement = statement!("mail_log/find", "search the mail log");
const COUNT_HOUR: Statement = statement!("mail_log/count_hour", "count the mail of an hour");
const LAST_DELIVERED: Statement = statement!("mail_log/last_delivered", "find the last delivery");
const PRUNE: Statement = statement!("mail_log/prune", "forget old mail log rows");

impl Tx<'_> {
    /// Writes down what became of a recipient; gives the row's number.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn add_mail_log(&self, record: &MailLogRecord) -> Result<i64, StoreError> {
        let params = named_params! {
            ":at": record.at.0,
            ":session": record.session,
            ":outcome": record.outcome.word(),
            ":reason": record.reason,
            ":sender": record.sender,
            ":recipient": record.recipient,
            ":client_ip": record.client_ip,
            ":client_name": record.client_name,
            ":subject": record.subject,
            ":size_bytes": record.size_bytes.map(signed),
            ":duration_ms": signed(record.duration_ms),
            ":reply": record.reply,
            ":destination_reply": record.destination_reply,
            ":destination": record.destination,
            ":queue_id": record.queue_id,
            ":sought": sought(record),
        };
        self.insert(&ADD, params)
    }

    /// What became of a recipient whose mail waited in the spool; true if its row was found. Without a
    /// `destination_reply` the one known before stays.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn settle_waiting(
        &self,
        queue_id: &str,
        recipient: &str,
        outcome: Outcome,
        reason: &str,
        destination_reply: Option<&str>,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let params = named_params! {
            ":queue_id": queue_id,
            ":recipient": recipient,
            ":outcome": outcome.word(),
            ":reason": reason,
            ":destination_reply": destination_reply,
            ":at": at.0,
        };
        Ok(self.change(&SETTLE_WAITING, params)? > 0)
    }

    /// Queue id and recipient of everything that waits as far as the log knows.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn logged_waiting(&self) -> Result<Vec<(String, String)>, StoreError> {
        self.all(&WAITING, [], |row| Ok((row.get("queue_id")?, row.get("recipient")?)))
    }

    /// Mail that was given up and logged since `since` waits again for `recipient`; true if its row was found.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn wait_again(
        &self,
        queue_id: &str,
        recipient: &str,
        reason: &str,
        since: Timestamp,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let params = named_params! {
            ":queue_id": queue_id, ":recipient": recipient, ":reason": reason, ":since": since.0, ":at": at.0,
        };
        Ok(self.change(&WAIT_AGAIN, params)? > 0)
    }

    /// The latest rows with their numbers, newest first; with `before`, those with a smaller number; with `search`,
    /// those with that text in sender, recipient, subject, client or queue id, whatever the case.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn mail_log(
        &self,
        limit: u32,
        before: Option<i64>,
        search: Option<&str>,
    ) -> Result<Vec<(i64, MailLogRecord)>, StoreError> {
        let before = before.unwrap_or(i64::MAX);
        match search.filter(|text| !text.is_empty()).map(str::to_lowercase) {
            None => self.all(&LIST, named_params! { ":limit": limit, ":before": before }, read_numbered),
            Some(search) => {
                let params = named_params! { ":limit": limit, ":before": before, ":search": search };
                self.all(&FIND, params, read_numbered)
            }
        }
    }

    /// The mail of `hours` hours, the first of which starts at `from`: for each hour the rows of each outcome, in the
    /// order of [`Outcome::ALL`]. Mail that waited counts in the hour it came.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn mail_hours(&self, from: Timestamp, hours: u32) -> Result<Vec<[u64; 5]>, StoreError> {
        let hour = |index: u32| from.plus_ms(i64::from(index) * HOUR_MS).0;
        let mut counts = vec![[0; 5]; hours as usize];
        for (index, counts) in (0..hours).zip(&mut counts) {
            for (outcome, count) in Outcome::ALL.into_iter().zip(counts) {
                let params =
                    named_params! { ":outcome": outcome.word(), ":from": hour(index), ":until": hour(index + 1) };
                *count = self.total(&COUNT_HOUR, params)?;
            }
        }
        Ok(counts)
    }

    /// When the destination last took mail.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn last_delivered(&self) -> Result<Option<Timestamp>, StoreError> {
        self.one(&LAST_DELIVERED, [], |row| Ok(row.get::<_, Option<i64>>("at_ms")?.map(Timestamp)))
    }

    /// Forgets rows from before `before`, except those of mail that still waits; says how many.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn prune_mail_log(&self, before: Timestamp) -> Result<u64, StoreError> {
        Ok(self.change(&PRUNE, named_params! { ":before": before.0 })? as u64)
    }
}

/// What a search looks through, in lower case, a line each.
fn sought(record: &MailLogRecord) -> String {
    let parts = [
        record.recipient.as_str(),
        &record.sender,
        record.subject.as_deref().unwrap_or_default(),
        &record.client_ip,
        &record.client_name,
        record.queue_id.as_deref().unwrap_or_default(),
    ];
    parts.join("\n").to_lowercase()
}

fn read_numbered(row: &Row<'_>) -> rusqlite::Result<(i64, MailLogRecord)> {
    let record = MailLogRecord {
        at: Timestamp(row.get("at_ms")?),
        session: row.get("session")?,
        outcome: word(row, "outcome", Outcome::from_word)?,
        reason: row.get("reason")?,
        sender: row.get("sender")?,
        recipient: row.get("recipient")?,
        client_ip: row.get("client_ip")?,
        client_name: row.get("client_name")?,
        subject: row.get("subject")?,
        size_bytes: row.get::<_, Option<i64>>("size_bytes")?.map(i64::unsigned_abs),
        duration_ms: row.get::<_, i64>("duration_ms")?.unsigned_abs(),
        reply: row.get("reply")?,
        destination_reply: row.get("destination_reply")?,
        destination: row.get("destination")?,
        queue_id: row.get("queue_id")?,
    };
    Ok((row.get("id")?, record))
}
