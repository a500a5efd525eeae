//! Mail servers that misbehave: what a stranger's message and an account's message get, for each behaviour.

use std::net::SocketAddr;

use rollcall_tests::client::send;
use rollcall_tests::faulty::Faulty;
use rollcall_tests::peer::SENDER;
use rollcall_tests::program::{Served, ask};
use rollcall_tests::relay::Relay;
use serde_json::json;
use tokio::task::JoinSet;

/// Not reachable: the stranger is deferred, the account's message is kept.
const AWAY: [&str; 3] = ["451 4.4.1", "451 4.4.1", "250 2.0.0 queued"];
/// Lost after it said yes: the same, one step later.
const LOST: [&str; 3] = ["451 4.4.2", "550 5.1.1", "250 2.0.0 queued"];
/// All is well.
const WELL: [&str; 3] = ["250 2.0.0 Delivered", "550 5.1.1", "250 2.0.0 Delivered"];

/// A behaviour, and how the replies begin: to a stranger that the server knows, to one that it does not know, and to an
/// account.
const CASES: &[(&str, [&str; 3])] = &[
    ("OK", WELL),
    ("HANG_BANNER", AWAY),
    ("HANG_EHLO", AWAY),
    ("HANG_RCPT", AWAY),
    ("SLOW", AWAY),
    ("CLOSE_CONNECT", AWAY),
    ("CLOSE_RCPT", AWAY),
    ("CLOSE_MID_DATA", LOST),
    ("CLOSE_AFTER_DOT", LOST),
    ("RST_MID_DATA", LOST),
    ("BANNER_421", AWAY),
    ("BANNER_554", AWAY),
    ("RCPT_421", ["4", "4", "4"]),
    ("DATA_421", ["4", "550 5.1.1", "4"]),
    ("MULTILINE", WELL),
    ("SPLIT", WELL),
    ("LF_ONLY", WELL),
    ("NO_TEXT", WELL),
    ("LATIN1", WELL),
    ("LONG_LINE", WELL),
    ("BAD_CODE", AWAY),
    ("HELO_ONLY", WELL),
    ("TEMP_451", ["450 4.2.0", "450 4.2.0", "451 4.7.1"]),
    ("REJECT_MAIL", WELL),
    ("REJECT_DATA", ["554 5.7.1", "554 5.7.1", "554 5.7.1"]),
    ("REJECT_AT_DATA", ["550 5.1.1", "550 5.1.1", "550 5.1.1"]),
    ("STARTTLS_SELF", WELL),
    ("STARTTLS_WRONG_NAME", WELL),
    ("STARTTLS_EXPIRED", WELL),
    ("STARTTLS_454", WELL),
    ("STARTTLS_GARBAGE", WELL),
    ("STARTTLS_OLD", WELL),
    ("STARTTLS_INJECT", WELL),
    ("NO_STARTTLS", WELL),
    ("SMTPUTF8", WELL),
    ("SIZE_1000", WELL),
    ("REQUIRE_TLS", WELL),
];

async fn relay_to(to: SocketAddr, tls: &str) -> Relay {
    let relay = Relay::bare().await;
    let destination = json!({ "host": "localhost", "port": to.port(), "tls": tls });
    relay.command("add_domain", json!({ "name": "acme.example", "destination": destination })).await;
    relay
}

/// The three replies.
async fn replies(to: SocketAddr, tls: &str) -> [String; 3] {
    let relay = relay_to(to, tls).await;
    relay.command("create_user", json!({ "users": [{ "address": "account@acme.example" }] })).await;
    let content = format!("Subject: faulty\r\n\r\n{}", "a line of some length\r\n".repeat(20));
    let ask = async |name: &str| send(relay.smtp, SENDER, &format!("{name}@acme.example"), &content).await;
    let (known, nobody, account) = tokio::join!(ask("known"), ask("nobody"), ask("account"));
    [known, nobody, account]
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_mail_server_does_wrong_the_reply_is_exact_and_nothing_is_lost() {
    let faulty = Faulty::start();
    let mut running = JoinSet::new();
    for (behaviour, expected) in CASES {
        let to = faulty.place(behaviour);
        running.spawn(async move { (behaviour, expected, replies(to, "opportunistic").await) });
    }
    let mut wrong = Vec::new();
    while let Some(case) = running.join_next().await {
        let (behaviour, expected, found) = case.expect("the case ran");
        for (expected, found) in expected.iter().zip(&found) {
            if !found.starts_with(expected) {
                wrong.push(format!("{behaviour}: expected {expected}, answered {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_encryption_is_required_no_fault_of_it_leads_to_a_delivery() {
    let faulty = Faulty::start();
    for behaviour in [
        "STARTTLS_SELF",
        "STARTTLS_WRONG_NAME",
        "STARTTLS_EXPIRED",
        "STARTTLS_454",
        "STARTTLS_GARBAGE",
        "STARTTLS_INJECT",
        "NO_STARTTLS",
    ] {
        assert_eq!(
            replies(faulty.place(behaviour), "required").await.map(|reply| reply[..9].to_owned()),
            ["451 4.4.1", "451 4.4.1", "250 2.0.0"],
            "{behaviour}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_encryption_is_required_only_the_right_name_on_a_valid_certificate_of_a_trusted_authority_is_delivered_to()
 {
    let faulty = Faulty::start();
    let folder = tempfile::tempdir().expect("a folder");
    // The child trusts the test's authority as a computer trusts its own store.
    let served = Served::trusting(folder.path(), &faulty.authority());

    for (behaviour, reply) in [
        ("REQUIRE_TLS", "250 2.0.0 Delivered as "),
        ("STARTTLS_OLD", "250 2.0.0 Delivered as "),
        ("STARTTLS_WRONG_NAME", "451 4.4.1 "),
        ("STARTTLS_EXPIRED", "451 4.4.1 "),
        ("STARTTLS_SELF", "451 4.4.1 "),
    ] {
        let destination = json!({ "host": "localhost", "port": faulty.place(behaviour).port(), "tls": "required" });
        let domain = json!({ "name": "acme.example", "destination": destination });
        ask(folder.path(), "command", "add_domain", &domain);
        let said = send(served.smtp(), SENDER, "ann@acme.example", "Subject: trusted\r\n\r\nx").await;
        assert!(said.starts_with(reply), "{behaviour}: {said}");
    }
}
