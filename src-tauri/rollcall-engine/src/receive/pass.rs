//! Step 9: the content goes to the destination on the transaction that asked, and its verdict is ours; or it becomes
//! durable here when the destination cannot be reached and every recipient is a known account.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rollcall_core::clean::NotCounted;
use rollcall_core::fresh;
use rollcall_core::policy::{self, Verdict};
use rollcall_core::unknown::says_unknown;
use rollcall_core::{Class, Reply, Timestamp, truth};
use rollcall_net as net;
use rollcall_net::callforward::Opening;
use rollcall_net::{Deadlines, NetError, TlsFacts};
use rollcall_smtp::session::{self, Envelope};
use rollcall_smtp::{RcptTo, Ret};
use rollcall_store::{
    Direction, EvidenceKind, MailLogRecord, NewMessage, NewRecipient, Notice, Outcome, Step, StoreError, TraceStep, Tx,
};

use super::content::Content;
use super::log::{self, Scene};
use super::transaction::{Line, Recipient, Transaction, abandon};
use super::weigh::{self, Sent};
use super::{Client, Owed, judge, relayed};
use crate::bus::Tag;
use crate::discover::{self, Seen, Sighting};
use crate::harvest;
use crate::house::House;
use crate::late_bounce;
use crate::prove;
use crate::reach;
use crate::setup::Domain;
use crate::truths;

/// Everything about the message that the effects need.
struct Message<'a> {
    id: String,
    trace: Vec<u8>,
    envelope: &'a Envelope,
    recipients: Vec<Recipient>,
    content: Content,
    scene: Scene<'a>,
    at: Timestamp,
    /// What was said since the content was complete.
    steps: Vec<TraceStep>,
}

/// How the destination's part ended.
enum Passed {
    /// It gave its final reply, and reports what becomes of the message itself, or does not.
    Replied { reply: Reply, reports_itself: bool },
    /// It was lost, or never reached.
    Lost,
    /// It answered otherwise when asked again.
    ChangedItsMind(Reply),
    /// It does not take a header section outside ASCII.
    NeedsUtf8,
}

/// Who sent the message.
pub(super) struct Origin {
    pub client: Client,
    pub client_name: String,
    pub is_extended: bool,
    /// What was agreed on with the client, if the connection is encrypted.
    pub tls: Option<TlsFacts>,
}

/// Settles a message: the reply to its content, and the evidence that follows it.
pub(super) async fn settle(
    house: &Arc<House>,
    origin: Origin,
    envelope: Option<Envelope>,
    transaction: Transaction,
    content: Content,
) -> (Reply, Option<Owed>) {
    let Transaction { hop: Some(domain), line, recipients, course: Some(course) } = transaction else {
        return (session::no_valid_recipients(), None);
    };
    let Some(envelope) = envelope else {
        abandon(line);
        return (session::mail_first(), None);
    };
    may_be_a_bounce(house, &origin.client, &envelope, &content).await;
    let id = course.id.as_ref().to_owned();
    let at = house.clock.now();
    let to = if let [only] = recipients.as_slice() { Some(only.address.as_str()) } else { None };
    let trace = received(house, &origin, envelope.mail.smtputf8, &id, to, at);
    let sender = &envelope.mail.reverse_path;
    let scene =
        Scene { client: &origin.client, client_name: &origin.client_name, sender, course: &course, would_refuse: None };
    let mut steps = vec![course.step(Step::Content, None)];
    let mut message = Message { id, trace, envelope: &envelope, recipients, content, scene, at, steps: Vec::new() };
    let is_outward = message.recipients.iter().any(Recipient::is_outward);
    if message.recipients.iter().any(Recipient::must_wait) {
        abandon(line);
        message.steps = steps;
        return message.spool(house, &domain).await;
    }
    let passed = pass(house, &domain, line, &message, &mut steps).await;
    message.steps = steps;
    match passed {
        // The sender is ours, so we try again instead of it.
        Passed::Replied { reply, .. } if is_outward && reply.class() == Class::Transient => {
            message.spool(house, &domain).await
        }
        Passed::ChangedItsMind(_) if is_outward => message.spool(house, &domain).await,
        Passed::Replied { reply, reports_itself } => {
            let verdict = policy::after_content(&reply, &message.id);
            let owed = if reply.is_success() {
                house.seen_mail.store(true, Ordering::Release);
                let reverse_path = &envelope.mail.reverse_path;
                let count = message.recipients.len();
                let counts = weigh::message(house, &origin.client, reverse_path, count, &message.content).await;
                message.delivered(house, &domain, &verdict, &reply, reports_itself, counts)
            } else {
                let answers: Vec<_> = message.recipients.iter().map(|recipient| recipient.answer.clone()).collect();
                if truth::refused_late(&answers, &reply) {
                    truths::refused_late(house, &domain);
                }
                message.not_delivered(house, &domain, &verdict, Some(&reply))
            };
            (verdict.reply, Some(owed))
        }
        Passed::ChangedItsMind(reply) => {
            let verdict = policy::changed_its_mind();
            let owed = message.not_delivered(house, &domain, &verdict, Some(&reply));
            (verdict.reply, Some(owed))
        }
        Passed::NeedsUtf8 => {
            let verdict = policy::content_needs_utf8();
            let owed = message.not_delivered(house, &domain, &verdict, None);
            (verdict.reply, Some(owed))
        }
        Passed::Lost if message.recipients.iter().all(Recipient::may_wait) => message.spool(house, &domain).await,
        Passed::Lost => {
            let verdict = policy::lost_before_reply();
            let owed = message.not_delivered(house, &domain, &verdict, None);
            (verdict.reply, Some(owed))
        }
    }
}

