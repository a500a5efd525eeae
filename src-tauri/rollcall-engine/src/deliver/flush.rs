//! What is to go at once, whatever it was due: wishes that the next round grants.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use rollcall_net::Destination;

/// Wishes that were not granted yet.
#[derive(Debug)]
pub struct Flush(Mutex<Wishes>);

/// What is to go at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    all: bool,
    destinations: HashSet<Destination>,
}

impl Flush {
    /// All that waits: it may have waited while nobody was running.
    pub fn everything() -> Self {
        Self(Mutex::new(Wishes { all: true, destinations: HashSet::new() }))
    }

    /// What waits for `destination`.
    pub fn wish(&self, destination: Destination) {
        self.wishes().destinations.insert(destination);
    }

    /// All that waits, once more.
    pub fn everything_again(&self) {
        self.wishes().all = true;
    }

    /// Takes the wishes; what cannot be granted is put back with [`Flush::put_back`].
    pub fn take(&self) -> Wishes {
        std::mem::take(&mut self.wishes())
    }

    /// Wishes that could not be granted.
    pub fn put_back(&self, wishes: Wishes) {
        let mut now = self.wishes();
        now.all |= wishes.all;
        now.destinations.extend(wishes.destinations);
    }

    fn wishes(&self) -> std::sync::MutexGuard<'_, Wishes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wishes {
    /// True when what goes to `destination` is to go at once; `None` for what has none.
    pub fn concern(&self, destination: Option<&Destination>) -> bool {
        self.all || destination.is_some_and(|destination| self.destinations.contains(destination))
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        !self.all && self.destinations.is_empty()
    }
}
