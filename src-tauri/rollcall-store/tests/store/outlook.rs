//! What is foretold of Discovered addresses follows their rows.

use rollcall_core::AddressState;
use rollcall_store::{AddressFilter, AddressOnly, AddressRecord, AddressSort, Outlook, Store};

use crate::given::{self, T0};

const DAY_MS: i64 = 86_400_000;

fn waiting() -> AddressFilter {
    AddressFilter {
        states: vec!["discovered"],
        search: None,
        only: None,
        sort: AddressSort::Ends,
        limit: 100,
        offset: 0,
    }
}

fn keys(store: &Store, filter: &AddressFilter) -> Vec<String> {
    let page = store.read(|tx| tx.addresses(filter)).unwrap();
    assert_eq!(page.rows.len() as u64, page.total);
    page.rows.into_iter().map(|row| row.record.key).collect()
}

fn stale(store: &Store) -> Vec<String> {
    store
        .read(|tx| {
            let (round, _) = tx.outlook_round()?;
            tx.stale_outlooks(round, 100)
        })
        .unwrap()
}

async fn put(store: &Store, row: AddressRecord) {
    store.write(move |tx| tx.put_address(&row)).await.unwrap();
}

async fn foretell(store: &Store, key: &'static str, outlook: Outlook) {
    store
        .write(move |tx| {
            let (round, _) = tx.outlook_round()?;
            tx.put_outlook(key, outlook, round)
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn exactly_the_discovered_addresses_have_an_outlook_and_a_change_makes_it_stale() {
    let (_dir, store) = given::store();
    let row = given::address("a@acme.example", AddressState::Discovered);
    put(&store, row.clone()).await;
    put(&store, given::address("w@acme.example", AddressState::Watching)).await;
    assert_eq!(keys(&store, &waiting()), ["a@acme.example"]);
    assert_eq!(stale(&store), ["a@acme.example"]);

    let outlook = Outlook { ends: Some(T0), alias: true, weak: false, can_wait: None };
    foretell(&store, "a@acme.example", outlook).await;
    assert!(stale(&store).is_empty());
    assert_eq!(store.read(|tx| tx.outlook("a@acme.example")).unwrap(), Some(outlook));

    store.write(|tx| tx.touch_address("a@acme.example", T0.plus_ms(1))).await.unwrap();
    assert!(stale(&store).is_empty(), "when it was last seen foretells nothing");
    store.write(|tx| tx.count_address("a@acme.example", 9, T0.plus_ms(2))).await.unwrap();
    assert_eq!(stale(&store), ["a@acme.example"]);
    foretell(&store, "a@acme.example", outlook).await;

    put(&store, AddressRecord { state: AddressState::Functional, ..row.clone() }).await;
    assert_eq!(store.read(|tx| tx.outlook("a@acme.example")).unwrap(), None);
    put(&store, row).await;
    store.write(|tx| tx.remove_address("a@acme.example").map(drop)).await.unwrap();
    assert!(keys(&store, &waiting()).is_empty());
}

#[tokio::test]
async fn another_account_and_another_ground_make_all_of_it_stale() {
    let (_dir, store) = given::store();
    put(&store, given::address("a@acme.example", AddressState::Discovered)).await;
    foretell(&store, "a@acme.example", Outlook::default()).await;
    assert!(stale(&store).is_empty());

    let user = given::address("ann@acme.example", AddressState::Functional);
    put(&store, user.clone()).await;
    assert_eq!(stale(&store).len(), 1, "whose other name it may be");
    foretell(&store, "a@acme.example", Outlook::default()).await;
    put(&store, AddressRecord { clean_count: 4, ..user }).await;
    assert!(stale(&store).is_empty(), "a message for an account changes nothing");

    store.write(|tx| tx.begin_outlook_round("another rule")).await.unwrap();
    assert_eq!(stale(&store).len(), 1);
    assert_eq!(store.read(|tx| tx.outlook_round()).unwrap().1, "another rule");
}

#[tokio::test]
async fn c05_the_list_is_in_the_order_of_its_end_and_filtered() {
    let (_dir, store) = given::store();
    for key in ["never@a.example", "late@a.example", "soon@a.example"] {
        put(&store, given::address(key, AddressState::Discovered)).await;
    }
    let at = |days: i64| Some(T0.plus_ms(days * DAY_MS));
    foretell(&store, "late@a.example", Outlook { ends: at(20), alias: false, weak: true, can_wait: None }).await;
    foretell(&store, "soon@a.example", Outlook { ends: at(2), alias: true, weak: false, can_wait: at(28) }).await;
    foretell(&store, "never@a.example", Outlook { ends: None, alias: true, weak: true, can_wait: None }).await;

    assert_eq!(keys(&store, &waiting()), ["soon@a.example", "late@a.example", "never@a.example"]);
    let by = AddressOnly::EndsBy(T0.plus_ms(5 * DAY_MS));
    for (only, found) in [
        (by, vec!["soon@a.example"]),
        (AddressOnly::Alias, vec!["soon@a.example", "never@a.example"]),
        (AddressOnly::Weak, vec!["late@a.example", "never@a.example"]),
    ] {
        let ends = AddressFilter { only: Some(only), ..waiting() };
        assert_eq!(keys(&store, &ends), found);
        let mut by_name = found.clone();
        by_name.sort_unstable();
        assert_eq!(keys(&store, &AddressFilter { sort: AddressSort::Address, ..ends.clone() }), by_name);
        assert_eq!(keys(&store, &AddressFilter { search: Some("EXAMPLE".to_owned()), ..ends.clone() }), found);
        assert!(keys(&store, &AddressFilter { search: Some("nobody".to_owned()), ..ends }).is_empty());
    }
    let counts = store.read(|tx| tx.outlook_counts(T0.plus_ms(5 * DAY_MS), T0)).unwrap();
    assert_eq!((counts.soon, counts.alias, counts.weak, counts.can_wait), (1, 2, 2, 1));
    let later = store.read(|tx| tx.outlook_counts(T0, T0.plus_ms(28 * DAY_MS))).unwrap();
    assert_eq!(later.can_wait, 0, "it has waited long enough");
    let second = AddressFilter { limit: 1, offset: 1, ..waiting() };
    let page = store.read(|tx| tx.addresses(&second)).unwrap();
    assert_eq!((page.total, page.rows[0].record.key.as_str()), (3, "late@a.example"));
}
