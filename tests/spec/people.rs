//! What an office says of its accounts: kinds, organization administrators, other names.

use rollcall_api::Code;
use rollcall_tests::client::send;
use rollcall_tests::destination::Destination;
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

const MESSAGE: &str = "Subject: hello\r\n\r\nx";
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

/// Ann, with two other names and a note that she is an administrator.
async fn ann_with_names(relay: &Relay) {
    let named = json!({ "address": "ann.lee@acme.example", "first_name": "Ann", "surname": "Berg" });
    relay.command("set_name", named).await;
    relay.command("set_password", json!({ "password": PASSWORD })).await;
    relay.command("set_administrator", json!({ "addresses": ["ann.lee@acme.example"], "on": true })).await;
    let names = json!(["ann.berg@acme.example", "ann@acme.example"]);
    relay.command("add_alias", json!({ "addresses": names, "owner": "ann.lee@acme.example", "merge": false })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn d20_another_name_becomes_the_main_address_with_all_that_is_said_of_the_account_and_back() {
    let (relay, destination) = office().await;
    ann_with_names(&relay).await;
    let whole = |address: &'static str| relay.query("address", json!({ "address": address }));
    let (before, seats) = (whole("ann.lee@acme.example").await, relay.query("seats", json!({})).await);

    let done = relay.command("set_main_address", json!({ "address": "ann.berg@acme.example" })).await;

    let ann = whole("ann.berg@acme.example").await;
    for said in ["state", "role", "first_name", "surname", "is_administrator", "aliases", "made_by"] {
        assert_eq!(ann["row"][said], before["row"][said], "{said}");
    }
    assert_eq!(ann["row"]["owner"], Value::Null);
    let names: Vec<&str> =
        ann["aliases"].as_array().expect("a list").iter().filter_map(|one| one["address"].as_str()).collect();
    assert_eq!(names, ["ann.lee@acme.example", "ann@acme.example"]);
    let old = row(&relay, "ann.lee@acme.example").await;
    assert_eq!((&old["owner"], &old["is_administrator"]), (&json!("ann.berg@acme.example"), &json!(false)));
    assert_eq!(relay.query("seats", json!({})).await["used"], seats["used"], "she is one user as before");
    let names = ["ann.lee", "ann.berg", "ann"];
    destination.behave(|manners| manners.knows.extend(names.map(str::to_owned)));
    for address in names {
        let reply = send(relay.smtp, "a@sender.example", &format!("{address}@acme.example"), MESSAGE).await;
        assert!(reply.starts_with("250"), "{address}: {reply}");
    }

    relay.command("undo", json!({ "entry": done["entry"] })).await;
    let again = whole("ann.lee@acme.example").await;
    for said in ["state", "role", "first_name", "surname", "is_administrator", "aliases", "made_by", "owner"] {
        assert_eq!(again["row"][said], before["row"][said], "{said}");
    }
    assert_eq!(row(&relay, "ann.berg@acme.example").await["owner"], "ann.lee@acme.example");
}

#[tokio::test(flavor = "multi_thread")]
async fn d20_only_an_alias_becomes_a_main_address_and_of_an_administrator_only_by_one() {
    let (relay, _destination) = office().await;
    ann_with_names(&relay).await;
    let main = |address: &'static str| json!({ "address": address });

    assert_eq!(relay.refused("set_main_address", main("scanner@acme.example")).await.code, Code::Conflict);
    assert_eq!(relay.refused("set_main_address", main("nobody@acme.example")).await.code, Code::NotFound);
    relay.command("sign_out", json!({})).await;
    assert_eq!(relay.refused("set_main_address", main("ann@acme.example")).await.code, Code::Forbidden);
    assert_eq!(row(&relay, "ann@acme.example").await["state"], "alias", "nothing was written");
}
