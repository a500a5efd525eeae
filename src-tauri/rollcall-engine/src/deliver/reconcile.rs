//! At start: rows of the log that a crash left waiting are told what became of their mail.
//!
//! The log row is written before a message is admitted, and after a message is settled. So a row that waits and has no
//! message was never acknowledged to its client, and a message that nobody waits for was settled and not noted.

use std::collections::HashMap;

use rollcall_core::policy::Reason;
use rollcall_store::{Outcome, RecipientState, SpoolRecipient, Tx};

use crate::error::EngineError;
use crate::house::House;

/// What the log gets to know of one recipient.
struct Correction {
    queue_id: String,
    recipient: String,
    outcome: Outcome,
    reason: Reason,
    reply: Option<String>,
}

/// Corrects the log, then lets go what was delivered before the crash.
pub(crate) async fn log(house: &House) -> Result<(), EngineError> {
    let waiting = house.store.read(|tx| tx.logged_waiting())?;
    let mut known: HashMap<String, Vec<SpoolRecipient>> = HashMap::new();
    let mut corrections = Vec::new();
    for (queue_id, recipient) in waiting {
        if !known.contains_key(&queue_id) {
            known.insert(queue_id.clone(), house.spool.recipients(&queue_id)?);
        }
        let found = known.get(&queue_id).and_then(|all| all.iter().find(|one| one.address == recipient));
        if let Some((outcome, reason, reply)) = became(found) {
            corrections.push(Correction { queue_id, recipient, outcome, reason, reply });
        }
    }
    if !corrections.is_empty() {
        tracing::info!(rows = corrections.len(), "rows of the log that a crash left waiting are corrected");
        let at = house.clock.now();
        let write = move |tx: &Tx<'_>| {
            for one in &corrections {
                let (queue_id, reply) = (&one.queue_id, one.reply.as_deref());
                tx.settle_waiting(queue_id, &one.recipient, one.outcome, one.reason.word(), reply, at)?;
            }
            Ok(())
        };
        house.store.write(write).await?;
    }
    Ok(house.spool.forget_done(house.spool.done()?).await?)
}

/// What became of a recipient whose row waits; `None` if it does wait.
fn became(found: Option<&SpoolRecipient>) -> Option<(Outcome, Reason, Option<String>)> {
    let Some(one) = found else { return Some((Outcome::Deferred, Reason::StoreFailed, None)) };
    match one.state {
        RecipientState::Queued | RecipientState::Active => None,
        // It is kept for its address, and waits until somebody decides.
        RecipientState::Failed if one.held_for.is_some() => None,
        RecipientState::Delivered => Some((Outcome::Delivered, Reason::Delivered, one.last_reply.clone())),
        RecipientState::Failed => {
            let refused = one.last_reply.as_deref().is_some_and(|reply| reply.starts_with('5'));
            let reason = if refused { Reason::RefusedByServer } else { Reason::QueueExpired };
            Some((Outcome::Failed, reason, one.last_reply.clone()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_waits_learns_what_the_spool_knows() {
        let one = |state, reply: Option<&str>| SpoolRecipient {
            address: "ann@acme.example".to_owned(),
            domain: "acme.example".to_owned(),
            held: false,
            state,
            due: None,
            attempts: 1,
            last_reply: reply.map(str::to_owned),
            held_for: None,
        };
        let reason = |found: Option<&SpoolRecipient>| became(found).map(|(outcome, reason, _)| (outcome, reason));

        assert_eq!(reason(None), Some((Outcome::Deferred, Reason::StoreFailed)), "the client was not told 250");
        assert_eq!(reason(Some(&one(RecipientState::Queued, None))), None);
        let kept = SpoolRecipient {
            held_for: Some("ann@acme.example".to_owned()),
            ..one(RecipientState::Failed, Some("kept"))
        };
        assert_eq!(reason(Some(&kept)), None, "x06");
        let delivered = one(RecipientState::Delivered, Some("250 Ok"));
        assert_eq!(became(Some(&delivered)), Some((Outcome::Delivered, Reason::Delivered, Some("250 Ok".to_owned()))));
        let (refused, expired) =
            (one(RecipientState::Failed, Some("550 No")), one(RecipientState::Failed, Some("451")));
        assert_eq!(reason(Some(&refused)), Some((Outcome::Failed, Reason::RefusedByServer)));
        assert_eq!(reason(Some(&expired)), Some((Outcome::Failed, Reason::QueueExpired)));
    }
}
