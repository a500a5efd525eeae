//! The practice office: real SMTP from the socket on, invented people, its own clock and folder.

use rollcall_practice::Office;
use serde_json::json;
use tempfile::TempDir;

async fn discovered(office: &Office) -> u64 {
    let answer = office.door().query("addresses", json!({ "state": "discovered" })).await.expect("addresses");
    answer["total"].as_u64().expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn people_appear_by_themselves_and_a_skipped_week_brings_more() {
    let folder = TempDir::new().expect("a temporary folder");
    let office = rollcall_practice::open(folder.path()).await.expect("the practice office opens");
    let mut events = office.door().subscribe().await.expect("events");
    while discovered(&office).await == 0 {
        let next = tokio::time::timeout(std::time::Duration::from_secs(30), events.next()).await;
        assert!(next.expect("an event in time").is_some());
    }
    let before = discovered(&office).await;

    office.door().command("skip_time", json!({ "hours": 168 })).await.expect("skipped");

    assert!(discovered(&office).await > before);
    let log = office.door().query("mail_log", json!({ "limit": 1000 })).await.expect("the log");
    let rows = log["rows"].as_array().expect("rows");
    assert!(rows.iter().any(|row| row["reason"] == "user_unknown"), "the guesser is refused");
    let hours: std::collections::BTreeSet<i64> =
        rows.iter().map(|row| row["at_ms"].as_i64().expect("a time") / 3_600_000).collect();
    assert!(hours.len() > 24, "mail is spread over the skipped hours, not heaped at the end");
    office.close().await;
    assert!(folder.path().join("practice/rollcall.db").exists(), "in a folder of its own");
}
