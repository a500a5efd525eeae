//! V03 on real mail servers: what each is found to be, in words.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use rollcall_tests::client::send;
use rollcall_tests::destination::{Destination, Manners};
use rollcall_tests::exim::{Exim, Refuses};
use rollcall_tests::peer::{self, SENDER};
use rollcall_tests::postfix::Postfix;
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

/// A message of a stranger, as it has to be for a bounce about it to be known again.
const ORIGINAL: &str = "Message-ID: <m1@outside.example>\r\nSubject: x\r\n\r\nx";

async fn relay_to(port: u16) -> Relay {
    let relay = Relay::bare().await;
    serves(&relay, port).await;
    relay
}

fn at(port: u16) -> Value {
    json!({ "host": "127.0.0.1", "port": port, "tls": "never" })
}

async fn serves(relay: &Relay, port: u16) {
    relay.command("add_domain", json!({ "name": "acme.example", "destination": at(port) })).await;
}

/// The office's mail server, at 127.0.0.1, sends out through us to the destination that is returned.
async fn sends_out(relay: &Relay) -> Destination {
    let outside = Destination::start(Manners::default()).await;
    let port = outside.address.port();
    relay.command("set_sender_hosts", json!({ "hosts": [{ "network": "127.0.0.1", "note": "mail server" }] })).await;
    let smarthost = json!({ "mode": "smarthost", "host": "127.0.0.1", "port": port, "tls": "never" });
    relay.command("set_outbound", smarthost).await;
    outside
}

async fn send_original(relay: &Relay, to: &str) {
    let reply = send(relay.smtp, SENDER, &format!("{to}@acme.example"), ORIGINAL).await;
    assert!(reply.starts_with("250 2.0.0 Delivered"), "{reply}");
}

