//! Clients that guess addresses: counted, blocked, shown, unblocked (P15, behaviour.md section 3.8).
//!
//! **Invariant.** Bounded whatever is sent: so many clients are counted, so many blocks are kept, and the one unseen for
//! longest makes room.
//!
//! **Limits.** In memory: a restart forgets who was counted and who was blocked.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use rollcall_core::Timestamp;
use rollcall_core::clean::NotCounted;
use rollcall_core::harvest::{self, Asked, BLOCKED_MS, Guesses};
use rollcall_core::policy::Verdict;
use rollcall_core::time::{DAY_MS, MINUTE_MS};
use rollcall_store::{StoreError, Tx};

use crate::bus::{Notice, Tag};
use crate::error::EngineError;
use crate::house::House;
use crate::office::note;

/// Clients counted at a time, and blocks kept.
const KEPT: NonZeroUsize = NonZeroUsize::new(10_000).expect("more than none");
/// Clients that a notice names at most.
const NAMED: usize = 100;

/// A client that is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocked {
    /// Its address; for IPv6 the first one of its /64.
    pub address: IpAddr,
    /// Until when.
    pub until: Timestamp,
    /// Invalid recipients that it was blocked for.
    pub invalid: u32,
    /// When one of its sessions was last written to the log.
    logged: Option<Timestamp>,
}

/// Who asked for what, and who is blocked.
#[derive(Debug)]
pub(crate) struct Harvest(Mutex<State>);

#[derive(Debug)]
struct State {
    asked: LruCache<IpAddr, Asked>,
    blocked: LruCache<IpAddr, Blocked>,
    guesses: Guesses,
    /// Blocked since people were last told.
    untold: BTreeSet<IpAddr>,
    told: Option<Timestamp>,
}

/// What counting a recipient led to.
#[derive(Debug, PartialEq, Eq)]
struct Counted {
    blocked: Option<Blocked>,
    /// Whom people are to be told of: once a day, all since.
    tell: Vec<IpAddr>,
}

impl Default for Harvest {
    fn default() -> Self {
        Self(Mutex::new(State {
            asked: LruCache::unbounded(),
            blocked: LruCache::unbounded(),
            guesses: Guesses::default(),
            untold: BTreeSet::new(),
            told: None,
        }))
    }
}

impl Harvest {
    /// The block of `client`, if one holds.
    fn block(&self, client: IpAddr, now: Timestamp) -> Option<Blocked> {
        let mut state = self.lock();
        if state.blocked.is_empty() {
            return None;
        }
        let client = harvest::counted_as(client);
        let found = state.blocked.get(&client).copied()?;
        if found.until > now {
            return Some(found);
        }
        state.blocked.pop(&client);
        None
    }

    /// Counts a recipient of `client`, or of a client that is never blocked.
    fn count(&self, client: Option<IpAddr>, is_invalid: bool, now: Timestamp) -> Counted {
        let mut state = self.lock();
        if is_invalid {
            state.guesses.count(now);
        }
        let mut counted = Counted { blocked: None, tell: Vec::new() };
        let Some(client) = client.map(harvest::counted_as) else { return counted };
        let Some(invalid) = state.asked.get_or_insert_mut(client, Asked::default).count(is_invalid, now) else {
            trim(&mut state.asked);
            return counted;
        };
        state.asked.pop(&client);
        let blocked = Blocked { address: client, until: now.plus_ms(BLOCKED_MS), invalid, logged: None };
        state.blocked.put(client, blocked);
        trim(&mut state.blocked);
        counted.blocked = Some(blocked);
        if state.untold.len() < NAMED {
            state.untold.insert(client);
        }
        if state.told.is_none_or(|told| now.since_ms(told) >= DAY_MS) {
            state.told = Some(now);
            counted.tell = std::mem::take(&mut state.untold).into_iter().collect();
        }
        counted
    }

    /// Whether so many addresses are being guessed that none is learned.
    pub fn is_attack(&self, now: Timestamp) -> bool {
        self.lock().guesses.is_attack(now)
    }

