//! Other mail programs and mail servers as senders: each delivers through us to a real Postfix, byte for byte, and each
//! understands a refusal.

use std::net::SocketAddr;

use rollcall_tests::client::send;
use rollcall_tests::exim::Exim;
use rollcall_tests::peer::{SENDER, wait_for_mail};
use rollcall_tests::postfix::Postfix;
use rollcall_tests::relay::Relay;
use rollcall_tests::sender::{PROGRAMS, Way};
use serde_json::json;

use super::{about, as_sent, trace_above, tricky};

/// A Postfix that knows ann, and a relay before it.
async fn office() -> (Postfix, Relay) {
    let postfix = Postfix::knowing("acme.example", &["ann".to_owned()]);
    let relay = Relay::bare().await;
    relay.serves("acme.example", postfix.address).await;
    (postfix, relay)
}

async fn every_program_delivers_and_understands_a_refusal(way: Way, protocol: &str) {
    let (postfix, relay) = office().await;
    let to = if way == Way::Tls { encrypted_listener(&relay).await } else { relay.smtp };

    for program in PROGRAMS {
        let content = tricky(&format!("{program:?}"));
        let sent = program.send(to, way, "ann@acme.example", &content);
        assert!(sent.taken, "{program:?}:\n{}", sent.transcript);
        let found = wait_for_mail(1, || about(postfix.mailbox("ann"), &format!("{program:?}")));
        let trace = trace_above(&found[0], &content);
        assert!(trace.contains(protocol), "{program:?}: {trace}");

        let sent = program.send(to, way, "nobody@acme.example", &content);
        let refusal = "550 5.1.1 <nobody@acme.example>: Recipient address rejected: User unknown";
        assert!(!sent.taken, "{program:?}:\n{}", sent.transcript);
        // curl names the code only.
        assert!(sent.transcript.contains(refusal) || sent.transcript.contains("550"), "{}", sent.transcript);
    }
}

/// One more listener, encrypted from the first octet.
async fn encrypted_listener(relay: &Relay) -> SocketAddr {
    let args = json!({ "name": "encrypted", "address": "127.0.0.1", "port": 0, "tls": "implicit" });
    let set = relay.command("set_listener", args).await;
    set["listener"]["bound"].as_str().expect("bound").parse().expect("an address")
}

#[tokio::test(flavor = "multi_thread")]
async fn swaks_smtplib_curl_and_msmtp_deliver_in_clear_and_understand_a_refusal() {
    every_program_delivers_and_understands_a_refusal(Way::Clear, ") with ESMTP id").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn swaks_smtplib_curl_and_msmtp_deliver_with_starttls_and_understand_a_refusal() {
    every_program_delivers_and_understands_a_refusal(Way::StartTls, ") with ESMTPS id").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn swaks_smtplib_curl_and_msmtp_deliver_encrypted_from_the_first_octet_and_understand_a_refusal() {
    every_program_delivers_and_understands_a_refusal(Way::Tls, ") with ESMTPS id").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sending_postfix_delivers_in_clear_and_bounces_what_was_refused() {
    a_sending_postfix_delivers(false, ") with ESMTP id").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sending_postfix_delivers_encrypted_and_bounces_what_was_refused() {
    a_sending_postfix_delivers(true, ") with ESMTPS id").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sending_exim_delivers_in_clear_and_bounces_what_was_refused() {
    a_sending_exim_delivers(false, ") with ESMTP id").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sending_exim_delivers_encrypted_and_bounces_what_was_refused() {
    a_sending_exim_delivers(true, ") with ESMTPS id").await;
}

async fn a_sending_postfix_delivers(encrypted: bool, protocol: &str) {
    let (postfix, relay) = office().await;
    let sending = Postfix::sending_to(relay.smtp, encrypted);
    let content = tricky("by postfix");

    let reply = send(sending.address, SENDER, "ann@acme.example", &as_sent(&content)).await;
    assert!(reply.starts_with("250"), "{reply}");
    send(sending.address, SENDER, "nobody@acme.example", &as_sent(&content)).await;

    let found = wait_for_mail(1, || about(postfix.mailbox("ann"), "by postfix"));
    let trace = trace_above(&found[0], &content);
    assert!(trace.contains(protocol), "{trace}");
    let refused = "status=bounced (host 127.0.0.1[127.0.0.1] said: 550 5.1.1 <nobody@acme.example>";
    relay.until("the sender knows of the refusal", async || sending.log().contains(refused)).await;
}

async fn a_sending_exim_delivers(encrypted: bool, protocol: &str) {
    let (postfix, relay) = office().await;
    let sending = Exim::sending_to(relay.smtp, encrypted);
    let content = tricky("by exim");

    let reply = send(sending.address, SENDER, "ann@acme.example", &as_sent(&content)).await;
    assert!(reply.starts_with("250"), "{reply}");
    send(sending.address, SENDER, "nobody@acme.example", &as_sent(&content)).await;

    let found = wait_for_mail(1, || about(postfix.mailbox("ann"), "by exim"));
    let trace = trace_above(&found[0], &content);
    assert!(trace.contains(protocol), "{trace}");
    let refused = "550 5.1.1 <nobody@acme.example>: Recipient address rejected: User unknown";
    relay.until("the sender knows of the refusal", async || sending.log().contains(refused)).await;
}
