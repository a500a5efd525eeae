//! The words scripts rely on: `rollcallctl`, the socket, the folder's kind, and the window's types.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use rollcall_api::{Code, Kind, OpenOptions};
use rollcall_tests::ports;
use rollcall_tests::program::{Served, ask, rollcallctl, run};
use serde_json::{Value, json};
use tempfile::TempDir;

fn stderr_fault(arguments: &[&str]) -> Value {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    let text = String::from_utf8_lossy(&output.stderr);
    serde_json::from_str(text.trim()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn serve_says_ready_once_and_queries_attach_over_the_socket() {
    let folder = TempDir::new().expect("a temporary folder");
    let served = Served::start(folder.path(), &[]);

    assert_eq!(served.ready["smtp"].as_array().map(Vec::len), Some(1), "{}", served.ready);
    let health = ask(folder.path(), "query", "health", &json!({}));
    assert_eq!(health["state"], "not_set_up");
    assert_eq!(health["listeners"][0]["bound"], served.ready["smtp"][0]);
    let addresses = ask(folder.path(), "query", "addresses", &json!({}));
    assert_eq!((&addresses["rows"], &addresses["total"]), (&json!([]), &json!(0)));
}

#[test]
fn without_an_engine_the_fault_is_unavailable() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().display().to_string();

    let fault = stderr_fault(&["--data", &path, "query", "health"]);

    assert_eq!(fault["code"], "unavailable");
    assert!(fault["message"].as_str().is_some_and(|text| text.contains("rollcallctl serve")), "{fault}");
}

#[test]
fn a_fault_is_json_on_stderr_with_exit_code_one() {
    let folder = TempDir::new().expect("a temporary folder");
    let _served = Served::start(folder.path(), &[]);
    let path = folder.path().display().to_string();

    assert_eq!(stderr_fault(&["--data", &path, "query", "nothing"])["code"], "invalid");
    assert_eq!(
        stderr_fault(&["--data", &path, "query", "address", r#"{"address":"a@b.example"}"#])["code"],
        "not_found"
    );
    assert_eq!(stderr_fault(&["--data", &path, "command", "skip_time", r#"{"hours":1}"#])["code"], "forbidden");
    assert_eq!(stderr_fault(&["--data", &path, "command", "undo", "{not json"])["code"], "invalid");
    assert_eq!(stderr_fault(&["serve", "--data", &path])["code"], "conflict", "one engine a folder");
}

#[test]
fn a_busy_port_is_a_fault_in_health_and_not_an_exit() {
    let folder = TempDir::new().expect("a temporary folder");
    let holder = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = holder.local_addr().expect("bound").to_string();
    let served = Served::start_at(folder.path(), &address, &[]);

    assert_eq!(served.ready["smtp"], json!([]));
    let health = ask(folder.path(), "query", "health", &json!({}));
    assert_eq!(health["faults"][0]["code"], "listener_not_bound");
    let sentence = health["listeners"][0]["fault"].as_str().expect("a sentence");
    assert!(sentence.contains("Another program is using port"), "{sentence}");
}

#[test]
fn a_folder_keeps_its_kind() {
    let folder = TempDir::new().expect("a temporary folder");
    drop(Served::start(folder.path(), &[]));
    let practice = folder.path().join("practice");
    drop(Served::start(folder.path(), &["--practice"]));

    let fault = stderr_fault(&["serve", "--data", &practice.display().to_string()]);

    assert_eq!(fault["code"], "conflict");
    assert!(fault["message"].as_str().is_some_and(|text| text.to_lowercase().contains("practice")), "{fault}");
}

#[test]
fn watch_prints_events_as_json_lines() {
    use std::io::{BufRead, BufReader};
    let folder = TempDir::new().expect("a temporary folder");
    let _served = Served::start(folder.path(), &[]);
    let mut watch = Command::new(rollcallctl())
        .arg("--data")
        .arg(folder.path())
        .arg("watch")
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("runs");
    let mut lines = BufReader::new(watch.stdout.take().expect("a pipe")).lines();
    let mut next = || -> Value { serde_json::from_str(&lines.next().expect("a line").expect("text")).expect("JSON") };

    let first = next();
    assert!(first["stale"].as_array().is_some_and(|tags| tags.contains(&json!("health"))), "{first}");
    ask(folder.path(), "command", "set_notifications", &json!({ "wanted": false }));
    // On a busy machine an event about something else may come in between.
    let told = (0..5)
        .map(|_| next())
        .find(|event| event["stale"].as_array().is_some_and(|tags| tags.contains(&json!("setup"))));
    assert!(told.is_some_and(|event| event["revision"].as_u64() > first["revision"].as_u64()));
    watch.kill().expect("killed");
    watch.wait().expect("gone");
}

#[test]
fn the_windows_types_are_the_wires_types() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/lib/api/types.ts");
    let text = std::fs::read_to_string(&file).expect("the window's types");

    assert!(
        text == rollcall_api::typescript::types(),
        "ui/src/lib/api/types.ts is old: cargo run -p rollcall-api --example types > ui/src/lib/api/types.ts"
    );
}

#[tokio::test]
async fn a_command_that_expects_an_older_history_is_a_conflict() {
    let relay = rollcall_tests::relay::Relay::bare().await;
    relay.command("set_notifications", json!({ "wanted": false })).await;

    let fault = relay.door.command_expecting("set_notifications", json!({ "wanted": true }), Some(0)).await;

    assert_eq!(fault.expect_err("a fault").code, Code::Conflict);
}

#[test]
fn a_wrong_argument_is_named_with_what_is_allowed() {
    let folder = TempDir::new().expect("a temporary folder");
    let _served = Served::start(folder.path(), &[]);
    let path = folder.path().display().to_string();
    let message = |name: &str, args: &str| stderr_fault(&["--data", &path, "query", name, args])["message"].clone();

    assert_eq!(
        message("addresses", r#"{"state":"bogus"}"#),
        "“state” can't be “bogus”: it must be watching, discovered, user, functional, alias, inactive, invalid or never_add."
    );
    assert_eq!(message("adresses", r#"{"state":"bogus"}"#), "There is no query “adresses”.");
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::symlink_metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).permissions().mode()
        & 0o777
}

/// A folder that is not there yet, whose path does not fit into a Unix socket's address.
fn deep(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("an-office-with-a-long-name".repeat(3)).join("mail".repeat(10))
}

#[cfg(unix)]
#[test]
fn what_an_engine_makes_is_for_its_owner_alone() {
    let folder = TempDir::new().expect("a temporary folder");
    let data = folder.path().join("office");
    let _served = Served::start(&data, &[]);

    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&data.join("engine.lock")), 0o600);
    assert_eq!(mode(&data.join("engine.sock")), 0o600);
}

#[test]
fn a_relative_and_a_full_path_meet_in_any_folder() {
    let folder = TempDir::new().expect("a temporary folder");
    for data in [folder.path().join("office"), deep(&folder)] {
        let served = Served::start(&data, &[]);

        let health = Command::new(rollcallctl())
            .args(["--data", ".", "query", "health"])
            .current_dir(&data)
            .output()
            .expect("rollcallctl runs");

        assert!(health.status.success(), "{}", String::from_utf8_lossy(&health.stderr));
        let health: Value = serde_json::from_slice(&health.stdout).expect("JSON");
        assert_eq!(health["listeners"][0]["bound"], served.ready["smtp"][0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_of_a_deep_folder_is_reached_without_its_environment() {
    let folder = TempDir::new().expect("a temporary folder");
    let data = deep(&folder);
    let door = rollcall_api::open(OpenOptions::new(&data, Kind::Practice)).await.expect("it opens");
    #[cfg(unix)]
    let socket = door.socket();

    let health = Command::new(rollcallctl())
        .arg("--data")
        .arg(&data)
        .args(["query", "health"])
        .env("XDG_RUNTIME_DIR", "")
        .env("TMPDIR", folder.path())
        .output()
        .expect("rollcallctl runs");

    assert!(health.status.success(), "{}", String::from_utf8_lossy(&health.stderr));
    #[cfg(unix)]
    {
        assert!(socket.as_os_str().len() <= 100, "{}", socket.display());
        assert_eq!(mode(&socket), 0o600);
        assert_eq!(mode(socket.parent().expect("a folder")), 0o700, "others can't squat its name");
    }
    door.close().await;
    #[cfg(unix)]
    assert!(!socket.exists() && !data.join("engine.sock").is_symlink(), "a closed engine leaves no socket");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_no_shell_could_reach_gives_the_folder_and_the_port_back() {
    let folder = TempDir::new().expect("a temporary folder");
    let in_the_way = folder.path().join("engine.sock");
    std::fs::create_dir(&in_the_way).expect("a folder where the socket should be");
    let port = SocketAddr::from(([127, 0, 0, 1], ports::lasting()));
    let options = || OpenOptions { listen: Some(port), ..OpenOptions::new(folder.path(), Kind::Real) };

    let fault = rollcall_api::open(options()).await.err().expect("a fault");

    assert_eq!(fault.code, Code::Unavailable, "{fault}");
    std::fs::remove_dir(&in_the_way).expect("removed");
    let door = rollcall_api::open(options()).await.expect("the lock is free again");
    assert!(!door.is_attached());
    let health = door.query("health", json!({})).await.expect("health");
    assert_eq!(health["listeners"][0]["bound"], port.to_string());
    door.close().await;
}

#[test]
fn set_listener_wins_over_how_the_engine_was_started() {
    let folder = TempDir::new().expect("a temporary folder");
    let (before, port) = (ports::lasting(), ports::lasting());
    let served = Served::start_at(folder.path(), &format!("127.0.0.1:{before}"), &[]);
    assert_eq!(served.smtp().port(), before);

    let args = json!({ "name": "inbound", "address": "127.0.0.1", "port": port });
    let answer = ask(folder.path(), "command", "set_listener", &args);

    assert_eq!(answer["listener"]["bound"], format!("127.0.0.1:{port}"), "{answer}");
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    assert!(std::net::TcpStream::connect(served.smtp()).is_err(), "nothing listens where it was");
}
