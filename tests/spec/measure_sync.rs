//! 50,000 entries of a real OpenLDAP: under 60 s and 300 MB, and a second run that touches no row. Run by hand:
//! `cargo test -p rollcall-tests --features measure --test spec -- --nocapture measure_sync::`.

use std::io::Write as _;
use std::process::{Command, Stdio};

use rollcall_tests::directory::openldap::{Manner, OpenLdap};
use rollcall_tests::program::{Served, ask, rollcallctl};
use serde_json::{Value, json};
use tempfile::TempDir;

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

#[test]
fn fifty_thousand_entries_sync_within_a_minute_and_300_mb_and_a_second_run_touches_no_row() {
    let server = OpenLdap::with(Manner { people: 50_000, ..Manner::default() });
    let folder = TempDir::new().expect("a folder");
    let _served = Served::start(folder.path(), &[]);
    let data = folder.path().display().to_string();
    let to = json!({ "host": "127.0.0.1", "port": 9, "tls": "never" });
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

    let run = |args: Value| {
        let began = tokio::time::Instant::now();
        let run = ask(folder.path(), "command", "run_sync", &args);
        (began.elapsed().as_secs_f64(), run)
    };
    let (first, one) = run(json!({ "accept_first": true }));
    let after_first = peak_mb(&data);
    let (second, two) = run(json!({}));

    println!(
        "found {}, first {first:.1} s ({} rows), second {second:.1} s ({} rows), peak {before} then {after_first} then {} MB",
        one["found"],
        one["rows_written"],
        two["rows_written"],
        peak_mb(&data)
    );
    assert!(first < 60.0 && second < 60.0, "{first} s, {second} s");
    assert!(peak_mb(&data) < 300, "{} MB", peak_mb(&data));
    assert_eq!(two["rows_written"], 0);
}
