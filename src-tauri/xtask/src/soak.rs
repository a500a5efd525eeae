//! `cargo xtask soak`: the fault harness of the tests, run long.

use std::process::Command;

use crate::arguments::Arguments;
use crate::process::{self, Show};
use crate::report::Failure;
use crate::workspace::{Profile, Workspace};

/// Builds the relay and the harness, and runs it in full view.
///
/// # Errors
/// When something was lost, or could not be tried.
pub fn command(workspace: &Workspace, mut given: Arguments) -> Result<(), Failure> {
    let profile = if given.flag(&["--release"]) { Profile::Release } else { Profile::Debug };
    let mut harness = Command::new(workspace.program(profile, "soak"));
    for (name, otherwise) in [("--kills", 1000_u64), ("--seed", 1)] {
        harness.arg(name).arg(given.value(name, otherwise)?.to_string());
    }
    if given.flag(&["--unsynced"]) {
        harness.arg("--unsynced");
    }
    match given.value("--minutes", 0_u64)? {
        0 => {}
        minutes => drop(harness.arg("--minutes").arg(minutes.to_string())),
    }
    given.finish()?;
    let mut build = workspace.cargo(&["build", "--locked", "-p", "rollcall-cli", "-p", "rollcall-tests", "--bins"]);
    build.args(profile.cargo_arguments());
    if !process::run(&mut build, Show::Live)?.status.success() {
        return Err(Failure::new("The relay could not be built.".to_owned()));
    }
    harness.env("ROLLCALLCTL_BIN", workspace.program(profile, "rollcallctl"));
    if process::run(&mut harness, Show::Live)?.status.success() { Ok(()) } else { Err(Failure::silent()) }
}
