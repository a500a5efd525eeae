//! One measured run of a relay between generator and sink.

use std::path::PathBuf;
use std::time::Duration;

use crate::process::{self, Show};
use crate::report::Failure;
use crate::stopwatch::{Stopwatch, pause};

use super::cpu;
use super::destination::Destination;
use super::load::Load;
use super::relay::Relay;
use super::results::Measured;

/// What a relay does after its last reply belongs to the run too: evidence, log, clearing up.
const AFTERMATH: Duration = Duration::from_millis(250);

/// Starts generators and reads what they and the relays used.
pub struct Harness {
    /// `xtask`, which is generator and sink too.
    pub program: PathBuf,
}

impl Harness {
    /// One run: load, then, when everything taken has reached the sink, CPU and counts.
    ///
    /// # Errors
    /// When ours loses a message or refuses one.
    pub fn measure(&self, relay: &Relay, load: &Load, destination: &Destination) -> Result<Measured, Failure> {
        let seen = destination.before()?;
        let used = Used::now(relay, destination);
        let watch = Stopwatch::start();
        let sent = self.send(relay, load)?;
        let wanted = if load.only_asks > 0 { 0.0 } else { sent.taken };
        let now_seen = destination.after(&self.program, seen.messages + wanted, relay)?;
        pause(AFTERMATH);
        let seconds = watch.seconds();
        let used = Used::now(relay, destination).since(used);

        let reached = now_seen.messages - seen.messages;
        if !relay.is_peer() && (sent.refused + sent.broken > 0.0 || reached < wanted) {
            return Err(Failure::new(format!(
                "{}: {} taken, {reached} at the sink, {} refused, {} broken sessions. {}",
                relay.name, sent.taken, sent.refused, sent.broken, sent.odd
            )));
        }
        let cpu = if relay.running().is_some() { used.relay } else { used.harness };
        Ok(Measured {
            messages_per_second: sent.taken / sent.seconds,
            cpu_per_thousand: cpu * 1000.0 / sent.taken.max(1.0),
            p50_ms: sent.p50_ms,
            p99_ms: sent.p99_ms,
            other_load: ((used.machine - used.relay - used.harness) / seconds).max(0.0),
            seconds: sent.seconds,
            asked: now_seen.asked - seen.asked,
            failed: sent.refused + sent.broken,
            missing: (wanted - reached).max(0.0),
            odd: sent.odd,
        })
    }

    fn send(&self, relay: &Relay, load: &Load) -> Result<Sent, Failure> {
        let mut generator = process::program(&self.program);
        generator.args(["bench-load", "--port", &relay.port.to_string()]).args(load.arguments());
        let output = process::must("The load", &mut generator, Show::OnFailure)?;
        Sent::read(&output).ok_or_else(|| Failure::new(format!("The load did not report: {output}")))
    }
}

/// CPU seconds up to now.
#[derive(Clone, Copy)]
struct Used {
    relay: f64,
    /// Ours, of generators that ended, and of the sink.
    harness: f64,
    machine: f64,
}

impl Used {
    fn now(relay: &Relay, destination: &Destination) -> Self {
        Self {
            relay: relay.running().map_or(0.0, super::running::Running::cpu_seconds),
            harness: cpu::of_process(std::process::id()) + destination.cpu_seconds(),
            machine: cpu::of_machine(),
        }
    }

    fn since(self, before: Self) -> Self {
        Self {
            relay: self.relay - before.relay,
            harness: self.harness - before.harness,
            machine: self.machine - before.machine,
        }
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
