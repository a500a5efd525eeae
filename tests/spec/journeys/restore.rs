//! A backup of another computer comes back through the real window (X17).

use std::fs;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rollcall_api::{Kind, SessionLimits};
use rollcall_tests::destination::Destination;
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

use super::desktop::Desktop;
use crate::webdriver::until;

const PASSPHRASE: &str = "correct horse battery";

#[tokio::test]
async fn x17_a_backup_is_brought_back_in_the_window_of_a_new_computer() {
    let destination = Destination::knowing(&[]).await;
    let relay = Relay::open(Kind::Real, SessionLimits::default()).await;
    relay.serves("acme.example", destination.address).await;
    // More than the window hands over at once.
    let many: Vec<String> = (0..10_000).map(|number| format!("machine.{number:05}@acme.example")).collect();
    relay.command("create_functional", json!({ "addresses": many })).await;
    let ann = json!({ "users": [{ "address": "ann.lee@acme.example", "first_name": "Ann", "surname": "Lee" }] });
    relay.command("create_user", ann).await;
    let exported = relay.command("export_backup", json!({ "passphrase": PASSPHRASE })).await;
    let octets = fs::read(exported["path"].as_str().expect("a path")).expect("the backup");
    assert!(octets.len() > 4 * 1024 * 1024, "{} octets", octets.len());
    let journal = relay.query("journal", json!({ "limit": 100 })).await;

    let desktop = Desktop::start().await;
    let window = &desktop.window;
    window.click("[data-testid=restore]").await;
    desktop.picture("restore-1-asked").await;
    choose(&desktop, &octets).await;
    window.fill("[data-testid=restore-passphrase]", "not the passphrase").await;
    window.click("[data-testid=restore-do]").await;
    until("the window says what is wrong", async || {
        window.text("[data-testid=restore-form]").await.contains("This is not the passphrase that office.backup")
    })
    .await;
    desktop.picture("restore-2-wrong-passphrase").await;
    window.fill("[data-testid=restore-passphrase]", PASSPHRASE).await;
    window.click("[data-testid=restore-do]").await;

    window.click("[data-testid=nav-people]").await;
    window.wait_for("[data-testid='row-ann.lee@acme.example']").await;
    desktop.picture("restore-3-people").await;
    let there = desktop.ask("query", "journal", &json!({ "limit": 100 }));
    assert_eq!(entries(&there), entries(&journal));
    assert_eq!(desktop.state("machine.09999@acme.example"), "functional");
}

/// As the file picker does it: the octets are what the page gets.
async fn choose(desktop: &Desktop, octets: &[u8]) {
    let script = format!(
        "const octets = Uint8Array.from(atob('{}'), (char) => char.charCodeAt(0));
         const chosen = new DataTransfer();
         chosen.items.add(new File([octets], 'office.backup'));
         const input = document.querySelector('[data-testid=restore-file]');
         input.files = chosen.files;
         input.dispatchEvent(new Event('change', {{ bubbles: true }}));",
        BASE64_STANDARD.encode(octets)
    );
    desktop.window.run(&script).await;
    desktop.window.wait_for("[data-testid=restore-another]").await;
}

fn entries(journal: &Value) -> Vec<(&Value, &Value, &Value)> {
    let rows = journal["rows"].as_array().expect("rows");
    rows.iter().map(|row| (&row["action"], &row["at_ms"], &row["count"])).collect()
}
