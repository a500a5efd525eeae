//! Microsoft Entra and Graph as Microsoft's own clients know them: `tests/peers/graph/graph_standin.py` as a child, with the
//! small office of `tests/peers/directory/dataset.py`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use rollcall_directory::{Credential, EntraSettings, Secret};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The running stand-in; dropping it ends it.
pub struct Graph {
    facts: BTreeMap<String, String>,
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    _folder: TempDir,
}

impl Graph {
    /// Starts one with 1,279 people, a guest, five groups and two contacts.
    #[must_use]
    pub fn start() -> Self {
        Self::with_more_people(1_250)
    }

    /// Starts one with so many people beside the 29 that have a story.
    ///
    /// # Panics
    /// When Python or OpenSSL is missing.
    #[must_use]
    pub fn with_more_people(count: u32) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/graph/graph_standin.py");
        let mut child = Command::new("/usr/bin/python3")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("ROLLCALL_BULK", count.to_string())
            .arg(script)
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        let orders = child.stdin.take().expect("a pipe");
        let mut answers = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut facts = BTreeMap::new();
        loop {
            let mut line = String::new();
            assert!(answers.read_line(&mut line).expect("a line") > 0, "the stand-in started");
            let Some((name, value)) = line.trim_end().split_once('=') else { break };
            facts.insert(name.to_owned(), value.to_owned());
        }
        Self { facts, child, orders, answers, _folder: folder }
    }

    /// What a client needs, by its name without `GRAPH_`.
    ///
    /// # Panics
    /// When there is no such fact.
    #[must_use]
    pub fn fact(&self, name: &str) -> &str {
        self.facts.get(&format!("GRAPH_{name}")).unwrap_or_else(|| panic!("no fact {name}"))
    }

    /// Settings that work: the app with every permission, by its secret.
    #[must_use]
    pub fn settings(&self) -> EntraSettings {
        EntraSettings {
            tenant: self.fact("TENANT").to_owned(),
            client_id: self.fact("CLIENT").to_owned(),
            credential: Credential::Secret(Secret::new(self.fact("SECRET").to_owned())),
            login_url: self.fact("AUTHORITY").to_owned(),
            graph_url: self.fact("AUTHORITY").to_owned(),
            authority: Some(self.file("CA")),
        }
    }

    /// The certificate that is registered with the apps, and its key.
    #[must_use]
    pub fn certificate(&self) -> Credential {
        self.pair("CERT", "CERT_KEY")
    }

    /// A certificate that nobody registered, and its key.
    #[must_use]
    pub fn other_certificate(&self) -> Credential {
        self.pair("OTHER_CERT", "OTHER_KEY")
    }

    /// Steers it; see `control()` in the script.
    ///
    /// # Panics
    /// When the script does not know what to do.
    pub fn steer(&mut self, order: &Value) -> Value {
        writeln!(self.orders, "{order}").expect("written");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("a line");
        let answer: Value = serde_json::from_str(&line).expect("JSON");
        assert!(answer.get("error").is_none(), "{order}: {answer}");
        answer
    }

    /// When each request of `path` came, in seconds.
    pub fn times(&mut self, path: &str) -> Vec<f64> {
        let log = self.steer(&json!({ "op": "log" }));
        let requests = log.as_array().expect("a list").iter();
        let found = requests.filter(|request| request["path"].as_str().is_some_and(|it| it.contains(path)));
        found.filter_map(|request| request["t"].as_f64()).collect()
    }

    fn pair(&self, certificate: &str, key: &str) -> Credential {
        Credential::Certificate(Secret::new(self.file(certificate) + &self.file(key)))
    }

    fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.fact(name)).expect("a file")
    }
}

impl Drop for Graph {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
