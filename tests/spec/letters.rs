//! The weekly report (D11, D12, D13), its copy by e-mail (C22), and the welcome of a new End User (P10).

use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp as Moment;
use jiff::tz::TimeZone;
use rollcall_api::{AccessNews, Code, Door, Events, Kind, Notice, OpenOptions, SessionLimits};
use rollcall_core::Timestamp;
use rollcall_core::report::Proof;
use rollcall_store::{Direction, MailLogRecord, NewMessage, NewRecipient, Outcome, Spool, SpoolContent, Store};
use rollcall_tests::client::send;
use rollcall_tests::destination::{Destination, Manners};
use rollcall_tests::letter::read_by_python;
use rollcall_tests::relay::{Relay, bound};
use serde_json::{Value, json};

const MESSAGE: &str = "Subject: hello\r\n\r\nx";
const PASSWORD: &str = "a long password";
const HOUR_MS: i64 = 3_600_000;

/// A practice office before a mail server that knows everybody, with the Organization Administrator signed in.
async fn office() -> (Relay, Destination) {
    let destination = Destination::start(Manners::default()).await;
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    relay.serves("acme.example", destination.address).await;
    relay.command("set_password", json!({ "password": PASSWORD })).await;
    (relay, destination)
}

async fn skip(relay: &Relay, hours: i64) {
    relay.command("skip_time", json!({ "hours": hours })).await;
}

async fn now(relay: &Relay) -> i64 {
    relay.query("health", json!({})).await["now_ms"].as_i64().expect("a time")
}

/// The time on the wall.
async fn wall(relay: &Relay) -> jiff::Zoned {
    Moment::from_millisecond(now(relay).await).expect("a moment").to_zoned(TimeZone::system())
}

/// Skips until the hour on the wall is `hour`.
async fn until_hour(relay: &Relay, hour: i8) {
    let ahead = (i64::from(hour) - i64::from(wall(relay).await.hour())).rem_euclid(24);
    if ahead > 0 {
        skip(relay, ahead).await;
    }
}

/// Skips to just after the next weekly tick.
async fn next_tick(relay: &Relay) {
    let next = relay.query("discovery", json!({})).await["next_tick_ms"].as_i64().expect("a time");
    skip(relay, (next - now(relay).await) / HOUR_MS + 1).await;
}

async fn create(relay: &Relay, names: &[&str], role: &str) -> Value {
    let users: Vec<Value> = names.iter().map(|name| json!({ "address": format!("{name}@acme.example") })).collect();
    relay.command("create_user", json!({ "users": users, "role": role })).await["entry"].clone()
}

async fn set_rule(relay: &Relay, change: Value) {
    relay.command("sign_in", json!({ "password": PASSWORD })).await;
    let mut rule = relay.query("discovery", json!({})).await["domains"][0]["rule"].clone();
    for (name, value) in change.as_object().expect("an object") {
        rule[name] = value.clone();
    }
    relay.command("set_rule", json!({ "domain": "acme.example", "rule": rule })).await;
}

/// The latest report, whole.
async fn last_report(relay: &Relay) -> Value {
    let reports = relay.query("reports", json!({})).await;
    relay.query("report", json!({ "id": reports["rows"][0]["id"] })).await
}

fn listed<'a>(report: &'a Value, kind: &str) -> Vec<(&'a str, &'a str, bool)> {
    let rows = report[kind].as_array().expect("rows").iter();
    rows.map(|row| {
        let text = |name: &str| row[name].as_str().expect("text");
        (text("address"), text("cause"), row["stands"].as_bool().expect("a yes or no"))
    })
    .collect()
}

async fn next(events: &mut Events) -> Option<Notice> {
    let event = tokio::time::timeout(Duration::from_secs(20), events.next()).await.expect("an event");
    event.expect("the engine is there").notice
}

/// The reports told until the password changes.
async fn reports_until_password(events: &mut Events) -> Vec<(u64, u64)> {
    let mut told = Vec::new();
    loop {
        match next(events).await {
            Some(Notice::Report { users, aliases, .. }) => told.push((users, aliases)),
            Some(Notice::Access { happened: AccessNews::PasswordChanged }) => return told,
            _ => {}
        }
    }
}

/// Something that everybody is told.
async fn change_password(door: &Door) {
    door.command("set_password", json!({ "password": PASSWORD, "old_password": PASSWORD })).await.expect("changed");
}

