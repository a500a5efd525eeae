//! Nothing is lost: whatever goes wrong with a directory, no account changes, one sentence says why, and the history has it.

use rollcall_api::{Kind, SessionLimits};
use rollcall_tests::destination::Destination;
use rollcall_tests::directory::forward::Forward;
use rollcall_tests::directory::openldap::{Manner, OpenLdap};
use rollcall_tests::graph::Graph;
use rollcall_tests::peer;
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

/// An office in step with its directory.
struct InStep {
    relay: Relay,
    _destination: Destination,
}

impl InStep {
    async fn with(command: &str, source: Value, domain: &str) -> Self {
        let destination = Destination::knowing(&[]).await;
        let relay = Relay::open(Kind::Real, SessionLimits::default()).await;
        relay.serves(domain, destination.address).await;
        relay.command(command, source).await;
        relay.command("run_sync", json!({ "accept_first": true })).await;
        Self { relay, _destination: destination }
    }

    /// Runs, expects it to fail, and that nobody changed.
    async fn loses_nobody(&self, what: &str) -> String {
        let before = self.everybody().await;
        let fault = self.relay.refused("run_sync", json!({})).await;
        assert!(fault.message.ends_with('.') && fault.message.len() > 20, "{what}: {fault:?}");
        assert!(!fault.message.contains("Pass1") && !fault.message.contains("good-secret"), "{what}: {fault:?}");
        assert_eq!(self.everybody().await, before, "{what}");
        let runs = self.relay.query("sync_runs", json!({ "limit": 1 })).await;
        let last = &runs["rows"][0];
        assert!(matches!(last["outcome"].as_str(), Some("failed" | "stopped")), "{what}: {last}");
        assert_eq!(last["sentence"], fault.message.as_str(), "{what}");
        fault.message
    }

    async fn everybody(&self) -> Value {
        let mut all = Vec::new();
        loop {
            let page = self.relay.query("addresses", json!({ "limit": 1000, "offset": all.len() })).await;
            let rows = page["rows"].as_array().expect("rows").clone();
            if rows.is_empty() {
                return Value::Array(all);
            }
            all.extend(rows);
        }
    }
}

fn ldap(server: &OpenLdap) -> Value {
    json!({
        "host": "localhost", "port": server.clear.port(), "security": "none",
        "bind_dn": OpenLdap::READER, "search_base": OpenLdap::BASE, "secret": OpenLdap::PASSWORD,
    })
}

fn changed(source: &Value, name: &str, value: Value) -> Value {
    let mut source = source.clone();
    source[name] = value;
    source
}

#[tokio::test(flavor = "multi_thread")]
async fn v07_pitfall_5_no_failure_of_an_ldap_server_changes_an_account() {
    let server = OpenLdap::with(Manner { people: 300, ..Manner::default() });
    let good = ldap(&server);
    let office = InStep::with("set_ldap_source", good.clone(), "office.test").await;
    let dying = Forward::cut_after(server.clear, 40_000).await;
    let small = OpenLdap::with(Manner {
        limits: "size.soft=100 size.hard=100 size.pr=50 size.prtotal=100",
        people: 300,
        ..Manner::default()
    });
    let wrong = [
        ("server down", changed(&good, "port", json!(peer::free_address().port()))),
        ("dies in mid-page", changed(&good, "port", json!(dying.address.port()))),
        ("size limit", changed(&good, "port", json!(small.clear.port()))),
        ("empty result", changed(&good, "filter", json!("(uid=nobody-at-all)"))),
        ("partial result", changed(&good, "filter", json!("(uid=b*1)"))),
        ("wrong base", changed(&good, "search_base", json!("ou=Nowhere,dc=office,dc=test"))),
        ("a part of the base", changed(&good, "search_base", json!("ou=Groups,dc=office,dc=test"))),
        (
            "revoked right",
            changed(
                &changed(&good, "bind_dn", json!("uid=nomail,ou=People,dc=office,dc=test")),
                "secret",
                json!("nomail-Pass1"),
            ),
        ),
        ("wrong password", changed(&good, "secret", json!("wrong"))),
    ];

    for (what, source) in wrong {
        office.relay.command("set_ldap_source", source).await;
        office.loses_nobody(what).await;
    }

    office.relay.command("set_ldap_source", good).await;
    let run = office.relay.command("run_sync", json!({})).await;
    assert_eq!((&run["rows_written"], &run["missing"]), (&json!(0), &json!(0)), "{run}");
    let inbox = office.relay.query("inbox", json!({})).await.to_string();
    assert!(inbox.contains("sync_stopped") || inbox.contains("sync_problem"), "N15, N16: {inbox}");
}

#[tokio::test(flavor = "multi_thread")]
async fn v07_pitfall_5_no_failure_of_microsoft_entra_changes_an_account() {
    let mut graph = Graph::with_more_people(300);
    let source = json!({
        "tenant": graph.fact("TENANT"), "client_id": graph.fact("CLIENT"), "secret": graph.fact("SECRET"),
        "login_url": graph.fact("AUTHORITY"), "graph_url": graph.fact("AUTHORITY"), "ca_file": graph.fact("CA"),
    });
    let office = InStep::with("set_entra_source", source.clone(), "office.test").await;
    let page = |body: Value| json!({ "op": "fault", "path": "/users/delta", "status": 200, "times": 9, "body": body });
    let faults = [
        ("server error", json!({ "op": "fault", "path": "/users/delta", "status": 500, "times": 99 })),
        ("truncated JSON", page(json!("{\"value\":[{\"id\":"))),
    ];

    for (what, fault) in faults {
        graph.steer(&fault);
        office.loses_nobody(what).await;
        graph.steer(&json!({ "op": "reset_faults" }));
    }
    office.relay.command("set_sync_secret", json!({ "secret": "nope" })).await;
    office.loses_nobody("wrong secret").await;
    office
        .relay
        .command("set_entra_source", changed(&source, "login_url", json!(format!("https://{}", peer::free_address()))))
        .await;
    office.loses_nobody("server down").await;

    office.relay.command("set_entra_source", source).await;
    let run = office.relay.command("run_sync", json!({})).await;
    assert_eq!((&run["rows_written"], &run["missing"]), (&json!(0), &json!(0)), "{run}");
}
