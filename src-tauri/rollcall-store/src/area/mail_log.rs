//! The mail log: written, settled, forgotten.
//!
//! **Invariant.** A row is written once; afterwards only mail that waits changes, until it is settled.
//!
//! **Limits.** The size of the log is estimated from its newest thousand rows.

use rollcall_core::Timestamp;
use rollcall_core::time::HOUR_MS;
use rusqlite::named_params;

use crate::record::trace;
use crate::tx::{Statement, signed, statement};
use crate::{DeliveredTo, MailLogRecord, Outcome, Step, StoreError, Tx};

const ADD: Statement = statement!("mail_log/add", "write to the mail log");
const SETTLE_WAITING: Statement = statement!("mail_log/settle_waiting", "note what became of waiting mail");
const WAITING: Statement = statement!("mail_log/waiting", "find waiting mail in the log");
const WAIT_AGAIN: Statement = statement!("mail_log/wait_again", "note that mail waits again");
const RELEASE_WAITING: Statement = statement!("mail_log/release_waiting", "note that kept mail goes on");
const NOTE_WAITING: Statement = statement!("mail_log/note_waiting", "note a step of waiting mail");
const NOTE_SETTLED: Statement = statement!("mail_log/note_settled", "note a step of mail that was settled");
const COUNT_HOUR: Statement = statement!("mail_log/count_hour", "count the mail of an hour");
const OLDEST: Statement = statement!("mail_log/oldest", "find the oldest mail of the log");
const LAST_DELIVERED: Statement = statement!("mail_log/last_delivered", "find the last delivery");
const DELIVERED_AS: Statement = statement!("mail_log/delivered_as", "find who got a message");
const PRUNE: Statement = statement!("mail_log/prune", "forget old mail log rows");
const PRUNE_OLDEST: Statement = statement!("mail_log/prune_oldest", "forget the oldest mail log rows");
const COUNT_WOULD_REFUSE: Statement = statement!("mail_log/count_would_refuse", "count what would be refused");
const COUNT: Statement = statement!("mail_log/count", "count the mail log's rows");
const ROW_BYTES: Statement = statement!("mail_log/row_bytes", "measure the mail log's rows");

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
            ":message": record.message,
            ":direction": record.direction.word(),
            ":message_id": record.message_id,
            ":tls": record.tls,
            ":began": record.began.0,
            ":trace": trace::written(&record.trace),
            ":would_refuse": record.would_refuse,
        };
        self.put(&ADD, params)
    }

    /// What became of a recipient whose mail waited in the spool, as the last step of its trace; true if its row was
    /// found. Without a `destination_reply` the one known before stays.
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
            ":step": trace::tail(Step::Attempt, destination_reply.or(Some(reason))),
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

    /// Mail that was kept for its address goes on; true if its row was found.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn release_waiting(
        &self,
        queue_id: &str,
        recipient: &str,
        reason: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let params = named_params! { ":queue_id": queue_id, ":recipient": recipient, ":reason": reason, ":at": at.0 };
        Ok(self.change(&RELEASE_WAITING, params)? > 0)
    }

    /// Adds a step to the trace of a recipient whose mail waits in the spool; true if its row was found. `said` is the
    /// destination's last word if the step is an attempt.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn note_waiting(
        &self,
        queue_id: &str,
        recipient: &str,
        step: Step,
        said: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let params = named_params! {
            ":queue_id": queue_id,
            ":recipient": recipient,
            ":destination_reply": (step == Step::Attempt).then_some(said),
            ":step": trace::tail(step, Some(said)),
            ":at": at.0,
        };
        Ok(self.change(&NOTE_WAITING, params)? > 0)
    }

    /// Adds a step to the trace of a recipient that was given up or delivered: what its sender is told. True if its row was
    /// found.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn note_settled(
        &self,
        queue_id: &str,
        recipient: &str,
        step: Step,
        said: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let step = trace::tail(step, Some(said));
        let params = named_params! { ":queue_id": queue_id, ":recipient": recipient, ":step": step, ":at": at.0 };
        Ok(self.change(&NOTE_SETTLED, params)? > 0)
    }

    /// The mail of `hours` hours, the first of which starts at `from`: for each hour the rows of each outcome, in the
    /// order of [`Outcome::ALL`]. Mail that waited counts in the hour it came.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn mail_hours(&self, from: Timestamp, hours: u32) -> Result<Vec<[u64; 5]>, StoreError> {
        let bounds: Vec<_> = (0..=hours).map(|index| from.plus_ms(i64::from(index) * HOUR_MS)).collect();
        self.mail_between(&bounds)
    }

    /// The mail between each of `bounds`, which ascend, and the next one: the rows of each outcome, in the order of
    /// [`Outcome::ALL`]. Mail that waited counts where it came.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn mail_between(&self, bounds: &[Timestamp]) -> Result<Vec<[u64; 5]>, StoreError> {
        let mut counts = vec![[0; 5]; bounds.len().saturating_sub(1)];
        for (bounds, counts) in bounds.windows(2).zip(&mut counts) {
            for (outcome, count) in Outcome::ALL.into_iter().zip(counts) {
                let params = named_params! { ":outcome": outcome.word(), ":from": bounds[0].0, ":until": bounds[1].0 };
                *count = self.total(&COUNT_HOUR, params)?;
            }
        }
        Ok(counts)
    }

    /// When the oldest mail that the log still has came.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn oldest_mail(&self) -> Result<Option<Timestamp>, StoreError> {
        self.one(&OLDEST, [], |row| Ok(row.get::<_, Option<i64>>("at_ms")?.map(Timestamp)))
    }

    /// When the destination last took mail.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn last_delivered(&self) -> Result<Option<Timestamp>, StoreError> {
        self.one(&LAST_DELIVERED, [], |row| Ok(row.get::<_, Option<i64>>("at_ms")?.map(Timestamp)))
    }

    /// Whom mail servers took the message with this Message-ID for since `since`, the last first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn delivered_as(&self, message_id: &str, since: Timestamp, limit: u32) -> Result<Vec<DeliveredTo>, StoreError> {
        let params = named_params! { ":message_id": message_id, ":since": since.0, ":limit": limit };
        self.all(&DELIVERED_AS, params, |row| {
            Ok(DeliveredTo {
                recipient: row.get("recipient")?,
                destination: row.get("destination")?,
                at: Timestamp(row.get("outcome_ms")?),
            })
        })
    }

    /// Forgets up to `limit` rows from before `before`, oldest first, except those of mail that still waits; says how many.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn prune_mail_log(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        Ok(self.change(&PRUNE, named_params! { ":before": before.0, ":limit": limit })? as u64)
    }

    /// Forgets the oldest `limit` rows, except those of mail that still waits; says how many.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn prune_oldest_mail_log(&self, limit: u32) -> Result<u64, StoreError> {
        Ok(self.change(&PRUNE_OLDEST, named_params! { ":before": i64::MAX, ":limit": limit })? as u64)
    }

    /// How many recipients since `since` only shadow mode kept us from refusing.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn count_would_refuse(&self, since: Timestamp) -> Result<u64, StoreError> {
        self.total(&COUNT_WOULD_REFUSE, named_params! { ":since": since.0 })
    }

    /// How many rows the log has, and about how many bytes they take in the file with their indexes.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn mail_log_size(&self) -> Result<(u64, u64), StoreError> {
        let rows = self.total(&COUNT, [])?;
        Ok((rows, rows * self.total(&ROW_BYTES, [])?))
    }
}

/// What a search looks through, in lower case, a line each.
/// `RC-104` in a refusal of ours (X20); an acceptance has none.
fn number_of(reply: &str) -> &str {
    let number = |place: usize| reply.get(place + " (".len()..)?.strip_suffix(')');
    reply.rfind(" (RC-").and_then(number).unwrap_or_default()
}

/// `would reject expired`: how what shadow mode let through is found (X16).
fn would(record: &MailLogRecord) -> String {
    record.would_refuse.as_deref().map(|reason| format!("would reject {reason}")).unwrap_or_default()
}

fn sought(record: &MailLogRecord) -> String {
    let parts = [
        record.recipient.as_str(),
        &record.sender,
        record.subject.as_deref().unwrap_or_default(),
        &record.client_ip,
        &record.client_name,
        record.queue_id.as_deref().unwrap_or_default(),
        number_of(&record.reply),
        &would(record),
    ];
    parts.join("\n").to_lowercase()
}
