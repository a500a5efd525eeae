//! A rule tried on what was recorded (X09): what it says it would have done is what it does when it is the rule.

use std::collections::BTreeMap;

use rollcall_api::{Code, Kind, SessionLimits};
use rollcall_tests::client::{Client, send};
use rollcall_tests::destination::{Destination, Manners};
use rollcall_tests::pause;
use rollcall_tests::relay::Relay;
use rollcall_tests::simulation::letter::report;
use serde_json::{Value, json};
use tokio::task::JoinSet;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
const PRESETS: [&str; 6] =
    ["modus_cloud", "proofpoint", "mailprotector", "smart_create", "smtp_autocreate", "careful_office"];
const DOMAINS: [&str; 2] = ["acme.example", "acme.test"];
const KNOWN: [&str; 13] =
    ["jane", "john", "news", "twice", "once", "bogus", "gone", "probe", "kim", "left", "shared", "undo", "ann.lee"];
/// What a dry run says, by the journal's word for the same.
const DONE: [(&str, &str); 4] = [
    ("would_create", "created_by_rule"),
    ("would_list", "discovered"),
    ("would_end", "expired"),
    ("would_add_alias", "alias_by_rule"),
];

/// A practice office with two domains that follow one preset.
struct Office {
    relay: Relay,
    destination: Destination,
    _smarthost: Destination,
    began: i64,
    sent: u32,
}

impl Office {
    async fn following(preset: &str) -> Self {
        let destination = Destination::knowing(&KNOWN).await;
        let smarthost = Destination::knowing(&[]).await;
        let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
        relay.command("set_password", json!({ "password": "a long password" })).await;
        for domain in DOMAINS {
            relay.serves(domain, destination.address).await;
            relay.command("test_domain", json!({ "name": domain })).await;
            relay.command("set_rule", json!({ "domain": domain, "preset": preset })).await;
        }
        let (host, port) = (smarthost.address.ip().to_string(), smarthost.address.port());
        let way = json!({ "mode": "smarthost", "host": host, "port": port, "tls": "never" });
        relay.command("set_outbound", way).await;
        relay.command("set_sender_hosts", json!({ "hosts": [{ "network": "127.0.0.1", "note": "the office" }] })).await;
        let began = relay.query("health", json!({})).await["now_ms"].as_i64().expect("a time");
        Self { relay, destination, _smarthost: smarthost, began, sent: 0 }
    }

    /// A message from this sender domain, with a header field of its own; its Message-ID.
    async fn message(&mut self, to: &str, from: &str, field: &str) -> String {
        self.sent += 1;
        let id = format!("{}@{from}", self.sent);
        let content = format!("{field}Message-ID: <{id}>\r\nSubject: hello\r\n\r\nx");
        let reply = send(self.relay.smtp, &format!("somebody@{from}"), to, &content).await;
        assert!(reply.starts_with("250") || reply.starts_with("550"), "{to}: {reply}");
        id
    }

    async fn clean(&mut self, to: &str, from: &str) -> String {
        self.message(to, from, "").await
    }

    /// The mail server sends a message back.
    async fn bounce(&mut self, to: &str, original: &str, sender: &str) {
        let content = report("office.test", &format!("somebody@{sender}"), to, original, "5.1.1");
        let reply = send(self.relay.smtp, "", &format!("somebody@{sender}"), &content).await;
        assert!(reply.starts_with("250"), "{reply}");
        // The engine looks into reports while mail goes on; nobody tells when it has.
        pause(400).await;
    }

    async fn skip(&self, hours: u32) {
        self.relay.command("skip_time", json!({ "hours": hours })).await;
        self.relay.command("notice_shown", json!({})).await;
    }

    async fn decide(&self, command: &str, address: &str) -> Value {
        let done = self.relay.command(command, json!({ "addresses": [address] })).await;
        done["entry"].clone()
    }

    /// Twenty-nine days in which everything happens that a rule looks at.
    async fn lives(&mut self) {
        let mut marked = Value::Null;
        for day in 0..29_u32 {
            self.morning(day, &mut marked).await;
            self.skip(12).await;
            self.evening(day).await;
            self.skip(12).await;
        }
    }

