//! How attempts ended: settled in the spool, noted in the log, then let go; many at a time.
//!
//! **Invariant.** The spool is settled before the log is written, and a message goes from the spool only after the log has
//! what became of it: a crash in between loses neither mail nor its trace, and never sends again. What the destination
//! said is settled however often that takes; an attempt that broke off counts as not answered.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rollcall_core::policy::Reason;
use rollcall_core::report::Proof;
use rollcall_core::{Class, Reply, Timestamp, delivery};
use rollcall_mail::report::Action;
use rollcall_store::{Claimed, ClaimedRecipient, Notice, Outcome, Settled, Settlement, Step, StoreError, Tx};

use super::attempt::Found;
use super::flush::Trying;
use super::notice;
use super::report::{self, Told};
use crate::bus::Tag;
use crate::house::House;
use crate::prove;

/// The destination's last word for each recipient, by id; or why it could not be asked.
pub(super) type Answers = Result<HashMap<i64, Reply>, String>;

/// How long an attempt that ended waits for company. A crash meanwhile sends its message again.
const COMPANY: Duration = Duration::from_millis(10);

/// Attempts that ended and are not settled yet. Whoever comes first settles for all.
#[derive(Default)]
pub struct Settling {
    ended: Mutex<Vec<Ended>>,
    turn: tokio::sync::Mutex<()>,
}

/// How an attempt with one message ended.
pub(super) struct Ended {
    queue_id: String,
    ends: Vec<End>,
    /// What the sender gets to know.
    notice: Option<Notice>,
    /// Knows whether it is to go at once all the same.
    trying: Trying,
}

/// How the attempt ended for one recipient.
struct End {
    id: i64,
    address: String,
    settled: Settled,
    /// For the log, once it is settled for good.
    noted: Option<(Outcome, Reason)>,
    /// What the destination said, or why it said nothing.
    said: String,
    /// What the sender is told.
    told: Told,
}

impl Ended {
    /// What `answers` mean for each recipient of `message`, and what its sender is told. Who would be given up while the
    /// house stops is tried again at its next start, because nobody knows yet who may be told.
    pub(super) async fn of(house: &House, found: &Found, message: &Claimed, trying: Trying) -> Self {
        let now = house.clock.now();
        let chance = || fastrand::u32(0..=delivery::CHANCES);
        let mut ends: Vec<End> =
            message.recipients.iter().map(|one| End::of(&found.answers, one, message.arrived, now, chance())).collect();
        let notice = tell(house, found, message, &mut ends).await;
        Self { queue_id: message.queue_id.clone(), ends, notice, trying }
    }

    fn waits(&self) -> bool {
        self.ends.iter().any(|end| matches!(end.settled, Settled::Retry { .. }))
    }
}

/// Decides what the sender is told of those who were given up, and of those whose next hop will report nothing.
async fn tell(house: &House, found: &Found, message: &Claimed, ends: &mut [End]) -> Option<Notice> {
    let mut concerned: Vec<(&ClaimedRecipient, Action, &mut End)> = message
        .recipients
        .iter()
        .zip(ends)
        .filter_map(|(one, end)| end.action(found.reports_itself).map(|action| (one, action, end)))
        .collect();
    let any_failed = concerned.iter().any(|(_, action, _)| *action == Action::Failed);
    let proof = match message.proof {
        Proof::Unknown if any_failed => prove::of_failed(house, &message.queue_id).await,
        known => Some(known),
    };
    let now = house.clock.now();
    let Some(proof) = proof else {
        let given_up = concerned.iter_mut().filter(|(_, action, _)| *action == Action::Failed);
        given_up.for_each(|(.., end)| end.wait(now));
        return None;
    };
    let reply = |one: &ClaimedRecipient| found.answers.as_ref().ok().and_then(|replies| replies.get(&one.id));
    let said: Vec<(&ClaimedRecipient, Action, String)> =
        concerned.iter().map(|(recipient, action, end)| (*recipient, *action, end.said.clone())).collect();
    let reported: Vec<report::End<'_>> = said
        .iter()
        .map(|(recipient, action, said)| report::End { recipient, action: *action, reply: reply(recipient), said })
        .collect();
    let (notice, told) = report::about(house, message, proof, &reported, now);
    for ((.., end), told) in concerned.into_iter().zip(told) {
        end.told = told;
    }
    notice
}

impl Ended {
    /// True when it was given up for somebody.
    fn is_failed(&self) -> bool {
        self.ends.iter().any(|end| matches!(end.settled, Settled::Failed { .. }))
    }
}

impl End {
    fn of(answers: &Answers, recipient: &ClaimedRecipient, arrived: Timestamp, now: Timestamp, chance: u32) -> Self {
        let reply = answers.as_ref().ok().and_then(|replies| replies.get(&recipient.id));
        let said = match answers {
            Ok(_) => reply.map_or_else(|| "no answer".to_owned(), ToString::to_string),
            Err(trouble) => trouble.clone(),
        };
        let keep_until = now.plus_ms(delivery::KEPT_MS);
        let next_due = delivery::next_due(arrived, recipient.attempts, now, chance);
        let (settled, noted) = match (reply.map(Reply::class), next_due) {
            (Some(Class::Success), _) => {
                (Settled::Delivered { reply: said.clone() }, Some((Outcome::Delivered, Reason::Delivered)))
            }
            (Some(Class::Permanent), _) => {
                (Settled::Failed { reply: said.clone(), keep_until }, Some((Outcome::Failed, Reason::RefusedByServer)))
            }
            (Some(Class::Transient | Class::Intermediate) | None, None) => {
                (Settled::Failed { reply: said.clone(), keep_until }, Some((Outcome::Failed, Reason::QueueExpired)))
            }
            (Some(Class::Transient | Class::Intermediate) | None, Some(due)) => {
                (Settled::Retry { due, reply: said.clone() }, None)
            }
        };
        Self { id: recipient.id, address: recipient.address.clone(), settled, noted, said, told: None }
    }

