//! Issue 5, item 9: everything that the Sync page does is done by `rollcallctl`, in fixed words, with secrets from one line
//! of its standard input; and no secret is in the folder's files, in the log or in any answer (X17).

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use rollcall_tests::directory::openldap::{Manner, OpenLdap};
use rollcall_tests::graph::Graph;
use rollcall_tests::program::{Served, rollcallctl, run_with};
use serde_json::{Value, json};
use tempfile::TempDir;

/// `rollcallctl serve` with everything logged, and everything that was answered.
struct Office {
    folder: TempDir,
    served: Served,
    said: RefCell<String>,
}

impl Office {
    /// With `office.test`, whose mail server nobody asks here.
    fn start() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let script = "exec \"$0\" serve --log trace --listen 127.0.0.1:0 --data \"$1/data\" 2>\"$1/log\"";
        let mut command = Command::new("sh");
        command.arg("-c").arg(script).arg(rollcallctl()).arg(folder.path());
        let office = Self { served: Served::by(&mut command), folder, said: RefCell::default() };
        let destination = json!({ "host": "127.0.0.1", "port": 9, "tls": "never" });
        office.command("add_domain", json!({ "name": "office.test", "destination": destination }));
        office
    }

    fn run(&self, verb: &str, name: &str, (args, secret): (Value, Option<&str>)) -> Output {
        let (data, args) = (self.folder.path().join("data").display().to_string(), args.to_string());
        let mut line = vec!["--data", &data, verb, name, &args];
        line.extend(secret.map(|_| "--secret-stdin"));
        let output = run_with(&line, secret.unwrap_or_default());
        let mut said = self.said.borrow_mut();
        said.push_str(&String::from_utf8_lossy(&output.stdout));
        said.push_str(&String::from_utf8_lossy(&output.stderr));
        output
    }

    fn done(&self, verb: &str, name: &str, what: (Value, Option<&str>)) -> Value {
        let output = self.run(verb, name, what);
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("JSON")
    }

    fn query(&self, name: &str, args: Value) -> Value {
        self.done("query", name, (args, None))
    }

    fn command(&self, name: &str, args: Value) -> Value {
        self.done("command", name, (args, None))
    }

    /// A command with a secret on standard input.
    fn tells(&self, name: &str, args: Value, secret: &str) -> Value {
        self.done("command", name, (args, Some(secret)))
    }

    /// The Fault on standard error.
    fn refused(&self, name: &str, args: Value, secret: Option<&str>) -> Value {
        let output = self.run("command", name, (args, secret));
        assert_eq!(output.status.code(), Some(1), "{name}");
        serde_json::from_slice(&output.stderr).expect("a Fault as JSON")
    }

    fn state(&self, address: &str) -> Value {
        self.query("address", json!({ "address": address }))["row"]["state"].clone()
    }

    fn discovery(&self) -> Value {
        self.query("health", json!({}))["discovery"].clone()
    }

    /// Ends the program, then looks into everything it left and said.
    fn kept_secret(self, secrets: &[&str]) {
        for name in ["journal", "sync", "sync_runs", "inbox", "health"] {
            self.query(name, json!({}));
        }
        self.served.kill();
        let said = self.said.into_inner();
        assert!(said.contains("office.test"), "something was answered");
        let mut files = vec![self.folder.path().join("log")];
        files.extend(
            fs::read_dir(self.folder.path().join("data")).expect("the folder").map(|it| it.expect("an entry").path()),
        );
        assert!(files.iter().any(|file| file.ends_with("rollcall.db")), "{files:?}");
        assert!(has(&files[0], "INFO"), "something was logged");
        for secret in secrets {
            assert!(!said.contains(secret), "an answer has {secret}");
            for file in files.iter().filter(|file| file.is_file()) {
                assert!(!has(file, secret), "{} has {secret}", file.display());
            }
        }
    }
}

fn has(file: &Path, secret: &str) -> bool {
    String::from_utf8_lossy(&fs::read(file).expect("a file")).contains(secret)
}

