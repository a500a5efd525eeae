//! `cargo xtask run`: sets the machine up, builds, and opens the window; without a display the practice office runs in the terminal.

use std::env;
use std::ffi::OsStr;
use std::process::Command;

use crate::process::{self, Show};
use crate::report::{Failure, Steps};
use crate::setup::{self, Purpose};
use crate::ui;
use crate::workspace::{Profile, Workspace};

/// What was asked for.
pub struct Wish {
    /// How to build.
    pub profile: Profile,
    /// Where to show it.
    pub place: Place,
    /// Arguments for the program.
    pub arguments: Vec<String>,
}

/// Where the person sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// The window, or the terminal where there is no display.
    Best,
    /// The practice office in this terminal.
    Terminal,
}

/// Builds and starts.
///
/// # Errors
/// One sentence: what is missing, or which build failed.
pub fn command(workspace: &Workspace, wish: &Wish) -> Result<(), Failure> {
    match wish.place {
        Place::Best if has_display() => window(workspace, wish),
        Place::Best => {
            println!("There is no display here, so the practice office runs in this terminal.");
            terminal(workspace, wish)
        }
        Place::Terminal => terminal(workspace, wish),
    }
}

/// macOS and Windows always have one; elsewhere the session says so.
fn has_display() -> bool {
    let names_one = |key| env::var_os(key).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || names_one("DISPLAY") || names_one("WAYLAND_DISPLAY")
}

fn window(workspace: &Workspace, wish: &Wish) -> Result<(), Failure> {
    let mut steps = Steps::start();
    setup::prepare(workspace, Purpose::Window, &mut steps)?;
    ui::build_if_stale(workspace, &mut steps)?;
    build(workspace, wish.profile, "rollcall", &mut steps)?;
    steps.begin("Starting the window. Closing it leaves Rollcall near the clock; Ctrl-C here ends it.");
    start(process::program(workspace.program(wish.profile, "rollcall")).args(&wish.arguments))
}

fn terminal(workspace: &Workspace, wish: &Wish) -> Result<(), Failure> {
    let mut steps = Steps::start();
    setup::prepare(workspace, Purpose::Terminal, &mut steps)?;
    build(workspace, wish.profile, "rollcall-cli", &mut steps)?;
    let folder = workspace.target().join("practice-office");
    steps.begin(&format!("Starting. Ctrl-C ends it; its data stays in {}.", folder.display()));
    let mut office = process::program(workspace.program(wish.profile, "rollcallctl"));
    start(office.args([OsStr::new("practice"), OsStr::new("--data"), folder.as_os_str()]).args(&wish.arguments))
}

fn build(workspace: &Workspace, profile: Profile, package: &str, steps: &mut Steps) -> Result<(), Failure> {
    steps.begin(&format!("Building {package}. The first time takes some minutes."));
    let mut cargo = workspace.cargo(&["build", "--locked", "--package", package]);
    process::must("The build", cargo.args(profile.cargo_arguments()), Show::OnFailure)?;
    Ok(())
}

/// Becomes the program, so that Ctrl-C and the exit code are its own.
#[cfg(unix)]
fn start(program: &mut Command) -> Result<(), Failure> {
    use std::os::unix::process::CommandExt;
    Err(Failure::io("start the program", &program.stdin(std::process::Stdio::inherit()).exec()))
}

#[cfg(not(unix))]
fn start(program: &mut Command) -> Result<(), Failure> {
    let status = program.status().map_err(|err| Failure::io("start the program", &err))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("The program ended with {status}."))) }
}
