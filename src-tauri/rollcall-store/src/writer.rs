//! The writer: one thread a database, which commits jobs in batches.
//!
//! It takes what is queued into one transaction, commits, and only then tells the jobs' owners. While it commits, others
//! queue up: a hundred sessions share one flush. An urgent job has its own savepoint; unhurried ones, which can be run
//! again, share one, and only when one of them fails is each run again in its own.
//!
//! **Invariant.** Nobody hears of success before the commit. A job that fails or panics undoes only itself. A commit
//! that fails fails every job of its batch. The queue is bounded, and nothing that entered it is dropped.
//!
//! **Limits.** Jobs run one after another, so a job must be short: no content above 64 KiB, no waiting. A job must not
//! wait for another job.

mod job;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use self::job::{Deed, Job, Lost, Repeatable};
use crate::tx::{Statement, statement};
use crate::{StoreError, Tx};

const OPEN_GROUP: Statement = statement!("writer/open_group", "open a savepoint");
const UNDO_GROUP: Statement = statement!("writer/undo_group", "undo a savepoint");
const END_GROUP: Statement = statement!("writer/end_group", "end a savepoint");

/// Jobs that may wait in the queue; beyond that their owners wait.
pub(crate) const ROOM: usize = 2048;
/// Jobs of one transaction at most. Each writes the pages it changes once: a quarter as many jobs cost a tenth more CPU
/// for each message.
pub(crate) const LARGEST_BATCH: usize = 1024;
/// How long an unhurried job waits for company. With the commit itself this stays below 200 ms.
const COMPANY: Duration = Duration::from_millis(100);
/// How long an urgent job waits for company while several write at once: they share pages and a flush then. One that
/// comes alone never waits.
const GATHER: Duration = Duration::from_millis(1);

/// One thread, one connection, one queue.
pub(crate) struct Writer {
    queue: Arc<Queue>,
    thread: Mutex<Option<JoinHandle<Connection>>>,
}

/// What the owners and the thread share.
struct Queue {
    room: Arc<Semaphore>,
    waiting: Mutex<Waiting>,
    arrival: Condvar,
    commits: AtomicU64,
    /// Called after each transaction, before its owners are told.
    after_commit: Box<dyn Fn() + Send + Sync>,
}

/// The jobs that wait, in order.
#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Queued>,
    /// How many of them should not wait for company.
    urgent: usize,
    closing: bool,
}

/// A job and its place in the queue, which is free again when the job is done.
struct Queued {
    job: Box<dyn Job>,
    urgent: bool,
    /// It shares no savepoint: it cannot be run twice, or failed together with others.
    alone: bool,
    _place: OwnedSemaphorePermit,
}

