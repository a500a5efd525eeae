//! A recipient at a foreign domain, asked for by one of the office's own machines: out it goes, live where the next hop
//! takes it now, else by the spool, because the sender is ours.

use std::sync::Arc;

use rollcall_core::policy::{self, After, Answer, Standing, Verdict};
use rollcall_core::{Address, Reply};
use rollcall_net::{Deadlines, Destination, TlsPolicy};
use rollcall_smtp::session::Judgement;
use rollcall_smtp::{MailFrom, RcptTo};
use rollcall_store::{Step, TraceStep};

use super::course::trouble;
use super::facts::Facts;
use super::transaction::{Recipient, Transaction};
use super::{Client, judge, log};
use crate::house::House;
use crate::outward::{self, Outbound};
use crate::setup::Domain;

/// Whether this recipient is the business of [`recipient`].
pub(super) fn concerns(client: &Client, facts: &Facts) -> bool {
    client.may_send
        && facts.standing == Standing::Foreign
        && facts.domain.is_none()
        && Address::parse(&facts.address).is_ok()
}

/// Judges one recipient and keeps it in the transaction when it is accepted.
pub(super) async fn recipient(
    house: &Arc<House>,
    scene: log::Scene<'_>,
    facts: &Facts,
    mail: &MailFrom,
    transaction: &mut Transaction,
    rcpt: &RcptTo,
) -> Judgement {
    let address = rcpt.address.as_str();
    let way = match way_out(house, address).await {
        Ok(way) => way,
        Err(verdict) => {
            log::settled(house, scene, facts, &verdict, None).await;
            return judge::refusal(verdict);
        }
    };
    let is_elsewhere = transaction.hop.as_ref().is_some_and(|hop| hop.destination != way.domain.destination);
    if transaction.is_held() || is_elsewhere && !transaction.recipients.iter().all(Recipient::is_outward) {
        let verdict = policy::other_next_hop(address);
        log::settled(house, scene, facts, &verdict, None).await;
        return judge::refusal(verdict);
    }
    // A transaction has one next hop. A printer can't send a message twice: the others are taken for the spool.
    if is_elsewhere || way.waits {
        let heard = scene.course.step(Step::NoAnswer, way.trouble());
        return take(
            scene,
            facts,
            transaction,
            rcpt,
            way,
            Heard { answer: None, heard },
            policy::taken_outward(address),
        );
    }
    let answer = judge::ask(house, mail, transaction, &way.domain, rcpt).await;
    match policy::after_asking_outward(address, &answer) {
        After::Accept(verdict) | After::AcceptForSpool(verdict) => {
            let answer = if let Answer::Replied(reply) = answer { Some(reply) } else { None };
            let heard = match &answer {
                Some(reply) => scene.course.step(Step::ServerRcpt, Some(reply.to_string())),
                None => scene.course.step(Step::NoAnswer, trouble(house, &way.domain)),
            };
            take(scene, facts, transaction, rcpt, way, Heard { answer, heard }, verdict)
        }
        After::Refuse { verdict, .. } | After::Defer { verdict, .. } => {
            log::settled(house, scene, facts, &verdict, Some(&answer)).await;
            judge::refusal(verdict)
        }
    }
}

/// What the next hop said of a recipient, if it was asked, and the step of the trace that tells of it.
struct Heard {
    answer: Option<Reply>,
    heard: TraceStep,
}

/// Keeps an accepted recipient.
fn take(
    scene: log::Scene<'_>,
    facts: &Facts,
    transaction: &mut Transaction,
    rcpt: &RcptTo,
    way: Way,
    Heard { answer, heard }: Heard,
    verdict: Verdict,
) -> Judgement {
    let recipient = Recipient {
        address: rcpt.address.clone(),
        rcpt: rcpt.clone(),
        filed: None,
        learn: false,
        observe: false,
        would_refuse: None,
        held_for: None,
        hop: Some(way.domain.destination.to_string()),
        is_vouched_for: false,
        standing: facts.standing,
        answer,
        since: facts.since,
        trace: vec![heard, scene.course.step(Step::OurRcpt, Some(verdict.reply.to_string()))],
    };
    transaction.accept(way.domain, recipient);
    Judgement::Accept(verdict.reply)
}

/// Where a recipient goes.
struct Way {
    /// The next hop, in the shape of a domain.
    domain: Arc<Domain>,
    /// It cannot go there now.
    waits: bool,
}

impl Way {
    fn trouble(&self) -> Option<String> {
        let why = if self.waits { "cannot be asked now" } else { "is another next hop than this message's" };
        Some(format!("{} {why}", self.domain.destination))
    }
}

/// The next hop of an address, or what the client is told when there is none.
async fn way_out(house: &House, address: &str) -> Result<Way, Verdict> {
    let outbound = house.setup().outbound.clone();
    let Ok(name) = Address::parse(address).map(|address| address.domain().to_string()) else {
        return Err(policy::outward_off(address));
    };
    let (destination, waits) = match outbound {
        Outbound::Off => return Err(policy::outward_off(address)),
        Outbound::Smarthost(smarthost) => {
            let waits = smarthost.lacks_password();
            (smarthost.destination, waits)
        }
        Outbound::Mx => {
            let looked_up = house.pool.look_up(&name, Deadlines::LIVE.opening).await;
            if let Some(why) = looked_up.as_ref().err().and_then(outward::never) {
                return Err(policy::nowhere_to_go(address, &why));
            }
            (Destination::mx(name.as_str(), TlsPolicy::Opportunistic), looked_up.is_err())
        }
    };
    let domain = Domain::outside(name, destination);
    Ok(Way { domain: Arc::new(domain), waits })
}
