//! What people are told (design: Notifications; behaviour rows D15, D25, X05, X11, X12): the inbox is the truth, and its
//! buttons do the whole job.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rollcall_api::{Code, Kind, SessionLimits};
use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::{Destination, Manners};
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

const MESSAGE: &str = "Subject: hello\r\n\r\nx";
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A practice office before a mail server that knows everybody named, two hours after set-up and without quiet hours.
async fn office(names: &[&str]) -> (Relay, Destination) {
    let destination = Destination::knowing(names).await;
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    relay.serves("acme.example", destination.address).await;
    relay.command("set_notification_settings", json!({ "quiet": quiet(false, "18:00", "08:00") })).await;
    skip(&relay, 2).await;
    (relay, destination)
}

fn quiet(on: bool, from: &str, until: &str) -> Value {
    json!({ "on": on, "from": from, "until": until, "weekends": false })
}

async fn deliver(relay: &Relay, to: &str, times: usize) {
    for time in 0..times {
        let reply = send(relay.smtp, &format!("s@sender{time}.example"), to, MESSAGE).await;
        assert!(reply.starts_with("250"), "{reply}");
    }
}

async fn skip(relay: &Relay, hours: i64) {
    relay.command("skip_time", json!({ "hours": hours })).await;
}

async fn now(relay: &Relay) -> i64 {
    relay.query("health", json!({})).await["now_ms"].as_i64().expect("a time")
}

async fn inbox(relay: &Relay) -> Vec<Value> {
    relay.query("inbox", json!({})).await["rows"].as_array().expect("rows").clone()
}

async fn of_kind(relay: &Relay, kind: &str) -> Vec<Value> {
    inbox(relay).await.into_iter().filter(|row| row["kind"] == kind).collect()
}

/// The only notification of a kind.
async fn one(relay: &Relay, kind: &str) -> Value {
    let rows = of_kind(relay, kind).await;
    assert_eq!(rows.len(), 1, "{kind}: {:?}", inbox(relay).await);
    rows[0].clone()
}

fn said(row: &Value) -> (&str, &str) {
    (row["title"].as_str().expect("a title"), row["text"].as_str().expect("a text"))
}

fn labels(row: &Value) -> Vec<&str> {
    row["buttons"].as_array().expect("buttons").iter().map(|button| button["label"].as_str().expect("words")).collect()
}

async fn act(relay: &Relay, row: &Value, action: &str) -> Value {
    relay.command("inbox_act", json!({ "id": row["id"], "action": action })).await
}

/// Skips to `hours` before or after the next weekly tick.
async fn to_tick(relay: &Relay, hours: i64) {
    let next = relay.query("discovery", json!({})).await["next_tick_ms"].as_i64().expect("a time");
    let wanted = next + hours * HOUR_MS - now(relay).await;
    skip(relay, wanted.div_euclid(HOUR_MS) + 1).await;
}

