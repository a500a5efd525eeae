//! Domains: aliases, subdomains, tags, closed lists, another host to ask, routes of single addresses (3.2, 3.4).

use rollcall_api::{Kind, OpenOptions, SessionLimits};
use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::{Destination, Manners};
use rollcall_tests::relay::{Relay, bound};
use serde_json::{Value, json};

async fn before(destination: &Destination, settings: Value) -> Relay {
    let relay = Relay::before(destination).await;
    let mut args = json!({ "name": "acme.example" });
    args.as_object_mut().expect("an object").extend(settings.as_object().cloned().unwrap_or_default());
    relay.command("set_domain", args).await;
    relay
}

fn place(destination: &Destination) -> Value {
    json!({ "host": "127.0.0.1", "port": destination.address.port(), "tls": "never" })
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_may_be_sent_to_where_rollcall_itself_receives() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let port = relay.smtp.port();
    let own = |host: &str| json!({ "host": host, "port": port, "tls": "never" });

    for host in ["127.0.0.1", "localhost"] {
        let commands = [
            ("add_domain", json!({ "name": "acme.example", "destination": own(host) })),
            ("set_domain", json!({ "name": "acme.example", "verification": own(host) })),
            ("set_route", json!({ "address": "ann@acme.example", "destination": own(host) })),
            ("test_destination", json!({ "domain": "acme.example", "host": host, "port": port, "tls": "never" })),
            ("test_outbound", json!({ "mode": "smarthost", "host": host, "port": port, "tls": "never" })),
            ("set_outbound", json!({ "mode": "smarthost", "host": host, "port": port, "tls": "never" })),
        ];
        for (name, args) in commands {
            let fault = relay.refused(name, args).await;
            assert_eq!(fault.code, rollcall_api::Code::Conflict, "{name} {host}: {fault}");
            assert!(fault.message.contains("is where Rollcall itself receives mail"), "{fault}");
        }
    }

    let domains = relay.query("domains", json!({})).await;
    assert_eq!(domains["rows"][0]["destination"]["port"], destination.address.port(), "nothing was changed");
}

