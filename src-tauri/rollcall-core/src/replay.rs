//! A rule tried on what was recorded of one address (X09): events in the order of time in, and what the rule would have
//! made of the address out. Nothing is decided here: every step is [`transition::next`], [`decision::decide`] or
//! [`clean::counts_for`], as with live mail.
//!
//! **Invariant.** Memory is bounded by what counts inside the window, however much was recorded.
//!
//! **Limits.** An address is alone: a list that is full (P03) and a licence without seats are not looked at. A message that
//! our own refusal kept out was never seen, so it counts under no rule.

mod counting;
mod course;

pub use course::{Course, Doubt, Made};

use std::collections::HashMap;

use crate::clean::{self, NotCounted};
use crate::decision::{self, Decision, Outcome};
use crate::freeze::Freezes;
use crate::rule::{AliasRule, Basis, Rule};
use crate::state::{AddressState, MadeBy};
use crate::time::{DAY_MS, Timestamp};
use crate::transition::{self, Change, Circumstances, Event, Next, Row, T, Tell};
use crate::truth::Truth;

use counting::Counting;

/// Two notices within less than this are one for whoever reads them, in milliseconds (T9).
pub const ONE_NOTICE_MS: i64 = 3 * DAY_MS;

/// What was recorded of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// The mail server said 250 to RCPT.
    RcptAccepted,
    /// The mail server took a message.
    Delivered(Message),
    /// It sent a clean message from inside (T5).
    Sent,
    /// The mail server refused it (T6).
    Refused,
    /// The mail server sent mail for it back (T7).
    Bounced,
    /// A weekly tick.
    Tick(Tick),
    /// The weekly notice of the latest tick was shown.
    NoticeShown,
    /// The operator decided about it in the journal's entry `entry`.
    Decided {
        /// The entry.
        entry: i64,
        /// What was decided.
        decision: Decision,
    },
    /// The operator gave it time, or keeps it on the list.
    Marked {
        /// Until when it does not end.
        held_until: Option<Timestamp>,
        /// It never ends by itself.
        pinned: bool,
    },
    /// The operator took the entry `entry` back.
    Undone {
        /// The entry that was taken back.
        entry: i64,
        /// What the entry had left; where that never was, nothing is taken back.
        left: Option<AddressState>,
        /// What came back.
        restored: Option<Standing>,
    },
}

/// A message that the mail server took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// What speaks against it, whoever it is for (3.3).
    pub by_itself: Result<(), NotCounted>,
    /// Equal numbers are the same Message-ID of the same sender; `None` without a Message-ID.
    pub mark: Option<u64>,
    /// Equal numbers are the same sender domain.
    pub sender_domain: u64,
}

/// A weekly tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tick {
    /// It stands for missed ones, so nothing ends in it (3.9).
    pub collapsed: bool,
    /// Nothing ended in the office at the time (X05).
    pub holiday: bool,
    /// No notice was due at the time, so that nobody knows whether one would have been seen: it is taken for seen.
    pub taken_for_shown: bool,
}

/// An address as the state machine keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Where it stands.
    pub state: AddressState,
    /// Who made the account.
    pub made_by: Option<MadeBy>,
    /// Since when it stands there.
    pub changed: Timestamp,
    /// Its first evidence.
    pub first_seen: Timestamp,
    /// When it became Discovered.
    pub discovered: Option<Timestamp>,
    /// Weekly notices about it that were shown.
    pub notices: u32,
    /// When the last was shown.
    pub last_notice: Option<Timestamp>,
    /// Until when it does not end.
    pub held_until: Option<Timestamp>,
    /// The operator said keep.
    pub pinned: bool,
    /// The mail server contradicts it.
    pub suspect: bool,
}

/// What a replay stands on beside the address itself.
pub struct Stage<'a> {
    /// The rule that is tried.
    pub rule: Rule,
    /// When the clocks of its domain stood.
    pub freezes: &'a Freezes,
    /// What its mail server was found to be at a moment.
    pub truth: &'a dyn Fn(Timestamp) -> Option<Truth>,
    /// Whether it was another name of exactly one account at a moment (3.7).
    pub alias: &'a dyn Fn(Timestamp) -> bool,
}

/// One address under the rule that is tried.
pub struct Replay<'a> {
    stage: Stage<'a>,
    /// Before this moment messages are counted and nothing moves.
    from: Timestamp,
    row: Option<Standing>,
    counting: Counting,
    /// The latest tick's notice names it and was not shown yet.
    is_notice_due: bool,
    /// What it was before the operator's decisions, and when each was made.
    before: HashMap<i64, (Timestamp, Option<Standing>)>,
    course: Course,
}

