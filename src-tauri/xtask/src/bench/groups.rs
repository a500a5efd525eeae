//! The cases, grouped by what the relays are set up for, and the order they are measured in.

use std::path::PathBuf;

use crate::report::{Failure, Steps};

use super::Effort;
use super::harness::{Destination, Harness, Sink};
use super::load::Load;
use super::memory;
use super::postfix::Role;
use super::relay::{Relay, free_port};
use super::table::{self, Cell};

/// How long the slow sink takes to answer the end of a message.
const SLOW_MS: u32 = 5;

/// What is measured, where and how long.
pub struct Bench {
    /// `rollcallctl`.
    pub ours: PathBuf,
    /// `xtask`.
    pub harness: PathBuf,
    /// For the relays' files.
    pub folder: PathBuf,
    /// Postfix can be measured.
    pub beside_postfix: bool,
    /// How often and how long.
    pub effort: Effort,
}

/// Relays that are measured in turns with each of some loads.
struct Group {
    destination: Destination,
    relays: Vec<Relay>,
    cases: Vec<(String, Load)>,
}

impl Bench {
    /// Measures every case whose name contains `only`; the results as Markdown.
    ///
    /// # Errors
    /// When a relay fails or a message is lost.
    pub fn run(&self, only: &str, steps: &mut Steps) -> Result<String, Failure> {
        let mut cells = Vec::new();
        for (names, start) in GROUPS {
            let cases: Vec<_> = names(self.effort).into_iter().filter(|(name, _)| name.contains(only)).collect();
            if !cases.is_empty() {
                steps.begin(&format!("Starting the relays for: {}", cases[0].0));
                let group = start(self, cases)?;
                for (name, load) in &group.cases {
                    steps.begin(name);
                    cells.extend(self.in_turns(&group, name, load)?);
                }
            }
        }
        let mut text = table::markdown(&cells);
        if memory::CASE.contains(only) {
            steps.begin(memory::CASE);
            let sink = Sink::start(&self.harness, 0, 0)?;
            let mut relays = vec![self.ours("memory", sink.port, false)?];
            relays.extend(self.postfix("memory", sink.port, Role::Proxy)?);
            text = format!("{text}\n{}", memory::measure(&self.harness, &relays)?);
        }
        Ok(text)
    }

    /// Runs A B C, A B C, … so that what disturbs the machine disturbs all.
    fn in_turns(&self, group: &Group, case: &str, load: &Load) -> Result<Vec<Cell>, Failure> {
        let harness = Harness { program: self.harness.clone() };
        let cell = |relay: &Relay| Cell { case: case.to_owned(), relay: relay.name.clone(), runs: Vec::new() };
        let mut cells: Vec<Cell> = group.relays.iter().map(cell).collect();
        for relay in &group.relays {
            let warm = Load { seconds: 0.5, ..unlike_before(load, 0) };
            harness.measure(relay, &warm, &group.destination)?; // not counted
        }
        for run in 1..=self.effort.runs {
            for (relay, cell) in group.relays.iter().zip(&mut cells) {
                cell.runs.push(harness.measure(relay, &unlike_before(load, run), &group.destination)?);
            }
        }
        Ok(cells)
    }

    fn ours(&self, group: &str, port: u16, accounts: bool) -> Result<Relay, Failure> {
        Relay::ours(&self.ours, &self.folder.join(format!("ours-{group}")), port, accounts)
    }

    fn postfix(&self, group: &str, port: u16, role: Role) -> Result<Option<Relay>, Failure> {
        let folder = self.folder.join(format!("postfix-{group}"));
        self.beside_postfix.then(|| Relay::postfix(&folder, port, role)).transpose()
    }

    fn pass_through(&self, cases: Vec<(String, Load)>) -> Result<Group, Failure> {
        let sink = Sink::start(&self.harness, 0, 0)?;
        let mut relays = vec![self.ours("pass", sink.port, false)?];
        relays.extend(self.postfix("pass", sink.port, Role::Proxy)?);
        relays.push(Relay::none(sink.port));
        Ok(Group { destination: Destination::There(sink), relays, cases })
    }

