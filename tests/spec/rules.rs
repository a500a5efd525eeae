//! The rule of a domain, its presets, the week and what ends by itself (behaviour.md sections 2, 3.5, 3.7 and 3.9).

use rollcall_api::{Code, Kind, SessionLimits};
use rollcall_tests::client::send;
use rollcall_tests::destination::Destination;
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

const MESSAGE: &str = "Subject: hello\r\n\r\nx";
const DAY_MS: i64 = 24 * 3_600_000;

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
        assert!(reply.starts_with("250"), "{reply}");
    }
}

async fn skip(relay: &Relay, hours: i64) {
    relay.command("skip_time", json!({ "hours": hours })).await;
}

async fn now(relay: &Relay) -> i64 {
    relay.query("health", json!({})).await["now_ms"].as_i64().expect("a time")
}

/// Skips to just after the next weekly tick; says whether it gave a notice, and lets that be seen.
async fn next_tick(relay: &Relay, seen: bool) -> bool {
    let next = relay.query("discovery", json!({})).await["next_tick_ms"].as_i64().expect("a time");
    let hours = (next - now(relay).await) / 3_600_000 + 1;
    skip(relay, hours).await;
    let notice = !relay.query("discovery", json!({})).await["notice"].is_null();
    if seen {
        relay.command("notice_shown", json!({})).await;
    }
    notice
}

async fn row(relay: &Relay, address: &str) -> Value {
    relay.query("address", json!({ "address": address })).await["row"].clone()
}

