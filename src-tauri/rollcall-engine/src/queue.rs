//! The queue in an operator's hands: look, send now, hold, release, delete. What changes mail's fate is in the journal.

use rollcall_core::policy::Reason;
use rollcall_core::{Timestamp, delivery};
use rollcall_store::{Deleted, Outcome, RecipientState, SpoolListed, SpoolRecipient, Step, StoreError, Tx};

use crate::bus::Tag;
use crate::deliver::route;
use crate::error::EngineError;
use crate::house::House;
use crate::office::note;

/// The most messages one command may name.
const MOST_NAMED: usize = 1000;

/// A message that waits or was given up, with what follows for each recipient now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// As the spool has it.
    pub message: SpoolListed,
    /// When it is given up.
    pub expires: Timestamp,
    /// Where each recipient goes now, in the order of `message.recipients`, or why it goes nowhere.
    pub next_hops: Vec<Result<String, String>>,
}

/// What a command came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Handled {
    /// The messages that it changed.
    pub queue_ids: Vec<String>,
    /// Those it left: not there, being sent at the moment, or already so.
    pub unchanged: Vec<String>,
}

impl House {
    /// Up to `limit` messages of the queue, oldest first; with `search`, those with that text in them.
    ///
    /// # Errors
    /// The store's.
    pub fn queue(&self, limit: u32, search: Option<&str>) -> Result<Vec<Queued>, EngineError> {
        let setup = self.setup();
        let hop = |message: &SpoolListed, one: &SpoolRecipient| {
            let own = || route::own(self, &one.address, message.reverse_path.is_empty());
            let own = if message.outbound { None } else { own() };
            let route = own.map_or_else(|| route::of(&setup, message.outbound, &one.domain), Ok);
            route.map(|hop| hop.to_string()).map_err(str::to_owned)
        };
        let queued = |message: SpoolListed| Queued {
            expires: message.arrived.plus_ms(delivery::LIFETIME_MS),
            next_hops: message.recipients.iter().map(|one| hop(&message, one)).collect(),
            message,
        };
        Ok(self.spool.waiting(limit, search)?.into_iter().map(queued).collect())
    }

