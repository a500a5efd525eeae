use proptest::prelude::*;

use super::*;
use crate::rule::Preset;
use crate::state::Role;

const LIST: Rule = Rule::SHIPPED;
const AT: Circumstances =
    Circumstances { rule: LIST, truth: Some(Truth::RejectsStrangers), learns: true, seat_left: true };
const DISCOVERED: Row = row(AddressState::Discovered);
const EXPIRED: AddressState = AddressState::Invalid(InvalidReason::Expired);
const BOUNCED: AddressState = AddressState::Invalid(InvalidReason::Bounced);
const SILENT: AddressState = AddressState::User(Role::Silent);

const fn row(state: AddressState) -> Row {
    Row {
        state,
        made_by: None,
        age_ms: 0,
        running_ms: 0,
        notices: 0,
        last_notice_ms: None,
        frozen: false,
        held: false,
        pinned: false,
    }
}

const fn under(rule: Rule) -> Circumstances {
    Circumstances { rule, ..AT }
}

fn told(row: Row) -> Row {
    Row { notices: 3, running_ms: 21 * DAY_MS, last_notice_ms: Some(7 * DAY_MS), ..row }
}

/// What a directory can say of an address.
const DIRECTORY: [AddressState; 4] =
    [AddressState::User(Role::Silent), AddressState::Functional, AddressState::Alias, AddressState::Inactive];
const STATES: [AddressState; 11] = [
    AddressState::Watching,
    AddressState::Discovered,
    AddressState::User(Role::Silent),
    AddressState::User(Role::End),
    AddressState::Functional,
    AddressState::Alias,
    AddressState::Inactive,
    AddressState::Invalid(InvalidReason::Manual),
    EXPIRED,
    BOUNCED,
    AddressState::NeverAdd,
];

