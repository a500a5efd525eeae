//! Commands about the queue.

use rollcall_engine::House;
use rollcall_engine::queue::Handled;

use crate::answers::queue::{Flushed, QueueChanged};
use crate::registry::queue::FlushQueueArgs;
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

/// As the wire has it.
pub(super) fn changed(handled: Handled) -> QueueChanged {
    QueueChanged { queue_ids: handled.queue_ids, unchanged: handled.unchanged }
}
