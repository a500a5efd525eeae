//! What becomes of a recipient and of a message (behaviour.md section 3.4).
//!
//! **Invariant.** Asking the destination happens between [`before_asking`] and [`after_asking`]; the second cannot ask
//! again, by type. The destination's own text never reaches the client: it leaks host names.
//!
//! **Limits.** Quarantine rows of 3.4 are not here yet.

use crate::reply::{Class, EnhancedStatusCode, Reply};
use crate::state::{AddressState, InvalidReason};
use crate::terms::{InactiveMail, KnownList, Terms, Unknown};
use crate::time::{HOUR_MS, Timestamp};
use crate::unknown::says_unknown;

/// What is known before anybody is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The domain is not ours.
    Foreign,
    /// `postmaster` at one of our domains (3.2 step 3).
    Postmaster,
    /// Ours, with no row.
    Unknown,
    /// Ours, with a row in this state.
    Row(AddressState),
}

impl Standing {
    /// Our directory knows it: an account, or an inactive one whose mail is delivered all the same.
    #[must_use]
    pub const fn is_known(self) -> bool {
        matches!(self, Self::Row(state) if state.is_account() || matches!(state, AddressState::Inactive))
    }

    /// Neither a person nor our directory says that it exists.
    #[must_use]
    pub const fn is_unverified(self) -> bool {
        !self.is_known() && !matches!(self, Self::Postmaster)
    }
}

/// Why a reply was given: one searchable code for each decision (V15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is the code it stands for")]
pub enum Reason {
    Delivered,
    RelayDenied,
    MarkedInvalid,
    Expired,
    NotActive,
    UserUnknown,
    UserUnknownCached,
    NotAsked,
    HarvestBlocked,
    RefusedByServer,
    DeferredByServer,
    ServerUnreachable,
    OtherNextHop,
    KnownAccount,
    Queued,
    LostBeforeReply,
    ChangedItsMind,
    BadContent,
    StoreFailed,
    QueueExpired,
    NeedsUtf8,
    DeletedByOperator,
    OutwardOff,
    /// Nobody takes mail for the foreign domain: it does not exist, or says so.
    NowhereToGo,
    ClosedList,
    /// The list is closed, and the directory makes it.
    NotInDirectory,
    NewAddress,
    SendSeparately,
    ClientLeft,
    ShuttingDown,
    /// The address ended by itself within the last hours: the sender comes again (X06).
    JustEnded,
    /// Taken and kept for an address that ended by itself (X06).
    HeldForAddress,
    /// Kept so, and nobody made the address real in time.
    HeldTooLong,
}

impl Reason {
    /// Every one.
    pub const ALL: &'static [Self] = &[
        Self::Delivered,
        Self::RelayDenied,
        Self::MarkedInvalid,
        Self::Expired,
        Self::NotActive,
        Self::UserUnknown,
        Self::UserUnknownCached,
        Self::NotAsked,
        Self::HarvestBlocked,
        Self::RefusedByServer,
        Self::DeferredByServer,
        Self::ServerUnreachable,
        Self::OtherNextHop,
        Self::KnownAccount,
        Self::Queued,
        Self::LostBeforeReply,
        Self::ChangedItsMind,
        Self::BadContent,
        Self::StoreFailed,
        Self::QueueExpired,
        Self::NeedsUtf8,
        Self::DeletedByOperator,
        Self::OutwardOff,
        Self::NowhereToGo,
        Self::ClosedList,
        Self::NotInDirectory,
        Self::NewAddress,
        Self::SendSeparately,
        Self::ClientLeft,
        Self::ShuttingDown,
        Self::JustEnded,
        Self::HeldForAddress,
        Self::HeldTooLong,
    ];

    /// The word used in SQL, JSON and searches.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::RelayDenied => "relay_denied",
            Self::MarkedInvalid => "marked_invalid",
            Self::Expired => "expired",
            Self::NotActive => "not_active",
            Self::UserUnknown => "user_unknown",
            Self::UserUnknownCached => "user_unknown_cached",
            Self::NotAsked => "not_asked",
            Self::HarvestBlocked => "harvest_blocked",
            Self::RefusedByServer => "refused_by_server",
            Self::DeferredByServer => "deferred_by_server",
            Self::ServerUnreachable => "server_unreachable",
            Self::OtherNextHop => "other_next_hop",
            Self::KnownAccount => "known_account",
            Self::Queued => "queued",
            Self::LostBeforeReply => "lost_before_reply",
            Self::ChangedItsMind => "changed_its_mind",
            Self::BadContent => "bad_content",
            Self::StoreFailed => "store_failed",
            Self::QueueExpired => "queue_expired",
            Self::NeedsUtf8 => "needs_utf8",
            Self::DeletedByOperator => "deleted_by_operator",
            Self::OutwardOff => "outward_off",
            Self::NowhereToGo => "nowhere_to_go",
            Self::ClosedList => "closed_list",
            Self::NotInDirectory => "not_in_directory",
            Self::NewAddress => "new_address",
            Self::SendSeparately => "send_separately",
            Self::ClientLeft => "client_left",
            Self::ShuttingDown => "shutting_down",
            Self::JustEnded => "just_ended",
            Self::HeldForAddress => "held_for_address",
            Self::HeldTooLong => "held_too_long",
        }
    }
}

