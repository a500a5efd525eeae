//! Addresses without a row that got mail while nothing was learned (X10).
//!
//! **Invariant.** Nothing learns from them: no row is made, no message counts.

use rollcall_core::Timestamp;
use rusqlite::{Row, named_params};

use crate::tx::{Statement, statement, unsigned};
use crate::{Observed, StoreError, Tx};

const NOTE: Statement = statement!("observed/note", "note an address without a row");
const LIST: Statement = statement!("observed/list", "list addresses without a row");
const TOTAL: Statement = statement!("observed/total", "count addresses without a row");
const COUNT: Statement = statement!("observed/count", "count what is observed");
const PRUNE: Statement = statement!("observed/prune", "forget addresses without a row");
const EVICT: Statement = statement!("observed/evict", "make room for an address without a row");

impl Tx<'_> {
    /// An address got a clean message at `at`. The one whose last mail is the oldest makes room when there are more than
    /// `most`.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also for an empty key.
    pub fn observe(&self, key: &str, shown: &str, domain: &str, at: Timestamp, most: u64) -> Result<(), StoreError> {
        let params = named_params! { ":key": key, ":shown": shown, ":domain": domain, ":at": at.0 };
        self.change(&NOTE, params)?;
        if self.total(&COUNT, [])? > most {
            self.change(&EVICT, [])?;
        }
        Ok(())
    }

    /// The addresses that got mail and have no row, the most mail first, and how many there are in all.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn observed(&self, limit: u32) -> Result<(Vec<Observed>, u64), StoreError> {
        let rows = self.all(&LIST, named_params! { ":limit": limit }, read_observed)?;
        Ok((rows, self.total(&TOTAL, [])?))
    }

    /// Forgets addresses that got no mail since `before`; says how many.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn prune_observed(&self, before: Timestamp) -> Result<usize, StoreError> {
        self.change(&PRUNE, named_params! { ":before": before.0 })
    }
}

fn read_observed(row: &Row<'_>) -> rusqlite::Result<Observed> {
    Ok(Observed {
        key: row.get("key")?,
        shown: row.get("shown")?,
        domain: row.get("domain")?,
        messages: unsigned(row, "messages")?,
        first: Timestamp(row.get("first_ms")?),
        last: Timestamp(row.get("last_ms")?),
    })
}
