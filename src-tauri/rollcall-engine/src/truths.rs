//! What the destinations are found to be, as memory and as rows (3.8).
//!
//! **Invariant.** What is known belongs to one server: where a domain's mail goes elsewhere, everything is open again.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rollcall_core::Timestamp;
use rollcall_core::time::DAY_MS;
use rollcall_core::truth::{self, Shown, Truth};
use rollcall_store::{StoreError, TruthRecord};
use tokio::sync::Notify;

use crate::bus::Tag;
use crate::clock::{self, Stopwatch};
use crate::house::House;
use crate::late_bounce::Looks;
use crate::setup::Domain;

/// The window that questions are counted in.
const MINUTE: Duration = Duration::from_secs(60);

/// What is known of every domain's destination, and how fast they may be asked.
#[derive(Debug, Default)]
pub(crate) struct Truths {
    known: Mutex<HashMap<String, TruthRecord>>,
    /// Held while one is saved, so that rows follow memory in order.
    saving: tokio::sync::Mutex<()>,
    /// Held while one is tested: one connection at a time. When each question of the last minute was asked.
    asking: tokio::sync::Mutex<VecDeque<Stopwatch>>,
    /// Bounces that may show what a destination is.
    pub looks: Looks,
    /// Wakes the tests: a destination may have changed, or time was skipped.
    pub wake: Notify,
}

/// The right to ask, until it is dropped.
pub(crate) type Turn<'a> = tokio::sync::MutexGuard<'a, VecDeque<Stopwatch>>;

impl Truths {
    /// As read from the store.
    pub fn new(rows: Vec<TruthRecord>) -> Self {
        let known = rows.into_iter().map(|row| (row.domain.clone(), row)).collect();
        Self { known: Mutex::new(known), ..Self::default() }
    }

    /// What is known of the destination of `domain`.
    pub fn of(&self, domain: &Domain) -> TruthRecord {
        let destination = domain.destination.to_string();
        let known = self.known().get(&domain.name).filter(|row| row.destination == destination).cloned();
        known.unwrap_or_else(|| fresh(&domain.name, destination))
    }

    /// The verdict on the destination of `domain`: asked with each message.
    pub fn verdict(&self, domain: &Domain) -> Option<Truth> {
        let known = self.known();
        let row = known.get(&domain.name).filter(|row| row.verdict.is_some())?;
        row.verdict.filter(|_| row.destination == domain.destination.to_string())
    }

    /// Whether the destination of `domain` says no to recipients only after their content (pitfall 2).
    pub fn decides_at_data(&self, domain: &Domain, now: Timestamp) -> bool {
        let known = self.known();
        let seen = known.get(&domain.name).filter(|row| row.decides_at_data.is_some());
        let seen = seen.filter(|row| row.destination == domain.destination.to_string());
        truth::decides_at_data(seen.and_then(|row| row.decides_at_data), now)
    }

    /// What mail has shown of the destination of `domain`.
    pub fn shown(&self, domain: &Domain, now: Timestamp) -> Shown {
        let bounces_later = truth::bounces_later(self.of(domain).bounces_later, now);
        Shown { decides_at_data: self.decides_at_data(domain, now), bounces_later }
    }

