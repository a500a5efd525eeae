//! How long a directory is waited for.

use std::time::Duration;

/// How long one answer, and all waiting that the directory asks for, may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For one request until the last octet of its answer.
    pub answer: Duration,
    /// For everything that it asks us to wait in one run.
    pub throttled: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { answer: Duration::from_secs(30), throttled: Duration::from_mins(10) }
    }
}
