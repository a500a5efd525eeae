//! One writer, many owners: what is committed together, what fails alone.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rollcall_store::{Kind, Store, StoreError, Tx};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::given::{self, Gate};

#[tokio::test]
async fn a_hundred_writes_that_come_together_share_one_commit() {
    let (_dir, store) = given::store();
    let gate = Gate::close(&store).await;

    let mut writes = JoinSet::new();
    for number in 0..100 {
        let store = store.clone();
        writes.spawn(async move { store.write(set(number)).await });
    }
    given::everybody_waits().await;
    gate.open().await;
    while let Some(written) = writes.join_next().await {
        written.unwrap().unwrap();
    }

    assert_eq!(settings(&store), 100);
    assert_eq!(store.commits(), 2, "one for the job that held the writer up, one for the hundred");
}

#[tokio::test]
async fn a_failing_and_a_panicking_job_undo_only_themselves() {
    let (_dir, store) = given::store();
    let gate = Gate::close(&store).await;

    let before = spawn_write(&store, set(1));
    let failing = spawn_write(&store, |tx| {
        tx.put_setting("failing", "half")?;
        Err::<(), _>(StoreError::Closed)
    });
    let panicking = spawn_write(&store, |tx| -> Result<(), StoreError> {
        tx.put_setting("panicking", "half")?;
        panic!("the job stumbles");
    });
    let after = spawn_write(&store, set(2));
    given::everybody_waits().await;
    gate.open().await;

    before.await.unwrap().unwrap();
    assert!(matches!(failing.await.unwrap(), Err(StoreError::Closed)));
    assert!(matches!(panicking.await.unwrap(), Err(StoreError::Panicked { what }) if what == "the job stumbles"));
    after.await.unwrap().unwrap();
    let half = store.read(|tx| Ok((tx.setting("failing")?, tx.setting("panicking")?))).unwrap();
    assert_eq!(half, (None, None), "what they had written is gone");
    assert_eq!(settings(&store), 2);
    assert_eq!(store.commits(), 2, "all four were in one transaction");
}

#[tokio::test]
async fn unhurried_jobs_share_a_savepoint_and_still_a_failing_or_panicking_one_undoes_only_itself() {
    let (_dir, store) = given::store();
    let gate = Gate::close(&store).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = |name: &'static str| {
        let told = Arc::clone(&told);
        move |result: Result<(), StoreError>| told.lock().unwrap().push((name, result.is_ok()))
    };

    store.write_later(set(1), tell("before")).await;
    let failing = |tx: &Tx<'_>| tx.put_setting("failing", "half").and(Err(StoreError::Closed));
    store.write_later(failing, tell("failing")).await;
    store.write_later(set(2), tell("between")).await;
    let panicking = |tx: &Tx<'_>| -> Result<(), StoreError> {
        tx.put_setting("panicking", "half")?;
        panic!("the job stumbles");
    };
    store.write_later(panicking, tell("panicking")).await;
    store.write_later(set(3), tell("after")).await;
    gate.open().await;
    store.settle().await.unwrap();

    let expected = [("before", true), ("failing", false), ("between", true), ("panicking", false), ("after", true)];
    assert_eq!(*told.lock().unwrap(), expected, "each once, in order");
    let half = store.read(|tx| Ok((tx.setting("failing")?, tx.setting("panicking")?))).unwrap();
    assert_eq!(half, (None, None), "what they had written is gone");
    assert_eq!(settings(&store), 3);
    assert!(store.commits() <= 3, "they were in one transaction: {}", store.commits());
}

#[tokio::test]
async fn a_panic_when_told_of_a_commit_harms_nobody() {
    let (_dir, store) = given::store();

    store.write_later(set(1), |_| panic!("the owner stumbles")).await;
    store.settle().await.unwrap();
    store.write(set(2)).await.unwrap();

    assert_eq!(settings(&store), 2);
}

#[tokio::test]
async fn a_write_for_later_is_committed_without_being_asked_for_and_its_owner_told() {
    let (_dir, store) = given::store();
    let (tell, told) = oneshot::channel();

    store.write_later(|tx| set(7)(tx).map(|()| "seven"), move |result| drop(tell.send(result))).await;

    assert_eq!(told.await.unwrap().unwrap(), "seven");
    assert_eq!(settings(&store), 1);
}

#[tokio::test]
async fn writes_for_later_wait_for_company_until_somebody_is_in_a_hurry() {
    let (_dir, store) = given::store();
    let gate = Gate::close(&store).await;

    for number in 0..20 {
        store.write_later(set(number), |_| {}).await;
    }
    let hurried = spawn_write(&store, set(20));
    given::everybody_waits().await;
    gate.open().await;
    hurried.await.unwrap().unwrap();

    assert_eq!(settings(&store), 21);
    assert_eq!(store.commits(), 2);
}

#[tokio::test]
async fn after_settle_everything_queued_before_is_committed_and_told() {
    let (_dir, store) = given::store();
    let told = Arc::new(AtomicUsize::new(0));

    for number in 0..300 {
        let told = Arc::clone(&told);
        store.write_later(set(number), move |_| count(&told)).await;
    }
    store.settle().await.unwrap();

    assert_eq!(told.load(Ordering::Relaxed), 300);
    assert_eq!(settings(&store), 300);
}

