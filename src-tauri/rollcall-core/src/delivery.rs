//! When a spooled message is tried again, when it is given up (RFC 5321 section 4.5.4.1), and how many attempts a
//! destination gets at a time.

use crate::reply::{Class, Reply};
use crate::time::{DAY_MS, MINUTE_MS, Timestamp};

/// How long a message may wait before it is given up.
pub const LIFETIME_MS: i64 = 5 * DAY_MS;
/// How long a message that could not be delivered is kept for the operator (3.4).
pub const KEPT_MS: i64 = 14 * DAY_MS;

/// Minutes until the next attempt after the first, second, … one; the last holds for all later ones.
const WAITS: [i64; 7] = [1, 2, 5, 10, 20, 30, 60];

/// What [`next_due`] takes as chance: 0 to this.
pub const CHANCES: u32 = 1000;

/// When to try again after `attempts` attempts; `None` when the message would outlive [`LIFETIME_MS`]. `chance`, from 0
/// to [`CHANCES`], makes the wait up to a tenth shorter or longer, so that what failed together does not come together.
#[must_use]
pub fn next_due(arrived: Timestamp, attempts: u32, now: Timestamp, chance: u32) -> Option<Timestamp> {
    let place = (attempts.max(1) as usize - 1).min(WAITS.len() - 1);
    let wait = WAITS[place] * MINUTE_MS;
    let due = now.plus_ms(wait * 9 / 10 + wait * i64::from(chance.min(CHANCES)) / (5 * i64::from(CHANCES)));
    (due.since_ms(arrived) <= LIFETIME_MS).then_some(due)
}

/// How an attempt with a destination went, as far as the destination is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Welcome {
    /// It worked through the attempt, whatever it said to recipients.
    Served,
    /// It has enough: 421, or 4xx to MAIL or to the content.
    Busy,
}

impl Welcome {
    /// What `reply` to MAIL or to the content says.
    #[must_use]
    pub fn of(reply: &Reply) -> Self {
        if reply.class() == Class::Transient { Self::Busy } else { Self::Served }
    }

    /// What `reply` to RCPT says: 4xx is about the recipient (a greylist), 421 is not.
    #[must_use]
    pub fn of_recipient(reply: &Reply) -> Self {
        if reply.code == 421 { Self::Busy } else { Self::Served }
    }
}

/// How many attempts a destination gets at a time after `welcome`, with `before` until now and never more than `most`:
/// half when it has enough, one more when it worked. At least one, so that it can show that it works again.
#[must_use]
pub fn allowance(before: usize, welcome: Welcome, most: usize) -> usize {
    match welcome {
        Welcome::Served => (before + 1).min(most),
        Welcome::Busy => before / 2,
    }
    .max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::HOUR_MS;

    const MIDDLE: u32 = CHANCES / 2;

    #[test]
    fn attempts_grow_apart_and_end_after_five_days() {
        let arrived = Timestamp(0);

        assert_eq!(next_due(arrived, 1, Timestamp(0), MIDDLE), Some(Timestamp(MINUTE_MS)));
        assert_eq!(next_due(arrived, 4, Timestamp(HOUR_MS), MIDDLE), Some(Timestamp(HOUR_MS + 10 * MINUTE_MS)));
        assert_eq!(next_due(arrived, 900, Timestamp(HOUR_MS), MIDDLE), Some(Timestamp(2 * HOUR_MS)));
        assert_eq!(next_due(arrived, 900, Timestamp(LIFETIME_MS), MIDDLE), None);
        let waits: Vec<i64> = (1..10).filter_map(|n| next_due(arrived, n, arrived, MIDDLE)).map(|due| due.0).collect();
        assert!(waits.is_sorted(), "{waits:?}");
    }

    #[test]
    fn chance_moves_an_attempt_by_a_tenth_and_no_further() {
        let due = |chance| next_due(Timestamp(0), 5, Timestamp(0), chance).map(|due| due.0);

        assert_eq!(due(0), Some(18 * MINUTE_MS));
        assert_eq!(due(CHANCES), Some(22 * MINUTE_MS));
        assert_eq!(due(u32::MAX), due(CHANCES));
    }

    #[test]
    fn a_busy_destination_gets_half_and_earns_the_rest_one_by_one() {
        let busy = |before| allowance(before, Welcome::Busy, 5);

        assert_eq!((busy(5), busy(2), busy(1)), (2, 1, 1));
        assert_eq!((allowance(1, Welcome::Served, 5), allowance(5, Welcome::Served, 5)), (2, 5));
    }

    #[test]
    fn a_greylist_is_no_sign_of_being_busy_and_421_always_is() {
        let reply = |code| Reply::bare(code, "");

        assert_eq!(Welcome::of_recipient(&reply(450)), Welcome::Served);
        assert_eq!(Welcome::of_recipient(&reply(421)), Welcome::Busy);
        assert_eq!((Welcome::of(&reply(451)), Welcome::of(&reply(550))), (Welcome::Busy, Welcome::Served));
    }
}
