//! A transaction's course: its id, and when each of its steps was, for the trace in the mail log.
//!
//! **Limits.** It begins with the first RCPT; MAIL alone leaves no row.

use std::sync::Arc;

use rollcall_core::Timestamp;
use rollcall_store::{Step, TraceStep};

use crate::clock::Stopwatch;
use crate::destinations::Reachability;
use crate::house::House;
use crate::ids;
use crate::setup::Domain;

/// One transaction's id and stopwatch.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    /// What its rows in the log share. It is also the id in our Received field, in our reply, and the queue id.
    pub id: Arc<str>,
    since: Stopwatch,
}

impl Course {
    /// Begins now.
    pub fn begin() -> Self {
        Self { id: ids::next().into(), since: Stopwatch::start() }
    }

    /// When it began, if it is `now`.
    pub fn began(&self, now: Timestamp) -> Timestamp {
        now.minus_ms(i64::try_from(self.since.elapsed_ms()).unwrap_or(i64::MAX))
    }

    /// A step that was made at this moment.
    pub fn step(&self, step: Step, said: Option<String>) -> TraceStep {
        TraceStep { ms: self.since.elapsed_ms(), step, said }
    }
}

/// Why the destination of `domain` does not answer, as the system or the server said it.
pub(crate) fn trouble(house: &House, domain: &Domain) -> Option<String> {
    match house.destinations.get(&domain.destination) {
        Some(Reachability::DoesNotAnswer { trouble, .. }) => Some(trouble),
        Some(Reachability::Answers(_)) | None => None,
    }
}
