//! When a spooled message is tried again, and when it is given up (RFC 5321 section 4.5.4.1).

use crate::time::{DAY_MS, MINUTE_MS, Timestamp};

/// How long a message may wait before it is given up.
pub const LIFETIME_MS: i64 = 5 * DAY_MS;
/// How long a message that could not be delivered is kept for the operator (3.4).
pub const KEPT_MS: i64 = 14 * DAY_MS;

/// Minutes until the next attempt after the first, second, … one; the last holds for all later ones.
const WAITS: [i64; 8] = [1, 1, 1, 2, 5, 10, 20, 30];

/// When to try again after `attempts` attempts; `None` when the message would outlive [`LIFETIME_MS`].
#[must_use]
pub fn next_due(arrived: Timestamp, attempts: u32, now: Timestamp) -> Option<Timestamp> {
    let place = (attempts.max(1) as usize - 1).min(WAITS.len() - 1);
    let due = now.plus_ms(WAITS[place] * MINUTE_MS);
    (due.since_ms(arrived) <= LIFETIME_MS).then_some(due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::HOUR_MS;

    #[test]
    fn attempts_grow_apart_and_end_after_five_days() {
        let arrived = Timestamp(0);

        assert_eq!(next_due(arrived, 1, Timestamp(0)), Some(Timestamp(MINUTE_MS)));
        assert_eq!(next_due(arrived, 5, Timestamp(HOUR_MS)), Some(Timestamp(HOUR_MS + 5 * MINUTE_MS)));
        assert_eq!(next_due(arrived, 900, Timestamp(HOUR_MS)), Some(Timestamp(HOUR_MS + 30 * MINUTE_MS)));
        assert_eq!(next_due(arrived, 900, Timestamp(LIFETIME_MS)), None);
    }
}
