use proptest::prelude::*;

use super::*;
use crate::freeze::Freeze;
use crate::rule::{OnReached, Preset};
use crate::state::{InvalidReason, Role};
use crate::time::HOUR_MS;

const FROM: Timestamp = Timestamp(1_000 * DAY_MS);
const SILENT: AddressState = AddressState::User(Role::Silent);

fn at(hours: i64) -> Timestamp {
    FROM.plus_ms(hours * HOUR_MS)
}

fn message(number: u64) -> Recorded {
    let (mark, sender_domain) = (Some(number), number);
    Recorded::Delivered(Message { by_itself: Ok(()), mark, sender_domain })
}

fn tick(collapsed: bool) -> Recorded {
    Recorded::Tick(Tick { collapsed, holiday: false, taken_for_shown: true })
}

/// What becomes of an address that was on no list, under `rule`, before a server that refuses strangers.
fn course(rule: Rule, recorded: &[(Timestamp, Recorded)], now: Timestamp) -> Course {
    played(rule, &Freezes::default(), Some(Truth::RejectsStrangers), None, recorded, now)
}

fn played(
    rule: Rule,
    freezes: &Freezes,
    verdict: Option<Truth>,
    first: Option<Standing>,
    recorded: &[(Timestamp, Recorded)],
    now: Timestamp,
) -> Course {
    let (truth, alias) = (|_| verdict, |_| false);
    let stage = Stage { rule, freezes, truth: &truth, alias: &alias };
    let mut replay = Replay::new(stage, FROM, first);
    for (at, what) in recorded {
        replay.happens(*at, what.clone());
    }
    replay.end(now)
}

fn state(course: &Course) -> Option<AddressState> {
    course.row.map(|row| row.state)
}

#[test]
fn x09_each_preset_makes_its_own_of_the_same_three_messages() {
    let recorded: Vec<_> = (0..3).map(|day| (at(24 * i64::try_from(day).unwrap()), message(day))).collect();
    for (preset, created, listed) in [
        (Preset::ModusCloud, None, Some(48)),
        (Preset::Proofpoint, None, Some(48)),
        (Preset::Mailprotector, Some((0, T::T4)), None),
        (Preset::SmartCreate, Some((49, T::T4)), None),
        (Preset::SmtpAutocreate, Some((0, T::T2)), None),
        (Preset::CarefulOffice, None, Some(49)),
    ] {
        let course = course(preset.rule(), &recorded, at(60));

        assert_eq!(course.created, created.map(|(hour, by)| Made { at: at(hour), by }), "{preset:?}");
        assert_eq!(course.listed, listed.map(at), "{preset:?}");
        assert_eq!(course.contradicted(), None);
    }
}

#[test]
fn x09_a_late_bounce_shows_a_user_that_should_not_have_been_made() {
    let recorded = [(at(0), message(1)), (at(5), Recorded::Bounced), (at(6), message(2))];

    let quick = course(Preset::Mailprotector.rule(), &recorded, at(100));
    assert_eq!((state(&quick), quick.contradicted()), (Some(SILENT), Some(Doubt::Bounced)));
    let careful = course(Preset::SmartCreate.rule(), &recorded, at(100));
    assert_eq!((state(&careful), careful.created), (None, None), "it was dropped, and for a week nothing counts");
}

#[test]
fn x09_the_end_comes_at_the_tick_after_the_last_notice_and_not_while_clocks_stood() {
    let mut recorded = vec![(at(0), message(1)), (at(1), message(2)), (at(2), message(3))];
    recorded.extend((0..5).map(|week| (at(72 + 7 * 24 * week), tick(false))));
    let rule = Rule::SHIPPED;
    let expired = Some(AddressState::Invalid(InvalidReason::Expired));

    let ended = course(rule, &recorded, at(800));
    assert_eq!((state(&ended), ended.ended), (expired, Some(at(72 + 7 * 24 * 3))));
    let stood = Freezes::new(vec![Freeze { from: at(100), until: Some(at(300)) }]);
    let frozen = played(rule, &stood, Some(Truth::RejectsStrangers), None, &recorded, at(800));
    assert_eq!((state(&frozen), frozen.ended), (expired, Some(at(72 + 7 * 24 * 4))), "a tick later");
    let kept = course(Rule { notices: 5, ..rule }, &recorded, at(800));
    assert_eq!(state(&kept), Some(AddressState::Discovered));
}

