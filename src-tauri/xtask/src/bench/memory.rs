//! Memory of a relay: idle, and with sessions that send a message a second.
//!
//! **Limits**: Linux.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::process;
use crate::report::Failure;
use crate::stopwatch::pause;

use super::cpu;
use super::load::Load;
use super::relay::Relay;

/// As `--only` finds it.
pub const CASE: &str = "memory";

/// What a process tree has in memory, in MB of a million bytes.
#[derive(Clone, Copy, Default)]
struct Held {
    resident: f64,
    anonymous: f64,
}

/// A table of what each relay holds.
///
/// # Errors
/// When the generator does not start.
pub fn measure(program: &Path, relays: &[Relay]) -> Result<String, Failure> {
    let mut text = "| memory | idle, resident MB | idle, anonymous MB | 100 sessions, anonymous MB | 1,000 sessions, anonymous MB |\n\
                    |---|---:|---:|---:|---:|\n"
        .to_owned();
    for relay in relays {
        let held = || relay.process().map_or_else(Held::default, of_tree);
        let idle = held();
        let mut peaks = Vec::new();
        for sessions in [100, 1000] {
            let load = Load { sessions, per_session: 0, seconds: 4.0, pause_ms: 1000, ..Load::default() };
            let mut generator = generator(program, relay.port, &load)?;
            let mut peak = 0.0_f64;
            while matches!(generator.try_wait(), Ok(None)) {
                peak = peak.max(held().anonymous);
                pause(Duration::from_millis(50));
            }
            peaks.push(peak);
        }
        writeln!(
            text,
            "| {} | {:.0} | {:.0} | {:.0} | {:.0} |",
            relay.name, idle.resident, idle.anonymous, peaks[0], peaks[1]
        )
        .expect("a String takes everything");
    }
    Ok(text)
}

fn generator(program: &Path, port: u16, load: &Load) -> Result<Child, Failure> {
    let mut generator = process::program(program);
    generator.args(["bench-load", "--port", &port.to_string()]).args(load.arguments()).stdout(Stdio::null());
    generator.spawn().map_err(|err| Failure::io("start the load", &err))
}

fn of_tree(root: u32) -> Held {
    cpu::tree(root).into_iter().fold(Held::default(), |sum, pid| {
        let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        Held {
            resident: sum.resident + megabytes(&rollup, "Rss:"),
            anonymous: sum.anonymous + megabytes(&rollup, "Anonymous:"),
        }
    })
}

/// The value of a line such as `Anonymous:   12345 kB`.
fn megabytes(rollup: &str, name: &str) -> f64 {
    let line = rollup.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes: f64 = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0.0);
    kilobytes * 1024.0 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_kilobytes_have_1024_bytes() {
        let rollup = "55d0-7ffc ---p [rollup]\nRss:   30000 kB\nAnonymous:  10000 kB\n";

        assert!((megabytes(rollup, "Anonymous:") - 10.24).abs() < 1e-9);
        assert!(megabytes(rollup, "Swap:").abs() < f64::EPSILON);
    }
}
