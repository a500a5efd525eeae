//! Addresses that are only observed.

use rollcall_core::Timestamp;

/// An address without a row that got clean mail while nothing was learned (X10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// What its row would be filed under.
    pub key: String,
    /// As first seen.
    pub shown: String,
    /// Its domain.
    pub domain: String,
    /// Clean messages.
    pub messages: u64,
    /// When the first came.
    pub first: Timestamp,
    /// When the last came.
    pub last: Timestamp,
}