    async fn morning(&mut self, day: u32, marked: &mut Value) {
        match day {
            0 => {
                for name in ["jane", "john", "left", "shared", "undo"] {
                    self.clean(&format!("{name}@acme.example"), "one.example").await;
                }
                let users = json!({ "users": [{ "address": "ann.lee@acme.example" }] });
                self.relay.command("create_user", users).await;
                for number in 0..4 {
                    let unsubscribe = "List-Unsubscribe: <https://one.example>\r\n";
                    self.message("news@acme.example", &format!("shop{number}.example"), unsubscribe).await;
                }
                let mut client = Client::with_mail(self.relay.smtp, "somebody@one.example").await;
                assert!(client.say("RCPT TO:<probe@acme.example>").await.starts_with("250"));
                client.say("QUIT").await;
            }
            1 => {
                self.clean("jane@acme.example", "two.example").await;
                self.clean("undo@acme.example", "two.example").await;
                self.decide("never_add", "left@acme.example").await;
                self.decide("create_functional", "shared@acme.example").await;
                let kim =
                    send(self.relay.smtp, "kim@acme.example", "x@elsewhere.example", "Subject: hi\r\n\r\nx").await;
                assert!(kim.starts_with("250"), "{kim}");
            }
            2 => {
                self.clean("jane@acme.example", "three.example").await;
                // One shop alone: only a rule that counts every message of one sender believes it.
                for _ in 0..3 {
                    self.clean("twice@acme.example", "shop.example").await;
                }
                *marked = self.decide("mark_invalid", "undo@acme.example").await;
            }
            3 => {
                self.relay.command("undo", json!({ "entry": marked })).await;
                self.clean("undo@acme.example", "three.example").await;
                for number in 0..3 {
                    self.clean("ann.lee@acme.test", &format!("firm{number}.example")).await;
                    self.clean("left@acme.example", &format!("firm{number}.example")).await;
                }
            }
            4 | 5 => {
                let id = self.clean("bogus@acme.example", &format!("spam{day}.example")).await;
                self.bounce("bogus@acme.example", &id, &format!("spam{day}.example")).await;
            }
            6 => {
                self.clean("gone@acme.example", "one.example").await;
                let forgets = |manners: &mut Manners| manners.knows.retain(|name| name != "gone");
                self.destination.behave(forgets);
            }
            _ => {}
        }
    }

    async fn evening(&mut self, day: u32) {
        match day {
            // Day 0, 8 and 16: within 30 days, not within 14.
            8 | 16 => drop(self.clean("john@acme.example", &format!("day{day}.example")).await),
            7 | 9 => drop(self.clean("gone@acme.example", "two.example").await),
            10 => drop(self.clean("once@acme.example", "one.example").await),
            _ => {}
        }
    }

    /// What the rule did, by the journal's word: each address with the hour.
    async fn did(&self) -> BTreeMap<(String, String), i64> {
        let journal = self.relay.query("journal", json!({ "limit": 1000 })).await;
        let rows = journal["rows"].as_array().expect("rows").iter().rev();
        let by_rule = rows.filter(|row| row["who"] == "rollcall");
        let mut did = BTreeMap::new();
        for row in by_rule {
            let action = row["action"].as_str().expect("a word");
            if DONE.iter().any(|(_, word)| *word == action) {
                let address = row["addresses"][0].as_str().expect("an address").to_owned();
                let hour = (row["at_ms"].as_i64().expect("a time") - self.began) / HOUR_MS;
                did.entry((action.to_owned(), address)).or_insert(hour);
            }
        }
        did
    }

    /// What `preset` says it would have done.
    async fn would(&self, preset: &str) -> BTreeMap<(String, String), i64> {
        let mut would = BTreeMap::new();
        for domain in DOMAINS {
            let found = self.relay.query("dry_run", json!({ "domain": domain, "preset": preset })).await;
            for (said, word) in DONE {
                for one in found[said]["first"].as_array().expect("addresses") {
                    let address = one["address"].as_str().expect("an address").to_owned();
                    let hour = (one["at_ms"].as_i64().expect("a time") - self.began) / HOUR_MS;
                    would.insert((word.to_owned(), address), hour);
                }
            }
        }
        would
    }
}

