//! Checks that need no running product: formatting, lints, types, licences.

use std::process::Command;

use crate::process::{self, Show};
use crate::report::{Failure, Steps};
use crate::setup::{self, Purpose};
use crate::ui;
use crate::workspace::Workspace;

/// One check: its name and the program that fails when something is wrong.
pub struct Check {
    /// As announced.
    pub name: &'static str,
    /// Succeeds when all is well.
    pub command: Command,
}

/// Formatting of Rust, then style and types of the window's sources.
pub fn quick(workspace: &Workspace) -> Vec<Check> {
    vec![
        Check { name: "Rust: format", command: workspace.cargo(&["fmt", "--all", "--check"]) },
        Check { name: "Window: eslint and prettier", command: workspace.npm(&["run", "lint"]) },
        Check { name: "Window: svelte-check", command: workspace.npm(&["run", "check"]) },
    ]
}

/// Lints of all Rust, every warning an error, and the licences of what we depend on if cargo-deny is installed.
pub fn thorough(workspace: &Workspace) -> Vec<Check> {
    let clippy = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    let mut checks = vec![Check { name: "Rust: clippy", command: workspace.cargo(&clippy) }];
    if has_cargo_deny() {
        let deny = ["deny", "--workspace", "--locked", "check", "licenses", "bans", "sources"];
        checks.push(Check { name: "Licences and banned crates: cargo-deny", command: workspace.cargo(&deny) });
    }
    checks
}

/// Whether licences can be checked here.
pub fn has_cargo_deny() -> bool {
    process::answer("cargo", &["deny", "--version"]).is_some()
}

/// What to say when they cannot.
pub const NO_CARGO_DENY: &str = "Licences and banned crates are not checked, because cargo-deny is not installed: cargo install --locked cargo-deny";

/// `cargo xtask lint`: all checks, every finding, then one verdict.
///
/// # Errors
/// Names the checks that found something.
pub fn command(workspace: &Workspace) -> Result<(), Failure> {
    let mut steps = Steps::start();
    setup::prepare(workspace, Purpose::Window, &mut steps)?;
    ui::build_if_stale(workspace, &mut steps)?; // the desktop program embeds it, so clippy needs it
    let mut found = Vec::new();
    for Check { name, mut command } in quick(workspace).into_iter().chain(thorough(workspace)) {
        steps.begin(name);
        if !process::run(&mut command, Show::OnFailure)?.status.success() {
            found.push(name);
        }
    }
    if !has_cargo_deny() {
        println!("{NO_CARGO_DENY}");
    }
    if found.is_empty() {
        println!("Nothing found in {:.0} s.", steps.seconds());
        Ok(())
    } else {
        Err(Failure::new(format!("Something to mend in: {}.", found.join(", "))))
    }
}
