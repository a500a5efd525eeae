//! What an address is told about: what its evidence says (X03), and when it ends if nobody decides (T10).

use jiff::tz::TimeZone;
use rollcall_core::guess::{self, Score, Seen, Server};
use rollcall_core::rule::OnExpiry;
use rollcall_core::time::DAY_MS;
use rollcall_core::truth::Truth;
use rollcall_core::week::Weekly;
use rollcall_core::{AddressState, Timestamp, alias};
use rollcall_store::{AddressRecord, StoreError, Tx};

use crate::discover::EVIDENCE_KEPT_MS;
use crate::error::EngineError;
use crate::ground::Ground;
use crate::house::House;

/// A tick more than any rule has notices.
const MOST_TICKS: u32 = 16;

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

    /// When a Discovered address ends if nobody decides and each notice is shown on its day; `None` where it does not end
    /// by itself.
    ///
    /// # Errors
    /// The store's.
    pub fn ends(&self, row: &AddressRecord) -> Result<Option<Timestamp>, EngineError> {
        let setup = self.setup();
        let Some(domain) = setup.domains.get(&row.domain) else { return Ok(None) };
        let (_, holiday) = self.week_ahead()?;
        let ahead = Ahead { now: self.clock.now(), weekly: self.weekly()?, holiday, zone: TimeZone::system() };
        Ok(ahead.ends(row.clone(), &self.ground(domain)))
    }
}

/// What is ahead of Discovered addresses.
pub(crate) struct Ahead {
    pub now: Timestamp,
    pub weekly: Weekly,
    /// Until when nothing ends (X05).
    pub holiday: Option<Timestamp>,
    pub zone: TimeZone,
}

impl Ahead {
    /// As [`House::ends`].
    pub fn ends(&self, mut row: AddressRecord, ground: &Ground) -> Option<Timestamp> {
        let does_not = row.state != AddressState::Discovered
            || row.pinned
            || ground.rule.on_expiry == OnExpiry::Keep
            || ground.freezes.is_frozen();
        if does_not {
            return None;
        }
        let mut tick = self.now;
        for _ in 0..MOST_TICKS + ground.rule.notices {
            tick = self.weekly.next_after(tick, &self.zone);
            let held =
                self.holiday.is_some_and(|until| tick < until) || row.held_until.is_some_and(|until| tick < until);
            if held {
                continue;
            }
            let needed = i64::from(ground.rule.notices) * 7 * DAY_MS;
            let is_old = row.discovered.is_some_and(|at| ground.freezes.running_ms(at, tick) >= needed);
            if row.notices < ground.rule.notices {
                row.notices += 1;
                row.last_notice = Some(tick);
            } else if is_old && row.last_notice.is_some_and(|last| tick.since_ms(last) >= 6 * DAY_MS) {
                return Some(tick);
            }
        }
        None
    }
}

fn seen(tx: &Tx<'_>, key: &str, ground: Option<&Ground>, now: Timestamp) -> Result<Seen, StoreError> {
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
