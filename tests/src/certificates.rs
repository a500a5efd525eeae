//! Certificates as servers show them: right, expired, for another name, and signed by nobody.

use std::fs;
use std::path::Path;
use std::process::Command;

/// An authority, and in `folder` certificates for localhost with their keys: `server`, `expired`, `wrong` (another name),
/// all signed by `ca`, and `self`, which nobody else signed.
///
/// # Panics
/// When OpenSSL is missing.
pub fn make(folder: &Path) {
    const NEW: &str = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    openssl(folder, &format!("req -x509 {NEW} -days 30 -subj /CN=Authority -keyout ca.key -out ca.pem"));
    openssl(
        folder,
        &format!("req -x509 {NEW} -days 30 -subj /CN=localhost -addext {LOCALHOST} -keyout self.key -out self.pem"),
    );
    for (name, host) in [("server", LOCALHOST), ("expired", LOCALHOST), ("wrong", ELSEWHERE)] {
        openssl(folder, &format!("req {NEW} -subj /CN={name} -addext {host} -keyout {name}.key -out {name}.csr"));
    }
    for name in ["server", "wrong"] {
        let signed = "-CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copyall -days 30";
        openssl(folder, &format!("x509 -req -in {name}.csr {signed} -out {name}.pem"));
    }
    // Only `openssl ca` signs for days that are over.
    fs::write(folder.join("ca.conf"), AUTHORITY).expect("written");
    fs::write(folder.join("index"), "").expect("written");
    let days = "-startdate 20200101000000Z -enddate 20200201000000Z";
    let signed = "-batch -notext -create_serial -rand_serial -cert ca.pem -keyfile ca.key";
    openssl(folder, &format!("ca -config ca.conf {signed} {days} -in expired.csr -out expired.pem"));
}

const AUTHORITY: &str = "[ca]
default_ca = here
[here]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
copy_extensions = copyall
[any]
commonName = supplied
";

// The second name is that of the domain controller of the tests.
const LOCALHOST: &str = "subjectAltName=DNS:localhost,DNS:dc1.ad.office.test";
const ELSEWHERE: &str = "subjectAltName=DNS:elsewhere.example";

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").current_dir(folder).args(arguments.split(' ')).output().expect("openssl runs");
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
}
