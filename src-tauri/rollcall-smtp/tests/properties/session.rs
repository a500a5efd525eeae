//! The server's side of a conversation: whatever a client sends, no content without an accepted recipient, every
//! reply well-formed, every octet has its turn, and how the octets were split changes nothing.

use rollcall_core::reply::Reply;
use rollcall_smtp::session::{GO_AHEAD, Input, Judgement, Offer, Output, Session};
use rollcall_smtp::{Chunk, ChunkScanner, Cut, DataScanner, LineCutter, Scan, write_reply};

/// The first octet chooses what is offered, the second the size of the pieces.
pub fn holds(input: &[u8]) {
    let [offer, step, bytes @ ..] = input else { return };
    let step = usize::from(*step % 32) + 1;

    let whole = converse(bytes, bytes.len().max(1), *offer);
    let split = converse(bytes, step, *offer);

    assert_eq!(whole, split, "in pieces of {step}");
}

/// What the client saw, and the messages that were taken.
#[derive(Debug, PartialEq, Eq, Default)]
struct Seen {
    wire: Vec<u8>,
    taken: Vec<(Vec<String>, Vec<u8>)>,
    closed: bool,
}

struct Server {
    session: Session,
    cutter: LineCutter,
    reading: Reading,
    chunks: ChunkScanner,
    content: Vec<u8>,
    seen: Seen,
}

enum Reading {
    Lines,
    Content(DataScanner),
    /// Octets still to come of a piece that is wanted.
    Piece(Chunk, u64),
    /// Octets still to come of a piece that is not, and what to say then.
    Unwanted(u64, Reply),
}

const MAX_SIZE: u64 = 300;

fn offered(choice: u8) -> Offer {
    Offer {
        hostname: "relay.example".to_owned(),
        max_size: MAX_SIZE,
        max_recipients: 3,
        max_bad_commands: 8,
        max_invalid_recipients: (choice & 1 == 0).then_some(3),
        starttls: choice & 2 == 0,
        xclient: choice & 4 != 0,
        may_send: choice & 8 == 0,
    }
}

fn converse(bytes: &[u8], step: usize, offer: u8) -> Seen {
    let (session, greeting) = Session::new(offered(offer));
    let (cutter, chunks) = (LineCutter::new(200), ChunkScanner::new());
    let mut server =
        Server { session, cutter, reading: Reading::Lines, chunks, content: Vec::new(), seen: Seen::default() };
    server.say(&greeting);
    let mut held = Vec::new();
    for piece in bytes.chunks(step) {
        held.extend_from_slice(piece);
        while !server.seen.closed {
            match server.hear(&held) {
                None => break,
                Some(consumed) => drop(held.drain(..consumed)),
            }
        }
    }
    server.seen
}

impl Server {
    /// Octets that had their turn, or `None` for more.
    fn hear(&mut self, held: &[u8]) -> Option<usize> {
        let is_due = matches!(self.reading, Reading::Piece(_, 0) | Reading::Unwanted(0, _));
        if held.is_empty() && !is_due {
            return None;
        }
        match std::mem::replace(&mut self.reading, Reading::Lines) {
            Reading::Lines => {
                let (input, consumed) = match self.cutter.next(held) {
                    Cut::More => return None,
                    Cut::Skip { consumed } => return Some(consumed),
                    Cut::Line { line, consumed } => (Input::Line(line), consumed),
                    Cut::Fault { fault, consumed } => (Input::Fault(fault), consumed),
                };
                self.step(input);
                Some(consumed)
            }
            Reading::Content(mut scanner) => Some(match scanner.scan(held, &mut self.content) {
                Scan::More => {
                    self.reading = Reading::Content(scanner);
                    held.len()
                }
                Scan::Done { consumed } => {
                    self.take();
                    consumed
                }
                Scan::Fault { fault, consumed } => {
                    self.step(Input::ContentFault(fault.into()));
                    consumed
                }
            }),
            Reading::Piece(chunk, left) => Some(self.hear_piece(chunk, left, held)),
            Reading::Unwanted(left, reply) => {
                let now = held.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                match left - now as u64 {
                    0 => self.say(&reply),
                    left => self.reading = Reading::Unwanted(left, reply),
                }
                Some(now)
            }
        }
    }

