//! Who is told of kept mail that a real Exim refuses late, and who is not (3.4): real name server, real signatures.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use rollcall_api::{Kind, OpenOptions, SessionLimits};
use rollcall_tests::client::Client;
use rollcall_tests::destination::{Destination, Manners};
use rollcall_tests::exim::{Exim, Refuses};
use rollcall_tests::names::Names;
use rollcall_tests::peer::free_address;
use rollcall_tests::relay::Relay;
use rollcall_tests::signed::signed;
use serde_json::{Value, json};

use super::{as_sent, text, tricky};

const SPF: (&str, &str) = ("fabrikam.example", "v=spf1 ip4:192.0.2.0/28 -all");
const SENDER: &str = "kim@fabrikam.example";

/// An office whose mail server is away, with a way out, behind a filter on this computer.
struct Office {
    relay: Relay,
    smarthost: Destination,
    server: SocketAddr,
}

impl Office {
    /// One that asks `names`, behind a filter that `speaks` so.
    async fn behind(speaks: &str, names: SocketAddr) -> Self {
        let limits = SessionLimits { probe_every: Duration::from_millis(200), ..SessionLimits::default() };
        let relay = Relay::open_asking(limits, names).await;
        let server = free_address();
        relay.serves("acme.example", server).await;
        relay.command("create_user", json!({ "users": [{ "address": "gone@acme.example" }] })).await;
        let upstream = json!({ "address": "127.0.0.1", "speaks": speaks });
        relay.command("set_upstreams", json!({ "addresses": [upstream] })).await;
        let smarthost = Destination::start(Manners::default()).await;
        let port = smarthost.address.port();
        let way = json!({ "mode": "smarthost", "host": "127.0.0.1", "port": port, "tls": "never" });
        relay.command("set_outbound", way).await;
        Self { relay, smarthost, server }
    }

    /// A message of `sender` for an account is kept; with XCLIENT for a client at `address`.
    async fn keep(&self, address: Option<&str>, sender: &str, content: &[u8]) {
        let mut client = Client::connect(self.relay.smtp).await;
        client.say("EHLO filter.example").await;
        if let Some(address) = address {
            let said = client.say(&format!("XCLIENT ADDR={address} HELO=mx.fabrikam.example")).await;
            assert!(said.starts_with("220 "), "{said}");
            client.say("EHLO mx.fabrikam.example").await;
        }
        client.say(&format!("MAIL FROM:<{sender}>{}", if sender.is_empty() { "" } else { " RET=FULL" })).await;
        client.say("RCPT TO:<gone@acme.example>").await;
        let said = client.data(&as_sent(content)).await;
        assert!(said.starts_with("250 2.0.0 queued as "), "{said}");
        client.say("QUIT").await;
    }

    /// The mail server comes back and refuses after the content.
    async fn comes_back(&self) -> Exim {
        let exim = Exim::knowing_at(self.server, "acme.example", &["ann"], Refuses::AtData);
        let failed = async || self.relay.query("queue", json!({})).await["failed"] == json!(1);
        self.relay.until("it was given up", failed).await;
        exim
    }

    /// The step of the trace with this name, once it is there: what it says.
    async fn step(&self, name: &str) -> String {
        let found = async || {
            let log = self.relay.query("mail_log", json!({ "search": "gone@acme.example" })).await;
            let message = self.relay.query("mail_message", json!({ "id": log["rows"][0]["id"] })).await;
            let trace = message["trace"].as_array().cloned().unwrap_or_default();
            trace.iter().find(|step| step["step"] == name).map(|step| step["said"].as_str().unwrap_or("").to_owned())
        };
        self.relay.until(name, async || found().await.is_some()).await;
        found().await.unwrap_or_default()
    }

