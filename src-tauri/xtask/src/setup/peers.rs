//! Mail servers for the tests that cannot be installed beside Postfix: downloaded and unpacked.
//!
//! **Limits**: Debian and its relatives, as root; elsewhere the tests that want them say what is missing.

use crate::process::{self, Show};
use crate::report::{Failure, Steps};
use crate::workspace::Workspace;

/// Exim and OpenSMTPD, where `tests/peers/unpack.sh` puts them.
///
/// # Errors
/// When a package cannot be downloaded; the last lines are shown.
pub fn unpack(workspace: &Workspace, steps: &mut Steps) -> Result<(), Failure> {
    steps.begin("Mail servers to unpack");
    if !process::exists("apt-get") || process::answer("id", &["-u"]).as_deref() != Some("0") {
        steps.note("Left out: they need Debian and root.");
        return Ok(());
    }
    let script = workspace.root.join("tests/peers/unpack.sh");
    let mut shell = process::program("sh");
    process::must("Unpacking Exim and OpenSMTPD", shell.arg(script), Show::OnFailure)?;
    Ok(())
}
