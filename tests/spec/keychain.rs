//! Where the key of the office's passwords is (X17, issue 5 point 7): in a real keychain, or in the folder; and what is said
//! while it is away.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use rollcall_tests::client;
use rollcall_tests::destination::Destination;
use rollcall_tests::directory::openldap::{Manner, OpenLdap};
use rollcall_tests::program::{Served, ask, rollcallctl, run, run_with};
use rollcall_tests::secret_service::SecretService;
use serde_json::{Value, json};
use tempfile::TempDir;

fn served(folder: &Path, keychain: Option<&SecretService>, more: &[&str]) -> Served {
    let mut command = Command::new(rollcallctl());
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder).args(more);
    match keychain {
        Some(keychain) => keychain.enter(&mut command),
        // A computer without a desktop: nobody listens there.
        None => drop(command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")),
    }
    Served::by(&mut command)
}

fn directory() -> OpenLdap {
    OpenLdap::with(Manner { people: 5, ..Manner::default() })
}

/// An office whose directory needs a password, given on standard input.
fn set_up(folder: &Path, directory: &OpenLdap, mail_server: SocketAddr) {
    let destination = json!({ "host": "127.0.0.1", "port": mail_server.port(), "tls": "never" });
    ask(folder, "command", "add_domain", &json!({ "name": "office.test", "destination": destination }));
    let source = json!({
        "host": "localhost", "port": directory.clear.port(), "security": "none",
        "bind_dn": OpenLdap::READER, "search_base": OpenLdap::BASE,
    });
    let output = tell(folder, "set_ldap_source", &source);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn tell(folder: &Path, name: &str, args: &Value) -> std::process::Output {
    let (data, args) = (folder.display().to_string(), args.to_string());
    run_with(&["--data", &data, "command", name, &args, "--secret-stdin"], OpenLdap::PASSWORD)
}

fn source(folder: &Path) -> Value {
    ask(folder, "query", "sync", &json!({}))["source"].clone()
}

fn place(folder: &Path) -> Value {
    source(folder)["secret_place"].clone()
}

fn syncs(folder: &Path) -> Value {
    ask(folder, "command", "run_sync", &json!({ "accept_first": true }))["outcome"].clone()
}

/// The sentence of a command that is refused.
fn refused(folder: &Path, line: &[&str]) -> String {
    let data = folder.display().to_string();
    let output = run(&[&["--data", &data], line].concat());
    assert_eq!(output.status.code(), Some(1), "{line:?}");
    let fault: Value = serde_json::from_slice(&output.stderr).expect("a Fault as JSON");
    fault["message"].as_str().expect("a sentence").to_owned()
}

fn has(folder: &Path, name: &str) -> bool {
    folder.join(name).exists()
}

fn nowhere() -> SocketAddr {
    ([127, 0, 0, 1], 9).into()
}

#[test]
fn m04_x17_with_a_keychain_the_key_is_there_in_no_file_and_works_after_a_restart() {
    let (keychain, directory, room) = (SecretService::unlocked(), directory(), TempDir::new().expect("a folder"));
    let folder = room.path();
    let office = served(folder, Some(&keychain), &["--secrets", "keychain"]);
    set_up(folder, &directory, nowhere());
    assert_eq!((place(folder), &source(folder)["secret_trouble"]), (json!("keychain"), &Value::Null));
    assert!(!has(folder, "secrets.key") && has(folder, "secrets.directory"));
    office.kill();

    let office = served(folder, Some(&keychain), &[]);
    assert_eq!((place(folder), syncs(folder)), (json!("keychain"), json!("done")));
    office.kill();

    let office = served(folder, Some(&keychain), &["--secrets", "file"]);
    assert_eq!(place(folder), "sealed_file");
    office.kill();
    let office = served(folder, None, &[]);
    assert_eq!((place(folder), syncs(folder)), (json!("sealed_file"), json!("done")));
    office.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn m04_x17_while_the_keychain_is_locked_it_is_said_mail_flows_nothing_is_lost_and_then_it_goes_on_by_itself() {
    let (mut keychain, directory, room) = (SecretService::unlocked(), directory(), TempDir::new().expect("a folder"));
    let (folder, mail_server) = (room.path(), Destination::knowing(&["ann"]).await);
    let office = served(folder, Some(&keychain), &["--secrets", "keychain"]);
    set_up(folder, &directory, mail_server.address);
    office.kill();
    keychain.lock();

    let office = served(folder, Some(&keychain), &["--secrets", "keychain"]);

    let locked = "is in the keychain, which is locked. Unlock it";
    let known = source(folder);
    assert_eq!((&known["has_secret"], &known["secret_place"]), (&json!(true), &json!("keychain")));
    assert!(known["secret_trouble"].as_str().is_some_and(|said| said.contains(locked)), "{known}");
    let health = ask(folder, "query", "health", &json!({}));
    let faults = health["faults"].as_array().expect("faults");
    assert!(faults.iter().any(|fault| fault["code"] == "keychain_shut"), "{faults:?}");
    let said = refused(folder, &["command", "run_sync", "{}"]);
    assert!(said.contains(locked), "{said}");
    let runs = ask(folder, "query", "sync_runs", &json!({}));
    assert_eq!((&runs["rows"][0]["outcome"], &runs["rows"][0]["sentence"]), (&json!("failed"), &json!(said)));
    assert_eq!(tell(folder, "set_sync_secret", &json!({})).status.code(), Some(1), "no other key over it");
    assert!(!has(folder, "secrets.key"));
    let reply = client::send(office.smtp(), "a@sender.example", "ann@office.test", "Subject: x\r\n\r\nx").await;
    assert!(reply.starts_with("250"), "{reply}");

    keychain.unlock();
    for _ in 0..600 {
        if source(folder)["secret_trouble"].is_null() {
            break;
        }
        rollcall_tests::pause(100).await;
    }
    assert_eq!((place(folder), syncs(folder)), (json!("keychain"), json!("done")));
    office.kill();
}

#[test]
fn x17_a_key_of_before_goes_to_the_keychain_and_a_sealed_backup_brings_it_to_where_there_is_none() {
    let (mut keychain, directory, room) = (SecretService::unlocked(), directory(), TempDir::new().expect("a folder"));
    let folder = &room.path().join("office");
    let office = served(folder, Some(&keychain), &[]);
    set_up(folder, &directory, nowhere());
    assert!(place(folder) == "sealed_file" && has(folder, "secrets.key"), "nobody asked for a keychain");
    let key = fs::read(folder.join("secrets.key")).expect("a key");
    office.kill();

    let office = served(folder, Some(&keychain), &["--secrets", "keychain"]);
    assert!(place(folder) == "keychain" && !has(folder, "secrets.key"));
    assert_eq!(syncs(folder), "done");

    let (sealed, open) = (room.path().join("sealed"), room.path().join("open"));
    let passphrase = room.path().join("passphrase");
    fs::write(&passphrase, "correct horse battery").expect("written");
    let export = |file: &Path, more: &[&str]| {
        let (data, file) = (folder.display().to_string(), file.display().to_string());
        run(&[&["--data", &data, "backup", "export", &file], more].concat())
    };
    let with = ["--passphrase-file", &passphrase.display().to_string()];
    assert!(export(&sealed, &with).status.success() && export(&open, &[]).status.success());
    let bytes = fs::read(&open).expect("a backup");
    let line: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    for secret in [key.as_slice(), line.as_bytes(), OpenLdap::PASSWORD.as_bytes()] {
        assert!(!bytes.windows(secret.len()).any(|part| part == secret), "without a passphrase no secret");
    }
    office.kill();

    let elsewhere = room.path().join("elsewhere");
    let data = elsewhere.display().to_string();
    let import = ["--data", &data, "backup", "import", &sealed.display().to_string()];
    assert!(run(&[&import[..], &with[..]].concat()).status.success());
    let office = served(&elsewhere, None, &["--secrets", "keychain"]);
    assert_eq!((place(&elsewhere), syncs(&elsewhere)), (json!("sealed_file"), json!("done")));
    office.kill();

    keychain.lock();
    let office = served(folder, Some(&keychain), &[]);
    let file = room.path().join("later").display().to_string();
    let said = refused(folder, &[&["backup", "export", &file], &with[..]].concat());
    assert!(said.starts_with("No backup was written") && !Path::new(&file).exists(), "{said}");
    office.kill();
}

#[test]
fn x17_a_folder_that_was_carried_to_another_computer_says_so_and_takes_the_password_again() {
    let (first, second, directory) = (SecretService::unlocked(), SecretService::unlocked(), directory());
    let room = TempDir::new().expect("a folder");
    let folder = room.path();
    let office = served(folder, Some(&first), &["--secrets", "keychain"]);
    set_up(folder, &directory, nowhere());
    office.kill();

    let office = served(folder, Some(&second), &["--secrets", "keychain"]);
    let known = source(folder);
    assert_eq!(known["has_secret"], false);
    let sealed_for = "sealed for another computer or another account: their key is not here. Give them again";
    assert!(known["secret_trouble"].as_str().is_some_and(|said| said.contains(sealed_for)), "{known}");
    let said = refused(folder, &["command", "run_sync", "{\"accept_first\":true}"]);
    assert!(said.contains(sealed_for), "{said}");

    assert!(tell(folder, "set_sync_secret", &json!({})).status.success());
    assert_eq!((place(folder), syncs(folder)), (json!("keychain"), json!("done")));
    office.kill();
}

#[test]
fn x17_on_a_computer_without_a_desktop_the_key_is_in_the_folder_also_where_a_keychain_was_wished() {
    let (directory, room) = (directory(), TempDir::new().expect("a folder"));
    let folder = room.path();
    let office = served(folder, None, &["--secrets", "keychain"]);

    set_up(folder, &directory, nowhere());

    assert!(place(folder) == "sealed_file" && has(folder, "secrets.key"));
    assert_eq!(syncs(folder), "done");
    office.kill();
}
