//! What was promised against what arrived.
//!
//! **Invariant.** A duplicate is allowed only where RFC 5321 section 4.5.4.1 leaves no other way: the destination's final
//! reply did not reach us, or we were killed before we could write down that it had.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use super::flapping::Arrival;
use super::load::Promise;

/// A relay that took a reply in has written that down after this long, unless the disk is full.
const SETTLED_WITHIN: Duration = Duration::from_secs(2);

/// How one life of the relay ended.
#[derive(Debug, Clone, Copy)]
pub struct Death {
    /// When it was killed.
    pub at: Instant,
    /// The disk was full at some time before.
    pub disk_was_full: bool,
}

/// The count.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Messages that were promised.
    pub promised: usize,
    /// Of these, kept here first.
    pub kept: usize,
    /// Of these, large enough to be a file.
    pub kept_large: usize,
    /// Promised for several recipients.
    pub several: usize,
    /// Arrived without a promise: the client never got its reply and has to send again.
    pub unpromised: usize,
    /// Promised and not arrived, message and recipient.
    pub missing: BTreeSet<(String, String)>,
    /// Arrived otherwise than sent.
    pub damaged: BTreeSet<String>,
    /// Arrived again because the destination's reply was lost.
    pub again_reply_lost: usize,
    /// Arrived again because the relay was killed before it had written the reply down.
    pub again_killed: usize,
    /// Arrived again without such a reason.
    pub again_for_nothing: BTreeSet<String>,
}

impl Verdict {
    /// Compares; `deaths` by the number of the life that they ended.
    #[must_use]
    pub fn of(promises: &BTreeMap<String, Promise>, arrivals: &[Arrival], deaths: &BTreeMap<u64, Death>) -> Self {
        let mut verdict = Self { promised: promises.len(), ..Self::default() };
        let mut by_name: BTreeMap<&str, Vec<&Arrival>> = BTreeMap::new();
        for arrival in arrivals {
            by_name.entry(&arrival.identity.name).or_default().push(arrival);
            if !arrival.whole {
                verdict.damaged.insert(arrival.identity.name.clone());
            }
        }
        for promise in promises.values() {
            verdict.kept += usize::from(promise.kept);
            verdict.kept_large += usize::from(promise.kept && promise.identity.is_large());
            verdict.several += usize::from(promise.recipients.len() > 1);
            let name = promise.identity.name.as_str();
            let reached: BTreeSet<&String> =
                by_name.get(name).into_iter().flatten().flat_map(|arrival| &arrival.recipients).collect();
            let missing = promise.recipients.iter().filter(|recipient| !reached.contains(recipient));
            verdict.missing.extend(missing.map(|recipient| (name.to_owned(), recipient.clone())));
        }
        for (name, arrivals) in &by_name {
            verdict.unpromised += usize::from(!promises.contains_key(*name));
            verdict.count_repeats(name, arrivals, deaths);
        }
        verdict
    }

    /// Every arrival for a recipient but the last one must have a reason not to have been the last.
    fn count_repeats(&mut self, name: &str, arrivals: &[&Arrival], deaths: &BTreeMap<u64, Death>) {
        for (place, arrival) in arrivals.iter().enumerate() {
            let comes_again =
                |recipient| arrivals[place + 1..].iter().any(|later| later.recipients.contains(recipient));
            if !arrival.recipients.iter().any(comes_again) {
                continue;
            }
            let killed_too_soon = deaths.get(&arrival.round).is_some_and(|death| {
                death.disk_was_full || death.at.saturating_duration_since(arrival.at) < SETTLED_WITHIN
            });
            let in_a_later_life = arrivals[place + 1..].iter().any(|later| later.round > arrival.round);
            if !arrival.answered {
                self.again_reply_lost += 1;
            } else if killed_too_soon && in_a_later_life {
                self.again_killed += 1;
            } else {
                self.again_for_nothing.insert(format!("{name}: {}", history(arrivals, deaths)));
            }
        }
    }