/// Mail that one of the office's machines sends back may show what its mail server does with unknown recipients.
async fn may_be_a_bounce(house: &Arc<House>, client: &Client, envelope: &Envelope, content: &Content) {
    if client.may_send && envelope.mail.reverse_path.is_empty() {
        match content.beginning().await {
            Ok(beginning) => late_bounce::look_into(house, client.ip, beginning),
            Err(error) => tracing::debug!(%error, "a message with the null reverse-path could not be looked into"),
        }
    }
}

/// Delivers on the live transaction; one that was let go, closed meanwhile, or does not know every accepted recipient is
/// repeated first (architecture 8a).
async fn pass(
    house: &House,
    domain: &Arc<Domain>,
    line: Line,
    message: &Message<'_>,
    steps: &mut Vec<TraceStep>,
) -> Passed {
    let course = message.scene.course;
    let live = match line {
        Line::Unreachable(_) => return Passed::Lost,
        Line::Live(live) if live.covers < message.recipients.len() => {
            abandon(Line::Live(live));
            None
        }
        Line::Live(mut live) => (!live.talk.is_lost().await).then_some(live.talk),
        Line::Idle => None,
    };
    let live = match live {
        Some(live) => live,
        None => match repeat(house, domain, message).await {
            Ok(Ok(live)) => {
                steps.push(course.step(Step::ServerAgain, Some("took every recipient again".to_owned())));
                live
            }
            Ok(Err(reply)) => {
                steps.push(course.step(Step::ServerAgain, None));
                return Passed::ChangedItsMind(reply);
            }
            Err(error) => {
                steps.push(course.step(Step::NoAnswer, Some(error.chain())));
                reach::went_away(house, &domain.destination, &error);
                return Passed::Lost;
            }
        },
    };
    if message.content.headline.beyond_ascii && message.envelope.mail.smtputf8 && !live.carries_utf8() {
        live.abandon().await;
        return Passed::NeedsUtf8;
    }
    let reports_itself = live.reports_itself();
    match live.deliver(&message.trace, message.content.body()).await {
        Ok(reply) => {
            steps.push(course.step(Step::ServerContent, None));
            Passed::Replied { reply, reports_itself }
        }
        Err(error) => {
            steps.push(course.step(Step::NoAnswer, Some(error.chain())));
            reach::went_away(house, &domain.destination, &error);
            Passed::Lost
        }
    }
}

