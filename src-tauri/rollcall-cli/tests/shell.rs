//! `rollcallctl` as scripts use it: a real process, its exit code, its stdout and its stderr.

#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

#[test]
fn without_a_running_engine_the_fault_is_unavailable_on_stderr_and_the_exit_code_1() {
    let dir = tempfile::tempdir().unwrap();

    for line in [&["query", "health"][..], &["command", "undo", r#"{"entry":1}"#], &["watch"]] {
        let output = rollcallctl(dir.path(), line);

        assert_eq!(output.status.code(), Some(1), "{line:?}");
        assert_eq!(fault(&output)["code"], "unavailable", "{line:?}");
        assert!(output.stdout.is_empty(), "{line:?}");
    }
}

#[test]
fn bad_json_is_an_invalid_fault_before_anybody_is_asked() {
    let dir = tempfile::tempdir().unwrap();

    let output = rollcallctl(dir.path(), &["query", "addresses", r#"{"state":}"#]);

    assert_eq!(output.status.code(), Some(1));
    let fault = fault(&output);
    assert_eq!(fault["code"], "invalid");
    assert!(fault["message"].as_str().unwrap().contains("line 1, column 10"), "{fault}");
}

#[test]
fn query_and_command_without_a_name_list_what_there_is() {
    let dir = tempfile::tempdir().unwrap();

    let queries = text(&rollcallctl(dir.path(), &["query"]));
    let commands = text(&rollcallctl(dir.path(), &["command"]));

    assert!(queries.contains("  health ") && queries.contains(r#"{"address":"#), "{queries}");
    assert!(commands.contains("  create_user ") && commands.contains("  skip_time "), "{commands}");
}

#[test]
fn serve_says_ready_once_and_answers_until_it_is_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::serve(dir.path(), &["--listen", "127.0.0.1:0"]);

    assert_eq!(engine.ready["practice"], false);
    assert_eq!(engine.ready["data"], dir.path().display().to_string());
    let socket = engine.ready["socket"].as_str().unwrap();
    // A pipe is no file: looking at it would connect to it.
    assert!(if cfg!(windows) { socket.starts_with(r"\\.\pipe\") } else { Path::new(socket).exists() }, "{socket}");
    let health = answer(&rollcallctl(dir.path(), &["query", "health"]));
    assert_eq!(health["listeners"][0]["bound"], engine.ready["smtp"][0]);
    let missing = rollcallctl(dir.path(), &["query", "address", r#"{"address":"ann@acme.example"}"#]);
    assert_eq!(fault(&missing)["code"], "not_found");

    engine.stop();
}

#[test]
fn a_folder_that_is_open_elsewhere_is_a_conflict() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::serve(dir.path(), &["--listen", "127.0.0.1:0"]);

    let output = rollcallctl(dir.path(), &["serve", "--listen", "127.0.0.1:0"]);

    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty(), "no second ready line");
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.lines().last().unwrap().starts_with(r#"{"code":"conflict""#), "{log}");
    engine.stop();
}

#[test]
fn a_busy_port_is_a_fault_in_health_and_no_reason_to_end() {
    let dir = tempfile::tempdir().unwrap();
    let busy = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = busy.local_addr().unwrap().to_string();

    let engine = Engine::serve(dir.path(), &["--listen", &address]);

    assert_eq!(engine.ready["smtp"], Value::Array(vec![]));
    let health = answer(&rollcallctl(dir.path(), &["query", "health"]));
    let sentence = health["listeners"][0]["fault"].as_str().unwrap();
    assert!(sentence.contains(&busy.local_addr().unwrap().port().to_string()), "{sentence}");
    engine.stop();
}

#[test]
fn watch_prints_an_event_a_line_and_ends_with_the_engine() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::serve(dir.path(), &["--listen", "127.0.0.1:0"]);
    let mut watch = command(dir.path(), &["watch"]).spawn().unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();

    let first: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    let wish = r#"{"wanted":false}"#;
    assert!(rollcallctl(dir.path(), &["command", "set_notifications", wish]).status.success());
    let second: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    engine.stop();

    assert!(second["revision"].as_u64() > first["revision"].as_u64(), "{first} {second}");
    assert!(second["stale"].as_array().is_some_and(|tags| !tags.is_empty()), "{second}");
    assert_eq!(watch.wait().unwrap().code(), Some(1));
}

#[cfg(unix)]
#[test]
fn practice_without_a_terminal_prints_who_wrote_to_whom_and_who_was_discovered() {
    let dir = tempfile::tempdir().unwrap();
    let mut practice = command(dir.path(), &["practice"]).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(practice.stdout.take().unwrap()).lines().map(Result::unwrap);

    let mut printed: Vec<String> = Vec::new();
    while !(printed.iter().any(|line| line.starts_with("discovered: "))
        && printed.iter().any(|line| line.contains(": no such address (550 5.1.1 ")))
    {
        printed.push(lines.next().expect("the office goes on"));
    }
    terminate(&practice);
    let summary: Vec<String> = lines.collect();

    assert_eq!(practice.wait().unwrap().code(), Some(0));
    assert!(
        printed.iter().any(|line| line.contains(" -> info@fabrikam.example: delivered (250 2.0.0 ")),
        "{printed:?}"
    );
    assert!(summary.iter().any(|line| line.starts_with("Practice office, ")), "{summary:?}");
    assert!(printed.iter().chain(&summary).all(|line| !line.contains('\u{1b}')), "no escape sequences");
}

#[test]
fn practice_ends_by_itself_after_the_seconds_it_was_given() {
    let dir = tempfile::tempdir().unwrap();

    let printed = text(&rollcallctl(dir.path(), &["practice", "--for", "1"]));

    assert!(printed.contains("Practice office, ") && printed.contains("\nDiscovered: "), "{printed}");
    assert!(dir.path().join("practice").is_dir());
}

/// A running `rollcallctl serve`.
struct Engine {
    process: Child,
    ready: Value,
}

impl Engine {
    fn serve(data: &Path, more: &[&str]) -> Self {
        let mut process = command(data, &[&["serve"], more].concat()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(line.strip_prefix("ready ").unwrap_or_else(|| panic!("{line}"))).unwrap();
        Self { process, ready }
    }

    /// Asks it to end, as a service manager does, and waits.
    #[cfg(unix)]
    fn stop(mut self) {
        terminate(&self.process);
        assert_eq!(self.process.wait().unwrap().code(), Some(0));
    }

    #[cfg(not(unix))]
    fn stop(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        drop(self.process.kill());
    }
}

#[cfg(unix)]
fn terminate(process: &Child) {
    let id = process.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
}

fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcallctl"));
    command.arg("--data").arg(data).args(arguments).env_remove("RUST_LOG");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn rollcallctl(data: &Path, arguments: &[&str]) -> Output {
    command(data, arguments).output().unwrap()
}

fn text(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn answer(output: &Output) -> Value {
    serde_json::from_str(&text(output)).unwrap()
}

fn fault(output: &Output) -> Value {
    serde_json::from_slice(&output.stderr).unwrap()
}
