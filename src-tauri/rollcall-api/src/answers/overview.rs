//! Answers about the numbers of the first page.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{JournalEntry, StateCounts};

/// One bar of the chart: recipients settled in one hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[allow(missing_docs)]
pub struct MailHour {
    /// Start of the hour.
    #[ts(type = "number")]
    pub start_ms: i64,
    #[ts(type = "number")]
    pub delivered: u64,
    /// Refused for good.
    #[ts(type = "number")]
    pub refused: u64,
    /// Asked to come again.
    #[ts(type = "number")]
    pub deferred: u64,
    /// Stored here at that time for a destination that did not answer.
    #[ts(type = "number")]
    pub waiting: u64,
}

/// One week of "found and decided", cumulative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[allow(missing_docs)]
pub struct AddressWeek {
    #[ts(type = "number")]
    pub end_ms: i64,
    /// Addresses ever discovered until then.
    #[ts(type = "number")]
    pub found: u64,
    /// Of these, decided until then.
    #[ts(type = "number")]
    pub decided: u64,
}

/// Answer to `overview`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Overview {
    /// 24 hours, oldest first; the last one holds now.
    pub hours: Vec<MailHour>,
    /// 12 weeks, oldest first.
    pub weeks: Vec<AddressWeek>,
    /// Addresses by state.
    pub counts: StateCounts,
    /// Last changes, newest first, at most 6.
    pub lately: Vec<JournalEntry>,
}
