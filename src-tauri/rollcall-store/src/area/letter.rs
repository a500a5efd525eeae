//! Letters of our own: written down with what causes them, settled once the spool has them.

use rollcall_core::Timestamp;
use rollcall_core::access::Role;
use rusqlite::{Row, named_params};

use crate::tx::{Statement, statement, word};
use crate::{DueLetter, LetterRecord, LetterState, StoreError, Tx};

const ADD_WEEK: Statement = statement!("letter/add_week", "write a letter down");
const ADD_WELCOME: Statement = statement!("letter/add_welcome", "write a welcome down");
const DUE: Statement = statement!("letter/due", "find letters that are due");
const SETTLE: Statement = statement!("letter/settle", "note what became of a letter");
const LAST_SETTLED: Statement = statement!("letter/last_settled", "find the last letter");
const WELCOMED_SINCE: Statement = statement!("letter/welcomed_since", "see whether an account was welcomed");
const PRUNE: Statement = statement!("letter/prune", "forget old letters");

impl Tx<'_> {
    /// Writes a week's letter down, due at `at`, under an id that the spool never had.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn add_week_letter(
        &self,
        queue_id: &str,
        audience: Role,
        (subject, text, html): (&str, &str, &str),
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let params = named_params! {
            ":queue_id": queue_id,
            ":audience": audience.word(),
            ":subject": subject,
            ":text": text,
            ":html": html,
            ":at": at.0,
        };
        self.change(&ADD_WEEK, params).map(drop)
    }

    /// Writes a welcome for the account under `key` down; one that was due already is due then instead.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn add_welcome(&self, queue_id: &str, key: &str, at: Timestamp, due: Timestamp) -> Result<(), StoreError> {
        let params = named_params! { ":queue_id": queue_id, ":key": key, ":at": at.0, ":due": due.0 };
        self.change(&ADD_WELCOME, params).map(drop)
    }

    /// The letters that are due at `now`, the longest due first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn due_letters(&self, now: Timestamp, limit: u32) -> Result<Vec<DueLetter>, StoreError> {
        self.all(&DUE, named_params! { ":now": now.0, ":limit": limit }, read_due)
    }

    /// What became of a letter, and why where that needs a sentence. Nothing happens to one that is settled.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn settle_letter(
        &self,
        id: i64,
        state: LetterState,
        why: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let params = named_params! { ":id": id, ":state": state.word(), ":why": why, ":at": at.0 };
        self.change(&SETTLE, params).map(drop)
    }

    /// When and why the latest letter could not be sent; `None` where it was.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn letter_trouble(&self) -> Result<Option<(Timestamp, String)>, StoreError> {
        let read = |row: &Row<'_>| {
            let why: Option<String> = row.get("why")?;
            Ok((word(row, "state", LetterState::from_word)?, Timestamp(row.get("settled_ms")?), why))
        };
        let last = self.maybe(&LAST_SETTLED, [], read)?;
        Ok(last.filter(|(state, ..)| *state == LetterState::Failed).map(|(_, at, why)| (at, why.unwrap_or_default())))
    }

    /// Whether the account under `key` was welcomed since then.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn was_welcomed_since(&self, key: &str, since: Timestamp) -> Result<bool, StoreError> {
        Ok(self.total(&WELCOMED_SINCE, named_params! { ":key": key, ":since": since.0 })? > 0)
    }

    /// Forgets letters that were settled before then; says how many.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn prune_letters(&self, before: Timestamp) -> Result<u64, StoreError> {
        Ok(self.change(&PRUNE, named_params! { ":before": before.0 })? as u64)
    }
}

fn read_due(row: &Row<'_>) -> rusqlite::Result<DueLetter> {
    let letter = match row.get::<_, Option<String>>("key")? {
        Some(key) => LetterRecord::Welcome { key },
        None => LetterRecord::Week {
            audience: word(row, "audience", Role::from_word)?,
            subject: row.get("subject")?,
            text: row.get("text")?,
            html: row.get("html")?,
        },
    };
    Ok(DueLetter { id: row.get("id")?, queue_id: row.get("queue_id")?, letter })
}
