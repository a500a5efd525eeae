//! Runs the transcripts in `dialogues/` through line cutter, session, DATA scanner and reply writer.
//!
//! `C:` is a line from the client, `R:` raw octets with escapes, `S:` one reply line (`*` at its end stands for
//! anything), `S+` a whole reply with this code, `long n` a line of n letters, `closed` says that the server closed. `given` sets the stage before the
//! greeting; `then` looks at what the engine would see. Nothing may be left unsaid at the end.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};

use rollcall_core::reply::Reply;
use rollcall_smtp::session::{ContentFault, GO_AHEAD, Input, Judgement, Offer, Output, Session, pipelined_starttls};
use rollcall_smtp::{Chunk, ChunkScanner, Cut, DataScanner, LineCutter, Scan, write_reply};

#[test]
fn every_dialogue_goes_as_written() {
    for path in dialogues() {
        play(&path);
    }
}

#[test]
fn every_reply_of_the_session_is_spoken_in_some_dialogue() {
    let source = fs::read_to_string(crate_dir().join("src/replies.rs")).expect("the replies are in one file");
    let spoken: String = dialogues().iter().map(|path| fs::read_to_string(path).expect("a transcript")).collect();
    // These belong to the engine's deadlines, limits and mistakes; unit tests look at the last.
    let elsewhere = [
        "Timeout exceeded",
        "Too many connections",
        "Shutting down",
        "Internal fault",
        "Authentication required",
        "Mail loops back here",
    ];

    let texts: Vec<&str> =
        source.split('"').skip(1).step_by(2).flat_map(|literal| literal.split(['{', '}']).map(str::trim)).collect();
    assert!(texts.len() > 40, "the texts were found");
    for text in texts.into_iter().filter(|text| text.len() > 4 && !elsewhere.iter().any(|other| text.contains(other))) {
        let is_variable = ["hostname", "max_size", "max_recipients", "keyword:.40"].contains(&text);
        assert!(is_variable || spoken.contains(text), "no dialogue speaks “{text}”");
    }
}

fn play(path: &Path) {
    let name = path.file_name().expect("a file").to_string_lossy();
    let transcript = fs::read_to_string(path).expect("a transcript");
    let (given, spoken): (Vec<&str>, Vec<&str>) = transcript
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .partition(|line| line.starts_with("given "));
    let mut relay = Relay::new(&given);
    for line in spoken {
        let (word, rest) = line.split_once([':', ' ']).unwrap_or((line, ""));
        let at = || format!("{name}: {line}");
        match word {
            "C" => relay.hear(format!("{}\r\n", rest.strip_prefix(' ').unwrap_or(rest)).as_bytes()),
            "R" => relay.hear(unescaped(rest.trim_start()).as_bytes()),
            "long" => relay.hear(format!("{}\r\n", "x".repeat(rest.trim().parse().expect("a number"))).as_bytes()),
            "S" => {
                let said = relay.said.pop_front().unwrap_or_else(|| panic!("{} but nothing was said", at()));
                let expected = rest.trim_start();
                let matches = match expected.strip_suffix('*') {
                    Some(start) => said.starts_with(start),
                    None => said == expected,
                };
                assert!(matches, "{} but it was “{said}”", at());
            }
            "S+" => {
                let code = rest.trim_start();
                let mut last = false;
                while !last {
                    let said = relay.said.pop_front().unwrap_or_else(|| panic!("{} but nothing was said", at()));
                    assert!(said.starts_with(code), "{} but it was “{said}”", at());
                    last = said.as_bytes()[3] == b' ';
                }
            }
            "closed" => {
                assert!(relay.closed, "{}", at());
                relay.closed = false;
            }
            "then" => relay.check(rest.trim_start(), &at()),
            _ => panic!("{} is not a line of a dialogue", at()),
        }
    }
    assert!(relay.said.is_empty(), "{name}: left unsaid: {:?}", relay.said);
    assert!(!relay.closed, "{name}: the server closed");
}

/// The engine's part, as small as it can be.
struct Relay {
    session: Session,
    cutter: LineCutter,
    scanner: Option<DataScanner>,
    chunks: ChunkScanner,
    chunk: Option<Chunk>,
    unwanted: Option<Reply>,
    left: usize,
    behind: bool,
    max_size: u64,
    mailboxes: Vec<String>,
    loops: bool,
    held: Vec<u8>,
    content: Vec<u8>,
    said: VecDeque<String>,
    closed: bool,
}

impl Relay {
    fn new(given: &[&str]) -> Self {
        let mut offer = Offer {
            hostname: "relay.example".to_owned(),
            max_size: 200,
            max_recipients: 100,
            max_bad_commands: 20,
            max_invalid_recipients: Some(5),
            starttls: true,
            xclient: false,
            may_send: true,
        };
        let (mut mailboxes, mut loops) = (Vec::new(), false);
        for line in given {
            match line.split_whitespace().skip(1).collect::<Vec<_>>()[..] {
                ["mailbox", address] => mailboxes.push(address.to_owned()),
                ["loop"] => loops = true,
                ["max-recipients", number] => offer.max_recipients = number.parse().expect("a number"),
                ["max-bad-commands", number] => offer.max_bad_commands = number.parse().expect("a number"),
                ["max-invalid-recipients", number] => {
                    offer.max_invalid_recipients = Some(number.parse().expect("a number"));
                }
                _ => panic!("{line} is not a given"),
            }
        }
        let max_size = offer.max_size;
        let (session, greeting) = Session::new(offer);
        let mut relay = Self {
            session,
            cutter: LineCutter::new(1000),
            scanner: None,
            chunks: ChunkScanner::new(),
            chunk: None,
            unwanted: None,
            left: 0,
            behind: false,
            max_size,
            mailboxes,
            loops,
            held: Vec::new(),
            content: Vec::new(),
            said: VecDeque::new(),
            closed: false,
        };
        relay.say(&greeting);
        relay
    }

