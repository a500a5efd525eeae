//! "Test" of the way out: talks to the server that outgoing mail goes through, signs in, sends nothing, and says what it
//! found in words.
//!
//! **Limits.** Whether it takes mail for everybody, only real mail shows. Of a domain's own mail servers the best one is
//! tried.

use std::sync::Arc;
use std::time::Duration;

use rollcall_core::DomainName;
use rollcall_net::connection::Connection;
use rollcall_net::{Credentials, Deadlines, Destination, NetError, Said, Secret, Tape, TlsPolicy};
use rollcall_smtp::{MailFrom, client};
use rollcall_store::Kind;

use crate::clock::Stopwatch;
use crate::error::EngineError;
use crate::house::House;
use crate::outward::{Outbound, Smarthost};
use crate::probe::{Found, Step, Verdict, unusable};

/// How long looking for a domain's mail servers may take.
const LOOK_UP: Duration = Duration::from_secs(10);

impl House {
    /// Tests a smarthost as it is typed. Without a `secret` the one kept for this name at this host is used. Nothing is
    /// kept of the test.
    ///
    /// # Errors
    /// Invalid when the server cannot be one; conflict when it is Rollcall itself; forbidden when practice would reach
    /// another computer. Whatever the server does is an answer, not an error.
    pub async fn test_smarthost(&self, smarthost: Smarthost, secret: Option<String>) -> Result<Found, EngineError> {
        let Smarthost { mut destination, username } = self.check_smarthost(smarthost)?;
        self.check_not_ours(&destination, "other domains").await?;
        let secret = secret.filter(|secret| !secret.is_empty()).or_else(|| self.kept_secret(&destination, &username));
        let is_lacking = username.is_some() && secret.is_none();
        destination.credentials = username
            .clone()
            .zip(secret)
            .map(|(username, secret)| Arc::new(Credentials { username, secret: Secret::Password(secret) }));
        let mut found = self.rehearse(&destination, username.as_deref()).await;
        if is_lacking && found.usable {
            let sentence = "The server answers, but the password is missing. Enter it and test again.".to_owned();
            found.steps.push(step("sign_in", Verdict::Bad, "The password is missing.", None, 0));
            found = Found { usable: false, sentence, ..found };
        }
        Ok(found)
    }

    /// Tests whether mail can go directly to the mail servers of `domain`.
    ///
    /// # Errors
    /// Invalid when it is no domain, forbidden in practice.
    pub async fn test_direct(&self, domain: &str) -> Result<Found, EngineError> {
        if self.kind == Kind::Practice {
            let told = "The practice office sends mail only to this computer, never to the world's mail servers.";
            return Err(EngineError::Forbidden(told.to_owned()));
        }
        let domain = DomainName::parse(domain)?.to_string();
        let watch = Stopwatch::start();
        let exchangers = match self.pool.exchangers(&domain, LOOK_UP).await {
            Ok(found) => found,
            Err(error) => {
                let asked = Destination::mx(domain, TlsPolicy::Opportunistic);
                return Ok(unusable(&asked, &error, watch.elapsed_ms()));
            }
        };
        let listed: Vec<String> = exchangers.iter().map(|one| format!("{} {}", one.preference, one.host)).collect();
        let sentence = format!("{domain} names its mail servers.");
        let looked_up = step("look_up", Verdict::Good, &sentence, Some(listed.join("\n")), watch.elapsed_ms());
        let Some(best) = exchangers.into_iter().next() else {
            return Ok(unusable(&Destination::mx(&domain, TlsPolicy::Never), &NetError::TakesNoMail { domain }, 0));
        };
        let to = Destination::new(best.host, 25, TlsPolicy::Opportunistic);
        let mut found = self.rehearse(&to, None).await;
        found.steps.insert(0, looked_up);
        found.sentence = if found.usable {
            format!("Mail can go directly: {} answers.", to.host)
        } else if found.steps.iter().any(|step| step.step == "connect") {
            format!(
                "{} can't be reached on port 25. Many providers block it: ask yours, or send through another server.",
                to.host
            )
        } else {
            found.sentence
        };
        Ok(found)
    }

