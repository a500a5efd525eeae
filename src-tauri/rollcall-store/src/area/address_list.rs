//! Lists of addresses: filter, search, order, page.
//!
//! **Limits.** Pages of one state are read from an index. A text of three letters or more is found by its letters, unless
//! more than [`COUNTED`] addresses have it: those stand so close that the list is read in order until the page is full.
//! One or two letters are looked for by reading; so is everything where several states are asked for at once.

use rusqlite::{Row, named_params};

use super::address::read_address;
use crate::record::COUNTED;
use crate::tx::{Statement, statement};
use crate::{AddressFilter, AddressListed, AddressOnly, AddressPage, AddressSort, StoreError, Tx};

const TOTAL: Statement = statement!("address/total", "count a list of addresses");
const TOTAL_OF: Statement = statement!("address/total_of", "count the addresses of a state");
const TOTAL_FOUND: Statement = statement!("address/total_found", "count the addresses found");
const TOTAL_MATCHED: Statement = statement!("address/total_matched", "count the addresses found");
const MATCHED: Statement = statement!("address/matched", "count the addresses with a text");

/// The statements of one order.
struct Order {
    /// A page of one state, in the order of an index.
    page: Statement,
    /// The same, counted from the end of the list.
    end: Statement,
    /// A page of what few rows have.
    find: Statement,
    /// A page of several states.
    list: Statement,
    /// A page of those Discovered addresses of which something is foretold.
    waiting: Statement,
}

const BY_ADDRESS: Order = Order {
    page: statement!("address/page_by_address", "list addresses"),
    end: statement!("address/end_by_address", "list addresses"),
    find: statement!("address/find_by_address", "search addresses"),
    list: statement!("address/list_by_address", "list addresses"),
    waiting: statement!("outlook/list_by_address", "list addresses"),
};
const BY_LAST_SEEN: Order = Order {
    page: statement!("address/page_by_last_seen", "list addresses"),
    end: statement!("address/end_by_last_seen", "list addresses"),
    find: statement!("address/find_by_last_seen", "search addresses"),
    list: statement!("address/list_by_last_seen", "list addresses"),
    waiting: statement!("outlook/list_by_last_seen", "list addresses"),
};
const BY_DISCOVERED: Order = Order {
    page: statement!("address/page_by_discovered", "list addresses"),
    end: statement!("address/end_by_discovered", "list addresses"),
    find: statement!("address/find_by_discovered", "search addresses"),
    list: statement!("address/list_by_discovered", "list addresses"),
    waiting: statement!("outlook/list_by_discovered", "list addresses"),
};
const BY_CLEAN_COUNT: Order = Order {
    page: statement!("address/page_by_clean_count", "list addresses"),
    end: statement!("address/end_by_clean_count", "list addresses"),
    find: statement!("address/find_by_clean_count", "search addresses"),
    list: statement!("address/list_by_clean_count", "list addresses"),
    waiting: statement!("outlook/list_by_clean_count", "list addresses"),
};

const WAITING_BY_END: Statement = statement!("outlook/list_by_end", "list addresses by their end");
const TOTAL_WAITING: Statement = statement!("outlook/total", "count a list of addresses");

/// Every state's word.
const STATES: [&str; 8] = ["watching", "discovered", "user", "functional", "alias", "inactive", "invalid", "never_add"];
/// How far is counted: one more than is listed says that there are more.
const MOST: i64 = COUNTED as i64 + 1;
/// Letters that stand in the index of texts together.
const TRIGRAM: usize = 3;

