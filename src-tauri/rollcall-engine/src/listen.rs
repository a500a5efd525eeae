//! The listeners: each bound where the folder says, again and again until it works, and their accept loops.
//!
//! **Invariant.** An accept loop never waits for a client: who speaks the PROXY protocol or TLS first does so in its own
//! task, within a deadline.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rollcall_net::listener::Place;
use rollcall_net::{Accepted, Listener, Stream, accept_tls, proxy};
use rollcall_smtp::{session, write_explained};
use rollcall_store::{ListenerRecord, ListenerTls, Speaks};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::bus::Tag;
use crate::error::EngineError;
use crate::house::House;
use crate::inbound::{Bound, Slot};
use crate::receive;
use crate::supervise::catch_panic;

/// How long an upstream may take for its PROXY header.
const HEADER_WAIT: Duration = Duration::from_secs(10);
/// How long until a listener that could not be bound is tried again.
const RETRY: Duration = Duration::from_secs(10);
/// The longest time for a listener that was stopped to close its socket: it only has to be woken, but a computer may be
/// busy with other things.
const CLOSING: Duration = Duration::from_secs(10);

/// Stops listeners that are no longer wanted as they are and binds those that are not bound. Failure is part of health,
/// never an exit.
pub async fn rebind(house: &Arc<House>) {
    let _alone = house.listeners.rebinding.lock().await;
    let wanted: BTreeMap<String, ListenerRecord> =
        house.listeners.wanted(&house.setup()).into_iter().map(|record| (record.name.clone(), record)).collect();
    for gone in stop_unwanted(house, &wanted) {
        // Its port is free for another listener, or for nobody, once this returns.
        drop(tokio::time::timeout(CLOSING, gone.cancelled()).await);
    }
    for record in wanted.into_values() {
        let present = house.listeners.slots().get(&record.name).cloned();
        match present {
            Some(Slot { bound: Bound::At(_), .. }) => {}
            before => begin(house, record, before),
        }
    }
    house.bus.stale(&[Tag::Health]);
}

/// What tells that each socket is closed.
fn stop_unwanted(house: &House, wanted: &BTreeMap<String, ListenerRecord>) -> Vec<CancellationToken> {
    let mut stopped = Vec::new();
    house.listeners.slots().retain(|name, slot| {
        let stays = wanted.get(name) == Some(&slot.wanted);
        if !stays {
            slot.ended.cancel();
            stopped.extend(matches!(slot.bound, Bound::At(_)).then(|| slot.gone.clone()));
        }
        stays
    });
    stopped
}

fn begin(house: &Arc<House>, record: ListenerRecord, before: Option<Slot>) {
    let (ended, gone) = (CancellationToken::new(), CancellationToken::new());
    let bound = match bind(house, &record) {
        Ok((listener, at)) => {
            tracing::info!(listener = record.name, %at, "listening");
            let (ended, gone, house, record) =
                (ended.clone(), gone.clone(), Arc::clone(house), Arc::new(record.clone()));
            let tasks = house.tasks.clone();
            tasks.spawn(async move {
                if catch_panic(accept(&house, &listener, &record, ended)).await.is_err() {
                    house.listeners.broke(&record.name, house.clock.now());
                }
                drop(listener);
                gone.cancel();
            });
            Bound::At(at)
        }
        Err(error) => {
            let ListenerRecord { name, address, port, .. } = &record;
            tracing::error!(listener = name, address, port, %error, "the listener is not bound");
            let since = match before {
                Some(Slot { bound: Bound::Not { since, .. }, .. }) => since,
                _ => house.clock.now(),
            };
            Bound::Not { sentence: sentence(address, *port, &error), detail: error.to_string(), since }
        }
    };
    let slot = Slot { wanted: record, bound, ended, gone };
    house.listeners.slots().insert(slot.wanted.name.clone(), slot);
}

fn bind(house: &House, record: &ListenerRecord) -> io::Result<(Listener, SocketAddr)> {
    let ip: IpAddr =
        record.address.parse().map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "not an IP address"))?;
    let listener = Listener::bind(SocketAddr::new(ip, record.port), house.admission.clone())?;
    let at = listener.local_addr()?;
    Ok((listener, at))
}

