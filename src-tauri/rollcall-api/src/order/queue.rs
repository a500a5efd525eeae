//! Commands about the queue.

use rollcall_engine::House;
use rollcall_engine::queue::Handled;

use crate::answers::queue::{Flushed, QueueChanged};
use crate::registry::queue::{FlushQueueArgs, QueueIdsArgs};
use crate::wire::{Code, Fault};

/// Tries now what waits.
pub(super) async fn flush(house: &House, args: FlushQueueArgs) -> Result<Flushed, Fault> {
    let recipients = match (args.queue_id, args.destination) {
        (Some(_), Some(_)) => {
            return Err(Fault::new(Code::Invalid, "Give “queue_id” or “destination”, not both."));
        }
        (Some(queue_id), None) => house.send_now(&queue_id).await?,
        (None, destination) => house.flush_queue(destination.as_deref()).await?,
    };
    Ok(Flushed { recipients })
}

/// Keeps messages here until they are released, or lets them go on.
pub(super) async fn hold(house: &House, args: QueueIdsArgs, held: bool) -> Result<QueueChanged, Fault> {
    Ok(changed(house.hold_messages(args.queue_ids, held).await?))
}

/// Deletes messages that wait or were given up.
pub(super) async fn delete(house: &House, args: QueueIdsArgs) -> Result<QueueChanged, Fault> {
    Ok(changed(house.delete_messages(args.queue_ids).await?))
}

fn changed(handled: Handled) -> QueueChanged {
    QueueChanged { queue_ids: handled.queue_ids, unchanged: handled.unchanged }
}
