//! A recipient that ended by itself lately (X06): refused, asked to come again, or taken and kept.

use std::sync::Arc;

use rollcall_core::fresh::{self, HELD_MS, Hold, Instead};
use rollcall_core::policy::{self, Reason, Standing, Verdict};
use rollcall_smtp::RcptTo;
use rollcall_smtp::session::Judgement;
use rollcall_store::{HeldFor, Step, StoreError};

use super::facts::Facts;
use super::judge::{accepted, refusal};
use super::log::{self, Scene};
use super::transaction::{Recipient, Transaction};
use crate::house::House;

/// Refuses a recipient on our own account, unless its address ended lately and the office wants something else.
pub(super) async fn refuse(
    house: &Arc<House>,
    scene: Scene<'_>,
    facts: &Facts,
    transaction: &mut Transaction,
    rcpt: &RcptTo,
    verdict: Verdict,
) -> Judgement {
    match instead(house, facts, &verdict) {
        Ok(None) => {}
        Ok(Some(Instead::Defer(deferred))) => {
            log::deferred_by_us(house, scene, facts, &deferred).await;
            return refusal(deferred);
        }
        Ok(Some(Instead::Hold(_))) if !transaction.recipients.is_empty() && !transaction.is_held() => {
            let separately = policy::other_next_hop(&facts.address);
            log::settled(house, scene, facts, &separately, None).await;
            return refusal(separately);
        }
        Ok(Some(Instead::Hold(taken))) => return keep(house, scene, facts, transaction, rcpt, taken),
        // Without our list nobody knows when it ended: it is refused as it stands.
        Err(error) => tracing::error!(%error, "when an address ended could not be read"),
    }
    log::refused_by_us(house, scene, facts, &verdict).await;
    refusal(verdict)
}

fn instead(house: &House, facts: &Facts, verdict: &Verdict) -> Result<Option<Instead>, StoreError> {
    let hold = house.setup().hold_fresh;
    let is_listed = matches!(verdict.reason, Reason::Expired | Reason::MarkedInvalid);
    let (true, Standing::Row(state), Some(key)) = (is_listed && hold != Hold::Off, facts.standing, facts.key()) else {
        return Ok(None);
    };
    let Some(row) = house.store.address(&key)? else { return Ok(None) };
    let held = if hold == Hold::Full { house.spool.count_held_for(&key)? } else { 0 };
    Ok(fresh::instead(&facts.address, state, row.changed, hold, held, house.clock.now()))
}

fn keep(
    house: &House,
    scene: Scene<'_>,
    facts: &Facts,
    transaction: &mut Transaction,
    rcpt: &RcptTo,
    taken: Verdict,
) -> Judgement {
    let (Some(key), Some(domain)) = (facts.key(), facts.domain.clone()) else { return refusal(taken) };
    let held_for = Some(HeldFor { key, keep_until: house.clock.now().plus_ms(HELD_MS) });
    let trace = vec![scene.course.step(Step::OurRcpt, Some(taken.reply.written()))];
    let recipient = Recipient { held_for, trace, learn: false, ..accepted(scene, facts, rcpt.clone()) };
    transaction.accept(domain, recipient);
    Judgement::Accept(taken.reply)
}
