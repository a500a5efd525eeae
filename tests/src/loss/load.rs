//! Clients that send without pause until the relay is gone, and write down what they were promised.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::message::Identity;
use super::schedule::Dice;

/// How many accounts there are, `u0` and so on.
pub const USERS: u64 = 20;

/// The domain of everybody.
pub const DOMAIN: &str = "loss.example";

/// What a client was told about one message: its final reply was 250.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Which message.
    pub identity: Identity,
    /// Recipients that were accepted.
    pub recipients: BTreeSet<String>,
    /// It was kept here; otherwise the destination had taken it.
    pub kept: bool,
}

/// Every promise so far, and how many messages were tried.
#[derive(Debug, Default)]
pub struct Book {
    /// By name of the message.
    pub promises: BTreeMap<String, Promise>,
    /// Messages whose content was sent to its end.
    pub tried: u64,
}

/// Sends until the connection ends, as client number `session` in this `round`.
pub async fn send_until_the_end(smtp: SocketAddr, round: u64, session: u64, seed: u64, book: Arc<Mutex<Book>>) {
    let mut dice = Dice::new(seed, (round << 8) + session + 0x10_0000);
    let Ok(stream) = TcpStream::connect(smtp).await else { return };
    let mut line = Line { stream: BufReader::new(stream) };
    // An end in the middle of a reply is what this is about; nothing is said to anybody.
    let _ = converse(&mut line, round, session, &mut dice, &book).await;
}

struct Line {
    stream: BufReader<TcpStream>,
}

impl Line {
    async fn say(&mut self, text: &str) -> std::io::Result<String> {
        self.stream.write_all(text.as_bytes()).await?;
        self.reply().await
    }

    /// A whole reply; half of one is none.
    async fn reply(&mut self) -> std::io::Result<String> {
        let mut reply = String::new();
        loop {
            let mut line = String::new();
            let read = timeout(Duration::from_secs(120), self.stream.read_line(&mut line));
            read.await.map_err(|_| std::io::Error::from(std::io::ErrorKind::TimedOut))??;
            if !line.ends_with("\r\n") {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            reply.push_str(&line);
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(reply);
            }
        }
    }
}

async fn converse(
    line: &mut Line,
    round: u64,
    session: u64,
    dice: &mut Dice,
    book: &Mutex<Book>,
) -> std::io::Result<()> {
    line.reply().await?;
    line.say("EHLO client.example\r\n").await?;
    for number in 0.. {
        let identity = Identity::roll(format!("r{round}s{session}n{number}"), dice);
        if !line.say("MAIL FROM:<a@sender.example>\r\n").await?.starts_with("250") {
            crate::pause(10).await;
            continue;
        }
        let mut recipients = BTreeSet::new();
        for _ in 0..if dice.once_in(4) { 3 } else { 1 } {
            let recipient = format!("u{}@{DOMAIN}", dice.below(USERS));
            if line.say(&format!("RCPT TO:<{recipient}>\r\n")).await?.starts_with("250") {
                recipients.insert(recipient);
            }
        }
        if recipients.is_empty() {
            line.say("RSET\r\n").await?;
            crate::pause(10).await;
            continue;
        }
        let content = identity.content();
        if dice.once_in(5) {
            line.stream.write_all(format!("BDAT {} LAST\r\n", content.len()).as_bytes()).await?;
            line.stream.write_all(&content).await?;
        } else {
            if !line.say("DATA\r\n").await?.starts_with("354") {
                line.say("RSET\r\n").await?;
                continue;
            }
            line.stream.write_all(&content).await?;
            line.stream.write_all(b".\r\n").await?;
        }
        lock(book).tried += 1;
        let reply = line.reply().await?;
        if reply.starts_with("250") {
            let kept = reply.starts_with("250 2.0.0 queued");
            lock(book).promises.insert(identity.name.clone(), Promise { identity, recipients, kept });
        } else {
            crate::pause(10).await;
        }
    }
    Ok(())
}

/// The book, whoever panicked before.
pub fn lock(book: &Mutex<Book>) -> std::sync::MutexGuard<'_, Book> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}
