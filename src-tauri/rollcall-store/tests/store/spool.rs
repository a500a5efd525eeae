//! The spool: from admission to the last recipient.

use rollcall_core::Timestamp;
use rollcall_core::report::Proof;
use rollcall_core::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use rollcall_store::{
    Claimed, Deleted, NewMessage, NewRecipient, Notice, RecipientState, Settled, Settlement, Spool, SpoolContent,
    SpoolNumbers, StoreError, StoredContent,
};
use tokio::task::JoinSet;

use crate::given::{self, T0};

#[tokio::test]
async fn an_admitted_message_is_claimed_when_it_is_due_and_only_once() {
    let (_dir, spool) = given::spool();
    let due = T0.plus_ms(MINUTE_MS);
    spool.admit(NewMessage { due, ..given::message("m1", &["a@x.example", "b@x.example"]) }).await.unwrap();

    assert_eq!(given::claim_due(&spool, T0, 10).await.unwrap(), [], "not yet due");
    let claimed = given::claim_due(&spool, due, 10).await.unwrap();
    assert_eq!(given::claim_due(&spool, due, 10).await.unwrap(), [], "already in an attempt");

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

    let first = given::claim_due(&spool, T0.plus_ms(HOUR_MS), 1).await.unwrap();

    assert_eq!(first[0].queue_id, "early");
}

#[tokio::test]
async fn recipients_are_claimed_by_lane_and_all_of_a_message_that_go_the_same_way_together() {
    let (_dir, spool) = given::spool();
    let mixed = ["a@x.example", "b@X.Example.", "c@sub.x.example", "\"d@x.example\"@y.example", "e@z.example"];
    spool.admit(given::message("m1", &mixed)).await.unwrap();
    let outbound = NewMessage { outbound: true, ..given::message("m2", &["f@x.example"]) };
    spool.admit(outbound).await.unwrap();
    let names = |claimed: Vec<Claimed>| -> Vec<String> {
        claimed.into_iter().flat_map(|one| one.recipients).map(|one| one.address).collect()
    };

    let lanes = spool.lanes().unwrap();
    let shown: Vec<_> = lanes.iter().map(|lane| (lane.outbound, lane.domain.as_str(), lane.due)).collect();
    assert_eq!(
        shown,
        [
            (false, "sub.x.example", T0),
            (false, "x.example", T0),
            (false, "y.example", T0),
            (false, "z.example", T0),
            (true, "x.example", T0),
        ]
    );
    let together = names(spool.claim(T0, 1, &lanes[1], &["z.example".to_owned()]).await.unwrap());
    let quoted = names(spool.claim(T0, 1, &lanes[2], &[]).await.unwrap());
    let out = names(spool.claim(T0, 1, &lanes[4], &[]).await.unwrap());

    assert_eq!(together, ["a@x.example", "b@X.Example.", "e@z.example"]);
    assert_eq!(quoted, ["\"d@x.example\"@y.example"]);
    assert_eq!(out, ["f@x.example"]);
    assert_eq!(spool.lanes().unwrap().len(), 1, "only the one at sub.x.example waits");
}

#[tokio::test]
async fn the_envelope_survives_with_every_parameter() {
    let (_dir, spool) = given::spool();
    let recipient = NewRecipient {
        address: "ann@acme.example".to_owned(),
        notify: Some("FAILURE,DELAY".to_owned()),
        orcpt: Some("rfc822;ann+40acme.example".to_owned()),
        held_for: None,
    };
    let message = NewMessage {
        recipients: vec![recipient],
        outbound: true,
        smtputf8: true,
        ret: Some("HDRS"),
        envid: Some("QQ314159".to_owned()),
        proof: Proof::Office,
        ..given::message("m1", &[])
    };
    spool.admit(message).await.unwrap();

    let claimed = given::claim_due(&spool, T0, 1).await.unwrap().remove(0);

    assert!(claimed.outbound && claimed.smtputf8 && claimed.body_8bit);
    assert_eq!((claimed.ret.as_deref(), claimed.envid.as_deref()), (Some("HDRS"), Some("QQ314159")));
    assert_eq!(claimed.proof, Proof::Office);
    let one = &claimed.recipients[0];
    assert_eq!(one.notify.as_deref(), Some("FAILURE,DELAY"));
    assert_eq!(one.orcpt.as_deref(), Some("rfc822;ann+40acme.example"));
}

