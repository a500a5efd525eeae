//! What another rule changes for addresses that wait now. A rule that is saved moves nothing at once: an address moves with
//! its next message, with the next weekly tick, or when its last message leaves the window.

use rollcall_core::ending;
use rollcall_core::rule::{Basis, OnExpiry};
use rollcall_core::transition::{self, Change, Event};
use rollcall_core::{AddressState, Timestamp};
use rollcall_store::{AddressRecord, StoreError, Tx};

use super::{Moment, Named};
use crate::explain::waiting;
use crate::ground::Ground;

/// What changes for what waits now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Switch {
    /// Watched addresses that become users with their next clean message, and would not under the rule of now.
    pub users: Named<Moment>,
    /// Watched addresses that are listed with their next clean message, and would not be under the rule of now.
    pub listed: Named<Moment>,
    /// Watched addresses that are forgotten, because nothing is left in the window.
    pub forgotten: Named<Moment>,
    /// Discovered addresses whose mail stops at another time than under the rule of now, or that did not end: with when.
    pub ends: Named<Moment>,
    /// Discovered addresses that become users by themselves, and would not under the rule of now: with when.
    pub users_at_end: Named<Moment>,
    /// Discovered addresses that would have ended and stay now: with when they would have.
    pub stay: Named<Moment>,
}

/// Both rules, and the weeks ahead.
pub(super) struct Outlook {
    before: Ground,
    after: Ground,
    holiday: Option<Timestamp>,
    ticks: Vec<Timestamp>,
    now: Timestamp,
}

impl Outlook {
    pub fn new(
        before: Ground,
        after: Ground,
        holiday: Option<Timestamp>,
        ticks: Vec<Timestamp>,
        now: Timestamp,
    ) -> Self {
        Self { before, after, holiday, ticks, now }
    }

    /// Adds what changes for this row.
    pub fn weigh(&self, tx: &Tx<'_>, row: &AddressRecord, switch: &mut Switch) -> Result<(), StoreError> {
        match row.state {
            AddressState::Watching => self.watched(tx, row, switch),
            AddressState::Discovered => {
                self.discovered(row, switch);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn watched(&self, tx: &Tx<'_>, row: &AddressRecord, switch: &mut Switch) -> Result<(), StoreError> {
        let now = Moment { address: row.shown.clone(), at: self.now };
        let counted = |ground: &Ground| tx.counted_since(&row.key, ground.window_start(self.now, row.first_seen));
        let (before, after) = (counted(&self.before)?, counted(&self.after)?);
        if after == 0 && before > 0 && !self.after.freezes.is_frozen() {
            switch.forgotten.add(now);
            return Ok(());
        }
        let becomes = |ground: &Ground, counted: u32| self.with_next(tx, ground, row, counted);
        let (old, new) = (becomes(&self.before, before)?, becomes(&self.after, after)?);
        match new {
            Some(AddressState::User(_)) if !matches!(old, Some(AddressState::User(_))) => switch.users.add(now),
            Some(AddressState::Discovered) if old != new => switch.listed.add(now),
            _ => {}
        }
        Ok(())
    }

    /// What the row becomes with its next clean message, one that counts.
    fn with_next(
        &self,
        tx: &Tx<'_>,
        ground: &Ground,
        row: &AddressRecord,
        counted: u32,
    ) -> Result<Option<AddressState>, StoreError> {
        let standing = ground.row(row, false, self.now);
        let around = transition::Circumstances { seat_left: true, ..ground.circumstances(tx)? };
        let clean = Event::Clean { counted: counted.saturating_add(1), alias: false };
        let events: &[Event] =
            if ground.rule.evidence == Basis::RcptOk { &[Event::RcptAccepted, clean] } else { &[clean] };
        let becomes = events.iter().find_map(|event| match transition::next(Some(&standing), *event, &around).change {
            Change::Becomes(state) => Some(state),
            Change::Stay | Change::Gone => None,
        });
        Ok(becomes)
    }

    fn discovered(&self, row: &AddressRecord, switch: &mut Switch) {
        let end = |ground: &Ground| {
            let at = ending::ends(&ground.rule, &ground.freezes, waiting(row), self.holiday, &self.ticks);
            at.map(|at| (at, ground.rule.on_expiry))
        };
        let (before, after) = (end(&self.before), end(&self.after));
        if before == after {
            return;
        }
        let moment = |at| Moment { address: row.shown.clone(), at };
        match (before, after) {
            (_, Some((at, OnExpiry::CreateUser))) => switch.users_at_end.add(moment(at)),
            (_, Some((at, _))) => switch.ends.add(moment(at)),
            (Some((at, _)), None) => switch.stay.add(moment(at)),
            (None, None) => {}
        }
    }
}
