//! The sync with a real Samba Active Directory (R7), through the same door as the window and scripts: what is ticked, what
//! is left alone, what is disabled, what leaves.

use std::io::Write as _;

use rollcall_api::{Kind, SessionLimits};
use rollcall_tests::client::send;
use rollcall_tests::destination::Destination;
use rollcall_tests::directory::samba::{Limits, Samba};
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

const MESSAGE: &str = "Subject: hello\r\n\r\nx";
/// Of Windows' `userAccountControl`: a user without a password of its own, and one that is disabled besides.
const ENABLED: &str = "544";
const DISABLED: &str = "546";
/// Exchange's kinds of mailboxes.
const USER: &str = "1";
const SHARED: &str = "4";
const ROOM: &str = "16";
const PUBLIC_FOLDER: &str = "4096";

/// A directory with one of each class in a unit of its own, and an office that it is set for.
struct Office {
    server: Samba,
    relay: Relay,
    _controller: Limits,
    _destination: Destination,
}

impl Office {
    async fn new() -> Self {
        let server = Samba::office();
        server.modify(&classes());
        let controller = server.limited("server", 1_000, 1_500);
        let mut authority = tempfile::NamedTempFile::new().expect("a file");
        authority.write_all(server.authority().as_bytes()).expect("written");
        let names = ["person", "blocked", "shared", "room", "list", "rights", "hidden", "folder", "partner", "scanner"];
        let destination = Destination::knowing(&names).await;
        let relay = Relay::open(Kind::Practice, SessionLimits::default()).await;
        relay.serves("office.test", destination.address).await;
        let source = json!({
            "host": "localhost", "port": controller.address.port(), "security": "ldaps", "ca_file": authority.path(),
            "bind_dn": Samba::READER, "search_base": unit(), "secret": Samba::PASSWORD,
        });
        relay.command("set_ldap_source", source).await;
        Self { server, relay, _controller: controller, _destination: destination }
    }

    async fn synced() -> Self {
        let office = Self::new().await;
        office.relay.command("set_sync_schedule", json!({ "hours": 24 })).await;
        office.relay.command("run_sync", json!({ "accept_first": true })).await;
        office
    }

    /// Who would be added with these ticks.
    async fn would_add(&self, options: Value) -> Vec<String> {
        self.relay.command("set_sync_options", options).await;
        let preview = self.relay.command("preview_sync", json!({})).await;
        let mut names: Vec<String> =
            lines(&preview).into_iter().filter_map(|line| line.strip_prefix("add ").map(str::to_owned)).collect();
        names.sort();
        names
    }

    /// The lines of a run.
    async fn runs(&self) -> Vec<String> {
        let run = self.relay.command("run_sync", json!({})).await;
        lines(&self.relay.query("sync_run", json!({ "id": run["id"] })).await)
    }

    async fn state(&self, name: &str) -> String {
        self.relay.state(&at_office(name)).await
    }

    async fn kind(&self, name: &str) -> Value {
        self.relay.query("address", json!({ "address": at_office(name) })).await["row"]["kind"].clone()
    }

    /// What a sender is told.
    async fn reply(&self, name: &str) -> String {
        send(self.relay.smtp, "kim@north.example", &at_office(name), MESSAGE).await
    }

    fn is(&self, name: &str, control: &str) {
        let change = format!("changetype: modify\nreplace: userAccountControl\nuserAccountControl: {control}");
        self.server.modify(&format!("dn: CN={name},{}\n{change}\n", unit()));
    }
}

fn unit() -> String {
    format!("OU=Classes,{}", Samba::OFFICE)
}

fn at_office(name: &str) -> String {
    format!("{name}@office.test")
}

/// `add person`, in the order of the run.
fn lines(told: &Value) -> Vec<String> {
    let line = |line: &Value| {
        let address = line["address"].as_str().expect("an address");
        format!("{} {}", line["verb"].as_str().expect("a verb"), address.split('@').next().unwrap_or(address))
    };
    told["changes"].as_array().expect("lines").iter().map(line).collect()
}

