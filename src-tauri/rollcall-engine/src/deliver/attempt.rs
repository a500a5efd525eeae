//! One attempt for one message with one destination: asked, sent, settled, noted.
//!
//! **Invariant.** The spool is settled before the log is written: a crash in between costs a log line and never sends
//! again. What the destination said is settled however often that takes; an attempt that broke off counts as not answered.

use std::collections::HashMap;
use std::time::Duration;

use rollcall_core::policy::Reason;
use rollcall_core::{Class, Reply, Timestamp, delivery};
use rollcall_net as net;
use rollcall_net::callforward::Opening;
use rollcall_net::{Body, Deadlines, NetError};
use rollcall_smtp::{MailFrom, RcptTo};
use rollcall_store::{Claimed, ClaimedRecipient, Outcome, Settled, StoreError, StoredContent};

use super::OPENING;
use crate::bus::Tag;
use crate::destinations::Place;
use crate::house::House;
use crate::reach;
use crate::setup::Domain;
use crate::supervise::catch_panic;

/// The destination's last word for each recipient, by id; or why it could not be asked.
type Answers = Result<HashMap<i64, Reply>, String>;

/// Tries `message`, whose recipients all go to the destination of `domain`, and settles each of them.
pub(super) async fn run(house: &House, domain: Option<&Domain>, message: &Claimed, place: Option<Place>) {
    let answers = match domain {
        None => Err("the domain is no longer set up, so there is no destination".to_owned()),
        Some(domain) => catch_panic(ask(house, domain, message))
            .await
            .unwrap_or_else(|()| Err("the attempt broke off; the program's log has the details".to_owned())),
    };
    let now = house.clock.now();
    let ends: Vec<End> = message.recipients.iter().map(|one| End::of(&answers, one, message.arrived, now)).collect();
    insist(house, "settling waiting mail", || {
        let settled = ends.iter().map(|end| (end.id, end.settled.clone())).collect();
        house.spool.settle(&message.queue_id, settled)
    })
    .await;
    drop(place);
    insist(house, "noting what became of waiting mail", || note(house, &message.queue_id, &ends, now)).await;
    house.bus.stale(&[Tag::Mail, Tag::Health]);
}

/// How the attempt ended for one recipient.
struct End {
    id: i64,
    address: String,
    settled: Settled,
    /// For the log, once it is settled for good.
    noted: Option<(Outcome, Reason, String)>,
}

impl End {
    fn of(answers: &Answers, recipient: &ClaimedRecipient, arrived: Timestamp, now: Timestamp) -> Self {
        let reply = answers.as_ref().ok().and_then(|replies| replies.get(&recipient.id));
        let said = match answers {
            Ok(_) => reply.map_or_else(|| "no answer".to_owned(), ToString::to_string),
            Err(trouble) => trouble.clone(),
        };
        let keep_until = now.plus_ms(delivery::KEPT_MS);
        let next_due = delivery::next_due(arrived, recipient.attempts, now);
        let (settled, noted) = match (reply.map(Reply::class), next_due) {
            (Some(Class::Success), _) => {
                (Settled::Delivered { reply: said.clone() }, Some((Outcome::Delivered, Reason::Delivered, said)))
            }
            (Some(Class::Permanent), _) => (
                Settled::Failed { reply: said.clone(), keep_until },
                Some((Outcome::Failed, Reason::RefusedByServer, said)),
            ),
            (Some(Class::Transient | Class::Intermediate) | None, None) => (
                Settled::Failed { reply: said.clone(), keep_until },
                Some((Outcome::Failed, Reason::QueueExpired, said)),
            ),
            (Some(Class::Transient | Class::Intermediate) | None, Some(due)) => {
                (Settled::Retry { due, reply: said }, None)
            }
        };
        Self { id: recipient.id, address: recipient.address.clone(), settled, noted }
    }
}

