//! STARTTLS from the client's side, over real sockets (RFC 3207).

use std::time::Duration;

use rollcall_api::{Kind, SessionLimits};
use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::Destination;
use rollcall_tests::relay::Relay;

const GARBAGE: &[&[u8]] =
    &[b"MAIL FROM:<evil@sender.example>\r\nRCPT TO:<ann@acme.example>\r\n", b"\x16\x03\x01", b"\0\0\0\0"];

#[tokio::test(flavor = "multi_thread")]
async fn rfc_3207_after_the_handshake_the_conversation_starts_afresh() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::encrypted(relay.smtp).await;

    let reply = client.say("MAIL FROM:<a@sender.example>").await;
    assert!(reply.starts_with("503 5.5.1 "), "the EHLO in clear is forgotten: {reply}");
    let offers = client.say("EHLO after.example").await;
    assert!(offers.contains("PIPELINING") && !offers.contains("STARTTLS"), "{offers}");
    assert!(client.say("STARTTLS").await.starts_with("503 5.5.1 "));
    assert!(client.say("MAIL FROM:<a@sender.example>").await.starts_with("250 "));
    assert!(client.say("RCPT TO:<ann@acme.example>").await.starts_with("250 "));
    assert!(client.data("Subject: sealed\r\n\r\nx").await.starts_with("250 2.0.0 Delivered as "));
    assert!(client.say("QUIT").await.starts_with("221 "));
    assert_eq!(client.reply().await, "(closed)");

    let content = String::from_utf8_lossy(&destination.taken().remove(0).content).into_owned();
    assert!(content.starts_with("Received: from after.example "), "not the name said in clear: {content}");
    assert!(content.contains("with ESMTPS id"), "{content}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rfc_3207_a_message_of_two_megabytes_and_pipelined_commands_pass_encrypted() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::encrypted(relay.smtp).await;
    let body = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r\n".repeat(30_000);

    client.send(b"EHLO after.example\r\nMAIL FROM:<a@sender.example>\r\nRCPT TO:<ann@acme.example>\r\nDATA\r\n").await;
    for code in ["250-", "250 2.1.0", "250 2.1.5", "354 "] {
        let reply = client.reply().await;
        assert!(reply.starts_with(code), "{code}: {reply}");
    }
    client.send(format!("{body}.\r\n").as_bytes()).await;

    assert!(client.reply().await.starts_with("250 2.0.0 Delivered as "));
    assert!(destination.taken().remove(0).content.ends_with(body.as_bytes()));
}

#[tokio::test(flavor = "multi_thread")]
async fn rfc_3207_what_is_no_handshake_ends_the_connection_and_runs_nothing() {
    let destination = Destination::knowing(&["ann"]).await;
    let limits = SessionLimits { handshake_wait: Duration::from_millis(300), ..SessionLimits::default() };
    let relay = Relay::open(Kind::Real, limits).await;
    relay.serves("acme.example", destination.address).await;

    for garbage in GARBAGE {
        let mut client = Client::connect(relay.smtp).await;
        client.say("EHLO client.example").await;
        assert!(client.say("STARTTLS").await.starts_with("220 "));
        client.send(garbage).await;
        // An alert is no reply; what matters is that nothing is answered and the connection ends.
        let mut said = client.reply().await;
        while said != "(closed)" {
            assert!(!said.starts_with("250"), "{said}");
            said = client.reply().await;
        }
    }

    assert_eq!(destination.heard().len(), 0, "{:?}", destination.heard());
    assert!(send(relay.smtp, "a@sender.example", "ann@acme.example", "x").await.starts_with("250 2.0.0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn rfc_3207_a_client_that_leaves_in_the_middle_of_encrypted_content_leaves_nothing_behind() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::encrypted(relay.smtp).await;
    client.say("EHLO client.example").await;
    client.say("MAIL FROM:<a@sender.example>").await;
    client.say("RCPT TO:<ann@acme.example>").await;
    client.say("DATA").await;
    client.send(b"Subject: half\r\n\r\nhal").await;
    drop(client);

    relay.until("the destination hears RSET", async || destination.heard().iter().any(|line| line == "RSET")).await;
    assert_eq!(destination.taken().len(), 0);
}
