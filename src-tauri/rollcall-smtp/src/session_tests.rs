//! What a transcript cannot show; the dialogues themselves are in `dialogues/`.

use super::*;
use proptest::prelude::*;

#[test]
fn only_accepted_recipients_are_in_the_envelope_as_written_and_in_order() {
    let mut session = opened();

    rcpt(&mut session, "Ann@acme.example", accept());
    rcpt(&mut session, "nobody@acme.example", refuse(550));
    rcpt(&mut session, "\"b c\"@acme.example", accept());

    let envelope = session.envelope().expect("the transaction is open");
    assert_eq!(envelope.mail.reverse_path, "kim@fabrikam.example");
    let recipients: Vec<&str> = envelope.recipients.iter().map(|rcpt| rcpt.address.as_str()).collect();
    assert_eq!(recipients, ["Ann@acme.example", "\"b c\"@acme.example"]);
}

#[test]
fn the_envelope_lasts_until_the_content_is_settled() {
    let mut session = opened();
    rcpt(&mut session, "ann@acme.example", accept());

    assert_eq!(session.step(Input::Line(b"DATA")), Output::Receive);
    assert!(session.envelope().is_some());

    let settled = Reply::new(250, 0, 0, "taken");
    assert_eq!(session.step(Input::Settled(settled.clone())), Output::Say(settled));
    assert_eq!(session.envelope(), None);
}

#[test]
fn the_session_remembers_who_the_client_says_it_is() {
    let (mut session, _) = Session::new(offer());
    assert_eq!((session.client_name(), session.is_extended()), ("", false));

    session.step(Input::Line(b"EHLO one.example"));
    assert_eq!((session.client_name(), session.is_extended()), ("one.example", true));

    session.step(Input::Line(b"HELO two.example"));
    assert_eq!((session.client_name(), session.is_extended()), ("two.example", false));
}

#[test]
fn a_transaction_ends_without_content_by_rset_or_a_second_hello() {
    for line in [&b"RSET"[..], b"EHLO again.example", b"HELO again.example"] {
        let mut session = opened();

        assert!(matches!(session.step(Input::Line(line)), Output::Reset { .. }));
        assert_eq!(session.envelope(), None);
    }
}

#[test]
fn a_421_from_the_engine_ends_the_session() {
    let busy = Reply::new(421, 7, 0, "blocked until 12:00");
    let mut session = opened();
    session.step(Input::Line(b"RCPT TO:<ann@acme.example>"));

    let judged = Input::Judged(Judgement::Refuse { reply: busy.clone(), counts_as_invalid: false });

    assert_eq!(session.step(judged), Output::SayAndClose(busy));
}

#[test]
fn a_listed_upstream_may_ask_for_any_number_of_invalid_recipients() {
    let (mut session, _) = Session::new(Offer { max_invalid_recipients: None, ..offer() });
    session.step(Input::Line(b"EHLO gateway.example"));
    session.step(Input::Line(b"MAIL FROM:<>"));

    for _ in 0..10_000 {
        assert!(matches!(rcpt(&mut session, "nobody@acme.example", refuse(550)), Output::Say(_)));
    }
    assert_eq!(session.invalid_recipients(), 10_000);
}

#[test]
fn ten_thousand_recipients_beyond_the_limit_do_not_end_the_session() {
    let mut session = opened();
    for number in 0..10_000 {
        let line = format!("RCPT TO:<a{number}@acme.example>");
        match session.step(Input::Line(line.as_bytes())) {
            Output::Judge(_) => drop(session.step(Input::Judged(accept()))),
            Output::Say(reply) => assert_eq!(reply.to_string(), "452 4.5.3 Too many recipients (RC-212)"),
            other => panic!("{other:?}"),
        }
    }

    assert_eq!(session.envelope().map(|envelope| envelope.recipients.len()), Some(3));
    assert_eq!(session.step(Input::Line(b"DATA")), Output::Receive);
}

#[test]
fn an_engine_out_of_step_ends_the_session_for_now_and_never_accepts_anything() {
    let unexpected = || {
        [
            Input::Judged(accept()),
            Input::Settled(Reply::new(250, 0, 0, "taken")),
            Input::ContentFault(ContentFault::TooLarge),
        ]
    };
    for input in unexpected() {
        closes_for_now(&mut opened(), input);
    }
    for input in unexpected() {
        closes_for_now(&mut Session::new(offer()).0, input);
    }
    for input in [Input::Line(b"NOOP"), Input::Fault(LineFault::TooLong), Input::Settled(Reply::bare(250, ""))] {
        let mut session = opened();
        session.step(Input::Line(b"RCPT TO:<ann@acme.example>"));
        closes_for_now(&mut session, input);
    }
    for input in [Input::Line(b"NOOP"), Input::Judged(accept())] {
        let mut session = opened();
        rcpt(&mut session, "ann@acme.example", accept());
        session.step(Input::Line(b"DATA"));
        closes_for_now(&mut session, input);
    }
}

#[test]
fn after_the_last_word_nothing_is_taken() {
    let mut session = opened();
    session.step(Input::Line(b"QUIT"));

    assert_eq!(session.envelope(), None);
    closes_for_now(&mut session, Input::Line(b"MAIL FROM:<>"));
    closes_for_now(&mut session, Input::Fault(LineFault::BareLf));
}

