//! When the week's tick comes, and what became of ticks that nobody was there for (behaviour.md section 3.9, D14).
//!
//! **Invariant.** One tick a week by the clock on the wall: through summer time, sleep and travel. Ticks missed become one,
//! and at that one nothing expires.
//!
//! **Limits.** The time zone is a value that the caller hands in; nothing here asks which one the computer has.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp as Moment, ToSpan};

use crate::time::{DAY_MS, HOUR_MS, Timestamp};

/// A tick handled so long after its time is on time.
pub const GRACE_MS: i64 = HOUR_MS;
/// Two ticks are never nearer than this: half a week, more than any journey shifts them.
const APART_MS: i64 = 7 * DAY_MS / 2;
/// Moments nearer than this to the end of the calendar are read as this far from it.
const MARGIN_MS: i64 = 60 * DAY_MS;

/// Day and hour of the tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekly {
    /// The day.
    pub weekday: Weekday,
    /// The full hour on the wall, 0 to 23; a larger one is read as 23.
    pub hour: u8,
}

/// Thursday 09:00 (D14).
impl Default for Weekly {
    fn default() -> Self {
        Self { weekday: Weekday::Thursday, hour: 9 }
    }
}

/// Since when ticks are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// There was no tick yet; the week began to count then.
    Start(Timestamp),
    /// The time that the last tick was due, as [`Due`] gave it; not when it was handled.
    Tick(Timestamp),
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing before this moment.
    NotYet(Timestamp),
    /// The tick of this time, on time. Keep it as [`Since::Tick`].
    Tick(Timestamp),
    /// Ticks whose time passed; they are one tick, at which nothing expires.
    Collapsed {
        /// How many.
        missed: u32,
        /// When the last of them was due. Keep it as [`Since::Tick`].
        tick: Timestamp,
    },
}

impl Weekly {
    /// The first tick later than `moment`. An hour that the day does not have comes an hour later, one that it has twice
    /// counts the first time.
    #[must_use]
    pub fn next_after(self, moment: Timestamp, zone: &TimeZone) -> Timestamp {
        let near = self.around(moment, zone);
        near.into_iter().flatten().find(|tick| *tick > moment).unwrap_or(moment.plus_ms(7 * DAY_MS))
    }

    /// The next `count` ticks later than `moment`, in order.
    #[must_use]
    pub fn ahead(self, moment: Timestamp, count: usize, zone: &TimeZone) -> Vec<Timestamp> {
        std::iter::successors(Some(self.next_after(moment, zone)), |tick| Some(self.next_after(*tick, zone)))
            .take(count)
            .collect()
    }

    /// What is due at `now`.
    #[must_use]
    pub fn due(self, since: Since, now: Timestamp, zone: &TimeZone) -> Due {
        let next = match since {
            Since::Start(at) => self.next_after(at, zone),
            Since::Tick(at) => self.next_after(at.plus_ms(APART_MS), zone),
        };
        if now < next {
            return Due::NotYet(next);
        }
        let passed = self.around(now, zone).into_iter().flatten().filter(|tick| *tick <= now).max();
        let tick = passed.map_or(next, |tick| tick.max(next));
        let weeks = (tick.since_ms(next).saturating_add(APART_MS)) / (7 * DAY_MS);
        if weeks == 0 && now.since_ms(tick) <= GRACE_MS {
            return Due::Tick(tick);
        }
        Due::Collapsed { missed: u32::try_from(weeks + 1).unwrap_or(u32::MAX), tick }
    }

