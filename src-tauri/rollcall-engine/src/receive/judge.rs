//! Steps 4 to 6: gather facts, decide, ask the destination on the live transaction, decide once more.

use std::sync::Arc;

use rollcall_core::Reply;
use rollcall_core::explained::Refusal;
use rollcall_core::policy::{self, After, Answer, Before, Reason, Verdict};
use rollcall_core::terms::Terms;
use rollcall_net as net;
use rollcall_net::callforward::Opening;
use rollcall_net::{Deadlines, NetError};
use rollcall_smtp::session::{self, Judgement};
use rollcall_smtp::{MailFrom, RcptTo};
use rollcall_store::{Step, TraceStep};
use tokio::time::Instant;

use super::course::trouble;
use super::facts::Facts;
use super::recall::Asked;
use super::transaction::{Line, Live, Recipient, Transaction, abandon};
use super::{Client, fresh, log, outward};
use crate::house::House;
use crate::reach;
use crate::setup::Domain;
use crate::strangers;

/// How long a transaction may be held without one of its destination's places.
const SHORT_HOLD: std::time::Duration = std::time::Duration::from_secs(1);

/// What a session without MAIL gets; the session machine does not let it come to this.
pub(crate) fn out_of_order(address: &str) -> Judgement {
    let reply =
        Reply::new(503, 5, 1, format!("<{address}>: MAIL comes first")).numbered(Some(Refusal::MailFirst.number()));
    Judgement::Refuse { reply, counts_as_invalid: false }
}

/// The session has asked for foreign recipients often enough.
pub(crate) fn too_many_denied() -> Reply {
    session::too_many_invalid_recipients()
}

/// Who asks for a recipient.
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    /// The client.
    pub client: &'a Client,
    /// What it called itself.
    pub client_name: &'a str,
    /// MAIL as it was accepted.
    pub mail: &'a MailFrom,
}

/// Judges one recipient and keeps it in the transaction when it is accepted. `would_refuse`: why its client would be turned
/// away, had shadow mode not kept us from it (X16).
pub(crate) async fn recipient(
    house: &Arc<House>,
    asker: Asker<'_>,
    transaction: &mut Transaction,
    rcpt: &RcptTo,
    would_refuse: Option<Reason>,
) -> Judgement {
    let Asker { client, client_name, mail } = asker;
    let address = rcpt.address.as_str();
    let facts = Facts::gather(house, address, mail.reverse_path.is_empty());
    let course = transaction.course();
    let mut scene = log::Scene { client, client_name, sender: &mail.reverse_path, course: &course, would_refuse };
    if outward::concerns(client, &facts) {
        return outward::recipient(house, scene, &facts, mail, transaction, rcpt).await;
    }
    let terms = facts.domain.as_ref().map(|domain| domain.terms).unwrap_or_default();
    let domain = match (policy::before_asking(address, facts.standing, terms), facts.domain.clone()) {
        (Before::Ask, Some(domain)) => domain,
        (Before::Refuse(verdict), Some(domain)) if house.suspends(verdict.reason) => {
            scene.suspended(verdict.reason);
            domain
        }
        (Before::Refuse(verdict), _) => return fresh::refuse(house, scene, &facts, transaction, rcpt, verdict).await,
        (Before::Ask, None) => return out_of_order(address),
    };
    if let Some(verdict) = not_with_the_others(house, &facts, &domain, transaction) {
        log::settled(house, scene, &facts, &verdict, None).await;
        return refusal(verdict);
    }
    let onward = facts.onward(rcpt);
    let asked = Asked::about(house, client, &facts, &domain, &onward);
    match asked.instead() {
        Some(verdict) if house.suspends(verdict.reason) => scene.suspended(verdict.reason),
        Some(verdict) => {
            log::settled(house, scene, &facts, &verdict, None).await;
            return refusal(verdict);
        }
        None => {}
    }
    let answer = match elsewhere(house, mail, &domain, facts.standing, &onward).await {
        Some(refused) => refused,
        None => ask(house, mail, transaction, &domain, &onward).await,
    };
    let (after, is_vouched_for) = asked.decide(facts.standing, &answer);
    match too_new(house, &facts, terms, &after).await {
        Some(verdict) if house.suspends(verdict.reason) => scene.suspended(verdict.reason),
        Some(verdict) => {
            // The destination has taken it on the live transaction: that one must not carry the others' content.
            transaction.let_go();
            log::settled(house, scene, &facts, &verdict, Some(&answer)).await;
            return refusal(verdict);
        }
        None => {}
    }
    match after {
        After::Accept(verdict) | After::AcceptForSpool(verdict) => {
            let answer = if let Answer::Replied(reply) = answer { Some(reply) } else { None };
            log::known_at_rcpt(house, scene, &facts, &domain, answer.as_ref()).await;
            let heard = heard(house, scene, &domain, answer.as_ref());
            let trace = vec![heard, course.step(Step::OurRcpt, Some(verdict.reply.written()))];
            let recipient = Recipient { answer, is_vouched_for, trace, ..accepted(scene, &facts, onward) };
            transaction.accept(domain, recipient);
            Judgement::Accept(verdict.reply)
        }
        After::Refuse { verdict, .. } | After::Defer { verdict, .. } => {
            log::settled(house, scene, &facts, &verdict, Some(&answer)).await;
            refusal(verdict)
        }
    }
}