#[test]
fn m02_m04_v09_x17_rollcallctl_connects_an_ldap_directory_and_does_what_the_page_does() {
    let server = OpenLdap::with(Manner { people: 60, ..Manner::default() });
    let office = Office::start();
    let source = json!({
        "host": "localhost", "port": server.clear.port(), "security": "none",
        "bind_dn": OpenLdap::READER, "search_base": OpenLdap::BASE, "filter": "(objectClass=*)",
    });
    assert_eq!(office.discovery(), "on");

    let look = office.tells("look_directory", json!({ "ldap": source }), OpenLdap::PASSWORD);
    assert!(look["usable"] == true && look["found"].as_u64() > Some(60), "{look}");
    let sync = office.tells("set_ldap_source", source, &format!("{}\nand what follows is none\n", OpenLdap::PASSWORD));
    assert_eq!((&sync["state"]["word"], &sync["source"]["has_secret"]), (&json!("preview_waiting"), &json!(true)));
    let tree = office.command("directory_tree", json!({ "parent": OpenLdap::BASE }));
    assert!(tree["branches"].as_array().is_some_and(|all| all.iter().any(|one| one["name"] == "People")), "{tree}");
    assert_eq!(office.command("set_sync_options", json!({ "delete": true }))["options"]["delete"], true);
    assert_eq!(office.command("set_sync_schedule", json!({ "hours": 6 }))["hours"], 6);
    assert_eq!(office.discovery(), "off_by_sync");

    let preview = office.command("preview_sync", json!({}));
    assert!(preview["add"].as_u64() > Some(60), "{preview}");
    assert_eq!((&preview["update"], &preview["missing"]), (&json!(0), &json!(0)));
    let shared = preview["problems"].as_array().expect("a list").iter().find(|one| one["kind"] == "two_owners");
    let shared = shared.expect("dup@ belongs to two").clone();
    let fault = office.refused("run_sync", json!({}), None);
    assert!(fault["message"].as_str().is_some_and(|said| said.contains("has to be accepted")), "{fault}");
    let run = office.command("run_sync", json!({ "accept_first": true }));
    assert_eq!((&run["add"], &run["outcome"]), (&preview["add"], &json!("done")));
    assert_eq!(office.state("anna.schmidt@office.test"), "user");

    let entry = shared["entries"][0]["id"].clone();
    let choice = json!({ "address": "dup@office.test", "choice": "directory", "entry": entry });
    office.command("settle_sync_conflict", choice);
    assert_eq!(office.command("run_sync", json!({}))["rows_written"], 1, "it has an owner now");
    assert_eq!(office.state("dup@office.test"), "alias");

    server.churn();
    let run = office.command("run_sync", json!({}));
    assert_eq!((&run["add"], &run["missing"]), (&json!(1), &json!(1)), "{run}");
    assert_eq!(office.state("lea.ver@office.test"), "inactive");
    office.command("keep_leaving", json!({ "addresses": ["lea.ver@office.test"] }));
    assert_eq!(office.state("lea.ver@office.test"), "user");
    let detail = office.query("sync_run", json!({ "id": run["id"], "verb": "add" }));
    assert_eq!(detail["changes"][0]["address"], "nina.new@office.test", "{detail}");
    let nina = detail["changes"][0]["entry_id"].clone();
    let sync = office.command("exempt_from_sync", json!({ "ids": [nina], "on": true }));
    assert_eq!(sync["exempt"].as_array().map(Vec::len), Some(1), "{sync}");
    let fault = office.refused("cancel_sync", json!({}), None);
    assert_eq!(fault["message"], "No run is going on.");

    drop(server);
    let fault = office.refused("run_sync", json!({}), None);
    let runs = office.query("sync_runs", json!({}));
    assert_eq!((&runs["rows"][0]["outcome"], &runs["rows"][0]["sentence"]), (&json!("failed"), &fault["message"]));
    let outcomes = runs["rows"].as_array().expect("rows").iter().map(|run| run["outcome"].as_str().expect("a word"));
    assert_eq!(outcomes.collect::<Vec<_>>(), ["failed", "done", "done", "done", "stopped", "previewed"]);
    assert_eq!(office.command("set_sync_schedule", json!({ "hours": 0 }))["hours"], 0);
    assert_eq!(office.discovery(), "on");
    assert_eq!(office.command("remove_source", json!({}))["state"]["word"], "never_set");
    assert_eq!(office.state("anna.schmidt@office.test"), "user", "everybody stays");
    office.kept_secret(&[OpenLdap::PASSWORD]);
}