/// The verdict in words and the one on file.
async fn tested(relay: &Relay) -> (String, Value) {
    let found = relay.command("test_domain", json!({ "name": "acme.example" })).await;
    let sentence = found["sentence"].as_str().expect("a sentence").to_owned();
    (sentence, relay.query("domains", json!({})).await["rows"][0].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn v03_r1_knows_who_exists_and_is_recognised() {
    let postfix = Postfix::knowing("acme.example", &["ann".to_owned()]);
    let relay = relay_to(postfix.address.port()).await;

    let (sentence, row) = tested(&relay).await;

    assert!(sentence.contains("knows who exists"), "{sentence}");
    assert_eq!((&row["truth"], &row["brand"]), (&json!("rejects_strangers"), &json!("postfix")));
    assert!(postfix.log().contains("sd-"), "it was asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn m12_v03_r2_and_r3_say_yes_to_every_address() {
    let outside = Destination::knowing(&[]).await;
    let bouncing = Postfix::bouncing_later("acme.example", &["ann".to_owned()], outside.address);
    let catching = Postfix::catching_all("acme.example", "all");

    for postfix in [bouncing, catching] {
        let relay = relay_to(postfix.address.port()).await;
        let (sentence, row) = tested(&relay).await;
        assert!(sentence.contains("says yes to every address. Rollcall can't"), "{sentence}");
        assert_eq!(row["truth"], "accepts_everything");
    }
    assert!(outside.taken().is_empty(), "a test sends nothing that could bounce");
}

#[tokio::test(flavor = "multi_thread")]
async fn v03_r2_is_told_from_r3_once_one_of_its_bounces_went_out_through_us() {
    let relay = Relay::bare().await;
    let outside = sends_out(&relay).await;
    let bouncing = Postfix::bouncing_later("acme.example", &["ann".to_owned()], relay.smtp);
    serves(&relay, bouncing.address.port()).await;

    send_original(&relay, "nobody").await;

    relay.until("the bounce has gone out", async || outside.taken().len() == 1).await;
    assert!(outside.taken()[0].mail.starts_with("MAIL FROM:<>"), "{:?}", outside.taken());
    relay.until("it is noticed", async || tested(&relay).await.1["bounces_later"] == true).await;
    let (sentence, row) = tested(&relay).await;
    assert!(sentence.contains("sends mail for unknown ones back later"), "{sentence}");
    assert_eq!(row["truth"], "accepts_everything", "its yes still means nothing");

    let catching = Postfix::catching_all("acme.example", "all");
    serves(&relay, catching.address.port()).await;
    send_original(&relay, "nobody").await;
    peer::wait_for_mail(1, || catching.mailbox("all"));
    let (sentence, row) = tested(&relay).await;
    assert!(sentence.contains("says yes to every address. Rollcall can't"), "{sentence}");
    assert_eq!(row["bounces_later"], false, "another server begins afresh");
}

#[tokio::test(flavor = "multi_thread")]
async fn x15_a_genuine_bounce_about_mail_that_was_never_ours_or_from_another_server_teaches_nothing() {
    let relay = Relay::bare().await;
    let outside = sends_out(&relay).await;
    let bouncing = Postfix::bouncing_later("acme.example", &["ann".to_owned()], relay.smtp);
    serves(&relay, bouncing.address.port()).await;

    // Straight into the server: its bounce is real, and the message was never handed on by us.
    let reply = send(bouncing.address, SENDER, "nobody@acme.example", ORIGINAL).await;
    assert!(reply.starts_with("250"), "{reply}");
    relay.until("the bounce has gone out", async || outside.taken().len() == 1).await;
    let bounce = String::from_utf8_lossy(&outside.taken()[0].content).into_owned();
    assert_eq!(tested(&relay).await.1["bounces_later"], false);

    // The same bounce again, now about a message that we did hand on, but to a server at another address.
    let elsewhere = Destination::start_at(SocketAddr::from(([127, 0, 0, 2], 0)), Manners::default()).await;
    relay.serves("acme.example", elsewhere.address).await;
    send_original(&relay, "nobody").await;
    assert_eq!(elsewhere.taken().len(), 1);
    let reply = send(relay.smtp, "", SENDER, bounce.trim_end()).await;
    assert!(reply.starts_with("250"), "{reply}");
    relay.until("it has gone out", async || outside.taken().len() == 2).await;
    assert_eq!(relay.query("domains", json!({})).await["rows"][0]["bounces_later"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn v03_r1_to_r5_get_five_different_verdicts() {
    let ann = ["ann".to_owned()];
    let relay = Relay::bare().await;
    let outside = sends_out(&relay).await;
    let knowing = Postfix::knowing("acme.example", &ann);
    let bouncing = Postfix::bouncing_later("acme.example", &ann, relay.smtp);
    let catching = Postfix::catching_all("acme.example", "all");
    let late = Exim::knowing("acme.example", &["ann"], Refuses::AtData);
    let greylisting = Postfix::greylisting("acme.example", &ann, 60);
    let mut sentences = BTreeSet::new();
    for address in [knowing.address, catching.address, greylisting.address] {
        serves(&relay, address.port()).await;
        sentences.insert(tested(&relay).await.0);
    }
    for (address, shows) in [(bouncing.address, "bounces_later"), (late.address, "decides_at_data")] {
        serves(&relay, address.port()).await;
        drop(send(relay.smtp, SENDER, "nobody@acme.example", ORIGINAL).await);
        relay.until(shows, async || tested(&relay).await.1[shows] == true).await;
        sentences.insert(tested(&relay).await.0);
    }

    assert_eq!(sentences.len(), 5, "{sentences:#?}");
    assert_eq!(outside.taken().len(), 1, "only R2 sent anything");
}

#[tokio::test(flavor = "multi_thread")]
async fn v03_r4_is_found_to_decide_after_the_content_once_mail_has_shown_it() {
    let exim = Exim::knowing("acme.example", &["ann"], Refuses::AtData);
    let relay = relay_to(exim.address.port()).await;

    let reply = send(relay.smtp, SENDER, "nobody@acme.example", "Subject: x\r\n\r\nx").await;
    assert!(reply.starts_with("550 5.1.1 "), "{reply}");
    relay.until("it is noticed", async || tested(&relay).await.1["decides_at_data"] == true).await;
    let (sentence, row) = tested(&relay).await;

    assert!(sentence.contains("only after the whole message"), "{sentence}");
    assert_eq!((&row["truth"], &row["brand"]), (&json!("accepts_everything"), &json!("exim")));
}

#[tokio::test(flavor = "multi_thread")]
async fn v03_r5_asks_to_wait_and_is_found_to_know_who_exists_after_that() {
    let postfix = Postfix::greylisting("acme.example", &["ann".to_owned()], 2);
    let relay = relay_to(postfix.address.port()).await;

    let (sentence, row) = tested(&relay).await;
    assert!(sentence.contains("(greylisting)"), "{sentence}");
    assert_eq!(row["truth"], "undecided");

    let mut last = Value::Null;
    for _ in 0..8 {
        rollcall_tests::pause(700).await;
        last = tested(&relay).await.1;
        if last["truth"] != "undecided" {
            break;
        }
    }
    assert_eq!(last["truth"], "rejects_strangers", "the same names were known again: {}", postfix.log());
}