#[tokio::test]
async fn held_mail_waits_whatever_is_due_until_it_is_released() {
    let (_dir, spool) = given::spool();
    for queue_id in ["m1", "m2"] {
        spool.admit(given::message(queue_id, &["a@x.example"])).await.unwrap();
    }

    let held = spool.hold(vec!["m1".to_owned(), "gone".to_owned()], true, T0).await.unwrap();
    assert_eq!(held, ["m1"]);
    assert!(spool.hold(held.clone(), true, T0).await.unwrap().is_empty(), "it is no news");
    let claimed = given::claim_due(&spool, T0, 10).await.unwrap();
    assert_eq!(claimed.iter().map(|one| one.queue_id.as_str()).collect::<Vec<_>>(), ["m2"]);
    assert_eq!(spool.lanes().unwrap(), [], "nothing is due that is held");
    assert!(spool.waiting(10, Some("M1")).unwrap()[0].recipients[0].held);

    spool.hold(held, false, T0).await.unwrap();
    assert_eq!(given::claim_due(&spool, T0, 10).await.unwrap()[0].queue_id, "m1");
}

#[tokio::test]
async fn mail_held_during_an_attempt_goes_no_further_after_it() {
    let (_dir, spool) = given::spool();
    spool.admit(given::message("m1", &["a@x.example"])).await.unwrap();
    let ids = ids(&given::claim_due(&spool, T0, 1).await.unwrap());

    spool.hold(vec!["m1".to_owned()], true, T0).await.unwrap();
    let retry = Settled::Retry { due: T0, reply: "451".to_owned() };
    given::settle(&spool, "m1", vec![(ids[0], retry)]).await.unwrap();

    assert!(given::claim_due(&spool, T0, 1).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_message_is_deleted_unless_it_is_being_sent() {
    let (dir, spool) = given::spool();
    spool.admit(given::message("m1", &["a@x.example"])).await.unwrap();
    let ids = ids(&given::claim_due(&spool, T0, 1).await.unwrap());

    assert_eq!(spool.delete(vec!["m1".to_owned(), "gone".to_owned()]).await.unwrap(), []);
    let retry = Settled::Retry { due: T0.plus_ms(HOUR_MS), reply: "451".to_owned() };
    given::settle(&spool, "m1", vec![(ids[0], retry)]).await.unwrap();
    let deleted = spool.delete(vec!["m1".to_owned()]).await.unwrap();

    assert_eq!(deleted, [Deleted { queue_id: "m1".to_owned(), waited: vec!["a@x.example".to_owned()] }]);
    let conn = given::beside(dir.path(), "spool.db");
    for table in ["message", "recipient", "content"] {
        assert_eq!(given::dump(&conn, &format!("SELECT * FROM {table}")), [""; 0], "{table}");
    }
}

#[tokio::test]
async fn what_was_given_up_can_be_sent_once_more() {
    let (_dir, spool) = given::spool();
    spool.admit(given::message("m1", &["a@x.example", "b@x.example"])).await.unwrap();
    let ids = ids(&given::claim_due(&spool, T0, 1).await.unwrap());
    let failed = Settled::Failed { reply: "550 No".to_owned(), keep_until: T0 };
    let retry = Settled::Retry { due: T0.plus_ms(HOUR_MS), reply: "451".to_owned() };
    given::settle(&spool, "m1", vec![(ids[0], failed), (ids[1], retry)]).await.unwrap();

    let (due, again) = spool.send_now("m1", T0).await.unwrap();

    assert_eq!((due, again), (2, vec!["a@x.example".to_owned()]));
    assert_eq!(given::claim_due(&spool, T0, 1).await.unwrap()[0].recipients.len(), 2);
    assert_eq!(spool.send_now("gone", T0).await.unwrap(), (0, vec![]));
}

#[tokio::test]
async fn a_report_becomes_durable_together_with_the_failure_it_is_about() {
    let (_dir, spool) = given::spool();
    spool.admit(given::message("m1", &["a@x.example"])).await.unwrap();
    let ids = ids(&given::claim_due(&spool, T0, 1).await.unwrap());
    let failed = Settled::Failed { reply: "550 No".to_owned(), keep_until: T0.plus_ms(DAY_MS) };
    let notice = Notice {
        queue_id: "n1".to_owned(),
        recipient: "kim@fabrikam.example".to_owned(),
        about: vec![ids[0]],
        subject: "Mail could not be delivered",
        outbound: true,
        at: T0,
        content: b"Subject: Failed\r\n\r\n".to_vec(),
    };
    let settlement = Settlement { queue_id: "m1".to_owned(), outcomes: vec![(ids[0], failed)], notice: Some(notice) };

    spool.settle(vec![settlement.clone()]).await.unwrap();

    let claimed = given::claim_due(&spool, T0, 1).await.unwrap().remove(0);
    assert_eq!((claimed.queue_id.as_str(), claimed.reverse_path.as_str(), claimed.outbound), ("n1", "", true));
    assert_eq!(claimed.recipients[0].address, "kim@fabrikam.example");
    let again = spool.settle(vec![settlement]).await;
    assert!(matches!(again, Err(StoreError::Sqlite { .. })), "one report for one failure: {again:?}");
}

#[tokio::test]
async fn b34_nobody_is_told_twice_of_a_recipient_that_waits_again() {
    let (_dir, spool) = given::spool();
    spool.admit(given::message("m1", &["a@x.example", "b@x.example"])).await.unwrap();
    let ids = ids(&given::claim_due(&spool, T0, 1).await.unwrap());
    let failed = || Settled::Failed { reply: "550 No".to_owned(), keep_until: T0.plus_ms(DAY_MS) };
    let notice = Notice {
        queue_id: "n1".to_owned(),
        recipient: "kim@fabrikam.example".to_owned(),
        about: vec![ids[0]],
        subject: "Mail could not be delivered",
        outbound: true,
        at: T0,
        content: Vec::new(),
    };
    let outcomes = ids.iter().map(|id| (*id, failed())).collect();
    spool.settle(vec![Settlement { queue_id: "m1".to_owned(), outcomes, notice: Some(notice) }]).await.unwrap();

    spool.send_now("m1", T0).await.unwrap();

    let again = given::claim_due(&spool, T0, 10).await.unwrap().into_iter().find(|one| one.queue_id == "m1").unwrap();
    let told: Vec<bool> = again.recipients.iter().map(|one| one.was_told).collect();
    assert_eq!(told, [true, false]);
}

#[tokio::test]
async fn b34_a_sender_is_looked_at_once_what_is_shown_is_kept_and_what_is_not_known_is_looked_at_again() {
    let (_dir, spool) = given::spool();
    let office = NewMessage { proof: Proof::Office, ..given::message("office", &["a@x.example"]) };
    let hidden = NewMessage { client_is_known: false, ..given::message("hidden", &["a@x.example"]) };
    for message in [office, given::message("m1", &["a@x.example"]), hidden] {
        spool.admit(message).await.unwrap();
    }

    let due = spool.to_prove(T0, 10).unwrap();
    let clients: Vec<_> = due.iter().map(|one| (one.queue_id.as_str(), one.client.map(|ip| ip.to_string()))).collect();
    assert_eq!(clients, [("hidden", None), ("m1", Some("192.0.2.7".to_owned()))], "the office's own needs no look");

    let later = T0.plus_ms(MINUTE_MS);
    spool.prove("hidden", Proof::Unknown, Some(later)).await.unwrap();
    spool.prove("m1", Proof::Spf, None).await.unwrap();
    spool.prove("m1", Proof::Missing, None).await.unwrap();
    assert_eq!(spool.to_prove(T0, 10).unwrap(), []);
    assert_eq!(spool.to_prove(later, 10).unwrap()[0].queue_id, "hidden");
    assert_eq!(spool.handed("m1").unwrap().map(|one| one.proof), Some(Proof::Spf), "the first finding stays");
    assert_eq!(spool.handed("gone").unwrap(), None);
}

#[tokio::test]
async fn what_became_of_a_message_is_known_until_the_log_has_it() {
    let (dir, spool) = given::spool();
    spool.admit(given::message("m1", &["a@x.example"])).await.unwrap();
    let ids = ids(&given::claim_due(&spool, T0, 1).await.unwrap());
    let settlement = Settlement { queue_id: "m1".to_owned(), outcomes: vec![(ids[0], delivered())], notice: None };
    spool.settle(vec![settlement]).await.unwrap();
    spool.close();

    let spool = Spool::open(dir.path()).unwrap();

    assert_eq!(spool.numbers().unwrap().waiting, 0);
    assert_eq!(spool.waiting(10, None).unwrap(), [], "nobody waits for it");
    assert_eq!(spool.done().unwrap(), ["m1"]);
    assert_eq!(spool.recipients("m1").unwrap()[0].last_reply.as_deref(), Some("250 2.0.0 Ok"));
    spool.forget_done(vec!["m1".to_owned()]).await.unwrap();
    assert!(spool.done().unwrap().is_empty());
}

#[tokio::test]
async fn a_delivered_message_leaves_nothing_behind() {
    let (dir, spool) = given::spool();
    spool.admit(given::message("m1", &["a@x.example", "b@x.example"])).await.unwrap();
    let claimed = given::claim_due(&spool, T0, 10).await.unwrap();

    given::settle(&spool, "m1", vec![(claimed[0].recipients[0].id, delivered())]).await.unwrap();
    assert_eq!(spool.numbers().unwrap().waiting, 1, "one recipient is still in an attempt");
    given::settle(&spool, "m1", vec![(claimed[0].recipients[1].id, delivered())]).await.unwrap();

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
    let claimed = given::claim_due(&spool, T0, 10).await.unwrap();
    let due = T0.plus_ms(15 * MINUTE_MS);

    let retry = Settled::Retry { due, reply: "451 4.3.0 Try later".to_owned() };
    given::settle(&spool, "m1", vec![(claimed[0].recipients[0].id, retry)]).await.unwrap();

    assert_eq!(spool.lanes().unwrap()[0].due, due);
    let listed = spool.waiting(10, None).unwrap();
    assert_eq!((listed[0].queue_id.as_str(), listed[0].subject.as_deref()), ("m1", Some("Minutes")));
    let recipient = &listed[0].recipients[0];
    assert_eq!((recipient.state, recipient.due, recipient.attempts), (RecipientState::Queued, Some(due), 1));
    assert_eq!(recipient.last_reply.as_deref(), Some("451 4.3.0 Try later"));
    assert_eq!(given::claim_due(&spool, due, 10).await.unwrap()[0].recipients[0].attempts, 2);
}

#[tokio::test]
async fn a_failed_recipient_keeps_its_message_until_its_time_is_over() {
    let (_dir, spool) = given::spool();
    spool.admit(given::message("m1", &["a@x.example", "b@x.example"])).await.unwrap();
    let claimed = given::claim_due(&spool, T0, 10).await.unwrap();
    let keep_until = T0.plus_ms(DAY_MS);
    let failed = Settled::Failed { reply: "550 5.1.1 No such user".to_owned(), keep_until };

    let ids = ids(&claimed);
    given::settle(&spool, "m1", vec![(ids[0], failed), (ids[1], delivered())]).await.unwrap();

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
    let ids = ids(&given::claim_due(&spool, T0, 10).await.unwrap());
    let failed = Settled::Failed { reply: "550".to_owned(), keep_until: T0 };
    let retry = Settled::Retry { due: T0, reply: "451".to_owned() };
    given::settle(&spool, "m1", vec![(ids[0], failed), (ids[1], retry)]).await.unwrap();

    assert_eq!(spool.sweep(T0).await.unwrap(), 0, "no message is gone");

    assert_eq!(given::claim_due(&spool, T0, 10).await.unwrap()[0].recipients[0].address, "b@x.example");
}

#[tokio::test]
async fn an_attempt_that_was_cut_off_is_due_again_when_the_spool_is_opened() {
    let (dir, spool) = given::spool();
    spool.admit(given::message("m1", &["a@x.example"])).await.unwrap();
    given::claim_due(&spool, T0, 10).await.unwrap();
    spool.close();

    let spool = Spool::open(dir.path()).unwrap();

    let again = given::claim_due(&spool, T0, 10).await.unwrap();
    assert_eq!(again[0].recipients[0].attempts, 2, "the attempt that was cut off counts");
}

#[tokio::test]
async fn a_recipient_outside_an_attempt_cannot_be_settled() {
    let (_dir, spool) = given::spool();
    spool.admit(given::message("m1", &["a@x.example"])).await.unwrap();
    let id = ids(&given::claim_due(&spool, T0, 10).await.unwrap())[0];
    let retry = Settled::Retry { due: T0, reply: "451".to_owned() };
    given::settle(&spool, "m1", vec![(id, retry)]).await.unwrap();

    given::settle(&spool, "m1", vec![(id, delivered())]).await.unwrap();
    given::settle(&spool, "m2", vec![(id, delivered())]).await.unwrap();

    assert_eq!(spool.numbers().unwrap().waiting, 1, "mail that waits is not let go by a late word");
}

#[tokio::test]
async fn everything_that_waits_can_be_made_due_at_once() {
    let (_dir, spool) = given::spool();
    for (queue_id, hours) in [("m1", 1), ("m2", 2), ("m3", -1)] {
        let due = T0.plus_ms(hours * HOUR_MS);
        spool.admit(NewMessage { due, ..given::message(queue_id, &["a@x.example"]) }).await.unwrap();
    }

    let lane = spool.lanes().unwrap().remove(0);
    assert_eq!(spool.make_due(T0, &lane).await.unwrap(), 2, "one was due already");

    assert_eq!(given::claim_due(&spool, T0, 10).await.unwrap().len(), 3);
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
    let expected = SpoolNumbers { waiting: 2, failed: 0, oldest: Some(oldest) };
    assert_eq!(spool.lanes().unwrap()[0].due, next_due);
    assert_eq!(spool.numbers().unwrap(), expected);
    let listed: Vec<_> = spool.waiting(10, None).unwrap().into_iter().map(|message| message.queue_id).collect();
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
    assert_eq!(spool.waiting(10, None).unwrap().len(), 1);
}

#[tokio::test]
async fn a_null_reverse_path_and_content_of_any_bytes_come_back_as_they_were() {
    let (_dir, spool) = given::spool();
    let bytes: Vec<u8> = (0..=255).cycle().take(64 * 1024).collect();
    let content = SpoolContent::Bytes(bytes.clone());
    let message = given::message("m1", &["a@x.example"]);
    spool.admit(NewMessage { reverse_path: String::new(), content, ..message }).await.unwrap();

    assert_eq!(given::claim_due(&spool, T0, 1).await.unwrap()[0].reverse_path, "");
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
        for message in given::claim_due(spool, Timestamp(i64::MAX), room.min(7)).await.unwrap() {
            let outcomes = message.recipients.iter().map(|one| (one.id, delivered())).collect();
            given::settle(spool, &message.queue_id, outcomes).await.unwrap();
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
