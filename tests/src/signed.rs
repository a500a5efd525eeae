//! Messages signed by dkimpy, which nobody here wrote.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// `content` with a DKIM signature of `domain` in front, and the TXT record of its key: name and text.
///
/// # Panics
/// When Python, dkimpy or OpenSSL is missing.
#[must_use]
pub fn signed(domain: &str, content: &[u8]) -> (Vec<u8>, (String, String)) {
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("key.pem");
    openssl(&["genrsa", "-traditional", "-out", &key.display().to_string(), "2048"]);
    let public = openssl(&["rsa", "-in", &key.display().to_string(), "-pubout"]);
    let public: String = public.lines().filter(|line| !line.starts_with("-----")).collect();
    let mut message = sign(domain, &key, content);
    message.extend_from_slice(content);
    (message, (format!("test._domainkey.{domain}"), format!("v=DKIM1; k=rsa; p={public}")))
}

/// The header field.
fn sign(domain: &str, key: &Path, content: &[u8]) -> Vec<u8> {
    let mut child = Command::new("/usr/bin/python3")
        .args(["-c", SIGN, domain])
        .arg(key)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 runs");
    child.stdin.take().expect("a pipe").write_all(content).expect("written");
    let output = child.wait_with_output().expect("python3 ends");
    assert!(output.status.success(), "dkimpy signs (Debian: python3-dkim)");
    output.stdout
}

fn openssl(arguments: &[&str]) -> String {
    let output = Command::new("openssl").args(arguments).output().expect("openssl runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

const SIGN: &str = r#"
import sys, dkim
domain, key = sys.argv[1].encode(), open(sys.argv[2], "rb").read()
signature = dkim.sign(sys.stdin.buffer.read(), b"test", domain, key, canonicalize=(b"relaxed", b"relaxed"))
sys.stdout.buffer.write(signature)
"#;
