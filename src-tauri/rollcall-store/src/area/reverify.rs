//! How far asking about accounts has come (V06, T23).

use rollcall_core::Timestamp;
use rollcall_core::reverify::Progress;
use rusqlite::{Row, named_params};

use crate::tx::{Statement, statement};
use crate::{StoreError, Tx};

const MISSING: Statement = statement!("reverify/missing", "find accounts that were never asked about");
const DUE: Statement = statement!("reverify/due", "find accounts to ask about");
const GET: Statement = statement!("reverify/get", "read how far asking has come");
const PUT: Statement = statement!("reverify/put", "keep how far asking has come");
const PRUNE: Statement = statement!("reverify/prune", "forget what was asked about who is no account");

impl Tx<'_> {
    /// Up to `limit` accounts of a domain that were never asked about, by key; those of the directory are its own.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn never_reverified(&self, domain: &str, limit: u32) -> Result<Vec<String>, StoreError> {
        self.all(&MISSING, named_params! { ":domain": domain, ":limit": limit }, |row| row.get("key"))
    }

    /// Up to `limit` accounts of a domain to be asked about by `now`, the longest due first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn to_reverify(&self, domain: &str, now: Timestamp, limit: u32) -> Result<Vec<(String, Progress)>, StoreError> {
        self.all(&DUE, named_params! { ":domain": domain, ":now": now.0, ":limit": limit }, read_progress)
    }

    /// How far asking about an account has come.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn reverified(&self, key: &str) -> Result<Option<Progress>, StoreError> {
        Ok(self.maybe(&GET, named_params! { ":key": key }, read_progress)?.map(|(_, progress)| progress))
    }

    /// Keeps how far asking about an account has come; with what was said and when, once it was asked about.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also for an empty key.
    pub fn put_reverified(
        &self,
        key: &str,
        progress: Progress,
        said: Option<(Timestamp, &str)>,
    ) -> Result<(), StoreError> {
        let params = named_params! {
            ":key": key,
            ":next": progress.next.0,
            ":refusals": progress.refusals,
            ":since": progress.since.map(|at| at.0),
            ":asked": said.map(|(at, _)| at.0),
            ":reply": said.map(|(_, reply)| reply),
        };
        self.change(&PUT, params).map(drop)
    }

    /// Forgets what was asked about addresses that are no accounts any more; says how many.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn prune_reverified(&self) -> Result<usize, StoreError> {
        self.change(&PRUNE, [])
    }
}

fn read_progress(row: &Row<'_>) -> rusqlite::Result<(String, Progress)> {
    let progress = Progress {
        next: Timestamp(row.get("next_ms")?),
        refusals: row.get("refusals")?,
        since: row.get::<_, Option<i64>>("since_ms")?.map(Timestamp),
    };
    Ok((row.get("key")?, progress))
}
