//! The server's side of the conversation as a machine: inputs in, one output each (RFC 5321, behaviour.md section 3.4).
//!
//! **Invariant.** Every input has an answer in every state. A recipient is in the envelope exactly if its RCPT got the
//! reply of [`Judgement::Accept`]. After [`Output::SayAndClose`] nothing is accepted any more.
//!
//! **Limits.** Waits (before a refusal, between commands) and the reading of content are the engine's. A client that
//! sends commands without end and without fault is ended by the engine's deadlines, not here.

use std::mem;
use std::sync::LazyLock;

use rollcall_core::reply::Reply;

use crate::command::{self, Chunk, Command, MailFrom, RcptTo, Xclient};
use crate::data::DataFault;
use crate::line::LineFault;
use crate::replies;

pub use crate::replies::{
    mail_first, no_valid_recipients, pipelined_starttls, shutting_down, timeout_reply, too_many_connections,
    too_many_invalid_recipients,
};

/// What the server says before it reads content.
pub static GO_AHEAD: LazyLock<Reply> = LazyLock::new(replies::go_ahead);

/// What the server offers and how much it bears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The name the server goes by.
    pub hostname: String,
    /// Largest content taken, in octets.
    pub max_size: u64,
    /// Most recipients in one transaction.
    pub max_recipients: usize,
    /// The bad command with this number ends the session.
    pub max_bad_commands: u32,
    /// The invalid recipient with this number ends the session; `None` for listed upstreams.
    pub max_invalid_recipients: Option<u32>,
    /// Whether STARTTLS is offered while the connection is in clear.
    pub starttls: bool,
    /// Whether the client may say with XCLIENT who is behind it.
    pub xclient: bool,
    /// Whether the client may send; otherwise MAIL gets `530 5.7.0` (a submission listener and a stranger).
    pub may_send: bool,
}

/// One conversation with one client.
#[derive(Debug)]
pub struct Session {
    offer: Offer,
    client: Option<Client>,
    state: State,
    encrypted: bool,
    bad_commands: u32,
    invalid_recipients: u32,
}

/// Who the client says it is.
#[derive(Debug)]
struct Client {
    name: String,
    extended: bool,
}

/// Where the conversation stands. Each state holds exactly what is true in it.
#[derive(Debug)]
enum State {
    /// Before EHLO or HELO.
    Connected,
    /// Greeted, no transaction.
    Ready,
    /// MAIL was accepted.
    Open(Transaction),
    /// The engine is asked about a recipient.
    Judging { transaction: Transaction, rcpt: RcptTo },
    /// The engine reads the content.
    Receiving(Transaction),
    /// Pieces of the content came; the next one follows.
    Chunking { transaction: Transaction, received: u64 },
    /// The engine reads a piece of the content; `received` counts it in.
    Taking { transaction: Transaction, received: u64, chunk: Chunk },
    /// The engine shakes hands.
    Securing,
    /// The last word is said.
    Closed,
}

impl State {
    /// True where the client speaks and we answer.
    const fn takes_commands(&self) -> bool {
        matches!(self, Self::Connected | Self::Ready | Self::Open(_) | Self::Chunking { .. })
    }
}

