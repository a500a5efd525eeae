//! What a person reads near the clock.

use rollcall_api::answers::{DiscoveryWord, Health, HealthFault, HealthState};

use super::{Face, Glance, Mark, Seen};

#[test]
fn an_office_that_runs_says_so_and_offers_nothing_to_decide() {
    let face = Face::of(Some(&real(HealthState::Flowing, 0)), None);

    assert_eq!(face.mark, Mark::Running);
    assert_eq!(face.tooltip, "Rollcall: mail is flowing");
    assert_eq!(face.state_lines, ["Mail is flowing", "12 people get their mail."]);
    assert_eq!(face.decide, None);
}

#[test]
fn addresses_to_decide_put_a_dot_on_the_mark_and_a_line_in_the_menu() {
    let face = Face::of(Some(&real(HealthState::Flowing, 7)), None);

    assert_eq!(face.mark, Mark::NeedsYou);
    assert_eq!(face.tooltip, "Rollcall: 7 addresses to decide");
    assert_eq!(face.decide.as_deref(), Some("Decide on 7 addresses"));
    assert_eq!(Face::of(Some(&real(HealthState::Flowing, 1)), None).decide.as_deref(), Some("Decide on 1 address"));
}

#[test]
fn a_fault_is_worse_than_addresses_to_decide() {
    let Glance::Seen(mut seen) = real(HealthState::Waiting, 7) else { unreachable!() };
    seen.health.faults.push(HealthFault {
        code: "destination_unreachable".to_owned(),
        sentence: "Your mail server doesn't answer.".to_owned(),
        detail: Some("connection refused (os error 111)".to_owned()),
        since_ms: 0,
    });

    let face = Face::of(Some(&Glance::Seen(seen)), None);

    assert_eq!(face.mark, Mark::Problem);
    assert_eq!(face.tooltip, "Rollcall: Your mail server doesn't answer.");
    assert_eq!(face.state_lines, ["Mail is waiting", "Your mail server doesn't answer."]);
}

#[test]
fn an_engine_that_does_not_run_is_said_plainly_with_the_reason() {
    let face = Face::of(Some(&Glance::Silent("The folder belongs to a newer Rollcall.".to_owned())), None);

    assert_eq!(face.mark, Mark::Stopped);
    assert_eq!(face.state_lines, ["The relay isn't running", "The folder belongs to a newer Rollcall."]);
}

#[test]
fn before_the_real_office_is_set_up_the_practice_office_is_shown_and_says_so() {
    let face = Face::of(Some(&real(HealthState::NotSetUp, 0)), Some(&practice(3)));

    assert_eq!(face.tooltip, "Rollcall: practice office: 3 addresses to decide");
    assert_eq!(face.state_lines[0], "Practice office: Mail is flowing");
}

#[test]
fn a_real_office_is_shown_even_while_someone_practises() {
    let face = Face::of(Some(&real(HealthState::Flowing, 0)), Some(&practice(3)));

    assert_eq!(face.tooltip, "Rollcall: mail is flowing");
}

#[test]
fn quitting_says_what_it_means_for_mail() {
    let Glance::Seen(mut elsewhere) = real(HealthState::Flowing, 0) else { unreachable!() };
    elsewhere.attached = true;

    assert_eq!(Face::of(Some(&real(HealthState::Flowing, 0)), None).quit, "Quit Rollcall, mail stops");
    assert_eq!(Face::of(Some(&Glance::Seen(elsewhere)), None).quit, "Quit window, mail keeps flowing");
    assert_eq!(Face::of(Some(&real(HealthState::NotSetUp, 0)), Some(&practice(1))).quit, "Quit Rollcall");
}

fn real(state: HealthState, to_decide: u64) -> Glance {
    Glance::Seen(Box::new(Seen { health: health(state), to_decide, attached: false }))
}

fn practice(to_decide: u64) -> Glance {
    let health = Health { practice: true, ..health(HealthState::Flowing) };
    Glance::Seen(Box::new(Seen { health, to_decide, attached: false }))
}

fn health(state: HealthState) -> Health {
    Health {
        state,
        sentence: "12 people get their mail.".to_owned(),
        now_ms: 0,
        practice: false,
        data: "office".to_owned(),
        version: "0.1.0".to_owned(),
        hostname: "relay.acme.example".to_owned(),
        listeners: Vec::new(),
        upstreams: Vec::new(),
        faults: Vec::new(),
        waiting: 0,
        failed: 0,
        disk_free_bytes: None,
        disk_reserve_bytes: 0,
        sessions: 0,
        last_delivered_ms: None,
        shadow: None,
        users: 12,
        notifications: true,
        revision: 1,
        discovery: DiscoveryWord::On,
    }
}
