//! When a Discovered address ends if nobody decides (T10), foretold: every notice is seen on its day.

use crate::freeze::Freezes;
use crate::rule::{OnExpiry, Rule};
use crate::time::{DAY_MS, Timestamp};
use crate::transition::LAST_NOTICE_MS;

/// How many ticks ahead are looked at: more than any rule has notices. What ends later is not foretold.
pub const TICKS_AHEAD: usize = 28;

/// What the end of a Discovered address depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// When it became Discovered.
    pub discovered: Option<Timestamp>,
    /// Weekly notices about it that were shown.
    pub notices: u32,
    /// When the last was shown.
    pub last_notice: Option<Timestamp>,
    /// Until when it does not end.
    pub held_until: Option<Timestamp>,
    /// The operator said keep.
    pub pinned: bool,
}

/// The tick at which it ends; `None` where it does not end by itself, or not within `ticks`, the next ones in order.
/// `holiday`: nothing ends in the office before then (X05).
#[must_use]
pub fn ends(
    rule: &Rule,
    freezes: &Freezes,
    waiting: Waiting,
    holiday: Option<Timestamp>,
    ticks: &[Timestamp],
) -> Option<Timestamp> {
    if waiting.pinned || rule.on_expiry == OnExpiry::Keep || freezes.is_frozen() {
        return None;
    }
    let Waiting { mut notices, mut last_notice, .. } = waiting;
    let needed = i64::from(rule.notices) * 7 * DAY_MS;
    for tick in ticks.iter().copied() {
        if holiday.max(waiting.held_until).is_some_and(|until| tick < until) {
            continue;
        }
        let is_old = waiting.discovered.is_some_and(|at| freezes.running_ms(at, tick) >= needed);
        if notices < rule.notices {
            notices += 1;
            last_notice = Some(tick);
        } else if is_old && last_notice.is_some_and(|last| tick.since_ms(last) >= LAST_NOTICE_MS) {
            return Some(tick);
        }
    }
    None
}

/// How long an address may wait that is only suggested as another name of an account, in milliseconds.
pub const PATIENCE_MS: i64 = 56 * DAY_MS;

/// Until when a Discovered address needs nobody: it looks like another name of one account, it gets its mail, uses no seat,
/// and does not end by itself, so that deciding it together with the next ones costs nothing. `None`: a decision is wanted.
/// In the past once it has waited long enough.
#[must_use]
pub fn can_wait_until(rule: &Rule, is_likely_alias: bool, waiting: Waiting) -> Option<Timestamp> {
    let is_harmless = is_likely_alias && rule.on_expiry == OnExpiry::Keep && !waiting.pinned;
    waiting.discovered.filter(|_| is_harmless).map(|at| at.plus_ms(PATIENCE_MS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Preset;

    const NOW: Timestamp = Timestamp(100 * DAY_MS);

    /// Thursdays: the first comes three days from now.
    fn ticks() -> Vec<Timestamp> {
        (0..28).map(|week| NOW.plus_ms((3 + 7 * week) * DAY_MS)).collect()
    }

    fn days(rule: Rule, waiting: Waiting, holiday: Option<Timestamp>) -> Option<i64> {
        ends(&rule, &Freezes::default(), waiting, holiday, &ticks()).map(|at| at.since_ms(NOW) / DAY_MS)
    }

    #[test]
    fn c05_three_notices_and_three_weeks_end_on_the_fourth_tick() {
        let fresh = Waiting { discovered: Some(NOW), ..Waiting::default() };
        let told = Waiting { notices: 2, last_notice: Some(NOW.minus_ms(4 * DAY_MS)), ..fresh };
        let old = Waiting { discovered: Some(NOW.minus_ms(18 * DAY_MS)), ..told };

        assert_eq!(days(Rule::SHIPPED, fresh, None), Some(24));
        assert_eq!(days(Preset::ModusCloud.rule(), fresh, None), Some(31));
        assert_eq!(days(Preset::CarefulOffice.rule(), fresh, None), None, "it keeps them");
        assert_eq!(days(Rule::SHIPPED, old, None), Some(10), "the third notice first");
        assert_eq!(days(Rule::SHIPPED, Waiting { pinned: true, ..old }, None), None);
    }

    #[test]
    fn d09_only_a_likely_alias_that_never_ends_can_wait() {
        let careful = Preset::CarefulOffice.rule();
        let fresh = Waiting { discovered: Some(NOW), ..Waiting::default() };

        assert_eq!(can_wait_until(&careful, true, fresh), Some(NOW.plus_ms(PATIENCE_MS)));
        assert_eq!(can_wait_until(&careful, false, fresh), None, "a person is asked about at once");
        assert_eq!(can_wait_until(&careful, true, Waiting { pinned: true, ..fresh }), None);
        for preset in Preset::ALL.iter().filter(|preset| preset.rule().on_expiry != OnExpiry::Keep) {
            assert_eq!(can_wait_until(&preset.rule(), true, fresh), None, "{preset:?} ends it");
        }
    }

    #[test]
    fn x05_a_hold_moves_the_end_and_a_long_one_is_not_foretold() {
        let old = Waiting {
            discovered: Some(NOW.minus_ms(40 * DAY_MS)),
            notices: 3,
            last_notice: Some(NOW.minus_ms(10 * DAY_MS)),
            ..Waiting::default()
        };
        let until = |days: i64| Some(NOW.plus_ms(days * DAY_MS));

        assert_eq!(days(Rule::SHIPPED, old, None), Some(3));
        assert_eq!(days(Rule::SHIPPED, old, until(4)), Some(10));
        assert_eq!(days(Rule::SHIPPED, Waiting { held_until: until(11), ..old }, until(4)), Some(17));
        assert_eq!(days(Rule::SHIPPED, Waiting { held_until: until(3650), ..old }, None), None);
    }
}
