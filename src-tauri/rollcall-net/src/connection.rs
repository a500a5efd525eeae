//! One connection to a destination: connect, greeting, EHLO, STARTTLS, then command and reply.
//!
//! **Invariant.** Bytes that came before the TLS handshake are never read after it (STARTTLS injection).

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use rollcall_core::Reply;
use rollcall_smtp::client::{self, Capabilities};
use rollcall_smtp::reply_parser::{Parsed, ReplyParser};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::destination::{Credentials, Destination, Lookup, Secret, TlsPolicy};
use crate::stream::Stream;
use crate::tape::Tape;
use crate::tls;

/// How long each answer may take. While a client waits for its RCPT we wait 10 s (3.4); content and its final reply
/// get RFC 5321 section 4.5.3.2's times.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// Until the first reply to RCPT in all, whatever has to be tried.
    pub opening: Duration,
    /// Until the connection is made.
    pub connect: Duration,
    /// Until the greeting, and for each command up to RCPT.
    pub command: Duration,
    /// Until 354 (4.5.3.2.4).
    pub data_start: Duration,
    /// For each block of content (4.5.3.2.5).
    pub data_block: Duration,
    /// Until the final reply (4.5.3.2.6).
    pub data_end: Duration,
}

impl Deadlines {
    /// While a client is waiting.
    pub const LIVE: Self = Self {
        opening: Duration::from_secs(10),
        connect: Duration::from_secs(10),
        command: Duration::from_secs(10),
        data_start: Duration::from_secs(120),
        data_block: Duration::from_secs(180),
        data_end: Duration::from_secs(600),
    };
    /// When nobody waits: delivery from the spool.
    pub const SPOOL: Self = Self {
        opening: Duration::from_secs(900),
        connect: Duration::from_secs(30),
        command: Duration::from_secs(300),
        data_start: Duration::from_secs(120),
        data_block: Duration::from_secs(180),
        data_end: Duration::from_secs(600),
    };
}

/// Why a destination could not be asked. Each names what was being done.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// The name has no address.
    #[error("the name {host} could not be looked up")]
    Resolve {
        /// The name.
        host: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// No connection could be made.
    #[error("no connection to {to}")]
    Connect {
        /// Address and port.
        to: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The peer did not answer in time.
    #[error("no answer to {doing} within {seconds} s")]
    Timeout {
        /// What we waited for.
        doing: &'static str,
        /// How long.
        seconds: u64,
    },
    /// The connection broke.
    #[error("the connection was lost during {doing}")]
    Lost {
        /// What we were doing.
        doing: &'static str,
        /// What the system said; absent when the peer closed.
        #[source]
        source: Option<io::Error>,
    },
    /// The domain does not exist.
    #[error("the domain {domain} does not exist")]
    NoSuchDomain {
        /// The domain.
        domain: String,
    },
    /// The domain says that it takes no mail (RFC 7505).
    #[error("the domain {domain} takes no mail")]
    TakesNoMail {
        /// The domain.
        domain: String,
    },
    /// The best mail exchanger of the domain is ourselves.
    #[error("mail for {domain} loops back to this relay")]
    LoopsBack {
        /// The domain.
        domain: String,
    },
    /// The name and secret were not taken, or none of its mechanisms is ours.
    #[error("{host} did not let us sign in: {reply}")]
    Auth {
        /// The host.
        host: String,
        /// Its literal reply.
        reply: Box<Reply>,
    },
    /// As many connections as allowed are in use.
    #[error("all connections to {to} are busy")]
    Busy {
        /// The destination.
        to: String,
    },
    /// TLS could not be agreed on.
    #[error("encryption with {host} failed")]
    Tls {
        /// The name.
        host: String,
        /// What TLS said.
        #[source]
        source: io::Error,
    },
    /// Encryption is required and not offered.
    #[error("{host} does not offer encryption, which is required for it")]
    TlsNotOffered {
        /// The name.
        host: String,
    },
    /// What came is no SMTP reply.
    #[error("{doing} was answered with something that is not SMTP: {detail}")]
    Protocol {
        /// What we waited for.
        doing: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// The server does not serve us at all.
    #[error("the server refused {doing}: {reply}")]
    Unwelcome {
        /// The greeting, EHLO or STARTTLS.
        doing: &'static str,
        /// Its literal reply.
        reply: Box<Reply>,
    },
}

impl NetError {
    /// The whole chain in one line, for the log and the window's "technical reply".
    #[must_use]
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(next) = cause {
            text = format!("{text}: {next}");
            cause = next.source();
        }
        text
    }
}

/// A connection past EHLO (and STARTTLS), ready for MAIL.
pub struct Connection {
    stream: Stream,
    unread: Vec<u8>,
    parser: ReplyParser,
    /// What the destination offers after the last EHLO.
    pub capabilities: Capabilities,
    /// The greeting, whole.
    pub greeting: Reply,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// Transactions so far.
    pub transactions: u32,
    /// The host and port that was reached.
    pub peer: String,
    /// One of its destination's places, while it is in use.
    pub(crate) place: Option<OwnedSemaphorePermit>,
    /// Where what is said is kept for a person.
    tape: Option<Tape>,
}

/// One host to try.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Candidate {
    pub host: String,
    pub port: u16,
    pub tls: TlsPolicy,
    pub implicit_tls: bool,
    pub credentials: Option<Arc<Credentials>>,
}

