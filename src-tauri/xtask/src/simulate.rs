//! `cargo xtask simulate`: a year of an office, simulated by the tests' own harness.

use std::process::Command;

use crate::arguments::Arguments;
use crate::process::{self, Show};
use crate::report::Failure;
use crate::workspace::{Profile, Workspace};

/// Builds the simulation and runs it in full view.
///
/// # Errors
/// When an argument is wrong, or it could not be built or run.
pub fn command(workspace: &Workspace, mut given: Arguments) -> Result<(), Failure> {
    let profile = if given.flag(&["--debug"]) { Profile::Debug } else { Profile::Release };
    let mut simulation = Command::new(workspace.program(profile, "simulate"));
    for (name, otherwise) in [("--seed", 1_u64), ("--seeds", 1), ("--weeks", 52), ("--volume", 100)] {
        simulation.arg(name).arg(given.value(name, otherwise)?.to_string());
    }
    let preset = given.value("--preset", String::new())?;
    if !preset.is_empty() {
        simulation.args(["--preset", &preset]);
    }
    for name in ["--json", "--why", "--write"] {
        if given.flag(&[name]) {
            simulation.arg(name);
        }
    }
    given.finish()?;
    let mut build = workspace.cargo(&["build", "--locked", "--quiet", "-p", "rollcall-tests", "--bin", "simulate"]);
    build.args(profile.cargo_arguments());
    if !process::run(&mut build, Show::Live)?.status.success() {
        return Err(Failure::new("The simulation could not be built.".to_owned()));
    }
    if process::run(&mut simulation, Show::Live)?.status.success() { Ok(()) } else { Err(Failure::silent()) }
}
