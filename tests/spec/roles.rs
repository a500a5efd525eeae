//! Roles on this machine (D27, D13) and seats (X08, N18): the engine refuses, not only the window.

use std::path::Path;
use std::time::Duration;

use rollcall_api::{Code, Door, Events, Kind, Notice, SessionLimits};
use rollcall_core::AddressState;
use rollcall_tests::destination::{Destination, Manners};
use rollcall_tests::program::{Served, rollcallctl};
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};
use tempfile::TempDir;

const PASSWORD: &str = "correct horse battery";

async fn with_password() -> Relay {
    let relay = Relay::bare().await;
    relay.command("set_password", json!({ "password": PASSWORD })).await;
    relay.command("sign_out", json!({})).await;
    relay
}

fn licence(total: u64) -> Value {
    json!({ "seats_total": total, "price_per_user_minor": 300, "currency": "EUR" })
}

async fn role(door: &Door) -> String {
    door.query("access", json!({})).await.expect("access")["role"].as_str().expect("a role").to_owned()
}

async fn is_refused(door: &Door) -> bool {
    let fault = door.command("set_licence", licence(50)).await.err();
    fault.is_some_and(|fault| {
        assert!(fault.message.contains("Only the Organization Administrator"), "{fault:?}");
        fault.code == Code::Forbidden
    })
}

#[tokio::test]
async fn d27_what_needs_the_administrator_is_refused_to_a_technician_here_and_over_the_socket() {
    let relay = with_password().await;
    let there = rollcall_api::attach(relay.folder.path()).await.expect("attached");
    assert!(there.is_attached());
    let before = relay.query("seats", json!({})).await;

    for door in [&relay.door, &there] {
        assert_eq!(role(door).await, "technician");
        assert!(is_refused(door).await);
    }
    assert_eq!(relay.query("seats", json!({})).await, before, "nothing changed");

    there.command("sign_in", json!({ "password": PASSWORD })).await.expect("signed in");
    there.command("set_licence", licence(50)).await.expect("allowed");
    assert_eq!(relay.query("seats", json!({})).await["total"], 50);
    assert!(is_refused(&relay.door).await, "the other session is a technician's still");
    assert!(is_refused(&there.another_session().expect("another")).await, "and so is a new one");

    there.command("sign_out", json!({})).await.expect("signed out");
    assert!(is_refused(&there).await, "the role is gone at once");
}

#[tokio::test]
async fn d27_while_no_password_is_set_the_gate_is_shut_and_the_first_one_is_told() {
    let relay = Relay::bare().await;
    let mut events = relay.door.subscribe().await.expect("events");
    assert!(is_refused(&relay.door).await);
    assert_eq!(relay.refused("sign_in", json!({ "password": "" })).await.code, Code::Conflict);
    assert_eq!(relay.refused("set_password", json!({ "password": "short" })).await.code, Code::Invalid);

    let access = relay.command("set_password", json!({ "password": PASSWORD })).await;

    assert_eq!((&access["role"], &access["has_password"]), (&json!("organization_administrator"), &json!(true)));
    assert_eq!(notice(&mut events).await, Notice::Access { happened: rollcall_api::AccessNews::PasswordSet });
    let journal = relay.query("journal", json!({})).await;
    assert_eq!(
        (&journal["rows"][0]["action"], &journal["rows"][0]["who"]),
        (&json!("set_password"), &json!("technician"))
    );
}

#[tokio::test]
async fn d27_the_password_is_changed_with_the_one_before_and_signs_other_sessions_out() {
    let relay = with_password().await;
    let other = relay.door.another_session().expect("another session");
    other.command("sign_in", json!({ "password": PASSWORD })).await.expect("signed in");
    let another = "another horse battery";

    assert_eq!(relay.refused("set_password", json!({ "password": another })).await.code, Code::Invalid);
    let wrong = json!({ "password": another, "old_password": "wrong horse" });
    assert_eq!(relay.refused("set_password", wrong).await.code, Code::Forbidden);
    relay.command("set_password", json!({ "password": another, "old_password": PASSWORD })).await;

    assert_eq!(role(&other).await, "technician");
    assert_eq!(role(&relay.door).await, "organization_administrator");
    let old = other.command("sign_in", json!({ "password": PASSWORD })).await;
    assert_eq!(old.expect_err("the old one is gone").code, Code::Forbidden);
    other.command("sign_in", json!({ "password": another })).await.expect("the new one is right");
}