impl Candidate {
    /// The destination's own host.
    fn own(destination: &Destination) -> Self {
        let Destination { host, port, tls, implicit_tls, credentials, .. } = destination.clone();
        Self { host, port, tls, implicit_tls, credentials }
    }
}

impl Connection {
    /// Connects and says hello, to the destination's own host only; the pool tries the others too. With
    /// [`TlsPolicy::Opportunistic`] a failing handshake leads to one more connection in clear.
    ///
    /// # Errors
    /// [`NetError`] says at which step it ended.
    pub async fn open(destination: &Destination, hostname: &str, deadlines: Deadlines) -> Result<Self, NetError> {
        Self::reach(&Candidate::own(destination), hostname, deadlines).await.0
    }

    /// The same, with all that is said on `tape`, also afterwards.
    ///
    /// # Errors
    /// [`NetError`] says at which step it ended.
    pub async fn open_on(
        tape: &Tape,
        destination: &Destination,
        hostname: &str,
        deadlines: Deadlines,
    ) -> Result<Self, NetError> {
        Self::reach_on(Some(tape), &Candidate::own(destination), hostname, deadlines).await.0
    }

    /// The same; the second value is true when encryption was offered, failed, and was done without.
    pub(crate) async fn reach(to: &Candidate, hostname: &str, deadlines: Deadlines) -> (Result<Self, NetError>, bool) {
        Self::reach_on(None, to, hostname, deadlines).await
    }

    async fn reach_on(
        tape: Option<&Tape>,
        to: &Candidate,
        hostname: &str,
        deadlines: Deadlines,
    ) -> (Result<Self, NetError>, bool) {
        match Self::attempt(tape, to, to.tls, hostname, deadlines).await {
            Err(
                NetError::Tls { .. }
                | NetError::Unwelcome { doing: "STARTTLS", .. }
                | NetError::Lost { doing: "STARTTLS", .. },
            ) if to.tls == TlsPolicy::Opportunistic && !to.implicit_tls && to.credentials.is_none() => {
                (Self::attempt(tape, to, TlsPolicy::Never, hostname, deadlines).await, true)
            }
            outcome => (outcome, false),
        }
    }