#[derive(Debug)]
struct Transaction {
    envelope: Envelope,
    /// Recipients that were not accepted.
    refused: usize,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input<'a> {
    /// A line came from the client, without CRLF.
    Line(&'a [u8]),
    /// The line cutter gave up on a line.
    Fault(LineFault),
    /// The answer to [`Output::Judge`].
    Judged(Judgement),
    /// The final reply for the content: the transaction is over. A 421 ends the session.
    Settled(Reply),
    /// The content was not taken.
    ContentFault(ContentFault),
    /// The piece asked for with [`Output::Take`] was read, and it was not the last.
    Taken,
    /// The handshake asked for with [`Output::Secure`] is done: the conversation starts afresh (RFC 3207 section 4.2).
    Secured,
}

/// What the engine has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Send this reply.
    Say(Reply),
    /// Send this reply, then close the connection.
    SayAndClose(Reply),
    /// Say nothing: the client speaks next.
    Listen,
    /// Find out whether this recipient may be accepted, then answer with [`Input::Judged`].
    Judge(RcptTo),
    /// Send [`GO_AHEAD`], read the content, then answer with [`Input::Settled`] or [`Input::ContentFault`].
    Receive,
    /// Read this piece of content, which follows at once. Answer with [`Input::Taken`], or after the last with
    /// [`Input::Settled`]; or with [`Input::ContentFault`].
    Take(Chunk),
    /// Read this many octets and throw them away, drop any transaction with the destination, then send this reply:
    /// a piece of content that nobody wants follows its BDAT all the same.
    Skip {
        /// Octets that follow the command line.
        size: u64,
        /// The reply to send afterwards.
        reply: Reply,
    },
    /// The client is somebody else from now on (XCLIENT): take over what is said of it, call [`Session::becomes`] and send
    /// the greeting that it returns.
    Become(Xclient),
    /// Send this reply; then, if nothing came behind STARTTLS, shake hands and answer with [`Input::Secured`]. If
    /// something did, send [`pipelined_starttls`] instead and close.
    Secure(Reply),
    /// Send this reply and drop any transaction with the destination: RSET, EHLO or HELO again, content not taken.
    Reset {
        /// The reply to send.
        reply: Reply,
    },
}

/// Whether a recipient is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// Yes, with this reply, a 2xx.
    Accept(Reply),
    /// No.
    Refuse {
        /// The reply to give, a 4xx or 5xx; a 421 ends the session.
        reply: Reply,
        /// True if the recipient does not exist, so that guessing names ends the session.
        counts_as_invalid: bool,
    },
}

/// What the transaction has so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// MAIL as it was accepted.
    pub mail: MailFrom,
    /// The accepted recipients, as written and in order.
    pub recipients: Vec<RcptTo>,
}

/// Why content is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentFault {
    /// An LF without a CR before it.
    BareLf,
    /// A CR without an LF behind it.
    BareCr,
    /// Larger than the limit, read to its end.
    TooLarge,
    /// So much larger than the limit that its end was not waited for.
    FarTooLarge,
    /// Too many Received fields: a loop.
    TooManyHops,
    /// Received fields of this very relay: it sends to itself.
    Loops,
}

impl ContentFault {
    /// What the client is told.
    #[must_use]
    pub fn reply(self) -> Reply {
        match self {
            Self::BareLf => replies::bare_line_feed(),
            Self::BareCr => replies::bare_carriage_return(),
            Self::TooLarge | Self::FarTooLarge => replies::too_big(),
            Self::TooManyHops => replies::too_many_hops(),
            Self::Loops => replies::loops(),
        }
    }
}

impl From<DataFault> for ContentFault {
    fn from(fault: DataFault) -> Self {
        match fault {
            DataFault::BareLf => Self::BareLf,
            DataFault::BareCr => Self::BareCr,
            DataFault::TooLarge => Self::TooLarge,
            DataFault::FarTooLarge => Self::FarTooLarge,
        }
    }
}

impl Session {
    /// A new session and its greeting.
    #[must_use]
    pub fn new(offer: Offer) -> (Self, Reply) {
        let greeting = replies::greeting(&offer.hostname);
        let session = Self {
            offer,
            client: None,
            state: State::Connected,
            encrypted: false,
            bad_commands: 0,
            invalid_recipients: 0,
        };
        (session, greeting)
    }

    /// A new session on a connection that is encrypted from its first octet (RFC 8314).
    #[must_use]
    pub fn encrypted(offer: Offer) -> (Self, Reply) {
        let (session, greeting) = Self::new(offer);
        (Self { encrypted: true, ..session }, greeting)
    }

    /// The client turns out to be another one, to whom this is offered. The conversation starts afresh.
    #[must_use]
    pub fn becomes(&mut self, offer: Offer) -> Reply {
        let greeting = replies::greeting(&offer.hostname);
        self.offer = offer;
        self.client = None;
        self.state = State::Connected;
        greeting
    }