    /// Tries a message now, recipients that were given up too; answers how many recipients are tried.
    ///
    /// # Errors
    /// Not found; the store's.
    pub async fn send_now(&self, queue_id: &str) -> Result<u64, EngineError> {
        let now = self.clock.now();
        self.flush.mark(|message| message.queue_id == queue_id);
        let (due, again) = self.spool.send_now(queue_id, now).await?;
        if due == 0 && self.spool.recipients(queue_id)?.is_empty() {
            return Err(EngineError::NotFound(format!("No message {queue_id} waits here.")));
        }
        if !again.is_empty() {
            let (queue_id, since) = (queue_id.to_owned(), now.minus_ms(delivery::LIFETIME_MS + delivery::KEPT_MS));
            let write = move |tx: &Tx<'_>| {
                for recipient in &again {
                    tx.wait_again(&queue_id, recipient, Reason::Queued.word(), since, now)?;
                }
                note(tx, "send_again", format!("{queue_id} was given up and is sent once more"), now)
            };
            self.store.write(write).await?;
        }
        self.wake();
        Ok(due)
    }

    /// Tries now whatever waits for `destination`, named as health and queue name it, or by a domain; all that waits
    /// without one. What is being tried at the moment is tried again at once if that is in vain. Answers how many
    /// recipients are tried earlier than they were due.
    ///
    /// # Errors
    /// Not found: nothing waits for it. The store's.
    pub async fn flush_queue(&self, destination: Option<&str>) -> Result<u64, EngineError> {
        let (setup, now) = (self.setup(), self.clock.now());
        let mut made = 0;
        let mut found = self.flush.mark(|message| {
            let hop = message.destination.as_ref().map(ToString::to_string);
            destination.map(str::trim).is_none_or(|name| {
                hop.as_deref() == Some(name) || message.domains.iter().any(|domain| name.eq_ignore_ascii_case(domain))
            })
        });
        for lane in self.spool.lanes()? {
            let hop = route::of(&setup, lane.outbound, &lane.domain).map(|hop| hop.to_string());
            let is_meant = |name: &str| name.eq_ignore_ascii_case(&lane.domain) || hop.as_deref() == Ok(name);
            if destination.is_none_or(|name| is_meant(name.trim())) {
                found = true;
                made += self.spool.make_due(now, &lane).await?;
            }
        }
        match destination {
            Some(name) if !found => Err(EngineError::NotFound(format!("Nothing waits for {}.", name.trim()))),
            _ => {
                self.wake();
                Ok(made)
            }
        }
    }

    /// Keeps messages from further attempts, or lets them go on at once. A message that is being sent is held after that.
    ///
    /// # Errors
    /// Invalid when none or too many are named; the store's.
    pub async fn hold_messages(&self, queue_ids: Vec<String>, held: bool) -> Result<Handled, EngineError> {
        check_named(&queue_ids)?;
        if !held {
            self.flush.mark(|message| queue_ids.contains(&message.queue_id));
        }
        let changed = self.spool.hold(queue_ids.clone(), held, self.clock.now()).await?;
        let (action, done) = if held { ("hold_message", "held") } else { ("release_message", "released") };
        self.log_step(&changed, done).await?;
        self.tell(action, &changed, done).await?;
        self.wake();
        Ok(handled(queue_ids, changed))
    }

    /// Deletes messages, whoever still waits for them. Nobody is told but the journal and the log.
    ///
    /// # Errors
    /// Invalid when none or too many are named; the store's.
    pub async fn delete_messages(&self, queue_ids: Vec<String>) -> Result<Handled, EngineError> {
        check_named(&queue_ids)?;
        let deleted = self.spool.delete(queue_ids.clone()).await?;
        let ids: Vec<String> = deleted.iter().map(|one| one.queue_id.clone()).collect();
        let now = self.clock.now();
        self.store.write(move |tx| log_deleted(tx, &deleted, now)).await?;
        self.tell("delete_message", &ids, "deleted").await?;
        self.wake();
        Ok(handled(queue_ids, ids))
    }

    /// What the operator did, as a step of the trace of everybody who still waits.
    async fn log_step(&self, queue_ids: &[String], done: &'static str) -> Result<(), EngineError> {
        let mut steps = Vec::new();
        for queue_id in queue_ids {
            let waits = |one: &SpoolRecipient| matches!(one.state, RecipientState::Queued | RecipientState::Active);
            let waiting = self.spool.recipients(queue_id)?.into_iter().filter(waits);
            steps.extend(waiting.map(|one| (queue_id.clone(), one.address)));
        }
        if steps.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let write = move |tx: &Tx<'_>| {
            for (queue_id, recipient) in &steps {
                tx.note_waiting(queue_id, recipient, Step::Operator, done, now)?;
            }
            Ok::<_, StoreError>(())
        };
        Ok(self.store.write(write).await?)
    }

    async fn tell(&self, action: &'static str, queue_ids: &[String], done: &str) -> Result<(), EngineError> {
        if queue_ids.is_empty() {
            return Ok(());
        }
        let why = match queue_ids {
            [one] => format!("message {one} was {done}"),
            many => format!("{} messages were {done}: {}", many.len(), many.join(", ")),
        };
        let now = self.clock.now();
        self.store.write(move |tx| note(tx, action, why, now)).await?;
        Ok(())
    }

    fn wake(&self) {
        self.spool_wake.notify_one();
        self.bus.stale(&[Tag::Mail, Tag::Health, Tag::Journal]);
    }
}

fn check_named(queue_ids: &[String]) -> Result<(), EngineError> {
    if queue_ids.is_empty() || queue_ids.len() > MOST_NAMED {
        return Err(EngineError::Invalid(format!("Name 1 to {MOST_NAMED} messages.")));
    }
    Ok(())
}

fn handled(named: Vec<String>, changed: Vec<String>) -> Handled {
    let unchanged = named.into_iter().filter(|queue_id| !changed.contains(queue_id)).collect();
    Handled { queue_ids: changed, unchanged }
}

fn log_deleted(tx: &Tx<'_>, deleted: &[Deleted], at: Timestamp) -> Result<(), StoreError> {
    let reason = Reason::DeletedByOperator.word();
    for one in deleted {
        for recipient in &one.waited {
            tx.settle_waiting(&one.queue_id, recipient, Outcome::Failed, reason, None, at)?;
        }
    }
    Ok(())
}
