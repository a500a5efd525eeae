//! The weekly report and letters of our own.

use rollcall_core::access::Role as Audience;
use rollcall_core::new_accounts::Cause;
use rollcall_core::{AddressState, Role};
use rollcall_store::{
    AddressRecord, LetterRecord, LetterState, NewAccount, NewEntry, NewKind, NewReport, RowChange, StoreError, Tx,
};

use crate::given::{self, T0};

fn entry(who: &str, undoes: Option<i64>, at_ms: i64) -> NewEntry {
    let (action, why) = ("something".to_owned(), "because".to_owned());
    NewEntry { at: T0.plus_ms(at_ms), who: who.to_owned(), action, why, undoable: true, undoes }
}

fn change(key: &str, before: Option<AddressState>, after: Option<AddressState>) -> RowChange {
    let row = |state| AddressRecord { state, ..given::address(key, AddressState::Watching) };
    RowChange { key: key.to_owned(), before: before.map(row), after: after.map(row) }
}

const USER: Option<AddressState> = Some(AddressState::User(Role::Silent));

/// Makes `key` a user, as this one decides.
fn make(tx: &Tx<'_>, who: &str, key: &str, at_ms: i64) -> Result<i64, StoreError> {
    tx.add_journal(&entry(who, None, at_ms), &[change(key, None, USER)])
}

fn undo(tx: &Tx<'_>, undone: i64, by: &[RowChange]) -> Result<i64, StoreError> {
    let number = tx.add_journal(&entry("technician", Some(undone), 9), by)?;
    tx.mark_undone(undone, number)?;
    Ok(number)
}

fn keys(found: &[NewAccount]) -> Vec<&str> {
    found.iter().map(|account| account.key.as_str()).collect()
}

#[tokio::test]
async fn d11_who_came_new_is_who_was_made_a_user_and_nobody_took_it_back() {
    let (_dir, store) = given::store();
    let write = |tx: &Tx<'_>| {
        make(tx, "technician", "before@a", 0)?;
        tx.add_tick(&rollcall_store::TickRecord {
            at: T0.plus_ms(1),
            missed: 0,
            done: None,
            due: None,
            holiday: None,
            shown: None,
        })?;
        let by_rule = make(tx, "rollcall", "rule@a", 2)?;
        tx.note_cause(by_rule, Cause::Outbound)?;
        make(tx, "rollcall", "old@a", 3)?;
        make(tx, "technician", "twice@a", 4)?;
        tx.add_journal(&entry("technician", None, 5), &[change("twice@a", USER, None)])?;
        make(tx, "technician", "twice@a", 6)?;
        let mistake = make(tx, "technician", "mistake@a", 7)?;
        undo(tx, mistake, &[change("mistake@a", USER, None)])?;
        let redone = make(tx, "technician", "redone@a", 8)?;
        let back = undo(tx, redone, &[change("redone@a", USER, None)])?;
        undo(tx, back, &[change("redone@a", None, USER)])?;
        // A role is no new user, and neither is one that comes back.
        let end = Some(AddressState::User(Role::End));
        tx.add_journal(&entry("technician", None, 10), &[change("before@a", USER, end)])?;
        let gone = tx.add_journal(&entry("technician", None, 11), &[change("before@a", end, None)])?;
        undo(tx, gone, &[change("before@a", None, end)])?;
        tx.add_journal(&entry("technician", None, 12), &[change("other@a", None, Some(AddressState::Alias))])?;
        Ok(())
    };
    store.write(write).await.unwrap();

    let found = |kind| store.read(|tx| tx.new_accounts(tx.last_reported_entry(T0)?, kind)).unwrap();

    let users = found(NewKind::User);
    assert_eq!(keys(&users), ["rule@a", "old@a", "twice@a", "redone@a"]);
    let causes: Vec<Cause> = users.iter().map(|account| account.cause).collect();
    assert_eq!(causes, [Cause::Outbound, Cause::Threshold, Cause::Operator, Cause::Operator]);
    assert_eq!(users[2].at, T0.plus_ms(6), "the last time that it was made");
    assert_eq!(keys(&found(NewKind::Alias)), ["other@a"]);
}

