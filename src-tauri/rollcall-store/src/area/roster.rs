//! The whole list of addresses, for files that go out and come in.

use super::address::read_address;
use crate::tx::{Statement, statement};
use crate::{AddressRecord, StoreError, Tx};

const ROWS: Statement = statement!("roster/rows", "list every address");

impl Tx<'_> {
    /// Every row there is, by key. Reads the whole list: for what concerns everybody.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn every_address(&self) -> Result<Vec<AddressRecord>, StoreError> {
        self.all(&ROWS, [], read_address)
    }
}
