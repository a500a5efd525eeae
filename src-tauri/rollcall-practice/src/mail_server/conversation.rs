//! One conversation of a mail server with whoever connects: the session machine of `rollcall-smtp` between a socket and a
//! [`Household`].

use std::io;
use std::time::Duration;

use rollcall_core::Reply;
use rollcall_smtp::session::GO_AHEAD;
use rollcall_smtp::{
    Chunk, ChunkScanner, Cut, DataFault, DataScanner, Input, Judgement, LineCutter, Offer, Output, Scan, Session,
    write_reply,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Household;

/// Talks until the client leaves, goes silent for five minutes, or is sent away.
///
/// # Errors
/// When the connection breaks.
pub(super) async fn hold(stream: TcpStream, household: &dyn Household) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let hostname = household.hostname();
    let greeting = Reply::bare(220, format!("{hostname} ESMTP {}", household.motto()));
    let (input, output) = (Vec::with_capacity(4_096), Vec::with_capacity(1_024));
    let mut wire = Wire { stream, hostname, input, output, pieces: Pieces::default() };
    wire.say(&greeting);
    let (mut session, _) = Session::new(offer(hostname));
    let mut cutter = LineCutter::new(MAX_LINE);
    loop {
        let (output, consumed) = match cutter.next(&wire.input) {
            Cut::Line { line, consumed } => (session.step(Input::Line(line)), consumed),
            Cut::Fault { fault, consumed } => (session.step(Input::Fault(fault)), consumed),
            Cut::Skip { consumed } => {
                wire.input.drain(..consumed);
                continue;
            }
            Cut::More => {
                if wire.read().await? {
                    continue;
                }
                return Ok(());
            }
        };
        wire.input.drain(..consumed);
        if !wire.carry_out(&mut session, output, household).await? {
            return wire.flush().await;
        }
    }
}

/// The socket with what is read and not yet looked at, and what is said and not yet sent.
struct Wire {
    stream: TcpStream,
    hostname: &'static str,
    input: Vec<u8>,
    output: Vec<u8>,
    pieces: Pieces,
}

impl Wire {
    /// Does what the machine asks for; false when the conversation is over.
    async fn carry_out(
        &mut self,
        session: &mut Session,
        output: Output,
        household: &dyn Household,
    ) -> io::Result<bool> {
        let mut output = output;
        loop {
            output = match output {
                Output::Say(reply) | Output::Reset { reply } => {
                    self.say(&reply);
                    return Ok(true);
                }
                Output::SayAndClose(reply) => {
                    self.say(&reply);
                    return Ok(false);
                }
                Output::Listen => return Ok(true),
                Output::Judge(rcpt) => session.step(Input::Judged(judge(household, &rcpt.address))),
                Output::Take(chunk) => {
                    let mut octets = Vec::new();
                    if !self.octets(chunk.size, &mut octets).await? {
                        return Ok(false);
                    }
                    match self.take(chunk, &octets) {
                        Err(fault) => session.step(Input::ContentFault(fault.into())),
                        Ok(None) => session.step(Input::Taken),
                        Ok(Some(content)) => {
                            let reply = keep(session, &content, household);
                            session.step(Input::Settled(reply))
                        }
                    }
                }
                Output::Skip { size, reply } => {
                    self.pieces = Pieces::default();
                    if !self.octets(size, &mut Vec::new()).await? {
                        return Ok(false);
                    }
                    self.say(&reply);
                    return Ok(true);
                }
                // Not offered, so never asked for.
                Output::Secure(_) | Output::Become(_) => return Ok(false),
                Output::Receive => {
                    self.say(&GO_AHEAD);
                    match self.content().await? {
                        Content::Whole(content) => {
                            let reply = keep(session, &content, household);
                            session.step(Input::Settled(reply))
                        }
                        Content::Fault(fault) => session.step(Input::ContentFault(fault.into())),
                        Content::ClientLeft => return Ok(false),
                    }
                }
            };
        }
    }

