//! Which messages of one address count, or will, and how often its mail server said no.

use std::collections::{HashSet, VecDeque};

use super::Message;
use crate::clean::Record;
use crate::time::{DAY_MS, Timestamp};
use crate::transition::{CONTRADICTS_MS, COUNTED_EXACTLY};

/// No message waits longer for a bounce.
const LONGEST_WAIT_MS: i64 = DAY_MS;

/// Messages kept of a busy address: far more than any rule needs.
const MOST_KEPT: usize = 1_024;

/// A message that counts, or waits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept {
    at: Timestamp,
    due: Timestamp,
    mark: Option<u64>,
    sender_domain: u64,
}

/// What counts.
#[derive(Debug, Default)]
pub(super) struct Counting {
    /// In the order of their delivery.
    counted: VecDeque<Kept>,
    /// Wait for a bounce.
    waiting: VecDeque<Kept>,
    /// Messages that count or counted, or wait.
    marks: HashSet<u64>,
    bounces: VecDeque<Timestamp>,
    refusals: VecDeque<Timestamp>,
}

impl Counting {
    /// How many count since `since`, that moment included; more than any rule needs is not told apart.
    pub fn since(&self, since: Timestamp) -> u32 {
        let counted = self.counted.iter().rev().take_while(|kept| kept.at >= since);
        u32::try_from(counted.take(COUNTED_EXACTLY as usize).count()).unwrap_or(u32::MAX)
    }

    /// What is known of the address when `message` comes (3.3).
    pub fn record(&self, message: &Message, cap: Option<u32>, since: Timestamp, at: Timestamp) -> Record {
        let same = |kept: &&Kept| kept.at >= since && kept.sender_domain == message.sender_domain;
        let most = cap.unwrap_or_default() as usize;
        let of_sender_domain = self.counted.iter().chain(&self.waiting).filter(same).take(most).count();
        Record {
            repeated: message.mark.is_some_and(|mark| self.marks.contains(&mark)),
            of_sender_domain: u32::try_from(of_sender_domain).unwrap_or(u32::MAX),
            bounced: self.bounces.iter().any(|bounce| at.since_ms(*bounce) <= CONTRADICTS_MS),
        }
    }

    /// Takes a message that counts after `settle_ms`.
    pub fn take(&mut self, message: &Message, at: Timestamp, settle_ms: i64) {
        let Message { mark, sender_domain, .. } = *message;
        let kept = Kept { at, due: at.plus_ms(settle_ms), mark, sender_domain };
        self.marks.extend(mark);
        if settle_ms > 0 { self.waiting.push_back(kept) } else { self.add(kept) }
    }

    /// The next message that has waited long enough by `now`, with when that was.
    pub fn settled(&mut self, now: Timestamp) -> Option<(Timestamp, Kept)> {
        let (place, kept) = self.waiting.iter().enumerate().min_by_key(|(place, kept)| (kept.due, *place))?;
        let (place, kept) = (place, *kept);
        if kept.due > now {
            return None;
        }
        self.waiting.remove(place);
        Some((kept.due, kept))
    }

    /// It counts, unless mail was sent back since it was delivered.
    pub fn counts_now(&mut self, kept: Kept) -> bool {
        if self.bounces.iter().any(|bounce| *bounce >= kept.at && *bounce <= kept.due) {
            if let Some(mark) = kept.mark {
                self.marks.remove(&mark);
            }
            return false;
        }
        self.add(kept);
        true
    }

    /// Whether a message waits.
    pub fn waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Lets go of what can count no more.
    pub fn forget_before(&mut self, since: Timestamp, now: Timestamp) {
        while self.counted.len() > MOST_KEPT || self.counted.front().is_some_and(|kept| kept.at < since) {
            self.counted.pop_front();
        }
        let long_ago = now.minus_ms(CONTRADICTS_MS + LONGEST_WAIT_MS);
        for times in [&mut self.bounces, &mut self.refusals] {
            while times.front().is_some_and(|at| *at < long_ago) {
                times.pop_front();
            }
        }
    }

    /// Mail for it was sent back.
    pub fn bounced(&mut self, at: Timestamp) {
        self.bounces.push_back(at);
    }

    /// How often within a week, but not before `first_seen`.
    pub fn bounces(&self, at: Timestamp, first_seen: Timestamp) -> u32 {
        within_week(&self.bounces, at, first_seen)
    }

    /// It was refused; how often within a week with this time, but not before `first_seen`.
    pub fn refused(&mut self, at: Timestamp, first_seen: Timestamp) -> u32 {
        self.refusals.push_back(at);
        within_week(&self.refusals, at, first_seen)
    }

    /// In its place by the time of delivery; nearly always the last one.
    fn add(&mut self, kept: Kept) {
        let later = self.counted.iter().rev().take_while(|other| other.at > kept.at).count();
        self.counted.insert(self.counted.len() - later, kept);
    }
}

fn within_week(times: &VecDeque<Timestamp>, at: Timestamp, first_seen: Timestamp) -> u32 {
    let since = at.minus_ms(CONTRADICTS_MS).max(first_seen);
    u32::try_from(times.iter().filter(|time| **time >= since).count()).unwrap_or(u32::MAX)
}
