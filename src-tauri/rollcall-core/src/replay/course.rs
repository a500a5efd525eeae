//! What a rule would have made of an address.

use super::Standing;
use crate::state::{AddressState, InvalidReason};
use crate::time::Timestamp;
use crate::transition::T;

/// What became of an address under the rule that was tried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Course {
    /// Where it stands at the end; `None`: on no list.
    pub row: Option<Standing>,
    /// The first user that the rule made of it.
    pub created: Option<Made>,
    /// When it was first listed as Discovered.
    pub listed: Option<Timestamp>,
    /// When its mail was first refused for want of a decision (T10).
    pub ended: Option<Timestamp>,
    /// When it was first made another name of an account (T8).
    pub alias: Option<Timestamp>,
    /// When and how the mail server last contradicted it.
    pub doubted: Option<(Timestamp, Doubt)>,
    /// How often it was forgotten (T6, T7, T11).
    pub forgotten: u32,
}

/// A user that the rule made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// When.
    pub at: Timestamp,
    /// By which transition: at RCPT (T2), with enough messages (T4), with mail from inside (T5) or at the end (T10).
    pub by: T,
}

/// How the mail server contradicted an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// It refused it (T6).
    Refused,
    /// It took its mail and sent it back (T7).
    Bounced,
}

impl Course {
    pub(super) fn note(&mut self, state: AddressState, by: Option<T>, at: Timestamp) {
        let first = |noted: &mut Option<Timestamp>| *noted = noted.or(Some(at));
        match state {
            AddressState::User(_) => self.created = self.created.or(by.map(|by| Made { at, by })),
            AddressState::Discovered => first(&mut self.listed),
            AddressState::Invalid(InvalidReason::Expired) => first(&mut self.ended),
            AddressState::Alias => first(&mut self.alias),
            _ => {}
        }
    }

    /// How the mail server contradicted the user that the rule made, after it made it.
    #[must_use]
    pub fn contradicted(&self) -> Option<Doubt> {
        let made = self.created?.at;
        self.doubted.filter(|(at, _)| *at >= made).map(|(_, doubt)| doubt)
    }
}
