//! `cargo xtask test`: sets the machine up, then runs every check and every test, and ends in one line of numbers.
//!
//! Window journeys run on a throwaway desktop ([`crate::session`]). The tests find the built programs through `ROLLCALL_BIN` and
//! `ROLLCALLCTL_BIN`; `ROLLCALL_DESKTOP=1` says that a desktop is there.
//!
//! **Invariant**: a test that could not be run makes the run fail and is named. A step that fails does not keep later ones from running.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use crate::checks::{self, Check};
use crate::process::{self, Ended, Show};
use crate::report::{Failure, Steps};
use crate::session::Desktop;
use crate::setup::{self, Purpose};
use crate::tally::{self, Tally};
use crate::ui;
use crate::workspace::{Profile, Workspace};

/// How much of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// Everything.
    Full,
    /// Without peers, browser, desktop and clippy: what a developer repeats every few minutes.
    Quick,
}

/// Runs the tests; with a filter only those Rust tests whose name contains it.
///
/// # Errors
/// One sentence naming every step that failed.
pub fn command(workspace: &Workspace, extent: Extent, filter: Option<&str>) -> Result<(), Failure> {
    let mut run = Run { workspace, steps: Steps::start(), tally: Tally::default(), troubles: Vec::new() };
    let purpose = if extent == Extent::Full { Purpose::Test } else { Purpose::Window };
    setup::prepare(workspace, purpose, &mut run.steps)?;
    ui::build_if_stale(workspace, &mut run.steps)?;
    match (extent, filter) {
        (_, Some(filter)) => run.rust(&[filter])?,
        (Extent::Quick, None) => run.quick()?,
        (Extent::Full, None) => run.full()?,
    }
    run.verdict(extent, filter)
}

/// Mail servers live in the administrator's folders, which are not in everybody's PATH.
fn with_system_programs(path: OsString) -> OsString {
    let folders = env::split_paths(&path).chain(["/usr/sbin", "/sbin"].map(PathBuf::from));
    env::join_paths(folders).unwrap_or(path)
}

struct Run<'a> {
    workspace: &'a Workspace,
    steps: Steps,
    tally: Tally,
    troubles: Vec<String>,
}

impl Run<'_> {
    fn full(&mut self) -> Result<(), Failure> {
        self.check_all(checks::quick(self.workspace))?;
        self.window(&[&["run", "test"], &["run", "build:fake"], &["run", "test:browser"]])?;
        self.check_all(checks::thorough(self.workspace))?;
        self.rust(&[])?;
        self.step(
            "Rust: examples in the documentation",
            self.workspace.cargo(&["test", "--workspace", "--doc", "--locked"]),
        )?;
        Ok(())
    }

    fn quick(&mut self) -> Result<(), Failure> {
        self.check_all(checks::quick(self.workspace))?;
        self.window(&[&["run", "test"]])?;
        let tests = self.test_program(&["--exclude", "rollcall", "--exclude", "rollcall-tests"]);
        self.step("Rust: unit tests", tests)?;
        Ok(())
    }

    fn check_all(&mut self, checks: Vec<Check>) -> Result<(), Failure> {
        for Check { name, command } in checks {
            self.step(name, command)?;
        }
        Ok(())
    }

    fn window(&mut self, scripts: &[&[&str]]) -> Result<(), Failure> {
        for script in scripts {
            let name = format!("Window: npm {}", script.join(" "));
            self.step(&name, self.workspace.npm(script))?;
        }
        Ok(())
    }

    /// Builds everything once with one set of features, then runs all Rust tests on a desktop.
    fn rust(&mut self, filter: &[&str]) -> Result<(), Failure> {
        // One after the other: tauri's macro writes the window's files where it finds none, and a second compiler that runs
        // it at that moment embeds half a file, so that the window stays empty.
        for (name, targets) in [("Rust: build the programs", "--bins"), ("Rust: build the tests", "--all-targets")] {
            if !self.step(name, self.workspace.cargo(&["build", "--workspace", targets, "--locked"]))? {
                self.trouble("the Rust tests (not run: the build failed)".to_owned());
                return Ok(());
            }
        }
        let mut tests = self.test_program(filter);
        tests.env("ROLLCALL_BIN", self.workspace.program(Profile::Debug, "rollcall"));
        tests.env("ROLLCALLCTL_BIN", self.workspace.program(Profile::Debug, "rollcallctl"));
        tests.env("PATH", with_system_programs(env::var_os("PATH").unwrap_or_default()));
        let desktop = self.desktop();
        if let Some(desktop) = &desktop {
            desktop.enter(&mut tests);
        }
        self.step("Rust: tests, peers and window journeys", tests)?;
        Ok(())
    }

    /// Without a desktop the window journeys still run, fail, and say what they miss.
    fn desktop(&mut self) -> Option<Desktop> {
        if !cfg!(target_os = "linux") {
            self.trouble("Desktop (there is none for tests on this system)".to_owned());
            return None;
        }
        self.steps.begin("Desktop: Xvfb, D-Bus, openbox, dunst, xfce4-panel");
        Desktop::start(self.workspace).map_err(|failure| self.trouble(format!("Desktop ({failure})"))).ok()
    }

    /// Remembers something that went wrong and is not a test.
    fn trouble(&mut self, what: String) {
        self.troubles.push(what);
        self.tally.failed += 1;
    }

    /// cargo-nextest when it is installed, else cargo test.
    fn test_program(&self, selection: &[&str]) -> Command {
        let runner: &[&str] = if process::answer("cargo", &["nextest", "--version"]).is_some() {
            &["nextest", "run", "--workspace", "--locked", "--status-level", "pass"]
        } else {
            &["test", "--workspace", "--locked", "--no-fail-fast", "--lib", "--bins", "--tests"]
        };
        self.workspace.cargo(&[runner, selection].concat())
    }

    /// Runs one step in full view, counts its tests, remembers its failure. Tells whether it succeeded.
    fn step(&mut self, name: &str, mut command: Command) -> Result<bool, Failure> {
        self.steps.begin(name);
        let Ended { status, output } = process::run(&mut command, Show::Live)?;
        let counted = tally::read(&output);
        self.tally += counted;
        match (status.success(), counted.failed) {
            (true, _) => {}
            (false, 0) => self.trouble(name.to_owned()),
            (false, failed) => self.troubles.push(format!("{name} ({failed} failed)")),
        }
        Ok(status.success())
    }

    fn verdict(mut self, extent: Extent, filter: Option<&str>) -> Result<(), Failure> {
        if filter.is_none() && self.tally.skipped > 0 {
            self.trouble(format!("{} tests were skipped", self.tally.skipped));
        }
        if extent == Extent::Quick {
            println!(
                "Left out by --quick: clippy, licences, the browser tests, and the crates rollcall and rollcall-tests."
            );
        } else if !checks::has_cargo_deny() {
            println!("{}", checks::NO_CARGO_DENY);
        }
        let Tally { passed, failed, .. } = self.tally;
        println!(
            "{:.0} minutes and {:02.0} seconds",
            (self.steps.seconds() / 60.0).floor(),
            self.steps.seconds() % 60.0
        );
        for trouble in &self.troubles {
            println!("Not passed: {trouble}");
        }
        println!("{passed} passed, {failed} failed");
        if self.troubles.is_empty() { Ok(()) } else { Err(Failure::silent()) }
    }
}
