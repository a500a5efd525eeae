//! Keeps a long task alive: a panic in it is noted, and it is started again.

use std::future::Future;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Runs what `start` makes until `stop`; when it ends by itself or panics, starts it again after a wait of one second,
/// doubled up to a minute.
pub async fn keep_alive<F, T>(task: &'static str, stop: CancellationToken, mut start: F)
where
    F: FnMut() -> T,
    T: Future<Output = ()> + Send + 'static,
{
    let mut wait = FIRST_WAIT;
    loop {
        let mut running = AbortOnDrop(tokio::spawn(start()));
        tokio::select! {
            () = stop.cancelled() => return running.end().await,
            ended = &mut running.0 => match ended {
                Ok(()) => tracing::warn!(task, "a task ended and is started again"),
                Err(error) => tracing::error!(task, %error, "a task failed and is started again"),
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = pause(wait) => wait = (wait * 2).min(LONGEST_WAIT),
        }
    }
}

/// A task that does not outlive whoever waits for it.
struct AbortOnDrop(JoinHandle<()>);

impl AbortOnDrop {
    /// Ends it and waits until it is gone.
    async fn end(mut self) {
        self.0.abort();
        drop((&mut self.0).await);
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Waits a real while, so that what fails at once does not spin.
#[expect(clippy::disallowed_methods, reason = "real time, whatever the office's clock says")]
pub async fn pause(wait: Duration) {
    tokio::time::sleep(wait).await;
}

const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_is_started_again_until_it_is_stopped() {
        let (starts, third) = (Arc::new(AtomicU32::new(0)), Arc::new(Notify::new()));
        let stop = CancellationToken::new();
        let keeper = tokio::spawn(keep_alive("test", stop.clone(), {
            let (starts, third) = (Arc::clone(&starts), Arc::clone(&third));
            move || {
                let (number, third) = (starts.fetch_add(1, Ordering::SeqCst), Arc::clone(&third));
                async move {
                    assert!(number >= 2, "on purpose");
                    third.notify_one();
                    std::future::pending().await
                }
            }
        }));

        third.notified().await;
        stop.cancel();
        keeper.await.unwrap();

        assert_eq!(starts.load(Ordering::SeqCst), 3);
    }
}
