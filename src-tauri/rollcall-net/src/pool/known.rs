//! What the last attempts taught about hosts. Forgotten with the process.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::lock;
use crate::connection::Candidate;
use crate::destination::Destination;

/// How long a host that failed is tried after the others.
const FAILED: Duration = Duration::from_secs(60);
/// How long a host whose encryption failed is talked to in clear without trying again.
const WITHOUT_TLS: Duration = Duration::from_secs(600);

/// What is known.
#[derive(Debug, Default)]
pub(super) struct Known {
    failed: Mutex<HashMap<(String, u16), Instant>>,
    without_tls: Mutex<HashMap<(String, u16), Instant>>,
    /// Destinations that offer CHUNKING and do not mean it.
    no_chunking: Mutex<HashSet<Destination>>,
    turns: AtomicUsize,
}

fn key(candidate: &Candidate) -> (String, u16) {
    (candidate.host.clone(), candidate.port)
}

impl Known {
    /// Those that failed a moment ago go to the end; the order stays otherwise.
    pub fn in_order(&self, mut candidates: Vec<Candidate>) -> Vec<Candidate> {
        if candidates.len() > 1 {
            let mut failed = lock(&self.failed);
            failed.retain(|_, since| since.elapsed() < FAILED);
            candidates.sort_by_key(|candidate| failed.contains_key(&key(candidate)));
        }
        candidates
    }

    pub fn failed(&self, candidate: &Candidate) {
        lock(&self.failed).insert(key(candidate), Instant::now());
    }

    pub fn answered(&self, candidate: &Candidate) {
        let mut failed = lock(&self.failed);
        if !failed.is_empty() {
            failed.remove(&key(candidate));
        }
    }

    pub fn without_tls(&self, candidate: &Candidate) {
        lock(&self.without_tls).insert(key(candidate), Instant::now());
    }

    pub fn is_without_tls(&self, candidate: &Candidate) -> bool {
        let mut known = lock(&self.without_tls);
        known.retain(|_, since| since.elapsed() < WITHOUT_TLS);
        known.contains_key(&key(candidate))
    }

    pub fn may_chunk(&self, destination: &Destination) -> bool {
        let refused = lock(&self.no_chunking);
        refused.is_empty() || !refused.contains(destination)
    }

    pub fn never_chunk(&self, destination: &Destination) {
        lock(&self.no_chunking).insert(destination.clone());
    }

    /// A number that changes, for hosts of one priority.
    pub fn turn(&self) -> usize {
        self.turns.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9) & 0xffff
    }
}
