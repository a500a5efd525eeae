//! The relays under test: ours, Postfix, and none at all, which shows what the harness itself can do.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use super::postfix::{self, Role};
use crate::process::{self, Show};
use crate::report::Failure;
use crate::session::end;
use crate::stopwatch::wait_until;

/// A relay that takes mail for example.test on a loopback port and passes it to the sink.
pub struct Relay {
    /// As the table calls it.
    pub name: String,
    /// Where it listens.
    pub port: u16,
    process: Option<Child>,
    folder: Option<PathBuf>,
    is_postfix: bool,
}

/// Whose mail ours takes for later when the destination is away: as many as a load has addresses.
const ACCOUNTS: u32 = 100;

impl Relay {
    /// The sink itself.
    pub fn none(sink_port: u16) -> Self {
        Self { name: "no relay".to_owned(), port: sink_port, process: None, folder: None, is_postfix: false }
    }

    /// Ours, as `rollcallctl serve` on an empty folder, in pass-through; with `accounts` it knows the load's addresses as
    /// accounts.
    ///
    /// # Errors
    /// When it does not start or refuses its set-up.
    pub fn ours(program: &Path, folder: &Path, sink_port: u16, accounts: bool) -> Result<Self, Failure> {
        fs::create_dir_all(folder).map_err(|err| Failure::io("make a folder for the relay", &err))?;
        let log = fs::File::create(folder.join("benchmark.log")).map_err(|err| Failure::io("write a log", &err))?;
        let mut serve = leashed(program);
        serve
            .arg("serve")
            .arg("--data")
            .arg(folder)
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(log);
        let mut child = serve.spawn().map_err(|err| Failure::io("start rollcallctl", &err))?;
        let ready = child.stdout.take().and_then(first_line).unwrap_or_default();
        let mut relay = Self {
            name: "Rollcall".to_owned(),
            port: 0,
            process: Some(child),
            folder: Some(folder.to_owned()),
            is_postfix: false,
        };
        relay.port =
            listening_port(&ready).ok_or_else(|| Failure::new(format!("rollcallctl is not ready: {ready}")))?;
        let domain = format!(
            r#"{{"name":"example.test","destination":{{"host":"127.0.0.1","port":{sink_port},"tls":"never"}}}}"#
        );
        let names: Vec<_> = (0..ACCOUNTS).map(|number| format!(r#""user{number}@example.test""#)).collect();
        let known = format!(r#"{{"addresses":[{}]}}"#, names.join(","));
        let mut commands = vec![("add_domain", domain.as_str()), ("set_upstreams", r#"{"addresses":["127.0.0.1"]}"#)];
        if accounts {
            commands.push(("create_functional", known.as_str()));
        }
        for (command, arguments) in commands {
            let mut tell = process::program(program);
            tell.arg("--data").arg(folder).args(["command", command, arguments]);
            process::must(command, &mut tell, Show::OnFailure)?;
        }
        Ok(relay)
    }

    /// A private Postfix. As before-queue proxy it too hands on the answer of the sink and stores nothing.
    ///
    /// # Errors
    /// When it does not start.
    pub fn postfix(folder: &Path, sink_port: u16, role: Role) -> Result<Self, Failure> {
        let port = free_port()?;
        let master = postfix::write(folder, port, sink_port, role)?;
        let mut start = leashed(&master);
        start.args(["-d", "-c"]).arg(folder);
        own_group(&mut start);
        let child = start
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|err| Failure::io("start Postfix", &err))?;
        let relay = Self {
            name: "Postfix".to_owned(),
            port,
            process: Some(child),
            folder: Some(folder.to_owned()),
            is_postfix: true,
        };
        if wait_until(10.0, || TcpStream::connect(("127.0.0.1", port)).is_ok()) {
            return Ok(relay);
        }
        let log = fs::read_to_string(folder.join("maillog")).unwrap_or_default();
        Err(Failure::new(format!("Postfix did not start: {}", log.lines().last().unwrap_or("it left no log"))))
    }

    /// Puts `count` more addresses on file.
    ///
    /// # Errors
    /// When it refuses them.
    pub fn learn(&self, program: &Path, count: u32) -> Result<(), Failure> {
        /// As many as fit into an argument of a command.
        const AT_ONCE: u32 = 2000;
        let Some(folder) = &self.folder else { return Ok(()) };
        for first in (0..count).step_by(AT_ONCE as usize) {
            let names: Vec<_> =
                (first..count.min(first + AT_ONCE)).map(|n| format!(r#""row{n}@example.test""#)).collect();
            let mut tell = process::program(program);
            let known = format!(r#"{{"addresses":[{}]}}"#, names.join(","));
            tell.arg("--data").arg(folder).args(["command", "create_functional", &known]);
            process::must("create_functional", &mut tell, Show::OnFailure)?;
        }
        Ok(())
    }

    /// True for a relay that ours is compared with.
    pub const fn is_peer(&self) -> bool {
        self.is_postfix
    }

    /// Tells it that the destination is back. Ours notices by itself; Postfix looks after some minutes, unless it is told.
    pub fn flush(&self) {
        if let (true, Some(folder)) = (self.is_postfix, &self.folder) {
            drop(process::answer("postqueue", &["-c", &folder.display().to_string(), "-f"]));
        }
    }

    /// The process whose tree is the relay.
    pub fn process(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        if let Some(child) = &mut self.process {
            end(child);
        }
        if let Some(folder) = &self.folder {
            drop(fs::remove_dir_all(folder)); // in the folder for temporary files anyway
        }
    }
}

/// A program that ends when this process does, where the system can promise that.
pub fn leashed(program: &Path) -> Command {
    if cfg!(target_os = "linux") {
        let mut command = process::program("setpriv");
        command.args(["--pdeathsig", "TERM", "--"]).arg(program);
        command
    } else {
        process::program(program)
    }
}

/// Reads one line and throws away what follows, so that the program never waits for us to read.
pub fn first_line(output: impl Read + Send + 'static) -> Option<String> {
    let mut reader = BufReader::new(output);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    thread::spawn(move || std::io::copy(&mut reader, &mut std::io::sink()));
    Some(line.trim().to_owned())
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

/// Postfix ends its whole process group with itself.
#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn own_group(_command: &mut Command) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_the_ready_line() {
        assert_eq!(listening_port(r#"ready {"smtp":["127.0.0.1:40123"],"pid":7}"#), Some(40123));
        assert_eq!(listening_port(r#"ready {"smtp":[]}"#), None, "nothing is bound");
    }
}
