//! What is foretold of Discovered addresses: kept, so that their list is ordered and filtered by an index.
//!
//! **Invariant.** Exactly the Discovered addresses have an outlook; the schema's triggers see to it. One whose row, or whose
//! ground, changed since is found by [`Tx::stale_outlooks`].

use rollcall_core::Timestamp;
use rusqlite::named_params;

use super::address_list::read_listed;
use crate::tx::{Statement, statement};
use crate::{AddressListed, AddressOnly, Outlook, OutlookCounts, StoreError, Tx};

const ROUND: Statement = statement!("outlook/round", "read the round of the outlook");
const BEGIN_ROUND: Statement = statement!("outlook/begin_round", "begin a round of the outlook");
const STALE: Statement = statement!("outlook/stale", "find what is foretold no more");
const PUT: Statement = statement!("outlook/put", "keep what is foretold");
const GET: Statement = statement!("outlook/get", "read what is foretold");
const COUNT_SOON: Statement = statement!("outlook/count_soon", "count addresses that end soon");
const COUNT_ALIAS: Statement = statement!("outlook/count_alias", "count likely aliases");
const COUNT_WEAK: Statement = statement!("outlook/count_weak", "count addresses with little evidence");
const COUNT_CAN_WAIT: Statement = statement!("outlook/count_can_wait", "count addresses that may wait");
const PAGE_BY_END: Statement = statement!("outlook/page_by_end", "list addresses by their end");
const PAGE_ALIAS: Statement = statement!("outlook/page_alias", "list likely aliases");
const PAGE_WEAK: Statement = statement!("outlook/page_weak", "list addresses with little evidence");

/// What stands for "it does not end by itself".
const NEVER: i64 = i64::MAX;

impl Tx<'_> {
    /// The present round, and what it stands on.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn outlook_round(&self) -> Result<(i64, String), StoreError> {
        self.one(&ROUND, [], |row| Ok((row.get("round")?, row.get("ground")?)))
    }

    /// Begins another round on this ground: everything is foretold anew.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn begin_outlook_round(&self, ground: &str) -> Result<(), StoreError> {
        self.change(&BEGIN_ROUND, named_params! { ":ground": ground }).map(drop)
    }

    /// Discovered addresses, at most `limit`, of which is foretold what a round before `round` stood on.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn stale_outlooks(&self, round: i64, limit: u32) -> Result<Vec<String>, StoreError> {
        self.all(&STALE, named_params! { ":round": round, ":limit": limit }, |row| row.get("key"))
    }

    /// What is foretold of a Discovered address; `None` for one that is none.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn outlook(&self, key: &str) -> Result<Option<Outlook>, StoreError> {
        self.maybe(&GET, named_params! { ":key": key }, |row| {
            let ends: i64 = row.get("ends_ms")?;
            Ok(Outlook {
                ends: (ends != NEVER).then_some(Timestamp(ends)),
                alias: row.get("alias")?,
                weak: row.get("weak")?,
                can_wait: Some(row.get("can_wait_ms")?).filter(|at| *at > 0).map(Timestamp),
            })
        })
    }

    /// Keeps what was foretold in `round` of a Discovered address.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn put_outlook(&self, key: &str, outlook: Outlook, round: i64) -> Result<(), StoreError> {
        let params = named_params! {
            ":ends": outlook.ends.map_or(NEVER, |at| at.0),
            ":alias": outlook.alias,
            ":weak": outlook.weak,
            ":can_wait": outlook.can_wait.map_or(0, |at| at.0),
            ":round": round,
            ":key": key,
        };
        self.change(&PUT, params).map(drop)
    }

    /// How many Discovered addresses there are of each kind now; `soon` is until when one ends soon.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn outlook_counts(&self, soon: Timestamp, now: Timestamp) -> Result<OutlookCounts, StoreError> {
        Ok(OutlookCounts {
            soon: self.count_only(AddressOnly::EndsBy(soon))?,
            alias: self.count_only(AddressOnly::Alias)?,
            weak: self.count_only(AddressOnly::Weak)?,
            can_wait: self.total(&COUNT_CAN_WAIT, named_params! { ":now": now.0 })?,
        })
    }

    pub(super) fn count_only(&self, only: AddressOnly) -> Result<u64, StoreError> {
        match only {
            AddressOnly::EndsBy(at) => self.total(&COUNT_SOON, named_params! { ":soon": at.0 }),
            AddressOnly::Alias => self.total(&COUNT_ALIAS, []),
            AddressOnly::Weak => self.total(&COUNT_WEAK, []),
        }
    }

    /// A page of the Discovered addresses, or of those of which `only` is foretold, the first to end in front.
    pub(super) fn page_by_end(
        &self,
        only: Option<AddressOnly>,
        limit: u32,
        offset: u32,
    ) -> Result<Vec<AddressListed>, StoreError> {
        let page = named_params! { ":limit": limit, ":offset": offset };
        let by = |at: i64| {
            let params = named_params! { ":soon": at, ":limit": limit, ":offset": offset };
            self.all(&PAGE_BY_END, params, read_listed)
        };
        match only {
            None => by(NEVER),
            Some(AddressOnly::EndsBy(at)) => by(at.0),
            Some(AddressOnly::Alias) => self.all(&PAGE_ALIAS, page, read_listed),
            Some(AddressOnly::Weak) => self.all(&PAGE_WEAK, page, read_listed),
        }
    }
}
