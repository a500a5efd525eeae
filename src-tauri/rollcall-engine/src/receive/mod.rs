//! A message comes in: one task a connection feeds bytes to the session machine and carries out what it asks for.
//!
//! **Invariant.** Steps 1 to 10 of ARCHITECTURE.md in this order; a panic here ends this connection only.

mod content;
mod course;
pub(crate) mod facts;
mod fresh;
mod harvest;
mod judge;
mod log;
mod outward;
mod pass;
mod recall;
mod relayed;
mod transaction;
mod weigh;

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use rollcall_net::Stream;
use rollcall_smtp::session::{self, Input, Judgement, Offer, Output, Session};
use rollcall_smtp::{Cut, LineCutter, RcptTo, write_explained, write_reply};
use rollcall_store::{ListenerRecord, ListenerRole, ListenerTls, Speaks};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout, timeout_at};
use tracing::{Instrument, debug, info_span};

use crate::house::House;
use crate::ids;
use content::{Content, Pieces};
pub(crate) use log::{later, tell};
pub(crate) use pass::date;
use transaction::Transaction;

/// A client that came in.
pub struct Arrival {
    /// Its bytes.
    pub stream: Stream,
    /// Who it is, behind whatever upstream.
    pub peer: SocketAddr,
    /// What it said already.
    pub unread: Vec<u8>,
    /// Where it came in.
    pub listener: ListenerRecord,
}

/// Serves one connection to its end.
pub async fn serve(house: &Arc<House>, arrival: Arrival) {
    let id = ids::next();
    let span = info_span!("smtp.session", session.id = %id, peer.ip = %arrival.peer.ip());
    let mut reception = Reception::new(house, arrival, id);
    let ended = match reception.turn_away().instrument(span.clone()).await {
        Ok(()) => reception.run().instrument(span.clone()).await,
        Err(ended) => Err(ended),
    };
    if let Err(Ended::ShuttingDown) = ended {
        reception.say(&session::shutting_down(&house.hostname));
        drop(reception.flush().await);
    }
    reception.transaction.leave();
    reception.pay().await;
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
    /// The engine stops; told only between commands or while waiting for the client, never while the destination decides.
    ShuttingDown,
}

/// One connection being served.
pub(crate) struct Reception {
    house: Arc<House>,
    stream: Stream,
    listener: ListenerRecord,
    /// Bytes read and not yet understood; `unread[..consumed]` are done with.
    unread: Vec<u8>,
    consumed: usize,
    out: Vec<u8>,
    session: Session,
    transaction: Transaction,
    /// Content that comes in pieces.
    pieces: Pieces,
    client: Client,
    /// Evidence that the writer's queue had no room for yet: waited for after the reply, before the next command.
    owed: Option<Owed>,
    /// Recipients at foreign domains so far.
    denied: u32,
    /// Errors before the command under way.
    errors: u32,
}

/// Evidence on its way to the writer's queue.
pub(crate) type Owed = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A client that asks for this many foreign recipients is looking for an open relay.
const MOST_DENIED: u32 = 20;

/// Who is talking to us.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub ip: IpAddr,
    pub session: String,
    /// Version and cipher, once its connection is encrypted.
    pub tls: Option<String>,
    /// It hands on mail for others: no abuse rule applies to it.
    pub is_upstream: bool,
    /// It may say with XCLIENT who is behind it.
    pub speaks_xclient: bool,
    /// It is one of the office's machines that may send to anybody.
    pub may_send: bool,
}

impl Client {
    fn of(house: &House, ip: IpAddr, session: String) -> Self {
        let setup = house.setup();
        let speaks = setup.upstreams.find(ip);
        Self {
            ip,
            session,
            tls: None,
            is_upstream: speaks.is_some(),
            speaks_xclient: speaks == Some(&Speaks::Xclient),
            may_send: setup.sender_hosts.contains(&ip),
        }
    }
}

/// How a client's connection is encrypted, as the log has it.
fn secured(stream: &Stream) -> Option<String> {
    stream.tls().map(|tls| format!("{} {}", tls.version, tls.cipher))
}

/// What a client is offered at a listener.
fn offer(house: &House, listener: &ListenerRecord, client: &Client) -> Offer {
    Offer {
        hostname: house.hostname.clone(),
        max_size: house.limits.content_bytes,
        max_recipients: house.limits.recipients,
        max_bad_commands: house.limits.bad_commands,
        max_invalid_recipients: (!client.is_upstream).then_some(house.limits.invalid_recipients),
        starttls: listener.tls == ListenerTls::StartTls,
        xclient: client.speaks_xclient,
        may_send: listener.role == ListenerRole::Inbound || client.may_send,
    }
}

