//! The only file that reads a clock. A folder gets its clock when it is opened and keeps it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rollcall_core::Timestamp;

/// Tells a folder's time, in UTC. May jump; never use it to measure a duration.
#[derive(Debug)]
pub enum Clock {
    /// The computer's clock: a real folder.
    System,
    /// The computer's clock plus what was skipped, in milliseconds: a practice folder (R12).
    Virtual(AtomicI64),
}

impl Clock {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let offset = match self {
            Self::System => 0,
            Self::Virtual(offset) => offset.load(Ordering::Acquire),
        };
        system_now().plus_ms(offset)
    }

    /// Moves a virtual clock forward and returns what is skipped in all; `None` for the computer's clock, which nobody moves.
    pub fn advance(&self, ms: i64) -> Option<i64> {
        match self {
            Self::System => None,
            Self::Virtual(offset) => Some(offset.fetch_add(ms, Ordering::AcqRel).saturating_add(ms)),
        }
    }
}

/// Measures how long something takes, whatever the clock says.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that starts a stopwatch")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// How long ago it was started.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    /// The same in whole milliseconds.
    #[must_use]
    pub fn elapsed_ms(self) -> u64 {
        u64::try_from(self.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Waits in real time, whatever the folder's clock says: for retries, back-off and merging, never for a dated event.
#[expect(clippy::disallowed_methods, reason = "the one place that waits")]
pub async fn pause(wait: Duration) {
    tokio::time::sleep(wait).await;
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the computer's clock")]
pub(crate) fn system_now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