    /// One step of the conversation. Total: every input has an answer in every state.
    pub fn step(&mut self, input: Input<'_>) -> Output {
        let state = mem::replace(&mut self.state, State::Closed);
        let (state, output) = self.next(state, input);
        // RFC 5321 section 3.8: whoever says 421 closes.
        let output = match output {
            Output::Say(reply) | Output::Reset { reply } if reply.code == 421 => Output::SayAndClose(reply),
            output => output,
        };
        self.state = if matches!(output, Output::SayAndClose(_)) { State::Closed } else { state };
        output
    }

    /// The transaction under way, if MAIL was accepted.
    #[must_use]
    pub fn envelope(&self) -> Option<&Envelope> {
        match &self.state {
            State::Connected | State::Ready | State::Securing | State::Closed => None,
            State::Open(transaction)
            | State::Judging { transaction, .. }
            | State::Receiving(transaction)
            | State::Chunking { transaction, .. }
            | State::Taking { transaction, .. } => Some(&transaction.envelope),
        }
    }

    /// What the client called itself in EHLO or HELO; empty before that.
    #[must_use]
    pub fn client_name(&self) -> &str {
        self.client.as_ref().map_or("", |client| &client.name)
    }

    /// True if the client greeted with EHLO.
    #[must_use]
    pub fn is_extended(&self) -> bool {
        self.client.as_ref().is_some_and(|client| client.extended)
    }

    /// How many commands and recipients of this session were wrong: each one more may be answered later (3.4).
    #[must_use]
    pub const fn errors(&self) -> u32 {
        self.bad_commands + self.invalid_recipients
    }

    /// How many recipients of this session counted as invalid.
    #[must_use]
    pub const fn invalid_recipients(&self) -> u32 {
        self.invalid_recipients
    }

    fn next(&mut self, state: State, input: Input<'_>) -> (State, Output) {
        match (state, input) {
            (State::Closed, _) => self.out_of_step(),
            (state, Input::Fault(LineFault::BareLf)) => (state, Output::SayAndClose(replies::bare_line_feed())),
            (state, Input::Fault(LineFault::BareCr)) => (state, Output::SayAndClose(replies::bare_carriage_return())),
            (state, Input::Fault(LineFault::TooLong)) if state.takes_commands() => {
                (state, self.bad(replies::line_too_long()))
            }
            (state, Input::Line(line)) if state.takes_commands() => match command::parse(line) {
                Ok(command) => self.command(state, command),
                Err(reply) => (state, self.bad(reply)),
            },
            (State::Judging { transaction, rcpt }, Input::Judged(judgement)) => {
                self.judged(transaction, rcpt, judgement)
            }
            (State::Receiving(_) | State::Taking { chunk: Chunk { last: true, .. }, .. }, Input::Settled(reply)) => {
                (State::Ready, Output::Say(reply))
            }
            (State::Receiving(_) | State::Taking { .. }, Input::ContentFault(fault)) => {
                (State::Ready, content_refused(fault))
            }
            (State::Taking { transaction, received, chunk: Chunk { last: false, size } }, Input::Taken) => {
                (State::Chunking { transaction, received }, Output::Say(replies::chunk_taken(size)))
            }
            (State::Securing, Input::Secured) => {
                (self.client, self.encrypted) = (None, true);
                (State::Connected, Output::Listen)
            }
            _ => self.out_of_step(),
        }
    }

    /// `state` takes commands.
    fn command(&mut self, state: State, command: Command) -> (State, Output) {
        match command {
            Command::Ehlo { name } => self.hello(state, Client { name, extended: true }),
            Command::Helo { name } => self.hello(state, Client { name, extended: false }),
            Command::Mail(mail) => self.mail(state, mail),
            Command::Rcpt(rcpt) => self.rcpt(state, rcpt),
            Command::Data => self.data(state),
            Command::Bdat(chunk) => self.bdat(state, chunk),
            Command::StartTls => self.starttls(state),
            Command::Xclient(who) => self.xclient(state, who),
            Command::Rset => {
                let state = if self.client.is_some() { State::Ready } else { State::Connected };
                (state, Output::Reset { reply: replies::done() })
            }
            Command::Noop => (state, Output::Say(replies::done())),
            Command::Vrfy => (state, Output::Say(replies::cannot_verify())),
            Command::Help => (state, Output::Say(replies::help())),
            Command::Quit => (state, Output::SayAndClose(replies::farewell(&self.offer.hostname))),
            Command::Expn | Command::Auth => (state, self.bad(replies::not_implemented())),
            Command::Unknown => (state, self.bad(replies::not_recognized())),
        }
    }

