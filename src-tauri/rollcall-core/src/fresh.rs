//! Mail for an address that ended by itself lately (X06): the timer or the mail server may have been wrong, so for a while
//! nothing that is sent to it is lost without anybody knowing.
//!
//! **Invariant.** A sender is told the truth: 451 while it may come again, 550 when it is refused, 250 only for what is
//! kept here.

use crate::policy::{Reason, Verdict};
use crate::reply::Reply;
use crate::state::{AddressState, InvalidReason};
use crate::time::{DAY_MS, HOUR_MS, Timestamp};

/// How long an end is fresh, in milliseconds.
pub const FRESH_MS: i64 = 14 * DAY_MS;
/// How long after the end a sender is asked to come again, in milliseconds.
pub const DEFERS_MS: i64 = 4 * HOUR_MS;
/// How long a message is kept for the address, in milliseconds.
pub const HELD_MS: i64 = 14 * DAY_MS;
/// How long before it is dropped people are told, in milliseconds.
pub const TOLD_MS: i64 = DAY_MS;
/// The most messages kept for one address: what is sent to a dead name is mostly spam.
pub const MOST_HELD: u64 = 100;

/// What the office keeps of mail for an address that ended by itself lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hold {
    /// Nothing: it is refused at once.
    Off,
    /// Who wrote, and when: senders come again for four hours, then are refused.
    #[default]
    Envelope,
    /// The whole message, for 14 days.
    Full,
}

impl Hold {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Off, Self::Envelope, Self::Full];

    /// The word used in settings and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Envelope => "envelope",
            Self::Full => "full",
        }
    }

    /// The choice for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hold| hold.word() == word)
    }
}

/// What becomes of a recipient instead of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instead {
    /// The sender is to come again.
    Defer(Verdict),
    /// It is accepted, and its message kept here.
    Hold(Verdict),
}

/// Whether an address that stands so since `ended` ended by itself and lately.
#[must_use]
pub fn is_fresh(state: AddressState, ended: Timestamp, now: Timestamp) -> bool {
    let by_itself = matches!(state, AddressState::Invalid(InvalidReason::Expired | InvalidReason::Bounced));
    by_itself && now.since_ms(ended) < FRESH_MS
}

/// What becomes of a recipient that stands so since `ended`, for which `held` messages are kept already; `None` when it is
/// refused as ever.
#[must_use]
pub fn instead(
    recipient: &str,
    state: AddressState,
    ended: Timestamp,
    hold: Hold,
    held: u64,
    now: Timestamp,
) -> Option<Instead> {
    if !is_fresh(state, ended, now) {
        return None;
    }
    match hold {
        Hold::Off => None,
        Hold::Envelope => (now.since_ms(ended) < DEFERS_MS).then(|| {
            let text = format!("<{recipient}>: Address under review, please retry in 30 minutes");
            Instead::Defer(Verdict::new(Reply::new(451, 7, 1, text), Reason::JustEnded))
        }),
        Hold::Full => (held < MOST_HELD).then(|| {
            let reply = Reply::new(250, 1, 5, format!("<{recipient}>: Recipient OK"));
            Instead::Hold(Verdict::new(reply, Reason::HeldForAddress))
        }),
    }
}

/// The reply to a message that is kept here for an address that ended by itself.
#[must_use]
pub fn held(id: &str) -> Verdict {
    Verdict::new(Reply::new(250, 0, 0, format!("Held as {id}")), Reason::HeldForAddress)
}

/// Whether what is kept for an address goes on: nobody calls it invalid any longer.
#[must_use]
pub const fn goes_on(state: Option<AddressState>) -> bool {
    !matches!(state, Some(AddressState::Invalid(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDED: Timestamp = Timestamp(1_000_000);
    const EXPIRED: AddressState = AddressState::Invalid(InvalidReason::Expired);

    fn at(hold: Hold, ms: i64) -> Option<Reason> {
        match instead("a@b.example", EXPIRED, ENDED, hold, 0, ENDED.plus_ms(ms))? {
            Instead::Defer(verdict) | Instead::Hold(verdict) => Some(verdict.reason),
        }
    }

    #[test]
    fn x06_senders_come_again_for_four_hours_and_are_refused_then() {
        assert_eq!(at(Hold::Envelope, 0), Some(Reason::JustEnded));
        assert_eq!(at(Hold::Envelope, DEFERS_MS - 1), Some(Reason::JustEnded));
        assert_eq!(at(Hold::Envelope, DEFERS_MS), None);
        assert_eq!(at(Hold::Off, 0), None);
    }

    #[test]
    fn x06_whole_messages_are_kept_for_fourteen_days_and_a_hundred_at_most() {
        assert_eq!(at(Hold::Full, 0), Some(Reason::HeldForAddress));
        assert_eq!(at(Hold::Full, FRESH_MS - 1), Some(Reason::HeldForAddress));
        assert_eq!(at(Hold::Full, FRESH_MS), None);
        assert_eq!(instead("a@b.example", EXPIRED, ENDED, Hold::Full, MOST_HELD, ENDED), None);
    }

    #[test]
    fn x06_what_a_person_decided_is_not_fresh() {
        for (state, fresh) in [
            (AddressState::Invalid(InvalidReason::Manual), false),
            (AddressState::Invalid(InvalidReason::Bounced), true),
            (AddressState::NeverAdd, false),
        ] {
            assert_eq!(is_fresh(state, ENDED, ENDED), fresh, "{state:?}");
        }
    }

    #[test]
    fn x06_kept_mail_goes_on_once_nobody_calls_the_address_invalid() {
        assert!(!goes_on(Some(EXPIRED)) && !goes_on(Some(AddressState::Invalid(InvalidReason::Manual))));
        assert!(goes_on(Some(AddressState::Discovered)) && goes_on(None));
    }
}