    /// The ticks of the weeks around `moment`, in order.
    fn around(self, moment: Timestamp, zone: &TimeZone) -> [Option<Timestamp>; 4] {
        let ms = moment.0.clamp(
            Moment::MIN.as_millisecond().saturating_add(MARGIN_MS),
            Moment::MAX.as_millisecond().saturating_sub(MARGIN_MS),
        );
        let today = Moment::from_millisecond(ms).ok().map(|at| zone.to_datetime(at).date());
        let hour = i8::try_from(self.hour.min(23)).unwrap_or(23);
        [-2, -1, 0, 1].map(|week: i64| {
            let today = today?;
            let ahead = i64::from(today.weekday().until(self.weekday)) + 7 * week;
            let local = today.checked_add(ahead.days()).ok()?.at(hour, 0, 0, 0);
            let at = zone.to_ambiguous_timestamp(local).compatible().ok()?;
            Some(Timestamp(at.as_millisecond()))
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{DateTime, date};
    use proptest::prelude::*;

    use super::*;

    const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";
    const NEW_YORK: &str = "EST5EDT,M3.2.0,M11.1.0";
    const AUCKLAND: &str = "NZST-12NZDT,M9.5.0,M4.1.0/3";

    fn zone(posix: &str) -> TimeZone {
        TimeZone::posix(posix).expect("a zone")
    }

    fn at(zone: &TimeZone, local: DateTime) -> Timestamp {
        Timestamp(zone.to_timestamp(local).expect("a moment").as_millisecond())
    }

    fn wall(zone: &TimeZone, moment: Timestamp) -> DateTime {
        zone.to_datetime(Moment::from_millisecond(moment.0).expect("a moment"))
    }

    #[test]
    fn d14_the_tick_is_thursday_at_nine_on_the_wall_through_both_changes_of_the_clock() {
        let berlin = zone(BERLIN);
        for (from, expected) in [
            (date(2026, 3, 26).at(9, 0, 0, 0), date(2026, 4, 2).at(9, 0, 0, 0)),
            (date(2026, 10, 22).at(9, 0, 0, 0), date(2026, 10, 29).at(9, 0, 0, 0)),
            (date(2026, 10, 22).at(8, 59, 59, 0), date(2026, 10, 22).at(9, 0, 0, 0)),
        ] {
            let next = Weekly::default().next_after(at(&berlin, from), &berlin);
            assert_eq!(wall(&berlin, next), expected, "{from}");
        }
    }

    #[test]
    fn d14_an_hour_that_is_missing_or_there_twice_ticks_once() {
        let (berlin, weekly) = (zone(BERLIN), Weekly { weekday: Weekday::Sunday, hour: 2 });
        let spring = weekly.next_after(at(&berlin, date(2026, 3, 28).at(12, 0, 0, 0)), &berlin);
        assert_eq!(wall(&berlin, spring), date(2026, 3, 29).at(3, 0, 0, 0));

        let autumn = weekly.next_after(at(&berlin, date(2026, 10, 24).at(12, 0, 0, 0)), &berlin);
        assert_eq!(wall(&berlin, autumn), date(2026, 10, 25).at(2, 0, 0, 0));
        assert_eq!(wall(&berlin, weekly.next_after(autumn, &berlin)), date(2026, 11, 1).at(2, 0, 0, 0));
    }

    #[test]
    fn d14_after_sleep_the_missed_ticks_are_one_and_not_on_time() {
        let (berlin, weekly) = (zone(BERLIN), Weekly::default());
        let tick = |day| at(&berlin, date(2026, 11, day).at(9, 0, 0, 0));
        let last = Since::Tick(tick(5));

        assert_eq!(weekly.due(last, tick(12).minus_ms(1), &berlin), Due::NotYet(tick(12)));
        assert_eq!(weekly.due(last, tick(12).plus_ms(GRACE_MS), &berlin), Due::Tick(tick(12)));
        let late = weekly.due(last, tick(12).plus_ms(GRACE_MS + 1), &berlin);
        assert_eq!(late, Due::Collapsed { missed: 1, tick: tick(12) });
        assert_eq!(weekly.due(last, tick(26), &berlin), Due::Collapsed { missed: 3, tick: tick(26) });
        assert_eq!(weekly.due(Since::Start(tick(10)), tick(12), &berlin), Due::Tick(tick(12)));
        assert_eq!(weekly.due(last, tick(1), &berlin), Due::NotYet(tick(12)), "a clock put back");
    }

    #[test]
    fn d14_a_journey_gives_neither_two_ticks_a_week_nor_none() {
        let (zones, weekly) = ([BERLIN, NEW_YORK, AUCKLAND].map(zone), Weekly::default());
        let mut last = at(&zones[0], date(2026, 11, 5).at(9, 0, 0, 0));
        for (week, zone) in zones.iter().cycle().skip(1).take(12).enumerate() {
            let Due::NotYet(next) = weekly.due(Since::Tick(last), last.plus_ms(HOUR_MS), zone) else {
                panic!("{week}")
            };
            assert_eq!(
                wall(zone, next).date(),
                date(2026, 11, 12).checked_add((7 * week as i64).days()).expect("a day")
            );
            last = next;
        }
    }

    proptest! {
        #[test]
        fn d14_the_next_tick_is_later_within_a_week_and_at_its_hour(
            ms in -2_000_000_000_000_i64..8_000_000_000_000, offset in -12_i32..14, day in 0_i64..7, hour in 0_u8..24
        ) {
            let weekday = Weekday::Sunday.wrapping_add(day);
            for zone in [zone(BERLIN), zone(AUCKLAND), TimeZone::fixed(jiff::tz::Offset::from_seconds(offset * 3_600).expect("an offset"))] {
                let next = Weekly { weekday, hour }.next_after(Timestamp(ms), &zone);
                prop_assert!(next.0 > ms && next.0 - ms <= 7 * DAY_MS + HOUR_MS);
                prop_assert_eq!(wall(&zone, next).weekday(), weekday);
            }
        }

        #[test]
        fn d14_whatever_the_clock_says_there_is_an_answer(last in any::<i64>(), now in any::<i64>()) {
            let _ = Weekly::default().due(Since::Tick(Timestamp(last)), Timestamp(now), &zone(BERLIN));
            let _ = Weekly::default().due(Since::Start(Timestamp(last)), Timestamp(now), &zone(BERLIN));
        }
    }
}
