//! Mail for an address that ended by itself lately (X06).

use std::net::SocketAddr;
use std::time::Duration;

use rollcall_api::{Code, Kind, Notice, OpenOptions, SessionLimits};
use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::Destination;
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

const MESSAGE: &str = "Subject: hello\r\n\r\nx";
const JANE: &str = "jane@acme.example";

/// A practice office before a mail server that knows everybody named, where jane's time is over since less than an hour.
async fn where_jane_ended(names: &[&str]) -> (Relay, Destination) {
    let destination = Destination::knowing(names).await;
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    relay.serves("acme.example", destination.address).await;
    for time in 0..3 {
        let reply = send(relay.smtp, &format!("s{time}@sender{time}.example"), JANE, MESSAGE).await;
        assert!(reply.starts_with("250"), "{reply}");
    }
    for _ in 0..5 {
        let next = relay.query("discovery", json!({})).await["next_tick_ms"].as_i64().expect("a time");
        let now = relay.query("health", json!({})).await["now_ms"].as_i64().expect("a time");
        skip(&relay, (next - now) / 3_600_000 + 1).await;
        relay.command("notice_shown", json!({})).await;
        if relay.state(JANE).await == "invalid" {
            return (relay, destination);
        }
    }
    panic!("it never ends");
}

async fn skip(relay: &Relay, hours: i64) {
    relay.command("skip_time", json!({ "hours": hours })).await;
}

async fn keep(relay: &Relay, what: &str) {
    relay.command("set_hold_fresh", json!({ "keep": what })).await;
}

async fn write_to_jane(relay: &Relay, subject: &str) -> String {
    send(relay.smtp, "kim@friend.example", JANE, &format!("Subject: {subject}\r\n\r\nx")).await
}

async fn restore(relay: &Relay, becomes: &str) -> Value {
    relay.command("restore_and_deliver", json!({ "address": JANE, "as": becomes })).await
}

/// What the mail server has with this subject.
fn taken(destination: &Destination, subject: &str) -> usize {
    let line = format!("Subject: {subject}\r\n");
    destination.taken().iter().filter(|one| String::from_utf8_lossy(&one.content).contains(&line)).count()
}

async fn fresh(relay: &Relay) -> Value {
    relay.query("address", json!({ "address": JANE })).await["fresh"].clone()
}

