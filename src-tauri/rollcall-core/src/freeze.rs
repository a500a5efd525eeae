//! Time that does not count (behaviour.md 3.5: T15, T19): while discovery is off, or a directory decides, clocks stand.
//!
//! Nothing is shifted when they go on. The times of what happened stay as they were, and every clock leaves the frozen
//! time out when it is read; so freezing can lose nothing, however often it happens.

use crate::time::Timestamp;

/// A time in which the clocks of a domain stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freeze {
    /// When they stopped.
    pub from: Timestamp,
    /// When they went on; `None` while they stand.
    pub until: Option<Timestamp>,
}

/// The freezes of a domain, the oldest first, none overlapping another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Freezes(Vec<Freeze>);

impl Freezes {
    /// Of `freezes` in any order.
    #[must_use]
    pub fn new(mut freezes: Vec<Freeze>) -> Self {
        freezes.sort_by_key(|freeze| freeze.from);
        Self(freezes)
    }

    /// Whether the clocks stand now.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.since().is_some()
    }

    /// Since when they stand.
    #[must_use]
    pub fn since(&self) -> Option<Timestamp> {
        self.0.last().filter(|freeze| freeze.until.is_none()).map(|freeze| freeze.from)
    }

    /// Whether the clocks stood at `at`.
    #[must_use]
    pub fn stood_at(&self, at: Timestamp) -> bool {
        self.0.iter().any(|freeze| freeze.from <= at && freeze.until.is_none_or(|until| at < until))
    }

    /// The milliseconds from `earlier` to `now` in which the clocks went.
    #[must_use]
    pub fn running_ms(&self, earlier: Timestamp, now: Timestamp) -> i64 {
        let stood: i64 = self
            .0
            .iter()
            .map(|freeze| {
                let until = freeze.until.unwrap_or(now).min(now);
                until.since_ms(freeze.from.max(earlier)).max(0)
            })
            .sum();
        now.since_ms(earlier).saturating_sub(stood)
    }

    /// The moment from which until `now` the clocks went for `ms`: the start of a counting window.
    #[must_use]
    pub fn window_start(&self, now: Timestamp, ms: i64) -> Timestamp {
        let mut left = ms;
        let mut end = now;
        for freeze in self.0.iter().rev() {
            let until = freeze.until.unwrap_or(now).min(end);
            let ran = end.since_ms(until);
            if ran >= left {
                break;
            }
            left -= ran;
            end = freeze.from.min(end);
        }
        end.minus_ms(left)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn freezes(spans: &[(i64, Option<i64>)]) -> Freezes {
        Freezes::new(
            spans.iter().map(|(from, until)| Freeze { from: Timestamp(*from), until: until.map(Timestamp) }).collect(),
        )
    }

    #[test]
    fn t15_a_frozen_clock_stands() {
        let open = freezes(&[(100, None)]);

        assert!(open.is_frozen());
        assert_eq!(open.running_ms(Timestamp(50), Timestamp(1_000)), 50);
        assert_eq!(open.running_ms(Timestamp(200), Timestamp(1_000)), 0);
        assert_eq!(open.window_start(Timestamp(1_000), 30), Timestamp(70));
    }

    #[test]
    fn t19_it_goes_on_where_it_stood() {
        let two = freezes(&[(100, Some(200)), (300, Some(400))]);

        assert!(!two.is_frozen());
        assert!(two.stood_at(Timestamp(100)) && two.stood_at(Timestamp(399)));
        assert!(!two.stood_at(Timestamp(99)) && !two.stood_at(Timestamp(200)) && !two.stood_at(Timestamp(400)));
        assert_eq!(two.running_ms(Timestamp(0), Timestamp(500)), 300);
        assert_eq!(two.running_ms(Timestamp(150), Timestamp(350)), 100);
        assert_eq!(two.window_start(Timestamp(500), 100), Timestamp(400));
        assert_eq!(two.window_start(Timestamp(500), 150), Timestamp(250));
        assert_eq!(two.window_start(Timestamp(500), 250), Timestamp(50));
    }

    proptest! {
        #[test]
        fn t19_freezing_never_loses_time(
            gaps in proptest::collection::vec((1_i64..1_000, 1_i64..1_000), 0..8),
            tail in 0_i64..1_000,
            window in 0_i64..5_000,
        ) {
            let mut at = 0;
            let mut spans = Vec::new();
            let mut ran = 0;
            for (run, stood) in gaps {
                ran += run;
                spans.push((at + run, Some(at + run + stood)));
                at += run + stood;
            }
            let now = Timestamp(at + tail);
            let freezes = freezes(&spans);

            prop_assert_eq!(freezes.running_ms(Timestamp(0), now), ran + tail);
            let start = freezes.window_start(now, window);
            prop_assert_eq!(freezes.running_ms(start, now), window);
        }
    }
}