#[test]
fn x09_what_the_operator_decided_holds_under_every_rule_and_an_undo_of_what_never_was_does_nothing() {
    let decided = |entry, decision| Recorded::Decided { entry, decision };
    let made = [(at(0), message(1)), (at(1), decided(7, Decision::CreateFunctional)), (at(2), message(2))];
    for preset in Preset::ALL {
        assert_eq!(state(&course(preset.rule(), &made, at(3))), Some(AddressState::Functional), "{preset:?}");
    }
    let expired = Some(AddressState::Invalid(InvalidReason::Expired));
    let restored = Some(Standing::new(AddressState::Discovered, at(0)));
    let undone = Recorded::Undone { entry: 9, left: expired, restored };
    let taken_back = [(at(0), message(1)), (at(1), undone)];
    assert_eq!(state(&course(Preset::Mailprotector.rule(), &taken_back, at(3))), Some(SILENT));

    let left = Some(AddressState::NeverAdd);
    let back = Recorded::Undone { entry: 3, left, restored: None };
    let own = [(at(0), message(1)), (at(1), decided(3, Decision::NeverAdd)), (at(2), back), (at(3), message(2))];
    assert_eq!(state(&course(Rule::SHIPPED, &own, at(4))), Some(AddressState::Watching), "what it was comes back");
}

#[test]
fn x09_what_was_there_at_first_goes_on_from_there() {
    let watched = Standing { first_seen: at(-48), ..Standing::new(AddressState::Watching, at(-48)) };
    let recorded = [(at(-48), message(1)), (at(-24), message(2)), (at(1), message(3))];
    let verdict = Some(Truth::RejectsStrangers);
    let none = Freezes::default();

    let listed = played(Rule::SHIPPED, &none, verdict, Some(watched), &recorded, at(2));
    assert_eq!(listed.listed, Some(at(1)), "the two of before count");
    let afresh = played(Rule::SHIPPED, &none, verdict, None, &recorded, at(2));
    assert_eq!(state(&afresh), Some(AddressState::Watching), "without a row nothing counted before");
}

#[test]
fn p08_a_server_that_takes_everybody_makes_no_user_by_its_yes() {
    let recorded = [(at(0), Recorded::RcptAccepted), (at(0), message(1))];
    let none = Freezes::default();
    let rule = Preset::SmtpAutocreate.rule();

    let believed = played(rule, &none, Some(Truth::RejectsStrangers), None, &recorded, at(9));
    assert_eq!(believed.created.map(|made| made.by), Some(T::T2));
    let doubted = played(rule, &none, Some(Truth::AcceptsEverything), None, &recorded, at(9));
    assert_eq!((doubted.created, state(&doubted)), (None, Some(AddressState::Watching)));
}

/// The same, without any thrift: everything is kept, and counted again each time.
struct Plain {
    rule: Rule,
    row: Option<Standing>,
    /// When, mark, sender domain, whether it counts, and until when it waits.
    messages: Vec<(Timestamp, u64, u64, bool, Option<Timestamp>)>,
    bounces: Vec<Timestamp>,
    refusals: Vec<Timestamp>,
}

