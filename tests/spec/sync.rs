//! The sync with a real OpenLDAP, through the same door as the window and scripts.

use rollcall_api::{Kind, SessionLimits};
use rollcall_tests::client::Client;
use rollcall_tests::destination::Destination;
use rollcall_tests::directory::openldap::{Manner, OpenLdap};
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

/// An office with an OpenLDAP of so many people beside those with a story.
struct Office {
    server: OpenLdap,
    relay: Relay,
    destination: Destination,
}

impl Office {
    async fn with(kind: Kind, people: usize) -> Self {
        let server = OpenLdap::with(Manner { people, ..Manner::default() });
        let destination = Destination::knowing(&[]).await;
        let relay = Relay::open(kind, SessionLimits::default()).await;
        relay.serves("office.test", destination.address).await;
        relay.command("set_ldap_source", source(&server)).await;
        Self { server, relay, destination }
    }

    async fn synced(kind: Kind, people: usize) -> Self {
        let office = Self::with(kind, people).await;
        office.relay.command("run_sync", json!({ "accept_first": true })).await;
        office
    }

    async fn state(&self, address: &str) -> Value {
        match self.relay.door.query("address", json!({ "address": address })).await {
            Ok(found) => found["row"]["state"].clone(),
            Err(_) => Value::Null,
        }
    }

    async fn accounts(&self) -> Value {
        self.relay.query("addresses", json!({})).await["counts"].clone()
    }

    async fn run(&self) -> Value {
        self.relay.command("run_sync", json!({})).await
    }
}