/// Lets an address end after three weekly notices.
async fn let_end(relay: &Relay, address: &str) {
    for _ in 0..5 {
        if relay.state(address).await != "discovered" {
            return;
        }
        to_tick(relay, 0).await;
        relay.command("notice_shown", json!({})).await;
    }
    assert_eq!(relay.state(address).await, "invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn x11_a_button_makes_the_user_and_undo_takes_it_back() {
    let (relay, _destination) = office(&["jordan.larch"]).await;
    deliver(&relay, "jordan.larch@acme.example", 3).await;

    let row = one(&relay, "new_addresses").await;
    assert_eq!(
        said(&row),
        ("New in practice: jordan.larch", "Looks like a real person: 3 clean messages. Uses 1 seat.")
    );
    assert_eq!(labels(&row), ["Make user", "Functional", "Not real"]);
    assert_eq!(
        row["view"],
        json!({ "section": "discovered", "filter": "discovered", "address": "jordan.larch@acme.example" })
    );
    let done = act(&relay, &row, "make_user").await;

    assert_eq!(relay.state("jordan.larch@acme.example").await, "user");
    assert_eq!(done["said"], "jordan.larch is a user now.");
    assert_eq!(one(&relay, "new_addresses").await["state"], "dealt_with");
    assert_eq!(relay.query("inbox", json!({})).await["unread"], 0);
    let journal = relay.query("journal", json!({ "limit": 1 })).await["rows"][0].clone();
    assert_eq!((&journal["entry"], &journal["action"]), (&done["entries"][0], &json!("create_user")));
    relay.command("undo", json!({ "entry": done["entries"][0] })).await;
    assert_eq!(relay.state("jordan.larch@acme.example").await, "discovered");
}

#[tokio::test(flavor = "multi_thread")]
async fn x11_every_button_of_new_addresses_does_what_it_says() {
    let (relay, _destination) = office(&["scanner", "old", "kim.cedar", "sam.birch"]).await;
    for (address, action, state) in [("scanner", "make_functional", "functional"), ("old", "mark_invalid", "invalid")] {
        deliver(&relay, &format!("{address}@acme.example"), 3).await;
        let row = of_kind(&relay, "new_addresses").await.into_iter().find(|row| row["state"] == "unread").expect("one");
        act(&relay, &row, action).await;
        assert_eq!(relay.state(&format!("{address}@acme.example")).await, state);
    }
    for name in ["kim.cedar", "sam.birch"] {
        deliver(&relay, &format!("{name}@acme.example"), 3).await;
    }
    let two = of_kind(&relay, "new_addresses").await[0].clone();
    assert_eq!(labels(&two), ["Add as suggested", "Next week"]);
    assert_eq!(said(&two), ("New in practice: 2 addresses", "2 people. Nothing is urgent."));
    assert_eq!(act(&relay, &two, "add_as_suggested").await["said"], "2 addresses are added as suggested.");
    assert_eq!(relay.addresses("user").await, ["kim.cedar@acme.example", "sam.birch@acme.example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn x11_a_button_that_comes_too_late_changes_nothing_and_says_so() {
    let (relay, _destination) = office(&["jordan"]).await;
    deliver(&relay, "jordan@acme.example", 3).await;
    let row = one(&relay, "new_addresses").await;
    relay.command("create_functional", json!({ "addresses": ["jordan@acme.example"] })).await;

    let fault = relay.refused("inbox_act", json!({ "id": row["id"], "action": "make_user" })).await;

    assert_eq!(fault.code, Code::Conflict);
    assert!(fault.message.contains("decided about this meanwhile"), "{}", fault.message);
    assert_eq!(relay.state("jordan@acme.example").await, "functional");
    assert_eq!(one(&relay, "new_addresses").await["state"], "dealt_with", "dealt with elsewhere");
    let fault = relay.refused("inbox_act", json!({ "id": row["id"], "action": "nothing" })).await;
    assert_eq!(fault.code, Code::Invalid);
    let fault = relay.refused("inbox_act", json!({ "id": 4711, "action": "make_user" })).await;
    assert_eq!(fault.code, Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn x12_ten_thousand_discoveries_are_one_notification() {
    const TRANSACTIONS: usize = 500;
    let (relay, _destination) = office(&[]).await;
    let mut rule = relay.query("discovery", json!({})).await["domains"][0]["rule"].clone();
    rule["need"] = json!(1);
    relay.command("set_rule", json!({ "domain": "acme.example", "rule": rule })).await;

    let mut client = Client::connect(relay.smtp).await;
    client.say("EHLO client.example").await;
    for transaction in 0..TRANSACTIONS {
        assert!(client.say(&format!("MAIL FROM:<s@sender{transaction}.example>")).await.starts_with("250"));
        for place in 0..20 {
            let reply = client.say(&format!("RCPT TO:<p{transaction}x{place}@acme.example>")).await;
            assert!(reply.starts_with("250"), "{reply}");
        }
        assert!(client.data(MESSAGE).await.starts_with("250"));
    }

    let row = one(&relay, "new_addresses").await;
    assert_eq!((&row["count"], &row["state"]), (&json!(10_000), &json!("unread")));
    assert_eq!(said(&row), ("New in practice: 10000 addresses", "They wait for your decision. Nothing is urgent."));
    assert_eq!(relay.query("inbox", json!({})).await["unread"], 1);
    skip(&relay, 48).await;
    let row = one(&relay, "new_addresses").await;
    let posted = row["posted_ms"].as_i64().expect("posted");
    skip(&relay, 48).await;
    assert_eq!(one(&relay, "new_addresses").await["posted_ms"], posted, "told once");
}

#[tokio::test(flavor = "multi_thread")]
async fn x12_what_comes_later_that_day_is_told_at_ten_the_next_morning() {
    let (relay, _destination) = office(&["one", "two"]).await;
    deliver(&relay, "one@acme.example", 3).await;
    skip(&relay, 1).await;
    let first = one(&relay, "new_addresses").await;
    let posted = first["posted_ms"].as_i64().expect("it was told");

    deliver(&relay, "two@acme.example", 3).await;
    skip(&relay, 1).await;
    let joined = one(&relay, "new_addresses").await;
    assert_eq!((&joined["count"], &joined["posted_ms"]), (&json!(2), &json!(posted)), "n2: it joined, and waits");
    skip(&relay, 36).await;

    let again = one(&relay, "new_addresses").await["posted_ms"].as_i64().expect("told again");
    let local = |ms| Timestamp::from_millisecond(ms).expect("a time").to_zoned(TimeZone::system());
    let tomorrow = local(posted).date().checked_add(1.day()).expect("a day");
    assert_eq!(local(again).date(), tomorrow);
    assert_eq!(local(again).hour(), 10, "{}", local(again));
}

#[tokio::test(flavor = "multi_thread")]
async fn x12_nothing_is_told_in_the_first_hour_in_quiet_hours_or_of_a_kind_that_is_off() {
    let destination = Destination::knowing(&["one", "two", "three"]).await;
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    relay.serves("acme.example", destination.address).await;
    relay.command("set_notification_settings", json!({ "quiet": quiet(false, "18:00", "08:00") })).await;
    deliver(&relay, "one@acme.example", 3).await;
    relay.until("it is in the inbox", async || !inbox(&relay).await.is_empty()).await;
    assert!(one(&relay, "new_addresses").await["posted_ms"].is_null());
    skip(&relay, 1).await;
    let set_up = one(&relay, "new_addresses").await;
    assert!(set_up["posted_ms"].is_i64(), "{set_up}");
    relay.command("create_user", json!({ "users": [{ "address": "one@acme.example" }] })).await;

    relay.command("set_notification_settings", json!({ "quiet": quiet(true, "00:00", "23:59") })).await;
    skip(&relay, 30).await;
    deliver(&relay, "two@acme.example", 3).await;
    skip(&relay, 3).await;
    let row = of_kind(&relay, "new_addresses").await[0].clone();
    assert!(row["posted_ms"].is_null() && row["state"] == "unread", "{row}");
    assert!(relay.query("notification_settings", json!({})).await["quiet_until_ms"].is_i64());

    let off = json!({ "quiet": quiet(false, "00:00", "23:59"), "off": ["new_addresses"] });
    let settings = relay.command("set_notification_settings", off).await;
    assert_eq!(settings["kinds"][0]["on"], false);
    skip(&relay, 3).await;
    assert!(of_kind(&relay, "new_addresses").await[0]["posted_ms"].is_null(), "the inbox has it all the same");
    relay.command("set_notification_settings", json!({ "off": [] })).await;
    skip(&relay, 1).await;
    assert!(of_kind(&relay, "new_addresses").await[0]["posted_ms"].is_i64());
    let fault = relay.refused("set_notification_settings", json!({ "quiet": quiet(true, "25:00", "08:00") })).await;
    assert_eq!(fault.code, Code::Invalid);
}

#[tokio::test(flavor = "multi_thread")]
async fn d15_x05_the_weekly_notice_says_how_many_wait_and_end_and_counts_once_it_was_shown() {
    let (relay, _destination) = office(&["jane", "john"]).await;
    deliver(&relay, "jane@acme.example", 3).await;
    to_tick(&relay, 0).await;
    let weekly = one(&relay, "weekly").await;
    assert_eq!(said(&weekly), ("1 address waits for your decision", "Practice: Nothing ends next week."));
    assert_eq!(weekly["view"]["section"], "discovered");

    to_tick(&relay, 0).await;
    assert_eq!(row(&relay, "jane@acme.example").await["notices"], 0, "nobody saw one");
    assert_eq!(of_kind(&relay, "weekly").await.iter().filter(|row| row["state"] == "unread").count(), 1);

    for _ in 0..2 {
        let weekly = of_kind(&relay, "weekly").await[0].clone();
        assert_eq!(said(&weekly).1, "Practice: Nothing ends next week.");
        assert_eq!(relay.command("notification_shown", json!({ "id": weekly["id"] })).await["counted"], 1);
        to_tick(&relay, 0).await;
    }
    assert_eq!(row(&relay, "jane@acme.example").await["notices"], 2);
    let last = of_kind(&relay, "weekly").await[0].clone();
    assert_eq!(
        said(&last).1,
        "Practice: 1 stops getting mail next week unless you decide.",
        "d15: counted in next Thursday's"
    );
    relay.command("notification_shown", json!({ "id": last["id"] })).await;
    to_tick(&relay, 0).await;
    assert_eq!(relay.state("jane@acme.example").await, "invalid", "as it said");
}

async fn row(relay: &Relay, address: &str) -> Value {
    relay.query("address", json!({ "address": address })).await["row"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn n3_three_days_and_one_day_before_an_end_it_is_reminded_of_and_a_week_is_given() {
    let (relay, _destination) = office(&["jane"]).await;
    deliver(&relay, "jane@acme.example", 3).await;
    for _ in 0..3 {
        to_tick(&relay, 0).await;
        relay.command("notice_shown", json!({})).await;
    }
    // Discovered after that week's tick or before it: one more may be needed.
    if row(&relay, "jane@acme.example").await["ends_ms"].as_i64() > Some(now(&relay).await + 8 * DAY_MS) {
        to_tick(&relay, 0).await;
    }
    to_tick(&relay, -80).await;
    assert!(of_kind(&relay, "ending").await.is_empty(), "more than three days before");
    to_tick(&relay, -70).await;
    let first = one(&relay, "ending").await;
    assert!(said(&first).0.starts_with("1 address stops getting mail on "), "{first}");
    assert_eq!(said(&first).1, "Practice: jane is still waiting for your decision.");
    assert_eq!(labels(&first), ["Add as suggested", "Give it a week"]);
    let new = of_kind(&relay, "new_addresses").await;
    assert!(new.iter().all(|row| row["state"] == "dealt_with"), "it replaces n1 for it: {new:?}");

    to_tick(&relay, -20).await;
    let both = of_kind(&relay, "ending").await;
    assert_eq!(both.len(), 2, "a second reminder");
    assert_eq!((&both[0]["state"], &both[1]["state"]), (&json!("unread"), &json!("withdrawn")));
    let done = act(&relay, &both[0], "give_week").await;
    assert_eq!(done["said"], "jane has a week more.");
    to_tick(&relay, 0).await;
    assert_eq!(relay.state("jane@acme.example").await, "discovered");
}

#[tokio::test(flavor = "multi_thread")]
async fn t10_n4_an_end_can_be_taken_back_and_mail_of_known_senders_for_an_ended_address_is_told_once() {
    let (relay, _destination) = office(&["warehouse", "jane"]).await;
    deliver(&relay, "warehouse@acme.example", 3).await;
    deliver(&relay, "jane@acme.example", 3).await;
    let_end(&relay, "warehouse@acme.example").await;
    let ended = one(&relay, "ended").await;
    assert_eq!(said(&ended).0, "Practice: 2 addresses ended");

    // For four hours senders are asked to come again (X06).
    skip(&relay, 5).await;
    for number in 0..4 {
        let reply =
            send(relay.smtp, &format!("s@sender{}.example", number % 3), "warehouse@acme.example", MESSAGE).await;
        assert!(reply.starts_with("550 5.7.1"), "{reply}");
        send(relay.smtp, "stranger@elsewhere.example", "jane@acme.example", MESSAGE).await;
    }
    skip(&relay, 1).await;

    let wanted = one(&relay, "wanted").await;
    assert_eq!(wanted["addresses"], json!(["warehouse@acme.example"]), "strangers’ mail does not count");
    assert!(said(&wanted).1.starts_with("Practice: warehouse had 4 messages refused since "), "{wanted}");
    assert_eq!(labels(&wanted), ["Make it real", "Keep refusing"]);
    let done = act(&relay, &wanted, "keep_refusing").await;
    assert_eq!((&done["entries"], &done["said"]), (&json!([]), &json!("Mail to warehouse stays refused.")));
    send(relay.smtp, "s@sender0.example", "warehouse@acme.example", MESSAGE).await;
    skip(&relay, 1).await;
    assert_eq!(one(&relay, "wanted").await["state"], "dealt_with", "not told again");

    act(&relay, &ended, "undo").await;
    for name in ["warehouse", "jane"] {
        assert_eq!(relay.state(&format!("{name}@acme.example")).await, "discovered", "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn n4_an_ended_address_is_made_real() {
    let (relay, _destination) = office(&["warehouse"]).await;
    deliver(&relay, "warehouse@acme.example", 3).await;
    let_end(&relay, "warehouse@acme.example").await;
    skip(&relay, 5).await;
    for number in 0..3 {
        send(relay.smtp, &format!("s@sender{number}.example"), "warehouse@acme.example", MESSAGE).await;
    }
    skip(&relay, 1).await;

    let wanted = one(&relay, "wanted").await;
    let done = act(&relay, &wanted, "make_real").await;

    assert_eq!(done["said"], "warehouse gets mail again.");
    let reply = send(relay.smtp, "s@sender0.example", "warehouse@acme.example", MESSAGE).await;
    assert!(reply.starts_with("250"), "{reply}");
}

#[tokio::test(flavor = "multi_thread")]
async fn n5_n6_n7_what_is_added_by_itself_is_told_with_undo_and_summed_up_at_the_end_of_the_week() {
    let (relay, destination) = office(&["ann.lee", "val.willow"]).await;
    relay.serves("acme.test", destination.address).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann.lee@acme.example" }] })).await;
    relay.command("set_password", json!({ "password": "a long password" })).await;
    relay.command("set_licence", json!({ "seats_total": 50 })).await;

    deliver(&relay, "ann.lee@acme.test", 3).await;
    let alias = one(&relay, "aliases_added").await;
    assert_eq!(said(&alias), ("Practice: Alias added", "ann.lee now belongs to ann.lee."));
    assert_eq!((&alias["level"], labels(&alias)), (&json!("quiet"), vec!["Undo"]));

    relay.command("set_rule", json!({ "domain": "acme.example", "preset": "mailprotector" })).await;
    deliver(&relay, "val.willow@acme.example", 1).await;
    let users = one(&relay, "users_added").await;
    assert_eq!(said(&users), ("Practice: 1 user added", "val.willow, as your rule says. 48 seats left."));

    to_tick(&relay, 1).await;
    let week = one(&relay, "this_week").await;
    assert_eq!(said(&week), ("Practice: This week in addresses", "2 users and 1 alias added."));
    assert_eq!(week["view"]["section"], "reports");

    let undone = act(&relay, &users, "undo").await;
    assert_eq!(undone["entries"].as_array().map(Vec::len), Some(1));
    assert_ne!(relay.state("val.willow@acme.example").await, "user");
    act(&relay, &alias, "undo").await;
    assert_ne!(relay.state("ann.lee@acme.test").await, "alias");
    to_tick(&relay, 2).await;
    assert_eq!(of_kind(&relay, "this_week").await.len(), 1, "nothing happened in the second week");
}

#[tokio::test(flavor = "multi_thread")]
async fn n8_n9_a_server_that_is_away_is_told_after_two_minutes_and_its_return_takes_its_place() {
    let (relay, destination) = office(&["ann"]).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;
    relay.command("set_notification_settings", json!({ "quiet": quiet(true, "00:00", "23:59") })).await;
    destination.stop();
    // The first that notices the outage is kept too.
    let reply = send(relay.smtp, "s@sender.example", "ann@acme.example", MESSAGE).await;
    assert!(reply.starts_with("250 2.0.0 queued"), "{reply}");
    relay.until("it is in the inbox", async || !of_kind(&relay, "server_away").await.is_empty()).await;
    assert!(one(&relay, "server_away").await["posted_ms"].is_null(), "two minutes have not passed");

    skip(&relay, 1).await;
    let away = one(&relay, "server_away").await;
    assert!(away["posted_ms"].is_i64(), "it is urgent, so it breaks quiet hours");
    assert_eq!((&away["level"], labels(&away)), (&json!("urgent"), vec!["Try now"]));

    let _back = Destination::start_at(destination.address, Manners::default()).await;
    act(&relay, &away, "try_now").await;
    relay.until("it is back", async || !of_kind(&relay, "server_back").await.is_empty()).await;
    let back = one(&relay, "server_back").await;
    assert_eq!(back["tag"], away["tag"]);
    assert!(said(&back).1.starts_with("It was away ") && said(&back).1.contains(" kept message"), "{back}");
}

#[tokio::test(flavor = "multi_thread")]
async fn n18_seats_are_told_at_nine_in_ten_and_when_full_and_n19_a_server_that_says_yes_once() {
    let (relay, _destination) = office(&[]).await;
    relay.command("set_password", json!({ "password": "a long password" })).await;
    relay.command("set_licence", json!({ "seats_total": 10 })).await;
    let users = |from: usize, to: usize| {
        let users: Vec<Value> =
            (from..to).map(|number| json!({ "address": format!("u{number}@acme.example") })).collect();
        json!({ "users": users })
    };
    relay.command("create_user", users(0, 9)).await;
    relay.until("seats", async || of_kind(&relay, "seats").await.len() == 1).await;
    assert_eq!(said(&one(&relay, "seats").await).0, "Practice: 1 seat left");
    relay.command("create_user", users(9, 10)).await;
    relay.until("full", async || of_kind(&relay, "seats").await.len() == 2).await;
    let seats = of_kind(&relay, "seats").await;
    assert_eq!(said(&seats[0]).0, "Practice: No seats left");
    assert_eq!(seats[1]["state"], "withdrawn");

    for _ in 0..2 {
        relay.command("test_domain", json!({ "name": "acme.example" })).await;
    }
    let yes = one(&relay, "says_yes").await;
    assert_eq!(yes["text"], "Practice: We watch for bounces instead. Nobody was added.");
}

#[tokio::test(flavor = "multi_thread")]
async fn x12_the_inbox_is_read_in_pages_marked_and_forgotten_after_ninety_days() {
    let (relay, _destination) = office(&["one", "two"]).await;
    deliver(&relay, "one@acme.example", 3).await;
    relay.command("create_user", json!({ "users": [{ "address": "one@acme.example" }] })).await;
    skip(&relay, 1).await;
    deliver(&relay, "two@acme.example", 3).await;
    let all = inbox(&relay).await;
    assert_eq!(all.len(), 2, "what is dealt with is not joined");

    let page = relay.query("inbox", json!({ "limit": 1 })).await;
    assert_eq!((&page["rows"][0]["id"], &page["unread"]), (&all[0]["id"], &json!(1)));
    let rest = relay.query("inbox", json!({ "limit": 1, "cursor": page["next"] })).await;
    assert_eq!(rest["rows"][0]["id"], all[1]["id"]);
    let unread = relay.query("inbox", json!({ "unread_only": true })).await;
    assert_eq!(unread["rows"].as_array().map(Vec::len), Some(1));
    assert_eq!(relay.command("inbox_read", json!({})).await["unread"], 0);
    assert_eq!(inbox(&relay).await[0]["state"], "read");

    relay.command("create_user", json!({ "users": [{ "address": "two@acme.example" }] })).await;
    skip(&relay, 91 * 24).await;
    assert!(of_kind(&relay, "new_addresses").await.is_empty());
}
