//! The state machine of an address (behaviour.md 3.5): a row, what happened and the domain's rule in, what becomes of
//! the row out. Every transition but the operator's own ([`crate::decision`]) is here.
//!
//! **Invariant.** Only the weekly tick and a proof by the mail server refuse an address by themselves; the tick only
//! after its notices were shown.

use crate::rule::{AliasRule, Basis, OnExpiry, OnOutbound, OnReached, Rule};
use crate::state::{AddressState, InvalidReason, MadeBy};
use crate::time::DAY_MS;
use crate::truth::Truth;

/// The most Watching rows of an office (P03).
pub const MOST_WATCHING: u64 = 15_000;
/// A contradiction counts for so long, in milliseconds (T6, T7).
pub const CONTRADICTS_MS: i64 = 7 * DAY_MS;
/// A user that the rule made is doubted by one bounce for so long, in milliseconds (T7).
pub const DOUBTED_MS: i64 = 30 * DAY_MS;
/// How old the last notice is at expiry at least, in milliseconds (X05).
pub const LAST_NOTICE_MS: i64 = 6 * DAY_MS;

/// From this many clean messages on a Discovered row's count goes up by one a message, instead of being counted again: a
/// busy address must not cost more with each message. More than any rule needs.
pub const COUNTED_EXACTLY: u32 = 64;

/// Whether so many clean messages are a moment at which the alias test is made (T8): from the need on, and not with each
/// message of a busy address.
#[must_use]
pub fn tests_for_alias(need: u32, counted: u32) -> bool {
    (need..COUNTED_EXACTLY.max(need.saturating_add(1))).contains(&counted)
}

/// What a transition needs to know of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Where it stands.
    pub state: AddressState,
    /// Who made the account; `None` where it is none.
    pub made_by: Option<MadeBy>,
    /// How long ago it got its state, in milliseconds.
    pub age_ms: i64,
    /// How long its clock has run since it was discovered, in milliseconds: without frozen time.
    pub running_ms: i64,
    /// Weekly notices that were shown.
    pub notices: u32,
    /// How long ago the last was shown, in milliseconds.
    pub last_notice_ms: Option<i64>,
    /// Clocks stand: discovery is off, or a directory decides (T15).
    pub frozen: bool,
    /// No expiry for now: a holiday, a week's grace, no seat left.
    pub held: bool,
    /// The operator said keep.
    pub pinned: bool,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A message that counts; so many count now, with it, inside the window. `alias`: it looks like another name of
    /// exactly one account (3.7).
    Clean {
        /// With this one.
        counted: u32,
        /// A unique match.
        alias: bool,
    },
    /// The mail server's 250 to RCPT.
    RcptAccepted,
    /// It sent a clean message from inside (T5). `never_learn`: it is made for one message (3.2 step 4).
    Sent {
        /// Made for one message.
        never_learn: bool,
    },
    /// The mail server says it does not exist, at RCPT or at the end of DATA (T6); so many times within a week, with this.
    Refused {
        /// With this one.
        within_week: u32,
    },
    /// The mail server sent mail for it back (T7, 3.6); so many times within a week, with this one.
    Bounced {
        /// With this one.
        within_week: u32,
    },
    /// No counted message is left inside the window (T11).
    WindowEmpty,
    /// The weekly tick (T9, T10). `collapsed`: it stands for ticks that were missed, so nothing ends in it (3.9).
    Tick {
        /// Ticks were missed.
        collapsed: bool,
    },
    /// The directory has it as this (T16, T18).
    InDirectory(AddressState),
    /// Asked again after a week, the mail server refused it so many times over so many milliseconds (T23).
    Reverified {
        /// Refusals.
        refusals: u32,
        /// From the first to the last, in milliseconds.
        over_ms: i64,
    },
}

/// What else the decision depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circumstances {
    /// The domain's rule.
    pub rule: Rule,
    /// What its mail server is found to be.
    pub truth: Option<Truth>,
    /// Rows may be made: the domain learns, and its clocks go.
    pub learns: bool,
    /// A seat is left for a user that a rule makes.
    pub seat_left: bool,
}

