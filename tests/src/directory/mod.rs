//! Real directories with the same small office in each, and what goes wrong on the way to them.

pub mod forward;
pub mod line;
pub mod office;
pub mod openldap;
pub mod samba;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A script or a schema of `tests/peers/directory`.
fn peer_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/directory").join(name)
}

/// Debian's Python, which leaves nothing beside the scripts.
fn python(script: &str) -> Command {
    let mut command = Command::new("/usr/bin/python3");
    command.env("PYTHONDONTWRITEBYTECODE", "1").arg(peer_file(script));
    command
}

/// Makes the changes of `ldif` at `url`, as `name` with `password`.
///
/// # Panics
/// When one is refused.
fn modify(url: &str, name: &str, password: &str, ldif: &str) {
    let mut child = Command::new("ldapmodify")
        .env("LDAPTLS_REQCERT", "never")
        .args(["-x", "-H", url, "-D", name, "-w", password])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("ldapmodify runs");
    child.stdin.take().expect("a pipe").write_all(ldif.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