#[test]
fn v21_x17_rollcallctl_shows_a_certificate_that_nobody_trusts_and_trusts_it() {
    let server = OpenLdap::with(Manner { people: 5, certificate: "self", ..Manner::default() });
    let office = Office::start();
    let source = json!({
        "host": "localhost", "port": server.ldaps.port(), "security": "ldaps",
        "bind_dn": OpenLdap::READER, "search_base": OpenLdap::BASE,
    });

    let look = office.tells("look_directory", json!({ "ldap": source }), OpenLdap::PASSWORD);
    assert_eq!(look["usable"], false, "{look}");
    office.tells("set_ldap_source", source, OpenLdap::PASSWORD);
    let fault = office.refused("run_sync", json!({ "accept_first": true }), None);
    assert!(fault["message"].as_str().is_some_and(|said| said.contains("signed by itself")), "{fault}");
    office.command("trust_certificate", json!({ "sha256": look["certificate"]["sha256"] }));

    assert_eq!(office.command("run_sync", json!({ "accept_first": true }))["outcome"], "done");
    office.kept_secret(&[OpenLdap::PASSWORD]);
}

#[test]
fn m05_z04_x17_rollcallctl_connects_microsoft_entra_by_a_secret_and_by_a_certificate() {
    let graph = Graph::with_more_people(10);
    let office = Office::start();
    let source = json!({
        "tenant": graph.fact("TENANT"), "client_id": graph.fact("CLIENT"), "login_url": graph.fact("AUTHORITY"),
        "graph_url": graph.fact("AUTHORITY"), "ca_file": graph.fact("CA"),
    });
    let secret = graph.fact("SECRET");

    let sync = office.tells("set_entra_source", source, secret);
    assert_eq!(sync["source"]["entra"]["credential"], "secret", "{sync}");
    let run = office.command("run_sync", json!({ "accept_first": true }));
    assert!(run["add"].as_u64() > Some(30), "{run}");
    let ldap = json!({ "host": "x", "port": 389, "security": "none", "bind_dn": "x", "search_base": "dc=x" });
    let fault = office.refused("set_ldap_source", ldap, Some("y-is-another-secret"));
    assert!(fault["message"].as_str().is_some_and(|said| said.starts_with("Only one directory")), "{fault}");

    office.tells("set_sync_secret", json!({}), "nope-nope-nope");
    let fault = office.refused("run_sync", json!({}), None);
    assert!(fault["message"].as_str().is_some_and(|said| said.starts_with("The client secret is wrong.")), "{fault}");
    let read = |name: &str| fs::read_to_string(graph.fact(name)).expect("a file");
    let (certificate, key) = (read("CERT"), read("CERT_KEY"));
    let sync = office.tells("set_entra_certificate", json!({}), &format!("{certificate}{key}"));
    assert_eq!(sync["source"]["entra"]["credential"], "certificate", "{sync}");
    assert_eq!(office.command("run_sync", json!({}))["rows_written"], 0);
    let sync = office.tells("set_sync_secret", json!({}), secret);
    assert_eq!(sync["source"]["entra"]["credential"], "secret", "{sync}");
    assert_eq!(office.command("run_sync", json!({}))["rows_written"], 0);

    let line_of_key = key.lines().nth(1).expect("a line").to_owned();
    office.kept_secret(&[secret, "nope-nope-nope", "y-is-another-secret", &line_of_key]);
}

#[test]
fn x17_a_secret_among_the_arguments_or_an_empty_line_is_refused_before_anybody_hears_of_it() {
    let office = Office::start();
    let source = json!({ "host": "x", "port": 389, "security": "none", "bind_dn": "x", "search_base": "dc=x" });
    let mut with_secret = source.clone();
    with_secret["secret"] = json!("among-the-arguments");

    for (name, args) in [
        ("set_ldap_source", with_secret.clone()),
        ("look_directory", json!({ "ldap": with_secret })),
        ("set_sync_secret", json!({ "secret": "among-the-arguments" })),
        ("set_entra_certificate", json!({ "pem": "among-the-arguments" })),
    ] {
        let fault = office.refused(name, args, None);
        assert!(fault["message"].as_str().is_some_and(|said| said.contains("list of processes")), "{fault}");
    }
    for nothing in ["", "\n", "\nsecret on the second line\n"] {
        let fault = office.refused("set_ldap_source", source.clone(), Some(nothing));
        assert!(fault["message"].as_str().is_some_and(|said| said.contains("no secret")), "{fault}");
    }
    assert_eq!(office.query("sync", json!({}))["state"]["word"], "never_set");
    office.kept_secret(&["among-the-arguments", "on the second line"]);
}
