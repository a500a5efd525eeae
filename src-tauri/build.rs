//! Embeds the window and checks what it may call.
//!
//! **Invariant.** Every command of the bridge is declared here, so that a misspelt or missing permission in
//! `src-tauri/capabilities` fails the build instead of a click.
//!
//! **Limits.** `ui/dist` has to exist: `cargo xtask run` and `cargo xtask test` build the window first.

use tauri_build::{Attributes, InlinedPlugin};

fn main() {
    // The working directory is the package root, where tauri.conf.json lies.
    let attributes = Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/**/*")
        .plugin("engine", InlinedPlugin::new().commands(&["query", "command", "subscribe"]))
        .plugin(
            "files",
            InlinedPlugin::new().commands(&["save_mail_log", "save_people", "save_people_report", "save_backup"]),
        )
        .plugin(
            "house",
            InlinedPlugin::new().commands(&["current", "open", "restore_begin", "restore_add", "restore"]),
        );
    if let Err(error) = tauri_build::try_build(attributes) {
        panic!("the desktop app cannot be built: {error:#}");
    }
}