impl Reception {
    fn new(house: &Arc<House>, arrival: Arrival, id: String) -> Self {
        let Arrival { stream, peer, unread, listener } = arrival;
        let mut client = Client::of(house, peer.ip(), id);
        client.tls = secured(&stream);
        let offer = offer(house, &listener, &client);
        let is_encrypted = matches!(stream, Stream::Tls(_));
        let (session, greeting) = if is_encrypted { Session::encrypted(offer) } else { Session::new(offer) };
        let mut reception = Self {
            house: Arc::clone(house),
            stream,
            listener,
            unread,
            consumed: 0,
            out: Vec::with_capacity(512),
            session,
            transaction: Transaction::default(),
            pieces: Pieces::default(),
            client,
            owed: None,
            denied: 0,
            errors: 0,
        };
        reception.say(&greeting);
        reception
    }

    async fn run(&mut self) -> Result<(), Ended> {
        let mut cutter = LineCutter::new(self.house.limits.line_bytes);
        loop {
            let errors = self.session.errors();
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
            self.errors = errors;
            self.carry_out(output).await?;
            if self.owed.is_some() {
                self.flush().await?;
                self.pay().await;
            }
            if self.house.stop.is_cancelled() {
                return Err(Ended::ShuttingDown);
            }
        }
    }

    /// Carries out what the session asks for, until it has nothing more to ask.
    async fn carry_out(&mut self, mut output: Output) -> Result<(), Ended> {
        loop {
            let input = match output {
                Output::Listen => return Ok(()),
                Output::Say(reply) => {
                    self.hesitate().await?;
                    self.say(&reply);
                    return Ok(());
                }
                Output::Reset { reply } => {
                    self.leave();
                    self.say(&reply);
                    return Ok(());
                }
                Output::SayAndClose(reply) => {
                    self.hesitate().await?;
                    self.say(&reply);
                    self.flush().await?;
                    self.linger().await;
                    return Err(Ended::Said);
                }
                Output::Judge(rcpt) => Input::Judged(self.judge(&rcpt).await),
                Output::Take(chunk) => {
                    self.flush().await?;
                    let taken = self.take(chunk).await;
                    match self.or_log(taken).await? {
                        None => Input::Taken,
                        Some(Ok(content)) => Input::Settled(self.settle(content).await),
                        Some(Err(fault)) => self.content_fault(fault).await,
                    }
                }
                Output::Skip { size, reply } => {
                    self.leave();
                    self.flush().await?;
                    self.skip(size).await?;
                    self.say(&reply);
                    return Ok(());
                }
                Output::Secure(reply) => {
                    self.secure(reply).await?;
                    Input::Secured
                }
                Output::Become(who) => {
                    self.leave();
                    let ip = who.address.unwrap_or(self.client.ip);
                    let tls = self.client.tls.take();
                    self.client = Client::of(&self.house, ip, std::mem::take(&mut self.client.session));
                    self.client.tls = tls;
                    let greeting = self.session.becomes(offer(&self.house, &self.listener, &self.client));
                    self.say(&greeting);
                    return Ok(());
                }
                Output::Receive => {
                    self.say(&session::GO_AHEAD.clone());
                    self.flush().await?;
                    let received = self.receive().await;
                    match self.or_log(received).await? {
                        Ok(content) => Input::Settled(self.settle(content).await),
                        Err(fault) => self.content_fault(fault).await,
                    }
                }
            };
            output = self.session.step(input);
        }
    }

