//! What the `given` and `then` lines of a transcript do.

use std::collections::BTreeSet;

use rollcall_core::{AddressState, InvalidReason};
use serde_json::json;

use super::{matches, unescaped};
use crate::client::{Client, send};
use crate::destination::Destination;
use crate::relay::Relay;

/// The scene of one transcript.
pub struct Scene {
    /// Taken out only while it is opened again.
    relay: Option<Relay>,
    destination: Destination,
    client: Option<Client>,
}

impl Scene {
    /// A relay before a mail server that knows ann, bob and info at `acme.example`.
    pub async fn set() -> Self {
        let destination = Destination::knowing(&["ann", "bob", "info"]).await;
        let relay = Relay::before(&destination).await;
        Self { relay: Some(relay), destination, client: None }
    }

    /// The next line begins a connection anew.
    pub fn leave(&mut self) {
        self.client = None;
    }

    pub async fn client(&mut self, _at: &str) -> &mut Client {
        if self.client.is_none() {
            self.client = Some(Client::connect_silently(self.relay().smtp).await);
        }
        self.client.as_mut().expect("just connected")
    }

    fn relay(&self) -> &Relay {
        self.relay.as_ref().expect("it runs")
    }

    /// Opens the relay again with a row that no command makes.
    async fn has_row(&mut self, address: &str, state: AddressState) {
        self.client = None;
        let relay = self.relay.take().expect("it runs");
        self.relay = Some(relay.with_row(address, state).await);
    }

    /// One domain's setting; a word that is JSON is taken as such.
    async fn settle(&mut self, setting: &str, value: &str) {
        let value = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
        self.relay().command("set_domain", json!({ "name": "acme.example", setting: value })).await;
    }

    /// Clean messages from different senders.
    async fn mailed(&mut self, address: &str, times: usize) {
        for time in 0..times {
            let sender = format!("s@sender{time}.example");
            let reply = send(self.relay().smtp, &sender, address, "Subject: hello\r\n\r\nx").await;
            assert!(reply.starts_with("250"), "{reply}");
        }
        // A query waits for what the sessions have queued.
        self.relay().state(address).await;
    }

    /// A late no to the only recipient has shown that the destination decides at DATA.
    async fn decides_at_data(&mut self) {
        self.destination.behave(|manners| {
            (manners.knows, manners.end_of_data) = (BTreeSet::new(), Some("550 5.1.1 No such user".to_owned()));
        });
        send(self.relay().smtp, "a@sender.example", "nobody@acme.example", "x").await;
        for _ in 0..300 {
            let domains = self.relay().query("domains", json!({})).await;
            if domains["rows"][0]["decides_at_data"] == true {
                break;
            }
            crate::pause(20).await;
        }
        self.destination.behave(|manners| manners.end_of_data = None);
    }

    /// Ten invented recipients in three sessions.
    async fn guessed_names(&mut self) {
        for session in 0..3 {
            let mut client = Client::with_mail(self.relay().smtp, "g@guesser.example").await;
            for name in 0..4 {
                client.say(&format!("RCPT TO:<name{session}-{name}@acme.example>")).await;
            }
        }
    }

