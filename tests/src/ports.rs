//! Ports that a test needs to know beforehand, or that must stay free after it gave them back.
//!
//! **Limits.** Two tests may find the same one in the same moment; they begin to look at different places.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the ports that a system hands out to whoever asks for any: there another test, or a connection that goes out,
/// may get a port a moment after it was free.
const FIRST: u16 = 20_000;
const HOW_MANY: u16 = 12_000;

/// How many were asked for in this process.
static ASKED: AtomicU16 = AtomicU16::new(0);

/// A free port on 127.0.0.1 that nobody gets by chance.
///
/// # Panics
/// When none is free.
#[must_use]
pub fn lasting() -> u16 {
    // Neighbours in time have neighbouring process ids: a step that has no factor in common with the range.
    let start = std::process::id().wrapping_mul(37) % u32::from(HOW_MANY);
    for _ in 0..HOW_MANY {
        let further = u32::from(ASKED.fetch_add(1, Ordering::Relaxed));
        let port = FIRST + u16::try_from((start + further) % u32::from(HOW_MANY)).unwrap_or(0);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no port is free from {FIRST} on");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lasting_ports_differ_and_are_not_of_those_handed_out() {
        let (one, other) = (lasting(), lasting());

        assert_ne!(one, other);
        assert!([one, other].iter().all(|port| (FIRST..FIRST + HOW_MANY).contains(port)));
    }
}
