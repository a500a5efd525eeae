//! Letters of our own, delivered into the mailbox of a real Postfix.

use rollcall_api::{Kind, SessionLimits};
use rollcall_tests::letter::read_by_python;
use rollcall_tests::postfix::Postfix;
use rollcall_tests::relay::Relay;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn c22_a_real_postfix_takes_the_weeks_letter_and_its_mailbox_has_it_whole() {
    let postfix = Postfix::knowing("acme.example", &["it".to_owned()]);
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    relay.serves("acme.example", postfix.address).await;
    let contact = json!({ "role": "technician", "name": "Jürgen Lee", "email": "it@acme.example", "copy": true });
    relay.command("set_contact", contact).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;
    relay.command("add_alias", json!({ "addresses": ["al@acme.example"], "owner": "ann@acme.example" })).await;

    relay.command("skip_time", json!({ "hours": 7 * 24 })).await;
    relay.until("it is in the mailbox", async || !postfix.mailbox("it").is_empty()).await;

    let mailbox = postfix.mailbox("it");
    assert_eq!(mailbox.len(), 1);
    let letter = read_by_python(&mailbox[0]);
    assert_eq!((&letter["defects"], &letter["once"]), (&json!([]), &json!([1, 1, 1, 1, 1])), "{letter}");
    assert_eq!(letter["to"], "Jürgen Lee <it@acme.example>");
    assert_eq!(letter["subject"], "1 user and 1 alias were created this week");
    let text = letter["parts"]["text/plain"].as_str().expect("a text");
    assert!(text.contains("  al@acme.example, another name of ann@acme.example: by hand\n"), "{text}");
    assert!(super::text(&mailbox[0]).contains("Return-Path: <>"), "it comes back to nobody");
}
