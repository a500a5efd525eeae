//! Rows and lists of addresses.

use rollcall_core::alias::{self, Names};
use rollcall_core::time::{DAY_MS, MINUTE_MS};
use rollcall_core::{AddressState, InvalidReason, MadeBy, Role, Timestamp};
use rollcall_store::{AddressFilter, AddressPage, AddressRecord, AddressSort, Store};

use crate::given::{self, T0};

#[tokio::test]
async fn an_address_comes_back_as_it_was_put_and_goes_when_removed() {
    let (_dir, store) = given::store();
    let ann = AddressRecord {
        shown: "Ann@acme.example".to_owned(),
        first_name: Some("Ann".to_owned()),
        surname: Some("Léa".to_owned()),
        clean_count: 3,
        discovered: Some(T0),
        decided: Some(T0.plus_ms(1)),
        suspect: Some(T0.plus_ms(2)),
        refused_count: 7,
        ..given::address("ann@acme.example", AddressState::User(Role::Silent))
    };

    put(&store, std::slice::from_ref(&ann)).await;
    assert_eq!(address(&store, "ann@acme.example"), Some(ann));

    assert!(store.write(|tx| tx.remove_address("ann@acme.example")).await.unwrap());
    assert!(!store.write(|tx| tx.remove_address("ann@acme.example")).await.unwrap());
    assert_eq!(address(&store, "ann@acme.example"), None);
}

#[tokio::test]
async fn a_row_that_was_asked_for_before_is_as_the_last_change_left_it() {
    let (_dir, store) = given::store();
    let state = || store.address("ann@acme.example").unwrap().map(|row| (row.state, row.clean_count));
    assert_eq!(state(), None);

    let ann = given::address("ann@acme.example", AddressState::Watching);
    let put = ann.clone();
    store.write(move |tx| tx.put_address(&put)).await.unwrap();
    assert_eq!(state(), Some((AddressState::Watching, ann.clean_count)));

    store.write(|tx| tx.count_address("ann@acme.example", 9, T0)).await.unwrap();
    assert_eq!(state(), Some((AddressState::Watching, 9)));

    let functional = AddressRecord { state: AddressState::Functional, ..ann.clone() };
    store.write(move |tx| tx.put_address(&functional)).await.unwrap();
    assert_eq!(state(), Some((AddressState::Functional, ann.clean_count)));

    store.write(|tx| tx.remove_address("ann@acme.example")).await.unwrap();
    assert_eq!(state(), None);
}

#[tokio::test]
async fn a_row_that_is_put_again_is_replaced_whole() {
    let (_dir, store) = given::store();
    let invalid = AddressRecord {
        first_name: Some("Ann".to_owned()),
        ..given::address("ann@acme.example", AddressState::Invalid(InvalidReason::Manual))
    };
    let functional = given::address("ann@acme.example", AddressState::Functional);

    put(&store, &[invalid, functional.clone()]).await;

    assert_eq!(address(&store, "ann@acme.example"), Some(functional));
}

#[tokio::test]
async fn many_rows_put_at_once_are_stored_as_one_after_the_other_would_be() {
    let (_dir, store) = given::store();
    let named = |key: &str, first: &str, surname: &str| AddressRecord {
        first_name: Some(first.to_owned()),
        surname: Some(surname.to_owned()),
        ..given::address(key, AddressState::User(Role::End))
    };
    let told = AddressRecord {
        clean_count: u32::MAX,
        discovered: Some(T0),
        suspect: Some(T0.plus_ms(1)),
        pinned: true,
        made_by: Some(MadeBy::Directory),
        ..named("bob@acme.example", "Böb\u{1F600}", "\t\r\n")
    };
    let alias = AddressRecord {
        owner: Some("bob@acme.example".to_owned()),
        ..given::address("robert@acme.example", AddressState::Alias)
    };
    let mut rows = vec![
        named("ann@acme.example", "An \"A\" n", "\\Lee\\u0041"),
        told,
        alias,
        given::address("no@acme.example", AddressState::Invalid(InvalidReason::Manual)),
    ];
    rows.extend((0..1_100).map(|number| named(&format!("p{number}@acme.example"), "Per", "Son")));
    put(&store, &[given::address("ann@acme.example", AddressState::Watching)]).await;

    let all = rows.clone();
    store.write(move |tx| tx.put_addresses(&all)).await.unwrap();
    let nul = named("nul@acme.example", "N\0ul", "Son");
    let one = nul.clone();
    store.write(move |tx| tx.put_addresses([&one])).await.unwrap();

    for row in rows.into_iter().chain([nul]) {
        assert_eq!(address(&store, &row.key), Some(row));
    }
    assert_eq!(store.read(|tx| tx.users()).unwrap(), 1_103);
    let forms = alias::forms("p5", Names { first: Some("Per"), surname: Some("Son") });
    assert!(!store.read(|tx| tx.accounts_written(&forms)).unwrap().is_empty(), "filed, too");
}

