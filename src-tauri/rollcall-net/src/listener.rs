//! A listening socket with admission limits. It hands connections up and never calls up.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::Instant;

/// How many connections may be open at once.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// In all.
    pub total: usize,
    /// From one IP address; listed upstreams are exempt.
    pub per_address: usize,
    /// Of `total`, the last ones kept for listed upstreams and for addresses that have none yet, so that a crowd of a few
    /// cannot shut everybody else out.
    pub reserved: usize,
    /// New connections from one IP address within [`RATE_WINDOW`]; listed upstreams are exempt.
    pub per_window: u32,
}

/// What [`Limits::per_window`] counts over.
pub const RATE_WINDOW: Duration = Duration::from_secs(60);
/// Addresses whose rate is remembered; beyond that those whose window is over are forgotten.
const MOST_REMEMBERED: usize = 10_000;

/// Connections of one address.
#[derive(Debug, Default)]
struct Known {
    open: usize,
    /// When the present window began, and how many came since.
    window: Option<(Instant, u32)>,
}

/// Counts open connections of a listener. Cheap to clone.
#[derive(Clone)]
pub struct Admission {
    limits: Limits,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    total: usize,
    known: HashMap<IpAddr, Known>,
}

/// Holds a place; dropping it frees the place.
pub struct Place {
    address: IpAddr,
    state: Arc<Mutex<State>>,
}

/// A connection and whether there was room for it.
pub struct Accepted {
    /// The socket.
    pub stream: TcpStream,
    /// The client, with an IPv4-mapped address written as IPv4.
    pub peer: SocketAddr,
    /// Its place; `None` when a limit is reached and it must be told `421 4.3.2`.
    pub place: Option<Place>,
}

/// A bound socket.
pub struct Listener {
    socket: TcpListener,
    admission: Admission,
}

impl Admission {
    /// Nobody is in yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, state: Arc::default() }
    }

    /// Open connections.
    #[must_use]
    pub fn count(&self) -> usize {
        lock(&self.state).total
    }

    /// A place for `address`, if there is one.
    #[must_use]
    pub fn admit(&self, address: IpAddr, is_exempt: impl Fn(IpAddr) -> bool) -> Option<Place> {
        self.admit_at(address, is_exempt, Instant::now())
    }

    fn admit_at(&self, address: IpAddr, is_exempt: impl Fn(IpAddr) -> bool, now: Instant) -> Option<Place> {
        let exempt = is_exempt(address);
        let mut state = lock(&self.state);
        let State { total, known } = &mut *state;
        if known.len() >= MOST_REMEMBERED && !known.contains_key(&address) {
            known.retain(|_, one| one.open > 0 || one.window.is_some_and(|(since, _)| now - since < RATE_WINDOW));
        }
        let mine = known.entry(address).or_default();
        let (since, came) = mine.window.filter(|(since, _)| now - *since < RATE_WINDOW).unwrap_or((now, 0));
        let is_first_or_exempt = exempt || mine.open == 0;
        let room = if is_first_or_exempt { self.limits.total } else { self.limits.total - self.limits.reserved };
        let too_many = *total >= room || (!exempt && mine.open >= self.limits.per_address);
        if too_many || (!exempt && came >= self.limits.per_window) {
            return None;
        }
        mine.open += 1;
        mine.window = Some((since, came + 1));
        *total += 1;
        drop(state);
        Some(Place { address, state: Arc::clone(&self.state) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = lock(&self.state);
        state.total -= 1;
        if let Some(mine) = state.known.get_mut(&self.address) {
            mine.open -= 1;
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Listener {
    /// Binds `address`.
    ///
    /// # Errors
    /// What the system said: in use, not allowed, not an address of this computer.
    pub fn bind(address: SocketAddr, admission: Admission) -> io::Result<Self> {
        // A long queue: a burst of clients waits for us instead of trying again after a second.
        const BACKLOG: u32 = 1024;
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        Ok(Self { socket: socket.listen(BACKLOG)?, admission })
    }

    /// What is bound, with the real port.
    ///
    /// # Errors
    /// What the system said.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// The next connection; `is_exempt` says for which addresses the limit per address does not hold.
    ///
    /// # Errors
    /// What the system said; out of file descriptors is the usual one, so the caller should wait a moment.
    pub async fn accept(&self, is_exempt: impl Fn(IpAddr) -> bool) -> io::Result<Accepted> {
        let (stream, peer) = self.socket.accept().await?;
        drop(stream.set_nodelay(true));
        let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
        let place = self.admission.admit(peer.ip(), is_exempt);
        Ok(Accepted { stream, peer, place })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { total: 3, per_address: 2, reserved: 0, per_window: 100 };

    #[test]
    fn one_address_cannot_take_every_place_and_leaving_frees_one() {
        let admission = Admission::new(LIMITS);
        let (one, two) = (IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 2]));
        let nobody = |_| false;

        let first = admission.admit(one, nobody);
        let _second = admission.admit(one, nobody).expect("two places for one address");
        assert!(admission.admit(one, nobody).is_none());
        drop(first);
        let _third = admission.admit(one, nobody).expect("a place was freed");
        let _other = admission.admit(two, nobody).expect("another address has its own places");

        assert!(admission.admit(two, |_| true).is_none(), "even the exempt share the total");
        assert_eq!(admission.count(), 3);
    }

    #[test]
    fn the_last_places_are_for_those_who_have_none_and_for_upstreams() {
        let admission = Admission::new(Limits { total: 4, per_address: 9, reserved: 2, ..LIMITS });
        let (greedy, other, upstream) =
            (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]), IpAddr::from([192, 0, 2, 3]));
        let is_exempt = |address| address == upstream;

        let _held: Vec<Place> = (0..2).map(|_| admission.admit(greedy, is_exempt).expect("room")).collect();
        assert!(admission.admit(greedy, is_exempt).is_none(), "the rest is not for those who have some");
        let _other = admission.admit(other, is_exempt).expect("a first connection");
        let _upstream = admission.admit(upstream, is_exempt).expect("an upstream");
        assert!(admission.admit(upstream, is_exempt).is_none(), "full");
    }

    #[test]
    fn an_address_that_comes_too_often_waits_for_the_next_minute() {
        let admission = Admission::new(Limits { total: 9, per_address: 9, reserved: 0, per_window: 2 });
        let (address, now) = (IpAddr::from([192, 0, 2, 1]), Instant::now());

        for _ in 0..2 {
            drop(admission.admit_at(address, |_| false, now).expect("within the rate"));
        }
        assert!(admission.admit_at(address, |_| false, now).is_none());
        assert!(admission.admit_at(address, |_| true, now).is_some(), "upstreams are exempt");
        assert!(admission.admit_at(address, |_| false, now + RATE_WINDOW).is_some());
    }
}