/// The same acts within an hour of each other.
fn assert_same(what: &str, would: &BTreeMap<(String, String), i64>, did: &BTreeMap<(String, String), i64>) {
    let names = |acts: &BTreeMap<(String, String), i64>| acts.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(would), names(did), "{what}");
    for (act, hour) in would {
        assert!((hour - did[act]).abs() <= 1, "{what}: {act:?} at {hour} and {}", did[act]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn x09_replay_equals_the_live_result_for_all_six_presets() {
    let mut lives = JoinSet::new();
    for preset in PRESETS {
        lives.spawn(async move {
            let mut office = Office::following(preset).await;
            office.lives().await;
            (preset, office)
        });
    }
    let offices = lives.join_all().await;
    let acts = async |preset: &str| {
        let office = offices.iter().find(|(of, _)| *of == preset).map(|(_, office)| office);
        office.expect("an office").did().await.into_keys().collect::<Vec<_>>()
    };
    let act = |word: &str, name: &str| (word.to_owned(), format!("{name}@acme.example"));
    // The six do different things, or their dry runs would prove nothing.
    assert!(acts("proofpoint").await.contains(&act("expired", "jane")));
    assert!(acts("mailprotector").await.contains(&act("created_by_rule", "bogus")));
    assert!(acts("smtp_autocreate").await.contains(&act("created_by_rule", "probe")), "at RCPT, without a message");
    let smart = acts("smart_create").await;
    assert!(smart.contains(&act("created_by_rule", "jane")) && !smart.contains(&act("created_by_rule", "john")));
    assert!(!acts("careful_office").await.contains(&act("discovered", "twice")), "no domain makes a person alone");
    assert!(acts("modus_cloud").await.contains(&act("discovered", "twice")));
    for (preset, live) in &offices {
        let did = live.did().await;
        assert!(did.keys().any(|(_, address)| address == "jane@acme.example"), "{preset} did nothing: {did:?}");
        for (recorded_with, office) in &offices {
            let would = office.would(preset).await;
            assert_same(&format!("{preset}, recorded with {recorded_with}"), &would, &did);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn x09_a_dry_run_names_the_users_and_which_of_them_are_bogus_and_changes_nothing() {
    let mut office = Office::following("proofpoint").await;
    office.lives().await;
    let before = office.relay.query("addresses", json!({ "limit": 1000 })).await;
    let entries = office.relay.query("journal", json!({})).await["rows"].as_array().map(Vec::len);

    let asked = json!({ "domain": "acme.example", "preset": "mailprotector" });
    let found = office.relay.query("dry_run", asked).await;
    let other = json!({ "domain": "acme.test", "preset": "mailprotector" });
    let other = office.relay.query("dry_run", other).await;

    let why = |found: &Value| -> BTreeMap<String, String> {
        let bogus = found["bogus"]["first"].as_array().expect("users").iter();
        bogus.map(|one| (one["address"].to_string(), one["why"].to_string())).collect()
    };
    assert_eq!(why(&found).get("\"bogus@acme.example\""), Some(&"\"bounced\"".to_owned()), "{found}");
    assert_eq!(why(&found).get("\"gone@acme.example\""), Some(&"\"refused\"".to_owned()), "{found}");
    assert_eq!(why(&other).get("\"ann.lee@acme.test\""), Some(&"\"alias\"".to_owned()), "{other}");
    assert_eq!(found["cost"]["new_users"], found["would_create"]["count"]);
    let created = found["would_create"]["count"].as_u64().expect("a number");
    assert_eq!(found["added"]["count"].as_u64(), Some(created - 2), "one is functional, one never added");
    assert_eq!(office.relay.query("addresses", json!({ "limit": 1000 })).await, before, "nothing changed");
    assert_eq!(office.relay.query("journal", json!({})).await["rows"].as_array().map(Vec::len), entries);
}

#[tokio::test(flavor = "multi_thread")]
async fn x09_before_a_rule_is_saved_it_is_said_what_it_changes_for_what_waits() {
    let mut office = Office::following("proofpoint").await;
    for number in 0..3 {
        office.clean("jane@acme.example", &format!("s{number}.example")).await;
    }
    office.clean("once@acme.example", "s0.example").await;
    office.skip(26 * 24).await;

    let switch = async |office: &Office, preset: &str| {
        let found = office.relay.query("dry_run", json!({ "domain": "acme.example", "preset": preset })).await;
        found["switch"].clone()
    };
    let own = switch(&office, "proofpoint").await;
    for part in ["users", "listed", "forgotten", "ends", "users_at_end", "stay"] {
        assert_eq!(own[part]["count"], 0, "{part}: the rule of now changes nothing");
    }
    let eager = switch(&office, "mailprotector").await;
    assert_eq!(eager["users"]["first"][0]["address"], "once@acme.example", "{eager}");
    assert_eq!(eager["stay"]["first"][0]["address"], "jane@acme.example", "it keeps what is listed");
    assert_eq!(eager["cost"]["new_users"], 1);
    let short = switch(&office, "smart_create").await;
    assert_eq!(short["forgotten"]["first"][0]["address"], "once@acme.example", "14 days are over: {short}");
    assert_eq!(office.relay.state("once@acme.example").await, "watching", "asking changes nothing");

    office.relay.command("sign_in", json!({ "password": "a long password" })).await;
    office.relay.command("set_rule", json!({ "domain": "acme.example", "preset": "mailprotector" })).await;
    assert_eq!(office.relay.state("once@acme.example").await, "watching");
    office.clean("once@acme.example", "s1.example").await;
    assert_eq!(office.relay.state("once@acme.example").await, "user", "as it was said");
}

#[tokio::test(flavor = "multi_thread")]
async fn x09_a_dry_run_wants_a_rule_that_can_be_set_and_a_domain_of_ours() {
    let office = Office::following("proofpoint").await;

    let unsaid = office.relay.door.query("dry_run", json!({ "domain": "acme.example" })).await.expect_err("no rule");
    assert_eq!(unsaid.code, Code::Invalid, "{unsaid:?}");
    let asked = json!({ "domain": "other.example", "preset": "proofpoint" });
    let fault = office.relay.door.query("dry_run", asked).await.expect_err("not ours");
    assert_eq!(fault.code, Code::NotFound, "{fault:?}");
    let fresh = office.relay.query("dry_run", json!({ "domain": "acme.example", "preset": "proofpoint" })).await;
    assert!(fresh["complete_since_ms"].as_i64() > Some(office.began - DAY_MS), "known since the folder was made");
    assert_eq!(fresh["would_create"]["count"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn p11_names_at_two_domains_are_told_before_a_rule_makes_a_user_of_each() {
    let destination = Destination::knowing(&KNOWN).await;
    let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
    for domain in DOMAINS {
        relay.serves(domain, destination.address).await;
    }
    for to in ["jane@acme.example", "jane@acme.test", "john@acme.example", "kim@acme.example", "kim@acme.test"] {
        send(relay.smtp, "a@north.example", to, "Subject: x\r\n\r\nx").await;
    }
    relay.command("create_user", json!({ "users": [{ "address": "kim@acme.example" }] })).await;
    let kim = json!({ "addresses": ["kim@acme.test"], "owner": "kim@acme.example", "merge": false });
    relay.command("add_alias", kim).await;
    let relay = &relay;
    let told = |preset: &'static str| async move {
        let found = relay.query("dry_run", json!({ "domain": "acme.example", "preset": preset })).await;
        let first = found["same_names"]["first"].as_array().expect("a list").clone();
        first.into_iter().map(|one| one["address"].clone()).collect::<Vec<_>>()
    };

    assert_eq!(told("smart_create").await, ["jane@acme.example"], "kim's other name is an alias already");
    assert!(told("careful_office").await.is_empty(), "it makes no users");
}
