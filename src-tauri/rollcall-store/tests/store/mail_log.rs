//! The mail log.

use rollcall_core::time::{HOUR_MS, MINUTE_MS};
use rollcall_store::{Direction, MailLogFilter, MailLogOf, MailLogRecord, Outcome, Step, Store, TraceStep};

use crate::given::{self, T0};

#[tokio::test]
async fn the_log_comes_back_newest_first_and_page_by_page() {
    let (_dir, store) = given::store();
    let bare = MailLogRecord {
        subject: None,
        size_bytes: None,
        destination_reply: None,
        destination: None,
        ..given::logged("b@acme.example", Outcome::Refused, T0)
    };
    let rows = [given::logged("a@acme.example", Outcome::Delivered, T0), bare];
    add(&store, &rows).await;

    let newest = given::log(&store, 1, None, None);
    assert_eq!(newest[0].1, rows[1]);
    let older = given::log(&store, 9, Some(newest[0].0), None);
    assert_eq!((older.len(), &older[0].1), (1, &rows[0]));
}

#[tokio::test]
async fn a_search_finds_people_and_subjects_whatever_the_case() {
    let (_dir, store) = given::store();
    let row = |recipient: &str, subject: &str| MailLogRecord {
        subject: Some(subject.to_owned()),
        ..given::logged(recipient, Outcome::Delivered, T0)
    };
    add(
        &store,
        &[row("ann@acme.example", "Übersicht 50%"), row("bob@acme.example", "Minutes"), row("ann@zeta.example", "x")],
    )
    .await;

    let found = |text: &str, before| {
        let rows = given::log(&store, 9, before, Some(text));
        rows.into_iter().map(|(id, row)| (id, row.recipient)).collect::<Vec<_>>()
    };
    let recipients = |text| found(text, None).into_iter().map(|(_, recipient)| recipient).collect::<Vec<_>>();
    assert_eq!(recipients("ANN@"), ["ann@zeta.example", "ann@acme.example"]);
    assert_eq!(recipients("übersicht"), ["ann@acme.example"]);
    assert_eq!(recipients("%"), ["ann@acme.example"]);
    assert_eq!(recipients("fabrikam").len(), 3, "the sender counts too");
    let newest = found("ann@", None)[0].0;
    assert_eq!(found("ann@", Some(newest)).len(), 1);
}

#[tokio::test]
async fn mail_that_waited_gets_its_outcome_once() {
    let (_dir, store) = given::store();
    let waiting = |recipient: &str| MailLogRecord {
        queue_id: Some("q1".to_owned()),
        destination_reply: None,
        ..given::logged(recipient, Outcome::Waiting, T0)
    };
    add(&store, &[waiting("a@acme.example"), waiting("b@acme.example")]).await;
    let later = T0.plus_ms(5 * MINUTE_MS);

    let settle = move |recipient: &'static str, outcome| {
        let store = store.clone();
        async move {
            let reply = Some("250 2.0.0 Ok");
            store.write(move |tx| tx.settle_waiting("q1", recipient, outcome, "delivered_later", reply, later)).await
        }
    };
    assert!(settle("a@acme.example", Outcome::Delivered).await.unwrap());
    assert!(!settle("a@acme.example", Outcome::Failed).await.unwrap(), "it no longer waits");
    assert!(!settle("c@acme.example", Outcome::Failed).await.unwrap(), "nobody of that name waits");
}

#[tokio::test]
async fn a_settled_row_keeps_its_hour_and_tells_the_last_delivery() {
    let (_dir, store) = given::store();
    let waiting =
        MailLogRecord { queue_id: Some("q1".to_owned()), ..given::logged("a@acme.example", Outcome::Waiting, T0) };
    assert_eq!(store.read(|tx| tx.last_delivered()).unwrap(), None);
    add(&store, std::slice::from_ref(&waiting)).await;
    let later = T0.plus_ms(3 * HOUR_MS);

    let settled = store
        .write(move |tx| tx.settle_waiting("q1", "a@acme.example", Outcome::Delivered, "delivered_later", None, later));
    settled.await.unwrap();

    assert_eq!(store.read(|tx| tx.last_delivered()).unwrap(), Some(later));
    let hours = store.read(|tx| tx.mail_hours(T0, 4)).unwrap();
    assert_eq!(hours, [[1, 0, 0, 0, 0], [0; 5], [0; 5], [0; 5]]);
    let row = &given::log(&store, 1, None, None)[0].1;
    assert_eq!((row.at, row.reason.as_str()), (T0, "delivered_later"));
    assert_eq!(row.destination_reply, waiting.destination_reply, "kept when nothing newer is known");
}

