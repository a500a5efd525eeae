//! Whether each destination answers, as the last attempt showed, and how many attempts are under way with it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rollcall_core::Timestamp;
use rollcall_core::delivery::{self, Welcome};
use rollcall_core::time::MINUTE_MS;
use rollcall_net::Destination;
use tokio::sync::Notify;

/// Beginnings of attempts remembered before old ones are forgotten.
const MOST_BEGUN: usize = 1000;

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

/// All destinations asked so far, and what is under way with them.
#[derive(Debug, Default)]
pub struct Destinations {
    known: Mutex<HashMap<Destination, Reachability>>,
    allowances: Mutex<HashMap<Destination, usize>>,
    attempts: Tally,
    begun: Mutex<HashMap<Destination, Timestamp>>,
    watches: Tally,
    /// Wakes whoever looks after destinations that stopped answering.
    pub(crate) news: Notify,
}

/// How many hold a place with each destination.
type Tally = Arc<Mutex<HashMap<Destination, usize>>>;

/// A place with a destination, held until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    tally: Tally,
    destination: Destination,
}

impl Place {
    fn take(tally: &Tally, destination: &Destination) -> Self {
        *lock(tally).entry(destination.clone()).or_default() += 1;
        Self { tally: Arc::clone(tally), destination: destination.clone() }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut tally = lock(&self.tally);
        if let Some(held) = tally.get_mut(&self.destination) {
            *held -= 1;
            if *held == 0 {
                tally.remove(&self.destination);
            }
        }
    }
}

impl Destinations {
    /// What is known of `destination`.
    #[must_use]
    pub fn get(&self, destination: &Destination) -> Option<Reachability> {
        lock(&self.known).get(destination).cloned()
    }

    /// Notes that it answered. True when it did not before.
    pub fn answered(&self, destination: &Destination, now: Timestamp) -> bool {
        let mut known = lock(&self.known);
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
        let mut known = lock(&self.known);
        let since = match known.get(destination) {
            Some(Reachability::DoesNotAnswer { since, .. }) => *since,
            _ => now,
        };
        let before = known.insert(destination.clone(), Reachability::DoesNotAnswer { since, trouble });
        let is_news = !matches!(before, Some(Reachability::DoesNotAnswer { .. }));
        if is_news {
            self.news.notify_one();
        }
        is_news
    }

    /// How many attempts `destination` gets at a time, `most` at first.
    pub(crate) fn allowance(&self, destination: &Destination, most: usize) -> usize {
        lock(&self.allowances).get(destination).copied().unwrap_or(most)
    }

    /// Notes how an attempt went: a busy destination gets fewer at a time, one that works gets more again.
    pub(crate) fn welcomed(&self, destination: &Destination, welcome: Welcome, most: usize) {
        let mut allowances = lock(&self.allowances);
        let before = allowances.get(destination).copied().unwrap_or(most);
        match delivery::allowance(before, welcome, most) {
            full if full == most => drop(allowances.remove(destination)),
            fewer => drop(allowances.insert(destination.clone(), fewer)),
        }
    }

    /// Attempts under way with `destination`, and with all.
    pub(crate) fn under_way(&self, destination: &Destination) -> (usize, usize) {
        let attempts = lock(&self.attempts);
        (attempts.get(destination).copied().unwrap_or(0), attempts.values().sum())
    }

    /// When an attempt with `destination` last began.
    pub(crate) fn last_begun(&self, destination: &Destination) -> Option<Timestamp> {
        lock(&self.begun).get(destination).copied()
    }

    /// Counts an attempt with `destination`, which begins `now`, until the place is dropped.
    pub(crate) fn enter(&self, destination: &Destination, now: Timestamp) -> Place {
        let mut begun = lock(&self.begun);
        if begun.len() >= MOST_BEGUN {
            begun.retain(|_, at| (0..MINUTE_MS).contains(&now.since_ms(*at)));
        }
        begun.insert(destination.clone(), now);
        drop(begun);
        Place::take(&self.attempts, destination)
    }

    /// The right to look after `destination` until the place is dropped; `None` while somebody else does.
    pub(crate) fn watch(&self, destination: &Destination) -> Option<Place> {
        let is_free = !lock(&self.watches).contains_key(destination);
        is_free.then(|| Place::take(&self.watches, destination))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_net::TlsPolicy;

    #[test]
    fn trouble_is_told_once_with_its_beginning_and_coming_back_once() {
        let known = Destinations::default();
        let office = Destination::new("mail", 25, TlsPolicy::Never);

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

    #[test]
    fn a_place_counts_until_it_is_dropped_and_only_one_looks_after_a_destination() {
        let known = Destinations::default();
        let office = Destination::new("mail", 25, TlsPolicy::Never);
        let other = Destination { port: 26, ..office.clone() };

        let (first, _second) = (known.enter(&office, Timestamp(1)), known.enter(&office, Timestamp(2)));
        let _third = known.enter(&other, Timestamp(3));
        assert_eq!((known.under_way(&office), known.under_way(&other)), ((2, 3), (1, 3)));
        assert_eq!(known.last_begun(&office), Some(Timestamp(2)));
        drop(first);
        assert_eq!(known.under_way(&office), (1, 2));

        let watch = known.watch(&office);
        assert!(watch.is_some() && known.watch(&office).is_none() && known.watch(&other).is_some());
        drop(watch);
        assert!(known.watch(&office).is_some());
    }
}
