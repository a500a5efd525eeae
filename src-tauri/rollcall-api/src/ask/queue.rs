//! Queries about the queue.

use rollcall_engine::House;
use rollcall_engine::queue::Queued;
use rollcall_engine::store;

use crate::answers::queue::{Direction, Queue, QueueRecipient, QueueRow, RecipientState};
use crate::registry::queue::QueueArgs;
use crate::wire::Fault;

/// What waits here.
pub(crate) fn queue(house: &House, args: &QueueArgs) -> Result<Queue, Fault> {
    let search = args.search.as_deref().map(str::trim);
    let rows = house.queue(super::rows(args.limit), search)?.into_iter().map(row).collect();
    let numbers = house.spool.numbers()?;
    Ok(Queue { rows, waiting: numbers.waiting, failed: numbers.failed })
}

/// One message of the queue, if it is there.
pub(super) fn queued(house: &House, queue_id: &str) -> Result<Option<QueueRow>, Fault> {
    let found = house.queue(super::MOST_ROWS, Some(queue_id))?;
    Ok(found.into_iter().find(|one| one.message.queue_id == queue_id).map(row))
}

fn row(queued: Queued) -> QueueRow {
    let Queued { message, expires, next_hops } = queued;
    let held = message.recipients.iter().any(|one| one.held);
    QueueRow {
        queue_id: message.queue_id,
        direction: if message.outbound { Direction::Outbound } else { Direction::Inbound },
        sender: message.reverse_path,
        subject: message.subject,
        size_bytes: message.size,
        client_ip: message.client_ip,
        arrived_ms: message.arrived.0,
        expires_ms: expires.0,
        held,
        recipients: message.recipients.into_iter().zip(next_hops).map(|(one, hop)| recipient(one, hop)).collect(),
    }
}

fn recipient(one: store::SpoolRecipient, hop: Result<String, String>) -> QueueRecipient {
    let (next_hop, no_next_hop) = match hop {
        Ok(hop) => (Some(hop), None),
        Err(why) => (None, Some(why)),
    };
    QueueRecipient {
        address: one.address,
        state: match one.state {
            store::RecipientState::Queued => RecipientState::Queued,
            store::RecipientState::Active => RecipientState::Active,
            store::RecipientState::Delivered => RecipientState::Delivered,
            store::RecipientState::Failed => RecipientState::Failed,
        },
        due_ms: one.due.map(|due| due.0),
        attempts: one.attempts,
        last_reply: one.last_reply,
        next_hop,
        no_next_hop,
    }
}
