//! A destination came back or went away: people are told once, and what waits for it goes at once.
//!
//! **Limits.** Servers of the world (MX) are nobody's care here: what waits for one says so itself.

use rollcall_net::{Destination, Lookup, NetError};

use crate::bus::{Notice, Tag};
use crate::house::House;

/// `destination` answered: when it did not before, people are told and waiting mail goes.
pub(crate) fn answered(house: &House, destination: &Destination) {
    if destination.lookup == Lookup::Mx || !house.destinations.answered(destination, house.clock.now()) {
        return;
    }
    house.flush.wish(destination.clone());
    let destination = destination.to_string();
    tracing::info!(destination, "the destination answers again");
    house.bus.notice(Notice::Destination { destination, answers: true });
    house.bus.stale(&[Tag::Health]);
    house.spool_wake.notify_one();
}

/// `destination` did not answer: when it did before, people are told.
pub(crate) fn went_away(house: &House, destination: &Destination, error: &NetError) {
    // Our own bound says nothing about the destination.
    if destination.lookup == Lookup::Mx || matches!(error, NetError::Busy { .. }) {
        return;
    }
    let trouble = error.chain();
    if !house.destinations.failed(destination, trouble.clone(), house.clock.now()) {
        return;
    }
    let destination = destination.to_string();
    tracing::warn!(destination, error = trouble, "the destination does not answer");
    house.bus.notice(Notice::Destination { destination, answers: false });
    house.bus.stale(&[Tag::Health]);
}