    /// Appends exactly `size` octets to `out`; false when the client left before.
    async fn octets(&mut self, size: u64, out: &mut Vec<u8>) -> io::Result<bool> {
        let mut left = usize::try_from(size).unwrap_or(usize::MAX);
        loop {
            let now = left.min(self.input.len());
            out.extend(self.input.drain(..now));
            left -= now;
            if left == 0 {
                return Ok(true);
            }
            if !self.read().await? {
                return Ok(false);
            }
        }
    }

    /// One piece; the whole content after the last.
    fn take(&mut self, chunk: Chunk, octets: &[u8]) -> Result<Option<Vec<u8>>, DataFault> {
        let Pieces { scanner, content } = &mut self.pieces;
        scanner.scan(octets, content)?;
        if !chunk.last {
            return Ok(None);
        }
        let Pieces { scanner, content } = std::mem::take(&mut self.pieces);
        scanner.finish().map(|()| Some(content))
    }

    /// Reads content up to its end.
    async fn content(&mut self) -> io::Result<Content> {
        let mut scanner = DataScanner::new(MAX_SIZE);
        let mut content = Vec::with_capacity(2_048);
        loop {
            match scanner.scan(&self.input, &mut content) {
                Scan::More => self.input.clear(),
                Scan::Done { consumed } => {
                    self.input.drain(..consumed);
                    return Ok(Content::Whole(content));
                }
                Scan::Fault { fault, consumed } => {
                    self.input.drain(..consumed);
                    return Ok(Content::Fault(fault));
                }
            }
            if !self.read().await? {
                return Ok(Content::ClientLeft);
            }
        }
    }

    /// Sends what was said, then reads more; false when there is no more, or not in time.
    async fn read(&mut self) -> io::Result<bool> {
        self.flush().await?;
        match timeout(SILENCE, self.stream.read_buf(&mut self.input)).await {
            Ok(read) => Ok(read? > 0),
            Err(_) => {
                self.say(&rollcall_smtp::session::timeout_reply(self.hostname));
                self.flush().await?;
                Ok(false)
            }
        }
    }

    fn say(&mut self, reply: &Reply) {
        write_reply(reply, &mut self.output);
    }

    async fn flush(&mut self) -> io::Result<()> {
        if !self.output.is_empty() {
            self.stream.write_all(&self.output).await?;
            self.output.clear();
        }
        Ok(())
    }
}

/// Content that came in pieces so far (RFC 3030).
#[derive(Default)]
struct Pieces {
    scanner: ChunkScanner,
    content: Vec<u8>,
}

/// What followed the 354.
enum Content {
    Whole(Vec<u8>),
    Fault(DataFault),
    ClientLeft,
}

fn judge(household: &dyn Household, address: &str) -> Judgement {
    let reply = household.judge(address);
    if reply.is_success() {
        return Judgement::Accept(reply);
    }
    Judgement::Refuse { reply, counts_as_invalid: true }
}

fn keep(session: &Session, content: &[u8], household: &dyn Household) -> Reply {
    let Some(envelope) = session.envelope() else { return Reply::new(503, 5, 1, "MAIL comes first") };
    let recipients: Vec<&str> = envelope.recipients.iter().map(|recipient| recipient.address.as_str()).collect();
    household.keep(&envelope.mail.reverse_path, &recipients, content)
}

fn offer(hostname: &str) -> Offer {
    Offer {
        hostname: hostname.to_owned(),
        max_size: MAX_SIZE,
        max_recipients: 100,
        max_bad_commands: 20,
        // Its only client is the relay, which passes on the guesses of everybody.
        max_invalid_recipients: None,
        starttls: false,
        xclient: false,
        may_send: true,
    }
}

const MAX_LINE: usize = 2_048;
const MAX_SIZE: u64 = 25 * 1_024 * 1_024;
const SILENCE: Duration = Duration::from_secs(300);
