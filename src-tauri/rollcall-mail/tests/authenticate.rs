//! What SPF and DKIM show, against name servers on loopback.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::HashMap;
use std::net::SocketAddr;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::TXT;
use hickory_resolver::proto::rr::{RData, Record};
use rollcall_core::report::{Signature, Spf, Verified};
use rollcall_mail::authenticate::{Found, Handover, MOST_SIGNATURES, authenticate, below_trace};
use tokio::net::UdpSocket;

/// Signed by dkimpy 1.1.4, which nobody here wrote: relaxed/simple, RSA of 2048 bits.
const SIGNED: &str = include_str!("signed/relaxed-simple.eml");
/// The same with a relaxed body, which ends in lines of white space that RFC 6376 section 3.4.4 ignores.
const BLANK_END: &str = include_str!("signed/relaxed-relaxed-blank-end.eml");
/// The same in Ed25519 (RFC 8463).
const ED25519: &str = include_str!("signed/ed25519.eml");
/// The signers' names: name, a blank, the text.
const ZONE: &str = include_str!("signed/zone.txt");

#[tokio::test]
async fn spf_is_judged_for_the_client_and_the_domain_of_the_reverse_path() {
    let dns = name_server(&[
        ("fabrikam.example.", "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"),
        ("soft.example.", "v=spf1 ~all"),
        ("neutral.example.", "v=spf1 ?all"),
        ("broken.example.", "v=spf1 ip4:nonsense -all"),
        ("included.example.", "v=spf1 include:fabrikam.example -all"),
        ("endless.example.", "v=spf1 include:endless.example -all"),
        ("text.example.", "just a text"),
    ])
    .await;
    for (client, domain, expected) in [
        ("192.0.2.7", "fabrikam.example", Spf::Pass),
        ("::ffff:192.0.2.7", "Fabrikam.EXAMPLE", Spf::Pass),
        ("2001:db8::7", "fabrikam.example", Spf::Pass),
        ("198.51.100.1", "fabrikam.example", Spf::Fail),
        ("192.0.2.7", "included.example", Spf::Pass),
        ("192.0.2.7", "endless.example", Spf::PermError),
        ("192.0.2.7", "soft.example", Spf::SoftFail),
        ("192.0.2.7", "neutral.example", Spf::Neutral),
        ("192.0.2.7", "broken.example", Spf::PermError),
        ("192.0.2.7", "text.example", Spf::None),
        ("192.0.2.7", "nowhere.example", Spf::None),
    ] {
        let reverse_path = format!("kim@{domain}");
        let from = Handover { client: Some(client.parse().unwrap()), ..handover(&reverse_path) };
        assert_eq!(authenticate(&dns, &from, None).await.spf, expected, "{client} {domain}");
    }
}

#[tokio::test]
async fn without_a_client_or_a_domain_spf_says_nothing() {
    let dns = name_server(&[("fabrikam.example.", "v=spf1 +all")]).await;

    let nobody = handover("kim@fabrikam.example");
    assert_eq!(authenticate(&dns, &nobody, None).await.spf, Spf::NotJudged);
    for reverse_path in ["", "kim@[192.0.2.7]"] {
        let from = Handover { client: Some("192.0.2.7".parse().unwrap()), ..handover(reverse_path) };
        assert_eq!(authenticate(&dns, &from, None).await.spf, Spf::NotJudged, "{reverse_path}");
    }
}

#[tokio::test]
async fn what_dkimpy_signed_verifies_and_a_changed_message_does_not() {
    let dns = signers().await;

    for (name, content) in [("rsa", SIGNED), ("ed25519", ED25519)] {
        assert_eq!(looked(&dns, content).await, [signed(Verified::Pass)], "{name}");
        for (what, changed) in [
            ("body", content.replace("Minutes of the meeting", "Minutes of any meeting")),
            ("subject", content.replace("Subject: Minutes", "Subject: Money")),
            ("domain", content.replace("d=fabrikam.example", "d=contoso.example")),
            ("selector", content.replace("s=rsa", "s=gone").replace("s=ed;", "s=gone;")),
        ] {
            let found = looked(&dns, &changed).await;
            let verified: Vec<Verified> = found.iter().map(|one| one.verified).collect();
            assert_eq!(verified, [Verified::Fail], "{name} {what}");
        }
    }
}

/// mail-auth 0.13.3 gets the body hash wrong; without our second look this fails.
#[tokio::test]
async fn rfc6376_3_4_4_lines_of_white_space_at_the_end_of_a_relaxed_body_do_not_count() {
    let dns = signers().await;

    assert_eq!(looked(&dns, BLANK_END).await, [signed(Verified::Pass)]);
    for more in ["\r\n", " \t\r\n\r\n", "\t\r\n \r\n"] {
        assert_eq!(looked(&dns, &format!("{BLANK_END}{more}")).await, [signed(Verified::Pass)], "{more:?}");
        let simple = looked(&dns, &format!("{SIGNED} \r\n{more}")).await;
        assert_eq!(simple, [signed(Verified::Fail)], "a simple body counts them: {more:?}");
    }
    assert_eq!(looked(&dns, &format!("{BLANK_END}x\r\n")).await, [signed(Verified::Fail)]);
}

