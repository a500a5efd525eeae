//! The catalogue, as a table (design: Notifications).

use jiff::civil::date;

use super::*;

fn zone() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a zone")
}

/// Thursday, 12 November, 14:32, and so many days later.
fn at(days: i64) -> Timestamp {
    let local = date(2026, 11, 12).at(14, 32, 0, 0);
    Timestamp(zone().to_timestamp(local).expect("a moment").as_millisecond()).plus_ms(days * DAY_MS)
}

fn about(addresses: &[&str]) -> Facts {
    Facts {
        addresses: addresses.iter().map(|local| format!("{local}@fabrikam.example")).collect(),
        count: addresses.len() as u64,
        ..Facts::default()
    }
}

fn numbers(numbers: &[u64]) -> Facts {
    Facts { numbers: numbers.to_vec(), ..Facts::default() }
}

fn said(kind: Kind, facts: &Facts) -> (String, String, Vec<&'static str>) {
    let Words { title, text } = words(kind, facts, &zone());
    (title, text, buttons(kind, facts).into_iter().map(|button| button.label).collect())
}

/// Number in the catalogue, kind and facts; title, text and buttons.
type Case = (&'static str, Kind, Facts, &'static str, &'static str, &'static [&'static str]);

fn is_said((number, kind, facts, title, text, labels): Case) {
    assert_eq!(said(kind, &facts), (title.to_owned(), text.to_owned(), labels.to_vec()), "{number}");
}

#[test]
fn x11_the_catalogue_says_of_addresses_to_decide_what_the_design_says() {
    use Found::{Alias, Functional, Person};
    let jordan = Facts { clean: 3, has_sent: true, found: vec![Person], ..about(&["jordan.larch"]) };
    let five =
        Facts { count: 5, found: vec![Person, Person, Person, Alias, Alias], morning: true, ..about(&["a", "b", "c"]) };
    let table: [Case; 5] = [
        (
            "N1",
            Kind::NewAddresses,
            jordan,
            "New address: jordan.larch",
            "Looks like a real person: 3 clean messages, and it has sent mail. Uses 1 seat.",
            &["Make user", "Functional", "Not real"],
        ),
        (
            "N1, functional first",
            Kind::NewAddresses,
            Facts { clean: 3, found: vec![Functional], ..about(&["scanner"]) },
            "New address: scanner",
            "Looks like a functional account: 3 clean messages. Uses no seat.",
            &["Functional", "Make user", "Not real"],
        ),
        (
            "N2",
            Kind::NewAddresses,
            five,
            "5 new addresses this morning",
            "3 people, 2 likely aliases. Nothing is urgent.",
            &["Add as suggested", "Next week"],
        ),
        (
            "N3",
            Kind::Ending,
            Facts { moment: Some(at(4)), ..about(&["jordan.larch", "warehouse"]) },
            "2 addresses stop getting mail on Monday",
            "jordan.larch and warehouse are still waiting for your decision.",
            &["Add as suggested", "Give them a week"],
        ),
        (
            "N4",
            Kind::Wanted,
            Facts { numbers: vec![4], moment: Some(at(-3)), ..about(&["warehouse"]) },
            "An ended address still gets mail",
            "warehouse had 4 messages refused since Monday.",
            &["Make it real", "Keep refusing"],
        ),
    ];
    for case in table {
        is_said(case);
    }
}

#[test]
fn x11_the_catalogue_says_of_what_happened_by_itself_what_the_design_says() {
    let table: [Case; 8] = [
        (
            "N5",
            Kind::AliasesAdded,
            Facts { owner: Some("robin.alder@fabrikam.example".to_owned()), ..about(&["r.alder"]) },
            "Alias added",
            "r.alder now belongs to robin.alder.",
            &["Undo"],
        ),
        (
            "N6",
            Kind::UsersAdded,
            Facts { has_sent: true, seats_left: Some(7), ..about(&["val.willow"]) },
            "1 user added",
            "val.willow sent mail. 7 seats left.",
            &["Undo"],
        ),
        (
            "N7",
            Kind::ThisWeek,
            numbers(&[3, 2, 4]),
            "This week in addresses",
            "3 users and 2 aliases added, 4 waiting.",
            &[],
        ),
        (
            "N8",
            Kind::ServerAway,
            Facts { moment: Some(at(0)), ..Facts::default() },
            "Your mail server doesn’t answer",
            "Since 14:32. Mail is kept here and delivered when it’s back. Nothing is lost.",
            &["Try now"],
        ),
        (
            "N9",
            Kind::ServerBack,
            numbers(&[4, 9]),
            "Mail server is back",
            "It was away 4 minutes. 9 kept messages go out now.",
            &[],
        ),
        ("N18", Kind::Seats, numbers(&[47, 50]), "3 seats left", "New people keep getting mail and wait for you.", &[]),
        (
            "N18, full",
            Kind::Seats,
            numbers(&[50, 50]),
            "No seats left",
            "New people keep getting mail and wait for you.",
            &[],
        ),
        (
            "N19",
            Kind::SaysYes,
            Facts::default(),
            "Your mail server says yes to everyone",
            "We watch for bounces instead. Nobody was added.",
            &[],
        ),
    ];
    for case in table {
        is_said(case);
    }
}

#[test]
fn d15_the_weekly_notice_says_how_many_wait_and_how_many_end_next_thursday() {
    let weekly = |count, ending| {
        let Words { title, text } =
            words(Kind::Weekly, &Facts { count, numbers: vec![ending], ..Facts::default() }, &zone());
        (title, text)
    };

    assert_eq!(
        weekly(7, 2),
        (
            "7 addresses wait for your decision".to_owned(),
            "2 stop getting mail next week unless you decide.".to_owned()
        )
    );
    assert_eq!(weekly(1, 0), ("1 address waits for your decision".to_owned(), "Nothing ends next week.".to_owned()));
}

#[test]
fn no_title_is_over_forty_characters_and_no_text_over_a_hundred_and_ten() {
    let long = format!("{}@fabrikam.example", "ä".repeat(64));
    for kind in Kind::ALL {
        for (count, practice) in [(0, false), (1, false), (1, true), (2, true), (3, false), (10_000, true)] {
            let facts = Facts {
                addresses: vec![long.clone(); usize::try_from(count.min(3)).expect("few")],
                count,
                owner: Some(long.clone()),
                subject: long.clone(),
                numbers: vec![u64::MAX, 1, 1],
                moment: Some(at(0)),
                seats_left: Some(u64::MAX),
                morning: true,
                practice,
                ..Facts::default()
            };
            let Words { title, text } = words(kind, &facts, &zone());
            assert!(title.chars().count() <= TITLE_MAX, "{kind:?}: {title}");
            assert!(text.chars().count() <= TEXT_MAX, "{kind:?}: {text}");
            assert!(!title.is_empty() && text.chars().any(char::is_alphabetic), "{kind:?}: {title} {text}");
            assert!(buttons(kind, &facts).len() <= 3, "{kind:?}");
        }
    }
    for action in Action::ALL {
        assert!(done(action, std::slice::from_ref(&long)).chars().count() <= TEXT_MAX);
        assert!(done(action, &[long.clone(), long.clone()]).chars().count() <= TEXT_MAX);
    }
}

#[test]
fn the_practice_office_says_that_it_is_practice() {
    let kim = Facts { practice: true, clean: 3, ..about(&["kim"]) };

    assert_eq!(words(Kind::NewAddresses, &kim, &zone()).title, "New in practice: kim");
    let two = Facts { practice: true, ..about(&["kim", "sam"]) };
    assert_eq!(words(Kind::NewAddresses, &two, &zone()).title, "New in practice: 2 addresses");
    assert_eq!(
        words(Kind::Seats, &Facts { practice: true, ..numbers(&[50, 50]) }, &zone()).title,
        "Practice: No seats left"
    );
}

#[test]
fn d25_a_click_opens_the_list_filtered_and_the_row_where_it_is_about_one() {
    let opened = |kind, facts: &Facts| {
        let View { section, filter, address } = view(kind, facts);
        (section, filter, address)
    };

    assert_eq!(
        opened(Kind::NewAddresses, &about(&["kim"])),
        ("discovered", Some("discovered"), Some("kim@fabrikam.example".to_owned()))
    );
    assert_eq!(opened(Kind::NewAddresses, &about(&["kim", "sam"])), ("discovered", Some("discovered"), None));
    assert_eq!(opened(Kind::Weekly, &about(&["kim"])), ("discovered", Some("discovered"), None));
    assert_eq!(opened(Kind::ThisWeek, &Facts::default()), ("reports", None, None));
}

#[test]
fn every_word_of_the_catalogue_is_read_back() {
    for kind in Kind::ALL {
        assert_eq!(Kind::from_word(kind.word()), Some(kind));
        assert!(!kind.title().is_empty() && !kind.thread().is_empty());
    }
    for action in Action::ALL {
        assert_eq!(Action::from_word(action.word()), Some(action));
    }
}

#[test]
fn what_was_done_is_said_in_one_sentence() {
    let [kim, sam] = ["kim@fabrikam.example", "sam@fabrikam.example"].map(str::to_owned);

    assert_eq!(done(Action::MakeUser, std::slice::from_ref(&kim)), "kim is a user now.");
    assert_eq!(done(Action::AddAsSuggested, &[kim.clone(), sam]), "2 addresses are added as suggested.");
    assert_eq!(done(Action::GiveWeek, &[kim]), "kim has a week more.");
    assert_eq!(done(Action::MakeUser, &[]), "Nothing had to change.");
}
