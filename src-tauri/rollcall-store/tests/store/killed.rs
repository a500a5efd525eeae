//! What was acknowledged is there after the process was killed.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use rollcall_store::{Kind, NewMessage, Spool, Store, StoredContent};

use crate::given;
use crate::spool_files::received;

/// Set for the process that is going to be killed: the folder to write to.
const VICTIM: &str = "ROLLCALL_STORE_TEST_VICTIM";
/// The test, as the test binary knows it.
const NAME: &str = "killed::every_acknowledged_change_and_message_survives_a_kill";
/// Content that is a row, and content that is a file.
const SIZES: [usize; 2] = [500, 70_000];

#[test]
fn every_acknowledged_change_and_message_survives_a_kill() {
    if let Some(dir) = std::env::var_os(VICTIM) {
        return write_until_killed(Path::new(&dir));
    }
    let dir = tempfile::tempdir().unwrap();

    let acknowledged = kill_after(dir.path(), 120);

    let store = Store::open(dir.path(), Kind::Real).unwrap();
    let spool = Spool::open(dir.path()).unwrap();
    assert!(acknowledged.len() >= 120);
    for line in acknowledged {
        let (what, number) = line.split_once(' ').unwrap();
        match what {
            "set" => assert!(store.read(|tx| tx.setting(number)).unwrap().is_some(), "{line}"),
            "admitted" => assert_eq!(stored(&spool, number), content(number), "{line}"),
            _ => panic!("{line}"),
        }
    }
}

/// Starts this test once more as the victim, and kills it in full flight after so many acknowledgements.
fn kill_after(dir: &Path, count: usize) -> Vec<String> {
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture", "--test-threads=1"])
        .env(VICTIM, dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(victim.stdout.take().unwrap()).lines();
    let mut lines = Vec::new();
    while lines.len() < count {
        let line = output.next().expect("the victim writes until it is killed").unwrap();
        lines.extend(acknowledgement(&line));
    }
    victim.kill().unwrap();
    victim.wait().unwrap();
    // What it still said before it died was acknowledged, too; its last line may be torn.
    let mut rest: Vec<String> = output.map_while(Result::ok).filter_map(|line| acknowledgement(&line)).collect();
    rest.pop();
    lines.extend(rest);
    lines
}

/// A line of the victim, among those of the test runner.
fn acknowledgement(line: &str) -> Option<String> {
    let start = line.find("set ").or_else(|| line.find("admitted "))?;
    Some(line[start..].to_owned())
}

/// The victim: eight tasks write and say so after each acknowledgement.
fn write_until_killed(dir: &Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let store = Store::open(dir, Kind::Real).unwrap();
    let spool = Spool::open(dir).unwrap();
    runtime.block_on(async {
        for task in 0..8_u32 {
            let (store, spool) = (store.clone(), spool.clone());
            tokio::spawn(async move {
                for n in 0_u32.. {
                    let number = format!("{}", n * 8 + task);
                    if task % 2 == 0 {
                        let name = number.clone();
                        store.write(move |tx| tx.put_setting(&name, "set")).await.unwrap();
                        say(&format!("set {number}\n"));
                    } else {
                        let content = received(&spool, &content(&number));
                        let message = given::message(&number, &["ann@acme.example"]);
                        spool.admit(NewMessage { content, ..message }).await.unwrap();
                        say(&format!("admitted {number}\n"));
                    }
                }
            });
        }
        std::future::pending::<()>().await;
    });
}

/// One write a line, so that a line is torn only by the kill.
fn say(line: &str) {
    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
}

fn content(number: &str) -> Vec<u8> {
    let size = SIZES[number.parse::<usize>().unwrap() / 8 % 2];
    given::large_content(number, size)
}

fn stored(spool: &Spool, number: &str) -> Vec<u8> {
    match spool.content(number).unwrap() {
        StoredContent::Bytes(bytes) => bytes,
        StoredContent::File(path) => std::fs::read(path).unwrap(),
    }
}