#[tokio::test]
async fn a_key_that_is_gone_fails_and_name_servers_that_do_not_answer_are_a_matter_of_time() {
    let empty = name_server(&[]).await;
    assert_eq!(looked(&empty, SIGNED).await, [signed(Verified::Fail)]);

    let broken = server(HashMap::new(), ResponseCode::ServFail).await;
    assert_eq!(looked(&broken, SIGNED).await, [signed(Verified::TempError)]);
    let from = Handover { client: Some("192.0.2.7".parse().unwrap()), ..handover("kim@fabrikam.example") };
    assert_eq!(authenticate(&broken, &from, None).await.spf, Spf::TempError);
}

#[tokio::test]
async fn of_a_message_with_a_hundred_signatures_ten_are_looked_at() {
    let dns = signers().await;
    let (signature, _) = SIGNED.split_once("From:").unwrap();
    let many = format!("{}{SIGNED}", signature.repeat(99));

    assert_eq!(looked(&dns, &many).await.len(), MOST_SIGNATURES);
}

/// Each covered field is searched for among all fields: a million times a million would keep a thread busy for hours.
#[tokio::test]
async fn a_signature_over_endless_fields_is_not_looked_at() {
    let dns = signers().await;
    let endless = SIGNED.replace("h=from :", &format!("h={} from :", "x:".repeat(100_000)));
    assert_eq!(looked(&dns, &endless).await, []);

    let long = format!("{}{SIGNED}", "x:\r\n".repeat(100_000));
    assert_eq!(looked(&dns, &long).await, [], "a header section over 256 KiB");
}

#[tokio::test]
async fn what_is_no_message_has_no_signature_and_breaks_nothing() {
    let dns = name_server(&[]).await;
    for content in [
        "",
        "\r\n",
        "\r\n\r\n",
        "no colon\r\n",
        "DKIM-Signature:\r\n\r\n",
        "DKIM-Signature: v=1; a=rsa-sha256; d=x; s=y; b=; bh=; h=\r\n\r\n",
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=x; s=y; b=AAAA; bh=AAAA; h=from; l=99999\r\n\r\n \r\n",
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=x; s=y; b=AAAA; bh=AAAA; h=from\r\n\r\n \r\n",
    ] {
        let found = authenticate(&dns, &handover("kim@fabrikam.example"), Some(content.as_bytes())).await;
        assert!(found.signatures.iter().all(|one| one.verified == Verified::Fail), "{content:?} {found:?}");
    }
}

#[test]
fn the_content_as_it_was_received_has_not_our_own_trace() {
    let below = |content: &'static str| std::str::from_utf8(below_trace(content.as_bytes())).unwrap();

    assert_eq!(below("Received: from a\r\n\tby b;\r\n Mon\r\nSubject: x\r\n\r\ny\r\n"), "Subject: x\r\n\r\ny\r\n");
    assert_eq!(below("Received: a\r\n\r\nbody\r\n"), "\r\nbody\r\n");
    assert_eq!(below("Received: a"), "");
}

#[test]
fn what_was_found_is_told_in_one_line_whatever_others_call_themselves() {
    let signatures = vec![Signature { domain: "x\r\n2 operator\u{202e}".to_owned(), verified: Verified::Fail }];
    let found = Found { spf: Spf::SoftFail, signatures };

    let said = found.summary("kim@fabrikam.example");

    assert_eq!(said, "spf=softfail smtp.mailfrom=fabrikam.example; dkim=fail header.d=x2operator");
}

/// What is found of the signatures of `content`.
async fn looked(dns: &TokioResolver, content: &str) -> Vec<Signature> {
    authenticate(dns, &handover("kim@fabrikam.example"), Some(content.as_bytes())).await.signatures
}

fn signed(verified: Verified) -> Signature {
    Signature { domain: "fabrikam.example".to_owned(), verified }
}

fn handover(reverse_path: &str) -> Handover<'_> {
    Handover { client: None, hello: "mx.fabrikam.example", reverse_path, by: "relay.acme.example" }
}

async fn signers() -> TokioResolver {
    let records: Vec<(&str, &str)> = ZONE.lines().filter_map(|line| line.split_once(' ')).collect();
    name_server(&records).await
}

async fn name_server(records: &[(&str, &str)]) -> TokioResolver {
    let records = records.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    server(records, ResponseCode::NXDomain).await
}

/// A resolver that asks a name server on loopback, which says `otherwise` of names it does not know.
async fn server(records: HashMap<String, String>, otherwise: ResponseCode) -> TokioResolver {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let at = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut bytes = [0; 1500];
        while let Ok((size, client)) = socket.recv_from(&mut bytes).await {
            let answer = answered(&bytes[..size], &records, otherwise);
            drop(socket.send_to(&answer, client).await);
        }
    });
    resolver(at)
}

fn answered(question: &[u8], records: &HashMap<String, String>, otherwise: ResponseCode) -> Vec<u8> {
    let question = Message::from_vec(question).unwrap();
    let query = question.queries[0].clone();
    let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
    answer.metadata.recursion_available = true;
    match records.get(&query.name().to_lowercase().to_string()) {
        Some(text) => {
            let parts = text.as_bytes().chunks(255).map(|part| String::from_utf8_lossy(part).into_owned()).collect();
            answer.add_answer(Record::from_rdata(query.name().clone(), 60, RData::TXT(TXT::new(parts))));
        }
        None => answer.metadata.response_code = otherwise,
    }
    answer.add_query(query);
    answer.to_vec().unwrap()
}

fn resolver(at: SocketAddr) -> TokioResolver {
    let mut server = NameServerConfig::udp(at.ip());
    server.connections[0].port = at.port();
    let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
    TokioResolver::builder_with_config(config, TokioRuntimeProvider::default()).build().unwrap()
}
