//! Mail that is kept for an address that ended (X06), and addresses that are only observed (X10).

use rollcall_core::AddressState;
use rollcall_core::time::{DAY_MS, HOUR_MS};
use rollcall_store::{HeldFor, HeldRecipient, NewMessage, NewRecipient, Spool};

use crate::given::{self, T0};

const KEY: &str = "jane@acme.example";
const UNTIL_MS: i64 = 14 * DAY_MS;

fn kept(queue_id: &str) -> NewMessage {
    let held_for = Some(HeldFor { key: KEY.to_owned(), keep_until: T0.plus_ms(UNTIL_MS) });
    let recipient = NewRecipient { address: KEY.to_owned(), held_for, ..NewRecipient::default() };
    NewMessage { recipients: vec![recipient], ..given::message(queue_id, &[]) }
}

#[tokio::test]
async fn x06_kept_mail_waits_for_nobody_survives_a_restart_and_is_released_once() {
    let (dir, spool) = given::spool();
    spool.admit(kept("k1")).await.unwrap();
    spool.close();
    let spool = Spool::open(dir.path()).unwrap();

    assert_eq!(given::claim_due(&spool, T0.plus_ms(DAY_MS), 10).await.unwrap(), [], "it is in no attempt");
    let numbers = spool.numbers().unwrap();
    assert_eq!((numbers.waiting, numbers.failed), (0, 0));
    assert!(spool.waiting(10, None).unwrap().is_empty());
    assert_eq!((spool.held_keys().unwrap(), spool.count_held_for(KEY).unwrap()), (vec![KEY.to_owned()], 1));
    let listed = spool.held_for(KEY, 10).unwrap();
    assert_eq!((listed[0].queue_id.as_str(), listed[0].keep_until), ("k1", T0.plus_ms(UNTIL_MS)));

    let now = T0.plus_ms(10 * DAY_MS);
    let released = spool.release_held_for(KEY, now).await.unwrap();

    assert_eq!(released, [HeldRecipient { queue_id: "k1".to_owned(), address: KEY.to_owned() }]);
    assert_eq!(spool.release_held_for(KEY, now).await.unwrap(), [], "once");
    let claimed = given::claim_due(&spool, now, 10).await.unwrap();
    assert_eq!((claimed.len(), claimed[0].arrived), (1, now), "it has all its days before it");
    assert!(spool.held_keys().unwrap().is_empty());
}

#[tokio::test]
async fn x06_kept_mail_is_told_of_once_and_goes_when_its_time_is_over() {
    let (_dir, spool) = given::spool();
    spool.admit(kept("k1")).await.unwrap();
    spool.admit(kept("k2")).await.unwrap();
    let end = T0.plus_ms(UNTIL_MS);

    assert!(spool.tell_held(end.minus_ms(HOUR_MS)).await.unwrap().is_empty(), "not yet");
    assert_eq!(spool.tell_held(end).await.unwrap(), [KEY], "an address once, however many messages");
    assert!(spool.tell_held(end).await.unwrap().is_empty(), "nobody is told twice");
    assert!(spool.held_over(end.minus_ms(1)).unwrap().is_empty());
    assert_eq!(spool.held_over(end).unwrap().len(), 2);
    assert_eq!(spool.sweep(end).await.unwrap(), 2);
    assert_eq!(spool.count_held_for(KEY).unwrap(), 0);
}

#[tokio::test]
async fn x10_the_address_whose_last_mail_is_the_oldest_makes_room_and_who_has_a_row_is_not_listed() {
    let (_dir, store) = given::store();
    let seen = [("a", 1), ("b", 2), ("a", 3), ("c", 4), ("d", 5)];
    store
        .write(move |tx| {
            for (name, day) in seen {
                let key = format!("{name}@acme.example");
                tx.observe(&key, &key, "acme.example", T0.plus_ms(day * DAY_MS), 3)?;
            }
            tx.put_address(&given::address("d@acme.example", AddressState::Functional))
        })
        .await
        .unwrap();

    let (rows, total) = store.read(|tx| tx.observed(10)).unwrap();

    let listed: Vec<_> = rows.iter().map(|row| (row.key.as_str(), row.messages)).collect();
    assert_eq!((listed, total), (vec![("a@acme.example", 2), ("c@acme.example", 1)], 2));
    assert_eq!(store.write(|tx| tx.prune_observed(T0.plus_ms(5 * DAY_MS))).await.unwrap(), 2);
}
