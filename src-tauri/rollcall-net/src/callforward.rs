//! The live transaction with the destination: it asks about each recipient and then delivers on the same connection.
//!
//! **Invariant.** A [`Transaction`] has had its MAIL accepted. Whatever ends without a final reply is reported as lost,
//! never as a refusal.

use std::path::Path;

use rollcall_core::{Class, Reply};
use rollcall_smtp::client::{self, Stuffer};
use rollcall_smtp::{MailFrom, RcptTo};
use tokio::io::AsyncReadExt;
use tokio::time::timeout;

use crate::connection::{Connection, Deadlines, NetError};
use crate::destination::Destination;
use crate::pool::Pool;

/// The content to send.
#[derive(Debug, Clone, Copy)]
pub enum Body<'a> {
    /// In memory.
    Memory(&'a [u8]),
    /// In a file.
    File(&'a Path),
}

/// A transaction whose MAIL was accepted.
pub struct Transaction {
    connection: Connection,
    destination: Destination,
    pool: Pool,
    deadlines: Deadlines,
}

/// How asking about the first recipients went.
pub enum Opening {
    /// MAIL was accepted; these are the replies to RCPT, in order.
    Asked(Box<Transaction>, Vec<Reply>),
    /// MAIL was refused; its reply stands for the recipients'.
    MailRefused(Reply),
    /// The envelope has addresses outside ASCII and the destination does not offer SMTPUTF8 (RFC 6531 section 3.2).
    NeedsUtf8,
}

impl Transaction {
    /// Opens a transaction and asks about its first recipients, on an idle connection where there is one. An idle
    /// connection that turns out to be dead is replaced by a new one, once.
    ///
    /// # Errors
    /// [`NetError`]: the destination could not be asked.
    pub async fn open(
        pool: &Pool,
        destination: &Destination,
        mail: &MailFrom,
        recipients: &[RcptTo],
        deadlines: Deadlines,
    ) -> Result<Opening, NetError> {
        let opening = Self::open_somehow(pool, destination, mail, recipients, deadlines);
        timeout(deadlines.opening, opening)
            .await
            .map_err(|_| NetError::Timeout { doing: "the reply to RCPT", seconds: deadlines.opening.as_secs() })?
    }

    async fn open_somehow(
        pool: &Pool,
        destination: &Destination,
        mail: &MailFrom,
        recipients: &[RcptTo],
        deadlines: Deadlines,
    ) -> Result<Opening, NetError> {
        if let Some(connection) = pool.take_idle(destination).await {
            match Self::start(connection, pool, destination, mail, recipients, deadlines).await {
                Err(NetError::Lost { .. } | NetError::Protocol { .. }) => {}
                Ok(Opening::MailRefused(reply)) if reply.code == 421 => {}
                outcome => return outcome,
            }
        }
        let connection = pool.open(destination, deadlines).await?;
        Self::start(connection, pool, destination, mail, recipients, deadlines).await
    }

    /// MAIL and every RCPT, in one write where the destination offers PIPELINING (RFC 2920).
    async fn start(
        mut connection: Connection,
        pool: &Pool,
        destination: &Destination,
        mail: &MailFrom,
        recipients: &[RcptTo],
        deadlines: Deadlines,
    ) -> Result<Opening, NetError> {
        let capabilities = connection.capabilities;
        let is_ascii = mail.reverse_path.is_ascii() && recipients.iter().all(|rcpt| rcpt.address.is_ascii());
        if !is_ascii && !capabilities.smtputf8 {
            pool.give_back(destination, connection);
            return Ok(Opening::NeedsUtf8);
        }
        let mut commands = client::mail_from(mail, &capabilities);
        let pipelined = capabilities.pipelining;
        if pipelined {
            recipients.iter().for_each(|rcpt| commands.extend_from_slice(&client::rcpt_to(rcpt, &capabilities)));
        }
        connection.transactions += 1;
        let reply = connection.command(&commands, "MAIL", deadlines.command).await?;
        if !reply.is_success() {
            let mut alive = reply.code != 421;
            for _ in recipients.iter().filter(|_| pipelined) {
                alive = alive && connection.read_reply("RCPT", deadlines.command).await.is_ok();
            }
            if alive {
                reset(connection, pool, destination, deadlines).await;
            }
            return Ok(Opening::MailRefused(reply));
        }
        let mut replies = Vec::with_capacity(recipients.len());
        for rcpt in recipients {
            replies.push(if pipelined {
                connection.read_reply("RCPT", deadlines.command).await?
            } else {
                connection.command(&client::rcpt_to(rcpt, &capabilities), "RCPT", deadlines.command).await?
            });
        }
        let transaction = Self { connection, destination: destination.clone(), pool: pool.clone(), deadlines };
        Ok(Opening::Asked(Box::new(transaction), replies))
    }

    /// Asks about one more recipient; `None` if its address needs SMTPUTF8, which the destination does not offer.
    ///
    /// # Errors
    /// [`NetError`]: the connection is lost, and with it the transaction.
    pub async fn rcpt(&mut self, rcpt: &RcptTo) -> Result<Option<Reply>, NetError> {
        if !rcpt.address.is_ascii() && !self.carries_utf8() {
            return Ok(None);
        }
        let command = client::rcpt_to(rcpt, &self.connection.capabilities);
        self.connection.command(&command, "RCPT", self.deadlines.command).await.map(Some)
    }

    /// The host and port that was reached.
    #[must_use]
    pub fn peer(&self) -> &str {
        &self.connection.peer
    }

    /// Whether the destination takes header fields outside ASCII (RFC 6532).
    #[must_use]
    pub const fn carries_utf8(&self) -> bool {
        self.connection.capabilities.smtputf8
    }

    /// Whether the destination was told what a DSN should say, and so reports itself (RFC 3461 section 5.2.1).
    #[must_use]
    pub const fn reports_itself(&self) -> bool {
        self.connection.capabilities.dsn
    }

    /// True when the destination closed or spoke meanwhile, so that the transaction is gone.
    pub async fn is_lost(&mut self) -> bool {
        self.connection.has_news().await
    }

    /// Sends `trace` and `body` and waits for the final reply. A connection that can serve again goes back to the pool.
    ///
    /// Where the destination offers CHUNKING the content goes in one piece, without asking first: a round trip less.
    ///
    /// # Errors
    /// [`NetError`]: no final reply came; whether the destination took the message is unknown.
    pub async fn deliver(mut self, trace: &[u8], body: Body<'_>) -> Result<Reply, NetError> {
        let in_one_piece = self.connection.capabilities.chunking && self.pool.may_chunk(&self.destination);
        let sent = if in_one_piece {
            self.send_piece(trace, body).await
        } else {
            if let Some(refused) = self.data().await? {
                self.abandon().await;
                return Ok(refused);
            }
            self.send_content(trace, body).await
        };
        let reply = match sent {
            Ok(()) => self.connection.read_reply("the end of the content", self.deadlines.data_end).await?,
            // Nothing is wrong with the server: it waits for the rest, which never comes. Closing tells it so.
            Err(error @ NetError::Lost { doing: READING, .. }) => return Err(error),
            // A server that has enough may answer and close while we write (RFC 5321 section 4.2.1's 552 and 554).
            Err(error) => {
                let reply =
                    self.connection.read_reply("the content", self.deadlines.command).await.map_err(|_| error)?;
                if reply.is_success() {
                    return Err(NetError::Protocol { doing: "DATA", detail: "success before the end".to_owned() });
                }
                return Ok(reply);
            }
        };
        if in_one_piece && matches!(reply.code, 500 | 502 | 503) {
            // Something in between does not know BDAT: nothing was taken, and this connection is out of step.
            self.pool.never_chunk(&self.destination);
            return Err(NetError::Protocol { doing: "BDAT", detail: format!("offered, and refused: {reply}") });
        }
        if reply.class() == Class::Intermediate {
            return Err(NetError::Protocol { doing: "the end of the content", detail: reply.to_string() });
        }
        if reply.code != 421 {
            self.pool.give_back(&self.destination, self.connection);
        }
        Ok(reply)
    }

    /// DATA; the reply when it is a refusal.
    async fn data(&mut self) -> Result<Option<Reply>, NetError> {
        let reply = self.connection.command(client::DATA, "DATA", self.deadlines.data_start).await?;
        match reply.class() {
            Class::Intermediate => Ok(None),
            // Nothing was sent, so nothing can have been taken: such a peer is out of step, or no mail server.
            Class::Success => {
                Err(NetError::Protocol { doing: "DATA", detail: format!("success without content: {reply}") })
            }
            Class::Transient | Class::Permanent => Ok(Some(reply)),
        }
    }

    /// `BDAT size LAST` and the content as it is (RFC 3030).
    async fn send_piece(&mut self, trace: &[u8], body: Body<'_>) -> Result<(), NetError> {
        let (doing, deadline) = ("BDAT", self.deadlines.data_block);
        if self.connection.has_news().await {
            return Err(NetError::Protocol { doing, detail: "it spoke out of turn, or closed".to_owned() });
        }
        let trace_bytes = trace.len() as u64;
        match body {
            Body::Memory(content) => {
                let command = client::bdat_last(trace_bytes + content.len() as u64);
                self.connection.send_parts(&[&command, trace, content], doing, deadline).await
            }
            Body::File(path) => {
                let mut file = tokio::fs::File::open(path).await.map_err(unreadable)?;
                let size = file.metadata().await.map_err(unreadable)?.len();
                let command = client::bdat_last(trace_bytes + size);
                self.connection.send_parts(&[&command, trace], doing, deadline).await?;
                let mut block = vec![0; BLOCK];
                let mut left = size;
                while left > 0 {
                    let count = file.read(&mut block).await.map_err(unreadable)?;
                    // A file that shrank: the peer must never take less than was announced for the whole.
                    let count = (count as u64).min(left);
                    if count == 0 {
                        return Err(unreadable(std::io::ErrorKind::UnexpectedEof.into()));
                    }
                    self.connection.send(&block[..usize::try_from(count).unwrap_or(0)], doing, deadline).await?;
                    left -= count;
                }
                Ok(())
            }
        }
    }

    /// The content with its dots doubled, and the dot that ends it.
    async fn send_content(&mut self, trace: &[u8], body: Body<'_>) -> Result<(), NetError> {
        let (doing, deadline) = ("DATA", self.deadlines.data_block);
        let mut stuffer = Stuffer::new();
        let mut out = Vec::with_capacity(4096);
        match body {
            Body::Memory(content) if client::needs_no_stuffing(trace) && client::needs_no_stuffing(content) => {
                let end: &[u8] = if content.ends_with(b"\r\n") || content.is_empty() { b".\r\n" } else { b"\r\n.\r\n" };
                return self.connection.send_parts(&[trace, content, end], doing, deadline).await;
            }
            Body::Memory(content) => {
                stuffer.stuff(trace, &mut out);
                for block in content.chunks(BLOCK) {
                    stuffer.stuff(block, &mut out);
                    if out.len() >= BLOCK {
                        self.connection.send(&out, doing, deadline).await?;
                        out.clear();
                    }
                }
            }
            Body::File(path) => {
                stuffer.stuff(trace, &mut out);
                let mut file = tokio::fs::File::open(path).await.map_err(unreadable)?;
                let mut block = vec![0; BLOCK];
                loop {
                    let count = file.read(&mut block).await.map_err(unreadable)?;
                    if count == 0 {
                        break;
                    }
                    stuffer.stuff(&block[..count], &mut out);
                    self.connection.send(&out, doing, deadline).await?;
                    out.clear();
                }
            }
        }
        stuffer.finish(&mut out);
        self.connection.send(&out, doing, deadline).await
    }

    /// Gives the transaction up with RSET; the connection goes back to the pool if it answers.
    pub async fn abandon(self) {
        reset(self.connection, &self.pool, &self.destination, self.deadlines).await;
    }
}

/// Octets read from a file at a time.
const BLOCK: usize = 256 * 1024;

/// What we were doing when our own content could not be read.
const READING: &str = "reading the stored content";

const fn unreadable(source: std::io::Error) -> NetError {
    NetError::Lost { doing: READING, source: Some(source) }
}

async fn reset(mut connection: Connection, pool: &Pool, destination: &Destination, deadlines: Deadlines) {
    if let Ok(reply) = connection.command(client::RSET, "RSET", deadlines.command).await
        && reply.is_success()
    {
        pool.give_back(destination, connection);
    }
}

/// Asks about one recipient without sending anything: MAIL with the null reverse-path (or postmaster's of
/// `sender_domain` where that is refused), RCPT, RSET, on a kept connection.
///
/// # Errors
/// [`NetError`]: it could not be asked.
pub async fn verify(
    pool: &Pool,
    destination: &Destination,
    sender_domain: &str,
    recipient: &str,
    deadlines: Deadlines,
) -> Result<Reply, NetError> {
    let asked = [RcptTo::plain(recipient)];
    let null = MailFrom::default();
    let mut opening = Transaction::open(pool, destination, &null, &asked, deadlines).await?;
    if matches!(opening, Opening::MailRefused(_)) {
        let own = MailFrom { reverse_path: format!("postmaster@{sender_domain}"), ..null };
        opening = Transaction::open(pool, destination, &own, &asked, deadlines).await?;
    }
    match opening {
        Opening::Asked(transaction, replies) => {
            transaction.abandon().await;
            Ok(replies.into_iter().next().unwrap_or_else(|| Reply::bare(451, "")))
        }
        Opening::MailRefused(reply) => Ok(reply),
        Opening::NeedsUtf8 => Ok(Reply::new(553, 6, 7, "addresses outside ASCII are not offered")),
    }
}
