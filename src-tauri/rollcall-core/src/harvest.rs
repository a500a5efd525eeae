//! Who is guessing addresses (P15, behaviour.md section 3.8), and when so many are that nothing is learned.
//!
//! **Invariant.** A client is blocked only for what it asked for itself within ten minutes; how many are counted never
//! grows with how often it asks.
//!
//! **Limits.** Counts are kept a minute apiece (ten seconds for all clients together), so the window is up to one such
//! step shorter than it says.

use std::net::{IpAddr, Ipv6Addr};

use crate::policy::{Reason, Verdict};
use crate::reply::Reply;
use crate::time::{HOUR_MS, MINUTE_MS, SECOND_MS, Timestamp};

/// From this many invalid recipients within the window on a client may be blocked.
pub const INVALID: u32 = 10;
/// How long a block holds.
pub const BLOCKED_MS: i64 = HOUR_MS;
/// From this many invalid recipients a minute on, from everybody, no address is learned.
pub const ATTACK: u32 = 100;

/// Recipients counted over the last `N` steps of `STEP` milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window<const N: usize, const STEP: i64> {
    counts: [u32; N],
    /// The step that the newest count is of.
    step: i64,
}

impl<const N: usize, const STEP: i64> Window<N, STEP> {
    const EMPTY: Self = Self { counts: [0; N], step: i64::MIN };

    /// Drops what left the window. A clock that went back counts on where it was.
    fn roll(&mut self, now: Timestamp) {
        let step = now.0.div_euclid(STEP);
        if step <= self.step {
            return;
        }
        let passed = step.saturating_sub(self.step).min(N as i64);
        for back in 0..passed {
            self.counts[place::<N>(step - back)] = 0;
        }
        self.step = step;
    }

    fn add(&mut self, now: Timestamp) {
        self.roll(now);
        let count = &mut self.counts[place::<N>(self.step)];
        *count = count.saturating_add(1);
    }

    fn sum(&mut self, now: Timestamp) -> u32 {
        self.roll(now);
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }
}

fn place<const N: usize>(step: i64) -> usize {
    usize::try_from(step.rem_euclid(N as i64)).unwrap_or(0)
}

/// What one client asked for within the last ten minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    all: Window<10, MINUTE_MS>,
    invalid: Window<10, MINUTE_MS>,
}

impl Default for Asked {
    fn default() -> Self {
        Self { all: Window::EMPTY, invalid: Window::EMPTY }
    }
}

impl Asked {
    /// Counts a recipient. The answer is how many invalid ones there were, if that is enough for a block: at least ten,
    /// and at least half of all.
    pub fn count(&mut self, is_invalid: bool, now: Timestamp) -> Option<u32> {
        self.all.add(now);
        if !is_invalid {
            return None;
        }
        self.invalid.add(now);
        let (invalid, all) = (self.invalid.sum(now), self.all.sum(now));
        (invalid >= INVALID && invalid >= all.div_ceil(2)).then_some(invalid)
    }
}

/// Invalid recipients from everybody within the last minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guesses(Window<6, { 10 * SECOND_MS }>);

impl Default for Guesses {
    fn default() -> Self {
        Self(Window::EMPTY)
    }
}

impl Guesses {
    /// Counts one.
    pub fn count(&mut self, now: Timestamp) {
        self.0.add(now);
    }

    /// How many there were within the last minute.
    pub fn last_minute(&mut self, now: Timestamp) -> u32 {
        self.0.sum(now)
    }

    /// Whether there are so many that no address is learned (3.8).
    pub fn is_attack(&mut self, now: Timestamp) -> bool {
        self.last_minute(now) >= ATTACK
    }
}

/// Whom a client counts as: an IPv4 address alone, an IPv6 address with its whole /64, because who has one has all.
#[must_use]
pub fn counted_as(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V4(ip) => IpAddr::V4(ip),
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX))),
    }
}

/// What a blocked client is told (3.4). `until` is the hour and minute on this computer's wall: `14:05`.
#[must_use]
pub fn blocked(until: &str) -> Verdict {
    let text = format!("Too many invalid recipients from your address, blocked until {until}");
    Verdict::new(Reply::new(421, 7, 0, text), Reason::HarvestBlocked)
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Timestamp = Timestamp(1_800_000_000_000);

    fn ask(asked: &mut Asked, what: &[bool], now: Timestamp) -> Option<u32> {
        what.iter().map(|is_invalid| asked.count(*is_invalid, now)).last().flatten()
    }

    #[test]
    fn p15_ten_invalid_recipients_within_ten_minutes_block_and_nine_do_not() {
        let mut asked = Asked::default();

        assert_eq!(ask(&mut asked, &[true; 9], T0), None);
        assert_eq!(ask(&mut asked, &[true], T0.plus_ms(9 * MINUTE_MS)), Some(10));
    }

    #[test]
    fn p15_what_was_asked_ten_minutes_ago_does_not_count() {
        let mut asked = Asked::default();
        ask(&mut asked, &[true; 9], T0);

        assert_eq!(ask(&mut asked, &[true], T0.plus_ms(10 * MINUTE_MS)), None);
        assert_eq!(ask(&mut asked, &[true; 9], T0.plus_ms(11 * MINUTE_MS)), Some(10));
    }

    #[test]
    fn p15_a_client_most_of_whose_recipients_exist_is_not_blocked() {
        let mut asked = Asked::default();
        ask(&mut asked, &[false; 20], T0);

        assert_eq!(ask(&mut asked, &[true; 19], T0), None);
        assert_eq!(ask(&mut asked, &[true], T0), Some(20), "half of forty");
    }

    #[test]
    fn p15_a_clock_that_goes_back_forgets_nothing_and_loses_no_count() {
        let mut asked = Asked::default();
        ask(&mut asked, &[true; 9], T0);

        assert_eq!(ask(&mut asked, &[true], T0.minus_ms(HOUR_MS)), Some(10));
    }

    #[test]
    fn p15_a_hundred_invalid_recipients_a_minute_are_an_attack_until_they_stop() {
        let mut guesses = Guesses::default();
        for _ in 0..99 {
            guesses.count(T0);
        }
        assert!(!guesses.is_attack(T0));

        guesses.count(T0.plus_ms(30 * SECOND_MS));
        assert!(guesses.is_attack(T0.plus_ms(30 * SECOND_MS)));
        assert!(!guesses.is_attack(T0.plus_ms(MINUTE_MS + 10 * SECOND_MS)));
        assert_eq!(guesses.last_minute(T0.plus_ms(MINUTE_MS + 10 * SECOND_MS)), 1);
    }

    #[test]
    fn p15_an_ipv6_client_counts_with_its_whole_64_and_a_mapped_address_is_ipv4() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();

        assert_eq!(counted_as(ip("2001:db8:1:2:3:4:5:6")), ip("2001:db8:1:2::"));
        assert_eq!(counted_as(ip("::ffff:192.0.2.7")), ip("192.0.2.7"));
        assert_ne!(counted_as(ip("192.0.2.7")), counted_as(ip("192.0.2.8")));
    }
}