/// In clear: what is tried here is not the certificate.
fn source(server: &OpenLdap) -> Value {
    json!({
        "host": "localhost", "port": server.clear.port(), "security": "none",
        "bind_dn": OpenLdap::READER, "search_base": OpenLdap::BASE, "secret": OpenLdap::PASSWORD,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn v09_z03_the_first_run_is_a_preview_until_it_is_accepted_and_the_second_touches_no_row() {
    let office = Office::with(Kind::Real, 20).await;
    let before = office.accounts().await;

    let preview = office.relay.command("preview_sync", json!({})).await;
    assert!(preview["add"].as_u64().is_some_and(|add| add > 20) && preview["first"] == true, "{preview}");
    assert_eq!((&preview["update"], &preview["missing"]), (&json!(0), &json!(0)));
    let fault = office.relay.refused("run_sync", json!({})).await;
    assert!(fault.message.contains("has to be accepted"), "{fault:?}");
    assert_eq!(office.accounts().await, before, "nothing was changed");
    assert_eq!(office.relay.query("sync", json!({})).await["state"]["word"], "preview_waiting");

    let run = office.relay.command("run_sync", json!({ "accept_first": true })).await;
    assert_eq!((&run["add"], &run["outcome"]), (&preview["add"], &json!("done")), "{run}");
    assert_eq!(office.state("anna.schmidt@office.test").await, "user");
    let second = office.run().await;
    assert_eq!(
        (&second["add"], &second["update"], &second["rows_written"]),
        (&json!(0), &json!(0), &json!(0)),
        "{second}"
    );

    let runs = office.relay.query("sync_runs", json!({})).await;
    let outcomes: Vec<&Value> = runs["rows"].as_array().expect("rows").iter().map(|run| &run["outcome"]).collect();
    assert_eq!(outcomes, ["done", "done", "stopped", "previewed"]);
    let detail = office.relay.query("sync_run", json!({ "id": run["id"], "verb": "add" })).await;
    assert_eq!(detail["changes_total"], run["add"]);
    assert!(detail["changes"][0]["reason"].as_str().is_some_and(|reason| reason.ends_with('.')), "{detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn m04_the_lines_of_a_run_are_the_changes_of_the_directory() {
    let office = Office::synced(Kind::Real, 20).await;
    office.server.churn();

    let run = office.run().await;

    // Nina came, Lea left, Anna's and Mixed Case's entries changed; who only moved or was renamed did not.
    let detail = office.relay.query("sync_run", json!({ "id": run["id"] })).await;
    let lines: Vec<String> = detail["changes"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| format!("{} {}", line["verb"].as_str().unwrap_or("?"), line["address"].as_str().unwrap_or("?")))
        .collect();
    assert!(lines.contains(&"add nina.new@office.test".to_owned()), "{lines:?}");
    assert!(lines.contains(&"missing lea.ver@office.test".to_owned()), "{lines:?}");
    assert!(lines.iter().any(|line| line == "update anna.schmidt@office.test"), "{lines:?}");
    assert_eq!((&run["add"], &run["missing"]), (&json!(1), &json!(1)), "{lines:?}");
    assert_eq!(office.state("anna.neu@office.test").await, "alias");
    assert_eq!(office.state("lea.ver@office.test").await, "inactive");

    let undone = office.relay.command("undo", json!({ "entry": run["entry"] })).await;
    assert!(undone["addresses"].as_array().is_some_and(|all| all.len() >= 3), "{undone}");
    assert_eq!(office.state("lea.ver@office.test").await, "user", "X04: one entry takes it all back");
}

#[tokio::test(flavor = "multi_thread")]
async fn d24_t15_t19_discovery_is_off_while_sync_is_on_and_comes_back() {
    let office = Office::synced(Kind::Real, 5).await;
    let word = || async { office.relay.query("health", json!({})).await["discovery"].clone() };
    let frozen =
        || async { office.relay.query("discovery", json!({})).await["domains"][0]["frozen_since_ms"].is_number() };
    assert_eq!((word().await, frozen().await), (json!("on"), false));

    office.relay.command("set_sync_schedule", json!({ "hours": 1 })).await;
    assert_eq!((word().await, frozen().await), (json!("off_by_sync"), true));
    let mut client = Client::with_mail(office.relay.smtp, "peer@sender.example").await;
    let reply = client.say("RCPT TO:<stranger@office.test>").await;
    assert_eq!(reply, "550 5.1.1 <stranger@office.test>: Invalid recipient (not in the directory)");
    assert_eq!(office.state("stranger@office.test").await, Value::Null, "no row");
    assert!(!office.destination.heard().iter().any(|line| line.contains("stranger")), "nobody was asked");

    office.relay.command("set_sync_schedule", json!({ "hours": 0 })).await;
    assert_eq!((word().await, frozen().await), (json!("on"), false));
    office.relay.command("set_discovery", json!({ "on": false })).await;
    assert_eq!(word().await, json!("off"));
}

#[tokio::test(flavor = "multi_thread")]
async fn z04_a_second_source_is_refused_and_removing_the_first_keeps_everybody() {
    let office = Office::synced(Kind::Real, 5).await;
    office.relay.command("set_sync_schedule", json!({ "hours": 24 })).await;
    let before = office.accounts().await;
    let entra = json!({ "tenant": "office.test", "client_id": "11111111-2222-3333-4444-555555555555", "secret": "x" });

    let fault = office.relay.refused("set_entra_source", entra.clone()).await;
    assert!(fault.message.starts_with("Only one directory"), "{fault:?}");

    let sync = office.relay.command("remove_source", json!({})).await;
    assert_eq!((&sync["state"]["word"], &sync["hours"]), (&json!("never_set"), &json!(0)));
    assert_eq!(office.accounts().await, before);
    assert_eq!(office.relay.query("health", json!({})).await["discovery"], "on");
    office.relay.command("set_entra_source", entra).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn m03_tls_to_an_ip_address_is_refused_with_the_sentence() {
    let relay = Relay::bare().await;
    let fault = relay
        .refused(
            "set_ldap_source",
            json!({
                "host": "127.0.0.1", "port": 636, "security": "ldaps", "bind_dn": "x", "search_base": "dc=x", "secret": "y",
            }),
        )
        .await;

    let rule = "If using SSL it MUST be a hostname in the Host field for a certificate to attach correctly.";
    assert!(fault.message.starts_with(rule), "{fault:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn m03_v21_a_server_named_by_its_address_is_asked_once_its_certificate_was_looked_at() {
    let server = OpenLdap::with(Manner { people: 5, ..Manner::default() });
    let relay = Relay::bare().await;
    let mut ldaps = source(&server);
    ldaps["host"] = json!("127.0.0.1");
    ldaps["port"] = json!(server.ldaps.port());
    ldaps["security"] = json!("ldaps");

    let look = relay.command("look_directory", json!({ "ldap": ldaps })).await;
    assert_eq!(look["usable"], false, "{look}");
    assert!(look["sentence"].as_str().is_some_and(|said| said.contains("it MUST be a hostname")), "{look}");
    relay.refused("set_ldap_source", ldaps.clone()).await;

    ldaps["trusted_sha256"] = look["certificate"]["sha256"].clone();
    let look = relay.command("look_directory", json!({ "ldap": ldaps })).await;
    assert_eq!(look["usable"], true, "{look}");
    relay.command("set_ldap_source", ldaps).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn m02_v21_an_authority_is_given_as_text_and_is_still_there_when_the_source_is_changed() {
    let server = OpenLdap::with(Manner { people: 5, ..Manner::default() });
    let relay = Relay::bare().await;
    let mut ldaps = source(&server);
    ldaps["port"] = json!(server.ldaps.port());
    ldaps["security"] = json!("ldaps");
    ldaps["ca_pem"] = json!(server.authority());

    let look = relay.command("look_directory", json!({ "ldap": ldaps })).await;
    assert_eq!(look["usable"], true, "{look}");
    relay.command("set_ldap_source", ldaps.clone()).await;
    let sync = relay.query("sync", json!({})).await;
    assert_eq!(sync["source"]["ldap"]["ca_pem"], ldaps["ca_pem"]);
    ldaps["ca_pem"] = json!("nothing");
    let fault = relay.refused("set_ldap_source", ldaps).await;
    assert!(fault.message.contains("no certificate in it"), "{fault:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn z06_pitfall_3_several_blocked_sign_ins_are_settled_alike_and_undone_at_once() {
    let office = Office::synced(Kind::Real, 20).await;
    let blocked = ["user0001", "user0002", "user0003"];
    let block = |uid: &str| {
        let dn = format!("uid={uid},ou=People,{}", OpenLdap::BASE);
        format!("dn: {dn}\nchangetype: modify\nreplace: accountStatus\naccountStatus: disabled\n\n")
    };
    office.server.modify(&blocked.map(block).concat());
    office.run().await;
    let asked = || async {
        let sync = office.relay.query("sync", json!({})).await;
        let problems = sync["problems"].as_array().expect("problems").clone();
        problems.into_iter().filter(|problem| problem["kind"] == "disabled").collect::<Vec<Value>>()
    };
    let questions = asked().await;
    assert!(questions.len() >= blocked.len(), "{questions:?}");
    let one = questions[0]["address"].as_str().expect("an address").to_owned();
    let before = office.state(&one).await;

    let fault = office.relay.refused("settle_blocked_sign_ins", json!({ "choice": "directory" })).await;
    assert!(fault.message.contains("functional, inactive or keep"), "{fault:?}");
    let changed = office.relay.command("settle_blocked_sign_ins", json!({ "choice": "functional" })).await;

    assert_eq!((asked().await.len(), office.state(&one).await), (0, json!("functional")));
    office.run().await;
    assert_eq!((asked().await.len(), office.state(&one).await), (0, json!("functional")), "it is asked once");
    office.relay.command("undo", json!({ "entry": changed["entry"] })).await;
    assert_eq!(office.state(&one).await, before, "one entry takes all of it back");
    office.relay.refused("settle_blocked_sign_ins", json!({ "choice": "keep" })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x04_a_run_that_gives_an_address_to_somebody_else_is_undone_like_any_other() {
    let office = Office::synced(Kind::Real, 20).await;
    let of = |uid: &str| format!("dn: uid={uid},ou=People,{}\nchangetype: modify\n", OpenLdap::BASE);
    let owner = || async {
        let found = office.relay.query("address", json!({ "address": "a.schmidt@office.test" })).await;
        found["row"]["owner"].clone()
    };
    let before = owner().await;
    office.server.modify(&format!(
        "{}delete: proxyAddresses\nproxyAddresses: smtp:a.schmidt@office.test\n-\ndelete: mailAlternateAddress\n\
         mailAlternateAddress: a.schmidt@office.test\n\n{}add: proxyAddresses\nproxyAddresses: smtp:a.schmidt@office.test\n",
        of("aschmidt"),
        of("user0001")
    ));

    let run = office.run().await;
    assert_eq!(owner().await, "user0001@office.test", "{run}");
    office.relay.command("undo", json!({ "entry": run["entry"] })).await;

    assert_eq!(owner().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn n16_v07_whom_a_run_would_put_aside_can_be_kept_all_together() {
    let office = Office::synced(Kind::Real, 20).await;
    let before = office.accounts().await;
    let mut elsewhere = source(&office.server);
    elsewhere["filter"] = json!("(uid=aschmidt)");
    office.relay.command("set_ldap_source", elsewhere).await;
    office.relay.refused("run_sync", json!({})).await;

    let kept = office.relay.command("keep_everyone", json!({})).await;

    assert!(kept["addresses"].as_array().is_some_and(|all| all.len() > 20), "{kept}");
    let run = office.run().await;
    assert_eq!((&run["outcome"], &run["missing"]), (&json!("done"), &json!(0)), "{run}");
    assert_eq!(office.accounts().await, before);
    let fault = office.relay.refused("keep_everyone", json!({})).await;
    assert!(fault.message.contains("No run has stopped"), "{fault:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn m04_runs_happen_as_often_as_the_schedule_says() {
    let office = Office::synced(Kind::Practice, 5).await;
    let scheduled = || async {
        let runs = office.relay.query("sync_runs", json!({})).await;
        runs["rows"].as_array().expect("rows").iter().filter(|run| run["cause"] == "schedule").count()
    };

    office.relay.command("skip_time", json!({ "hours": 24 })).await;
    assert_eq!(scheduled().await, 0, "Never");
    office.relay.command("set_sync_schedule", json!({ "hours": 6 })).await;
    office.relay.command("skip_time", json!({ "hours": 24 })).await;
    // One at once, because the last is a day ago, then every six hours.
    let count = scheduled().await;
    assert!((4..=5).contains(&count), "{count} runs in 24 hours");
}

#[tokio::test(flavor = "multi_thread")]
async fn t17_v08_who_left_waits_fourteen_days_and_can_be_kept() {
    let office = Office::synced(Kind::Practice, 20).await;
    office.server.churn();
    office.run().await;

    let sync = office.relay.query("sync", json!({})).await;
    let leaving = sync["leaving"].as_array().expect("a list");
    assert!(leaving.iter().any(|row| row["address"] == "lea.ver@office.test" && row["asks"] == false), "{sync}");
    office.relay.command("skip_time", json!({ "hours": 15 * 24 })).await;
    office.run().await;
    let sync = office.relay.query("sync", json!({})).await;
    let row = sync["leaving"].as_array().expect("a list").iter().find(|row| row["address"] == "lea.ver@office.test");
    assert_eq!(row.map(|row| row["asks"].clone()), Some(json!(true)), "{sync}");
    let inbox = office.relay.query("inbox", json!({})).await;
    assert!(inbox["rows"].as_array().expect("rows").iter().any(|row| row["kind"] == "sync_left"), "{inbox}");

    office.relay.command("keep_leaving", json!({ "addresses": ["lea.ver@office.test"] })).await;
    office.run().await;
    assert_eq!(office.state("lea.ver@office.test").await, "user");
}

#[tokio::test(flavor = "multi_thread")]
async fn m02_a_look_shows_what_would_be_found_and_no_secret_is_ever_answered() {
    let office = Office::with(Kind::Real, 20).await;
    let look = office.relay.command("look_directory", json!({ "ldap": source(&office.server) })).await;

    assert!(look["usable"] == true && look["found"].as_u64().is_some_and(|found| found > 20), "{look}");
    assert_eq!(look["examples"].as_array().map(Vec::len), Some(5));
    let sync = office.relay.query("sync", json!({})).await;
    assert_eq!(sync["source"]["has_secret"], true);
    assert!(!sync.to_string().contains(OpenLdap::PASSWORD));
    let tree = office.relay.command("directory_tree", json!({ "parent": OpenLdap::BASE })).await;
    assert!(tree["branches"].as_array().is_some_and(|all| all.iter().any(|one| one["name"] == "People")), "{tree}");
    for entry in std::fs::read_dir(office.relay.folder.path()).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            let bytes = std::fs::read(&path).expect("a file");
            let secret = OpenLdap::PASSWORD.as_bytes();
            assert!(!bytes.windows(secret.len()).any(|part| part == secret), "{}", path.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn v21_a_certificate_that_nobody_trusts_is_shown_and_can_be_trusted() {
    let office = Office::with(Kind::Real, 5).await;
    let mut ldaps = source(&office.server);
    ldaps["port"] = json!(office.server.ldaps.port());
    ldaps["security"] = json!("ldaps");

    let look = office.relay.command("look_directory", json!({ "ldap": ldaps })).await;
    assert_eq!(look["usable"], false, "{look}");
    let sha256 = look["certificate"]["sha256"].as_str().expect("the certificate").to_owned();
    let mut trusting = ldaps.clone();
    trusting["trusted_sha256"] = json!(sha256);
    let look = office.relay.command("look_directory", json!({ "ldap": trusting })).await;
    assert_eq!((&look["usable"], &look["certificate"]), (&json!(true), &Value::Null), "nothing is left to ask: {look}");

    office.relay.command("set_ldap_source", ldaps).await;
    office.relay.refused("run_sync", json!({ "accept_first": true })).await;
    office.relay.command("trust_certificate", json!({ "sha256": sha256 })).await;
    let run = office.relay.command("run_sync", json!({ "accept_first": true })).await;
    assert_eq!(run["outcome"], "done");
    let sync = office.relay.query("sync", json!({})).await;
    assert!(sync["source"]["certificate_expires_ms"].is_number(), "{sync}");
}

#[tokio::test(flavor = "multi_thread")]
async fn d20_whom_the_directory_has_too_keeps_the_main_address_that_it_says() {
    let office = Office::with(Kind::Real, 5).await;
    office.relay.command("create_user", json!({ "users": [{ "address": "anna.schmidt@office.test" }] })).await;
    let name = json!({ "addresses": ["anna@office.test"], "owner": "anna.schmidt@office.test", "merge": false });
    office.relay.command("add_alias", name).await;
    office.relay.command("run_sync", json!({ "accept_first": true })).await;
    office.relay.command("set_sync_schedule", json!({ "hours": 24 })).await;

    let refused = office.relay.refused("set_main_address", json!({ "address": "anna@office.test" })).await;

    assert!(refused.message.contains("Change it there"), "{refused:?}");
    assert_eq!(office.state("anna@office.test").await, "alias");
    office.relay.command("remove_source", json!({})).await;
    office.relay.command("set_main_address", json!({ "address": "anna@office.test" })).await;
    assert_eq!(office.state("anna@office.test").await, "user");
}
