//! How many connections a destination may have in use at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::lock;
use crate::destination::Destination;

/// The fewest places a destination is left with, however often it says that it is full.
const FEWEST: usize = 2;

/// The places of every destination.
#[derive(Debug)]
pub(super) struct Places {
    most: usize,
    by_destination: Mutex<HashMap<Destination, Room>>,
}

#[derive(Debug)]
struct Room {
    places: Arc<Semaphore>,
    /// How many there are in all.
    all: usize,
}

impl Places {
    pub fn new(most: usize) -> Self {
        Self { most, by_destination: Mutex::default() }
    }

    /// A place, waited for at most `deadline`.
    pub async fn take(&self, destination: &Destination, deadline: Duration) -> Option<OwnedSemaphorePermit> {
        let places = {
            let mut known = lock(&self.by_destination);
            let room = known.entry(destination.clone()).or_insert_with(|| self.room());
            Arc::clone(&room.places)
        };
        if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
            return Some(place);
        }
        timeout(deadline, places.acquire_owned()).await.ok()?.ok()
    }

    fn room(&self) -> Room {
        Room { places: Arc::new(Semaphore::new(self.most)), all: self.most }
    }

    /// It says that it has enough: one place fewer from now on.
    pub fn lower(&self, destination: &Destination) {
        let mut known = lock(&self.by_destination);
        let room = known.entry(destination.clone()).or_insert_with(|| self.room());
        if room.all > FEWEST && room.places.forget_permits(1) == 1 {
            room.all -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::destination::TlsPolicy;

    #[tokio::test]
    async fn no_more_are_in_use_than_allowed_and_a_full_destination_gets_fewer() {
        let places = Places::new(3);
        let office = Destination::new("mail", 25, TlsPolicy::Never);
        let now = Duration::from_millis(1);

        let first = places.take(&office, now).await;
        let _second = places.take(&office, now).await.expect("a second");
        places.lower(&office);
        assert!(places.take(&office, now).await.is_none(), "two are left, both in use");
        places.lower(&office);
        drop(first);
        assert!(places.take(&office, now).await.is_some(), "never fewer than two");
    }
}
