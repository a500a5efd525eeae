//! When what happens, in hours since the simulation began on a Monday at midnight.

use std::iter::once;
use std::ops::Range;

/// Hours of a day.
pub const DAY: u32 = 24;
/// Hours of a week.
pub const WEEK: u32 = 7 * DAY;
/// The operator looks on Fridays at ten, the day after the weekly notices.
const LOOK: u32 = 4 * DAY + 10;
/// Fewer weeks than this have everything within eight.
const LONG: u32 = 26;

/// The calendar of an office.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How long it goes, in hours.
    pub hours: u32,
    /// The mail server takes mail for everybody and says nothing more.
    pub accepts_all: Range<u32>,
    /// The mail server takes mail for everybody and sends back later what it cannot deliver.
    pub bounces_later: Range<u32>,
    /// A spam campaign runs.
    pub campaigns: Vec<Range<u32>>,
    /// The computer is off.
    pub off: Vec<Range<u32>>,
    /// Nobody looks at the list.
    pub away: Range<u32>,
    /// When new people begin.
    pub joining: Vec<u32>,
}

impl Plan {
    /// The calendar of so many weeks.
    #[must_use]
    pub fn of(weeks: u32) -> Self {
        if weeks < LONG { Self::short(weeks) } else { Self::long(weeks) }
    }

    fn long(weeks: u32) -> Self {
        Self {
            hours: weeks * WEEK,
            accepts_all: 9 * WEEK..13 * WEEK,
            bounces_later: 17 * WEEK..20 * WEEK,
            campaigns: vec![10 * WEEK + DAY..10 * WEEK + 4 * DAY, 32 * WEEK + DAY..32 * WEEK + 4 * DAY],
            off: vec![34 * WEEK..35 * WEEK + 5 * DAY, 50 * WEEK + 2 * DAY..51 * WEEK + 5 * DAY],
            away: 24 * WEEK..29 * WEEK,
            joining: vec![8 * WEEK, 18 * WEEK, 24 * WEEK, 36 * WEEK, 44 * WEEK],
        }
    }

    fn short(weeks: u32) -> Self {
        Self {
            hours: weeks * WEEK,
            accepts_all: 9 * DAY..16 * DAY,
            bounces_later: 16 * DAY..22 * DAY,
            campaigns: once(12 * DAY..14 * DAY).collect(),
            off: once(43 * DAY..47 * DAY).collect(),
            away: 2 * WEEK..7 * WEEK,
            joining: vec![2 * WEEK],
        }
    }

    /// Whether the computer runs.
    #[must_use]
    pub fn is_on(&self, hour: u32) -> bool {
        !self.off.iter().any(|off| off.contains(&hour))
    }

    /// Whether the operator looks at the list now.
    #[must_use]
    pub fn is_look(&self, hour: u32) -> bool {
        hour % WEEK == LOOK && !self.away.contains(&hour) && self.is_on(hour)
    }

    /// Whether spam comes in crowds.
    #[must_use]
    pub fn is_campaign(&self, hour: u32) -> bool {
        self.campaigns.iter().any(|campaign| campaign.contains(&hour))
    }
}

/// The weekday of an hour, Monday is 0.
#[must_use]
pub const fn weekday(hour: u32) -> u32 {
    hour % WEEK / DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_admin_misses_five_looks_whatever_the_length() {
        for weeks in [8, 52] {
            let plan = Plan::of(weeks);
            let looks = (0..plan.hours).filter(|hour| plan.is_look(*hour)).count();
            let missed = plan.off.iter().flat_map(Clone::clone).filter(|hour| hour % WEEK == LOOK).count();
            let both = plan.away.clone().filter(|hour| hour % WEEK == LOOK && !plan.is_on(*hour)).count();

            assert_eq!(looks, weeks as usize - 5 - (missed - both), "{weeks}");
        }
    }

    #[test]
    fn the_computer_is_off_on_a_thursday_at_nine_so_that_a_tick_is_missed() {
        for weeks in [8, 52] {
            let plan = Plan::of(weeks);

            assert!((0..plan.hours).any(|hour| hour % WEEK == 3 * DAY + 9 && !plan.is_on(hour)), "{weeks}");
        }
    }
}
