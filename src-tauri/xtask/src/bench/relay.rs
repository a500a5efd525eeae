//! The relays under test: ours, a peer, and none at all, which shows what the harness itself can do.

use std::ffi::OsString;
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use crate::process::{self, Show};
use crate::report::Failure;
use crate::stopwatch::wait_until;

use super::peer::{Peer, Recipe, Role};
use super::running::Running;

/// As the tables call ours.
pub const OURS: &str = "Rollcall";
/// As they call no relay.
pub const NONE: &str = "no relay";

/// A relay that takes mail for example.test on a loopback port and passes it to the sink.
pub struct Relay {
    /// As the table calls it.
    pub name: String,
    /// Where it listens.
    pub port: u16,
    running: Option<Running>,
    /// What tells a peer that its destination is back. Ours notices by itself; others look after some minutes.
    flush: Vec<OsString>,
    is_peer: bool,
}

/// Whose mail ours takes for later when the destination is away: as many as a load has addresses.
const ACCOUNTS: u32 = 100;

impl Relay {
    /// The sink itself.
    pub fn none(sink_port: u16) -> Self {
        Self { name: NONE.to_owned(), port: sink_port, running: None, flush: Vec::new(), is_peer: false }
    }

    /// Ours, as `rollcallctl serve` on an empty folder, in pass-through; with `accounts` it knows the load's addresses as
    /// accounts.
    ///
    /// # Errors
    /// When it does not start or refuses its set-up.
    pub fn ours(program: &Path, folder: &Path, sink_port: u16, accounts: bool) -> Result<Self, Failure> {
        let serve = [program.as_os_str(), "serve".as_ref(), "--data".as_ref(), folder.as_os_str()];
        let listen = ["--listen".as_ref(), "127.0.0.1:0".as_ref()];
        let line: Vec<_> = serve.into_iter().chain(listen).map(OsString::from).collect();
        let mut running = Running::start(folder, &line, true)?;
        let ready = running.first_line().unwrap_or_default();
        let port = listening_port(&ready).ok_or_else(|| Failure::new(format!("rollcallctl is not ready: {ready}")))?;
        let relay = Self { name: OURS.to_owned(), port, running: Some(running), flush: Vec::new(), is_peer: false };
        let domain = format!(
            r#"{{"name":"example.test","destination":{{"host":"127.0.0.1","port":{sink_port},"tls":"never"}}}}"#
        );
        relay.tell(program, "add_domain", &domain)?;
        relay.tell(program, "set_upstreams", r#"{"addresses":["127.0.0.1"]}"#)?;
        if accounts {
            relay.create(program, (0..ACCOUNTS).map(|number| format!("user{number}")))?;
        }
        Ok(relay)
    }

    /// Another's, in a folder of its own.
    ///
    /// # Errors
    /// When it does not start.
    pub fn peer(peer: Peer, folder: &Path, sink_port: u16, role: Role) -> Result<Self, Failure> {
        let port = free_port()?;
        let Recipe { start, flush } = peer.write(folder, port, sink_port, role)?;
        let running = Running::start(folder, &start, false)?;
        if !wait_until(10.0, || TcpStream::connect(("127.0.0.1", port)).is_ok()) {
            return Err(Failure::new(format!("{} did not start: {}", peer.name(), running.last_words())));
        }
        let number = running.id().to_string();
        let flush = flush.into_iter().map(|word| if word == "{pid}" { number.clone().into() } else { word }).collect();
        Ok(Self { name: peer.name().to_owned(), port, running: Some(running), flush, is_peer: true })
    }

    /// Puts `count` more addresses on file.
    ///
    /// # Errors
    /// When it refuses them.
    pub fn learn(&self, program: &Path, count: u32) -> Result<(), Failure> {
        /// As many as fit into an argument of a command.
        const AT_ONCE: u32 = 2000;
        for first in (0..count).step_by(AT_ONCE as usize) {
            self.create(program, (first..count.min(first + AT_ONCE)).map(|number| format!("row{number}")))?;
        }
        Ok(())
    }

    fn create(&self, program: &Path, names: impl Iterator<Item = String>) -> Result<(), Failure> {
        let names: Vec<_> = names.map(|name| format!(r#""{name}@example.test""#)).collect();
        self.tell(program, "create_functional", &format!(r#"{{"addresses":[{}]}}"#, names.join(",")))
    }

    fn tell(&self, program: &Path, command: &str, arguments: &str) -> Result<(), Failure> {
        let Some(running) = &self.running else { return Ok(()) };
        let mut tell = process::program(program);
        tell.arg("--data").arg(running.folder()).args(["command", command, arguments]);
        process::must(command, &mut tell, Show::OnFailure).map(drop)
    }

    /// True for a relay that ours is compared with.
    pub const fn is_peer(&self) -> bool {
        self.is_peer
    }

    /// Tells it that the destination is back.
    pub fn flush(&self) {
        if let (Some(running), false) = (&self.running, self.flush.is_empty()) {
            running.also(&self.flush);
        }
    }

    /// What it runs as; nothing where there is no relay.
    pub const fn running(&self) -> Option<&Running> {
        self.running.as_ref()
    }
}

/// The port in `ready {"smtp":["127.0.0.1:2525"],…}`.
fn listening_port(ready: &str) -> Option<u16> {
    let address = ready.split_once(r#""smtp":[""#)?.1.split_once('"')?.0;
    address.rsplit_once(':')?.1.parse().ok()
}

/// A port that nobody listens on at this moment.
pub fn free_port() -> Result<u16, Failure> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    listener.map(|address| address.port()).map_err(|err| Failure::io("find a free port", &err))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_the_ready_line() {
        assert_eq!(listening_port(r#"ready {"smtp":["127.0.0.1:40123"],"pid":7}"#), Some(40123));
        assert_eq!(listening_port(r#"ready {"smtp":[]}"#), None, "nothing is bound");
    }
}
