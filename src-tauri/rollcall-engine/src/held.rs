//! Places for transactions that wait long for their client, a number for each destination (architecture 8a).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rollcall_net::Destination;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The places of every destination.
#[derive(Debug)]
pub struct Held {
    places: usize,
    by_destination: Mutex<HashMap<Destination, Arc<Semaphore>>>,
}

impl Held {
    /// `places` for each destination.
    pub fn new(places: usize) -> Self {
        Self { places, by_destination: Mutex::default() }
    }

    /// A free place, if the destination has one.
    pub fn place(&self, destination: &Destination) -> Option<OwnedSemaphorePermit> {
        let mut known = self.by_destination.lock().unwrap_or_else(PoisonError::into_inner);
        let places = known.entry(destination.clone()).or_insert_with(|| Arc::new(Semaphore::new(self.places)));
        Arc::clone(places).try_acquire_owned().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_net::TlsPolicy;

    #[test]
    fn each_destination_has_its_own_places() {
        let held = Held::new(1);
        let to = |host: &str| Destination::new(host, 25, TlsPolicy::Never);

        let first = held.place(&to("a"));
        assert!(first.is_some() && held.place(&to("a")).is_none());
        assert!(held.place(&to("b")).is_some());
        drop(first);
        assert!(held.place(&to("a")).is_some());
    }
}
