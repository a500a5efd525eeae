//! What was recorded of an address, in order, for a dry run of another rule (X09).

use rollcall_core::Timestamp;
use rollcall_core::time::DAY_MS;
use rollcall_core::truth::Truth;
use rusqlite::{Row, named_params};

use crate::tx::{Statement, statement, word};
use crate::{DecisionRecord, EvidenceKind, SeenRecord, StoreError, TickRecord, Tx};

const KEYS: Statement = statement!("recorded/keys", "list what was recorded");
const SEEN: Statement = statement!("recorded/seen", "read what was seen of an address");
const DECISIONS: Statement = statement!("recorded/decisions", "read the decisions about an address");
const NOTE_RCPT: Statement = statement!("rcpt_accepted/note", "note a recipient that was accepted");
const RCPT: Statement = statement!("rcpt_accepted/of", "read when a recipient was accepted");
const PRUNE_RCPT: Statement = statement!("rcpt_accepted/prune", "forget recipients that were accepted");
const TICKS: Statement = statement!("weekly_tick/since", "read the weekly ticks");
const NOTE_SHOWN: Statement = statement!("weekly_tick/note_shown", "note that a notice was shown");
const NOTE_TRUTH: Statement = statement!("domain_truth/note_past", "note what a mail server is found to be");
const WAS_UNKNOWN: Statement = statement!("mail_log/was_unknown", "look up whether a recipient was unknown");
const TRUTHS: Statement = statement!("domain_truth/past", "read what a mail server was found to be");

impl Tx<'_> {
    /// The next `limit` addresses behind `after` about which anything was recorded, or that wait, A to Z by key.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn recorded_keys(&self, after: &str, limit: u32) -> Result<Vec<String>, StoreError> {
        self.all(&KEYS, named_params! { ":after": after, ":limit": limit }, |row| row.get("key"))
    }

    /// Hands what was seen of an address since `since` to `each`, in the order in which it was seen; holds one at a time.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn seen_of(&self, key: &str, since: Timestamp, mut each: impl FnMut(SeenRecord)) -> Result<(), StoreError> {
        let hand = |row: &Row<'_>| {
            each(read_seen(row)?);
            Ok(())
        };
        self.each(&SEEN, named_params! { ":key": key, ":since": since.0 }, hand)
    }

    /// The decisions about an address since `since`, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn decisions_of(&self, key: &str, since: Timestamp) -> Result<Vec<DecisionRecord>, StoreError> {
        let read = |row: &Row<'_>| {
            let decision = DecisionRecord {
                entry: row.get("entry")?,
                at: Timestamp(row.get("at_ms")?),
                who: row.get("who")?,
                action: row.get("action")?,
                undoes: row.get("undoes")?,
                before: None,
                after: None,
            };
            Ok((row.get("position")?, decision))
        };
        let found: Vec<(i64, DecisionRecord)> =
            self.all(&DECISIONS, named_params! { ":key": key, ":since": since.0 }, read)?;
        let with_images = |(position, decision): (i64, DecisionRecord)| {
            let (before, after) = self.images(decision.entry, position)?;
            Ok(DecisionRecord { before, after, ..decision })
        };
        found.into_iter().map(with_images).collect()
    }

    /// The mail server said yes to a recipient without an account at `at`; kept once a day.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn note_rcpt_accepted(&self, key: &str, at: Timestamp) -> Result<(), StoreError> {
        let day = at.0 - at.0.rem_euclid(DAY_MS);
        self.change(&NOTE_RCPT, named_params! { ":key": key, ":day": day, ":at": at.0 }).map(drop)
    }

    /// When the mail server said yes to a recipient since `since`, once a day, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn rcpt_accepted_of(&self, key: &str, since: Timestamp) -> Result<Vec<Timestamp>, StoreError> {
        self.all(&RCPT, named_params! { ":key": key, ":since": since.0 }, |row| Ok(Timestamp(row.get("at_ms")?)))
    }

    /// Forgets recipients that were accepted before `before`.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn prune_rcpt_accepted(&self, before: Timestamp) -> Result<(), StoreError> {
        self.change(&PRUNE_RCPT, named_params! { ":before": before.0 }).map(drop)
    }

    /// The weekly ticks that were to come since `since`, the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn ticks_since(&self, since: Timestamp) -> Result<Vec<TickRecord>, StoreError> {
        self.all(&TICKS, named_params! { ":since": since.0 }, |row| {
            let time = |name| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(name)?.map(Timestamp));
            Ok(TickRecord {
                at: Timestamp(row.get("at_ms")?),
                missed: row.get("missed")?,
                done: time("done_ms")?,
                due: row.get("due")?,
                holiday: row.get("holiday")?,
                shown: time("shown_ms")?,
            })
        })
    }

    /// The notice of the latest tick that had one was shown at `at`.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn note_tick_shown(&self, at: Timestamp) -> Result<(), StoreError> {
        self.change(&NOTE_SHOWN, named_params! { ":at": at.0 }).map(drop)
    }

    /// A domain's mail server was found to be this from `at` on; kept if that is news.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn note_truth(&self, domain: &str, at: Timestamp, verdict: Option<Truth>) -> Result<(), StoreError> {
        let params = named_params! { ":domain": domain, ":at": at.0, ":verdict": verdict.map(Truth::word) };
        self.change(&NOTE_TRUTH, params).map(drop)
    }

    /// Whether the mail server said before `before` that it does not know `recipient`, as far as the log goes back.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn was_unknown(&self, recipient: &str, before: Timestamp) -> Result<bool, StoreError> {
        let params = named_params! { ":recipient": recipient.to_lowercase(), ":before": before.0 };
        self.one(&WAS_UNKNOWN, params, |row| row.get("found"))
    }

    /// What a domain's mail server was found to be, and from when on; the oldest first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn truths_of(&self, domain: &str) -> Result<Vec<(Timestamp, Option<Truth>)>, StoreError> {
        self.all(&TRUTHS, named_params! { ":domain": domain }, |row| {
            let verdict: Option<String> = row.get("verdict")?;
            Ok((Timestamp(row.get("from_ms")?), verdict.as_deref().and_then(Truth::from_word)))
        })
    }
}

fn read_seen(row: &Row<'_>) -> rusqlite::Result<SeenRecord> {
    Ok(SeenRecord {
        at: Timestamp(row.get("at_ms")?),
        kind: word(row, "kind", EvidenceKind::from_word)?,
        counted: row.get("counted")?,
        not_counted_because: row.get("not_counted_because")?,
        sender: row.get("sender")?,
        sender_domain: row.get("sender_domain")?,
        message_id: row.get("message_id")?,
    })
}