#[tokio::test]
async fn d11_before_the_first_tick_the_week_begins_when_ticks_began_to_count() {
    let (_dir, store) = given::store();
    let write = |tx: &Tx<'_>| {
        make(tx, "technician", "before@a", 0)?;
        make(tx, "technician", "after@a", 10)
    };
    store.write(write).await.unwrap();

    let found = |at| {
        let start = T0.plus_ms(at);
        store.read(|tx| tx.new_accounts(tx.last_reported_entry(start)?, NewKind::User)).unwrap()
    };

    assert_eq!(keys(&found(10)), ["after@a"]);
    assert_eq!(keys(&found(-1)), ["before@a", "after@a"]);
}

#[tokio::test]
async fn d11_a_report_comes_back_as_it_was_made_and_reports_are_listed_newest_first() {
    let (_dir, store) = given::store();
    let account = |kind, key: &str| NewAccount {
        kind,
        key: key.to_owned(),
        shown: key.to_uppercase(),
        owner: (kind == NewKind::Alias).then(|| "ann@a".to_owned()),
        at: T0.plus_ms(3),
        cause: Cause::Expiry,
        who: "rollcall".to_owned(),
    };
    let rows = vec![account(NewKind::User, "z@a"), account(NewKind::User, "a@a"), account(NewKind::Alias, "b@a")];
    let about = NewReport { at: T0.plus_ms(9), from: T0, until: T0.plus_ms(8), waiting: 4 };
    let given = rows.clone();
    let (first, second) =
        store.write(move |tx| Ok((tx.add_report(&about, &given)?, tx.add_report(&about, &[])?))).await.unwrap();

    let (report, found) = store.read(|tx| tx.report(first)).unwrap().unwrap();
    assert_eq!((report.about, report.users, report.aliases), (about, 2, 1));
    assert_eq!(found, rows);
    let ids = |before| -> Vec<i64> {
        store.read(|tx| tx.reports(10, before)).unwrap().iter().map(|report| report.id).collect()
    };
    assert_eq!((ids(None), ids(Some(second))), (vec![second, first], vec![first]));
    assert_eq!(store.read(|tx| tx.report(99)).unwrap(), None);
}

#[tokio::test]
async fn p10_a_welcome_is_due_once_and_what_became_of_a_letter_is_kept_for_a_while() {
    let (_dir, store) = given::store();
    let write = |tx: &Tx<'_>| {
        tx.add_welcome("A", "ann@a", T0, T0.plus_ms(10))?;
        tx.add_welcome("B", "ann@a", T0.plus_ms(5), T0.plus_ms(20))?;
        tx.add_week_letter("C", Audience::Technician, ("this week", "text", "<p>text"), T0)
    };
    store.write(write).await.unwrap();
    let due = |ms| store.read(|tx| tx.due_letters(T0.plus_ms(ms), 10)).unwrap();

    assert_eq!(due(19).len(), 1, "the welcome moved");
    let letters = due(20);
    assert_eq!((letters[0].queue_id.as_str(), letters[1].queue_id.as_str()), ("C", "A"));
    assert_eq!(letters[1].letter, LetterRecord::Welcome { key: "ann@a".to_owned() });
    assert!(matches!(&letters[0].letter, LetterRecord::Week { audience: Audience::Technician, .. }));

    let (week, welcome) = (letters[0].id, letters[1].id);
    let settle = move |tx: &Tx<'_>| {
        tx.settle_letter(welcome, LetterState::Sent, None, T0.plus_ms(20))?;
        tx.settle_letter(week, LetterState::Failed, Some("no way out"), T0.plus_ms(21))
    };
    store.write(settle).await.unwrap();
    assert_eq!(due(99), []);
    let welcomed = |since| store.read(|tx| tx.was_welcomed_since("ann@a", T0.plus_ms(since))).unwrap();
    assert!(welcomed(20) && !welcomed(21));
    let trouble = store.read(|tx| tx.letter_trouble()).unwrap();
    assert_eq!(trouble, Some((T0.plus_ms(21), "no way out".to_owned())));
    assert_eq!(store.write(|tx| tx.prune_letters(T0.plus_ms(21))).await.unwrap(), 1);
}