/// The transition of 3.5 that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the numbers are those of behaviour.md 3.5")]
pub enum T {
    T1,
    T2,
    T3,
    T4,
    T5,
    T6,
    T7,
    T8,
    T9,
    T10,
    T11,
    T16,
    T18,
    T23,
}

/// What becomes of the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It keeps its state; counters may move on.
    Stay,
    /// It gets this state; a row that is missing is made.
    Becomes(AddressState),
    /// It goes.
    Gone,
}

/// What is worth telling beside the change itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tell {
    /// It sent mail, but its own mail is refused (T5).
    SentButRefused,
    /// The mail server says it does not exist (T6, T7, T23).
    ServerSaysNo,
    /// The mail server has said so often enough that it should be marked invalid (T7).
    ProposeInvalid,
    /// A weekly notice is due (T9).
    NoticeDue,
    /// A rule would have made a user, but no seat is left: it waits, held.
    NoSeat,
    /// Mail that is kept for it, because it ended by itself, is dropped within a day (X06).
    HeldMailEnds,
}

impl Tell {
    /// The word used in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SentButRefused => "sent_but_refused",
            Self::ServerSaysNo => "server_says_no",
            Self::ProposeInvalid => "propose_invalid",
            Self::NoticeDue => "notice_due",
            Self::NoSeat => "no_seat",
            Self::HeldMailEnds => "held_mail_ends",
        }
    }
}

/// A decision about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// The transition taken; `None` when none fits.
    pub by: Option<T>,
    /// What becomes of the row.
    pub change: Change,
    /// It is Suspect from now on.
    pub suspect: bool,
    /// It is Held from now on.
    pub hold: bool,
    /// What to tell.
    pub tell: Option<Tell>,
}

impl Next {
    const NOTHING: Self = Self { by: None, change: Change::Stay, suspect: false, hold: false, tell: None };

    const fn stay(by: T) -> Self {
        Self { by: Some(by), ..Self::NOTHING }
    }

    const fn becomes(by: T, state: AddressState) -> Self {
        Self { by: Some(by), change: Change::Becomes(state), ..Self::NOTHING }
    }

    const fn gone(by: T) -> Self {
        Self { by: Some(by), change: Change::Gone, ..Self::NOTHING }
    }

    const fn suspect(by: T) -> Self {
        Self { by: Some(by), suspect: true, tell: Some(Tell::ServerSaysNo), ..Self::NOTHING }
    }

    const fn telling(self, tell: Tell) -> Self {
        Self { tell: Some(tell), ..self }
    }
}

/// What becomes of a row when something happens.
#[must_use]
pub fn next(row: Option<&Row>, event: Event, around: &Circumstances) -> Next {
    match event {
        Event::Clean { counted, alias } => clean(row, counted, alias, around),
        Event::RcptAccepted => rcpt_accepted(row, around),
        Event::Sent { never_learn } => sent(row, never_learn, around),
        Event::Refused { within_week } => refused(row, within_week),
        Event::Bounced { within_week } => bounced(row, within_week),
        Event::WindowEmpty => match row {
            Some(row) if row.state == AddressState::Watching && !row.frozen => Next::gone(T::T11),
            _ => Next::NOTHING,
        },
        Event::Tick { collapsed } => row.map_or(Next::NOTHING, |row| tick(row, collapsed, around)),
        Event::InDirectory(state) => in_directory(row, state),
        Event::Reverified { refusals, over_ms } => match row {
            Some(row) if row.state.is_account() && refusals >= 3 && over_ms >= DAY_MS => Next::suspect(T::T23),
            _ => Next::NOTHING,
        },
    }
}

