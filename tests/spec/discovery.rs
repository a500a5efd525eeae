//! From mail to a list of addresses, and what the operator decides about them.

use rollcall_api::{Kind, SessionLimits};
use rollcall_tests::client::send;
use rollcall_tests::destination::Destination;
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

const MESSAGE: &str = "Subject: hello\r\n\r\nx";

async fn practice(destination: &Destination) -> Relay {
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    relay.serves("acme.example", destination.address).await;
    relay
}

async fn deliver(relay: &Relay, to: &str, times: usize) {
    for time in 0..times {
        let reply = send(relay.smtp, &format!("s{time}@sender{time}.example"), to, MESSAGE).await;
        assert!(reply.starts_with("250"), "{reply}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn d06_three_clean_messages_make_an_address_discovered_and_say_why() {
    let destination = Destination::knowing(&["jane"]).await;
    let relay = Relay::before(&destination).await;

    deliver(&relay, "Jane@acme.example", 2).await;
    assert_eq!(relay.state("jane@acme.example").await, "watching");
    deliver(&relay, "jane@acme.example", 1).await;

    let detail = relay.query("address", json!({ "address": "jane@acme.example" })).await;
    assert_eq!(detail["row"]["state"], "discovered");
    assert_eq!(detail["row"]["address"], "Jane@acme.example", "shown as first seen");
    assert_eq!(detail["row"]["clean_count"], 3);
    assert_eq!(detail["evidence"].as_array().map(Vec::len), Some(3));
    let lines = detail["evidence"][0]["lines"].to_string();
    assert!(lines.contains("250 2.1.5 ok") && lines.contains("queued as 7 on office.test"), "{lines}");
    assert_eq!(detail["journal"][0]["action"], "discovered");
    assert_eq!(detail["journal"][0]["why"], "3 clean messages within 30 days");
}

#[tokio::test(flavor = "multi_thread")]
async fn d06_the_window_is_rolling_day_0_20_31_is_two_and_day_32_lists_it() {
    let destination = Destination::knowing(&["jane"]).await;
    let relay = practice(&destination).await;
    let count =
        async || relay.query("address", json!({ "address": "jane@acme.example" })).await["row"]["clean_count"].clone();

    deliver(&relay, "jane@acme.example", 1).await;
    relay.command("skip_time", json!({ "hours": 20 * 24 })).await;
    deliver(&relay, "jane@acme.example", 1).await;
    relay.command("skip_time", json!({ "hours": 11 * 24 })).await;
    deliver(&relay, "jane@acme.example", 1).await;
    assert_eq!(count().await, 2, "the first message left the window");
    assert_eq!(relay.state("jane@acme.example").await, "watching");

    relay.command("skip_time", json!({ "hours": 24 })).await;
    deliver(&relay, "jane@acme.example", 1).await;
    assert_eq!(count().await, 3);
    assert_eq!(relay.state("jane@acme.example").await, "discovered");
}

#[tokio::test(flavor = "multi_thread")]
async fn t11_a_watched_address_without_mail_in_the_window_is_forgotten_and_starts_afresh() {
    let destination = Destination::knowing(&["jane"]).await;
    let relay = practice(&destination).await;
    deliver(&relay, "jane@acme.example", 2).await;

    relay.command("skip_time", json!({ "hours": 30 * 24 + 1 })).await;
    assert_eq!(relay.state("jane@acme.example").await, "unknown");

    deliver(&relay, "jane@acme.example", 1).await;
    let detail = relay.query("address", json!({ "address": "jane@acme.example" })).await;
    assert_eq!((&detail["row"]["state"], &detail["row"]["clean_count"]), (&json!("watching"), &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn bounces_and_automatic_mail_do_not_count() {
    let destination = Destination::knowing(&["jane"]).await;
    let relay = Relay::before(&destination).await;
    let automatic = "Auto-Submitted: auto-replied\r\nSubject: away\r\n\r\nx";

    for _ in 0..3 {
        send(relay.smtp, "", "jane@acme.example", MESSAGE).await;
        send(relay.smtp, "robot@sender.example", "jane@acme.example", automatic).await;
    }
    assert_eq!(relay.state("jane@acme.example").await, "unknown", "delivered, and no row");
    assert_eq!(destination.taken().len(), 6);

    deliver(&relay, "jane@acme.example", 3).await;
    let detail = relay.query("address", json!({ "address": "jane@acme.example" })).await;
    assert_eq!(detail["row"]["clean_count"], 3);
    let reasons: Vec<&Value> =
        detail["evidence"].as_array().expect("evidence").iter().map(|seen| &seen["not_counted_because"]).collect();
    assert!(
        reasons.contains(&&json!("null_reverse_path")) && reasons.contains(&&json!("auto_submitted")),
        "{reasons:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn guessed_names_never_become_rows() {
    let destination = Destination::knowing(&["jane"]).await;
    let relay = Relay::before(&destination).await;

    for name in ["john", "admin", "sales1", "jane.doe"] {
        let reply = send(relay.smtp, "a@spam.example", &format!("{name}@acme.example"), MESSAGE).await;
        assert!(reply.starts_with("550 5.1.1"), "{reply}");
    }

    let all = relay.query("addresses", json!({})).await;
    assert_eq!(all["total"], 0);
    assert!(destination.heard().iter().all(|line| line != "DATA"), "D03: RCPT was asked, DATA never sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn d18_each_action_changes_states_and_replies_at_once_and_undo_takes_it_back() {
    let destination = Destination::knowing(&["ann", "info", "old"]).await;
    let relay = Relay::before(&destination).await;
    for name in ["ann", "info", "old"] {
        deliver(&relay, &format!("{name}@acme.example"), 3).await;
    }
    let before = relay.query("addresses", json!({})).await;

    let user = relay
        .command("create_user", json!({ "users": [{ "address": "ann@acme.example", "first_name": "Ann", "surname": "Lee" }], "role": "end" }))
        .await;
    let functional = relay.command("create_functional", json!({ "addresses": ["info@acme.example"] })).await;
    let invalid = relay.command("mark_invalid", json!({ "addresses": ["old@acme.example"] })).await;

    assert_eq!(relay.state("ann@acme.example").await, "user");
    assert_eq!(relay.state("info@acme.example").await, "functional");
    assert_eq!(relay.state("old@acme.example").await, "invalid");
    let reply = send(relay.smtp, "a@b.example", "old@acme.example", MESSAGE).await;
    assert_eq!(
        reply,
        "550 5.1.1 <old@acme.example>: Recipient address rejected: User email address is marked as invalid"
    );
    let row = relay.query("address", json!({ "address": "old@acme.example" })).await["row"].clone();
    assert_eq!((&row["invalid_reason"], &row["refused_count"]), (&json!("manual"), &json!(1)));

    for answer in [invalid, functional, user] {
        relay.command("undo", json!({ "entry": answer["entry"] })).await;
    }
    let after = relay.query("addresses", json!({})).await;
    assert_eq!(without_mail_times(&after), without_mail_times(&before));
    deliver(&relay, "old@acme.example", 1).await;
}

/// A refused message moves `last_seen_ms`; everything else must be as before.
fn without_mail_times(answer: &Value) -> Value {
    let mut answer = answer.clone();
    for row in answer["rows"].as_array_mut().expect("rows") {
        row.as_object_mut().expect("a row").remove("last_seen_ms");
    }
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn x04_a_bulk_change_is_one_entry_and_one_undo() {
    let destination = Destination::start(Default::default()).await;
    let relay = Relay::before(&destination).await;
    let users: Vec<Value> = (0..500).map(|n| json!({ "address": format!("u{n:03}@acme.example") })).collect();
    let functional: Vec<String> = (0..500).map(|n| format!("u{n:03}@acme.example")).collect();
    relay.command("create_user", json!({ "users": users })).await;
    let before = relay.query("addresses", json!({ "limit": 1000 })).await;

    let changed = relay.command("create_functional", json!({ "addresses": functional })).await;
    assert_eq!(relay.addresses("functional").await.len(), 500);
    relay.command("undo", json!({ "entry": changed["entry"] })).await;

    assert_eq!(relay.query("addresses", json!({ "limit": 1000 })).await, before, "byte-equal");
    let journal = relay.query("journal", json!({ "limit": 2 })).await;
    assert_eq!(journal["rows"][0]["action"], "undo");
    assert_eq!(journal["rows"][1]["undone"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn t22_undo_asks_first_when_somebody_decided_otherwise_since() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let created = relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;
    relay.command("mark_invalid", json!({ "addresses": ["ann@acme.example"] })).await;

    let fault = relay.refused("undo", json!({ "entry": created["entry"] })).await;

    assert_eq!(fault.code, rollcall_api::Code::Conflict);
    assert!(fault.message.contains("ann@acme.example"), "{}", fault.message);
    assert_eq!(relay.state("ann@acme.example").await, "invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn d22_adding_a_user_corrects_an_invalid_address() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    relay.command("mark_invalid", json!({ "addresses": ["ann@acme.example"] })).await;
    relay.command("create_user", json!({ "users": [{ "address": "Ann@acme.example" }] })).await;

    assert_eq!(relay.addresses("invalid").await, Vec::<String>::new());
    deliver(&relay, "ann@acme.example", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn t14_removing_from_the_invalid_list_creates_no_account() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = practice(&destination).await;
    deliver(&relay, "ann@acme.example", 3).await;
    relay.command("skip_time", json!({ "hours": 1 })).await;
    relay.command("mark_invalid", json!({ "addresses": ["ann@acme.example"] })).await;
    relay.command("remove_invalid", json!({ "addresses": ["ann@acme.example"] })).await;

    assert_eq!(relay.state("ann@acme.example").await, "unknown");
    deliver(&relay, "ann@acme.example", 1).await;
    relay.command("skip_time", json!({ "hours": 1 })).await;
    let row = relay.query("address", json!({ "address": "ann@acme.example" })).await["row"].clone();
    assert_eq!((&row["state"], &row["clean_count"]), (&json!("watching"), &json!(1)), "it starts afresh");
    let fault = relay.refused("remove_invalid", json!({ "addresses": ["ann@acme.example"] })).await;
    assert_eq!(fault.code, rollcall_api::Code::Conflict);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_the_server_refuses_is_suspect_and_says_so_once_a_day() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    relay.command("create_user", json!({ "users": [{ "address": "ghost@acme.example" }] })).await;

    for _ in 0..3 {
        let reply = send(relay.smtp, "a@b.example", "ghost@acme.example", MESSAGE).await;
        assert!(reply.starts_with("550 5.1.1"), "{reply}");
    }

    let detail = relay.query("address", json!({ "address": "ghost@acme.example" })).await;
    assert_eq!(detail["row"]["state"], "user", "nobody is removed for it");
    assert!(detail["row"]["suspect_ms"].is_i64());
    let told =
        detail["journal"].as_array().expect("journal").iter().filter(|entry| entry["action"] == "suspect").count();
    assert_eq!(told, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn d17_lists_are_searched_and_paged() {
    let destination = Destination::start(Default::default()).await;
    let relay = Relay::before(&destination).await;
    let users: Vec<Value> = (0..250)
        .map(|n| json!({ "address": format!("u{n:03}@acme.example"), "surname": format!("Sür{n}name") }))
        .collect();
    relay.command("create_user", json!({ "users": users })).await;

    let page = relay.query("addresses", json!({ "state": "user", "limit": 50, "offset": 200 })).await;
    assert_eq!((page["total"].as_u64(), page["rows"].as_array().map(Vec::len)), (Some(250), Some(50)));
    assert_eq!(page["rows"][0]["address"], "u200@acme.example");
    assert_eq!(page["counts"]["user"], 250);
    let found = relay.query("addresses", json!({ "search": "U24" })).await;
    assert_eq!(found["total"], 10);
    let literal = relay.query("addresses", json!({ "search": "u2_4" })).await;
    assert_eq!(literal["total"], 0, "no wildcards");
}
