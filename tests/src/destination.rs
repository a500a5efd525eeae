//! An office mail server for tests: it knows some recipients, keeps what it took, and can misbehave on request.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// What a destination without PIPELINING has heard when a second command came before its answer to the first.
pub const PIPELINED: &str = "(a command before the answer)";

/// What it does.
#[derive(Debug, Clone, Default)]
pub struct Manners {
    /// Local parts it knows; empty knows everybody.
    pub knows: BTreeSet<String>,
    /// The greeting, instead of `220`.
    pub greeting: Option<String>,
    /// The whole reply to EHLO, lines joined by CRLF.
    pub ehlo: Option<String>,
    /// The whole reply to STARTTLS; whatever follows it, no TLS is spoken.
    pub starttls: Option<String>,
    /// The reply to AUTH; `None` does not know it.
    pub auth: Option<String>,
    /// The reply to RCPT, instead of what it would say.
    pub rcpt: Option<String>,
    /// The reply to MAIL.
    pub mail: Option<String>,
    /// The reply to DATA, instead of 354.
    pub data: Option<String>,
    /// Answers each RCPT twice, and so is out of step from then on.
    pub answers_rcpt_twice: bool,
    /// Waits for this before it answers the end of DATA.
    pub waits_at_dot: Option<Arc<Notify>>,
    /// The reply to BDAT, after which the octets are taken for commands, as by a server that does not know it.
    pub bdat: Option<String>,
    /// The reply to the end of DATA.
    pub end_of_data: Option<String>,
    /// Says nothing at all, not even a greeting.
    pub hangs: bool,
    /// Never answers RCPT.
    pub hangs_at_rcpt: bool,
    /// Closes in the middle of the content.
    pub closes_in_data: bool,
    /// Takes the content and closes without a final reply.
    pub closes_after_dot: bool,
    /// Splits its replies into single bytes.
    pub dribbles: bool,
}

/// One message it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The reverse-path with parameters, as in `MAIL FROM:<…> …`.
    pub mail: String,
    /// Recipients it accepted.
    pub recipients: Vec<String>,
    /// The content, dots unstuffed.
    pub content: Vec<u8>,
}

/// A running destination; dropping it closes the listener and every connection.
pub struct Destination {
    /// Where it listens.
    pub address: SocketAddr,
    manners: Arc<Mutex<Manners>>,
    taken: Arc<Mutex<Vec<Taken>>>,
    said: Arc<Mutex<Vec<String>>>,
    tasks: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Destination {
    /// One that knows these local parts.
    pub async fn knowing(names: &[&str]) -> Self {
        Self::start(Manners { knows: names.iter().map(|name| (*name).to_owned()).collect(), ..Manners::default() })
            .await
    }

    /// One with these manners, on a free port.
    pub async fn start(manners: Manners) -> Self {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)), manners).await
    }

    /// One with these manners at `address`, for coming back after [`Self::stop`].
    pub async fn start_at(address: SocketAddr, manners: Manners) -> Self {
        let mut listener = TcpListener::bind(address).await;
        // The one before may hold the port for a moment after it was told to stop.
        for _ in 0..100 {
            if listener.is_ok() {
                break;
            }
            crate::pause(20).await;
            listener = TcpListener::bind(address).await;
        }
        let listener = listener.expect("a loopback port");
        let destination = Self {
            address: listener.local_addr().expect("bound"),
            manners: Arc::new(Mutex::new(manners)),
            taken: Arc::default(),
            said: Arc::default(),
            tasks: Arc::default(),
        };
        let (manners, taken, said) =
            (Arc::clone(&destination.manners), Arc::clone(&destination.taken), Arc::clone(&destination.said));
        let tasks = Arc::clone(&destination.tasks);
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (manners, taken, said) = (Arc::clone(&manners), Arc::clone(&taken), Arc::clone(&said));
                let serving = tokio::spawn(async move { drop(serve(stream, &manners, &taken, &said).await) });
                tasks.lock().expect("not poisoned").push(serving);
            }
        });
        destination.tasks.lock().expect("not poisoned").push(accepting);
        destination
    }

    /// Changes its manners from the next command on.
    pub fn behave(&self, change: impl FnOnce(&mut Manners)) {
        change(&mut self.manners.lock().expect("not poisoned"));
    }

    /// What it took so far.
    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().expect("not poisoned").clone()
    }

    /// Every command it heard.
    pub fn heard(&self) -> Vec<String> {
        self.said.lock().expect("not poisoned").clone()
    }

    /// Stops listening and drops every connection.
    pub fn stop(&self) {
        for task in self.tasks.lock().expect("not poisoned").drain(..) {
            task.abort();
        }
    }
}