    /// Fails if anybody was told anything.
    async fn nobody_was_told(&self, exim: &Exim) {
        let rows = self.relay.query("queue", json!({})).await["rows"].clone();
        assert_eq!(rows.as_array().map(Vec::len), Some(1), "only what failed is here, no report: {rows}");
        assert!(self.smarthost.heard().is_empty(), "{:?}", self.smarthost.heard());
        assert!(!exim.log().contains(&format!("for {SENDER}")), "{}", exim.log());
        let faults = self.relay.query("health", json!({})).await["faults"].to_string();
        assert!(faults.contains("messages_failed"), "the operator is told: {faults}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b34_a_sender_whose_client_passes_spf_is_told_of_a_late_refusal_with_the_header_alone() {
    let names = Names::knowing(&[SPF]);
    let office = Office::behind("xclient", names.address).await;
    office.keep(Some("192.0.2.7"), SENDER, &tricky("refused late")).await;

    let _exim = office.comes_back().await;

    office.relay.until("the report has gone", async || office.smarthost.taken().len() == 1).await;
    let report = office.smarthost.taken().remove(0);
    assert!(report.mail.starts_with("MAIL FROM:<>"), "{}", report.mail);
    assert_eq!(report.recipients, [SENDER]);
    let read = read_by_python(&report.content);
    assert_eq!(read["type"], "multipart/report; delivery-status");
    assert_eq!(read["parts"], json!(["text/plain", "message/delivery-status", "text/rfc822-headers"]));
    assert_eq!(read["defects"], json!([]));
    assert_eq!((&read["to"], &read["auto-submitted"]), (&json!(SENDER), &json!("auto-replied")));
    let recipient = &read["status"][1];
    assert_eq!(recipient["Final-Recipient"], "rfc822; gone@acme.example");
    assert_eq!((&recipient["Action"], &recipient["Status"]), (&json!("failed"), &json!("5.1.1")));
    assert!(recipient["Diagnostic-Code"].is_null(), "what the mail server said is nobody's business: {recipient}");
    let whole = text(&report.content);
    assert!(whole.contains("Subject: refused late") && !whole.contains("MAIL FROM:<x@y.example>"), "{whole}");
    assert!(!whole.contains("exim"), "{whole}");
    assert_eq!(office.step("proof").await, "spf=pass smtp.mailfrom=fabrikam.example");
    let id = office.step("report").await;
    let logged = office.relay.query("mail_log", json!({ "search": id })).await["rows"][0].clone();
    assert_eq!(logged["recipient"], SENDER, "the report has its own row: {logged}");
}

#[tokio::test(flavor = "multi_thread")]
async fn b34_behind_a_filter_that_hides_the_client_an_aligned_signature_counts_also_when_its_key_is_gone_by_then() {
    // More than a row of the spool holds: it is a file.
    let large = [tricky("signed"), b"one more line\r\n".repeat(10_000)].concat();
    let (content, (name, key)) = signed("mail.fabrikam.example", &large);
    // SPF would pass for the filter, and that would prove nothing.
    let names = Names::knowing(&[(&name, &key), ("fabrikam.example", "v=spf1 ip4:127.0.0.1 -all")]);
    let office = Office::behind("smtp", names.address).await;
    office.keep(None, SENDER, &content).await;
    let found = office.step("proof").await;
    let expected =
        "spf=none (client not known) smtp.mailfrom=fabrikam.example; dkim=pass header.d=mail.fabrikam.example";
    assert_eq!(found, expected);
    assert!(!names.was_asked_for("fabrikam.example"), "{}", names.log());
    drop(names);

    let _exim = office.comes_back().await;

    office.relay.until("the report has gone", async || office.smarthost.taken().len() == 1).await;
    let report = office.smarthost.taken().remove(0);
    assert_eq!(report.recipients, [SENDER]);
    assert!(text(&report.content).contains("Subject: signed") && !text(&report.content).contains("one more line"));
}

#[tokio::test(flavor = "multi_thread")]
async fn b34_a_forged_sender_gets_nothing_and_the_trace_says_why() {
    let (content, (name, key)) = signed("spammer.example", &tricky("forged"));
    let names = Names::knowing(&[SPF, (&name, &key)]);
    let office = Office::behind("xclient", names.address).await;
    office.keep(Some("198.51.100.9"), SENDER, &content).await;

    let exim = office.comes_back().await;

    assert_eq!(office.step("no_report").await, "unproved");
    let found = office.step("proof").await;
    assert_eq!(found, "spf=fail smtp.mailfrom=fabrikam.example; dkim=pass header.d=spammer.example");
    office.nobody_was_told(&exim).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b34_a_signature_of_the_domain_that_does_not_verify_proves_nothing() {
    let (content, (name, key)) = signed("fabrikam.example", &tricky("changed"));
    let names = Names::knowing(&[(&name, &key)]);
    let office = Office::behind("smtp", names.address).await;
    let changed = text(&content).replace("last\r\n", "lost\r\n");
    office.keep(None, SENDER, changed.as_bytes()).await;

    let exim = office.comes_back().await;

    assert_eq!(office.step("no_report").await, "unproved");
    office.nobody_was_told(&exim).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rfc5321_6_1_the_null_reverse_path_is_never_told_whatever_spf_says() {
    let names = Names::knowing(&[SPF, ("mx.fabrikam.example", "v=spf1 ip4:192.0.2.0/28 -all")]);
    let office = Office::behind("xclient", names.address).await;
    office.keep(Some("192.0.2.7"), "", &tricky("a report")).await;

    let exim = office.comes_back().await;

    assert_eq!(office.step("no_report").await, "null_reverse_path");
    office.nobody_was_told(&exim).await;
    assert!(names.log().lines().all(|line| !line.contains("query[")), "nobody has to be asked: {}", names.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn b34_while_outgoing_mail_is_off_a_proved_sender_outside_is_not_told_and_the_trace_says_why() {
    let names = Names::knowing(&[SPF]);
    let office = Office::behind("xclient", names.address).await;
    office.relay.command("set_outbound", json!({ "mode": "off" })).await;
    office.keep(Some("192.0.2.7"), SENDER, &tricky("no way out")).await;

    let exim = office.comes_back().await;

    assert_eq!(office.step("no_report").await, "outward_off");
    office.nobody_was_told(&exim).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b34_while_no_name_server_answers_nobody_is_told() {
    let nobody = free_address();
    let office = Office::behind("xclient", nobody).await;
    office.keep(Some("192.0.2.7"), SENDER, &tricky("nobody knows")).await;

    let exim = office.comes_back().await;

    assert_eq!(office.step("no_report").await, "not_checked");
    office.nobody_was_told(&exim).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b34_a_sender_is_told_once_also_when_the_operator_sends_it_again() {
    let names = Names::knowing(&[SPF]);
    let office = Office::behind("xclient", names.address).await;
    office.keep(Some("192.0.2.7"), SENDER, &tricky("twice refused")).await;
    let _exim = office.comes_back().await;
    office.relay.until("the report has gone", async || office.smarthost.taken().len() == 1).await;
    let log = office.relay.query("mail_log", json!({ "search": "gone@acme.example" })).await;

    office.relay.command("flush_queue", json!({ "queue_id": log["rows"][0]["queue_id"] })).await;

    assert_eq!(office.step("no_report").await, "told_before");
    assert_eq!(office.smarthost.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn b34_mail_that_waited_five_days_in_vain_is_reported_by_the_same_rule_and_before_that_nobody_is_told() {
    let names = Names::knowing(&[SPF]);
    let office = Office::behind("xclient", names.address).await;
    office.keep(Some("192.0.2.7"), SENDER, &tricky("out of time")).await;
    office.step("proof").await;
    office.step("attempt").await;
    assert!(office.smarthost.heard().is_empty(), "no report says that it is late: {:?}", office.smarthost.heard());

    let Office { relay: Relay { door, folder, .. }, smarthost, server } = office;
    door.close().await;
    six_days_older(&folder.path().join("spool.db"));
    let options =
        OpenOptions { name_servers: Some(vec![names.address]), ..OpenOptions::new(folder.path(), Kind::Real) };
    let door = rollcall_api::open(options).await.expect("the folder opens");
    let office = Office { relay: Relay { smtp: server, door, folder }, smarthost, server };

    office.relay.until("the report has gone", async || office.smarthost.taken().len() == 1).await;
    let report = office.smarthost.taken().remove(0);
    assert_eq!(report.recipients, [SENDER]);
    let read = read_by_python(&report.content);
    assert_eq!(read["status"][1]["Status"], "5.4.7", "{read}");
    office.step("report").await;
}

/// Makes what waits older than it is. Nobody moves the clock of a real folder.
fn six_days_older(spool: &Path) {
    let age = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); \
               db.execute('UPDATE message SET arrived_ms = arrived_ms - 518400000'); db.commit()";
    let status = Command::new("/usr/bin/python3").args(["-c", age]).arg(spool).status().expect("python3 runs");
    assert!(status.success());
}

/// What Python's own parser reads in a report.
fn read_by_python(content: &[u8]) -> Value {
    let mut child = Command::new("/usr/bin/python3")
        .args(["-c", READ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 runs");
    child.stdin.take().expect("a pipe").write_all(content).expect("written");
    let output = child.wait_with_output().expect("python3 ends");
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).expect("JSON")
}

const READ: &str = r#"
import email, json, sys
from email import policy
message = email.message_from_bytes(sys.stdin.buffer.read(), policy=policy.SMTP)
parts = message.get_payload()
print(json.dumps({
    "type": message.get_content_type() + "; " + message.get_param("report-type"),
    "to": message["To"], "auto-submitted": message["Auto-Submitted"],
    "parts": [part.get_content_type() for part in parts],
    "status": [dict(block.items()) for block in parts[1].get_payload()],
    "defects": [str(defect) for part in message.walk() for defect in part.defects],
}))
"#;
