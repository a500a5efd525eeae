//! One file for another computer (X17): written while the relay runs, brought back whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use rollcall_api::{Code, Door, Fault, Kind, OpenOptions, restore_backup};
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};
use tempfile::TempDir;

const PASSPHRASE: &str = "correct horse battery";
const SECRET: &str = "smarthost hunter2";

/// An office with people, history, an outgoing password and an Organization Administrator.
async fn office() -> Relay {
    let relay = Relay::bare().await;
    relay.serves("acme.example", ([127, 0, 0, 1], 9).into()).await;
    relay.command("create_user", json!({ "users": [{ "address": "ann.lee@acme.example" }] })).await;
    relay.command("add_alias", json!({ "addresses": ["al@acme.example"], "owner": "ann.lee@acme.example" })).await;
    relay.command("mark_invalid", json!({ "addresses": ["old@acme.example"] })).await;
    relay.command("set_contact", json!({ "role": "technician", "name": "Kim", "email": "kim@acme.example" })).await;
    let smarthost =
        json!({ "mode": "smarthost", "host": "127.0.0.1", "port": 9, "tls": "required", "username": "office" });
    relay.command("set_outbound", smarthost).await;
    relay.command("set_outbound_secret", json!({ "secret": SECRET })).await;
    relay.command("set_password", json!({ "password": "administrators" })).await;
    relay
}

async fn exported(relay: &Relay, args: Value) -> PathBuf {
    let answer = relay.command("export_backup", args).await;
    PathBuf::from(answer["path"].as_str().expect("a path"))
}

/// All that people see of an office and that does not depend on the place.
async fn seen(door: &Door) -> Vec<Value> {
    let mut seen = Vec::new();
    for (name, args) in [
        ("addresses", json!({ "limit": 1000 })),
        ("journal", json!({ "limit": 1000 })),
        ("domains", json!({})),
        ("reporting", json!({})),
        ("discovery", json!({})),
        ("seats", json!({})),
        ("outbound", json!({})),
        ("export_people", json!({})),
    ] {
        seen.push(door.query(name, args).await.expect(name));
    }
    // Whether mail servers answer is found out at each place.
    for domain in seen[2]["rows"].as_array_mut().expect("rows") {
        let kept = ["name", "destination", "settings", "need", "window_days"];
        domain.as_object_mut().expect("a domain").retain(|name, _| kept.contains(&name.as_str()));
    }
    seen
}

async fn opened(folder: &Path) -> Door {
    let listen = Some(([127, 0, 0, 1], 0).into());
    rollcall_api::open(OpenOptions { listen, ..OpenOptions::new(folder, Kind::Real) }).await.expect("it opens")
}

/// Brings it back, under the name of the file.
fn brought_back(folder: &Path, file: &Path, passphrase: Option<&str>) -> Result<(), Fault> {
    restore_backup(folder, file, &file.display().to_string(), passphrase)
}

fn refused(file: &Path, passphrase: Option<&str>) -> Fault {
    let folder = TempDir::new().expect("a folder");
    let fault = brought_back(folder.path(), file, passphrase).expect_err("refused");
    let left: Vec<_> = fs::read_dir(folder.path()).expect("it").filter_map(|entry| entry.ok()).collect();
    let left: Vec<_> = left.iter().map(fs::DirEntry::file_name).filter(|name| name != "engine.lock").collect();
    assert!(left.is_empty(), "nothing is brought back: {left:?}");
    fault
}

