//! The spool: from admission to the last recipient.

use rollcall_core::Timestamp;
use rollcall_core::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use rollcall_store::{
    Claimed, NewMessage, RecipientState, Settled, Spool, SpoolContent, SpoolNumbers, StoreError, StoredContent, Whose,
};
use tokio::task::JoinSet;

use crate::given::{self, T0};

#[tokio::test]
async fn an_admitted_message_is_claimed_when_it_is_due_and_only_once() {
    let (_dir, spool) = given::spool();
    let due = T0.plus_ms(MINUTE_MS);
    spool.admit(NewMessage { due, ..given::message("m1", &["a@x.example", "b@x.example"]) }).await.unwrap();

    assert_eq!(spool.claim_due(T0, 10).await.unwrap(), [], "not yet due");
    let claimed = spool.claim_due(due, 10).await.unwrap();
    assert_eq!(spool.claim_due(due, 10).await.unwrap(), [], "already in an attempt");

    let [message] = claimed.as_slice() else { panic!("{claimed:?}") };
    assert_eq!((message.queue_id.as_str(), message.reverse_path.as_str()), ("m1", "kim@fabrikam.example"));
    assert_eq!((message.arrived, message.body_8bit, message.size), (T0, true, 27));
    let recipients: Vec<_> = message.recipients.iter().map(|one| (one.address.as_str(), one.attempts)).collect();
    assert_eq!(recipients, [("a@x.example", 1), ("b@x.example", 1)]);
    let content = StoredContent::Bytes(b"Subject: Minutes\r\n\r\nHello\r\n".to_vec());
    assert_eq!(spool.content("m1").unwrap(), content);
}

#[tokio::test]
async fn the_longest_due_are_claimed_first() {
    let (_dir, spool) = given::spool();
    for (queue_id, minutes) in [("late", 2), ("early", 1)] {
        let due = T0.plus_ms(minutes * MINUTE_MS);
        spool.admit(NewMessage { due, ..given::message(queue_id, &["a@x.example"]) }).await.unwrap();
    }

    let first = spool.claim_due(T0.plus_ms(HOUR_MS), 1).await.unwrap();

    assert_eq!(first[0].queue_id, "early");
}

#[tokio::test]
async fn recipients_are_claimed_by_domain_and_all_of_a_message_together() {
    let (_dir, spool) = given::spool();
    let mixed = ["a@x.example", "b@X.Example", "c@sub.x.example", "\"d@x.example\"@y.example", "e@y.example"];
    spool.admit(given::message("m1", &mixed)).await.unwrap();
    let (x, y) = ("x.example".to_owned(), "y.example".to_owned());
    let names = |claimed: Vec<Claimed>| -> Vec<String> {
        claimed.into_iter().flat_map(|one| one.recipients).map(|one| one.address).collect()
    };

    let at_x = names(spool.claim_due_of(T0, 1, Whose::At(vec![x.clone()])).await.unwrap());
    let elsewhere = names(spool.claim_due_of(T0, 1, Whose::Elsewhere(vec![x, y.clone()])).await.unwrap());
    let at_y = names(spool.claim_due_of(T0, 1, Whose::At(vec![y])).await.unwrap());

    assert_eq!(at_x, ["a@x.example", "b@X.Example"]);
    assert_eq!(elsewhere, ["c@sub.x.example"]);
    assert_eq!(at_y, ["\"d@x.example\"@y.example", "e@y.example"]);
}

#[tokio::test]
async fn a_delivered_message_leaves_nothing_behind() {
    let (dir, spool) = given::spool();
    spool.admit(given::message("m1", &["a@x.example", "b@x.example"])).await.unwrap();
    let claimed = spool.claim_due(T0, 10).await.unwrap();

    spool.settle("m1", vec![(claimed[0].recipients[0].id, delivered())]).await.unwrap();
    assert_eq!(spool.numbers().unwrap().waiting, 1, "one recipient is still in an attempt");
    spool.settle("m1", vec![(claimed[0].recipients[1].id, delivered())]).await.unwrap();

    assert_eq!(spool.numbers().unwrap(), SpoolNumbers::default());
    assert!(matches!(spool.content("m1"), Err(StoreError::NoSuchMessage { .. })));
    let conn = given::beside(dir.path(), "spool.db");
    for table in ["message", "recipient", "content"] {
        assert_eq!(given::dump(&conn, &format!("SELECT * FROM {table}")), [""; 0], "{table}");
    }
}