/// The domain's rule with some of it changed.
async fn set_rule(relay: &Relay, change: Value) {
    let mut rule = relay.query("discovery", json!({})).await["domains"][0]["rule"].clone();
    for (name, value) in change.as_object().expect("an object") {
        rule[name] = value.clone();
    }
    relay.command("set_rule", json!({ "domain": "acme.example", "rule": rule })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn d01_discovery_off_refuses_who_is_unknown_and_on_asks_again() {
    let (relay, destination) = office(&["jane", "new"]).await;
    deliver(&relay, "jane@acme.example", 3).await;
    relay.command("set_discovery", json!({ "on": false })).await;

    let reply = send(relay.smtp, "a@sender.example", "new@acme.example", MESSAGE).await;
    assert!(reply.starts_with("550 5.1.1 <new@acme.example>: Invalid recipient"), "{reply}");
    let reply = send(relay.smtp, "a@sender.example", "jane@acme.example", MESSAGE).await;
    assert!(reply.starts_with("250"), "t15: a Discovered address keeps receiving: {reply}");
    assert_eq!(destination.taken().len(), 4);

    relay.command("set_discovery", json!({ "on": true })).await;
    let reply = send(relay.smtp, "a@sender.example", "new@acme.example", MESSAGE).await;
    assert!(reply.starts_with("250"), "{reply}");
    assert_eq!(relay.state("new@acme.example").await, "watching");
}

#[tokio::test(flavor = "multi_thread")]
async fn d07_d23_t9_t10_an_address_ends_on_the_thursday_after_its_third_notice_and_not_before_three_weeks() {
    let (relay, _destination) = office(&["jane"]).await;
    deliver(&relay, "jane@acme.example", 3).await;
    let discovered = row(&relay, "jane@acme.example").await["discovered_ms"].as_i64().expect("a time");
    let foretold = row(&relay, "jane@acme.example").await["ends_ms"].as_i64().expect("a time");

    let mut ticks = 0;
    while relay.state("jane@acme.example").await == "discovered" {
        ticks += 1;
        assert!(ticks <= 5, "it never ends");
        next_tick(&relay, true).await;
    }

    let ended = row(&relay, "jane@acme.example").await;
    let after = ended["changed_ms"].as_i64().expect("a time") - discovered;
    assert_eq!((&ended["state"], &ended["invalid_reason"]), (&json!("invalid"), &json!("expired")));
    assert!((21 * DAY_MS..28 * DAY_MS + 3_600_000).contains(&after), "c05: {} days", after / DAY_MS);
    assert!((ended["changed_ms"].as_i64().expect("a time") - foretold).abs() <= 3_600_000, "the list foretold it");
    skip(&relay, 4).await;
    let reply = send(relay.smtp, "a@sender.example", "jane@acme.example", MESSAGE).await;
    assert!(
        reply.starts_with("550 5.7.1 <jane@acme.example>: Recipient address rejected: User email address is marked as"),
        "d21: {reply}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn x05_nothing_ends_unseen_and_a_holiday_hold_lets_nothing_end() {
    let (relay, _destination) = office(&["jane"]).await;
    deliver(&relay, "jane@acme.example", 3).await;

    for _ in 0..6 {
        next_tick(&relay, false).await;
    }
    assert_eq!(relay.state("jane@acme.example").await, "discovered", "no notice was seen");
    assert_eq!(row(&relay, "jane@acme.example").await["notices"], 0);

    let until = now(&relay).await + 60 * DAY_MS;
    for _ in 0..3 {
        next_tick(&relay, true).await;
    }
    relay.command("set_holiday", json!({ "until_ms": until })).await;
    for _ in 0..3 {
        next_tick(&relay, true).await;
    }
    assert_eq!(relay.state("jane@acme.example").await, "discovered", "held for the holiday");
    relay.command("set_holiday", json!({ "until_ms": null })).await;
    next_tick(&relay, true).await;
    assert_eq!(relay.state("jane@acme.example").await, "invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn t22_undo_of_an_end_gives_the_address_its_time_back() {
    let (relay, _destination) = office(&["jane"]).await;
    deliver(&relay, "jane@acme.example", 3).await;
    for _ in 0..5 {
        next_tick(&relay, true).await;
    }
    assert_eq!(relay.state("jane@acme.example").await, "invalid");
    let entry = relay.query("journal", json!({})).await["rows"]
        .as_array()
        .and_then(|rows| rows.iter().find(|row| row["action"] == "expired").cloned())
        .expect("the end is in the journal");
    skip(&relay, 10 * 24).await;

    relay.command("undo", json!({ "entry": entry["entry"] })).await;

    let back = row(&relay, "jane@acme.example").await;
    assert_eq!(back["state"], "discovered");
    assert!(back["ends_ms"].as_i64() > Some(now(&relay).await), "it does not end at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn t15_t19_time_in_which_discovery_is_off_does_not_count() {
    let (relay, _destination) = office(&["jane"]).await;
    deliver(&relay, "jane@acme.example", 3).await;
    relay.command("set_discovery", json!({ "on": false })).await;
    for _ in 0..6 {
        assert!(!next_tick(&relay, true).await, "a frozen address is not told of");
    }
    relay.command("set_discovery", json!({ "on": true })).await;
    for _ in 0..3 {
        next_tick(&relay, true).await;
        assert_eq!(relay.state("jane@acme.example").await, "discovered");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn t15_a_watched_address_is_not_forgotten_while_discovery_is_off() {
    let (relay, _destination) = office(&["jane"]).await;
    deliver(&relay, "jane@acme.example", 2).await;
    relay.command("set_discovery", json!({ "on": false })).await;
    skip(&relay, 40 * 24).await;
    relay.command("set_discovery", json!({ "on": true })).await;
    skip(&relay, 24).await;

    assert_eq!(row(&relay, "jane@acme.example").await["clean_count"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn d08_d27_the_end_makes_a_user_only_where_the_organization_administrator_wants_it() {
    let (relay, _destination) = office(&["jane"]).await;
    let mut rule = relay.query("discovery", json!({})).await["domains"][0]["rule"].clone();
    rule["on_expiry"] = json!("create_user");
    let wish = json!({ "domain": "acme.example", "rule": rule });
    relay.command("sign_out", json!({})).await;

    let fault = relay.refused("set_rule", wish.clone()).await;
    assert_eq!(fault.code, Code::Forbidden, "{fault:?}");
    relay.command("sign_in", json!({ "password": "a long password" })).await;
    relay.command("set_rule", wish).await;
    deliver(&relay, "jane@acme.example", 3).await;
    for _ in 0..5 {
        next_tick(&relay, true).await;
    }

    let made = row(&relay, "jane@acme.example").await;
    assert_eq!((&made["state"], &made["role"], &made["made_by"]), (&json!("user"), &json!("silent"), &json!("rule")));
}

#[tokio::test(flavor = "multi_thread")]
async fn d09_the_same_name_at_another_domain_becomes_an_alias_and_a_short_form_is_only_suggested() {
    let (relay, destination) = office(&["ann.lee", "a.lee"]).await;
    relay.serves("acme.test", destination.address).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann.lee@acme.example" }] })).await;

    deliver(&relay, "ann.lee@acme.test", 3).await;
    deliver(&relay, "a.lee@acme.test", 3).await;

    let alias = row(&relay, "ann.lee@acme.test").await;
    assert_eq!((&alias["state"], &alias["owner"]), (&json!("alias"), &json!("ann.lee@acme.example")));
    let other = row(&relay, "a.lee@acme.test").await;
    assert_eq!(other["state"], "discovered");
    assert_eq!(
        (&other["suggestion"]["kind"], &other["suggestion"]["of"]),
        (&json!("alias"), &json!("ann.lee@acme.example"))
    );

    let done = relay.command("add_as_suggested", json!({ "addresses": ["a.lee@acme.test"] })).await;
    assert_eq!(relay.state("a.lee@acme.test").await, "alias");
    relay.command("undo", json!({ "entry": done["entry"] })).await;
    assert_eq!(relay.state("a.lee@acme.test").await, "discovered");
}

#[tokio::test(flavor = "multi_thread")]
async fn d09_of_a_new_name_at_two_domains_the_account_is_where_most_accounts_are() {
    let (relay, destination) = office(&["ann.lee", "bob.gray", "new.one"]).await;
    relay.serves("acme.test", destination.address).await;
    let users = ["ann.lee@acme.example", "bob.gray@acme.example"].map(|address| json!({ "address": address }));
    relay.command("create_user", json!({ "users": users })).await;
    deliver(&relay, "new.one@acme.test", 5).await;
    deliver(&relay, "new.one@acme.example", 3).await;

    let both = ["new.one@acme.test", "new.one@acme.example"];
    relay.command("add_as_suggested", json!({ "addresses": both })).await;

    assert_eq!(relay.state("new.one@acme.example").await, "user");
    let other = row(&relay, "new.one@acme.test").await;
    assert_eq!((&other["state"], &other["owner"]), (&json!("alias"), &json!("new.one@acme.example")));
}

/// What the inbox says of new addresses: their names.
async fn told_of(relay: &Relay) -> Vec<String> {
    let inbox = relay.query("inbox", json!({ "limit": 50 })).await;
    let rows = inbox["rows"].as_array().expect("rows").iter().filter(|row| row["kind"] == "new_addresses");
    rows.flat_map(|row| row["addresses"].as_array().cloned().unwrap_or_default())
        .filter_map(|address| address.as_str().map(str::to_owned))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn d09_of_a_new_name_whose_mail_came_to_another_domain_first_the_account_is_at_home() {
    let (relay, destination) = office(&["ann.lee", "bob.gray", "cy.poe", "new.one", "only.here"]).await;
    relay.serves("acme.test", destination.address).await;
    let users = ["ann.lee@acme.example", "bob.gray@acme.example", "cy.poe@acme.example"]
        .map(|address| json!({ "address": address }));
    relay.command("create_user", json!({ "users": users })).await;
    deliver(&relay, "new.one@acme.test", 5).await;
    deliver(&relay, "new.one@acme.example", 1).await;
    deliver(&relay, "only.here@acme.test", 5).await;
    assert_eq!(relay.state("new.one@acme.example").await, "watching");

    let both = json!({ "addresses": ["new.one@acme.test", "only.here@acme.test"] });
    let done = relay.command("add_as_suggested", both).await;

    assert_eq!(relay.state("new.one@acme.example").await, "user");
    let other = row(&relay, "new.one@acme.test").await;
    assert_eq!((&other["state"], &other["owner"]), (&json!("alias"), &json!("new.one@acme.example")));
    assert_eq!(relay.state("only.here@acme.test").await, "user", "what is nowhere else stays where it is");
    relay.command("undo", json!({ "entry": done["entry"] })).await;
    assert_eq!(relay.state("new.one@acme.example").await, "watching");
    assert_eq!(relay.state("new.one@acme.test").await, "discovered");
}

#[tokio::test(flavor = "multi_thread")]
async fn d09_a_likely_alias_that_never_ends_calls_nobody_for_eight_weeks_and_then_does() {
    let (relay, _destination) = office(&["ann.lee", "a.lee", "bob.gray"]).await;
    relay.command("set_rule", json!({ "domain": "acme.example", "preset": "careful_office" })).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann.lee@acme.example" }] })).await;
    deliver(&relay, "a.lee@acme.example", 4).await;
    skip(&relay, 2).await;

    let waits = row(&relay, "a.lee@acme.example").await;
    assert_eq!((&waits["state"], &waits["suggestion"]["kind"]), (&json!("discovered"), &json!("alias")));
    let until = waits["can_wait_until_ms"].as_i64().expect("a time");
    assert_eq!(until - waits["discovered_ms"].as_i64().expect("a time"), 56 * DAY_MS);
    assert_eq!(told_of(&relay).await, Vec::<String>::new(), "nobody is called for it alone");

    deliver(&relay, "bob.gray@acme.example", 4).await;
    skip(&relay, 2).await;
    assert_eq!(row(&relay, "bob.gray@acme.example").await["can_wait_until_ms"], Value::Null);
    assert_eq!(told_of(&relay).await, ["bob.gray@acme.example"]);
    let list = relay.query("addresses", json!({ "state": "discovered" })).await;
    assert_eq!((&list["total"], &list["waiting"]["can_wait"]), (&json!(2), &json!(1)));
    relay.command("create_user", json!({ "users": [{ "address": "bob.gray@acme.example" }] })).await;

    while now(&relay).await + 7 * DAY_MS < until {
        assert!(!next_tick(&relay, true).await, "the weekly notice leaves it out");
    }
    while now(&relay).await < until {
        next_tick(&relay, false).await;
    }
    assert!(!relay.query("discovery", json!({})).await["notice"].is_null(), "it has waited long enough");
    let list = relay.query("addresses", json!({ "state": "discovered" })).await;
    assert_eq!(list["waiting"]["can_wait"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn p12_an_account_is_merged_into_another_with_its_names_and_one_undo_restores_both() {
    let (relay, _destination) = office(&["ann", "al"]).await;
    let users = json!({ "users": [{ "address": "ann@acme.example" }, { "address": "al@acme.example" }] });
    relay.command("create_user", users).await;
    relay.command("add_alias", json!({ "addresses": ["al2@acme.example"], "owner": "al@acme.example" })).await;

    let wish = json!({ "addresses": ["al@acme.example"], "owner": "ann@acme.example" });
    let fault = relay.refused("add_alias", wish).await;
    assert_eq!(fault.code, Code::Conflict);
    assert!(fault.message.contains("Merge"), "{}", fault.message);
    let merge = json!({ "addresses": ["al@acme.example"], "owner": "ann@acme.example", "merge": true });
    let done = relay.command("add_alias", merge).await;

    for name in ["al", "al2"] {
        let alias = row(&relay, &format!("{name}@acme.example")).await;
        assert_eq!((&alias["state"], &alias["owner"]), (&json!("alias"), &json!("ann@acme.example")), "{name}");
    }
    relay.command("undo", json!({ "entry": done["entry"] })).await;
    assert_eq!(relay.state("al@acme.example").await, "user");
    assert_eq!(row(&relay, "al2@acme.example").await["owner"], "al@acme.example");
}

#[tokio::test(flavor = "multi_thread")]
async fn m09_mailprotector_makes_a_user_of_the_first_clean_message_and_of_no_other() {
    let (relay, _destination) = office(&["jane", "list"]).await;
    relay.command("set_rule", json!({ "domain": "acme.example", "preset": "mailprotector" })).await;
    let newsletter = "List-Id: <news.sender.example>\r\nSubject: news\r\n\r\nx";

    send(relay.smtp, "news@sender.example", "list@acme.example", newsletter).await;
    deliver(&relay, "jane@acme.example", 1).await;

    assert_eq!(relay.state("list@acme.example").await, "unknown");
    assert_eq!(row(&relay, "jane@acme.example").await["made_by"], "rule");
}

#[tokio::test(flavor = "multi_thread")]
async fn p01_smart_create_makes_a_user_of_three_messages_in_two_weeks_after_an_hour_without_a_bounce() {
    let (relay, _destination) = office(&["jane", "john"]).await;
    relay.command("set_rule", json!({ "domain": "acme.example", "preset": "smart_create" })).await;
    let days = async |days: i64| skip(&relay, days * 24).await;
    let from = async |number: u32, to: &str| {
        let reply = send(relay.smtp, &format!("s@sender{number}.example"), to, MESSAGE).await;
        assert!(reply.starts_with("250"), "{reply}");
    };

    from(0, "jane@acme.example").await;
    from(0, "john@acme.example").await;
    days(7).await;
    from(1, "jane@acme.example").await;
    from(1, "john@acme.example").await;
    days(6).await;
    from(2, "jane@acme.example").await;
    assert_eq!(relay.state("jane@acme.example").await, "watching", "it waits an hour for a bounce");
    skip(&relay, 2).await;
    assert_eq!(relay.state("jane@acme.example").await, "user");
    days(2).await;
    from(2, "john@acme.example").await;
    skip(&relay, 2).await;
    assert_eq!(relay.state("john@acme.example").await, "watching", "day 0 left the window of 14 days");
}

#[tokio::test(flavor = "multi_thread")]
async fn c12_no_message_counts_twice_and_in_a_careful_office_no_domain_makes_a_person_alone() {
    let (relay, _destination) = office(&["jane", "john"]).await;
    let same = "Message-ID: <one@sender.example>\r\nSubject: hello\r\n\r\nx";
    for _ in 0..3 {
        send(relay.smtp, "a@sender.example", "jane@acme.example", same).await;
    }
    assert_eq!(row(&relay, "jane@acme.example").await["clean_count"], 1);

    relay.command("set_rule", json!({ "domain": "acme.example", "preset": "careful_office" })).await;
    for number in 0..4 {
        let message = format!("Message-ID: <{number}@x.example>\r\nSubject: hello\r\n\r\nx");
        send(relay.smtp, "a@mail.sender.example", "john@acme.example", &message).await;
    }
    skip(&relay, 2).await;
    let john = row(&relay, "john@acme.example").await;
    assert_eq!((&john["state"], &john["clean_count"]), (&json!("watching"), &json!(2)));
    send(relay.smtp, "b@other.example", "john@acme.example", MESSAGE).await;
    skip(&relay, 2).await;
    assert_eq!(relay.state("john@acme.example").await, "discovered");
}

#[tokio::test(flavor = "multi_thread")]
async fn d10_mail_from_inside_lists_its_sender_and_makes_a_user_only_where_that_is_wanted() {
    let (relay, _destination) = office(&["ann", "bob"]).await;
    let smarthost = Destination::knowing(&["kim"]).await;
    let (host, port) = (smarthost.address.ip().to_string(), smarthost.address.port());
    let way = json!({ "mode": "smarthost", "host": host, "port": port, "tls": "never" });
    relay.command("set_outbound", way).await;
    relay.command("set_sender_hosts", json!({ "hosts": [{ "network": "127.0.0.1", "note": "the office" }] })).await;

    let reply = send(relay.smtp, "ann@acme.example", "kim@elsewhere.example", MESSAGE).await;
    assert!(reply.starts_with("250"), "{reply}");
    let ann = row(&relay, "ann@acme.example").await;
    assert_eq!((&ann["state"], &ann["source"]), (&json!("discovered"), &json!("outbound")));

    set_rule(&relay, json!({ "outbound": "create_user" })).await;
    send(relay.smtp, "bob@acme.example", "kim@elsewhere.example", MESSAGE).await;
    assert_eq!(relay.state("bob@acme.example").await, "user");

    send(relay.smtp, "kim@elsewhere.example", "ann@acme.example", "Subject: Re: hello\r\n\r\nx").await;
    let detail = relay.query("address", json!({ "address": "ann@acme.example" })).await;
    let replied = detail["evidence"].as_array().is_some_and(|seen| seen.iter().any(|seen| seen["is_reply"] == true));
    assert!(replied, "x07: {detail}");
    assert_eq!(detail["score"], "Surely a person");
}

#[tokio::test(flavor = "multi_thread")]
async fn c10_never_add_delivers_and_is_never_promoted() {
    let (relay, destination) = office(&["left"]).await;
    deliver(&relay, "left@acme.example", 1).await;
    relay.command("never_add", json!({ "addresses": ["left@acme.example"] })).await;

    deliver(&relay, "left@acme.example", 5).await;

    assert_eq!(relay.state("left@acme.example").await, "never_add");
    assert_eq!(destination.taken().len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn x04_five_hundred_decisions_are_one_act_and_one_undo() {
    let names: Vec<String> = (0..500).map(|number| format!("person{number}")).collect();
    let (relay, _destination) = office(&[]).await;
    let addresses: Vec<String> = names.iter().map(|name| format!("{name}@acme.example")).collect();
    relay.command("never_add", json!({ "addresses": addresses })).await;
    let before = relay.query("addresses", json!({ "limit": 1000 })).await["rows"].clone();

    let done = relay.command("add_as_suggested", json!({ "addresses": addresses })).await;
    assert_eq!(done["addresses"].as_array().map(Vec::len), Some(500));
    relay.command("undo", json!({ "entry": done["entry"] })).await;

    assert_eq!(relay.query("addresses", json!({ "limit": 1000 })).await["rows"], before);
}

#[tokio::test(flavor = "multi_thread")]
async fn s30_the_word_of_a_listed_filter_in_front_keeps_spam_from_counting() {
    let (relay, _destination) = office(&["jane"]).await;
    let spam = "X-Spam-Flag: YES\r\nSubject: offer\r\n\r\nx";

    send(relay.smtp, "a@one.example", "jane@acme.example", spam).await;
    assert_eq!(row(&relay, "jane@acme.example").await["clean_count"], 1, "a stranger's header says nothing");
    relay.command("set_upstreams", json!({ "addresses": ["127.0.0.1"] })).await;
    send(relay.smtp, "a@two.example", "jane@acme.example", spam).await;

    let detail = relay.query("address", json!({ "address": "jane@acme.example" })).await;
    assert_eq!(detail["row"]["clean_count"], 1);
    assert_eq!(detail["evidence"][0]["not_counted_because"], "spam");
}
