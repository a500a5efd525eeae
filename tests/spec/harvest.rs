//! Clients that guess addresses (P15, behaviour.md section 3.8).

use std::time::Duration;

use rollcall_api::{Code, Kind, Notice, SessionLimits};
use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::Destination;
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

const BLOCKED: &str = "421 4.7.0 Too many invalid recipients from your address, blocked until ";

/// Asks for four made-up recipients in each of `sessions` sessions; what was answered, in order.
async fn guess(relay: &Relay, sessions: usize) -> Vec<String> {
    let mut answers = Vec::new();
    for session in 0..sessions {
        let mut client = Client::connect_silently(relay.smtp).await;
        let greeting = client.reply().await;
        if !greeting.starts_with("220 ") {
            answers.push(greeting);
            answers.push(client.reply().await);
            continue;
        }
        client.say("EHLO guesser.example").await;
        client.say("MAIL FROM:<g@guesser.example>").await;
        for name in 0..4 {
            answers.push(client.say(&format!("RCPT TO:<name{session}-{name}@acme.example>")).await);
        }
    }
    answers
}

/// A client that an XCLIENT upstream names: its session after the greeting, or what it got instead.
async fn behind(relay: &Relay, address: &str) -> Client {
    let mut client = Client::connect(relay.smtp).await;
    client.say("EHLO filter.example").await;
    let greeting = client.say(&format!("XCLIENT ADDR={address}")).await;
    assert!(greeting.starts_with("220 "), "{greeting}");
    client.say("EHLO behind.example").await;
    client.say("MAIL FROM:<g@guesser.example>").await;
    client
}

fn rows(answer: &Value) -> &Vec<Value> {
    answer["rows"].as_array().expect("rows")
}

#[tokio::test(flavor = "multi_thread")]
async fn p15_forty_made_up_recipients_over_ten_sessions_block_the_client_at_rcpt_and_at_the_greeting() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;

    let answers = guess(&relay, 10).await;

    assert!(answers[..10].iter().all(|answer| answer.starts_with("550 5.1.1 ")), "{answers:?}");
    assert!(answers[10].starts_with(BLOCKED), "at the next recipient: {answers:?}");
    let time = answers[10].strip_prefix(BLOCKED).expect("a time");
    assert!(time.len() == 5 && time.as_bytes()[2] == b':', "{time}");
    assert_eq!(answers[11], "(closed)");
    let later = &answers[12..];
    assert!(later.chunks(2).all(|pair| pair[0].starts_with(BLOCKED) && pair[1] == "(closed)"), "{later:?}");
    assert_eq!(destination.heard().iter().filter(|line| line.starts_with("RCPT")).count(), 10, "it is not asked again");

    let blocked = relay.query("blocked_clients", json!({})).await;
    assert_eq!(blocked["blocked"][0]["address"], "127.0.0.1");
    assert_eq!(blocked["blocked"][0]["invalid"], 10);
    let log = relay.query("mail_log", json!({})).await;
    let turned_away = rows(&log).iter().filter(|row| row["reason"] == "harvest_blocked").count();
    assert_eq!(turned_away, 1, "a row a minute, however often it comes: {log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn p15_people_are_told_who_was_blocked() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let mut events = relay.door.subscribe().await.expect("events");

    guess(&relay, 3).await;

    let told = async {
        loop {
            if let Some(Notice::Blocked { clients }) = events.next().await.expect("an event").notice {
                return clients;
            }
        }
    };
    assert_eq!(tokio::time::timeout(Duration::from_secs(30), told).await.expect("it is told"), ["127.0.0.1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn p15_a_listed_upstream_is_never_blocked() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    relay.command("set_upstreams", json!({ "addresses": ["127.0.0.1"] })).await;

    let answers = guess(&relay, 10).await;

    assert_eq!(answers.len(), 40);
    assert!(answers.iter().all(|answer| answer.starts_with("550 5.1.1 ")), "{answers:?}");
    assert_eq!(relay.query("blocked_clients", json!({})).await["blocked"], json!([]));
    assert!(send(relay.smtp, "a@sender.example", "ann@acme.example", "x").await.starts_with("250"));
}

#[tokio::test(flavor = "multi_thread")]
async fn p15_an_unblocked_client_comes_in_at_once_and_the_history_says_so() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    guess(&relay, 4).await;

    let left = relay.command("unblock_client", json!({ "address": "127.0.0.1" })).await;

    assert_eq!(left["blocked"], json!([]));
    assert!(send(relay.smtp, "a@sender.example", "ann@acme.example", "x").await.starts_with("250"));
    assert!(send(relay.smtp, "a@sender.example", "who@acme.example", "x").await.starts_with("550 5.1.1"));
    let journal = relay.query("journal", json!({})).await;
    assert!(rows(&journal).iter().any(|row| row["action"] == "unblock_client"), "{journal}");
    assert_eq!(relay.refused("unblock_client", json!({ "address": "127.0.0.1" })).await.code, Code::NotFound);
    assert_eq!(relay.refused("unblock_client", json!({ "address": "office" })).await.code, Code::Invalid);
}

#[tokio::test(flavor = "multi_thread")]
async fn p15_a_block_ends_after_an_hour_and_holds_only_for_whom_an_upstream_names() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    relay.serves("acme.example", destination.address).await;
    relay.command("set_upstreams", json!({ "addresses": [{ "address": "127.0.0.1", "speaks": "xclient" }] })).await;
    for round in 0..3 {
        let mut client = behind(&relay, "192.0.2.7").await;
        for name in 0..4 {
            client.say(&format!("RCPT TO:<name{round}-{name}@acme.example>")).await;
        }
    }

    let mut guesser = behind(&relay, "192.0.2.7").await;
    assert!(guesser.say("RCPT TO:<ann@acme.example>").await.starts_with(BLOCKED));
    let mut neighbour = behind(&relay, "192.0.2.8").await;
    assert!(neighbour.say("RCPT TO:<ann@acme.example>").await.starts_with("250"));

    relay.command("skip_time", json!({ "hours": 1 })).await;

    let mut guesser = behind(&relay, "192.0.2.7").await;
    assert!(guesser.say("RCPT TO:<ann@acme.example>").await.starts_with("250"));
    assert_eq!(relay.query("blocked_clients", json!({})).await["blocked"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn p15_while_a_hundred_a_minute_are_guessed_no_address_is_learned() {
    let destination = Destination::knowing(&["ann", "bob"]).await;
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    relay.serves("acme.example", destination.address).await;
    send(relay.smtp, "a@sender.example", "bob@acme.example", "x").await;
    relay.command("set_upstreams", json!({ "addresses": ["127.0.0.1"] })).await;
    guess(&relay, 25).await;
    assert_eq!(relay.query("blocked_clients", json!({})).await["under_attack"], true);

    assert!(send(relay.smtp, "a@sender.example", "ann@acme.example", "x").await.starts_with("250"), "mail passes");
    send(relay.smtp, "a@sender.example", "bob@acme.example", "x").await;
    assert_eq!(relay.state("ann@acme.example").await, "unknown", "no row is made");
    let bob = relay.query("address", json!({ "address": "bob@acme.example" })).await;
    assert_eq!(bob["row"]["clean_count"], 2, "a row that was there goes on");

    relay.command("skip_time", json!({ "hours": 1 })).await;
    send(relay.smtp, "a@sender.example", "ann@acme.example", "x").await;
    assert_eq!(relay.state("ann@acme.example").await, "watching");
}