async fn rcpt(relay: &Relay, sender: &str, recipient: &str) -> String {
    let mut client = Client::with_mail(relay.smtp, sender).await;
    client.say(&format!("RCPT TO:<{recipient}>")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn v10_aliases_subdomains_and_tags_are_one_row_and_the_envelope_stays_as_written() {
    let destination = Destination::start(Manners::default()).await;
    let relay = before(&destination, json!({ "strip_subdomains": true })).await;
    relay.command("set_alias_domains", json!({ "name": "acme.example", "aliases": ["acme.test"] })).await;

    for written in ["Ann+x@acme.test", "ann@eu.sales.acme.example", "ann+y@eu.acme.test"] {
        assert!(send(relay.smtp, "a@sender.example", written, "x").await.starts_with("250"), "{written}");
    }

    assert_eq!(relay.addresses("discovered").await, ["Ann@acme.example"], "three messages for one person");
    let envelopes: Vec<String> = destination.taken().into_iter().flat_map(|taken| taken.recipients).collect();
    assert_eq!(envelopes, ["Ann+x@acme.test", "ann@eu.sales.acme.example", "ann+y@eu.acme.test"]);
    for foreign in ["ann@notacme.example", "ann@acme.example.evil.test"] {
        let reply = rcpt(&relay, "a@sender.example", foreign).await;
        assert!(reply.starts_with(&format!("554 5.7.1 <{foreign}>: Relay access denied")), "{reply}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn v10_an_explicit_row_wins_before_the_name_without_its_tag() {
    let destination = Destination::start(Manners::default()).await;
    let relay = before(&destination, json!({})).await;
    relay.command("create_user", json!({ "users": [{ "address": "a@acme.example" }] })).await;
    relay.command("mark_invalid", json!({ "addresses": ["a+b@acme.example"] })).await;

    assert!(rcpt(&relay, "s@sender.example", "a+c@acme.example").await.starts_with("250 2.1.5"));
    let refused = rcpt(&relay, "s@sender.example", "a+b@acme.example").await;
    assert!(
        refused.starts_with(
            "550 5.1.1 <a+b@acme.example>: Recipient address rejected: User email address is marked as invalid"
        ),
        "{refused}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn v10_mail_is_sent_on_to_the_primary_address_where_that_is_ticked() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = before(&destination, json!({ "deliver_to_primary": true })).await;
    relay.command("set_alias_domains", json!({ "name": "acme.example", "aliases": ["acme.test"] })).await;

    let reply = send(relay.smtp, "a@sender.example", "ann+x@acme.test", "x").await;

    assert!(reply.starts_with("250"), "{reply}");
    assert_eq!(destination.taken()[0].recipients, ["ann@acme.example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn v10_addresses_made_by_programs_are_delivered_and_never_become_rows() {
    let destination = Destination::start(Manners::default()).await;
    let relay = before(&destination, json!({})).await;

    for local in ["SRS0=HHH=TT=orig.example=ann", "bounces-17", "news-owner=reader.example"] {
        for _ in 0..3 {
            let reply = send(relay.smtp, "a@sender.example", &format!("{local}@acme.example"), "x").await;
            assert!(reply.starts_with("250"), "{local}: {reply}");
        }
    }

    let all = relay.query("addresses", json!({})).await;
    assert_eq!(all["total"], 0, "{all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn m07_p13_x01_a_closed_list_refuses_strangers_without_asking_and_asks_learn_nothing() {
    let destination = Destination::start(Manners::default()).await;
    let relay = before(&destination, json!({ "unknown": "reject" })).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;

    let reply = rcpt(&relay, "a@sender.example", "new@acme.example").await;
    assert!(reply.starts_with("550 5.1.1 <new@acme.example>: Invalid recipient"), "{reply}");
    assert!(!destination.heard().iter().any(|line| line.contains("new@")), "the destination was not asked");
    assert!(rcpt(&relay, "a@sender.example", "ann@acme.example").await.starts_with("250 2.1.5"));

    relay.command("set_domain", json!({ "name": "acme.example", "unknown": "ask" })).await;
    assert!(send(relay.smtp, "a@sender.example", "new@acme.example", "x").await.starts_with("250"));
    assert_eq!(relay.state("new@acme.example").await, "unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn v04_a_new_address_waits_so_that_somebody_can_decide_and_an_invented_one_is_refused_at_once() {
    let destination = Destination::knowing(&["ann", "new"]).await;
    let relay = before(&destination, json!({ "defer_strangers": true })).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;

    assert!(client.say("RCPT TO:<ann@acme.example>").await.starts_with("250"));
    let reply = client.say("RCPT TO:<new@acme.example>").await;
    assert!(reply.starts_with("451 4.7.1 <new@acme.example>: New address, please retry in 30 minutes"), "{reply}");
    assert!(client.say("RCPT TO:<no@acme.example>").await.starts_with("550 5.1.1"));
    assert!(client.data("Subject: x\r\n\r\nx").await.starts_with("250"));

    assert_eq!(destination.taken()[0].recipients, ["ann@acme.example"], "nobody who was deferred got it");
}

#[tokio::test(flavor = "multi_thread")]
async fn v05_recipients_are_asked_about_at_the_verification_host_and_delivered_to_the_destination() {
    let late = Destination::start(Manners::default()).await;
    let exact = Destination::knowing(&["ann"]).await;
    let relay = before(&late, json!({ "verification": place(&exact) })).await;

    let unknown = rcpt(&relay, "a@sender.example", "nobody@acme.example").await;
    assert!(
        unknown.starts_with("550 5.1.1 <nobody@acme.example>: Recipient address rejected: User unknown"),
        "{unknown}"
    );
    assert!(send(relay.smtp, "a@sender.example", "ann@acme.example", "x").await.starts_with("250"));

    assert_eq!((late.taken().len(), exact.taken().len()), (1, 0));
    exact.stop();
    let down = rcpt(&relay, "a@sender.example", "bob@acme.example").await;
    assert!(down.starts_with("451 4.4.1 <bob@acme.example>: Mail server cannot be reached"), "{down}");
}

#[tokio::test(flavor = "multi_thread")]
async fn v14_one_address_can_have_its_own_destination() {
    let (office, hosted) = (Destination::knowing(&["ann", "bob"]).await, Destination::knowing(&["ann"]).await);
    let relay = before(&office, json!({})).await;
    let route = json!({ "address": "ann@acme.example", "destination": place(&hosted) });
    relay.command("set_route", route).await;

    assert!(send(relay.smtp, "a@sender.example", "ann+x@acme.example", "x").await.starts_with("550"), "hosted says no");
    assert!(send(relay.smtp, "a@sender.example", "ann@acme.example", "x").await.starts_with("250"));
    assert!(send(relay.smtp, "a@sender.example", "bob@acme.example", "x").await.starts_with("250"));
    assert_eq!((office.taken().len(), hosted.taken().len()), (1, 1));
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;
    assert!(client.say("RCPT TO:<bob@acme.example>").await.starts_with("250"));
    let reply = client.say("RCPT TO:<ann@acme.example>").await;
    assert!(reply.starts_with("452 4.5.3 <ann@acme.example>: Send this recipient separately"), "{reply}");

    let domains = relay.command("set_route", json!({ "address": "ann@acme.example" })).await;
    assert_eq!(domains["rows"][0]["settings"]["routes"], json!([]));
    assert!(send(relay.smtp, "a@sender.example", "ann@acme.example", "x").await.starts_with("250"));
    assert_eq!(office.taken().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn v03_a_server_that_decides_at_data_gets_one_unverified_recipient_a_transaction() {
    let refuses = Some("550 5.1.1 no such user".to_owned());
    let destination = Destination::start(Manners { end_of_data: refuses, ..Manners::default() }).await;
    let relay = before(&destination, json!({})).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;

    let reply = send(relay.smtp, "a@sender.example", "nobody@acme.example", "x").await;
    assert!(reply.starts_with("550 5.1.1"), "{reply}");
    relay
        .until("it is known to decide at DATA", async || {
            relay.query("domains", json!({})).await["rows"][0]["decides_at_data"] == true
        })
        .await;

    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;
    assert!(client.say("RCPT TO:<one@acme.example>").await.starts_with("250"));
    let second = client.say("RCPT TO:<two@acme.example>").await;
    assert!(second.starts_with("452 4.5.3 <two@acme.example>: Send this recipient separately"), "{second}");
    assert!(client.say("RCPT TO:<ann@acme.example>").await.starts_with("250"), "an account goes along");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_shown_journaled_and_refused_with_a_sentence_when_they_cannot_be() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = before(&destination, json!({ "tag_delimiter": "-", "inactive": "deliver" })).await;

    let settings = relay.query("domains", json!({})).await["rows"][0]["settings"].clone();
    assert_eq!((&settings["tag_delimiter"], &settings["inactive"]), (&json!("-"), &json!("deliver")));
    assert_eq!((&settings["unknown"], &settings["verification"]), (&json!("learn"), &Value::Null));
    let journal = relay.query("journal", json!({})).await;
    assert_eq!(journal["rows"][0]["action"], "set_domain");
    assert_eq!(journal["rows"][0]["why"], "acme.example: tags begin with -; mail for inactive accounts: deliver");

    relay.serves("other.example", destination.address).await;
    let taken =
        relay.refused("set_alias_domains", json!({ "name": "acme.example", "aliases": ["other.example"] })).await;
    assert_eq!(taken.message, "other.example is one of your domains, so it can't be another name of acme.example.");
    let unknown = relay.refused("set_domain", json!({ "name": "nowhere.example", "unknown": "ask" })).await;
    assert_eq!(unknown.message, "nowhere.example isn't one of your domains.");
    let zero = json!({ "host": "127.0.0.1", "port": 0, "tls": "never" });
    let port = relay.refused("set_route", json!({ "address": "ann@acme.example", "destination": zero })).await;
    assert_eq!(port.message, "A mail server's port is 1 to 65535, usually 25.");
}

#[tokio::test(flavor = "multi_thread")]
async fn v14_mail_for_an_address_with_its_own_destination_is_kept_while_that_is_away_and_goes_there() {
    let (office, hosted) = (Destination::knowing(&["ann", "bob"]).await, Destination::knowing(&["ann"]).await);
    let relay = before(&office, json!({})).await;
    let route = json!({ "address": "ann@acme.example", "destination": place(&hosted) });
    relay.command("set_route", route).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;
    let address = hosted.address;
    hosted.stop();

    let reply = send(relay.smtp, "a@sender.example", "ann@acme.example", "Subject: kept\r\n\r\nx").await;

    assert!(reply.starts_with("250 2.0.0 queued as "), "{reply}");
    let queue = relay.query("queue", json!({})).await;
    assert_eq!(queue["rows"][0]["recipients"][0]["next_hop"], address.to_string(), "{queue}");
    let back = Destination::start_at(address, Manners::default()).await;
    assert!(
        send(relay.smtp, "a@sender.example", "ann@acme.example", "Subject: live\r\n\r\nx").await.starts_with("250")
    );
    relay.until("both arrived", async || back.taken().len() == 2).await;
    relay.until("nothing waits", async || relay.query("health", json!({})).await["waiting"] == 0).await;
    assert_eq!(office.taken().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn v14_a_new_way_holds_for_mail_that_waits_already() {
    let (office, hosted) = (Destination::knowing(&["ann"]).await, Destination::knowing(&["ann"]).await);
    let relay = before(&office, json!({})).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;
    office.stop();
    let reply = send(relay.smtp, "a@sender.example", "ann@acme.example", "Subject: kept\r\n\r\nx").await;
    assert!(reply.starts_with("250 2.0.0 queued as "), "{reply}");

    relay.command("set_route", json!({ "address": "ann@acme.example", "destination": place(&hosted) })).await;
    relay.command("flush_queue", json!({})).await;

    relay.until("it arrived at its own destination", async || hosted.taken().len() == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v10_mail_that_was_kept_goes_to_the_primary_address_and_the_log_has_the_one_that_was_written_to() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = before(&destination, json!({ "deliver_to_primary": true })).await;
    relay.command("set_alias_domains", json!({ "name": "acme.example", "aliases": ["acme.test"] })).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;
    let address = destination.address;
    destination.stop();
    let reply = send(relay.smtp, "a@sender.example", "ann+x@acme.test", "Subject: kept\r\n\r\nx").await;
    assert!(reply.starts_with("250 2.0.0 queued as "), "{reply}");

    let back = Destination::start_at(address, Manners::default()).await;
    relay.command("flush_queue", json!({})).await;

    relay.until("it arrived", async || back.taken().len() == 1).await;
    assert_eq!(back.taken()[0].recipients, ["ann@acme.example"]);
    relay.until("nothing waits", async || relay.query("health", json!({})).await["waiting"] == 0).await;
    relay
        .until("the log knows its end", async || {
            let row = relay.query("mail_log", json!({})).await["rows"][0].clone();
            row["recipient"] == "ann+x@acme.test" && row["outcome"] == "delivered"
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v04_a_restart_does_not_begin_the_wait_of_a_new_address_anew() {
    let destination = Destination::knowing(&["new"]).await;
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    relay.serves("acme.example", destination.address).await;
    relay.command("set_domain", json!({ "name": "acme.example", "defer_strangers": true })).await;
    assert!(rcpt(&relay, "a@sender.example", "new@acme.example").await.starts_with("451 4.7.1"));

    relay.door.close().await;
    let listen = Some(std::net::SocketAddr::from(([127, 0, 0, 1], 0)));
    let options = OpenOptions { listen, ..OpenOptions::new(relay.folder.path(), Kind::Practice) };
    let door = rollcall_api::open(options).await.expect("the folder opens again");
    door.command("skip_time", json!({ "hours": 5 })).await.expect("five hours later");

    let mut client = Client::with_mail(bound(&door).await, "a@sender.example").await;
    let reply = client.say("RCPT TO:<new@acme.example>").await;
    assert!(reply.starts_with("250 2.1.5"), "{reply}");
}
