//! A few read-only connections, lent one question at a time.
//!
//! **Invariant.** A question sees one committed state of the database from its first row to its last.
//!
//! **Limits.** A question asked inside a question takes a second connection; do not nest them.

use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};

use rusqlite::{Connection, TransactionBehavior};

use crate::connection::open_for_reading;
use crate::{StoreError, Tx};

/// Questions answered at the same time.
const CONNECTIONS: usize = 4;

/// The connections that are not lent. `None` once closed.
pub(crate) struct Readers {
    idle: Mutex<Option<Vec<Connection>>>,
    returned: Condvar,
}

impl Readers {
    /// Opens the connections. The database exists and the writer has it open.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let idle = (0..CONNECTIONS).map(|_| open_for_reading(path)).collect::<Result<_, _>>()?;
        Ok(Self { idle: Mutex::new(Some(idle)), returned: Condvar::new() })
    }

    /// Asks on an idle connection, waiting for one if need be.
    pub(crate) fn read<T>(&self, ask: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut lent = self.lend()?;
        let snapshot = lent
            .connection()
            .transaction_with_behavior(TransactionBehavior::Deferred)
            .map_err(|source| StoreError::Sqlite { action: "begin to read", source })?;
        ask(&Tx::new(&snapshot))
    }

    /// Closes the idle connections, and each lent one when it comes back.
    pub(crate) fn close(&self) {
        drop(self.idle.lock().unwrap_or_else(PoisonError::into_inner).take());
        self.returned.notify_all();
    }

    fn lend(&self) -> Result<Lent<'_>, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let all_lent = |idle: &mut Option<Vec<Connection>>| idle.as_ref().is_some_and(Vec::is_empty);
        let mut idle = self.returned.wait_while(idle, all_lent).unwrap_or_else(PoisonError::into_inner);
        let conn = idle.as_mut().and_then(Vec::pop).ok_or(StoreError::Closed)?;
        Ok(Lent { conn: Some(conn), home: self })
    }
}

/// A connection that goes back when its question is answered, or panicked.
struct Lent<'r> {
    conn: Option<Connection>,
    home: &'r Readers,
}

impl Lent<'_> {
    fn connection(&mut self) -> &mut Connection {
        self.conn.as_mut().expect("a lent connection stays until it is dropped")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut idle = self.home.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(idle), Some(conn)) = (idle.as_mut(), self.conn.take()) {
            idle.push(conn);
            self.home.returned.notify_one();
        }
    }
}