/// T1, T3, T4, T8.
fn clean(row: Option<&Row>, counted: u32, alias: bool, around: &Circumstances) -> Next {
    let rule = around.rule.under(around.truth);
    if !around.learns || row.is_some_and(|row| row.frozen) {
        return Next::NOTHING;
    }
    let is_new = match row.map(|row| row.state) {
        None => true,
        Some(AddressState::Watching) => false,
        Some(AddressState::Discovered) if alias && rule.alias == AliasRule::Auto => {
            return Next::becomes(T::T8, AddressState::Alias);
        }
        Some(_) => return Next::NOTHING,
    };
    if counted < rule.need || rule.evidence == Basis::RcptOk {
        return if is_new { Next::becomes(T::T1, AddressState::Watching) } else { Next::stay(T::T3) };
    }
    if alias && rule.alias == AliasRule::Auto {
        return Next::becomes(T::T8, AddressState::Alias);
    }
    match rule.on_reached {
        OnReached::List => Next::becomes(T::T4, AddressState::Discovered),
        OnReached::CreateUser => user_or_held(T::T4, around),
    }
}

/// A user, or a Discovered address that waits for a seat.
fn user_or_held(by: T, around: &Circumstances) -> Next {
    if around.seat_left {
        return Next::becomes(by, AddressState::User(around.rule.role));
    }
    Next { hold: true, ..Next::becomes(by, AddressState::Discovered).telling(Tell::NoSeat) }
}

/// T2.
fn rcpt_accepted(row: Option<&Row>, around: &Circumstances) -> Next {
    let rule = around.rule.under(around.truth);
    let is_unknown = row.is_none_or(|row| row.state == AddressState::Watching && !row.frozen);
    let is_believed = around.truth == Some(Truth::RejectsStrangers);
    if is_unknown && around.learns && is_believed && rule.evidence == Basis::RcptOk {
        return user_or_held(T::T2, around);
    }
    Next::NOTHING
}

/// T5.
fn sent(row: Option<&Row>, never_learn: bool, around: &Circumstances) -> Next {
    use AddressState::{Discovered, Inactive, Invalid, NeverAdd, Watching};
    match row.map(|row| row.state) {
        Some(Invalid(_) | Inactive) => Next::stay(T::T5).telling(Tell::SentButRefused),
        Some(NeverAdd) => Next::stay(T::T5),
        None | Some(Watching | Discovered) => {
            let is_frozen = row.is_some_and(|row| row.frozen);
            if never_learn || !around.learns || is_frozen {
                return Next::NOTHING;
            }
            match around.rule.outbound {
                OnOutbound::Off => Next::NOTHING,
                OnOutbound::List if row.is_some_and(|row| row.state == Discovered) => Next::stay(T::T5),
                OnOutbound::List => Next::becomes(T::T5, Discovered),
                OnOutbound::CreateUser => user_or_held(T::T5, around),
            }
        }
        Some(_) => Next::NOTHING,
    }
}

/// T6.
fn refused(row: Option<&Row>, within_week: u32) -> Next {
    let Some(row) = row else { return Next::NOTHING };
    match row.state {
        AddressState::Watching if within_week >= 2 => Next::gone(T::T6),
        AddressState::Discovered if within_week >= 2 && !row.pinned => {
            Next::becomes(T::T6, AddressState::Invalid(InvalidReason::Bounced)).telling(Tell::ServerSaysNo)
        }
        AddressState::Watching | AddressState::Discovered => Next::suspect(T::T6),
        state if state.is_account() => Next::suspect(T::T6),
        _ => Next::NOTHING,
    }
}

/// T7.
fn bounced(row: Option<&Row>, within_week: u32) -> Next {
    let Some(row) = row else { return Next::NOTHING };
    match row.state {
        AddressState::Watching => Next::gone(T::T7),
        AddressState::Discovered if row.pinned => Next::suspect(T::T7),
        AddressState::Discovered => {
            Next::becomes(T::T7, AddressState::Invalid(InvalidReason::Bounced)).telling(Tell::ServerSaysNo)
        }
        state if state.is_account() => {
            let is_doubted = row.made_by == Some(MadeBy::Rule) && row.age_ms <= DOUBTED_MS;
            match (is_doubted, within_week >= 2) {
                (true, true) => Next::suspect(T::T7).telling(Tell::ProposeInvalid),
                (true, false) => Next::suspect(T::T7),
                (false, _) => Next::stay(T::T7).telling(Tell::ServerSaysNo),
            }
        }
        _ => Next::NOTHING,
    }
}