#[tokio::test(flavor = "multi_thread")]
async fn d11_the_tick_raises_one_notice_and_the_report_lists_exactly_the_users_of_that_week() {
    let (relay, _destination) = office().await;
    let mut events = relay.door.subscribe().await.expect("events");
    create(&relay, &["before"], "silent").await;
    next_tick(&relay).await;
    change_password(&relay.door).await;
    assert_eq!(reports_until_password(&mut events).await, [(1, 0)]);
    assert_eq!(listed(&last_report(&relay).await, "users"), [("before@acme.example", "operator", true)]);

    create(&relay, &["ann"], "silent").await;
    set_rule(&relay, json!({ "on_reached": "create_user", "need": 1 })).await;
    send(relay.smtp, "a@sender.example", "bob@acme.example", MESSAGE).await;
    let mistake = create(&relay, &["mistake"], "silent").await;
    relay.command("undo", json!({ "entry": mistake })).await;
    relay.command("create_functional", json!({ "addresses": ["info@acme.example"] })).await;
    skip(&relay, 24).await;
    relay.command("mark_invalid", json!({ "addresses": ["bob@acme.example"] })).await;
    next_tick(&relay).await;
    change_password(&relay.door).await;

    assert_eq!(reports_until_password(&mut events).await, [(2, 0)], "2 users were created this week");
    let report = last_report(&relay).await;
    assert_eq!(
        listed(&report, "users"),
        [("ann@acme.example", "operator", true), ("bob@acme.example", "threshold", false)],
        "{report}"
    );
    assert_eq!(
        (&report["users"][0]["who"], &report["users"][1]["who"]),
        (&json!("organization_administrator"), &json!("rollcall"))
    );
    assert_eq!(report["users"][1]["state"], "invalid");
    assert_eq!(report["aliases"], json!([]));

    next_tick(&relay).await;
    let reports = relay.query("reports", json!({})).await;
    assert_eq!(reports["rows"].as_array().map(Vec::len), Some(2), "nothing happened in the third week");
    let first = relay.query("reports", json!({ "limit": 1 })).await;
    let second = relay.query("reports", json!({ "limit": 1, "cursor": first["next"] })).await;
    assert_eq!((&second["rows"][0], &second["next"]), (&reports["rows"][1], &Value::Null));
    assert_eq!(reports["rows"][0]["from_ms"], reports["rows"][1]["until_ms"], "one week ends where the next begins");
}

