//! Whether each destination answers, as the last attempt showed.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use rollcall_core::Timestamp;
use rollcall_net::Destination;

/// What the last attempts showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reachability {
    /// It answers, since this time.
    Answers(Timestamp),
    /// It does not, since this time, for this reason.
    DoesNotAnswer {
        /// Since when.
        since: Timestamp,
        /// As the system or the server said it.
        trouble: String,
    },
}

/// All destinations asked so far.
#[derive(Debug, Default)]
pub struct Destinations(Mutex<HashMap<Destination, Reachability>>);

impl Destinations {
    /// What is known of `destination`.
    #[must_use]
    pub fn get(&self, destination: &Destination) -> Option<Reachability> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(destination).cloned()
    }

    /// Notes that it answered. True when it did not before.
    pub fn answered(&self, destination: &Destination, now: Timestamp) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match known.get(destination) {
            Some(Reachability::Answers(_)) => false,
            before => {
                let came_back = before.is_some();
                known.insert(destination.clone(), Reachability::Answers(now));
                came_back
            }
        }
    }

    /// Notes that it did not answer. True when it did before, or was never asked.
    pub fn failed(&self, destination: &Destination, trouble: String, now: Timestamp) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = match known.get(destination) {
            Some(Reachability::DoesNotAnswer { since, .. }) => *since,
            _ => now,
        };
        let before = known.insert(destination.clone(), Reachability::DoesNotAnswer { since, trouble });
        !matches!(before, Some(Reachability::DoesNotAnswer { .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_net::TlsPolicy;

    #[test]
    fn trouble_is_told_once_with_its_beginning_and_coming_back_once() {
        let known = Destinations::default();
        let office = Destination { host: "mail".into(), port: 25, tls: TlsPolicy::Never };

        assert!(!known.answered(&office, Timestamp(1)), "answering at first is no news");
        assert!(known.failed(&office, "refused".into(), Timestamp(2)));
        assert!(!known.failed(&office, "timed out".into(), Timestamp(3)));
        assert_eq!(
            known.get(&office),
            Some(Reachability::DoesNotAnswer { since: Timestamp(2), trouble: "timed out".into() })
        );
        assert!(known.answered(&office, Timestamp(4)));
        assert!(!known.answered(&office, Timestamp(5)));
    }
}