#[test]
fn content_that_was_not_read_to_its_end_closes_the_connection() {
    for (fault, closes) in [
        (ContentFault::BareLf, true),
        (ContentFault::BareCr, true),
        (ContentFault::FarTooLarge, true),
        (ContentFault::TooLarge, false),
        (ContentFault::TooManyHops, false),
        (ContentFault::Loops, false),
    ] {
        let mut session = opened();
        rcpt(&mut session, "ann@acme.example", accept());
        session.step(Input::Line(b"DATA"));

        let output = session.step(Input::ContentFault(fault));

        assert_eq!(matches!(output, Output::SayAndClose(_)), closes, "{fault:?}");
        assert_eq!(matches!(output, Output::Reset { .. }), !closes, "{fault:?}");
        assert_eq!(session.envelope(), None);
    }
}

#[test]
fn what_was_said_in_clear_is_forgotten_after_the_handshake() {
    let (mut session, _) = Session::new(offer());
    session.step(Input::Line(b"EHLO client.example"));

    assert!(matches!(session.step(Input::Line(b"STARTTLS")), Output::Secure(reply) if reply.code == 220));
    assert_eq!(session.step(Input::Secured), Output::Listen);

    assert_eq!((session.client_name(), session.is_extended()), ("", false));
    let Output::Say(reply) = session.step(Input::Line(b"MAIL FROM:<a@b.c>")) else { panic!("an answer") };
    assert_eq!(reply.code, 503, "EHLO comes first again");
    let Output::Say(reply) = session.step(Input::Line(b"EHLO client.example")) else { panic!("an answer") };
    assert!(!reply.lines.iter().any(|line| line == "STARTTLS"), "offered once: {reply:?}");
}

#[test]
fn only_a_client_that_may_says_who_is_behind_it_and_then_greets_again() {
    let (mut session, _) = Session::new(Offer { xclient: true, ..offer() });
    session.step(Input::Line(b"EHLO gateway.example"));

    let output =
        session.step(Input::Line(b"XCLIENT NAME=[UNAVAILABLE] ADDR=IPV6:2001:db8::7 PROTO=ESMTP HELO=a.b+2Dc"));

    let Output::Become(who) = output else { panic!("{output:?}") };
    let expected = ("2001:db8::7".parse().ok(), Some("a.b-c"), Some(true));
    assert_eq!((who.address, who.helo.as_deref(), who.extended), expected);
    assert_eq!(session.becomes(offer()).code, 220);
    assert!(matches!(session.step(Input::Line(b"MAIL FROM:<>")), Output::Say(reply) if reply.code == 503));
    session.step(Input::Line(b"EHLO a.b-c"));
    assert!(matches!(session.step(Input::Line(b"XCLIENT ADDR=192.0.2.1")), Output::Say(reply) if reply.code == 500));
}

#[test]
fn a_stranger_at_a_submission_listener_gets_no_further_than_mail() {
    let (mut session, _) = Session::new(Offer { may_send: false, ..offer() });
    session.step(Input::Line(b"EHLO stranger.example"));

    let Output::Say(reply) = session.step(Input::Line(b"MAIL FROM:<a@b.c>")) else { panic!("an answer") };

    assert_eq!(reply.to_string(), "530 5.7.0 Authentication required (RC-422)");
}

#[test]
fn pieces_are_taken_in_order_and_counted_against_the_limit_before_they_are_read() {
    let mut session = opened();
    rcpt(&mut session, "ann@acme.example", accept());

    let chunk = |size, last| Chunk { size, last };
    assert_eq!(session.step(Input::Line(b"BDAT 600000")), Output::Take(chunk(600_000, false)));
    assert!(matches!(session.step(Input::Taken), Output::Say(reply) if reply.code == 250));
    assert!(matches!(session.step(Input::Line(b"DATA")), Output::Say(reply) if reply.code == 503));
    assert!(matches!(session.step(Input::Line(b"RCPT TO:<b@acme.example>")), Output::Say(reply) if reply.code == 503));
    let Output::Skip { size, reply } = session.step(Input::Line(b"BDAT 500000 LAST")) else { panic!("too much") };
    assert_eq!((size, reply.to_string().as_str()), (500_000, "552 5.3.4 Message too big (RC-303)"));
    assert_eq!(session.envelope(), None, "the transaction failed");
}

#[test]
fn a_piece_nobody_asked_for_is_thrown_away_and_never_read_as_commands() {
    let (mut session, _) = Session::new(offer());
    session.step(Input::Line(b"EHLO client.example"));

    assert!(
        matches!(session.step(Input::Line(b"BDAT 70 LAST")), Output::Skip { size: 70, reply } if reply.code == 503)
    );
    session.step(Input::Line(b"MAIL FROM:<a@b.c>"));
    assert!(matches!(session.step(Input::Line(b"BDAT 7")), Output::Skip { size: 7, reply } if reply.code == 503));
    rcpt(&mut session, "nobody@acme.example", refuse(550));
    assert!(matches!(session.step(Input::Line(b"BDAT 8 LAST")), Output::Skip { size: 8, reply } if reply.code == 554));
}

