//! `cargo xtask bench`: our relay beside Postfix, Exim and Haraka, in turns within one run.
//!
//! Generator, relay and sink share the machine and speak over 127.0.0.1 only. The generator sends one command at a time and waits for
//! each reply. CPU time counts the relay's processes alone, also those that ended, so it depends least on other work on the machine.
//!
//! **Invariant**: every message that got 250 from ours has reached the sink, else the benchmark fails. What a peer refused or
//! did not deliver is told below the table.
//!
//! **Limits**: Linux for CPU times and memory; Postfix and Exim need root.

mod cases;
mod cgroup;
mod client;
mod cpu;
mod destination;
mod exim;
mod groups;
mod haraka;
mod harness;
pub mod load;
mod machine;
mod memory;
mod message;
mod peer;
mod postfix;
mod relay;
mod results;
mod running;
pub mod sink;
mod statistics;
mod table;
mod targets;

use std::fs;

use crate::arguments::Arguments;
use crate::process::{self, Show};
use crate::report::{Failure, Steps};
use crate::setup::{self, Purpose};
use crate::workspace::{Profile, Workspace};

use groups::Bench;
use peer::Peer;

/// How often and how long.
#[derive(Clone, Copy, Debug)]
struct Effort {
    runs: usize,
    seconds: f64,
    /// Addresses on file in the case that has many.
    rows: u32,
}

/// Builds for release, measures, prints Markdown.
///
/// # Errors
/// When a build or a relay fails, or a message is lost.
pub fn command(workspace: &Workspace, mut given: Arguments) -> Result<(), Failure> {
    let quick = given.flag(&["--quick"]);
    let effort = Effort {
        runs: given.value("--runs", if quick { 1 } else { 3 })?,
        seconds: given.value("--seconds", if quick { 0.5 } else { 2.0 })?,
        rows: given.value("--rows", if quick { 4_000 } else { 1_000_000 })?,
    };
    let only: String = given.value("--only", String::new())?;
    let wanted = Peer::list(&given.value("--peers", "postfix,exim,haraka".to_owned())?)?;
    let keeps = given.flag(&["--write"]);
    given.finish()?;
    let mut steps = Steps::start();
    setup::prepare(workspace, Purpose::Terminal, &mut steps)?;
    steps.begin("Building for release");
    let build = ["build", "--release", "--locked", "--package", "rollcall-cli", "--package", "xtask"];
    process::must("The build", &mut workspace.cargo(&build), Show::OnFailure)?;

    let folder = std::env::temp_dir().join(format!("rollcall-bench-{}", std::process::id()));
    let peers = measurable(&wanted, &steps);
    let bench = Bench {
        ours: workspace.program(Profile::Release, "rollcallctl"),
        harness: workspace.program(Profile::Release, "xtask"),
        folder: folder.clone(),
        peers,
        effort,
    };
    let measured = bench.run(&only, &mut steps);
    drop(fs::remove_dir_all(&folder)); // in the folder for temporary files anyway
    let machine = machine::description(effort.runs, effort.seconds, &bench.peers);
    let results = format!("{machine}\n\n{}", table::markdown(&measured?));
    println!("\n{results}");
    if keeps { write(workspace, &results) } else { Ok(()) }
}

/// Puts the results below the mark in `docs/benchmarks.md`, in place of the last ones.
fn write(workspace: &Workspace, results: &str) -> Result<(), Failure> {
    let page = workspace.root.join("docs/benchmarks.md");
    let text = fs::read_to_string(&page).map_err(|err| Failure::io("read docs/benchmarks.md", &err))?;
    let text =
        below_mark(&text, results).ok_or_else(|| Failure::new(format!("docs/benchmarks.md lost its mark: {MARK}")))?;
    fs::write(&page, text).map_err(|err| Failure::io("write docs/benchmarks.md", &err))
}

/// Everything below this line of `docs/benchmarks.md` is written by `--write`.
const MARK: &str = "<!-- measured -->";

fn below_mark(page: &str, results: &str) -> Option<String> {
    let (above, _) = page.split_once(MARK)?;
    Some(format!("{above}{MARK}\n\n{results}"))
}

/// The peers that are here; a sentence about each that is not.
fn measurable(wanted: &[Peer], steps: &Steps) -> Vec<Peer> {
    let mut here = Vec::new();
    for peer in wanted {
        match peer.obstacle() {
            None => here.push(*peer),
            Some(sentence) => steps.note(sentence),
        }
    }
    here
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_results_replace_the_old_ones_and_nothing_else() {
        let page = format!("# Benchmarks\n\n{MARK}\n\nold\n");

        assert_eq!(below_mark(&page, "new\n"), Some(format!("# Benchmarks\n\n{MARK}\n\nnew\n")));
        assert_eq!(below_mark("no mark here", "new"), None);
    }
}