    /// The password that is kept, if it is for this name at this host.
    fn kept_secret(&self, destination: &Destination, username: &Option<String>) -> Option<String> {
        let setup = self.setup();
        let Outbound::Smarthost(kept) = &setup.outbound else { return None };
        if kept.destination.host != destination.host || kept.username != *username {
            return None;
        }
        self.secrets.outbound()
    }

    async fn rehearse(&self, destination: &Destination, username: Option<&str>) -> Found {
        let (tape, watch) = (Tape::default(), Stopwatch::start());
        let mut connection = match Connection::open_on(&tape, destination, &self.hostname, Deadlines::LIVE).await {
            Ok(connection) => connection,
            Err(error) => return failed(destination, &tape, &error, watch.elapsed_ms()),
        };
        let sender = self.sender_of_ours(username);
        let mut steps = said_steps(&tape, &Known::of(&connection, destination.tls, username));
        if let Some(sender) = &sender {
            match ask_about(&mut connection, sender).await {
                Ok(()) => steps.extend(sender_step(&tape, sender)),
                Err(error) => return failed(destination, &tape, &error, watch.elapsed_ms()),
            }
        }
        let sentence = if connection.encrypted {
            format!("Mail can go out through {destination}.")
        } else {
            format!("Mail can go out through {destination}, but it is not encrypted on the way.")
        };
        connection.quit().await;
        Found { usable: true, sentence, steps }
    }

    /// Whom to name as a sender: the account itself where that is an address, else somebody at a domain of ours.
    fn sender_of_ours(&self, username: Option<&str>) -> Option<String> {
        let account = username.filter(|name| name.contains('@') && name.is_ascii() && !name.contains([' ', '<', '>']));
        account.map(str::to_owned).or_else(|| {
            let setup = self.setup();
            setup.domains.keys().next().map(|domain| format!("postmaster@{domain}"))
        })
    }
}

/// MAIL and RSET: no mail is sent.
async fn ask_about(connection: &mut Connection, sender: &str) -> Result<(), NetError> {
    let deadline = Deadlines::LIVE.command;
    let mail = MailFrom { reverse_path: sender.to_owned(), ..MailFrom::default() };
    let line = client::mail_from(&mail, &connection.capabilities);
    let reply = connection.command(&line, "MAIL", deadline).await?;
    if reply.code != 421 {
        connection.command(client::RSET, "RSET", deadline).await?;
    }
    Ok(())
}

/// What the words about a connection need.
struct Known {
    is_encrypted: bool,
    tls: TlsPolicy,
    largest: Option<u64>,
    username: Option<String>,
}

impl Known {
    fn of(connection: &Connection, tls: TlsPolicy, username: Option<&str>) -> Self {
        let largest = connection.capabilities.size.filter(|size| *size > 0);
        Self { is_encrypted: connection.encrypted, tls, largest, username: username.map(str::to_owned) }
    }
}

fn step(step: &'static str, verdict: Verdict, sentence: &str, technical: Option<String>, took_ms: u64) -> Step {
    Step { step, verdict, sentence: sentence.to_owned(), technical, took_ms }
}

/// The step that something said belongs to.
fn named(doing: &str) -> &'static str {
    match doing {
        "the greeting" => "greeting",
        "EHLO" | "HELO" => "ehlo",
        "STARTTLS" => "starttls",
        "AUTH" => "sign_in",
        _ => "sender",
    }
}