#[tokio::test]
async fn a_deferred_recipient_waits_for_its_next_attempt_and_keeps_the_reply() {
    let (_dir, spool) = given::spool();
    spool.admit(given::message("m1", &["a@x.example"])).await.unwrap();
    let claimed = spool.claim_due(T0, 10).await.unwrap();
    let due = T0.plus_ms(15 * MINUTE_MS);

    let retry = Settled::Retry { due, reply: "451 4.3.0 Try later".to_owned() };
    spool.settle("m1", vec![(claimed[0].recipients[0].id, retry)]).await.unwrap();

    assert_eq!(spool.numbers().unwrap().next_due, Some(due));
    let listed = spool.waiting(10).unwrap();
    assert_eq!((listed[0].queue_id.as_str(), listed[0].subject.as_deref()), ("m1", Some("Minutes")));
    let recipient = &listed[0].recipients[0];
    assert_eq!((recipient.state, recipient.due, recipient.attempts), (RecipientState::Queued, Some(due), 1));
    assert_eq!(recipient.last_reply.as_deref(), Some("451 4.3.0 Try later"));
    assert_eq!(spool.claim_due(due, 10).await.unwrap()[0].recipients[0].attempts, 2);
}

#[tokio::test]
async fn a_failed_recipient_keeps_its_message_until_its_time_is_over() {
    let (_dir, spool) = given::spool();
    spool.admit(given::message("m1", &["a@x.example", "b@x.example"])).await.unwrap();
    let claimed = spool.claim_due(T0, 10).await.unwrap();
    let keep_until = T0.plus_ms(DAY_MS);
    let failed = Settled::Failed { reply: "550 5.1.1 No such user".to_owned(), keep_until };

    let ids = ids(&claimed);
    spool.settle("m1", vec![(ids[0], failed), (ids[1], delivered())]).await.unwrap();

    assert_eq!(spool.numbers().unwrap(), SpoolNumbers { failed: 1, ..SpoolNumbers::default() });
    assert_eq!(spool.sweep(keep_until.minus_ms(1)).await.unwrap(), 0);
    spool.content("m1").unwrap();
    assert_eq!(spool.sweep(keep_until).await.unwrap(), 1);
    assert!(matches!(spool.content("m1"), Err(StoreError::NoSuchMessage { .. })));
}

#[tokio::test]
async fn a_message_with_a_failed_and_a_waiting_recipient_outlives_the_sweep() {
    let (_dir, spool) = given::spool();
    spool.admit(given::message("m1", &["a@x.example", "b@x.example"])).await.unwrap();
    let ids = ids(&spool.claim_due(T0, 10).await.unwrap());
    let failed = Settled::Failed { reply: "550".to_owned(), keep_until: T0 };
    let retry = Settled::Retry { due: T0, reply: "451".to_owned() };
    spool.settle("m1", vec![(ids[0], failed), (ids[1], retry)]).await.unwrap();

    assert_eq!(spool.sweep(T0).await.unwrap(), 0, "no message is gone");

    assert_eq!(spool.claim_due(T0, 10).await.unwrap()[0].recipients[0].address, "b@x.example");
}

#[tokio::test]
async fn an_attempt_that_was_cut_off_is_due_again_when_the_spool_is_opened() {
    let (dir, spool) = given::spool();
    spool.admit(given::message("m1", &["a@x.example"])).await.unwrap();
    spool.claim_due(T0, 10).await.unwrap();
    spool.close();

    let spool = Spool::open(dir.path()).unwrap();

    let again = spool.claim_due(T0, 10).await.unwrap();
    assert_eq!(again[0].recipients[0].attempts, 2, "the attempt that was cut off counts");
}

#[tokio::test]
async fn a_recipient_outside_an_attempt_cannot_be_settled() {
    let (_dir, spool) = given::spool();
    spool.admit(given::message("m1", &["a@x.example"])).await.unwrap();
    let id = ids(&spool.claim_due(T0, 10).await.unwrap())[0];
    let retry = Settled::Retry { due: T0, reply: "451".to_owned() };
    spool.settle("m1", vec![(id, retry)]).await.unwrap();

    spool.settle("m1", vec![(id, delivered())]).await.unwrap();
    spool.settle("m2", vec![(id, delivered())]).await.unwrap();

    assert_eq!(spool.numbers().unwrap().waiting, 1, "mail that waits is not let go by a late word");
}

#[tokio::test]
async fn everything_that_waits_can_be_made_due_at_once() {
    let (_dir, spool) = given::spool();
    for (queue_id, hours) in [("m1", 1), ("m2", 2), ("m3", -1)] {
        let due = T0.plus_ms(hours * HOUR_MS);
        spool.admit(NewMessage { due, ..given::message(queue_id, &["a@x.example"]) }).await.unwrap();
    }

    assert_eq!(spool.make_due(T0).await.unwrap(), 2, "one was due already");

    assert_eq!(spool.claim_due(T0, 10).await.unwrap().len(), 3);
}

