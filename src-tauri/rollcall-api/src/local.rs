//! The engine in this process, and its side of the local socket.

use std::sync::Arc;
use std::time::Duration;

use rollcall_engine::access::acting_as;
use rollcall_engine::bus::Event as BusEvent;
use rollcall_engine::{House, SessionId, bus};
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use interprocess::local_socket::tokio::prelude::*;
use interprocess::local_socket::tokio::{Listener, Stream};

use crate::place::{self, Place};
use crate::registry::{COMMANDS, Command, QUERIES, Query};
use crate::socket::{self, Request, Response};
use crate::wire::{AccessNews, Code, Event, Fault, Notice, Tag};
use crate::{arguments, ask, order, permission};

/// How long sessions may take to end when the folder is closed.
const PATIENCE: Duration = Duration::from_secs(5);

/// An engine in this process, answering this process and the socket.
pub(crate) struct Local {
    pub house: Arc<House>,
    place: Place,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Local {
    /// Serves the socket of an open house.
    pub fn serve(house: Arc<House>) -> Result<Arc<Self>, Fault> {
        let (listener, place) = socket::bind(&house.folder).map_err(|error| Fault {
            code: Code::Unavailable,
            message: format!("The local socket {} can't be opened.", place::path(&house.folder).display()),
            detail: vec![error.to_string()],
        })?;
        let local = Arc::new(Self { house, place, stop: CancellationToken::new(), tasks: TaskTracker::new() });
        let serving = Arc::clone(&local);
        local.tasks.spawn(async move { serving.accept(listener).await });
        Ok(local)
    }

    pub async fn query(&self, session: &SessionId, name: &str, args: Value) -> Result<Value, Fault> {
        let query: Query = arguments::decode("query", QUERIES, name, args)?;
        ask::ask(&self.house, session, query).await
    }

    pub async fn command(
        &self,
        session: &SessionId,
        name: &str,
        args: Value,
        expect: Option<i64>,
    ) -> Result<Value, Fault> {
        let command: Command = arguments::decode("command", COMMANDS, name, args)?;
        let role = self.house.permit(session, permission::needs(&command))?;
        let work = Box::pin(order::order(&self.house, session, command, expect));
        acting_as(role, work).await
    }

    pub fn subscribe(&self, session: SessionId) -> Subscription {
        Subscription {
            session,
            house: Arc::clone(&self.house),
            receiver: self.house.bus.subscribe(),
            ready: vec![all(&self.house)],
        }
    }

    pub async fn close(&self) {
        self.stop.cancel();
        self.tasks.close();
        drop(tokio::time::timeout(Duration::from_secs(2), self.tasks.wait()).await);
        // While the lock is still ours: the next engine binds the same socket as soon as it has the lock.
        self.place.free();
        self.house.close(PATIENCE).await;
    }

    async fn accept(self: Arc<Self>, listener: Listener) {
        loop {
            let accepted = tokio::select! {
                () = self.stop.cancelled() => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok(stream) => {
                    let local = Arc::clone(&self);
                    self.tasks.spawn(async move {
                        tokio::select! {
                            () = local.stop.cancelled() => {}
                            () = local.answer(stream) => {}
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a shell could not be accepted on the local socket");
                    rollcall_engine::clock::pause(Duration::from_millis(100)).await;
                }
            }
        }
    }

    async fn answer(&self, mut stream: Stream) {
        if !socket::is_owner(&stream, &self.house.folder) {
            drop(socket::write_frame(&mut stream, &Response::Fault(socket::not_the_owner())).await);
            return;
        }
        let request = match socket::read_request(&mut stream).await {
            Ok(Some(request)) => request,
            Ok(None) => return,
            Err(error) => {
                let fault = Fault::new(Code::Invalid, format!("The request can't be read: {error}."));
                drop(socket::write_frame(&mut stream, &Response::Fault(fault)).await);
                return;
            }
        };
        let Ok(session) = request.session() else { return };
        let outcome = match request {
            Request::Query { name, args, .. } => self.query(&session, &name, args).await,
            Request::Command { name, args, expect, .. } => self.command(&session, &name, args, expect).await,
            Request::House => Ok(json!({ "practice": self.house.kind == rollcall_engine::store::Kind::Practice })),
            Request::Subscribe { .. } => return self.stream_events(session, stream).await,
        };
        let response = outcome.map_or_else(Response::Fault, Response::Answer);
        drop(socket::write_frame(&mut stream, &response).await);
    }

    async fn stream_events(&self, session: SessionId, mut stream: Stream) {
        let mut events = self.subscribe(session);
        while let Some(event) = events.next().await {
            if socket::write_frame(&mut stream, &Response::Event(event)).await.is_err() {
                return;
            }
        }
    }
}

/// Events of the engine in this process.
pub(crate) struct Subscription {
    house: Arc<House>,
    session: SessionId,
    receiver: Receiver<Arc<BusEvent>>,
    /// Still to be given out, last first.
    ready: Vec<Event>,
}

impl Subscription {
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop() {
                return Some(event);
            }
            match self.receiver.recv().await {
                Ok(event) => self.ready = self.worded(&event),
                // Who was too slow is told to ask everything again.
                Err(RecvError::Lagged(_)) => return Some(all(&self.house)),
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// One event a notice that is for the session's role (D13); the first carries the tags.
    fn worded(&self, event: &BusEvent) -> Vec<Event> {
        let role = self.house.role_of(&self.session);
        let tags: Vec<Tag> = event.stale.iter().copied().map(tag).collect();
        let told = event.notices.iter().filter(|notice| notice.audience().includes(role));
        let mut notices = told.map(|notice| self.notice(notice));
        let mut events = vec![Event { revision: event.revision, stale: tags, notice: notices.next() }];
        events.extend(notices.map(|notice| Event {
            revision: event.revision,
            stale: Vec::new(),
            notice: Some(notice),
        }));
        events.reverse();
        events
    }

    fn notice(&self, notice: &bus::Notice) -> Notice {
        match notice {
            bus::Notice::Discovered(addresses) => {
                let waiting = self.house.store.read(|tx| tx.counts()).unwrap_or_default();
                let waiting = waiting.iter().find(|(word, _)| word == "discovered").map_or(0, |(_, count)| *count);
                Notice::Discovered { addresses: addresses.clone(), waiting }
            }
            bus::Notice::Destination { destination, answers } => {
                Notice::Destination { destination: destination.clone(), answers: *answers }
            }
            bus::Notice::Blocked(clients) => Notice::Blocked { clients: clients.clone() },
            bus::Notice::Undelivered(queue_ids) => Notice::Undelivered { queue_ids: queue_ids.clone() },
            bus::Notice::Weekly { addresses } => Notice::Weekly { waiting: addresses.len() as u64 },
            bus::Notice::Report { id, users, aliases, waiting, .. } => {
                Notice::Report { id: *id, users: *users, aliases: *aliases, waiting: *waiting }
            }
            bus::Notice::Ended(address) => about(address, "ended", None),
            bus::Notice::UserCreated(address) => about(address, "user_created", None),
            bus::Notice::AliasMade { alias, owner } => about(alias, "alias_made", Some(owner)),
            bus::Notice::AboutAddress { address, tell } => about(address, tell.word(), None),
            bus::Notice::Strangers { domain, accepted } => {
                Notice::Strangers { domain: domain.clone(), accepted: *accepted }
            }
            bus::Notice::Seats { used, total } => Notice::Seats { used: *used, total: *total },
            bus::Notice::ShadowEnded { would_refuse } => Notice::ShadowEnded { would_refuse: *would_refuse },
            bus::Notice::Access(happened) => Notice::Access { happened: access_news(*happened) },
        }
    }
}

/// "Ask everything again."
fn all(house: &House) -> Event {
    let stale = vec![
        Tag::Addresses,
        Tag::Mail,
        Tag::Journal,
        Tag::Health,
        Tag::Setup,
        Tag::Clock,
        Tag::Access,
        Tag::Notifications,
        Tag::Sync,
    ];
    Event { revision: house.bus.revision(), stale, notice: None }
}

const fn tag(tag: bus::Tag) -> Tag {
    match tag {
        bus::Tag::Addresses => Tag::Addresses,
        bus::Tag::Mail => Tag::Mail,
        bus::Tag::Journal => Tag::Journal,
        bus::Tag::Health => Tag::Health,
        bus::Tag::Setup => Tag::Setup,
        bus::Tag::Clock => Tag::Clock,
        bus::Tag::Access => Tag::Access,
        bus::Tag::Notifications => Tag::Notifications,
        bus::Tag::Sync => Tag::Sync,
    }
}

const fn access_news(news: bus::AccessNews) -> AccessNews {
    match news {
        bus::AccessNews::PasswordSet => AccessNews::PasswordSet,
        bus::AccessNews::PasswordChanged => AccessNews::PasswordChanged,
        bus::AccessNews::PasswordReset => AccessNews::PasswordReset,
        bus::AccessNews::Locked => AccessNews::Locked,
    }
}

fn about(address: &str, what: &str, owner: Option<&String>) -> Notice {
    Notice::AboutAddress { address: address.to_owned(), what: what.to_owned(), owner: owner.cloned() }
}
