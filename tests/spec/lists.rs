//! The lists of addresses: what waits in the order in which it ends, what is watched, and what was deleted.

use std::time::Duration;

use rollcall_api::{Code, Kind, OpenOptions, SessionLimits};
use rollcall_core::{AddressState, Source, Timestamp};
use rollcall_store::{AddressRecord, Store};
use rollcall_tests::client::send;
use rollcall_tests::destination::Destination;
use rollcall_tests::relay::{Relay, bound};
use serde_json::{Value, json};
use tempfile::TempDir;

const MESSAGE: &str = "Subject: hello\r\n\r\nx";
const DAY_MS: i64 = 24 * 3_600_000;

async fn office(names: &[&str]) -> (Relay, Destination) {
    let destination = Destination::knowing(names).await;
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    relay.serves("acme.example", destination.address).await;
    (relay, destination)
}

async fn deliver(relay: &Relay, to: &str, times: usize) {
    for time in 0..times {
        let reply = send(relay.smtp, &format!("s{time}@sender{time}.example"), to, MESSAGE).await;
        assert!(reply.starts_with("250"), "{reply}");
    }
}

async fn skip(relay: &Relay, days: i64) {
    relay.command("skip_time", json!({ "hours": days * 24 })).await;
    relay.command("notice_shown", json!({})).await;
}

