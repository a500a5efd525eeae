//! A kill cannot show a missing flush. The system calls can: between the last write of a message and its 250 the file is
//! flushed, and the folder for content that is a file.

use std::process::Command;

use rollcall_tests::client::Client;
use rollcall_tests::program::{Served, ask, rollcallctl};
use serde_json::json;
use tempfile::TempDir;

const CALLS: &str = "trace=write,pwrite64,writev,pwritev,sendto,sendmsg,fsync,fdatasync,rename,renameat,renameat2";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_here_is_flushed_between_its_last_write_and_its_250() {
    let (folder, traces) = (TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
    let trace = traces.path().join("trace");
    let mut strace = Command::new("strace");
    strace.args(["-D", "-f", "-y", "-xx", "-s", "8192", "-e", CALLS, "-o"]).arg(&trace).arg(rollcallctl());
    let served = Served::by(strace.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.path()));
    let nowhere = json!({ "host": "127.0.0.1", "port": 1, "tls": "never" });
    ask(folder.path(), "command", "add_domain", &json!({ "name": "acme.example", "destination": nowhere }));
    ask(folder.path(), "command", "create_user", &json!({ "users": [{ "address": "ann@acme.example" }] }));

    let mut kept = Vec::new();
    for (mark, size) in
        [("a mark in a row", 3_000), ("a mark in a file", 100_000), ("a mark in a larger file", 400_000)]
    {
        let mut client = Client::with_mail(served.smtp(), "a@sender.example").await;
        assert!(client.say("RCPT TO:<ann@acme.example>").await.starts_with("250"));
        let reply = client.data(&format!("{mark}\r\n").repeat(size / mark.len())).await;
        let queue_id = reply.strip_prefix("250 2.0.0 queued as ").unwrap_or_else(|| panic!("{reply}"));
        kept.push((queue_id.to_owned(), mark, size > 64 * 1024));
    }
    served.kill();
    let calls = finished(&trace).await;

    for (queue_id, mark, is_file) in &kept {
        is_durable(&calls, queue_id, mark, *is_file).unwrap_or_else(|trouble| panic!("{mark}: {trouble}"));
        // And this test would notice: without any one of the flushes it does not hold.
        let flushed: &[&str] = if *is_file { &["/spool>", "/spool/", "spool.db-wal>"] } else { &["spool.db-wal>"] };
        for what in flushed {
            let without: Vec<Call> =
                calls.iter().filter(|call| !(call.is_flush() && call.text().contains(what))).cloned().collect();
            is_durable(&without, queue_id, mark, *is_file).expect_err(&format!("no flush of {what} for {mark}"));
        }
    }
}

/// One system call: when it began and ended, as line numbers.
#[derive(Debug, Clone)]
struct Call {
    name: String,
    arguments: Vec<u8>,
    began: usize,
    ended: usize,
    succeeded: bool,
}

impl Call {
    fn is_flush(&self) -> bool {
        matches!(self.name.as_str(), "fsync" | "fdatasync")
    }

    fn is_write(&self) -> bool {
        self.name.contains("write")
    }

    /// The arguments as text, or what can be read of them.
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.arguments).into_owned()
    }

    fn has(&self, part: &str) -> bool {
        self.arguments.windows(part.len()).any(|window| window == part.as_bytes())
    }

    /// A frame header of the write-ahead log that ends a transaction: its second number is not zero.
    fn is_commit_frame(&self) -> Option<bool> {
        let from = self.arguments.windows(3).position(|window| window == b", \"")? + 3;
        self.has(", 24, ").then(|| self.arguments[from + 4..from + 8] != [0; 4])
    }
}

