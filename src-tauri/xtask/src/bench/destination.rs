//! The sink as the harness sees it: there, or away and then back.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

use crate::report::Failure;
use crate::session::end;
use crate::stopwatch::{Stopwatch, wait_until};

use super::cpu;
use super::relay::Relay;
use super::running::{first_line, leashed};

/// How long mail that a relay queued may take to reach the sink, in seconds.
pub const DRAIN_SECONDS: f64 = 120.0;

/// What a sink has seen.
#[derive(Clone, Copy, PartialEq, Default, Debug)]
pub struct Counts {
    /// Messages it took.
    pub messages: f64,
    /// Recipients it was asked about.
    pub asked: f64,
}

/// A destination that counts what it takes.
pub struct Sink {
    process: Child,
    /// Where it listens.
    pub port: u16,
}

impl Sink {
    /// On `port`, or a free one if that is 0; `more` are arguments of `bench-sink`.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(program: &Path, port: u16, more: &[&str]) -> Result<Self, Failure> {
        let mut process = leashed(program)
            .args(["bench-sink", "--port", &port.to_string()])
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|err| Failure::io("start the sink", &err))?;
        let port = process.stdout.take().and_then(first_line).and_then(|line| line.parse().ok());
        let mut sink = Self { process, port: 0 };
        sink.port = port.ok_or_else(|| Failure::new("The sink did not start."))?;
        Ok(sink)
    }

    fn counts(&self) -> Result<Counts, Failure> {
        let ask = || {
            let mut connection = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
            connection.write_all(b"XCOUNT\r\nQUIT\r\n").ok()?;
            let replies: Vec<_> = BufReader::new(connection).lines().map_while(Result::ok).collect();
            counts_in(replies.get(1)?)
        };
        ask().ok_or_else(|| Failure::new("The sink does not answer."))
    }

    /// Waits until it has taken so many; what it has seen then. A relay that stands still is told that the destination
    /// is there, and again, because what it tries just then is put back once more; so is one whose destination `was_away`.
    fn drained(&self, wanted: f64, relay: &Relay, was_away: bool) -> Result<Counts, Failure> {
        let watch = Stopwatch::start();
        let mut last = self.counts()?.messages;
        while !wait_until(2.0, || self.counts().is_ok_and(|seen| seen.messages >= wanted)) {
            let now = self.counts()?.messages;
            if watch.seconds() > DRAIN_SECONDS {
                break;
            }
            if was_away || now <= last {
                relay.flush();
            }
            last = now;
        }
        self.counts()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

/// The reply to `XCOUNT`.
fn counts_in(reply: &str) -> Option<Counts> {
    let (messages, asked) = reply.strip_prefix("250 ")?.split_once(' ')?;
    Some(Counts { messages: messages.parse().ok()?, asked: asked.trim().parse().ok()? })
}

/// Where mail goes in a case.
pub enum Destination {
    /// A sink that is there.
    There(Sink),
    /// Nobody listens on this port while the load is sent; then a sink does.
    ComesBack(u16),
}

impl Destination {
    /// What it has seen before the load.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn before(&self) -> Result<Counts, Failure> {
        match self {
            Self::There(sink) => sink.counts(),
            Self::ComesBack(_) => Ok(Counts::default()),
        }
    }

    /// Waits until `messages` in all have arrived, and no longer than mail may take; what has been seen then.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn after(&self, program: &Path, messages: f64, relay: &Relay) -> Result<Counts, Failure> {
        match self {
            Self::There(sink) => sink.drained(messages, relay, false),
            Self::ComesBack(port) => Sink::start(program, *port, &[])?.drained(messages, relay, true),
        }
    }

    /// CPU seconds of a sink that is there. One that comes back has ended, and is counted as a child of ours.
    pub fn cpu_seconds(&self) -> f64 {
        match self {
            Self::There(sink) => cpu::of_tree(sink.process.id()),
            Self::ComesBack(_) => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sink_tells_messages_and_questions() {
        assert_eq!(counts_in("250 12 40"), Some(Counts { messages: 12.0, asked: 40.0 }));
        assert_eq!(counts_in("250 2.0.0 Ok"), None);
        assert_eq!(counts_in("421 gone"), None);
    }
}
