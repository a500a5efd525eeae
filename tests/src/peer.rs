//! What the mail servers of others have in common here: a folder that goes with them, a free port, a process that ends
//! with them, mailboxes, and programs that are unpacked instead of installed.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// Sender of the messages to peers.
pub const SENDER: &str = "sender@outside.example";

/// A child process that is killed when it is dropped.
pub struct Process(Child);

impl Process {
    /// Starts it without input; what it says goes to `log`.
    ///
    /// # Panics
    /// When it can't be started.
    #[must_use]
    pub fn start(command: &mut Command, log: &Path) -> Self {
        let file = fs::File::create(log).expect("a log");
        let errors = file.try_clone().expect("a log");
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.stdin(Stdio::null()).stdout(file).stderr(errors).spawn();
        Self(child.unwrap_or_else(|error| panic!("{name} can't be run: {error}")))
    }

    /// Asks it to end, and waits; for programs that end their own children.
    pub fn end(&mut self) {
        drop(Command::new("kill").arg(self.0.id().to_string()).status());
        for _ in 0..100 {
            if matches!(self.0.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            pause(20);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A temporary folder that other accounts may enter.
#[must_use]
pub fn folder(name: &str) -> TempDir {
    let folder = tempfile::Builder::new().prefix(name).tempdir().expect("a temporary folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
    folder
}

/// Makes `path` and gives it to `account`.
pub fn folder_of(path: &Path, account: &str) {
    fs::create_dir_all(path).expect("a folder");
    let status = Command::new("chown").arg(account).arg(path).status().expect("chown");
    assert!(status.success(), "chown {account}: mail servers' tests need root");
}

/// A loopback address with a port that was free a moment ago.
#[must_use]
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port")
}

/// Waits until something listens there.
///
/// # Panics
/// With `log` when nothing does after ten seconds.
pub fn wait_for(address: SocketAddr, log: &Path) {
    for _ in 0..500 {
        if TcpStream::connect(address).is_ok() {
            return;
        }
        pause(20);
    }
    panic!("nothing listens at {address}:\n{}", fs::read_to_string(log).unwrap_or_default());
}

/// A certificate that nobody else signed: certificate and key, in PEM.
#[must_use]
pub fn self_signed(folder: &Path, host: &str) -> (PathBuf, PathBuf) {
    let (certificate, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", &format!("/CN={host}")])
        .args(["-addext", &format!("subjectAltName=DNS:{host},DNS:localhost,IP:127.0.0.1")])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .expect("openssl runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    (certificate, key)
}

/// The messages in the Maildir `folder`, in no order, each as it was delivered.
#[must_use]
pub fn mailbox(folder: &Path) -> Vec<Vec<u8>> {
    let Ok(entries) = fs::read_dir(folder.join("new")) else { return Vec::new() };
    entries.map(|entry| fs::read(entry.expect("an entry").path()).expect("a message")).collect()
}

/// Waits until `count` messages are in the mailbox that `look` reads, and returns them.
///
/// # Panics
/// When they are not there after ten seconds.
pub fn wait_for_mail(count: usize, look: impl Fn() -> Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    for _ in 0..500 {
        let found = look();
        if found.len() >= count {
            return found;
        }
        pause(20);
    }
    panic!("only {} of {count} messages arrived", look().len());
}

/// Mailboxes keep LF line ends; what was sent had CRLF.
#[must_use]
pub fn with_crlf(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + message.len() / 30);
    for byte in message {
        if *byte == b'\n' {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    out
}

/// Where Exim and OpenSMTPD are unpacked. They are fetched when they are missing.
///
/// # Panics
/// When they can't be downloaded.
#[must_use]
pub fn unpacked() -> PathBuf {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/unpack.sh");
    let output = Command::new("sh").arg(script).output().expect("sh runs");
    assert!(output.status.success(), "no Exim or OpenSMTPD: {}", String::from_utf8_lossy(&output.stderr));
    PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
}

/// Waits for another process, which tells nobody when it is ready.
pub fn pause(ms: u64) {
    #[expect(clippy::disallowed_methods, reason = "another process has to act; nothing can be awaited")]
    std::thread::sleep(Duration::from_millis(ms));
}