    /// Whether a session of this blocked client is to be written to the log: one a minute.
    fn is_worth_a_row(&self, client: IpAddr, now: Timestamp) -> bool {
        let mut state = self.lock();
        let Some(blocked) = state.blocked.get_mut(&harvest::counted_as(client)) else { return false };
        let is_due = blocked.logged.is_none_or(|logged| now.since_ms(logged) >= MINUTE_MS);
        if is_due {
            blocked.logged = Some(now);
        }
        is_due
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn trim<V>(kept: &mut LruCache<IpAddr, V>) {
    if kept.len() > KEPT.get() {
        kept.pop_lru();
    }
}

impl House {
    /// What a blocked client is told, and whether that is written to the log.
    pub(crate) fn harvest_block(&self, client: IpAddr) -> Option<(Verdict, bool)> {
        let now = self.clock.now();
        let block = self.harvest.block(client, now)?;
        Some((verdict(&block), self.harvest.is_worth_a_row(client, now)))
    }

    /// Whether a client is blocked for guessing addresses.
    pub(crate) fn is_guesser(&self, client: IpAddr) -> bool {
        self.harvest.block(client, self.clock.now()).is_some()
    }

    /// Counts a recipient, and blocks its client if that was one too many. An exempt client is counted in nobody's name:
    /// what is guessed behind an upstream must not block everybody's mail.
    pub(crate) fn count_recipient(&self, client: IpAddr, is_exempt: bool, is_invalid: bool) {
        let counted = self.harvest.count((!is_exempt).then_some(client), is_invalid, self.clock.now());
        let Some(block) = counted.blocked else { return };
        tracing::warn!(peer.ip = %block.address, invalid = block.invalid, "a client that guesses addresses is blocked");
        self.bus.stale(&[Tag::Health]);
        // In shadow mode nobody is turned away, so there is nothing to tell.
        if !counted.tell.is_empty() && !self.is_shadowing() {
            self.bus.notice(Notice::Blocked(counted.tell.iter().map(IpAddr::to_string).collect()));
        }
    }

    /// The clients that are blocked now, the one blocked for longest first.
    #[must_use]
    pub fn blocked_clients(&self) -> Vec<Blocked> {
        let now = self.clock.now();
        let state = self.harvest.lock();
        let mut rows: Vec<Blocked> =
            state.blocked.iter().map(|(_, blocked)| *blocked).filter(|blocked| blocked.until > now).collect();
        rows.sort_by_key(|blocked| (blocked.until, blocked.address));
        rows
    }

    /// Invalid recipients asked for by everybody within the last minute, and whether they are so many that no address is
    /// learned.
    #[must_use]
    pub fn guesses(&self) -> (u32, bool) {
        let (now, mut state) = (self.clock.now(), self.harvest.lock());
        (state.guesses.last_minute(now), state.guesses.is_attack(now))
    }

    /// Lets a blocked client in again; what it asked for before is forgotten.
    ///
    /// # Errors
    /// Invalid when it is no IP address, not found when it is not blocked.
    pub async fn unblock_client(&self, address: &str) -> Result<(), EngineError> {
        let text = address.trim();
        let ip: IpAddr = text
            .parse()
            .map_err(|_| EngineError::Invalid(format!("“{text}” isn't an IP address, like 192.0.2.10.")))?;
        let (now, client) = (self.clock.now(), harvest::counted_as(ip));
        let was_blocked = {
            let mut state = self.harvest.lock();
            state.untold.remove(&client);
            state.blocked.pop(&client).is_some_and(|blocked| blocked.until > now)
        };
        if !was_blocked {
            return Err(EngineError::NotFound(format!("{text} isn't blocked.")));
        }
        self.store.write(move |tx| note(tx, "unblock_client", format!("{client} may come in again"), now)).await?;
        self.bus.stale(&[Tag::Health, Tag::Journal]);
        Ok(())
    }
}

/// Whether a clean message still counts: while so many addresses are guessed, none without a row gets one (T1).
pub(crate) fn weigh(
    tx: &Tx<'_>,
    key: &str,
    message: Result<(), NotCounted>,
    is_attack: bool,
) -> Result<Result<(), NotCounted>, StoreError> {
    if is_attack && message.is_ok() && tx.address(key)?.is_none() {
        return Ok(Err(NotCounted::UnderAttack));
    }
    Ok(message)
}

fn verdict(block: &Blocked) -> Verdict {
    harvest::blocked(&on_the_wall(block.until))
}

/// Hour and minute on this computer's wall, rounded up: a client that comes back then is let in.
fn on_the_wall(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_millisecond(at.plus_ms(MINUTE_MS - 1).0).unwrap_or(jiff::Timestamp::MAX);
    at.to_zoned(jiff::tz::TimeZone::system()).strftime("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_core::time::HOUR_MS;

    const T0: Timestamp = Timestamp(1_800_000_000_000);

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn guess(harvest: &Harvest, client: &str, times: u32, now: Timestamp) -> Option<Counted> {
        (0..times).map(|_| harvest.count(Some(ip(client)), true, now)).last()
    }

    #[test]
    fn p15_a_block_holds_for_an_hour_for_the_whole_64_and_for_nobody_else() {
        let harvest = Harvest::default();

        assert_eq!(guess(&harvest, "2001:db8::1", 9, T0).unwrap().blocked, None);
        assert_eq!(guess(&harvest, "2001:db8::2", 1, T0).unwrap().blocked.unwrap().invalid, 10);

        let last = T0.plus_ms(HOUR_MS - 1);
        assert!(harvest.block(ip("2001:db8::3"), last).is_some());
        assert!(harvest.block(ip("2001:db8:0:1::3"), last).is_none());
        assert!(harvest.block(ip("2001:db8::3"), T0.plus_ms(HOUR_MS)).is_none());
    }

    #[test]
    fn p15_people_are_told_once_a_day_of_all_that_were_blocked_since() {
        let harvest = Harvest::default();

        assert_eq!(guess(&harvest, "192.0.2.1", 10, T0).unwrap().tell, [ip("192.0.2.1")]);
        assert!(guess(&harvest, "192.0.2.3", 10, T0).unwrap().tell.is_empty());
        assert!(guess(&harvest, "192.0.2.2", 10, T0.plus_ms(HOUR_MS)).unwrap().tell.is_empty());
        assert_eq!(
            guess(&harvest, "192.0.2.4", 10, T0.plus_ms(DAY_MS)).unwrap().tell,
            ["192.0.2.2", "192.0.2.3", "192.0.2.4"].map(ip)
        );
    }

    #[test]
    fn p15_a_listed_upstream_counts_toward_an_attack_and_is_never_blocked() {
        let harvest = Harvest::default();
        for _ in 0..100 {
            assert_eq!(harvest.count(None, true, T0).blocked, None);
        }

        assert!(harvest.is_attack(T0));
        assert!(!harvest.is_attack(T0.plus_ms(2 * MINUTE_MS)));
    }

    #[test]
    fn p15_a_flood_of_clients_takes_bounded_room_and_the_blocked_stay_blocked() {
        let harvest = Harvest::default();
        guess(&harvest, "192.0.2.1", 10, T0);
        for number in 0..30_000_u32 {
            harvest.count(Some(IpAddr::V4((0x0a00_0000 + number).into())), true, T0);
        }

        assert_eq!(harvest.lock().asked.len(), KEPT.get());
        assert!(harvest.block(ip("192.0.2.1"), T0).is_some());
    }

    #[test]
    fn p15_a_blocked_client_that_comes_back_fills_no_log() {
        let harvest = Harvest::default();
        guess(&harvest, "192.0.2.1", 10, T0);

        assert!(harvest.is_worth_a_row(ip("192.0.2.1"), T0));
        assert!(!harvest.is_worth_a_row(ip("192.0.2.1"), T0.plus_ms(MINUTE_MS - 1)));
        assert!(harvest.is_worth_a_row(ip("192.0.2.1"), T0.plus_ms(MINUTE_MS)));
    }
}
