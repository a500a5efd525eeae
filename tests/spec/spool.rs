//! What waits here: it goes as soon as it can, once, to where its own domain's mail goes now, whatever other mail does.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use rollcall_api::{Code, Door, Kind, Notice, OpenOptions, SessionLimits};
use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::{Destination, Manners};
use rollcall_tests::relay::{Relay, bound};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn destinations_that_hang_do_not_keep_another_domains_mail() {
    let relay = looking_often(Kind::Real).await;
    let stuck = Destination::start(Manners::default()).await;
    let office = Destination::start(Manners::default()).await;
    relay.serves("stuck.example", stuck.address).await;
    relay.serves("acme.example", office.address).await;
    accounts(&relay, &["ann@stuck.example", "bob@acme.example"]).await;
    stuck.stop();
    for _ in 0..25 {
        kept(&relay, "ann@stuck.example").await;
    }
    let stuck = Destination::start_at(stuck.address, Manners { hangs_at_rcpt: true, ..Manners::default() }).await;
    relay.until("as many attempts hang as may", async || asked_for_ann(&stuck) == 5).await;

    office.stop();
    kept(&relay, "bob@acme.example").await;
    let office = Destination::start_at(office.address, Manners::default()).await;

    relay.until("bob's message has arrived", async || office.taken().len() == 1).await;
    assert_eq!(asked_for_ann(&stuck), 5, "no more than five attempts at once with one destination");
    relay.until("what is stuck waits, and nothing else", async || waiting(&relay).await == 25).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destination_that_comes_back_is_noticed_without_new_mail() {
    let relay = looking_often(Kind::Real).await;
    let office = Destination::knowing(&["ann"]).await;
    relay.serves("acme.example", office.address).await;
    accounts(&relay, &["ann@acme.example"]).await;
    office.stop();
    kept(&relay, "ann@acme.example").await;
    assert!(is_unreachable(&relay).await);

    let office = Destination::start_at(office.address, Manners::default()).await;

    relay.until("the message has arrived", async || office.taken().len() == 1).await;
    relay.until("nothing is wrong", async || !is_unreachable(&relay).await && waiting(&relay).await == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_destination_that_comes_back_is_noticed_when_nothing_waits_either() {
    let relay = looking_often(Kind::Real).await;
    let office = Destination::knowing(&["ann"]).await;
    relay.serves("acme.example", office.address).await;
    office.stop();
    let reply = send(relay.smtp, "a@sender.example", "stranger@acme.example", "x").await;
    assert!(reply.starts_with("451 4.4.1"), "{reply}");
    assert!(is_unreachable(&relay).await);

    let office = Destination::start_at(office.address, Manners::default()).await;

    relay.until("it is known to answer", async || !is_unreachable(&relay).await).await;
    assert!(!office.heard().iter().any(|line| line.starts_with("MAIL")), "{:?}", office.heard());
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_told_when_the_spool_is_the_first_to_notice_that_a_destination_went() {
    // Looking again is too rare to matter here.
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    let office = Destination::knowing(&["ann"]).await;
    relay.serves("acme.example", office.address).await;
    accounts(&relay, &["ann@acme.example"]).await;
    office.behave(|manners| manners.closes_after_dot = true);
    kept(&relay, "ann@acme.example").await;
    relay.until("the spool has found it answering", async || !is_unreachable(&relay).await).await;
    let mut events = relay.door.subscribe().await.expect("events");

    office.stop();
    relay
        .until("the spool has tried again", async || {
            relay.command("skip_time", json!({ "hours": 1 })).await;
            is_unreachable(&relay).await
        })
        .await;

    let gone = Notice::Destination { destination: office.address.to_string(), answers: false };
    let told = async { while events.next().await.expect("an event").notice.as_ref() != Some(&gone) {} };
    tokio::time::timeout(Duration::from_secs(30), told).await.expect("people are told");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_message_goes_to_each_domains_own_server_when_one_of_them_moved() {
    let relay = looking_often(Kind::Practice).await;
    let (old, new) = (Destination::start(Manners::default()).await, Destination::start(Manners::default()).await);
    relay.serves("stays.example", old.address).await;
    relay.serves("moves.example", old.address).await;
    accounts(&relay, &["ann@stays.example", "bob@moves.example"]).await;
    old.stop();
    let mut client = Client::with_mail(relay.smtp, "a@sender.example").await;
    assert!(client.say("RCPT TO:<ann@stays.example>").await.starts_with("250"));
    assert!(client.say("RCPT TO:<bob@moves.example>").await.starts_with("250"));
    assert!(client.data("Subject: both\r\n\r\nx").await.starts_with("250 2.0.0 queued"));

    relay.serves("moves.example", new.address).await;
    relay
        .until("bob has his", async || {
            relay.command("skip_time", json!({ "hours": 1 })).await;
            new.taken().len() == 1
        })
        .await;
    let old = Destination::start_at(old.address, Manners::default()).await;
    relay.until("nothing waits", async || waiting(&relay).await == 0).await;

    let recipients = |server: &Destination| -> Vec<Vec<String>> {
        server.taken().into_iter().map(|message| message.recipients).collect()
    };
    assert_eq!(recipients(&old), [["ann@stays.example"]]);
    assert_eq!(recipients(&new), [["bob@moves.example"]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn six_changes_of_the_listener_at_once_end_with_a_bound_listener_and_no_fault() {
    let folder = TempDir::new().expect("a temporary folder");
    let door = rollcall_api::open(OpenOptions::new(folder.path(), Kind::Practice)).await.expect("the folder opens");
    let ports = [free_port(), free_port()];

    let mut changes = JoinSet::new();
    for number in 0..6 {
        let (door, port) = (door.clone(), ports[number % 2]);
        changes.spawn(async move {
            let args = json!({ "name": "inbound", "address": "127.0.0.1", "port": port });
            door.command("set_listener", args).await.expect("set_listener");
        });
    }
    while let Some(changed) = changes.join_next().await {
        changed.expect("no panic");
    }

    let health = ask_health(&door).await;
    let listener = &health["listeners"][0];
    assert_eq!(health["faults"], json!([]), "{health}");
    assert_eq!(listener["bound"], json!(format!("127.0.0.1:{}", listener["port"])), "{health}");
    Client::connect(bound(&door).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn practice_refuses_to_send_to_another_computer() {
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;

    for host in ["192.0.2.25", "mail.fabrikam.example"] {
        let destination = json!({ "host": host, "port": 25, "tls": "never" });
        let add = json!({ "name": "acme.example", "destination": destination });
        let added = relay.refused("add_domain", add).await;
        let test = json!({ "host": host, "port": 25, "tls": "never", "domain": "acme.example" });
        let tested = relay.refused("test_destination", test).await;
        assert_eq!((added.code, tested.code), (Code::Forbidden, Code::Forbidden), "{host}");
    }
    assert_eq!(ask_health(&relay.door).await["state"], "not_set_up");
}

#[tokio::test(flavor = "multi_thread")]
async fn content_on_its_way_is_finished_when_the_relay_stops_and_goes_only_once() {
    let relay = looking_often(Kind::Real).await;
    let office = Destination::start(Manners::default()).await;
    relay.serves("acme.example", office.address).await;
    accounts(&relay, &["ann@acme.example"]).await;
    office.stop();
    kept(&relay, "ann@acme.example").await;
    let Relay { door, folder, .. } = relay;
    let slow = Slow::start_at(office.address).await;

    let mut taking = slow.whole_content().await;
    let socket = door.socket();
    let answering = async {
        // The engine gives its socket up in the same step in which it tells everything to stop.
        while socket.exists() {
            rollcall_tests::pause(10).await;
        }
        taking.write_all(b"250 2.0.0 taken\r\n").await.expect("still there");
    };
    tokio::join!(door.close(), answering);

    let door = rollcall_api::open(OpenOptions::new(folder.path(), Kind::Real)).await.expect("the folder opens");
    let health = ask_health(&door).await;
    assert_eq!((&health["waiting"], &health["failed"]), (&json!(0), &json!(0)), "{health}");
}

/// A server that has taken the content and does not say so yet.
struct Slow(tokio::net::TcpListener);

impl Slow {
    async fn start_at(address: SocketAddr) -> Self {
        // Its predecessor may hold the port for a moment after it was told to stop.
        loop {
            match tokio::net::TcpListener::bind(address).await {
                Ok(listener) => return Self(listener),
                Err(_) => rollcall_tests::pause(20).await,
            }
        }
    }

    /// The connection on which a whole content came, before the answer to it.
    async fn whole_content(&self) -> BufReader<TcpStream> {
        loop {
            let (stream, _) = self.0.accept().await.expect("a connection");
            let mut stream = BufReader::new(stream);
            let mut answer = "220 slow.test\r\n";
            let mut line = String::new();
            loop {
                stream.write_all(answer.as_bytes()).await.expect("still there");
                line.clear();
                let read = stream.read_line(&mut line).await.expect("a line");
                match line.trim_end() {
                    _ if read == 0 => break,
                    "DATA" => answer = "354 go on\r\n",
                    "." => return stream,
                    // A line of content.
                    _ if answer.starts_with("354") || answer.is_empty() => answer = "",
                    "QUIT" => answer = "221 bye\r\n",
                    _ => answer = "250 ok\r\n",
                }
            }
        }
    }
}

/// A relay that looks again for a destination every fifth of a second.
async fn looking_often(kind: Kind) -> Relay {
    let limits = SessionLimits { probe_every: Duration::from_millis(200), ..SessionLimits::default() };
    Relay::open(kind, limits).await
}

async fn accounts(relay: &Relay, addresses: &[&str]) {
    let users: Vec<Value> = addresses.iter().map(|address| json!({ "address": address })).collect();
    relay.command("create_user", json!({ "users": users })).await;
}

/// Sends a message that is kept here, because its destination is away.
async fn kept(relay: &Relay, to: &str) {
    let reply = send(relay.smtp, "a@sender.example", to, "Subject: kept\r\n\r\nx").await;
    assert!(reply.starts_with("250 2.0.0 queued as "), "{reply}");
}

fn asked_for_ann(destination: &Destination) -> usize {
    destination.heard().iter().filter(|line| line.starts_with("RCPT TO:<ann@")).count()
}

async fn ask_health(door: &Door) -> Value {
    door.query("health", json!({})).await.expect("health")
}

async fn waiting(relay: &Relay) -> u64 {
    ask_health(&relay.door).await["waiting"].as_u64().expect("a number")
}

async fn is_unreachable(relay: &Relay) -> bool {
    let health = ask_health(&relay.door).await;
    health["faults"].as_array().expect("faults").iter().any(|fault| fault["code"] == "destination_unreachable")
}

fn free_port() -> u16 {
    let taken = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
    taken.local_addr().expect("bound").port()
}
