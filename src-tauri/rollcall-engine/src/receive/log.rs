//! Step 10: what was seen goes to the writer's queue, one job a message. A full queue makes the session wait.

use std::sync::Arc;

use rollcall_core::policy::{self, Answer, Reason, Standing, Verdict};
use rollcall_core::rule::Basis;
use rollcall_core::truth::Truth;
use rollcall_core::unknown::says_unknown;
use rollcall_core::{AddressState, Class, Reply, Timestamp};
use rollcall_smtp::session::ContentFault;
use rollcall_store::{Direction, EvidenceKind, MailLogRecord, Outcome, Step, StoreError, TraceStep, Tx};

use super::course::{self, Course};
use super::facts::Facts;
use super::transaction::Recipient;
use super::{Client, Ended, Owed, Reception};
use crate::bus::{Bus, Notice, Tag};
use crate::clock::Stopwatch;
use crate::discover::{self, Seen, Sighting};
use crate::house::House;
use crate::setup::Domain;

/// Who is talking to us and what it wants.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub client: &'a Client,
    pub client_name: &'a str,
    /// The reverse-path.
    pub sender: &'a str,
    /// The transaction's id and steps.
    pub course: &'a Course,
    /// Why the recipient would have been refused, had shadow mode not kept us from it (X16).
    pub would_refuse: Option<Reason>,
}

impl Scene<'_> {
    /// It is not refused for this reason, because shadow mode keeps us from it. The first reason stays.
    pub const fn suspended(&mut self, reason: Reason) {
        if self.would_refuse.is_none() {
            self.would_refuse = Some(reason);
        }
    }

    /// A log row for `recipient`; what came later is filled in by the caller.
    pub fn row(self, recipient: &str, verdict: &Verdict, since: Stopwatch, at: Timestamp) -> MailLogRecord {
        MailLogRecord {
            at,
            session: self.client.session.clone(),
            outcome: outcome(verdict),
            reason: verdict.reason.word().to_owned(),
            sender: self.sender.to_owned(),
            recipient: recipient.to_owned(),
            client_ip: self.client.ip.to_string(),
            client_name: self.client_name.to_owned(),
            subject: None,
            size_bytes: None,
            duration_ms: since.elapsed_ms(),
            reply: verdict.reply.written(),
            destination_reply: None,
            destination: None,
            queue_id: None,
            message: Some(self.course.id.as_ref().to_owned()),
            direction: Direction::Inbound,
            message_id: None,
            tls: self.client.tls.clone(),
            would_refuse: self.would_refuse.map(|reason| reason.word().to_owned()),
            began: self.course.began(at),
            trace: Vec::new(),
        }
    }
}

const fn outcome(verdict: &Verdict) -> Outcome {
    match (verdict.reply.class(), verdict.reason) {
        (Class::Success, Reason::Queued | Reason::HeldForAddress) => Outcome::Waiting,
        (Class::Success, _) => Outcome::Delivered,
        (Class::Transient, _) => Outcome::Deferred,
        (Class::Intermediate | Class::Permanent, _) => Outcome::Refused,
    }
}