    /// What a report could say of it, if anything.
    fn action(&self, reports_itself: bool) -> Option<Action> {
        match self.settled {
            Settled::Failed { .. } => Some(Action::Failed),
            Settled::Delivered { .. } if !reports_itself => Some(Action::Relayed),
            Settled::Delivered { .. } | Settled::Retry { .. } => None,
        }
    }

    /// It is not given up now, but tried again at the next start.
    fn wait(&mut self, now: Timestamp) {
        (self.settled, self.noted) = (Settled::Retry { due: now, reply: self.said.clone() }, None);
    }
}

/// Settles `ended`, together with whatever else ended meanwhile. Ready when it is durable and noted.
pub(super) async fn settle(house: &House, ended: Ended) {
    let all = || house.settling.ended.lock().unwrap_or_else(PoisonError::into_inner);
    all().push(ended);
    let _turn = house.settling.turn.lock().await;
    if all().is_empty() {
        return;
    }
    crate::clock::pause(COMPANY).await;
    let ended = std::mem::take(&mut *all());
    let now = house.clock.now();
    insist(house, "logging reports", || log_notices(house, &ended)).await;
    insist(house, "settling waiting mail", || house.spool.settle(settlements(&ended))).await;
    insist(house, "granting wishes for waiting mail", || grant_late_wishes(house, &ended)).await;
    insist(house, "noting what became of waiting mail", || note(house, &ended, now)).await;
    let done = ended.iter().map(|one| one.queue_id.clone()).collect();
    if let Err(error) = house.spool.forget_done(done).await {
        tracing::error!(error = &error as &dyn std::error::Error, "delivered mail stays until the next start");
    }
    house.bus.undelivered(ended.iter().filter(|one| one.is_failed()).map(|one| one.queue_id.clone()));
    house.bus.stale(&[Tag::Mail, Tag::Health]);
}

/// What was to go at once while it was being tried, and waits again now.
async fn grant_late_wishes(house: &House, ended: &[Ended]) -> Result<(), StoreError> {
    for one in ended.iter().filter(|one| one.waits() && one.trying.is_wished()) {
        house.spool.make_message_due(&one.queue_id, house.clock.now()).await?;
        house.spool_wake.notify_one();
    }
    Ok(())
}

fn settlements(ended: &[Ended]) -> Vec<Settlement> {
    let outcomes = |ends: &[End]| ends.iter().map(|end| (end.id, end.settled.clone())).collect();
    let settlement = |one: &Ended| Settlement {
        queue_id: one.queue_id.clone(),
        outcomes: outcomes(&one.ends),
        notice: one.notice.clone(),
    };
    ended.iter().map(settlement).collect()
}

/// The reports' own rows, before anybody can deliver them.
async fn log_notices(house: &House, ended: &[Ended]) -> Result<(), StoreError> {
    let rows: Vec<_> = ended.iter().filter_map(|one| one.notice.as_ref()).map(|one| notice::row(house, one)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    house.store.write(move |tx: &Tx<'_>| rows.iter().try_for_each(|row| tx.add_mail_log(row).map(drop))).await
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

/// What the log gets to know of one recipient.
#[derive(Clone)]
struct Row {
    queue_id: String,
    recipient: String,
    noted: Option<(Outcome, Reason)>,
    said: String,
    told: Told,
}

/// Every attempt is a step of the trace; what is settled for good is the row's outcome.
async fn note(house: &House, ended: &[Ended], at: Timestamp) -> Result<(), StoreError> {
    let row = |queue_id: &str, end: &End| Row {
        queue_id: queue_id.to_owned(),
        recipient: end.address.clone(),
        noted: end.noted,
        said: end.said.clone(),
        told: end.told.clone(),
    };
    let rows: Vec<Row> = ended.iter().flat_map(|one| one.ends.iter().map(move |end| row(&one.queue_id, end))).collect();
    if rows.is_empty() {
        return Ok(());
    }
    house.store.write(move |tx: &Tx<'_>| write_rows(tx, &rows, at)).await
}

fn write_rows(tx: &Tx<'_>, rows: &[Row], at: Timestamp) -> Result<(), StoreError> {
    for Row { queue_id, recipient, noted, said, told } in rows {
        match noted {
            Some((outcome, reason)) => {
                tracing::debug!(queue.id = queue_id, outcome = reason.word(), "a stored message is settled");
                tx.settle_waiting(queue_id, recipient, *outcome, reason.word(), Some(said), at)?;
                if let Some((step, said)) = told.as_ref().map(report::step) {
                    tx.note_settled(queue_id, recipient, step, said, at)?;
                }
            }
            None => drop(tx.note_waiting(queue_id, recipient, Step::Attempt, said, at)?),
        }
    }
    Ok(())
}
