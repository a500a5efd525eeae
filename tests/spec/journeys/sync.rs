//! A directory is connected from the window alone, as a new user does, and turned off again.

use std::time::Duration;

use rollcall_tests::destination::Destination;
use rollcall_tests::directory::openldap::{Manner, OpenLdap};
use rollcall_tests::directory::samba::Samba;
use serde_json::json;
use tokio::time::Instant;

use super::desktop::Desktop;
use crate::webdriver::until;

const ANNA: &str = "anna.schmidt@office.test";

/// A directory as its administrator would describe it over the phone.
struct Directory<'a> {
    port: u16,
    account: &'a str,
    password: &'a str,
    /// A branch that shows without opening anything.
    shown: &'a str,
    /// Where the office is.
    base: &'a str,
}

#[tokio::test]
async fn m02_v21_v09_x10_a_directory_is_connected_from_the_window_in_under_two_minutes_and_turned_off_again() {
    let server = OpenLdap::with(Manner { people: 20, ..Manner::default() });
    let directory = Directory {
        port: server.ldaps.port(),
        account: OpenLdap::READER,
        password: OpenLdap::PASSWORD,
        shown: "ou=People,dc=office,dc=test",
        base: OpenLdap::BASE,
    };
    let (desktop, _destination) = office().await;

    connected(&desktop, &directory).await;
    the_directory_decides(&desktop).await;
    sync_now_brings_what_changed(&desktop, || server.churn()).await;
    turn_off(&desktop).await;
}

#[tokio::test]
async fn m02_v21_v09_active_directory_is_connected_from_the_window_in_under_two_minutes() {
    let server = Samba::office();
    let limits = server.limited("server", 1_000, 1_500);
    let directory = Directory {
        port: limits.address.port(),
        account: Samba::READER,
        password: Samba::PASSWORD,
        shown: Samba::OFFICE,
        base: Samba::OFFICE,
    };
    let (desktop, _destination) = office().await;

    connected(&desktop, &directory).await;
    assert_eq!(desktop.state(ANNA), "user");
    desktop.window.click("[data-testid=nav-people]").await;
    desktop.window.wait_for("[data-index='0']").await;
    desktop.picture("sync-20-people-of-active-directory").await;
    desktop.window.click("[data-testid=nav-sync]").await;
    sync_now_brings_what_changed(&desktop, || server.churn()).await;
}

async fn office() -> (Desktop, Destination) {
    let destination = Destination::knowing(&[]).await;
    let (desktop, _) = Desktop::start_before(destination.address).await;
    let to = json!({ "host": "127.0.0.1", "port": destination.address.port(), "tls": "never" });
    desktop.ask("command", "add_domain", &json!({ "name": "office.test", "destination": to }));
    (desktop, destination)
}

async fn connected(desktop: &Desktop, directory: &Directory<'_>) {
    let begun = Instant::now();
    connect(desktop, directory).await;
    include_and_turn_on(desktop).await;
    assert!(begun.elapsed() < Duration::from_secs(120), "it took {:?}", begun.elapsed());
}

/// Server, port, account and password; the certificate is looked at, and the place picked from the tree.
async fn connect(desktop: &Desktop, directory: &Directory<'_>) {
    let window = &desktop.window;
    window.click("[data-testid=nav-sync]").await;
    desktop.picture("sync-01-empty").await;
    window.click("[data-testid=connect-ldap]").await;
    window.fill("[data-testid=ldap-host]", "localhost").await;
    window.fill("[data-testid=ldap-port]", &directory.port.to_string()).await;
    window.fill("[data-testid=ldap-account]", directory.account).await;
    window.fill("[data-testid=ldap-password]", directory.password).await;
    desktop.picture("sync-02-typed").await;

    // Nobody whom this computer trusts vouches for the server: it is asked, and the password stays here.
    window.click("[data-testid=browse-base]").await;
    let asked = window.text("[data-testid=certificate-seen]").await;
    assert!(asked.contains("isn\u{2019}t trusted") && asked.contains("localhost"), "{asked}");
    desktop.picture("sync-03-certificate").await;
    window.click("[data-testid=trust-certificate]").await;
    let found = window.text("[data-testid=look-found]").await;
    assert!(found.contains("Found") && found.contains("people"), "{found}");
    desktop.picture("sync-04-found").await;

    window.click("[data-testid=browse-base]").await;
    window.wait_for(&branch(directory.shown)).await;
    desktop.picture("sync-05-tree").await;
    window.click(&branch(directory.base)).await;
    window.click("[data-testid=test-directory]").await;
    window.wait_for("[data-testid=look-found] tr:nth-child(5)").await;
    desktop.picture("sync-06-tested").await;
    window.click("[data-testid=setup-next]").await;
}