    fn hear_piece(&mut self, chunk: Chunk, left: u64, held: &[u8]) -> usize {
        let now = held.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let left = left - now as u64;
        let scanned = self.chunks.scan(&held[..now], &mut self.content);
        let ended = if left == 0 && chunk.last { self.chunks.finish() } else { Ok(()) };
        match scanned.and(ended) {
            Err(fault) => self.step(Input::ContentFault(fault.into())),
            Ok(()) if left > 0 => self.reading = Reading::Piece(chunk, left),
            Ok(()) if chunk.last => self.take(),
            Ok(()) => self.step(Input::Taken),
        }
        now
    }

    /// The content is complete.
    fn take(&mut self) {
        let envelope = self.session.envelope().expect("content has an envelope");
        let recipients: Vec<_> = envelope.recipients.iter().map(|rcpt| rcpt.address.clone()).collect();
        assert!(!recipients.is_empty(), "content without a recipient");
        assert!(recipients.iter().all(|address| accepted(address)), "{recipients:?} were not all accepted");
        assert!(self.content.len() as u64 <= MAX_SIZE, "{} octets are too many", self.content.len());
        self.seen.taken.push((recipients, std::mem::take(&mut self.content)));
        self.step(Input::Settled(Reply::new(250, 0, 0, "Taken")));
    }

    fn step(&mut self, input: Input<'_>) {
        match self.session.step(input) {
            Output::Say(reply) => self.say(&reply),
            Output::Reset { reply } => {
                self.say(&reply);
                assert!(self.session.envelope().is_none(), "a transaction outlived its reset");
            }
            Output::SayAndClose(reply) => {
                self.say(&reply);
                self.seen.closed = true;
                // Nothing is accepted any more.
                let after = self.session.step(Input::Line(b"MAIL FROM:<a@b.example>"));
                assert!(matches!(after, Output::SayAndClose(_)), "{after:?}");
            }
            Output::Judge(rcpt) => {
                let judgement = judge(&rcpt.address);
                self.step(Input::Judged(judgement));
            }
            Output::Listen => {}
            // Whoever is behind the upstream may not say so again.
            Output::Become(_) => {
                let greeting = self.session.becomes(offered(0));
                self.say(&greeting);
                assert!(self.session.envelope().is_none() && self.session.client_name().is_empty());
            }
            Output::Receive => {
                self.expect_recipient();
                self.say(&GO_AHEAD);
                self.content.clear();
                self.reading = Reading::Content(DataScanner::new(MAX_SIZE));
            }
            Output::Take(chunk) => {
                self.expect_recipient();
                self.reading = Reading::Piece(chunk, chunk.size);
            }
            Output::Skip { size, reply } => self.reading = Reading::Unwanted(size, reply),
            Output::Secure(reply) => {
                self.say(&reply);
                self.step(Input::Secured);
                assert!(self.session.envelope().is_none() && self.session.client_name().is_empty());
            }
        }
        // Pieces of a transaction that is over belong to nobody.
        if self.session.envelope().is_none() {
            (self.chunks, self.content) = (ChunkScanner::new(), Vec::new());
        }
    }

    fn expect_recipient(&self) {
        let recipients = self.session.envelope().map_or(0, |envelope| envelope.recipients.len());
        assert!((1..=3).contains(&recipients), "content for {recipients} recipients");
    }

    fn say(&mut self, reply: &Reply) {
        assert!((200..600).contains(&reply.code), "{reply:?}");
        if let Some(enhanced) = &reply.enhanced {
            assert!(enhanced.to_string().starts_with(&(reply.code / 100).to_string()), "{reply:?}");
        }
        let from = self.seen.wire.len();
        write_reply(reply, &mut self.seen.wire);
        let lines: Vec<_> = self.seen.wire[from..].split_inclusive(|octet| *octet == b'\n').collect();
        for (at, line) in lines.iter().enumerate() {
            let text = line.strip_suffix(b"\r\n").unwrap_or_else(|| panic!("{line:?} has no end"));
            assert!(line.len() <= 512 && text.iter().all(|octet| matches!(octet, b' '..=b'~')), "{line:?}");
            assert_eq!(text[3], if at + 1 == lines.len() { b' ' } else { b'-' }, "{line:?}");
        }
    }
}

/// Whom this server knows.
fn accepted(address: &str) -> bool {
    !address.starts_with('x')
}

fn judge(address: &str) -> Judgement {
    if accepted(address) {
        return Judgement::Accept(Reply::new(250, 1, 5, format!("<{address}>: Recipient OK")));
    }
    let text = format!("<{address}>: Recipient address rejected: User unknown");
    Judgement::Refuse { reply: Reply::new(550, 1, 1, text), counts_as_invalid: true }
}