/// What was said, by step in the order they first came: its lines and how long it took.
fn by_step(tape: &Tape) -> Vec<(&'static str, String, u64)> {
    let mut steps: Vec<(&'static str, String, u64)> = Vec::new();
    for Said { doing, lines, took_ms, .. } in tape.said() {
        match steps.iter_mut().find(|(name, ..)| *name == named(doing)) {
            Some((_, told, took)) => {
                told.push('\n');
                told.push_str(&lines);
                *took += took_ms;
            }
            None => steps.push((named(doing), lines, took_ms)),
        }
    }
    steps
}

fn said_steps(tape: &Tape, known: &Known) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut encryption = Some(encryption_step(known));
    for (name, lines, took_ms) in by_step(tape) {
        let (verdict, sentence) = match name {
            "greeting" => (Verdict::Good, "The server answers and speaks SMTP.".to_owned()),
            "ehlo" => (Verdict::Good, size_words(known.largest)),
            "starttls" => match encryption.take() {
                Some((verdict, sentence)) => (verdict, sentence.to_owned()),
                None => continue,
            },
            "sign_in" => (Verdict::Good, signed_in_words(known.username.as_deref())),
            _ => continue,
        };
        steps.push(step(name, verdict, &sentence, Some(lines), took_ms));
    }
    if let Some((verdict, sentence)) = encryption {
        // Encrypted from the first octet, or not at all: nothing was said about it.
        let place = steps.iter().position(|step| step.step == "sign_in").unwrap_or(steps.len());
        steps.insert(place, step("starttls", verdict, sentence, None, 0));
    }
    steps
}

const fn encryption_step(known: &Known) -> (Verdict, &'static str) {
    match (known.is_encrypted, known.tls) {
        (true, TlsPolicy::Required) => {
            (Verdict::Good, "The connection is encrypted, and the certificate is one this computer trusts.")
        }
        (true, _) => (Verdict::Good, "The connection is encrypted."),
        (false, TlsPolicy::Never) => (Verdict::Note, "The connection is not encrypted, as you chose."),
        (false, _) => (Verdict::Note, "The connection is not encrypted: the server doesn't offer it, or it failed."),
    }
}

fn size_words(largest: Option<u64>) -> String {
    const MB: u64 = 1_000_000;
    largest.map_or_else(
        || "It names no largest message.".to_owned(),
        |bytes| format!("It takes messages up to {} MB.", bytes / MB),
    )
}

fn signed_in_words(username: Option<&str>) -> String {
    username.map_or_else(|| "It let us sign in.".to_owned(), |name| format!("It let us sign in as {name}."))
}

fn sender_step(tape: &Tape, sender: &str) -> Option<Step> {
    let (name, lines, took_ms) = by_step(tape).into_iter().find(|(name, ..)| *name == "sender")?;
    let reply = lines.lines().find(|line| line.starts_with("<< "))?;
    let (verdict, sentence) = if reply.starts_with("<< 2") {
        (Verdict::Good, format!("It takes mail from {sender}. None was sent."))
    } else {
        (Verdict::Note, format!("It takes no mail from {sender}. It may want the account's own address as the sender."))
    };
    Some(step(name, verdict, &sentence, Some(lines), took_ms))
}

/// What went well before `error`, and what did not.
fn failed(destination: &Destination, tape: &Tape, error: &NetError, took_ms: u64) -> Found {
    let Found { sentence, steps: bad, .. } = unusable(destination, error, took_ms);
    let mut steps = Vec::new();
    for (name, lines, took_ms) in by_step(tape) {
        let sentence = match name {
            "greeting" => "The server answers and speaks SMTP.",
            "ehlo" => "It says what it can do.",
            "starttls" => "It offers encryption.",
            _ => continue,
        };
        if bad.iter().all(|step| step.step != name) {
            steps.push(step(name, Verdict::Good, sentence, Some(lines), took_ms));
        }
    }
    let said = by_step(tape);
    steps.extend(bad.into_iter().map(|step| {
        let lines = said.iter().find(|(name, ..)| *name == step.step).map(|(_, lines, _)| lines.clone());
        let technical = lines.into_iter().chain(step.technical).collect::<Vec<_>>().join("\n");
        Step { technical: Some(technical), ..step }
    }));
    Found { usable: false, sentence, steps }
}
