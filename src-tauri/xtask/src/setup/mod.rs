//! `cargo xtask setup`: whatever a bare machine lacks for a purpose, installed once.
//!
//! Debian 12 and its relatives are set up completely. Elsewhere the missing pieces are named.
//!
//! **Invariant**: nothing is installed that is already there, no package is removed, no service is started.

mod debian;
mod packages;
mod peers;
mod tools;

use crate::process::{self, Show};
use crate::report::{Failure, Steps};
use crate::ui;
use crate::workspace::Workspace;

pub use packages::Purpose;

/// Installs what `purpose` needs and checks the versions of the tools.
///
/// # Errors
/// One sentence: what is missing and the command that brings it.
pub fn prepare(workspace: &Workspace, purpose: Purpose, steps: &mut Steps) -> Result<(), Failure> {
    if cfg!(target_os = "linux") {
        system_packages(purpose, steps)?;
    }
    steps.begin("Tools");
    for sentence in tools::check(purpose)? {
        steps.note(&sentence);
    }
    match purpose {
        Purpose::Window => ui::install(workspace, steps),
        Purpose::Test => {
            ui::install(workspace, steps)?;
            ui::install_corpus(workspace, steps)?;
            peers::prepare(workspace, steps)
        }
        Purpose::Terminal => Ok(()),
    }
}

fn system_packages(purpose: Purpose, steps: &mut Steps) -> Result<(), Failure> {
    steps.begin("System packages");
    if process::exists("dpkg-query") && process::exists("apt-get") {
        return debian::install(&debian::missing(purpose.debian_packages()), steps);
    }
    let libraries = purpose.pkg_config_names();
    let absent: Vec<_> =
        libraries.iter().copied().filter(|name| process::answer("pkg-config", &["--exists", name]).is_none()).collect();
    if absent.is_empty() {
        steps.note("This is not Debian; the libraries are there. Programs that the tests start are your own care.");
        return Ok(());
    }
    Err(Failure::new(format!(
        "This is not Debian, so install these libraries with their headers first: {} (pkg-config names).",
        absent.join(", ")
    )))
}

/// The whole command.
///
/// # Errors
/// As [`prepare`].
pub fn command(workspace: &Workspace) -> Result<(), Failure> {
    let mut steps = Steps::start();
    prepare(workspace, Purpose::Test, &mut steps)?;
    process::must("Fetching crates", &mut workspace.cargo(&["fetch", "--locked"]), Show::OnFailure)?;
    println!("This machine is ready after {:.0} s.", steps.seconds());
    Ok(())
}