#[tokio::test]
async fn an_hour_has_its_first_moment_and_not_its_last() {
    let (_dir, store) = given::store();
    let at = |ms, outcome| given::logged("a@acme.example", outcome, T0.plus_ms(ms));
    add(
        &store,
        &[
            at(-1, Outcome::Refused),
            at(0, Outcome::Refused),
            at(1, Outcome::Deferred),
            at(HOUR_MS - 1, Outcome::Waiting),
            at(HOUR_MS, Outcome::Failed),
            at(2 * HOUR_MS, Outcome::Failed),
        ],
    )
    .await;

    let hours = store.read(|tx| tx.mail_hours(T0, 2)).unwrap();

    assert_eq!(hours, [[0, 1, 1, 1, 0], [0, 0, 0, 0, 1]]);
}

#[tokio::test]
async fn pruning_forgets_old_rows_but_not_mail_that_still_waits() {
    let (_dir, store) = given::store();
    let waiting =
        MailLogRecord { queue_id: Some("q1".to_owned()), ..given::logged("a@acme.example", Outcome::Waiting, T0) };
    add(
        &store,
        &[
            waiting,
            given::logged("b@x.example", Outcome::Delivered, T0),
            given::logged("c@x.example", Outcome::Failed, T0.plus_ms(9)),
        ],
    )
    .await;

    assert_eq!(store.write(|tx| tx.prune_mail_log(T0.plus_ms(5), 10)).await.unwrap(), 1);

    let left: Vec<_> = given::log(&store, 9, None, None);
    assert_eq!(left.iter().map(|(_, row)| row.outcome).collect::<Vec<_>>(), [Outcome::Failed, Outcome::Waiting]);
}

#[tokio::test]
async fn v15_a_whole_address_message_id_or_queue_id_is_looked_up_and_part_of_one_searched_for() {
    let (_dir, store) = given::store();
    let row = |recipient: &str, n: u32| MailLogRecord {
        message: Some(format!("0K3ZQ7M4XT0{n}")),
        message_id: Some(format!("Note.{n}@Zeta.example")),
        ..given::logged(recipient, Outcome::Delivered, T0)
    };
    add(&store, &[row("Ann@acme.example", 1), row("joann@acme.example", 2), row("bob@acme.example", 3)]).await;

    let found = |text: &str| -> Vec<String> {
        given::log(&store, 9, None, Some(text)).into_iter().map(|(_, row)| row.recipient).collect()
    };
    assert_eq!(found("ann@ACME.example"), ["Ann@acme.example"], "joann is somebody else");
    assert_eq!(found("ann@acme"), ["joann@acme.example", "Ann@acme.example"]);
    assert_eq!(found("nn@acme.example"), ["joann@acme.example", "Ann@acme.example"], "nobody has that address");
    assert_eq!(found("kim@fabrikam.example").len(), 3, "the sender counts too");
    assert_eq!(found("<Note.3@Zeta.example>"), ["bob@acme.example"]);
    assert_eq!(found("0k3zq7m4xt02"), ["joann@acme.example"]);
}

