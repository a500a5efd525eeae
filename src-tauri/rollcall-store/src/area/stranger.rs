//! New addresses whose mail waits until somebody has decided about them (V04).

use rollcall_core::Timestamp;
use rusqlite::named_params;

use crate::tx::{Statement, statement};
use crate::{StoreError, Stranger, Tx};

const PUT: Statement = statement!("stranger/put", "keep when a new address was written to");
const LIST: Statement = statement!("stranger/list", "list new addresses");
const PRUNE: Statement = statement!("stranger/prune", "forget new addresses that nobody writes to");

impl Tx<'_> {
    /// Keeps when a new address was first and last written to, in place of what was kept before.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn put_stranger(&self, stranger: &Stranger) -> Result<(), StoreError> {
        let Stranger { key, first, last } = stranger;
        self.change(&PUT, named_params! { ":key": key, ":first_ms": first.0, ":last_ms": last.0 }).map(drop)
    }

    /// The new addresses that were written to last, newest first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn strangers(&self, limit: u32) -> Result<Vec<Stranger>, StoreError> {
        self.all(&LIST, named_params! { ":limit": limit }, |row| {
            Ok(Stranger {
                key: row.get("key")?,
                first: Timestamp(row.get("first_ms")?),
                last: Timestamp(row.get("last_ms")?),
            })
        })
    }

    /// Forgets new addresses that nobody wrote to since `before`; says how many.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn prune_strangers(&self, before: Timestamp) -> Result<usize, StoreError> {
        self.change(&PRUNE, named_params! { ":before": before.0 })
    }
}