/// MAIL and every accepted RCPT once more. The inner error is the reply of a recipient answered otherwise this time.
async fn repeat(
    house: &House,
    domain: &Domain,
    message: &Message<'_>,
) -> Result<Result<Box<net::Transaction>, Reply>, NetError> {
    let mail = judge::envelope(&message.envelope.mail);
    let recipients: Vec<RcptTo> = message.recipients.iter().map(|recipient| recipient.rcpt.clone()).collect();
    let (pool, destination) = (&house.pool, &domain.destination);
    let (live, replies) = match net::Transaction::open(pool, destination, &mail, &recipients, Deadlines::LIVE).await? {
        Opening::MailRefused(reply) => return Ok(Err(reply)),
        Opening::NeedsUtf8 => return Ok(Err(policy::content_needs_utf8().reply)),
        Opening::Asked(live, replies) => (live, replies),
    };
    reach::answered(house, &domain.destination);
    match replies.into_iter().find(|reply| !reply.is_success()) {
        None => Ok(Ok(live)),
        Some(reply) => {
            live.abandon().await;
            Ok(Err(reply))
        }
    }
}

impl Message<'_> {
    /// The destination has it: log and evidence for every recipient in one transaction, then a report that was asked for
    /// and that the destination will not make.
    fn delivered(
        &self,
        house: &Arc<House>,
        domain: &Domain,
        verdict: &Verdict,
        reply: &Reply,
        reports_itself: bool,
        message: Result<(), NotCounted>,
    ) -> Owed {
        let last = reply.written();
        let subject = self.content.headline.subject.as_deref();
        let seen = self.seen(EvidenceKind::Delivered, subject, Some(&last));
        let mut rows = self.rows(domain, verdict, Some(&last), None);
        let notice = if reports_itself { None } else { self.relayed(house, reply, &mut rows) };
        let ground = house.ground(domain);
        let sent = self.sent(house);
        let is_attack = house.harvest.is_attack(self.at);
        let logged = log::later(house, move |tx| {
            for row in &rows {
                tx.add_mail_log(row)?;
            }
            let weigh = |sighting: &Sighting| harvest::weigh(tx, &sighting.key, message, is_attack);
            let seen = seen.iter().map(|sighting| discover::delivered(tx, sighting, weigh(sighting)?, &ground));
            seen.chain(note_sent(tx, sent.as_ref())).collect()
        });
        let Some(notice) = notice else { return logged };
        let house = Arc::clone(house);
        Box::pin(async move {
            logged.await;
            relayed::send(&house, notice).await;
        })
    }

    /// Who of ours sent it outside (T5).
    fn sent(&self, house: &House) -> Option<Sent> {
        let reverse_path = &self.envelope.mail.reverse_path;
        weigh::sent(house, self.scene.client, reverse_path, &self.recipients, &self.content, self.at)
    }

    /// The report that says "relayed", and its step in the rows of those it is about.
    fn relayed(&self, house: &House, reply: &Reply, rows: &mut [MailLogRecord]) -> Option<Notice> {
        let notice = relayed::about(house, self.envelope, &self.recipients, &self.content, reply)?;
        for (row, recipient) in rows.iter_mut().zip(&self.recipients) {
            if relayed::is_told(house, &self.envelope.mail.reverse_path, recipient) {
                row.trace.push(self.scene.course.step(Step::Report, Some(notice.queue_id.clone())));
            }
        }
        Some(notice)
    }

    /// What was seen of each address; one that was named twice, in whatever case, had one message.
    fn seen(&self, kind: EvidenceKind, subject: Option<&str>, last: Option<&str>) -> Vec<Sighting> {
        let mut keys = BTreeSet::new();
        let message_id = &self.content.headline.message_id;
        let sightings = self
            .recipients
            .iter()
            .filter_map(|recipient| log::accepted(self.scene, recipient, kind, subject, last, self.at));
        let sightings = sightings.map(|sighting| Sighting { message_id: message_id.clone(), ..sighting });
        sightings.filter(|sighting| keys.insert(sighting.key.clone())).collect()
    }

    fn not_delivered(&self, house: &Arc<House>, domain: &Domain, verdict: &Verdict, reply: Option<&Reply>) -> Owed {
        let said = reply.map(ToString::to_string);
        let rows = self.rows(domain, verdict, said.as_deref(), None);
        let contradicted = self.contradicted(reply).zip(said);
        let ground = house.ground(domain);
        log::later(house, move |tx| {
            for row in &rows {
                tx.add_mail_log(row)?;
            }
            let seen = contradicted.iter();
            seen.map(|(sighting, said)| discover::refused_by_server(tx, sighting, said, &ground)).collect()
        })
    }

    /// Whom the destination says it does not know, after the content (T6). Of several recipients nobody can tell which.
    fn contradicted(&self, reply: Option<&Reply>) -> Option<Sighting> {
        let reply = reply.filter(|reply| says_unknown(reply))?;
        let subject = self.content.headline.subject.as_deref();
        match (self.recipients.as_slice(), self.seen(EvidenceKind::RefusedByServer, subject, Some(&reply.to_string())))
        {
            ([only], seen) if !only.is_outward() => seen.into_iter().next(),
            _ => None,
        }
    }

    /// Makes the message ours. Only a durable message gets 250.
    async fn spool(self, house: &Arc<House>, domain: &Domain) -> (Reply, Option<Owed>) {
        if !house.disk_takes(self.content.size) {
            let verdict = policy::not_stored();
            let owed = self.not_delivered(house, domain, &verdict, None);
            return (verdict.reply, Some(owed));
        }
        let is_held = self.recipients.iter().any(|recipient| recipient.held_for.is_some());
        let verdict = if is_held { fresh::held(&self.id) } else { policy::queued(&self.id) };
        let is_outward = self.recipients.iter().any(Recipient::is_outward);
        let rows = self.rows(domain, &verdict, None, Some(&self.id));
        let subject = self.content.headline.subject.clone();
        // What is kept for an address that ended says nothing about it.
        let seen = if is_held { Vec::new() } else { self.seen(EvidenceKind::TakenForLater, subject.as_deref(), None) };
        let sent = self.sent(house);
        let trace = self.trace;
        let content = self.content;
        let stored = tokio::task::spawn_blocking(move || content.into_stored(&trace)).await;
        let Ok(Ok((content, _size))) = stored else {
            return not_written(house, rows);
        };
        let new = NewMessage {
            queue_id: self.id,
            reverse_path: self.envelope.mail.reverse_path.clone(),
            recipients: self.recipients.iter().map(spooled).collect(),
            arrived: self.at,
            due: self.at,
            outbound: is_outward,
            body_8bit: self.envelope.mail.body_8bit,
            smtputf8: self.envelope.mail.smtputf8,
            ret: self.envelope.mail.ret.map(Ret::word),
            envid: self.envelope.mail.envid.clone(),
            proof: prove::at_first(house.kind, is_outward, &self.envelope.mail.reverse_path),
            client_ip: self.scene.client.ip.to_string(),
            // A filter before us that does not say who is behind it hides the client.
            client_is_known: !self.scene.client.is_upstream,
            client_name: self.scene.client_name.to_owned(),
            subject,
            content,
        };
        // The log row is queued first: a delivery may settle the message as soon as it is admitted.
        let recipients = new.recipients.iter().map(|recipient| recipient.address.clone()).collect();
        log::later(house, move |tx| {
            for row in &rows {
                tx.add_mail_log(row)?;
            }
            Ok(Vec::new())
        })
        .await;
        let queue_id = new.queue_id.clone();
        if let Err(error) = house.spool.admit(new).await {
            tracing::error!(%error, "a message could not be made durable; the client keeps it");
            not_kept(house, queue_id, recipients, self.at).await;
            return (policy::not_stored().reply, None);
        }
        house.spool_wake.notify_one();
        house.proving.wake();
        house.bus.stale(&[Tag::Health]);
        let owed = log::later(house, move |tx| {
            let seen = seen.iter().map(|sighting| discover::taken_for_later(tx, sighting));
            seen.chain(note_sent(tx, sent.as_ref())).collect()
        });
        (verdict.reply, Some(owed))
    }

    fn rows(
        &self,
        domain: &Domain,
        verdict: &Verdict,
        said: Option<&str>,
        queue_id: Option<&str>,
    ) -> Vec<MailLogRecord> {
        let end = self.scene.course.step(Step::OurReply, None);
        self.recipients
            .iter()
            .map(|recipient| {
                let mut row = self.scene.row(&recipient.address, verdict, recipient.since, self.at);
                row.subject.clone_from(&self.content.headline.subject);
                row.size_bytes = Some(self.content.size);
                row.would_refuse = recipient.would_refuse.map(|reason| reason.word().to_owned());
                row.destination = Some(domain.destination.to_string());
                if recipient.is_outward() {
                    row.direction = Direction::Outbound;
                    row.destination = recipient.hop.clone();
                }
                row.destination_reply = said.map(str::to_owned);
                row.queue_id = queue_id.map(str::to_owned);
                row.message_id.clone_from(&self.content.headline.message_id);
                row.trace = [&recipient.trace[..], &self.steps, std::slice::from_ref(&end)].concat();
                row
            })
            .collect()
    }
}

