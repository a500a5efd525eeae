//! The row of one address, and sums over all.

use rollcall_core::{AddressState, MadeBy, Source, Timestamp};
use rusqlite::{Row, RowIndex, named_params};

use super::address_row;
use crate::tx::{Statement, statement, unreadable, unsigned, word};
use crate::{AddressRecord, StoreError, Tx};

const ACCOUNTS_OF_DOMAIN: Statement = statement!("address/accounts_of_domain", "count accounts of a domain");
const GET: Statement = statement!("address/get", "read an address");
const PUT: Statement = statement!("address/put", "save an address");
const PUT_MANY: Statement = statement!("address/put_many", "save addresses");
const REMOVE: Statement = statement!("address/remove", "remove an address");
const COUNT: Statement = statement!("address/count", "count a message for an address");
const TOUCH: Statement = statement!("address/touch", "note that an address was seen");
const BUMP_REFUSED: Statement = statement!("address/bump_refused", "note that mail for an address was refused");
const COUNT_NOTICE: Statement = statement!("address/count_notice", "note that a notice was shown");
const OLDEST_WATCHING: Statement = statement!("address/oldest_watching", "find the oldest watched address");
const DISCOVERED_OF: Statement = statement!("address/discovered_of", "list the Discovered addresses of a domain");
const ALIASES_OF: Statement = statement!("address/aliases_of", "list an account's other names");
const COUNTS: Statement = statement!("address/counts", "count the addresses");
const DISCOVERED_BETWEEN: Statement = statement!("address/discovered_between", "count discovered addresses");
const DECIDED_BETWEEN: Statement = statement!("address/decided_between", "count decided addresses");

/// Rows that one statement saves: far less than the longest text that SQLite takes.
const AT_ONCE: usize = 500;

impl Tx<'_> {
    /// How many of some two thousand accounts are in `domain`: enough to tell which domain is the office's own.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn accounts_of_domain(&self, domain: &str) -> Result<u64, StoreError> {
        self.total(&ACCOUNTS_OF_DOMAIN, named_params! { ":domain": domain })
    }

    /// The row of an address, by its key.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn address(&self, key: &str) -> Result<Option<AddressRecord>, StoreError> {
        self.maybe(&GET, named_params! { ":key": key }, read_address)
    }

    /// The same with SQLite's number of the row.
    pub(crate) fn numbered_address(&self, key: &str) -> Result<Option<(i64, AddressRecord)>, StoreError> {
        self.maybe(&GET, named_params! { ":key": key }, |row| Ok((row.get("number")?, read_address(row)?)))
    }

    /// Adds the row of an address or replaces it. Its evidence stays.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn put_address(&self, record: &AddressRecord) -> Result<(), StoreError> {
        let params = named_params! {
            ":key": record.key,
            ":shown": record.shown,
            ":domain": record.domain,
            ":state": record.state.word(),
            ":role": record.state.role().map(rollcall_core::Role::word),
            ":invalid_reason": record.state.invalid_reason().map(rollcall_core::InvalidReason::word),
            ":source": record.source.word(),
            ":first_name": record.first_name,
            ":surname": record.surname,
            ":clean_count": record.clean_count,
            ":first_seen_ms": record.first_seen.0,
            ":last_seen_ms": record.last_seen.0,
            ":discovered_ms": record.discovered.map(|at| at.0),
            ":decided_ms": record.decided.map(|at| at.0),
            ":changed_ms": record.changed.0,
            ":suspect_ms": record.suspect.map(|at| at.0),
            ":refused_count": record.refused_count,
            ":notices": record.notices,
            ":notice_ms": record.last_notice.map(|at| at.0),
            ":held_until_ms": record.held_until.map(|at| at.0),
            ":pinned": record.pinned,
            ":made_by": record.made_by.map(MadeBy::word),
            ":owner": record.owner,
            ":sought": sought(record),
        };
        self.change(&PUT, params)?;
        self.file(record)
    }

    /// Adds the rows of many addresses or replaces them. Their evidence stays. A row takes a third of the time that
    /// [`Tx::put_address`] takes: the index for searching is written out after each statement.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn put_addresses<'r>(&self, records: impl IntoIterator<Item = &'r AddressRecord>) -> Result<(), StoreError> {
        let records: Vec<&AddressRecord> = records.into_iter().collect();
        for some in records.chunks(AT_ONCE) {
            let rows: Vec<String> = some.iter().map(|record| address_row::json(record, &sought(record))).collect();
            let rows = format!("[{}]", rows.join(","));
            if rows.contains("\\u0000") {
                // JSON in SQLite ends a text there.
                some.iter().try_for_each(|record| self.put_address(record))?;
                continue;
            }
            self.change(&PUT_MANY, named_params! { ":rows": rows })?;
            some.iter().try_for_each(|record| self.file(record))?;
        }
        Ok(())
    }

    /// Takes the row of an address away; true if it was there. Its evidence stays.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn remove_address(&self, key: &str) -> Result<bool, StoreError> {
        self.unfile(key)?;
        Ok(self.change(&REMOVE, named_params! { ":key": key })? > 0)
    }

    /// A message for the address was delivered at `at`, and `clean_count` count now. It is not suspect any more, and
    /// nothing else of its row changes. Nothing happens without a row.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn count_address(&self, key: &str, clean_count: u32, at: Timestamp) -> Result<(), StoreError> {
        self.put(&COUNT, named_params! { ":clean_count": clean_count, ":at": at.0, ":key": key }).map(drop)
    }

    /// Mail for the address was seen at `at`. Nothing happens without a row.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn touch_address(&self, key: &str, at: Timestamp) -> Result<(), StoreError> {
        self.change(&TOUCH, named_params! { ":key": key, ":at": at.0 }).map(drop)
    }

    /// Mail for the address was refused at `at`. Nothing happens without a row.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn bump_refused(&self, key: &str, at: Timestamp) -> Result<(), StoreError> {
        self.change(&BUMP_REFUSED, named_params! { ":key": key, ":at": at.0 }).map(drop)
    }

    /// A weekly notice about the address was shown at `at` (T9). Nothing happens unless it is Discovered.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn count_notice(&self, key: &str, at: Timestamp) -> Result<bool, StoreError> {
        Ok(self.change(&COUNT_NOTICE, named_params! { ":key": key, ":at": at.0 })? > 0)
    }

    /// How many addresses are watched (P03).
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn count_watching(&self) -> Result<u64, StoreError> {
        self.total_of("watching")
    }

    /// The watched address that was seen last the longest ago.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn oldest_watching(&self) -> Result<Option<String>, StoreError> {
        self.maybe(&OLDEST_WATCHING, [], |row| row.get("key"))
    }

    /// The Discovered addresses of a domain, the longest waiting first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn discovered_of(&self, domain: &str) -> Result<Vec<AddressRecord>, StoreError> {
        self.all(&DISCOVERED_OF, named_params! { ":domain": domain }, read_address)
    }

    /// The keys of an account's other names.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn aliases_of(&self, owner: &str) -> Result<Vec<String>, StoreError> {
        self.all(&ALIASES_OF, named_params! { ":owner": owner }, |row| row.get("key"))
    }

    /// How many users there are: those use seats, nobody else does (3.1).
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn users(&self) -> Result<u64, StoreError> {
        self.total_of("user")
    }

    /// How many addresses there are of each state that has any, by its word.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn counts(&self) -> Result<Vec<(String, u64)>, StoreError> {
        self.all(&COUNTS, [], |row| Ok((row.get("state")?, unsigned(row, "total")?)))
    }

    /// For each moment: how many of today's rows were discovered by then, and how many were decided about by then.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn found_and_decided(&self, ends: &[Timestamp]) -> Result<Vec<(u64, u64)>, StoreError> {
        let mut order: Vec<usize> = (0..ends.len()).collect();
        order.sort_by_key(|&index| ends[index]);
        let mut sums = vec![(0, 0); ends.len()];
        let (mut found, mut decided, mut after) = (0, 0, i64::MIN);
        for index in order {
            let until = ends[index].0;
            let between = named_params! { ":after": after, ":until": until };
            found += self.total(&DISCOVERED_BETWEEN, between)?;
            decided += self.total(&DECIDED_BETWEEN, between)?;
            sums[index] = (found, decided);
            after = until;
        }
        Ok(sums)
    }
}