/// A reply to the client and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What the client is told.
    pub reply: Reply,
    /// The code for log and search.
    pub reason: Reason,
}

impl Verdict {
    /// The reply is explained under its reason's number (X20).
    #[must_use]
    pub const fn new(reply: Reply, reason: Reason) -> Self {
        Self { reply: reply.numbered(reason.number()), reason }
    }
}

/// What to do with a recipient before anybody is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Before {
    /// Settled without asking.
    Refuse(Verdict),
    /// The destination must be asked on the live transaction.
    Ask,
}

/// What the destination said to the recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Its literal reply to RCPT.
    Replied(Reply),
    /// It refused MAIL with this reply, which says nothing about the recipient.
    MailRefused(Reply),
    /// The envelope has addresses outside ASCII and the destination does not offer SMTPUTF8 (RFC 6531 section 3.2).
    NeedsUtf8,
    /// No connection, TLS failure, or no reply in time.
    Unreachable,
}

/// What to do with a recipient once the destination was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    /// The destination takes it on the live transaction.
    Accept(Verdict),
    /// A known account while the destination cannot be reached: taken on the directory's word, to be spooled.
    AcceptForSpool(Verdict),
    /// Refused for good. `contradicts` is true when an account is refused (Suspect, operator told).
    Refuse {
        /// What the client is told.
        verdict: Verdict,
        /// The row is an account, so our list and the destination disagree.
        contradicts: bool,
    },
    /// To be tried again by the client.
    Defer {
        /// What the client is told.
        verdict: Verdict,
        /// The row is an account, so our list and the destination disagree.
        contradicts: bool,
    },
}

/// How long a new address is deferred where the office wants time to decide (V04), in milliseconds.
pub const DEFER_STRANGERS_MS: i64 = 4 * HOUR_MS;

/// Decides what needs no question (3.4 rows "relay denied", I, X, and U on a closed list).
#[must_use]
pub fn before_asking(recipient: &str, standing: Standing, terms: Terms) -> Before {
    let (reply, reason) = match standing {
        Standing::Foreign => {
            (Reply::new(554, 7, 1, format!("<{recipient}>: Relay access denied")), Reason::RelayDenied)
        }
        Standing::Unknown | Standing::Row(AddressState::Watching)
            if terms.unknown == Unknown::Reject && terms.list == KnownList::Directory =>
        {
            let text = format!("<{recipient}>: Invalid recipient (not in the directory)");
            (Reply::new(550, 1, 1, text), Reason::NotInDirectory)
        }
        Standing::Unknown | Standing::Row(AddressState::Watching) if terms.unknown == Unknown::Reject => {
            (Reply::new(550, 1, 1, format!("<{recipient}>: Invalid recipient")), Reason::ClosedList)
        }
        Standing::Row(AddressState::Inactive) if terms.inactive == InactiveMail::Reject => (
            Reply::new(550, 2, 1, format!("<{recipient}>: Recipient address rejected: Mailbox is not active")),
            Reason::NotActive,
        ),
        Standing::Row(AddressState::Invalid(reason)) => {
            let text = format!("<{recipient}>: Recipient address rejected: User email address is marked as invalid");
            match reason {
                InvalidReason::Manual | InvalidReason::Bounced => (Reply::new(550, 1, 1, text), Reason::MarkedInvalid),
                InvalidReason::Expired => (Reply::new(550, 7, 1, text), Reason::Expired),
            }
        }
        Standing::Postmaster
        | Standing::Unknown
        | Standing::Row(
            AddressState::Watching
            | AddressState::Discovered
            | AddressState::User(_)
            | AddressState::Functional
            | AddressState::Alias
            | AddressState::Inactive
            | AddressState::NeverAdd,
        ) => return Before::Ask,
    };
    Before::Refuse(Verdict::new(reply, reason))
}