    async fn attempt(
        tape: Option<&Tape>,
        to: &Candidate,
        tls: TlsPolicy,
        hostname: &str,
        deadlines: Deadlines,
    ) -> Result<Self, NetError> {
        let stream = dial(&to.host, to.port, deadlines.connect).await?;
        let is_here = stream.peer_addr().is_ok_and(|address| address.ip().is_loopback());
        let mut connection = Self {
            stream: Stream::Plain(stream),
            unread: Vec::new(),
            parser: ReplyParser::new(),
            capabilities: Capabilities::default(),
            greeting: Reply::bare(220, ""),
            encrypted: false,
            transactions: 0,
            peer: if to.host.contains(':') {
                format!("[{}]:{}", to.host, to.port)
            } else {
                format!("{}:{}", to.host, to.port)
            },
            place: None,
            tape: tape.cloned(),
        };
        if to.implicit_tls {
            connection = connection.encrypt(&to.host, tls, deadlines.command).await?;
        }
        connection.greeting = connection.read_reply("the greeting", deadlines.command).await?;
        if let Some(tape) = tape {
            tape.note("the greeting", None, &connection.greeting);
        }
        welcome("the greeting", &connection.greeting)?;
        connection.hello(hostname, deadlines.command).await?;
        if !connection.encrypted {
            connection = connection.secure(to, tls, hostname, deadlines).await?;
        }
        if let Some(credentials) = &to.credentials {
            if !connection.encrypted && !is_here {
                return Err(NetError::TlsNotOffered { host: to.host.clone() });
            }
            connection.authenticate(&to.host, credentials, deadlines.command).await?;
        }
        Ok(connection)
    }

    /// STARTTLS as the policy says.
    async fn secure(
        mut self,
        to: &Candidate,
        tls: TlsPolicy,
        hostname: &str,
        deadlines: Deadlines,
    ) -> Result<Self, NetError> {
        match tls {
            TlsPolicy::Never => return Ok(self),
            TlsPolicy::Opportunistic if !self.capabilities.starttls => return Ok(self),
            TlsPolicy::Required if !self.capabilities.starttls => {
                return Err(NetError::TlsNotOffered { host: to.host.clone() });
            }
            TlsPolicy::Opportunistic | TlsPolicy::Required => {}
        }
        let reply = self.command(client::STARTTLS, "STARTTLS", deadlines.command).await?;
        welcome("STARTTLS", &reply)?;
        let mut secured = self.encrypt(&to.host, tls, deadlines.command).await?;
        secured.hello(hostname, deadlines.command).await?;
        Ok(secured)
    }

    /// Proves who we are by the best mechanism that both know (RFC 4954). The secret is in no error.
    async fn authenticate(
        &mut self,
        host: &str,
        credentials: &Credentials,
        deadline: Duration,
    ) -> Result<(), NetError> {
        let Credentials { username, secret } = credentials;
        let offered = self.capabilities.auth;
        let reply = match secret {
            Secret::Token(token) if offered.xoauth2 => {
                let reply = self.command(&client::auth_xoauth2(username, token), "AUTH", deadline).await?;
                // The reason comes as a challenge, which an empty line answers.
                if reply.code == 334 { self.command(b"\r\n", "AUTH", deadline).await? } else { reply }
            }
            Secret::Password(password) if offered.plain => {
                self.command(&client::auth_plain(username, password), "AUTH", deadline).await?
            }
            Secret::Password(password) if offered.login => {
                let mut reply = self.command(client::AUTH_LOGIN, "AUTH", deadline).await?;
                for answer in [username, password] {
                    if reply.code != 334 {
                        break;
                    }
                    reply = self.command(&client::auth_answer(answer), "AUTH", deadline).await?;
                }
                reply
            }
            Secret::Token(_) | Secret::Password(_) => {
                Reply::new(504, 5, 4, "none of the ways to sign in that it offers is known here")
            }
        };
        if reply.is_success() { Ok(()) } else { Err(NetError::Auth { host: host.to_owned(), reply: Box::new(reply) }) }
    }