/// What the destination said of an accepted recipient, as a step of the trace.
fn heard(house: &House, scene: log::Scene<'_>, domain: &Domain, answer: Option<&Reply>) -> TraceStep {
    match answer {
        Some(reply) => scene.course.step(Step::ServerRcpt, Some(reply.written())),
        None => scene.course.step(Step::NoAnswer, trouble(house, domain)),
    }
}

/// An accepted recipient of which nothing was said yet.
pub(super) fn accepted(scene: log::Scene<'_>, facts: &Facts, rcpt: RcptTo) -> Recipient {
    Recipient {
        address: facts.address.clone(),
        rcpt,
        filed: facts.filed.clone(),
        learn: facts.learn,
        observe: facts.observe,
        would_refuse: scene.would_refuse,
        held_for: None,
        hop: None,
        standing: facts.standing,
        is_vouched_for: false,
        answer: None,
        since: facts.since,
        trace: Vec::new(),
    }
}

/// Why a recipient cannot go with those accepted before: another next hop, or a destination that wants strangers one by
/// one. Mail that is kept here goes with nobody else.
fn not_with_the_others(
    house: &House,
    facts: &Facts,
    domain: &Arc<Domain>,
    transaction: &Transaction,
) -> Option<Verdict> {
    let goes_elsewhere = transaction.hop.as_ref().is_some_and(|hop| hop.destination != domain.destination);
    if goes_elsewhere || transaction.is_held() {
        return Some(policy::other_next_hop(&facts.address));
    }
    transaction
        .is_full_of_strangers(house.decides_at_data(domain), facts.standing)
        .then(|| policy::send_separately(&facts.address))
}

/// Asks the domain's verification host first, where it has one (V05), about whoever no directory vouches for. Its yes
/// leaves the last word to the destination.
async fn elsewhere(
    house: &Arc<House>,
    mail: &MailFrom,
    domain: &Arc<Domain>,
    standing: policy::Standing,
    rcpt: &RcptTo,
) -> Option<Answer> {
    let host = domain.verification().filter(|_| standing.is_unverified())?;
    let opening =
        net::Transaction::open(&house.pool, &host, &envelope(mail), std::slice::from_ref(rcpt), Deadlines::LIVE).await;
    match opening {
        Ok(Opening::Asked(talk, replies)) => {
            abandon_later(talk);
            let reply = replies.into_iter().next().unwrap_or_else(|| Reply::bare(451, ""));
            reach::answered(house, &host);
            (!reply.is_success()).then_some(Answer::Replied(reply))
        }
        Ok(Opening::MailRefused(reply)) => {
            reach::answered(house, &host);
            Some(Answer::MailRefused(reply))
        }
        Ok(Opening::NeedsUtf8) => Some(Answer::NeedsUtf8),
        Err(error) => {
            reach::went_away(house, &host, &error);
            Some(Answer::Unreachable)
        }
    }
}

/// RSET without anybody waiting for it.
fn abandon_later(talk: Box<net::Transaction>) {
    const LONGEST: std::time::Duration = std::time::Duration::from_secs(10);
    tokio::spawn(async move { drop(tokio::time::timeout(LONGEST, talk.abandon()).await) });
}