/// One sentence that says what happened and what to do.
fn sentence(address: &str, port: u16, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("Another program is using port {port}. Stop it, or choose another port in Settings, Receiving.")
        }
        io::ErrorKind::PermissionDenied => {
            format!("This account may not use port {port}. Choose a port above 1023, or let the service receive mail.")
        }
        io::ErrorKind::AddrNotAvailable => {
            format!("{address} is not an address of this computer. Choose one in Settings, Receiving.")
        }
        _ => format!("Mail can't be received on {address}, port {port}. Choose another address or port."),
    }
}

/// Tries to bind again what could not be bound, every ten seconds; a change is acted upon by who made it.
pub async fn turn(house: &Arc<House>) -> Result<(), EngineError> {
    crate::clock::pause(RETRY).await;
    if house.listeners.is_any_missing() {
        rebind(house).await;
    }
    Ok(())
}

/// Accepts until the listener is stopped or the house closes.
async fn accept(house: &Arc<House>, listener: &Listener, record: &Arc<ListenerRecord>, ended: CancellationToken) {
    loop {
        let is_exempt = |address: IpAddr| house.setup().upstreams.contains(&address);
        let accepted = tokio::select! {
            () = ended.cancelled() => return,
            () = house.stop.cancelled() => return,
            accepted = listener.accept(is_exempt) => accepted,
        };
        match accepted {
            Ok(accepted) => admit(house, record, accepted),
            // Out of file descriptors or a client that left at once: wait a moment instead of spinning.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                crate::clock::pause(Duration::from_millis(100)).await;
            }
        }
    }
}

fn admit(house: &Arc<House>, record: &Arc<ListenerRecord>, accepted: Accepted) {
    let Accepted { stream, peer, place } = accepted;
    let (house, record) = (Arc::clone(house), Arc::clone(record));
    let tasks = house.tasks.clone();
    tasks.spawn(async move {
        match place {
            Some(place) => welcome(&house, &record, stream, peer, place).await,
            None => turn_away(&house, &record, stream).await,
        }
    });
}

/// A client that may not come in now hears why, unless it expects TLS first.
async fn turn_away(house: &House, record: &ListenerRecord, mut stream: TcpStream) {
    if record.tls == ListenerTls::Implicit {
        return;
    }
    let mut out = Vec::new();
    write_explained(&session::too_many_connections(&house.hostname), &house.setup().reply_contact, &mut out);
    drop(tokio::time::timeout(Duration::from_secs(5), stream.write_all(&out)).await);
}

/// Finds out who it is, encrypts if the listener does so from the first octet, and serves.
async fn welcome(house: &Arc<House>, record: &ListenerRecord, mut stream: TcpStream, peer: SocketAddr, place: Place) {
    let mut client = peer;
    let mut unread = Vec::new();
    if house.setup().upstreams.find(peer.ip()) == Some(&Speaks::Proxy) {
        match proxy::read_header(&mut stream, HEADER_WAIT).await {
            Ok(proxied) => {
                client = proxied.client.unwrap_or(peer);
                unread = proxied.rest;
            }
            Err(error) => {
                tracing::warn!(peer.ip = %peer.ip(), %error, "an upstream did not say who is behind it");
                return;
            }
        }
    }
    let stream = if record.tls == ListenerTls::Implicit {
        if !unread.is_empty() {
            tracing::warn!(peer.ip = %peer.ip(), "TLS began together with the PROXY header, which is not supported");
            return;
        }
        match accept_tls(stream, house.certificate.config(), house.limits.handshake_wait).await {
            Ok(stream) => stream,
            Err(error) => {
                tracing::debug!(%error, "the TLS handshake failed");
                return;
            }
        }
    } else {
        Stream::Plain(stream)
    };
    receive::serve(house, receive::Arrival { stream, peer: client, unread, listener: record.clone() }).await;
    drop(place);
}
