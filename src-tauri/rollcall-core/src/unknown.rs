//! Whether a refusal means "no such recipient" (behaviour.md section 3.4): by its enhanced status code (RFC 3463 section
//! 3.2), by a bare code, or by the words of a server that says it in neither.
//!
//! **Invariant.** A refusal that speaks of the sender says nothing about the recipient, whatever its code: many servers
//! refuse a sender only in the reply to RCPT, and who writes must not decide whether an address is held for unknown.
//!
//! **Limits.** Words are read in English only.

use crate::{Class, EnhancedStatusCode, Reply};

/// What some servers say of a recipient that they do not know, in lower case, where their codes do not tell.
const UNKNOWN: &[(&str, &str)] = &[
    ("Exchange Online", "access denied"),
    ("Domino", "not listed in domino directory"),
    ("Lotus Notes", "not listed in public name & address book"),
    ("Postfix with another reject code", "recipient address rejected: user unknown"),
    ("Postfix with another reject code", "recipient address rejected: undeliverable address"),
    ("qmail with chkuser", "no mailbox here by that name"),
    ("Yahoo", "delivery error: dd this user doesn't have a"),
    ("Proofpoint Essentials", "user email address is marked as invalid"),
];

/// What some servers say of a sender, in lower case.
const SENDER: &[(&str, &str)] =
    &[("Postfix", "sender address rejected"), ("Exim", "sender verify failed"), ("Exim", "sender verification failed")];

/// Exchange Online's words mean an unknown recipient with this code alone: others say "access denied" of much else.
const ACCESS_DENIED: EnhancedStatusCode = EnhancedStatusCode::new(5, 4, 1);

/// Whether a 5xx to RCPT means "no such recipient" (3.4).
#[must_use]
pub fn says_unknown(reply: &Reply) -> bool {
    if reply.class() != Class::Permanent || is_about_the_sender(reply) {
        return false;
    }
    match reply.enhanced {
        Some(EnhancedStatusCode { class: 5, subject: 1, .. }) => true,
        None if matches!(reply.code, 550 | 551 | 553) => true,
        _ => says_so_in_words(reply),
    }
}

/// 5.1.7 and 5.1.8 are the sender's address by definition (RFC 3463 section 3.2).
fn is_about_the_sender(reply: &Reply) -> bool {
    matches!(reply.enhanced, Some(EnhancedStatusCode { class: 5, subject: 1, detail: 7 | 8 }))
        || SENDER.iter().any(|(_, words)| text(reply).contains(words))
}

fn says_so_in_words(reply: &Reply) -> bool {
    let text = text(reply);
    UNKNOWN.iter().any(|(server, words)| {
        let fits = *server != "Exchange Online" || (reply.code == 550 && reply.enhanced == Some(ACCESS_DENIED));
        fits && text.contains(words)
    })
}

fn text(reply: &Reply) -> String {
    reply.text().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u16, detail: Option<(u16, u16)>, text: &str) -> Reply {
        match detail {
            Some((subject, detail)) => Reply::new(code, subject, detail, text),
            None => Reply::bare(code, text),
        }
    }

    #[test]
    fn u_each_way_of_saying_unknown_is_understood() {
        for (code, detail, text) in [
            (550, Some((1, 1)), "User unknown"),
            (550, Some((1, 10)), "RESOLVER.ADR.RecipientNotFound; not found"),
            (511, Some((1, 1)), "sorry, no mailbox here by that name (#5.1.1 - chkuser)"),
            (550, None, "Unrouteable address"),
            (551, None, "User not local"),
            (553, None, "sorry"),
            (550, Some((4, 1)), "Recipient address rejected: Access denied. AS(201806281)"),
            (554, Some((7, 1)), "ann (ann@acme.example) not listed in Domino Directory"),
            (550, Some((7, 1)), "User ann not listed in public Name & Address Book"),
            (554, None, "<ann@acme.example>: Recipient address rejected: User unknown in local recipient table"),
            (554, None, "<ann@acme.example>: Recipient address rejected: undeliverable address: unknown user"),
            (511, None, "sorry, no mailbox here by that name (chkuser)"),
            (554, None, "delivery error: dd This user doesn't have a yahoo.com account (ann@yahoo.com) [-9]"),
            (550, Some((7, 1)), "Recipient address rejected: User email address is marked as invalid"),
        ] {
            assert!(says_unknown(&refused(code, detail, text)), "{code} {detail:?} {text}");
        }
    }

    #[test]
    fn u_other_refusals_and_words_about_something_else_are_not_taken_for_unknown() {
        for (code, detail, text) in [
            (550, Some((4, 1)), "No answer from host"),
            (554, Some((4, 1)), "Access denied"),
            (550, Some((7, 1)), "Access denied, banned sending IP"),
            (554, Some((7, 1)), "Client host rejected: Access denied"),
            (552, Some((2, 2)), "over quota"),
            (554, None, "no"),
            (450, Some((1, 1)), "Recipient address rejected: User unknown, come again"),
        ] {
            assert!(!says_unknown(&refused(code, detail, text)), "{code} {detail:?} {text}");
        }
    }

    #[test]
    fn pitfall_9_a_refused_sender_never_makes_the_recipient_unknown() {
        for (code, detail, text) in [
            (550, Some((1, 8)), "<a@nowhere.example>: Sender address rejected: Domain not found"),
            (553, Some((1, 7)), "Bad sender's mailbox address syntax"),
            (550, Some((1, 0)), "<a@acme.example>: Sender address rejected: User unknown in local recipient table"),
            (550, None, "Sender verify failed"),
        ] {
            assert!(!says_unknown(&refused(code, detail, text)), "{code} {detail:?} {text}");
        }
    }

    #[test]
    fn every_entry_of_the_tables_can_be_met() {
        for (server, words) in UNKNOWN.iter().chain(SENDER) {
            assert!(*words == words.to_lowercase() && words.len() > 8, "{server}");
        }
    }
}
