//! A recipient at a foreign domain, asked for by one of the office's own machines: out it goes, live where the next hop
//! takes it now, else by the spool, because the sender is ours.

use std::sync::Arc;

use rollcall_core::policy::{self, After, Answer, Standing};
use rollcall_core::{Address, Rule};
use rollcall_smtp::session::Judgement;
use rollcall_smtp::{MailFrom, RcptTo};
use rollcall_store::{DomainSettings, Step};

use super::course::trouble;
use super::facts::Facts;
use super::transaction::{Recipient, Transaction};
use super::{Client, judge, log};
use crate::house::House;
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
    let Some(way) = way_out(house, facts) else {
        let verdict = policy::outward_off(address);
        log::settled(house, scene, facts, &verdict, None).await;
        return judge::refusal(verdict);
    };
    if transaction.hop.as_ref().is_some_and(|hop| hop.destination != way.destination) {
        let verdict = policy::other_next_hop(address);
        log::settled(house, scene, facts, &verdict, None).await;
        return judge::refusal(verdict);
    }
    let answer = judge::ask(house, mail, transaction, &way, rcpt).await;
    match policy::after_asking_outward(address, &answer) {
        After::Accept(verdict) | After::AcceptForSpool(verdict) => {
            let answer = if let Answer::Replied(reply) = answer { Some(reply) } else { None };
            let heard = match &answer {
                Some(reply) => scene.course.step(Step::ServerRcpt, Some(reply.to_string())),
                None => scene.course.step(Step::NoAnswer, trouble(house, &way)),
            };
            let recipient = Recipient {
                address: address.to_owned(),
                rcpt: rcpt.clone(),
                filed: None,
                learn: false,
                has_route: false,
                is_vouched_for: false,
                standing: facts.standing,
                answer,
                since: facts.since,
                trace: vec![heard, scene.course.step(Step::OurRcpt, Some(verdict.reply.to_string()))],
            };
            transaction.accept(way, recipient);
            Judgement::Accept(verdict.reply)
        }
        After::Refuse { verdict, .. } | After::Defer { verdict, .. } => {
            log::settled(house, scene, facts, &verdict, Some(&answer)).await;
            judge::refusal(verdict)
        }
    }
}

/// The next hop, in the shape of a domain; `None` while nothing goes out.
fn way_out(house: &House, facts: &Facts) -> Option<Arc<Domain>> {
    let setup = house.setup();
    let name = Address::parse(&facts.address).ok()?.domain().to_string();
    let destination = setup.outbound.route()?.clone();
    Some(Arc::new(Domain { name, destination, rule: Rule::SHIPPED, settings: DomainSettings::default() }))
}
