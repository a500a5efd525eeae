//! Addresses and lists of them.

use rollcall_core::{AddressState, MadeBy, Source, Timestamp};

/// One row of the directory: an address and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressRecord {
    /// What it is filed under: [`rollcall_core::Address::key`].
    pub key: String,
    /// The address as first seen.
    pub shown: String,
    /// The domain, lower case, A-labels.
    pub domain: String,
    /// Where it stands.
    pub state: AddressState,
    /// What first brought it here.
    pub source: Source,
    /// First name, once somebody gave one.
    pub first_name: Option<String>,
    /// Surname, once somebody gave one.
    pub surname: Option<String>,
    /// Clean messages inside the rule's window when last counted.
    pub clean_count: u32,
    /// First evidence.
    pub first_seen: Timestamp,
    /// Last evidence.
    pub last_seen: Timestamp,
    /// When it became Discovered.
    pub discovered: Option<Timestamp>,
    /// When a person decided about it.
    pub decided: Option<Timestamp>,
    /// When its state last changed.
    pub changed: Timestamp,
    /// Since when the destination refuses an account that we know.
    pub suspect: Option<Timestamp>,
    /// How often mail to it was refused.
    pub refused_count: u32,
    /// Weekly notices about it that were shown since it was discovered (T9).
    pub notices: u32,
    /// When the last of them was shown.
    pub last_notice: Option<Timestamp>,
    /// Until when it does not end (Held).
    pub held_until: Option<Timestamp>,
    /// The operator said keep: it never ends by itself.
    pub pinned: bool,
    /// Who made the account.
    pub made_by: Option<MadeBy>,
    /// The key of the account whose other name it is.
    pub owner: Option<String>,
}

impl AddressRecord {
    /// A row as it is made: seen once, nothing decided.
    #[must_use]
    pub fn new(key: String, shown: String, domain: String, state: AddressState, source: Source, at: Timestamp) -> Self {
        Self {
            key,
            shown,
            domain,
            state,
            source,
            first_name: None,
            surname: None,
            clean_count: 0,
            first_seen: at,
            last_seen: at,
            discovered: None,
            decided: None,
            changed: at,
            suspect: None,
            refused_count: 0,
            notices: 0,
            last_notice: None,
            held_until: None,
            pinned: false,
            made_by: None,
            owner: None,
        }
    }
}

/// Which addresses, in which order, which page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressFilter {
    /// State words ([`AddressState::word`]); empty means all.
    pub states: Vec<&'static str>,
    /// Text to find in address, first name or surname, whatever the case. Every character stands for itself.
    pub search: Option<String>,
    /// Only Discovered addresses of which this is foretold.
    pub only: Option<AddressOnly>,
    /// The order.
    pub sort: AddressSort,
    /// Rows a page.
    pub limit: u32,
    /// Rows to skip.
    pub offset: u32,
}

/// The order of a list of addresses; equal rows are ordered by key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AddressSort {
    /// By key, A to Z.
    #[default]
    Address,
    /// Last seen first.
    LastSeen,
    /// Longest waiting first; those never discovered stand in front.
    Discovered,
    /// Most clean messages first.
    CleanCount,
    /// The first to end in front, those that do not end last; of Discovered addresses alone.
    Ends,
}

/// What is foretold of a Discovered address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressOnly {
    /// It ends by then if nobody decides.
    EndsBy(Timestamp),
    /// It looks like another name of an account.
    Alias,
    /// Little speaks for it.
    Weak,
}

/// What is foretold of a Discovered address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outlook {
    /// When it ends if nobody decides; `None` where it does not end by itself.
    pub ends: Option<Timestamp>,
    /// It looks like another name of an account.
    pub alias: bool,
    /// Little speaks for it.
    pub weak: bool,
    /// Until when it may wait without being asked about; `None` where it wants a decision.
    pub can_wait: Option<Timestamp>,
}

/// How many Discovered addresses there are of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutlookCounts {
    /// That end soon.
    pub soon: u64,
    /// That look like another name of an account.
    pub alias: u64,
    /// For which little speaks.
    pub weak: u64,
    /// That may wait.
    pub can_wait: u64,
}

/// The most rows that a search counts and pages through.
pub const COUNTED: u64 = 5_000;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressPage {
    /// The rows of the page.
    pub rows: Vec<AddressListed>,
    /// Rows in all pages together.
    pub total: u64,
    /// The search found more than `total`, which is [`COUNTED`] then; the others are on no page.
    pub is_more: bool,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressListed {
    /// The address.
    pub record: AddressRecord,
    /// Different sender domains among its counted evidence.
    pub sender_domains: u32,
}
