//! What attackers' tools find: no open relay, no list of people.

use std::net::SocketAddr;
use std::process::Command;

use rollcall_tests::destination::Destination;
use rollcall_tests::relay::Relay;
use serde_json::json;

/// Runs a script of nmap against the relay, whatever the port, and returns what it found.
fn nmap(to: SocketAddr, script: &str, arguments: &str) -> String {
    let output = Command::new("nmap")
        .args(["-n", "-Pn", "-p", &to.port().to_string(), "--script", &format!("+{script}")])
        .args(["--script-args", arguments, &to.ip().to_string()])
        .output()
        .expect("nmap runs");
    let found = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(found.contains(&format!("{script}:")), "the script said nothing: {found}");
    found
}

async fn office() -> (Destination, Relay) {
    let destination = Destination::knowing(&["ann", "bob", "carol", "root", "admin", "test"]).await;
    let relay = Relay::before(&destination).await;
    (destination, relay)
}

#[tokio::test(flavor = "multi_thread")]
async fn d28_nmap_finds_no_open_relay_from_outside_nor_from_a_listed_upstream() {
    let (destination, relay) = office().await;
    let arguments = "smtp-open-relay.to=victim,smtp-open-relay.domain=elsewhere.example";

    let found = nmap(relay.smtp, "smtp-open-relay", arguments);
    // One line for each way that worked, either all refused or cut off after too many tries.
    assert!(!found.contains("MAIL FROM:"), "{found}");
    relay.command("set_upstreams", json!({ "addresses": ["127.0.0.1"] })).await;
    let found = nmap(relay.smtp, "smtp-open-relay", arguments);
    assert!(found.contains("Server doesn't seem to be an open relay, all tests failed"), "{found}");

    assert_eq!(destination.taken().len(), 0);
    assert!(!destination.heard().iter().any(|line| line.contains("elsewhere")), "{:?}", destination.heard());
}

#[tokio::test(flavor = "multi_thread")]
async fn d28_nmap_finds_no_open_relay_where_the_offices_machines_send() {
    let (destination, relay) = office().await;
    let args = json!({ "name": "second", "address": "127.0.0.1", "port": 0, "role": "submission" });
    let set = relay.command("set_listener", args).await;
    let submission: SocketAddr = set["listener"]["bound"].as_str().expect("bound").parse().expect("an address");

    let found =
        nmap(submission, "smtp-open-relay", "smtp-open-relay.to=victim,smtp-open-relay.domain=elsewhere.example");

    assert!(found.contains("Server isn't an open relay, authentication needed"), "{found}");
    assert_eq!(destination.heard().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn vrfy_and_expn_give_nmap_no_name() {
    let (destination, relay) = office().await;
    let names = names_for_nmap(&["ann", "bob", "nobody", "root"]);

    for method in ["VRFY", "EXPN"] {
        let arguments = format!("userdb={},smtp-enum-users.methods={{{method}}}", names.path().display());
        let found = nmap(relay.smtp, "smtp-enum-users", &arguments);
        assert!(found.contains("Couldn't find any accounts"), "{method}: {found}");
    }
    assert_eq!(destination.heard().len(), 0, "nobody was asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn p15_rcpt_lets_nmap_guess_four_times_and_cuts_it_off() {
    let (destination, relay) = office().await;
    let guesses: Vec<String> = (0..40).map(|n| format!("guess{n}")).chain(["ann".to_owned()]).collect();
    let guesses: Vec<&str> = guesses.iter().map(String::as_str).collect();
    let names = names_for_nmap(&guesses);

    let arguments = format!(
        "userdb={},smtp-enum-users.methods={{RCPT}},smtp-enum-users.domain=acme.example",
        names.path().display()
    );
    let found = nmap(relay.smtp, "smtp-enum-users", &arguments);

    assert!(!found.contains("RCPT, ann"), "{found}");
    let asked = destination.heard().iter().filter(|line| line.starts_with("RCPT")).count();
    assert!(asked <= 10, "no more than the limit of an address: {asked}");
}

fn names_for_nmap(names: &[&str]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), names.join("\n") + "\n").expect("written");
    file
}
