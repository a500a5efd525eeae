//! The queue in an operator's hands, and what it keeps of an envelope.

use std::sync::Arc;
use std::time::Duration;

use rollcall_api::{Code, Kind, OpenOptions, SessionLimits};
use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::{Destination, Manners};
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};
use tokio::sync::Notify;

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_says_who_waits_for_what_and_why() {
    let (relay, office) = down().await;
    let id = kept(&relay, "ann@acme.example").await;
    until_tried(&relay).await;

    let row = row(&relay).await;

    assert_eq!((&row["queue_id"], &row["direction"], &row["held"]), (&json!(id), &json!("inbound"), &json!(false)));
    assert_eq!((&row["sender"], &row["subject"]), (&json!("a@sender.example"), &json!("kept")));
    let days = (row["expires_ms"].as_i64().expect("a time") - row["arrived_ms"].as_i64().expect("a time")) / 86_400_000;
    assert_eq!(days, 5);
    let one = &row["recipients"][0];
    assert_eq!((&one["address"], &one["state"]), (&json!("ann@acme.example"), &json!("queued")));
    assert_eq!(one["next_hop"], json!(office.to_string()));
    assert!(
        one["due_ms"].is_i64() && one["last_reply"].as_str().is_some_and(|why| why.contains("no connection")),
        "{one}"
    );
    assert_eq!(relay.query("queue", json!({ "search": "ANN@" })).await["rows"].as_array().map(Vec::len), Some(1));
    assert_eq!(relay.query("queue", json!({ "search": "bob" })).await["rows"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn held_mail_stays_when_its_server_is_back_and_goes_when_it_is_released() {
    let (relay, office) = down().await;
    let held = kept(&relay, "ann@acme.example").await;
    let free = kept(&relay, "ann@acme.example").await;
    let changed = relay.command("hold_message", json!({ "queue_ids": [held, "NOSUCH"] })).await;
    assert_eq!(changed, json!({ "queue_ids": [held], "unchanged": ["NOSUCH"] }));

    let office = Destination::start_at(office, Manners::default()).await;
    relay.until("the other has arrived", async || office.taken().len() == 1).await;
    relay.command("flush_queue", json!({})).await;
    relay.until("only the held one waits", async || rows(&relay).await.len() == 1).await;
    assert_eq!(row(&relay).await["queue_id"], json!(held), "and not {free}");

    relay.command("release_message", json!({ "queue_ids": [held] })).await;
    relay.until("both have arrived", async || office.taken().len() == 2).await;
    relay.until("nothing waits", async || rows(&relay).await.is_empty()).await;
    let actions = actions(&relay).await;
    assert!(actions.contains(&"hold_message".to_owned()) && actions.contains(&"release_message".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn v15_the_log_says_what_is_held_and_its_trace_says_since_when() {
    let (relay, _) = down().await;
    let id = kept(&relay, "ann@acme.example").await;
    until_tried(&relay).await;
    let row = async || relay.query("mail_log", json!({ "search": id })).await["rows"][0].clone();
    assert_eq!((&row().await["outcome"], &row().await["held"]), (&json!("waiting"), &json!(false)));

    relay.command("hold_message", json!({ "queue_ids": [id] })).await;

    let held = row().await;
    assert_eq!(held["held"], true);
    let message = relay.query("mail_message", json!({ "id": held["id"] })).await;
    assert_eq!((&message["row"]["held"], &message["recipients"][0]["held"]), (&json!(true), &json!(true)));
    // The sender may be proved meanwhile, which is a step as well.
    let steps = message["trace"].as_array().expect("steps").clone();
    let held_step = steps.iter().find(|step| step["said"] == "held").expect("a step");
    assert_eq!((&held_step["step"], &held_step["who"]), (&json!("operator"), &json!("operator")));

    relay.command("release_message", json!({ "queue_ids": [id] })).await;
    assert_eq!(row().await["held"], false);
    let message = relay.query("mail_message", json!({ "id": held["id"] })).await;
    let steps = message["trace"].as_array().expect("steps").clone();
    assert!(steps.iter().any(|step| step["said"] == "released"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_told_when_kept_mail_was_refused_late() {
    let (relay, address) = down().await;
    let id = kept(&relay, "ann@acme.example").await;
    let mut events = relay.door.subscribe().await.expect("events");

    let _office = Destination::start_at(address, refusing()).await;

    let told = async {
        loop {
            let event = events.next().await.expect("an event");
            if let Some(rollcall_api::Notice::Undelivered { queue_ids }) = event.notice {
                return queue_ids;
            }
        }
    };
    assert_eq!(tokio::time::timeout(Duration::from_secs(30), told).await.expect("it is told"), [id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn health_says_how_much_room_there_is_and_how_much_stays_free() {
    let relay = Relay::bare().await;

    let health = relay.command("set_disk_reserve", json!({ "mib": 512 })).await;

    assert_eq!(health["disk_reserve_bytes"], 512 * 1024 * 1024);
    assert!(health["disk_free_bytes"].as_u64().is_some_and(|free| free > 0), "{health}");
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_mail_never_arrives_and_the_log_and_the_journal_say_so() {
    let (relay, office) = down().await;
    let id = kept(&relay, "ann@acme.example").await;
    until_tried(&relay).await;

    let deleted = relay.command("delete_message", json!({ "queue_ids": [id] })).await;

    assert_eq!(deleted["queue_ids"], json!([id]));
    assert!(rows(&relay).await.is_empty());
    let log = relay.query("mail_log", json!({})).await;
    let (outcome, reason) = (&log["rows"][0]["outcome"], &log["rows"][0]["reason"]);
    assert_eq!((outcome, reason), (&json!("failed"), &json!("deleted_by_operator")));
    assert!(actions(&relay).await.contains(&"delete_message".to_owned()));
    let office = Destination::start_at(office, Manners::default()).await;
    relay.until("the server is back", async || relay.query("health", json!({})).await["faults"] == json!([])).await;
    assert!(office.taken().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_later_is_kept_and_can_be_sent_once_more() {
    let (relay, address) = down().await;
    let id = kept(&relay, "ann@acme.example").await;
    let office = Destination::start_at(address, refusing()).await;
    relay.until("it was given up", async || row(&relay).await["recipients"][0]["state"] == "failed").await;
    assert_eq!(relay.query("queue", json!({})).await["failed"], 1);

    office.behave(|manners| manners.rcpt = None);
    assert_eq!(relay.command("flush_queue", json!({ "queue_id": id })).await["recipients"], 1);

    relay.until("it has arrived", async || office.taken().len() == 1).await;
    relay
        .until("the log knows", async || relay.query("mail_log", json!({})).await["rows"][0]["outcome"] == "delivered")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wished_while_a_message_is_being_tried_is_done_after_the_attempt() {
    for wish in [json!({}), json!({ "destination": "acme.example" }), json!({ "queue_id": "its own" })] {
        let (relay, address) = down().await;
        let id = kept(&relay, "ann@acme.example").await;
        until_tried(&relay).await;
        let answer = Arc::new(Notify::new());
        let slow = Manners {
            waits_at_dot: Some(Arc::clone(&answer)),
            end_of_data: Some("451 4.3.0 Later".to_owned()),
            ..Manners::default()
        };
        let office = Destination::start_at(address, slow).await;
        relay.until("it is being tried", async || office.heard().iter().any(|line| line == "DATA")).await;

        let wish = if wish["queue_id"].is_null() { wish } else { json!({ "queue_id": id }) };
        assert_eq!(relay.command("flush_queue", wish.clone()).await["recipients"], 0, "{wish}: it is on its way");
        office.behave(|manners| (manners.waits_at_dot, manners.end_of_data) = (None, None));
        answer.notify_one();

        relay.until("it was tried again at once", async || office.taken().len() == 1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_command_that_means_nothing_is_a_fault() {
    let (relay, _) = down().await;

    let faults = [
        ("flush_queue", json!({ "queue_id": "NOSUCH" }), Code::NotFound),
        ("flush_queue", json!({ "destination": "elsewhere:25" }), Code::NotFound),
        ("flush_queue", json!({ "queue_id": "A", "destination": "B" }), Code::Invalid),
        ("hold_message", json!({ "queue_ids": [] }), Code::Invalid),
        ("set_disk_reserve", json!({ "mib": u32::MAX }), Code::Invalid),
    ];

    for (name, args, code) in faults {
        assert_eq!(relay.refused(name, args.clone()).await.code, code, "{name} {args}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_parameters_of_an_envelope_survive_the_spool() {
    let (relay, address) = down().await;
    let mut client = Client::connect(relay.smtp).await;
    client.say("EHLO sender.test").await;
    let mail = "MAIL FROM:<a@sender.example> BODY=8BITMIME RET=HDRS ENVID=QQ314159";
    assert!(client.say(mail).await.starts_with("250"));
    let rcpt = "RCPT TO:<ann@acme.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;ann@acme.example";
    assert!(client.say(rcpt).await.starts_with("250"));
    assert!(client.data("Subject: x\r\n\r\nx").await.starts_with("250 2.0.0 queued"));

    let ehlo = "250-office.test\r\n250-8BITMIME\r\n250 DSN".to_owned();
    let office = Destination::start_at(address, Manners { ehlo: Some(ehlo), ..Manners::default() }).await;
    relay.until("it has arrived", async || office.taken().len() == 1).await;

    let heard = office.heard();
    let said = |verb: &str| heard.iter().rfind(|line| line.starts_with(verb)).cloned().unwrap_or_default();
    for word in ["BODY=8BITMIME", "RET=HDRS", "ENVID=QQ314159"] {
        assert!(said("MAIL").contains(word), "{word}: {heard:?}");
    }
    for word in ["NOTIFY=FAILURE,DELAY", "ORCPT=rfc822;ann@acme.example"] {
        assert!(said("RCPT").contains(word), "{word}: {heard:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_nearly_full_keeps_nothing_more_and_still_passes_mail_through() {
    let (relay, address) = down().await;
    let health = relay.command("set_disk_reserve", json!({ "mib": 1024 * 1024 })).await;
    let fault = health["faults"].as_array().expect("faults").iter().find(|fault| fault["code"] == "disk_low");
    assert!(fault.is_some(), "{health}");

    let refused = send(relay.smtp, "a@sender.example", "ann@acme.example", "x").await;
    assert!(refused.starts_with("452 4.3.1"), "{refused}");
    assert!(rows(&relay).await.is_empty());

    let office = Destination::start_at(address, Manners::default()).await;
    let passed = send(relay.smtp, "a@sender.example", "ann@acme.example", "x").await;
    assert!(passed.starts_with("250"), "{passed}");
    assert_eq!(office.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_never_waits_for_mail_that_is_not_there() {
    let (relay, _) = down().await;
    kept(&relay, "ann@acme.example").await;
    let Relay { door, folder, .. } = relay;
    door.close().await;
    // A crash between the log's row and the message: the row is there, the message is not.
    std::fs::remove_file(folder.path().join("spool.db")).expect("the spool goes");

    let door = rollcall_api::open(OpenOptions::new(folder.path(), Kind::Real)).await.expect("the folder opens");

    let log = door.query("mail_log", json!({})).await.expect("the log");
    assert_eq!((&log["rows"][0]["outcome"], &log["rows"][0]["reason"]), (&json!("deferred"), &json!("store_failed")));
}

/// A relay whose one mail server has just gone, and where that was.
async fn down() -> (Relay, std::net::SocketAddr) {
    let limits = SessionLimits { probe_every: Duration::from_millis(200), ..SessionLimits::default() };
    let relay = Relay::open(Kind::Real, limits).await;
    let office = Destination::start(Manners::default()).await;
    relay.serves("acme.example", office.address).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;
    let address = office.address;
    office.stop();
    (relay, address)
}

fn refusing() -> Manners {
    Manners { rcpt: Some("550 5.1.1 No such user".to_owned()), ..Manners::default() }
}

/// Sends a message that is kept here; gives its queue id.
async fn kept(relay: &Relay, to: &str) -> String {
    let reply = send(relay.smtp, "a@sender.example", to, "Subject: kept\r\n\r\nx").await;
    let id = reply.trim().strip_prefix("250 2.0.0 queued as ");
    id.unwrap_or_else(|| panic!("{reply}")).to_owned()
}

async fn rows(relay: &Relay) -> Vec<Value> {
    relay.query("queue", json!({})).await["rows"].as_array().expect("rows").clone()
}

/// The only message of the queue.
async fn row(relay: &Relay) -> Value {
    let rows = rows(relay).await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0].clone()
}

/// Waits until the only message was tried once and waits for its next turn. Before that it is in hand.
async fn until_tried(relay: &Relay) {
    relay
        .until("it was tried and waits again", async || {
            let one = row(relay).await["recipients"][0].take();
            one["attempts"] == 1 && one["state"] == "queued"
        })
        .await;
}

async fn actions(relay: &Relay) -> Vec<String> {
    let journal = relay.query("journal", json!({})).await;
    let entries = journal["rows"].as_array().expect("rows").iter();
    entries.map(|entry| entry["action"].as_str().expect("an action").to_owned()).collect()
}
