//! `cargo xtask bundle`: the installer of this system.
//!
//! **Limits**: each system builds its own kind. Nothing is signed here; the AppImage needs downloads and is not made.

use std::path::PathBuf;

use crate::process::{self, Show};
use crate::report::{Failure, Steps};
use crate::setup::{self, Purpose};
use crate::ui;
use crate::workspace::{Profile, Workspace};

/// The kind of installer of this system.
const KIND: &str = if cfg!(target_os = "macos") {
    "dmg"
} else if cfg!(windows) {
    "nsis"
} else {
    "deb"
};

/// Builds the programs for release and packs them.
///
/// # Errors
/// When a build fails or Tauri's bundler is missing.
pub fn command(workspace: &Workspace) -> Result<(), Failure> {
    let mut steps = Steps::start();
    setup::prepare(workspace, Purpose::Window, &mut steps)?;
    ui::build_if_stale(workspace, &mut steps)?;
    steps.begin("Building the programs for release. The first time takes about ten minutes.");
    let build = ["build", "--release", "--locked", "--package", "rollcall", "--package", "rollcall-cli"];
    process::must("The build", &mut workspace.cargo(&build), Show::OnFailure)?;
    steps.begin(&format!("Packing: {KIND}"));
    let mut bundler = process::program(bundler(workspace));
    bundler.current_dir(&workspace.root).args(["bundle", "--bundles", KIND, "--ci"]);
    if KIND == "deb" {
        bundler.args(["--config", &command_line_config(workspace)]);
    }
    process::must("Packing", &mut bundler, Show::Live)?;
    println!("The installer is in {}.", workspace.target().join("release/bundle").join(KIND).display());
    println!(
        "Other systems build their own: Windows an installer (nsis), macOS a disk image (dmg), with this same command there."
    );
    Ok(())
}

/// Tauri's command line, as npm installs it.
fn bundler(workspace: &Workspace) -> PathBuf {
    workspace.ui().join("node_modules/.bin").join(if cfg!(windows) { "tauri.cmd" } else { "tauri" })
}

/// Puts the command line program beside the desktop program.
fn command_line_config(workspace: &Workspace) -> String {
    let program = workspace.program(Profile::Release, "rollcallctl");
    let path = program.to_string_lossy().replace('\\', "\\\\").replace('"', "\\\"");
    format!(r#"{{"bundle":{{"linux":{{"deb":{{"files":{{"/usr/bin/rollcallctl":"{path}"}}}}}}}}}}"#)
}
