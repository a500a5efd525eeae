//! What is to go at once, whatever it was due: wishes that the next round grants.
//!
//! **Invariant.** A wish is never missed by a message that is being tried: it is marked before what waits is made due,
//! and looked at after the attempt is settled. Asking anew grants a wish made before.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rollcall_net::Destination;

/// Wishes that were not granted yet, and what is being tried meanwhile.
#[derive(Debug, Default)]
pub struct Flush {
    wishes: Mutex<Wishes>,
    trying: Arc<Mutex<Tried>>,
}

/// What is to go at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    all: bool,
    destinations: HashSet<Destination>,
}

/// The messages being tried, by the number of the attempt.
#[derive(Debug, Default)]
struct Tried {
    next: u64,
    messages: HashMap<u64, Message>,
}

/// A message being tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// Its id.
    pub queue_id: String,
    /// Where it goes; `None` when nowhere.
    pub destination: Option<Destination>,
    /// The domains of its recipients.
    pub domains: Vec<String>,
    /// It is to go at once, whatever comes of this attempt.
    wished: bool,
}

/// A message is being tried, until this is dropped.
#[derive(Debug)]
pub(crate) struct Trying {
    number: u64,
    tried: Arc<Mutex<Tried>>,
}

impl Trying {
    /// The destination is asked from here on: what was wished before is granted by that.
    pub fn asks_now(&self) {
        self.set(false);
    }

    /// Somebody wished since then that it goes at once.
    pub fn is_wished(&self) -> bool {
        lock(&self.tried).messages.get(&self.number).is_some_and(|message| message.wished)
    }

    fn set(&self, wished: bool) {
        if let Some(message) = lock(&self.tried).messages.get_mut(&self.number) {
            message.wished = wished;
        }
    }
}

impl Drop for Trying {
    fn drop(&mut self) {
        lock(&self.tried).messages.remove(&self.number);
    }
}

impl Flush {
    /// All that waits: it may have waited while nobody was running.
    pub fn everything() -> Self {
        let flush = Self::default();
        flush.everything_again();
        flush
    }

    /// What waits for `destination`.
    pub fn wish(&self, destination: Destination) {
        self.mark(|message| message.destination.as_ref() == Some(&destination));
        self.wishes().destinations.insert(destination);
    }

    /// All that waits, once more.
    pub fn everything_again(&self) {
        self.mark(|_| true);
        self.wishes().all = true;
    }

    /// Wishes that those of the messages being tried that `are_meant` go at once; says whether there are any.
    pub(crate) fn mark(&self, are_meant: impl Fn(&Message) -> bool) -> bool {
        let mut tried = lock(&self.trying);
        let mut meant = tried.messages.values_mut().filter(|message| are_meant(message)).peekable();
        let any = meant.peek().is_some();
        meant.for_each(|message| message.wished = true);
        any
    }

    /// A message is being tried from now on.
    pub(crate) fn tries(&self, queue_id: &str, destination: Option<Destination>, domains: Vec<String>) -> Trying {
        let mut tried = lock(&self.trying);
        let number = tried.next;
        tried.next += 1;
        tried.messages.insert(number, Message { queue_id: queue_id.to_owned(), destination, domains, wished: false });
        Trying { number, tried: Arc::clone(&self.trying) }
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

    fn wishes(&self) -> MutexGuard<'_, Wishes> {
        lock(&self.wishes)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_net::TlsPolicy;

    fn office(port: u16) -> Destination {
        Destination::new("mail", port, TlsPolicy::Never)
    }

    fn tries(flush: &Flush, port: u16) -> Trying {
        flush.tries("M", Some(office(port)), vec!["acme.example".to_owned()])
    }

    #[test]
    fn a_wish_made_while_a_message_is_being_tried_is_still_there_after_the_attempt() {
        let flush = Flush::default();
        let (meant, other) = (tries(&flush, 25), tries(&flush, 26));

        flush.wish(office(25));
        assert!(meant.is_wished() && !other.is_wished());
        flush.everything_again();
        assert!(other.is_wished());
        assert!(flush.mark(|message| message.queue_id == "M"));
        assert!(!flush.mark(|message| message.domains.iter().any(|domain| domain == "b.example")));
    }

    #[test]
    fn a_wish_is_granted_by_asking_after_it_and_ends_with_the_attempt() {
        let flush = Flush::default();
        let trying = tries(&flush, 25);

        flush.everything_again();
        trying.asks_now();
        assert!(!trying.is_wished());

        drop(trying);
        assert!(!flush.mark(|_| true), "nothing is being tried any more");
        assert!(!tries(&flush, 25).is_wished());
    }
}
