//! The neighbourhood as it lives: a first morning's mail, then a letter every few seconds, and an hour's mail for every
//! hour that is skipped.
//!
//! **Invariant.** The virtual clock is let go on after each hour, whatever became of that hour's mail.
//!
//! **Limits.** What the relay defers (4xx) is not sent again: the next letter comes soon enough.

use std::net::SocketAddr;
use std::time::Duration;

use rollcall_api::Door;
use rollcall_api::answers::Health;
use serde_json::json;
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};

use super::call::CallError;
use super::letter::Letter;
use super::round::hand_over_all;
use super::timetable::Neighbourhood;
use crate::random::Random;

/// Whether the office opens for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Morning {
    /// Nobody has written yet.
    First,
    /// It was open before.
    Another,
}

/// Writes to the office until the task is ended.
pub async fn live(door: Door, street: Neighbourhood, morning: Morning) {
    let mut hours = door.follow_clock().await;
    if morning == Morning::First
        && let Some(relay) = find_relay(&door).await
    {
        hand_over(relay.address, &street.welcome(relay.now_ms)).await;
    }
    let mut pace = Pace::new(street.seed);
    loop {
        tokio::select! {
            biased;
            Some(hour) = next(&mut hours) => {
                if let Some(relay) = find_relay(&door).await {
                    // The clock does not wait longer than five seconds for an hour's mail.
                    let mail = street.hour(hour.now_ms);
                    drop(timeout(HOUR_LIMIT, hand_over(relay.address, &mail)).await);
                }
                hour.done();
            }
            () = pace.next() => {
                if let Some(relay) = find_relay(&door).await {
                    hand_over(relay.address, &[street.anybody(relay.now_ms)]).await;
                }
            }
        }
    }
}

/// The next hour that passes; never, for an office whose clock cannot be followed.
async fn next(hours: &mut Option<rollcall_api::Hours>) -> Option<rollcall_api::HourPassed> {
    match hours {
        Some(hours) => hours.next().await,
        None => std::future::pending().await,
    }
}

async fn hand_over(relay: SocketAddr, letters: &[Letter]) {
    match hand_over_all(relay, letters).await {
        Ok(tally) => tracing::debug!(tally.taken, tally.refused, tally.cut_off, "the neighbourhood wrote"),
        Err(CallError::Connection(error)) => {
            tracing::debug!(%error, "the neighbourhood found nobody at the relay's port")
        }
        Err(error) => tracing::debug!(%error, "the neighbourhood was sent away"),
    }
}

/// The relay's port and the office's time.
struct Relay {
    address: SocketAddr,
    now_ms: i64,
}

/// Where the relay listens at this moment: the operator may bind it elsewhere at any time.
async fn find_relay(door: &Door) -> Option<Relay> {
    let health: Health = serde_json::from_value(door.query("health", json!({})).await.ok()?).ok()?;
    let bound = health.listeners.iter().find_map(|listener| listener.bound.as_deref())?;
    Some(Relay { address: bound.parse().ok()?, now_ms: health.now_ms })
}

/// A letter every one and a half to five seconds.
struct Pace {
    random: Random,
    interval: Interval,
}

impl Pace {
    fn new(seed: u64) -> Self {
        let mut interval = interval(Duration::from_millis(1_500));
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        interval.reset();
        Self { random: Random::new(seed), interval }
    }

    async fn next(&mut self) {
        self.interval.tick().await;
        self.interval.reset_after(Duration::from_millis(1_500 + u64::from(self.random.below(3_500))));
    }
}

const HOUR_LIMIT: Duration = Duration::from_secs(5);
