//! What testssl.sh says about our STARTTLS.

use std::process::Command;

use rollcall_tests::relay::Relay;
use serde_json::Value;

/// What is said about a certificate that nobody signed and that no authority can revoke; a bought one cures it.
const OF_THE_CERTIFICATE: [&str; 6] = [
    "cert_trust",
    "cert_chain_of_trust",
    "cert_validityPeriod",
    "cert_revocation",
    "cert_extlifeSpan",
    "DNS_CAArecord",
];
/// What is said about the program's own OpenSSL, and checks of session resumption, which is no weakness,
/// that it gives up: always with identifiers, sometimes with tickets.
const OF_THE_TOOL: [&str; 3] = ["engine_problem", "sessionresumption_ID", "sessionresumption_ticket"];

#[tokio::test(flavor = "multi_thread")]
async fn testssl_finds_no_weakness_but_that_nobody_signed_the_certificate() {
    let relay = Relay::bare().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("found.json");

    // Protocols, ciphers, forward secrecy, preferences, server defaults and all known weaknesses.
    let output = Command::new("testssl")
        .args(["-t", "smtp", "--quiet", "--color", "0", "--warnings", "off", "-p", "-s", "-f", "-P", "-S", "-U"])
        .arg("--jsonfile")
        .arg(&file)
        .arg(relay.smtp.to_string())
        .output()
        .expect("testssl runs");

    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = std::fs::read(&file).unwrap_or_else(|error| panic!("{error}: {said}"));
    let found: Vec<Value> = serde_json::from_slice(&found).unwrap_or_else(|error| panic!("{error}: {said}"));
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let offered = |id: &str| found.iter().find(|finding| finding["id"] == id).map(|finding| text(finding, "finding"));
    assert_eq!(offered("TLS1_3").as_deref(), Some("offered with final"), "{said}");
    assert_eq!(offered("TLS1_1").as_deref(), Some("not offered"), "{said}");
    assert!(["heartbleed", "ROBOT", "CCS", "secure_client_renego"].iter().all(|id| offered(id).is_some()), "{said}");
    let weak: Vec<String> = found
        .iter()
        .filter(|finding| !["OK", "INFO"].contains(&finding["severity"].as_str().unwrap_or_default()))
        .filter(|finding| {
            let id = text(finding, "id");
            !OF_THE_CERTIFICATE.contains(&id.as_str()) && !OF_THE_TOOL.contains(&id.as_str())
        })
        .map(|finding| format!("{} {}: {}", text(finding, "severity"), text(finding, "id"), text(finding, "finding")))
        .collect();
    assert!(weak.is_empty(), "{weak:#?}");
}