#[tokio::test(flavor = "multi_thread")]
async fn d11_whoever_is_made_a_user_by_the_tick_itself_is_in_its_report_and_in_no_other() {
    let (relay, _destination) = office().await;
    set_rule(&relay, json!({ "on_expiry": "create_user", "notices": 1 })).await;
    for time in 0..3 {
        send(relay.smtp, &format!("s@sender{time}.example"), "jane@acme.example", MESSAGE).await;
    }
    let mut ticks = 0;
    while relay.state("jane@acme.example").await == "discovered" {
        ticks += 1;
        assert!(ticks < 5, "it never ends");
        next_tick(&relay).await;
        relay.command("notice_shown", json!({})).await;
    }

    assert_eq!(listed(&last_report(&relay).await, "users"), [("jane@acme.example", "expiry", true)]);
    next_tick(&relay).await;
    assert_eq!(relay.query("reports", json!({})).await["rows"].as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn d12_the_report_lists_the_aliases_of_the_week_with_their_owners_and_only_where_it_is_wanted() {
    let (relay, destination) = office().await;
    relay.serves("acme.test", destination.address).await;
    create(&relay, &["ann.lee"], "silent").await;
    let wanted = |users: bool, aliases: bool| json!({ "new_users": users, "new_aliases": aliases, "include_admin_contact": true });
    relay.command("set_reports", wanted(false, true)).await;
    relay.command("add_alias", json!({ "addresses": ["al@acme.example"], "owner": "ann.lee@acme.example" })).await;
    for time in 0..3 {
        send(relay.smtp, &format!("s@sender{time}.example"), "ann.lee@acme.test", MESSAGE).await;
    }
    next_tick(&relay).await;

    let report = last_report(&relay).await;
    assert_eq!(report["users"], json!([]), "nobody asked for users");
    assert_eq!(
        listed(&report, "aliases"),
        [("al@acme.example", "operator", true), ("ann.lee@acme.test", "same_name", true)]
    );
    assert_eq!(report["aliases"][1]["owner"], "ann.lee@acme.example");

    relay.command("set_reports", wanted(false, false)).await;
    relay.command("add_alias", json!({ "addresses": ["al2@acme.example"], "owner": "ann.lee@acme.example" })).await;
    next_tick(&relay).await;
    assert_eq!(relay.query("reports", json!({})).await["rows"].as_array().map(Vec::len), Some(1), "both are off");
}

#[tokio::test(flavor = "multi_thread")]
async fn d13_the_administrators_session_is_told_only_where_its_contact_is_included() {
    let (relay, _destination) = office().await;
    next_tick(&relay).await;
    relay.command("sign_out", json!({})).await;
    let administrator = relay.door.another_session().expect("another session");
    let mut told = Vec::new();
    for (week, included) in [false, true].into_iter().enumerate() {
        // More than half a week after the last tick, so that the next one can be now.
        skip(&relay, 4 * 24).await;
        let wanted = json!({ "new_users": true, "new_aliases": true, "include_admin_contact": included });
        relay.command("set_reports", wanted).await;
        create(&relay, &[&format!("person{week}")], "silent").await;
        administrator.command("sign_in", json!({ "password": PASSWORD })).await.expect("signed in");
        let mut here = relay.door.subscribe().await.expect("events");
        let mut there = administrator.subscribe().await.expect("events");
        let wall = wall(&relay).await;
        let weekday = wall.strftime("%A").to_string().to_lowercase();
        relay.command("set_weekly", json!({ "weekday": weekday, "hour": wall.hour() })).await;
        change_password(&administrator).await;
        told.push((reports_until_password(&mut here).await, reports_until_password(&mut there).await));
    }

    let once = vec![(1, 0)];
    assert_eq!(told, [(once.clone(), vec![]), (once.clone(), once)], "technician, administrator");
}

#[tokio::test(flavor = "multi_thread")]
async fn d13_contacts_are_checked_and_are_not_the_contact_of_refusals() {
    let (relay, _destination) = office().await;
    let contact =
        |email: &str, copy: bool| json!({ "role": "technician", "name": "Kim", "email": email, "copy": copy });

    for wrong in [
        contact("kim", false),
        contact("", true),
        json!({ "role": "technician", "name": "Kim\r\nBcc: x", "email": "", "copy": false }),
        json!({ "role": "technician", "name": "x".repeat(101), "email": "", "copy": false }),
    ] {
        assert_eq!(relay.refused("set_contact", wrong.clone()).await.code, Code::Invalid, "{wrong}");
    }
    for wrong in ["nobody", "it@elsewhere.example"] {
        assert_eq!(
            relay.refused("set_letter_sender", json!({ "address": wrong })).await.code,
            Code::Invalid,
            "{wrong}"
        );
    }
    let shipped = relay.query("reporting", json!({})).await;
    assert_eq!(
        (&shipped["new_users"], &shipped["new_aliases"], &shipped["include_admin_contact"]),
        (&json!(true), &json!(true), &json!(true)),
        "recommended on"
    );
    assert_eq!(
        (&shipped["technical_contact"]["copy"], &shipped["admin_contact"]["copy"]),
        (&json!(false), &json!(false))
    );

    let reporting = relay.command("set_contact", contact("kim@acme.example", true)).await;
    assert_eq!(reporting["technical_contact"], json!({ "name": "Kim", "email": "kim@acme.example", "copy": true }));
    assert_eq!(reporting["letter_sender_now"], "postmaster@acme.example");
    assert_eq!(relay.query("receiving", json!({})).await["reply_contact"], "");
}

#[tokio::test(flavor = "multi_thread")]
async fn c22_the_week_goes_by_mail_to_those_who_want_a_copy_through_the_mail_server_of_their_domain() {
    let (relay, destination) = office().await;
    let smarthost = Destination::start(Manners::default()).await;
    let (host, port) = (smarthost.address.ip().to_string(), smarthost.address.port());
    relay.command("set_outbound", json!({ "mode": "smarthost", "host": host, "port": port, "tls": "never" })).await;
    let contact = |role: &str, email: &str| json!({ "role": role, "name": "Jürgen Lee", "email": email, "copy": true });
    relay.command("set_contact", contact("technician", "it@acme.example")).await;
    relay.command("set_contact", contact("organization_administrator", "boss@elsewhere.example")).await;
    create(&relay, &["ann", "bob"], "silent").await;
    for time in 0..3 {
        send(relay.smtp, &format!("s@sender{time}.example"), "jane@acme.example", MESSAGE).await;
    }
    let before = destination.taken().len();

    next_tick(&relay).await;
    relay
        .until("both are delivered", async || destination.taken().len() > before && smarthost.taken().len() == 1)
        .await;

    let (inside, outside) = (destination.taken().remove(before), smarthost.taken().remove(0));
    assert!(inside.mail.starts_with("MAIL FROM:<>"), "comes back to nobody: {}", inside.mail);
    assert_eq!(
        (&inside.recipients[..], &outside.recipients[..]),
        (&["it@acme.example".to_owned()][..], &["boss@elsewhere.example".to_owned()][..])
    );
    assert!(!inside.content.windows(2).any(|two| two[1] == b'\n' && two[0] != b'\r'), "every line ends with CRLF");
    let (inside, outside) = (read_by_python(&inside.content), read_by_python(&outside.content));
    for letter in [&inside, &outside] {
        assert_eq!(letter["defects"], json!([]), "{letter}");
        assert_eq!(letter["once"], json!([1, 1, 1, 1, 1]), "{letter}");
        assert_eq!(
            (&letter["type"], &letter["auto-submitted"]),
            (&json!("multipart/alternative"), &json!("auto-generated"))
        );
        assert_eq!(letter["from"], "Rollcall <postmaster@acme.example>");
        let at = letter["at"].as_i64().expect("a time") * 1000;
        assert!((now(&relay).await - at).abs() < 2 * HOUR_MS, "by the office's clock: {letter}");
        let text = letter["parts"]["text/plain"].as_str().expect("a text");
        assert!(text.contains("2 users were created this week:\n  ann@acme.example: by hand\n"), "{text}");
        assert!(
            letter["parts"]["text/html"]
                .as_str()
                .is_some_and(|html| html.contains("<li>bob@acme.example: by hand</li>"))
        );
    }
    assert_eq!(inside["to"], "Jürgen Lee <it@acme.example>");
    assert_eq!(inside["subject"], "2 users were created this week, 1 address waits for your decision");
    assert!(inside["parts"]["text/plain"].as_str().is_some_and(|text| text.contains("jane@acme.example")), "{inside}");
    assert_eq!(outside["subject"], "2 users were created this week", "the notice is the technical contact's alone");
    assert_eq!(relay.state("it@acme.example").await, "unknown", "our own mail makes no address");
    assert_eq!(relay.query("reporting", json!({})).await["trouble"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn d15_the_copy_names_the_addresses_that_end_with_the_next_notice_and_they_do() {
    let (relay, destination) = office().await;
    set_rule(&relay, json!({ "notices": 1 })).await;
    relay
        .command("set_contact", json!({ "role": "technician", "name": "", "email": "it@acme.example", "copy": true }))
        .await;
    next_tick(&relay).await;
    for time in 0..3 {
        send(relay.smtp, &format!("s@sender{time}.example"), "jane@acme.example", MESSAGE).await;
    }
    skip(&relay, 4 * 24).await;
    for time in 0..3 {
        send(relay.smtp, &format!("s@sender{time}.example"), "late@acme.example", MESSAGE).await;
    }
    relay.command("pin_address", json!({ "addresses": ["late@acme.example"], "pinned": true })).await;
    let before = destination.taken().len();

    next_tick(&relay).await;
    relay.command("notice_shown", json!({})).await;
    relay.until("it is delivered", async || destination.taken().len() > before).await;

    let letter = read_by_python(&destination.taken()[before].content);
    let text = letter["parts"]["text/plain"].as_str().expect("a text");
    assert!(text.contains("1 stops getting mail on ") && text.contains("  jane@acme.example (ends next)\n"), "{text}");
    assert_eq!(relay.query("reports", json!({})).await["rows"], json!([]), "nobody was made anything");
    next_tick(&relay).await;
    assert_eq!(relay.state("jane@acme.example").await, "invalid");
    assert_eq!(relay.state("late@acme.example").await, "discovered");
}

#[tokio::test(flavor = "multi_thread")]
async fn c22_without_a_copy_nothing_is_sent_and_without_a_way_out_the_operator_is_told_in_words() {
    let (relay, destination) = office().await;
    create(&relay, &["ann"], "silent").await;
    next_tick(&relay).await;
    let outside = json!({ "role": "technician", "name": "", "email": "it@elsewhere.example", "copy": true });
    relay.command("set_contact", outside).await;
    create(&relay, &["bob"], "silent").await;
    next_tick(&relay).await;

    let trouble = relay.query("reporting", json!({})).await["trouble"]["sentence"].clone();
    assert!(trouble.as_str().is_some_and(|text| text.contains("outgoing mail is off")), "{trouble}");
    let journal = relay.query("journal", json!({})).await;
    assert!(journal["rows"].as_array().is_some_and(|rows| rows.iter().any(|row| row["action"] == "letter_not_sent")));
    assert_eq!(destination.taken().len(), 0);
    assert_eq!(relay.query("queue", json!({})).await["waiting"], 0);
}

/// An office whose rule welcomes new users who can sign in, at three in the afternoon.
async fn welcoming() -> (Relay, Destination) {
    let (relay, destination) = office().await;
    set_rule(&relay, json!({ "welcome": true, "role": "end" })).await;
    until_hour(&relay, 15).await;
    (relay, destination)
}

#[tokio::test(flavor = "multi_thread")]
async fn p10_created_at_three_in_the_afternoon_welcomed_after_seven_once() {
    let (relay, destination) = welcoming().await;
    let contact = json!({ "role": "technician", "name": "Kim", "email": "it@acme.example", "copy": false });
    relay.command("set_contact", contact).await;
    create(&relay, &["ann.lee"], "end").await;
    create(&relay, &["silent"], "silent").await;
    relay.command("create_functional", json!({ "addresses": ["info@acme.example"] })).await;
    let undone = create(&relay, &["undone"], "end").await;
    relay.command("undo", json!({ "entry": undone })).await;

    skip(&relay, 15).await;
    assert_eq!(wall(&relay).await.hour(), 6);
    assert_eq!(destination.taken().len(), 0, "not before seven");
    skip(&relay, 1).await;
    relay.until("it is delivered", async || !destination.taken().is_empty()).await;
    skip(&relay, 48).await;
    relay.until("nothing waits", async || relay.query("queue", json!({})).await["waiting"] == 0).await;

    let taken = destination.taken();
    assert_eq!(taken.iter().map(|one| one.recipients.clone()).collect::<Vec<_>>(), [["ann.lee@acme.example"]], "once");
    assert!(taken[0].mail.starts_with("MAIL FROM:<>"), "{}", taken[0].mail);
    let letter = read_by_python(&taken[0].content);
    assert_eq!((&letter["subject"], &letter["to"]), (&json!("Welcome, Ann"), &json!("Ann Lee <ann.lee@acme.example>")));
    let text = letter["parts"]["text/plain"].as_str().expect("a text");
    assert!(text.starts_with("Hello Ann,") && text.contains("ask Kim (it@acme.example)."), "{text}");
    let detail = relay.query("address", json!({ "address": "ann.lee@acme.example" })).await;
    assert_eq!(detail["evidence"], json!([]), "our own mail is no evidence");
}

#[tokio::test(flavor = "multi_thread")]
async fn p10_off_by_default_and_for_users_that_the_rule_makes_too_in_the_offices_own_words() {
    let (relay, destination) = office().await;
    until_hour(&relay, 15).await;
    create(&relay, &["ann"], "end").await;
    skip(&relay, 48).await;
    assert_eq!(destination.taken().len(), 0, "off by default");

    let own = json!({ "subject": "Hello {address}", "text": "You are in, {name}.\n\nBye" });
    relay.command("set_welcome", own).await;
    set_rule(&relay, json!({ "welcome": true, "role": "end", "on_reached": "create_user", "need": 1 })).await;
    send(relay.smtp, "a@sender.example", "bob@acme.example", MESSAGE).await;
    assert_eq!(relay.query("address", json!({ "address": "bob@acme.example" })).await["row"]["role"], "end");
    skip(&relay, 48).await;
    relay.until("it is delivered", async || destination.taken().len() == 2).await;

    let letter = read_by_python(&destination.taken()[1].content);
    assert_eq!(letter["subject"], "Hello bob@acme.example");
    assert_eq!(letter["parts"]["text/plain"], "You are in, Bob.\n\nBye\n");
    let shipped = relay.command("set_welcome", json!({ "subject": "", "text": "" })).await;
    assert_eq!(shipped["welcome_subject"], "Welcome, {name}");
}

/// The same folder opened again after `between`.
async fn reopened(relay: Relay, between: impl AsyncFnOnce(&Store, &Spool)) -> Relay {
    let Relay { door, folder, .. } = relay;
    door.close().await;
    let store = Store::open(folder.path(), rollcall_store::Kind::Practice).expect("the store opens");
    let spool = Spool::open(folder.path()).expect("the spool opens");
    between(&store, &spool).await;
    spool.close();
    store.close();
    let limits = SessionLimits { error_wait: Duration::ZERO, probes_a_minute: 0, ..SessionLimits::default() };
    let listen = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
    let options = OpenOptions { listen, limits, ..OpenOptions::new(folder.path(), Kind::Practice) };
    let door = rollcall_api::open(options).await.expect("the folder opens again");
    let smtp = bound(&door).await;
    Relay { door, smtp, folder }
}

/// The row that a letter has in the log before the spool has the letter.
fn row(queue_id: &str, to: &str, at: Timestamp) -> MailLogRecord {
    let text = str::to_owned;
    MailLogRecord {
        would_refuse: None,
        at,
        session: text(queue_id),
        outcome: Outcome::Waiting,
        reason: text("queued"),
        sender: String::new(),
        recipient: text(to),
        client_ip: text("127.0.0.1"),
        client_name: text("relay.test"),
        subject: None,
        size_bytes: None,
        duration_ms: 0,
        reply: text("250 2.0.0 queued"),
        destination_reply: None,
        destination: None,
        queue_id: Some(text(queue_id)),
        message: Some(text(queue_id)),
        direction: Direction::Outbound,
        message_id: None,
        tls: None,
        began: at,
        trace: Vec::new(),
    }
}

/// A kill between two steps is what the folder holds after the first: logged; logged and admitted.
#[tokio::test(flavor = "multi_thread")]
async fn p10_a_kill_before_or_after_the_spool_has_it_neither_loses_nor_doubles_a_welcome() {
    for admitted in [false, true] {
        let (relay, destination) = welcoming().await;
        create(&relay, &["ann"], "end").await;
        skip(&relay, 15).await;
        let at = Timestamp(now(&relay).await);
        let relay = reopened(relay, async |store, spool| {
            let due = store.read(|tx| tx.due_letters(at.plus_ms(24 * HOUR_MS), 10)).expect("read").remove(0);
            let row = row(&due.queue_id, "ann@acme.example", at);
            store.write(move |tx| tx.add_mail_log(&row).map(drop)).await.expect("logged");
            if admitted {
                spool.admit(message(&due.queue_id, at)).await.expect("admitted");
            }
        })
        .await;
        if admitted {
            relay.until("the one in the spool is delivered", async || destination.taken().len() == 1).await;
        }

        skip(&relay, 2).await;
        relay.until("it is there", async || destination.taken().len() == 1).await;
        skip(&relay, 48).await;
        relay.until("nothing waits", async || relay.query("queue", json!({})).await["waiting"] == 0).await;

        let taken = destination.taken();
        assert_eq!(taken.len(), 1, "once, admitted before the kill: {admitted}");
        let is_by_the_test = String::from_utf8_lossy(&taken[0].content).contains("from before the kill");
        assert_eq!(is_by_the_test, admitted);
    }
}

fn message(queue_id: &str, at: Timestamp) -> NewMessage {
    NewMessage {
        queue_id: queue_id.to_owned(),
        reverse_path: String::new(),
        recipients: vec![NewRecipient { address: "ann@acme.example".to_owned(), ..NewRecipient::default() }],
        arrived: at,
        due: at,
        outbound: false,
        body_8bit: false,
        smtputf8: false,
        ret: None,
        envid: None,
        proof: Proof::Office,
        client_ip: String::new(),
        client_is_known: false,
        client_name: String::new(),
        subject: None,
        content: SpoolContent::Bytes(b"Subject: welcome\r\n\r\nfrom before the kill\r\n".to_vec()),
    }
}