#[tokio::test]
async fn numbers_count_messages_and_tell_the_oldest_and_the_next() {
    let (_dir, spool) = given::spool();
    for (queue_id, minutes) in [("m1", 5), ("m2", 3)] {
        let arrived = T0.plus_ms(minutes * MINUTE_MS);
        let due = arrived.plus_ms(HOUR_MS);
        let message = given::message(queue_id, &["a@x.example", "b@x.example"]);
        spool.admit(NewMessage { arrived, due, ..message }).await.unwrap();
    }

    let (oldest, next_due) = (T0.plus_ms(3 * MINUTE_MS), T0.plus_ms(3 * MINUTE_MS + HOUR_MS));
    let expected = SpoolNumbers { waiting: 2, failed: 0, next_due: Some(next_due), oldest: Some(oldest) };
    assert_eq!(spool.numbers().unwrap(), expected);
    let listed: Vec<_> = spool.waiting(10).unwrap().into_iter().map(|message| message.queue_id).collect();
    assert_eq!(listed, ["m2", "m1"], "oldest first");
}

#[tokio::test]
async fn a_message_that_cannot_be_taken_is_not_taken_in_part() {
    let (_dir, spool) = given::spool();
    spool.admit(given::message("m1", &["a@x.example"])).await.unwrap();

    let again = spool.admit(given::message("m1", &["b@x.example"])).await;
    let nobody = spool.admit(given::message("m2", &[])).await;
    let empty = spool.admit(given::message("m3", &["c@x.example", ""])).await;
    let path = spool.admit(given::message("../m4", &["c@x.example"])).await;

    assert!(matches!(again, Err(StoreError::Sqlite { .. })), "{again:?}");
    assert!(matches!(nobody, Err(StoreError::NoRecipient { .. })), "{nobody:?}");
    assert!(matches!(empty, Err(StoreError::Sqlite { .. })), "{empty:?}");
    assert!(matches!(path, Err(StoreError::Sqlite { .. })), "an id is a file name: {path:?}");
    assert_eq!(spool.waiting(10).unwrap().len(), 1);
}

#[tokio::test]
async fn a_null_reverse_path_and_content_of_any_bytes_come_back_as_they_were() {
    let (_dir, spool) = given::spool();
    let bytes: Vec<u8> = (0..=255).cycle().take(64 * 1024).collect();
    let content = SpoolContent::Bytes(bytes.clone());
    let message = given::message("m1", &["a@x.example"]);
    spool.admit(NewMessage { reverse_path: String::new(), content, ..message }).await.unwrap();

    assert_eq!(spool.claim_due(T0, 1).await.unwrap()[0].reverse_path, "");
    assert_eq!(spool.content("m1").unwrap(), StoredContent::Bytes(bytes));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_sessions_admit_while_two_deliverers_claim_and_no_recipient_is_taken_twice() {
    let (_dir, spool) = given::spool();
    let mut sessions = JoinSet::new();
    for number in 0..200 {
        let spool = spool.clone();
        sessions.spawn(async move { spool.admit(given::message(&format!("m{number}"), &["a@x.example"])).await });
    }
    let mut deliverers = JoinSet::new();
    for _ in 0..2 {
        let spool = spool.clone();
        deliverers.spawn(async move { deliver_until_empty(&spool, 100).await });
    }

    while let Some(admitted) = sessions.join_next().await {
        admitted.unwrap().unwrap();
    }
    let mut taken = Vec::new();
    while let Some(delivered) = deliverers.join_next().await {
        taken.extend(delivered.unwrap());
    }

    taken.sort();
    let mut wanted: Vec<_> = (0..200).map(|number| format!("m{number}")).collect();
    wanted.sort();
    assert_eq!(taken, wanted);
    assert_eq!(spool.numbers().unwrap(), SpoolNumbers::default());
}

/// Claims and delivers `share` messages.
async fn deliver_until_empty(spool: &Spool, share: usize) -> Vec<String> {
    let mut taken = Vec::new();
    while taken.len() < share {
        let room = u32::try_from(share - taken.len()).unwrap();
        for message in spool.claim_due(Timestamp(i64::MAX), room.min(7)).await.unwrap() {
            let outcomes = message.recipients.iter().map(|one| (one.id, delivered())).collect();
            spool.settle(&message.queue_id, outcomes).await.unwrap();
            taken.push(message.queue_id);
        }
        tokio::task::yield_now().await;
    }
    taken
}

fn ids(claimed: &[Claimed]) -> Vec<i64> {
    claimed.iter().flat_map(|message| &message.recipients).map(|one| one.id).collect()
}

fn delivered() -> Settled {
    Settled::Delivered { reply: "250 2.0.0 Ok".to_owned() }
}