/// Everything in its order, or what is out of order.
fn is_durable(calls: &[Call], queue_id: &str, mark: &str, is_file: bool) -> Result<(), String> {
    let find = |after: usize, what: &str, is: &dyn Fn(&Call) -> bool| {
        calls.iter().find(|call| call.began >= after && is(call)).ok_or_else(|| format!("{what} is not there"))
    };
    // The mail log has the reply too, and may be written first.
    let is_answer = |call: &Call| call.has(&format!("250 2.0.0 queued as {queue_id}")) && !call.has("rollcall.db");
    let answer = find(0, "the answer", &is_answer)?;
    let mut after = 0;
    if is_file {
        let of_file = |call: &&Call| call.is_write() && call.has("/spool/") && call.has(mark);
        let last = calls.iter().rfind(of_file).ok_or("the content was not written")?;
        let name = last.text();
        let name = name.split(['<', '>']).nth(1).ok_or("the file has no name")?.to_owned();
        let flush = find(last.ended, "the flush of the file", &|call| call.is_flush() && call.has(&name))?;
        let named = find(flush.ended, "the name", &|call| {
            call.name.starts_with("rename") && call.has(&name) && call.has(queue_id)
        })?;
        let folder = find(named.ended, "the flush of the folder", &|call| call.is_flush() && call.has("/spool>"))?;
        if !(flush.succeeded && named.succeeded && folder.succeeded) {
            return Err("a call failed".to_owned());
        }
        after = folder.ended;
    }
    let in_log = |call: &Call| call.is_write() && call.has("spool.db-wal>");
    let row = find(0, "the row", &|call| in_log(call) && call.has(if is_file { queue_id } else { mark }))?;
    if row.began < after {
        return Err("the row was written before its file was durable".to_owned());
    }
    let flush = find(row.ended, "the flush of the log", &|call| call.is_flush() && call.has("spool.db-wal>"))?;
    let headers = calls.iter().filter(|call| in_log(call) && (row.began..flush.began).contains(&call.began));
    let commits = headers.filter_map(Call::is_commit_frame).next_back();
    match (commits, flush.succeeded, flush.ended <= answer.began) {
        (None | Some(true), true, true) => Ok(()),
        (Some(false), ..) => Err("the log was flushed before the commit was written".to_owned()),
        (_, false, _) => Err("the flush failed".to_owned()),
        (.., false) => Err("the answer went out before the flush was done".to_owned()),
    }
}

/// The trace, once the traced program is gone.
async fn finished(trace: &std::path::Path) -> Vec<Call> {
    for _ in 0..300 {
        let text = std::fs::read_to_string(trace).unwrap_or_default();
        let threads: std::collections::BTreeSet<_> = text.lines().filter_map(|line| line.split(' ').next()).collect();
        if text.ends_with('\n')
            && text.matches("+++ killed by SIGKILL +++").count() + text.matches("+++ exited").count() >= threads.len()
        {
            return read(&text);
        }
        rollcall_tests::pause(50).await;
    }
    panic!("strace is not done");
}

/// Calls in the order in which they began; one that was interrupted by another thread's is put together again.
fn read(text: &str) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    let mut unfinished = std::collections::BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        if let Some(resumed) = rest.strip_prefix("<... ") {
            if let Some(place) = unfinished.remove(thread) {
                let call: &mut Call = &mut calls[place];
                (call.ended, call.succeeded) = (number, succeeded(resumed));
            }
            continue;
        }
        let Some((name, arguments)) = rest.split_once('(') else { continue };
        let is_whole = !rest.ends_with("<unfinished ...>");
        if !is_whole {
            unfinished.insert(thread, calls.len());
        }
        let ended = if is_whole { number } else { usize::MAX };
        let call = Call {
            name: name.to_owned(),
            arguments: decoded(arguments),
            began: number,
            ended,
            succeeded: is_whole && succeeded(rest),
        };
        calls.push(call);
    }
    calls
}

fn succeeded(line: &str) -> bool {
    line.rsplit_once(" = ").is_some_and(|(_, value)| !value.starts_with('-') && !value.starts_with('?'))
}

/// `\x41` is an octet; what is not escaped stands for itself.
fn decoded(text: &str) -> Vec<u8> {
    let (mut octets, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once("\\x") {
        octets.extend_from_slice(before.as_bytes());
        octets.extend(after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()));
        rest = after.get(2..).unwrap_or_default();
    }
    octets.extend_from_slice(rest.as_bytes());
    octets
}
