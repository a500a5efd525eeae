//! What a mail server is found to be (behaviour.md 3.8): tested by itself, by hand, and by the mail that passes.

use std::time::Duration;

use rollcall_api::{Kind, SessionLimits};
use rollcall_tests::client::send;
use rollcall_tests::destination::{Destination, Manners};
use rollcall_tests::peer::SENDER;
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

const DAY_MS: i64 = 86_400_000;

/// A relay that tests destinations by itself.
async fn testing_relay() -> Relay {
    let limits = SessionLimits { error_wait: Duration::ZERO, ..SessionLimits::default() };
    Relay::open_exactly(Kind::Real, limits).await
}

async fn domain(relay: &Relay) -> Value {
    relay.query("domains", json!({})).await["rows"][0].clone()
}

async fn found(relay: &Relay, truth: &str) -> Value {
    relay.until(truth, async || domain(relay).await["truth"] == truth).await;
    domain(relay).await
}

async fn test(relay: &Relay) -> Value {
    relay.command("test_domain", json!({ "name": "acme.example" })).await
}

fn sentence(found: &Value) -> &str {
    found["sentence"].as_str().expect("a sentence")
}

#[tokio::test(flavor = "multi_thread")]
async fn v01_a_new_domain_is_tested_at_once_again_in_a_day_and_afresh_where_its_mail_goes_elsewhere() {
    let knowing = Destination::knowing(&["ann"]).await;
    let everything = Destination::knowing(&[]).await;
    let relay = testing_relay().await;

    relay.serves("acme.example", knowing.address).await;
    let row = found(&relay, "rejects_strangers").await;
    let next = |row: &Value| row["truth_next_ms"].as_i64().expect("a time") - row["truth_ms"].as_i64().expect("a time");
    assert_eq!(next(&row), DAY_MS);
    let replies = row["truth_replies"].as_array().expect("replies");
    assert_eq!(replies.len(), 2, "{row}");
    assert!(replies.iter().all(|reply| reply.as_str().is_some_and(|text| text.starts_with("550 "))), "{row}");

    relay.serves("acme.example", everything.address).await;
    let row = found(&relay, "accepts_everything").await;
    assert_eq!(next(&row), 7 * DAY_MS, "weekly");
    assert!(knowing.taken().is_empty() && everything.taken().is_empty(), "no content is ever sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn v01_a_destination_that_asks_to_wait_is_undecided_and_not_taken_for_one_that_refuses() {
    let rcpt = Some("450 4.2.0 Greylisted, come again".to_owned());
    let greylisting = Destination::start(Manners { rcpt, ..Manners::default() }).await;
    let relay = testing_relay().await;

    relay.serves("acme.example", greylisting.address).await;

    let row = found(&relay, "undecided").await;
    let next = row["truth_next_ms"].as_i64().expect("a time") - row["truth_ms"].as_i64().expect("a time");
    assert_eq!(next, 15 * 60_000);
    assert!(sentence(&test(&relay).await).contains("greylisting"), "and in words");
}

#[tokio::test(flavor = "multi_thread")]
async fn v03_a_destination_that_refuses_every_sender_is_not_taken_for_one_that_refuses_strangers() {
    let mail = Some("550 5.7.1 Not allowed".to_owned());
    let shut = Destination::start(Manners { mail, ..Manners::default() }).await;
    let relay = Relay::before(&shut).await;

    let found = test(&relay).await;

    assert_eq!(found["usable"], false, "{found}");
    assert!(sentence(&found).contains("no mail from this computer"), "{found}");
    assert_eq!(domain(&relay).await["truth"], "undecided");
}

#[tokio::test(flavor = "multi_thread")]
async fn v03_an_account_is_asked_about_beside_two_invented_names() {
    let office = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&office).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;

    let found = test(&relay).await;

    let steps: Vec<_> = found["steps"].as_array().expect("steps").iter().map(|step| step["step"].clone()).collect();
    let expected = ["greeting", "starttls", "valid_recipient", "made_up_recipient", "second_made_up_recipient"];
    assert_eq!(steps, expected, "{found}");
    assert!(sentence(&found).contains("knows who exists"), "{found}");

    let strict = Destination::knowing(&["somebody-else"]).await;
    relay.serves("acme.example", strict.address).await;
    assert!(sentence(&test(&relay).await).contains("but also ann@acme.example"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_2_a_late_no_to_the_only_recipient_is_noticed_and_told() {
    let end_of_data = Some("550 5.1.1 No such user".to_owned());
    let late = Destination::start(Manners { end_of_data, ..Manners::default() }).await;
    let relay = Relay::before(&late).await;
    assert!(!sentence(&test(&relay).await).contains("after the whole message"), "nothing has shown it yet");

    let reply = send(relay.smtp, SENDER, "nobody@acme.example", "Subject: x\r\n\r\nx").await;
    assert!(reply.starts_with("550 5.1.1 "), "{reply}");

    relay.until("it is noticed", async || domain(&relay).await["decides_at_data"] == true).await;
    assert!(sentence(&test(&relay).await).contains("only after the whole message"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_domain_of_ours_can_be_tested() {
    let relay = Relay::bare().await;

    let fault = relay.refused("test_domain", json!({ "name": "foreign.example" })).await;

    assert_eq!(fault.message, "foreign.example isn't one of your domains.");
}
