//! Asks a mail server about recipients without sending anything: each in a transaction of its own, with the null sender.
//!
//! **Invariant.** No DATA. Only a destination that the operator named is ever asked.

use rollcall_core::Reply;
use rollcall_core::brand::Brand;
use rollcall_core::truth::Said;
use rollcall_net::connection::Connection;
use rollcall_net::{Deadlines, Destination, NetError};
use rollcall_smtp::{MailFrom, RcptTo, client};

use crate::clock::Stopwatch;

/// Whom to ask about.
pub(crate) struct Questions<'a> {
    /// The domain.
    pub domain: &'a str,
    /// An address that should exist.
    pub known: Option<&'a str>,
    /// Local parts that nobody has.
    pub names: &'a [String],
}

/// One recipient that was asked about.
pub(crate) struct Asked {
    /// Who.
    pub address: String,
    /// What was said.
    pub said: Said,
    /// Milliseconds it took.
    pub took_ms: u64,
}

/// What a mail server said.
pub(crate) struct Survey {
    /// Its first line.
    pub greeting: Reply,
    /// Whether the connection was encrypted.
    pub encrypted: bool,
    /// Milliseconds until it had said hello.
    pub opened_ms: u64,
    /// What it calls itself.
    pub brand: Option<Brand>,
    /// About the address that should exist.
    pub known: Option<Asked>,
    /// About the invented ones, as far as it came.
    pub strangers: Vec<Asked>,
    /// Why it ended early.
    pub lost: Option<NetError>,
}

impl Survey {
    /// What was said of the invented ones.
    pub fn of_strangers(&self) -> Vec<Said> {
        self.strangers.iter().map(|asked| asked.said.clone()).collect()
    }
}

/// Connects, asks, and says goodbye.
///
/// # Errors
/// No connection that could ask was made; one that breaks later is part of the answer.
pub(crate) async fn ask(
    hostname: &str,
    destination: &Destination,
    questions: &Questions<'_>,
) -> Result<Survey, NetError> {
    let watch = Stopwatch::start();
    let mut connection = Connection::open(destination, hostname, Deadlines::LIVE).await?;
    let mut survey = Survey {
        greeting: connection.greeting.clone(),
        encrypted: connection.encrypted,
        opened_ms: watch.elapsed_ms(),
        brand: None,
        known: None,
        strangers: Vec::new(),
        lost: None,
    };
    match all(&mut connection, hostname, questions, &mut survey).await {
        Ok(()) => connection.quit().await,
        Err(error) => survey.lost = Some(error),
    }
    Ok(survey)
}

/// Connects, asks about each of `addresses` and says goodbye; what was said, in their order, fewer when the connection broke.
/// `domain` is theirs.
///
/// # Errors
/// No connection that could ask was made.
pub(crate) async fn ask_about(
    hostname: &str,
    destination: &Destination,
    domain: &str,
    addresses: Vec<String>,
) -> Result<Vec<Asked>, NetError> {
    let mut connection = Connection::open(destination, hostname, Deadlines::LIVE).await?;
    let mut answers = Vec::with_capacity(addresses.len());
    for address in addresses {
        match one(&mut connection, domain, address).await {
            Ok(asked) => answers.push(asked),
            Err(error) => {
                tracing::debug!(%error, "a mail server was lost while accounts were asked about");
                return Ok(answers);
            }
        }
    }
    connection.quit().await;
    Ok(answers)
}

async fn all(
    connection: &mut Connection,
    hostname: &str,
    questions: &Questions<'_>,
    survey: &mut Survey,
) -> Result<(), NetError> {
    // Once more, for its words: the first reply is kept as capabilities only.
    let hello = connection.command(&client::ehlo(hostname), "EHLO", Deadlines::LIVE.command).await?;
    survey.brand = Brand::detect(&survey.greeting.text(), &hello.text());
    if let Some(known) = questions.known {
        survey.known = Some(one(connection, questions.domain, known.to_owned()).await?);
    }
    for name in questions.names {
        let address = format!("{name}@{}", questions.domain);
        survey.strangers.push(one(connection, questions.domain, address).await?);
    }
    Ok(())
}

/// MAIL, RCPT, RSET. A transaction each: many servers allow the null sender one recipient only.
async fn one(connection: &mut Connection, domain: &str, address: String) -> Result<Asked, NetError> {
    let deadline = Deadlines::LIVE.command;
    let capabilities = connection.capabilities;
    let watch = Stopwatch::start();
    let mut reply =
        connection.command(&client::mail_from(&MailFrom::default(), &capabilities), "MAIL", deadline).await?;
    if !reply.is_success() {
        let own = MailFrom { reverse_path: format!("postmaster@{domain}"), ..MailFrom::default() };
        reply = connection.command(&client::mail_from(&own, &capabilities), "MAIL", deadline).await?;
    }
    let said = if reply.is_success() {
        let rcpt = RcptTo::plain(address.clone());
        Said::Of(connection.command(&client::rcpt_to(&rcpt, &capabilities), "RCPT", deadline).await?)
    } else {
        Said::SenderRefused(reply)
    };
    let took_ms = watch.elapsed_ms();
    // A server that closes instead has answered all the same.
    if said.reply().code != 421 {
        connection.command(client::RSET, "RSET", deadline).await?;
    }
    Ok(Asked { address, said, took_ms })
}
