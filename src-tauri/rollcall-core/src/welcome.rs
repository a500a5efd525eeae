//! The welcome notice of a new End User (P10, D05): when it goes out, and what its text says.
//!
//! **Invariant.** Nobody but an End User is welcomed, and only where the domain's rule says so.
//!
//! **Limits.** The time zone is a value that the caller hands in.

use jiff::tz::TimeZone;
use jiff::{Timestamp as Moment, ToSpan};

use crate::state::{AddressState, Role};
use crate::time::{DAY_MS, Timestamp};

/// "First thing the next morning": the full hour on the wall.
pub const HOUR: i8 = 7;
/// The most characters of a subject.
pub const LONGEST_SUBJECT: usize = 120;
/// The most characters of a text.
pub const LONGEST_TEXT: usize = 4_000;
/// The subject unless the office has its own.
pub const SUBJECT: &str = "Welcome, {name}";
/// The text unless the office has its own.
pub const TEXT: &str = "Hello {name},\n\nyour address {address} is set up now. Mail for it is checked before it reaches \
    your mailbox. There is nothing that you need to do.\n\nIf mail that you expect does not arrive, ask {contact}.\n";

/// Whether an account that was `before` and is `after` is to be welcomed, where `wanted` by the rule: a new End User.
#[must_use]
pub const fn is_due(before: Option<AddressState>, after: AddressState, wanted: bool) -> bool {
    let was_user = matches!(before, Some(AddressState::User(_)));
    wanted && !was_user && matches!(after, AddressState::User(Role::End))
}

/// 07:00 on the wall on the day after `created`. An hour that the day does not have comes an hour later, one that it has
/// twice counts the first time.
#[must_use]
pub fn due(created: Timestamp, zone: &TimeZone) -> Timestamp {
    let next_morning = || {
        let today = zone.to_datetime(Moment::from_millisecond(created.0).ok()?).date();
        let morning = today.checked_add(1.day()).ok()?.at(HOUR, 0, 0, 0);
        let at = zone.to_ambiguous_timestamp(morning).compatible().ok()?;
        Some(Timestamp(at.as_millisecond()))
    };
    next_morning().unwrap_or_else(|| created.plus_ms(DAY_MS))
}

/// Puts the account's `name`, its `address` and whom to ask into a text with `{name}`, `{address}` and `{contact}`. What
/// is put in is not looked through again.
#[must_use]
pub fn fill(text: &str, name: &str, address: &str, contact: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = [("{name}", name), ("{address}", address), ("{contact}", contact)];
        match known.iter().find(|(mark, _)| rest.starts_with(mark)) {
            Some((mark, value)) => {
                filled.push_str(value);
                rest = &rest[mark.len()..];
            }
            None => {
                filled.push('{');
                rest = &rest[1..];
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use jiff::civil::{DateTime, date};

    use super::*;

    const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

    fn wall(zone: &TimeZone, moment: Timestamp) -> DateTime {
        zone.to_datetime(Moment::from_millisecond(moment.0).expect("a moment"))
    }

    fn at(zone: &TimeZone, local: DateTime) -> Timestamp {
        Timestamp(zone.to_timestamp(local).expect("a moment").as_millisecond())
    }

    #[test]
    fn p10_created_at_three_in_the_afternoon_is_due_at_seven_the_next_morning() {
        let berlin = TimeZone::posix(BERLIN).expect("a zone");
        for (created, morning) in [
            (date(2026, 11, 12).at(15, 0, 0, 0), date(2026, 11, 13).at(7, 0, 0, 0)),
            (date(2026, 11, 12).at(0, 0, 0, 0), date(2026, 11, 13).at(7, 0, 0, 0)),
            (date(2026, 11, 12).at(23, 59, 59, 0), date(2026, 11, 13).at(7, 0, 0, 0)),
            (date(2026, 12, 31).at(15, 0, 0, 0), date(2027, 1, 1).at(7, 0, 0, 0)),
        ] {
            assert_eq!(wall(&berlin, due(at(&berlin, created), &berlin)), morning, "{created}");
        }
    }

    #[test]
    fn p10_seven_is_seven_on_the_wall_on_both_days_on_which_the_clock_is_changed() {
        let berlin = TimeZone::posix(BERLIN).expect("a zone");
        for (day, hours) in [(date(2026, 3, 28), 15), (date(2026, 10, 24), 17)] {
            let created = at(&berlin, day.at(15, 0, 0, 0));
            let due = due(created, &berlin);
            assert_eq!(wall(&berlin, due), day.tomorrow().expect("a day").at(7, 0, 0, 0));
            assert_eq!(due.since_ms(created), hours * 3_600_000, "{day}");
        }
    }

    #[test]
    fn p10_only_a_new_end_user_is_welcomed_and_only_where_it_is_wanted() {
        let end = AddressState::User(Role::End);
        assert!(is_due(None, end, true) && is_due(Some(AddressState::Discovered), end, true));
        assert!(!is_due(None, end, false));
        assert!(!is_due(Some(AddressState::User(Role::Silent)), end, true), "it was a user before");
        for other in [AddressState::User(Role::Silent), AddressState::Functional, AddressState::Alias] {
            assert!(!is_due(None, other, true), "{other:?}");
        }
    }

    #[test]
    fn p10_a_text_is_filled_once_and_what_is_put_in_stays_as_it_is() {
        let filled = fill("Hello {name} <{address}>, {else} {", "{contact}", "ann@acme.example", "IT");
        assert_eq!(filled, "Hello {contact} <ann@acme.example>, {else} {");
    }
}
