//! The office's own machines send to the world; nobody else does (point 7 of the issue, 3.2 step 2).

use std::time::Duration;

use rollcall_api::{Code, Kind, SessionLimits};
use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::{Destination, Manners};
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn d28_nobody_but_listed_machines_may_send_out() {
    let (relay, _, smarthost) = office().await;
    relay.command("set_sender_hosts", json!({ "hosts": [] })).await;

    let reply = send(relay.smtp, "ann@acme.example", "kim@fabrikam.example", "x").await;

    assert!(reply.starts_with("554 5.7.1 <kim@fabrikam.example>: Relay access denied"), "{reply}");
    assert!(smarthost.heard().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_outgoing_mail_is_off_a_listed_machine_is_told_so() {
    let (relay, ..) = office().await;
    relay.command("set_outbound", json!({ "mode": "off" })).await;

    let reply = send(relay.smtp, "ann@acme.example", "kim@fabrikam.example", "x").await;

    assert_eq!(reply.trim(), "550 5.7.1 <kim@fabrikam.example>: Outgoing mail is switched off in Rollcall");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_machine_sends_through_the_smarthost_and_gets_its_answer() {
    let (relay, office, smarthost) = office().await;

    let reply = send(relay.smtp, "ann@acme.example", "kim@fabrikam.example", "Subject: out\r\n\r\nx").await;
    assert!(reply.starts_with("250 2.0.0 Delivered as"), "{reply}");
    assert_eq!(smarthost.taken()[0].recipients, ["kim@fabrikam.example"]);
    smarthost.behave(|manners| manners.end_of_data = Some("554 5.7.1 Spam".to_owned()));
    let reply = send(relay.smtp, "ann@acme.example", "kim@fabrikam.example", "x").await;
    assert!(reply.starts_with("554 5.7.1"), "{reply}");

    assert!(office.taken().is_empty());
    assert_eq!(relay.state("kim@fabrikam.example").await, "unknown", "nobody outside is ever learned");
}

#[tokio::test(flavor = "multi_thread")]
async fn their_mail_to_our_own_domain_goes_the_inbound_way() {
    let (relay, office, smarthost) = office().await;

    let reply = send(relay.smtp, "printer@acme.example", "ann@acme.example", "x").await;

    assert!(reply.starts_with("250"), "{reply}");
    assert_eq!((office.taken().len(), smarthost.taken().len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_smarthost_does_not_take_yet_is_kept_and_goes_later() {
    let (relay, _, smarthost) = office().await;
    for manner in ["451 4.3.0 Later", ""] {
        if manner.is_empty() {
            smarthost.behave(|manners| manners.end_of_data = Some("451 4.3.0 Later".to_owned()));
        } else {
            smarthost.behave(|manners| manners.rcpt = Some(manner.to_owned()));
        }
        let reply = send(relay.smtp, "ann@acme.example", "kim@fabrikam.example", "Subject: out\r\n\r\nx").await;
        assert!(reply.starts_with("250 2.0.0 queued as"), "{manner}: {reply}");
        smarthost.behave(|manners| (manners.rcpt, manners.end_of_data) = (None, None));
    }
    let rows = relay.query("queue", json!({})).await["rows"].clone();
    assert!(rows.as_array().is_some_and(|rows| rows.iter().all(|row| row["direction"] == "outbound")), "{rows}");

    // Nothing to flush is no failure here: both may be on their way by themselves already.
    drop(relay.door.command("flush_queue", json!({ "destination": smarthost.address.to_string() })).await);

    relay.until("both have gone", async || smarthost.taken().len() == 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_smarthost_that_is_away_takes_its_mail_when_it_is_back() {
    let (relay, _, smarthost) = office().await;
    let address = smarthost.address;
    smarthost.stop();
    let mut printer = Client::with_mail(relay.smtp, "scan@acme.example").await;
    for to in ["kim@fabrikam.example", "lee@contoso.example"] {
        assert!(printer.say(&format!("RCPT TO:<{to}>")).await.starts_with("250"), "one message, two domains: {to}");
    }
    assert!(printer.data("Subject: scan\r\n\r\nx").await.starts_with("250 2.0.0 queued"));
    let faults = relay.query("health", json!({})).await["faults"].clone();
    let said = faults[0]["sentence"].as_str().unwrap_or_default();
    assert!(said.contains("takes your outgoing mail"), "{faults}");

    let smarthost = Destination::start_at(address, Manners::default()).await;

    relay
        .until("both recipients have it", async || {
            smarthost.taken().iter().map(|taken| taken.recipients.len()).sum::<usize>() == 2
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_of_the_office_is_told_of_a_late_failure_once_and_with_what_was_said() {
    let (relay, office, smarthost) = office().await;
    let id = kept_outward(&relay, &smarthost, "RET=HDRS ENVID=QQ314159", "").await;
    smarthost.behave(|manners| manners.rcpt = Some("550 5.1.1 No such user".to_owned()));

    relay.command("flush_queue", json!({ "queue_id": id })).await;

    relay.until("the report has arrived", async || office.taken().len() == 1).await;
    let report = office.taken().remove(0);
    assert!(report.mail.starts_with("MAIL FROM:<>"), "{}", report.mail);
    assert_eq!(report.recipients, ["ann@acme.example"]);
    let text = String::from_utf8_lossy(&report.content).into_owned();
    for field in [
        "Final-Recipient: rfc822; kim@fabrikam.example",
        "Status: 5.1.1",
        "Action: failed",
        "Diagnostic-Code: smtp; 550 5.1.1 No such user",
        "Original-Envelope-Id: QQ314159",
    ] {
        assert!(text.contains(field), "{field}: {text}");
    }
    assert!(!text.contains("secret body"), "RET=HDRS: {text}");
    assert_eq!(relay.query("queue", json!({})).await["failed"], 1, "and the operator sees it for 14 days");
    let rows = relay.query("mail_log", json!({ "search": "could not be delivered" })).await["rows"].clone();
    relay
        .until("the report is logged", async || {
            let log = relay.query("mail_log", json!({ "search": "could not be delivered" })).await;
            log["rows"][0]["outcome"] == "delivered"
        })
        .await;
    assert_eq!(rows.as_array().map(Vec::len), Some(1), "{rows}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_wants_no_report_gets_none() {
    let (relay, office, smarthost) = office().await;
    let id = kept_outward(&relay, &smarthost, "", "NOTIFY=NEVER").await;
    smarthost.behave(|manners| manners.rcpt = Some("550 5.1.1 No such user".to_owned()));

    relay.command("flush_queue", json!({ "queue_id": id })).await;

    relay.until("it was given up", async || relay.query("queue", json!({})).await["failed"] == 1).await;
    assert!(waiting(&relay).await.is_empty() && office.taken().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_never_told_of_a_late_refusal_and_the_operator_is() {
    let (relay, office, smarthost) = office().await;
    relay.command("set_sender_hosts", json!({ "hosts": [] })).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;
    let address = office.address;
    office.stop();
    let reply = send(relay.smtp, "kim@fabrikam.example", "ann@acme.example", "x").await;
    assert!(reply.starts_with("250 2.0.0 queued"), "{reply}");

    let refuses = Manners { rcpt: Some("550 5.1.1 No such user".to_owned()), ..Manners::default() };
    let _office = Destination::start_at(address, refuses).await;

    relay.until("it was given up", async || relay.query("queue", json!({})).await["failed"] == 1).await;
    assert!(waiting(&relay).await.is_empty() && smarthost.heard().is_empty());
    let faults = relay.query("health", json!({})).await["faults"].clone();
    assert!(faults.as_array().is_some_and(|all| all.iter().any(|one| one["code"] == "messages_failed")), "{faults}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outbound_setting_that_cannot_be_is_a_fault() {
    let relay = Relay::bare().await;

    for args in [
        json!({ "mode": "smarthost" }),
        json!({ "mode": "smarthost", "host": "two words" }),
        json!({ "mode": "smarthost", "host": "10.0.0.1", "port": 0 }),
        json!({ "mode": "carrier pigeon" }),
    ] {
        assert_eq!(relay.refused("set_outbound", args.clone()).await.code, Code::Invalid, "{args}");
    }
    assert_eq!(relay.query("outbound", json!({})).await["mode"], "off");
}

/// A relay with an office server, and a smarthost for the machine the tests run on.
async fn office() -> (Relay, Destination, Destination) {
    let limits = SessionLimits { probe_every: Duration::from_millis(200), ..SessionLimits::default() };
    let relay = Relay::open(Kind::Real, limits).await;
    let office = Destination::start(Manners::default()).await;
    let smarthost = Destination::start(Manners::default()).await;
    relay.serves("acme.example", office.address).await;
    relay.command("set_sender_hosts", json!({ "hosts": [{ "network": "127.0.0.1", "note": "printer" }] })).await;
    let port = smarthost.address.port();
    let set = json!({ "mode": "smarthost", "host": "127.0.0.1", "port": port, "tls": "never" });
    assert_eq!(relay.command("set_outbound", set).await["mode"], "smarthost");
    (relay, office, smarthost)
}

/// Ann's message to Kim, kept because the smarthost is busy; gives its queue id.
async fn kept_outward(relay: &Relay, smarthost: &Destination, mail: &str, rcpt: &str) -> String {
    smarthost.behave(|manners| manners.rcpt = Some("451 4.3.0 Later".to_owned()));
    let mut client = Client::connect(relay.smtp).await;
    client.say("EHLO mail.acme.example").await;
    assert!(client.say(format!("MAIL FROM:<ann@acme.example> {mail}").trim()).await.starts_with("250"));
    assert!(client.say(format!("RCPT TO:<kim@fabrikam.example> {rcpt}").trim()).await.starts_with("250"));
    let reply = client.data("Subject: out\r\n\r\nsecret body").await;
    relay
        .until("it was tried and waits", async || {
            let rows = waiting(relay).await;
            rows.len() == 1
                && rows[0]["recipients"][0]["state"] == "queued"
                && rows[0]["recipients"][0]["attempts"] == 1
        })
        .await;
    reply.trim().strip_prefix("250 2.0.0 queued as ").unwrap_or_else(|| panic!("{reply}")).to_owned()
}

/// Messages that somebody waits for.
async fn waiting(relay: &Relay) -> Vec<Value> {
    let rows = relay.query("queue", json!({})).await["rows"].as_array().expect("rows").clone();
    let waits =
        |row: &Value| row["recipients"].as_array().is_some_and(|all| all.iter().any(|one| one["state"] == "queued"));
    rows.into_iter().filter(waits).collect()
}
