//! The sink, the generator, and one measured run of a relay between them.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use crate::process::{self, Show};
use crate::report::Failure;
use crate::session::end;
use crate::stopwatch::{Stopwatch, wait_until};

use super::cpu;
use super::load::Load;
use super::relay::{Relay, first_line, leashed};
use super::table::Measured;

/// How long mail that a relay queued may take to reach the sink, in seconds.
const DRAIN_SECONDS: f64 = 120.0;

/// A destination that counts what it takes.
pub struct Sink {
    process: Child,
    /// Where it listens.
    pub port: u16,
}

impl Sink {
    /// On `port`, or a free one if that is 0. It takes `delay_ms` to answer the end of a message.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(program: &Path, port: u16, delay_ms: u32) -> Result<Self, Failure> {
        let mut process = leashed(program)
            .args(["bench-sink", "--port", &port.to_string(), "--delay-ms", &delay_ms.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|err| Failure::io("start the sink", &err))?;
        let port = process.stdout.take().and_then(first_line).and_then(|line| line.parse().ok());
        let mut sink = Self { process, port: 0 };
        sink.port = port.ok_or_else(|| Failure::new("The sink did not start."))?;
        Ok(sink)
    }

    /// Asks it how many messages it has taken.
    fn messages(&self) -> Result<f64, Failure> {
        let ask = || {
            let mut connection = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
            connection.write_all(b"XCOUNT\r\nQUIT\r\n").ok()?;
            let replies: Vec<_> = BufReader::new(connection).lines().map_while(Result::ok).collect();
            replies.get(1)?.strip_prefix("250 ")?.parse().ok()
        };
        ask().ok_or_else(|| Failure::new("The sink does not answer."))
    }

    /// Waits until it has taken so many; what it has then.
    fn drained(&self, wanted: f64) -> Result<f64, Failure> {
        wait_until(DRAIN_SECONDS, || self.messages().is_ok_and(|taken| taken >= wanted));
        self.messages()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

/// Where mail goes in a case.
pub enum Destination {
    /// A sink that is there.
    There(Sink),
    /// Nobody listens on this port while the load is sent; then a sink does.
    ComesBack(u16),
}

/// Starts generators and reads what they and the relays used.
pub struct Harness {
    /// `xtask`, which is generator and sink too.
    pub program: PathBuf,
}

impl Harness {
    /// One run: load, then, when everything taken has reached the sink, CPU and counts.
    ///
    /// # Errors
    /// When a message is lost, or ours refuses one.
    pub fn measure(&self, relay: &Relay, load: &Load, destination: &Destination) -> Result<Measured, Failure> {
        let before = match destination {
            Destination::There(sink) => sink.messages()?,
            Destination::ComesBack(_) => 0.0,
        };
        let relay_cpu = || relay.process().map_or(0.0, cpu::of_tree);
        let (relay_before, own_before, machine_before) =
            (relay_cpu(), cpu::of_tree(std::process::id()), cpu::of_machine());
        let watch = Stopwatch::start();
        let mut generator = process::program(&self.program);
        generator.args(["bench-load", "--port", &relay.port.to_string()]).args(load.arguments());
        let output = process::must("The load", &mut generator, Show::OnFailure)?;
        let sent = Sent::read(&output).ok_or_else(|| Failure::new(format!("The load did not report: {output}")))?;
        let wanted = if load.only_asks > 0 { 0.0 } else { sent.taken };
        let reached = match destination {
            Destination::There(sink) => sink.drained(before + wanted)? - before,
            Destination::ComesBack(port) => {
                let sink = Sink::start(&self.program, *port, 0)?;
                // What it tries just now when it is told is put back once more, so it is told again.
                let mut left = DRAIN_SECONDS;
                while left > 0.0 && !wait_until(2.0, || sink.messages().is_ok_and(|taken| taken >= wanted)) {
                    relay.flush();
                    left -= 2.0;
                }
                sink.messages()?
            }
        };
        let seconds = watch.seconds();
        let relay_used = relay_cpu() - relay_before;
        let all_ours = cpu::of_tree(std::process::id()) - own_before; // relays, sink and generator are our children
        let machine_used = cpu::of_machine() - machine_before;

        let failed = !relay.is_peer() && sent.refused + sent.broken > 0.0;
        if failed || reached < wanted {
            return Err(Failure::new(format!(
                "{}: {} taken, {reached} at the sink, {} refused, {} broken sessions. {}",
                relay.name, sent.taken, sent.refused, sent.broken, sent.odd
            )));
        }
        let counted_cpu = if relay.process().is_some() { relay_used } else { all_ours };
        Ok(Measured {
            messages_per_second: sent.taken / sent.seconds,
            cpu_per_thousand: counted_cpu * 1000.0 / sent.taken.max(1.0),
            p50_ms: sent.p50_ms,
            p99_ms: sent.p99_ms,
            other_load: ((machine_used - all_ours) / seconds).max(0.0),
        })
    }
}

/// The line that the generator prints.
struct Sent {
    taken: f64,
    refused: f64,
    broken: f64,
    seconds: f64,
    p50_ms: f64,
    p99_ms: f64,
    odd: String,
}

impl Sent {
    fn read(output: &str) -> Option<Self> {
        let (numbers, odd) = output.split_once('\n')?;
        let numbers: Vec<f64> = numbers.split(' ').map_while(|number| number.parse().ok()).collect();
        let [taken, refused, broken, seconds, p50_ms, p99_ms] = numbers[..] else { return None };
        Some(Self { taken, refused, broken, seconds, p50_ms, p99_ms, odd: odd.trim().to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_the_generator_is_read_with_what_was_odd() {
        let sent = Sent::read("10 1 2 0.5 0.25 3.5\n451 4.3.0 try later\n").unwrap();

        assert!(sent.taken > 9.0 && sent.refused > 0.0 && sent.broken > 1.0);
        assert_eq!(sent.odd, "451 4.3.0 try later");
    }
}
