//! V15: every decision has one reason code, and every message tells its whole way.

use std::time::Duration;

use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::Destination;
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn v15_a_message_tells_every_step_and_its_other_recipients() {
    let destination = Destination::knowing(&["ann", "bob"]).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::with_mail(relay.smtp, "kim@sender.example").await;
    assert!(client.say("RCPT TO:<ann@acme.example>").await.starts_with("250"));
    assert!(client.say("RCPT TO:<nobody@acme.example>").await.starts_with("550"));
    assert!(client.say("RCPT TO:<bob@acme.example>").await.starts_with("250"));
    let reply = client.data("Subject: both\r\nMessage-ID: <n.1@sender.example>\r\n\r\nx").await;

    let log = relay.query("mail_log", json!({ "search": "ann@acme.example" })).await;
    let row = &log["rows"][0];
    assert_eq!((&row["recipients"], &row["recipients_delivered"]), (&json!(3), &json!(2)), "{row}");
    assert_eq!((&row["message_id"], &row["direction"]), (&json!("n.1@sender.example"), &json!("inbound")));
    assert!(reply.contains(row["message"].as_str().expect("an id")), "{reply} names {row}");
    let message = relay.query("mail_message", json!({ "id": row["id"] })).await;

    assert_eq!(steps(&message), ["came", "server_rcpt", "our_rcpt", "content", "server_content", "our_reply"]);
    assert!(said(&message, "server_rcpt").starts_with("250"), "{message}");
    assert_eq!(said(&message, "our_rcpt"), "250 2.1.5 <ann@acme.example>: Recipient OK");
    assert!(said(&message, "our_reply").starts_with("250 2.0.0 Delivered as"));
    let after: Vec<u64> =
        message["trace"].as_array().unwrap().iter().map(|step| step["after_ms"].as_u64().unwrap()).collect();
    assert!(after.is_sorted(), "{after:?}");
    let outcomes: Vec<(&str, &str)> = message["recipients"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["recipient"].as_str().unwrap(), row["reason"].as_str().unwrap()))
        .collect();
    assert_eq!(
        outcomes,
        [("nobody@acme.example", "user_unknown"), ("ann@acme.example", "delivered"), ("bob@acme.example", "delivered")]
    );
    let refused = relay.query("mail_message", json!({ "id": message["recipients"][0]["id"] })).await;
    assert_eq!(steps(&refused), ["came", "server_rcpt", "our_reply"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn v15_a_message_that_was_kept_tells_every_attempt() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;
    let address = destination.address;
    destination.stop();
    send(relay.smtp, "kim@sender.example", "ann@acme.example", "Subject: kept\r\n\r\nx").await;
    let kept = first(&relay, "kept").await;
    assert_eq!(kept["row"]["outcome"], "waiting");
    assert_eq!(kept["queued"]["recipients"][0]["address"], "ann@acme.example", "{kept}");

    let counts = relay.query("mail_counts", json!({})).await;
    assert_eq!((&counts["all"], &counts["waiting"], &counts["problems"]), (&json!(1), &json!(1), &json!(0)));
    let _back = Destination::start_at(address, Default::default()).await;
    send(relay.smtp, "kim@sender.example", "ann@acme.example", "Subject: live\r\n\r\nx").await;
    let delivered = until(&relay, "kept", "delivered").await;

    let steps = steps(&delivered);
    assert_eq!(&steps[..4], ["came", "no_answer", "our_rcpt", "content"]);
    assert!(steps.contains(&"our_reply"), "{steps:?}");
    assert_eq!(steps.last(), Some(&"attempt"));
    assert!(said(&delivered, "no_answer").len() > 5, "why it could not be asked: {delivered}");
    let last = delivered["trace"].as_array().unwrap().last().unwrap()["said"].as_str().unwrap().to_owned();
    assert!(last.starts_with("250"), "{last}");
    assert_eq!(delivered["queued"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn v15_a_client_that_leaves_in_the_middle_of_its_content_leaves_a_row() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::with_mail(relay.smtp, "kim@sender.example").await;
    client.say("RCPT TO:<ann@acme.example>").await;
    client.say("DATA").await;
    client.send(b"Subject: half\r\n\r\nthe first half").await;
    drop(client);

    let left = until(&relay, "", "deferred").await;

    assert_eq!(left["row"]["reason"], "client_left");
    assert_eq!(steps(&left), ["came", "server_rcpt", "our_rcpt", "client_left"]);
    let problems = relay.query("mail_log", json!({ "outcome": "problem" })).await;
    assert_eq!(problems["rows"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn v15_the_log_is_looked_through_by_time_address_and_reason_together() {
    let destination = Destination::knowing(&["ann", "bob"]).await;
    let relay = Relay::before(&destination).await;
    for to in ["ann@acme.example", "bob@acme.example", "nobody@acme.example"] {
        send(relay.smtp, "kim@sender.example", to, "Subject: one\r\n\r\nx").await;
    }
    let at = first(&relay, "ann@acme.example").await["row"]["at_ms"].as_i64().expect("a time");
    let found = async |args: Value| {
        let rows = relay.query("mail_log", args).await["rows"].as_array().expect("rows").clone();
        rows.into_iter().map(|row| row["recipient"].as_str().expect("whom").to_owned()).collect::<Vec<_>>()
    };

    assert_eq!(found(json!({ "from_ms": at, "until_ms": at + 1, "search": "ann@" })).await, ["ann@acme.example"]);
    assert!(found(json!({ "until_ms": at - 3_600_000 })).await.is_empty(), "before anything came");
    assert!(found(json!({ "from_ms": at + 3_600_000 })).await.is_empty(), "after everything came");
    let period = json!({ "from_ms": at - 60_000, "until_ms": at + 60_000, "reason": "user_unknown" });
    assert_eq!(found(period).await, ["nobody@acme.example"]);
    let nobody = json!({ "search": "ann", "reason": "user_unknown" });
    assert!(found(nobody).await.is_empty(), "all of it has to fit");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_has_a_bar_an_hour_with_what_became_of_its_mail() {
    let destination = Destination::knowing(&["ann", "bob"]).await;
    let relay = Relay::before(&destination).await;
    let empty = relay.query("mail_report", json!({})).await;
    assert_eq!(empty["bars"], json!([]));
    for to in ["ann@acme.example", "bob@acme.example", "nobody@acme.example"] {
        send(relay.smtp, "kim@sender.example", to, "Subject: one\r\n\r\nx").await;
    }
    let now = relay.query("health", json!({})).await["now_ms"].as_i64().expect("a time");

    let report = relay.query("mail_report", json!({ "from_ms": now - 86_400_000 })).await;

    assert_eq!(report["width"], "hour");
    let bars = report["bars"].as_array().expect("bars");
    let sum = |what: &str| bars.iter().map(|bar| bar[what].as_u64().expect("a number")).sum::<u64>();
    assert_eq!((sum("delivered"), sum("refused"), sum("waiting")), (2, 1, 0), "{report}");
    assert!(bars.windows(2).all(|pair| pair[0]["end_ms"] == pair[1]["start_ms"]), "{report}");
    assert_eq!(report["reasons"][0]["reason"], "user_unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_exported_page_by_page_and_no_cell_is_a_formula() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    for subject in ["=1+1", "plain, \"quoted\""] {
        send(relay.smtp, "kim@sender.example", "ann@acme.example", &format!("Subject: {subject}\r\n\r\nx")).await;
    }

    let csv = relay.query("export_mail_log", json!({ "format": "csv" })).await;
    let json = relay.query("export_mail_log", json!({ "format": "json", "search": "plain" })).await;

    let text = csv["text"].as_str().unwrap();
    assert!(text.starts_with("time,result,reason,direction,"), "{text}");
    assert!(text.contains(",'=1+1,") && text.contains(",\"plain, \"\"quoted\"\"\","), "{text}");
    assert_eq!((&csv["rows"], &csv["next"], &json["rows"]), (&json!(2), &Value::Null, &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_kept_as_long_as_the_operator_says() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;

    let shipped = relay.query("log_retention", json!({})).await;
    let set = relay.command("set_log_retention", json!({ "days": 30, "megabytes": 200 })).await;

    assert_eq!((&shipped["days"], &shipped["megabytes"]), (&json!(90), &json!(1000)));
    assert_eq!((&set["days"], &set["megabytes"]), (&json!(30), &json!(200)));
}

fn steps(message: &Value) -> Vec<&str> {
    message["trace"].as_array().expect("a trace").iter().map(|step| step["step"].as_str().unwrap_or_default()).collect()
}

fn said(message: &Value, step: &str) -> String {
    let found = message["trace"].as_array().expect("a trace").iter().find(|one| one["step"] == step);
    found.and_then(|step| step["said"].as_str()).unwrap_or_default().to_owned()
}

/// The newest message with this text.
async fn first(relay: &Relay, search: &str) -> Value {
    let log = relay.query("mail_log", json!({ "limit": 1, "search": search })).await;
    relay.query("mail_message", json!({ "id": log["rows"][0]["id"] })).await
}

/// The newest message with this text once it has this outcome.
async fn until(relay: &Relay, search: &str, outcome: &str) -> Value {
    let wait = async {
        loop {
            let log = relay.query("mail_log", json!({ "limit": 1, "search": search })).await;
            if log["rows"][0]["outcome"] == outcome {
                return first(relay, search).await;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("the outcome comes")
}
