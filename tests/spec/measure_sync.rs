//! 50,000 entries of a real OpenLDAP: under 60 s and 300 MB, and a second run that touches no row; taking the run back; and a
//! list of 5,000 people from a file (M08). Run by hand, with a release build of `rollcallctl` named by `ROLLCALLCTL_BIN`:
//! `cargo test --workspace --features rollcall-tests/measure --test spec -- --nocapture measure_sync::`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rollcall_tests::client::Client;
use rollcall_tests::destination::Destination;
use rollcall_tests::directory::openldap::{Manner, OpenLdap};
use rollcall_tests::pause;
use rollcall_tests::program::{Served, ask, rollcallctl};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::measure::told;

/// The most memory that a process ever had, in megabytes.
fn peak_mb(data: &str) -> u64 {
    let serves = |pid: &u32| {
        let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line);
        line.contains("serve") && line.contains(data)
    };
    let all = std::fs::read_dir("/proc").expect("/proc");
    let pids = all.flatten().filter_map(|entry| entry.file_name().to_string_lossy().parse::<u32>().ok());
    let pid = pids.into_iter().find(serves).expect("it runs");
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("its status");
    let line = status.lines().find(|line| line.starts_with("VmHWM")).expect("a peak");
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).expect("a number") / 1024
}

/// The longest that mail and the window had to wait, in seconds: RCPT for a new name, its content, a question.
#[derive(Default)]
struct Longest {
    messages: u64,
    rcpt: f64,
    content: f64,
    question: f64,
}

impl Longest {
    fn told(&self) -> String {
        let Self { messages, rcpt, content, question } = self;
        format!("{messages} messages, RCPT {rcpt:.2} s, content {content:.2} s, a question {question:.2} s")
    }
}

/// Sends one message after the other, each to a name nobody has seen, until `over`.
async fn mail_flows(to: SocketAddr, over: Arc<AtomicBool>) -> Longest {
    let mut longest = Longest::default();
    while !over.load(Ordering::Relaxed) {
        let mut client = Client::with_mail(to, "a@sender.example").await;
        let began = tokio::time::Instant::now();
        let reply = client.say(&format!("RCPT TO:<new{}@office.test>", longest.messages)).await;
        assert!(reply.starts_with("250"), "{reply}");
        longest.rcpt = longest.rcpt.max(began.elapsed().as_secs_f64());
        let began = tokio::time::Instant::now();
        let reply = client.data("Subject: x\r\n\r\nx").await;
        assert!(reply.starts_with("250"), "{reply}");
        longest.content = longest.content.max(began.elapsed().as_secs_f64());
        longest.messages += 1;
        client.say("QUIT").await;
        pause(20).await;
    }
    longest
}

/// Asks what the window asks, until `over`.
fn window_asks(folder: &Path, over: &AtomicBool) -> f64 {
    let mut longest: f64 = 0.0;
    while !over.load(Ordering::Relaxed) {
        let began = tokio::time::Instant::now();
        ask(folder, "query", "addresses", &json!({ "state": "user", "sort": "address", "limit": 100 }));
        longest = longest.max(began.elapsed().as_secs_f64());
    }
    longest
}

