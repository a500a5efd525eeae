//! Section 3.4 of behaviour.md as a table: standing, the destination's literal answer, our reply.

use super::*;
use crate::state::Role;

const A: &str = "ann@acme.example";

fn replied(code: u16, enhanced: Option<(u16, u16)>, text: &str) -> Answer {
    Answer::Replied(match enhanced {
        Some((subject, detail)) => Reply::new(code, subject, detail, text),
        None => Reply::bare(code, text),
    })
}

fn line(after: &After) -> String {
    match after {
        After::Accept(v) | After::AcceptForSpool(v) => v.reply.clone().numbered(None).to_string(),
        After::Refuse { verdict, .. } | After::Defer { verdict, .. } => {
            verdict.reply.clone().numbered(None).to_string()
        }
    }
}

#[test]
fn d28_a_foreign_domain_is_denied_without_asking() {
    let Before::Refuse(verdict) = before_asking("b@elsewhere.example", Standing::Foreign, Terms::default()) else {
        panic!("asked")
    };

    assert_eq!(verdict.reply.numbered(None).to_string(), "554 5.7.1 <b@elsewhere.example>: Relay access denied");
}

#[test]
fn d21_an_invalid_address_is_refused_without_asking_with_the_code_of_its_reason() {
    for (reason, code) in [
        (InvalidReason::Manual, "550 5.1.1"),
        (InvalidReason::Bounced, "550 5.1.1"),
        (InvalidReason::Expired, "550 5.7.1"),
    ] {
        let Before::Refuse(verdict) = before_asking(A, Standing::Row(AddressState::Invalid(reason)), Terms::default())
        else {
            panic!("asked")
        };
        assert_eq!(
            verdict.reply.numbered(None).to_string(),
            format!("{code} <{A}>: Recipient address rejected: User email address is marked as invalid")
        );
    }
}

#[test]
fn everybody_who_may_be_delivered_is_asked_live() {
    use AddressState::{Alias, Discovered, Functional, NeverAdd, User, Watching};
    for state in [Watching, Discovered, User(Role::End), Functional, Alias, NeverAdd] {
        assert_eq!(before_asking(A, Standing::Row(state), Terms::default()), Before::Ask);
    }
    assert_eq!(before_asking(A, Standing::Unknown, Terms::default()), Before::Ask);
    assert_eq!(before_asking(A, Standing::Postmaster, Terms::default()), Before::Ask);
}

#[test]
fn the_destinations_verdict_on_a_stranger_becomes_ours_with_our_text() {
    let unknown = format!("550 5.1.1 <{A}>: Recipient address rejected: User unknown");
    let refused = format!("550 5.7.1 <{A}>: Recipient refused by the mail server");
    let later = format!("450 4.2.0 <{A}>: Recipient not verified yet, try again later");
    let table = [
        (replied(250, Some((1, 5)), "ok at mail7.internal"), format!("250 2.1.5 <{A}>: Recipient OK")),
        (replied(550, Some((1, 1)), "User unknown in virtual mailbox table"), unknown.clone()),
        (replied(550, Some((1, 10)), "RESOLVER.ADR.RecipientNotFound"), unknown.clone()),
        (replied(550, None, "Unrouteable address"), unknown.clone()),
        (replied(551, None, "User not local"), unknown.clone()),
        (replied(553, None, "sorry"), unknown.clone()),
        (replied(550, Some((4, 1)), "Recipient address rejected: Access denied. AS(201806281)"), unknown),
        (replied(550, Some((4, 1)), "No answer from host"), refused.clone()),
        (replied(554, Some((7, 1)), "blocked"), refused.clone()),
        (replied(552, Some((2, 2)), "over quota"), refused.clone()),
        (replied(554, None, "no"), refused),
        (replied(450, Some((2, 0)), "Greylisted"), later.clone()),
        (replied(421, Some((7, 0)), "closing"), later.clone()),
        (replied(354, None, "what"), later),
        (Answer::Unreachable, format!("451 4.4.1 <{A}>: Mail server cannot be reached to verify this address")),
    ];
    for (answer, expected) in table {
        assert_eq!(line(&after_asking(A, Standing::Unknown, &answer)), expected, "{answer:?}");
        for state in [AddressState::Watching, AddressState::Discovered, AddressState::NeverAdd] {
            assert_eq!(line(&after_asking(A, Standing::Row(state), &answer)), expected, "{state:?} {answer:?}");
        }
    }
}

#[test]
fn an_account_is_taken_on_the_directorys_word_only_when_the_destination_cannot_be_reached() {
    let account = Standing::Row(AddressState::User(Role::Silent));

    assert!(matches!(after_asking(A, account, &Answer::Unreachable), After::AcceptForSpool(_)));
    assert!(matches!(after_asking(A, Standing::Postmaster, &Answer::Unreachable), After::Defer { .. }));
}

#[test]
fn an_account_that_the_destination_refuses_is_refused_with_its_class_and_code_and_marked() {
    let account = Standing::Row(AddressState::Functional);

    let after = after_asking(A, account, &replied(552, Some((2, 2)), "mailbox full at mail7.internal"));
    assert_eq!(line(&after), format!("552 5.2.2 <{A}>: Recipient refused by the mail server"));
    assert!(matches!(after, After::Refuse { contradicts: true, .. }));

    let after = after_asking(A, account, &replied(421, Some((7, 0)), "closing"));
    assert_eq!(line(&after), format!("450 4.7.0 <{A}>: Recipient not taken yet by the mail server, try again later"));
    assert!(matches!(after, After::Defer { contradicts: true, .. }));
}

