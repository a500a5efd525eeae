//! When new addresses were first seen, where an office wants time to decide about them (V04).
//!
//! **Invariant.** Bounded: the address unseen for longest makes room.
//!
//! **Limits.** What was seen in the last moment before a crash is forgotten: that address waits its four hours again.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;
use rollcall_core::Timestamp;
use rollcall_core::time::DAY_MS;
use rollcall_store::{StoreError, Stranger, Tx};

use crate::house::House;

/// Addresses remembered.
const KEPT: NonZeroUsize = NonZeroUsize::new(10_000).expect("more than none");
/// An address that nobody wrote to for so long is new again.
const FORGOTTEN_MS: i64 = 7 * DAY_MS;

/// New addresses and when each was first seen.
#[derive(Debug)]
pub(crate) struct Strangers(Mutex<LruCache<String, Seen>>);

/// When an address was written to.
#[derive(Debug, Clone, Copy)]
struct Seen {
    first: Timestamp,
    last: Timestamp,
    /// `last` as the folder knows it.
    kept: Timestamp,
}

impl Default for Strangers {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl Strangers {
    /// With those that the folder has kept.
    pub fn load(tx: &Tx<'_>) -> Result<Self, StoreError> {
        let limit = u32::try_from(KEPT.get()).unwrap_or(u32::MAX);
        let mut seen = LruCache::new(KEPT);
        for Stranger { key, first, last } in tx.strangers(limit)?.into_iter().rev() {
            seen.put(key, Seen { first, last, kept: last });
        }
        Ok(Self(Mutex::new(seen)))
    }

    /// When `key` was first seen; now, if it never was. With it what the folder has to keep, if that is new.
    fn note(&self, key: &str, now: Timestamp) -> (Timestamp, Option<Stranger>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.get(key).copied().filter(|seen| now.since_ms(seen.last) <= FORGOTTEN_MS);
        let is_kept = known.is_some_and(|seen| now.since_ms(seen.kept) < DAY_MS);
        let first = known.map_or(now, |seen| seen.first);
        let kept = known.filter(|_| is_kept).map_or(now, |seen| seen.kept);
        all.put(key.to_owned(), Seen { first, last: now, kept });
        let news = (!is_kept).then(|| Stranger { key: key.to_owned(), first, last: now });
        (first, news)
    }
}

/// When `key` was first seen; now, if it never was. The folder keeps it.
pub(crate) async fn first_seen(house: &Arc<House>, key: &str, now: Timestamp) -> Timestamp {
    let (first, news) = house.strangers.note(key, now);
    if let Some(stranger) = news {
        let failed = |outcome: Result<(), StoreError>| {
            if let Err(error) = outcome {
                tracing::error!(%error, "when a new address was first seen could not be stored");
            }
        };
        house.store.write_later(move |tx| tx.put_stranger(&stranger), failed).await;
    }
    first
}

/// Forgets in the folder whom nobody writes to.
pub(crate) async fn forget(house: &House) -> Result<(), StoreError> {
    let before = house.clock.now().minus_ms(FORGOTTEN_MS);
    house.store.write(move |tx| tx.prune_strangers(before).map(drop)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v04_the_first_sight_of_an_address_is_kept_while_it_is_written_to() {
        let strangers = Strangers::default();
        let at = |days: i64| Timestamp(days * DAY_MS);
        let first = |key, now| strangers.note(key, now).0;

        assert_eq!(first("new@acme.example", at(1)), at(1));
        assert_eq!(first("new@acme.example", at(2)), at(1));
        assert_eq!(first("other@acme.example", at(3)), at(3));
        assert_eq!(first("new@acme.example", at(10)), at(10), "nobody wrote for eight days");
    }

    #[test]
    fn v04_the_folder_hears_of_an_address_at_once_and_then_once_a_day() {
        let strangers = Strangers::default();
        let heard = |ms| strangers.note("new@acme.example", Timestamp(ms)).1.map(|one| (one.first.0, one.last.0));

        assert_eq!(heard(0), Some((0, 0)));
        assert_eq!(heard(DAY_MS - 1), None);
        assert_eq!(heard(DAY_MS), Some((0, DAY_MS)));
        assert_eq!(heard(DAY_MS + 1), None);
    }
}
