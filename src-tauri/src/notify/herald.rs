//! When to tell a person about discovered addresses, and when to keep quiet (behaviour rows D25 and X12).
//!
//! **Invariant.** At most one banner a day: what is found within ten seconds comes together, what is found in the minute
//! after joins the banner if that is still on screen, and the rest waits for 10 o'clock of the next morning. Nothing is
//! told that the person sees in the window or that is already decided.
//!
//! **Limits.** The day is remembered as long as the program runs.

use std::collections::BTreeSet;

use jiff::civil::time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rollcall_api::answers::AddressRow;

/// How long discoveries are gathered before the first is told, in milliseconds.
const GATHER_MS: i64 = 10_000;
/// How long a banner takes in what comes later, in milliseconds. Some desktops show a changed banner anew, so not for ever.
const JOIN_MS: i64 = 60_000;

/// What the herald has to know to decide.
pub struct Circumstances<'a> {
    /// The folder's clock, in milliseconds since 1970 UTC.
    pub now_ms: i64,
    /// Where the person's morning is.
    pub zone: &'a TimeZone,
    /// Whether notifications are wanted at all.
    pub wanted: bool,
    /// Whether the person has the window before them.
    pub in_front: bool,
    /// Whether the last banner is still on screen.
    pub on_screen: bool,
    /// The addresses that wait for a decision.
    pub waiting: &'a [AddressRow],
    /// True when `waiting` leaves none out.
    pub waiting_is_whole: bool,
}

/// What to do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing to tell.
    Quiet,
    /// Nothing yet; decide again when the folder's clock shows this.
    Later(i64),
    /// Put up a banner for these addresses.
    Show(Vec<String>),
    /// The banner on screen now stands for these addresses.
    Update(Vec<String>),
    /// All that the banner on screen told of is decided.
    Withdraw,
}

/// Remembers what was told and what is still to tell.
#[derive(Debug, Default)]
pub struct Herald {
    /// Found and not yet told.
    pending: BTreeSet<String>,
    /// When the first of them was considered.
    since_ms: Option<i64>,
    /// What the last banner stands for.
    told: BTreeSet<String>,
    /// When the last banner was put up.
    banner_ms: Option<i64>,
}

impl Herald {
    /// Addresses reached the threshold.
    pub fn discovered(&mut self, addresses: impl IntoIterator<Item = String>) {
        self.pending.extend(addresses.into_iter().filter(|address| !self.told.contains(address)));
    }

    /// True when there is something to decide about.
    pub fn is_busy(&self, on_screen: bool) -> bool {
        !self.pending.is_empty() || (on_screen && !self.told.is_empty())
    }

    /// Decides. The one place where what was told changes.
    pub fn consider(&mut self, seen: &Circumstances<'_>) -> Verdict {
        self.forget_decided(seen);
        if seen.on_screen && self.told.is_empty() && self.pending.is_empty() {
            return Verdict::Withdraw;
        }
        if !seen.wanted || seen.in_front {
            self.pending.clear();
        }
        if self.pending.is_empty() {
            self.since_ms = None;
            return Verdict::Quiet;
        }
        let joins = seen.on_screen && self.banner_ms.is_some_and(|banner_ms| seen.now_ms < banner_ms + JOIN_MS);
        if joins {
            return Verdict::Update(self.tell());
        }
        let due_ms = *self.since_ms.get_or_insert(seen.now_ms) + GATHER_MS;
        if seen.now_ms < due_ms {
            return Verdict::Later(due_ms);
        }
        match self.banner_ms.map(|banner_ms| next_morning_ms(banner_ms, seen.zone)) {
            Some(morning_ms) if seen.now_ms < morning_ms => Verdict::Later(morning_ms),
            _ => {
                self.banner_ms = Some(seen.now_ms);
                self.told.clear();
                Verdict::Show(self.tell())
            }
        }
    }

    fn tell(&mut self) -> Vec<String> {
        self.told.append(&mut self.pending);
        self.since_ms = None;
        self.told.iter().cloned().collect()
    }

    fn forget_decided(&mut self, seen: &Circumstances<'_>) {
        if seen.waiting_is_whole {
            let waiting: BTreeSet<&str> = seen.waiting.iter().map(|row| row.address.as_str()).collect();
            self.pending.retain(|address| waiting.contains(address.as_str()));
            self.told.retain(|address| waiting.contains(address.as_str()));
        }
    }
}

/// 10:00 on the day after the one that holds `at_ms`.
fn next_morning_ms(at_ms: i64, zone: &TimeZone) -> i64 {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    Timestamp::from_millisecond(at_ms)
        .and_then(|at| at.to_zoned(zone.clone()).date().checked_add(1.day()))
        .and_then(|day| day.to_datetime(time(10, 0, 0, 0)).to_zoned(zone.clone()))
        .map_or(at_ms.saturating_add(DAY_MS), |morning| morning.timestamp().as_millisecond())
}

#[cfg(test)]
#[path = "herald_tests.rs"]
pub mod tests;
