use std::collections::BTreeMap;

use super::*;

/// Monday 9 November 2026, 00:00 UTC.
const MONDAY: i64 = 1_794_182_400_000;
const WEEK_HOURS: i64 = 168;

#[test]
fn the_same_seed_and_hour_give_the_same_letters() {
    let ten = MONDAY + 10 * HOUR_MS;

    assert_eq!(street(1).hour(ten), street(1).hour(ten));
    assert_ne!(street(1).hour(ten), street(2).hour(ten));
    assert_eq!(street(1).welcome(ten), street(1).welcome(ten));
    assert_eq!(street(1).anybody(ten), street(1).anybody(ten));
}

#[test]
fn every_mailbox_gets_mail_in_proportion_over_twelve_weeks() {
    let counts = people_by_mailbox(12 * WEEK_HOURS);

    for mailbox in MAILBOXES {
        let wanted = u64::from(mailbox.per_four_weeks) * 3;
        let got = counts.get(&mailbox.address()).copied().unwrap_or(0);
        let slack = wanted / 5 + 6;
        assert!(got.abs_diff(wanted) <= slack, "{}: {got} letters, {wanted} wanted", mailbox.local);
    }
}

#[test]
fn a_week_has_about_seven_hundred_messages_and_no_hour_is_silent() {
    let hours: Vec<usize> = week(1).map(|letters| letters.len()).collect();

    assert!((650..850).contains(&hours.iter().sum::<usize>()), "{}", hours.iter().sum::<usize>());
    assert!(hours.iter().all(|&letters| letters > 0), "{hours:?}");
}

#[test]
fn people_write_in_working_hours_and_little_at_night_or_on_sunday() {
    let people: Vec<usize> =
        week(1).map(|letters| letters.iter().filter(|letter| letter.kind == Kind::Person).count()).collect();
    let monday = &people[..24];

    let working: usize = monday[9..17].iter().sum();
    let night: usize = monday[..5].iter().sum();
    let sunday: usize = people[144..].iter().sum();

    assert!(working > 60 && night < 6 && sunday < 25, "{working} {night} {sunday}");
}

#[test]
fn newsletters_come_at_seven_on_their_day_to_all_their_readers_at_once() {
    let tuesday_seven = MONDAY + 31 * HOUR_MS;

    let issues: Vec<_> =
        street(1).hour(tuesday_seven).into_iter().filter(|letter| letter.kind == Kind::Newsletter).collect();

    assert_eq!(issues.len(), 1);
    assert_eq!(issues[0].recipients.len(), 3);
    let text = String::from_utf8(issues[0].content.clone()).unwrap();
    for field in ["\r\nList-Id: ", "\r\nList-Unsubscribe: <", "\r\nPrecedence: bulk\r\n"] {
        assert!(text.contains(field), "{text}");
    }
}

#[test]
fn within_two_days_some_mailboxes_have_three_letters_and_some_have_not() {
    let counts = people_by_mailbox(48);
    let enough = MAILBOXES.iter().filter(|mailbox| counts.get(&mailbox.address()).is_some_and(|&count| count >= 3));

    let enough: Vec<_> = enough.map(|mailbox| mailbox.local).collect();

    assert!(enough.contains(&"info") && enough.contains(&"kim.cedar"), "{enough:?}");
    assert!(!enough.contains(&"val.willow") && !enough.contains(&"noor.hazel"), "{enough:?}");
    assert!((6..=10).contains(&enough.len()), "{enough:?}");
}

#[test]
fn the_first_morning_discovers_three_addresses_and_leaves_others_watching() {
    let mut counts = BTreeMap::new();
    for letter in street(1).welcome(MONDAY) {
        if matches!(letter.kind, Kind::Person | Kind::Newsletter) {
            for recipient in letter.recipients {
                *counts.entry(recipient).or_insert(0) += 1;
            }
        }
    }

    let (discovered, watching): (Vec<_>, Vec<_>) = counts.iter().partition(|&(_, &count)| count >= 3);

    assert_eq!((discovered.len(), watching.len()), (3, 5), "{counts:?}");
}

#[test]
fn programs_say_that_nobody_wrote_their_mail_and_people_do_not() {
    for letter in week(3).flatten() {
        let text = String::from_utf8(letter.content).unwrap();
        assert_eq!(text.contains("\r\nAuto-Submitted: auto-"), letter.kind == Kind::Automatic, "{text}");
    }
}

#[test]
fn letters_are_ascii_in_short_lines_that_end_in_crlf_and_leave_no_blank_to_fill() {
    for letter in week(4).flatten().chain(street(4).welcome(MONDAY)) {
        let text = String::from_utf8(letter.content).unwrap();
        assert!(text.is_ascii() && text.ends_with("\r\n") && !text.contains('{'), "{text}");
        for line in text.split("\r\n") {
            assert!(line.len() <= 120 && !line.contains(['\r', '\n']), "{line}");
        }
    }
}

#[test]
fn whoever_guesses_names_tries_more_than_a_relay_listens_to_and_never_a_real_one() {
    let guesses: Vec<_> = week(5).flatten().filter(|letter| letter.kind == Kind::Guesses).collect();

    assert!(guesses.len() > 20, "{}", guesses.len());
    for letter in guesses {
        assert!(letter.recipients.len() >= 8);
        assert!(letter.recipients.iter().all(|recipient| mailboxes::find(recipient).is_none()), "{letter:?}");
    }
}

fn street(seed: u64) -> Neighbourhood {
    Neighbourhood { seed, zone: TimeZone::UTC }
}

fn week(seed: u64) -> impl Iterator<Item = Vec<Letter>> {
    (0..WEEK_HOURS).map(move |hour| street(seed).hour(MONDAY + hour * HOUR_MS))
}

fn people_by_mailbox(hours: i64) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for hour in 0..hours {
        for letter in street(1).hour(MONDAY + hour * HOUR_MS) {
            if letter.kind == Kind::Person {
                *counts.entry(letter.recipients[0].clone()).or_insert(0) += 1;
            }
        }
    }
    counts
}
