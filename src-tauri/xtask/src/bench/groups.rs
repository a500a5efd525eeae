//! Relays that are set up alike, and the order they are measured in.

use std::path::PathBuf;

use crate::report::{Failure, Steps};

use super::Effort;
use super::cases::{self, Case, Setting};
use super::destination::{Destination, Sink};
use super::harness::Harness;
use super::memory;
use super::peer::{Peer, Role};
use super::relay::{OURS, Relay, free_port};
use super::results::{Cell, Results};

/// How long the slow sink takes to answer the end of a message, in milliseconds.
const SLOW_MS: &str = "5";

/// What is measured, where and how long.
pub struct Bench {
    /// `rollcallctl`.
    pub ours: PathBuf,
    /// `xtask`.
    pub harness: PathBuf,
    /// For the relays' files.
    pub folder: PathBuf,
    /// Those that can be measured.
    pub peers: Vec<Peer>,
    /// How often and how long.
    pub effort: Effort,
}

/// Relays that are measured in turns.
struct Group {
    destination: Destination,
    relays: Vec<Relay>,
    /// A sentence about each peer that did not start.
    absent: Vec<String>,
}

impl Bench {
    /// Measures every case whose name contains `only`.
    ///
    /// # Errors
    /// When ours fails or loses a message.
    pub fn run(&self, only: &str, steps: &mut Steps) -> Result<Results, Failure> {
        let mut results = Results::default();
        for setting in Setting::ALL {
            let cases = cases::of(setting, self.effort).into_iter().filter(|case| case.name.contains(only));
            let cases: Vec<_> = cases.collect();
            let Some(first) = cases.first() else { continue };
            steps.begin(&format!("Starting the relays for: {}", first.name));
            let group = self.start(setting)?;
            tell(&group.absent, steps, &mut results);
            for case in &cases {
                steps.begin(&case.name);
                results.cells.extend(self.in_turns(&group, case)?);
            }
        }
        if memory::CASE.contains(only) {
            steps.begin(memory::CASE);
            let sink = Sink::start(&self.harness, 0, memory::SINK)?;
            let group = self.beside(memory::CASE, Destination::There(sink), Role::Proxy, false)?;
            tell(&group.absent, steps, &mut results);
            results.memory = memory::measure(&self.harness, &group.relays)?;
        }
        Ok(results)
    }

    /// Runs A B C, A B C, … so that what disturbs the machine disturbs all.
    fn in_turns(&self, group: &Group, case: &Case) -> Result<Vec<Cell>, Failure> {
        let harness = Harness { program: self.harness.clone() };
        let cell = |relay: &Relay| Cell { case: case.name.clone(), relay: relay.name.clone(), runs: Vec::new() };
        let mut cells: Vec<Cell> = group.relays.iter().map(cell).collect();
        for relay in &group.relays {
            harness.measure(relay, &cases::warm(&case.load), &group.destination)?; // not counted
        }
        for run in 1..=self.effort.runs {
            let load = cases::unlike_before(&case.load, run);
            for (relay, cell) in group.relays.iter().zip(&mut cells) {
                cell.runs.push(harness.measure(relay, &load, &group.destination)?);
            }
        }
        Ok(cells)
    }

    fn start(&self, setting: Setting) -> Result<Group, Failure> {
        let sink = |more: &[&str]| Sink::start(&self.harness, 0, more).map(Destination::There);
        match setting {
            Setting::PassThrough => {
                let mut group = self.beside("pass", sink(&[])?, Role::Proxy, false)?;
                group.relays.push(Relay::none(port(&group.destination)));
                Ok(group)
            }
            Setting::Verifying => self.beside("verify", sink(&[])?, Role::Verify, false),
            Setting::Slow => self.beside("slow", sink(&["--delay-ms", SLOW_MS])?, Role::Queue, true),
            Setting::Away => self.beside("away", Destination::ComesBack(free_port()?), Role::Queue, true),
            Setting::ManyRows => self.few_and_many(sink(&[])?),
        }
    }

    /// Ours and every peer; with `accounts` ours knows the load's addresses as accounts.
    fn beside(&self, name: &str, destination: Destination, role: Role, accounts: bool) -> Result<Group, Failure> {
        let port = port(&destination);
        let mut relays = vec![self.ours(name, port, accounts)?];
        let mut absent = Vec::new();
        for peer in &self.peers {
            let folder = self.folder.join(format!("{}-{name}", peer.name()));
            match Relay::peer(*peer, &folder, port, role) {
                Ok(relay) => relays.push(relay),
                Err(failure) => absent.push(format!("{} was left out of \"{name}\": {failure}", peer.name())),
            }
        }
        Ok(Group { destination, relays, absent })
    }

    fn few_and_many(&self, destination: Destination) -> Result<Group, Failure> {
        let port = port(&destination);
        let few = self.ours("few", port, true)?;
        let mut many = self.ours("many", port, true)?;
        many.learn(&self.ours, self.effort.rows)?;
        many.name = format!("{OURS}, {} addresses", self.effort.rows);
        Ok(Group { destination, relays: vec![few, many], absent: Vec::new() })
    }

    fn ours(&self, name: &str, port: u16, accounts: bool) -> Result<Relay, Failure> {
        Relay::ours(&self.ours, &self.folder.join(format!("{OURS}-{name}")), port, accounts)
    }
}

const fn port(destination: &Destination) -> u16 {
    match destination {
        Destination::There(sink) => sink.port,
        Destination::ComesBack(port) => *port,
    }
}

fn tell(absent: &[String], steps: &Steps, results: &mut Results) {
    for sentence in absent {
        steps.note(sentence);
        results.remarks.push(sentence.clone());
    }
}
