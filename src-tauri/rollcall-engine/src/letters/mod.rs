//! Letters of our own: what the week brought, by e-mail (C22), and the welcome of a new End User (P10).
//!
//! **Invariant.** A letter is written down in the transaction that causes it, with the id that it will have in the spool.
//! Once due it is logged, then admitted, then settled here; what was admitted before a crash is found again by that id, in
//! the spool or in the log, and not admitted twice. Its reverse-path is null, so that it comes back to nobody, and it goes
//! straight into the spool, so that nothing is learned from it.
//!
//! **Limits.** Like all kept mail, a letter that the mail server took is sent again if this computer loses power before
//! that is noted; both have the same Message-ID.

mod page;
pub(crate) mod week;
pub(crate) mod welcome;

use rollcall_core::access::Role;
use rollcall_core::report::Proof;
use rollcall_core::time::DAY_MS;
use rollcall_core::{Address, Timestamp, policy};
use rollcall_mail::letter::{self, Letter};
use rollcall_store::{
    Direction, DueLetter, LetterRecord, LetterState, MailLogRecord, NewMessage, NewRecipient, Outcome, SpoolContent, Tx,
};

use crate::bus::Tag;
use crate::contacts::Reporting;
use crate::error::EngineError;
use crate::house::House;
use crate::office::note;
use crate::outward::Outbound;

/// How long it is remembered that a letter went.
pub(crate) const KEPT_MS: i64 = 90 * DAY_MS;
/// How many letters are looked at together.
const AT_ONCE: u32 = 100;

/// What a letter says, and to whom.
pub(crate) struct Draft {
    pub to_name: Option<String>,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// What to do with a letter that is due.
enum Course {
    Send(Message),
    Settle(LetterState, String),
}

/// A letter on its way into the spool.
struct Message {
    to: String,
    outbound: bool,
    subject: String,
    content: Vec<u8>,
}

impl House {
    /// Sends every letter that is due.
    pub(crate) async fn send_letters(&self) -> Result<(), EngineError> {
        let _alone = self.letters.lock().await;
        loop {
            let now = self.clock.now();
            let due = self.store.read(|tx| tx.due_letters(now, AT_ONCE))?;
            if due.is_empty() {
                return Ok(());
            }
            for letter in &due {
                if !self.send_letter(letter, now).await? {
                    return Ok(());
                }
            }
        }
    }

    /// False when there is no room for it now: it stays due.
    async fn send_letter(&self, letter: &DueLetter, now: Timestamp) -> Result<bool, EngineError> {
        if self.is_admitted(&letter.queue_id)? {
            self.settle_letter(letter.id, LetterState::Sent, None, now).await?;
            return Ok(true);
        }
        match self.course(letter, now)? {
            Course::Settle(state, why) => self.settle_letter(letter.id, state, Some(why), now).await?,
            Course::Send(message) if !self.disk_takes(message.content.len() as u64) => return Ok(false),
            Course::Send(message) => {
                self.admit_letter(&letter.queue_id, message, now).await?;
                self.settle_letter(letter.id, LetterState::Sent, None, now).await?;
            }
        }
        Ok(true)
    }

    /// Whether the spool has it, or had it: of what it had and let go, the log knows what became of it.
    fn is_admitted(&self, queue_id: &str) -> Result<bool, EngineError> {
        if !self.spool.recipients(queue_id)?.is_empty() {
            return Ok(true);
        }
        let rows = self.store.read(|tx| tx.mail_log_of(queue_id))?;
        Ok(rows.iter().any(|(_, row)| matches!(row.outcome, Outcome::Delivered | Outcome::Failed)))
    }