#[test]
fn a_refused_sender_says_nothing_about_the_recipient() {
    let refused = Answer::MailRefused(Reply::new(550, 1, 8, "your domain is not welcome at mail7"));

    let stranger = after_asking(A, Standing::Unknown, &refused);
    assert_eq!(line(&stranger), format!("550 5.7.1 <{A}>: Recipient refused by the mail server"));
    let account = after_asking(A, Standing::Row(AddressState::Functional), &refused);
    assert_eq!(line(&account), format!("550 5.1.8 <{A}>: Recipient refused by the mail server"));
    assert!(matches!(account, After::Refuse { contradicts: false, .. }));
}

#[test]
fn the_final_reply_keeps_class_and_enhanced_code_and_hides_the_text() {
    let text = |reply: Reply| after_content(&reply, "Q1").reply.numbered(None).to_string();

    assert_eq!(text(Reply::new(250, 0, 0, "Ok: queued as 4F2 on mail7")), "250 2.0.0 Delivered as Q1");
    assert_eq!(text(Reply::new(552, 3, 4, "too big for mail7")), "552 5.3.4 Message refused by the mail server");
    assert_eq!(text(Reply::bare(550, "spam, says mail7")), "550 5.0.0 Message refused by the mail server");
    assert_eq!(
        text(Reply::new(421, 3, 2, "mail7 shutting down")),
        "451 4.3.2 Message not taken yet by the mail server, try again later"
    );
}

#[test]
fn an_enhanced_code_of_another_class_is_not_passed_on() {
    let odd =
        Reply { code: 550, enhanced: Some(EnhancedStatusCode::new(4, 2, 2)), lines: vec![String::new()], number: None };

    assert_eq!(
        after_content(&odd, "Q1").reply.numbered(None).to_string(),
        "550 5.0.0 Message refused by the mail server"
    );
}

fn before(standing: Standing, terms: Terms) -> Option<String> {
    match before_asking(A, standing, terms) {
        Before::Refuse(verdict) => Some(verdict.reply.numbered(None).to_string()),
        Before::Ask => None,
    }
}

#[test]
fn p13_a_closed_list_refuses_strangers_without_asking_and_nobody_else() {
    let closed = Terms { unknown: Unknown::Reject, ..Terms::default() };
    let refused = Some(format!("550 5.1.1 <{A}>: Invalid recipient"));

    assert_eq!(before(Standing::Unknown, closed), refused);
    assert_eq!(before(Standing::Row(AddressState::Watching), closed), refused, "T15: W is treated like U");
    for state in [AddressState::Discovered, AddressState::User(Role::Silent), AddressState::NeverAdd] {
        assert_eq!(before(Standing::Row(state), closed), None, "{state:?}");
    }
    assert_eq!(before(Standing::Postmaster, closed), None);
    for open in [Unknown::Learn, Unknown::Ask] {
        assert_eq!(before(Standing::Unknown, Terms { unknown: open, ..Terms::default() }), None);
    }
}

#[test]
fn an_inactive_account_is_refused_or_taken_as_an_account_as_the_office_wants() {
    let inactive = Standing::Row(AddressState::Inactive);
    let deliver = Terms { inactive: InactiveMail::Deliver, ..Terms::default() };
    let refused = format!("550 5.2.1 <{A}>: Recipient address rejected: Mailbox is not active");

    assert_eq!(before(inactive, Terms::default()), Some(refused));
    assert_eq!(before(inactive, deliver), None);
    assert_eq!(line(&after_asking(A, inactive, &replied(250, None, "Ok"))), format!("250 2.1.5 <{A}>: Recipient OK"));
    assert!(matches!(after_asking(A, inactive, &Answer::Unreachable), After::AcceptForSpool(_)));
}

#[test]
fn v04_a_new_address_is_deferred_for_four_hours_and_then_decided() {
    let patient = Terms { defer_strangers: true, ..Terms::default() };
    let seen = Timestamp(1_000);
    let at = |ms| {
        defer_stranger(A, Standing::Unknown, patient, seen, seen.plus_ms(ms))
            .map(|v| v.reply.numbered(None).to_string())
    };

    let later = Some(format!("451 4.7.1 <{A}>: New address, please retry in 30 minutes"));
    assert_eq!(at(0), later);
    assert_eq!(at(4 * HOUR_MS - 1), later);
    assert_eq!(at(4 * HOUR_MS), None);
    assert_eq!(defer_stranger(A, Standing::Unknown, Terms::default(), seen, seen), None);
    for standing in [Standing::Postmaster, Standing::Row(AddressState::Watching)] {
        assert_eq!(defer_stranger(A, standing, patient, seen, seen), None, "{standing:?}");
    }
}

#[test]
fn recipients_nobody_vouches_for_are_sent_separately_where_the_destination_decides_at_data() {
    assert_eq!(
        send_separately(A).reply.numbered(None).to_string(),
        format!("452 4.5.3 <{A}>: Send this recipient separately")
    );
    for vouched in [Standing::Postmaster, Standing::Row(AddressState::Alias), Standing::Row(AddressState::Inactive)] {
        assert!(!vouched.is_unverified(), "{vouched:?}");
    }
    for unverified in [Standing::Unknown, Standing::Row(AddressState::Watching), Standing::Row(AddressState::NeverAdd)]
    {
        assert!(unverified.is_unverified(), "{unverified:?}");
    }
    assert!(refused_recipient_at_data(&Reply::new(550, 1, 1, "no such user")));
    for content in [Reply::bare(550, "spam"), Reply::new(554, 7, 1, "spam"), Reply::new(450, 1, 1, "later")] {
        assert!(!refused_recipient_at_data(&content), "{content}");
    }
}