/// Whom to include, what would happen, and the last button. Nobody is there before it.
async fn include_and_turn_on(desktop: &Desktop) {
    let window = &desktop.window;
    window.wait_for("[data-testid=option-functional_accounts]").await;
    desktop.picture("sync-07-include").await;
    window.click("[data-testid=setup-next]").await;
    until("the preview says who is new", async || window.text("[data-testid=preview-says]").await.contains("new"))
        .await;
    desktop.picture("sync-08-preview").await;
    let sync = desktop.ask("query", "sync", &json!({}));
    assert_eq!((&sync["state"]["word"], &sync["in_step"]), (&json!("preview_waiting"), &json!(0)), "{sync}");
    window.click("[data-testid=setup-next]").await;
    window.wait_until_gone("[data-testid=setup-sheet]").await;
    window.wait_for("[data-testid=sync-banner]").await;
    desktop.picture("sync-09-on").await;
}

/// People says where somebody comes from, and Discovered that nothing is guessed.
async fn the_directory_decides(desktop: &Desktop) {
    let window = &desktop.window;
    window.click("[data-testid=nav-people]").await;
    window.click(&format!("[data-testid='row-{ANNA}']")).await;
    let from = window.text("[data-testid=from-directory]").await;
    assert!(from.contains("irectory"), "{from}");
    desktop.picture("sync-10-people").await;
    assert_eq!(desktop.state(ANNA), "user");
    window.click("[data-testid=nav-discovered]").await;
    window.wait_for("[data-testid=go-sync]").await;
    desktop.picture("sync-11-discovered").await;
    window.click("[data-testid=go-sync]").await;
}

/// A week of changes in the directory, then the button.
async fn sync_now_brings_what_changed(desktop: &Desktop, a_week_passes: impl FnOnce()) {
    let window = &desktop.window;
    a_week_passes();
    window.click("[data-testid=sync-now]").await;
    until("the run changed somebody", async || {
        let runs = desktop.ask("query", "sync_runs", &json!({}));
        runs["rows"][0]["outcome"] == "done" && runs["rows"][0]["update"].as_u64() > Some(0)
    })
    .await;
    desktop.picture("sync-12-now").await;
    assert_eq!(desktop.state("nina.new@office.test"), "user");
}

/// Everybody stays, and discovery is back.
async fn turn_off(desktop: &Desktop) {
    let window = &desktop.window;
    window.click("[data-testid=turn-off]").await;
    desktop.picture("sync-13-off-asked").await;
    window.click("[data-testid=confirm-off]").await;
    window.wait_for("[data-testid=sync-paused]").await;
    desktop.picture("sync-14-off").await;
    assert_eq!(desktop.state(ANNA), "user");
    window.click("[data-testid=nav-discovered]").await;
    window.wait_until_gone("[data-testid=go-sync]").await;
    desktop.picture("sync-15-discovered").await;
    assert_eq!(desktop.ask("query", "health", &json!({}))["discovery"], "on");
}

/// A line of the tree.
fn branch(dn: &str) -> String {
    format!("[data-testid=base-tree] [data-dn='{dn}']")
}
