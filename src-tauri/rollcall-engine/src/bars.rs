//! The bars of the mail report: a period cut where local hours, days, weeks or months begin, and the mail in each part.

use jiff::tz::TimeZone;
use jiff::{RoundMode, ToSpan, Unit, Zoned, ZonedRound};
use rollcall_core::Timestamp;
use rollcall_core::time::{DAY_MS, HOUR_MS};

use crate::error::EngineError;
use crate::house::House;

/// The most bars of a report.
const MOST: usize = 200;

/// What one bar stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// An hour; for two days at most.
    Hour,
    /// A day; for a quarter at most.
    Day,
    /// A week, from Monday on; for two years at most.
    Week,
    /// A month.
    Month,
}

/// One bar: a part of the period, and the recipients settled in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    /// From then on.
    pub start: Timestamp,
    /// Before then.
    pub end: Timestamp,
    /// By outcome, in the order of [`rollcall_store::Outcome::ALL`].
    pub counts: [u64; 5],
}

impl House {
    /// The mail from `from` up to but not including `until`, cut into bars, oldest first; from the oldest mail in the log
    /// on and up to now where none is given. The first and last bar may be part of an hour or day.
    ///
    /// # Errors
    /// The store's.
    pub fn mail_bars(
        &self,
        from: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> Result<(Width, Vec<Bar>), EngineError> {
        let now = Timestamp(self.clock.now().0.saturating_add(1));
        let until = until.map_or(now, |until| until.min(now));
        let bars = self.store.read(|tx| {
            let Some(oldest) = tx.oldest_mail()? else { return Ok(None) };
            let from = from.map_or(oldest, |from| from.max(Timestamp(oldest.0 - oldest.0.rem_euclid(HOUR_MS))));
            let width = width(until.since_ms(from));
            let bounds = bounds(from, until, width, &TimeZone::system());
            let counts = tx.mail_between(&bounds)?;
            let bar = |(bounds, counts): (&[Timestamp], [u64; 5])| Bar { start: bounds[0], end: bounds[1], counts };
            Ok(Some((width, bounds.windows(2).zip(counts).map(bar).collect())))
        })?;
        Ok(bars.unwrap_or((Width::Hour, Vec::new())))
    }
}

/// How wide the bars of a period are, so that they are neither few nor many.
const fn width(period_ms: i64) -> Width {
    match period_ms {
        ..=172_800_000 => Width::Hour,
        ms if ms <= 93 * DAY_MS => Width::Day,
        ms if ms <= 2 * 366 * DAY_MS => Width::Week,
        _ => Width::Month,
    }
}

/// `from`, every begin of an hour, day, week or month in `zone` between the two, and `until`; none for an empty period.
fn bounds(from: Timestamp, until: Timestamp, width: Width, zone: &TimeZone) -> Vec<Timestamp> {
    if from >= until {
        return Vec::new();
    }
    let mut bounds = vec![from];
    let mut at = from;
    while bounds.len() < MOST
        && let Some(next) = next(at, width, zone)
        && next < until
        && next > at
    {
        bounds.push(next);
        at = next;
    }
    bounds.push(until);
    bounds
}

/// When the next hour, day, week or month begins. `None` at the end of the calendar.
fn next(at: Timestamp, width: Width, zone: &TimeZone) -> Option<Timestamp> {
    let at = jiff::Timestamp::from_millisecond(at.0).ok()?.to_zoned(zone.clone());
    let next = begin_after(&at, width).ok()?;
    Some(Timestamp(next.timestamp().as_millisecond()))
}

fn begin_after(at: &Zoned, width: Width) -> Result<Zoned, jiff::Error> {
    if width == Width::Hour {
        let hour = at.round(ZonedRound::new().smallest(Unit::Hour).mode(RoundMode::Trunc))?;
        return hour.checked_add(1.hour());
    }
    let day = at.start_of_day()?;
    let next = match width {
        Width::Hour | Width::Day => day.checked_add(1.day())?,
        Width::Week => day.checked_add((7 - i64::from(day.weekday().to_monday_zero_offset())).days())?,
        Width::Month => day.first_of_month()?.checked_add(1.month())?,
    };
    next.start_of_day()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<Zoned>().unwrap().timestamp().as_millisecond())
    }

    fn cut(from: &str, until: &str, width: Width) -> Vec<String> {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let shown = |at: Timestamp| {
            let at = jiff::Timestamp::from_millisecond(at.0).unwrap().to_zoned(zone.clone());
            at.strftime("%m-%d %H:%M").to_string()
        };
        bounds(at(from), at(until), width, &zone).into_iter().map(shown).collect()
    }

    #[test]
    fn bars_begin_where_the_wall_clock_says_even_on_the_day_it_is_changed() {
        let hours = cut("2026-03-29T00:20[Europe/Berlin]", "2026-03-29T04:10[Europe/Berlin]", Width::Hour);
        assert_eq!(hours, ["03-29 00:20", "03-29 01:00", "03-29 03:00", "03-29 04:00", "03-29 04:10"]);

        let days = cut("2026-03-28T12:00[Europe/Berlin]", "2026-03-30T12:00[Europe/Berlin]", Width::Day);
        assert_eq!(days, ["03-28 12:00", "03-29 00:00", "03-30 00:00", "03-30 12:00"]);

        let weeks = cut("2026-03-26T12:00[Europe/Berlin]", "2026-04-07T00:00[Europe/Berlin]", Width::Week);
        assert_eq!(weeks, ["03-26 12:00", "03-30 00:00", "04-06 00:00", "04-07 00:00"]);

        let months = cut("2026-01-31T12:00[Europe/Berlin]", "2026-03-15T00:00[Europe/Berlin]", Width::Month);
        assert_eq!(months, ["01-31 12:00", "02-01 00:00", "03-01 00:00", "03-15 00:00"]);
    }

    #[test]
    fn a_period_has_neither_few_bars_nor_many() {
        let zone = TimeZone::UTC;
        let now = at("2026-11-12T14:40[UTC]");
        for days in [1, 2, 7, 30, 93, 94, 700, 733, 3650] {
            let period = days * DAY_MS;
            let bars = bounds(now.minus_ms(period), now, width(period), &zone).len() - 1;
            assert!((7..=135).contains(&bars), "{days} days: {bars} bars");
        }
        assert!(bounds(now, now, Width::Hour, &zone).is_empty());
    }
}