#[tokio::test]
async fn seeing_and_refusing_mail_moves_only_forward() {
    let (_dir, store) = given::store();
    put(&store, &[given::address("ann@acme.example", AddressState::Watching)]).await;

    store
        .write(|tx| {
            tx.touch_address("ann@acme.example", T0.plus_ms(MINUTE_MS))?;
            tx.touch_address("ann@acme.example", T0)?;
            tx.bump_refused("ann@acme.example", T0.plus_ms(2 * MINUTE_MS))?;
            tx.bump_refused("ann@acme.example", T0)?;
            tx.bump_refused("nobody@acme.example", T0)
        })
        .await
        .unwrap();

    let ann = address(&store, "ann@acme.example").unwrap();
    assert_eq!((ann.last_seen, ann.refused_count), (T0.plus_ms(2 * MINUTE_MS), 2));
}

#[tokio::test]
async fn a_list_has_the_wanted_states_and_says_how_long_it_is() {
    let (_dir, store) = given::store();
    put(
        &store,
        &[
            given::address("a@acme.example", AddressState::Discovered),
            given::address("b@acme.example", AddressState::User(Role::End)),
            given::address("c@acme.example", AddressState::Watching),
            given::address("d@acme.example", AddressState::Functional),
        ],
    )
    .await;

    let people = list(&store, AddressFilter { states: vec!["user", "functional"], ..everything() });
    assert_eq!((keys(&people), people.total), (vec!["b@acme.example", "d@acme.example"], 2));
    assert_eq!(list(&store, everything()).total, 4);
    assert_eq!(list(&store, AddressFilter { states: vec!["no such state"], ..everything() }).total, 0);

    let second = list(&store, AddressFilter { limit: 1, offset: 1, ..everything() });
    assert_eq!((keys(&second), second.total), (vec!["b@acme.example"], 4));
    let counts = store.read(|tx| tx.counts()).unwrap();
    let counted: Vec<_> = counts.iter().map(|(state, total)| (state.as_str(), *total)).collect();
    assert_eq!(counted, [("discovered", 1), ("functional", 1), ("user", 1), ("watching", 1)]);
}