/// What the one of ours who sent the message is found to be.
fn note_sent(tx: &Tx<'_>, sent: Option<&Sent>) -> Option<Result<Seen, StoreError>> {
    let Sent { sighting, never_learn, outside, ground } = sent?;
    Some(discover::sent(tx, sighting, *never_learn, outside, ground))
}

/// A recipient as the spool keeps it: as written, so that each attempt decides anew as whom it goes on.
fn spooled(recipient: &Recipient) -> NewRecipient {
    let RcptTo { notify, orcpt, .. } = recipient.rcpt.clone();
    NewRecipient { address: recipient.address.clone(), notify, orcpt, held_for: recipient.held_for.clone() }
}

/// The content could not be put where the spool keeps it: nothing was accepted.
fn not_written(house: &Arc<House>, mut rows: Vec<MailLogRecord>) -> (Reply, Option<Owed>) {
    let verdict = policy::not_stored();
    for row in &mut rows {
        row.outcome = Outcome::Deferred;
        verdict.reason.word().clone_into(&mut row.reason);
        row.reply = verdict.reply.to_string();
        row.queue_id = None;
    }
    let owed = log::later(house, move |tx| {
        for row in &rows {
            tx.add_mail_log(row)?;
        }
        Ok(Vec::new())
    });
    (verdict.reply, Some(owed))
}

