//! Rows of addresses that were asked for lately, as they are committed: a recipient that gets mail often costs no SQL.
//!
//! **Invariant.** What it gives is what a question to the database would have found, at some moment between the call and
//! its return. SQLite itself says which rows a transaction changed, whatever the statement; they are forgotten after the
//! commit and before its owners hear of it.
//!
//! **Limits.** [`MOST`] rows; when they are reached it starts afresh. It does not remember that an address has no row. A
//! VACUUM would give rows new numbers; there is none.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use crate::AddressRecord;

/// Rows kept; about 300 bytes each.
const MOST: usize = 4096;

/// The rows, by key and by SQLite's row number.
#[derive(Default)]
pub(crate) struct Recent {
    kept: Mutex<Kept>,
    changed: Arc<Mutex<Vec<i64>>>,
}

#[derive(Default)]
struct Kept {
    rows: HashMap<String, Arc<AddressRecord>>,
    keys: HashMap<i64, String>,
    /// How often rows were forgotten.
    age: u64,
}

/// When a row was read, in terms of what was forgotten meanwhile.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Age(u64);

impl Recent {
    /// Notes from now on which rows `conn` changes.
    pub(crate) fn watch(&self, conn: &Connection) -> rusqlite::Result<()> {
        let changed = Arc::clone(&self.changed);
        conn.update_hook(Some(move |_, _: &str, table: &str, row: i64| {
            if table == "address" {
                lock(&changed).push(row);
            }
        }))
    }

    /// The row, if it is kept.
    pub(crate) fn get(&self, key: &str) -> Option<Arc<AddressRecord>> {
        lock(&self.kept).rows.get(key).cloned()
    }

    /// To be asked before a row is read that is to be kept.
    pub(crate) fn age(&self) -> Age {
        Age(lock(&self.kept).age)
    }

    /// Keeps a row that was read since `age`, unless anything was forgotten since: it may be out of date then.
    pub(crate) fn keep(&self, age: Age, number: i64, row: &Arc<AddressRecord>) {
        let mut kept = lock(&self.kept);
        if Age(kept.age) != age {
            return;
        }
        if kept.rows.len() >= MOST {
            kept.rows.clear();
            kept.keys.clear();
        }
        kept.keys.insert(number, row.key.clone());
        kept.rows.insert(row.key.clone(), Arc::clone(row));
    }

    /// Forgets what the writer changed. To be called after each of its transactions, before anybody hears of it.
    pub(crate) fn forget_changed(&self) {
        let changed = std::mem::take(&mut *lock(&self.changed));
        if changed.is_empty() {
            return;
        }
        let mut kept = lock(&self.kept);
        kept.age += 1;
        for number in changed {
            if let Some(key) = kept.keys.remove(&number) {
                kept.rows.remove(&key);
            }
        }
    }
}

/// What is kept is sound after a panic: at worst a row is kept in one map only, and then not found or replaced.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use rollcall_core::{AddressState, Source, Timestamp};

    use super::*;

    fn row(key: &str) -> Arc<AddressRecord> {
        let key = key.to_owned();
        let (shown, domain) = (key.clone(), "x.example".to_owned());
        let row = AddressRecord::new(key, shown, domain, AddressState::Watching, Source::Mail, Timestamp(0));
        Arc::new(AddressRecord { clean_count: 1, ..row })
    }

    #[test]
    fn a_changed_row_is_forgotten_whatever_changed_it() {
        let recent = Recent::default();
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE address (key TEXT); INSERT INTO address VALUES ('a'), ('b');").unwrap();
        recent.watch(&conn).unwrap();
        recent.keep(recent.age(), 1, &row("a"));
        recent.keep(recent.age(), 2, &row("b"));

        conn.execute_batch("UPDATE address SET key = 'c' WHERE key = 'a'").unwrap();
        assert!(recent.get("a").is_some(), "not committed, as far as we know");
        recent.forget_changed();

        assert!(recent.get("a").is_none());
        assert!(recent.get("b").is_some());
    }

    #[test]
    fn a_row_read_before_something_was_forgotten_is_not_kept() {
        let recent = Recent::default();
        let before = recent.age();
        recent.changed.lock().unwrap().push(7);
        recent.forget_changed();

        recent.keep(before, 1, &row("a"));

        assert!(recent.get("a").is_none());
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let recent = Recent::default();
        for number in 0..10_000 {
            recent.keep(recent.age(), number, &row(&format!("{number}@x.example")));
        }

        let kept = recent.kept.lock().unwrap();
        assert!(kept.rows.len() <= MOST && kept.keys.len() <= MOST);
        assert!(kept.rows.contains_key("9999@x.example"));
    }
}