    /// EHLO, or HELO for a server that does not know it (RFC 5321 section 3.2).
    async fn hello(&mut self, hostname: &str, deadline: Duration) -> Result<(), NetError> {
        let reply = self.command(&client::ehlo(hostname), "EHLO", deadline).await?;
        if reply.is_success() {
            self.capabilities = Capabilities::from_ehlo(&reply);
            return Ok(());
        }
        if matches!(reply.code, 500 | 502 | 504 | 550) {
            self.capabilities = Capabilities::default();
            let reply = self.command(&client::helo(hostname), "HELO", deadline).await?;
            return welcome("HELO", &reply);
        }
        welcome("EHLO", &reply)
    }

    /// The handshake.
    async fn encrypt(self, host: &str, policy: TlsPolicy, deadline: Duration) -> Result<Self, NetError> {
        let failed = |source| NetError::Tls { host: host.to_owned(), source };
        if !self.unread.is_empty() {
            return Err(failed(io::Error::other("bytes in clear after the answer to STARTTLS")));
        }
        let config = if policy == TlsPolicy::Required { tls::verified() } else { tls::opportunistic() };
        let config = config.map_err(|error| failed(io::Error::other(error)))?;
        let name = ServerName::try_from(host.to_owned()).map_err(|error| failed(io::Error::other(error)))?;
        let Stream::Plain(stream) = self.stream else {
            return Err(failed(io::Error::other("the connection is encrypted already")));
        };
        let connector = TlsConnector::from(config);
        let stream = timeout(deadline, connector.connect(name, stream))
            .await
            .map_err(|_| NetError::Timeout { doing: "the TLS handshake", seconds: deadline.as_secs() })?
            .map_err(failed)?;
        let stream = Stream::Tls(Box::new(stream.into()));
        Ok(Self { stream, unread: Vec::new(), parser: ReplyParser::new(), encrypted: true, ..self })
    }

    /// Sends `bytes` and waits for one reply.
    ///
    /// # Errors
    /// Lost, Timeout or Protocol; the connection is of no more use then.
    pub async fn command(&mut self, bytes: &[u8], doing: &'static str, deadline: Duration) -> Result<Reply, NetError> {
        // A reply nobody asked for would be taken for the answer to this command, and every later one with it.
        if self.has_news().await {
            return Err(NetError::Protocol { doing, detail: "it spoke out of turn, or closed".to_owned() });
        }
        self.send(bytes, doing, deadline).await?;
        let reply = self.read_reply(doing, deadline).await?;
        if let Some(tape) = &self.tape {
            tape.note(doing, Some(bytes), &reply);
        }
        Ok(reply)
    }

    /// Sends `bytes`; replies are read later.
    ///
    /// # Errors
    /// Lost or Timeout.
    pub async fn send(&mut self, bytes: &[u8], doing: &'static str, deadline: Duration) -> Result<(), NetError> {
        let writing = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout(deadline, writing)
            .await
            .map_err(|_| NetError::Timeout { doing, seconds: deadline.as_secs() })?
            .map_err(|source| NetError::Lost { doing, source: Some(source) })
    }

    /// Sends `parts` one behind the other, in as few writes as the system takes.
    ///
    /// # Errors
    /// Lost or Timeout.
    pub async fn send_parts(
        &mut self,
        parts: &[&[u8]],
        doing: &'static str,
        deadline: Duration,
    ) -> Result<(), NetError> {
        let mut slices: Vec<IoSlice<'_>> = parts.iter().map(|part| IoSlice::new(part)).collect();
        let writing = async {
            let mut left = slices.as_mut_slice();
            IoSlice::advance_slices(&mut left, 0);
            while !left.is_empty() {
                let written = self.stream.write_vectored(left).await?;
                if written == 0 {
                    return Err(io::ErrorKind::WriteZero.into());
                }
                IoSlice::advance_slices(&mut left, written);
            }
            self.stream.flush().await
        };
        timeout(deadline, writing)
            .await
            .map_err(|_| NetError::Timeout { doing, seconds: deadline.as_secs() })?
            .map_err(|source| NetError::Lost { doing, source: Some(source) })
    }

