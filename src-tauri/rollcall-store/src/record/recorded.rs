//! What a dry run reads (X09).

use rollcall_core::Timestamp;

use crate::EvidenceKind;
use crate::record::AddressRecord;

/// What was seen of an address, without what only people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRecord {
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub kind: EvidenceKind,
    /// Whether it counted toward the threshold.
    pub counted: bool,
    /// Why it did not.
    pub not_counted_because: Option<String>,
    /// The reverse-path; empty when it was null.
    pub sender: String,
    /// The reverse-path's domain.
    pub sender_domain: String,
    /// The message's Message-ID.
    pub message_id: Option<String>,
}

/// A decision about one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionRecord {
    /// The journal's entry.
    pub entry: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// What was done, as a stable word.
    pub action: String,
    /// The entry that it takes back.
    pub undoes: Option<i64>,
    /// The row before.
    pub before: Option<AddressRecord>,
    /// The row after.
    pub after: Option<AddressRecord>,
}

/// A weekly tick as it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TickRecord {
    /// When it was to come.
    pub at: Timestamp,
    /// How many missed ones it stands for.
    pub missed: u32,
    /// When it was carried out; `None` where that was not recorded yet, as for all below.
    pub done: Option<Timestamp>,
    /// Whether a notice was due.
    pub due: Option<bool>,
    /// Whether nothing ended for a holiday.
    pub holiday: Option<bool>,
    /// When its notice was shown.
    pub shown: Option<Timestamp>,
}
