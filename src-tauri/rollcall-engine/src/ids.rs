//! Queue and session ids: short, unique across restarts, sortable by time.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::clock;

static COUNTER: AtomicU64 = AtomicU64::new(0);

/// A new id, 12 characters of Crockford's base 32: 40 bits of milliseconds and 20 bits of a counter.
pub fn next() -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let ms = clock::system_now().0.unsigned_abs() & ((1 << 40) - 1);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed) & ((1 << 20) - 1);
    let number = (ms << 20) | count;
    (0..12).rev().map(|place| ALPHABET[((number >> (place * 5)) & 31) as usize] as char).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_are_short_unique_and_in_order() {
        let ids: Vec<String> = (0..1000).map(|_| super::next()).collect();

        assert!(ids.is_sorted());
        assert!(ids.iter().all(|id| id.len() == 12));
        assert_eq!(ids.iter().collect::<std::collections::HashSet<_>>().len(), 1000);
    }
}
