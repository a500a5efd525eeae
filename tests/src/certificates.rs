//! Certificates as servers show them: right, expired, for another name, and signed by nobody.

use std::path::Path;
use std::process::Command;

/// An authority, and in `folder` certificates for localhost with their keys: `server`, `expired`, `wrong` (another name),
/// all signed by `ca`, and `self`, which nobody else signed.
///
/// # Panics
/// When OpenSSL is missing.
pub fn make(folder: &Path) {
    const NEW: &str = "-newkey rsa:2048 -nodes";
    openssl(folder, &format!("req -x509 {NEW} -days 30 -subj /CN=Authority -keyout ca.key -out ca.pem"));
    openssl(
        folder,
        &format!("req -x509 {NEW} -days 30 -subj /CN=localhost -addext {LOCALHOST} -keyout self.key -out self.pem"),
    );
    for (name, days, host) in [("server", 30, LOCALHOST), ("expired", -1, LOCALHOST), ("wrong", 30, ELSEWHERE)] {
        openssl(folder, &format!("req {NEW} -subj /CN={name} -addext {host} -keyout {name}.key -out {name}.csr"));
        let signed = "-CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copyall";
        openssl(folder, &format!("x509 -req -in {name}.csr {signed} -days {days} -out {name}.pem"));
    }
}

// The second name is that of the domain controller of the tests.
const LOCALHOST: &str = "subjectAltName=DNS:localhost,DNS:dc1.ad.office.test";
const ELSEWHERE: &str = "subjectAltName=DNS:elsewhere.example";

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").current_dir(folder).args(arguments.split(' ')).output().expect("openssl runs");
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
}