    async fn content_fault(&mut self, fault: session::ContentFault) -> Input<'static> {
        self.log_bad_content(fault).await;
        self.leave();
        Input::ContentFault(fault)
    }

    /// Forgets the transaction, here and at the destination.
    fn leave(&mut self) {
        self.transaction.leave();
        self.pieces = Pieces::default();
    }

    /// From the second error on every answer to one comes later (3.4), so that guessing names is slow. What was said
    /// before does not wait, and neither does anybody else.
    async fn hesitate(&mut self) -> Result<(), Ended> {
        let wait = self.house.limits.error_wait;
        if self.client.is_upstream || wait.is_zero() || self.session.errors() <= self.errors.max(1) {
            return Ok(());
        }
        self.flush().await?;
        let house = Arc::clone(&self.house);
        tokio::select! {
            () = crate::clock::pause(wait) => Ok(()),
            () = house.stop.cancelled() => Err(Ended::ShuttingDown),
        }
    }

    /// The TLS handshake (RFC 3207). Nothing that came in clear behind STARTTLS is looked at.
    async fn secure(&mut self, ready: rollcall_core::Reply) -> Result<(), Ended> {
        if self.consumed < self.unread.len() {
            self.say(&session::pipelined_starttls());
            self.flush().await?;
            self.linger().await;
            return Err(Ended::Said);
        }
        self.say(&ready);
        self.flush().await?;
        let placeholder = Stream::Gone;
        let Stream::Plain(stream) = std::mem::replace(&mut self.stream, placeholder) else { return Err(Ended::Gone) };
        let config = self.house.certificate.config();
        match rollcall_net::accept_tls(stream, config, self.house.limits.handshake_wait).await {
            Ok(stream) => {
                self.client.tls = secured(&stream);
                self.stream = stream;
            }
            Err(error) => {
                debug!(%error, "the TLS handshake failed");
                return Err(Ended::Gone);
            }
        }
        self.unread.clear();
        self.consumed = 0;
        Ok(())
    }

    async fn judge(&mut self, rcpt: &RcptTo) -> Judgement {
        let address = rcpt.address.as_str();
        let Some(mail) = self.session.envelope().map(|envelope| envelope.mail.clone()) else {
            return judge::out_of_order(address);
        };
        // Asking may take its whole deadline: what was said before must not wait for it.
        if self.flush().await.is_err() {
            return judge::out_of_order(address);
        }
        let would_refuse = self.would_block();
        if would_refuse.is_none()
            && let Some(refused) = self.blocked(address).await
        {
            return refused;
        }
        let asker = judge::Asker { client: &self.client, client_name: self.session.client_name(), mail: &mail };
        let judged = judge::recipient(&self.house, asker, &mut self.transaction, rcpt, would_refuse).await;
        self.count(&judged);
        match judged {
            Judgement::Refuse { reply, .. } if reply.code == 554 && !self.client.is_upstream => {
                self.denied += 1;
                let reply = if self.denied < MOST_DENIED { reply } else { judge::too_many_denied() };
                Judgement::Refuse { reply, counts_as_invalid: false }
            }
            // The limit of a session is our own: in shadow mode the reply stays the mail server's (X16).
            Judgement::Refuse { reply, .. } if self.house.is_shadowing() => {
                Judgement::Refuse { reply, counts_as_invalid: false }
            }
            judged => judged,
        }
    }

    async fn settle(&mut self, content: Content) -> rollcall_core::Reply {
        let transaction = std::mem::take(&mut self.transaction);
        let envelope = self.session.envelope().cloned();
        let scene = pass::Origin {
            client: self.client.clone(),
            client_name: self.session.client_name().to_owned(),
            is_extended: self.session.is_extended(),
            tls: self.stream.tls(),
        };
        let (reply, owed) = pass::settle(&self.house, scene, envelope, transaction, content).await;
        self.owe(owed);
        reply
    }

    /// Hands evidence to the writer; what its queue has no room for is waited for after the reply.
    fn owe(&mut self, owed: Option<Owed>) {
        let Some(mut owed) = owed else { return };
        let mut context = Context::from_waker(Waker::noop());
        if owed.as_mut().poll(&mut context).is_pending() {
            self.owed = Some(owed);
        }
    }

    async fn pay(&mut self) {
        if let Some(owed) = self.owed.take() {
            owed.await;
        }
    }

    fn say(&mut self, reply: &rollcall_core::Reply) {
        match reply.number {
            None => write_reply(reply, &mut self.out),
            Some(_) => write_explained(reply, &self.house.setup().reply_contact, &mut self.out),
        }
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
        const MOMENT: Duration = Duration::from_secs(2);
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

    /// Reads more bytes behind those not yet understood. A destination's transaction that has waited long enough is let
    /// go meanwhile.
    async fn read(&mut self, wait: Duration) -> Result<(), Ended> {
        self.unread.drain(..self.consumed);
        self.consumed = 0;
        self.unread.reserve(2048);
        let house = Arc::clone(&self.house);
        let deadline = Instant::now() + wait;
        loop {
            let give_up = self.transaction.give_up();
            let until = give_up.map_or(deadline, |give_up| give_up.min(deadline));
            let read = tokio::select! {
                read = timeout_at(until, self.stream.read_buf(&mut self.unread)) => read,
                () = house.stop.cancelled() => return Err(Ended::ShuttingDown),
            };
            match read {
                Ok(Ok(0) | Err(_)) => return Err(Ended::Gone),
                Ok(Ok(_)) => return Ok(()),
                Err(_) if Instant::now() < deadline => self.transaction.let_go(),
                Err(_) => {
                    self.say(&session::timeout_reply(&house.hostname));
                    self.flush().await?;
                    return Err(Ended::TimedOut);
                }
            }
        }
    }
}
