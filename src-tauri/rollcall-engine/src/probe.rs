//! "Test destination" (V03, first part): talks to the mail server live, changes nothing, and says what it found in words.
//!
//! **Limits.** Asks about one made-up address once; greylisting and "decides at DATA" are told apart later.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use rollcall_core::{Class, DomainName, Reply};
use rollcall_net::connection::Connection;
use rollcall_net::{Deadlines, Destination, NetError, TlsPolicy};
use rollcall_smtp::{MailFrom, RcptTo, client};

use crate::clock::Stopwatch;
use crate::error::EngineError;
use crate::house::House;
use crate::office::{check_host, check_within_reach};

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Good,
    /// Works, but worth knowing.
    Note,
    /// Mail cannot go there so.
    Bad,
}

/// One step of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// `connect`, `greeting`, `ehlo`, `starttls`, `made_up_recipient`.
    pub step: &'static str,
    /// How it went.
    pub verdict: Verdict,
    /// One sentence.
    pub sentence: String,
    /// The literal reply or the system's words.
    pub technical: Option<String>,
    /// Milliseconds it took.
    pub took_ms: u64,
}

/// What a test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// True when mail can go there.
    pub usable: bool,
    /// The verdict in words.
    pub sentence: String,
    /// What was done, in order.
    pub steps: Vec<Step>,
}

impl House {
    /// Tests a destination for `domain`.
    ///
    /// # Errors
    /// Invalid when host or domain cannot be, forbidden when practice would reach another computer; whatever the server does is an answer, not an error.
    pub async fn test_destination(&self, destination: Destination, domain: &str) -> Result<Found, EngineError> {
        let host = check_host(&destination.host)?;
        check_within_reach(self.kind, &host)?;
        let domain = DomainName::parse(domain)?;
        let destination = Destination { host, ..destination };
        let watch = Stopwatch::start();
        let connection = match Connection::open(&destination, &self.hostname, Deadlines::LIVE).await {
            Ok(connection) => connection,
            Err(error) => return Ok(unusable(&destination, &error, watch.elapsed_ms())),
        };
        let mut steps = hello_steps(&destination, &connection, watch.elapsed_ms());
        let watch = Stopwatch::start();
        let asked = made_up(connection, &domain).await;
        let (step, sentence) = made_up_step(&asked, watch.elapsed_ms());
        let usable = step.verdict != Verdict::Bad;
        steps.push(step);
        Ok(Found { usable, sentence, steps })
    }
}

fn hello_steps(destination: &Destination, connection: &Connection, took_ms: u64) -> Vec<Step> {
    let step = |step, verdict, sentence: &str, technical| Step {
        step,
        verdict,
        sentence: sentence.to_owned(),
        technical,
        took_ms,
    };
    let greeting = Some(connection.greeting.to_string());
    let mut steps = vec![step("greeting", Verdict::Good, "The server answers and speaks SMTP.", greeting)];
    steps.push(match (connection.encrypted, destination.tls) {
        (true, TlsPolicy::Required) => step(
            "starttls",
            Verdict::Good,
            "The connection is encrypted, and the certificate is one this computer trusts.",
            None,
        ),
        (true, _) => step("starttls", Verdict::Good, "The connection is encrypted.", None),
        (false, TlsPolicy::Never) => {
            step("starttls", Verdict::Note, "The connection is not encrypted, as you chose.", None)
        }
        (false, _) => step(
            "starttls",
            Verdict::Note,
            "The connection is not encrypted: the server doesn't offer it, or it failed.",
            None,
        ),
    });
    steps
}

/// MAIL with the null reverse-path (or postmaster's where that is refused), RCPT with a made-up name, then QUIT; no DATA.
async fn made_up(mut connection: Connection, domain: &DomainName) -> Result<Reply, NetError> {
    let deadline = Deadlines::LIVE.command;
    let capabilities = connection.capabilities;
    let null = MailFrom::default();
    let mut reply = connection.command(&client::mail_from(&null, &capabilities), "MAIL", deadline).await?;
    if !reply.is_success() {
        let own = MailFrom { reverse_path: format!("postmaster@{domain}"), ..MailFrom::default() };
        reply = connection.command(&client::mail_from(&own, &capabilities), "MAIL", deadline).await?;
    }
    if reply.is_success() {
        let rcpt = RcptTo::plain(format!("{}@{domain}", made_up_name()));
        reply = connection.command(&client::rcpt_to(&rcpt, &capabilities), "RCPT", deadline).await?;
    }
    connection.quit().await;
    Ok(reply)
}

