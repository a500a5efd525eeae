//! When a notification goes to the screen (X12, and the etiquette of the design).
//!
//! **Invariant.** At most one of a kind a day: what comes later that day is told at 10:00 the next morning. Nothing in the
//! first hour after set-up. Only what is urgent breaks quiet hours.
//!
//! **Limits.** Whether the window is in front only a shell knows: it keeps quiet then.

use jiff::civil::time;
use jiff::tz::TimeZone;
use jiff::{Timestamp as Moment, ToSpan};

use super::kind::{Kind, Level};
use super::quiet::QuietHours;
use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Timestamp};

/// How long company is waited for before addresses are told of, in milliseconds.
pub const GATHER_MS: i64 = 10 * SECOND_MS;
/// How long nothing is told after set-up, in milliseconds.
pub const SETTING_UP_MS: i64 = HOUR_MS;
/// How long a mail server is away before that is told, in milliseconds (N8).
const AWAY_MS: i64 = 2 * MINUTE_MS;

/// What the answer depends on.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What it is about.
    pub kind: Kind,
    /// When it was made.
    pub made: Timestamp,
    /// When something last joined it.
    pub changed: Timestamp,
    /// When it was last told.
    pub told: Option<Timestamp>,
    /// When another or the same of this kind was last told.
    pub last_of_kind: Option<Timestamp>,
    /// Whether notifications of this kind are wanted.
    pub wanted: bool,
    /// When the office was set up, if that is known.
    pub set_up: Option<Timestamp>,
    /// When it is quiet.
    pub quiet: QuietHours,
    /// Where the person's morning is.
    pub zone: &'a TimeZone,
}

/// When it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Now.
    Now,
    /// Ask again at this moment.
    At(Timestamp),
    /// Not at all: it was told, or is not wanted.
    Never,
}

/// When a notification goes to the screen, asked at `now`.
#[must_use]
pub fn when(asked: Asked<'_>, now: Timestamp) -> When {
    if !asked.wanted || asked.told.is_some_and(|told| told >= asked.changed) {
        return When::Never;
    }
    let begin = if asked.told.is_some() { asked.changed } else { asked.made };
    let mut due = begin.plus_ms(patience_ms(asked.kind)).max(now);
    if let Some(set_up) = asked.set_up {
        due = due.max(set_up.plus_ms(SETTING_UP_MS));
    }
    if let Some(last) = asked.last_of_kind.filter(|_| asked.kind.is_once_a_day()) {
        due = due.max(next_morning(last, asked.zone));
    }
    if asked.kind.level() != Level::Urgent
        && let Some(end) = asked.quiet.end(due, asked.zone)
    {
        due = end;
    }
    if due <= now { When::Now } else { When::At(due) }
}

/// Whether what happens at `now` joins a notification of `kind` that was made then, instead of making another one.
#[must_use]
pub fn joins(kind: Kind, made: Timestamp, told: Option<Timestamp>, now: Timestamp) -> bool {
    !kind.replaces() && kind != Kind::Access && (told.is_none() || now.since_ms(made) < DAY_MS)
}

/// 10:00 on the day after the one that holds `at`, on the wall of `zone`.
#[must_use]
pub fn next_morning(at: Timestamp, zone: &TimeZone) -> Timestamp {
    Moment::from_millisecond(at.0)
        .and_then(|moment| zone.to_datetime(moment).date().checked_add(1.day()))
        .and_then(|day| zone.to_ambiguous_timestamp(day.to_datetime(time(10, 0, 0, 0))).compatible())
        .map_or(at.plus_ms(DAY_MS), |morning| Timestamp(morning.as_millisecond()))
}

