//! What one transaction of a client has come to so far.

use std::sync::Arc;
use std::time::Duration;

use rollcall_core::policy::{Reason, Standing};
use rollcall_core::{Address, Reply};
use rollcall_net as net;
use rollcall_smtp::RcptTo;
use rollcall_store::{HeldFor, TraceStep};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use super::course::Course;
use crate::clock::Stopwatch;
use crate::setup::Domain;

/// One transaction. It has one next hop, so that every reply is exact.
#[derive(Default)]
pub(crate) struct Transaction {
    /// The domain whose destination is the next hop; set by the first recipient that was accepted.
    pub hop: Option<Arc<Domain>>,
    /// How the destination is being talked to.
    pub line: Line,
    /// The accepted recipients, in order.
    pub recipients: Vec<Recipient>,
    /// Its id and steps, once there was a recipient.
    pub course: Option<Course>,
}

/// The connection with the destination.
#[derive(Default)]
pub(crate) enum Line {
    /// Nobody was asked yet, or the transaction was let go and must be repeated.
    #[default]
    Idle,
    /// A live transaction.
    Live(Live),
    /// This domain's destination could not be reached: known accounts are taken for the spool, and it is not asked again
    /// in this transaction, because each question could take its whole deadline.
    Unreachable(Arc<Domain>),
}

/// A live transaction with a destination.
pub(crate) struct Live {
    /// Whose destination it is.
    pub domain: Arc<Domain>,
    /// The conversation.
    pub talk: Box<net::Transaction>,
    /// How many of the accepted recipients it knows of. Fewer than all means that it must be repeated before DATA.
    pub covers: usize,
    /// When it is given up, so that a slow client does not hold the destination (architecture 8a).
    pub give_up: Instant,
    /// One of the destination's places for those that wait long.
    pub place: Option<OwnedSemaphorePermit>,
}

/// An accepted recipient.
#[derive(Debug, Clone)]
pub(crate) struct Recipient {
    /// As written.
    pub address: String,
    /// RCPT as it is repeated to the destination.
    pub rcpt: RcptTo,
    /// What its row is filed under; `None` for postmaster, which never has one.
    pub filed: Option<Address>,
    /// Whether mail for it may make or move a row.
    pub learn: bool,
    /// Whether a clean message for it is noted while nothing is learned (X10).
    pub observe: bool,
    /// Why it would have been refused, had shadow mode not kept us from it (X16).
    pub would_refuse: Option<Reason>,
    /// It is not passed on: its message is kept for an address that ended by itself (X06).
    pub held_for: Option<HeldFor>,
    /// Where it goes, for a recipient at a foreign domain: that may differ from the transaction's next hop.
    pub hop: Option<String>,
    /// What was known of it.
    pub standing: Standing,
    /// It was accepted on the destination's earlier word, while that cannot be reached.
    pub is_vouched_for: bool,
    /// The destination's literal reply to RCPT, if it was asked.
    pub answer: Option<Reply>,
    /// Since its RCPT.
    pub since: Stopwatch,
    /// What was said of it.
    pub trace: Vec<TraceStep>,
}

impl Recipient {
    /// True for an account, which our directory knows.
    pub fn is_account(&self) -> bool {
        self.standing.is_known() || self.is_vouched_for
    }
}

impl Recipient {
    /// True for a recipient at a foreign domain, accepted for one of the office's own machines.
    pub fn is_outward(&self) -> bool {
        self.standing == Standing::Foreign
    }

    /// True when we may be responsible for it: an account, or mail of the office.
    pub fn may_wait(&self) -> bool {
        self.is_account() || self.is_outward()
    }

    /// True when its next hop has not taken it yet, or is not to get it: the message can only be kept.
    pub fn must_wait(&self) -> bool {
        self.held_for.is_some() || (self.is_outward() && !self.answer.as_ref().is_some_and(Reply::is_success))
    }
}

impl Transaction {
    /// Its id and steps; it begins with the first recipient, whatever becomes of it.
    pub fn course(&mut self) -> Course {
        self.course.get_or_insert_with(Course::begin).clone()
    }

    /// Keeps an accepted recipient; `domain` becomes the next hop if there is none yet.
    pub fn accept(&mut self, domain: Arc<Domain>, recipient: Recipient) {
        self.hop.get_or_insert(domain);
        self.recipients.push(recipient);
        if let Line::Live(live) = &mut self.line {
            live.covers += 1;
        }
    }

    /// Whether its message is kept for addresses that ended by themselves, and so goes to nobody else.
    pub fn is_held(&self) -> bool {
        self.recipients.iter().any(|recipient| recipient.held_for.is_some())
    }

    /// Where the destination says no only after the content, one recipient that nobody vouches for is enough (3.4).
    pub fn is_full_of_strangers(&self, decides_at_data: bool, standing: Standing) -> bool {
        decides_at_data
            && standing.is_unverified()
            && self.recipients.iter().any(|recipient| recipient.standing.is_unverified())
    }

    /// Gives the destination's transaction up and forgets everything (RSET, the client left).
    pub fn leave(&mut self) {
        let Self { line, .. } = std::mem::take(self);
        abandon(line);
    }

    /// When the destination's transaction is to be given up, if one is live.
    pub const fn give_up(&self) -> Option<Instant> {
        match &self.line {
            Line::Live(live) => Some(live.give_up),
            Line::Idle | Line::Unreachable(_) => None,
        }
    }

    /// Gives only the destination's transaction up; it is repeated before DATA.
    pub fn let_go(&mut self) {
        abandon(std::mem::take(&mut self.line));
    }
}

/// Ends the conversation with RSET. Nobody waits for it: a destination that hangs must not hold the session.
pub(crate) fn abandon(line: Line) {
    if let Line::Live(live) = line {
        drop(live.place);
        let talk = live.talk;
        tokio::spawn(async move { drop(tokio::time::timeout(Duration::from_secs(10), talk.abandon()).await) });
    }
}
