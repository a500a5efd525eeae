//! The journal: what it says, and that it gives rows back exactly (X04).

use proptest::prelude::*;
use rollcall_core::{AddressState, InvalidReason, MadeBy, Role, Source, Timestamp};
use rollcall_store::{AddressRecord, NewEntry, RowChange, Store};

use crate::given::{self, T0};

#[tokio::test]
async fn x04_a_bulk_decision_taken_back_leaves_the_table_byte_for_byte_as_it_was() {
    let (dir, store) = given::store();
    let before: Vec<_> = (0..500)
        .map(|n| AddressRecord {
            first_name: (n % 2 == 0).then(|| format!("Änn{n}")),
            clean_count: n,
            discovered: Some(T0.plus_ms(i64::from(n))),
            ..given::address(&format!("p{n:03}@acme.example"), AddressState::Discovered)
        })
        .collect();
    let rows = before.clone();
    store.write(move |tx| rows.iter().try_for_each(|row| tx.put_address(row))).await.unwrap();
    let table = || given::dump(&given::beside(dir.path(), "rollcall.db"), "SELECT * FROM address ORDER BY key");
    let dump = table();

    let decision = store.write(move |tx| {
        let changes: Vec<_> = before.into_iter().map(|row| removal(&row)).collect();
        changes.iter().try_for_each(|change| tx.remove_address(&change.key).map(drop))?;
        tx.add_journal(&entry("remove_invalid"), &changes)
    });
    let decision = decision.await.unwrap();
    assert!(table().is_empty());
    store
        .write(move |tx| {
            let (_, changes) = tx.journal_changes(decision)?.unwrap();
            changes.iter().filter_map(|change| change.before.as_ref()).try_for_each(|row| tx.put_address(row))
        })
        .await
        .unwrap();

    assert_eq!(table(), dump);
}

#[tokio::test]
async fn an_entry_names_five_addresses_and_counts_all() {
    let (_dir, store) = given::store();
    let changes: Vec<_> = (0..7)
        .map(|n| {
            removal(&AddressRecord {
                shown: format!("P{n}@acme.example"),
                ..given::address(&format!("p{n}@acme.example"), AddressState::Watching)
            })
        })
        .collect();

    let number = store.write(move |tx| tx.add_journal(&entry("remove_invalid"), &changes)).await.unwrap();

    let journal = store.read(|tx| tx.journal(10, None)).unwrap();
    assert_eq!(journal.len(), 1);
    assert_eq!((journal[0].entry, journal[0].count), (number, 7));
    assert_eq!(journal[0].addresses, (0..5).map(|n| format!("P{n}@acme.example")).collect::<Vec<_>>());
    assert_eq!((journal[0].who.as_str(), journal[0].why.as_str()), ("operator", "because"));
}

#[tokio::test]
async fn entries_are_read_page_by_page_and_by_address() {
    let (_dir, store) = given::store();
    let ann = given::address("ann@acme.example", AddressState::Watching);

    let numbers = store.write(move |tx| {
        let first = tx.add_journal(&entry("one"), &[removal(&ann)])?;
        let second = tx.add_journal(&entry("two"), &[])?;
        Ok((first, second, tx.add_journal(&entry("three"), &[removal(&ann)])?, tx.last_journal_entry()?))
    });
    let (first, second, third, last) = numbers.await.unwrap();

    assert_eq!(third, last);
    let actions = |records: Vec<rollcall_store::JournalRecord>| {
        records.into_iter().map(|record| record.action).collect::<Vec<_>>()
    };
    assert_eq!(actions(store.read(|tx| tx.journal(2, None)).unwrap()), ["three", "two"]);
    assert_eq!(actions(store.read(|tx| tx.journal(2, Some(second))).unwrap()), ["one"]);
    assert_eq!(actions(store.read(|tx| tx.journal_of("ann@acme.example", 9)).unwrap()), ["three", "one"]);
    assert!(first < second && second < third);
    assert_eq!(store.read(|tx| tx.journal_changes(third + 1)).unwrap(), None);
}