#[tokio::test]
async fn a_full_queue_makes_its_users_wait_and_loses_nothing() {
    const JOBS: usize = 3000;
    let (_dir, store) = given::store();
    let gate = Gate::close(&store).await;
    let queued = Arc::new(AtomicUsize::new(0));
    let told = Arc::new(AtomicUsize::new(0));

    let mut sessions = JoinSet::new();
    for number in 0..JOBS {
        let (store, queued, told) = (store.clone(), Arc::clone(&queued), Arc::clone(&told));
        sessions.spawn(async move {
            store.write_later(set(number), move |_| count(&told)).await;
            queued.fetch_add(1, Ordering::Relaxed);
        });
    }
    given::everybody_waits().await;
    let let_in = queued.load(Ordering::Relaxed);
    assert!(let_in > 0 && let_in < JOBS, "{let_in} of {JOBS} found room while the writer stood still");

    gate.open().await;
    while let Some(session) = sessions.join_next().await {
        session.unwrap();
    }
    store.settle().await.unwrap();
    assert_eq!(told.load(Ordering::Relaxed), JOBS);
    assert_eq!(settings(&store), JOBS);
}

#[tokio::test]
async fn a_reader_never_sees_what_is_not_committed() {
    let (_dir, store) = given::store();
    let (reached, standing) = oneshot::channel();
    let (release, released) = std::sync::mpsc::channel::<()>();

    let halfway = spawn_write(&store, move |tx| {
        set(1)(tx)?;
        reached.send(()).unwrap();
        released.recv().unwrap_err();
        Ok(())
    });
    standing.await.unwrap();
    assert_eq!(settings(&store), 0, "written, but not committed");

    drop(release);
    halfway.await.unwrap().unwrap();
    assert_eq!(settings(&store), 1);
}

#[tokio::test]
async fn a_question_sees_one_state_from_its_first_row_to_its_last() {
    let (_dir, store) = given::store();
    let writing = store.clone();

    let (first, second) = tokio::task::spawn_blocking(move || {
        writing.clone().read(|tx| {
            let first = tx.setting("1")?;
            tokio::runtime::Handle::current().block_on(writing.write(set(1)))?;
            Ok((first, tx.setting("1")?))
        })
    })
    .await
    .unwrap()
    .unwrap();

    assert_eq!((first, second), (None, None), "the change between the two is not seen");
    assert_eq!(settings(&store), 1);
}

#[tokio::test]
async fn a_reader_cannot_change_anything() {
    let (_dir, store) = given::store();

    let refused = store.read(set(1));

    assert!(matches!(refused, Err(StoreError::Sqlite { .. })), "{refused:?}");
}

#[test]
fn a_question_that_panics_gives_its_connection_back() {
    let (_dir, store) = given::store();

    for _ in 0..20 {
        let stumble = || store.read(|_| -> Result<(), StoreError> { panic!("the question stumbles") });
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(stumble)).unwrap_err();
    }

    assert_eq!(settings(&store), 0);
}

#[tokio::test]
async fn a_write_whose_owner_went_away_is_made_all_the_same() {
    let (_dir, store) = given::store();
    let gate = Gate::close(&store).await;

    let impatient = spawn_write(&store, set(1));
    given::everybody_waits().await;
    impatient.abort();
    gate.open().await;
    store.settle().await.unwrap();

    assert_eq!(settings(&store), 1);
}

#[tokio::test]
async fn closing_commits_what_is_queued_and_ends_the_store_for_every_clone() {
    let (dir, store) = given::store();
    for number in 0..50 {
        store.write_later(set(number), |_| {}).await;
    }
    let clone = store.clone();

    store.close();

    assert!(matches!(clone.write(set(99)).await, Err(StoreError::Closed)));
    assert!(matches!(clone.read(|tx| tx.domains()), Err(StoreError::Closed)));
    let told = Arc::new(Mutex::new(None));
    let tell = Arc::clone(&told);
    clone.write_later(set(99), move |result| *tell.lock().unwrap() = Some(result)).await;
    assert!(matches!(told.lock().unwrap().take(), Some(Err(StoreError::Closed))));
    drop(clone);
    assert!(!dir.path().join("rollcall.db-wal").exists(), "the log is folded into the file");
    assert_eq!(settings(&Store::open(dir.path(), Kind::Real).unwrap()), 50);
}

#[tokio::test]
async fn the_last_clone_may_be_dropped_on_the_writers_own_thread() {
    let (dir, store) = given::store();
    let (tell, told) = oneshot::channel();
    let last = store.clone();

    let committed = move |_| {
        drop(last);
        tell.send(()).unwrap();
    };
    store.write_later(set(1), committed).await;
    drop(store);

    told.await.unwrap();
    assert_eq!(settings(&Store::open(dir.path(), Kind::Real).unwrap()), 1);
}

/// A job that writes one row of its own.
fn set(number: usize) -> impl Fn(&Tx<'_>) -> Result<(), StoreError> + Send + 'static {
    move |tx| tx.put_setting(&number.to_string(), "set")
}

/// One more owner was told.
fn count(told: &AtomicUsize) {
    told.fetch_add(1, Ordering::Relaxed);
}

/// How many of the rows of [`set`] are committed.
fn settings(store: &Store) -> usize {
    let is_set = |tx: &Tx<'_>, number: usize| Ok(usize::from(tx.setting(&number.to_string())?.is_some()));
    store.read(|tx| (0..3000).map(|number| is_set(tx, number)).sum()).unwrap()
}

fn spawn_write<T: Send + 'static>(
    store: &Store,
    job: impl FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
) -> tokio::task::JoinHandle<Result<T, StoreError>> {
    let store = store.clone();
    tokio::spawn(async move { store.write(job).await })
}