impl Tx<'_> {
    /// A page of a list of addresses, and how many rows all its pages have.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn addresses(&self, filter: &AddressFilter) -> Result<AddressPage, StoreError> {
        let search = filter.search.as_deref().filter(|text| !text.is_empty()).map(str::to_lowercase);
        if filter.only.is_some() || filter.sort == AddressSort::Ends {
            return self.waiting(filter, search.as_deref());
        }
        match (filter.states.as_slice(), search) {
            ([state], None) => self.page(filter, state, None, self.total_of(state)?),
            ([state], Some(text)) => self.search(filter, state, &text),
            (states, search) => self.list(filter, states, search.as_deref()),
        }
    }

    /// How many addresses there are of the state with this word.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn total_of(&self, state: &str) -> Result<u64, StoreError> {
        self.total(&TOTAL_OF, named_params! { ":state": state })
    }

    /// Discovered addresses by what is foretold of them.
    fn waiting(&self, filter: &AddressFilter, search: Option<&str>) -> Result<AddressPage, StoreError> {
        if search.is_none() && filter.sort == AddressSort::Ends {
            let rows = self.page_by_end(filter.only, filter.limit, filter.offset)?;
            let total = filter.only.map_or_else(|| self.total_of("discovered"), |only| self.count_only(only))?;
            return Ok(AddressPage { rows, total, is_more: false });
        }
        let (only, soon) = match filter.only {
            None => ("", 0),
            Some(AddressOnly::EndsBy(at)) => ("soon", at.0),
            Some(AddressOnly::Alias) => ("alias", 0),
            Some(AddressOnly::Weak) => ("weak", 0),
        };
        let params = named_params! {
            ":only": only,
            ":soon": soon,
            ":search": search,
            ":limit": filter.limit,
            ":offset": filter.offset,
        };
        let statement = if filter.sort == AddressSort::Ends { &WAITING_BY_END } else { &order(filter.sort).waiting };
        let rows = self.all(statement, params, read_listed)?;
        let total = self.total(&TOTAL_WAITING, named_params! { ":only": only, ":soon": soon, ":search": search })?;
        Ok(AddressPage { rows, total, is_more: false })
    }

    fn search(&self, filter: &AddressFilter, state: &str, text: &str) -> Result<AddressPage, StoreError> {
        if state != "watching" && text.chars().count() >= TRIGRAM {
            let quoted = format!("\"{}\"", text.replace('"', "\"\""));
            let most = named_params! { ":match": quoted, ":most": MOST };
            if self.total(&MATCHED, most)? <= COUNTED {
                return self.find(filter, state, &quoted);
            }
        }
        let counted = named_params! { ":state": state, ":search": text, ":most": MOST };
        self.page(filter, state, Some(text), self.total(&TOTAL_FOUND, counted)?)
    }

    fn page(
        &self,
        filter: &AddressFilter,
        state: &str,
        search: Option<&str>,
        total: u64,
    ) -> Result<AddressPage, StoreError> {
        let is_more = search.is_some() && total > COUNTED;
        let total = if is_more { COUNTED } else { total };
        let left = u32::try_from(total.saturating_sub(u64::from(filter.offset))).unwrap_or(u32::MAX);
        if search.is_none() && left < filter.offset {
            // The nearer end of the list: passing over a million rows takes a tenth of a second.
            let limit = filter.limit.min(left);
            let params = named_params! { ":state": state, ":limit": limit, ":offset": left - limit };
            let rows = self.all(&order(filter.sort).end, params, read_listed)?;
            return Ok(AddressPage { rows, total, is_more });
        }
        let params = named_params! {
            ":state": state,
            ":search": search,
            ":limit": filter.limit.min(left),
            ":offset": filter.offset,
        };
        let rows = self.all(&order(filter.sort).page, params, read_listed)?;
        Ok(AddressPage { rows, total, is_more })
    }

    fn find(&self, filter: &AddressFilter, state: &str, quoted: &str) -> Result<AddressPage, StoreError> {
        let params = named_params! {
            ":state": state,
            ":match": quoted,
            ":limit": filter.limit,
            ":offset": filter.offset,
        };
        let rows = self.all(&order(filter.sort).find, params, read_listed)?;
        let total = self.total(&TOTAL_MATCHED, named_params! { ":state": state, ":match": quoted })?;
        Ok(AddressPage { rows, total, is_more: false })
    }

    fn list(&self, filter: &AddressFilter, states: &[&str], search: Option<&str>) -> Result<AddressPage, StoreError> {
        let states = states_as_json(states);
        let params = named_params! {
            ":states": states,
            ":search": search,
            ":limit": filter.limit,
            ":offset": filter.offset,
        };
        let rows = self.all(&order(filter.sort).list, params, read_listed)?;
        let total = self.total(&TOTAL, named_params! { ":states": states, ":search": search })?;
        Ok(AddressPage { rows, total, is_more: false })
    }
}

const fn order(sort: AddressSort) -> &'static Order {
    match sort {
        AddressSort::Address => &BY_ADDRESS,
        AddressSort::LastSeen => &BY_LAST_SEEN,
        AddressSort::Discovered | AddressSort::Ends => &BY_DISCOVERED,
        AddressSort::CleanCount => &BY_CLEAN_COUNT,
    }
}

/// The wanted states as a JSON array; every state if none is named. A word that is no state finds nothing.
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
