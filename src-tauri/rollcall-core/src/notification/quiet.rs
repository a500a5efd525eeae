//! Quiet hours: when nothing but what is urgent is put on the screen.
//!
//! **Invariant.** The hours are those on the wall, through summer time and journeys.

use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp as Moment, ToSpan};

use crate::time::Timestamp;

/// Minutes in a day.
const DAY_MINUTES: u16 = 24 * 60;
/// The most steps to the end of quiet hours: a night, a weekend and a night.
const MOST_STEPS: usize = 8;

/// When it is quiet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// Whether there are any.
    pub on: bool,
    /// The minute of the day at which they begin, 0 to 1,439.
    pub from: u16,
    /// The minute of the day at which they end; the same as `from` when no hour of a day is quiet.
    pub until: u16,
    /// Saturday and Sunday are quiet all day.
    pub weekends: bool,
}

/// 18:00 to 8:00 and weekends (design: Settings, Notifications).
impl Default for QuietHours {
    fn default() -> Self {
        Self { on: true, from: 18 * 60, until: 8 * 60, weekends: true }
    }
}

impl QuietHours {
    /// Whether each minute is one of a day.
    #[must_use]
    pub const fn fits(self) -> bool {
        self.from < DAY_MINUTES && self.until < DAY_MINUTES
    }

    /// When the quiet hours that hold `at` end; `None` when it is not quiet then.
    #[must_use]
    pub fn end(self, at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let begin = zone.to_datetime(Moment::from_millisecond(at.0).ok()?);
        let mut local = begin;
        for _ in 0..MOST_STEPS {
            match self.step(local) {
                Some(later) => local = later,
                None => break,
            }
        }
        if local == begin {
            return None;
        }
        let end = zone.to_ambiguous_timestamp(local).compatible().ok()?;
        Some(Timestamp(end.as_millisecond()).max(at))
    }

    /// The end of the stretch of quiet that holds `local`: a night's, or the day's at a weekend.
    fn step(self, local: DateTime) -> Option<DateTime> {
        if !self.on {
            return None;
        }
        let (day, minute) = (local.date(), local.hour() as u16 * 60 + local.minute() as u16);
        if self.weekends && matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            return Some(day.checked_add(1.day()).ok()?.at(0, 0, 0, 0));
        }
        let until = |days: i64| {
            let (hour, minute) = (self.until / 60, self.until % 60);
            Some(day.checked_add(days.days()).ok()?.at(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0))
        };
        if self.from < self.until {
            return (self.from..self.until).contains(&minute).then(|| until(0)).flatten();
        }
        match (self.from == self.until, minute) {
            (true, _) => None,
            (_, minute) if minute >= self.from => until(1),
            (_, minute) if minute < self.until => until(0),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

    fn zone() -> TimeZone {
        TimeZone::posix(BERLIN).expect("a zone")
    }

    fn at(local: DateTime) -> Timestamp {
        Timestamp(zone().to_timestamp(local).expect("a moment").as_millisecond())
    }

    fn end(quiet: QuietHours, local: DateTime) -> Option<DateTime> {
        let end = quiet.end(at(local), &zone())?;
        Some(zone().to_datetime(Moment::from_millisecond(end.0).expect("a moment")))
    }

    #[test]
    fn x12_quiet_hours_go_over_midnight_and_the_weekend() {
        let quiet = QuietHours::default();
        let thursday = date(2026, 11, 12);

        for (from, until) in [
            (thursday.at(17, 59, 59, 0), None),
            (thursday.at(18, 0, 0, 0), Some(date(2026, 11, 13).at(8, 0, 0, 0))),
            (thursday.at(0, 0, 0, 0), Some(thursday.at(8, 0, 0, 0))),
            (thursday.at(7, 59, 0, 0), Some(thursday.at(8, 0, 0, 0))),
            (thursday.at(8, 0, 0, 0), None),
            (date(2026, 11, 13).at(19, 0, 0, 0), Some(date(2026, 11, 16).at(8, 0, 0, 0))),
            (date(2026, 11, 14).at(12, 0, 0, 0), Some(date(2026, 11, 16).at(8, 0, 0, 0))),
        ] {
            assert_eq!(end(quiet, from), until, "{from}");
        }
    }

    #[test]
    fn x12_quiet_hours_within_a_day_and_none_at_all() {
        let noon = QuietHours { on: true, from: 12 * 60, until: 13 * 60 + 30, weekends: false };
        let saturday = date(2026, 11, 14);

        assert_eq!(end(noon, saturday.at(12, 0, 0, 0)), Some(saturday.at(13, 30, 0, 0)));
        assert_eq!(end(noon, saturday.at(13, 30, 0, 0)), None);
        assert_eq!(end(QuietHours { on: false, ..noon }, saturday.at(12, 0, 0, 0)), None);
        assert_eq!(end(QuietHours { until: noon.from, ..noon }, saturday.at(12, 0, 0, 0)), None);
    }

    #[test]
    fn x12_quiet_hours_are_those_on_the_wall_in_the_nights_when_the_clock_is_changed() {
        let quiet = QuietHours { weekends: false, ..QuietHours::default() };
        let spring = end(quiet, date(2026, 3, 28).at(22, 0, 0, 0));
        let autumn = end(quiet, date(2026, 10, 24).at(22, 0, 0, 0));

        assert_eq!(spring, Some(date(2026, 3, 29).at(8, 0, 0, 0)));
        assert_eq!(autumn, Some(date(2026, 10, 25).at(8, 0, 0, 0)));
        // 02:30 is not there that night: an hour later.
        let missing = QuietHours { until: 2 * 60 + 30, ..quiet };
        assert_eq!(end(missing, date(2026, 3, 28).at(22, 0, 0, 0)), Some(date(2026, 3, 29).at(3, 30, 0, 0)));
    }
}