fn holds(file: &Path, text: &str) -> bool {
    let bytes = fs::read(file).expect("a file");
    bytes.windows(text.len()).any(|part| part == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn x17_a_sealed_backup_brings_everything_back_on_another_computer_passwords_too() {
    let relay = office().await;
    let file = exported(&relay, json!({ "passphrase": PASSPHRASE })).await;
    let before = seen(&relay.door).await;
    assert!(!holds(&file, "ann.lee") && !holds(&file, "SQLite format"), "all of it is sealed");

    let elsewhere = TempDir::new().expect("a folder");
    brought_back(elsewhere.path(), &file, Some(PASSPHRASE)).expect("restored");
    let door = opened(elsewhere.path()).await;

    for (before, after) in before.iter().zip(&seen(&door).await) {
        assert_eq!(before, after);
    }
    for name in ["secrets.sealed", "secrets.key", "tls.pem"] {
        let (here, there) = (fs::read(relay.folder.path().join(name)), fs::read(elsewhere.path().join(name)));
        assert_eq!(here.expect(name), there.expect(name), "{name}");
    }
    door.command("sign_in", json!({ "password": "administrators" })).await.expect("the password holds there too");
    let taken = brought_back(elsewhere.path(), &file, Some(PASSPHRASE)).expect_err("it is open");
    assert_eq!(taken.code, Code::Conflict);
    door.close().await;
    let again = brought_back(elsewhere.path(), &file, Some(PASSPHRASE)).expect_err("there is an office");
    assert!(again.message.contains("doesn't replace one"), "{}", again.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn x17_a_backup_takes_the_place_of_an_office_that_was_started_and_never_set_up_and_of_no_other() {
    let relay = office().await;
    let file = exported(&relay, json!({ "passphrase": PASSPHRASE })).await;
    let elsewhere = TempDir::new().expect("a folder");
    let door = opened(elsewhere.path()).await;
    door.command("set_password", json!({ "password": "another password" })).await.expect("set");
    door.close().await;

    let wrong = brought_back(elsewhere.path(), &file, Some("not the passphrase")).expect_err("refused");
    assert_eq!(wrong.code, Code::Invalid);
    let door = opened(elsewhere.path()).await;
    assert_eq!(door.query("access", json!({})).await.expect("access")["has_password"], true, "it is as it was");
    door.close().await;
    brought_back(elsewhere.path(), &file, Some(PASSPHRASE)).expect("restored");

    let door = opened(elsewhere.path()).await;
    for (before, after) in seen(&relay.door).await.iter().zip(&seen(&door).await) {
        assert_eq!(before, after);
    }
    let aside = fs::read_dir(elsewhere.path().join("backups")).expect("a folder").next().expect("one").expect("it");
    assert!(aside.path().join("rollcall.db").exists(), "what was there is put aside");
    door.command("remove_domain", json!({ "name": "acme.example" })).await.expect("removed");
    door.close().await;
    let again = brought_back(elsewhere.path(), &file, Some(PASSPHRASE)).expect_err("its people are on file");
    assert!(again.message.contains("doesn't replace one"), "{}", again.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn x17_what_a_backup_that_was_cut_off_left_behind_is_gone_at_the_next_start_and_backups_stay() {
    let relay = office().await;
    let file = exported(&relay, json!({ "passphrase": PASSPHRASE })).await;
    let folder = TempDir::new().expect("a folder");
    let (room, backups) = (folder.path().join("restore-x"), folder.path().join("backups"));
    fs::create_dir_all(&room).expect("made");
    fs::create_dir_all(backups.join("part-x")).expect("made");
    fs::write(room.join("rollcall.db"), "people").expect("written");
    fs::write(folder.path().join("upload-x"), "people").expect("written");
    fs::copy(&file, backups.join("office.backup")).expect("copied");

    opened(folder.path()).await.close().await;

    let is_there = |path: &Path| path.exists();
    assert!(!is_there(&room) && !is_there(&folder.path().join("upload-x")) && !is_there(&backups.join("part-x")));
    assert!(is_there(&backups.join("office.backup")));
}

#[tokio::test(flavor = "multi_thread")]
async fn x17_without_a_passphrase_no_password_and_no_key_is_in_the_file() {
    let relay = office().await;
    let file = exported(&relay, json!({})).await;

    assert!(holds(&file, "ann.lee@acme.example"), "people are");
    for secret in ["$argon2id$", "PRIVATE KEY", SECRET] {
        assert!(!holds(&file, secret), "{secret}");
    }
    let key = fs::read(relay.folder.path().join("secrets.key")).expect("a key");
    let bytes = fs::read(&file).expect("a file");
    assert!(!bytes.windows(key.len()).any(|part| part == key), "the key");
    let elsewhere = TempDir::new().expect("a folder");
    brought_back(elsewhere.path(), &file, None).expect("restored");
    let door = opened(elsewhere.path()).await;
    let (here, there) = (seen(&relay.door).await, seen(&door).await);
    assert_eq!((&here[0], &here[1], &here[7]), (&there[0], &there[1], &there[7]));
    assert_eq!(door.query("access", json!({})).await.expect("access")["has_password"], false);
    door.close().await;
    let needless = refused(&file, Some(PASSPHRASE));
    assert!(needless.message.contains("is not sealed"), "{}", needless.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn x17_a_wrong_passphrase_is_said_clearly() {
    let relay = office().await;
    let short = relay.refused("export_backup", json!({ "passphrase": "short" })).await;
    assert_eq!(short.message, "A passphrase has at least 8 characters.");
    let file = exported(&relay, json!({ "passphrase": PASSPHRASE })).await;

    let wrong = refused(&file, Some("correct horse batterz"));
    let none = refused(&file, None);

    assert!(wrong.message.starts_with("This is not the passphrase"), "{}", wrong.message);
    assert!(none.message.contains("is sealed. Give the passphrase"), "{}", none.message);
    assert_eq!((wrong.code, none.code), (Code::Invalid, Code::Invalid));
}

#[tokio::test(flavor = "multi_thread")]
async fn x17_a_backup_that_is_cut_short_or_changed_is_refused_as_a_whole() {
    let relay = office().await;
    let room = TempDir::new().expect("a folder");
    let spoilt = room.path().join("spoilt.backup");
    for (args, passphrase) in [(json!({}), None), (json!({ "passphrase": PASSPHRASE }), Some(PASSPHRASE))] {
        let whole = fs::read(exported(&relay, args).await).expect("a file");
        let middle = whole.len() / 2;
        let mut versions = vec![whole[..middle].to_vec(), whole[..whole.len() - 1].to_vec(), whole[..20].to_vec()];
        versions.push([whole.as_slice(), b"x"].concat());
        for place in [60, middle, whole.len() - 1] {
            let mut changed = whole.clone();
            changed[place] ^= 1;
            versions.push(changed);
        }
        for version in versions {
            fs::write(&spoilt, &version).expect("written");
            let fault = refused(&spoilt, passphrase);
            assert!(fault.message.contains("damaged or incomplete"), "{} bytes: {}", version.len(), fault.message);
        }
    }
    fs::write(&spoilt, "just some text, no backup at all").expect("written");
    assert!(refused(&spoilt, None).message.ends_with("is not a backup of Rollcall."));
}
