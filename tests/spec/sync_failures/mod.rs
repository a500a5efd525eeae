//! Nothing is lost (V07, Z03, pitfalls 5 and 6): whatever goes wrong with a directory, nobody changes, the history stays
//! as long as it was, one sentence says why, the run stands among the runs with it, and the next good run has nothing to do.
//!
//! | What goes wrong         | LDAP | AD | Entra |
//! |-------------------------|------|----|-------|
//! | the server is down      | yes  | yes| yes   |
//! | it dies in mid-page     | yes  | yes| yes   |
//! | a size limit            | yes  | no failure: smaller pages | a list that ends without saying that it is whole |
//! | nobody in the answer    | yes  | yes| yes   |
//! | the wrong base          | yes  | yes| the wrong tenant |
//! | a right is taken away   | yes  | yes| yes   |
//! | truncated JSON          |      |    | yes   |
//! | a cursor that is too old|      | no failure: read whole | no failure: read whole |
//! | throttled for an hour   |      |    | yes   |
//! | a clock that is wrong   |      | no failure: read whole | yes |

mod active_directory;
mod entra;
mod openldap;

use rollcall_api::{Kind, SessionLimits};
use rollcall_tests::client::Client;
use rollcall_tests::destination::Destination;
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};
use tempfile::NamedTempFile;

/// An office in step with its directory, asked every day.
struct InStep {
    relay: Relay,
    everybody: Value,
    _destination: Destination,
}

impl InStep {
    /// In a folder of this kind: sets `source` by `command`, looks at the preview and accepts it.
    async fn with(kind: Kind, command: &str, source: Value) -> Self {
        let destination = Destination::knowing(&["anna.schmidt"]).await;
        let relay = Relay::open(kind, SessionLimits::default()).await;
        relay.serves("office.test", destination.address).await;
        relay.command(command, source).await;
        relay.command("set_sync_schedule", json!({ "hours": 24 })).await;
        let preview = relay.command("preview_sync", json!({})).await;
        assert_eq!((&preview["first"], &preview["missing"]), (&json!(true), &json!(0)), "{preview}");
        let run = relay.command("run_sync", json!({ "accept_first": true })).await;
        assert_eq!((&run["outcome"], &run["add"]), (&json!("done"), &preview["add"]), "{run}");
        let everybody = everybody(&relay).await;
        let mut office = Self { relay, everybody: Value::Null, _destination: destination };
        office.everybody = everybody;
        assert!(office.everybody.as_array().is_some_and(|all| all.len() > 40), "the whole office");
        office.is_in_step("at first").await;
        office
    }

    /// A run that fails or stops, with these words in its sentence.
    async fn fails(&self, what: &str, words: &[&str]) {
        let journal = self.journal().await;
        let before = self.latest_run().await["id"].clone();

        let fault = self.relay.refused("run_sync", json!({})).await;

        let sentence = fault.message.as_str();
        for word in words {
            assert!(sentence.contains(word), "{what}: {sentence}");
        }
        assert!(sentence.ends_with('.') && (20..400).contains(&sentence.len()), "{what}: {sentence}");
        let told = format!("{fault:?}");
        assert!(!told.contains("Pass1") && !told.contains("good-secret"), "{what}: {told}");
        self.nobody_changed(what).await;
        assert_eq!(self.journal().await, journal, "{what}: nothing in the history");
        let run = self.latest_run().await;
        assert!(run["id"].as_i64() > before.as_i64(), "{what}: {run}");
        assert!(matches!(run["outcome"].as_str(), Some("failed" | "stopped")), "{what}: {run}");
        assert_eq!((&run["sentence"], &run["rows_written"]), (&json!(sentence), &json!(0)), "{what}");
        let detail = self.relay.query("sync_run", json!({ "id": run["id"] })).await;
        assert_eq!((&detail["run"], &detail["run"]["entry"]), (&run, &Value::Null), "{what}");
        let sync = self.relay.query("sync", json!({})).await;
        assert_eq!(
            (&sync["state"]["word"], &sync["state"]["sentence"]),
            (&json!("failed"), &json!(sentence)),
            "{what}: the page says the same"
        );
    }

    /// As [`Self::fails`], and what comes from there is no good for a preview either.
    async fn fails_and_previews_nothing(&self, what: &str, words: &[&str]) {
        self.fails(what, words).await;
        let journal = self.journal().await;
        let fault = self.relay.refused("preview_sync", json!({})).await;
        assert_eq!(self.latest_run().await["sentence"], json!(fault.message), "{what}");
        self.nobody_changed(what).await;
        assert_eq!(self.journal().await, journal, "{what}");
    }

    /// A run that works and has nothing to do.
    async fn is_in_step(&self, what: &str) -> Value {
        let journal = self.journal().await;
        let run = self.relay.command("run_sync", json!({})).await;
        assert_eq!(run["outcome"], "done", "after {what}: {run}");
        for count in ["add", "update", "missing", "delete", "rows_written"] {
            assert_eq!(run[count], 0, "after {what}: {run}");
        }
        self.nobody_changed(what).await;
        assert_eq!(self.journal().await, journal, "after {what}: nothing in the history");
        assert_eq!(self.relay.query("sync", json!({})).await["state"]["word"], "on", "after {what}");
        run
    }

    /// Sets this source, sees what it leads to, then sets the good one again.
    async fn fails_with(&self, command: &str, (good, bad): (&Value, Value), what: &str, words: &[&str]) {
        self.relay.command(command, bad).await;
        self.fails(what, words).await;
        self.relay.command(command, good.clone()).await;
        self.is_in_step(what).await;
    }

    /// Somebody whom the directory brought still gets mail.
    async fn takes_mail(&self, what: &str) {
        let mut client = Client::with_mail(self.relay.smtp, "kim@north.example").await;
        let reply = client.say("RCPT TO:<anna.schmidt@office.test>").await;
        assert!(reply.starts_with("250"), "{what}: {reply}");
    }

    async fn nobody_changed(&self, what: &str) {
        let now = everybody(&self.relay).await;
        let (before, now) = (self.everybody.as_array().expect("rows"), now.as_array().expect("rows").clone());
        for (before, now) in before.iter().zip(&now) {
            assert_eq!(before, now, "{what}");
        }
        assert_eq!(before.len(), now.len(), "{what}");
    }

    async fn journal(&self) -> Value {
        self.relay.query("journal", json!({ "limit": 1000 })).await["rows"].clone()
    }

    async fn latest_run(&self) -> Value {
        self.relay.query("sync_runs", json!({ "limit": 1 })).await["rows"][0].clone()
    }
}

/// Every address, as the list shows it.
async fn everybody(relay: &Relay) -> Value {
    let mut all = Vec::new();
    loop {
        let page = relay.query("addresses", json!({ "limit": 1000, "offset": all.len() })).await;
        let rows = page["rows"].as_array().expect("rows").clone();
        if rows.is_empty() {
            return Value::Array(all);
        }
        all.extend(rows);
    }
}

/// `source` with something else in it.
fn but(source: &Value, changes: Value) -> Value {
    let mut source = source.clone();
    let changes = changes.as_object().expect("an object").clone();
    source.as_object_mut().expect("an object").extend(changes);
    source
}

/// A file with this text.
fn file(text: &str) -> NamedTempFile {
    let file = NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), text).expect("written");
    file
}
