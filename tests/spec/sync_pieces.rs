//! A run of many is written in pieces: one entry and one Undo all the same, and a kill in between loses nothing.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use rollcall_api::{Kind, SessionLimits};
use rollcall_tests::directory::openldap::{Manner, OpenLdap};
use rollcall_tests::program::{Served, ask, rollcallctl, run_with};
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};
use tempfile::TempDir;

/// So many people that their run takes several pieces.
const PEOPLE: usize = 1_200;

fn office(server: &OpenLdap) -> (TempDir, Served) {
    let folder = TempDir::new().expect("a folder");
    let served = Served::start(folder.path(), &[]);
    let destination = json!({ "host": "127.0.0.1", "port": 9, "tls": "never" });
    ask(folder.path(), "command", "add_domain", &json!({ "name": "office.test", "destination": destination }));
    let source = json!({
        "host": "localhost", "port": server.clear.port(), "security": "none",
        "bind_dn": OpenLdap::READER, "search_base": OpenLdap::BASE,
    });
    let data = folder.path().display().to_string();
    let given = ["--data", &data, "command", "set_ldap_source", &source.to_string(), "--secret-stdin"];
    assert!(run_with(&given, OpenLdap::PASSWORD).status.success());
    (folder, served)
}

fn run(folder: &Path) -> Value {
    ask(folder, "command", "run_sync", &json!({ "accept_first": true }))
}

/// How many users and aliases there are.
fn accounts(folder: &Path) -> u64 {
    let counts = ask(folder, "query", "addresses", &json!({ "limit": 1 }))["counts"].clone();
    ["user", "functional", "alias"].iter().map(|state| counts[state].as_u64().unwrap_or(0)).sum()
}

fn latest(folder: &Path, list: &str) -> Value {
    ask(folder, "query", list, &json!({ "limit": 1 }))["rows"][0].clone()
}

#[test]
fn t16_x04_a_run_of_several_pieces_is_one_entry_and_one_undo_takes_it_back() {
    let server = OpenLdap::with(Manner { people: PEOPLE, ..Manner::default() });
    let (folder, _served) = office(&server);

    let done = run(folder.path());

    let written = done["rows_written"].as_u64().expect("a number");
    assert!(written > PEOPLE as u64, "{done}");
    let entry = latest(folder.path(), "journal");
    assert_eq!((&entry["entry"], &entry["count"]), (&done["entry"], &json!(written)), "all of it in one entry");
    assert_eq!(entry["why"], format!("the directory: {} added", done["add"]));
    let detail = ask(folder.path(), "query", "sync_run", &json!({ "id": done["id"] }));
    assert_eq!(
        (&detail["changes_total"], &detail["run"]["outcome"]),
        (&done["add"], &json!("done")),
        "every line, once"
    );
    assert_eq!(run(folder.path())["rows_written"], 0, "what was noted is whole");

    let undone = ask(folder.path(), "command", "undo", &json!({ "entry": done["entry"] }));
    assert_eq!(undone["addresses"].as_array().map(|all| all.len() as u64), Some(written));
    assert_eq!(accounts(folder.path()), 0);
    let redone = ask(folder.path(), "command", "undo", &json!({ "entry": undone["entry"] }));
    assert_eq!(redone["addresses"].as_array().map(|all| all.len() as u64), Some(written), "an undo can be undone");
}

#[test]
fn t16_v08_a_run_that_is_killed_between_pieces_is_seen_and_the_next_does_the_rest() {
    let server = OpenLdap::with(Manner { people: PEOPLE, ..Manner::default() });
    let (folder, served) = office(&server);
    let whole = ask(folder.path(), "command", "preview_sync", &json!({}));
    let data = folder.path().display().to_string();
    let mut running = Command::new(rollcallctl())
        .args(["--data", &data, "command", "run_sync", r#"{"accept_first":true}"#])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    while accounts(folder.path()) == 0 {
        assert!(running.try_wait().expect("a child").is_none(), "it ended before anything was seen of it");
    }
    served.kill();
    running.wait().expect("it ends");

    let _served = Served::start(folder.path(), &[]);
    let (half, cut) = (accounts(folder.path()), latest(folder.path(), "sync_runs"));
    assert_eq!(cut["outcome"], "failed", "{cut}");
    assert!(cut["sentence"].as_str().is_some_and(|text| text.starts_with("The run was interrupted.")), "{cut}");
    let sync = ask(folder.path(), "query", "sync", &json!({}));
    assert_eq!(sync["state"]["word"], "failed", "{sync}");

    let rest = run(folder.path());
    assert_eq!(rest["outcome"], "done", "{rest}");
    let done = rest["rows_written"].as_u64().expect("a number");
    assert!(half > 0 && done > 0, "{half} before, {done} after: it was cut");
    let lines = ask(folder.path(), "query", "sync_run", &json!({ "id": cut["id"] }))["changes_total"].as_u64();
    let added = |run: &Value| run["add"].as_u64().expect("a number");
    assert_eq!(
        lines.map(|lines| lines + added(&rest)),
        Some(added(&whole)),
        "each entry once, in one run or the other"
    );
    assert_eq!(run(folder.path())["rows_written"], 0, "nothing is left to do");

    // What the cut run did is taken back by itself.
    let undone = ask(folder.path(), "command", "undo", &json!({ "entry": cut["entry"] }));
    assert_eq!(undone["addresses"].as_array().map(|all| all.len() as u64), Some(half));
    assert_eq!(accounts(folder.path()), done);
}

#[tokio::test(flavor = "multi_thread")]
async fn t16_what_the_operator_decides_while_a_run_is_written_stays() {
    let server = OpenLdap::with(Manner { people: PEOPLE, ..Manner::default() });
    let relay = Relay::open(Kind::Real, SessionLimits::default()).await;
    relay.serves("office.test", ([127, 0, 0, 1], 9).into()).await;
    let source = json!({
        "host": "localhost", "port": server.clear.port(), "security": "none",
        "bind_dn": OpenLdap::READER, "search_base": OpenLdap::BASE, "secret": OpenLdap::PASSWORD,
    });
    relay.command("set_ldap_source", source).await;
    let over = AtomicBool::new(false);

    let run = async {
        let run = relay.command("run_sync", json!({ "accept_first": true })).await;
        over.store(true, Ordering::Relaxed);
        run
    };
    let decide = async {
        let mut decided = Vec::new();
        for number in (0..PEOPLE).step_by(7) {
            if over.load(Ordering::Relaxed) {
                break;
            }
            let address = format!("user{number:04}@office.test");
            if relay.door.command("mark_invalid", json!({ "addresses": [address.clone()] })).await.is_ok() {
                decided.push(address);
            }
            rollcall_tests::pause(20).await;
        }
        decided
    };
    let (run, decided) = tokio::join!(run, decide);

    assert_eq!(run["outcome"], "done", "{run}");
    assert!(!decided.is_empty(), "somebody decided");
    for address in &decided {
        let row = relay.query("address", json!({ "address": address })).await["row"].clone();
        assert_eq!(row["state"], "invalid", "{address}: {row}");
    }
    let entry = run["entry"].as_i64().expect("an entry");
    let journal = relay.query("journal", json!({ "limit": 500 })).await;
    let of_sync = journal["rows"].as_array().expect("rows").iter().filter(|row| row["action"] == "sync").count();
    assert_eq!(of_sync, 1, "one entry, {entry}");
    assert_eq!(relay.command("run_sync", json!({})).await["rows_written"], 0);
}
