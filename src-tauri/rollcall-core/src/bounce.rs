//! Whether a bounce proves that a mail server took mail it cannot deliver (behaviour.md section 3.6).
//!
//! A server that says yes to every recipient and bounces later looks like a true catch-all until one of its bounces is
//! seen on its way out. Anybody can write a bounce, so each condition is needed: it comes from the domain's own mail
//! server, it is a delivery status notification (RFC 3464) with the null reverse-path, it says "failed" with a status
//! that speaks of the recipient, the recipient is ours, and it is about a message that we handed to that server for
//! that recipient within five days.
//!
//! **Invariant.** What a forger cannot know is looked up last: [`claims`] needs only the message, [`proves`] our log.
//!
//! **Limits.** The original message is known by its Message-ID alone; one without has no bounce that counts.

use crate::time::{DAY_MS, Timestamp};
use crate::{EnhancedStatusCode, Reply};

/// How long after the delivery a bounce still counts, in milliseconds.
pub const BOUNCES_WITHIN_MS: i64 = 5 * DAY_MS;

/// How a message looks that may be a bounce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its reverse-path was null.
    pub null_reverse_path: bool,
    /// `multipart/report` with `report-type=delivery-status`.
    pub is_delivery_status: bool,
    /// The Message-ID of the message that it returns.
    pub original: Option<String>,
    /// What it says of each recipient.
    pub recipients: Vec<Reported>,
}

/// What a report says of a recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// `Final-Recipient` and `Original-Recipient`, as far as they are there, without their type.
    pub addresses: Vec<String>,
    /// `Action`, such as `failed`.
    pub action: String,
    /// `Status`, such as `5.1.1`.
    pub status: Option<EnhancedStatusCode>,
    /// `Diagnostic-Code`, without its type.
    pub diagnostic: String,
}

/// A recipient that a report says does not exist, and the message it was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What the recipient is called in it.
    pub addresses: Vec<String>,
    /// The Message-ID of the original.
    pub original: String,
}

/// Why a bounce is no evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoEvidence {
    /// It has a reverse-path, so a person or a list wrote it.
    ReversePath,
    /// It is no delivery status notification.
    NoReport,
    /// It does not say which message it is about.
    NoOriginal,
    /// No recipient failed for good because it does not exist.
    NothingFailed,
    /// It did not come from the mail server of the recipient's domain.
    FromElsewhere,
    /// We handed no such message to that server for that recipient.
    NeverDelivered,
    /// We did, too long ago, or after now.
    TooLate,
}

/// The recipients that a report says do not exist, if it can be one (3.6).
///
/// # Errors
/// Why it is no evidence.
pub fn claims(report: &Report) -> Result<Vec<Claim>, NoEvidence> {
    if !report.null_reverse_path {
        return Err(NoEvidence::ReversePath);
    }
    if !report.is_delivery_status {
        return Err(NoEvidence::NoReport);
    }
    let original = report.original.as_ref().filter(|id| !id.is_empty()).ok_or(NoEvidence::NoOriginal)?;
    let gone = report.recipients.iter().filter(|one| does_not_exist(one));
    let claim = |one: &Reported| Claim { addresses: one.addresses.clone(), original: original.clone() };
    let claims: Vec<Claim> = gone.map(claim).collect();
    if claims.is_empty() { Err(NoEvidence::NothingFailed) } else { Ok(claims) }
}

/// Whether a claim holds: whether its message came from the mail server of the recipient's domain, and when, if ever, we
/// handed the original to that server for that recipient.
///
/// # Errors
/// Why it is no evidence.
pub fn proves(from_its_server: bool, delivered: Option<Timestamp>, now: Timestamp) -> Result<(), NoEvidence> {
    if !from_its_server {
        return Err(NoEvidence::FromElsewhere);
    }
    let age = now.since_ms(delivered.ok_or(NoEvidence::NeverDelivered)?);
    if (0..=BOUNCES_WITHIN_MS).contains(&age) { Ok(()) } else { Err(NoEvidence::TooLate) }
}

