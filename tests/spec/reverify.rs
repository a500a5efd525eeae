//! Accounts are asked about again every week (V06, T23).

use std::time::Duration;

use rollcall_api::{Kind, SessionLimits};
use rollcall_tests::client::send;
use rollcall_tests::destination::{Destination, Manners};
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

/// A practice office that asks destinations by itself.
async fn office(port: u16) -> Relay {
    // Skipped days ask more often than thirty times a minute of the wall's.
    let limits = SessionLimits { error_wait: Duration::ZERO, probes_a_minute: 10_000, ..SessionLimits::default() };
    let relay = Relay::open_exactly(Kind::Practice, limits).await;
    let destination = json!({ "host": "127.0.0.1", "port": port, "tls": "never" });
    relay.command("add_domain", json!({ "name": "acme.example", "destination": destination })).await;
    relay
}

async fn users(relay: &Relay, names: &[&str]) {
    let users: Vec<Value> = names.iter().map(|name| json!({ "address": format!("{name}@acme.example") })).collect();
    relay.command("create_user", json!({ "users": users })).await;
}

async fn detail(relay: &Relay, name: &str) -> Value {
    relay.query("address", json!({ "address": format!("{name}@acme.example") })).await
}

/// Lets six hours pass at a time, and the task ask about `name` if that is due, until it `holds`; says after how many hours.
/// Not longer than ten days.
async fn hours_until(relay: &Relay, name: &str, mut holds: impl AsyncFnMut() -> bool) -> Option<i64> {
    for hours in (6..=240).step_by(6) {
        relay.command("skip_time", json!({ "hours": 6 })).await;
        // The task asks beside the clock.
        for _ in 0..100 {
            let now = relay.query("health", json!({})).await["now_ms"].as_i64();
            let next = detail(relay, name).await["reverify"]["next_ms"].as_i64();
            if next.is_none() || next > now {
                break;
            }
            rollcall_tests::pause(50).await;
        }
        if holds().await {
            return Some(hours);
        }
    }
    None
}

fn asked(destination: &Destination, name: &str) -> usize {
    let line = format!("RCPT TO:<{name}@acme.example>");
    destination.heard().iter().filter(|heard| heard.starts_with(&line)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn t23_an_account_that_the_server_refuses_three_times_over_a_day_is_doubted_and_nothing_else() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = office(destination.address.port()).await;
    users(&relay, &["ann", "gone"]).await;

    let hours =
        hours_until(&relay, "gone", async || !detail(&relay, "gone").await["row"]["suspect_ms"].is_null()).await;

    let hours = hours.expect("it is doubted");
    assert!((24..=7 * 24 + 6).contains(&hours), "three answers over a day, within a week: {hours}");
    let gone = detail(&relay, "gone").await;
    assert_eq!((&gone["row"]["state"], &gone["reverify"]["refusals"]), (&json!("user"), &json!(3)));
    let entry = &gone["journal"][0];
    assert_eq!(entry["action"], "suspect");
    assert!(entry["why"].as_str().is_some_and(|why| why.contains("550 5.1.1")), "{entry}");
    assert_eq!(asked(&destination, "gone"), 3);
    assert!(asked(&destination, "ann") <= 2, "once a week");
    assert_eq!(detail(&relay, "ann").await["row"]["suspect_ms"], Value::Null);
    assert!(!destination.heard().iter().any(|line| line == "DATA"), "no content is ever sent");

    destination.behave(|manners| manners.knows.extend(["gone".to_owned()]));
    let cleared =
        hours_until(&relay, "gone", async || detail(&relay, "gone").await["row"]["suspect_ms"].is_null()).await;
    assert!(cleared.is_some(), "a yes ends the doubt");
    assert_eq!(detail(&relay, "gone").await["reverify"]["refusals"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn t23_not_now_and_a_server_that_takes_everybody_say_nothing() {
    let rcpt = Some("450 4.2.0 Greylisted, come again".to_owned());
    let greylisting = Destination::start(Manners { rcpt, ..Manners::default() }).await;
    let everybody = Destination::knowing(&[]).await;
    let relay = office(greylisting.address.port()).await;
    let other = office(everybody.address.port()).await;
    users(&relay, &["ann"]).await;
    users(&other, &["ann"]).await;
    other
        .until("it is tested", async || {
            other.query("domains", json!({})).await["rows"][0]["truth"] == "accepts_everything"
        })
        .await;

    let doubted =
        hours_until(&relay, "ann", async || !detail(&relay, "ann").await["row"]["suspect_ms"].is_null()).await;
    assert_eq!(doubted, None);
    assert!(asked(&greylisting, "ann") > 0, "it was asked");
    hours_until(&other, "ann", async || false).await;
    assert_eq!(asked(&everybody, "ann"), 0, "its yes would say nothing");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn v06_a_mailbox_that_is_deleted_in_a_real_postfix_is_flagged_within_a_week_and_the_reply_stays_the_servers() {
    let names = ["ann".to_owned(), "ben".to_owned()];
    let postfix = rollcall_tests::postfix::Postfix::knowing("acme.example", &names);
    let relay = office(postfix.address.port()).await;
    users(&relay, &["ann", "ben"]).await;
    assert!(send(relay.smtp, "a@sender.example", "ben@acme.example", "Subject: x\r\n\r\nx").await.starts_with("250"));

    postfix.know_only("acme.example", &names[..1]);

    let flagged =
        hours_until(&relay, "ben", async || !detail(&relay, "ben").await["row"]["suspect_ms"].is_null()).await;
    assert!(flagged.expect("it is flagged") <= 7 * 24 + 6);
    let ben = detail(&relay, "ben").await;
    assert_eq!((&ben["row"]["state"], &ben["row"]["refused_count"]), (&json!("user"), &json!(0)));
    let reply = send(relay.smtp, "a@sender.example", "ben@acme.example", "Subject: x\r\n\r\nx").await;
    assert!(reply.starts_with("550 5.1.1 <ben@acme.example>: Recipient refused by the mail server"), "{reply}");
    assert_eq!(detail(&relay, "ann").await["row"]["suspect_ms"], Value::Null);
}