impl Plain {
    fn next(&mut self, event: Event, at: Timestamp) {
        let seen = self.row.map(|row| Row {
            state: row.state,
            made_by: row.made_by,
            age_ms: at.since_ms(row.changed),
            running_ms: row.discovered.map_or(0, |since| at.since_ms(since)),
            notices: row.notices,
            last_notice_ms: row.last_notice.map(|last| at.since_ms(last)),
            frozen: false,
            held: false,
            pinned: false,
        });
        let around =
            Circumstances { rule: self.rule, truth: Some(Truth::RejectsStrangers), learns: true, seat_left: true };
        let next = transition::next(seen.as_ref(), event, &around);
        if next.tell == Some(Tell::NoticeDue)
            && let Some(row) = &mut self.row
            && row.last_notice.is_none_or(|last| at.since_ms(last) >= ONE_NOTICE_MS)
        {
            (row.notices, row.last_notice) = (row.notices + 1, Some(at));
        }
        match next.change {
            Change::Stay => {}
            Change::Gone => self.row = None,
            Change::Becomes(state) => {
                let row = self.row.unwrap_or_else(|| Standing::new(state, at));
                let made_by = state.is_account().then_some(MadeBy::Rule);
                let listed = state == AddressState::Discovered;
                self.row = Some(Standing {
                    state,
                    made_by,
                    changed: at,
                    discovered: if listed { Some(at) } else { row.discovered },
                    notices: if listed { 0 } else { row.notices },
                    last_notice: if listed { None } else { row.last_notice },
                    ..row
                });
            }
        }
    }

    fn since(&self, at: Timestamp) -> Timestamp {
        at.minus_ms(self.rule.window_ms()).max(self.row.map_or(at, |row| row.first_seen))
    }

    fn count(&self, at: Timestamp) -> u32 {
        let since = self.since(at);
        u32::try_from(self.messages.iter().filter(|one| one.3 && one.0 >= since).count()).unwrap()
    }

    fn pass_to(&mut self, now: Timestamp) {
        loop {
            let due = |one: &(usize, &(Timestamp, u64, u64, bool, Option<Timestamp>))| one.1.4.map(|due| (due, one.0));
            let next = self.messages.iter().enumerate().filter_map(|one| due(&one)).min();
            let Some((due, place)) = next.filter(|(due, _)| *due <= now) else { break };
            let delivered = self.messages[place].0;
            let bounced = self.bounces.iter().any(|bounce| *bounce >= delivered);
            (self.messages[place].3, self.messages[place].4) = (!bounced, None);
            if !bounced && self.row.is_some_and(|row| row.state.is_open()) {
                self.next(Event::Clean { counted: self.count(due), alias: false }, due);
            }
        }
        let waits = self.messages.iter().any(|one| one.4.is_some());
        if !waits && self.count(now) == 0 {
            self.next(Event::WindowEmpty, now);
        }
    }

    fn happens(&mut self, at: Timestamp, what: &Recorded) {
        self.pass_to(at);
        let within_week = |times: &[Timestamp], first: Timestamp| {
            let since = at.minus_ms(transition::CONTRADICTS_MS).max(first);
            u32::try_from(times.iter().filter(|time| **time >= since).count()).unwrap()
        };
        match what {
            Recorded::Delivered(message) => {
                if self.rule.evidence == Basis::RcptOk {
                    self.next(Event::RcptAccepted, at);
                }
                if self.row.is_some_and(|row| row.state.is_account()) {
                    return;
                }
                let since = self.since(at);
                let same = |one: &&(Timestamp, u64, u64, bool, Option<Timestamp>)| {
                    (one.3 || one.4.is_some()) && one.0 >= since && one.2 == message.sender_domain
                };
                let record = clean::Record {
                    repeated: self.messages.iter().any(|one| Some(one.1) == message.mark && (one.3 || one.4.is_some())),
                    of_sender_domain: u32::try_from(self.messages.iter().filter(same).count()).unwrap(),
                    bounced: self.bounces.iter().any(|bounce| at.since_ms(*bounce) <= transition::CONTRADICTS_MS),
                };
                if message.by_itself.and_then(|()| clean::counts_for(record, self.rule.per_sender_domain)).is_ok() {
                    let waits = (self.rule.settle_minutes > 0).then(|| at.plus_ms(self.rule.settle_ms()));
                    let mark = message.mark.unwrap();
                    self.messages.push((at, mark, message.sender_domain, waits.is_none(), waits));
                    self.next(Event::Clean { counted: self.count(at), alias: false }, at);
                }
            }
            Recorded::Bounced => {
                self.bounces.push(at);
                if let Some(row) = self.row {
                    self.next(Event::Bounced { within_week: within_week(&self.bounces, row.first_seen) }, at);
                }
            }
            Recorded::Refused => {
                if let Some(row) = self.row {
                    self.refusals.push(at);
                    self.next(Event::Refused { within_week: within_week(&self.refusals, row.first_seen) }, at);
                }
            }
            Recorded::Sent => self.next(Event::Sent { never_learn: false }, at),
            Recorded::Tick(tick) => self.next(Event::Tick { collapsed: tick.collapsed }, at),
            other => panic!("{other:?} is not among what is tried"),
        }
    }
}

