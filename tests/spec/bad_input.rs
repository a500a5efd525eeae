//! Bad input gets a right reply and loses nothing: clients that send garbage, destinations that break their word.

use std::time::Duration;

use rollcall_api::{Kind, SessionLimits};
use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::{Destination, Manners};
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn garbage_bytes_are_answered_until_the_relay_hangs_up() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::connect(relay.smtp).await;

    let garbage: Vec<u8> = (0..20).flat_map(|line: u8| [line, 0, 255, 254, 7, line, b'\r', b'\n']).collect();
    client.send(&garbage).await;

    let mut replies = Vec::new();
    loop {
        let reply = client.reply().await;
        let over = reply.starts_with("421") || reply == "(closed)";
        replies.push(reply);
        if over {
            break;
        }
    }
    assert!(replies.iter().all(|reply| reply.starts_with("500 5.5") || reply.starts_with("421 4.7.0")), "{replies:?}");
    assert!(replies.len() <= 10, "{replies:?}");
    assert_eq!(send(relay.smtp, "a@b.example", "ann@acme.example", "x").await.get(..3), Some("250"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_one_megabyte_is_one_error_and_the_session_goes_on() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::connect(relay.smtp).await;

    client.send(&vec![b'x'; 1024 * 1024]).await;
    let reply = client.say("").await;

    assert!(reply.starts_with("500 5.5.2"), "{reply}");
    assert!(client.say("NOOP").await.starts_with("250"));
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_recipients_get_452_from_the_hundred_and_first() {
    let destination = Destination::start(Manners::default()).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;

    let (mut taken, mut refused) = (0, 0);
    for batch in 0..100 {
        let lines: String = (0..100).map(|n| format!("RCPT TO:<u{batch}x{n}@acme.example>\r\n")).collect();
        client.send(lines.as_bytes()).await;
        for _ in 0..100 {
            match client.reply().await {
                reply if reply.starts_with("250 2.1.5") => taken += 1,
                reply if reply == "452 4.5.3 Too many recipients" => refused += 1,
                reply => panic!("{reply}"),
            }
        }
    }

    assert_eq!((taken, refused), (100, 9900));
    assert!(client.data("x").await.starts_with("250"), "the first hundred still get the message");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_never_speaks_is_told_so_and_let_go() {
    let limits = SessionLimits { command_wait: Duration::from_millis(200), ..SessionLimits::default() };
    let relay = Relay::open(Kind::Real, limits).await;
    let mut client = Client::connect(relay.smtp).await;

    assert!(client.reply().await.starts_with("421 4.4.2"));
    assert_eq!(client.reply().await, "(closed)");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bare_line_feed_ends_the_session_in_commands_and_in_content() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;

    let mut client = Client::connect(relay.smtp).await;
    client.send(b"NOOP\nNOOP\r\n").await;
    assert_eq!(client.reply().await, "550 5.5.2 Bare line feed");
    assert_eq!(client.reply().await, "(closed)");

    for smuggled in ["\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r\r\n", "\n.\n"] {
        let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;
        client.say("RCPT TO:<ann@acme.example>").await;
        client.say("DATA").await;
        client.send(format!("Subject: x\r\n\r\nbody{smuggled}MAIL FROM:<evil@x.example>\r\n.\r\n").as_bytes()).await;
        let reply = client.reply().await;
        assert!(reply.starts_with("550 5.5.2 Bare "), "{smuggled:?}: {reply}");
        assert_eq!(client.reply().await, "(closed)", "{smuggled:?}");
    }
    assert_eq!(destination.taken().len(), 0, "nothing of it went on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_leaves_in_content_leaves_nothing_behind() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;
    client.say("RCPT TO:<ann@acme.example>").await;
    client.say("DATA").await;
    client.send(b"Subject: half\r\n\r\nhal").await;
    drop(client);

    relay.until("the destination hears RSET", async || destination.heard().iter().any(|line| line == "RSET")).await;
    assert_eq!(destination.taken().len(), 0);
    assert_eq!(relay.state("ann@acme.example").await, "unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn content_over_the_limit_is_refused_and_the_session_goes_on() {
    let destination = Destination::knowing(&["ann"]).await;
    let limits = SessionLimits { content_bytes: 1000, ..SessionLimits::default() };
    let relay = Relay::open(Kind::Real, limits).await;
    relay.serves("acme.example", destination.address).await;
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;
    client.say("RCPT TO:<ann@acme.example>").await;

    assert!(client.data(&"x".repeat(1500)).await.starts_with("552 5.3.4"));
    assert!(client.say("MAIL FROM:<a@b.example> SIZE=1001").await.starts_with("552 5.3.4"));
    assert!(client.say("NOOP").await.starts_with("250"));
    assert_eq!(destination.taken().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_went_round_a_hundred_times_is_a_loop() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let hops = "Received: by somewhere\r\n".repeat(101);

    let reply = send(relay.smtp, "a@sender.example", "ann@acme.example", &format!("{hops}\r\nx")).await;

    assert!(reply.starts_with("554 5.4.6"), "{reply}");
    assert_eq!(destination.taken().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destination_that_hangs_is_not_reachable_after_ten_seconds() {
    let destination = Destination::start(Manners { hangs: true, ..Manners::default() }).await;
    let relay = Relay::before(&destination).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;

    let reply = send(relay.smtp, "a@sender.example", "bob@acme.example", "x").await;
    assert!(reply.starts_with("451 4.4.1"), "{reply}");
    let kept = send(relay.smtp, "a@sender.example", "ann@acme.example", "x").await;
    assert!(kept.starts_with("250 2.0.0 queued as "), "{kept}");
    let health = relay.query("health", json!({})).await;
    assert_eq!(health["faults"][0]["code"], "destination_unreachable");
    assert!(health["faults"][0]["detail"].as_str().is_some_and(|text| text.contains("10 s")), "{health}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destination_that_hangs_at_rcpt_defers_the_stranger() {
    let destination = Destination::start(Manners { hangs_at_rcpt: true, ..Manners::default() }).await;
    let relay = Relay::before(&destination).await;

    let reply = send(relay.smtp, "a@sender.example", "bob@acme.example", "x").await;

    assert!(reply.starts_with("451 4.4.1"), "{reply}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_client_does_not_hold_the_destination_and_the_question_is_repeated() {
    let destination = Destination::knowing(&["ann"]).await;
    let limits = SessionLimits { hold: Duration::from_millis(50), ..SessionLimits::default() };
    let relay = Relay::open(Kind::Real, limits).await;
    relay.serves("acme.example", destination.address).await;
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;
    client.say("RCPT TO:<ann@acme.example>").await;
    client.say("DATA").await;
    client.send(b"Subject: slow\r\n").await;
    let heard = |word: &str| destination.heard().iter().filter(|line| line.starts_with(word)).count();

    // One more block after the hold has passed lets the transaction go.
    let mut blocks = 0;
    relay
        .until("the destination hears RSET", async || {
            blocks += 1;
            client.send(b"X-More: yes\r\n").await;
            heard("RSET") == 1
        })
        .await;
    client.send(b"\r\nend\r\n.\r\n").await;

    assert!(client.reply().await.starts_with("250 2.0.0"));
    assert_eq!((heard("RCPT"), destination.taken().len()), (2, 1), "asked again before DATA");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_changed_meanwhile_defers_the_message() {
    let destination = Destination::knowing(&["ann"]).await;
    let limits = SessionLimits { hold: Duration::from_millis(50), ..SessionLimits::default() };
    let relay = Relay::open(Kind::Real, limits).await;
    relay.serves("acme.example", destination.address).await;
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;
    client.say("RCPT TO:<ann@acme.example>").await;
    client.say("DATA").await;
    destination.behave(|manners| manners.rcpt = Some("450 4.2.1 busy".to_owned()));

    relay
        .until("the destination hears RSET", async || {
            client.send(b"X-More: yes\r\n").await;
            destination.heard().iter().any(|line| line == "RSET")
        })
        .await;
    client.send(b"\r\nend\r\n.\r\n").await;

    assert!(client.reply().await.starts_with("451 4.4.2"));
    assert_eq!(destination.taken().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_arguments_are_refused_with_a_sentence_and_change_nothing() {
    let relay = Relay::bare().await;
    let before = relay.query("health", json!({})).await["upstreams"].clone();
    let cases = [
        ("add_domain", json!({ "name": "not a domain", "destination": { "host": "h", "port": 25, "tls": "never" } })),
        ("add_domain", json!({ "name": "a.example", "destination": { "host": "b c", "port": 25, "tls": "never" } })),
        ("add_domain", json!({ "name": "a.example", "destination": { "host": "h", "port": 0, "tls": "never" } })),
        ("add_domain", json!({ "name": "a.example", "destination": { "host": "h", "port": 25, "tls": "maybe" } })),
        ("add_domain", json!({ "name": "a.example" })),
        ("set_listener", json!({ "name": "inbound", "address": "localhost", "port": 25 })),
        ("set_upstreams", json!({ "addresses": ["192.0.2.1", "nonsense"] })),
        ("create_user", json!({ "users": [] })),
        ("create_user", json!({ "users": [{ "address": "ann" }] })),
        ("create_user", json!({ "users": [{ "address": "ann@elsewhere.example" }] })),
        ("create_user", json!({ "users": [{ "address": "a@b.example" }], "role": "boss" })),
        ("mark_invalid", json!({ "addresses": ["x"], "extra": 1 })),
        ("no_such_command", json!({})),
    ];
    for (name, args) in cases {
        let fault = relay.refused(name, args.clone()).await;
        assert_eq!(fault.code, rollcall_api::Code::Invalid, "{name} {args}: {fault:?}");
        assert!(fault.message.ends_with('.') && fault.message.len() > 15, "{name}: {}", fault.message);
    }
    assert_eq!(relay.query("health", json!({})).await["upstreams"], before);
    assert_eq!(relay.refused("undo", json!({ "entry": 999 })).await.code, rollcall_api::Code::NotFound);
    assert_eq!(relay.refused("skip_time", json!({ "hours": 1 })).await.code, rollcall_api::Code::Forbidden);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_is_its_own_destination_ends_the_circle_and_takes_nothing() {
    let relay = Relay::bare().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
    // Only a listener that is moved there later makes such a circle: naming our own place is refused.
    relay.serves("acme.example", free).await;
    let listener = json!({ "name": "inbound", "address": "127.0.0.1", "port": free.port() });
    let moved = relay.command("set_listener", listener).await;
    assert_eq!(moved["listener"]["bound"], json!(free.to_string()));

    the_circle_ends(&relay, free).await;

    let faults = relay.query("health", json!({})).await["faults"].clone();
    let told = faults.as_array().expect("faults").iter().find(|fault| fault["code"] == "destination_is_ours");
    let sentence = told.expect("it is told").get("sentence").and_then(Value::as_str).expect("a sentence").to_owned();
    assert!(sentence.starts_with(&format!("Mail for acme.example goes to {free}, which is Rollcall")), "{sentence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_relays_that_deliver_to_each_other_end_the_circle_and_take_nothing() {
    let (relay, other) = (Relay::bare().await, Relay::bare().await);
    relay.serves("acme.example", other.smtp).await;
    other.serves("acme.example", relay.smtp).await;
    the_circle_ends(&relay, relay.smtp).await;
}

/// A stranger's question goes round until no connection is left for it; an account's message until it is recognised.
async fn the_circle_ends(relay: &Relay, to: std::net::SocketAddr) {
    let reply = send(to, "a@sender.example", "ann@acme.example", "Subject: round\r\n\r\nx").await;
    assert!(reply.starts_with("45"), "nobody has said that she does not exist: {reply}");
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example" }] })).await;

    let reply = send(to, "a@sender.example", "ann@acme.example", "Subject: round\r\n\r\nx").await;

    assert!(reply.starts_with("554 5.4.6 ") || reply.starts_with("45"), "{reply}");
    let health = relay.query("health", json!({})).await;
    assert_eq!(health["waiting"], 0, "nothing goes round in the queue: {health}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_gets_fifty_connections_and_a_listed_upstream_more() {
    let destination = Destination::knowing(&["ann"]).await;
    let relay = Relay::before(&destination).await;
    let mut open = Vec::new();
    for _ in 0..50 {
        open.push(Client::connect(relay.smtp).await);
    }

    let mut refused = Client::connect_silently(relay.smtp).await;
    assert!(refused.reply().await.starts_with("421 4.3.2 "));
    assert_eq!(refused.reply().await, "(closed)");
    drop(open.pop());
    relay
        .until("a place is free again", async || {
            let mut client = Client::connect_silently(relay.smtp).await;
            client.reply().await.starts_with("220 ")
        })
        .await;
    relay.command("set_upstreams", json!({ "addresses": ["127.0.0.1"] })).await;
    for _ in 0..5 {
        open.push(Client::connect(relay.smtp).await);
    }
}
