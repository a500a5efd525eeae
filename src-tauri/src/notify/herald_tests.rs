//! When a banner comes up, in a story of one office.

use jiff::tz::TimeZone;
use rollcall_api::answers::{AddressRow, StateWord, Strength, StrengthVerdict, Suggestion, SuggestionKind};

use super::{Circumstances, GATHER_MS, Herald, Verdict};

/// Thursday 12 November 2026, 14:40 UTC.
const NOW: i64 = 1_794_494_400_000;
static UTC: TimeZone = TimeZone::UTC;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

#[test]
fn what_is_found_within_ten_seconds_comes_as_one_banner() {
    let mut herald = Herald::default();
    herald.discovered(["ann@acme.example".to_owned()]);
    assert_eq!(herald.consider(&at(NOW)), Verdict::Later(NOW + GATHER_MS));
    herald.discovered(["ben@acme.example".to_owned()]);
    assert_eq!(herald.consider(&at(NOW + GATHER_MS - 1)), Verdict::Later(NOW + GATHER_MS));

    let verdict = herald.consider(&at(NOW + GATHER_MS));

    assert_eq!(verdict, Verdict::Show(vec!["ann@acme.example".into(), "ben@acme.example".into()]));
    assert_eq!(herald.consider(&at(NOW + HOUR)), Verdict::Quiet, "told once");
}

#[test]
fn ten_thousand_discoveries_in_one_day_are_one_banner() {
    let mut herald = Herald::default();
    let mut banners = 0;

    for minute in 0..100 {
        herald.discovered((0..100).map(|n| format!("user{minute}.{n}@acme.example")));
        for tick in 0..12 {
            let verdict = herald.consider(&at(NOW + minute * MINUTE + tick * 5_000));
            banners += usize::from(matches!(verdict, Verdict::Show(_)));
        }
    }

    assert_eq!(banners, 1);
}

#[test]
fn what_comes_while_the_banner_is_up_joins_it_there() {
    let mut herald = shown(&["ann@acme.example"]);
    herald.discovered(["ben@acme.example".to_owned()]);

    let verdict = herald.consider(&Circumstances { on_screen: true, ..at(NOW + 5_000) });

    assert_eq!(verdict, Verdict::Update(vec!["ann@acme.example".into(), "ben@acme.example".into()]));
}

#[test]
fn a_banner_that_stays_up_for_long_is_left_as_it_is() {
    let mut herald = shown(&["ann@acme.example"]);
    herald.discovered(["ben@acme.example".to_owned()]);
    herald.consider(&Circumstances { on_screen: true, ..at(NOW + HOUR) });

    let verdict = herald.consider(&Circumstances { on_screen: true, ..at(NOW + HOUR + GATHER_MS) });

    assert_eq!(verdict, Verdict::Later(NOW + 19 * HOUR + 20 * MINUTE));
}

#[test]
fn what_comes_after_the_banner_has_gone_waits_for_ten_in_the_morning() {
    let mut herald = shown(&["ann@acme.example"]);
    herald.discovered(["ben@acme.example".to_owned()]);
    herald.consider(&at(NOW + HOUR));

    let Verdict::Later(morning_ms) = herald.consider(&at(NOW + 2 * HOUR)) else { panic!("a second banner on one day") };

    assert_eq!(morning_ms - NOW, 19 * HOUR + 20 * MINUTE, "from 14:40 to 10:00");
    assert_eq!(herald.consider(&at(morning_ms)), Verdict::Show(vec!["ben@acme.example".into()]));
}

#[test]
fn the_morning_is_the_persons_morning() {
    let helsinki = TimeZone::fixed(jiff::tz::offset(2));
    let mut herald = shown(&["ann@acme.example"]);
    herald.discovered(["ben@acme.example".to_owned()]);
    herald.consider(&Circumstances { zone: &helsinki, ..at(NOW + HOUR) });

    let verdict = herald.consider(&Circumstances { zone: &helsinki, ..at(NOW + 2 * HOUR) });

    assert_eq!(verdict, Verdict::Later(NOW + 17 * HOUR + 20 * MINUTE), "from 16:40 to 10:00");
}

#[test]
fn nothing_is_told_that_the_person_sees_in_the_window() {
    let mut herald = Herald::default();
    herald.discovered(["ann@acme.example".to_owned()]);
    assert_eq!(herald.consider(&Circumstances { in_front: true, ..at(NOW) }), Verdict::Quiet);

    assert_eq!(herald.consider(&at(NOW + HOUR)), Verdict::Quiet, "nor later, when the window is away");
}

#[test]
fn nothing_is_told_when_notifications_are_not_wanted() {
    let mut herald = Herald::default();
    herald.discovered(["ann@acme.example".to_owned()]);

    assert_eq!(herald.consider(&Circumstances { wanted: false, ..at(NOW + HOUR) }), Verdict::Quiet);
}

#[test]
fn an_address_decided_meanwhile_is_not_told() {
    let mut herald = Herald::default();
    herald.discovered(["ann@acme.example".to_owned(), "ben@acme.example".to_owned()]);
    herald.consider(&at(NOW));
    let waiting = [row("ben@acme.example", SuggestionKind::Person)];

    let verdict = herald.consider(&Circumstances { waiting: &waiting, waiting_is_whole: true, ..at(NOW + GATHER_MS) });

    assert_eq!(verdict, Verdict::Show(vec!["ben@acme.example".into()]));
}

#[test]
fn the_banner_goes_when_all_it_told_of_is_decided_elsewhere() {
    let mut herald = shown(&["ann@acme.example"]);

    let verdict = herald.consider(&Circumstances { on_screen: true, waiting_is_whole: true, ..at(NOW + MINUTE) });

    assert_eq!(verdict, Verdict::Withdraw);
}

/// A herald that has just put up a banner for `addresses`, at `NOW`.
fn shown(addresses: &[&str]) -> Herald {
    let mut herald = Herald::default();
    herald.discovered(addresses.iter().map(|&address| address.to_owned()));
    herald.consider(&at(NOW - GATHER_MS));
    assert!(matches!(herald.consider(&at(NOW)), Verdict::Show(_)));
    herald
}

/// Notifications wanted, window away, nothing on screen; who waits is not known.
fn at(now_ms: i64) -> Circumstances<'static> {
    Circumstances {
        now_ms,
        zone: &UTC,
        wanted: true,
        in_front: false,
        on_screen: false,
        waiting: &[],
        waiting_is_whole: false,
    }
}

/// A row of the Discovered list with three clean messages.
pub fn row(address: &str, kind: SuggestionKind) -> AddressRow {
    AddressRow {
        address: address.to_owned(),
        state: StateWord::Discovered,
        role: None,
        invalid_reason: None,
        source: "mail".to_owned(),
        first_name: None,
        surname: None,
        clean_count: 3,
        sender_domains: 2,
        first_seen_ms: NOW - HOUR,
        last_seen_ms: NOW,
        discovered_ms: Some(NOW),
        changed_ms: NOW,
        suspect_ms: None,
        refused_count: 0,
        notices: 0,
        ends_ms: None,
        held_until_ms: None,
        pinned: false,
        made_by: None,
        owner: None,
        suggestion: Suggestion { kind, first_name: None, surname: None, of: None, why: None },
        strength: Strength { verdict: StrengthVerdict::Likely, reason: "threshold_reached".to_owned() },
    }
}
