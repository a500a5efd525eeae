//! Delivers what is ours: claimed from the spool when due, tried, settled recipient by recipient.
//!
//! **Limits.** One destination a message, as it was accepted; no DSN is made: a refusal is kept 14 days and shown.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rollcall_core::{Address, Class, Reply, Timestamp, delivery, policy};
use rollcall_net as net;
use rollcall_net::callforward::Opening;
use rollcall_net::{Body, Deadlines, Mail, NetError};
use rollcall_store::{Claimed, Outcome, Settled, StoredContent};
use tokio::task::JoinSet;

use crate::bus::Tag;
use crate::error::EngineError;
use crate::house::House;
use crate::setup::Domain;

/// Messages under way at once.
const AT_ONCE: u32 = 20;
/// The longest sleep; a virtual clock may jump meanwhile, which wakes the task.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// One round: everything due is tried once; then it waits for the next moment or for news.
pub async fn turn(house: &Arc<House>) -> Result<(), EngineError> {
    if house.flush_spool.swap(false, Ordering::AcqRel) {
        house.spool.make_due(house.clock.now()).await?;
    }
    let claimed = house.spool.claim_due(house.clock.now(), AT_ONCE).await?;
    if claimed.is_empty() {
        return rest(house).await;
    }
    let mut running = JoinSet::new();
    for message in claimed {
        let house = Arc::clone(house);
        running.spawn(async move { attempt(&house, message).await });
    }
    while let Some(finished) = running.join_next().await {
        match finished {
            Ok(outcome) => outcome?,
            // What was claimed comes back when the folder is opened again; nothing is lost, only late.
            Err(error) => tracing::error!(%error, "a delivery ended early"),
        }
    }
    Ok(())
}

async fn rest(house: &House) -> Result<(), EngineError> {
    let now = house.clock.now();
    let wait = house.spool.numbers()?.next_due.map_or(LONGEST_WAIT, |due| {
        let ms = u64::try_from(due.since_ms(now)).unwrap_or(0).max(50);
        Duration::from_millis(ms).min(LONGEST_WAIT)
    });
    tokio::select! {
        () = house.spool_wake.notified() => {}
        () = crate::clock::pause(wait) => {}
    }
    Ok(())
}

/// One attempt for one message and all its recipients that are due.
async fn attempt(house: &Arc<House>, message: Claimed) -> Result<(), EngineError> {
    let domain = message
        .recipients
        .first()
        .and_then(|recipient| Address::parse(&recipient.address).ok())
        .and_then(|address| house.setup().domains.get(address.domain().as_str()).cloned());
    let answers = match &domain {
        None => Err("the domain is no longer set up, so there is no destination".to_owned()),
        Some(domain) => send(house, domain, &message).await,
    };
    let now = house.clock.now();
    let settled: Vec<(i64, Settled)> = message
        .recipients
        .iter()
        .map(|recipient| (recipient.id, verdict(&answers, recipient.id, message.arrived, recipient.attempts, now)))
        .collect();
    for (recipient, (_, settled)) in message.recipients.iter().zip(&settled) {
        note(house, &message.queue_id, &recipient.address, settled, now).await?;
    }
    house.spool.settle(&message.queue_id, settled).await?;
    house.bus.stale(&[Tag::Mail, Tag::Health]);
    Ok(())
}

/// The destination's last word for each recipient, by id; or why it could not be asked.
type Answers = Result<HashMap<i64, Reply>, String>;

fn verdict(answers: &Answers, id: i64, arrived: Timestamp, attempts: u32, now: Timestamp) -> Settled {
    let said = match answers {
        Ok(replies) => replies.get(&id).map_or_else(|| "no answer".to_owned(), ToString::to_string),
        Err(trouble) => trouble.clone(),
    };
    let class = answers.as_ref().ok().and_then(|replies| replies.get(&id)).map(Reply::class);
    match (class, delivery::next_due(arrived, attempts, now)) {
        (Some(Class::Success), _) => Settled::Delivered { reply: said },
        (Some(Class::Permanent), _) | (_, None) => {
            Settled::Failed { reply: said, keep_until: now.plus_ms(delivery::KEPT_MS) }
        }
        (_, Some(due)) => Settled::Retry { due, reply: said },
    }
}

async fn send(house: &House, domain: &Domain, message: &Claimed) -> Answers {
    let outcome = converse(house, domain, message).await;
    let now = house.clock.now();
    match outcome {
        Ok(replies) => {
            if house.destinations.answered(&domain.destination, now) {
                house.came_back(domain);
            }
            Ok(replies)
        }
        Err(error) => {
            house.destinations.failed(&domain.destination, error.chain(), now);
            Err(error.chain())
        }
    }
}

async fn converse(house: &House, domain: &Domain, message: &Claimed) -> Result<HashMap<i64, Reply>, NetError> {
    let mut replies = HashMap::new();
    let Some((first, rest)) = message.recipients.split_first() else { return Ok(replies) };
    let content = house.spool.content(&message.queue_id).map_err(|error| NetError::Lost {
        doing: "reading the stored content",
        source: Some(std::io::Error::other(error)),
    })?;
    let mail = Mail { reverse_path: &message.reverse_path, size: Some(message.size), eight_bit: message.body_8bit };
    let opening = net::Transaction::open(&house.pool, &domain.destination, mail, &first.address, Deadlines::SPOOL);
    let (mut live, reply) = match opening.await? {
        Opening::MailRefused(reply) => {
            return Ok(message.recipients.iter().map(|recipient| (recipient.id, reply.clone())).collect());
        }
        Opening::Asked(live, reply) => (live, reply),
    };
    replies.insert(first.id, reply);
    for recipient in rest {
        replies.insert(recipient.id, live.rcpt(&recipient.address).await?);
    }
    if !replies.values().any(Reply::is_success) {
        live.abandon().await;
        return Ok(replies);
    }
    let body = match &content {
        StoredContent::Bytes(bytes) => Body::Memory(bytes),
        StoredContent::File(path) => Body::File(path),
    };
    let last = live.deliver(&[], body).await?;
    for reply in replies.values_mut().filter(|reply| reply.is_success()) {
        *reply = last.clone();
    }
    Ok(replies)
}

/// The log row of a recipient that is settled for good.
async fn note(
    house: &House,
    queue_id: &str,
    recipient: &str,
    settled: &Settled,
    at: Timestamp,
) -> Result<(), EngineError> {
    let (outcome, reason, said) = match settled {
        Settled::Retry { .. } => return Ok(()),
        Settled::Delivered { reply } => (Outcome::Delivered, policy::Reason::Delivered, reply),
        Settled::Failed { reply, .. } if reply.starts_with('5') => {
            (Outcome::Failed, policy::Reason::RefusedByServer, reply)
        }
        Settled::Failed { reply, .. } => (Outcome::Failed, policy::Reason::QueueExpired, reply),
    };
    tracing::info!(queue.id = queue_id, outcome = reason.word(), "a stored message is settled");
    let (queue_id, recipient, said) = (queue_id.to_owned(), recipient.to_owned(), said.clone());
    house
        .store
        .write(move |tx| tx.settle_waiting(&queue_id, &recipient, outcome, reason.word(), Some(&said), at))
        .await?;
    Ok(())
}