#[tokio::test]
async fn an_undone_entry_says_so_and_the_undoing_one_names_it() {
    let (_dir, store) = given::store();

    let (first, second) = store
        .write(|tx| {
            let first = tx.add_journal(&entry("mark_invalid"), &[])?;
            let second = tx.add_journal(&NewEntry { undoes: Some(first), ..entry("undo") }, &[])?;
            tx.mark_undone(first, second)?;
            Ok((first, second))
        })
        .await
        .unwrap();

    let journal = store.read(|tx| tx.journal(10, None)).unwrap();
    assert_eq!((journal[0].entry, journal[0].undone, journal[0].undoes), (second, false, Some(first)));
    assert_eq!((journal[1].entry, journal[1].undone, journal[1].undoes), (first, true, None));
    let dangling = store.write(move |tx| tx.mark_undone(first, 4711)).await;
    assert!(dangling.is_err(), "an entry is undone by one that exists");
}

#[test]
fn an_empty_journal_ends_at_nought() {
    let (_dir, store) = given::store();

    assert_eq!(store.read(|tx| tx.last_journal_entry()).unwrap(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_row_comes_back_from_the_journal_and_from_the_directory_as_it_was(
        changes in prop::collection::vec(any_change(), 1..6),
    ) {
        let (_dir, store) = given::store();

        let (written, rows) = round_trip(&store, changes.clone());

        prop_assert_eq!(written, changes);
        for (put, got) in rows {
            prop_assert_eq!(got, Some(put));
        }
    }
}

/// Writes the changes to the journal and each row to the directory; gives back what both say.
fn round_trip(store: &Store, changes: Vec<RowChange>) -> (Vec<RowChange>, Vec<(AddressRecord, Option<AddressRecord>)>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let job = store.write(move |tx| {
        let number = tx.add_journal(&entry("any"), &changes)?;
        let (_, written) = tx.journal_changes(number)?.unwrap();
        let rows = changes.iter().flat_map(|change| [&change.before, &change.after]).flatten();
        let rows = rows.map(|row| {
            tx.put_address(row)?;
            Ok((row.clone(), tx.address(&row.key)?))
        });
        Ok((written, rows.collect::<Result<_, _>>()?))
    });
    runtime.block_on(job).unwrap()
}

fn entry(action: &str) -> NewEntry {
    NewEntry {
        at: T0,
        who: "operator".to_owned(),
        action: action.to_owned(),
        why: "because".to_owned(),
        undoable: true,
        undoes: None,
    }
}

fn removal(row: &AddressRecord) -> RowChange {
    RowChange { key: row.key.clone(), before: Some(row.clone()), after: None }
}

fn any_change() -> impl Strategy<Value = RowChange> {
    (".{1,20}", prop::option::of(any_row()), prop::option::of(any_row())).prop_map(|(key, before, after)| RowChange {
        before: before.map(|row| AddressRecord { key: key.clone(), ..row }),
        after: after.map(|row| AddressRecord { key: key.clone(), ..row }),
        key,
    })
}

fn any_row() -> impl Strategy<Value = AddressRecord> {
    let state = prop::sample::select(vec![
        AddressState::Watching,
        AddressState::Discovered,
        AddressState::User(Role::Silent),
        AddressState::User(Role::End),
        AddressState::Functional,
        AddressState::Alias,
        AddressState::Inactive,
        AddressState::Invalid(InvalidReason::Manual),
        AddressState::Invalid(InvalidReason::Expired),
        AddressState::Invalid(InvalidReason::Bounced),
        AddressState::NeverAdd,
    ]);
    let moment = || any::<i64>().prop_map(Timestamp);
    let text = || prop::option::of(".{0,12}");
    let numbers = (any::<u32>(), any::<u32>());
    let moments = (moment(), moment(), moment(), prop::option::of(moment()), prop::option::of(moment()));
    let source = prop::sample::select(Source::ALL.to_vec());
    (".{1,20}", state, source, text(), text(), numbers, moments, prop::option::of(moment())).prop_map(
        |(shown, state, source, first_name, surname, numbers, moments, suspect)| AddressRecord {
            notices: numbers.1,
            last_notice: suspect,
            held_until: moments.3,
            pinned: numbers.0 % 2 == 0,
            made_by: state.is_account().then_some(MadeBy::Rule),
            owner: first_name.clone().filter(|name| !name.is_empty()),
            key: shown.clone(),
            domain: shown.clone(),
            shown,
            state,
            source,
            first_name,
            surname,
            clean_count: numbers.0,
            first_seen: moments.0,
            last_seen: moments.1,
            discovered: moments.3,
            decided: moments.4,
            changed: moments.2,
            suspect,
            refused_count: numbers.1,
        },
    )
}
