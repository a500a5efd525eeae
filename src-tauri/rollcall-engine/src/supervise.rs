//! Long tasks: restarted with growing waits; the last failure is part of health.

use std::collections::HashMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rollcall_core::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;

/// The last failure of each long task.
#[derive(Debug, Default)]
pub struct Failures(Mutex<HashMap<&'static str, (Timestamp, String)>>);

impl Failures {
    /// Every task whose last run failed.
    pub fn list(&self) -> Vec<(&'static str, Timestamp, String)> {
        let failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failed.iter().map(|(task, (at, why))| (*task, *at, why.clone())).collect()
    }

    /// Notes a failure.
    pub fn note(&self, task: &'static str, at: Timestamp, why: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(task, (at, why));
    }

    /// Forgets a task's failure once it works again.
    pub fn clear(&self, task: &'static str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(task);
    }
}

/// Runs `turn` for ever until `stop`; an error or a panic is noted and followed by a wait of 1 s to 60 s.
pub async fn keep<F, Fut, E>(task: &'static str, stop: CancellationToken, failures: &Failures, clock: &Clock, turn: F)
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<(), E>>,
    E: std::fmt::Display,
{
    let mut wait = Duration::from_secs(1);
    loop {
        let outcome = tokio::select! {
            () = stop.cancelled() => return,
            outcome = catch_panic(turn()) => outcome,
        };
        let why = match outcome {
            Ok(Ok(())) => {
                failures.clear(task);
                wait = Duration::from_secs(1);
                continue;
            }
            Ok(Err(error)) => error.to_string(),
            Err(()) => "it panicked; the log has the details".to_owned(),
        };
        tracing::error!(task, error = why, "a task failed and is started again");
        failures.note(task, clock.now(), why);
        tokio::select! {
            () = stop.cancelled() => return,
            () = crate::clock::pause(wait) => {}
        }
        wait = (wait * 2).min(Duration::from_secs(60));
    }
}

/// Runs `work`; a panic in it becomes an `Err` instead of ending the caller.
pub(crate) fn catch_panic<F: Future>(work: F) -> impl Future<Output = Result<F::Output, ()>> {
    CatchPanic(AssertUnwindSafe(Box::pin(work)))
}

struct CatchPanic<F>(AssertUnwindSafe<std::pin::Pin<Box<F>>>);

impl<F: Future> Future for CatchPanic<F> {
    type Output = Result<F::Output, ()>;

    fn poll(mut self: std::pin::Pin<&mut Self>, context: &mut std::task::Context<'_>) -> std::task::Poll<Self::Output> {
        let inner = self.0.0.as_mut();
        match std::panic::catch_unwind(AssertUnwindSafe(|| inner.poll(context))) {
            Ok(std::task::Poll::Ready(value)) => std::task::Poll::Ready(Ok(value)),
            Ok(std::task::Poll::Pending) => std::task::Poll::Pending,
            Err(_) => std::task::Poll::Ready(Err(())),
        }
    }
}