const fn patience_ms(kind: Kind) -> i64 {
    match kind {
        Kind::ServerAway => AWAY_MS,
        Kind::NewAddresses
        | Kind::AliasesAdded
        | Kind::UsersAdded
        | Kind::Ended
        | Kind::Doubted
        | Kind::NoSeat
        | Kind::HeldMailEnds
        | Kind::Undelivered
        | Kind::Blocked => GATHER_MS,
        Kind::Ending
        | Kind::Wanted
        | Kind::ThisWeek
        | Kind::Weekly
        | Kind::SentButRefused
        | Kind::ServerBack
        | Kind::Seats
        | Kind::SaysYes
        | Kind::ShadowEnded
        | Kind::SyncProblem
        | Kind::SyncStopped
        | Kind::SyncSignIn
        | Kind::SyncLeft
        | Kind::Access => 0,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{DateTime, date};

    use super::*;

    fn zone() -> TimeZone {
        TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a zone")
    }

    fn at(local: DateTime) -> Timestamp {
        Timestamp(zone().to_timestamp(local).expect("a moment").as_millisecond())
    }

    /// Thursday, 12 November, 14:00.
    fn afternoon() -> Timestamp {
        at(date(2026, 11, 12).at(14, 0, 0, 0))
    }

    fn asked(kind: Kind, made: Timestamp, zone: &TimeZone) -> Asked<'_> {
        Asked {
            kind,
            made,
            changed: made,
            told: None,
            last_of_kind: None,
            wanted: true,
            set_up: None,
            quiet: QuietHours::default(),
            zone,
        }
    }

    #[test]
    fn x12_the_first_of_a_day_is_told_after_ten_seconds_and_a_later_one_at_ten_the_next_morning() {
        let (zone, made) = (zone(), afternoon());
        let first = asked(Kind::NewAddresses, made, &zone);

        assert_eq!(when(first, made), When::At(made.plus_ms(GATHER_MS)));
        assert_eq!(when(first, made.plus_ms(GATHER_MS)), When::Now);

        let told = Some(made.plus_ms(GATHER_MS));
        let again = Asked { told, last_of_kind: told, ..first };
        assert_eq!(when(again, made.plus_ms(HOUR_MS)), When::Never, "nothing joined");
        let joined = Asked { changed: made.plus_ms(HOUR_MS), ..again };
        let morning = at(date(2026, 11, 13).at(10, 0, 0, 0));
        assert_eq!(when(joined, made.plus_ms(2 * HOUR_MS)), When::At(morning));
        assert_eq!(when(joined, morning), When::Now);
    }

    #[test]
    fn x12_nothing_is_told_in_quiet_hours_but_what_is_urgent() {
        let zone = zone();
        let night = at(date(2026, 11, 13).at(23, 0, 0, 0));
        let monday = at(date(2026, 11, 16).at(8, 0, 0, 0));

        assert_eq!(when(asked(Kind::Seats, night, &zone), night), When::At(monday));
        assert_eq!(when(asked(Kind::ThisWeek, night, &zone), night), When::At(monday));
        let away = asked(Kind::ServerAway, night, &zone);
        assert_eq!(when(away, night), When::At(night.plus_ms(2 * MINUTE_MS)), "n8: only once it lasts");
        assert_eq!(when(away, night.plus_ms(2 * MINUTE_MS)), When::Now);
        // Due in the afternoon, but the computer slept until the evening.
        let slept = asked(Kind::Seats, afternoon(), &zone);
        assert_eq!(
            when(slept, at(date(2026, 11, 12).at(20, 0, 0, 0))),
            When::At(at(date(2026, 11, 13).at(8, 0, 0, 0)))
        );
    }

    #[test]
    fn x12_nothing_is_told_in_the_first_hour_after_set_up_nor_what_is_not_wanted() {
        let (zone, made) = (zone(), afternoon());
        let new = Asked { set_up: Some(made), ..asked(Kind::NewAddresses, made, &zone) };

        assert_eq!(when(new, made.plus_ms(GATHER_MS)), When::At(made.plus_ms(SETTING_UP_MS)));
        assert_eq!(when(new, made.plus_ms(SETTING_UP_MS)), When::Now);
        assert_eq!(when(Asked { wanted: false, ..new }, made.plus_ms(SETTING_UP_MS)), When::Never);
    }

    #[test]
    fn x12_the_end_of_an_outage_is_told_however_many_there_were_that_day() {
        let (zone, made) = (zone(), afternoon());
        let back = Asked { last_of_kind: Some(made), ..asked(Kind::ServerBack, made.plus_ms(HOUR_MS), &zone) };

        assert_eq!(when(back, made.plus_ms(HOUR_MS)), When::Now);
    }

    #[test]
    fn n2_what_comes_within_a_day_joins_and_what_was_not_told_yet_is_always_joined() {
        let made = afternoon();
        let told = Some(made.plus_ms(GATHER_MS));

        assert!(joins(Kind::NewAddresses, made, told, made.plus_ms(DAY_MS - 1)));
        assert!(!joins(Kind::NewAddresses, made, told, made.plus_ms(DAY_MS)));
        assert!(joins(Kind::NewAddresses, made, None, made.plus_ms(3 * DAY_MS)), "a weekend's");
        assert!(!joins(Kind::Ending, made, None, made), "n3: the second reminder takes the first one's place");
    }

    #[test]
    fn the_morning_is_at_ten_on_the_wall_when_the_clock_is_changed() {
        let before = at(date(2026, 3, 28).at(23, 0, 0, 0));

        assert_eq!(next_morning(before, &zone()), at(date(2026, 3, 29).at(10, 0, 0, 0)));
    }
}