#[tokio::test]
async fn v15_filters_of_the_log_hold_together_and_pages_lead_on() {
    let (_dir, store) = given::store();
    let row = |n: i64| MailLogRecord {
        reason: if n % 2 == 0 { "server_unreachable" } else { "delivered" }.to_owned(),
        direction: if n % 3 == 0 { Direction::Outbound } else { Direction::Inbound },
        ..given::logged(
            "ann@acme.example",
            if n % 2 == 0 { Outcome::Deferred } else { Outcome::Delivered },
            T0.plus_ms(n * HOUR_MS),
        )
    };
    add(&store, &(0..12).map(row).collect::<Vec<_>>()).await;
    let hours = |filter: MailLogFilter| -> (Vec<i64>, Option<i64>) {
        let page = store.read(|tx| tx.mail_log(&filter)).unwrap();
        (page.rows.iter().map(|(_, row)| row.at.since_ms(T0) / HOUR_MS).collect(), page.next)
    };
    let all = MailLogFilter { limit: 50, ..MailLogFilter::default() };

    assert_eq!(hours(MailLogFilter { of: MailLogOf::Problems, ..all.clone() }).0, [10, 8, 6, 4, 2, 0]);
    assert_eq!(hours(MailLogFilter { of: MailLogOf::Outcome(Outcome::Delivered), ..all.clone() }).0.len(), 6);
    assert_eq!(
        hours(MailLogFilter {
            reason: Some("server_unreachable".into()),
            direction: Some(Direction::Outbound),
            ..all.clone()
        })
        .0,
        [6, 0]
    );
    let (from, until) = (Some(T0.plus_ms(3 * HOUR_MS)), Some(T0.plus_ms(5 * HOUR_MS)));
    assert_eq!(hours(MailLogFilter { from, until, ..all.clone() }).0, [4, 3]);
    assert_eq!(hours(MailLogFilter { from: Some(T0.plus_ms(99 * HOUR_MS)), ..all.clone() }), (vec![], None));
    let search = Some("ann".to_owned());
    assert_eq!(hours(MailLogFilter { search, of: MailLogOf::Problems, from, ..all.clone() }).0, [10, 8, 6, 4]);

    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let (page, next) = hours(MailLogFilter { limit: 5, before, ..all.clone() });
        seen.extend(page);
        before = next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen, (0..12).rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn b34_what_the_sender_is_told_is_the_last_step_of_mail_that_was_given_up() {
    let (_dir, store) = given::store();
    let waiting = |recipient: &str| MailLogRecord {
        queue_id: Some("q1".to_owned()),
        message: Some("q1".to_owned()),
        ..given::logged(recipient, Outcome::Waiting, T0)
    };
    add(&store, &[waiting("a@acme.example"), waiting("b@acme.example")]).await;
    let (at, said) = (T0.plus_ms(MINUTE_MS), Some("550 5.1.1 No"));

    let settled = store.write(move |tx| {
        tx.settle_waiting("q1", "a@acme.example", Outcome::Failed, "refused_by_server", said, at)?;
        tx.note_settled("q1", "a@acme.example", Step::NoReport, "unproved", at)?;
        tx.note_settled("q1", "b@acme.example", Step::NoReport, "unproved", at)
    });

    assert!(!settled.await.unwrap(), "b still waits");
    let rows = store.read(|tx| tx.mail_log_of("q1")).unwrap();
    let steps: Vec<_> = rows[0].1.trace.iter().map(|step| (step.ms, step.step, step.said.as_deref())).collect();
    assert_eq!(steps, [(60_000, Step::Attempt, said), (60_000, Step::NoReport, Some("unproved"))]);
    assert_eq!(rows[1].1.trace, []);
}

#[tokio::test]
async fn v15_a_message_tells_every_step_also_those_from_the_spool() {
    let (_dir, store) = given::store();
    let step = |ms, step, said: Option<&str>| TraceStep { ms, step, said: said.map(str::to_owned) };
    let waiting = MailLogRecord {
        queue_id: Some("q1".to_owned()),
        message: Some("q1".to_owned()),
        trace: vec![step(0, Step::NoAnswer, Some("connection refused")), step(2, Step::OurReply, None)],
        ..given::logged("a@acme.example", Outcome::Waiting, T0)
    };
    let refused =
        MailLogRecord { message: Some("q1".to_owned()), ..given::logged("b@acme.example", Outcome::Refused, T0) };
    add(&store, &[refused, waiting]).await;

    let (first, last) = (T0.plus_ms(MINUTE_MS), T0.plus_ms(5 * MINUTE_MS));
    let noted = store.write(move |tx| tx.note_waiting("q1", "a@acme.example", Step::Attempt, "451 4.3.0 Later", first));
    assert!(noted.await.unwrap());
    let end = Some("250 2.0.0 Ok");
    let settled =
        store.write(move |tx| tx.settle_waiting("q1", "a@acme.example", Outcome::Delivered, "delivered", end, last));
    assert!(settled.await.unwrap());

    let rows = store.read(|tx| tx.mail_log_of("q1")).unwrap();
    assert_eq!(
        rows.iter().map(|(_, row)| row.recipient.as_str()).collect::<Vec<_>>(),
        ["b@acme.example", "a@acme.example"]
    );
    let said: Vec<(u64, Step, Option<&str>)> =
        rows[1].1.trace.iter().map(|step| (step.ms, step.step, step.said.as_deref())).collect();
    assert_eq!(
        said,
        [
            (0, Step::NoAnswer, Some("connection refused")),
            (2, Step::OurReply, None),
            (60_000, Step::Attempt, Some("451 4.3.0 Later")),
            (300_000, Step::Attempt, Some("250 2.0.0 Ok")),
        ]
    );
    assert_eq!(store.read(|tx| tx.message_recipients("q1")).unwrap(), (2, 1));
    let counts = store.read(|tx| tx.mail_log_counts(T0, T0.plus_ms(1))).unwrap();
    assert_eq!((counts.all, counts.waiting, counts.problems), (1, 0, 0));
    assert_eq!(store.read(|tx| tx.delivery_times(T0, T0.plus_ms(1))).unwrap(), [0, 0, 0, 0, 1, 0, 0]);
}

#[tokio::test]
async fn the_log_is_pruned_in_small_batches_the_oldest_first() {
    let (_dir, store) = given::store();
    let rows: Vec<_> =
        (0..10).map(|n| given::logged(&format!("p{n}@x.example"), Outcome::Delivered, T0.plus_ms(n))).collect();
    add(&store, &rows).await;
    let (count, bytes) = store.read(|tx| tx.mail_log_size()).unwrap();
    assert_eq!(count, 10);
    assert!((3000..9000).contains(&bytes), "{bytes}");

    assert_eq!(store.write(|tx| tx.prune_mail_log(T0.plus_ms(5), 3)).await.unwrap(), 3);
    assert_eq!(store.write(|tx| tx.prune_mail_log(T0.plus_ms(5), 3)).await.unwrap(), 2);
    assert_eq!(store.write(|tx| tx.prune_oldest_mail_log(2)).await.unwrap(), 2);

    let left: Vec<i64> = given::log(&store, 9, None, None).iter().map(|(_, row)| row.at.since_ms(T0)).collect();
    assert_eq!(left, [9, 8, 7]);
}

#[tokio::test]
async fn v15_a_search_through_ten_thousand_rows_finds_every_one_it_should_and_no_other() {
    let (_dir, store) = given::store();
    let row = |n: i64| MailLogRecord {
        sender: format!("person{}@d{}.example", n % 977, n % 5003),
        message: Some(format!("{n:012}")),
        message_id: Some(format!("{n}.{}@mail.example", n * 7919 % 200_003)),
        trace: vec![
            TraceStep { ms: 3, step: Step::ServerRcpt, said: Some("250 2.1.5 Ok".to_owned()) },
            TraceStep {
                ms: 3,
                step: Step::OurRcpt,
                said: Some("250 2.1.5 <ann@acme.example>: Recipient OK".to_owned()),
            },
            TraceStep { ms: 6, step: Step::Content, said: None },
            TraceStep { ms: 9, step: Step::ServerContent, said: None },
            TraceStep { ms: 9, step: Step::OurReply, said: None },
        ],
        ..given::logged(&format!("p{}@acme.example", n % 211), Outcome::Delivered, T0.plus_ms(n * 1000))
    };
    for batch in 0..10 {
        add(&store, &(0..1000).map(|n| row(batch * 1000 + n)).collect::<Vec<_>>()).await;
    }

    for (text, rows) in [("nowhere", 0), ("person1@d978.example", 1), ("000000000007", 1), ("p7@acme", 48)] {
        assert_eq!(given::log(&store, 100, None, Some(text)).len(), rows, "{text}");
    }
}

async fn add(store: &Store, rows: &[MailLogRecord]) {
    let rows = rows.to_vec();
    store.write(move |tx| rows.iter().try_for_each(|row| tx.add_mail_log(row).map(drop))).await.unwrap();
}