    pub async fn given(&mut self, words: &str, at: &str) {
        match words.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["user", address] => {
                self.relay().command("create_user", json!({ "users": [{ "address": address }] })).await;
            }
            ["functional", address] => {
                self.relay().command("create_functional", json!({ "addresses": [address] })).await;
            }
            ["invalid", address] => {
                self.relay().command("mark_invalid", json!({ "addresses": [address] })).await;
            }
            ["inactive", address] => self.has_row(address, AddressState::Inactive).await,
            ["never-add", address] => self.has_row(address, AddressState::NeverAdd).await,
            ["expired", address] => self.has_row(address, AddressState::Invalid(InvalidReason::Expired)).await,
            ["bounced", address] => self.has_row(address, AddressState::Invalid(InvalidReason::Bounced)).await,
            ["domain", setting, value] => self.settle(setting, value).await,
            ["mailed", address, times] => self.mailed(address, times.parse().expect("a number")).await,
            ["decides-at-data"] => self.decides_at_data().await,
            ["guessed-names"] => self.guessed_names().await,
            ["upstream", address] => {
                self.relay().command("set_upstreams", json!({ "addresses": [address] })).await;
            }
            ["other", "domain", domain] => {
                let elsewhere = std::net::SocketAddr::from(([127, 0, 0, 1], 9));
                self.relay().serves(domain, elsewhere).await;
            }
            ["destination", "down"] => self.destination.stop(),
            ["destination", "offers", keywords @ ..] => {
                let lines: Vec<&str> = ["office.test"].into_iter().chain(keywords.iter().copied()).collect();
                self.destination.behave(|manners| manners.ehlo = Some(lines_of(250, &lines)));
            }
            ["tls", policy] => {
                let (host, port) = (self.destination.address.ip().to_string(), self.destination.address.port());
                let destination = json!({ "host": host, "port": port, "tls": policy });
                self.relay().command("add_domain", json!({ "name": "acme.example", "destination": destination })).await;
            }
            ["destination", what, "says", ..] => {
                let reply = words.split_once("says ").map(|(_, reply)| reply.replace("\\n", "\r\n"));
                self.destination.behave(|manners| match *what {
                    "RCPT" => manners.rcpt = reply,
                    "greeting" => manners.greeting = reply,
                    "EHLO" => manners.ehlo = reply,
                    "STARTTLS" => manners.starttls = reply,
                    "MAIL" => manners.mail = reply,
                    "DATA" => manners.data = reply,
                    "BDAT" => manners.bdat = reply,
                    "end-of-data" => manners.end_of_data = reply,
                    other => panic!("{at}: the destination has no {other}"),
                });
            }
            ["destination", "behaves"] => self.destination.behave(|manners| manners.rcpt = None),
            ["destination", "hangs-at-rcpt"] => self.destination.behave(|manners| manners.hangs_at_rcpt = true),
            ["destination", "closes-in-data"] => self.destination.behave(|manners| manners.closes_in_data = true),
            ["destination", "closes-after-dot"] => self.destination.behave(|manners| manners.closes_after_dot = true),
            ["destination", "dribbles"] => self.destination.behave(|manners| manners.dribbles = true),
            _ => panic!("{at}: no such scene: {words}"),
        }
    }

    pub async fn then(&mut self, words: &str, at: &str) {
        let number = |text: &str| text.parse::<usize>().expect("a number");
        match words.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["state", address, "is", state] => assert_eq!(self.relay().state(address).await, *state, "{at}"),
            ["destination", "took", count] => assert_eq!(self.destination.taken().len(), number(count), "{at}"),
            ["destination", "heard", ..] => {
                let pattern = words.split_once("heard ").map_or("", |(_, pattern)| pattern);
                let heard = self.destination.heard();
                assert!(heard.iter().any(|line| matches(pattern, line)), "{at}: {heard:?}");
            }
            ["destination", "never", "heard", ..] => {
                let pattern = words.split_once("heard ").map_or("", |(_, pattern)| pattern);
                let heard = self.destination.heard();
                assert!(!heard.iter().any(|line| matches(pattern, line)), "{at}: {heard:?}");
            }
            ["content", "ends", ..] => {
                let end = unescaped(words.split_once("ends ").map_or("", |(_, end)| end));
                let taken = self.destination.taken();
                let content = &taken.last().unwrap_or_else(|| panic!("{at}: nothing was taken")).content;
                assert!(content.ends_with(&end), "{at}: {}", String::from_utf8_lossy(content));
            }
            ["waiting", count] => {
                let health = self.relay().query("health", json!({})).await;
                assert_eq!(health["waiting"], json!(number(count)), "{at}");
            }
            ["log", "says", reason] => {
                let log = self.relay().query("mail_log", json!({ "limit": 1 })).await;
                assert_eq!(log["rows"][0]["reason"], json!(reason), "{at}: {log}");
            }
            ["log", "holds", ..] => {
                let text = words.split_once("holds ").map_or("", |(_, text)| text);
                let log = self.relay().query("mail_log", json!({ "limit": 1 })).await.to_string();
                assert!(log.contains(text), "{at}: {log}");
            }
            _ => panic!("{at}: nothing to look at: {words}"),
        }
    }
}

/// A reply of several lines, as a server sends it, without the last CRLF.
fn lines_of(code: u16, lines: &[&str]) -> String {
    let (last, before) = lines.split_last().expect("at least one line");
    let before: String = before.iter().map(|line| format!("{code}-{line}\r\n")).collect();
    format!("{before}{code} {}", last.replace('=', " "))
}