    fn hear(&mut self, octets: &[u8]) {
        self.held.extend_from_slice(octets);
        while !self.closed {
            let held = std::mem::take(&mut self.held);
            let consumed = if self.chunk.is_some() || self.unwanted.is_some() {
                self.hear_chunk(&held)
            } else if self.scanner.is_some() {
                self.hear_content(&held)
            } else {
                self.hear_line(&held)
            };
            self.held = held[consumed..].to_vec();
            if consumed == 0 {
                break;
            }
        }
    }

    fn hear_line(&mut self, held: &[u8]) -> usize {
        let (input, consumed) = match self.cutter.next(held) {
            Cut::More => return 0,
            Cut::Skip { consumed } => return consumed,
            Cut::Line { line, consumed } => (Input::Line(line), consumed),
            Cut::Fault { fault, consumed } => (Input::Fault(fault), consumed),
        };
        self.behind = consumed < held.len();
        self.step(input);
        self.hear_chunk(&[]);
        consumed
    }

    /// A piece of content, wanted or not. Nothing is said before all of it came.
    fn hear_chunk(&mut self, held: &[u8]) -> usize {
        let now = held.len().min(self.left);
        self.left -= now;
        if let Some(chunk) = self.chunk {
            let mut fault = self.chunks.scan(&held[..now], &mut self.content).err();
            if self.left == 0 {
                self.chunk = None;
                if chunk.last {
                    fault = fault.or(self.chunks.finish().err());
                    self.chunks = ChunkScanner::new();
                }
            }
            match fault {
                Some(fault) => {
                    self.chunk = None;
                    self.step(Input::ContentFault(fault.into()));
                }
                None if self.left > 0 => {}
                None if chunk.last => self.step(Input::Settled(Reply::new(250, 0, 0, "Taken"))),
                None => self.step(Input::Taken),
            }
        } else if self.left == 0
            && let Some(reply) = self.unwanted.take()
        {
            self.say(&reply);
        }
        now
    }

    fn hear_content(&mut self, held: &[u8]) -> usize {
        let scanner = self.scanner.as_mut().expect("content is being read");
        let (input, consumed) = match scanner.scan(held, &mut self.content) {
            Scan::More => return held.len(),
            Scan::Done { consumed } if self.loops => (Input::ContentFault(ContentFault::TooManyHops), consumed),
            Scan::Done { consumed } => (Input::Settled(Reply::new(250, 0, 0, "Taken")), consumed),
            Scan::Fault { fault, consumed } => (Input::ContentFault(fault.into()), consumed),
        };
        self.scanner = None;
        self.step(input);
        consumed
    }

    fn step(&mut self, input: Input<'_>) {
        match self.session.step(input) {
            Output::Say(reply) | Output::Reset { reply } => self.say(&reply),
            Output::SayAndClose(reply) => {
                self.say(&reply);
                self.closed = true;
            }
            Output::Judge(rcpt) => {
                let judgement = self.judge(&rcpt.address);
                self.step(Input::Judged(judgement));
            }
            Output::Listen | Output::Become(_) => {}
            Output::Take(chunk) => (self.chunk, self.left) = (Some(chunk), chunk.size as usize),
            Output::Skip { size, reply } => (self.unwanted, self.left) = (Some(reply), size as usize),
            Output::Secure(reply) if self.behind => {
                drop(reply);
                self.say(&pipelined_starttls());
                self.closed = true;
            }
            Output::Secure(reply) => {
                self.say(&reply);
                self.step(Input::Secured);
            }
            Output::Receive => {
                self.say(&GO_AHEAD);
                self.content.clear();
                self.scanner = Some(DataScanner::new(self.max_size));
            }
        }
    }

    fn judge(&self, address: &str) -> Judgement {
        if self.mailboxes.iter().any(|mailbox| mailbox == address) {
            return Judgement::Accept(Reply::new(250, 1, 5, format!("<{address}>: Recipient OK")));
        }
        let text = format!("<{address}>: Recipient address rejected: User unknown");
        Judgement::Refuse { reply: Reply::new(550, 1, 1, text), counts_as_invalid: true }
    }

    fn say(&mut self, reply: &Reply) {
        let mut wire = Vec::new();
        write_reply(reply, &mut wire);
        let wire = String::from_utf8(wire).expect("replies are ASCII");
        assert!(reply.number.is_some() || reply.code < 400 || wire.contains("User unknown"), "no number (X20): {wire}");
        self.said
            .extend(wire.split_terminator("\r\n").map(|line| line.split(" (RC-").next().unwrap_or(line).to_owned()));
    }

    fn check(&self, expectation: &str, at: &str) {
        let (what, value) = expectation.split_once(' ').unwrap_or((expectation, ""));
        match what {
            "content" => assert_eq!(self.content, unescaped(value).as_bytes(), "{at}"),
            "recipients" => {
                let join = |envelope: &rollcall_smtp::Envelope| {
                    envelope.recipients.iter().map(|rcpt| rcpt.address.as_str()).collect::<Vec<_>>().join(" ")
                };
                let recipients = self.session.envelope().map(join);
                assert_eq!(recipients.as_deref(), Some(value), "{at}");
            }
            _ => panic!("{at} cannot be checked"),
        }
    }
}

fn unescaped(text: &str) -> String {
    text.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0")
}

fn dialogues() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(crate_dir().join("dialogues"))
        .expect("the dialogues are beside the sources")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "smtp"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 15, "the dialogues were found");
    paths
}

fn crate_dir() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