/// Decides with the destination's answer at hand (3.4 rows A, D, W, N, U).
#[must_use]
pub fn after_asking(recipient: &str, standing: Standing, answer: &Answer) -> After {
    let is_account = standing.is_known();
    match answer {
        Answer::Replied(reply) if reply.is_success() => After::Accept(recipient_ok(recipient, Reason::Delivered)),
        Answer::Replied(reply) if is_account => in_its_words(recipient, reply, true),
        Answer::MailRefused(reply) if is_account => in_its_words(recipient, reply, false),
        Answer::Replied(reply) | Answer::MailRefused(reply) if reply.class() == Class::Permanent => {
            let is_about_the_recipient = matches!(answer, Answer::Replied(_));
            let verdict = if is_about_the_recipient && says_unknown(reply) {
                Verdict::new(
                    Reply::new(550, 1, 1, format!("<{recipient}>: Recipient address rejected: User unknown")),
                    Reason::UserUnknown,
                )
            } else {
                Verdict::new(
                    Reply::new(550, 7, 1, format!("<{recipient}>: Recipient refused by the mail server")),
                    Reason::RefusedByServer,
                )
            };
            After::Refuse { verdict, contradicts: false }
        }
        Answer::Replied(_) | Answer::MailRefused(_) => After::Defer {
            verdict: Verdict::new(
                Reply::new(450, 2, 0, format!("<{recipient}>: Recipient not verified yet, try again later")),
                Reason::DeferredByServer,
            ),
            contradicts: false,
        },
        Answer::NeedsUtf8 => After::Refuse { verdict: needs_utf8(recipient), contradicts: false },
        Answer::Unreachable if is_account => After::AcceptForSpool(recipient_ok(recipient, Reason::KnownAccount)),
        Answer::Unreachable => After::Defer {
            verdict: Verdict::new(
                Reply::new(451, 4, 1, format!("<{recipient}>: Mail server cannot be reached to verify this address")),
                Reason::ServerUnreachable,
            ),
            contradicts: false,
        },
    }
}

/// The destination does not offer SMTPUTF8 and this envelope needs it (RFC 6531 section 3.2).
#[must_use]
pub fn needs_utf8(recipient: &str) -> Verdict {
    Verdict::new(
        Reply::new(550, 6, 7, format!("<{recipient}>: The mail server does not take addresses outside ASCII")),
        Reason::NeedsUtf8,
    )
}

/// The destination does not offer SMTPUTF8 and the header section is not in ASCII (RFC 6532).
#[must_use]
pub fn content_needs_utf8() -> Verdict {
    Verdict::new(Reply::new(550, 6, 7, "The mail server does not take header fields outside ASCII"), Reason::NeedsUtf8)
}

/// A foreign recipient for one of the office's own machines, while nothing goes out.
#[must_use]
pub fn outward_off(recipient: &str) -> Verdict {
    Verdict::new(
        Reply::new(550, 7, 1, format!("<{recipient}>: Outgoing mail is switched off in Rollcall")),
        Reason::OutwardOff,
    )
}

/// A foreign recipient whose domain nobody takes mail for; `why` is what is told, without the address.
#[must_use]
pub fn nowhere_to_go(recipient: &str, why: &Reply) -> Verdict {
    let lines = vec![format!("<{recipient}>: {}", why.text())];
    Verdict::new(Reply { lines, ..why.clone() }, Reason::NowhereToGo)
}

/// A foreign recipient that is taken for the spool without asking, because the sender is ours.
#[must_use]
pub fn taken_outward(recipient: &str) -> Verdict {
    recipient_ok(recipient, Reason::Queued)
}

/// Decides about a foreign recipient of one of the office's own machines, with the next hop's answer at hand: what it
/// refuses for good is refused, what it does not take yet is taken for the spool, because the sender is ours.
#[must_use]
pub fn after_asking_outward(recipient: &str, answer: &Answer) -> After {
    match answer {
        Answer::Replied(reply) if reply.is_success() => After::Accept(recipient_ok(recipient, Reason::Delivered)),
        Answer::Replied(reply) | Answer::MailRefused(reply) if reply.class() == Class::Permanent => {
            in_its_words(recipient, reply, false)
        }
        Answer::NeedsUtf8 => After::Refuse { verdict: needs_utf8(recipient), contradicts: false },
        Answer::Replied(_) | Answer::MailRefused(_) | Answer::Unreachable => {
            After::AcceptForSpool(recipient_ok(recipient, Reason::Queued))
        }
    }
}

/// 3.4: an RCPT whose next hop differs from the transaction's.
#[must_use]
pub fn other_next_hop(recipient: &str) -> Verdict {
    Verdict::new(Reply::new(452, 5, 3, format!("<{recipient}>: Send this recipient separately")), Reason::OtherNextHop)
}

