//! A message comes in: one task a connection feeds bytes to the session machine and carries out what it asks for.
//!
//! **Invariant.** Steps 1 to 10 of ARCHITECTURE.md in this order; a panic here ends this connection only.

mod content;
mod facts;
mod judge;
mod log;
mod pass;
mod transaction;

use std::net::SocketAddr;
use std::sync::Arc;

use rollcall_smtp::session::{self, Input, Judgement, Offer, Output, Session};
use rollcall_smtp::{Cut, LineCutter, write_reply};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tracing::{Instrument, debug, info_span};

use crate::house::House;
use crate::ids;
use content::Content;
use transaction::Transaction;

/// Serves one connection to its end.
pub async fn serve(house: &Arc<House>, stream: TcpStream, peer: SocketAddr) {
    let id = ids::next();
    let span = info_span!("smtp.session", session.id = %id, peer.ip = %peer.ip());
    let mut reception = Reception::new(house, stream, peer, id);
    let ended = async {
        let stop = house.stop.clone();
        tokio::select! {
            outcome = reception.run() => outcome,
            () = stop.cancelled() => Err(Ended::ShuttingDown),
        }
    }
    .instrument(span.clone())
    .await;
    if let Err(Ended::ShuttingDown) = ended {
        reception.say(&session::shutting_down(&house.hostname));
        drop(reception.flush().await);
    }
    reception.transaction.leave().await;
    span.in_scope(|| debug!("ended"));
}

/// Why a session is over.
pub(crate) enum Ended {
    /// QUIT, or a reply that closes.
    Said,
    /// The client closed or the connection broke.
    Gone,
    /// The client took too long.
    TimedOut,
    /// The engine stops.
    ShuttingDown,
}

/// One connection being served.
pub(crate) struct Reception {
    house: Arc<House>,
    stream: TcpStream,
    /// Bytes read and not yet understood; `unread[..consumed]` are done with.
    unread: Vec<u8>,
    consumed: usize,
    out: Vec<u8>,
    session: Session,
    transaction: Transaction,
    client: Client,
}

/// Who is talking to us.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub ip: std::net::IpAddr,
    pub session: String,
}

impl Reception {
    fn new(house: &Arc<House>, stream: TcpStream, peer: SocketAddr, id: String) -> Self {
        let is_upstream = house.setup().upstreams.contains(&peer.ip());
        let (session, greeting) = Session::new(Offer {
            hostname: house.hostname.clone(),
            max_size: house.limits.content_bytes,
            max_recipients: house.limits.recipients,
            max_bad_commands: house.limits.bad_commands,
            max_invalid_recipients: (!is_upstream).then_some(house.limits.invalid_recipients),
        });
        let mut reception = Self {
            house: Arc::clone(house),
            stream,
            unread: Vec::with_capacity(2048),
            consumed: 0,
            out: Vec::with_capacity(512),
            session,
            transaction: Transaction::default(),
            client: Client { ip: peer.ip(), session: id },
        };
        reception.say(&greeting);
        reception
    }

    async fn run(&mut self) -> Result<(), Ended> {
        let mut cutter = LineCutter::new(self.house.limits.line_bytes);
        loop {
            let (output, consumed) = match cutter.next(&self.unread[self.consumed..]) {
                Cut::Line { line, consumed } => (self.session.step(Input::Line(line)), consumed),
                Cut::Fault { fault, consumed } => (self.session.step(Input::Fault(fault)), consumed),
                Cut::Skip { consumed } => {
                    self.consumed += consumed;
                    continue;
                }
                Cut::More => {
                    self.flush().await?;
                    self.read(self.house.limits.command_wait).await?;
                    continue;
                }
            };
            self.consumed += consumed;
            self.carry_out(output).await?;
        }
    }

    /// Carries out what the session asks for, until it has nothing more to ask.
    async fn carry_out(&mut self, mut output: Output) -> Result<(), Ended> {
        loop {
            let input = match output {
                Output::Say(reply) => {
                    self.say(&reply);
                    return Ok(());
                }
                Output::Reset { reply } => {
                    self.transaction.leave().await;
                    self.say(&reply);
                    return Ok(());
                }
                Output::SayAndClose(reply) => {
                    self.say(&reply);
                    self.flush().await?;
                    self.linger().await;
                    return Err(Ended::Said);
                }
                Output::Judge { address } => Input::Judged(self.judge(&address).await),
                Output::Receive => {
                    self.say(&session::GO_AHEAD.clone());
                    self.flush().await?;
                    match self.receive().await? {
                        Ok(content) => Input::Settled(self.settle(content).await),
                        Err(fault) => {
                            self.log_bad_content(fault).await;
                            self.transaction.leave().await;
                            Input::ContentFault(fault)
                        }
                    }
                }
            };
            output = self.session.step(input);
        }
    }

    async fn judge(&mut self, address: &str) -> Judgement {
        let Some(mail) = self.session.envelope().map(|envelope| envelope.mail.clone()) else {
            return judge::out_of_order(address);
        };
        judge::recipient(&self.house, &self.client, self.session.client_name(), &mail, &mut self.transaction, address)
            .await
    }

    async fn settle(&mut self, content: Content) -> rollcall_core::Reply {
        let transaction = std::mem::take(&mut self.transaction);
        let envelope = self.session.envelope().cloned();
        pass::settle(
            &self.house,
            &self.client,
            self.session.client_name(),
            self.session.is_extended(),
            envelope,
            transaction,
            content,
        )
        .await
    }

    fn say(&mut self, reply: &rollcall_core::Reply) {
        write_reply(reply, &mut self.out);
    }

    async fn flush(&mut self) -> Result<(), Ended> {
        if self.out.is_empty() {
            return Ok(());
        }
        let wait = self.house.limits.content_wait;
        let written = timeout(wait, self.stream.write_all(&self.out)).await;
        self.out.clear();
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Ended::Gone),
        }
    }

    /// Closing with unread bytes makes TCP reset the connection, and the client may never see our last reply: end our
    /// side, then read what it still sends for a moment.
    async fn linger(&mut self) {
        const MOMENT: std::time::Duration = std::time::Duration::from_secs(2);
        const MOST_BYTES: usize = 4 * 1024 * 1024;
        let draining = async {
            self.stream.shutdown().await?;
            let mut block = vec![0_u8; 16 * 1024];
            let mut total = 0;
            while total < MOST_BYTES {
                match self.stream.read(&mut block).await? {
                    0 => break,
                    count => total += count,
                }
            }
            std::io::Result::Ok(())
        };
        drop(timeout(MOMENT, draining).await);
    }

    /// Reads more bytes behind those not yet understood.
    async fn read(&mut self, wait: std::time::Duration) -> Result<(), Ended> {
        self.unread.drain(..self.consumed);
        self.consumed = 0;
        self.unread.reserve(2048);
        match timeout(wait, self.stream.read_buf(&mut self.unread)).await {
            Ok(Ok(0) | Err(_)) => Err(Ended::Gone),
            Ok(Ok(_)) => Ok(()),
            Err(_) => {
                let reply = session::timeout_reply(&self.house.hostname);
                self.say(&reply);
                self.flush().await?;
                Err(Ended::TimedOut)
            }
        }
    }
}