/// What a search looks through: address, first name and surname in lower case, a line each.
fn sought(record: &AddressRecord) -> String {
    let name = |name: &Option<String>| name.as_deref().unwrap_or_default().to_lowercase();
    format!("{}\n{}\n{}", record.shown.to_lowercase(), name(&record.first_name), name(&record.surname))
}

/// A row that begins with an address's columns, in the order of `address/get`. By place: it is read with each message.
pub(super) fn read_address(row: &Row<'_>) -> rusqlite::Result<AddressRecord> {
    let at = |place| row.get::<_, Option<i64>>(place).map(|ms| ms.map(Timestamp));
    Ok(AddressRecord {
        key: row.get(0)?,
        shown: row.get(1)?,
        domain: row.get(2)?,
        state: read_state_at(row, [3, 4, 5])?,
        source: word(row, 6, Source::from_word)?,
        first_name: row.get(7)?,
        surname: row.get(8)?,
        clean_count: row.get(9)?,
        first_seen: Timestamp(row.get(10)?),
        last_seen: Timestamp(row.get(11)?),
        discovered: at(12)?,
        decided: at(13)?,
        changed: Timestamp(row.get(14)?),
        suspect: at(15)?,
        refused_count: row.get(16)?,
        notices: row.get(17)?,
        last_notice: at(18)?,
        held_until: at(19)?,
        pinned: row.get(20)?,
        made_by: made_by(row, 21)?,
        owner: row.get(22)?,
    })
}

fn made_by(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<MadeBy>> {
    let word: Option<String> = row.get(column)?;
    word.map(|word| MadeBy::from_word(&word).ok_or_else(|| unreadable(row, column, &word))).transpose()
}

pub(super) fn read_state(row: &Row<'_>) -> rusqlite::Result<AddressState> {
    read_state_at(row, ["state", "role", "invalid_reason"])
}

fn read_state_at<I: RowIndex + Copy>(row: &Row<'_>, [state, role, reason]: [I; 3]) -> rusqlite::Result<AddressState> {
    let word: String = row.get(state)?;
    let role: Option<String> = row.get(role)?;
    let reason: Option<String> = row.get(reason)?;
    AddressState::from_words(&word, role.as_deref(), reason.as_deref()).ok_or_else(|| unreadable(row, state, &word))
}