impl Standing {
    /// A row that is made at `at`.
    #[must_use]
    pub const fn new(state: AddressState, at: Timestamp) -> Self {
        Self {
            state,
            made_by: None,
            changed: at,
            first_seen: at,
            discovered: None,
            notices: 0,
            last_notice: None,
            held_until: None,
            pinned: false,
            suspect: false,
        }
    }

    /// T22: a Discovered row that comes back after `ms` has as much time left as it had; within a day it is as it was.
    fn with_time_back(self, ms: i64) -> Self {
        if self.state != AddressState::Discovered || ms < DAY_MS {
            return self;
        }
        let later = |at: Option<Timestamp>| at.map(|at| at.plus_ms(ms));
        Self {
            discovered: later(self.discovered),
            last_notice: later(self.last_notice),
            held_until: later(self.held_until),
            ..self
        }
    }
}

impl<'a> Replay<'a> {
    /// Begins at `from` with what the address was then. What is recorded of the time before only counts.
    #[must_use]
    pub fn new(stage: Stage<'a>, from: Timestamp, row: Option<Standing>) -> Self {
        Self {
            stage,
            from,
            row,
            counting: Counting::default(),
            is_notice_due: false,
            before: HashMap::new(),
            course: Course::default(),
        }
    }

    /// The next that was recorded; in the order of time.
    pub fn happens(&mut self, at: Timestamp, what: Recorded) {
        self.pass_to(at);
        match what {
            Recorded::Delivered(message) => self.delivered(at, message),
            Recorded::Bounced => self.bounced(at),
            Recorded::Refused => self.refused(at),
            _ if at < self.from => {}
            Recorded::RcptAccepted => self.rcpt_accepted(at),
            Recorded::Sent => self.step(at, Event::Sent { never_learn: false }),
            Recorded::Tick(tick) => self.tick(at, tick),
            Recorded::NoticeShown => self.notice_shown(at),
            Recorded::Decided { entry, decision } => self.decided(at, entry, decision),
            Recorded::Marked { held_until, pinned } => {
                if let Some(row) = self.row.as_mut().filter(|row| row.state == AddressState::Discovered) {
                    (row.held_until, row.pinned) = (held_until, pinned);
                }
            }
            Recorded::Undone { entry, left, restored } => self.undone(at, entry, left, restored),
        }
    }

    /// Lets time pass to `now`, and says what became of the address.
    #[must_use]
    pub fn end(mut self, now: Timestamp) -> Course {
        self.pass_to(now);
        Course { row: self.row, ..self.course }
    }

    fn rule(&self, at: Timestamp) -> Rule {
        self.stage.rule.under((self.stage.truth)(at))
    }

    fn window_start(&self, at: Timestamp) -> Timestamp {
        let start = self.stage.freezes.window_start(at, self.rule(at).window_ms());
        start.max(self.row.map_or(at, |row| row.first_seen))
    }

    /// Settles what has waited for a bounce, and forgets the address when nothing is left in the window (T11).
    fn pass_to(&mut self, at: Timestamp) {
        while let Some((due, delivered)) = self.counting.settled(at) {
            if !self.counting.counts_now(delivered) || due < self.from {
                continue;
            }
            if self.row.is_some_and(|row| row.state.is_open()) {
                self.counted(due);
            }
        }
        if at < self.from || self.counting.waits() || !self.row.is_some_and(|row| row.state == AddressState::Watching) {
            return;
        }
        if self.counting.since(self.window_start(at)) == 0 && !self.stage.freezes.stood_at(at) {
            self.step(at, Event::WindowEmpty);
        }
    }

    /// A message: first what its RCPT says (T2), then whether it counts (3.3).
    fn delivered(&mut self, at: Timestamp, message: Message) {
        self.counting.forget_before(self.window_start(at), at);
        if at >= self.from {
            self.rcpt_accepted(at);
            if let Some(row) = &mut self.row {
                row.suspect = false;
                if row.state.is_account() || row.state == AddressState::Inactive {
                    return;
                }
            }
        }
        let rule = self.rule(at);
        let record = self.counting.record(&message, rule.per_sender_domain, self.window_start(at), at);
        let weighed = message.by_itself.and_then(|()| clean::counts_for(record, rule.per_sender_domain));
        if weighed.is_err() {
            return;
        }
        self.counting.take(&message, at, rule.settle_ms());
        if at >= self.from {
            self.counted(at);
        }
    }

    /// So many messages count now: T1, T3, T4, T8.
    fn counted(&mut self, at: Timestamp) {
        let counted = self.counting.since(self.window_start(at));
        let is_moment = transition::tests_for_alias(self.rule(at).need, counted)
            && self.stage.rule.alias == AliasRule::Auto
            && self.row.is_none_or(|row| row.state.is_open());
        let alias = is_moment && (self.stage.alias)(at);
        self.step(at, Event::Clean { counted, alias });
    }