/// The reply to the content when the destination gave its final one: the same class and enhanced status code, our text.
#[must_use]
pub fn after_content(answer: &Reply, id: &str) -> Verdict {
    match answer.class() {
        Class::Success => Verdict::new(Reply::new(250, 0, 0, format!("Delivered as {id}")), Reason::Delivered),
        Class::Transient => Verdict::new(
            echo(answer, 451, "Message not taken yet by the mail server, try again later"),
            Reason::DeferredByServer,
        ),
        Class::Permanent | Class::Intermediate => {
            Verdict::new(echo(answer, 554, "Message refused by the mail server"), Reason::RefusedByServer)
        }
    }
}

/// A recipient without a row that the destination takes, where the office wants time to decide about new addresses (V04):
/// deferred for four hours from when it was first seen.
#[must_use]
pub fn defer_stranger(
    recipient: &str,
    standing: Standing,
    terms: Terms,
    first_seen: Timestamp,
    now: Timestamp,
) -> Option<Verdict> {
    let waits = terms.defer_strangers && standing == Standing::Unknown && now.since_ms(first_seen) < DEFER_STRANGERS_MS;
    waits.then(|| {
        Verdict::new(
            Reply::new(451, 7, 1, format!("<{recipient}>: New address, please retry in 30 minutes")),
            Reason::NewAddress,
        )
    })
}

/// A second recipient that nobody vouches for, where the destination says no only after the content: its refusal would
/// be that of the first one too.
#[must_use]
pub fn send_separately(recipient: &str) -> Verdict {
    Verdict::new(
        Reply::new(452, 5, 3, format!("<{recipient}>: Send this recipient separately")),
        Reason::SendSeparately,
    )
}

/// Whether a refusal of content speaks of the recipient, so that the destination decides at DATA (3.8). Only 5.1.x: a
/// bare 550 there is usually about the content.
#[must_use]
pub fn refused_recipient_at_data(reply: &Reply) -> bool {
    reply.class() == Class::Permanent && matches!(reply.enhanced, Some(EnhancedStatusCode { class: 5, subject: 1, .. }))
}

/// The destination was lost before its final reply and not every recipient is a known account.
#[must_use]
pub fn lost_before_reply() -> Verdict {
    Verdict::new(
        Reply::new(451, 4, 2, "Mail server was lost before it took the message, try again later"),
        Reason::LostBeforeReply,
    )
}

/// On the second asking (architecture 8a) a recipient was answered otherwise, so the message must come again.
#[must_use]
pub fn changed_its_mind() -> Verdict {
    Verdict::new(
        Reply::new(451, 4, 2, "Mail server changed its answer meanwhile, try again later"),
        Reason::ChangedItsMind,
    )
}

/// The message is durable here.
#[must_use]
pub fn queued(id: &str) -> Verdict {
    Verdict::new(Reply::new(250, 0, 0, format!("queued as {id}")), Reason::Queued)
}

/// The message could not be made durable; nothing was accepted.
#[must_use]
pub fn not_stored() -> Verdict {
    Verdict::new(Reply::new(452, 3, 1, "Message could not be stored, try again later"), Reason::StoreFailed)
}

fn recipient_ok(recipient: &str, reason: Reason) -> Verdict {
    Verdict::new(Reply::new(250, 1, 5, format!("<{recipient}>: Recipient OK")), reason)
}

/// An account that the destination does not take: its class and enhanced status code, our text (3.4 row A). It
/// contradicts our list only where it speaks of the recipient.
fn in_its_words(recipient: &str, answer: &Reply, contradicts: bool) -> After {
    if answer.class() == Class::Permanent {
        let reason = if says_unknown(answer) { Reason::UserUnknown } else { Reason::RefusedByServer };
        let reply = echo(answer, 550, &format!("<{recipient}>: Recipient refused by the mail server"));
        After::Refuse { verdict: Verdict::new(reply, reason), contradicts }
    } else {
        let reply =
            echo(answer, 450, &format!("<{recipient}>: Recipient not taken yet by the mail server, try again later"));
        After::Defer { verdict: Verdict::new(reply, Reason::DeferredByServer), contradicts }
    }
}

/// A reply with the class and enhanced status code of `answer`, an own code where its code says nothing here, and our text.
fn echo(answer: &Reply, fallback: u16, text: &str) -> Reply {
    let speaks_of_mail = matches!(answer.code, 450 | 451 | 452 | 455 | 550 | 551 | 552 | 553 | 554 | 555);
    let code = if speaks_of_mail && answer.code / 100 == fallback / 100 { answer.code } else { fallback };
    let class = (code / 100) as u8;
    let enhanced =
        answer.enhanced.filter(|enhanced| enhanced.class == class).unwrap_or(EnhancedStatusCode::new(class, 0, 0));
    Reply { code, enhanced: Some(enhanced), lines: vec![text.to_owned()], number: None }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
