//! A line whose near end stays where it is while a test lays the far one anew: to a server, to one that dies, to nobody.

use std::net::SocketAddr;

use super::forward::Forward;
use crate::ports;

/// A line; dropping it cuts it.
pub struct Line {
    /// Where it begins.
    pub address: SocketAddr,
    wire: Option<Forward>,
}

impl Line {
    /// One to `server`.
    pub async fn to(server: SocketAddr) -> Self {
        let mut line = Self { address: SocketAddr::from(([127, 0, 0, 1], ports::lasting())), wire: None };
        line.leads_to(server).await;
        line
    }

    /// To `server` from now on.
    pub async fn leads_to(&mut self, server: SocketAddr) {
        self.dies_after(u64::MAX, server).await;
    }

    /// To `server` from now on; each connection ends when that many octets came from it.
    pub async fn dies_after(&mut self, octets: u64, server: SocketAddr) {
        self.is_down().await;
        self.wire = Some(Forward::between(self.address, server, octets).await);
    }

    /// Nobody is there from now on.
    pub async fn is_down(&mut self) {
        if let Some(wire) = self.wire.take() {
            wire.end().await;
        }
    }
}
