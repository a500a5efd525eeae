//! Other mail servers as the office's own: what they refuse is refused in the session, what they take arrives as it was.

use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::Destination;
use rollcall_tests::exim::{Exim, Refuses};
use rollcall_tests::opensmtpd::OpenSmtpd;
use rollcall_tests::peer::{SENDER, wait_for_mail};
use rollcall_tests::postfix::Postfix;
use rollcall_tests::relay::Relay;
use serde_json::json;
use tokio::task::JoinSet;

use super::{about, as_sent, text, trace_above, tricky};

const UNKNOWN: &str = "550 5.1.1 <nobody@acme.example>: Recipient address rejected: User unknown";

async fn relay_to(port: u16, tls: &str) -> Relay {
    let relay = Relay::bare().await;
    let destination = json!({ "host": "127.0.0.1", "port": port, "tls": tls });
    relay.command("add_domain", json!({ "name": "acme.example", "destination": destination })).await;
    relay
}

#[tokio::test(flavor = "multi_thread")]
async fn d03_an_exim_that_refuses_at_rcpt_is_believed_and_gets_its_mail_unchanged_in_clear_and_encrypted() {
    let exim = Exim::knowing("acme.example", &["ann"], Refuses::AtRcpt);

    for (tls, protocol) in [("never", "with esmtp "), ("opportunistic", "with esmtps ")] {
        let relay = relay_to(exim.address.port(), tls).await;
        let content = tricky(tls);
        assert_eq!(send(relay.smtp, SENDER, "nobody@acme.example", "x").await, UNKNOWN, "{tls}");
        let reply = send(relay.smtp, SENDER, "ann@acme.example", &as_sent(&content)).await;
        assert!(reply.starts_with("250 2.0.0 Delivered as "), "{tls}: {reply}");

        let found = wait_for_mail(1, || about(exim.mailbox("ann"), tls));
        let trace = trace_above(&found[0], &content);
        assert!(trace.contains(protocol) && trace.contains(") with ESMTP id"), "{trace}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_an_exim_that_refuses_at_data_has_its_class_and_code_handed_back() {
    let exim = Exim::knowing("acme.example", &["ann"], Refuses::AtData);
    let relay = relay_to(exim.address.port(), "never").await;

    let reply = send(relay.smtp, SENDER, "nobody@acme.example", "Subject: x\r\n\r\nx").await;
    assert!(reply.starts_with("550 5.1.1 ") && !reply.contains("Recipient unknown"), "not its own words: {reply}");
    let content = tricky("taken");
    let reply = send(relay.smtp, SENDER, "ann@acme.example", &as_sent(&content)).await;
    assert!(reply.starts_with("250 2.0.0 Delivered as "), "{reply}");

    trace_above(&wait_for_mail(1, || exim.mailbox("ann"))[0], &content);
    let health = relay.query("health", json!({})).await;
    assert_eq!((&health["waiting"], &health["failed"]), (&json!(0), &json!(0)), "a refusal at DATA is never kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn d03_an_opensmtpd_is_believed_and_gets_its_mail_unchanged() {
    let opensmtpd = OpenSmtpd::knowing("acme.example", &["ann"]);
    let relay = relay_to(opensmtpd.address.port(), "never").await;
    let content = tricky("clear");

    assert_eq!(send(relay.smtp, SENDER, "nobody@acme.example", "x").await, UNKNOWN);
    let reply = send(relay.smtp, SENDER, "ann@acme.example", &as_sent(&content)).await;

    assert!(reply.starts_with("250 2.0.0 Delivered as "), "{reply}\n{}", opensmtpd.log());
    trace_above(&wait_for_mail(1, || opensmtpd.mailbox("ann@acme.example"))[0], &content);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opensmtpd_whose_starttls_fails_gets_its_mail_in_clear_unless_encryption_is_required() {
    let opensmtpd = OpenSmtpd::knowing("acme.example", &["ann"]);

    let relay = relay_to(opensmtpd.address.port(), "opportunistic").await;
    let reply = send(relay.smtp, SENDER, "ann@acme.example", "Subject: fallback\r\n\r\nx").await;
    assert!(reply.starts_with("250 2.0.0 Delivered as "), "{reply}\n{}", opensmtpd.log());
    wait_for_mail(1, || opensmtpd.mailbox("ann@acme.example"));
    let relay = relay_to(opensmtpd.address.port(), "required").await;
    let reply = send(relay.smtp, SENDER, "ann@acme.example", "Subject: never\r\n\r\nx").await;
    assert!(reply.starts_with("451 4.4.1 "), "{reply}");

    let log = opensmtpd.log();
    assert!(log.matches("SSL routines").count() == 2, "the handshake was tried and failed each time: {log}");
    assert_eq!(opensmtpd.mailbox("ann@acme.example").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_a_greylisting_postfix_defers_the_stranger_and_is_believed_afterwards() {
    let postfix = Postfix::greylisting("acme.example", &["ann".to_owned()], 2);
    let relay = relay_to(postfix.address.port(), "never").await;

    for recipient in ["ann@acme.example", "nobody@acme.example"] {
        let reply = send(relay.smtp, SENDER, recipient, "Subject: x\r\n\r\nx").await;
        assert_eq!(reply, format!("450 4.2.0 <{recipient}>: Recipient not verified yet, try again later"));
        assert_eq!(relay.state(recipient).await, "unknown", "nothing is learnt from it");
    }
    let content = tricky("after greylisting");
    let mut reply = String::new();
    for _ in 0..40 {
        reply = send(relay.smtp, SENDER, "ann@acme.example", &as_sent(&content)).await;
        if !reply.starts_with("450 ") {
            break;
        }
        rollcall_tests::pause(250).await;
    }

    assert!(reply.starts_with("250 2.0.0 Delivered as "), "{reply}\n{}", postfix.log());
    assert_eq!(
        send(relay.smtp, SENDER, "nobody@acme.example", "x").await,
        UNKNOWN,
        "and now the truth about the other"
    );
    trace_above(&wait_for_mail(1, || postfix.mailbox("ann"))[0], &content);
}

#[tokio::test(flavor = "multi_thread")]
async fn r2_a_postfix_that_accepts_everybody_gets_all_and_bounces_by_itself() {
    let outside = Destination::knowing(&[]).await;
    let postfix = Postfix::bouncing_later("acme.example", &["ann".to_owned()], outside.address);
    let relay = relay_to(postfix.address.port(), "never").await;

    for recipient in ["ann@acme.example", "nobody@acme.example"] {
        let reply = send(relay.smtp, SENDER, recipient, "Subject: to all\r\n\r\nx").await;
        assert!(reply.starts_with("250 2.0.0 Delivered as "), "{recipient}: {reply}");
    }

    wait_for_mail(1, || postfix.mailbox("ann"));
    relay.until("the bounce left the mail server", async || outside.taken().len() == 1).await;
    let bounce = outside.taken().remove(0);
    assert!(bounce.mail.starts_with("MAIL FROM:<>"), "{}", bounce.mail);
    assert_eq!(bounce.recipients, [SENDER]);
    let content = text(&bounce.content);
    assert!(content.contains("multipart/report") && content.contains("nobody@acme.example"), "{content}");
    assert!(content.contains("Reporting-MTA: dns; mx.acme.example"), "the mail server made it: {content}");
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_a_catch_all_postfix_gets_every_message_into_one_mailbox() {
    let postfix = Postfix::catching_all("acme.example", "all");
    let relay = relay_to(postfix.address.port(), "never").await;

    for recipient in ["ann@acme.example", "invented@acme.example"] {
        let reply = send(relay.smtp, SENDER, recipient, "Subject: caught\r\n\r\nx").await;
        assert!(reply.starts_with("250 2.0.0 Delivered as "), "{recipient}: {reply}");
    }

    wait_for_mail(2, || postfix.mailbox("all"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_transaction_to_exim_and_opensmtpd_reaches_both_recipients_and_refuses_the_third() {
    let exim = Exim::knowing("acme.example", &["ann", "bob"], Refuses::AtRcpt);
    let opensmtpd = OpenSmtpd::knowing("acme.example", &["ann", "bob"]);

    for (port, name) in [(exim.address.port(), "exim"), (opensmtpd.address.port(), "opensmtpd")] {
        let relay = relay_to(port, "never").await;
        let mut client = Client::with_mail(relay.smtp, SENDER).await;
        for (recipient, code) in [("ann", "250 2.1.5"), ("nobody", "550 5.1.1"), ("bob", "250 2.1.5")] {
            let reply = client.say(&format!("RCPT TO:<{recipient}@acme.example>")).await;
            assert!(reply.starts_with(code), "{name} {recipient}: {reply}");
        }
        let reply = client.data("Subject: both\r\n\r\nx").await;
        assert!(reply.starts_with("250 2.0.0"), "{name}: {reply}");
    }
    for name in ["ann", "bob"] {
        wait_for_mail(1, || exim.mailbox(name));
        wait_for_mail(1, || opensmtpd.mailbox(&format!("{name}@acme.example")));
    }
}

/// From an empty list, all at once: whoever exists gets every message, and nobody's is stopped for want of a row.
#[tokio::test(flavor = "multi_thread")]
async fn m10_the_mx_is_switched_with_an_empty_list_and_none_of_a_thousand_messages_to_two_hundred_people_is_lost() {
    const PEOPLE: usize = 200;
    const EACH: usize = 5;
    let names: Vec<String> = (0..PEOPLE).map(|number| format!("person.{number:03}")).collect();
    let postfix = Postfix::knowing("acme.example", &names);
    let relay = relay_to(postfix.address.port(), "never").await;

    let mut senders = JoinSet::new();
    for sender in 0..EACH {
        let (names, smtp) = (names.clone(), relay.smtp);
        senders.spawn(async move {
            for name in &names {
                let (from, to) = (format!("kim@north{sender}.example"), format!("{name}@acme.example"));
                let reply = send(smtp, &from, &to, "Subject: x\r\n\r\nx").await;
                assert!(reply.starts_with("250 2.0.0 Delivered as "), "{from} to {to}: {reply}");
            }
        });
    }
    senders.join_all().await;

    let all = relay.query("addresses", json!({ "limit": 1 })).await;
    assert_eq!(all["total"], PEOPLE, "everybody was seen: {all}");
    for name in &names {
        wait_for_mail(EACH, || postfix.mailbox(name));
    }
}
