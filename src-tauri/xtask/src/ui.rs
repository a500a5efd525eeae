//! The window's sources: installing what npm locks, and building only when something changed.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::process::{self, Show};
use crate::report::{Failure, Steps};
use crate::workspace::Workspace;

/// Folders inside `ui/` that are made, not written.
const MADE: &[&str] = &["node_modules", "dist", "dist-mock", "tests", "test-results"];

/// Runs `npm ci` when the lock file is newer than what is installed.
///
/// # Errors
/// When npm fails; its last lines are shown.
pub fn install(workspace: &Workspace, steps: &mut Steps) -> Result<(), Failure> {
    steps.begin("npm packages");
    ci(workspace, &workspace.ui(), steps)
}

/// The same for the messages that the tests send; they are installed, never shipped.
///
/// # Errors
/// When npm fails; its last lines are shown.
pub fn install_corpus(workspace: &Workspace, steps: &mut Steps) -> Result<(), Failure> {
    steps.begin("Real messages for the tests");
    ci(workspace, &workspace.root.join("tests/corpus"), steps)
}

fn ci(workspace: &Workspace, folder: &Path, steps: &mut Steps) -> Result<(), Failure> {
    let lock = modified(&folder.join("package-lock.json"));
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if lock.is_some() && installed >= lock {
        steps.note("All there.");
        return Ok(());
    }
    let mut npm = workspace.npm(&["ci", "--no-audit", "--no-fund"]);
    process::must("npm ci", npm.current_dir(folder), Show::OnFailure)?;
    Ok(())
}

/// Builds `ui/dist` when a source is newer than it. The desktop program embeds that folder.
///
/// # Errors
/// When the build fails; its last lines are shown.
pub fn build_if_stale(workspace: &Workspace, steps: &mut Steps) -> Result<(), Failure> {
    steps.begin("Window: build");
    let built = modified(&workspace.ui().join("dist/index.html"));
    if built.is_some() && built >= newest(&workspace.ui()) {
        steps.note("Up to date.");
        return Ok(());
    }
    process::must("Building the window", &mut workspace.npm(&["run", "build"]), Show::OnFailure)?;
    Ok(())
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|found| found.modified()).ok()
}

/// The newest change below a folder, leaving out what is made.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?;
    entries
        .flatten()
        .filter(|entry| !MADE.iter().any(|made| entry.file_name() == *made))
        .filter_map(|entry| {
            let path = entry.path();
            if path.is_dir() { newest(&path) } else { modified(&path) }
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_written_files_make_a_build_stale() {
        let folder = std::env::temp_dir().join(format!("rollcall-xtask-ui-{}", std::process::id()));
        fs::create_dir_all(folder.join("src/lib")).unwrap();
        fs::create_dir_all(folder.join("node_modules")).unwrap();
        let hour = |n: u64| SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(n * 3600);
        for (name, at) in [("src/lib/a.ts", hour(2)), ("index.html", hour(1)), ("node_modules/b.js", hour(9))] {
            let file = fs::File::create(folder.join(name)).unwrap();
            file.set_modified(at).unwrap();
        }

        let found = newest(&folder);

        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found, Some(hour(2)), "the newest source, not the newer package");
    }
}
