use std::future::Future;
use std::time::Duration;

use rollcall_api::answers::{AddressRow, Addresses, Health, MailLog, MailLogRow, Outcome};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::timeout;

use super::*;
use crate::mailboxes;

#[tokio::test(flavor = "multi_thread")]
async fn on_the_first_morning_some_addresses_are_discovered_and_others_watched() {
    let dir = tempfile::tempdir().unwrap();
    let office = open(dir.path()).await.unwrap();

    // Three addresses get three letters each, five get fewer, and nobody else is written to at first.
    let discovered = until(&office, || addresses(&office, "discovered"), |rows| rows.len() >= 3).await;
    let watching = until(&office, || addresses(&office, "watching"), |rows| rows.len() >= 3).await;

    assert!(discovered.iter().any(|row| row.address == "info@fabrikam.example"), "{discovered:?}");
    assert!(watching.iter().all(|row| row.clean_count < 3), "{watching:?}");
    let info = office.mailboxes().into_iter().find(|row| row.address == "info@fabrikam.example").unwrap();
    assert!(info.received >= 3 && !info.subjects.is_empty(), "{info:?}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_guesses_names_is_refused_cut_off_and_never_makes_a_row() {
    let dir = tempfile::tempdir().unwrap();
    let office = open(dir.path()).await.unwrap();

    let guesses = |rows: &Vec<MailLogRow>| rows.iter().filter(|row| row.sender == "win@lucky.example").count() >= 5;
    let log = until(&office, || mail_log(&office), guesses).await;

    for row in log.iter().filter(|row| mailboxes::find(&row.recipient).is_none()) {
        assert_eq!(row.outcome, Outcome::Refused, "{row:?}");
        assert!(row.reply.starts_with("550 5.1.1 ") || row.reply.starts_with("554 5.7.1 "), "{row:?}");
    }
    let all: Addresses = ask(&office, "addresses", json!({})).await;
    assert!(all.rows.iter().all(|row| mailboxes::find(&row.address).is_some()), "{:?}", all.rows);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skipped_day_has_mail_in_every_hour() {
    let dir = tempfile::tempdir().unwrap();
    let office = open(dir.path()).await.unwrap();
    until(&office, || addresses(&office, "discovered"), |rows| rows.len() >= 3).await;
    let before: Health = ask(&office, "health", json!({})).await;

    office.door().command("skip_time", json!({ "hours": 24 })).await.unwrap();

    let after: Health = ask(&office, "health", json!({})).await;
    assert!(after.now_ms - before.now_ms >= 24 * HOUR_MS, "{} {}", before.now_ms, after.now_ms);
    let first = before.now_ms + HOUR_MS;
    let settled = |rows: &Vec<MailLogRow>| {
        (0..24).all(|hour| rows.iter().any(|row| (row.at_ms - first).div_euclid(HOUR_MS) == hour))
    };
    until(&office, || mail_log(&office), settled).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_goes_on_where_it_was_and_its_mail_server_is_found_again() {
    let dir = tempfile::tempdir().unwrap();
    let office = open(dir.path()).await.unwrap();
    until(&office, || addresses(&office, "discovered"), |rows| rows.len() >= 3).await;
    office.door().command("skip_time", json!({ "hours": 5 })).await.unwrap();
    let before: Health = ask(&office, "health", json!({})).await;
    office.close().await;

    let office = open(dir.path()).await.unwrap();

    let after: Health = ask(&office, "health", json!({})).await;
    assert!(after.now_ms >= before.now_ms, "{} {}", before.now_ms, after.now_ms);
    let last = before.last_delivered_ms;
    let health = || ask::<Health>(&office, "health", json!({}));
    until(&office, health, |health| health.last_delivered_ms > last).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_opening_attaches_and_starts_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let office = open(dir.path()).await.unwrap();

    let second = open(dir.path()).await.unwrap();

    assert!(second.door().is_attached());
    assert!(second.mailboxes().is_empty());
    second.close().await;
    let health: Health = ask(&office, "health", json!({})).await;
    assert!(health.practice, "the first one is still open");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_folder_is_marked_as_practice_and_does_not_open_as_a_real_office() {
    let dir = tempfile::tempdir().unwrap();
    open(dir.path()).await.unwrap().close().await;

    let fault = rollcall_api::open(OpenOptions::new(dir.path().join(FOLDER), Kind::Real)).await.err().unwrap();

    assert_eq!(fault.code, Code::Conflict, "{fault:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn practice_listens_on_loopback_only() {
    let dir = tempfile::tempdir().unwrap();

    let fault = open_at(dir.path(), Some("0.0.0.0:0".parse().unwrap())).await.err().unwrap();

    assert_eq!(fault.code, Code::Forbidden);
    assert!(!dir.path().join(FOLDER).exists(), "nothing was opened");
}

/// Asks again with every event until `enough` holds, half a minute at most.
async fn until<T, F, A>(office: &Office, mut look: F, enough: impl Fn(&T) -> bool) -> T
where
    F: FnMut() -> A,
    A: Future<Output = T>,
    T: std::fmt::Debug,
{
    let mut events = office.door().subscribe().await.unwrap();
    let mut seen = look().await;
    let waiting = async {
        while !enough(&seen) {
            events.next().await.expect("the engine goes on");
            seen = look().await;
        }
    };
    timeout(Duration::from_secs(30), waiting).await.ok();
    assert!(enough(&seen), "not within half a minute: {seen:?}");
    seen
}

async fn addresses(office: &Office, state: &str) -> Vec<AddressRow> {
    ask::<Addresses>(office, "addresses", json!({ "state": state })).await.rows
}

async fn mail_log(office: &Office) -> Vec<MailLogRow> {
    ask::<MailLog>(office, "mail_log", json!({ "limit": 1_000 })).await.rows
}

async fn ask<T: DeserializeOwned>(office: &Office, name: &str, arguments: Value) -> T {
    serde_json::from_value(office.door().query(name, arguments).await.unwrap()).unwrap()
}

const HOUR_MS: i64 = 3_600_000;
