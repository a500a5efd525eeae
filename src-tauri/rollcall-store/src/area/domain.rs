//! Domains we relay for.

use rollcall_core::Timestamp;
use rusqlite::{Row, named_params};

use crate::tx::{Statement, statement, word};
use crate::{DomainRecord, StoreError, TlsPolicy, Tx};

const LIST: Statement = statement!("domain/list", "list the domains");
const PUT: Statement = statement!("domain/put", "save a domain");
const REMOVE: Statement = statement!("domain/remove", "remove a domain");
const NOTE_STRANGER_REFUSED: Statement =
    statement!("domain/note_stranger_refused", "note that an invented recipient was refused");

impl Tx<'_> {
    /// Every domain, A to Z.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn domains(&self) -> Result<Vec<DomainRecord>, StoreError> {
        self.all(&LIST, [], read_domain)
    }

    /// Adds a domain or replaces what is known of it.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also for a port 0 or a rule outside its range.
    pub fn put_domain(&self, domain: &DomainRecord) -> Result<(), StoreError> {
        let params = named_params! {
            ":name": domain.name,
            ":host": domain.host,
            ":port": domain.port,
            ":tls": domain.tls.word(),
            ":need": domain.need,
            ":window_days": domain.window_days,
            ":stranger_refused_ms": domain.stranger_refused.map(|at| at.0),
        };
        self.change(&PUT, params).map(drop)
    }

    /// Takes a domain away; true if it was there.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn remove_domain(&self, name: &str) -> Result<bool, StoreError> {
        Ok(self.change(&REMOVE, named_params! { ":name": name })? > 0)
    }

    /// The domain's destination refused an invented recipient at `at`. Nothing happens for an unknown domain.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn note_stranger_refused(&self, domain: &str, at: Timestamp) -> Result<(), StoreError> {
        self.change(&NOTE_STRANGER_REFUSED, named_params! { ":name": domain, ":at": at.0 }).map(drop)
    }
}

fn read_domain(row: &Row<'_>) -> rusqlite::Result<DomainRecord> {
    Ok(DomainRecord {
        name: row.get("name")?,
        host: row.get("host")?,
        port: row.get("port")?,
        tls: word(row, "tls", TlsPolicy::from_word)?,
        need: row.get("need")?,
        window_days: row.get("window_days")?,
        stranger_refused: row.get::<_, Option<i64>>("stranger_refused_ms")?.map(Timestamp),
    })
}