/// What, where from, what happens, under which rule, by which transition, and what becomes of it.
type Line = (&'static str, Option<Row>, Event, Rule, Option<T>, Change);

/// Every row of 3.5 that is not the operator's: where from, what happens, under which rule, and what becomes of it.
#[test]
fn every_transition_of_3_5() {
    use AddressState::{Alias, Discovered, Functional, Inactive, NeverAdd, Watching};
    use Change::{Becomes, Gone, Stay};
    let autocreate = Preset::SmtpAutocreate.rule();
    let smart = Preset::SmartCreate.rule();
    let keep = Rule { on_expiry: OnExpiry::Keep, ..LIST };
    let d08 = Rule { on_expiry: OnExpiry::CreateUser, ..LIST };
    let d10 = Rule { outbound: OnOutbound::CreateUser, ..LIST };
    let no_outbound = Rule { outbound: OnOutbound::Off, ..LIST };
    let clean = |counted| Event::Clean { counted, alias: false };
    let alike = |counted| Event::Clean { counted, alias: true };
    let (sent, tick) = (Event::Sent { never_learn: false }, Event::Tick { collapsed: false });
    let by_rule = Row { made_by: Some(MadeBy::Rule), ..row(SILENT) };
    let table: &[Line] = &[
        ("T1", None, clean(1), LIST, Some(T::T1), Becomes(Watching)),
        ("T2", None, Event::RcptAccepted, autocreate, Some(T::T2), Becomes(SILENT)),
        ("T2 from W", Some(row(Watching)), Event::RcptAccepted, autocreate, Some(T::T2), Becomes(SILENT)),
        ("T2 not by other rules", None, Event::RcptAccepted, LIST, None, Stay),
        ("T3", Some(row(Watching)), clean(2), LIST, Some(T::T3), Stay),
        ("T4 D", Some(row(Watching)), clean(3), LIST, Some(T::T4), Becomes(Discovered)),
        ("T4 A", Some(row(Watching)), clean(3), smart, Some(T::T4), Becomes(SILENT)),
        ("T4 with a need of 1", None, clean(1), Preset::Mailprotector.rule(), Some(T::T4), Becomes(SILENT)),
        ("T5 U", None, sent, LIST, Some(T::T5), Becomes(Discovered)),
        ("T5 W", Some(row(Watching)), sent, LIST, Some(T::T5), Becomes(Discovered)),
        ("T5 D", Some(DISCOVERED), sent, LIST, Some(T::T5), Stay),
        ("T5 D10", Some(DISCOVERED), sent, d10, Some(T::T5), Becomes(SILENT)),
        ("T5 off", None, sent, no_outbound, None, Stay),
        ("T5 never-learn", None, Event::Sent { never_learn: true }, LIST, None, Stay),
        ("T5 X", Some(row(EXPIRED)), sent, d10, Some(T::T5), Stay),
        ("T5 N", Some(row(NeverAdd)), sent, d10, Some(T::T5), Stay),
        ("T5 I", Some(row(Inactive)), sent, d10, Some(T::T5), Stay),
        ("T6 W once", Some(row(Watching)), Event::Refused { within_week: 1 }, LIST, Some(T::T6), Stay),
        ("T6 W twice", Some(row(Watching)), Event::Refused { within_week: 2 }, LIST, Some(T::T6), Gone),
        ("T6 D once", Some(DISCOVERED), Event::Refused { within_week: 1 }, LIST, Some(T::T6), Stay),
        ("T6 D twice", Some(DISCOVERED), Event::Refused { within_week: 2 }, LIST, Some(T::T6), Becomes(BOUNCED)),
        ("T6 A", Some(row(Functional)), Event::Refused { within_week: 9 }, LIST, Some(T::T6), Stay),
        ("T7 W", Some(row(Watching)), Event::Bounced { within_week: 1 }, LIST, Some(T::T7), Gone),
        ("T7 D", Some(DISCOVERED), Event::Bounced { within_week: 1 }, LIST, Some(T::T7), Becomes(BOUNCED)),
        ("T7 A auto", Some(by_rule), Event::Bounced { within_week: 2 }, LIST, Some(T::T7), Stay),
        ("T7 A by hand", Some(row(SILENT)), Event::Bounced { within_week: 2 }, LIST, Some(T::T7), Stay),
        ("T8 at the threshold", Some(row(Watching)), alike(3), LIST, Some(T::T8), Becomes(Alias)),
        ("T8 later", Some(DISCOVERED), alike(4), LIST, Some(T::T8), Becomes(Alias)),
        ("T8 not below it", Some(row(Watching)), alike(2), LIST, Some(T::T3), Stay),
        ("T8 not where off", Some(row(Watching)), alike(3), smart, Some(T::T4), Becomes(SILENT)),
        ("T9", Some(DISCOVERED), tick, LIST, Some(T::T9), Stay),
        ("T10 X", Some(told(DISCOVERED)), tick, LIST, Some(T::T10), Becomes(EXPIRED)),
        ("T10 A", Some(told(DISCOVERED)), tick, d08, Some(T::T10), Becomes(SILENT)),
        ("T10 keep", Some(told(DISCOVERED)), tick, keep, None, Stay),
        ("T11", Some(row(Watching)), Event::WindowEmpty, LIST, Some(T::T11), Gone),
        ("T16 W", Some(row(Watching)), Event::InDirectory(SILENT), LIST, Some(T::T16), Becomes(SILENT)),
        ("T16 D", Some(DISCOVERED), Event::InDirectory(Alias), LIST, Some(T::T16), Becomes(Alias)),
        ("T16 X", Some(row(EXPIRED)), Event::InDirectory(SILENT), LIST, Some(T::T16), Becomes(SILENT)),
        ("T16 not X bounced", Some(row(BOUNCED)), Event::InDirectory(SILENT), LIST, None, Stay),
        ("T18", Some(row(SILENT)), Event::InDirectory(Inactive), LIST, Some(T::T18), Becomes(Inactive)),
        ("T18 back", Some(row(Inactive)), Event::InDirectory(SILENT), LIST, Some(T::T18), Becomes(SILENT)),
        ("T23", Some(row(SILENT)), Event::Reverified { refusals: 3, over_ms: DAY_MS }, LIST, Some(T::T23), Stay),
        ("T23 not yet", Some(row(SILENT)), Event::Reverified { refusals: 2, over_ms: DAY_MS }, LIST, None, Stay),
    ];
    for (what, row, event, rule, by, change) in table {
        let found = next(row.as_ref(), *event, &under(*rule));
        assert_eq!((found.by, found.change), (*by, *change), "{what}");
    }
}

#[test]
fn t9_t10_frozen_held_and_pinned_addresses_are_left_alone_by_the_tick() {
    for bits in 1..8_u8 {
        let row = Row { frozen: bits & 1 > 0, held: bits & 2 > 0, pinned: bits & 4 > 0, ..told(DISCOVERED) };
        let young = Row { notices: 0, ..row };

        assert_eq!(next(Some(&row), Event::Tick { collapsed: false }, &AT), Next::NOTHING, "{bits:03b}");
        assert_eq!(next(Some(&young), Event::Tick { collapsed: false }, &AT), Next::NOTHING, "{bits:03b}");
    }
}

#[test]
fn t15_a_frozen_row_is_not_moved_by_mail_and_not_forgotten() {
    for state in [AddressState::Watching, AddressState::Discovered] {
        let frozen = Row { frozen: true, ..row(state) };
        for event in [
            Event::Clean { counted: 9, alias: true },
            Event::RcptAccepted,
            Event::Sent { never_learn: false },
            Event::WindowEmpty,
            Event::Tick { collapsed: false },
        ] {
            assert_eq!(next(Some(&frozen), event, &AT), Next::NOTHING, "{state:?} {event:?}");
        }
    }
}

#[test]
fn x05_nothing_ends_before_its_notices_were_shown_and_six_days_passed() {
    let tick = Event::Tick { collapsed: false };
    let unchanged = |row: Row| next(Some(&row), tick, &AT).change == Change::Stay;
    let whole = told(DISCOVERED);

    assert!(!unchanged(whole));
    assert!(unchanged(Row { notices: 2, ..whole }));
    assert!(unchanged(Row { running_ms: 21 * DAY_MS - 1, ..whole }));
    assert!(unchanged(Row { last_notice_ms: Some(6 * DAY_MS - 1), ..whole }));
    assert!(unchanged(Row { last_notice_ms: None, ..whole }));
    assert_eq!(next(Some(&whole), Event::Tick { collapsed: true }, &AT), Next::NOTHING, "3.9");
}

#[test]
fn t7_a_bounce_makes_only_a_young_account_of_the_rule_suspect() {
    let bounced = |row: Row, within_week| next(Some(&row), Event::Bounced { within_week }, &AT);
    let auto = Row { made_by: Some(MadeBy::Rule), ..row(SILENT) };

    let (first, second) = (bounced(auto, 1), bounced(auto, 2));
    assert_eq!((first.suspect, first.tell), (true, Some(Tell::ServerSaysNo)));
    assert_eq!((second.suspect, second.tell), (true, Some(Tell::ProposeInvalid)));
    let old = bounced(Row { age_ms: DOUBTED_MS + 1, ..auto }, 2);
    assert_eq!((old.suspect, old.tell), (false, Some(Tell::ServerSaysNo)));
    for made_by in [MadeBy::Operator, MadeBy::Directory] {
        assert!(!bounced(Row { made_by: Some(made_by), ..auto }, 2).suspect, "{made_by:?}");
    }
}

#[test]
fn x08_without_a_seat_a_rule_lists_and_holds_instead_of_creating() {
    let full = Circumstances { seat_left: false, ..under(Preset::Mailprotector.rule()) };
    let found = next(None, Event::Clean { counted: 1, alias: false }, &full);

    assert_eq!(found.change, Change::Becomes(AddressState::Discovered));
    assert_eq!((found.hold, found.tell), (true, Some(Tell::NoSeat)));
}

#[test]
fn p08_rcpt_makes_nobody_a_user_unless_the_server_was_seen_to_refuse_strangers() {
    for truth in [None, Some(Truth::Undecided), Some(Truth::AcceptsEverything)] {
        let around = Circumstances { truth, ..under(Preset::SmtpAutocreate.rule()) };

        assert_eq!(next(None, Event::RcptAccepted, &around), Next::NOTHING, "{truth:?}");
    }
}

#[test]
fn t5_mail_from_an_address_whose_mail_is_refused_is_told() {
    for state in [EXPIRED, BOUNCED, AddressState::Invalid(InvalidReason::Manual), AddressState::Inactive] {
        let found = next(Some(&row(state)), Event::Sent { never_learn: false }, &AT);

        assert_eq!((found.change, found.tell), (Change::Stay, Some(Tell::SentButRefused)), "{state:?}");
    }
}

fn any_row() -> impl Strategy<Value = Row> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    let made_by = prop::option::of(prop::sample::select(vec![MadeBy::Operator, MadeBy::Rule, MadeBy::Directory]));
    let times = (0..60_i64, 0..60_i64, prop::option::of(0..20_i64));
    (prop::sample::select(STATES.to_vec()), flags, made_by, times, 0..14_u32).prop_map(
        |(state, (frozen, held, pinned), made_by, (age, running, last), notices)| Row {
            state,
            made_by,
            age_ms: age * DAY_MS,
            running_ms: running * DAY_MS,
            notices,
            last_notice_ms: last.map(|days| days * DAY_MS),
            frozen,
            held,
            pinned,
        },
    )
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (1..9_u32, any::<bool>()).prop_map(|(counted, alias)| Event::Clean { counted, alias }),
        Just(Event::RcptAccepted),
        any::<bool>().prop_map(|never_learn| Event::Sent { never_learn }),
        (1..4_u32).prop_map(|within_week| Event::Refused { within_week }),
        (1..4_u32).prop_map(|within_week| Event::Bounced { within_week }),
        Just(Event::WindowEmpty),
        any::<bool>().prop_map(|collapsed| Event::Tick { collapsed }),
        prop::sample::select(DIRECTORY.to_vec()).prop_map(Event::InDirectory),
        (0..5_u32, 0..3_i64).prop_map(|(refusals, days)| Event::Reverified { refusals, over_ms: days * DAY_MS }),
    ]
}