/// T9, T10.
fn tick(row: &Row, collapsed: bool, around: &Circumstances) -> Next {
    if row.state != AddressState::Discovered || row.frozen || row.held || row.pinned {
        return Next::NOTHING;
    }
    let rule = around.rule;
    if row.notices < rule.notices {
        return Next::stay(T::T9).telling(Tell::NoticeDue);
    }
    let is_old = row.running_ms >= i64::from(rule.notices) * 7 * DAY_MS;
    let was_told_long_ago = row.last_notice_ms.is_some_and(|ago| ago >= LAST_NOTICE_MS);
    if collapsed || !is_old || !was_told_long_ago {
        return Next::NOTHING;
    }
    match rule.on_expiry {
        OnExpiry::Keep => Next::NOTHING,
        OnExpiry::Invalid => Next::becomes(T::T10, AddressState::Invalid(InvalidReason::Expired)),
        OnExpiry::CreateUser => user_or_held(T::T10, around),
    }
}

/// T16, T18.
fn in_directory(row: Option<&Row>, state: AddressState) -> Next {
    use AddressState::{Discovered, Inactive, Invalid, Watching};
    match row.map(|row| row.state) {
        None | Some(Watching | Discovered | Invalid(InvalidReason::Expired)) => Next::becomes(T::T16, state),
        Some(now) if now.is_account() && state == Inactive => Next::becomes(T::T18, Inactive),
        Some(Inactive) if state != Inactive => Next::becomes(T::T18, state),
        Some(_) => Next::NOTHING,
    }
}

/// Whose word counts first when several things happen to one key at one moment (3.5, "Conflict order"); the operator's
/// own comes before all of them.
const fn precedence(event: &Event) -> u8 {
    match event {
        Event::InDirectory(_) => 0,
        Event::Refused { .. } | Event::Bounced { .. } | Event::Reverified { .. } => 1,
        Event::Sent { .. } => 2,
        Event::Clean { .. } | Event::RcptAccepted => 3,
        Event::WindowEmpty | Event::Tick { .. } => 4,
    }
}

/// Of several things that happen to one key at one moment, the one that decides: the first in the conflict order that
/// does anything. The others are dropped, whatever order they came in.
#[must_use]
pub fn first_of(row: Option<&Row>, events: &[Event], around: &Circumstances) -> Next {
    let mut ordered: Vec<&Event> = events.iter().collect();
    ordered.sort_by_key(|event| (precedence(event), weight(event)));
    let decided = ordered.into_iter().map(|event| next(row, *event, around)).find(|next| next.by.is_some());
    decided.unwrap_or(Next::NOTHING)
}

/// Among events of one precedence: proof before counting, and the larger number first.
const fn weight(event: &Event) -> (u8, u32, bool) {
    match event {
        Event::Bounced { within_week } => (0, u32::MAX - *within_week, false),
        Event::Refused { within_week } => (1, u32::MAX - *within_week, false),
        Event::Reverified { refusals, over_ms } => (2, u32::MAX - *refusals, *over_ms < DAY_MS),
        Event::RcptAccepted => (3, 0, false),
        Event::Clean { counted, alias } => (4, u32::MAX - *counted, !*alias),
        Event::WindowEmpty => (5, 0, false),
        Event::Tick { collapsed } => (6, 0, *collapsed),
        Event::Sent { never_learn } => (7, 0, *never_learn),
        Event::InDirectory(_) => (8, 0, false),
    }
}

#[cfg(test)]
#[path = "transition_tests.rs"]
mod tests;
