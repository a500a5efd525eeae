//! Where mail comes in: several listeners with a role each, upstreams that name who is behind them, the office's own
//! machines, and the certificate.

use rollcall_api::Code;
use rollcall_tests::client::Client;
use rollcall_tests::destination::Destination;
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

/// A second listener and where it is bound.
async fn listener(relay: &Relay, more: Value) -> std::net::SocketAddr {
    let mut args = json!({ "name": "second", "address": "127.0.0.1", "port": 0 });
    args.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let set = relay.command("set_listener", args).await;
    set["listener"]["bound"].as_str().expect("bound").parse().expect("an address")
}

#[tokio::test(flavor = "multi_thread")]
async fn s_4_1_a_submission_listener_serves_only_machines_that_may_send_out() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let second = listener(&relay, json!({ "role": "submission" })).await;

    let mut stranger = Client::connect(second).await;
    stranger.say("EHLO stranger.example").await;
    assert_eq!(stranger.say("MAIL FROM:<ann@acme.example>").await, "530 5.7.0 Authentication required");

    relay.command("set_sender_hosts", json!({ "hosts": [{ "network": "127.0.0.0/8", "note": "here" }] })).await;
    let mut printer = Client::with_mail(second, "scanner@acme.example").await;
    assert!(printer.say("RCPT TO:<ann@acme.example>").await.starts_with("250 2.1.5"));
    let health = relay.query("health", json!({})).await;
    assert_eq!(health["listeners"][0]["name"], "inbound");
    assert_eq!(health["listeners"][1]["role"], "submission");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_listener_no_longer_answers_and_the_inbound_one_stays() {
    let relay = Relay::bare().await;
    let second = listener(&relay, json!({})).await;
    drop(Client::connect(second).await);

    relay.command("remove_listener", json!({ "name": "second" })).await;

    assert!(tokio::net::TcpStream::connect(second).await.is_err());
    assert_eq!(relay.refused("remove_listener", json!({ "name": "inbound" })).await.code, Code::Invalid);
    assert_eq!(relay.refused("remove_listener", json!({ "name": "second" })).await.code, Code::NotFound);
    drop(Client::connect(relay.smtp).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upstream_that_speaks_proxy_says_who_is_behind_it_and_nobody_else_may() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let speaking = json!({ "addresses": [{ "address": "127.0.0.0/8", "speaks": "proxy" }] });
    relay.command("set_upstreams", speaking).await;

    let mut client = Client::connect_silently(relay.smtp).await;
    client.send(b"PROXY TCP4 192.0.2.7 10.0.0.1 40000 25\r\nEHLO behind.example\r\n").await;
    assert!(client.reply().await.starts_with("220 "));
    assert!(client.reply().await.starts_with("250"));
    client.say("MAIL FROM:<a@sender.example>").await;
    client.say("RCPT TO:<nobody@acme.example>").await;
    let log = relay.query("mail_log", json!({ "limit": 1 })).await;
    assert_eq!(log["rows"][0]["client_ip"], "192.0.2.7");

    let mut without = Client::connect_silently(relay.smtp).await;
    without.send(b"EHLO client.example\r\n").await;
    assert_eq!(without.reply().await, "(closed)", "the header is demanded");

    relay.command("set_upstreams", json!({ "addresses": [] })).await;
    let mut stranger = Client::connect(relay.smtp).await;
    assert!(stranger.say("PROXY TCP4 192.0.2.7 10.0.0.1 40000 25").await.starts_with("500 5.5.2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upstream_that_speaks_xclient_says_who_is_behind_it_and_nobody_else_may() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let mut stranger = Client::connect(relay.smtp).await;
    assert!(!stranger.say("EHLO x.example").await.contains("XCLIENT"));
    assert!(stranger.say("XCLIENT ADDR=192.0.2.9").await.starts_with("500 5.5.2"));

    relay.command("set_upstreams", json!({ "addresses": [{ "address": "127.0.0.1", "speaks": "xclient" }] })).await;
    let mut client = Client::connect(relay.smtp).await;
    assert!(client.say("EHLO gateway.example").await.contains("XCLIENT NAME ADDR PORT PROTO HELO"));
    assert!(client.say("XCLIENT ADDR=192.0.2.9 HELO=behind.example").await.starts_with("220 "));
    client.say("EHLO behind.example").await;
    client.say("MAIL FROM:<a@sender.example>").await;
    // The client behind is no upstream: its fifth invented recipient ends the session.
    for _ in 0..4 {
        assert!(client.say("RCPT TO:<nobody@acme.example>").await.starts_with("550 5.1.1"));
    }
    assert_eq!(client.say("RCPT TO:<nobody@acme.example>").await, "421 4.7.0 Too many invalid recipients");
    let log = relay.query("mail_log", json!({ "limit": 1 })).await;
    assert_eq!(log["rows"][0]["client_ip"], "192.0.2.9");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_can_list_everybody_as_a_sender_and_nonsense_changes_nothing() {
    let relay = Relay::bare().await;

    let everybody = json!({ "hosts": [{ "network": "0.0.0.0/0" }] });
    assert_eq!(relay.refused("set_sender_hosts", everybody).await.code, Code::Invalid);
    let nonsense = json!({ "hosts": [{ "network": "10.0.0.1" }, { "network": "printer" }] });
    assert!(relay.refused("set_sender_hosts", nonsense).await.message.contains("printer"));

    assert_eq!(relay.query("receiving", json!({})).await["sender_hosts"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_cannot_serve_is_refused_with_what_is_missing_and_nothing_changes() {
    let relay = Relay::bare().await;
    let before = relay.query("receiving", json!({})).await["certificate"].clone();
    assert_eq!(before["self_signed"], json!(true));

    for (args, missing) in [
        (json!({ "pem": "hello" }), "there is no certificate in it"),
        (json!({ "pfx_base64": "aGVsbG8=", "passphrase": "secret" }), "the PFX file can't be opened"),
        (json!({}), "Give either a PEM text"),
    ] {
        let fault = relay.refused("import_certificate", args).await;
        assert!(fault.message.contains(missing) && !fault.message.contains("secret"), "{}", fault.message);
    }
    assert_eq!(relay.query("receiving", json!({})).await["certificate"], before);
}

#[tokio::test(flavor = "multi_thread")]
async fn x20_every_refusal_has_a_number_and_the_contact_and_the_log_finds_it_by_the_number() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    relay.command("set_reply_contact", json!({ "contact": "it@acme.example" })).await;
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;

    client.send(b"RCPT TO:<nobody@acme.example>\r\n").await;

    let told = "550 5.1.1 <nobody@acme.example>: Recipient address rejected: User unknown (RC-104)";
    assert_eq!(client.whole_reply().await, format!("{told}; help: it@acme.example"));
    let found = relay.query("mail_log", json!({ "search": "RC-104" })).await;
    assert_eq!(found["rows"].as_array().map(Vec::len), Some(1));
    assert_eq!(found["rows"][0]["reply"], told);
    assert_eq!(relay.query("mail_log", json!({ "search": "RC-105" })).await["rows"], json!([]));
}
