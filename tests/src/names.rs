//! A real name server on loopback: dnsmasq with texts of its own, which asks nobody else.

use std::fs;
use std::net::SocketAddr;
use std::process::Command;

use tempfile::TempDir;

use crate::peer::{self, Process};

/// A running name server; dropping it stops it.
pub struct Names {
    /// Where it answers, in UDP and TCP.
    pub address: SocketAddr,
    folder: TempDir,
    _process: Process,
}

impl Names {
    /// One that knows these TXT records, and says of every other name below `example` that it does not exist.
    ///
    /// # Panics
    /// When dnsmasq is missing.
    #[must_use]
    pub fn knowing(records: &[(&str, &str)]) -> Self {
        let folder = peer::folder("names");
        let address = peer::free_address();
        let mut settings = SETTINGS.replace("{port}", &address.port().to_string());
        for (name, text) in records {
            // A text of more than 255 octets comes in pieces (RFC 1035 section 3.3.14).
            let pieces: Vec<&str> =
                (0..text.len()).step_by(200).map(|at| &text[at..text.len().min(at + 200)]).collect();
            settings.push_str(&format!("txt-record={name},\"{}\"\n", pieces.join("\",\"")));
        }
        let file = folder.path().join("dnsmasq.conf");
        fs::write(&file, settings).expect("written");
        let mut command = Command::new("dnsmasq");
        command.arg("--keep-in-foreground").arg(format!("--conf-file={}", file.display()));
        let process = Process::start(&mut command, &folder.path().join("log"));
        peer::wait_for(address, &folder.path().join("log"));
        Self { address, folder, _process: process }
    }

    /// Whether it was asked for the TXT record of `name`.
    #[must_use]
    pub fn was_asked_for(&self, name: &str) -> bool {
        self.log().contains(&format!("query[TXT] {name} "))
    }

    /// What it was asked and answered.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

const SETTINGS: &str = "port={port}
listen-address=127.0.0.1
bind-interfaces
no-resolv
no-hosts
no-poll
user=root
pid-file=
local=/example/
log-facility=-
log-queries
";
