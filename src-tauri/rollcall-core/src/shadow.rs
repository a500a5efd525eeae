//! Shadow mode (X16): the relay observes, and refuses nothing on its own account.
//!
//! **Invariant.** Only refusals that rest on our lists and our counting are suspended. Whoever would be refused is asked
//! about at the destination instead, and its word holds; nobody becomes a relay for strangers, and nothing is taken that
//! cannot be passed on.

use crate::policy::Reason;
use crate::time::{DAY_MS, Timestamp};

/// How many days it lasts when it is switched on with a new listener in front of the mail server.
pub const SHIPPED_DAYS: u32 = 7;
/// The most days at a time.
pub const MOST_DAYS: u32 = 30;

/// Whether a refusal for this reason is ours alone, so that shadow mode suspends it. Not suspended: relaying for
/// strangers, what the destination itself said or could not say, faults of the conversation and of the content, and what
/// follows from a message having one next hop.
#[must_use]
pub const fn suspends(reason: Reason) -> bool {
    match reason {
        Reason::MarkedInvalid
        | Reason::Expired
        | Reason::JustEnded
        | Reason::NotActive
        | Reason::ClosedList
        | Reason::NotInDirectory
        | Reason::NewAddress
        | Reason::UserUnknownCached
        | Reason::NotAsked
        | Reason::HarvestBlocked => true,
        Reason::Delivered
        | Reason::RelayDenied
        | Reason::UserUnknown
        | Reason::RefusedByServer
        | Reason::DeferredByServer
        | Reason::ServerUnreachable
        | Reason::OtherNextHop
        | Reason::KnownAccount
        | Reason::Queued
        | Reason::LostBeforeReply
        | Reason::ChangedItsMind
        | Reason::BadContent
        | Reason::StoreFailed
        | Reason::QueueExpired
        | Reason::NeedsUtf8
        | Reason::DeletedByOperator
        | Reason::OutwardOff
        | Reason::NowhereToGo
        | Reason::SendSeparately
        | Reason::ClientLeft
        | Reason::ShuttingDown
        | Reason::HeldForAddress
        | Reason::HeldTooLong => false,
    }
}

/// Whether it is on at `now`, if it is to last until then.
#[must_use]
pub fn is_on(until: Option<Timestamp>, now: Timestamp) -> bool {
    until.is_some_and(|until| now < until)
}

/// When it ends if it begins now, or `None` for a number of days that cannot be.
#[must_use]
pub fn end(days: u32, now: Timestamp) -> Option<Timestamp> {
    (1..=MOST_DAYS).contains(&days).then(|| now.plus_ms(i64::from(days) * DAY_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x16_only_what_we_refuse_on_our_own_account_is_suspended() {
        let suspended: Vec<&str> =
            Reason::ALL.iter().filter(|reason| suspends(**reason)).map(|reason| reason.word()).collect();

        assert_eq!(
            suspended,
            [
                "marked_invalid",
                "expired",
                "not_active",
                "user_unknown_cached",
                "not_asked",
                "harvest_blocked",
                "closed_list",
                "not_in_directory",
                "new_address",
                "just_ended",
            ]
        );
    }

    #[test]
    fn x16_it_ends_by_the_clock_and_lasts_at_most_thirty_days() {
        let now = Timestamp(1_000);
        let until = end(SHIPPED_DAYS, now);

        assert_eq!(until, Some(Timestamp(1_000 + 7 * DAY_MS)));
        assert!(is_on(until, now.plus_ms(7 * DAY_MS - 1)));
        assert!(!is_on(until, now.plus_ms(7 * DAY_MS)));
        assert!(!is_on(None, now));
        assert_eq!((end(0, now), end(31, now)), (None, None));
    }
}
