//! Memory of a relay: idle, and with sessions that send a message a second.
//!
//! **Limits**: Linux.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::process;
use crate::report::Failure;
use crate::stopwatch::pause;

use super::load::Load;
use super::relay::Relay;
use super::running::Running;

/// As `--only` finds it.
pub const CASE: &str = "memory";

/// A sink for relays that open a connection for each of a thousand sessions.
pub const SINK: &[&str] = &["--connections", "1100"];

/// What processes have in memory, in MB of a million bytes.
#[derive(Clone, Copy, PartialEq, Default, Debug)]
pub struct Held {
    /// With what they share.
    pub resident: f64,
    /// Their own.
    pub anonymous: f64,
}

/// Memory of one relay.
#[derive(Clone, PartialEq, Debug)]
pub struct Footprint {
    /// Whose.
    pub relay: String,
    /// Before any session.
    pub idle: Held,
    /// Anonymous MB, the most with 100 sessions.
    pub with_100: f64,
    /// Anonymous MB, the most with 1,000 sessions.
    pub with_1000: f64,
}

/// What each relay holds.
///
/// # Errors
/// When the generator does not start.
pub fn measure(program: &Path, relays: &[Relay]) -> Result<Vec<Footprint>, Failure> {
    let mut footprints = Vec::new();
    for relay in relays {
        let held = || relay.running().map_or_else(Held::default, of_all);
        let idle = held();
        let peak = |sessions| {
            let mut generator = generator(program, relay.port, sessions)?;
            let mut peak = 0.0_f64;
            while matches!(generator.try_wait(), Ok(None)) {
                peak = peak.max(held().anonymous);
                pause(Duration::from_millis(50));
            }
            Ok::<_, Failure>(peak)
        };
        let (with_100, with_1000) = (peak(100)?, peak(1000)?);
        footprints.push(Footprint { relay: relay.name.clone(), idle, with_100, with_1000 });
    }
    Ok(footprints)
}

fn generator(program: &Path, port: u16, sessions: usize) -> Result<Child, Failure> {
    let load = Load { sessions, per_session: 0, seconds: 4.0, pause_ms: 1000, ..Load::default() };
    let mut generator = process::program(program);
    generator.args(["bench-load", "--port", &port.to_string()]).args(load.arguments()).stdout(Stdio::null());
    generator.spawn().map_err(|err| Failure::io("start the load", &err))
}

fn of_all(running: &Running) -> Held {
    running.processes().into_iter().fold(Held::default(), |sum, pid| {
        let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        Held {
            resident: sum.resident + megabytes(&rollup, "Rss:").unwrap_or(0.0),
            anonymous: sum.anonymous + anonymous(&rollup),
        }
    })
}

/// A page that forked processes still share counts once, where the kernel tells; for one process both are the same.
fn anonymous(rollup: &str) -> f64 {
    megabytes(rollup, "Pss_Anon:").or_else(|| megabytes(rollup, "Anonymous:")).unwrap_or(0.0)
}

/// The value of a line such as `Anonymous:   12345 kB`.
fn megabytes(rollup: &str, name: &str) -> Option<f64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_kilobytes_have_1024_bytes() {
        let rollup = "55d0-7ffc ---p [rollup]\nRss:   30000 kB\nAnonymous:  10000 kB\n";

        assert_eq!(megabytes(rollup, "Anonymous:"), Some(10.24));
        assert_eq!(megabytes(rollup, "Swap:"), None);
    }

    #[test]
    fn what_forked_processes_share_counts_once() {
        assert!((anonymous("Pss_Anon:  500 kB\nAnonymous:  1000 kB\n") - 0.512).abs() < 1e-9);
        assert!((anonymous("Anonymous:  1000 kB\n") - 1.024).abs() < 1e-9, "an older kernel");
    }
}
