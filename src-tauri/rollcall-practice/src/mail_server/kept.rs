//! What the office's mail server took.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use rollcall_core::Reply;

use super::Household;
use crate::mailboxes::{self, MAILBOXES};

/// What one mailbox got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailboxCount {
    /// The whole address.
    pub address: String,
    /// Messages since the office opened.
    pub received: u64,
    /// The last subjects, newest first, at most five.
    pub subjects: Vec<String>,
}

/// Counts and subjects, one place for each of [`MAILBOXES`].
#[derive(Debug)]
pub(super) struct Kept(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    messages: u64,
    mailboxes: Vec<(u64, VecDeque<String>)>,
}

impl Default for Kept {
    fn default() -> Self {
        Self(Mutex::new(Inner { messages: 0, mailboxes: vec![(0, VecDeque::new()); MAILBOXES.len()] }))
    }
}

impl Kept {
    /// Counts a message for the mailboxes with these names and returns its number.
    pub fn take(&self, locals: &[&str], content: &[u8]) -> u64 {
        let subject = subject(content);
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.messages += 1;
        for local in locals {
            let Some(index) = MAILBOXES.iter().position(|mailbox| mailbox.local == *local) else { continue };
            let (received, subjects) = &mut inner.mailboxes[index];
            *received += 1;
            subjects.push_front(subject.clone());
            subjects.truncate(MAX_SUBJECTS);
        }
        inner.messages
    }

    /// All mailboxes in the order of [`MAILBOXES`].
    pub fn snapshot(&self) -> Vec<MailboxCount> {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let row = |(mailbox, (received, subjects)): (&crate::Mailbox, &(u64, VecDeque<String>))| MailboxCount {
            address: mailbox.address(),
            received: *received,
            subjects: subjects.iter().cloned().collect(),
        };
        MAILBOXES.iter().zip(&inner.mailboxes).map(row).collect()
    }
}

impl Household for Kept {
    fn hostname(&self) -> &'static str {
        "mail.fabrikam.example"
    }

    fn motto(&self) -> &'static str {
        "Fabrikam practice mail server"
    }

    /// Whether the office has such a mailbox.
    fn judge(&self, address: &str) -> Reply {
        if mailboxes::find(address).is_some() {
            return Reply::new(250, 1, 5, "Recipient OK");
        }
        let is_foreign = |domain: &str| !domain.eq_ignore_ascii_case(mailboxes::DOMAIN);
        if address.rsplit_once('@').is_some_and(|(_, domain)| is_foreign(domain)) {
            Reply::new(554, 7, 1, format!("<{address}>: Relay access denied"))
        } else {
            Reply::new(550, 1, 1, format!("<{address}>: No such mailbox here"))
        }
    }

    fn keep(&self, _reverse_path: &str, recipients: &[&str], content: &[u8]) -> Reply {
        let found = recipients.iter().filter_map(|recipient| mailboxes::find(recipient));
        let locals: Vec<&str> = found.map(|mailbox| mailbox.local).collect();
        Reply::new(250, 0, 0, format!("Kept as message {}", self.take(&locals, content)))
    }
}

/// The Subject field as written, cut at 200 characters; empty when there is none.
fn subject(content: &[u8]) -> String {
    let header = content.split(|&octet| octet == b'\n').take_while(|line| !matches!(line, [] | [b'\r']));
    let field = header.into_iter().find_map(|line| {
        let (name, value) = line.split_at_checked(b"subject:".len())?;
        name.eq_ignore_ascii_case(b"subject:").then(|| String::from_utf8_lossy(value).trim().to_owned())
    });
    field.unwrap_or_default().chars().take(200).collect()
}

const MAX_SUBJECTS: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_is_read_from_the_header_and_never_from_the_body() {
        assert_eq!(subject(b"From: a@b.example\r\nSUBJECT:  Slot 7 \r\n\r\nSubject: no\r\n"), "Slot 7");
        assert_eq!(subject(b"From: a@b.example\r\n\r\nSubject: no\r\n"), "");
        assert_eq!(subject(b""), "");
    }

    #[test]
    fn only_the_last_five_subjects_stay() {
        let kept = Kept::default();

        for number in 0..9 {
            kept.take(&["info", "sales"], format!("Subject: {number}\r\n\r\n").as_bytes());
        }

        let info = kept.snapshot().into_iter().find(|row| row.address == "info@fabrikam.example").unwrap();
        assert_eq!(info.received, 9);
        assert_eq!(info.subjects, ["8", "7", "6", "5", "4"]);
    }
}