/// `failed` with 5.1.1, 5.1.0, 5.1.10 or 5.2.1, or with Exchange Online's 5.4.1 where it speaks of the recipient.
fn does_not_exist(reported: &Reported) -> bool {
    let Some(status) = reported.status else { return false };
    let speaks_of_it = match (status.class, status.subject, status.detail) {
        (5, 1, 0 | 1 | 10) | (5, 2, 1) => true,
        (5, 4, 1) => {
            let said =
                Reply { code: 550, enhanced: Some(status), lines: vec![reported.diagnostic.clone()], number: None };
            crate::unknown::says_unknown(&said)
        }
        _ => false,
    };
    speaks_of_it && reported.action.eq_ignore_ascii_case("failed")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn reported(action: &str, status: (u16, u16), diagnostic: &str) -> Reported {
        Reported {
            addresses: vec!["nobody@acme.example".to_owned()],
            action: action.to_owned(),
            status: Some(EnhancedStatusCode::new(5, status.0, status.1)),
            diagnostic: diagnostic.to_owned(),
        }
    }

    fn genuine() -> Report {
        Report {
            null_reverse_path: true,
            is_delivery_status: true,
            original: Some("m1@outside.example".to_owned()),
            recipients: vec![reported("failed", (1, 1), "550 unknown user")],
        }
    }

    fn of(recipient: Reported) -> Report {
        Report { recipients: vec![recipient], ..genuine() }
    }

    #[test]
    fn x15_a_genuine_bounce_claims_its_recipient_and_its_message() {
        let claim =
            Claim { addresses: vec!["nobody@acme.example".to_owned()], original: "m1@outside.example".to_owned() };

        assert_eq!(claims(&genuine()), Ok(vec![claim]));
        for (status, diagnostic) in [
            ((1, 0), "unknown"),
            ((1, 1), ""),
            ((1, 10), "RESOLVER.ADR.RecipientNotFound"),
            ((2, 1), "mailbox disabled"),
            ((4, 1), "Recipient address rejected: Access denied"),
        ] {
            assert!(claims(&of(reported("Failed", status, diagnostic))).is_ok(), "{status:?}");
        }
        assert_eq!(proves(true, Some(NOW.minus_ms(BOUNCES_WITHIN_MS)), NOW), Ok(()));
        assert_eq!(proves(true, Some(NOW), NOW), Ok(()));
    }

    #[test]
    fn x15_no_forgery_and_no_other_report_is_evidence() {
        use NoEvidence::{NoOriginal, NoReport, NothingFailed, ReversePath};
        let status = Reported { status: None, ..reported("failed", (1, 1), "") };
        let class = Reported { status: Some(EnhancedStatusCode::new(4, 1, 1)), ..status.clone() };
        for (what, report, why) in [
            ("a person forwards a bounce", Report { null_reverse_path: false, ..genuine() }, ReversePath),
            ("an out-of-office message", Report { is_delivery_status: false, ..genuine() }, NoReport),
            ("headers cut off", Report { original: None, ..genuine() }, NoOriginal),
            ("an empty Message-ID", Report { original: Some(String::new()), ..genuine() }, NoOriginal),
            ("no recipient", Report { recipients: Vec::new(), ..genuine() }, NothingFailed),
            ("a delay", of(reported("delayed", (1, 1), "")), NothingFailed),
            ("a success", of(reported("delivered", (1, 1), "")), NothingFailed),
            ("relayed", of(reported("relayed", (1, 1), "")), NothingFailed),
            ("a full mailbox", of(reported("failed", (2, 2), "")), NothingFailed),
            ("spam", of(reported("failed", (7, 1), "")), NothingFailed),
            ("a bad sender", of(reported("failed", (1, 8), "")), NothingFailed),
            ("5.4.1 about the way", of(reported("failed", (4, 1), "no answer from host")), NothingFailed),
            ("no status", of(status), NothingFailed),
            ("a passing trouble", of(class), NothingFailed),
        ] {
            assert_eq!(claims(&report), Err(why), "{what}");
        }
    }

    #[test]
    fn x15_a_claim_without_our_own_delivery_to_that_very_server_is_no_evidence() {
        use NoEvidence::{FromElsewhere, NeverDelivered, TooLate};
        for (what, from_its_server, delivered, why) in [
            ("from the Internet, whatever it knows", false, Some(NOW), FromElsewhere),
            ("about a message of which we know nothing", true, None, NeverDelivered),
            ("after six days", true, Some(NOW.minus_ms(BOUNCES_WITHIN_MS + 1)), TooLate),
            ("before the delivery", true, Some(NOW.plus_ms(1)), TooLate),
        ] {
            assert_eq!(proves(from_its_server, delivered, NOW), Err(why), "{what}");
        }
    }
}
