//! Lists of addresses: filter, search, order, page.
//!
//! **Limits.** A search looks at every address of the wanted states, in the index; at 20,000 that is some milliseconds.

use rusqlite::{Row, named_params};

use super::address::read_address;
use crate::tx::{Statement, statement};
use crate::{AddressFilter, AddressListed, AddressOnly, AddressPage, AddressSort, StoreError, Tx};

const TOTAL: Statement = statement!("address/total", "count a list of addresses");
const TOTAL_FOUND: Statement = statement!("address/total_found", "count the addresses found");
const PAGE_BY_ADDRESS: Statement = statement!("address/page_by_address", "list addresses");
const PAGE_BY_LAST_SEEN: Statement = statement!("address/page_by_last_seen", "list addresses");
const PAGE_BY_DISCOVERED: Statement = statement!("address/page_by_discovered", "list addresses");
const PAGE_BY_CLEAN_COUNT: Statement = statement!("address/page_by_clean_count", "list addresses");
const FIND_BY_ADDRESS: Statement = statement!("address/find_by_address", "search addresses");
const FIND_BY_LAST_SEEN: Statement = statement!("address/find_by_last_seen", "search addresses");
const FIND_BY_DISCOVERED: Statement = statement!("address/find_by_discovered", "search addresses");
const FIND_BY_END: Statement = statement!("outlook/find_by_end", "search addresses");
const FIND_BY_CLEAN_COUNT: Statement = statement!("address/find_by_clean_count", "search addresses");

/// Every state's word.
const STATES: [&str; 8] = ["watching", "discovered", "user", "functional", "alias", "inactive", "invalid", "never_add"];

impl Tx<'_> {
    /// A page of a list of addresses, and how many rows all its pages have.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn addresses(&self, filter: &AddressFilter) -> Result<AddressPage, StoreError> {
        let states = states_as_json(&filter.states);
        let search = filter.search.as_deref().filter(|text| !text.is_empty()).map(str::to_lowercase);
        match (search, filter.only, filter.sort) {
            (None, only, AddressSort::Ends) => self.waiting(filter, only),
            (None, ..) => self.page(filter, &states),
            (Some(search), ..) => self.find(filter, &states, &search),
        }
    }

    /// The Discovered addresses in the order in which they end.
    fn waiting(&self, filter: &AddressFilter, only: Option<AddressOnly>) -> Result<AddressPage, StoreError> {
        let rows = self.page_by_end(only, filter.limit, filter.offset)?;
        Ok(AddressPage { rows, total: self.total_of(only, &states_as_json(&["discovered"]))? })
    }

    fn total_of(&self, only: Option<AddressOnly>, states: &str) -> Result<u64, StoreError> {
        match only {
            None => self.total(&TOTAL, named_params! { ":states": states }),
            Some(only) => self.count_only(only),
        }
    }

    fn page(&self, filter: &AddressFilter, states: &str) -> Result<AddressPage, StoreError> {
        let statement = match filter.sort {
            AddressSort::Address => &PAGE_BY_ADDRESS,
            AddressSort::LastSeen => &PAGE_BY_LAST_SEEN,
            AddressSort::Discovered | AddressSort::Ends => &PAGE_BY_DISCOVERED,
            AddressSort::CleanCount => &PAGE_BY_CLEAN_COUNT,
        };
        let (only, soon) = only(filter);
        let params = named_params! {
            ":states": states,
            ":only": only,
            ":soon": soon,
            ":limit": filter.limit,
            ":offset": filter.offset,
        };
        let rows = self.all(statement, params, read_listed)?;
        Ok(AddressPage { rows, total: self.total_of(filter.only, states)? })
    }

    fn find(&self, filter: &AddressFilter, states: &str, search: &str) -> Result<AddressPage, StoreError> {
        let statement = match filter.sort {
            AddressSort::Address => &FIND_BY_ADDRESS,
            AddressSort::LastSeen => &FIND_BY_LAST_SEEN,
            AddressSort::Discovered => &FIND_BY_DISCOVERED,
            AddressSort::CleanCount => &FIND_BY_CLEAN_COUNT,
            AddressSort::Ends => &FIND_BY_END,
        };
        let (only, soon) = only(filter);
        let params = named_params! {
            ":states": states,
            ":search": search,
            ":only": only,
            ":soon": soon,
            ":limit": filter.limit,
            ":offset": filter.offset,
        };
        let rows = self.all(statement, params, read_listed)?;
        let found = named_params! { ":states": states, ":search": search, ":only": only, ":soon": soon };
        Ok(AddressPage { rows, total: self.total(&TOTAL_FOUND, found)? })
    }
}

/// The filter by what is foretold, as the statements take it.
const fn only(filter: &AddressFilter) -> (&'static str, i64) {
    match filter.only {
        None => ("", 0),
        Some(AddressOnly::EndsBy(at)) => ("soon", at.0),
        Some(AddressOnly::Alias) => ("alias", 0),
        Some(AddressOnly::Weak) => ("weak", 0),
    }
}

/// The wanted states as a JSON array. A word that is no state finds nothing.
fn states_as_json(wanted: &[&str]) -> String {
    let words: Vec<String> = STATES
        .iter()
        .filter(|state| wanted.is_empty() || wanted.contains(state))
        .map(|state| format!("\"{state}\""))
        .collect();
    format!("[{}]", words.join(","))
}

pub(super) fn read_listed(row: &Row<'_>) -> rusqlite::Result<AddressListed> {
    Ok(AddressListed { record: read_address(row)?, sender_domains: row.get("sender_domains")? })
}