impl Writer {
    /// Starts the thread. `after_commit` is called on it after each transaction, before anybody hears of it.
    pub(crate) fn start(
        name: &str,
        conn: Connection,
        after_commit: impl Fn() + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let queue = Arc::new(Queue {
            room: Arc::new(Semaphore::new(ROOM)),
            waiting: Mutex::default(),
            arrival: Condvar::new(),
            commits: AtomicU64::new(0),
            after_commit: Box::new(after_commit),
        });
        let work = Arc::clone(&queue);
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || work.serve(conn))?;
        Ok(Self { queue, thread: Mutex::new(Some(thread)) })
    }

    /// Runs `job` and resolves after its commit, which does not wait for company.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.write_then(job, |_| {}).await
    }

    /// As [`Writer::write`]; `then` learns what became of the job, on the writer's thread, even when nobody waits any
    /// more. It is dropped untold if the future is dropped before there was room in the queue.
    pub(crate) async fn write_then<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
        then: impl FnOnce(&Result<T, StoreError>) + Send + 'static,
    ) -> Result<T, StoreError> {
        let (tell, told) = oneshot::channel();
        let tell = move |result| {
            then(&result);
            // The owner may have stopped waiting; the change is made all the same.
            drop(tell.send(result));
        };
        self.enqueue(true, Box::new(Deed::new(job, tell))).await;
        told.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Queues `job`, waiting for room, and returns; `committed` is told on the writer's thread. What the job did may be
    /// undone and the job run again, because of another one that failed.
    pub(crate) async fn write_later<T: Send + 'static>(
        &self,
        job: impl Fn(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
        committed: impl FnOnce(Result<T, StoreError>) + Send + 'static,
    ) {
        self.enqueue(false, Box::new(Repeatable::new(job, committed))).await;
    }

    /// Transactions committed since the start.
    pub(crate) fn commits(&self) -> u64 {
        self.queue.commits.load(Ordering::Relaxed)
    }

    /// Takes no more jobs, finishes those queued and gives the connection back. `None` the second time, and when the
    /// writer's own thread asks, which ends by itself.
    pub(crate) fn finish(&self) -> Option<Connection> {
        self.queue.close();
        let thread = lock(&self.thread).take()?;
        if thread.thread().id() == thread::current().id() {
            return None;
        }
        thread.join().ok()
    }

    async fn enqueue(&self, urgent: bool, job: Box<dyn Job>) {
        match Arc::clone(&self.queue.room).acquire_owned().await {
            Ok(place) => {
                let alone = !job.is_repeatable();
                self.queue.push(Queued { job, urgent, alone, _place: place });
            }
            Err(_closed) => job.acknowledge(Err(&Lost::Closed)),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.finish();
    }
}

impl Queue {
    fn push(&self, queued: Queued) {
        let mut waiting = lock(&self.waiting);
        if waiting.closing {
            drop(waiting);
            return queued.job.acknowledge(Err(&Lost::Closed));
        }
        // The thread sleeps only for what changes its mind: waking it for each message would cost more than the message.
        let is_news = waiting.jobs.is_empty()
            || (queued.urgent && waiting.urgent == 0)
            || waiting.jobs.len() + 1 == LARGEST_BATCH;
        waiting.urgent += usize::from(queued.urgent);
        waiting.jobs.push_back(queued);
        drop(waiting);
        if is_news {
            self.arrival.notify_one();
        }
    }

    fn close(&self) {
        lock(&self.waiting).closing = true;
        self.room.close();
        self.arrival.notify_one();
    }

    /// The thread's life.
    fn serve(&self, mut conn: Connection) -> Connection {
        let mut urgent_before = 0;
        while let Some(batch) = self.next_batch(urgent_before > 1) {
            urgent_before = batch.iter().filter(|queued| queued.urgent).count();
            self.commit(&mut conn, batch);
        }
        conn
    }

    /// Waits for jobs, and with `gather` a little longer for more of them. `None` once the queue is closed and empty.
    fn next_batch(&self, gather: bool) -> Option<VecDeque<Queued>> {
        let idle = |waiting: &mut Waiting| waiting.jobs.is_empty() && !waiting.closing;
        let mut waiting = self.arrival.wait_while(lock(&self.waiting), idle).unwrap_or_else(PoisonError::into_inner);
        let unhurried =
            |waiting: &mut Waiting| waiting.urgent == 0 && waiting.jobs.len() < LARGEST_BATCH && !waiting.closing;
        if unhurried(&mut waiting) {
            let woken = self.arrival.wait_timeout_while(waiting, COMPANY, unhurried);
            waiting = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        let may_grow = |waiting: &mut Waiting| waiting.jobs.len() < LARGEST_BATCH && !waiting.closing;
        if gather && may_grow(&mut waiting) {
            let woken = self.arrival.wait_timeout_while(waiting, GATHER, may_grow);
            waiting = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        let size = waiting.jobs.len().min(LARGEST_BATCH);
        let batch: VecDeque<_> = waiting.jobs.drain(..size).collect();
        waiting.urgent -= batch.iter().filter(|queued| queued.urgent).count();
        (!batch.is_empty()).then_some(batch)
    }

    /// Runs and commits a batch and tells the owners. One transaction, unless SQLite gives one up on the way.
    fn commit(&self, conn: &mut Connection, mut batch: VecDeque<Queued>) {
        while !batch.is_empty() {
            let mut done = Vec::with_capacity(batch.len());
            let committed = transact(conn, &mut batch, &mut done);
            (self.after_commit)();
            if committed.is_ok() {
                self.commits.fetch_add(1, Ordering::Relaxed);
            }
            for queued in done {
                let told = catch_unwind(AssertUnwindSafe(|| queued.job.acknowledge(committed.as_ref().copied())));
                if let Err(panic) = told {
                    tracing::error!(panic = panic_message(&*panic), "an owner panicked when told of its commit");
                }
            }
        }
    }
}

/// Moves jobs from `batch` to `done` in one transaction. On an error none of those in `done` is stored.
fn transact(conn: &mut Connection, batch: &mut VecDeque<Queued>, done: &mut Vec<Queued>) -> Result<(), Lost> {
    let transaction = match conn.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(transaction) => transaction,
        Err(source) => {
            done.extend(batch.drain(..));
            return Err(Lost::Commit(Arc::new(source)));
        }
    };
    while let Some(mut group) = next_group(batch) {
        let kept = in_savepoint(&transaction, &mut group);
        if matches!(kept, Ok(false)) && group.len() > 1 {
            for mut queued in group.into_iter().rev() {
                queued.alone = true;
                batch.push_front(queued);
            }
        } else {
            done.extend(group);
        }
        // A full disk, for one, makes SQLite roll the whole transaction back.
        if transaction.is_autocommit() {
            return Err(Lost::Commit(Arc::new(kept.err().unwrap_or(rusqlite::Error::InvalidQuery))));
        }
        kept.map_err(|source| Lost::Commit(Arc::new(source)))?;
    }
    transaction.commit().map_err(|source| Lost::Commit(Arc::new(source)))
}

/// The next job, with those behind it that may share its savepoint.
fn next_group(batch: &mut VecDeque<Queued>) -> Option<Vec<Queued>> {
    let together = batch.iter().take_while(|queued| !queued.alone).count();
    (!batch.is_empty()).then(|| batch.drain(..together.max(1)).collect())
}

/// Runs jobs so that the failure or panic of one undoes only what they did; false then, and those behind it did not run.
fn in_savepoint(conn: &Connection, jobs: &mut [Queued]) -> rusqlite::Result<bool> {
    let say = |statement: &Statement| conn.prepare_cached(statement.sql)?.execute([]).map(drop);
    say(&OPEN_GROUP)?;
    let kept = jobs.iter_mut().all(|queued| {
        catch_unwind(AssertUnwindSafe(|| queued.job.run(&Tx::new(conn)))).unwrap_or_else(|panic| {
            queued.job.panicked(panic_message(&*panic));
            false
        })
    });
    if kept {
        say(&END_GROUP)?;
    } else if !conn.is_autocommit() {
        say(&UNDO_GROUP)?;
        say(&END_GROUP)?;
    }
    Ok(kept)
}

/// A panic in a job leaves the queue as it was, so a poisoned lock still guards sound data.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a panic said.
fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without words".to_owned())
}
