//! Rows of behaviour.md about discovery that no other subject has: roads to a user, aliases first, the evidence card.

use rollcall_api::{Code, Kind, SessionLimits};
use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::Destination;
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

const MESSAGE: &str = "Subject: hello\r\n\r\nx";

/// A practice office before a mail server that knows everybody named, with the Organization Administrator signed in.
async fn office(names: &[&str]) -> (Relay, Destination) {
    let destination = Destination::knowing(names).await;
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    relay.serves("acme.example", destination.address).await;
    relay.command("set_password", json!({ "password": "a long password" })).await;
    (relay, destination)
}

async fn deliver(relay: &Relay, to: &str, times: usize) {
    for time in 0..times {
        let reply = send(relay.smtp, &format!("s{time}@sender{time}.example"), to, MESSAGE).await;
        assert!(reply.starts_with("250"), "{to}: {reply}");
    }
}

/// Mail of this office may go out through a smarthost.
async fn with_way_out(relay: &Relay) -> Destination {
    let smarthost = Destination::knowing(&["kim"]).await;
    let (host, port) = (smarthost.address.ip().to_string(), smarthost.address.port());
    relay.command("set_outbound", json!({ "mode": "smarthost", "host": host, "port": port, "tls": "never" })).await;
    relay.command("set_sender_hosts", json!({ "hosts": [{ "network": "127.0.0.1", "note": "the office" }] })).await;
    smarthost
}

async fn rule(relay: &Relay, change: Value) {
    let mut rule = relay.query("discovery", json!({})).await["domains"][0]["rule"].clone();
    for (name, value) in change.as_object().expect("an object") {
        rule[name] = value.clone();
    }
    relay.command("set_rule", json!({ "domain": "acme.example", "rule": rule })).await;
}