    /// EHLO and HELO; said again, they are RSET too (RFC 5321 section 4.1.4).
    fn hello(&mut self, state: State, client: Client) -> (State, Output) {
        let Offer { hostname, max_size, max_recipients, starttls, .. } = &self.offer;
        let reply = if client.extended {
            let starttls = (*starttls && !self.encrypted).then_some("STARTTLS");
            let xclient = self.offer.xclient.then_some("XCLIENT NAME ADDR PORT PROTO HELO");
            let more: Vec<&str> = [starttls, xclient].into_iter().flatten().collect();
            replies::extensions(hostname, *max_size, *max_recipients, &more)
        } else {
            replies::hello(hostname)
        };
        self.client = Some(client);
        let output = match state {
            State::Connected => Output::Say(reply),
            _ => Output::Reset { reply },
        };
        (State::Ready, output)
    }

    fn mail(&mut self, state: State, mail: MailFrom) -> (State, Output) {
        match state {
            State::Ready if !self.offer.may_send => (state, Output::Say(replies::authentication_required())),
            State::Ready if mail.size.is_some_and(|size| size > self.offer.max_size) => {
                (state, Output::Say(replies::too_big()))
            }
            State::Ready => {
                let envelope = Envelope { mail, recipients: Vec::new() };
                (State::Open(Transaction { envelope, refused: 0 }), Output::Say(replies::sender_ok()))
            }
            State::Connected => (state, self.bad(replies::hello_first())),
            State::Chunking { .. } => (state, self.bad(replies::chunks_only())),
            state => (state, self.bad(replies::nested_mail())),
        }
    }

    fn rcpt(&mut self, state: State, rcpt: RcptTo) -> (State, Output) {
        match state {
            State::Open(mut transaction) if transaction.envelope.recipients.len() >= self.offer.max_recipients => {
                transaction.refused += 1;
                (State::Open(transaction), Output::Say(replies::too_many_recipients()))
            }
            // RFC 6531 section 3.4: only a transaction that began with SMTPUTF8 may name it.
            State::Open(mut transaction) if !rcpt.address.is_ascii() && !transaction.envelope.mail.smtputf8 => {
                transaction.refused += 1;
                (State::Open(transaction), self.bad(replies::non_ascii()))
            }
            State::Open(transaction) => {
                let output = Output::Judge(rcpt.clone());
                (State::Judging { transaction, rcpt }, output)
            }
            state => self.without_transaction(state),
        }
    }

    fn starttls(&mut self, state: State) -> (State, Output) {
        match state {
            state if !self.offer.starttls => (state, self.bad(replies::not_implemented())),
            state if self.encrypted => (state, self.bad(replies::already_encrypted())),
            State::Connected => (State::Connected, self.bad(replies::hello_first())),
            State::Ready => (State::Securing, Output::Secure(replies::ready_for_tls())),
            state => (state, self.bad(replies::nested_mail())),
        }
    }

    fn xclient(&mut self, state: State, who: Xclient) -> (State, Output) {
        match state {
            state if !self.offer.xclient => (state, self.bad(replies::not_recognized())),
            State::Connected | State::Ready => (State::Connected, Output::Become(who)),
            state => (state, self.bad(replies::nested_mail())),
        }
    }

