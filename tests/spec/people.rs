//! What an office says of its accounts: kinds, organization administrators, other names.

use rollcall_api::Code;
use rollcall_tests::destination::Destination;
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse";

async fn office() -> (Relay, Destination) {
    let destination = Destination::knowing(&["ann.lee", "scanner"]).await;
    let relay = Relay::before(&destination).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann.lee@acme.example" }] })).await;
    relay.command("create_functional", json!({ "addresses": ["scanner@acme.example"] })).await;
    (relay, destination)
}

async fn row(relay: &Relay, address: &str) -> Value {
    relay.query("address", json!({ "address": address })).await["row"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn z07_a_functional_account_has_a_kind_that_is_kept_and_taken_back() {
    let (relay, _destination) = office().await;
    let scanner = json!({ "addresses": ["scanner@acme.example"], "kind": "resource" });

    let done = relay.command("set_kind", scanner.clone()).await;
    assert_eq!(row(&relay, "scanner@acme.example").await["kind"], "resource");
    assert_eq!(relay.command("set_kind", scanner).await["entry"], Value::Null, "it is so already");
    let list = relay.query("addresses", json!({ "state": "functional" })).await;
    assert_eq!(list["rows"][0]["kind"], "resource");
    let history = relay.query("address", json!({ "address": "scanner@acme.example" })).await;
    assert_eq!(history["journal"][0]["action"], "set_kind");

    relay.command("undo", json!({ "entry": done["entry"] })).await;
    assert_eq!(row(&relay, "scanner@acme.example").await["kind"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn z07_only_a_functional_account_has_a_kind_and_it_is_nobody_s_once_it_is_a_user() {
    let (relay, _destination) = office().await;
    let both = json!({ "addresses": ["ann.lee@acme.example", "scanner@acme.example"], "kind": "shared_mailbox" });

    let refused = relay.refused("set_kind", both).await;
    assert_eq!(refused.code, Code::Conflict);
    assert!(refused.message.contains("ann.lee@acme.example"), "{}", refused.message);
    assert_eq!(row(&relay, "scanner@acme.example").await["kind"], Value::Null, "nothing was written");

    relay.command("set_kind", json!({ "addresses": ["scanner@acme.example"], "kind": "ex_employee" })).await;
    relay.command("create_user", json!({ "users": [{ "address": "scanner@acme.example" }] })).await;
    assert_eq!(row(&relay, "scanner@acme.example").await["kind"], Value::Null, "a user has none");
}

#[tokio::test(flavor = "multi_thread")]
async fn d27_who_is_an_organization_administrator_is_said_by_one_alone_and_opens_nothing() {
    let (relay, _destination) = office().await;
    relay.command("set_password", json!({ "password": PASSWORD })).await;
    relay.command("sign_out", json!({})).await;
    let ann = json!({ "addresses": ["ann.lee@acme.example"], "on": true });

    assert_eq!(relay.refused("set_administrator", ann.clone()).await.code, Code::Forbidden);
    relay.command("sign_in", json!({ "password": PASSWORD })).await;
    let done = relay.command("set_administrator", ann).await;
    relay.command("sign_out", json!({})).await;

    assert_eq!(row(&relay, "ann.lee@acme.example").await["is_administrator"], true);
    assert_eq!(relay.query("access", json!({})).await["role"], "technician");
    assert_eq!(relay.refused("undo", json!({ "entry": done["entry"] })).await.code, Code::Forbidden);
    relay.command("sign_in", json!({ "password": PASSWORD })).await;
    relay.command("undo", json!({ "entry": done["entry"] })).await;
    assert_eq!(row(&relay, "ann.lee@acme.example").await["is_administrator"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn d20_an_account_tells_its_other_names_and_who_made_them() {
    let (relay, _destination) = office().await;
    let alias = json!({ "addresses": ["a.lee@acme.example"], "owner": "ann.lee@acme.example", "merge": false });

    relay.command("add_alias", alias).await;

    let ann = relay.query("address", json!({ "address": "ann.lee@acme.example" })).await;
    assert_eq!(ann["row"]["aliases"], 1);
    assert_eq!(ann["aliases"][0]["address"], "a.lee@acme.example");
    assert_eq!(ann["aliases"][0]["made_by"], "operator");
}