fn addresses(answer: &Value) -> Vec<String> {
    let rows = answer["rows"].as_array().expect("rows").iter();
    rows.map(|row| row["address"].as_str().expect("an address").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn c05_those_that_wait_are_listed_as_they_end_and_filtered_by_what_is_foretold() {
    let (relay, _destination) = office(&["old", "young", "kept", "ann.lee", "a.lee"]).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann.lee@acme.example" }] })).await;
    deliver(&relay, "old@acme.example", 3).await;
    deliver(&relay, "kept@acme.example", 3).await;
    relay.command("pin_address", json!({ "addresses": ["kept@acme.example"], "pinned": true })).await;
    let left = async || {
        let old = relay.query("address", json!({ "address": "old@acme.example" })).await;
        let now = relay.query("health", json!({})).await["now_ms"].as_i64().expect("a time");
        old["row"]["ends_ms"].as_i64().expect("it ends") - now
    };
    while left().await > 5 * DAY_MS {
        skip(&relay, 1).await;
    }
    for number in 0..3 {
        let id = format!("Message-ID: <{number}@one.example>\r\n{MESSAGE}");
        send(relay.smtp, "a@one.example", "young@acme.example", &id).await;
    }
    deliver(&relay, "a.lee@acme.example", 3).await;

    let list = async |more: Value| {
        let mut args = json!({ "state": "discovered", "sort": "ends" });
        for (name, value) in more.as_object().expect("an object") {
            args[name] = value.clone();
        }
        relay.query("addresses", args).await
    };
    let all = list(json!({})).await;
    assert_eq!(addresses(&all)[0], "old@acme.example", "the first to end: {all}");
    assert_eq!(addresses(&all).last().map(String::as_str), Some("kept@acme.example"), "what doesn't end stands last");
    let ends: Vec<i64> =
        all["rows"].as_array().expect("rows").iter().filter_map(|row| row["ends_ms"].as_i64()).collect();
    assert!(ends.is_sorted() && ends.len() == 3, "{ends:?}");

    let only = async |only: &str| addresses(&list(json!({ "only": only })).await);
    assert_eq!(only("ending_soon").await, ["old@acme.example"]);
    assert_eq!(only("likely_alias").await, ["a.lee@acme.example"]);
    let counts = &all["waiting"];
    assert_eq!((&counts["ending_soon"], &counts["likely_alias"]), (&json!(1), &json!(1)));
    assert_eq!(addresses(&list(json!({ "only": "likely_alias", "sort": "address" })).await), ["a.lee@acme.example"]);
    assert_eq!(addresses(&list(json!({ "only": "likely_alias", "search": "nobody" })).await), [""; 0]);

    relay.command("give_week", json!({ "addresses": ["old@acme.example"] })).await;
    assert_eq!(only("ending_soon").await, [""; 0], "a week more is not soon");
    relay.command("delete_address", json!({ "addresses": ["ann.lee@acme.example"] })).await;
    assert_eq!(only("likely_alias").await, [""; 0], "nobody is left whose other name it could be");
    relay.command("set_rule", json!({ "domain": "acme.example", "preset": "careful_office" })).await;
    let kept = list(json!({})).await;
    assert!(kept["rows"].as_array().expect("rows").iter().all(|row| row["ends_ms"].is_null()), "nothing ends: {kept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn p03_the_watching_list_shows_all_or_those_that_may_be_found_or_those_that_are_never_added() {
    let (relay, _destination) = office(&["new", "left"]).await;
    deliver(&relay, "new@acme.example", 1).await;
    deliver(&relay, "left@acme.example", 1).await;
    relay.command("never_add", json!({ "addresses": ["left@acme.example"] })).await;

    let all = relay.query("addresses", json!({ "states": ["watching", "never_add"], "sort": "address" })).await;
    assert_eq!(addresses(&all), ["left@acme.example", "new@acme.example"]);
    assert_eq!(relay.addresses("watching").await, ["new@acme.example"]);
    assert_eq!(relay.addresses("never_add").await, ["left@acme.example"]);

    for (command, then) in [("create_user", "user"), ("never_add", "never_add"), ("delete_address", "unknown")] {
        let args = match command {
            "create_user" => json!({ "users": [{ "address": "new@acme.example" }] }),
            _ => json!({ "addresses": ["new@acme.example"] }),
        };
        let done = relay.command(command, args).await;
        assert_eq!(relay.state("new@acme.example").await, then);
        relay.command("undo", json!({ "entry": done["entry"] })).await;
        assert_eq!(relay.state("new@acme.example").await, "watching", "{command} is taken back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p03_the_list_of_watched_addresses_has_an_end_the_oldest_makes_room_and_mail_flows() {
    const MOST: i64 = 15_000;
    let destination = Destination::knowing(&[]).await;
    let folder = TempDir::new().expect("a folder");
    let store = Store::open(folder.path(), rollcall_store::Kind::Real).expect("the store opens");
    let now = jiff::Timestamp::now().as_millisecond();
    store
        .write(move |tx| {
            for number in 0..MOST {
                let key = format!("w{number}@acme.example");
                let at = Timestamp(now - DAY_MS + number);
                let row = AddressRecord::new(
                    key.clone(),
                    key,
                    "acme.example".to_owned(),
                    AddressState::Watching,
                    Source::Mail,
                    at,
                );
                tx.put_address(&row)?;
            }
            Ok(())
        })
        .await
        .expect("written");
    store.close();
    let limits = SessionLimits { error_wait: Duration::ZERO, probes_a_minute: 0, ..SessionLimits::default() };
    let listen = Some(std::net::SocketAddr::from(([127, 0, 0, 1], 0)));
    let options = OpenOptions { listen, limits, ..OpenOptions::new(folder.path(), Kind::Real) };
    let door = rollcall_api::open(options).await.expect("the folder opens");
    let to =
        json!({ "host": destination.address.ip().to_string(), "port": destination.address.port(), "tls": "never" });
    door.command("add_domain", json!({ "name": "acme.example", "destination": to })).await.expect("a domain");
    let smtp = bound(&door).await;

    let reply = send(smtp, "a@sender.example", "new@acme.example", MESSAGE).await;
    assert!(reply.starts_with("250"), "mail flows: {reply}");
    assert_eq!(destination.taken().len(), 1);

    let all = door.query("addresses", json!({ "state": "watching", "limit": 1 })).await.expect("a list");
    assert_eq!(all["total"], MOST);
    let state = async |address: &str| door.query("address", json!({ "address": address })).await.map(|_| ());
    state("new@acme.example").await.expect("the new one is watched");
    state("w1@acme.example").await.expect("the second oldest stays");
    let gone = state("w0@acme.example").await.expect_err("the oldest made room");
    assert_eq!(gone.code, Code::NotFound);
    door.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn t21_a_deleted_address_can_be_brought_back_for_thirty_days_and_then_undo_says_that_it_is_gone() {
    let (relay, destination) = office(&["user", "bad", "left", "found", "late"]).await;
    relay.command("create_user", json!({ "users": [{ "address": "user@acme.example", "first_name": "Una" }] })).await;
    relay.command("mark_invalid", json!({ "addresses": ["bad@acme.example"] })).await;
    relay.command("never_add", json!({ "addresses": ["left@acme.example"] })).await;
    deliver(&relay, "found@acme.example", 3).await;
    deliver(&relay, "late@acme.example", 3).await;
    let delete =
        async |address: &str| relay.command("delete_address", json!({ "addresses": [address] })).await["entry"].clone();
    let mut entries = Vec::new();
    for (name, state) in [("user", "user"), ("bad", "invalid"), ("left", "never_add"), ("found", "discovered")] {
        let address = format!("{name}@acme.example");
        assert_eq!(relay.state(&address).await, state);
        entries.push((address.clone(), state, delete(&address).await));
        assert_eq!(relay.state(&address).await, "unknown");
    }
    let late = delete("late@acme.example").await;
    let journal = relay.query("journal", json!({})).await;
    let shown = journal["rows"].as_array().expect("rows").iter().filter(|row| row["action"] == "delete_address");
    assert!(shown.clone().count() == 5 && shown.clone().all(|row| row["undoable"] == true), "in History, with Undo");

    skip(&relay, 20).await;
    deliver(&relay, "user@acme.example", 1).await;
    assert_eq!(relay.state("user@acme.example").await, "watching", "mail for it is learned from anew");
    for (address, state, entry) in &entries {
        relay.command("undo", json!({ "entry": entry })).await;
        assert_eq!(relay.state(address).await, *state, "{address} is what it was");
    }
    let una = relay.query("address", json!({ "address": "user@acme.example" })).await;
    assert_eq!(una["row"]["first_name"], "Una");
    assert_eq!(destination.taken().len(), 7);

    skip(&relay, 11).await;
    let fault = relay.refused("undo", json!({ "entry": late })).await;
    assert_eq!(fault.code, Code::Conflict);
    assert!(fault.message.starts_with("late@acme.example was deleted more than 30 days ago."), "{}", fault.message);
    let journal = relay.query("journal", json!({})).await;
    let entry = journal["rows"].as_array().expect("rows").iter().find(|row| row["entry"] == late).cloned();
    assert_eq!(entry.expect("it stays in History")["undoable"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn t21_what_somebody_decided_since_is_not_overwritten_by_bringing_an_address_back() {
    let (relay, _destination) = office(&["user"]).await;
    relay.command("create_user", json!({ "users": [{ "address": "user@acme.example" }] })).await;
    let done = relay.command("delete_address", json!({ "addresses": ["user@acme.example"] })).await;
    relay.command("create_functional", json!({ "addresses": ["user@acme.example"] })).await;

    let fault = relay.refused("undo", json!({ "entry": done["entry"] })).await;
    assert_eq!(fault.code, Code::Conflict);
    assert_eq!(relay.state("user@acme.example").await, "functional");
}

#[tokio::test(flavor = "multi_thread")]
async fn x08_aliases_are_no_new_users_in_a_forecast_and_as_many_are_made_as_it_says() {
    let (relay, _destination) = office(&[]).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann.lee@acme.example" }] })).await;
    let wanted = ["a.lee", "kim.cedar", "k.cedar", "kimcedar", "info", "robin.alder"];
    let wanted: Vec<String> = wanted.iter().map(|name| format!("{name}@acme.example")).collect();
    let users = async || relay.query("seats", json!({})).await["used"].as_u64().expect("a number");
    let before = users().await;

    let forecast = relay.query("forecast", json!({ "addresses": wanted, "suggested": true })).await;
    relay.command("add_as_suggested", json!({ "addresses": wanted })).await;

    assert_eq!(forecast["new_users"].as_u64(), Some(users().await - before), "forecast equals rows created");
    assert_eq!(forecast["new_users"], 2, "kim.cedar and robin.alder: {forecast}");
}
