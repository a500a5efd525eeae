//! The command line as a child process.

use std::io::{BufRead, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// The built `rollcallctl`: `ROLLCALLCTL_BIN`, or beside the test binary.
#[must_use]
pub fn rollcallctl() -> PathBuf {
    if let Some(path) = std::env::var_os("ROLLCALLCTL_BIN") {
        return path.into();
    }
    let test = std::env::current_exe().expect("this test's path");
    let built = test
        .parent()
        .and_then(Path::parent)
        .expect("the target folder")
        .join(format!("rollcallctl{}", std::env::consts::EXE_SUFFIX));
    assert!(built.exists(), "{} is missing: run `cargo build -p rollcall-cli`, or `cargo xtask test`", built.display());
    built
}

/// `rollcallctl serve` as a child; dropping it kills it.
pub struct Served {
    child: Child,
    /// The line after `ready `.
    pub ready: Value,
}

impl Served {
    /// Serves `folder` on a free port, with more arguments.
    #[must_use]
    pub fn start(folder: &Path, more: &[&str]) -> Self {
        Self::start_at(folder, "127.0.0.1:0", more)
    }

    /// Serves `folder`, listening at `listen`, with more arguments.
    #[must_use]
    pub fn start_at(folder: &Path, listen: &str, more: &[&str]) -> Self {
        Self::by(Command::new(rollcallctl()).args(["serve", "--listen", listen, "--data"]).arg(folder).args(more))
    }

    /// Serves `folder` on a free port, trusting `authority` (PEM) instead of what this computer trusts.
    #[must_use]
    pub fn trusting(folder: &Path, authority: &Path) -> Self {
        let mut command = Command::new(rollcallctl());
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder);
        Self::by(command.env("SSL_CERT_FILE", authority))
    }

    /// Serves as `command` says: something that becomes `rollcallctl serve`.
    #[must_use]
    pub fn by(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("rollcallctl runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let ready = line.strip_prefix("ready ").unwrap_or_else(|| panic!("not ready: {line}"));
        Self { child, ready: serde_json::from_str(ready).expect("JSON") }
    }

    /// Where it listens.
    #[must_use]
    pub fn smtp(&self) -> SocketAddr {
        self.ready["smtp"][0].as_str().expect("bound").parse().expect("an address")
    }

    /// `kill -9`: no time for anything.
    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Runs `rollcallctl` with arguments to its end.
#[must_use]
pub fn run(arguments: &[&str]) -> Output {
    Command::new(rollcallctl()).args(arguments).stdin(Stdio::null()).output().expect("rollcallctl runs")
}

/// Runs `rollcallctl` with arguments to its end, with `input` on its standard input.
#[must_use]
pub fn run_with(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(rollcallctl());
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("rollcallctl runs");
    // What refuses its arguments may have ended before it reads.
    drop(child.stdin.take().expect("a pipe").write_all(input.as_bytes()));
    child.wait_with_output().expect("it ends")
}

/// `query` or `command`, and its answer.
pub fn ask(folder: &Path, verb: &str, name: &str, args: &Value) -> Value {
    let folder = folder.display().to_string();
    let output = run(&["--data", &folder, verb, name, &args.to_string()]);
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}
