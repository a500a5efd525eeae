//! What a destination said of a recipient holds for a while, and it is asked in vain at a bounded rate (V02).

use rollcall_api::{Code, Kind, OpenOptions, SessionLimits};
use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::Destination;
use rollcall_tests::relay::{Relay, bound};
use serde_json::json;

const UNKNOWN: &str = "550 5.1.1 <new@acme.example>: Recipient address rejected: User unknown";

async fn ask(relay: &Relay, recipient: &str) -> String {
    Client::with_mail(relay.smtp, "a@sender.example").await.say(&format!("RCPT TO:<{recipient}>")).await
}

fn asked(destination: &Destination) -> usize {
    // The tests of what a mail server is ask about invented names of their own.
    destination.heard().iter().filter(|line| line.starts_with("RCPT") && !line.contains("<sd-")).count()
}

fn hire(destination: &Destination, name: &str) {
    destination.behave(|manners| manners.knows.extend([name.to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn v02_a_mailbox_made_after_a_550_is_taken_at_once_after_clear_and_not_before() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    assert_eq!(ask(&relay, "new@acme.example").await, UNKNOWN);
    hire(&destination, "new");

    assert_eq!(ask(&relay, "New@Acme.example").await, UNKNOWN.replace("new@acme", "New@Acme"), "in any case");
    assert_eq!(asked(&destination), 1, "without asking");
    let cached = relay.query("recipient_cache", json!({ "address": "new@acme.example" })).await;
    assert_eq!(cached["cached"]["answer"], "unknown");
    assert!(cached["cached"]["reply"].as_str().expect("a reply").starts_with("550"), "{cached}");
    let log = relay.query("mail_log", json!({})).await;
    assert_eq!(log["rows"][0]["reason"], "user_unknown_cached");

    let cleared = relay.command("clear_recipient_cache", json!({ "address": "new@acme.example" })).await;

    assert_eq!(cleared["forgotten"], 1);
    assert!(ask(&relay, "new@acme.example").await.starts_with("250 2.1.5"));
    assert_eq!(relay.query("journal", json!({})).await["rows"][0]["action"], "clear_recipient_cache");
    let both = json!({ "address": "new@acme.example", "domain": "acme.example" });
    assert_eq!(relay.refused("clear_recipient_cache", both).await.code, Code::Invalid);
}

#[tokio::test(flavor = "multi_thread")]
async fn v02_without_clear_a_new_mailbox_is_taken_after_two_hours() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    relay.serves("acme.example", destination.address).await;
    assert_eq!(ask(&relay, "new@acme.example").await, UNKNOWN);
    hire(&destination, "new");

    relay.command("skip_time", json!({ "hours": 1 })).await;
    assert_eq!(ask(&relay, "new@acme.example").await, UNKNOWN);
    relay.command("skip_time", json!({ "hours": 1 })).await;

    assert!(ask(&relay, "new@acme.example").await.starts_with("250 2.1.5"));
}

#[tokio::test(flavor = "multi_thread")]
async fn v02_a_4xx_is_never_kept() {
    let destination = Destination::knowing(&["new"]).await;
    let relay = Relay::before(&destination).await;
    destination.behave(|manners| manners.rcpt = Some("450 4.2.0 Greylisted".to_owned()));
    assert!(ask(&relay, "new@acme.example").await.starts_with("450 4.2.0"));

    destination.behave(|manners| manners.rcpt = None);

    assert!(ask(&relay, "new@acme.example").await.starts_with("250 2.1.5"));
}

#[tokio::test(flavor = "multi_thread")]
async fn v02_a_decision_about_an_address_and_another_destination_forget_what_was_said() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    assert_eq!(ask(&relay, "new@acme.example").await, UNKNOWN);
    relay.command("create_user", json!({ "users": [{ "address": "new@acme.example" }] })).await;
    assert_eq!(relay.query("recipient_cache", json!({ "address": "new@acme.example" })).await["cached"], json!(null));

    assert!(ask(&relay, "other@acme.example").await.starts_with("550 5.1.1"));
    let newer = Destination::knowing(&["other"]).await;
    relay.serves("acme.example", newer.address).await;

    assert!(ask(&relay, "other@acme.example").await.starts_with("250 2.1.5"));
}

#[tokio::test(flavor = "multi_thread")]
async fn v02_what_was_said_survives_a_restart() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    assert_eq!(ask(&relay, "new@acme.example").await, UNKNOWN);
    hire(&destination, "new");

    relay.door.close().await;
    let options = OpenOptions {
        listen: Some(std::net::SocketAddr::from(([127, 0, 0, 1], 0))),
        ..OpenOptions::new(relay.folder.path(), Kind::Real)
    };
    let door = rollcall_api::open(options).await.expect("the folder opens again");
    let smtp = bound(&door).await;

    let mut client = Client::with_mail(smtp, "a@sender.example").await;
    assert_eq!(client.say("RCPT TO:<new@acme.example>").await, UNKNOWN);
    assert_eq!(asked(&destination), 1, "without asking");
}

#[tokio::test(flavor = "multi_thread")]
async fn v02_while_the_destination_is_down_a_yes_of_four_days_keeps_mail_for_a_watched_address_and_no_stranger() {
    let destination = Destination::knowing(&["ann", "bob"]).await;
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    relay.serves("acme.example", destination.address).await;
    assert!(send(relay.smtp, "a@sender.example", "ann@acme.example", "x").await.starts_with("250 2.0.0 Delivered"));
    assert!(ask(&relay, "bob@acme.example").await.starts_with("250 2.1.5"), "asked, and never written to");
    assert_eq!(relay.state("ann@acme.example").await, "watching");
    destination.stop();

    let reply = send(relay.smtp, "a@sender.example", "ann@acme.example", "x").await;
    assert!(reply.starts_with("250 2.0.0 queued as "), "{reply}");
    assert!(ask(&relay, "bob@acme.example").await.starts_with("451 4.4.1"), "it has no row");

    relay.command("skip_time", json!({ "hours": 96 })).await;
    assert!(ask(&relay, "ann@acme.example").await.starts_with("451 4.4.1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn v02_unknown_recipients_are_asked_about_at_a_bounded_rate_and_known_ones_always() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;
    relay.command("set_upstreams", json!({ "addresses": ["127.0.0.1"] })).await;
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;

    let (mut refused, mut said) = (0, String::new());
    for number in 0..20_000 {
        said = client.say(&format!("RCPT TO:<guess{number}@acme.example>")).await;
        if !said.starts_with("550 5.1.1 ") {
            break;
        }
        refused += 1;
    }

    assert!(refused >= 1000, "{refused}");
    let expected = format!("450 4.2.0 <guess{refused}@acme.example>: Recipient not verified yet, try again later");
    assert_eq!(said, expected);
    assert_eq!(asked(&destination), refused);
    assert!(client.say("RCPT TO:<ann@acme.example>").await.starts_with("250 2.1.5"));
    let log = relay.query("mail_log", json!({ "search": format!("guess{refused}@") })).await;
    assert_eq!(log["rows"][0]["reason"], "not_asked");
}
