//! One attempt for one message with one destination: asked, then sent.

use std::collections::HashMap;

use rollcall_core::Reply;
use rollcall_core::delivery::Welcome;
use rollcall_net as net;
use rollcall_net::callforward::Opening;
use rollcall_net::{Body, Deadlines, Destination, NetError};
use rollcall_smtp::{MailFrom, RcptTo, Ret};
use rollcall_store::{Claimed, StoredContent};

use super::flush::Trying;
use super::settle::Answers;
use super::{MOST_EACH, OPENING, route};
use crate::house::House;
use crate::{outward, reach};

/// What an attempt showed.
pub(super) struct Found {
    pub answers: Answers,
    /// No connection could be made, so that trying the next message at once is in vain.
    pub is_unreachable: bool,
    /// The next hop was told what a DSN should say, and reports itself.
    pub reports_itself: bool,
}

impl Found {
    pub(super) fn trouble(trouble: impl Into<String>) -> Self {
        Self { answers: Err(trouble.into()), is_unreachable: false, reports_itself: false }
    }
}

/// Asks about each recipient, then sends. Only the content is finished when the house stops meanwhile: until then
/// nothing was handed over, and the next start tries again.
pub(super) async fn ask(house: &House, destination: &Destination, message: &Claimed, trying: &Trying) -> Found {
    let content = match house.spool.content(&message.queue_id) {
        Ok(content) => content,
        Err(error) => return Found::trouble(error.to_string()),
    };
    // Whether the destination answers is decided by connection, greeting and EHLO, as when somebody looks again; trouble
    // after that is this message's.
    let connected = tokio::select! {
        () = house.stop.cancelled() => return Found::trouble("Rollcall was stopped before it could be sent"),
        connected = connect(house, destination) => connected,
    };
    if let Err(error) = connected {
        if let Some(reply) = outward::never(&error) {
            let replies = message.recipients.iter().map(|one| (one.id, reply.clone())).collect();
            return Found { answers: Ok(replies), is_unreachable: false, reports_itself: false };
        }
        reach::went_away(house, destination, &error);
        return Found { answers: Err(error.chain()), is_unreachable: true, reports_itself: false };
    }
    reach::answered(house, destination);
    trying.asks_now();
    let opened = tokio::select! {
        () = house.stop.cancelled() => return Found::trouble("Rollcall was stopped before it could be sent"),
        opened = envelope(house, destination, message) => opened,
    };
    match opened {
        Err(error) => Found::trouble(error.chain()),
        Ok((None, replies)) => Found { answers: Ok(replies), is_unreachable: false, reports_itself: false },
        Ok((Some(talk), replies)) => {
            let reports_itself = talk.reports_itself();
            let answers = send(house, destination, talk, replies, content).await;
            Found { answers, is_unreachable: false, reports_itself }
        }
    }
}

async fn send(
    house: &House,
    destination: &Destination,
    talk: Box<net::Transaction>,
    mut replies: HashMap<i64, Reply>,
    content: StoredContent,
) -> Answers {
    let body = match &content {
        StoredContent::Bytes(bytes) => Body::Memory(bytes),
        StoredContent::File(path) => Body::File(path),
    };
    let last = talk.deliver(&[], body).await.map_err(|error| error.chain())?;
    house.destinations.welcomed(destination, Welcome::of(&last), MOST_EACH);
    for reply in replies.values_mut().filter(|reply| reply.is_success()) {
        *reply = last.clone();
    }
    Ok(replies)
}

/// A transaction with at least one accepted recipient, if there is one, and the reply for each.
type Opened = (Option<Box<net::Transaction>>, HashMap<i64, Reply>);

async fn envelope(house: &House, destination: &Destination, message: &Claimed) -> Result<Opened, NetError> {
    let (mail, recipients) = (mail_from(message), rcpt_to(house, message));
    let everybody = |reply: &Reply| message.recipients.iter().map(|one| (one.id, reply.clone())).collect();
    match net::Transaction::open(&house.pool, destination, &mail, &recipients, Deadlines::SPOOL).await? {
        Opening::MailRefused(reply) => {
            house.destinations.welcomed(destination, Welcome::of(&reply), MOST_EACH);
            Ok((None, everybody(&reply)))
        }
        Opening::NeedsUtf8 => Ok((None, everybody(&rollcall_core::policy::content_needs_utf8().reply))),
        Opening::Asked(talk, replies) => {
            let busy = replies.iter().map(Welcome::of_recipient).find(|welcome| *welcome == Welcome::Busy);
            if let Some(busy) = busy {
                house.destinations.welcomed(destination, busy, MOST_EACH);
            }
            let replies: HashMap<i64, Reply> = message.recipients.iter().map(|one| one.id).zip(replies).collect();
            if replies.values().any(Reply::is_success) {
                return Ok((Some(talk), replies));
            }
            talk.abandon().await;
            Ok((None, replies))
        }
    }
}

/// MAIL as the client gave it.
fn mail_from(message: &Claimed) -> MailFrom {
    MailFrom {
        reverse_path: message.reverse_path.clone(),
        size: Some(message.size),
        body_8bit: message.body_8bit,
        smtputf8: message.smtputf8,
        ret: message.ret.as_deref().and_then(Ret::from_word),
        envid: message.envid.clone(),
    }
}

/// Every RCPT as the client gave it, or to the primary address where the domain's mail goes there now.
fn rcpt_to(house: &House, message: &Claimed) -> Vec<RcptTo> {
    let rcpt = |one: &rollcall_store::ClaimedRecipient| RcptTo {
        address: route::onward(house, message, &one.address),
        notify: one.notify.clone(),
        orcpt: one.orcpt.clone(),
    };
    message.recipients.iter().map(rcpt).collect()
}

/// Sees to it that the pool has a connection for the transaction: opening one has shorter deadlines than using it.
async fn connect(house: &House, destination: &Destination) -> Result<(), NetError> {
    let connection = match house.pool.take_idle(destination).await {
        Some(connection) => connection,
        None => house.pool.open(destination, OPENING).await?,
    };
    house.pool.give_back(destination, connection);
    Ok(())
}
