//! Evidence: what is kept, what counts, what is forgotten.

use rollcall_core::time::DAY_MS;
use rollcall_core::{AddressState, Timestamp};
use rollcall_store::{AddressRecord, EvidenceKind, EvidenceRecord, Store, StoreError};

use crate::given::{self, T0};

const ANN: &str = "ann@acme.example";

#[tokio::test]
async fn evidence_comes_back_newest_first_and_as_it_was() {
    let (_dir, store) = given::store();
    let first = given::delivered(ANN, "a.example", T0);
    let second = EvidenceRecord {
        kind: EvidenceKind::RefusedByServer,
        counted: false,
        not_counted_because: Some("null_reverse_path".to_owned()),
        sender: String::new(),
        sender_domain: String::new(),
        subject: None,
        lines: Vec::new(),
        ..given::delivered(ANN, "", T0)
    };
    let third = EvidenceRecord { lines: vec![String::new()], ..given::delivered(ANN, "b.example", T0.plus_ms(1)) };

    add(&store, &[third.clone(), first.clone(), second.clone()]).await;

    let evidence = |limit| store.read(|tx| tx.evidence(ANN, limit)).unwrap();
    assert_eq!(evidence(10), [third.clone(), second, first]);
    assert_eq!(evidence(1), [third]);
}

#[tokio::test]
async fn an_address_that_was_removed_keeps_its_past() {
    let (_dir, store) = given::store();
    add(&store, &[given::delivered(ANN, "a.example", T0)]).await;

    store
        .write(|tx| {
            tx.put_address(&given::address(ANN, AddressState::Watching))?;
            tx.remove_address(ANN)
        })
        .await
        .unwrap();

    assert_eq!(store.read(|tx| tx.evidence(ANN, 10)).unwrap().len(), 1);
    assert_eq!(store.read(|tx| tx.counted_since(ANN, T0)).unwrap(), 1);
}

#[tokio::test]
async fn only_counted_mail_inside_the_window_counts() {
    let (_dir, store) = given::store();
    let day = |days| T0.plus_ms(days * DAY_MS);
    let uncounted = EvidenceRecord { counted: false, ..given::delivered(ANN, "d.example", day(9)) };
    add(
        &store,
        &[
            given::delivered(ANN, "a.example", day(0)),
            given::delivered(ANN, "b.example", day(5)),
            given::delivered(ANN, "b.example", day(6)),
            given::delivered("bob@acme.example", "c.example", day(6)),
            uncounted,
        ],
    )
    .await;

    let counted = |since| store.read(|tx| Ok((tx.counted_since(ANN, since)?, tx.sender_domains_since(ANN, since)?)));
    assert_eq!(counted(day(0)).unwrap(), (3, 2), "the first moment belongs to the window");
    assert_eq!(counted(day(1)).unwrap(), (2, 1));
    assert_eq!(counted(day(6)).unwrap(), (1, 1));
    assert_eq!(counted(day(7)).unwrap(), (0, 0));
}

#[tokio::test]
async fn counted_mail_with_a_reason_why_it_does_not_count_is_refused() {
    let (_dir, store) = given::store();
    let torn = EvidenceRecord {
        not_counted_because: Some("auto_submitted".to_owned()),
        ..given::delivered(ANN, "a.example", T0)
    };

    let refused = store.write(move |tx| tx.add_evidence(&torn)).await;

    assert!(matches!(refused, Err(StoreError::Sqlite { action: "save evidence", .. })));
}

#[tokio::test]
async fn only_watched_addresses_whose_count_has_changed_are_refreshed() {
    let (_dir, store) = given::store();
    let counted = |key: &str, state, clean_count| AddressRecord { clean_count, ..given::address(key, state) };
    add(
        &store,
        &[given::delivered("right@x.example", "a.example", T0), given::delivered("old@x.example", "a.example", T0)],
    )
    .await;
    store
        .write(move |tx| {
            tx.put_address(&counted("right@x.example", AddressState::Watching, 1))?;
            tx.put_address(&counted("old@x.example", AddressState::Watching, 2))?;
            tx.put_address(&counted("empty@x.example", AddressState::Watching, 1))?;
            tx.put_address(&counted("decided@x.example", AddressState::Functional, 9))
        })
        .await
        .unwrap();

    let mut changed = store.read(|tx| tx.evidence_counts_to_refresh("x.example", T0)).unwrap();
    changed.sort();

    assert_eq!(changed, [("empty@x.example".to_owned(), 0), ("old@x.example".to_owned(), 1)]);
}

#[tokio::test]
async fn pruned_evidence_is_gone_and_so_are_its_sender_domains() {
    let (_dir, store) = given::store();
    let day = |days| T0.plus_ms(days * DAY_MS);
    add(
        &store,
        &[
            given::delivered(ANN, "old.example", day(0)),
            given::delivered(ANN, "both.example", day(0)),
            given::delivered(ANN, "both.example", day(2)),
        ],
    )
    .await;

    assert_eq!(store.write(move |tx| tx.prune_evidence(day(1))).await.unwrap(), 2);

    let left = store.read(|tx| Ok((tx.evidence(ANN, 9)?.len(), tx.sender_domains_since(ANN, Timestamp(0))?)));
    assert_eq!(left.unwrap(), (1, 1));
}

#[tokio::test]
async fn the_short_cut_to_sender_domains_says_what_the_evidence_says() {
    let (dir, store) = given::store();
    let mail = |n: i64| EvidenceRecord {
        counted: n % 3 != 0,
        ..given::delivered(
            &format!("p{}@x.example", n % 7),
            &format!("d{}.example", n % 11),
            T0.plus_ms(n * 7919 % 500),
        )
    };
    add(&store, &(0..600).map(mail).collect::<Vec<_>>()).await;
    store.write(|tx| tx.prune_evidence(T0.plus_ms(100))).await.unwrap();

    let conn = given::beside(dir.path(), "rollcall.db");
    let told = "SELECT key, sender_domain, max(at_ms) FROM evidence WHERE counted = 1 GROUP BY 1, 2 ORDER BY 1, 2";
    let noted = "SELECT key, sender_domain, last_counted_ms FROM evidence_sender ORDER BY 1, 2";
    assert_eq!(given::dump(&conn, noted), given::dump(&conn, told));
}

async fn add(store: &Store, evidence: &[EvidenceRecord]) {
    let evidence = evidence.to_vec();
    store.write(move |tx| evidence.iter().try_for_each(|one| tx.add_evidence(one))).await.unwrap();
}
