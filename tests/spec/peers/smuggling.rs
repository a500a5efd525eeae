//! SMTP smuggling (CVE-2023-51764 and its kin): whatever a client puts around a dot, one message stays one message, all
//! the way into the mailboxes of three mail servers that read line ends differently.

use rollcall_tests::client::Client;
use rollcall_tests::exim::{Exim, Refuses};
use rollcall_tests::opensmtpd::OpenSmtpd;
use rollcall_tests::peer::SENDER;
use rollcall_tests::postfix::Postfix;
use rollcall_tests::relay::Relay;
use serde_json::json;

use super::text;

/// What follows the variant: an envelope and a message that nobody sent.
const SMUGGLED: &str = "MAIL FROM:<admin@acme.example>\r\nRCPT TO:<ann@acme.example>\r\nDATA\r\n\
                        From: <admin@acme.example>\r\nSubject: smuggled\r\n\r\nsmuggled\r\n.\r\nQUIT\r\n";

/// What a client found out about one variant.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// Refused, and the connection closed: nothing went on.
    Refused,
    /// Taken as one message.
    One,
    /// The variant held a real end: two messages, each with an envelope of its own.
    Two,
}

/// Every string of these bytes up to this length.
fn strings(bytes: &[u8], longest: usize) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = vec![Vec::new()];
    let mut start = 0;
    for _ in 0..longest {
        let end = all.len();
        for index in start..end {
            for byte in bytes {
                let mut longer = all[index].clone();
                longer.push(*byte);
                all.push(longer);
            }
        }
        start = end;
    }
    all
}

/// Every mix of CR, LF and dot up to five bytes, and up to three with a letter between them.
fn variants() -> Vec<Vec<u8>> {
    let mut all = strings(b"\r\n.", 5);
    all.extend(strings(b"\r\n.x", 3).into_iter().filter(|variant| variant.contains(&b'x')));
    all
}

/// Where to cut a variant into two writes: everywhere in a short one, somewhere in a long one.
fn cuts(number: usize, variant: &[u8]) -> Vec<usize> {
    if variant.len() <= 3 { (0..=variant.len()).collect() } else { vec![number % (variant.len() + 1)] }
}

/// Every variant with each of its cuts, numbered.
fn attempts() -> impl Iterator<Item = (usize, Vec<u8>, usize)> {
    let cut = variants().into_iter().enumerate();
    cut.flat_map(|(number, variant)| cuts(number, &variant).into_iter().map(move |cut| (number, variant.clone(), cut)))
}