/// Repeats `act` with growing waits until the disk lets it, or the house stops; trouble is part of health meanwhile.
async fn insist<F, Fut>(house: &House, task: &'static str, act: F)
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<(), StoreError>>,
{
    let mut wait = Duration::from_secs(1);
    while let Err(error) = act().await {
        tracing::error!(task, error = &error as &dyn std::error::Error, "a delivery could not be stored yet");
        house.failures.note(task, house.clock.now(), error.to_string());
        tokio::select! {
            () = house.stop.cancelled() => return,
            () = crate::clock::pause(wait) => {}
        }
        wait = (wait * 2).min(Duration::from_secs(60));
    }
    house.failures.clear(task);
}

/// The log rows of the recipients that are settled for good.
async fn note(house: &House, queue_id: &str, ends: &[End], at: Timestamp) -> Result<(), StoreError> {
    let rows: Vec<(String, (Outcome, Reason, String))> =
        ends.iter().filter_map(|end| Some((end.address.clone(), end.noted.clone()?))).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let queue_id = queue_id.to_owned();
    let write = move |tx: &rollcall_store::Tx<'_>| {
        for (recipient, (outcome, reason, said)) in &rows {
            tracing::info!(queue.id = queue_id, outcome = reason.word(), "a stored message is settled");
            tx.settle_waiting(&queue_id, recipient, *outcome, reason.word(), Some(said), at)?;
        }
        Ok(())
    };
    house.store.write(write).await
}

/// Asks about each recipient, then sends. Only the content is finished when the house stops meanwhile: until then
/// nothing was handed over, and the next start tries again.
async fn ask(house: &House, domain: &Domain, message: &Claimed) -> Answers {
    let content = house.spool.content(&message.queue_id).map_err(|error| error.to_string())?;
    let opened = tokio::select! {
        () = house.stop.cancelled() => return Err("Rollcall was stopped before it could be sent".to_owned()),
        opened = envelope(house, domain, message) => opened?,
    };
    let (talk, mut replies) = opened;
    let Some(talk) = talk else { return Ok(replies) };
    let body = match &content {
        StoredContent::Bytes(bytes) => Body::Memory(bytes),
        StoredContent::File(path) => Body::File(path),
    };
    let last = talk.deliver(&[], body).await.map_err(|error| error.chain())?;
    for reply in replies.values_mut().filter(|reply| reply.is_success()) {
        *reply = last.clone();
    }
    Ok(replies)
}

/// A transaction with at least one accepted recipient, if there is one, and the reply for each.
type Opened = (Option<Box<net::Transaction>>, HashMap<i64, Reply>);

/// Whether the destination answers is decided by connection, greeting and EHLO, as when somebody looks again; trouble
/// after that is this message's.
async fn envelope(house: &House, domain: &Domain, message: &Claimed) -> Result<Opened, String> {
    if let Err(error) = connect(house, domain).await {
        reach::went_away(house, &domain.destination, &error);
        return Err(error.chain());
    }
    reach::answered(house, &domain.destination);
    let mail = MailFrom {
        reverse_path: message.reverse_path.clone(),
        size: Some(message.size),
        body_8bit: message.body_8bit,
        ..MailFrom::default()
    };
    let recipients: Vec<RcptTo> = message.recipients.iter().map(|one| RcptTo::plain(one.address.as_str())).collect();
    let asked = net::Transaction::open(&house.pool, &domain.destination, &mail, &recipients, Deadlines::SPOOL);
    let everybody = |reply: &Reply| message.recipients.iter().map(|one| (one.id, reply.clone())).collect();
    match asked.await.map_err(|error| error.chain())? {
        Opening::MailRefused(reply) => Ok((None, everybody(&reply))),
        Opening::NeedsUtf8 => Ok((None, everybody(&rollcall_core::policy::content_needs_utf8().reply))),
        Opening::Asked(talk, replies) => {
            let replies: HashMap<i64, Reply> = message.recipients.iter().map(|one| one.id).zip(replies).collect();
            if replies.values().any(Reply::is_success) {
                return Ok((Some(talk), replies));
            }
            talk.abandon().await;
            Ok((None, replies))
        }
    }
}

/// Sees to it that the pool has a connection for the transaction: opening one has shorter deadlines than using it.
async fn connect(house: &House, domain: &Domain) -> Result<(), NetError> {
    let connection = match house.pool.take_idle(&domain.destination).await {
        Some(connection) => connection,
        None => house.pool.open(&domain.destination, OPENING).await?,
    };
    house.pool.give_back(&domain.destination, connection);
    Ok(())
}
