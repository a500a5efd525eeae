//! Commits that fail, which no public door can bring about.

use std::sync::{Arc, Mutex};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::job::Deed;
use super::{Queued, Writer};
use crate::tx::Statement;
use crate::{StoreError, Tx};

const CHILD: Statement = Statement { action: "add a child", sql: "INSERT INTO child (parent) VALUES (1)" };
const CHILDREN: Statement = Statement { action: "count", sql: "SELECT count(*) AS total FROM child" };
const GIVE_UP: Statement = Statement { action: "give up", sql: "INSERT OR ROLLBACK INTO child (parent) VALUES (NULL)" };

/// A writer on a table whose foreign key is checked only at the commit.
fn writer_whose_commits_fail() -> Writer {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(
        "PRAGMA foreign_keys = ON;
         CREATE TABLE parent (id INTEGER PRIMARY KEY);
         CREATE TABLE child (parent NOT NULL REFERENCES parent DEFERRABLE INITIALLY DEFERRED);",
    )
    .unwrap();
    Writer::start("test", conn, || {}).unwrap()
}

#[tokio::test]
async fn a_failed_commit_is_told_and_the_writer_goes_on() {
    let writer = writer_whose_commits_fail();

    let orphan = writer.write(|tx| tx.change(&CHILD, [])).await;

    assert!(matches!(orphan, Err(StoreError::Commit { .. })), "{orphan:?}");
    assert_eq!(writer.write(|tx| tx.total(&CHILDREN, [])).await.unwrap(), 0, "nothing of it is stored");
    assert_eq!(writer.commits(), 1, "a failed commit is none");
}

#[test]
fn a_commit_that_fails_fails_every_job_of_its_batch() {
    let writer = writer_whose_commits_fail();
    let mut conn = writer.finish().unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));

    let batch = [queued(&told, |tx| tx.total(&CHILDREN, [])), queued(&told, |tx| tx.change(&CHILD, []).map(|_| 1))];
    writer.queue.commit(&mut conn, batch.into());

    let told = told.lock().unwrap();
    assert!(told.iter().all(|result| matches!(result, Err(StoreError::Commit { .. }))), "{told:?}");
    assert_eq!(told.len(), 2);
}

#[test]
fn when_sqlite_gives_a_transaction_up_the_jobs_before_hear_of_it_and_those_after_go_on() {
    let writer = writer_whose_commits_fail();
    let mut conn = writer.finish().unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));

    let batch =
        [queued(&told, |_| Ok(1)), queued(&told, |tx| tx.change(&GIVE_UP, []).map(|_| 2)), queued(&told, |_| Ok(3))];
    writer.queue.commit(&mut conn, batch.into());

    let told = told.lock().unwrap();
    assert!(matches!(told[0], Err(StoreError::Commit { .. })), "{told:?}");
    assert!(matches!(told[1], Err(StoreError::Sqlite { action: "give up", .. })), "{told:?}");
    assert!(matches!(told[2], Ok(3)), "{told:?}");
}

type Told = Arc<Mutex<Vec<Result<u64, StoreError>>>>;

fn queued(told: &Told, work: impl FnOnce(&Tx<'_>) -> Result<u64, StoreError> + Send + 'static) -> Queued {
    let told = Arc::clone(told);
    let tell = move |result| told.lock().unwrap().push(result);
    let place = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
    Queued { job: Box::new(Deed::new(work, tell)), urgent: true, alone: true, _place: place }
}