/// Queues a job whose outcome says what lists are stale. The answer is ready once the queue had room.
pub(crate) fn later(
    house: &Arc<House>,
    job: impl Fn(&Tx<'_>) -> Result<Vec<Seen>, StoreError> + Send + 'static,
) -> Owed {
    let house = Arc::clone(house);
    Box::pin(async move {
        let bus = house.bus.clone();
        house.store.write_later(job, move |outcome| told(&bus, outcome)).await;
    })
}

fn told(bus: &Bus, outcome: Result<Vec<Seen>, StoreError>) {
    match outcome {
        Ok(seen) => {
            bus.stale(&[Tag::Mail]);
            tell(bus, seen);
        }
        Err(error) => tracing::error!(%error, "evidence could not be stored"),
    }
}

/// Says what became of rows: which lists are stale, and what people should know.
pub(crate) fn tell(bus: &Bus, seen: Vec<Seen>) {
    if seen.iter().any(|seen| *seen != Seen::Nothing) {
        bus.stale(&[Tag::Addresses, Tag::Journal]);
    }
    if seen.iter().any(|seen| !matches!(seen, Seen::Nothing | Seen::Row)) {
        bus.stale(&[Tag::Notifications]);
    }
    for seen in seen {
        match seen {
            Seen::Discovered(shown) => bus.discovered(shown),
            Seen::Created(shown) => bus.notice(Notice::UserCreated(shown)),
            Seen::AliasMade { alias, owner } => bus.notice(Notice::AliasMade { alias, owner }),
            Seen::Ended(shown) => bus.notice(Notice::Ended(shown)),
            Seen::Told(tell, shown) => bus.notice(Notice::AboutAddress { address: shown, tell }),
            Seen::Nothing | Seen::Row => {}
        }
    }
}

/// A recipient was refused without asking: relay denied, marked invalid, not active.
pub(crate) async fn refused_by_us(house: &Arc<House>, scene: Scene<'_>, facts: &Facts, verdict: &Verdict) {
    let now = house.clock.now();
    let mut row = scene.row(&facts.address, verdict, facts.since, now);
    row.trace.push(scene.course.step(Step::OurReply, None));
    let sighting = matches!(facts.standing, Standing::Row(AddressState::Invalid(_)))
        .then(|| sighting(scene, facts, EvidenceKind::RefusedByUs, Vec::new(), now))
        .flatten();
    later(house, move |tx| {
        tx.add_mail_log(&row)?;
        sighting.iter().map(|sighting| discover::refused_by_us(tx, sighting)).collect()
    })
    .await;
}

/// A recipient whose address ended by itself was asked to come again (X06): who wrote is kept.
pub(crate) async fn deferred_by_us(house: &Arc<House>, scene: Scene<'_>, facts: &Facts, verdict: &Verdict) {
    let now = house.clock.now();
    let mut row = scene.row(&facts.address, verdict, facts.since, now);
    row.trace.push(scene.course.step(Step::OurReply, None));
    let sighting = sighting(scene, facts, EvidenceKind::RefusedByUs, Vec::new(), now);
    later(house, move |tx| {
        tx.add_mail_log(&row)?;
        sighting.iter().map(|sighting| discover::deferred_by_us(tx, sighting)).collect()
    })
    .await;
}

/// A recipient was not accepted after the destination was asked, or could not be asked.
pub(crate) async fn settled(
    house: &Arc<House>,
    scene: Scene<'_>,
    facts: &Facts,
    verdict: &Verdict,
    answer: Option<&Answer>,
) {
    let now = house.clock.now();
    let mut row = scene.row(&facts.address, verdict, facts.since, now);
    row.destination = facts.domain.as_ref().map(|domain| domain.destination.to_string());
    if facts.standing == Standing::Foreign {
        row.direction = Direction::Outbound;
    }
    let said = match answer {
        Some(Answer::Replied(reply) | Answer::MailRefused(reply)) => Some(reply.to_string()),
        Some(Answer::Unreachable | Answer::NeedsUtf8) | None => None,
    };
    row.destination_reply.clone_from(&said);
    row.trace = heard(house, scene.course, facts, answer);
    // T6 and 3.4 row A: against an account anything it says of the recipient, against other rows only "unknown".
    let speaks_against = match (facts.standing, answer) {
        (Standing::Row(state), Some(Answer::Replied(reply))) => state.is_account() || says_unknown(reply),
        _ => false,
    };
    let lines = rcpt_lines(&facts.address, said.as_deref());
    let contradicted =
        speaks_against.then(|| sighting(scene, facts, EvidenceKind::RefusedByServer, lines, now)).flatten();
    let contradicted = contradicted.zip(facts.domain.as_ref().map(|domain| house.ground(domain)));
    let stranger = (verdict.reason == Reason::UserUnknown && facts.standing == Standing::Unknown)
        .then(|| facts.domain.as_ref().map(|domain| domain.name.clone()))
        .flatten()
        .filter(|domain| house.recipients.is_news_that_it_refuses(domain, now));
    later(house, move |tx| {
        tx.add_mail_log(&row)?;
        if let Some(domain) = &stranger {
            tx.note_stranger_refused(domain, now)?;
        }
        let reply = said.as_deref().unwrap_or_default();
        let Some((sighting, ground)) = &contradicted else { return Ok(Vec::new()) };
        Ok(vec![discover::refused_by_server(tx, sighting, reply, ground)?])
    })
    .await;
}

/// The destination said 250 to a recipient without an account: it may be enough to make it a user (T2, P06). Where the
/// rule wants more it is written down, so that a rule that does not can be tried (X09).
pub(crate) async fn known_at_rcpt(
    house: &Arc<House>,
    scene: Scene<'_>,
    facts: &Facts,
    domain: &Domain,
    answer: Option<&Reply>,
) {
    let is_new = matches!(facts.standing, Standing::Unknown | Standing::Row(AddressState::Watching));
    let is_guess = scene.would_refuse == Some(Reason::HarvestBlocked);
    let Some(answer) = answer.filter(|answer| answer.is_success()) else { return };
    let ground = house.ground(domain);
    let is_enough = domain.rule.evidence == Basis::RcptOk;
    if !is_new || !facts.learn || is_guess || (!is_enough && ground.truth != Some(Truth::RejectsStrangers)) {
        return;
    }
    let lines = rcpt_lines(&facts.address, Some(&answer.to_string()));
    let sighting = sighting(scene, facts, EvidenceKind::Delivered, lines, house.clock.now());
    later(house, move |tx| {
        let Some(sighting) = &sighting else { return Ok(Vec::new()) };
        tx.note_rcpt_accepted(&sighting.key, sighting.at)?;
        if is_enough { Ok(vec![discover::rcpt_accepted(tx, sighting, &ground)?]) } else { Ok(Vec::new()) }
    })
    .await;
}

/// The steps up to our refusal. What the destination replied is in a column of its own.
fn heard(house: &House, course: &Course, facts: &Facts, answer: Option<&Answer>) -> Vec<TraceStep> {
    let trouble = || facts.domain.as_ref().and_then(|domain| course::trouble(house, domain));
    let heard = match answer {
        Some(Answer::Replied(_)) => Some(course.step(Step::ServerRcpt, None)),
        Some(Answer::MailRefused(_)) => Some(course.step(Step::ServerMail, None)),
        Some(Answer::Unreachable) => Some(course.step(Step::NoAnswer, trouble())),
        Some(Answer::NeedsUtf8) | None => None,
    };
    heard.into_iter().chain([course.step(Step::OurReply, None)]).collect()
}

fn sighting(
    scene: Scene<'_>,
    facts: &Facts,
    kind: EvidenceKind,
    lines: Vec<String>,
    at: Timestamp,
) -> Option<Sighting> {
    Some(Sighting {
        key: facts.key()?,
        shown: facts.filed.as_ref()?.to_string(),
        domain: facts.domain.as_ref()?.name.clone(),
        learn: facts.learn,
        observe: facts.observe,
        at,
        kind,
        sender: scene.sender.to_owned(),
        subject: None,
        message_id: None,
        client_ip: scene.client.ip.to_string(),
        lines,
    })
}

/// The dialogue about one recipient as the window shows it.
pub(crate) fn rcpt_lines(recipient: &str, answer: Option<&str>) -> Vec<String> {
    let mut lines = vec![format!(">> RCPT TO:<{recipient}>")];
    lines.extend(answer.map(|answer| format!("<< {answer}")));
    lines
}

/// What an accepted recipient looks like as evidence.
pub(crate) fn accepted(
    scene: Scene<'_>,
    recipient: &Recipient,
    kind: EvidenceKind,
    subject: Option<&str>,
    last: Option<&str>,
    at: Timestamp,
) -> Option<Sighting> {
    let filed = recipient.filed.as_ref()?;
    let mut lines = rcpt_lines(&recipient.address, recipient.answer.as_ref().map(ToString::to_string).as_deref());
    if let Some(last) = last {
        lines.push(">> DATA".to_owned());
        lines.push(format!("<< {last}"));
    }
    Some(Sighting {
        key: filed.key(),
        shown: filed.to_string(),
        domain: filed.domain().to_string(),
        learn: recipient.learn,
        observe: recipient.observe,
        at,
        kind,
        sender: scene.sender.to_owned(),
        subject: subject.map(str::to_owned),
        message_id: None,
        client_ip: scene.client.ip.to_string(),
        lines,
    })
}

impl Reception {
    /// The content was refused by us: every accepted recipient gets a row.
    pub(super) async fn log_bad_content(&mut self, fault: ContentFault) {
        let verdict = Verdict { reply: rollcall_core::Reply::bare(554, ""), reason: Reason::BadContent };
        self.log_everybody(&verdict, &fault.reply().written(), Step::OurReply).await;
    }

    /// What was received; or why it was not, after a row for every accepted recipient: the client keeps the message.
    pub(super) async fn or_log<T>(&mut self, received: Result<T, Ended>) -> Result<T, Ended> {
        let (reason, text, step) = match &received {
            Ok(_) => return received,
            Err(Ended::Gone) => (Reason::ClientLeft, String::new(), Step::ClientLeft),
            Err(Ended::TimedOut) => {
                let said = rollcall_smtp::session::timeout_reply(&self.house.hostname);
                (Reason::ClientLeft, said.to_string(), Step::ClientLeft)
            }
            Err(Ended::ShuttingDown) => {
                let said = rollcall_smtp::session::shutting_down(&self.house.hostname);
                (Reason::ShuttingDown, said.to_string(), Step::OurReply)
            }
            Err(Ended::Said) => (Reason::StoreFailed, policy::not_stored().reply.to_string(), Step::OurReply),
        };
        let verdict = Verdict { reply: rollcall_core::Reply::bare(451, ""), reason };
        self.log_everybody(&verdict, &text, step).await;
        received
    }

    async fn log_everybody(&mut self, verdict: &Verdict, text: &str, last: Step) {
        let rows = self.rows_of_everybody(verdict, text, last);
        if rows.is_empty() {
            return;
        }
        later(&self.house, move |tx| {
            for row in &rows {
                tx.add_mail_log(row)?;
            }
            Ok(Vec::new())
        })
        .await;
    }

    /// A row for every recipient that was accepted, with `text` as our reply.
    fn rows_of_everybody(&self, verdict: &Verdict, text: &str, last: Step) -> Vec<MailLogRecord> {
        let Some(course) = &self.transaction.course else { return Vec::new() };
        let sender = self.session.envelope().map(|envelope| envelope.mail.reverse_path.clone()).unwrap_or_default();
        let client_name = self.session.client_name();
        let scene = Scene { client: &self.client, client_name, sender: &sender, course, would_refuse: None };
        let now = self.house.clock.now();
        let destination = self.transaction.hop.as_ref().map(|domain| domain.destination.to_string());
        let row = |recipient: &Recipient| {
            let mut row = scene.row(&recipient.address, verdict, recipient.since, now);
            row.reply = text.to_owned();
            row.destination.clone_from(&destination);
            row.trace.clone_from(&recipient.trace);
            row.trace.push(course.step(last, None));
            row.would_refuse = recipient.would_refuse.map(|reason| reason.word().to_owned());
            row
        };
        self.transaction.recipients.iter().map(row).collect()
    }
}
