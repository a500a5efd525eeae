//! What an address is told about: what its evidence says (X03), and when it ends if nobody decides (T10).

use std::sync::Arc;

use jiff::tz::TimeZone;
use rollcall_core::ending::{self, TICKS_AHEAD, Waiting};
use rollcall_core::guess::{self, Score, Seen, Server};
use rollcall_core::truth::Truth;
use rollcall_core::{AddressState, Timestamp, alias};
use rollcall_store::{AddressRecord, StoreError, Tx};

use crate::discover::EVIDENCE_KEPT_MS;
use crate::error::EngineError;
use crate::ground::Ground;
use crate::house::House;
use crate::setup::Setup;

impl House {
    /// What the evidence about the address under `key` says, in plain words.
    ///
    /// # Errors
    /// The store's.
    pub fn score(&self, key: &str) -> Result<Score, EngineError> {
        let (local, domain) = key.rsplit_once('@').unwrap_or((key, ""));
        let ground = self.setup().domains.get(domain).map(|domain| self.ground(domain));
        let now = self.clock.now();
        let seen = self.store.read(|tx| seen(tx, key, ground.as_ref(), now))?;
        Ok(guess::score(local, seen))
    }

    /// What the end of an address depends on beside the address.
    ///
    /// # Errors
    /// The store's.
    pub fn calendar(&self) -> Result<Calendar, EngineError> {
        let (_, holiday) = self.week_ahead()?;
        Ok(Calendar { setup: self.setup(), holiday, ticks: self.ticks_ahead()? })
    }

    /// The next weekly ticks, in order.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn ticks_ahead(&self) -> Result<Vec<Timestamp>, EngineError> {
        Ok(self.weekly()?.ahead(self.clock.now(), TICKS_AHEAD, &TimeZone::system()))
    }
}

/// The ticks to come, and the rules of the office's domains: what the end of an address depends on beside the address.
#[derive(Debug, Clone)]
pub struct Calendar {
    setup: Arc<Setup>,
    holiday: Option<Timestamp>,
    ticks: Vec<Timestamp>,
}

impl Calendar {
    /// Until when a Discovered address needs nobody ([`ending::can_wait_until`]).
    #[must_use]
    pub fn can_wait_until(&self, row: &AddressRecord, is_likely_alias: bool) -> Option<Timestamp> {
        let domain = self.setup.domains.get(&row.domain).filter(|_| row.state == AddressState::Discovered)?;
        ending::can_wait_until(&domain.rule, is_likely_alias, waiting(row))
    }

    /// When a Discovered address ends if nobody decides and each notice is shown on its day; `None` where it does not end
    /// by itself.
    #[must_use]
    pub fn ends(&self, row: &AddressRecord) -> Option<Timestamp> {
        let domain = self.setup.domains.get(&row.domain).filter(|_| row.state == AddressState::Discovered)?;
        ending::ends(&domain.rule, &domain.freezes, waiting(row), self.holiday, &self.ticks)
    }
}

/// What the end of a row depends on.
pub(crate) const fn waiting(row: &AddressRecord) -> Waiting {
    Waiting {
        discovered: row.discovered,
        notices: row.notices,
        last_notice: row.last_notice,
        held_until: row.held_until,
        pinned: row.pinned,
    }
}

pub(crate) fn seen(tx: &Tx<'_>, key: &str, ground: Option<&Ground>, now: Timestamp) -> Result<Seen, StoreError> {
    let traits = tx.traits(key, now.minus_ms(EVIDENCE_KEPT_MS))?;
    let row = tx.address(key)?;
    let since = row.as_ref().map_or(Timestamp(0), |row| row.first_seen);
    let mut is_near_account = false;
    if let Ok(address) = rollcall_core::Address::parse(key) {
        for near in alias::meant_keys(&address) {
            is_near_account |= tx.address(&near)?.is_some_and(|row| row.state.is_account());
        }
    }
    Ok(Seen {
        clean: row.as_ref().map_or(0, |row| row.clean_count),
        sender_domains: tx.sender_domains_since(key, since)?,
        spam: traits.spam,
        has_sent: traits.sent > 0,
        was_answered: traits.replies > 0,
        server: match ground.and_then(|ground| ground.truth) {
            Some(Truth::RejectsStrangers) => Server::RefusesStrangers,
            Some(Truth::AcceptsEverything) => Server::AcceptsEverything,
            Some(Truth::Undecided) | None => Server::Unknown,
        },
        bounces: traits.bounced,
        is_near_account,
    })
}