/// What may be recorded, each so many minutes after the one before.
fn recorded() -> impl Strategy<Value = Vec<(Timestamp, Recorded)>> {
    let clean = prop_oneof![4 => Just(Ok(())), 1 => Just(Err(NotCounted::Spam))];
    let delivered = (clean, 0_u64..40, 0_u64..4).prop_map(|(by_itself, mark, sender_domain)| {
        Recorded::Delivered(Message { by_itself, mark: Some(mark), sender_domain })
    });
    let what = prop_oneof![
        10 => delivered,
        1 => Just(Recorded::Bounced),
        1 => Just(Recorded::Refused),
        1 => Just(Recorded::Sent),
        3 => any::<bool>().prop_map(tick),
    ];
    proptest::collection::vec((1_i64..6_000, what), 0..60).prop_map(|steps| {
        let mut now = FROM;
        let later = |(minutes, what)| {
            now = now.plus_ms(minutes * 60_000);
            (now, what)
        };
        steps.into_iter().map(later).collect()
    })
}

fn rules() -> impl Strategy<Value = Rule> {
    let free = (1_u32..6, 1_u32..40, prop_oneof![Just(0_u32), Just(60), Just(1_440)], any::<bool>());
    let mixed = free.prop_map(|(need, window_days, settle_minutes, creates)| Rule {
        need,
        window_days,
        settle_minutes,
        per_sender_domain: creates.then_some(2),
        on_reached: if creates { OnReached::CreateUser } else { OnReached::List },
        ..Rule::SHIPPED
    });
    prop_oneof![proptest::sample::select(Preset::ALL).prop_map(Preset::rule), mixed]
}

proptest! {
    #[test]
    fn x09_the_thrifty_replay_says_what_counting_everything_again_says(rule in rules(), recorded in recorded()) {
        let now = recorded.last().map_or(FROM, |(at, _)| at.plus_ms(2 * DAY_MS));
        let mut plain =
            Plain { rule, row: None, messages: Vec::new(), bounces: Vec::new(), refusals: Vec::new() };
        for (at, what) in &recorded {
            plain.happens(*at, what);
        }
        plain.pass_to(now);

        let course = course(rule, &recorded, now);
        let bare = |row: Option<Standing>| row.map(|row| Standing { suspect: false, ..row });
        prop_assert_eq!(bare(course.row), bare(plain.row));
    }

    #[test]
    fn x09_a_rule_that_wants_less_makes_no_user_later(need in 1_u32..6, recorded in recorded()) {
        let made = |need| {
            let rule = Rule { need, ..Preset::SmartCreate.rule() };
            course(rule, &recorded, FROM.plus_ms(400 * DAY_MS)).created.map(|made| made.at)
        };
        if let Some(later) = made(need + 1) {
            prop_assert!(made(need).is_some_and(|sooner| sooner <= later));
        }
    }

    #[test]
    fn x05_no_replay_ends_an_address_before_its_notices_were_shown(rule in rules(), recorded in recorded()) {
        let course = course(rule, &recorded, FROM.plus_ms(400 * DAY_MS));
        if let Some(ended) = course.ended {
            let listed = course.listed.unwrap_or(FROM);
            let ticks = recorded.iter().filter(|(at, what)| {
                matches!(what, Recorded::Tick(_)) && *at >= listed && *at < ended
            });
            prop_assert!(ticks.count() >= rule.notices as usize);
            prop_assert!(ended.since_ms(listed) >= i64::from(rule.notices) * 7 * DAY_MS);
        }
    }
}
