//! One conversation of the office's mail server with whoever connects: the session machine of `rollcall-smtp` between
//! a socket and the list of mailboxes.

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

use super::kept::Kept;
use crate::mailboxes;

/// Talks until the client leaves, goes silent for five minutes, or is sent away.
///
/// # Errors
/// When the connection breaks.
pub(super) async fn hold(stream: TcpStream, kept: &Kept) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let greeting = Reply::bare(220, format!("{HOSTNAME} ESMTP Fabrikam practice mail server"));
    let (input, output) = (Vec::with_capacity(4_096), Vec::with_capacity(1_024));
    let mut wire = Wire { stream, input, output, pieces: Pieces::default() };
    wire.say(&greeting);
    let (mut session, _) = Session::new(offer());
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
        if !wire.carry_out(&mut session, output, kept).await? {
            return wire.flush().await;
        }
    }
}

/// The socket with what is read and not yet looked at, and what is said and not yet sent.
struct Wire {
    stream: TcpStream,
    input: Vec<u8>,
    output: Vec<u8>,
    pieces: Pieces,
}

impl Wire {
    /// Does what the machine asks for; false when the conversation is over.
    async fn carry_out(&mut self, session: &mut Session, output: Output, kept: &Kept) -> io::Result<bool> {
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
                Output::Judge(rcpt) => session.step(Input::Judged(judge(&rcpt.address))),
                Output::Take(chunk) => {
                    let mut octets = Vec::new();
                    if !self.octets(chunk.size, &mut octets).await? {
                        return Ok(false);
                    }
                    match self.take(chunk, &octets) {
                        Err(fault) => session.step(Input::ContentFault(fault.into())),
                        Ok(None) => session.step(Input::Taken),
                        Ok(Some(content)) => {
                            let number = keep(session, &content, kept);
                            session.step(Input::Settled(Reply::new(250, 0, 0, format!("Kept as message {number}"))))
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
                            let number = keep(session, &content, kept);
                            let reply = Reply::new(250, 0, 0, format!("Kept as message {number}"));
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
                self.say(&rollcall_smtp::session::timeout_reply(HOSTNAME));
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

/// Whether the office has such a mailbox.
fn judge(address: &str) -> Judgement {
    if mailboxes::find(address).is_some() {
        return Judgement::Accept(Reply::new(250, 1, 5, "Recipient OK"));
    }
    let reply = if address.rsplit_once('@').is_some_and(|(_, domain)| !domain.eq_ignore_ascii_case(mailboxes::DOMAIN)) {
        Reply::new(554, 7, 1, format!("<{address}>: Relay access denied"))
    } else {
        Reply::new(550, 1, 1, format!("<{address}>: No such mailbox here"))
    };
    Judgement::Refuse { reply, counts_as_invalid: true }
}

fn keep(session: &Session, content: &[u8], kept: &Kept) -> u64 {
    let recipients = session.envelope().map(|envelope| envelope.recipients.as_slice()).unwrap_or_default();
    let locals: Vec<&str> = recipients
        .iter()
        .filter_map(|recipient| mailboxes::find(&recipient.address))
        .map(|mailbox| mailbox.local)
        .collect();
    kept.take(&locals, content)
}

fn offer() -> Offer {
    Offer {
        hostname: HOSTNAME.to_owned(),
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

const HOSTNAME: &str = "mail.fabrikam.example";
const MAX_LINE: usize = 2_048;
const MAX_SIZE: u64 = 25 * 1_024 * 1_024;
const SILENCE: Duration = Duration::from_secs(300);
