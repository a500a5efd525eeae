//! What an account received, a row a day.

use rollcall_core::Timestamp;
use rusqlite::named_params;

use crate::tx::{Statement, statement};
use crate::{StoreError, Tx};

const COUNT: Statement = statement!("day/count", "count an account's mail");
const LIST: Statement = statement!("day/list", "read an account's days");

impl Tx<'_> {
    /// Adds to what the account received and was refused on the day that starts at `day_start`; gives what it received
    /// on that day by now.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn count_day(&self, key: &str, day_start: Timestamp, received: u32, refused: u32) -> Result<u32, StoreError> {
        let params = named_params! { ":key": key, ":day": day_start.0, ":received": received, ":refused": refused };
        self.one(&COUNT, params, |row| row.get("received"))
    }

    /// The account's days since `from` that had mail: start of the day, received, refused; oldest first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn days(&self, key: &str, from: Timestamp) -> Result<Vec<(Timestamp, u32, u32)>, StoreError> {
        self.all(&LIST, named_params! { ":key": key, ":from": from.0 }, |row| {
            Ok((Timestamp(row.get("day_ms")?), row.get("received")?, row.get("refused")?))
        })
    }
}
