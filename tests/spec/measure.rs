//! Measurements that fill folders for minutes. Run by hand, one at a time:
//! `cargo test --release -p rollcall-tests --features measure --test spec -- --nocapture measure::`.

use std::io::Write as _;
use std::time::Duration;

use rollcall_api::{Kind, OpenOptions, SessionLimits};
use rollcall_core::{AddressState, Source, Timestamp};
use rollcall_store::{AddressRecord, Store};
use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::Destination;
use rollcall_tests::pause;
use rollcall_tests::relay::bound;
use serde_json::{Value, json};
use tempfile::TempDir;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn x09_a_million_observations_are_tried_in_bounded_memory_while_mail_flows_and_given_up_with_the_question() {
    const KEYS: i64 = 20_000;
    const EACH: i64 = 50;
    let resident_mb = || {
        let statm = std::fs::read_to_string("/proc/self/statm").expect("this process");
        statm.split(' ').nth(1).and_then(|pages| pages.parse::<i64>().ok()).expect("pages") * 4 / 1024
    };
    let folder = tempfile::TempDir::new().expect("a folder");
    let store = Store::open(folder.path(), rollcall_store::Kind::Real).expect("the store opens");
    let now = jiff::Timestamp::now().as_millisecond();
    for first in (0..KEYS).step_by(200) {
        let fill = move |tx: &rollcall_store::Tx<'_>| {
            for key in first..first + 200 {
                for number in 0..EACH {
                    tx.add_evidence(&observation(key, number, now - DAY_MS * 29 + number * HOUR_MS * 12))?;
                }
            }
            Ok(())
        };
        store.write(fill).await.expect("written");
    }
    store.close();
    let destination = Destination::knowing(&[]).await;
    let listen = Some(std::net::SocketAddr::from(([127, 0, 0, 1], 0)));
    let limits = SessionLimits { probes_a_minute: 0, ..SessionLimits::default() };
    let options = OpenOptions { listen, limits, ..OpenOptions::new(folder.path(), Kind::Real) };
    let door = rollcall_api::open(options).await.expect("the folder opens");
    let to =
        json!({ "host": destination.address.ip().to_string(), "port": destination.address.port(), "tls": "never" });
    door.command("add_domain", json!({ "name": "acme.example", "destination": to })).await.expect("a domain");
    let asked = json!({ "domain": "acme.example", "preset": "proofpoint" });

    let smtp = bound(&door).await;
    let given_up = tokio::time::timeout(std::time::Duration::from_millis(200), door.query("dry_run", asked.clone()));
    assert!(given_up.await.is_err(), "it takes longer than that");
    let before = resident_mb();
    let began = tokio::time::Instant::now();
    let tried = async {
        let found = door.query("dry_run", asked).await;
        (found, began.elapsed())
    };
    let ((found, took), most) = tokio::join!(tried, async {
        let mut most = before;
        for _ in 0..20 {
            pause(250).await;
            most = most.max(resident_mb());
            let reply = send(smtp, "a@sender.example", "new@acme.example", "Subject: x\r\n\r\nx").await;
            assert!(reply.starts_with("250"), "{reply}");
        }
        most
    });
    let found = found.expect("an answer");
    assert_eq!(found["would_list"]["count"], KEYS);
    assert_eq!(found["would_list"]["first"].as_array().map(Vec::len), Some(1_000));
    assert!(most - before < 64, "{} MB more, after {took:?}", most - before);
    door.close().await;
}