    /// RFC 3030 section 2. Every BDAT is followed by its octets, also one that is refused.
    fn bdat(&mut self, state: State, chunk: Chunk) -> (State, Output) {
        let skip = |reply| Output::Skip { size: chunk.size, reply };
        let (transaction, received) = match state {
            State::Open(transaction) if !transaction.envelope.recipients.is_empty() => (transaction, 0),
            State::Chunking { transaction, received } => (transaction, received),
            // As with DATA: a pipelining client could not know.
            State::Open(Transaction { refused: 1.., .. }) => return (state, skip(replies::no_valid_recipients())),
            State::Open(_) => return (state, self.bad_chunk(chunk, replies::rcpt_first())),
            State::Connected => return (state, self.bad_chunk(chunk, replies::hello_first())),
            state => return (state, skip(replies::mail_first())),
        };
        let received = received.saturating_add(chunk.size);
        if received > self.offer.max_size {
            // So much more than is taken is not even read.
            let far = received > self.offer.max_size.saturating_mul(2);
            let output = if far { Output::SayAndClose(replies::too_big()) } else { skip(replies::too_big()) };
            return (State::Ready, output);
        }
        (State::Taking { transaction, received, chunk }, Output::Take(chunk))
    }

    /// Counts a BDAT out of place; its octets are thrown away unless the session ends with it.
    fn bad_chunk(&mut self, chunk: Chunk, reply: Reply) -> Output {
        match self.bad(reply) {
            Output::Say(reply) if reply.code != 421 => Output::Skip { size: chunk.size, reply },
            output => output,
        }
    }

    fn data(&mut self, state: State) -> (State, Output) {
        match state {
            State::Open(transaction) if !transaction.envelope.recipients.is_empty() => {
                (State::Receiving(transaction), Output::Receive)
            }
            // RFC 2920 section 3.1 and RFC 5321 section 3.3: a pipelining client sends DATA before it has read that
            // every recipient was refused. That is no fault of its own.
            State::Open(Transaction { refused: 1.., .. }) => (state, Output::Say(replies::no_valid_recipients())),
            State::Open(_) => (state, self.bad(replies::rcpt_first())),
            // RFC 3030 section 3: DATA and BDAT do not go together.
            State::Chunking { .. } => (state, self.bad(replies::chunks_only())),
            state => self.without_transaction(state),
        }
    }

    /// RCPT or DATA without MAIL. Not counted as bad after EHLO: a pipelining client whose MAIL was refused has sent
    /// them before it could know.
    fn without_transaction(&mut self, state: State) -> (State, Output) {
        match state {
            State::Connected => (state, self.bad(replies::hello_first())),
            State::Chunking { .. } => (state, self.bad(replies::chunks_only())),
            state => (state, Output::Say(replies::mail_first())),
        }
    }

    fn judged(&mut self, mut transaction: Transaction, rcpt: RcptTo, judgement: Judgement) -> (State, Output) {
        let reply = match judgement {
            Judgement::Accept(reply) => {
                transaction.envelope.recipients.push(rcpt);
                reply
            }
            Judgement::Refuse { reply, counts_as_invalid } => {
                transaction.refused += 1;
                self.invalid_recipients += u32::from(counts_as_invalid);
                let limit = self.offer.max_invalid_recipients.unwrap_or(u32::MAX);
                if counts_as_invalid && self.invalid_recipients >= limit {
                    replies::too_many_invalid_recipients()
                } else {
                    reply
                }
            }
        };
        (State::Open(transaction), Output::Say(reply))
    }

    /// Counts a bad command; the last one that is borne ends the session.
    fn bad(&mut self, reply: Reply) -> Output {
        self.bad_commands += 1;
        Output::Say(if self.bad_commands >= self.offer.max_bad_commands { replies::too_many_errors() } else { reply })
    }

    /// The engine fed something that this state did not ask for.
    fn out_of_step(&self) -> (State, Output) {
        (State::Closed, Output::SayAndClose(replies::out_of_step(&self.offer.hostname)))
    }
}

/// In mid-content the connection must close, or the rest of the content would be read as commands.
fn content_refused(fault: ContentFault) -> Output {
    match fault {
        ContentFault::BareLf | ContentFault::BareCr | ContentFault::FarTooLarge => Output::SayAndClose(fault.reply()),
        ContentFault::TooLarge | ContentFault::TooManyHops | ContentFault::Loops => {
            Output::Reset { reply: fault.reply() }
        }
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