/// What must happen, by RFC 5321 section 4.1.1.4 and 2.3.8: only CRLF ends a line, only CRLF.CRLF ends content, and a
/// bare CR or LF is refused. The content before the variant ends in the middle of a line.
fn expected(variant: &[u8]) -> Outcome {
    let stream = [b"start".as_slice(), variant, SMUGGLED.as_bytes()].concat();
    let end = find(&stream, b"\r\n.\r\n").expect("the smuggled message's own end");
    let content = &stream[..end + 5];
    let bare = (0..content.len()).any(|at| match content[at] {
        b'\n' => at == 0 || content[at - 1] != b'\r',
        b'\r' => content.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    match (bare, end + 5 > "start".len() + variant.len()) {
        (true, _) => Outcome::Refused,
        (false, true) => Outcome::One,
        (false, false) => Outcome::Two,
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

/// Sends one variant, cut into two writes after `cut` bytes of it.
async fn attempt(relay: &Relay, number: usize, variant: &[u8], cut: usize) -> Outcome {
    let mut client = Client::with_mail(relay.smtp, SENDER).await;
    assert!(client.say("RCPT TO:<ann@acme.example>").await.starts_with("250"));
    assert!(client.say("DATA").await.starts_with("354"));
    client.send(&[format!("Subject: v{number}.\r\n\r\nstart").as_bytes(), &variant[..cut]].concat()).await;
    client.send(&[&variant[cut..], SMUGGLED.as_bytes()].concat()).await;
    let first = client.reply().await;
    if first.starts_with("550 5.5.2 Bare ") {
        assert_eq!(client.reply().await, "(closed)", "{variant:?}");
        return Outcome::Refused;
    }
    assert!(first.starts_with("250 2.0.0 "), "{:?}: {first}", text(variant));
    // Either QUIT is answered, or the commands after a real end are.
    match client.reply().await {
        reply if reply.starts_with("221 ") => Outcome::One,
        reply if reply.starts_with("250 2.1.0") => Outcome::Two,
        reply => panic!("{:?}: {reply}", text(variant)),
    }
}

/// Sends one variant in two pieces (RFC 3030), cut after `cut` bytes of it; true if it was taken. What looks like an
/// envelope is inside the counted octets here, so there is never a second message.
async fn attempt_in_pieces(relay: &Relay, number: usize, variant: &[u8], cut: usize) -> bool {
    let mut client = Client::with_mail(relay.smtp, SENDER).await;
    assert!(client.say("RCPT TO:<ann@acme.example>").await.starts_with("250"));
    let first = [format!("Subject: p{number}.\r\n\r\nstart").as_bytes(), &variant[..cut]].concat();
    let last = [&variant[cut..], SMUGGLED.as_bytes()].concat();
    client.send(&[format!("BDAT {}\r\n", first.len()).as_bytes(), &first].concat()).await;
    client.send(&[format!("BDAT {} LAST\r\n", last.len()).as_bytes(), &last].concat()).await;
    let mut replies = vec![client.reply().await];
    if !replies[0].starts_with("550") {
        replies.push(client.reply().await);
    }
    let reply = replies.last().expect("a reply");
    if reply.starts_with("550 5.5.2 Bare ") {
        assert_eq!(client.reply().await, "(closed)", "{variant:?}");
        return false;
    }
    assert!(reply.starts_with("250 2.0.0 "), "{:?}: {reply}", text(variant));
    assert!(client.say("NOOP").await.starts_with("250"), "the session goes on where the piece ended");
    true
}

/// Whether the variant may be taken as content that is counted: no bare CR and no bare LF in it.
fn is_clean(variant: &[u8]) -> bool {
    let stream = [b"start".as_slice(), variant, b"M"].concat();
    let without = text(&stream).replace("\r\n", "");
    !without.contains(['\r', '\n'])
}

/// Sends all variants in pieces; how many were taken, one message each.
async fn send_all_in_pieces(relay: &Relay) -> (usize, usize) {
    relay.command("set_upstreams", json!({ "addresses": ["127.0.0.1"] })).await;
    let mut taken = 0;
    for (number, variant, cut) in attempts() {
        let was_taken = attempt_in_pieces(relay, number, &variant, cut).await;
        assert_eq!(was_taken, is_clean(&variant), "{:?} cut at {cut}", text(&variant));
        taken += usize::from(was_taken);
    }
    assert!(taken > 10, "{taken}");
    (taken, 0)
}

/// Sends all variants; how many messages must now be in the mailbox, honest ones and those after a real end.
async fn send_all(relay: &Relay) -> (usize, usize) {
    relay.command("set_upstreams", json!({ "addresses": ["127.0.0.1"] })).await;
    let (mut honest, mut second) = (0, 0);
    for (number, variant, cut) in attempts() {
        let outcome = attempt(relay, number, &variant, cut).await;
        assert_eq!(outcome, expected(&variant), "{:?} cut at {cut}", text(&variant));
        honest += usize::from(outcome != Outcome::Refused);
        second += usize::from(outcome == Outcome::Two);
    }
    assert!(honest > second && second > 0, "{honest} {second}");
    (honest, second)
}

/// Waits for the mailbox to be complete, and looks whether a message came of its own.
async fn check(relay: &Relay, (honest, second): (usize, usize), mailbox: impl Fn() -> Vec<Vec<u8>>) {
    relay.until("everything is in the mailbox", async || mailbox().len() >= honest + second).await;
    rollcall_tests::pause(300).await;
    let messages: Vec<String> = mailbox().iter().map(|message| text(message)).collect();
    let smuggled = messages.iter().filter(|message| subject(message) == "smuggled").count();
    assert_eq!((messages.len(), smuggled), (honest + second, second));
}

fn subject(message: &str) -> String {
    let header = message.split("\n\n").next().unwrap_or_default();
    header.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap_or_default().to_owned()
}

async fn relay_to(port: u16) -> Relay {
    let relay = Relay::bare().await;
    relay.serves("acme.example", std::net::SocketAddr::from(([127, 0, 0, 1], port))).await;
    relay
}

#[tokio::test(flavor = "multi_thread")]
async fn no_mix_of_cr_lf_and_dot_splits_or_joins_messages_through_postfix() {
    let postfix = Postfix::knowing("acme.example", &["ann".to_owned()]);
    let relay = relay_to(postfix.address.port()).await;
    let sent = send_all(&relay).await;
    check(&relay, sent, || postfix.mailbox("ann")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_mix_of_cr_lf_and_dot_splits_or_joins_messages_through_exim() {
    let exim = Exim::knowing("acme.example", &["ann"], Refuses::AtRcpt);
    let relay = relay_to(exim.address.port()).await;
    let sent = send_all(&relay).await;
    check(&relay, sent, || exim.mailbox("ann")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_mix_of_cr_lf_and_dot_splits_or_joins_messages_through_opensmtpd() {
    let opensmtpd = OpenSmtpd::knowing("acme.example", &["ann"]);
    let relay = relay_to(opensmtpd.address.port()).await;
    let sent = send_all(&relay).await;
    check(&relay, sent, || opensmtpd.mailbox("ann@acme.example")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_mix_of_cr_lf_and_dot_in_pieces_splits_or_joins_messages_through_postfix() {
    let postfix = Postfix::knowing("acme.example", &["ann".to_owned()]);
    let relay = relay_to(postfix.address.port()).await;
    let sent = send_all_in_pieces(&relay).await;
    check(&relay, sent, || postfix.mailbox("ann")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_mix_of_cr_lf_and_dot_in_pieces_splits_or_joins_messages_through_exim() {
    let exim = Exim::knowing("acme.example", &["ann"], Refuses::AtRcpt);
    let relay = relay_to(exim.address.port()).await;
    let sent = send_all_in_pieces(&relay).await;
    check(&relay, sent, || exim.mailbox("ann")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_mix_of_cr_lf_and_dot_in_pieces_splits_or_joins_messages_through_opensmtpd() {
    let opensmtpd = OpenSmtpd::knowing("acme.example", &["ann"]);
    let relay = relay_to(opensmtpd.address.port()).await;
    let sent = send_all_in_pieces(&relay).await;
    check(&relay, sent, || opensmtpd.mailbox("ann@acme.example")).await;
}
