//! The window on an engine that runs elsewhere, and what it does when that one ends.

use rollcall_tests::destination::Destination;
use rollcall_tests::program::Served;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::desktop::{DOMAIN, Desktop, deliver};
use crate::webdriver::until;

#[tokio::test]
async fn v17_a_window_on_a_running_service_takes_the_relay_over_when_the_service_dies() {
    let destination = Destination::knowing(&["ann"]).await;
    let folder = TempDir::new().expect("a temporary folder");
    let served = Served::start(&folder.path().join("office"), &[]);
    let desktop = Desktop::start_in(folder).await;
    let to = json!({ "host": "127.0.0.1", "port": destination.address.port(), "tls": "never" });
    desktop.ask("command", "add_domain", &json!({ "name": DOMAIN, "destination": to }));
    desktop.ask("command", "set_listener", &json!({ "name": "inbound", "address": "127.0.0.1", "port": 0 }));
    desktop.window.click("[data-testid=nav-overview]").await;
    assert_eq!(house(&desktop).await["attached"], true);

    served.kill();

    until("the engine runs in the window's own process", async || house(&desktop).await["attached"] == false).await;
    desktop.window.wait_for("[data-testid=health-headline]").await;
    let health = desktop.ask("query", "health", &json!({}));
    let relay = health["listeners"][0]["bound"].as_str().expect("bound").parse().expect("an address");
    deliver(relay, "kim@north.example", "ann@acme.example", "After the service died").await;
    assert_eq!(desktop.state("ann@acme.example"), "watching");
}

/// What the window is told about the house it looks at.
async fn house(desktop: &Desktop) -> Value {
    desktop.window.run("return window.__TAURI_INTERNALS__.invoke('plugin:house|current')").await
}