    fn course(&self, due: &DueLetter, now: Timestamp) -> Result<Course, EngineError> {
        let (setup, reporting) = (self.setup(), self.reporting()?);
        let dropped = |why: &str| Ok(Course::Settle(LetterState::Dropped, why.to_owned()));
        let draft = match &due.letter {
            LetterRecord::Welcome { key } => match welcome::draft(self, key, &reporting)? {
                Ok(draft) => draft,
                Err(why) => return dropped(why),
            },
            LetterRecord::Week { audience, subject, text, html } => {
                let contact = reporting.contact(*audience);
                if contact.email.is_empty() || !contact.copy {
                    return dropped("nobody wants it by e-mail any more");
                }
                Draft {
                    to_name: Some(contact.name.clone()),
                    to: contact.email.clone(),
                    subject: subject.clone(),
                    text: text.clone(),
                    html: html.clone(),
                }
            }
        };
        let failed = |why: String| Ok(Course::Settle(LetterState::Failed, why));
        let Some(from) = reporting.sender_of(&setup) else {
            return failed("A letter could not be sent: there is no domain that it could come from.".to_owned());
        };
        let outbound = setup.homes.primary_of(Address::parse(&draft.to)?.domain().as_str()).is_none();
        if outbound && setup.outbound == Outbound::Off {
            return failed(format!(
                "The letter “{}” could not be sent to {}: outgoing mail is off. Choose a way out in Settings, Outgoing \
                 mail, or give an address of your own domains.",
                draft.subject, draft.to
            ));
        }
        let written = letter::letter(&Letter {
            id: &due.queue_id,
            from: &from,
            to_name: draft.to_name.as_deref(),
            to: &draft.to,
            at_ms: now.0,
            subject: &draft.subject,
            text: &draft.text,
            html: &draft.html,
        });
        match written {
            Ok(content) => Ok(Course::Send(Message { to: draft.to, outbound, subject: draft.subject, content })),
            Err(error) => failed(format!("A letter could not be sent: {error}.")),
        }
    }

    async fn admit_letter(&self, queue_id: &str, message: Message, now: Timestamp) -> Result<(), EngineError> {
        let row = self.letter_row(queue_id, &message, now);
        self.store.write(move |tx| tx.add_mail_log(&row).map(drop)).await?;
        let Message { to, outbound, subject, content } = message;
        self.spool
            .admit(NewMessage {
                queue_id: queue_id.to_owned(),
                reverse_path: String::new(),
                smtputf8: !to.is_ascii(),
                recipients: vec![NewRecipient { address: to, ..NewRecipient::default() }],
                arrived: now,
                due: now,
                outbound,
                body_8bit: !content.is_ascii(),
                ret: None,
                envid: None,
                proof: Proof::Office,
                client_ip: String::new(),
                client_is_known: false,
                client_name: String::new(),
                subject: Some(subject),
                content: SpoolContent::Bytes(content),
            })
            .await?;
        self.spool_wake.notify_one();
        self.bus.stale(&[Tag::Mail, Tag::Health]);
        Ok(())
    }

    async fn settle_letter(
        &self,
        id: i64,
        state: LetterState,
        why: Option<String>,
        now: Timestamp,
    ) -> Result<(), EngineError> {
        let write = move |tx: &Tx<'_>| {
            tx.settle_letter(id, state, why.as_deref(), now)?;
            match (state, why) {
                (LetterState::Failed, Some(why)) => note(tx, "letter_not_sent", why, now),
                _ => Ok(()),
            }
        };
        self.store.write(write).await?;
        self.bus.stale(&[Tag::Setup, Tag::Journal]);
        Ok(())
    }

    /// The letter's own row in the log.
    fn letter_row(&self, queue_id: &str, message: &Message, now: Timestamp) -> MailLogRecord {
        MailLogRecord {
            at: now,
            session: queue_id.to_owned(),
            outcome: Outcome::Waiting,
            reason: policy::Reason::Queued.word().to_owned(),
            would_refuse: None,
            sender: String::new(),
            recipient: message.to.clone(),
            client_ip: "127.0.0.1".to_owned(),
            client_name: self.hostname.clone(),
            subject: Some(message.subject.clone()),
            size_bytes: Some(message.content.len() as u64),
            duration_ms: 0,
            reply: policy::queued(queue_id).reply.to_string(),
            destination_reply: None,
            destination: None,
            queue_id: Some(queue_id.to_owned()),
            message: Some(queue_id.to_owned()),
            direction: Direction::Outbound,
            // What is ours is no evidence, not even if it comes back.
            message_id: None,
            tls: None,
            began: now,
            trace: Vec::new(),
        }
    }
}

/// Whom a reader can ask: the technical contact by name and address, or whoever looks after the mail.
pub(crate) fn whom_to_ask(reporting: &Reporting) -> String {
    let contact = reporting.contact(Role::Technician);
    match (contact.name.as_str(), contact.email.as_str()) {
        ("", "") => "whoever looks after your mail".to_owned(),
        (name, "") => name.to_owned(),
        ("", email) => email.to_owned(),
        (name, email) => format!("{name} ({email})"),
    }
}
