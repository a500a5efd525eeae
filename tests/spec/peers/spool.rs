//! What was kept while a real mail server was away: delivered once, unchanged, when it is back; or refused late.

use std::net::SocketAddr;
use std::time::Duration;

use rollcall_api::{Kind, SessionLimits};
use rollcall_tests::client::send;
use rollcall_tests::exim::{Exim, Refuses};
use rollcall_tests::opensmtpd::OpenSmtpd;
use rollcall_tests::peer::{SENDER, free_address, wait_for_mail};
use rollcall_tests::postfix::Postfix;
use rollcall_tests::relay::Relay;
use serde_json::json;

use super::{as_sent, trace_above, tricky};

/// A relay for accounts whose mail server is away, and looked for often.
async fn relay_without(server: SocketAddr, accounts: &[&str]) -> Relay {
    let limits = SessionLimits { probe_every: Duration::from_millis(200), ..SessionLimits::default() };
    let relay = Relay::open(Kind::Real, limits).await;
    relay.serves("acme.example", server).await;
    let users: Vec<_> = accounts.iter().map(|name| json!({ "address": format!("{name}@acme.example") })).collect();
    relay.command("create_user", json!({ "users": users })).await;
    relay
}

/// Sends to an account while its server is away: taken, and ours.
async fn keep(relay: &Relay, recipient: &str, content: &[u8]) {
    let reply = send(relay.smtp, SENDER, recipient, &as_sent(content)).await;
    assert!(reply.starts_with("250 2.0.0 queued as "), "{reply}");
}

async fn nothing_waits(relay: &Relay) {
    relay.until("nothing waits any more", async || relay.query("health", json!({})).await["waiting"] == json!(0)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v13_a_postfix_that_comes_back_gets_what_was_kept_once_and_unchanged() {
    let postfix = Postfix::knowing("acme.example", &["ann".to_owned()]);
    let relay = relay_without(postfix.address, &["ann"]).await;
    postfix.stop();
    let content = tricky("kept");
    keep(&relay, "ann@acme.example", &content).await;

    postfix.start();

    nothing_waits(&relay).await;
    let found = wait_for_mail(1, || postfix.mailbox("ann"));
    trace_above(&found[0], &content);
    assert_eq!(found.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn v13_an_exim_that_comes_back_gets_what_was_kept_once_and_unchanged() {
    let address = free_address();
    let relay = relay_without(address, &["ann"]).await;
    let content = tricky("kept");
    keep(&relay, "ann@acme.example", &content).await;

    let exim = Exim::knowing_at(address, "acme.example", &["ann"], Refuses::AtRcpt);

    nothing_waits(&relay).await;
    let found = wait_for_mail(1, || exim.mailbox("ann"));
    trace_above(&found[0], &content);
    assert_eq!(found.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn v13_an_opensmtpd_that_comes_back_gets_what_was_kept_once_and_unchanged() {
    let address = free_address();
    let relay = relay_without(address, &["ann"]).await;
    let content = tricky("kept");
    keep(&relay, "ann@acme.example", &content).await;

    let opensmtpd = OpenSmtpd::knowing_at(address, "acme.example", &["ann"]);

    nothing_waits(&relay).await;
    let found = wait_for_mail(1, || opensmtpd.mailbox("ann@acme.example"));
    trace_above(&found[0], &content);
    assert_eq!(found.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_what_an_exim_refuses_late_is_kept_and_shown_and_nobody_gets_a_bounce() {
    let address = free_address();
    let relay = relay_without(address, &["ann", "gone"]).await;
    keep(&relay, "gone@acme.example", &tricky("refused late")).await;
    keep(&relay, "ann@acme.example", &tricky("taken late")).await;

    let exim = Exim::knowing_at(address, "acme.example", &["ann"], Refuses::AtData);

    nothing_waits(&relay).await;
    wait_for_mail(1, || exim.mailbox("ann"));
    let health = relay.query("health", json!({})).await;
    assert_eq!(health["failed"], json!(1), "{health}");
    assert!(!exim.log().contains(&format!("for {SENDER}")), "no bounce was handed to it: {}", exim.log());
}
