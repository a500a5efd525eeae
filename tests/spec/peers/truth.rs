//! V03 on real mail servers: what each is found to be, in words.

use rollcall_tests::client::send;
use rollcall_tests::destination::Destination;
use rollcall_tests::exim::{Exim, Refuses};
use rollcall_tests::peer::SENDER;
use rollcall_tests::postfix::Postfix;
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

async fn relay_to(port: u16) -> Relay {
    let relay = Relay::bare().await;
    let destination = json!({ "host": "127.0.0.1", "port": port, "tls": "never" });
    relay.command("add_domain", json!({ "name": "acme.example", "destination": destination })).await;
    relay
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
async fn v03_r2_and_r3_say_yes_to_every_address() {
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
