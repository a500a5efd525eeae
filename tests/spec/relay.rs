//! The relay's replies, as transcripts against real sockets.

use std::path::Path;
use std::time::Duration;

use rollcall_api::{Kind, SessionLimits};
use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::Destination;
use rollcall_tests::dialogue;
use rollcall_tests::relay::Relay;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn every_transcript_in_dialogues_is_what_the_relay_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues");

    assert!(dialogue::run_folder(&folder).await >= 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn content_arrives_byte_identical_below_one_received_field() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let content = "Subject: dots\r\n\r\n..leading\r\n...two\r\nno dot\r\n  spaces  \r\n\r\n\tend";

    let reply = send(relay.smtp, "a@sender.example", "ann@acme.example", content).await;

    assert!(reply.starts_with("250 2.0.0 Delivered as "), "{reply}");
    let taken = destination.taken().remove(0).content;
    let text = String::from_utf8(taken).expect("text");
    assert!(text.starts_with("Received: from client.example ([127.0.0.1])\r\n\tby "), "{text}");
    assert!(text.contains("for <ann@acme.example>;"), "{text}");
    assert!(
        text.ends_with("Subject: dots\r\n\r\n.leading\r\n..two\r\nno dot\r\n  spaces  \r\n\r\n\tend\r\n"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn several_recipients_go_on_one_transaction_and_are_not_told_of_each_other() {
    let destination = Destination::knowing(&["ann", "bob"]).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;

    assert!(client.say("RCPT TO:<ann@acme.example>").await.starts_with("250"));
    assert!(client.say("RCPT TO:<nobody@acme.example>").await.starts_with("550 5.1.1"));
    assert!(client.say("RCPT TO:<bob@acme.example>").await.starts_with("250"));
    assert!(client.data("Subject: both\r\n\r\nx").await.starts_with("250"));

    let taken = destination.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].recipients, ["ann@acme.example", "bob@acme.example"]);
    assert!(!String::from_utf8_lossy(&taken[0].content).contains("for <"), "no recipient is named");
}

#[tokio::test(flavor = "multi_thread")]
async fn pipelined_commands_are_answered_in_order() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::connect(relay.smtp).await;
    client.say("EHLO client.example").await;

    client
        .send(b"MAIL FROM:<a@sender.example>\r\nRCPT TO:<no@acme.example>\r\nRCPT TO:<ann@acme.example>\r\nDATA\r\n")
        .await;

    assert!(client.reply().await.starts_with("250 2.1.0"));
    assert!(client.reply().await.starts_with("550 5.1.1"));
    assert!(client.reply().await.starts_with("250 2.1.5"));
    assert!(client.reply().await.starts_with("354"));
    client.send(b"x\r\n.\r\nQUIT\r\n").await;
    assert!(client.reply().await.starts_with("250 2.0.0"));
    assert!(client.reply().await.starts_with("221"));
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_to_the_destination_are_used_again() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;

    for _ in 0..5 {
        send(relay.smtp, "a@sender.example", "ann@acme.example", "x").await;
    }

    assert_eq!(destination.taken().len(), 5);
    let greetings = destination.heard().iter().filter(|line| line.starts_with("EHLO")).count();
    assert_eq!(greetings, 1, "one connection served five transactions");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destination_that_closed_its_idle_connection_costs_no_message() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    send(relay.smtp, "a@sender.example", "ann@acme.example", "x").await;

    let address = destination.address;
    destination.stop();
    let again = Destination::start_at(address, Default::default()).await;

    let reply = send(relay.smtp, "a@sender.example", "ann@acme.example", "x").await;
    assert!(reply.starts_with("250 2.0.0"), "{reply}");
    assert_eq!(again.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn v13_what_was_kept_is_delivered_when_the_destination_is_back() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;
    let address = destination.address;
    destination.stop();
    let reply = send(relay.smtp, "a@sender.example", "ann@acme.example", "Subject: kept\r\n\r\nx").await;
    assert!(reply.starts_with("250 2.0.0 queued as "), "{reply}");
    let health = relay.query("health", json!({})).await;
    assert_eq!(health["state"], "waiting", "{health}");

    // The next message finds it back, and what waits goes at once.
    let back = Destination::start_at(address, Default::default()).await;
    send(relay.smtp, "a@sender.example", "ann@acme.example", "Subject: live\r\n\r\nx").await;

    relay.until("both arrived", async || back.taken().len() == 2).await;
    relay.until("nothing waits", async || relay.query("health", json!({})).await["waiting"] == 0).await;
    let log = relay.query("mail_log", json!({})).await;
    assert!(log["rows"].as_array().expect("rows").iter().all(|row| row["outcome"] == "delivered"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_eleven_megabytes_passes_through_a_file() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let body = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r\n".repeat(170_000);

    let reply = send(relay.smtp, "a@sender.example", "ann@acme.example", &format!("Subject: big\r\n\r\n{body}")).await;

    assert!(reply.starts_with("250 2.0.0"), "{reply}");
    let taken = destination.taken().remove(0).content;
    assert!(taken.ends_with(format!("{body}\r\n").as_bytes()));
    let left = std::fs::read_dir(relay.folder.path().join("spool")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "the temporary file is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn rfc_3030_content_in_pieces_arrives_as_one_message() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;
    client.say("RCPT TO:<ann@acme.example>").await;

    client.send(b"BDAT 11\r\nSubject: x\r").await;
    assert_eq!(client.reply().await, "250 2.0.0 11 octets received");
    client.send(b"BDAT 11 LAST\r\n\n\r\n.\r\nQUIT\r").await;
    assert_eq!(client.reply().await, "550 5.5.2 Bare carriage return", "a piece may not end the content in a CR");

    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;
    client.say("RCPT TO:<ann@acme.example>").await;
    client.send(b"BDAT 11\r\nSubject: x\rBDAT 12 LAST\r\n\n\r\n.\r\nQUIT\r\n").await;
    client.reply().await;
    assert!(client.reply().await.starts_with("250 2.0.0 Delivered as "));
    let taken = destination.taken();
    assert_eq!(taken.len(), 1);
    assert!(String::from_utf8_lossy(&taken[0].content).ends_with("Subject: x\r\n\r\n.\r\nQUIT\r\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn rfc_6531_an_address_outside_ascii_needs_a_destination_that_takes_it() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::connect(relay.smtp).await;
    client.say("EHLO client.example").await;
    client.say("MAIL FROM:<søren@sender.example> SMTPUTF8").await;

    let reply = client.say("RCPT TO:<ann@acme.example>").await;

    assert!(reply.starts_with("550 5.6.7 <ann@acme.example>: The mail server does not take addresses"), "{reply}");
    assert_eq!(destination.taken().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn rfc_3207_what_follows_starttls_in_clear_is_never_run() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::connect(relay.smtp).await;
    client.say("EHLO client.example").await;

    client.send(b"STARTTLS\r\nMAIL FROM:<evil@sender.example>\r\nRCPT TO:<ann@acme.example>\r\n").await;

    assert_eq!(client.reply().await, "503 5.5.1 Nothing may follow STARTTLS before the handshake");
    assert_eq!(client.reply().await, "(closed)");
    assert!(!destination.heard().iter().any(|line| line.contains("evil")));
}

#[tokio::test(flavor = "multi_thread")]
async fn v11_the_answer_to_a_second_error_comes_later_and_a_listed_upstream_never_waits() {
    let destination = Destination::knowing(&["ann"]).await;
    let limits = SessionLimits { error_wait: Duration::from_secs(3600), ..SessionLimits::default() };
    let relay = Relay::open_patiently(Kind::Real, limits).await;
    relay.serves("acme.example", destination.address).await;

    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;
    assert!(client.say("RCPT TO:<x1@acme.example>").await.starts_with("550 5.1.1"));
    client.send(b"RCPT TO:<x2@acme.example>\r\n").await;
    assert!(client.is_silent().await, "the second answer waits");

    relay.command("set_upstreams", json!({ "addresses": ["127.0.0.1"] })).await;
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;
    for number in 0..8 {
        assert!(client.say(&format!("RCPT TO:<x{number}@acme.example>")).await.starts_with("550 5.1.1"));
    }
}
