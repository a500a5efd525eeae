//! Whether a mail server that the operator names is one of our own listeners: its mail would come back here until it is
//! recognised and refused.
//!
//! **Limits.** A name is looked up when it is set, not later; a listener behind another address of a router is not seen.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use rollcall_net::Destination;

use crate::error::EngineError;
use crate::health::Fault;
use crate::house::House;
use crate::inbound::Bound;

/// How long a name may take to be looked up; one that takes longer is taken for somebody else's.
const LOOK_UP: Duration = Duration::from_secs(2);

impl House {
    /// Refuses a destination of `whose` mail that is one of our own listeners.
    ///
    /// # Errors
    /// Conflict.
    pub(crate) async fn check_not_ours(&self, destination: &Destination, whose: &str) -> Result<(), EngineError> {
        let bound = self.bound();
        if bound.iter().all(|at| at.port() != destination.port) {
            return Ok(());
        }
        let looking = tokio::net::lookup_host((destination.host.as_str(), destination.port));
        let found: Vec<IpAddr> = match tokio::time::timeout(LOOK_UP, looking).await {
            Ok(Ok(found)) => found.map(|at| at.ip()).collect(),
            // What has no address is no listener of ours.
            Ok(Err(_)) | Err(_) => Vec::new(),
        };
        if !found.iter().any(|ip| is_one_of(*ip, destination.port, &bound, is_of_this_computer)) {
            return Ok(());
        }
        Err(EngineError::Conflict(format!(
            "{destination} is where Rollcall itself receives mail, so mail for {whose} would come back here. Name the \
             office's own mail server, or move Rollcall to another port first."
        )))
    }

    /// A domain, an address or outgoing mail whose mail comes back here: the listener was moved after it was set.
    pub(crate) fn loops(&self) -> Vec<Fault> {
        let (setup, bound, now) = (self.setup(), self.bound(), self.clock.now());
        let domains = setup.domains.values().map(|domain| (domain.name.as_str(), &domain.destination));
        let routes = setup.routes.iter().map(|(key, routed)| (key.as_str(), &routed.destination));
        let outgoing = setup.outbound.smarthost().map(|smarthost| ("other domains", smarthost));
        let mut found: Vec<_> = domains.chain(routes).chain(outgoing).filter(|(_, to)| is_ours(to, &bound)).collect();
        found.sort_by_key(|(whose, _)| *whose);
        let fault = |(whose, to): (&str, &Destination)| Fault {
            code: "destination_is_ours",
            sentence: format!(
                "Mail for {whose} goes to {to}, which is Rollcall itself, so it comes back and is refused in the end. \
                 Name the office's own mail server."
            ),
            detail: None,
            since: now,
        };
        found.into_iter().map(fault).collect()
    }

    fn bound(&self) -> Vec<SocketAddr> {
        let at = |slot: &crate::inbound::Slot| match slot.bound {
            Bound::At(at) => Some(at),
            Bound::Not { .. } => None,
        };
        self.listeners.slots().values().filter_map(at).collect()
    }
}

/// The same without looking a name up.
fn is_ours(to: &Destination, bound: &[SocketAddr]) -> bool {
    let ip = match to.host.parse() {
        Ok(ip) => ip,
        Err(_) if to.host.eq_ignore_ascii_case("localhost") => IpAddr::V4(Ipv4Addr::LOCALHOST),
        Err(_) => return false,
    };
    is_one_of(ip, to.port, bound, is_of_this_computer)
}

/// Whether a connection to `ip` and `port` ends at one of `bound`.
fn is_one_of(ip: IpAddr, port: u16, bound: &[SocketAddr], is_local: impl Fn(IpAddr) -> bool) -> bool {
    let ip = ip.to_canonical();
    let is_any = |ip: IpAddr| ip.is_unspecified();
    bound.iter().filter(|at| at.port() == port).any(|at| {
        let at = at.ip().to_canonical();
        // Nobody's address means this computer (Linux), whichever of its addresses is listened on.
        at == ip || (is_any(at) && is_local(ip)) || (is_any(ip) && (is_any(at) || at.is_loopback()))
    })
}

/// An address that this computer can listen on is its own.
fn is_of_this_computer(ip: IpAddr) -> bool {
    ip.is_loopback() || UdpSocket::bind((ip, 0)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_is_ours_where_a_connection_to_it_ends_at_a_listener() {
        let bound = |at: &str| [at.parse::<SocketAddr>().unwrap()];
        let ours = |to: &str, at: &str| {
            let to: SocketAddr = to.parse().unwrap();
            is_one_of(to.ip(), to.port(), &bound(at), |ip| ip.is_loopback() || ip.to_string() == "10.0.4.2")
        };

        for (to, at) in [
            ("127.0.0.1:25", "127.0.0.1:25"),
            ("127.0.0.1:25", "0.0.0.0:25"),
            ("10.0.4.2:25", "0.0.0.0:25"),
            ("[::1]:25", "[::]:25"),
            ("[::ffff:127.0.0.1]:25", "127.0.0.1:25"),
            ("0.0.0.0:25", "127.0.0.1:25"),
        ] {
            assert!(ours(to, at), "{to} at {at}");
        }
        for (to, at) in [
            ("127.0.0.1:25", "127.0.0.1:2525"),
            ("127.0.0.1:25", "10.0.4.2:25"),
            ("10.0.4.12:25", "0.0.0.0:25"),
            ("0.0.0.0:25", "10.0.4.2:25"),
        ] {
            assert!(!ours(to, at), "{to} at {at}");
        }
    }

    #[test]
    fn this_computer_has_the_loopback_address_and_not_one_for_documentation() {
        assert!(is_of_this_computer("127.0.0.1".parse().unwrap()));
        assert!(!is_of_this_computer("192.0.2.1".parse().unwrap()));
    }
}