/// `sd-` and 16 letters of base 32 that nobody has (3.8).
fn made_up_name() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let random = || RandomState::new().build_hasher().finish();
    let bits = (u128::from(random()) << 64) | u128::from(random());
    let name: String = (0..16).map(|place| LETTERS[((bits >> (place * 5)) & 31) as usize] as char).collect();
    format!("sd-{name}")
}

fn made_up_step(asked: &Result<Reply, NetError>, took_ms: u64) -> (Step, String) {
    let (verdict, sentence, summary) = match asked.as_ref().map(Reply::class) {
        Ok(Class::Permanent) => (
            Verdict::Good,
            "It refuses a made-up address.",
            "Your mail server answers and knows who exists. Rollcall can trust its word.",
        ),
        Ok(Class::Success) => (
            Verdict::Note,
            "It says yes to a made-up address.",
            "Your mail server answers, but it says yes to every address. Rollcall can't learn from its word alone.",
        ),
        Ok(Class::Transient | Class::Intermediate) => (
            Verdict::Note,
            "It asked us to wait before it says whether an address exists.",
            "Your mail server answers, but asked us to come again later. Test once more in some minutes.",
        ),
        Err(_) => (
            Verdict::Bad,
            "It stopped answering when asked about an address.",
            "Your mail server was lost while we asked about an address.",
        ),
    };
    let technical = match asked {
        Ok(reply) => reply.to_string(),
        Err(error) => error.chain(),
    };
    let step =
        Step { step: "made_up_recipient", verdict, sentence: sentence.to_owned(), technical: Some(technical), took_ms };
    (step, summary.to_owned())
}

fn unusable(destination: &Destination, error: &NetError, took_ms: u64) -> Found {
    let (step, sentence) = match error {
        NetError::Resolve { host, .. } => {
            ("connect", format!("The name {host} isn't known. Check its spelling, or use an IP address."))
        }
        NetError::Connect { .. } => {
            ("connect", format!("Nothing answers at {destination}. Is the mail server running, and is the port right?"))
        }
        NetError::Timeout { doing, seconds } => (
            "connect",
            format!(
                "{destination} did not answer within {seconds} s (waiting for {doing}). A firewall may be in between."
            ),
        ),
        NetError::Lost { .. } => {
            ("greeting", format!("{destination} closed the connection. It may not allow this computer."))
        }
        NetError::Protocol { .. } => ("greeting", format!("What answers at {destination} is no mail server.")),
        NetError::Unwelcome { .. } => {
            ("greeting", format!("{destination} doesn't accept mail from this computer. Allow this computer there."))
        }
        NetError::Tls { .. } => (
            "starttls",
            format!("Encryption with {destination} failed. Its certificate may not be one this computer trusts."),
        ),
        NetError::NoSuchDomain { domain } => {
            ("connect", format!("The domain {domain} doesn't exist. Check its spelling."))
        }
        NetError::TakesNoMail { domain } => ("connect", format!("The domain {domain} says that it takes no mail.")),
        NetError::LoopsBack { domain } => {
            ("connect", format!("Mail for {domain} would come back here. Name the mail server instead of the domain."))
        }
        NetError::Busy { .. } => {
            ("connect", format!("All connections to {destination} are in use. Test again in a moment."))
        }
        NetError::Auth { host, .. } => {
            ("sign_in", format!("{host} did not let Rollcall sign in. Check the name and the password."))
        }
        NetError::TlsNotOffered { .. } => {
            ("starttls", format!("{destination} doesn't offer encryption, but you require it."))
        }
    };
    let step =
        Step { step, verdict: Verdict::Bad, sentence: sentence.clone(), technical: Some(error.chain()), took_ms };
    Found { usable: false, sentence, steps: vec![step] }
}
