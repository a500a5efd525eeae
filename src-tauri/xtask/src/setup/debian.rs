//! Debian packages: which are missing, and installing exactly those.

use std::collections::HashSet;
use std::process::{Command, Stdio};

use crate::process::{self, Show};
use crate::report::{Failure, Steps};

const INSTALL: &str = include_str!("debian_install.sh");

/// The packages of `wanted` that are not installed.
pub fn missing(wanted: Vec<&'static str>) -> Vec<&'static str> {
    let listing = process::program("dpkg-query")
        .args(["--show", "--showformat", "${Package} ${db:Status-Status}\n"])
        .args(&wanted)
        .stderr(Stdio::null())
        .output();
    // dpkg-query fails when one of the names is unknown to it, and still lists the others.
    let listing = listing.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    not_installed(wanted, &listing)
}

/// Installs packages as root or through sudo without a password.
///
/// # Errors
/// When this account may not install: one sentence with the command for someone who may. When apt-get fails: its last lines are shown.
pub fn install(packages: &[&str], steps: &Steps) -> Result<(), Failure> {
    if packages.is_empty() {
        steps.note("All there.");
        return Ok(());
    }
    let Some(mut shell) = root_shell() else {
        return Err(Failure::new(format!(
            "Debian packages are missing and this account may not install them. Run this, then try again: {}",
            by_hand(packages)
        )));
    };
    steps.note(&format!("Installing {} with what they need: {}", packages.len(), packages.join(" ")));
    process::must("Installing Debian packages", shell.args(["-c", INSTALL, "sh"]).args(packages), Show::OnFailure)?;
    Ok(())
}

/// A shell with the rights of root, if this account can have one without being asked.
fn root_shell() -> Option<Command> {
    if process::answer("id", &["-u"])? == "0" {
        return Some(process::program("sh"));
    }
    process::answer("sudo", &["-n", "true"])?;
    let mut command = process::program("sudo");
    command.args(["-n", "sh"]);
    Some(command)
}

/// The command for a person who may install.
fn by_hand(packages: &[&str]) -> String {
    format!("sudo apt-get install --no-install-recommends {}", packages.join(" "))
}

/// `listing` has a line "name status" for each package that dpkg knows.
fn not_installed(wanted: Vec<&'static str>, listing: &str) -> Vec<&'static str> {
    let installed: HashSet<&str> = listing.lines().filter_map(|line| line.strip_suffix(" installed")).collect();
    wanted.into_iter().filter(|name| !installed.contains(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removed_half_installed_and_unknown_packages_are_missing() {
        let listing = "gcc installed\nxvfb config-files\nopenbox half-configured\n";

        assert_eq!(not_installed(vec!["gcc", "xvfb", "openbox", "dunst"], listing), ["xvfb", "openbox", "dunst"]);
    }

    #[test]
    fn the_command_for_a_person_names_exactly_the_missing_packages() {
        assert_eq!(by_hand(&["xvfb", "dunst"]), "sudo apt-get install --no-install-recommends xvfb dunst");
    }

    #[test]
    fn installing_never_removes_a_package_and_always_lifts_the_guard() {
        assert!(INSTALL.contains("--no-remove"), "a machine may have another mail server");
        assert!(INSTALL.contains("trap 'rm -f \"$guard\"' EXIT"));
    }
}