#[tokio::test]
async fn d27_five_wrong_passwords_make_every_session_wait_and_then_the_role_lasts_five_minutes() {
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    relay.command("set_password", json!({ "password": PASSWORD })).await;
    relay.command("sign_out", json!({})).await;
    let other = relay.door.another_session().expect("another session");

    for left in (0..5).rev() {
        assert_eq!(relay.refused("sign_in", json!({ "password": "wrong horse" })).await.code, Code::Forbidden);
        assert_eq!(relay.query("access", json!({})).await["tries_left"], left);
    }
    let fault = other.command("sign_in", json!({ "password": PASSWORD })).await.expect_err("even the right one");
    assert!(fault.message.contains("Wait 10 minutes"), "{}", fault.message);
    let access = relay.query("access", json!({})).await;
    let wait = access["locked_until_ms"].as_i64().expect("a time") - access["now_ms"].as_i64().expect("a time");
    assert!((590_000..=600_000).contains(&wait), "{wait}");
    let journal = relay.query("journal", json!({})).await;
    assert_eq!(journal["rows"][0]["action"], "password_locked");

    relay.command("skip_time", json!({ "hours": 1 })).await;
    let access = relay.command("sign_in", json!({ "password": PASSWORD })).await;
    let lasts = access["signed_in_until_ms"].as_i64().expect("a time") - access["now_ms"].as_i64().expect("a time");
    assert!((299_000..=300_000).contains(&lasts), "{lasts}");
    relay.command("skip_time", json!({ "hours": 1 })).await;
    assert!(is_refused(&relay.door).await, "nobody used it for an hour");
}

#[tokio::test]
async fn d27_wrong_passwords_are_still_counted_after_a_restart() {
    let relay = with_password().await;
    for _ in 0..5 {
        relay.refused("sign_in", json!({ "password": "wrong horse" })).await;
    }

    let relay = relay.with_row("ann@acme.example", AddressState::Watching).await;

    let fault = relay.refused("sign_in", json!({ "password": PASSWORD })).await;
    assert!(fault.message.contains("Wait"), "{}", fault.message);
}

#[tokio::test]
async fn d27_guesses_at_the_same_time_are_counted_one_by_one() {
    let relay = with_password().await;

    let guess = |number: u32| {
        let door = relay.door.another_session().expect("another session");
        async move { door.command("sign_in", json!({ "password": format!("guess {number}") })).await.is_err() }
    };
    let guesses: Vec<_> = (0..12).map(|number| tokio::spawn(guess(number))).collect();
    for guess in guesses {
        assert!(guess.await.expect("no panic"));
    }

    assert_eq!(relay.query("access", json!({})).await["tries_left"], 0);
    let journal = relay.query("journal", json!({})).await;
    let locked = journal["rows"].as_array().expect("rows").iter().filter(|row| row["action"] == "password_locked");
    assert_eq!(locked.count(), 1, "the seven after the fifth were not looked at");
}

#[tokio::test]
async fn d27_only_who_may_write_the_folder_resets_the_password_and_nothing_else_changes() {
    let relay = with_password().await;
    relay.command("sign_in", json!({ "password": PASSWORD })).await;
    relay.command("set_licence", licence(50)).await;
    let seats = relay.query("seats", json!({})).await;
    let invented = json!({ "proof": "00000000000000000000000000000000" });
    assert_eq!(relay.refused("reset_password", invented).await.code, Code::Forbidden);

    let proof = rollcall_api::prove_owner(relay.folder.path()).expect("the folder is ours");
    let mut events = relay.door.subscribe().await.expect("events");
    let access = relay.command("reset_password", json!({ "proof": proof })).await;

    assert_eq!((&access["role"], &access["has_password"]), (&json!("technician"), &json!(false)));
    assert_eq!(notice(&mut events).await, Notice::Access { happened: rollcall_api::AccessNews::PasswordReset });
    assert_eq!(relay.query("seats", json!({})).await, seats, "nothing was switched off");
    assert!(is_refused(&relay.door).await, "and the gate is shut");
    assert_eq!(relay.query("journal", json!({})).await["rows"][0]["action"], "reset_password");
    assert_eq!(relay.refused("reset_password", json!({ "proof": proof })).await.code, Code::Forbidden, "once only");
}

