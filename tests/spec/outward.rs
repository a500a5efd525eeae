//! The office's own machines send to the world; nobody else does (point 7 of the issue, 3.2 step 2).

use std::sync::Arc;
use std::time::Duration;

use rollcall_api::{Code, Exchanger, Kind, SessionLimits};
use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::{Destination, Manners};
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};
use tokio::sync::Notify;

#[tokio::test(flavor = "multi_thread")]
async fn d28_nobody_but_listed_machines_may_send_out() {
    let (relay, _, smarthost) = office().await;
    relay.command("set_sender_hosts", json!({ "hosts": [] })).await;

    let reply = send(relay.smtp, "ann@acme.example", "kim@fabrikam.example", "x").await;

    assert!(reply.starts_with("554 5.7.1 <kim@fabrikam.example>: Relay access denied"), "{reply}");
    assert!(smarthost.heard().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_outgoing_mail_is_off_a_listed_machine_is_told_so() {
    let (relay, ..) = office().await;
    relay.command("set_outbound", json!({ "mode": "off" })).await;

    let reply = send(relay.smtp, "ann@acme.example", "kim@fabrikam.example", "x").await;

    assert_eq!(reply.trim(), "550 5.7.1 <kim@fabrikam.example>: Outgoing mail is switched off in Rollcall");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_machine_sends_through_the_smarthost_and_gets_its_answer() {
    let (relay, office, smarthost) = office().await;

    let reply = send(relay.smtp, "ann@acme.example", "kim@fabrikam.example", "Subject: out\r\n\r\nx").await;
    assert!(reply.starts_with("250 2.0.0 Delivered as"), "{reply}");
    assert_eq!(smarthost.taken()[0].recipients, ["kim@fabrikam.example"]);
    smarthost.behave(|manners| manners.end_of_data = Some("554 5.7.1 Spam".to_owned()));
    let reply = send(relay.smtp, "ann@acme.example", "kim@fabrikam.example", "x").await;
    assert!(reply.starts_with("554 5.7.1"), "{reply}");

    assert!(office.taken().is_empty());
    assert_eq!(relay.state("kim@fabrikam.example").await, "unknown", "nobody outside is ever learned");
}

#[tokio::test(flavor = "multi_thread")]
async fn their_mail_to_our_own_domain_goes_the_inbound_way() {
    let (relay, office, smarthost) = office().await;

    let reply = send(relay.smtp, "printer@acme.example", "ann@acme.example", "x").await;

    assert!(reply.starts_with("250"), "{reply}");
    assert_eq!((office.taken().len(), smarthost.taken().len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_smarthost_does_not_take_yet_is_kept_and_goes_later() {
    let (relay, _, smarthost) = office().await;
    for manner in ["451 4.3.0 Later", ""] {
        if manner.is_empty() {
            smarthost.behave(|manners| manners.end_of_data = Some("451 4.3.0 Later".to_owned()));
        } else {
            smarthost.behave(|manners| manners.rcpt = Some(manner.to_owned()));
        }
        let reply = send(relay.smtp, "ann@acme.example", "kim@fabrikam.example", "Subject: out\r\n\r\nx").await;
        assert!(reply.starts_with("250 2.0.0 queued as"), "{manner}: {reply}");
        smarthost.behave(|manners| (manners.rcpt, manners.end_of_data) = (None, None));
    }
    let rows = relay.query("queue", json!({})).await["rows"].clone();
    assert!(rows.as_array().is_some_and(|rows| rows.iter().all(|row| row["direction"] == "outbound")), "{rows}");

    // Nothing to flush is no failure here: both may be on their way by themselves already.
    drop(relay.door.command("flush_queue", json!({ "destination": smarthost.address.to_string() })).await);

    relay.until("both have gone", async || smarthost.taken().len() == 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_smarthost_that_is_away_takes_its_mail_when_it_is_back() {
    let (relay, _, smarthost) = office().await;
    let address = smarthost.address;
    smarthost.stop();
    let mut printer = Client::with_mail(relay.smtp, "scan@acme.example").await;
    for to in ["kim@fabrikam.example", "lee@contoso.example"] {
        assert!(printer.say(&format!("RCPT TO:<{to}>")).await.starts_with("250"), "one message, two domains: {to}");
    }
    assert!(printer.data("Subject: scan\r\n\r\nx").await.starts_with("250 2.0.0 queued"));
    let faults = relay.query("health", json!({})).await["faults"].clone();
    let said = faults[0]["sentence"].as_str().unwrap_or_default();
    assert!(said.contains("takes your outgoing mail"), "{faults}");

    let smarthost = Destination::start_at(address, Manners::default()).await;

    relay
        .until("both recipients have it", async || {
            smarthost.taken().iter().map(|taken| taken.recipients.len()).sum::<usize>() == 2
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_of_the_office_is_told_of_a_late_failure_once_and_with_what_was_said() {
    let (relay, office, smarthost) = office().await;
    let id = kept_outward(&relay, &smarthost, "RET=HDRS ENVID=QQ314159", "").await;
    smarthost.behave(|manners| manners.rcpt = Some("550 5.1.1 No such user".to_owned()));

    relay.command("flush_queue", json!({ "queue_id": id })).await;

    relay.until("the report has arrived", async || office.taken().len() == 1).await;
    let report = office.taken().remove(0);
    assert!(report.mail.starts_with("MAIL FROM:<>"), "{}", report.mail);
    assert_eq!(report.recipients, ["ann@acme.example"]);
    let text = String::from_utf8_lossy(&report.content).into_owned();
    for field in [
        "Final-Recipient: rfc822; kim@fabrikam.example",
        "Status: 5.1.1",
        "Action: failed",
        "Diagnostic-Code: smtp; 550 5.1.1 No such user",
        "Original-Envelope-Id: QQ314159",
    ] {
        assert!(text.contains(field), "{field}: {text}");
    }
    assert!(!text.contains("secret body"), "RET=HDRS: {text}");
    assert_eq!(relay.query("queue", json!({})).await["failed"], 1, "and the operator sees it for 14 days");
    let rows = relay.query("mail_log", json!({ "search": "could not be delivered" })).await["rows"].clone();
    relay
        .until("the report is logged", async || {
            let log = relay.query("mail_log", json!({ "search": "could not be delivered" })).await;
            log["rows"][0]["outcome"] == "delivered"
        })
        .await;
    assert_eq!(rows.as_array().map(Vec::len), Some(1), "{rows}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rfc3461_5_2_2_a_sender_that_asked_is_told_that_its_mail_went_where_nobody_reports() {
    let (relay, office, smarthost) = office().await;
    let mut client = Client::with_mail(relay.smtp, "ann@acme.example").await;
    for (to, notify) in [("kim@fabrikam.example", "SUCCESS,FAILURE"), ("lee@fabrikam.example", "FAILURE")] {
        assert!(client.say(&format!("RCPT TO:<{to}> NOTIFY={notify}")).await.starts_with("250"), "{to}");
    }
    assert!(client.data("Subject: out\r\n\r\nsecret body").await.starts_with("250 2.0.0 Delivered"));

    relay.until("the report has arrived", async || office.taken().len() == 1).await;

    assert_eq!(smarthost.taken().len(), 1);
    let text = relayed_report(&office);
    assert!(!text.contains("lee@") && !text.contains("secret body"), "{text}");
    assert_eq!(report_step(&relay, "kim@fabrikam.example").await, 1);
    assert_eq!(report_step(&relay, "lee@fabrikam.example").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn rfc3461_5_2_2_the_same_holds_for_mail_that_was_kept_first() {
    let (relay, office, smarthost) = office().await;
    let id = kept_outward(&relay, &smarthost, "", "NOTIFY=SUCCESS").await;
    smarthost.behave(|manners| manners.rcpt = None);

    relay.command("flush_queue", json!({ "queue_id": id })).await;

    relay.until("the report has arrived", async || office.taken().len() == 1).await;
    relayed_report(&office);
    relay.until("it is in the trace", async || report_step(&relay, "kim@fabrikam.example").await == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rfc3461_5_2_2_a_next_hop_that_reports_itself_and_a_stranger_bring_no_report_of_ours() {
    let (relay, office, smarthost) = office().await;
    smarthost.behave(|manners| manners.ehlo = Some("250-smart.example\r\n250 DSN".to_owned()));
    let mut client = Client::with_mail(relay.smtp, "ann@acme.example").await;
    assert!(client.say("RCPT TO:<kim@fabrikam.example> NOTIFY=SUCCESS").await.starts_with("250"));
    assert!(client.data("Subject: out\r\n\r\nx").await.starts_with("250 2.0.0 Delivered"));
    assert!(client.say("NOOP").await.starts_with("250"));
    assert!(smarthost.heard().iter().any(|line| line.contains("NOTIFY=SUCCESS")), "{:?}", smarthost.heard());

    relay.command("set_sender_hosts", json!({ "hosts": [] })).await;
    let mut stranger = Client::with_mail(relay.smtp, "kim@fabrikam.example").await;
    assert!(stranger.say("RCPT TO:<ann@acme.example> NOTIFY=SUCCESS").await.starts_with("250"));
    assert!(stranger.data("Subject: in\r\n\r\nx").await.starts_with("250 2.0.0 Delivered"));
    assert!(stranger.say("NOOP").await.starts_with("250"));

    let rows = relay.query("mail_log", json!({ "search": "handed on" })).await["rows"].clone();
    assert_eq!(rows, json!([]));
    assert!(waiting(&relay).await.is_empty());
    assert_eq!((office.taken().len(), smarthost.taken().len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_wants_no_report_gets_none() {
    let (relay, office, smarthost) = office().await;
    let id = kept_outward(&relay, &smarthost, "", "NOTIFY=NEVER").await;
    smarthost.behave(|manners| manners.rcpt = Some("550 5.1.1 No such user".to_owned()));

    relay.command("flush_queue", json!({ "queue_id": id })).await;

    relay.until("it was given up", async || relay.query("queue", json!({})).await["failed"] == 1).await;
    assert!(waiting(&relay).await.is_empty() && office.taken().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_never_told_of_a_late_refusal_and_the_operator_is() {
    let (relay, office, smarthost) = office().await;
    relay.command("set_sender_hosts", json!({ "hosts": [] })).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;
    let address = office.address;
    office.stop();
    let reply = send(relay.smtp, "kim@fabrikam.example", "ann@acme.example", "x").await;
    assert!(reply.starts_with("250 2.0.0 queued"), "{reply}");

    let refuses = Manners { rcpt: Some("550 5.1.1 No such user".to_owned()), ..Manners::default() };
    let _office = Destination::start_at(address, refuses).await;

    relay.until("it was given up", async || relay.query("queue", json!({})).await["failed"] == 1).await;
    assert!(waiting(&relay).await.is_empty() && smarthost.heard().is_empty());
    let faults = relay.query("health", json!({})).await["faults"].clone();
    assert!(faults.as_array().is_some_and(|all| all.iter().any(|one| one["code"] == "messages_failed")), "{faults}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outbound_setting_that_cannot_be_is_a_fault() {
    let relay = Relay::bare().await;

    for args in [
        json!({ "mode": "smarthost" }),
        json!({ "mode": "smarthost", "host": "two words" }),
        json!({ "mode": "smarthost", "host": "10.0.0.1", "port": 0 }),
        json!({ "mode": "carrier pigeon" }),
    ] {
        assert_eq!(relay.refused("set_outbound", args.clone()).await.code, Code::Invalid, "{args}");
    }
    assert_eq!(relay.query("outbound", json!({})).await["mode"], "off");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_smarthost_each_domain_is_looked_up_and_one_that_takes_no_mail_is_refused_at_once() {
    let relay = to_the_world().await;

    for (to, expected) in [
        ("kim@nowhere.example", "550 5.1.2 <kim@nowhere.example>: the domain nowhere.example does not exist"),
        ("kim@null.example", "556 5.1.10 <kim@null.example>: the domain null.example takes no mail"),
    ] {
        assert_eq!(send(relay.smtp, "ann@acme.example", to, "x").await.trim(), expected);
    }

    assert!(waiting(&relay).await.is_empty());
    let rows = relay.query("mail_log", json!({ "search": "kim@null.example" })).await["rows"].clone();
    assert_eq!((&rows[0]["direction"], &rows[0]["reason"]), (&json!("outbound"), &json!("nowhere_to_go")), "{rows}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_names_several_domains_in_one_message_and_each_has_its_own_next_hop() {
    let relay = to_the_world().await;
    let mut printer = Client::with_mail(relay.smtp, "scan@acme.example").await;
    for to in ["kim@fabrikam.example", "lee@contoso.example"] {
        assert!(printer.say(&format!("RCPT TO:<{to}>")).await.starts_with("250"), "{to}");
    }
    assert!(printer.say("RCPT TO:<ann@acme.example>").await.starts_with("452"), "ours goes another way");
    assert!(printer.say("RCPT TO:<kim@nowhere.example>").await.starts_with("550 5.1.2"));

    assert!(printer.data("Subject: scan\r\n\r\nx").await.starts_with("250 2.0.0 queued"));

    relay
        .until("each was tried on its own way", async || {
            let rows = waiting(&relay).await;
            let recipients = rows.first().and_then(|row| row["recipients"].as_array().cloned()).unwrap_or_default();
            recipients.len() == 2 && recipients.iter().all(|one| one["attempts"] == 1 && one["state"] == "queued")
        })
        .await;
    for (domain, to) in [("MX of fabrikam.example", "kim"), ("MX of contoso.example", "lee")] {
        assert!(relay.query("queue", json!({})).await.to_string().contains(domain), "{domain}");
        let rows = relay.query("mail_log", json!({ "search": to })).await["rows"].clone();
        let row = rows.as_array().and_then(|rows| rows.iter().find(|row| row["outcome"] == "waiting"));
        assert_eq!(row.map(|row| &row["destination"]), Some(&json!(domain)), "{rows}");
    }
    let faults = relay.query("health", json!({})).await["faults"].clone();
    assert!(!faults.to_string().contains("destination_unreachable"), "a stranger's server is no fault here: {faults}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_that_is_gone_when_its_mail_is_due_is_reported_to_the_sender_at_once() {
    let relay = to_the_world().await;
    let office = Destination::start(Manners::default()).await;
    relay.serves("acme.example", office.address).await;
    let smarthost = Destination::start(Manners::default()).await;
    let port = smarthost.address.port();
    let set = json!({ "mode": "smarthost", "host": "127.0.0.1", "port": port, "tls": "never" });
    relay.command("set_outbound", set).await;
    smarthost.stop();
    let reply = send(relay.smtp, "ann@acme.example", "kim@nowhere.example", "Subject: out\r\n\r\nx").await;
    assert!(reply.starts_with("250 2.0.0 queued"), "{reply}");
    relay
        .until("it was tried and waits", async || {
            let rows = waiting(&relay).await;
            rows.first().is_some_and(|row| row["recipients"][0]["attempts"] == 1)
        })
        .await;

    relay.command("set_outbound", json!({ "mode": "mx" })).await;

    relay.until("the report has arrived", async || office.taken().len() == 1).await;
    let text = String::from_utf8_lossy(&office.taken().remove(0).content).into_owned();
    assert!(text.contains("Status: 5.1.2") && text.contains("nowhere.example does not exist"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_is_being_tried_when_the_way_out_changes_goes_the_new_way_after_that() {
    let (relay, _, before) = office().await;
    let id = kept_outward(&relay, &before, "", "").await;
    let answer = Arc::new(Notify::new());
    before.behave(|manners| {
        manners.rcpt = None;
        manners.waits_at_dot = Some(Arc::clone(&answer));
        manners.end_of_data = Some("451 4.3.0 Later".to_owned());
    });
    let contents = || before.heard().iter().filter(|line| *line == "DATA").count();
    let earlier = contents();
    relay.command("flush_queue", json!({ "queue_id": id })).await;
    relay.until("it is being tried", async || contents() > earlier).await;

    let after = Destination::start(Manners::default()).await;
    let port = after.address.port();
    let set = json!({ "mode": "smarthost", "host": "127.0.0.1", "port": port, "tls": "never" });
    relay.command("set_outbound", set).await;
    answer.notify_one();

    relay.until("it has gone the new way", async || after.taken().len() == 1).await;
    assert!(before.taken().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_waits_for_the_password_and_then_signs_in_with_it() {
    let (relay, _, smarthost) = office().await;
    smarthost.behave(|manners| {
        manners.ehlo = Some("250-smart.example\r\n250 AUTH PLAIN LOGIN".to_owned());
        manners.auth = Some("235 2.7.0 Welcome".to_owned());
    });
    let port = smarthost.address.port();
    let mut set =
        json!({ "mode": "smarthost", "host": "127.0.0.1", "port": port, "tls": "never", "username": "office" });
    let answer = relay.command("set_outbound", set.clone()).await;
    assert_eq!((&answer["username"], &answer["lacks_password"]), (&json!("office"), &json!(true)));
    let reply = send(relay.smtp, "ann@acme.example", "kim@fabrikam.example", "Subject: out\r\n\r\nx").await;
    assert!(reply.starts_with("250 2.0.0 queued"), "{reply}");
    assert!(smarthost.heard().iter().all(|line| !line.starts_with("MAIL")), "{:?}", smarthost.heard());

    let answer = relay.command("set_outbound_secret", json!({ "secret": "hunter2 hunter2" })).await;

    assert_eq!(answer["lacks_password"], false);
    relay.until("it has gone", async || smarthost.taken().len() == 1).await;
    let signed_in = "AUTH PLAIN AG9mZmljZQBodW50ZXIyIGh1bnRlcjI=";
    assert!(smarthost.heard().iter().any(|line| line == signed_in), "{:?}", smarthost.heard());
    for (name, args) in
        [("outbound", json!({})), ("journal", json!({})), ("mail_log", json!({})), ("health", json!({}))]
    {
        assert!(!relay.query(name, args).await.to_string().contains("hunter2"), "{name}");
    }
    relay.command("set_outbound", json!({ "mode": "off" })).await;
    assert_eq!(relay.command("set_outbound", set.clone()).await["lacks_password"], false, "kept while switched off");
    set["username"] = json!("somebody else");
    assert_eq!(relay.command("set_outbound", set).await["lacks_password"], true, "it was for another name");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_not_taken_keeps_the_mail_here_and_is_told() {
    let (relay, _, smarthost) = office().await;
    smarthost.behave(|manners| {
        manners.ehlo = Some("250-smart.example\r\n250 AUTH PLAIN".to_owned());
        manners.auth = Some("535 5.7.8 Wrong".to_owned());
    });
    let port = smarthost.address.port();
    let set = json!({ "mode": "smarthost", "host": "127.0.0.1", "port": port, "tls": "never", "username": "office" });
    relay.command("set_outbound", set).await;
    relay.command("set_outbound_secret", json!({ "secret": "hunter2" })).await;

    let reply = send(relay.smtp, "ann@acme.example", "kim@fabrikam.example", "Subject: out\r\n\r\nx").await;

    assert!(reply.starts_with("250 2.0.0 queued"), "{reply}");
    let faults = relay.query("health", json!({})).await["faults"].to_string();
    assert!(faults.contains("did not let us sign in: 535 5.7.8 Wrong") && !faults.contains("hunter2"), "{faults}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_without_a_user_name_or_in_practice_the_world_is_a_fault() {
    let relay = Relay::bare().await;
    assert_eq!(relay.refused("set_outbound_secret", json!({ "secret": "x" })).await.code, Code::Conflict);
    let practice = Relay::open(Kind::Practice, SessionLimits::default()).await;
    assert_eq!(practice.refused("set_outbound", json!({ "mode": "mx" })).await.code, Code::Forbidden);
}

#[tokio::test(flavor = "multi_thread")]
async fn v03_a_test_of_the_smarthost_signs_in_sends_nothing_and_shows_what_was_said_without_the_password() {
    let (relay, _, smarthost) = office().await;
    smarthost.behave(|manners| {
        manners.ehlo = Some("250-smart.example\r\n250-SIZE 26214400\r\n250 AUTH PLAIN".to_owned());
        manners.auth = Some("235 2.7.0 Welcome".to_owned());
    });
    let port = smarthost.address.port();
    let typed = json!({
        "mode": "smarthost", "host": "127.0.0.1", "port": port, "tls": "never",
        "username": "office", "secret": "hunter2",
    });

    let found = relay.command("test_outbound", typed).await;

    assert_eq!(found["usable"], true, "{found}");
    assert_eq!(
        found["sentence"],
        format!("Mail can go out through 127.0.0.1:{port}, but it is not encrypted on the way.")
    );
    assert_eq!(tested(&found), ["greeting good", "ehlo good", "starttls note", "sign_in good", "sender good"]);
    assert_eq!(found["steps"][1]["sentence"], "It takes messages up to 26 MB.");
    assert_eq!(found["steps"][3]["technical"], ">> AUTH PLAIN (not shown)\n<< 235 2.7.0 Welcome");
    assert!(!found.to_string().contains("hunter2") && !found.to_string().contains("aHVudGVyMg"), "{found}");
    assert!(smarthost.taken().is_empty() && smarthost.heard().iter().all(|line| !line.starts_with("RCPT")));
    let outbound = relay.query("outbound", json!({})).await;
    assert_eq!(outbound["username"], Value::Null, "nothing is kept of a test: {outbound}");
}

#[tokio::test(flavor = "multi_thread")]
async fn v03_a_test_of_the_smarthost_says_which_step_fails_and_what_went_well_before() {
    let (relay, _, smarthost) = office().await;
    smarthost.behave(|manners| {
        manners.ehlo = Some("250-smart.example\r\n250 AUTH PLAIN".to_owned());
        manners.auth = Some("535 5.7.8 Wrong".to_owned());
    });
    let port = smarthost.address.port();
    let set = |port: u16, username: &str| {
        json!({
            "mode": "smarthost", "host": "127.0.0.1", "port": port, "tls": "never", "username": username,
        })
    };
    let lacking = relay.command("test_outbound", set(port, "office")).await;
    assert_eq!((&lacking["usable"], tested(&lacking).last().map(String::as_str)), (&json!(false), Some("sign_in bad")));
    relay.command("set_outbound", set(port, "office")).await;
    relay.command("set_outbound_secret", json!({ "secret": "hunter2" })).await;

    let refused = relay.command("test_outbound", set(port, "office")).await;

    assert_eq!(tested(&refused), ["greeting good", "ehlo good", "sign_in bad"], "with the kept password: {refused}");
    let technical = refused["steps"][2]["technical"].as_str().expect("what was said");
    assert!(technical.contains("<< 535 5.7.8 Wrong") && !technical.contains("hunter2"), "{technical}");
    let other = relay.command("test_outbound", set(port, "somebody else")).await;
    assert!(tested(&other).contains(&"sign_in bad".to_owned()) && other.to_string().contains("password is missing"));
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
    let away = relay.command("test_outbound", set(nobody.port(), "office")).await;
    assert_eq!((&away["usable"], tested(&away)), (&json!(false), vec!["connect bad".to_owned()]), "{away}");
}

#[tokio::test(flavor = "multi_thread")]
async fn v03_a_test_of_a_smarthost_whose_encryption_fails_says_so_and_never_signs_in_in_clear() {
    let (relay, _, smarthost) = office().await;
    smarthost.behave(|manners| {
        manners.ehlo = Some("250-smart.example\r\n250-STARTTLS\r\n250 AUTH PLAIN".to_owned());
        manners.starttls = Some("220 2.0.0 Go ahead".to_owned());
        manners.auth = Some("235 2.7.0 Welcome".to_owned());
    });
    let port = smarthost.address.port();
    let asked = json!({ "mode": "smarthost", "host": "127.0.0.1", "port": port, "tls": "opportunistic" });
    let mut signing = asked.clone();
    signing["username"] = json!("office");
    signing["secret"] = json!("hunter2");

    let open = relay.command("test_outbound", asked).await;
    assert_eq!(open["usable"], true, "without a password it goes on in clear, as mail would: {open}");
    assert!(tested(&open).contains(&"starttls note".to_owned()), "{open}");

    let closed = relay.command("test_outbound", signing).await;
    assert_eq!((&closed["usable"], tested(&closed).last().map(String::as_str)), (&json!(false), Some("starttls bad")));
    assert!(smarthost.heard().iter().all(|line| !line.starts_with("AUTH")), "{:?}", smarthost.heard());
}

#[tokio::test(flavor = "multi_thread")]
async fn v03_a_test_of_the_direct_way_looks_a_domain_up_and_says_when_port_25_is_shut() {
    let relay = to_the_world().await;

    let shut = relay.command("test_outbound", json!({ "mode": "mx", "domain": "fabrikam.example" })).await;
    assert_eq!(
        (&shut["usable"], tested(&shut)),
        (&json!(false), vec!["look_up good".to_owned(), "connect bad".to_owned()])
    );
    assert!(shut["sentence"].as_str().is_some_and(|text| text.contains("Many providers block it")), "{shut}");

    let none = relay.command("test_outbound", json!({ "mode": "mx", "domain": "null.example" })).await;
    assert_eq!((&none["usable"], tested(&none)), (&json!(false), vec!["connect bad".to_owned()]), "{none}");

    let practice = Relay::open(Kind::Practice, SessionLimits::default()).await;
    for args in [
        json!({ "mode": "mx", "domain": "fabrikam.example" }),
        json!({ "mode": "smarthost", "host": "192.0.2.1", "tls": "never" }),
    ] {
        assert_eq!(practice.refused("test_outbound", args).await.code, Code::Forbidden);
    }
    for args in [json!({ "mode": "off" }), json!({ "mode": "mx" }), json!({ "mode": "smarthost" })] {
        assert_eq!(relay.refused("test_outbound", args).await.code, Code::Invalid);
    }
}

/// The steps of a test, each with its verdict.
fn tested(found: &Value) -> Vec<String> {
    let steps = found["steps"].as_array().expect("steps").iter();
    let word = |step: &Value, name: &str| step[name].as_str().expect("a word").to_owned();
    steps.map(|step| format!("{} {}", word(step, "step"), word(step, "verdict"))).collect()
}

/// A relay that sends to each domain's own mail exchangers, none of which answers.
async fn to_the_world() -> Relay {
    let silent = || vec![Exchanger { preference: 10, host: "127.25.25.25".to_owned() }];
    let null = vec![Exchanger { preference: 0, host: String::new() }];
    let known = [("fabrikam.example", silent()), ("contoso.example", silent()), ("null.example", null)];
    let known = known.into_iter().map(|(domain, found)| (domain.to_owned(), found)).collect();
    let limits = SessionLimits { error_wait: Duration::ZERO, probes_a_minute: 0, ..SessionLimits::default() };
    let relay = Relay::open_knowing(Kind::Real, limits, Some(known)).await;
    // Nobody has to answer there: no test of these sends to it before it is another server's.
    relay.serves("acme.example", std::net::SocketAddr::from(([127, 0, 0, 1], 9))).await;
    relay.command("set_sender_hosts", json!({ "hosts": [{ "network": "127.0.0.1", "note": "printer" }] })).await;
    assert_eq!(relay.command("set_outbound", json!({ "mode": "mx" })).await["mode"], "mx");
    relay
}

/// A relay with an office server, and a smarthost for the machine the tests run on.
async fn office() -> (Relay, Destination, Destination) {
    let limits = SessionLimits { probe_every: Duration::from_millis(200), ..SessionLimits::default() };
    let relay = Relay::open(Kind::Real, limits).await;
    let office = Destination::start(Manners::default()).await;
    let smarthost = Destination::start(Manners::default()).await;
    relay.serves("acme.example", office.address).await;
    relay.command("set_sender_hosts", json!({ "hosts": [{ "network": "127.0.0.1", "note": "printer" }] })).await;
    let port = smarthost.address.port();
    let set = json!({ "mode": "smarthost", "host": "127.0.0.1", "port": port, "tls": "never" });
    assert_eq!(relay.command("set_outbound", set).await["mode"], "smarthost");
    (relay, office, smarthost)
}

/// Ann's message to Kim, kept because the smarthost is busy; gives its queue id.
async fn kept_outward(relay: &Relay, smarthost: &Destination, mail: &str, rcpt: &str) -> String {
    smarthost.behave(|manners| manners.rcpt = Some("451 4.3.0 Later".to_owned()));
    let mut client = Client::connect(relay.smtp).await;
    client.say("EHLO mail.acme.example").await;
    assert!(client.say(format!("MAIL FROM:<ann@acme.example> {mail}").trim()).await.starts_with("250"));
    assert!(client.say(format!("RCPT TO:<kim@fabrikam.example> {rcpt}").trim()).await.starts_with("250"));
    let reply = client.data("Subject: out\r\n\r\nsecret body").await;
    relay
        .until("it was tried and waits", async || {
            let rows = waiting(relay).await;
            rows.len() == 1
                && rows[0]["recipients"][0]["state"] == "queued"
                && rows[0]["recipients"][0]["attempts"] == 1
        })
        .await;
    reply.trim().strip_prefix("250 2.0.0 queued as ").unwrap_or_else(|| panic!("{reply}")).to_owned()
}

/// The only message that the office has: a report that says "relayed" of Kim. Gives its text.
fn relayed_report(office: &Destination) -> String {
    let report = office.taken().remove(0);
    assert!(report.mail.starts_with("MAIL FROM:<>"), "{}", report.mail);
    assert_eq!(report.recipients, ["ann@acme.example"]);
    let text = String::from_utf8_lossy(&report.content).into_owned();
    for field in ["Final-Recipient: rfc822; kim@fabrikam.example", "Action: relayed", "Status: 2.1.9"] {
        assert!(text.contains(field), "{field}: {text}");
    }
    text
}

/// How many steps of the trace of this recipient's newest row are a report.
async fn report_step(relay: &Relay, recipient: &str) -> usize {
    let log = relay.query("mail_log", json!({ "search": recipient })).await;
    let rows = log["rows"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["recipient"] == recipient).expect("a row");
    let message = relay.query("mail_message", json!({ "id": row["id"] })).await;
    message["trace"].as_array().expect("a trace").iter().filter(|step| step["step"] == "report").count()
}

/// Messages that somebody waits for.
async fn waiting(relay: &Relay) -> Vec<Value> {
    let rows = relay.query("queue", json!({})).await["rows"].as_array().expect("rows").clone();
    let waits =
        |row: &Value| row["recipients"].as_array().is_some_and(|all| all.iter().any(|one| one["state"] == "queued"));
    rows.into_iter().filter(waits).collect()
}
