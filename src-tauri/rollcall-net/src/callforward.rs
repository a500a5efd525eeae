//! The live transaction with the destination: it asks about each recipient and then delivers on the same connection.
//!
//! **Invariant.** A [`Transaction`] has had its MAIL accepted. Whatever ends without a final reply is reported as lost,
//! never as a refusal.

use std::path::Path;

use rollcall_core::{Class, Reply};
use rollcall_smtp::client::{self, Stuffer};
use tokio::io::AsyncReadExt;

use crate::connection::{Connection, Deadlines, Destination, NetError};
use crate::pool::Pool;

/// The envelope's sending side.
#[derive(Debug, Clone, Copy)]
pub struct Mail<'a> {
    /// The reverse-path; empty for the null reverse-path.
    pub reverse_path: &'a str,
    /// The size the client declared, plus what we add.
    pub size: Option<u64>,
    /// The client declared BODY=8BITMIME.
    pub eight_bit: bool,
}

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

/// How asking about the first recipient went.
pub enum Opening {
    /// MAIL was accepted; this is the reply to RCPT.
    Asked(Box<Transaction>, Reply),
    /// MAIL was refused; its reply stands for the recipient's.
    MailRefused(Reply),
}

impl Transaction {
    /// Opens a transaction and asks about its first recipient, on an idle connection where there is one. An idle
    /// connection that turns out to be dead is replaced by a new one, once.
    ///
    /// # Errors
    /// [`NetError`]: the destination could not be asked.
    pub async fn open(
        pool: &Pool,
        destination: &Destination,
        mail: Mail<'_>,
        recipient: &str,
        deadlines: Deadlines,
    ) -> Result<Opening, NetError> {
        if let Some(connection) = pool.take_idle(destination).await {
            match Self::start(connection, pool, destination, mail, recipient, deadlines).await {
                Err(NetError::Lost { .. } | NetError::Protocol { .. }) => {}
                Ok(Opening::MailRefused(reply)) if reply.code == 421 => {}
                outcome => return outcome,
            }
        }
        let connection = pool.open(destination, deadlines).await?;
        Self::start(connection, pool, destination, mail, recipient, deadlines).await
    }

    async fn start(
        mut connection: Connection,
        pool: &Pool,
        destination: &Destination,
        mail: Mail<'_>,
        recipient: &str,
        deadlines: Deadlines,
    ) -> Result<Opening, NetError> {
        let capabilities = &connection.capabilities;
        let mut commands = client::mail_from(mail.reverse_path, mail.size, capabilities, mail.eight_bit);
        let rcpt = client::rcpt_to(recipient);
        let pipelined = capabilities.pipelining;
        if pipelined {
            commands.extend_from_slice(&rcpt);
        }
        connection.transactions += 1;
        let reply = connection.command(&commands, "MAIL", deadlines.command).await?;
        if !reply.is_success() {
            let alive =
                reply.code != 421 && (!pipelined || connection.read_reply("RCPT", deadlines.command).await.is_ok());
            if alive {
                reset(connection, pool, destination, deadlines).await;
            }
            return Ok(Opening::MailRefused(reply));
        }
        let reply = if pipelined {
            connection.read_reply("RCPT", deadlines.command).await?
        } else {
            connection.command(&rcpt, "RCPT", deadlines.command).await?
        };
        let transaction = Self { connection, destination: destination.clone(), pool: pool.clone(), deadlines };
        Ok(Opening::Asked(Box::new(transaction), reply))
    }

    /// Asks about one more recipient.
    ///
    /// # Errors
    /// [`NetError`]: the connection is lost, and with it the transaction.
    pub async fn rcpt(&mut self, recipient: &str) -> Result<Reply, NetError> {
        self.connection.command(&client::rcpt_to(recipient), "RCPT", self.deadlines.command).await
    }

    /// True when the destination closed or spoke meanwhile, so that the transaction is gone.
    pub async fn is_lost(&mut self) -> bool {
        self.connection.has_news().await
    }

    /// Sends `trace` and `body` and waits for the final reply. A connection that can serve again goes back to the pool.
    ///
    /// # Errors
    /// [`NetError`]: no final reply came; whether the destination took the message is unknown.
    pub async fn deliver(mut self, trace: &[u8], body: Body<'_>) -> Result<Reply, NetError> {
        let reply = self.connection.command(client::DATA, "DATA", self.deadlines.data_start).await?;
        match reply.class() {
            Class::Intermediate => {}
            // Nothing was sent, so nothing can have been taken: such a peer is out of step, or no mail server.
            Class::Success => {
                return Err(NetError::Protocol { doing: "DATA", detail: format!("success without content: {reply}") });
            }
            Class::Transient | Class::Permanent => {
                self.abandon().await;
                return Ok(reply);
            }
        }
        let sent = self.send_content(trace, body).await;
        let reply = match sent {
            Ok(()) => self.connection.read_reply("the end of DATA", self.deadlines.data_end).await?,
            // A server that has enough may answer and close while we write (RFC 5321 section 4.2.1's 552 and 554).
            Err(error) => {
                let reply = self.connection.read_reply("DATA", self.deadlines.command).await.map_err(|_| error)?;
                if reply.is_success() {
                    return Err(NetError::Protocol { doing: "DATA", detail: "success before the end".to_owned() });
                }
                return Ok(reply);
            }
        };
        if reply.code != 421 {
            self.pool.give_back(&self.destination, self.connection);
        }
        Ok(reply)
    }

    async fn send_content(&mut self, trace: &[u8], body: Body<'_>) -> Result<(), NetError> {
        const BLOCK: usize = 256 * 1024;
        let (doing, deadline) = ("DATA", self.deadlines.data_block);
        let mut stuffer = Stuffer::new();
        let mut out = Vec::with_capacity(BLOCK.min(16 * 1024));
        stuffer.stuff(trace, &mut out);
        match body {
            Body::Memory(content) => {
                for block in content.chunks(BLOCK) {
                    stuffer.stuff(block, &mut out);
                    if out.len() >= BLOCK {
                        self.connection.send(&out, doing, deadline).await?;
                        out.clear();
                    }
                }
            }
            Body::File(path) => {
                let unreadable = |source| NetError::Lost { doing: "reading the stored content", source: Some(source) };
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

async fn reset(mut connection: Connection, pool: &Pool, destination: &Destination, deadlines: Deadlines) {
    if let Ok(reply) = connection.command(client::RSET, "RSET", deadlines.command).await
        && reply.is_success()
    {
        pool.give_back(destination, connection);
    }
}