#[tokio::test]
async fn d27_the_journal_says_which_role_decided() {
    let destination = Destination::start(Manners::default()).await;
    let relay = Relay::before(&destination).await;
    let user = |name: &str| json!({ "users": [{ "address": format!("{name}@acme.example") }] });
    let who = async |relay: &Relay| relay.query("journal", json!({})).await["rows"][0]["who"].clone();

    let entry = relay.command("create_user", user("ann")).await["entry"].clone();
    assert_eq!(who(&relay).await, "technician");
    relay.command("set_password", json!({ "password": PASSWORD })).await;
    relay.command("undo", json!({ "entry": entry })).await;
    assert_eq!(who(&relay).await, "organization_administrator");
    relay.command("sign_out", json!({})).await;
    relay.command("create_user", user("bob")).await;
    assert_eq!(who(&relay).await, "technician");
}

#[cfg(unix)]
#[test]
fn d27_the_password_is_in_no_file_no_log_no_answer_and_no_list_of_processes() {
    let folder = TempDir::new().expect("a temporary folder");
    let (secret, wrong) = ("unmistakable-horse-1", "unmistakable-horse-2");
    let keys = TempDir::new().expect("another folder");
    let write = |name: &str, text: &str| {
        let path = keys.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let (right_file, wrong_file) = (write("right", &format!("{secret}\n")), write("wrong", wrong));
    let log = keys.path().join("log");
    let line = format!(
        "exec {} serve --log trace --listen 127.0.0.1:0 --data {} 2> {}",
        rollcallctl().display(),
        folder.path().display(),
        log.display()
    );
    let served = Served::by(std::process::Command::new("sh").args(["-c", &line]));
    let said = |arguments: &[&str]| {
        let output = std::process::Command::new(rollcallctl())
            .arg("--data")
            .arg(folder.path())
            .args(arguments)
            .output()
            .expect("runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(!text.contains("unmistakable"), "{text}");
        (output.status.success(), text)
    };

    assert!(said(&["access", "set-password", "--password-file", &right_file]).0);
    let wanted = r#"{"seats_total":50}"#;
    let (allowed, text) = said(&["command", "set_licence", wanted]);
    assert!(!allowed && text.contains("forbidden"), "{text}");
    let (allowed, text) = said(&["command", "set_licence", wanted, "--password-file", &wrong_file]);
    assert!(!allowed && text.contains("isn't the password"), "{text}");
    let (allowed, text) = said(&["command", "set_licence", wanted, "--password-file", &right_file]);
    assert!(allowed, "{text}");
    assert!(said(&["query", "journal"]).0);
    let line = format!(r#"{{"password":"{secret}"}}"#);
    let (allowed, text) = said(&["command", "sign_in", &line]);
    assert!(!allowed && text.contains("list of processes"), "{text}");
    let (reset, text) = said(&["access", "reset-password"]);
    assert!(reset, "{text}");

    drop(served);
    let log = std::fs::read_to_string(log).expect("a log");
    assert!(!log.is_empty(), "it was written down");
    assert!(!log.contains("unmistakable"), "{log}");
    assert_eq!(files_with(folder.path(), b"unmistakable"), Vec::<String>::new());
}

/// The files below `folder` that hold these bytes, the databases' own files too.
fn files_with(folder: &Path, bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_with(&path, bytes));
        } else if std::fs::read(&path).is_ok_and(|text| text.windows(bytes.len()).any(|part| part == bytes)) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[tokio::test]
async fn x08_the_forecast_equals_the_users_created_afterwards() {
    let destination = Destination::start(Manners::default()).await;
    let relay = Relay::before(&destination).await;
    let relay = relay.with_row("alias@acme.example", AddressState::Alias).await;
    relay.command("set_password", json!({ "password": PASSWORD })).await;
    relay.command("set_licence", licence(4)).await;
    let users =
        |names: &[&str]| json!({ "users": names.iter().map(|name| json!({ "address": name })).collect::<Vec<_>>() });
    relay.command("create_user", users(&["already@acme.example"])).await;
    relay.command("create_functional", json!({ "addresses": ["info@acme.example"] })).await;
    relay.command("mark_invalid", json!({ "addresses": ["old@acme.example"] })).await;
    let all = [
        "already@acme.example", // a user
        "info@acme.example",    // a functional account becomes a person's
        "old@acme.example",     // D22
        "alias@acme.example",
        "new@acme.example",
        "New@ACME.example", // the same again
    ];

    let found = relay.query("forecast", json!({ "addresses": all })).await;
    let before = relay.query("seats", json!({})).await["used"].as_u64().expect("a number");
    relay.command("create_user", users(&all)).await;
    let after = relay.query("seats", json!({})).await;

    let used = after["used"].as_u64().expect("a number");
    assert_eq!((found["new_users"].as_u64(), found["seats_used_after"].as_u64()), (Some(used - before), Some(used)));
    assert_eq!((before, used), (1, 5));
    assert_eq!(
        (&found["over_by"], &found["cost_per_month_minor"], &found["currency"]),
        (&json!(1), &json!(1200), &json!("EUR"))
    );
    assert_eq!(
        found["sentence"],
        "Of these 5, 4 would be new paid users (≈ +€12.00 a month). That is 1 more than your 4 seats."
    );
    assert_eq!((&after["free"], &after["percent"], &after["level"]), (&json!(0), &json!(125), &json!("full")));
}

#[tokio::test]
async fn x08_functional_names_use_no_seat_when_each_becomes_what_is_suggested() {
    let destination = Destination::start(Manners::default()).await;
    let relay = Relay::before(&destination).await;
    let addresses = ["ann.lee@acme.example", "info@acme.example", "scanner@acme.example"];

    let suggested = relay.query("forecast", json!({ "addresses": addresses, "suggested": true })).await;
    let as_users = relay.query("forecast", json!({ "addresses": addresses })).await;
    let counted = relay.query("forecast", json!({ "count": 7 })).await;

    assert_eq!((&suggested["new_users"], &as_users["new_users"]), (&json!(1), &json!(3)));
    assert_eq!(counted["sentence"], "These 7 would be 7 new paid users.");
    let both = relay.door.query("forecast", json!({ "count": 7, "addresses": addresses })).await;
    assert_eq!(both.expect_err("one of the two").code, Code::Invalid);
}

#[tokio::test]
async fn n18_nine_in_ten_seats_and_the_last_one_are_told_once_each() {
    let destination = Destination::start(Manners::default()).await;
    let relay = Relay::before(&destination).await;
    relay.command("set_password", json!({ "password": PASSWORD })).await;
    relay.command("set_licence", licence(10)).await;
    let mut events = relay.door.subscribe().await.expect("events");
    let create = async |from: u32, to: u32| {
        let users: Vec<_> = (from..to).map(|n| json!({ "address": format!("person{n}@acme.example") })).collect();
        relay.command("create_user", json!({ "users": users })).await["entry"].clone()
    };

    create(0, 8).await;
    let ninth = create(8, 9).await;
    assert_eq!(seats_notice(&mut events).await, (9, 10));
    relay.command("undo", json!({ "entry": ninth })).await;
    create(8, 10).await;
    assert_eq!(seats_notice(&mut events).await, (10, 10));
    create(10, 11).await;
    assert_eq!(relay.query("seats", json!({})).await["used"], 11, "an operator may still add one");
    let more = tokio::time::timeout(Duration::from_millis(700), seats_notice(&mut events)).await;
    assert!(more.is_err(), "told once");
}

#[tokio::test]
async fn seats_and_price_are_checked() {
    let relay = Relay::bare().await;
    relay.command("set_password", json!({ "password": PASSWORD })).await;

    for wrong in [
        json!({ "seats_total": 0 }),
        json!({ "seats_total": -1 }),
        json!({ "price_per_user_minor": 300 }),
        json!({ "currency": "EUR" }),
        json!({ "price_per_user_minor": 300, "currency": "EURO" }),
    ] {
        assert_eq!(relay.refused("set_licence", wrong.clone()).await.code, Code::Invalid, "{wrong}");
    }
    relay.command("set_licence", json!({})).await;
    assert_eq!(relay.query("seats", json!({})).await["total"], Value::Null, "nothing is known, and nothing ends");
}

/// The next notice about the password.
async fn notice(events: &mut Events) -> Notice {
    loop {
        if let Some(notice @ Notice::Access { .. }) = next(events).await {
            return notice;
        }
    }
}

/// The next notice about seats: used and in all.
async fn seats_notice(events: &mut Events) -> (u64, u64) {
    loop {
        if let Some(Notice::Seats { used, total }) = next(events).await {
            return (used, total);
        }
    }
}

async fn next(events: &mut Events) -> Option<Notice> {
    let event = tokio::time::timeout(Duration::from_secs(20), events.next()).await.expect("an event");
    event.expect("the engine is there").notice
}