    fn rcpt_accepted(&mut self, at: Timestamp) {
        if self.stage.rule.evidence == Basis::RcptOk {
            self.step(at, Event::RcptAccepted);
        }
    }

    fn refused(&mut self, at: Timestamp) {
        let Some(row) = self.row else { return };
        let within_week = self.counting.refused(at, row.first_seen);
        if at >= self.from {
            self.step(at, Event::Refused { within_week });
        }
    }

    fn bounced(&mut self, at: Timestamp) {
        self.counting.bounced(at);
        let Some(row) = self.row.filter(|_| at >= self.from) else { return };
        let within_week = self.counting.bounces(at, row.first_seen);
        self.step(at, Event::Bounced { within_week });
    }

    fn tick(&mut self, at: Timestamp, tick: Tick) {
        let Some(mut row) = self.row else { return };
        let on_holiday = tick.holiday.then(|| at.plus_ms(1));
        row.held_until = row.held_until.max(on_holiday);
        let next = self.next(Some(&row), at, Event::Tick { collapsed: tick.collapsed });
        self.is_notice_due = next.tell == Some(Tell::NoticeDue);
        if self.is_notice_due && tick.taken_for_shown {
            self.notice_shown(at);
        }
        self.apply(next, at);
    }

    fn notice_shown(&mut self, at: Timestamp) {
        let is_due = std::mem::take(&mut self.is_notice_due);
        let Some(row) = self.row.as_mut().filter(|row| is_due && row.state == AddressState::Discovered) else { return };
        if row.last_notice.is_none_or(|last| at.since_ms(last) >= ONE_NOTICE_MS) {
            row.notices += 1;
            row.last_notice = Some(at);
        }
    }

    fn decided(&mut self, at: Timestamp, entry: i64, decision: Decision) {
        self.before.insert(entry, (at, self.row));
        match decision::decide(self.row.map(|row| row.state), decision) {
            Outcome::Unchanged | Outcome::DoesNotFit(_) => {}
            Outcome::Gone => self.row = None,
            Outcome::Becomes(state) => {
                let row = self.row.unwrap_or_else(|| Standing::new(state, at));
                let made_by = state.is_account().then_some(MadeBy::Operator);
                self.row = Some(Standing { state, made_by, changed: at, held_until: None, pinned: false, ..row });
            }
        }
    }

    fn undone(&mut self, at: Timestamp, entry: i64, left: Option<AddressState>, restored: Option<Standing>) {
        if self.row.map(|row| row.state) != left {
            return;
        }
        self.row = match self.before.remove(&entry) {
            Some((then, row)) => row.map(|row| row.with_time_back(at.since_ms(then))),
            None => restored,
        };
    }

    fn next(&self, row: Option<&Standing>, at: Timestamp, event: Event) -> Next {
        let freezes = self.stage.freezes;
        let frozen = freezes.stood_at(at);
        let seen = row.map(|row| Row {
            state: row.state,
            made_by: row.made_by,
            age_ms: at.since_ms(row.changed),
            running_ms: row.discovered.map_or(0, |since| freezes.running_ms(since, at)),
            notices: row.notices,
            last_notice_ms: row.last_notice.map(|last| at.since_ms(last)),
            frozen,
            held: row.held_until.is_some_and(|until| at < until),
            pinned: row.pinned,
        });
        let truth = (self.stage.truth)(at);
        let around = Circumstances { rule: self.stage.rule, truth, learns: !frozen, seat_left: true };
        transition::next(seen.as_ref(), event, &around)
    }

    fn step(&mut self, at: Timestamp, event: Event) {
        let next = self.next(self.row.as_ref(), at, event);
        if matches!(event, Event::Refused { .. } | Event::Bounced { .. }) && next.by.is_some() {
            let doubt = if next.by == Some(T::T6) { Doubt::Refused } else { Doubt::Bounced };
            self.course.doubted = Some((at, doubt));
        }
        self.apply(next, at);
    }

    /// Carries a transition out.
    fn apply(&mut self, next: Next, at: Timestamp) {
        if let Some(row) = self.row.as_mut().filter(|_| next.suspect) {
            row.suspect = true;
        }
        match next.change {
            Change::Stay => {}
            Change::Gone => {
                self.row = None;
                self.course.forgotten += 1;
            }
            Change::Becomes(state) => {
                let mut row = self.row.unwrap_or_else(|| Standing::new(state, at));
                (row.state, row.changed) = (state, at);
                row.made_by = state.is_account().then_some(MadeBy::Rule);
                if state == AddressState::Discovered {
                    (row.discovered, row.notices, row.last_notice) = (Some(at), 0, None);
                }
                self.row = Some(row);
                self.course.note(state, next.by, at);
            }
        }
    }
}

#[cfg(test)]
#[path = "replay_tests.rs"]
mod tests;
