//! Never lose mail: whatever got 250 is at the destination or durable here, also after `kill -9`.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rollcall_tests::client::Client;
use rollcall_tests::destination::{Destination, Manners};
use rollcall_tests::program::{Served, ask};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

const SESSIONS: usize = 20;
const ROUNDS: usize = 6;

#[tokio::test(flavor = "multi_thread")]
async fn kill_nine_in_the_middle_of_twenty_sessions_loses_nothing_that_got_250() {
    let folder = TempDir::new().expect("a temporary folder");
    let destination = Destination::start(Manners::default()).await;
    let address = destination.address;
    let promised: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let mut gone_for_good = Vec::new();
    set_up(folder.path(), address);
    let mut current = Some(destination);

    for round in 0..ROUNDS {
        let served = Served::start(folder.path(), &[]);
        let (told, mut promises) = mpsc::unbounded_channel();
        let mut sessions = JoinSet::new();
        for session in 0..SESSIONS {
            let (promised, told, smtp) = (Arc::clone(&promised), told.clone(), served.smtp());
            sessions.spawn(async move { send_for_ever(smtp, round, session, &promised, &told).await });
        }
        // Every second round the destination goes away in the middle, so that messages are kept here as well.
        for promise in 0..(40 + round * 23) {
            promises.recv().await.expect("a promise");
            if promise == 20 && round % 2 == 1 {
                let gone = current.take().expect("running");
                gone.stop();
                gone_for_good.push(gone);
            }
        }
        served.kill();
        while sessions.join_next().await.is_some() {}
        if current.is_none() {
            current = Some(Destination::start_at(address, Manners::default()).await);
        }
    }

    let served = Served::start(folder.path(), &[]);
    let last = current.expect("running");
    for _ in 0..300 {
        if ask(folder.path(), "query", "health", &json!({}))["waiting"] == 0 {
            break;
        }
        rollcall_tests::pause(100).await;
    }
    gone_for_good.push(last);
    let arrived: BTreeSet<String> = gone_for_good.iter().flat_map(identities).collect();
    let promised = promised.lock().expect("not poisoned").clone();
    let health = ask(folder.path(), "query", "health", &json!({}));
    assert_eq!((&health["waiting"], &health["failed"]), (&json!(0), &json!(0)), "{health}");
    let missing: Vec<_> = promised.difference(&arrived).collect();
    assert!(missing.is_empty(), "{} of {} promised are missing: {missing:?}", missing.len(), promised.len());
    assert!(promised.len() > 300, "only {} promises", promised.len());
    drop(served);
}

fn set_up(folder: &std::path::Path, address: SocketAddr) {
    let served = Served::start(folder, &[]);
    let destination = json!({ "host": "127.0.0.1", "port": address.port(), "tls": "never" });
    ask(folder, "command", "add_domain", &json!({ "name": "acme.example", "destination": destination }));
    ask(folder, "command", "set_upstreams", &json!({ "addresses": ["127.0.0.1"] }));
    let users: Vec<_> = (0..SESSIONS).map(|n| json!({ "address": format!("u{n}@acme.example") })).collect();
    ask(folder, "command", "create_user", &json!({ "users": users }));
    drop(served);
}

/// Sends messages with an identity of their own until the relay is gone; only what got 250 is a promise.
async fn send_for_ever(
    smtp: SocketAddr,
    round: usize,
    session: usize,
    promised: &Mutex<BTreeSet<String>>,
    told: &mpsc::UnboundedSender<()>,
) {
    let mut client = Client::connect_silently(smtp).await;
    if !client.reply().await.starts_with("220") {
        return;
    }
    client.say("EHLO client.example").await;
    for number in 0.. {
        let identity = format!("r{round}s{session}n{number}");
        if !client.say("MAIL FROM:<a@sender.example>").await.starts_with("250") {
            return;
        }
        if !client.say(&format!("RCPT TO:<u{session}@acme.example>")).await.starts_with("250") {
            client.say("RSET").await;
            continue;
        }
        let reply = client.data(&format!("X-Identity: {identity}\r\n\r\n{}", "text\r\n".repeat(200))).await;
        if reply.starts_with("250") {
            promised.lock().expect("not poisoned").insert(identity);
            let _ = told.send(());
        } else if reply == "(closed)" {
            return;
        }
    }
}

fn identities(destination: &Destination) -> BTreeSet<String> {
    let of = |content: &[u8]| {
        let text = String::from_utf8_lossy(content).into_owned();
        text.lines().find_map(|line| line.strip_prefix("X-Identity: ").map(str::to_owned))
    };
    destination.taken().iter().filter_map(|message| of(&message.content)).collect()
}