async fn weeks(relay: &Relay, weeks: usize) {
    for _ in 0..weeks {
        relay.command("skip_time", json!({ "hours": 7 * 24 })).await;
        relay.command("notice_shown", json!({})).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn d02_mail_to_an_address_that_nobody_added_is_delivered_and_makes_no_account() {
    let (relay, destination) = office(&["jane"]).await;

    deliver(&relay, "jane@acme.example", 3).await;

    assert_eq!(destination.taken().len(), 3);
    let counts = relay.query("addresses", json!({})).await["counts"].clone();
    assert_eq!((&counts["discovered"], &counts["user"], &counts["functional"]), (&json!(1), &json!(0), &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn d04_each_road_leads_to_a_user_only_with_its_switch_and_to_the_list_without() {
    // (a) added by hand within the period, (b) three clean messages, (c) one message sent out.
    for (switch_b, switch_c) in [(false, false), (true, false), (false, true), (true, true)] {
        let (relay, _destination) = office(&["hand", "mail", "sent"]).await;
        let _smarthost = with_way_out(&relay).await;
        let on_expiry = if switch_b { "create_user" } else { "invalid" };
        let outbound = if switch_c { "create_user" } else { "list" };
        rule(&relay, json!({ "on_expiry": on_expiry, "outbound": outbound })).await;

        deliver(&relay, "hand@acme.example", 1).await;
        relay.command("create_user", json!({ "users": [{ "address": "hand@acme.example" }] })).await;
        deliver(&relay, "mail@acme.example", 3).await;
        send(relay.smtp, "sent@acme.example", "kim@elsewhere.example", MESSAGE).await;

        let at_once = [relay.state("hand@acme.example").await, relay.state("mail@acme.example").await];
        assert_eq!(at_once, ["user", "discovered"], "(b) alone never acts before the end");
        let sent = relay.state("sent@acme.example").await;
        assert_eq!(sent, if switch_c { "user" } else { "discovered" }, "c {switch_c}");

        weeks(&relay, 5).await;
        let ended = relay.state("mail@acme.example").await;
        assert_eq!(ended, if switch_b { "user" } else { "invalid" }, "b {switch_b}");
        assert_eq!(relay.state("hand@acme.example").await, "user");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn d20_an_address_added_as_alias_stands_under_its_owner_and_gets_its_mail() {
    let (relay, destination) = office(&["ann.lee", "accounts"]).await;
    let person = json!({ "address": "ann.lee@acme.example", "first_name": "Ann", "surname": "Lee" });
    relay.command("create_user", json!({ "users": [person] })).await;
    deliver(&relay, "accounts@acme.example", 3).await;

    let by_name = relay.query("addresses", json!({ "state": "user", "search": "lee" })).await;
    assert_eq!(by_name["rows"][0]["address"], "ann.lee@acme.example", "found by name as it is typed");
    let args = json!({ "addresses": ["accounts@acme.example"], "owner": "ann.lee@acme.example" });
    relay.command("add_alias", args).await;

    let alias = relay.query("addresses", json!({ "state": "alias" })).await["rows"][0].clone();
    assert_eq!((&alias["address"], &alias["owner"]), (&json!("accounts@acme.example"), &json!("ann.lee@acme.example")));
    deliver(&relay, "accounts@acme.example", 1).await;
    assert_eq!(destination.taken().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn t12_t13_a_decision_of_the_operator_stands_above_every_state() {
    let (relay, _destination) = office(&["jane"]).await;
    let one = json!({ "addresses": ["jane@acme.example"] });
    let user = json!({ "users": [{ "address": "jane@acme.example" }] });
    deliver(&relay, "jane@acme.example", 1).await;

    for (command, args, state) in [
        ("mark_invalid", one.clone(), "invalid"),
        ("create_user", user.clone(), "user"),
        ("never_add", one.clone(), "never_add"),
        ("create_functional", one.clone(), "functional"),
        ("mark_invalid", one.clone(), "invalid"),
        ("create_functional", one, "functional"),
    ] {
        relay.command(command, args).await;
        assert_eq!(relay.state("jane@acme.example").await, state, "{command}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p04_mail_to_an_alias_domain_and_a_subdomain_is_one_row_in_the_primary_domain() {
    let (relay, _destination) = office(&["ann"]).await;
    relay.command("set_domain", json!({ "name": "acme.example", "strip_subdomains": true })).await;
    relay.command("set_alias_domains", json!({ "name": "acme.example", "aliases": ["acme.test"] })).await;

    deliver(&relay, "ann@acme.test", 1).await;
    let reply = send(relay.smtp, "other@else.example", "ann@sales.acme.example", MESSAGE).await;
    assert!(reply.starts_with("250"), "{reply}");

    let rows = relay.query("addresses", json!({})).await["rows"].clone();
    assert_eq!(rows.as_array().map(Vec::len), Some(1), "{rows}");
    assert_eq!((&rows[0]["address"], &rows[0]["clean_count"]), (&json!("ann@acme.example"), &json!(2)));
}

#[tokio::test(flavor = "multi_thread")]
async fn p06_p07_smtp_autocreate_adds_at_rcpt_who_is_new_and_nobody_it_recognizes() {
    let (relay, destination) = office(&["ann", "ann+shop", "new", "info"]).await;
    relay.command("set_domain", json!({ "name": "acme.example", "strip_subdomains": true })).await;
    relay.command("set_alias_domains", json!({ "name": "acme.example", "aliases": ["acme.test"] })).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;
    relay.command("add_alias", json!({ "addresses": ["info@acme.example"], "owner": "ann@acme.example" })).await;
    relay.command("test_domain", json!({ "name": "acme.example" })).await;
    relay.command("set_rule", json!({ "domain": "acme.example", "preset": "smtp_autocreate" })).await;

    let mut client = Client::with_mail(relay.smtp, "s@sender.example").await;
    for known in ["info@acme.example", "ann@acme.test", "ann@eu.acme.example", "Ann+shop@acme.example"] {
        assert!(client.say(&format!("RCPT TO:<{known}>")).await.starts_with("250"), "{known}");
    }
    assert!(client.say("RCPT TO:<new@acme.example>").await.starts_with("250"));
    client.say("QUIT").await;

    relay.until("the new one is a user", async || relay.state("new@acme.example").await == "user").await;
    assert!(destination.taken().is_empty(), "no content was ever sent");
    let counts = relay.query("addresses", json!({})).await["counts"].clone();
    assert_eq!((&counts["user"], &counts["alias"]), (&json!(2), &json!(1)), "ann and the new one");
    let detail = relay.query("address", json!({ "address": "new@acme.example" })).await;
    assert!(detail["journal"].to_string().contains("RCPT"), "the record says that it was at RCPT: {detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn x02_the_evidence_card_is_what_happened() {
    let (relay, destination) = office(&["jane"]).await;
    deliver(&relay, "jane@acme.example", 2).await;
    send(relay.smtp, "", "jane@acme.example", MESSAGE).await;
    destination.behave(|manners| manners.end_of_data = Some("550 5.1.1 no such mailbox".to_owned()));
    send(relay.smtp, "s9@sender9.example", "jane@acme.example", MESSAGE).await;
    relay.command("mark_invalid", json!({ "addresses": ["jane@acme.example"] })).await;

    let card = relay.query("address", json!({ "address": "jane@acme.example" })).await;

    let seen = card["evidence"].as_array().expect("evidence");
    assert_eq!(seen.len(), 4, "{card}");
    assert_eq!(seen.iter().filter(|one| one["counted"] == true).count(), 2);
    let why_not: Vec<&str> = seen.iter().filter_map(|one| one["not_counted_because"].as_str()).collect();
    assert!(!why_not.is_empty(), "{card}");
    assert!(card["evidence"].to_string().contains("550 5.1.1 no such mailbox"), "the server's literal reply");
    assert_eq!(card["journal"][0]["action"], "mark_invalid", "who changed what");
    assert_eq!(card["row"]["clean_count"], 2);
}

async fn last_entry(relay: &Relay, action: &str) -> Value {
    let journal = relay.query("journal", json!({})).await;
    let rows = journal["rows"].as_array().expect("rows");
    rows.iter().find(|row| row["action"] == action).cloned().unwrap_or_else(|| panic!("no {action}: {journal}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn x04_settings_of_discovery_are_taken_back_from_the_history() {
    let (relay, _destination) = office(&["jane"]).await;
    let before = relay.query("discovery", json!({})).await;
    relay.command("set_rule", json!({ "domain": "acme.example", "preset": "careful_office" })).await;
    relay.command("set_weekly", json!({ "weekday": "monday", "hour": 7 })).await;
    relay.command("set_discovery", json!({ "on": false })).await;

    for action in ["set_discovery", "set_weekly", "set_rule"] {
        let entry = last_entry(&relay, action).await;
        assert_eq!(entry["undoable"], true, "{entry}");
        relay.command("undo", json!({ "entry": entry["entry"] })).await;
    }

    let after = relay.query("discovery", json!({})).await;
    assert_eq!(after, before);
    deliver(&relay, "jane@acme.example", 1).await;
    assert_eq!(relay.state("jane@acme.example").await, "watching", "clocks go on and rows are made");

    // An undo is an entry too, and what was set anew since is not overwritten.
    let undone = last_entry(&relay, "undo").await;
    relay.command("undo", json!({ "entry": undone["entry"] })).await;
    let rule = relay.query("discovery", json!({})).await["domains"][0]["preset"].clone();
    assert_eq!(rule, "careful_office");
    let first = last_entry(&relay, "set_rule").await;
    let fault = relay.refused("undo", json!({ "entry": first["entry"] })).await;
    assert_eq!(fault.code, Code::Conflict, "{fault:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn d27_a_technician_cannot_take_back_to_a_rule_that_makes_users() {
    let (relay, _destination) = office(&["jane"]).await;
    relay.command("set_rule", json!({ "domain": "acme.example", "preset": "smart_create" })).await;
    relay.command("set_rule", json!({ "domain": "acme.example", "preset": "careful_office" })).await;
    let entry = last_entry(&relay, "set_rule").await["entry"].clone();
    relay.command("sign_out", json!({})).await;

    let fault = relay.refused("undo", json!({ "entry": entry })).await;
    assert_eq!(fault.code, Code::Forbidden, "{fault:?}");
    relay.command("sign_in", json!({ "password": "a long password" })).await;
    relay.command("undo", json!({ "entry": entry })).await;
    let rule = relay.query("discovery", json!({})).await["domains"][0]["preset"].clone();
    assert_eq!(rule, "smart_create");
}

#[tokio::test(flavor = "multi_thread")]
async fn x08_who_waited_for_a_seat_ends_by_the_clock_again_once_there_is_one() {
    let (relay, _destination) = office(&["one", "two"]).await;
    rule(&relay, json!({ "need": 1, "on_reached": "create_user" })).await;
    relay.command("set_licence", json!({ "seats_total": 1 })).await;
    deliver(&relay, "one@acme.example", 1).await;
    deliver(&relay, "two@acme.example", 1).await;
    assert_eq!(relay.state("one@acme.example").await, "user");
    assert_eq!(relay.state("two@acme.example").await, "discovered", "no seat was left");

    weeks(&relay, 6).await;
    assert_eq!(relay.state("two@acme.example").await, "discovered", "it waits and does not end");
    relay.command("sign_in", json!({ "password": "a long password" })).await;
    relay.command("set_licence", json!({ "seats_total": 5 })).await;
    weeks(&relay, 6).await;
    assert_eq!(relay.state("two@acme.example").await, "invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_1_whom_the_server_refused_before_it_took_everybody_is_left_out_of_add_as_suggested() {
    let (relay, destination) = office(&["jane"]).await;
    let reply = send(relay.smtp, "a@sender.example", "left@acme.example", MESSAGE).await;
    assert!(reply.starts_with("550 5.1.1"), "{reply}");
    destination.behave(|manners| manners.knows.clear());
    relay.command("skip_time", json!({ "hours": 25 })).await;
    relay.command("test_domain", json!({ "name": "acme.example" })).await;
    deliver(&relay, "left@acme.example", 3).await;
    relay.command("skip_time", json!({ "hours": 2 })).await;
    deliver(&relay, "left@acme.example", 1).await;
    assert_eq!(relay.state("left@acme.example").await, "discovered");
    let kind = async || {
        let detail = relay.query("address", json!({ "address": "left@acme.example" })).await;
        detail["row"]["suggestion"]["kind"].clone()
    };

    assert_eq!(kind().await, "unlikely");
    let done = relay.command("add_as_suggested", json!({ "addresses": ["left@acme.example"] })).await;
    assert_eq!(done["unchanged"], json!(["left@acme.example"]));
    assert_eq!(relay.state("left@acme.example").await, "discovered");

    // A server that refuses others and takes this one has the mailbox.
    destination.behave(|manners| manners.knows.extend(["left".to_owned()]));
    relay.command("skip_time", json!({ "hours": 25 })).await;
    relay.command("test_domain", json!({ "name": "acme.example" })).await;
    deliver(&relay, "left@acme.example", 1).await;
    assert_eq!(kind().await, "person");
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_1_a_second_name_of_somebody_who_is_left_is_left_with_them() {
    let (relay, destination) = office(&["jane"]).await;
    relay.command("set_rule", json!({ "domain": "acme.example", "preset": "careful_office" })).await;
    let reply = send(relay.smtp, "a@sender.example", "ann.nagel@acme.example", MESSAGE).await;
    assert!(reply.starts_with("550 5.1.1"), "{reply}");
    destination.behave(|manners| manners.knows.clear());
    relay.command("skip_time", json!({ "hours": 25 })).await;
    relay.command("test_domain", json!({ "name": "acme.example" })).await;
    let names = ["ann.nagel@acme.example", "anagel@acme.example", "zoe.park@acme.example"];
    for hours in [26, 26] {
        for name in names {
            deliver(&relay, name, 3).await;
        }
        relay.command("skip_time", json!({ "hours": hours })).await;
    }
    for name in names {
        assert_eq!(relay.state(name).await, "discovered", "{name}");
    }

    let forecast = relay.query("forecast", json!({ "addresses": names, "suggested": true })).await;
    relay.command("add_as_suggested", json!({ "addresses": names })).await;

    assert_eq!(relay.state("ann.nagel@acme.example").await, "discovered", "nobody has seen that they exist");
    assert_eq!(relay.state("anagel@acme.example").await, "discovered", "and this may be theirs");
    assert_eq!(relay.state("zoe.park@acme.example").await, "user");
    assert_eq!(forecast["new_users"], 1, "{forecast}");
}

#[tokio::test(flavor = "multi_thread")]
async fn t11_very_many_addresses_that_lapse_together_are_all_forgotten_each_with_its_reason() {
    // More than are forgotten in one transaction.
    const MANY: usize = 450;
    let names: Vec<String> = (0..MANY).map(|number| format!("guess.{number:03}")).collect();
    let (relay, destination) = office(&[]).await;
    destination.behave(|manners| manners.knows.clear());
    let mut senders = tokio::task::JoinSet::new();
    for some in names.chunks(MANY / 5) {
        let (some, smtp) = (some.to_vec(), relay.smtp);
        senders.spawn(async move {
            for name in some {
                let reply = send(smtp, "a@sender.example", &format!("{name}@acme.example"), MESSAGE).await;
                assert!(reply.starts_with("250"), "{reply}");
            }
        });
    }
    senders.join_all().await;
    assert_eq!(relay.query("addresses", json!({})).await["counts"]["watching"], MANY);

    relay.command("skip_time", json!({ "hours": 31 * 24 })).await;

    assert_eq!(relay.query("addresses", json!({})).await["total"], 0);
    let journal = relay.query("journal", json!({ "limit": 1000 })).await;
    let forgotten = journal["rows"].as_array().expect("rows").iter().filter(|row| row["action"] == "forgotten");
    assert_eq!(forgotten.count(), MANY);
}
