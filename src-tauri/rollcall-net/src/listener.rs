//! A listening socket with admission limits. It hands connections up and never calls up.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::{TcpListener, TcpStream};

/// How many connections may be open at once.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// In all.
    pub total: usize,
    /// From one IP address; listed upstreams are exempt.
    pub per_address: usize,
}

/// Counts open connections of a listener. Cheap to clone.
#[derive(Clone)]
pub struct Admission {
    limits: Limits,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// Holds a place; dropping it frees the place.
pub struct Place {
    address: IpAddr,
    open: Arc<Mutex<HashMap<IpAddr, usize>>>,
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
        Self { limits, open: Arc::default() }
    }

    /// Open connections.
    #[must_use]
    pub fn count(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }

    /// A place for `address`, if there is one.
    #[must_use]
    pub fn admit(&self, address: IpAddr, is_exempt: impl Fn(IpAddr) -> bool) -> Option<Place> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let total: usize = open.values().sum();
        let mine = open.get(&address).copied().unwrap_or(0);
        if total >= self.limits.total || (mine >= self.limits.per_address && !is_exempt(address)) {
            return None;
        }
        open.insert(address, mine + 1);
        Some(Place { address, open: Arc::clone(&self.open) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

impl Listener {
    /// Binds `address`.
    ///
    /// # Errors
    /// What the system said: in use, not allowed, not an address of this computer.
    pub async fn bind(address: SocketAddr, admission: Admission) -> io::Result<Self> {
        Ok(Self { socket: TcpListener::bind(address).await?, admission })
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

    #[test]
    fn one_address_cannot_take_every_place_and_leaving_frees_one() {
        let admission = Admission::new(Limits { total: 3, per_address: 2 });
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
}
