//! Servers for the tests: mail servers that cannot be installed beside Postfix are downloaded and unpacked, an Active
//! Directory is provisioned once.
//!
//! **Limits**: Debian and its relatives, as root; elsewhere the tests that want them say what is missing.

use crate::process::{self, Show};
use crate::report::{Failure, Steps};
use crate::workspace::Workspace;

/// Exim and OpenSMTPD, where `tests/peers/unpack.sh` puts them, GNOME Keyring, where `tests/peers/keyring.sh` puts it, and
/// the small office's Active Directory, where `tests/peers/directory/samba.sh` puts it.
///
/// # Errors
/// When a package cannot be downloaded or a server cannot be made; the last lines are shown.
pub fn prepare(workspace: &Workspace, steps: &mut Steps) -> Result<(), Failure> {
    steps.begin("Servers for the tests");
    if !process::exists("apt-get") || process::answer("id", &["-u"]).as_deref() != Some("0") {
        steps.note("Left out: they need Debian and root.");
        return Ok(());
    }
    for (what, script) in [
        ("Unpacking Exim and OpenSMTPD", "tests/peers/unpack.sh"),
        ("Unpacking GNOME Keyring", "tests/peers/keyring.sh"),
        ("Provisioning an Active Directory", "tests/peers/directory/samba.sh"),
    ] {
        let mut shell = process::program("sh");
        shell.env("PYTHONDONTWRITEBYTECODE", "1").arg(workspace.root.join(script));
        process::must(what, &mut shell, Show::OnFailure)?;
    }
    Ok(())
}
