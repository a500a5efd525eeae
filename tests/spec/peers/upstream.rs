//! A filter before us that says who is behind it, played by swaks: XCLIENT and both versions of the PROXY protocol.

use std::net::SocketAddr;
use std::process::Command;

use rollcall_tests::destination::Destination;
use rollcall_tests::relay::Relay;
use serde_json::json;

const XCLIENT: &[&str] =
    &["--xclient-addr", "192.0.2.7", "--xclient-name", "behind.example", "--xclient-helo", "behind.example"];
/// A header of this version.
fn proxy(version: u8) -> Vec<&'static str> {
    let how = if version == 1 {
        ["--proxy-version", "1", "--proxy-family", "TCP4"]
    } else {
        ["--proxy-version", "2", "--proxy-family", "AF_INET"]
    };
    let source = ["--proxy-source", "192.0.2.7", "--proxy-source-port", "40000"];
    let target = ["--proxy-dest", "198.51.100.1", "--proxy-dest-port", "25"];
    [how, source, target].concat()
}

/// Whether swaks, with these options, delivered; and what was said.
fn swaks(to: SocketAddr, options: &[&str]) -> (bool, String) {
    let output = Command::new("swaks")
        .args(["--server", &to.to_string(), "--helo", "filter.example", "--from", "a@sender.example"])
        .args(["--to", "ann@acme.example"])
        .args(options)
        .output()
        .expect("swaks runs");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

async fn office(speaks: &str) -> (Destination, Relay) {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let upstream = json!({ "address": "127.0.0.1", "speaks": speaks });
    relay.command("set_upstreams", json!({ "addresses": [upstream] })).await;
    (destination, relay)
}

async fn the_client_in_the_log(relay: &Relay) -> String {
    let log = relay.query("mail_log", json!({ "limit": 1 })).await;
    log["rows"][0]["client_ip"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn swaks_says_by_xclient_who_is_behind_it() {
    let (destination, relay) = office("xclient").await;

    let (delivered, said) = swaks(relay.smtp, XCLIENT);

    assert!(delivered, "{said}");
    assert_eq!(the_client_in_the_log(&relay).await, "192.0.2.7", "{said}");
    let content = String::from_utf8_lossy(&destination.taken().remove(0).content).into_owned();
    assert!(content.contains("([192.0.2.7])"), "the trace names the client behind: {content}");
}

#[tokio::test(flavor = "multi_thread")]
async fn swaks_says_by_the_proxy_protocol_who_is_behind_it_in_both_versions() {
    let (destination, relay) = office("proxy").await;

    for (count, version) in [1, 2].into_iter().enumerate() {
        let (delivered, said) = swaks(relay.smtp, &proxy(version));
        assert!(delivered, "{version}: {said}");
        assert_eq!(the_client_in_the_log(&relay).await, "192.0.2.7", "{version}: {said}");
        let content = String::from_utf8_lossy(&destination.taken().remove(count).content).into_owned();
        assert!(content.contains("([192.0.2.7])"), "{version}: {content}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_says_so_is_not_believed_and_not_relayed() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    // The network of the address that the stranger claims may send anywhere.
    relay.command("set_sender_hosts", json!({ "hosts": [{ "network": "192.0.2.0/24", "note": "office" }] })).await;

    let forced = [&["--xclient-no-verify"], XCLIENT].concat();
    for options in [proxy(1), proxy(2), forced] {
        let elsewhere = [&options[..], &["--to", "victim@elsewhere.example"]].concat();
        let (delivered, said) = swaks(relay.smtp, &elsewhere);
        assert!(!delivered && !said.contains("250 2.1.5"), "{said}");
    }

    assert_eq!(destination.taken().len(), 0);
}
