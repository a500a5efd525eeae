//! The only place of this crate that reads a clock or waits. Automation measures real time; the product never does it here.
#![expect(
    clippy::disallowed_methods,
    reason = "automation measures and waits in real time, no rule of the product depends on it"
)]

use std::thread;
use std::time::{Duration, Instant};

/// Measures elapsed time.
#[derive(Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Seconds since the start.
    pub fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

/// Waits.
pub fn pause(duration: Duration) {
    thread::sleep(duration);
}

/// Asks `happened` every 50 ms until it says yes or `limit_seconds` have passed; tells whether it did.
pub fn wait_until(limit_seconds: f64, mut happened: impl FnMut() -> bool) -> bool {
    let watch = Stopwatch::start();
    loop {
        if happened() {
            return true;
        }
        if watch.seconds() > limit_seconds {
            return false;
        }
        pause(Duration::from_millis(50));
    }
}