#[tokio::test]
async fn a_search_looks_through_address_and_names_whatever_the_case() {
    let (_dir, store) = given::store();
    let named = |key: &str, first_name: &str, surname: &str| AddressRecord {
        first_name: Some(first_name.to_owned()),
        surname: Some(surname.to_owned()),
        ..given::address(key, AddressState::Discovered)
    };
    put(
        &store,
        &[
            named("ann.lee@acme.example", "Ann", "Lee"),
            named("boss@acme.example", "Jürgen", "ÖZDEMİR"),
            named("sales_eu@acme.example", "100%", "Sales"),
            named("salesXeu@acme.example", "O'Neil", "\\"),
        ],
    )
    .await;

    let found = |text: &str| {
        let page = list(&store, AddressFilter { search: Some(text.to_owned()), ..everything() });
        assert_eq!(page.rows.len() as u64, page.total);
        keys(&page).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(found("LEE@ac"), ["ann.lee@acme.example"]);
    assert_eq!(found("jÜrg"), ["boss@acme.example"]);
    assert_eq!(found("özdem"), ["boss@acme.example"]);
    assert_eq!(found("_"), ["sales_eu@acme.example"], "a LIKE wildcard stands for itself");
    assert_eq!(found("0%"), ["sales_eu@acme.example"]);
    assert_eq!(found("'"), ["salesXeu@acme.example"]);
    assert_eq!(found("\\"), ["salesXeu@acme.example"]);
    assert_eq!(found("annlee"), [""; 0], "not from the end of one field into the next");
    assert_eq!(found("").len(), 4, "no text finds everything");
}

#[tokio::test]
async fn a_list_is_ordered_as_asked_and_equal_rows_by_address() {
    let (_dir, store) = given::store();
    let row = |key: &str, minutes: i64, discovered: Option<i64>, clean_count: u32| AddressRecord {
        last_seen: T0.plus_ms(minutes * MINUTE_MS),
        discovered: discovered.map(|minutes| T0.plus_ms(minutes * MINUTE_MS)),
        clean_count,
        ..given::address(key, AddressState::Discovered)
    };
    put(
        &store,
        &[row("a@x.example", 1, None, 3), row("b@x.example", 3, Some(1), 9), row("c@x.example", 3, Some(2), 3)],
    )
    .await;

    let sorted = |sort| {
        let page = list(&store, AddressFilter { sort, ..everything() });
        page.rows.iter().map(|row| row.record.key[..1].to_owned()).collect::<String>()
    };
    assert_eq!(sorted(AddressSort::Address), "abc");
    assert_eq!(sorted(AddressSort::LastSeen), "bca");
    assert_eq!(sorted(AddressSort::Discovered), "abc", "longest waiting first");
    assert_eq!(sorted(AddressSort::CleanCount), "bac");
}

#[tokio::test]
async fn a_search_that_finds_everything_has_the_order_and_pages_of_the_whole_list() {
    let (_dir, store) = given::store();
    let row = |n: i64| AddressRecord {
        last_seen: T0.plus_ms(n * 7 % 11),
        discovered: (n % 3 != 0).then(|| T0.plus_ms(n * 5 % 13)),
        clean_count: u32::try_from(n % 4).unwrap(),
        ..given::address(&format!("p{n:02}@acme.example"), AddressState::Discovered)
    };
    put(&store, &(0..60).map(row).collect::<Vec<_>>()).await;

    for sort in [AddressSort::Address, AddressSort::LastSeen, AddressSort::Discovered, AddressSort::CleanCount] {
        let page = AddressFilter { sort, limit: 25, offset: 20, ..everything() };
        let searched = AddressFilter { search: Some("ACME".to_owned()), ..page.clone() };
        assert_eq!(list(&store, searched), list(&store, page), "{sort:?}");
    }
}

#[tokio::test]
async fn d17_a_text_is_found_however_it_is_looked_for() {
    let (_dir, store) = given::store();
    let named = |key: &str, surname: &str, state| AddressRecord {
        surname: Some(surname.to_owned()),
        ..given::address(key, state)
    };
    put(
        &store,
        &[
            named("ann@acme.example", "Özdemir", AddressState::Discovered),
            named("bob@acme.example", "O\"Neil", AddressState::Discovered),
            named("cid@acme.example", "Lee", AddressState::Watching),
        ],
    )
    .await;
    let found = |states: &[&'static str], text: &str| {
        let page =
            list(&store, AddressFilter { states: states.to_vec(), search: Some(text.to_owned()), ..everything() });
        assert_eq!((page.rows.len() as u64, page.is_more), (page.total, false));
        keys(&page).into_iter().map(|key| key[..1].to_owned()).collect::<String>()
    };

    for text in
        ["özd", "ÖZ", "zdemir", "o\"n", "\"", "acme", "acme.example bob", "lee", "e", "ann@acme.example", "%", "* OR"]
    {
        let both = found(&["discovered"], text) + &found(&["watching"], text);
        assert_eq!(both, found(&["discovered", "watching"], text), "{text}");
    }
    assert_eq!(found(&["discovered"], "ÖZDEM"), "a");
    assert_eq!(found(&["discovered"], "o\"neil"), "b");
    assert_eq!(found(&["watching"], "lee"), "c");

    // What is looked up by its letters follows every change.
    put(&store, &[named("cid@acme.example", "Lee", AddressState::Discovered)]).await;
    assert_eq!(found(&["discovered"], "lee"), "c");
    put(&store, &[named("cid@acme.example", "Park", AddressState::Discovered)]).await;
    assert_eq!((found(&["discovered"], "lee"), found(&["discovered"], "park")), (String::new(), "c".to_owned()));
    store.write(|tx| tx.remove_address("cid@acme.example")).await.unwrap();
    assert_eq!(found(&["discovered"], "park"), "");
}

#[tokio::test]
async fn d17_the_pages_of_a_list_make_the_whole_list_from_whichever_end_they_are_found() {
    let (_dir, store) = given::store();
    let row = |n: i64| AddressRecord {
        last_seen: T0.plus_ms(n * 7 % 11),
        discovered: (n % 3 != 0).then(|| T0.plus_ms(n * 5 % 13)),
        clean_count: u32::try_from(n % 4).unwrap(),
        ..given::address(&format!("p{n:02}@acme.example"), AddressState::Discovered)
    };
    put(&store, &(0..50).map(row).collect::<Vec<_>>()).await;

    for sort in [AddressSort::Address, AddressSort::LastSeen, AddressSort::Discovered, AddressSort::CleanCount] {
        let filter = AddressFilter { states: vec!["discovered"], sort, ..everything() };
        let whole = list(&store, filter.clone()).rows;
        for limit in [1, 7, 30] {
            let pages = (0..60).step_by(limit as usize).flat_map(|offset| {
                let page = list(&store, AddressFilter { limit, offset, ..filter.clone() });
                assert_eq!(page.total, 50);
                page.rows
            });
            assert_eq!(pages.collect::<Vec<_>>(), whole, "{sort:?} {limit}");
        }
    }
}

#[tokio::test]
async fn d17_a_search_that_finds_very_many_says_so_and_pages_through_the_first() {
    let (_dir, store) = given::store();
    let rows = (0..6_000).map(|n| given::address(&format!("p{n:04}@acme.example"), AddressState::Discovered));
    put(&store, &rows.collect::<Vec<_>>()).await;

    let search = Some("ACME".to_owned());
    let filter = AddressFilter { states: vec!["discovered"], search, limit: 100, offset: 4_950, ..everything() };
    let page = list(&store, filter.clone());

    assert_eq!((page.total, page.is_more, page.rows.len()), (5_000, true, 50));
    assert_eq!(page.rows[0].record.key, "p4950@acme.example");
    let whole = list(&store, AddressFilter { search: None, offset: 5_950, ..filter });
    assert_eq!((whole.total, whole.is_more, whole.rows.len()), (6_000, false, 50));
}

#[tokio::test]
async fn addresses_are_counted_as_they_come_move_and_go() {
    let (_dir, store) = given::store();
    let states = [AddressState::Watching, AddressState::Discovered, AddressState::NeverAdd];
    for round in 0..4_usize {
        let rows = (0..30_usize).map(|n| given::address(&format!("p{n}@acme.example"), states[(n + round * n) % 3]));
        put(&store, &rows.collect::<Vec<_>>()).await;
        store.write(move |tx| tx.remove_address(&format!("p{round}@acme.example"))).await.unwrap();

        let counted: Vec<(String, u64)> = ["discovered", "never_add", "watching"]
            .into_iter()
            .map(|state| {
                let filter = AddressFilter { states: vec![state], ..everything() };
                (state.to_owned(), list(&store, filter).rows.len() as u64)
            })
            .filter(|(_, total)| *total > 0)
            .collect();
        assert_eq!(store.read(|tx| tx.counts()).unwrap(), counted);
    }
}

#[tokio::test]
async fn a_list_says_how_many_domains_wrote_counted_mail() {
    let (_dir, store) = given::store();
    put(&store, &[given::address("ann@acme.example", AddressState::Discovered)]).await;
    store
        .write(|tx| {
            for (domain, counted) in
                [("a.example", true), ("a.example", true), ("b.example", true), ("c.example", false)]
            {
                let mail = given::delivered("ann@acme.example", domain, T0);
                tx.add_evidence(&rollcall_store::EvidenceRecord { counted, ..mail })?;
            }
            Ok(())
        })
        .await
        .unwrap();

    assert_eq!(list(&store, everything()).rows[0].sender_domains, 2);
}

#[tokio::test]
async fn the_curve_of_found_and_decided_counts_up_to_each_moment() {
    let (_dir, store) = given::store();
    let row = |key: &str, discovered: i64, decided: Option<i64>| AddressRecord {
        discovered: Some(T0.plus_ms(discovered * DAY_MS)),
        decided: decided.map(|day| T0.plus_ms(day * DAY_MS)),
        ..given::address(key, AddressState::Discovered)
    };
    put(&store, &[row("a@x.example", 0, Some(2)), row("b@x.example", 1, None), row("c@x.example", 1, Some(1))]).await;

    let ends: Vec<Timestamp> = [2, 0, 1, -1].iter().map(|day| T0.plus_ms(day * DAY_MS)).collect();
    let curve = store.read(|tx| tx.found_and_decided(&ends)).unwrap();

    assert_eq!(curve, [(3, 2), (1, 0), (3, 1), (0, 0)], "in the order asked");
}

fn everything() -> AddressFilter {
    AddressFilter { states: Vec::new(), search: None, only: None, sort: AddressSort::Address, limit: 100, offset: 0 }
}

fn list(store: &Store, filter: AddressFilter) -> AddressPage {
    store.read(|tx| tx.addresses(&filter)).unwrap()
}

fn keys(page: &AddressPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.record.key.as_str()).collect()
}

fn address(store: &Store, key: &str) -> Option<AddressRecord> {
    store.read(|tx| tx.address(key)).unwrap()
}

async fn put(store: &Store, rows: &[AddressRecord]) {
    let rows = rows.to_vec();
    store.write(move |tx| rows.iter().try_for_each(|row| tx.put_address(row))).await.unwrap();
}