    /// Waits for one whole reply.
    ///
    /// # Errors
    /// Lost, Timeout or Protocol.
    pub async fn read_reply(&mut self, doing: &'static str, deadline: Duration) -> Result<Reply, NetError> {
        timeout(deadline, self.next_reply(doing))
            .await
            .map_err(|_| NetError::Timeout { doing, seconds: deadline.as_secs() })?
    }

    async fn next_reply(&mut self, doing: &'static str) -> Result<Reply, NetError> {
        loop {
            match self.parser.next(&self.unread) {
                Parsed::Reply { reply, consumed } => {
                    self.unread.drain(..consumed);
                    return Ok(reply);
                }
                Parsed::Malformed { detail } => return Err(NetError::Protocol { doing, detail }),
                Parsed::More => {}
            }
            let mut block = [0_u8; 4096];
            match self.stream.read(&mut block).await {
                Ok(0) => return Err(NetError::Lost { doing, source: None }),
                Ok(count) => self.unread.extend_from_slice(&block[..count]),
                Err(source) => return Err(NetError::Lost { doing, source: Some(source) }),
            }
        }
    }

    /// Says QUIT and does not wait for long.
    pub async fn quit(mut self) {
        let moment = Duration::from_secs(2);
        if self.send(client::QUIT, "QUIT", moment).await.is_ok() {
            drop(self.read_reply("QUIT", moment).await);
        }
    }

    /// True when the peer said or did anything since the last reply: closed, or spoke out of turn (a 421).
    pub async fn has_news(&mut self) -> bool {
        if !self.unread.is_empty() {
            return true;
        }
        let mut byte = [0_u8; 1];
        let mut block = ReadBuf::new(&mut byte);
        // One look without waiting. A timeout of zero would wait for the timer's next tick, a millisecond a message.
        poll_fn(|context| Poll::Ready(Pin::new(&mut self.stream).poll_read(context, &mut block).is_ready())).await
    }
}

fn welcome(doing: &'static str, reply: &Reply) -> Result<(), NetError> {
    if reply.is_success() { Ok(()) } else { Err(NetError::Unwelcome { doing, reply: Box::new(reply.clone()) }) }
}

/// The addresses of a mail server and its fallbacks, as the system knows them now; none of what the names don't tell within
/// `deadline`, and none of mail exchangers.
pub async fn addresses(destination: &Destination, deadline: Duration) -> Vec<IpAddr> {
    if destination.lookup == Lookup::Mx {
        return Vec::new();
    }
    let hosts = destination.fallbacks.iter().map(|fallback| fallback.host.as_str());
    let mut found = Vec::new();
    for host in std::iter::once(destination.host.as_str()).chain(hosts) {
        let name = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(Ok(addresses)) = timeout(deadline, tokio::net::lookup_host((name, destination.port))).await {
            found.extend(addresses.map(|address| address.ip().to_canonical()));
        }
    }
    found
}

/// Looks the name up and tries its addresses in turn, all within `deadline`.
async fn dial(host: &str, port: u16, deadline: Duration) -> Result<TcpStream, NetError> {
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let dialing = async {
        let found: Vec<SocketAddr> = tokio::net::lookup_host((name, port))
            .await
            .map_err(|source| NetError::Resolve { host: name.to_owned(), source })?
            .collect();
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in found {
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    // Commands are small and answered one by one: waiting to fill a packet only costs time.
                    drop(stream.set_nodelay(true));
                    return Ok(stream);
                }
                Err(error) => last = error,
            }
        }
        Err(NetError::Connect { to: format!("{name}:{port}"), source: last })
    };
    timeout(deadline, dialing)
        .await
        .map_err(|_| NetError::Timeout { doing: "the connection", seconds: deadline.as_secs() })?
}

/// Shared by every connection of a process.
pub(crate) type Name = Arc<str>;
