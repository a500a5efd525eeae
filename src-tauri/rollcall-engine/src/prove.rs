//! Whether the sender of kept mail is who it says, so that it may be told if the mail fails in the end (3.4).
//!
//! Looked at soon after the mail was kept, by a task of the house: when a destination refuses, up to five days later, the
//! SPF record and the DKIM key may be gone or belong to somebody else. The client has its `250` by then and waits for
//! nothing. Mail that is refused before its turn came is looked at on the spot.
//!
//! **Invariant.** Content is in memory for [`AT_ONCE`] messages at a time, [`LARGEST`] bytes each at most.
//!
//! **Limits.** Of larger content only the client counts, not the signatures. Practice asks no name server.

use std::sync::Arc;
use std::time::Duration;

use rollcall_core::report::{self, Proof};
use rollcall_mail::authenticate::{self, Found, Handover};
use rollcall_store::{Handed, Kind, Step, StoreError, StoredContent, Tx};
use tokio::sync::{Notify, Semaphore};

use crate::bus::Tag;
use crate::clock;
use crate::error::EngineError;
use crate::house::House;

/// Messages looked at at once.
const AT_ONCE: usize = 2;
/// The most content that is read for its signatures, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;
/// Messages taken from the list at a time.
const BATCH: u32 = 20;
/// The longest sleep while none is due.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What looking at senders shares.
pub struct Proving {
    places: Semaphore,
    wake: Notify,
}

impl Default for Proving {
    fn default() -> Self {
        Self { places: Semaphore::new(AT_ONCE), wake: Notify::new() }
    }
}

impl Proving {
    /// Mail was kept.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }
}

/// What is known of the sender of mail that is being kept.
pub(crate) fn at_first(kind: Kind, is_outward: bool, reverse_path: &str) -> Proof {
    if is_outward {
        Proof::Office
    } else if reverse_path.is_empty() || kind == Kind::Practice {
        Proof::Missing
    } else {
        Proof::Unknown
    }
}

/// One round: looks at the messages that are due, or waits for one.
pub(crate) async fn turn(house: &Arc<House>) -> Result<(), EngineError> {
    let due = house.spool.to_prove(house.clock.now(), BATCH)?;
    if due.is_empty() {
        tokio::select! {
            () = house.proving.wake.notified() => {}
            () = clock::pause(LONGEST_WAIT) => {}
        }
    }
    for message in due {
        look_at(house, &message).await?;
    }
    Ok(())
}

/// What is known of the sender of a message that failed, after a look if nobody has looked yet. `None` when the house
/// stops meanwhile.
pub(crate) async fn of_failed(house: &House, queue_id: &str) -> Option<Proof> {
    let looked = async {
        match house.spool.handed(queue_id)? {
            Some(message) if message.proof == Proof::Unknown => look_at(house, &message).await,
            found => Ok(found.map_or(Proof::Unknown, |message| message.proof)),
        }
    };
    tokio::select! {
        () = house.stop.cancelled() => None,
        looked = looked => Some(looked.unwrap_or_else(|error: StoreError| {
            tracing::error!(%error, queue.id = queue_id, "nobody knows whether the sender of failed mail may be told");
            Proof::Unknown
        })),
    }
}

/// Looks once, keeps what was found, and tells it in the trace.
async fn look_at(house: &House, message: &Handed) -> Result<Proof, StoreError> {
    let (proof, said) = match find(house, message).await {
        Look::Found(found) => {
            let proof = report::proof(&message.reverse_path, found.spf, &found.signatures);
            (proof, Some(found.summary(&message.reverse_path)))
        }
        Look::NobodyToAsk => (Proof::Unknown, None),
        Look::BrokeOff => {
            tracing::error!(queue.id = message.queue_id, "looking at a sender broke off, so nothing is proved");
            (Proof::Missing, None)
        }
    };
    let now = house.clock.now();
    let again = if proof == Proof::Unknown { report::look_again(message.arrived, now) } else { None };
    house.spool.prove(&message.queue_id, proof, again).await?;
    if let Some(said) = said.filter(|_| proof != Proof::Unknown) {
        tell(house, message, said).await?;
    }
    Ok(proof)
}

/// What came of a look.
enum Look {
    Found(Found),
    /// No name servers are known, or the house stops.
    NobodyToAsk,
    /// It panicked; it would again.
    BrokeOff,
}

/// Looks on a thread of its own, because hashing keeps it busy.
async fn find(house: &House, message: &Handed) -> Look {
    let Some(dns) = house.pool.dns() else { return Look::NobodyToAsk };
    let Ok(_place) = house.proving.places.acquire().await else { return Look::NobodyToAsk };
    let content = content(house, message).await;
    let (message, by, stop) = (message.clone(), house.hostname.clone(), house.stop.clone());
    let runtime = tokio::runtime::Handle::current();
    let looking = tokio::task::spawn_blocking(move || {
        let client = message.client.filter(|client| report::spf_applies(*client));
        let (hello, reverse_path) = (&message.client_name, &message.reverse_path);
        let from = Handover { client, hello, reverse_path, by: &by };
        let below = content.as_deref().map(authenticate::below_trace);
        runtime.block_on(stop.run_until_cancelled(authenticate::authenticate(&dns, &from, below)))
    });
    match looking.await {
        Ok(Some(found)) => Look::Found(found),
        Ok(None) => Look::NobodyToAsk,
        Err(_) => Look::BrokeOff,
    }
}

/// The content as it is stored, unless there is too much of it.
async fn content(house: &House, message: &Handed) -> Option<Vec<u8>> {
    if message.size > LARGEST {
        return None;
    }
    match house.spool.content(&message.queue_id).ok()? {
        StoredContent::Bytes(bytes) => Some(bytes),
        StoredContent::File(path) => tokio::fs::read(path).await.ok(),
    }
}

/// A step in the trace of every recipient that still waits. It goes with whatever else the log gets next.
async fn tell(house: &House, message: &Handed, said: String) -> Result<(), StoreError> {
    let recipients = house.spool.recipients(&message.queue_id)?;
    let (queue_id, at, bus) = (message.queue_id.clone(), house.clock.now(), house.bus.clone());
    let note = move |tx: &Tx<'_>| {
        recipients.iter().try_for_each(|one| tx.note_waiting(&queue_id, &one.address, Step::Proof, &said, at).map(drop))
    };
    let noted = move |outcome: Result<(), StoreError>| match outcome {
        Ok(()) => bus.stale(&[Tag::Mail]),
        Err(error) => tracing::error!(%error, "what was found of a sender is not in the log"),
    };
    house.store.write_later(note, noted).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_mail_of_strangers_in_a_real_folder_has_to_be_looked_at() {
        assert_eq!(at_first(Kind::Real, false, "kim@fabrikam.example"), Proof::Unknown);
        assert_eq!(at_first(Kind::Real, false, ""), Proof::Missing, "nobody would be told");
        assert_eq!(at_first(Kind::Practice, false, "kim@fabrikam.example"), Proof::Missing, "practice asks nobody");
        assert_eq!(at_first(Kind::Real, true, "ann@acme.example"), Proof::Office);
    }
}