#[cfg(target_os = "linux")]
fn observation(key: i64, number: i64, at: i64) -> rollcall_store::EvidenceRecord {
    rollcall_store::EvidenceRecord {
        key: format!("p{key:05}@acme.example"),
        at: rollcall_core::Timestamp(at),
        kind: rollcall_store::EvidenceKind::Delivered,
        counted: true,
        not_counted_because: None,
        sender: format!("s@sender{number}.example"),
        sender_domain: format!("sender{number}.example"),
        subject: None,
        client_ip: "192.0.2.1".to_owned(),
        lines: Vec::new(),
        message_id: Some(format!("{key}.{number}@sender.example")),
        settles: None,
        is_reply: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn d17_a_million_addresses_are_listed_scrolled_and_searched_in_a_tenth_of_a_second() {
    const ROWS: i64 = 1_000_000;
    let folder = TempDir::new().expect("a folder");
    // Filling takes minutes: `ROLLCALL_MILLION` names a folder that has them already.
    let filled = std::env::var_os("ROLLCALL_MILLION").map(std::path::PathBuf::from);
    if filled.is_none() {
        fill(folder.path(), ROWS).await;
    }
    let folder = filled.as_deref().unwrap_or(folder.path());
    let destination = Destination::knowing(&[]).await;
    let door = opened(folder, &destination).await;

    let mut slowest = Duration::ZERO;
    for (state, last) in [("user", 850_000), ("invalid", 100_000), ("discovered", 30_000), ("watching", 10_000)] {
        for sort in ["address", "last_seen", "discovered", "clean_count"] {
            for offset in [0, last / 2, last - 200] {
                let asked = json!({ "state": state, "sort": sort, "limit": 100, "offset": offset });
                slowest = slowest.max(quickest_of_three(&door, asked).await);
            }
        }
        for text in ["acme", "p0001234", "lee", "e", "nobody here"] {
            let asked = json!({ "state": state, "sort": "address", "search": text, "limit": 100 });
            slowest = slowest.max(quickest_of_three(&door, asked).await);
        }
    }
    told(&format!("slowest {slowest:?}"));
    let among_a_million = rcpt_times(&door, ROWS / RCPTS / 2).await;
    door.close().await;
    let small = TempDir::new().expect("a folder");
    fill(small.path(), RCPTS * 2).await;
    let door = opened(small.path(), &destination).await;
    let among_few = rcpt_times(&door, 1).await;
    door.close().await;
    for (what, times) in [("a million", &among_a_million), ("few", &among_few)] {
        let [median, slow] = [2, 20].map(|part| times[times.len() - 1 - times.len() / part]);
        told(&format!("RCPT among {what}: median {median:?}, 95 of 100 within {slow:?}"));
    }
    assert!(slowest < Duration::from_millis(100), "{slowest:?}");
}

/// How many recipients are asked about.
const RCPTS: i64 = 300;

async fn opened(folder: &std::path::Path, destination: &Destination) -> rollcall_api::Door {
    let options = OpenOptions {
        listen: Some(std::net::SocketAddr::from(([127, 0, 0, 1], 0))),
        limits: SessionLimits::default(),
        ..OpenOptions::new(folder, Kind::Real)
    };
    let began = tokio::time::Instant::now();
    let door = rollcall_api::open(options).await.expect("the folder opens");
    told(&format!("opened in {:?}", began.elapsed()));
    let to =
        json!({ "host": destination.address.ip().to_string(), "port": destination.address.port(), "tls": "never" });
    door.command("add_domain", json!({ "name": "acme.example", "destination": to })).await.expect("a domain");
    door
}

/// How long each reply to RCPT takes, for every `step`th address, the quickest first. The mail server is asked each time.
async fn rcpt_times(door: &rollcall_api::Door, step: i64) -> Vec<Duration> {
    let mut times = Vec::new();
    // Accounts only: whoever asks for many invalid ones is blocked.
    let accounts = (0..).map(|number| number * step).filter(|number| number % 100 >= 14);
    for number in accounts.take(usize::try_from(RCPTS).unwrap_or_default()) {
        let mut client = Client::with_mail(bound(door).await, "a@sender.example").await;
        let asked = format!("RCPT TO:<p{:07}@acme.example>", number);
        let began = tokio::time::Instant::now();
        client.say(&asked).await;
        times.push(began.elapsed());
        client.say("QUIT").await;
    }
    times.sort();
    times
}

async fn fill(folder: &std::path::Path, rows: i64) {
    let store = Store::open(folder, rollcall_store::Kind::Real).expect("the store opens");
    let now = jiff::Timestamp::now().as_millisecond();
    for first in (0..rows).step_by(10_000) {
        let fill = move |tx: &rollcall_store::Tx<'_>| {
            (first..rows.min(first + 10_000)).try_for_each(|number| tx.put_address(&one_of_a_million(number, now)))
        };
        store.write(fill).await.expect("written");
    }
    store.close();
}

fn one_of_a_million(number: i64, now: i64) -> AddressRecord {
    let key = format!("p{number:07}@acme.example");
    let state = match number % 100 {
        0 => AddressState::Watching,
        1..4 => AddressState::Discovered,
        4..14 => AddressState::Invalid(rollcall_core::InvalidReason::Manual),
        _ => AddressState::User(rollcall_core::Role::Silent),
    };
    let seen = Timestamp(now - number * 7_919 % (60 * DAY_MS));
    let domain = "acme.example".to_owned();
    AddressRecord {
        surname: (number % 977 == 0).then(|| "Lee".to_owned()),
        clean_count: u32::try_from(number % 53).unwrap_or_default(),
        discovered: (number % 100 != 0).then_some(seen),
        last_seen: seen,
        ..AddressRecord::new(key.clone(), key, domain, state, Source::Mail, seen)
    }
}

async fn quickest_of_three(door: &rollcall_api::Door, asked: Value) -> Duration {
    let mut quickest = Duration::MAX;
    for _ in 0..3 {
        let began = tokio::time::Instant::now();
        door.query("addresses", asked.clone()).await.expect("a list");
        quickest = quickest.min(began.elapsed());
    }
    told(&format!("{:8.1} ms  {asked}", quickest.as_secs_f64() * 1_000.0));
    quickest
}

/// For whoever runs a measurement by hand.
pub(crate) fn told(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The bound for a whole sync is 60 s and 300 MB; this is the directory's part of it.
#[tokio::test(flavor = "multi_thread")]
async fn v22_fifty_thousand_entries_of_an_openldap_are_read_in_half_a_minute_and_100_mb() {
    use rollcall_directory::{Ask, LdapSecurity, LdapSettings, Secret, Source, Trust};
    use rollcall_tests::directory::openldap::{Manner, OpenLdap};

    let server = OpenLdap::with(Manner { people: 50_000, ..Manner::default() });
    let settings = LdapSettings {
        host: "localhost".to_owned(),
        port: server.ldaps.port(),
        security: LdapSecurity::Ldaps,
        trust: Trust::Authority(server.authority()),
        bind_dn: OpenLdap::READER.to_owned(),
        password: Secret::new(OpenLdap::PASSWORD.to_owned()),
        search_base: OpenLdap::BASE.to_owned(),
        filter: None,
    };
    let peak_mb = || {
        let status = std::fs::read_to_string("/proc/self/status").expect("this process");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("kB") / 1_024
    };

    let (before, began) = (peak_mb(), tokio::time::Instant::now());
    let answer = Source::Ldap(settings).read(&Ask::default()).await.expect("an answer");
    let (took, peak) = (began.elapsed(), peak_mb());

    let rollcall_core::directory::Reading::Whole(entries) = &answer.reading else { panic!("everything") };
    told(&format!("{} entries in {took:?}; peak {peak} MB, {before} MB before", entries.len()));
    assert!(entries.len() > 50_000);
    assert!(took < Duration::from_secs(30), "{took:?}");
    assert!(peak - before < 100, "{peak} MB");
}