fn any_circumstances() -> impl Strategy<Value = Circumstances> {
    let truths = vec![None, Some(Truth::RejectsStrangers), Some(Truth::AcceptsEverything), Some(Truth::Undecided)];
    (prop::sample::select(Preset::ALL.to_vec()), prop::sample::select(truths), any::<bool>(), any::<bool>())
        .prop_map(|(preset, truth, learns, seat_left)| Circumstances { rule: preset.rule(), truth, learns, seat_left })
}

proptest! {
    #[test]
    fn nothing_but_the_mail_servers_own_word_or_shown_notices_refuses_an_address(
        row in any_row(), event in any_event(), around in any_circumstances()
    ) {
        let found = next(Some(&row), event, &around);
        if let Change::Becomes(AddressState::Invalid(reason)) = found.change {
            match reason {
                InvalidReason::Bounced => {
                    let is_proof = matches!(event, Event::Bounced { .. } | Event::Refused { .. });
                    prop_assert!(is_proof);
                }
                InvalidReason::Expired => {
                    prop_assert_eq!(event, Event::Tick { collapsed: false });
                    prop_assert!(row.notices >= around.rule.notices && row.last_notice_ms >= Some(LAST_NOTICE_MS));
                    prop_assert!(!row.frozen && !row.held && !row.pinned);
                }
                InvalidReason::Manual => prop_assert!(false, "only a person does that"),
            }
        }
    }

    #[test]
    fn what_a_person_decided_is_moved_by_nothing_but_the_directory(
        row in any_row(), event in any_event(), around in any_circumstances()
    ) {
        let is_decided = matches!(row.state, AddressState::NeverAdd | AddressState::Functional | AddressState::User(_)
            | AddressState::Alias | AddressState::Invalid(InvalidReason::Manual));
        if is_decided && !matches!(event, Event::InDirectory(_)) {
            prop_assert_eq!(next(Some(&row), event, &around).change, Change::Stay);
        }
    }

    #[test]
    fn the_order_in_which_things_happen_at_one_moment_does_not_matter(
        row in prop::option::of(any_row()),
        events in prop::collection::vec(any_event(), 0..6),
        around in any_circumstances(),
        seed in any::<u64>(),
    ) {
        // The directory says one thing about a key at a time.
        let mut seen = false;
        let events: Vec<Event> = events.into_iter()
            .filter(|event| !matches!(event, Event::InDirectory(_)) || !std::mem::replace(&mut seen, true)).collect();
        let mut shuffled = events.clone();
        let mut random = seed;
        for place in (1..shuffled.len()).rev() {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(place, usize::try_from(random >> 33).unwrap_or(0) % (place + 1));
        }
        let (one, other) =
            (first_of(row.as_ref(), &events, &around), first_of(row.as_ref(), &shuffled, &around));
        prop_assert_eq!((one.by, one.change, one.suspect, one.hold), (other.by, other.change, other.suspect, other.hold));
    }

    #[test]
    fn presets_that_list_never_make_a_user(row in prop::option::of(any_row()), event in any_event()) {
        for preset in [Preset::Proofpoint, Preset::ModusCloud, Preset::CarefulOffice] {
            let found = next(row.as_ref(), event, &under(preset.rule()));
            let made = matches!(found.change, Change::Becomes(AddressState::User(_)));
            prop_assert!(!made || matches!(event, Event::InDirectory(_)));
        }
    }
}