    /// Nothing is missing, damaged, or twice without a reason.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.missing.is_empty() && self.damaged.is_empty() && self.again_for_nothing.is_empty()
    }
}

/// Each arrival: in which life, how long before its end, and whether the final reply was written.
fn history(arrivals: &[&Arrival], deaths: &BTreeMap<u64, Death>) -> String {
    let one = |arrival: &&Arrival| {
        let Arrival { round, answered, recipients, .. } = arrival;
        let before = deaths.get(round).map(|death| death.at.saturating_duration_since(arrival.at));
        format!("in life {round}, {before:?} before its end, answered {answered}, for {}", recipients.join(" "))
    };
    arrivals.iter().map(one).collect::<Vec<_>>().join("; ")
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let passed = self.promised - self.kept;
        writeln!(f, "| promised to clients | {} |", self.promised)?;
        writeln!(f, "| … passed through | {passed} |")?;
        writeln!(f, "| … kept here first (as a file) | {} ({}) |", self.kept, self.kept_large)?;
        writeln!(f, "| … for several recipients | {} |", self.several)?;
        writeln!(f, "| **missing** | **{}** |", self.missing.len())?;
        writeln!(f, "| damaged | {} |", self.damaged.len())?;
        writeln!(f, "| arrived, client killed off before its 250 | {} |", self.unpromised)?;
        writeln!(f, "| twice, the destination's reply was lost | {} |", self.again_reply_lost)?;
        writeln!(f, "| twice, killed before its reply was written down | {} |", self.again_killed)?;
        writeln!(f, "| twice without such a reason | {} |", self.again_for_nothing.len())?;
        for (name, recipient) in self.missing.iter().take(10) {
            writeln!(f, "missing: {name} for {recipient}")?;
        }
        for name in self.damaged.iter().chain(&self.again_for_nothing).take(10) {
            writeln!(f, "damaged or twice: {name}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::message::Identity;
    use super::*;

    #[tokio::test]
    async fn a_promise_that_did_not_arrive_for_everybody_is_missing() {
        let promises = promised(&["ann", "bob"]);
        let arrived = [arrival(&["ann"], true, 1)];

        let verdict = Verdict::of(&promises, &arrived, &BTreeMap::new());

        assert_eq!(verdict.missing, BTreeSet::from([("m".to_owned(), "bob".to_owned())]));
        assert!(!verdict.is_clean());
    }

    #[tokio::test]
    async fn twice_is_allowed_only_where_a_reply_was_lost_or_a_life_ended() {
        let promises = promised(&["ann"]);
        let death = Death { at: Instant::now(), disk_was_full: false };
        let deaths = BTreeMap::from([(1, death)]);
        let again = |first_answered, second_round| {
            let arrived = [arrival(&["ann"], first_answered, 1), arrival(&["ann"], true, second_round)];
            Verdict::of(&promises, &arrived, &deaths)
        };

        assert_eq!(again(false, 1).again_reply_lost, 1);
        assert_eq!(again(true, 2).again_killed, 1);
        assert!(!again(true, 1).is_clean(), "in one life, with the reply");
    }

    #[tokio::test]
    async fn different_recipients_at_different_times_are_no_duplicate() {
        let arrived = [arrival(&["ann"], true, 1), arrival(&["bob"], true, 1)];

        assert!(Verdict::of(&promised(&["ann", "bob"]), &arrived, &BTreeMap::new()).is_clean());
    }

    fn message() -> Identity {
        Identity { name: "m".to_owned(), size: 10 }
    }

    fn promised(recipients: &[&str]) -> BTreeMap<String, Promise> {
        let recipients = recipients.iter().map(|one| (*one).to_owned()).collect();
        BTreeMap::from([("m".to_owned(), Promise { identity: message(), recipients, kept: true })])
    }

    fn arrival(recipients: &[&str], answered: bool, round: u64) -> Arrival {
        let recipients = recipients.iter().map(|one| (*one).to_owned()).collect();
        Arrival { identity: message(), recipients, whole: true, answered, at: Instant::now(), round }
    }
}
