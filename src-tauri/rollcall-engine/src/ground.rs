//! What a decision about an address stands on beside the address itself: its domain's rule, what the mail server is found
//! to be, and whether clocks go.

use std::sync::Arc;

use rollcall_core::freeze::Freezes;
use rollcall_core::terms::Unknown;
use rollcall_core::transition::{Circumstances, Row};
use rollcall_core::truth::Truth;
use rollcall_core::{DomainName, Rule, Timestamp};
use rollcall_store::{AddressRecord, StoreError, Tx};

use crate::house::House;
use crate::seats;
use crate::setup::Domain;

/// The ground for decisions about the addresses of one domain.
#[derive(Debug, Clone)]
pub struct Ground {
    /// The domain's rule as it was set.
    pub rule: Rule,
    /// What its mail server is found to be.
    pub truth: Option<Truth>,
    /// When its clocks stood.
    pub freezes: Arc<Freezes>,
    /// Rows may be made.
    pub learns: bool,
    /// The office's domains, where accounts may have other names (3.7).
    pub domains: Arc<Vec<DomainName>>,
}

impl House {
    /// The ground for the addresses of `domain` now.
    pub(crate) fn ground(&self, domain: &Domain) -> Ground {
        Ground {
            rule: domain.rule,
            truth: self.truths.verdict(domain),
            freezes: Arc::clone(&domain.freezes),
            learns: domain.terms.unknown == Unknown::Learn,
            domains: Arc::clone(&self.setup().names),
        }
    }
}

impl Ground {
    /// The rule as it holds with this mail server (T20).
    pub fn rule(&self) -> Rule {
        self.rule.under(self.truth)
    }

    /// For [`rollcall_core::transition::next`]. Seats are counted only where the rule makes users.
    pub fn circumstances(&self, tx: &Tx<'_>) -> Result<Circumstances, StoreError> {
        Ok(Circumstances {
            rule: self.rule,
            truth: self.truth,
            learns: self.learns && !self.freezes.is_frozen(),
            seat_left: !self.rule.creates_users() || seats::seats_left(tx)?.is_none_or(|left| left > 0),
        })
    }

    /// The start of the counting window that ends at `now`, for a row first seen then.
    pub fn window_start(&self, now: Timestamp, first_seen: Timestamp) -> Timestamp {
        self.freezes.window_start(now, self.rule().window_ms()).max(first_seen)
    }

    /// A row as the state machine sees it at `now`. `holiday`: nothing ends in the office for now (X05).
    pub fn row(&self, record: &AddressRecord, holiday: bool, now: Timestamp) -> Row {
        Row {
            state: record.state,
            made_by: record.made_by,
            age_ms: now.since_ms(record.changed),
            running_ms: record.discovered.map_or(0, |at| self.freezes.running_ms(at, now)),
            notices: record.notices,
            last_notice_ms: record.last_notice.map(|at| now.since_ms(at)),
            frozen: self.freezes.is_frozen(),
            held: holiday || record.held_until.is_some_and(|until| now < until),
            pinned: record.pinned,
        }
    }
}
