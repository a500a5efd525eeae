//! Shadow mode (X16): nothing is refused on our own account, and the log says what would have been; and what is only
//! observed while nothing is learned (X10).

use std::time::Duration;

use rollcall_api::{Code, Kind, Notice, SessionLimits};
use rollcall_core::{AddressState, InvalidReason};
use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::Destination;
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

const MESSAGE: &str = "Subject: hello\r\n\r\nx";

fn rows(answer: &Value) -> &Vec<Value> {
    answer["rows"].as_array().expect("rows")
}

async fn deliver(relay: &Relay, to: &str, times: usize) {
    for time in 0..times {
        let reply = send(relay.smtp, &format!("s{time}@sender{time}.example"), to, MESSAGE).await;
        assert!(reply.starts_with("250"), "{to}: {reply}");
    }
}

async fn shadow(relay: &Relay) -> Value {
    relay.query("health", json!({})).await["shadow"].clone()
}

async fn learns(relay: &Relay, unknown: &str) {
    let settings = json!({ "name": "acme.example", "unknown": unknown, "inactive": "reject" });
    relay.command("set_domain", settings).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x16_in_shadow_mode_every_reply_is_the_servers_and_the_log_says_would_reject() {
    let destination = Destination::knowing(&["marked", "ended", "off", "new"]).await;
    let relay = Relay::before(&destination).await;
    relay.command("mark_invalid", json!({ "addresses": ["marked@acme.example", "gone@acme.example"] })).await;
    let relay = relay.with_row("ended@acme.example", AddressState::Invalid(InvalidReason::Expired)).await;
    let relay = relay.with_row("off@acme.example", AddressState::Inactive).await;
    learns(&relay, "reject").await;
    assert_eq!(shadow(&relay).await, Value::Null, "off unless somebody wants it");

    relay.command("set_shadow", json!({ "days": 7 })).await;

    for name in ["marked", "ended", "off", "new"] {
        let reply = send(relay.smtp, "a@sender.example", &format!("{name}@acme.example"), MESSAGE).await;
        assert!(reply.starts_with("250 2.0.0 Delivered"), "{name}: {reply}");
    }
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;
    for name in ["gone", "no1", "no2", "no3", "no4", "no5", "no6"] {
        let reply = client.say(&format!("RCPT TO:<{name}@acme.example>")).await;
        assert!(reply.starts_with("550 5.1.1 "), "the server's word, however often: {name}: {reply}");
    }
    let foreign = client.say("RCPT TO:<x@elsewhere.example>").await;
    assert!(foreign.starts_with("554 5.7.1 "), "no open relay: {foreign}");
    assert_eq!(destination.taken().len(), 4);

    let log = relay.query("mail_log", json!({ "search": "would reject" })).await;
    let would: Vec<(&str, &str)> = rows(&log)
        .iter()
        .map(|row| (row["recipient"].as_str().expect("text"), row["would_refuse"].as_str().expect("a reason")))
        .collect();
    assert_eq!(would.len(), 11, "{log}");
    for expected in [
        ("marked@acme.example", "marked_invalid"),
        ("gone@acme.example", "marked_invalid"),
        ("ended@acme.example", "expired"),
        ("off@acme.example", "not_active"),
        ("new@acme.example", "closed_list"),
        ("no6@acme.example", "closed_list"),
    ] {
        assert!(would.contains(&expected), "{expected:?} in {would:?}");
    }
    let filtered = relay.query("mail_log", json!({ "outcome": "would_refuse" })).await;
    assert_eq!(rows(&filtered).len(), 11);
    assert_eq!(shadow(&relay).await["would_refuse"], 11);
    let exported = relay.query("export_mail_log", json!({ "format": "csv", "outcome": "would_refuse" })).await;
    let text = exported["text"].as_str().expect("text");
    let mut lines = text.lines();
    assert!(lines.next().expect("a header").ends_with(",would_refuse"), "{text}");
    assert_eq!(lines.filter(|line| line.rsplit(',').next().is_some_and(|last| !last.is_empty())).count(), 11, "{text}");

    relay.command("set_shadow", json!({ "days": null })).await;
    for (name, code) in [("marked", "550 5.1.1"), ("ended", "550 5.7.1"), ("off", "550 5.2.1"), ("new", "550 5.1.1")] {
        let reply = send(relay.smtp, "a@sender.example", &format!("{name}@acme.example"), MESSAGE).await;
        assert!(reply.starts_with(code), "refused again: {name}: {reply}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn x16_an_invalid_address_becomes_nothing_by_what_it_gets_in_shadow_mode() {
    let destination = Destination::knowing(&["old", "jane"]).await;
    let relay = Relay::before(&destination).await;
    relay.command("mark_invalid", json!({ "addresses": ["old@acme.example"] })).await;
    relay.command("set_shadow", json!({ "days": 7 })).await;

    deliver(&relay, "old@acme.example", 4).await;
    deliver(&relay, "jane@acme.example", 3).await;

    let old = relay.query("address", json!({ "address": "old@acme.example" })).await;
    assert_eq!((&old["row"]["state"], &old["row"]["clean_count"]), (&json!("invalid"), &json!(0)));
    let evidence = old["evidence"].as_array().expect("evidence");
    assert!(evidence.iter().all(|one| one["counted"] == false), "{old}");
    assert_eq!(evidence[0]["not_counted_because"], "marked_invalid");
    assert_eq!(relay.state("jane@acme.example").await, "discovered", "discovery goes on as usual");
    relay.command("remove_invalid", json!({ "addresses": ["old@acme.example"] })).await;
    deliver(&relay, "old@acme.example", 1).await;
    assert_eq!(relay.state("old@acme.example").await, "watching", "it starts afresh");
}

#[tokio::test(flavor = "multi_thread")]
async fn x16_a_guesser_is_answered_by_the_server_and_learned_from_by_nobody() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    relay.command("set_shadow", json!({ "days": 1 })).await;
    for session in 0..3 {
        let mut client = Client::with_mail(relay.smtp, "g@guesser.example").await;
        for name in 0..4 {
            client.say(&format!("RCPT TO:<name{session}-{name}@acme.example>")).await;
        }
    }
    assert_eq!(relay.query("blocked_clients", json!({})).await["blocked"][0]["invalid"], 10, "it is counted");

    let reply = send(relay.smtp, "g@guesser.example", "ann@acme.example", MESSAGE).await;

    assert!(reply.starts_with("250 2.0.0 Delivered"), "{reply}");
    assert_eq!(relay.state("ann@acme.example").await, "unknown", "3.3: not from a client under penalty");
    let log = relay.query("mail_log", json!({ "search": "ann@acme.example" })).await;
    assert_eq!(rows(&log)[0]["would_refuse"], "harvest_blocked");
    relay.command("set_shadow", json!({ "days": null })).await;
    let mut client = Client::connect_silently(relay.smtp).await;
    assert!(client.reply().await.starts_with("421 4.7.0 "), "and turned away once it is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn x16_it_ends_by_the_clock_and_says_so() {
    let destination = Destination::knowing(&["old"]).await;
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    relay.serves("acme.example", destination.address).await;
    relay.command("mark_invalid", json!({ "addresses": ["old@acme.example"] })).await;
    for days in [0, 31] {
        assert_eq!(relay.refused("set_shadow", json!({ "days": days })).await.code, Code::Invalid, "{days}");
    }
    relay.command("set_shadow", json!({ "days": 7 })).await;
    deliver(&relay, "old@acme.example", 2).await;
    relay.command("skip_time", json!({ "hours": 7 * 24 - 1 })).await;
    assert_eq!(shadow(&relay).await["would_refuse"], 2);
    let mut events = relay.door.subscribe().await.expect("events");

    relay.command("skip_time", json!({ "hours": 2 })).await;

    let told = async {
        loop {
            if let Some(Notice::ShadowEnded { would_refuse }) = events.next().await.expect("an event").notice {
                return would_refuse;
            }
        }
    };
    assert_eq!(tokio::time::timeout(Duration::from_secs(30), told).await.expect("it is told"), 2);
    assert_eq!(shadow(&relay).await, Value::Null);
    let reply = send(relay.smtp, "a@sender.example", "old@acme.example", MESSAGE).await;
    assert!(reply.starts_with("550 5.1.1 "), "{reply}");
    let journal = relay.query("journal", json!({})).await;
    let ended = rows(&journal).iter().find(|row| row["action"] == "shadow_ended").expect("an entry");
    assert_eq!(ended["why"], "its time was over; 2 recipients would have been refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn x10_while_discovery_is_off_mail_flow_is_observed_and_no_row_is_made() {
    let destination = Destination::knowing(&["folders", "scanner", "jane"]).await;
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    relay.serves("acme.example", destination.address).await;
    deliver(&relay, "jane@acme.example", 1).await;
    let mut rule = relay.query("discovery", json!({})).await["domains"][0]["rule"].clone();
    rule["unknown_when_off"] = json!("ask");
    relay.command("set_rule", json!({ "domain": "acme.example", "rule": rule })).await;
    relay.command("set_discovery", json!({ "on": false })).await;

    deliver(&relay, "Folders@acme.example", 4).await;
    deliver(&relay, "scanner@acme.example", 1).await;
    deliver(&relay, "jane@acme.example", 1).await;
    let newsletter = "List-Id: <news.sender.example>\r\nSubject: news\r\n\r\nx";
    send(relay.smtp, "news@sender.example", "scanner@acme.example", newsletter).await;
    send(relay.smtp, "a@sender.example", "bounce+7@acme.example", MESSAGE).await;

    let observed = relay.query("observed", json!({})).await;
    let seen: Vec<_> = rows(&observed).iter().map(|row| (row["address"].clone(), row["messages"].clone())).collect();
    assert_eq!(
        seen,
        [(json!("Folders@acme.example"), json!(4)), (json!("scanner@acme.example"), json!(1))],
        "clean mail, and none for who has a row: {observed}"
    );
    assert_eq!(observed["total"], 2);
    for name in ["folders", "scanner"] {
        assert_eq!(relay.state(&format!("{name}@acme.example")).await, "unknown", "{name}");
    }
    relay.command("set_discovery", json!({ "on": true })).await;
    deliver(&relay, "folders@acme.example", 1).await;
    assert_eq!(relay.state("folders@acme.example").await, "watching", "nothing was learned from it");

    relay.command("create_functional", json!({ "addresses": ["scanner@acme.example"] })).await;
    assert_eq!(relay.query("observed", json!({})).await["total"], 0, "who has a row is not missing");
    relay.command("delete_address", json!({ "addresses": ["scanner@acme.example"] })).await;
    relay.command("skip_time", json!({ "hours": 31 * 24 })).await;
    assert_eq!(relay.query("observed", json!({})).await["total"], 0, "forgotten 30 days after the last message");
}