/// A command while mail flows and somebody looks: seconds, its answer, and how long others waited.
async fn under_load(folder: &Path, smtp: SocketAddr, command: &'static str, args: Value) -> (f64, Value, Longest) {
    let over = Arc::new(AtomicBool::new(false));
    let mail = tokio::spawn(mail_flows(smtp, Arc::clone(&over)));
    let (asked, seen) = (folder.to_owned(), Arc::clone(&over));
    let window = tokio::task::spawn_blocking(move || window_asks(&asked, &seen));
    let began = tokio::time::Instant::now();
    let asked = folder.to_owned();
    let answer = tokio::task::spawn_blocking(move || ask(&asked, "command", command, &args)).await;
    let seconds = began.elapsed().as_secs_f64();
    over.store(true, Ordering::Relaxed);
    let longest = mail.await.expect("mail flows");
    let question = window.await.expect("it answers");
    (seconds, answer.expect("it ends"), Longest { question, ..longest })
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_thousand_entries_sync_within_a_minute_and_300_mb_and_a_second_run_touches_no_row() {
    let server = OpenLdap::with(Manner { people: 50_000, ..Manner::default() });
    let folder = TempDir::new().expect("a folder");
    let destination = Destination::knowing(&[]).await;
    let served = Served::start(folder.path(), &[]);
    let data = folder.path().display().to_string();
    let to = json!({ "host": "127.0.0.1", "port": destination.address.port(), "tls": "never" });
    ask(folder.path(), "command", "add_domain", &json!({ "name": "office.test", "destination": to }));
    let source = json!({
        "host": "localhost", "port": server.clear.port(), "security": "none",
        "bind_dn": OpenLdap::READER, "search_base": OpenLdap::BASE,
    });
    let mut child = Command::new(rollcallctl())
        .args(["--data", &data, "command", "set_ldap_source", &source.to_string(), "--secret-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("it runs");
    writeln!(child.stdin.take().expect("a pipe"), "{}", OpenLdap::PASSWORD).expect("written");
    assert!(child.wait().expect("it ends").success());
    let before = peak_mb(&data);

    let (first, one, waited) =
        under_load(folder.path(), served.smtp(), "run_sync", json!({ "accept_first": true })).await;
    let after_first = peak_mb(&data);
    let (second, two, waited_again) = under_load(folder.path(), served.smtp(), "run_sync", json!({})).await;

    let peak = peak_mb(&data);
    let undo = json!({ "entry": one["entry"] });
    let (undoing, _, waited_for_undo) = under_load(folder.path(), served.smtp(), "undo", undo).await;

    told(&format!(
        "found {}, first {first:.1} s ({} rows), second {second:.1} s ({} rows), undo {undoing:.1} s; peak {before}, {after_first}, {peak}, {} MB; \
         longest in the first: {}; in the second: {}; in the undo: {}",
        one["found"],
        one["rows_written"],
        two["rows_written"],
        peak_mb(&data),
        waited.told(),
        waited_again.told(),
        waited_for_undo.told()
    ));
    assert!(first < 60.0 && second < 60.0, "{first} s, {second} s");
    assert!(peak < 300, "{peak} MB");
    let moment = |waited: &Longest| waited.rcpt < 1.0 && waited.content < 1.0;
    assert!(moment(&waited) && moment(&waited_again) && moment(&waited_for_undo), "mail waited");
    assert!(one["rows_written"].as_u64().is_some_and(|rows| rows > 50_000), "{one}");
    assert_eq!(two["rows_written"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn m08_a_list_of_5000_people_is_looked_at_and_imported_in_two_seconds_each() {
    let folder = TempDir::new().expect("a folder");
    let _served = Served::start(folder.path(), &[]);
    let data = folder.path().display().to_string();
    let to = json!({ "host": "127.0.0.1", "port": 9, "tls": "never" });
    ask(folder.path(), "command", "add_domain", &json!({ "name": "office.test", "destination": to }));
    let mut list = String::from("email,first name,surname\r\n");
    for number in 0..5_000 {
        writeln!(list, "first{number}.last{number}@office.test,First{number},Last{number}\r").expect("a text");
    }
    let file = folder.path().join("people.csv");
    std::fs::write(&file, list).expect("written");
    let timed = |command: &str| {
        let began = tokio::time::Instant::now();
        let output = Command::new(rollcallctl())
            .args(["--data", &data, "command", command, "--file"])
            .arg(&file)
            .output()
            .expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        (began.elapsed().as_secs_f64(), answer["counts"]["add"].clone())
    };

    let (preview, would) = timed("preview_csv");
    let (import, did) = timed("import_csv");

    told(&format!("5,000 people of a list: preview {preview:.2} s, import {import:.2} s, peak {} MB", peak_mb(&data)));
    assert_eq!((would, did), (json!(5_000), json!(5_000)));
    assert!(preview < 2.0 && import < 2.0, "{preview} s, {import} s");
}
