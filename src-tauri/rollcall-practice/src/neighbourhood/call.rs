//! One call of a neighbour at the relay: plain SMTP as a client speaks it, over a real socket.
//!
//! **Limits.** In clear, without AUTH: the relay's port is on this computer. Nobody here tries again after a 4xx.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use rollcall_core::Reply;
use rollcall_smtp::client::{self, Capabilities};
use rollcall_smtp::{MailFrom, Parsed, RcptTo, ReplyParser, Stuffer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use super::cast::Host;
use super::letter::{Kind, Letter};

/// Why a call ended early.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The connection could not be made or broke.
    #[error("the connection to the relay broke")]
    Connection(#[from] io::Error),
    /// The relay ended the call with a 421, or said nothing understandable.
    #[error("the relay ended the call: {0}")]
    Ended(String),
    /// The relay did not answer in time.
    #[error("the relay did not answer in time")]
    Slow,
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// Each recipient that was tried, and the relay's reply to it.
    pub recipients: Vec<(String, Reply)>,
    /// The reply to the content; absent when no recipient was accepted.
    pub content: Option<Reply>,
}

/// An open session with the relay.
#[derive(Debug)]
pub struct Call {
    stream: TcpStream,
    buffer: Vec<u8>,
    parser: ReplyParser,
    capabilities: Capabilities,
}

impl Call {
    /// Connects as `host` and says EHLO.
    ///
    /// # Errors
    /// When the relay cannot be reached or sends the caller away.
    pub async fn open(relay: SocketAddr, host: &Host) -> Result<Self, CallError> {
        let stream = connect(relay, host.ip).await?;
        stream.set_nodelay(true)?;
        let (buffer, parser) = (Vec::with_capacity(1_024), ReplyParser::new());
        let mut call = Self { stream, buffer, parser, capabilities: Capabilities::default() };
        call.expect_success().await?;
        call.stream.write_all(&client::ehlo(host.name)).await?;
        let offer = call.expect_success().await?;
        call.capabilities = Capabilities::from_ehlo(&offer);
        Ok(call)
    }

    /// Hands one letter over. A refusal is an answer, not an error.
    ///
    /// # Errors
    /// When the session is over; nothing more can be handed over in it.
    pub async fn hand_over(&mut self, letter: &Letter) -> Result<Handed, CallError> {
        let together = letter.kind != Kind::Guesses;
        self.send(letter.reverse_path, &letter.recipients, Some(&letter.content), together).await
    }

    /// One transaction: MAIL, every RCPT, and the content if there is one and anybody was accepted for it. `together`
    /// sends the envelope in one go (RFC 2920).
    ///
    /// # Errors
    /// As [`Self::hand_over`].
    pub async fn send(
        &mut self,
        reverse_path: &str,
        recipients: &[String],
        content: Option<&[u8]>,
        together: bool,
    ) -> Result<Handed, CallError> {
        let mail = MailFrom { reverse_path: reverse_path.to_owned(), ..MailFrom::default() };
        let mail = client::mail_from(&mail, &self.capabilities);
        let recipients = if together && self.capabilities.pipelining {
            self.envelope_at_once(mail, recipients).await?
        } else {
            self.envelope(mail, recipients).await?
        };
        let Some(content) = content.filter(|_| recipients.iter().any(|(_, reply)| reply.is_success())) else {
            self.stream.write_all(client::RSET).await?;
            self.reply().await?;
            return Ok(Handed { recipients, content: None });
        };
        let content = self.content(content).await?;
        Ok(Handed { recipients, content: Some(content) })
    }

    /// Says QUIT and waits for the answer.
    pub async fn quit(mut self) {
        if self.stream.write_all(client::QUIT).await.is_ok() {
            let _ = self.reply().await;
        }
    }

    /// MAIL and every RCPT in one go (RFC 2920).
    async fn envelope_at_once(
        &mut self,
        mut commands: Vec<u8>,
        to: &[String],
    ) -> Result<Vec<(String, Reply)>, CallError> {
        for recipient in to {
            commands.extend(client::rcpt_to(&RcptTo::plain(recipient), &self.capabilities));
        }
        self.stream.write_all(&commands).await?;
        self.reply().await?;
        let mut recipients = Vec::with_capacity(to.len());
        for recipient in to {
            recipients.push((recipient.clone(), self.reply().await?));
        }
        Ok(recipients)
    }

    /// MAIL and RCPT one after another, as programs do that guess names.
    async fn envelope(&mut self, mail: Vec<u8>, to: &[String]) -> Result<Vec<(String, Reply)>, CallError> {
        self.stream.write_all(&mail).await?;
        self.reply().await?;
        let mut recipients = Vec::with_capacity(to.len());
        for recipient in to {
            self.stream.write_all(&client::rcpt_to(&RcptTo::plain(recipient), &self.capabilities)).await?;
            recipients.push((recipient.clone(), self.reply().await?));
        }
        Ok(recipients)
    }

    async fn content(&mut self, content: &[u8]) -> Result<Reply, CallError> {
        self.stream.write_all(client::DATA).await?;
        let go_ahead = self.reply().await?;
        if go_ahead.code != 354 {
            return Ok(go_ahead);
        }
        let mut out = Vec::with_capacity(content.len() + 8);
        let mut stuffer = Stuffer::new();
        stuffer.stuff(content, &mut out);
        stuffer.finish(&mut out);
        self.stream.write_all(&out).await?;
        self.reply().await
    }

    async fn expect_success(&mut self) -> Result<Reply, CallError> {
        let reply = self.reply().await?;
        if reply.is_success() { Ok(reply) } else { Err(CallError::Ended(reply.to_string())) }
    }

    /// The next reply; a 421 ends the call (RFC 5321 section 3.8).
    async fn reply(&mut self) -> Result<Reply, CallError> {
        loop {
            match self.parser.next(&self.buffer) {
                Parsed::Reply { reply, consumed } => {
                    self.buffer.drain(..consumed);
                    return if reply.code == 421 { Err(CallError::Ended(reply.to_string())) } else { Ok(reply) };
                }
                Parsed::Malformed { detail } => return Err(CallError::Ended(detail)),
                Parsed::More => {
                    let read = self.stream.read_buf(&mut self.buffer);
                    if timeout(PATIENCE, read).await.map_err(|_| CallError::Slow)?? == 0 {
                        return Err(CallError::Ended("it closed the connection".to_owned()));
                    }
                }
            }
        }
    }
}

/// Connects from the host's own loopback address, or from the usual one where the system has no other (macOS).
async fn connect(relay: SocketAddr, from: Ipv4Addr) -> io::Result<TcpStream> {
    if relay.is_ipv4() {
        let socket = TcpSocket::new_v4()?;
        if socket.bind(SocketAddr::new(IpAddr::V4(from), 0)).is_ok() {
            return socket.connect(relay).await;
        }
    }
    TcpStream::connect(relay).await
}

/// How long a neighbour waits for one reply.
const PATIENCE: Duration = Duration::from_secs(30);
