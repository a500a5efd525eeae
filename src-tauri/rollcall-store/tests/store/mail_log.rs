//! The mail log.

use rollcall_core::time::{HOUR_MS, MINUTE_MS};
use rollcall_store::{MailLogRecord, Outcome, Store};

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

    let newest = store.read(|tx| tx.mail_log(1, None, None)).unwrap();
    assert_eq!(newest[0].1, rows[1]);
    let older = store.read(|tx| tx.mail_log(9, Some(newest[0].0), None)).unwrap();
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
        let rows = store.read(|tx| tx.mail_log(9, before, Some(text))).unwrap();
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
    let row = &store.read(|tx| tx.mail_log(1, None, None)).unwrap()[0].1;
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

    assert_eq!(store.write(|tx| tx.prune_mail_log(T0.plus_ms(5))).await.unwrap(), 1);

    let left: Vec<_> = store.read(|tx| tx.mail_log(9, None, None)).unwrap();
    assert_eq!(left.iter().map(|(_, row)| row.outcome).collect::<Vec<_>>(), [Outcome::Failed, Outcome::Waiting]);
}

async fn add(store: &Store, rows: &[MailLogRecord]) {
    let rows = rows.to_vec();
    store.write(move |tx| rows.iter().try_for_each(|row| tx.add_mail_log(row).map(drop))).await.unwrap();
}
