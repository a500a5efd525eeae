//! Opens and closes the practice office: the engine of `DIR/practice`, its mail server and its neighbourhood.

use std::net::SocketAddr;
use std::path::Path;

use jiff::tz::TimeZone;
use rollcall_api::answers::{Destination, Domains, TlsWord};
use rollcall_api::{Code, Door, Fault, Kind, OpenOptions};
use serde_json::json;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::mail_server::{MailServer, MailboxCount};
use crate::mailboxes::DOMAIN;
use crate::neighbourhood::Neighbourhood;
use crate::neighbourhood::life::{Morning, live};
use crate::supervise::keep_alive;

/// An open practice office.
pub struct Office {
    door: Door,
    /// Absent when another process has the office open and runs the rest of it.
    inside: Option<Inside>,
}

/// What of the office runs in this process.
struct Inside {
    mail_server: MailServer,
    tasks: TaskTracker,
    /// Ends the tasks when it is dropped.
    running: DropGuard,
}

/// Opens the practice office of `dir`, its folder being `dir/practice`. If another process has it open, attaches to
/// that one and starts nothing.
///
/// # Errors
/// `conflict` when the folder holds a real office; `unavailable` when it or a loopback port cannot be used.
pub async fn open(dir: &Path) -> Result<Office, Fault> {
    open_at(dir, None).await
}

/// The same, with the relay's port bound at `listen` instead of where the folder says.
///
/// # Errors
/// As [`open`]; `forbidden` when `listen` is not on loopback.
pub async fn open_at(dir: &Path, listen: Option<SocketAddr>) -> Result<Office, Fault> {
    if listen.is_some_and(|address| !address.ip().is_loopback()) {
        return Err(Fault {
            code: Code::Forbidden,
            message: "The practice office listens only on this computer. Choose 127.0.0.1.".to_owned(),
            detail: Vec::new(),
        });
    }
    let data = dir.join(FOLDER);
    let options = OpenOptions { listen, ..OpenOptions::new(data, Kind::Practice) };
    let door = rollcall_api::open(options).await?;
    if door.is_attached() {
        return Ok(Office { door, inside: None });
    }
    match Inside::start(&door).await {
        Ok(inside) => Ok(Office { door, inside: Some(inside) }),
        Err(fault) => {
            door.close().await;
            Err(fault)
        }
    }
}

impl Office {
    /// The door to its engine.
    #[must_use]
    pub fn door(&self) -> Door {
        self.door.clone()
    }

    /// What its mail server took for each mailbox; empty when another process runs it.
    #[must_use]
    pub fn mailboxes(&self) -> Vec<MailboxCount> {
        self.inside.as_ref().map(|inside| inside.mail_server.mailboxes()).unwrap_or_default()
    }

    /// Sends the neighbours home, ends the engine if it is in this process, and last the mail server, so that what is
    /// under way can still be delivered.
    pub async fn close(self) {
        let Some(Inside { mail_server, tasks, running }) = self.inside else { return };
        drop(running);
        tasks.close();
        tasks.wait().await;
        self.door.close().await;
        mail_server.close().await;
    }
}

impl Inside {
    async fn start(door: &Door) -> Result<Self, Fault> {
        let last_time = destination(door).await?;
        let port = last_time.as_ref().filter(|known| is_ours(known)).map_or(0, |known| known.port);
        let mail_server = MailServer::start(port).await.map_err(|error| Fault {
            code: Code::Unavailable,
            message: "The practice office found no free port on this computer.".to_owned(),
            detail: vec![error.to_string()],
        })?;
        let morning = if last_time.is_some() { Morning::Another } else { Morning::First };
        let present = Destination {
            host: mail_server.address().ip().to_string(),
            port: mail_server.address().port(),
            tls: TlsWord::Never,
        };
        // A destination that the operator chose elsewhere stays; ours moves with the port.
        if last_time.is_none_or(|known| is_ours(&known) && known != present) {
            door.command("add_domain", json!({ "name": DOMAIN, "destination": present })).await?;
        }
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let street = Neighbourhood { seed: SEED, zone: TimeZone::system() };
        let door = door.clone();
        let mut morning = Some(morning);
        tasks.spawn(keep_alive("neighbourhood", stop.clone(), move || {
            // Started again after a failure, it goes on where it was: the first morning is over.
            live(door.clone(), street.clone(), morning.take().unwrap_or(Morning::Another))
        }));
        Ok(Self { mail_server, tasks, running: stop.drop_guard() })
    }
}

/// Where the office's domain goes, if it was set up before.
async fn destination(door: &Door) -> Result<Option<Destination>, Fault> {
    let answer = door.query("domains", json!({})).await?;
    let domains: Domains = serde_json::from_value(answer).map_err(|error| Fault {
        code: Code::Internal,
        message: "The practice office could not read its own settings.".to_owned(),
        detail: vec![error.to_string()],
    })?;
    Ok(domains.rows.into_iter().find(|row| row.name == DOMAIN).map(|row| row.destination))
}

/// True for the office's own mail server, whatever its port was.
fn is_ours(destination: &Destination) -> bool {
    destination.host == "127.0.0.1"
}

/// The practice folder inside the data folder.
pub const FOLDER: &str = "practice";
/// Every practice office has the same neighbours.
const SEED: u64 = 0x0fab_21ca;

#[cfg(test)]
#[path = "office_tests.rs"]
mod tests;