/// One of each class. What Exchange makes of a mailbox of several is a disabled user.
fn classes() -> String {
    let of = |name: &str, more: &str| {
        format!("dn: CN={name},{}\nchangetype: add\nmail: {}\n{more}\n", unit(), at_office(name))
    };
    let user = |name: &str, control: &str, kind: &str| {
        let more = format!(
            "objectClass: user\nsAMAccountName: {name}\nuserAccountControl: {control}\nmsExchRecipientTypeDetails: {kind}\n"
        );
        of(name, &more)
    };
    let group =
        |name: &str, kind: &str| of(name, &format!("objectClass: group\nsAMAccountName: {name}\ngroupType: {kind}\n"));
    let hidden = of(
        "hidden",
        &format!(
            "objectClass: user\nsAMAccountName: hidden\nuserAccountControl: {ENABLED}\nmsExchHideFromAddressLists: TRUE\n"
        ),
    );
    let all = [
        format!("dn: {}\nchangetype: add\nobjectClass: organizationalUnit\n", unit()),
        user("person", ENABLED, USER),
        user("blocked", DISABLED, USER),
        user("shared", DISABLED, SHARED),
        user("room", DISABLED, ROOM),
        user("folder", DISABLED, PUBLIC_FOLDER),
        group("list", "8"),
        group("rights", "-2147483646"),
        of("partner", "objectClass: contact\n"),
        hidden,
    ];
    all.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn z01_z02_z03_every_tick_brings_exactly_its_class_and_a_preview_changes_nothing() {
    let office = Office::new().await;
    let everybody = ["blocked", "folder", "hidden", "list", "partner", "person", "rights", "room", "shared"];

    assert_eq!(office.would_add(json!({})).await, everybody);
    for (tick, class) in [
        ("active_users", &["hidden", "person"][..]),
        ("disabled_accounts", &["blocked"]),
        ("functional_accounts", &["folder", "list", "partner", "room", "shared"]),
        ("security_groups", &["rights"]),
        ("hidden", &["hidden"]),
        ("add", &everybody),
    ] {
        let without: Vec<&str> = everybody.into_iter().filter(|name| !class.contains(name)).collect();
        assert_eq!(office.would_add(json!({ (tick): false })).await, without, "{tick}");
        office.relay.command("set_sync_options", json!({ (tick): true })).await;
    }
    let counts = office.relay.query("addresses", json!({})).await["counts"].clone();
    assert!(counts.as_object().expect("counts").values().all(|count| count == 0), "{counts}");
}

#[tokio::test(flavor = "multi_thread")]
async fn m04_m14_z02_z03_z07_pitfall_4_a_run_brings_each_kind_and_no_later_one_takes_the_operators_word_back() {
    let office = Office::new().await;
    let preview = office.relay.command("preview_sync", json!({})).await;
    let partner =
        preview["changes"].as_array().expect("lines").iter().find(|line| line["address"] == "partner@office.test");
    let exempt = json!({ "ids": [partner.expect("a line")["entry_id"]], "on": true });
    office.relay.command("exempt_from_sync", exempt).await;
    office.relay.command("run_sync", json!({ "accept_first": true })).await;

    for (name, state, kind) in [
        ("person", "user", Value::Null),
        ("hidden", "user", Value::Null),
        ("shared", "functional", json!("shared_mailbox")),
        ("room", "functional", json!("resource")),
        ("folder", "functional", json!("public_folder")),
        ("list", "functional", json!("distribution_group")),
        ("rights", "functional", json!("security_group")),
    ] {
        assert_eq!((office.state(name).await.as_str(), office.kind(name).await), (state, kind), "{name}");
    }
    assert_eq!(office.state("partner").await, "unknown", "left alone for ever");

    office.relay.command("create_user", json!({ "users": [{ "address": "room@office.test" }] })).await;
    office.relay.command("create_functional", json!({ "addresses": ["person@office.test"] })).await;
    office.server.modify(&format!(
        "dn: CN=person,{0}\nchangetype: modify\nreplace: displayName\ndisplayName: Pat Person\n\n\
         dn: CN=room,{0}\nchangetype: modify\nreplace: displayName\ndisplayName: The room\n\n\
         dn: CN=hidden,{0}\nchangetype: modify\nadd: proxyAddresses\nproxyAddresses: smtp:hid@office.test\n\n\
         dn: CN=list,{0}\nchangetype: delete\n\n\
         dn: CN=partner,{0}\nchangetype: modify\nreplace: displayName\ndisplayName: Partner\n",
        unit()
    ));
    let mut told = office.runs().await;
    told.retain(|line| !line.ends_with(" person") && !line.ends_with(" room"));
    told.sort();
    assert_eq!(told, ["missing list", "update hidden"], "what was done in the directory, and no more");
    assert_eq!((office.state("room").await.as_str(), office.state("person").await.as_str()), ("user", "functional"));
    assert_eq!((office.state("hid").await.as_str(), office.state("list").await.as_str()), ("alias", "inactive"));
    assert_eq!(office.state("partner").await, "unknown");
    let sync = office.relay.query("sync", json!({})).await;
    assert_eq!(sync["exempt"][0]["name"], "partner", "listed under Exempt: {sync}");

    office.relay.command("skip_time", json!({ "hours": 20 * 24 })).await;
    office.relay.command("run_sync", json!({})).await;
    assert_eq!(office.state("list").await, "inactive", "without the third tick nothing is deleted");
    office.relay.command("set_sync_options", json!({ "delete": true })).await;
    assert_eq!(office.runs().await, ["delete list"]);
    assert_eq!(office.state("list").await, "unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn t18_z06_x10_who_is_disabled_gets_mail_as_it_is_set_and_who_is_not_there_is_listed() {
    let office = Office::synced().await;
    for name in ["person", "blocked", "shared", "room"] {
        assert!(office.reply(name).await.starts_with("250"), "{name}: a blocked sign-in says nothing about mail");
    }

    office.relay.command("set_sync_options", json!({ "disabled_people": "reject" })).await;
    office.is("person", DISABLED);
    office.runs().await;
    let refused = office.reply("person").await;
    assert_eq!((office.state("person").await.as_str(), &refused[..3]), ("inactive", "550"), "{refused}");
    for name in ["shared", "room"] {
        assert!(office.reply(name).await.starts_with("250"), "{name} is nobody's sign-in");
    }
    office.is("person", ENABLED);
    office.runs().await;
    assert_eq!(office.state("person").await, "user");
    assert!(office.reply("person").await.starts_with("250"));

    let mut rule = office.relay.query("discovery", json!({})).await["domains"][0]["rule"].clone();
    rule["unknown_when_off"] = json!("ask");
    office.relay.command("set_rule", json!({ "domain": "office.test", "rule": rule })).await;
    assert!(office.reply("scanner").await.starts_with("250"));
    let observed = office.relay.query("observed", json!({})).await;
    let seen: Vec<&Value> = observed["rows"].as_array().expect("rows").iter().map(|row| &row["address"]).collect();
    assert_eq!(seen, ["scanner@office.test"]);
    assert_eq!(office.state("scanner").await, "unknown", "no row is made");
}
