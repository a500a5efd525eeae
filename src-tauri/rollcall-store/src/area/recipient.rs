//! Recipients: where they stand, and what their destinations said of them.

use rollcall_core::Timestamp;
use rusqlite::{Row, named_params};

use super::address::read_state;
use crate::tx::{Statement, statement};
use crate::{Remembered, StandingRow, StoreError, Tx};

const STANDING: Statement = statement!("address/standing", "look up where recipients stand");
const PUT: Statement = statement!("recipient_cache/put", "keep what was said of a recipient");
const LIST: Statement = statement!("recipient_cache/list", "list what was said of recipients");
const CLEAR_ALL: Statement = statement!("recipient_cache/clear_all", "forget what was said of recipients");
const CLEAR_DOMAIN: Statement = statement!("recipient_cache/clear_domain", "forget what was said of a domain");
const CLEAR_KEY: Statement = statement!("recipient_cache/clear_key", "forget what was said of a recipient");
const PRUNE: Statement = statement!("recipient_cache/prune", "forget what was said long ago");

impl Tx<'_> {
    /// The rows among up to six keys, in no order; further keys are not looked at.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn standing<K: AsRef<str>>(&self, keys: &[K]) -> Result<Vec<StandingRow>, StoreError> {
        let key = |place: usize| keys.get(place).map(AsRef::as_ref);
        let params = named_params! {
            ":a": key(0), ":b": key(1), ":c": key(2), ":d": key(3), ":e": key(4), ":f": key(5),
        };
        self.all(&STANDING, params, |row: &Row<'_>| Ok(StandingRow { key: row.get("key")?, state: read_state(row)? }))
    }

    /// Keeps what a destination said of a recipient, in place of what it said before.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn remember(&self, said: &Remembered) -> Result<(), StoreError> {
        let params = named_params! {
            ":key": said.key, ":domain": said.domain, ":known": said.known, ":at_ms": said.at.0, ":reply": said.reply,
        };
        self.change(&PUT, params).map(drop)
    }

    /// The newest that destinations said of recipients.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn remembered(&self, limit: u32) -> Result<Vec<Remembered>, StoreError> {
        self.all(&LIST, named_params! { ":limit": limit }, |row| {
            Ok(Remembered {
                key: row.get("key")?,
                domain: row.get("domain")?,
                known: row.get("known")?,
                at: Timestamp(row.get("at_ms")?),
                reply: row.get("reply")?,
            })
        })
    }

    /// Forgets what destinations said of every recipient.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn forget_remembered(&self) -> Result<usize, StoreError> {
        self.change(&CLEAR_ALL, [])
    }

    /// Forgets what was said of the recipients of a domain.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn forget_remembered_of(&self, domain: &str) -> Result<usize, StoreError> {
        self.change(&CLEAR_DOMAIN, named_params! { ":domain": domain })
    }

    /// Forgets what was said of one recipient.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn forget_remembered_key(&self, key: &str) -> Result<usize, StoreError> {
        self.change(&CLEAR_KEY, named_params! { ":key": key })
    }

    /// Forgets what was said before a moment.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn prune_remembered(&self, before: Timestamp) -> Result<usize, StoreError> {
        self.change(&PRUNE, named_params! { ":before": before.0 })
    }
}