async fn logged(relay: &Relay, subject: &str) -> Value {
    let log = relay.query("mail_log", json!({ "search": subject })).await;
    log["rows"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn x06_expire_send_restore_is_delivered_once() {
    let (relay, destination) = where_jane_ended(&["jane"]).await;
    keep(&relay, "full").await;

    let reply = write_to_jane(&relay, "held").await;

    assert!(reply.starts_with("250 2.0.0 Held as "), "{reply}");
    let kept = fresh(&relay).await;
    assert_eq!(
        (&kept["held"][0]["sender"], &kept["held"][0]["subject"]),
        (&json!("kim@friend.example"), &json!("held"))
    );
    let row = logged(&relay, "held").await;
    assert_eq!((&row["outcome"], &row["reason"]), (&json!("waiting"), &json!("held_for_address")));
    assert_eq!(relay.query("health", json!({})).await["failed"], 0, "nothing failed");
    assert_eq!(relay.query("queue", json!({})).await["rows"], json!([]), "it waits for nobody");
    skip(&relay, 3 * 24).await;
    assert_eq!(taken(&destination, "held"), 0, "nobody has decided yet");

    let done = restore(&relay, "discovered").await;

    assert_eq!(done["messages"], 1);
    relay.until("it is delivered", async || taken(&destination, "held") == 1).await;
    relay.until("the log says so", async || logged(&relay, "held").await["outcome"] == "delivered").await;
    let jane = relay.query("address", json!({ "address": JANE })).await;
    assert_eq!((&jane["row"]["state"], &jane["row"]["notices"]), (&json!("discovered"), &json!(0)));
    assert!(jane["row"]["ends_ms"].as_i64() > relay.query("health", json!({})).await["now_ms"].as_i64());

    relay.command("undo", json!({ "entry": done["entry"] })).await;
    assert_eq!(relay.state(JANE).await, "invalid");
    skip(&relay, 2).await;
    restore(&relay, "user").await;
    assert_eq!(relay.state(JANE).await, "user");
    skip(&relay, 24).await;
    assert_eq!(taken(&destination, "held"), 1, "once");
    assert!(write_to_jane(&relay, "after").await.starts_with("250 2.0.0 Delivered"));
}

#[tokio::test(flavor = "multi_thread")]
async fn x06_the_first_four_hours_senders_come_again_and_find_a_restored_address() {
    let (relay, destination) = where_jane_ended(&["jane"]).await;

    let reply = write_to_jane(&relay, "again").await;

    assert_eq!(reply, "451 4.7.1 <jane@acme.example>: Address under review, please retry in 30 minutes");
    let deferred = logged(&relay, JANE).await;
    assert_eq!((&deferred["outcome"], &deferred["reason"]), (&json!("deferred"), &json!("just_ended")));
    assert!(deferred["reply"].as_str().is_some_and(|reply| reply.ends_with("(RC-218)")), "{deferred}");
    restore(&relay, "discovered").await;
    let retry = write_to_jane(&relay, "again").await;
    assert!(retry.starts_with("250 2.0.0 Delivered"), "{retry}");
    assert_eq!(taken(&destination, "again"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn x06_after_four_hours_mail_is_refused_and_who_wrote_is_listed() {
    let (relay, destination) = where_jane_ended(&["jane"]).await;
    write_to_jane(&relay, "one").await;
    skip(&relay, 4).await;

    let reply = write_to_jane(&relay, "two").await;

    assert!(reply.starts_with("550 5.7.1 <jane@acme.example>: Recipient address rejected: User email address is"));
    let known = fresh(&relay).await;
    assert_eq!((&known["turned_away"], &known["senders"]), (&json!(2), &json!(["kim@friend.example"])));
    assert_eq!(known["held"], json!([]));
    assert_eq!(known["defers_until_ms"], Value::Null);
    assert_eq!(destination.taken().len(), 3);
    skip(&relay, 14 * 24).await;
    assert_eq!(fresh(&relay).await, Value::Null, "no news after 14 days");
}

#[tokio::test(flavor = "multi_thread")]
async fn x06_off_refuses_at_once_and_what_a_person_marked_is_never_kept() {
    let (relay, _destination) = where_jane_ended(&["jane"]).await;
    keep(&relay, "off").await;
    assert!(write_to_jane(&relay, "x").await.starts_with("550 5.7.1 "));

    keep(&relay, "full").await;
    relay.command("mark_invalid", json!({ "addresses": [JANE] })).await;
    assert!(write_to_jane(&relay, "x").await.starts_with("550 5.1.1 "));
}

#[tokio::test(flavor = "multi_thread")]
async fn x06_kept_mail_goes_alone_so_that_every_reply_is_exact() {
    let (relay, destination) = where_jane_ended(&["jane", "ann"]).await;
    keep(&relay, "full").await;

    let mut client = Client::with_mail(relay.smtp, "kim@friend.example").await;
    assert!(client.say("RCPT TO:<ann@acme.example>").await.starts_with("250 2.1.5 "));
    let jane = client.say(&format!("RCPT TO:<{JANE}>")).await;
    assert_eq!(jane, "452 4.5.3 <jane@acme.example>: Send this recipient separately");
    assert!(client.data("Subject: ann\r\n\r\nx").await.starts_with("250 2.0.0 Delivered"));
    let mut client = Client::with_mail(relay.smtp, "kim@friend.example").await;
    assert!(client.say(&format!("RCPT TO:<{JANE}>")).await.starts_with("250 2.1.5 "));
    assert!(client.say("RCPT TO:<ann@acme.example>").await.starts_with("452 4.5.3 "));
    assert!(client.data("Subject: jane\r\n\r\nx").await.starts_with("250 2.0.0 Held as "));

    assert_eq!((taken(&destination, "ann"), taken(&destination, "jane")), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn x06_kept_mail_that_nobody_wants_is_dropped_after_a_notice_and_no_stranger_gets_a_bounce() {
    let (relay, destination) = where_jane_ended(&["jane"]).await;
    keep(&relay, "full").await;
    assert!(write_to_jane(&relay, "held").await.starts_with("250 2.0.0 Held as "));
    let mut events = relay.door.subscribe().await.expect("events");

    skip(&relay, 13 * 24 + 1).await;

    let told = async {
        loop {
            let notice = events.next().await.expect("an event").notice;
            if let Some(Notice::AboutAddress { address, what, .. }) = notice
                && what == "held_mail_ends"
            {
                return address;
            }
        }
    };
    assert_eq!(tokio::time::timeout(Duration::from_secs(30), told).await.expect("it is told"), JANE);
    assert_eq!(fresh(&relay).await["held"].as_array().map(Vec::len), Some(1));

    skip(&relay, 24).await;

    let row = logged(&relay, "held").await;
    assert_eq!((&row["outcome"], &row["reason"]), (&json!("failed"), &json!("held_too_long")));
    assert_eq!(fresh(&relay).await, Value::Null);
    assert_eq!(relay.query("queue", json!({})).await["rows"], json!([]), "and nobody is written to");
    restore(&relay, "user").await;
    skip(&relay, 24).await;
    assert_eq!(taken(&destination, "held"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn x06_any_road_back_delivers_what_was_kept() {
    let (relay, destination) = where_jane_ended(&["jane"]).await;
    keep(&relay, "full").await;
    write_to_jane(&relay, "held").await;
    let journal = relay.query("journal", json!({})).await;
    let ended =
        journal["rows"].as_array().expect("rows").iter().find(|row| row["action"] == "expired").expect("it ended");

    relay.command("undo", json!({ "entry": ended["entry"] })).await;

    relay.until("it is delivered", async || taken(&destination, "held") == 1).await;
    let fault = relay.refused("restore_and_deliver", json!({ "address": JANE, "as": "discovered" })).await;
    assert_eq!(fault.code, Code::Conflict, "{fault:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn x06_kept_mail_survives_a_restart_and_is_delivered_then() {
    let (relay, destination) = where_jane_ended(&["jane"]).await;
    keep(&relay, "full").await;
    assert!(write_to_jane(&relay, "held").await.starts_with("250 2.0.0 Held as "));
    let Relay { door, folder, .. } = relay;
    door.close().await;

    let listen = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
    let limits = SessionLimits { probes_a_minute: 0, ..SessionLimits::default() };
    let options = OpenOptions { listen, limits, ..OpenOptions::new(folder.path(), Kind::Practice) };
    let door = rollcall_api::open(options).await.expect("the folder opens again");
    let smtp = rollcall_tests::relay::bound(&door).await;
    let relay = Relay { door, smtp, folder };

    assert_eq!(logged(&relay, "held").await["outcome"], "waiting", "a restart is no end");
    assert_eq!(restore(&relay, "functional").await["messages"], 1);
    relay.until("it is delivered", async || taken(&destination, "held") == 1).await;
    assert_eq!(relay.state(JANE).await, "functional");
}