/// One thing that may happen to a session, in or out of order.
#[derive(Debug, Clone)]
enum Happening {
    Line(Vec<u8>),
    Fault(LineFault),
    Judged(bool),
    Settled,
    Taken,
    Secured,
    Content(ContentFault),
}

fn happening() -> impl Strategy<Value = Happening> {
    let sensible = prop::sample::select(vec![
        "EHLO a.example",
        "HELO a.example",
        "MAIL FROM:<a@b.c>",
        "RCPT TO:<a@b.c>",
        "RCPT TO:<x",
        "DATA",
        "RSET",
        "NOOP",
        "VRFY a",
        "MAIL FROM:<> SIZE=9999999",
        "BDAT 10",
        "BDAT 0 LAST",
        "BDAT 99999999999",
        "STARTTLS",
    ]);
    let fault = prop::sample::select(vec![LineFault::TooLong, LineFault::TooLong, LineFault::BareLf]);
    let content = prop::sample::select(vec![ContentFault::TooLarge, ContentFault::TooManyHops, ContentFault::BareCr]);
    prop_oneof![
        8 => sensible.prop_map(|line| Happening::Line(line.as_bytes().to_vec())),
        2 => proptest::collection::vec(any::<u8>(), 0..40).prop_map(Happening::Line),
        1 => fault.prop_map(Happening::Fault),
        4 => any::<bool>().prop_map(Happening::Judged),
        2 => Just(Happening::Settled),
        2 => Just(Happening::Taken),
        1 => Just(Happening::Secured),
        1 => content.prop_map(Happening::Content),
    ]
}

proptest! {
    #[test]
    fn every_input_in_every_order_has_an_answer_and_closing_is_final(
        happenings in proptest::collection::vec(happening(), 0..60),
    ) {
        let (mut session, _) = Session::new(offer());
        let mut closed = false;
        for happening in &happenings {
            let output = session.step(match happening {
                Happening::Line(line) => Input::Line(line),
                Happening::Fault(fault) => Input::Fault(*fault),
                Happening::Judged(true) => Input::Judged(accept()),
                Happening::Judged(false) => Input::Judged(refuse(550)),
                Happening::Settled => Input::Settled(Reply::new(250, 0, 0, "taken")),
                Happening::Taken => Input::Taken,
                Happening::Secured => Input::Secured,
                Happening::Content(fault) => Input::ContentFault(*fault),
            });
            match &output {
                Output::Say(reply) | Output::SayAndClose(reply) | Output::Reset { reply } => {
                    prop_assert!((200..600).contains(&reply.code) && !reply.lines.is_empty(), "{reply:?}");
                }
                Output::Judge(rcpt) => prop_assert!(!rcpt.address.is_empty()),
                Output::Skip { reply, .. } | Output::Secure(reply) => {
                    prop_assert!((200..600).contains(&reply.code) && !reply.lines.is_empty(), "{reply:?}");
                }
                Output::Listen | Output::Become(_) => {}
                Output::Receive | Output::Take(_) => {
                    prop_assert!(session.envelope().is_some_and(|envelope| !envelope.recipients.is_empty()));
                }
            }
            let closes = matches!(output, Output::SayAndClose(_));
            prop_assert!(closes || !closed, "{happening:?} got {output:?} after the last word");
            closed = closes;
            prop_assert!(session.envelope().is_none_or(|envelope| envelope.recipients.len() <= 3));
        }
    }
}

fn offer() -> Offer {
    Offer {
        hostname: "relay.example".to_owned(),
        max_size: 1_000_000,
        max_recipients: 3,
        max_bad_commands: 10,
        max_invalid_recipients: Some(5),
        starttls: true,
        xclient: false,
        may_send: true,
    }
}

/// A session with MAIL accepted.
fn opened() -> Session {
    let (mut session, _) = Session::new(offer());
    session.step(Input::Line(b"EHLO client.example"));
    session.step(Input::Line(b"MAIL FROM:<kim@fabrikam.example>"));
    assert!(session.envelope().is_some());
    session
}

/// Sends RCPT and gives the judgement.
fn rcpt(session: &mut Session, address: &str, judgement: Judgement) -> Output {
    let asked = session.step(Input::Line(format!("RCPT TO:<{address}>").as_bytes()));
    assert_eq!(asked, Output::Judge(RcptTo::plain(address)));
    session.step(Input::Judged(judgement))
}

fn accept() -> Judgement {
    Judgement::Accept(Reply::new(250, 1, 5, "Recipient OK"))
}

fn refuse(code: u16) -> Judgement {
    Judgement::Refuse { reply: Reply::new(code, 1, 1, "User unknown"), counts_as_invalid: true }
}

fn closes_for_now(session: &mut Session, input: Input<'_>) {
    let shown = format!("{input:?}");
    match session.step(input) {
        Output::SayAndClose(reply) => assert!(reply.to_string().starts_with("421 4.3.0 "), "{shown} got {reply}"),
        other => panic!("{shown} got {other:?}"),
    }
}
