//! When new addresses were first seen, where an office wants time to decide about them (V04).
//!
//! **Invariant.** Bounded: the address unseen for longest makes room.
//!
//! **Limits.** In memory: after a restart a new address waits its four hours again; the sender tries for days.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use lru::LruCache;
use rollcall_core::Timestamp;
use rollcall_core::time::DAY_MS;

/// Addresses remembered.
const KEPT: NonZeroUsize = NonZeroUsize::new(10_000).expect("more than none");
/// An address that nobody wrote to for so long is new again.
const FORGOTTEN_MS: i64 = 7 * DAY_MS;

/// New addresses and when each was first seen.
#[derive(Debug)]
pub(crate) struct Strangers(Mutex<LruCache<String, (Timestamp, Timestamp)>>);

impl Default for Strangers {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl Strangers {
    /// When `key` was first seen; now, if it never was.
    pub fn first_seen(&self, key: &str, now: Timestamp) -> Timestamp {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((first, last)) = seen.get_mut(key) {
            if now.since_ms(*last) > FORGOTTEN_MS {
                *first = now;
            }
            *last = now;
            return *first;
        }
        seen.put(key.to_owned(), (now, now));
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v04_the_first_sight_of_an_address_is_kept_while_it_is_written_to() {
        let strangers = Strangers::default();
        let at = |days: i64| Timestamp(days * DAY_MS);

        assert_eq!(strangers.first_seen("new@acme.example", at(1)), at(1));
        assert_eq!(strangers.first_seen("new@acme.example", at(2)), at(1));
        assert_eq!(strangers.first_seen("other@acme.example", at(3)), at(3));
        assert_eq!(strangers.first_seen("new@acme.example", at(10)), at(10), "nobody wrote for eight days");
    }
}
