//! Plain words for what the server said, and times as people write them.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rollcall_api::answers::{AddressRow, MailLogRow, Outcome, SuggestionKind};

/// How something is meant: with a mark of its own, so that no colour is needed to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// It arrived.
    Good,
    /// The relay did its job.
    Refused,
    /// It takes longer.
    Waiting,
    /// It was lost.
    Bad,
}

impl Meaning {
    /// One character.
    #[must_use]
    pub const fn mark(self) -> char {
        match self {
            Self::Good => '✓',
            Self::Refused => '⊘',
            Self::Waiting => '◷',
            Self::Bad => '✗',
        }
    }
}

/// What became of a recipient, in at most 15 characters.
#[must_use]
pub fn outcome(row: &MailLogRow) -> (Meaning, &'static str) {
    match (row.outcome, row.reason.as_str()) {
        (Outcome::Delivered, _) => (Meaning::Good, "delivered"),
        (Outcome::Refused, "user_unknown") => (Meaning::Refused, "no such address"),
        (Outcome::Refused, "relay_denied") => (Meaning::Refused, "not our domain"),
        (Outcome::Refused, "marked_invalid" | "expired") => (Meaning::Refused, "marked not real"),
        (Outcome::Refused, "not_active") => (Meaning::Refused, "not active"),
        (Outcome::Refused, _) => (Meaning::Refused, "refused"),
        (Outcome::Deferred, _) => (Meaning::Waiting, "come back later"),
        (Outcome::Waiting, _) => (Meaning::Waiting, "kept for later"),
        (Outcome::Failed, _) => (Meaning::Bad, "not deliverable"),
    }
}

/// The reverse-path, or what the lack of one means.
#[must_use]
pub fn sender(row: &MailLogRow) -> &str {
    if row.sender.is_empty() { "<> (a notice)" } else { &row.sender }
}

/// What the server said, without the recipient, which is shown beside it.
#[must_use]
pub fn said(row: &MailLogRow) -> String {
    row.reply.replace(&format!("<{}>: ", row.recipient), "")
}

/// An address without the office's own domain.
#[must_use]
pub fn short<'a>(address: &'a str, own_domain: &str) -> &'a str {
    match address.rsplit_once('@') {
        Some((local, domain)) if !own_domain.is_empty() && domain.eq_ignore_ascii_case(own_domain) => local,
        _ => address,
    }
}

/// `3 clean messages from 2 senders`; several senders at one domain count as one.
#[must_use]
pub fn evidence(row: &AddressRow) -> String {
    let from = match row.sender_domains {
        1 => "one firm".to_owned(),
        firms => format!("{firms} firms"),
    };
    format!("{} from {from}", messages(row.clean_count))
}

/// `1 clean message`, `3 clean messages`.
fn messages(count: u32) -> String {
    if count == 1 { "1 clean message".to_owned() } else { format!("{count} clean messages") }
}

/// What an address looks like.
#[must_use]
pub const fn looks_like(row: &AddressRow) -> &'static str {
    match row.suggestion.kind {
        SuggestionKind::Person => "person",
        SuggestionKind::Alias => "alias",
        SuggestionKind::Functional => "shared mailbox",
        SuggestionKind::Unlikely => "probably nobody",
    }
}

/// `Thu 12 Nov 2026, 14:40`.
#[must_use]
pub fn date_and_time(at_ms: i64, zone: &TimeZone) -> String {
    write_time(at_ms, zone, "%a %-d %b %Y, %H:%M")
}

/// `Thu 14:40`.
#[must_use]
pub fn day_and_time(at_ms: i64, zone: &TimeZone) -> String {
    write_time(at_ms, zone, "%a %H:%M")
}

/// `2026-11-12 14:40:12`, for lines that programs may read.
#[must_use]
pub fn exact(at_ms: i64, zone: &TimeZone) -> String {
    write_time(at_ms, zone, "%Y-%m-%d %H:%M:%S")
}

fn write_time(at_ms: i64, zone: &TimeZone, format: &str) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(zone.clone()).strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offices_own_domain_is_left_out_and_others_stay() {
        assert_eq!(short("ann.lee@Fabrikam.example", "fabrikam.example"), "ann.lee");
        assert_eq!(short("ann.lee@elsewhere.example", "fabrikam.example"), "ann.lee@elsewhere.example");
        assert_eq!(short("postmaster", "fabrikam.example"), "postmaster");
        assert_eq!(short("ann@", ""), "ann@");
    }

    #[test]
    fn what_the_server_said_is_shown_without_the_recipient() {
        let mut row = super::super::samples::log_row(1, "win@lucky.example", "john@fabrikam.example");
        row.reply = "550 5.1.1 <john@fabrikam.example>: Recipient address rejected: User unknown".to_owned();

        assert_eq!(said(&row), "550 5.1.1 Recipient address rejected: User unknown");
    }

    #[test]
    fn times_are_written_in_the_zone_given() {
        let at = 1_794_470_400_000;

        assert_eq!(date_and_time(at, &TimeZone::UTC), "Thu 12 Nov 2026, 08:00");
        assert_eq!(day_and_time(at, &TimeZone::UTC), "Thu 08:00");
        assert_eq!(exact(at, &TimeZone::UTC), "2026-11-12 08:00:00");
    }
}
