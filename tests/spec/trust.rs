//! How far the destination's word goes, and what a slow or leaving client may cost it.

use std::sync::Arc;
use std::time::Duration;

use rollcall_api::{Kind, SessionLimits};
use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::{Destination, Manners};
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};
use tokio::sync::Notify;

const MESSAGE: &str = "Subject: hello\r\n\r\nx";

async fn with_user(destination: &Destination) -> Relay {
    let relay = Relay::before(destination).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;
    relay
}

#[tokio::test(flavor = "multi_thread")]
async fn success_without_content_is_no_delivery() {
    let says = Some("250 2.0.0 sure".to_owned());
    let destination = Destination::start(Manners { data: says, ..Manners::default() }).await;
    let relay = with_user(&destination).await;

    let stranger = send(relay.smtp, "a@sender.example", "bob@acme.example", MESSAGE).await;
    assert!(stranger.starts_with("451 4.4.2"), "{stranger}");
    let account = send(relay.smtp, "a@sender.example", "ann@acme.example", MESSAGE).await;
    assert!(account.starts_with("250 2.0.0 queued as "), "{account}");
    assert_eq!(relay.query("health", json!({})).await["waiting"], 1, "kept until a server really takes it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destination_that_answers_twice_is_not_believed() {
    let destination = Destination::start(Manners { answers_rcpt_twice: true, ..Manners::default() }).await;
    let relay = with_user(&destination).await;

    let reply = send(relay.smtp, "a@sender.example", "bob@acme.example", MESSAGE).await;

    assert!(reply.starts_with("451 4.4.2"), "{reply}");
    assert_eq!(destination.taken().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_client_lets_the_destination_go_and_nobody_is_forgotten() {
    let destination = Destination::knowing(&["ann", "bob"]).await;
    let limits = SessionLimits { hold: Duration::from_millis(50), ..SessionLimits::default() };
    let relay = Relay::open(Kind::Real, limits).await;
    relay.serves("acme.example", destination.address).await;
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;
    client.say("RCPT TO:<ann@acme.example>").await;
    let resets = || destination.heard().iter().filter(|line| *line == "RSET").count();

    relay.until("the destination is let go while the client is silent", async || resets() == 1).await;
    assert!(client.say("RCPT TO:<bob@acme.example>").await.starts_with("250"));
    assert!(client.data(MESSAGE).await.starts_with("250 2.0.0"));

    let taken = destination.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].recipients, ["ann@acme.example", "bob@acme.example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_lets_the_destination_finish_its_answer() {
    let signal = Arc::new(Notify::new());
    let manners = Manners { waits_at_dot: Some(Arc::clone(&signal)), ..Manners::default() };
    let destination = Destination::start(manners).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;
    client.say("RCPT TO:<ann@acme.example>").await;
    client.say("DATA").await;
    client.send(b"x\r\n.\r\n").await;
    relay
        .until("the destination has the content", async || destination.heard().iter().any(|line| line == "DATA"))
        .await;

    let closing = tokio::spawn(relay.door.clone().close());
    signal.notify_one();

    assert!(client.reply().await.starts_with("250 2.0.0 Delivered"), "taken once, and said so");
    assert!(client.reply().await.starts_with("421 4.3.2"), "then the relay says goodbye");
    closing.await.expect("closed");
    assert_eq!(destination.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_message_to_the_same_person_thrice_is_one_message() {
    let destination = Destination::knowing(&["jane"]).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;
    for name in ["jane", "Jane", "JANE"] {
        assert!(client.say(&format!("RCPT TO:<{name}@acme.example>")).await.starts_with("250"));
    }
    client.data(MESSAGE).await;

    let row = relay.query("address", json!({ "address": "jane@acme.example" })).await["row"].clone();
    assert_eq!((&row["state"], &row["clean_count"]), (&json!("watching"), &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_sender_leaves_no_mark_on_the_recipient_and_a_delivery_wipes_one_off() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = with_user(&destination).await;
    let suspect =
        async || relay.query("address", json!({ "address": "ann@acme.example" })).await["row"]["suspect_ms"].clone();

    destination.behave(|manners| manners.mail = Some("550 5.7.1 sender blocked".to_owned()));
    send(relay.smtp, "spam@bad.example", "ann@acme.example", MESSAGE).await;
    assert_eq!(suspect().await, Value::Null);

    destination.behave(|manners| {
        manners.mail = None;
        manners.rcpt = Some("550 5.1.1 no ann".to_owned());
    });
    send(relay.smtp, "a@sender.example", "ann@acme.example", MESSAGE).await;
    assert!(suspect().await.is_i64());

    destination.behave(|manners| manners.rcpt = None);
    send(relay.smtp, "a@sender.example", "ann@acme.example", MESSAGE).await;
    assert_eq!(suspect().await, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn d28_an_address_inside_an_address_is_not_relayed() {
    let destination = Destination::start(Manners::default()).await;
    let relay = Relay::before(&destination).await;
    for address in
        ["victim%evil.example@acme.example", "\"victim@evil.example\"@acme.example", "evil.example!victim@acme.example"]
    {
        let reply = send(relay.smtp, "a@sender.example", address, MESSAGE).await;
        assert_eq!(reply, format!("554 5.7.1 <{address}>: Relay access denied"));
    }
    assert!(destination.heard().iter().all(|line| !line.starts_with("RCPT")), "nobody was asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_for_an_open_relay_is_cut_off() {
    let destination = Destination::knowing(&[]).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;
    for _ in 0..19 {
        assert!(client.say("RCPT TO:<x@elsewhere.example>").await.starts_with("554 5.7.1"));
    }
    assert_eq!(client.say("RCPT TO:<x@elsewhere.example>").await, "421 4.7.0 Too many invalid recipients");
    assert_eq!(client.reply().await, "(closed)");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_before_does_not_wait_for_a_destination_that_hangs() {
    let destination = Destination::start(Manners { hangs_at_rcpt: true, ..Manners::default() }).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::connect(relay.smtp).await;
    client.say("EHLO client.example").await;
    client.send(b"MAIL FROM:<a@sender.example>\r\nRCPT TO:<n1@acme.example>\r\nRCPT TO:<n2@acme.example>\r\nRCPT TO:<n3@acme.example>\r\n").await;

    assert!(client.reply().await.starts_with("250 2.1.0"), "at once");
    assert!(destination.heard().iter().filter(|line| line.starts_with("RCPT")).count() <= 1);
    for _ in 0..3 {
        assert!(client.reply().await.starts_with("451 4.4.1"));
    }
    let asked = destination.heard().iter().filter(|line| line.starts_with("RCPT")).count();
    assert_eq!(asked, 1, "a destination that hangs costs its deadline once a transaction");
}