/// Corrects the log of a message that was announced as waiting and could not be stored.
async fn not_kept(house: &Arc<House>, queue_id: String, recipients: Vec<String>, at: Timestamp) {
    log::later(house, move |tx| {
        for recipient in &recipients {
            let reason = policy::Reason::StoreFailed.word();
            tx.settle_waiting(&queue_id, recipient, Outcome::Deferred, reason, None, at)?;
        }
        Ok(Vec::new())
    })
    .await;
}

/// The trace field (RFC 5321 section 4.4, RFC 3848, RFC 6531 section 4.3). `for` only with a single recipient, so that
/// nobody learns of others. The mark beside our name tells this relay from another of the same name.
fn received(house: &House, origin: &Origin, utf8: bool, id: &str, to: Option<&str>, at: Timestamp) -> Vec<u8> {
    let literal = match origin.client.ip {
        IpAddr::V4(ip) => format!("[{ip}]"),
        IpAddr::V6(ip) => format!("[IPv6:{ip}]"),
    };
    let said: String = origin
        .client_name
        .chars()
        .filter(|c| c.is_ascii_graphic() && !matches!(c, '(' | ')' | ';'))
        .take(255)
        .collect();
    let protocol = match (origin.is_extended, utf8, origin.tls.is_some()) {
        (false, ..) => "SMTP",
        (true, false, false) => "ESMTP",
        (true, false, true) => "ESMTPS",
        (true, true, false) => "UTF8SMTP",
        (true, true, true) => "UTF8SMTPS",
    };
    let secured = origin.tls.as_ref().map(|tls| format!("\r\n\t(using {} with cipher {})", tls.version, tls.cipher));
    let secured = secured.unwrap_or_default();
    let recipient = to.map(|to| format!("\r\n\tfor <{to}>")).unwrap_or_default();
    let date = date(at);
    let (by, mark) = (&house.hostname, &house.mark);
    format!(
        "Received: from {said} ({literal}){secured}\r\n\tby {by} {mark} with {protocol} id {id}{recipient};\r\n\t{date}\r\n"
    )
    .into_bytes()
}

/// A moment as RFC 5322 section 3.3 writes it, in UTC.
pub(crate) fn date(at: Timestamp) -> String {
    let written = |at: jiff::Timestamp| jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).ok();
    jiff::Timestamp::from_millisecond(at.0).ok().and_then(written).unwrap_or_default()
}