    /// Waits until `questions` more may be asked, at most `limit` a minute, and until nobody else asks.
    pub async fn turn(&self, questions: usize, limit: usize) -> Turn<'_> {
        let mut asked = self.asking.lock().await;
        loop {
            while asked.front().is_some_and(|at| at.elapsed() >= MINUTE) {
                asked.pop_front();
            }
            let Some(first) = asked.front().filter(|_| asked.len() + questions > limit) else { break };
            clock::pause(MINUTE.saturating_sub(first.elapsed())).await;
        }
        asked.extend(std::iter::repeat_with(Stopwatch::start).take(questions));
        asked
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, TruthRecord>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Changes what is known of the destination of `domain` and keeps it. A refused stranger is noted beside the domain too.
pub(crate) async fn change(
    house: &House,
    domain: &Domain,
    edit: impl FnOnce(&mut TruthRecord),
    refused_stranger: Option<Timestamp>,
) -> Result<(), StoreError> {
    let _alone = house.truths.saving.lock().await;
    let now = house.clock.now();
    let mut row = house.truths.of(domain);
    edit(&mut row);
    house.truths.known().insert(domain.name.clone(), row.clone());
    house
        .store
        .write(move |tx| {
            tx.put_truth(&row)?;
            tx.note_truth(&row.domain, now, row.verdict)?;
            refused_stranger.map_or(Ok(()), |at| tx.note_stranger_refused(&row.domain, at))
        })
        .await?;
    house.bus.stale(&[Tag::Setup]);
    Ok(())
}

/// The destination of `domain` refused content for a recipient that it had taken. Kept once a day.
pub(crate) fn refused_late(house: &Arc<House>, domain: &Arc<Domain>) {
    if is_of_today(house, house.truths.of(domain).decides_at_data) {
        return;
    }
    tracing::info!(domain = domain.name, "the mail server decides about recipients after the content");
    keep(house, domain, |row, now| row.decides_at_data = Some(now));
}

/// The destination of `domain` sent back what it had taken. Kept once a day.
pub(crate) fn bounced_later(house: &Arc<House>, domain: &Arc<Domain>) {
    if is_bouncing_known(house, domain) {
        return;
    }
    tracing::info!(domain = domain.name, "the mail server takes mail that it sends back later");
    keep(house, domain, |row, now| row.bounces_later = Some(now));
}

/// Whether a bounce of the destination of `domain` would be no news.
pub(crate) fn is_bouncing_known(house: &House, domain: &Domain) -> bool {
    is_of_today(house, house.truths.of(domain).bounces_later)
}

fn is_of_today(house: &House, seen: Option<Timestamp>) -> bool {
    seen.is_some_and(|seen| house.clock.now().since_ms(seen) < DAY_MS)
}

fn keep(house: &Arc<House>, domain: &Arc<Domain>, edit: fn(&mut TruthRecord, Timestamp)) {
    let now = house.clock.now();
    let (house, domain) = (Arc::clone(house), Arc::clone(domain));
    let tasks = house.tasks.clone();
    tasks.spawn(async move {
        if let Err(error) = change(&house, &domain, |row| edit(row, now), None).await {
            tracing::error!(%error, "what the mail server is found to be could not be stored");
        }
    });
}

fn fresh(domain: &str, destination: String) -> TruthRecord {
    TruthRecord {
        domain: domain.to_owned(),
        destination,
        verdict: None,
        tested: None,
        next: Timestamp(0),
        names: Vec::new(),
        replies: Vec::new(),
        decides_at_data: None,
        bounces_later: None,
        brand: None,
    }
}

/// `sd-` and 16 letters of base 32 that nobody has (3.8).
pub(crate) fn made_up_name() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let random = || RandomState::new().hash_one(0_u8);
    let bits = (u128::from(random()) << 64) | u128::from(random());
    let name: String = (0..16).map(|place| LETTERS[((bits >> (place * 5)) & 31) as usize] as char).collect();
    format!("sd-{name}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_net::{Destination, TlsPolicy};

    fn domain(port: u16) -> Domain {
        Domain::outside("acme.example".to_owned(), Destination::new("mail", port, TlsPolicy::Never))
    }

    #[test]
    fn v01_another_destination_begins_afresh() {
        let found = TruthRecord {
            verdict: Some(Truth::AcceptsEverything),
            decides_at_data: Some(Timestamp(1)),
            ..fresh("acme.example", "mail:25".to_owned())
        };
        let truths = Truths::new(vec![found.clone()]);

        assert_eq!(truths.of(&domain(25)), found);
        assert!(truths.decides_at_data(&domain(25), Timestamp(2)));
        assert_eq!(truths.of(&domain(2525)), fresh("acme.example", "mail:2525".to_owned()));
        assert!(!truths.decides_at_data(&domain(2525), Timestamp(2)));
    }

    #[tokio::test]
    async fn v01_no_more_than_thirty_questions_a_minute() {
        let truths = Truths::default();
        for _ in 0..15 {
            drop(truths.turn(2, 30).await);
        }

        let mut early = std::pin::pin!(truths.turn(2, 30));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());

        assert!(early.as_mut().poll(&mut context).is_pending(), "the sixteenth test waits");
    }

    #[test]
    fn an_invented_name_is_new_each_time_and_a_plain_local_part() {
        let (one, other) = (made_up_name(), made_up_name());

        assert_ne!(one, other);
        assert_eq!(one.len(), 19);
        assert!(one.starts_with("sd-") && one.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{one}");
    }
}
