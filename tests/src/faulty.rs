//! Mail servers that misbehave as real ones do, forty behaviours at once: `tests/peers/faulty_smtp.py` as a child.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::certificates;

/// The running servers; dropping them ends them.
pub struct Faulty {
    places: BTreeMap<String, SocketAddr>,
    folder: TempDir,
    child: Child,
}

impl Faulty {
    /// Starts them all.
    ///
    /// # Panics
    /// When Python or OpenSSL is missing.
    #[must_use]
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        certificates::make(folder.path());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/faulty_smtp.py");
        let mut child = Command::new("/usr/bin/python3")
            .arg(script)
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        let mut places = BTreeMap::new();
        for line in BufReader::new(child.stdout.take().expect("a pipe")).lines() {
            let line = line.expect("a line");
            let Some((name, place)) = line.split_once('=') else { break };
            places.insert(name.to_owned(), place.parse().expect("an address"));
        }
        assert!(places.len() > 30, "the servers started: {places:?}");
        Self { places, folder, child }
    }

    /// Where the server with this behaviour listens.
    ///
    /// # Panics
    /// When there is no such behaviour.
    #[must_use]
    pub fn place(&self, behaviour: &str) -> SocketAddr {
        *self.places.get(behaviour).unwrap_or_else(|| panic!("no behaviour {behaviour}"))
    }

    /// The authority that signed the right, the expired and the wrong name's certificate, in PEM.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }
}

impl Drop for Faulty {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
