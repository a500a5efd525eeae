//! The inbound listener: bound where the folder says, again and again until it works, and its accept loop.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rollcall_net::{Accepted, Listener, Stream};
use tokio::io::AsyncWriteExt;
use tokio_util::sync::CancellationToken;

use crate::bus::Tag;
use crate::error::EngineError;
use crate::house::House;
use crate::inbound::Bound;
use crate::receive;
use rollcall_smtp::{session, write_reply};

/// Stops the present listener, if it is elsewhere, and binds where it should be. Failure is part of health, never an
/// exit.
pub async fn rebind(house: &House) {
    let _alone = house.inbound.rebinding.lock().await;
    let Some((address, port)) = house.inbound.wanted(&house.setup()) else { return };
    let was_bound = {
        let mut state = house.inbound.state();
        if state.listener.is_some() && state.asked.as_ref() == Some(&(address.clone(), port)) {
            return;
        }
        state.ended.cancel();
        state.ended = CancellationToken::new();
        state.listener.take().is_some()
    };
    house.inbound.changed.notify_waiters();
    let mut outcome = bind(house, &address, port).await;
    // Our own accept loop may hold the old socket for a moment longer.
    for _ in 0..if was_bound { 25 } else { 0 } {
        if !matches!(&outcome, Err(error) if error.kind() == io::ErrorKind::AddrInUse) {
            break;
        }
        crate::clock::pause(Duration::from_millis(20)).await;
        outcome = bind(house, &address, port).await;
    }
    let mut state = house.inbound.state();
    match outcome {
        Ok((listener, at)) => {
            tracing::info!(listener = "inbound", %at, "listening");
            state.bound = Some(Bound::At(at));
            state.listener = Some(Arc::new(listener));
            state.asked = Some((address, port));
        }
        Err(error) => {
            tracing::error!(listener = "inbound", address, port, %error, "the listener is not bound");
            let since = match &state.bound {
                Some(Bound::Not { since, .. }) => *since,
                _ => house.clock.now(),
            };
            state.bound =
                Some(Bound::Not { sentence: sentence(&address, port, &error), detail: error.to_string(), since });
        }
    }
    drop(state);
    house.inbound.changed.notify_waiters();
    house.bus.stale(&[Tag::Health]);
}

async fn bind(house: &House, address: &str, port: u16) -> io::Result<(Listener, SocketAddr)> {
    let ip: IpAddr = address.parse().map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "not an IP address"))?;
    let listener = Listener::bind(SocketAddr::new(ip, port), house.admission.clone()).await?;
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

/// Accepts until the listener changes; without one, tries to bind again every ten seconds.
pub async fn turn(house: &Arc<House>) -> Result<(), EngineError> {
    // Enabled before the state is read: a change in between is not missed.
    let mut changed = std::pin::pin!(house.inbound.changed.notified());
    changed.as_mut().enable();
    let (listener, ended) = {
        let state = house.inbound.state();
        (state.listener.clone(), state.ended.clone())
    };
    let Some(listener) = listener else {
        tokio::select! {
            () = changed => {}
            () = crate::clock::pause(Duration::from_secs(10)) => rebind(house).await,
        }
        return Ok(());
    };
    loop {
        let is_exempt = |address: IpAddr| house.setup().upstreams.contains(&address);
        let accepted = tokio::select! {
            () = ended.cancelled() => return Ok(()),
            accepted = listener.accept(is_exempt) => accepted,
        };
        match accepted {
            Ok(accepted) => admit(house, accepted),
            // Out of file descriptors or a client that left at once: wait a moment instead of spinning.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                crate::clock::pause(Duration::from_millis(100)).await;
            }
        }
    }
}

fn admit(house: &Arc<House>, accepted: Accepted) {
    let Accepted { mut stream, peer, place } = accepted;
    let house = Arc::clone(house);
    let tasks = house.tasks.clone();
    tasks.spawn(async move {
        let Some(place) = place else {
            let mut out = Vec::new();
            write_reply(&session::too_many_connections(&house.hostname), &mut out);
            drop(tokio::time::timeout(Duration::from_secs(5), stream.write_all(&out)).await);
            return;
        };
        receive::serve(&house, Stream::Plain(stream), peer).await;
        drop(place);
    });
}
