//! `cargo xtask bench`: our relay beside Postfix, both in pass-through, in turns within one run.
//!
//! Generator, relay and sink share the machine and speak over 127.0.0.1 only. The generator sends one command at a time and waits for
//! each reply. CPU time counts the relay's processes alone, also those that ended, so it depends least on other work on the machine.
//!
//! **Invariant**: every message that got 250 has reached the sink, else the benchmark fails.
//!
//! **Limits**: Linux for CPU times; Postfix needs root.

mod cpu;
pub mod load;
mod machine;
mod postfix;
mod relay;
pub mod sink;
mod statistics;
mod table;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Stdio};

use crate::arguments::Arguments;
use crate::process::{self, Show};
use crate::report::{Failure, Steps};
use crate::session::end;
use crate::setup::{self, Purpose};
use crate::stopwatch::Stopwatch;
use crate::workspace::{Profile, Workspace};

use load::Load;
use relay::{Relay, first_line, leashed};
use table::{Cell, Measured};

/// How often and how long.
#[derive(Clone, Copy, Debug)]
struct Effort {
    runs: usize,
    seconds: f64,
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
    };
    let keeps = given.flag(&["--write"]);
    given.finish()?;
    let mut steps = Steps::start();
    setup::prepare(workspace, Purpose::Terminal, &mut steps)?;
    steps.begin("Building for release");
    let build = ["build", "--release", "--locked", "--package", "rollcall-cli", "--package", "xtask"];
    process::must("The build", &mut workspace.cargo(&build), Show::OnFailure)?;

    let folder = std::env::temp_dir().join(format!("rollcall-bench-{}", std::process::id()));
    let harness = Harness::start(workspace)?;
    steps.begin("Starting the relays");
    let mut relays = vec![Relay::ours(
        &workspace.program(Profile::Release, "rollcallctl"),
        &folder.join("ours"),
        harness.sink_port,
    )?];
    match postfix_obstacle() {
        None => relays.push(Relay::postfix(&folder.join("postfix"), harness.sink_port)?),
        Some(sentence) => steps.note(sentence),
    }
    relays.push(Relay::none(harness.sink_port));

    let mut cells = Vec::new();
    for (name, load) in cases(effort) {
        steps.begin(&name);
        cells.extend(in_turns(&harness, &relays, &name, load, effort)?);
    }
    drop(relays);
    drop(fs::remove_dir_all(&folder)); // in the folder for temporary files anyway
    let results = format!("{}\n\n{}", machine::description(effort.runs, effort.seconds), table::markdown(&cells));
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

/// Why Postfix cannot be measured here.
fn postfix_obstacle() -> Option<&'static str> {
    if postfix::version().is_none() {
        Some("Postfix is not installed, so ours is measured alone. On Debian: apt-get install postfix")
    } else if process::answer("id", &["-u"]).as_deref() != Some("0") {
        Some("Postfix can only be started by root, so ours is measured alone.")
    } else {
        None
    }
}

fn cases(effort: Effort) -> Vec<(String, Load)> {
    let mut cases = Vec::new();
    for (size, bytes) in [("4 KiB", 4096), ("100 KiB", 102_400)] {
        for (width, sessions) in [("1 session", 1), ("20 sessions", 20)] {
            for (kept, per_session) in [("one message each", 1), ("kept", 0)] {
                let load = Load { sessions, bytes, per_session, seconds: effort.seconds };
                cases.push((format!("{size}, {width}, {kept}"), load));
            }
        }
    }
    cases
}

/// Runs A B C, A B C, … so that what disturbs the machine disturbs all.
fn in_turns(harness: &Harness, relays: &[Relay], case: &str, load: Load, effort: Effort) -> Result<Vec<Cell>, Failure> {
    let cell = |relay: &Relay| Cell { case: case.to_owned(), relay: relay.name.clone(), runs: Vec::new() };
    let mut cells: Vec<Cell> = relays.iter().map(cell).collect();
    for relay in relays {
        harness.measure(relay, Load { seconds: 0.5, ..load })?; // to warm up, not counted
    }
    for _ in 0..effort.runs {
        for (relay, cell) in relays.iter().zip(&mut cells) {
            cell.runs.push(harness.measure(relay, load)?);
        }
    }
    Ok(cells)
}

/// The sink and the way to start the generator.
struct Harness {
    program: PathBuf,
    sink: Child,
    sink_port: u16,
}

impl Harness {
    fn start(workspace: &Workspace) -> Result<Self, Failure> {
        let program = workspace.program(Profile::Release, "xtask");
        let mut sink = leashed(&program)
            .arg("bench-sink")
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|err| Failure::io("start the sink", &err))?;
        let port = sink.stdout.take().and_then(first_line).and_then(|line| line.parse().ok());
        let sink_port = port.ok_or_else(|| Failure::new("The sink did not start."))?;
        Ok(Self { program, sink, sink_port })
    }

    /// One run: load, then CPU and counts.
    fn measure(&self, relay: &Relay, load: Load) -> Result<Measured, Failure> {
        let taken_before = self.messages_at_sink()?;
        let relay_cpu = || relay.process().map_or(0.0, cpu::of_tree);
        let (relay_before, own_before, machine_before) =
            (relay_cpu(), cpu::of_tree(std::process::id()), cpu::of_machine());
        let watch = Stopwatch::start();
        let mut generator = process::program(&self.program);
        generator.args(["bench-load", "--port", &relay.port.to_string()]).args(load.arguments());
        let output = process::must("The load", &mut generator, Show::OnFailure)?;
        let seconds = watch.seconds();
        let relay_used = relay_cpu() - relay_before;
        let all_ours = cpu::of_tree(std::process::id()) - own_before; // relays, sink and generator are our children
        let machine_used = cpu::of_machine() - machine_before;

        let sent = Sent::read(&output).ok_or_else(|| Failure::new(format!("The load did not report: {output}")))?;
        let reached = self.messages_at_sink()? - taken_before;
        if sent.refused + sent.broken > 0.0 || reached < sent.taken {
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

    /// Asks the sink how many messages it has taken.
    fn messages_at_sink(&self) -> Result<f64, Failure> {
        let ask = || {
            let mut connection = TcpStream::connect(("127.0.0.1", self.sink_port)).ok()?;
            connection.write_all(b"XCOUNT\r\nQUIT\r\n").ok()?;
            let replies: Vec<_> = BufReader::new(connection).lines().map_while(Result::ok).collect();
            replies.get(1)?.strip_prefix("250 ")?.parse().ok()
        };
        ask().ok_or_else(|| Failure::new("The sink does not answer."))
    }
}

impl Drop for Harness {
    fn drop(&mut self) {
        end(&mut self.sink);
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
    fn new_results_replace_the_old_ones_and_nothing_else() {
        let page = format!("# Benchmarks\n\n{MARK}\n\nold\n");

        assert_eq!(below_mark(&page, "new\n"), Some(format!("# Benchmarks\n\n{MARK}\n\nnew\n")));
        assert_eq!(below_mark("no mark here", "new"), None);
    }

    #[test]
    fn the_line_of_the_generator_is_read_with_what_was_odd() {
        let sent = Sent::read("10 1 2 0.5 0.25 3.5\n451 4.3.0 try later\n").unwrap();

        assert!(sent.taken > 9.0 && sent.refused > 0.0 && sent.broken > 1.0);
        assert_eq!(sent.odd, "451 4.3.0 try later");
    }
}
