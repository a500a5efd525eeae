//! The inbox: what is written comes back, what is decided is found, what is old goes.

use rollcall_core::AddressState;
use rollcall_core::notification::{Kind, State};
use rollcall_core::time::DAY_MS;
use rollcall_store::{NamedAddress, NewNotification, Store};

use crate::given::{self, T0};
use crate::plans::plan;
use crate::statements::statements;

fn new(kind: Kind, subject: &str) -> NewNotification {
    NewNotification { kind, subject: subject.to_owned(), numbers: vec![4, 9], moment: Some(T0) }
}

async fn put(store: &Store, kind: Kind, addresses: &[&str]) -> i64 {
    let names: Vec<NamedAddress> = addresses
        .iter()
        .map(|key| NamedAddress { key: (*key).to_owned(), shown: (*key).to_owned(), entry: Some(7) })
        .collect();
    let write = move |tx: &rollcall_store::Tx<'_>| {
        let id = tx.add_notification(&new(kind, ""), T0)?;
        for named in &names {
            tx.name_in_notification(id, named)?;
        }
        Ok(id)
    };
    store.write(write).await.unwrap()
}

#[tokio::test]
async fn every_kind_comes_back_as_it_was_written_and_is_found_by_its_tag() {
    let (_dir, store) = given::store();

    for kind in Kind::ALL {
        let id = store.write(move |tx| tx.add_notification(&new(kind, "mail:25"), T0)).await.unwrap();

        let record = store.read(|tx| tx.notification(id)).unwrap().unwrap();
        assert_eq!((record.kind, record.subject.as_str(), record.numbers.as_slice()), (kind, "mail:25", &[4, 9][..]));
        assert_eq!((record.moment, record.made, record.changed), (Some(T0), T0, T0));
        assert_eq!((record.state, record.posted, record.shown), (State::Unread, None, None));
        let open = store.read(|tx| tx.open_notification(&kind.tag("mail:25"))).unwrap();
        assert_eq!(open, Some(record));
    }
}

#[tokio::test]
async fn x12_one_whose_addresses_are_all_decided_is_found_and_the_others_are_not() {
    let (_dir, store) = given::store();
    for (key, state) in [("a@x.example", AddressState::Discovered), ("b@x.example", AddressState::Functional)] {
        store.write(move |tx| tx.put_address(&given::address(key, state))).await.unwrap();
    }
    let stands = put(&store, Kind::NewAddresses, &["a@x.example", "b@x.example"]).await;
    let decided = put(&store, Kind::NewAddresses, &["b@x.example"]).await;
    let about_no_address = put(&store, Kind::Seats, &[]).await;

    assert_eq!(store.read(|tx| tx.settled_notifications()).unwrap(), [decided]);
    let record = store.read(|tx| tx.notification(stands)).unwrap().unwrap();
    let (named, count) = store.read(|tx| tx.standing_in_notification(&record, 10)).unwrap();
    assert_eq!((named.len(), count, named[0].key.as_str(), named[0].entry), (1, 1, "a@x.example", Some(7)));
    let open = store.read(|tx| tx.open_notifications(10)).unwrap();
    assert_eq!(open.iter().map(|one| one.id).collect::<Vec<_>>(), [about_no_address, decided, stands]);
}

#[tokio::test]
async fn what_joins_makes_it_unread_again_and_marks_are_kept() {
    let (_dir, store) = given::store();
    let id = put(&store, Kind::NewAddresses, &["a@x.example"]).await;
    let later = T0.plus_ms(DAY_MS);
    store.write(move |tx| tx.post_notification(id, T0)).await.unwrap();
    assert!(store.write(move |tx| tx.show_notification(id, later)).await.unwrap());
    assert!(store.write(move |tx| tx.show_notification(id, T0)).await.unwrap());
    assert_eq!(store.write(|tx| tx.read_notifications()).await.unwrap(), 1);
    assert!(!store.write(move |tx| tx.mark_notification(id, State::Read)).await.unwrap(), "it is so already");

    store.write(move |tx| tx.join_notification(id, &new(Kind::NewAddresses, ""), later)).await.unwrap();

    let record = store.read(|tx| tx.notification(id)).unwrap().unwrap();
    assert_eq!((record.state, record.changed), (State::Unread, later));
    assert_eq!((record.posted, record.shown), (Some(T0), Some(later)), "shown moves forward only");
    assert_eq!(store.read(|tx| tx.last_posted(Kind::NewAddresses)).unwrap(), Some(T0));
    assert_eq!(store.read(|tx| tx.last_posted(Kind::Seats)).unwrap(), None);
}

#[tokio::test]
async fn an_address_is_named_by_one_kind_at_a_time_and_old_notifications_go_with_their_names() {
    let (dir, store) = given::store();
    let id = put(&store, Kind::NewAddresses, &["a@x.example", "b@x.example"]).await;
    let before = store.read(|tx| tx.last_naming(Kind::NewAddresses, "a@x.example", T0)).unwrap();
    assert_eq!(before, Some(id));
    assert_eq!(store.read(|tx| tx.last_naming(Kind::NewAddresses, "a@x.example", T0.plus_ms(1))).unwrap(), None);

    store.write(|tx| tx.unname_in_notifications(Kind::NewAddresses, "a@x.example")).await.unwrap();
    assert_eq!(store.read(|tx| tx.last_naming(Kind::NewAddresses, "a@x.example", T0)).unwrap(), None);

    assert_eq!(store.write(|tx| tx.prune_notifications(T0)).await.unwrap(), 0, "as old as that stays");
    assert_eq!(store.write(|tx| tx.prune_notifications(T0.plus_ms(1))).await.unwrap(), 1);
    let conn = given::beside(dir.path(), "rollcall.db");
    assert!(given::dump(&conn, "SELECT * FROM notification_address").is_empty());
}

#[test]
fn x12_the_inbox_is_looked_through_by_index() {
    let (dir, store) = given::store();
    store.close();
    let conn = given::beside(dir.path(), "rollcall.db");

    for name in ["open", "list_open", "settled", "last_posted", "was_named", "standing"] {
        let file = format!("notification/{name}");
        let sql = statements().into_iter().find(|(found, _)| *found == file).map(|(_, sql)| sql).unwrap();
        let plan = plan(&conn, &sql);
        assert!(!plan.contains("SCAN notification\n") && !plan.contains("SCAN address"), "{name}: {plan}");
    }
}