/// The office wants time to decide about a new address that the destination takes (V04).
async fn too_new(house: &Arc<House>, facts: &Facts, terms: Terms, after: &After) -> Option<Verdict> {
    if !terms.defer_strangers || !matches!(after, After::Accept(_)) {
        return None;
    }
    let now = house.clock.now();
    let first_seen = strangers::first_seen(house, &facts.key()?, now).await;
    policy::defer_stranger(&facts.address, facts.standing, terms, first_seen, now)
}

pub(super) fn refusal(verdict: Verdict) -> Judgement {
    use policy::Reason::{ClosedList, Expired, MarkedInvalid, NotInDirectory, UserUnknown, UserUnknownCached};
    let counts_as_invalid = matches!(
        verdict.reason,
        UserUnknown | UserUnknownCached | MarkedInvalid | Expired | ClosedList | NotInDirectory
    );
    Judgement::Refuse { reply: verdict.reply, counts_as_invalid }
}

/// Asks the destination on the live transaction, opening it for the first recipient.
pub(super) async fn ask(
    house: &Arc<House>,
    mail: &MailFrom,
    transaction: &mut Transaction,
    domain: &Arc<Domain>,
    rcpt: &RcptTo,
) -> Answer {
    let line = match std::mem::take(&mut transaction.line) {
        // Nobody was accepted yet and this recipient goes elsewhere: start afresh.
        Line::Live(live) if live.domain.destination != domain.destination => {
            abandon(Line::Live(live));
            Line::Idle
        }
        Line::Unreachable(other) if other.destination != domain.destination => Line::Idle,
        line => line,
    };
    let (line, answer) = match line {
        Line::Live(mut live) => match live.talk.rcpt(rcpt).await {
            Ok(Some(reply)) => (Line::Live(live), Answer::Replied(reply)),
            Ok(None) => (Line::Live(live), Answer::NeedsUtf8),
            Err(error) => (Line::Unreachable(Arc::clone(domain)), unreachable(house, domain, &error)),
        },
        Line::Unreachable(same) => (Line::Unreachable(same), Answer::Unreachable),
        Line::Idle => open(house, mail, domain, rcpt).await,
    };
    transaction.line = line;
    answer
}

async fn open(house: &Arc<House>, mail: &MailFrom, domain: &Arc<Domain>, rcpt: &RcptTo) -> (Line, Answer) {
    let rcpt = std::slice::from_ref(rcpt);
    let opening =
        net::Transaction::open(&house.pool, &domain.destination, &envelope(mail), rcpt, Deadlines::LIVE).await;
    match opening {
        Ok(Opening::NeedsUtf8) => (Line::Idle, Answer::NeedsUtf8),
        Ok(Opening::Asked(talk, replies)) => {
            let reply = replies.into_iter().next().unwrap_or_else(|| Reply::bare(451, ""));
            reach::answered(house, &domain.destination);
            let place = house.held.place(&domain.destination);
            let hold = if place.is_some() { house.limits.hold } else { house.limits.hold.min(SHORT_HOLD) };
            let give_up = Instant::now() + hold;
            // What was accepted before on another line is not known here: `covers` begins at none.
            let live = Live { domain: Arc::clone(domain), talk, covers: 0, give_up, place };
            (Line::Live(live), Answer::Replied(reply))
        }
        Ok(Opening::MailRefused(reply)) => {
            reach::answered(house, &domain.destination);
            (Line::Idle, Answer::MailRefused(reply))
        }
        Err(error) => (Line::Unreachable(Arc::clone(domain)), unreachable(house, domain, &error)),
    }
}

/// MAIL as the destination gets it. Our trace field adds to the declared size.
pub(crate) fn envelope(mail: &MailFrom) -> MailFrom {
    const TRACE: u64 = 1024;
    MailFrom { size: mail.size.map(|size| size.saturating_add(TRACE)), ..mail.clone() }
}

/// What a recipient is told when its destination does not answer.
pub(crate) fn unreachable(house: &House, domain: &Domain, error: &NetError) -> Answer {
    reach::went_away(house, &domain.destination, error);
    Answer::Unreachable
}