    fn verifying(&self, cases: Vec<(String, Load)>) -> Result<Group, Failure> {
        let sink = Sink::start(&self.harness, 0, 0)?;
        let mut relays = vec![self.ours("verify", sink.port, false)?];
        relays.extend(self.postfix("verify", sink.port, Role::Verify)?);
        Ok(Group { destination: Destination::There(sink), relays, cases })
    }

    fn slow(&self, cases: Vec<(String, Load)>) -> Result<Group, Failure> {
        let sink = Sink::start(&self.harness, 0, SLOW_MS)?;
        let mut relays = vec![self.ours("slow", sink.port, true)?];
        relays.extend(self.postfix("slow", sink.port, Role::Queue)?);
        Ok(Group { destination: Destination::There(sink), relays, cases })
    }

    fn away(&self, cases: Vec<(String, Load)>) -> Result<Group, Failure> {
        let port = free_port()?;
        let mut relays = vec![self.ours("away", port, true)?];
        relays.extend(self.postfix("away", port, Role::Queue)?);
        Ok(Group { destination: Destination::ComesBack(port), relays, cases })
    }

    fn beside_many(&self, cases: Vec<(String, Load)>) -> Result<Group, Failure> {
        let sink = Sink::start(&self.harness, 0, 0)?;
        let few = self.ours("few", sink.port, true)?;
        let mut many = self.ours("many", sink.port, true)?;
        many.learn(&self.ours, self.effort.rows)?;
        many.name = format!("Rollcall, {} addresses", self.effort.rows);
        Ok(Group { destination: Destination::There(sink), relays: vec![few, many], cases })
    }
}

/// The cases of a group, and how its relays are started for those that are wanted.
type Start = (fn(Effort) -> Vec<(String, Load)>, fn(&Bench, Vec<(String, Load)>) -> Result<Group, Failure>);

const GROUPS: [Start; 5] = [
    (plain, Bench::pass_through),
    (asking, Bench::verifying),
    (|effort| vec![usual("4 KiB, 20 sessions, one message each, the destination takes 5 ms", effort)], Bench::slow),
    (|effort| vec![usual("4 KiB, 20 sessions, one message each, destination away, then back", effort)], Bench::away),
    (
        |effort| vec![usual("4 KiB, 20 sessions, one message each, few and many addresses on file", effort)],
        Bench::beside_many,
    ),
];

fn usual(name: &str, effort: Effort) -> (String, Load) {
    (name.to_owned(), Load { seconds: effort.seconds, ..Load::default() })
}

fn plain(effort: Effort) -> Vec<(String, Load)> {
    let mut cases = Vec::new();
    for (size, bytes) in [("4 KiB", 4096), ("100 KiB", 102_400)] {
        for (width, sessions) in [("1 session", 1), ("20 sessions", 20)] {
            for (kept, per_session) in [("one message each", 1), ("kept", 0)] {
                let load = Load { sessions, bytes, per_session, seconds: effort.seconds, ..Load::default() };
                cases.push((format!("{size}, {width}, {kept}"), load));
            }
        }
    }
    cases
}

fn asking(effort: Effort) -> Vec<(String, Load)> {
    let (_, cold) = usual("", effort);
    let refusals = Load { only_asks: 10, name: "unk".to_owned(), ..cold };
    vec![
        ("4 KiB, 20 sessions, one message each, every address new".to_owned(), Load { addresses: 0, ..cold }),
        ("refusals, 20 sessions of 10 RCPT, every address new".to_owned(), Load { addresses: 0, ..refusals.clone() }),
        ("refusals, 20 sessions of 10 RCPT, asked before".to_owned(), refusals),
    ]
}

/// Addresses that are to be new are new in every run.
fn unlike_before(load: &Load, run: usize) -> Load {
    let name = if load.addresses == 0 { format!("{}{run}x", load.name) } else { load.name.clone() };
    Load { name, ..load.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_addresses_are_new_in_every_run_and_known_ones_the_same() {
        let new = Load { addresses: 0, ..Load::default() };

        assert_ne!(unlike_before(&new, 1).name, unlike_before(&new, 2).name);
        assert_eq!(unlike_before(&Load::default(), 1), Load::default());
    }
}