impl Drop for Destination {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn serve(
    stream: TcpStream,
    manners: &Mutex<Manners>,
    taken: &Mutex<Vec<Taken>>,
    said: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let now = || manners.lock().expect("not poisoned").clone();
    let mut stream = BufReader::new(stream);
    if now().hangs {
        std::future::pending::<()>().await;
    }
    let greeting = now().greeting.unwrap_or_else(|| "220 office.test ESMTP".to_owned());
    answer(&mut stream, &greeting, false).await?;
    let mut current: Option<Taken> = None;
    let mut line = Vec::new();
    loop {
        line.clear();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        said.lock().expect("not poisoned").push(text.clone());
        let rules = now();
        if !stream.buffer().is_empty() && rules.ehlo.is_some() && !offers(&rules, "PIPELINING") {
            said.lock().expect("not poisoned").push(PIPELINED.to_owned());
        }
        let verb = text.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let reply = match verb.as_str() {
            "EHLO" if rules.ehlo.is_some() => rules.ehlo.clone().unwrap_or_default(),
            "HELO" => "250 office.test".to_owned(),
            "STARTTLS" if rules.starttls.is_some() => rules.starttls.clone().unwrap_or_default(),
            "EHLO" => {
                "250-office.test\r\n250-PIPELINING\r\n250-SIZE 0\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME".to_owned()
            }
            "AUTH" if rules.auth.is_some() => rules.auth.clone().unwrap_or_default(),
            "MAIL" => rules.mail.clone().unwrap_or_else(|| {
                current = Some(Taken { mail: text.clone(), recipients: Vec::new(), content: Vec::new() });
                "250 2.1.0 ok".to_owned()
            }),
            "RCPT" if rules.hangs_at_rcpt => {
                std::future::pending::<()>().await;
                continue;
            }
            "RCPT" => {
                let reply = judge(&rules, &text, current.as_mut());
                if rules.answers_rcpt_twice { format!("{reply}\r\n{reply}") } else { reply }
            }
            "DATA" if rules.data.is_some() => rules.data.clone().unwrap_or_default(),
            "DATA" => {
                answer(&mut stream, "354 go on", rules.dribbles).await?;
                match receive(&mut stream, &rules).await? {
                    Some(content) => {
                        if let Some(signal) = &rules.waits_at_dot {
                            signal.notified().await;
                        }
                        settle(&rules, &mut current, content, taken)
                    }
                    None => return Ok(()),
                }
            }
            "BDAT" if rules.bdat.is_some() => rules.bdat.clone().unwrap_or_default(),
            "BDAT" if offers(&rules, "CHUNKING") => {
                let content = take_piece(&mut stream, &text).await?;
                settle(&rules, &mut current, content, taken)
            }
            "RSET" => {
                current = None;
                "250 2.0.0 ok".to_owned()
            }
            "QUIT" => {
                answer(&mut stream, "221 2.0.0 bye", false).await?;
                return Ok(());
            }
            _ => "500 5.5.2 what".to_owned(),
        };
        answer(&mut stream, &reply, rules.dribbles).await?;
    }
}

fn judge(rules: &Manners, line: &str, current: Option<&mut Taken>) -> String {
    let Some(current) = current else { return "503 5.5.1 MAIL first".to_owned() };
    let address = line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(address, _)| address);
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local).to_lowercase();
    let known = rules.knows.is_empty() || rules.knows.contains(&local) || local == "postmaster";
    let reply = rules.rcpt.clone().unwrap_or_else(|| {
        if known { "250 2.1.5 ok".to_owned() } else { format!("550 5.1.1 <{address}> unknown at office.test") }
    });
    if reply.starts_with('2') {
        current.recipients.push(address.to_owned());
    }
    reply
}

/// The content without dot-stuffing; `None` when this server closes instead of answering.
async fn receive(stream: &mut BufReader<TcpStream>, rules: &Manners) -> std::io::Result<Option<Vec<u8>>> {
    let (mut content, mut line) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        if stream.read_until(b'\n', &mut line).await? == 0 || rules.closes_in_data {
            return Ok(None);
        }
        if line == b".\r\n" {
            return Ok((!rules.closes_after_dot).then_some(content));
        }
        content.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

fn offers(rules: &Manners, keyword: &str) -> bool {
    rules.ehlo.as_ref().is_some_and(|offers| offers.contains(keyword))
}

/// The octets behind `BDAT size LAST` (RFC 3030); only whole content in one piece is known here.
async fn take_piece(stream: &mut BufReader<TcpStream>, line: &str) -> std::io::Result<Vec<u8>> {
    let size = line.split(' ').nth(1).and_then(|size| size.parse().ok()).unwrap_or(0);
    let mut content = vec![0; size];
    stream.read_exact(&mut content).await?;
    Ok(content)
}

fn settle(rules: &Manners, current: &mut Option<Taken>, content: Vec<u8>, taken: &Mutex<Vec<Taken>>) -> String {
    let reply = rules.end_of_data.clone().unwrap_or_else(|| "250 2.0.0 ok: queued as 7 on office.test".to_owned());
    if let Some(mut message) = current.take()
        && reply.starts_with('2')
    {
        message.content = content;
        taken.lock().expect("not poisoned").push(message);
    }
    reply
}

async fn answer(stream: &mut BufReader<TcpStream>, reply: &str, dribbles: bool) -> std::io::Result<()> {
    let bytes = format!("{reply}\r\n").into_bytes();
    let step = if dribbles { 1 } else { bytes.len() };
    for piece in bytes.chunks(step) {
        stream.write_all(piece).await?;
        stream.flush().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Client;

    #[tokio::test]
    async fn a_destination_without_pipelining_notices_who_pipelines() {
        let offers = Some("250-office.test\r\n250 SIZE 0".to_owned());
        let destination = Destination::start(Manners { ehlo: offers, ..Manners::default() }).await;
        let mut client = Client::connect(destination.address).await;

        client.say("EHLO x").await;
        client.send(b"NOOP\r\n").await;
        client.whole_reply().await;
        assert!(!destination.heard().iter().any(|line| line == PIPELINED));
        client.send(b"MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n").await;
        client.whole_reply().await;

        assert!(destination.heard().iter().any(|line| line == PIPELINED), "{:?}", destination.heard());
    }
}
