//! A real Postfix of its own: queue, configuration and log in a temporary folder, on a loopback port. Needs root, as
//! Postfix does; no system service is touched.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// A running Postfix; dropping it stops it.
pub struct Postfix {
    /// Where it listens.
    pub address: SocketAddr,
    folder: TempDir,
}

impl Postfix {
    /// Starts one that knows `names` at `domain`, delivers into mailboxes, and refuses everybody else at RCPT (R1).
    #[must_use]
    pub fn knowing(domain: &str, names: &[String]) -> Self {
        let folder = tempfile::Builder::new().prefix("postfix").tempdir().expect("a temporary folder");
        // Postfix's own users have to reach their parts of it.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
        let port = free_port();
        configure(folder.path(), domain, names, port);
        let postfix = Self { address: SocketAddr::from(([127, 0, 0, 1], port)), folder };
        postfix.start();
        postfix
    }

    /// The same, offering STARTTLS with a certificate that nobody signed.
    #[must_use]
    pub fn knowing_with_self_signed_tls(domain: &str, names: &[String]) -> Self {
        let postfix = Self::knowing(domain, names);
        let path = |name: &str| postfix.folder.path().join("etc").join(name);
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=mx.acme.example"])
            .arg("-keyout")
            .arg(path("key.pem"))
            .arg("-out")
            .arg(path("cert.pem"))
            .output()
            .expect("openssl runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut main = fs::read_to_string(path("main.cf")).expect("main.cf");
        main.push_str("smtpd_tls_security_level = may\nsmtpd_tls_loglevel = 1\n");
        main.push_str(&format!("smtpd_tls_cert_file = {}\n", path("cert.pem").display()));
        main.push_str(&format!("smtpd_tls_key_file = {}\n", path("key.pem").display()));
        fs::write(path("main.cf"), main).expect("written");
        postfix.stop();
        postfix.start();
        postfix
    }

    /// Starts it, also after [`Self::stop`].
    pub fn start(&self) {
        self.control("start");
        for _ in 0..200 {
            if TcpStream::connect(self.address).is_ok() {
                return;
            }
            pause(50);
        }
        panic!("postfix does not answer:\n{}", self.log());
    }

    /// Stops it: nothing listens afterwards.
    pub fn stop(&self) {
        self.control("stop");
        for _ in 0..200 {
            if TcpStream::connect(self.address).is_err() {
                return;
            }
            pause(50);
        }
        panic!("postfix does not stop");
    }

    /// Its log.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("maillog")).unwrap_or_default()
    }

    /// The messages in the mailbox of `name`, in no order, each as it was delivered.
    #[must_use]
    pub fn mailbox(&self, name: &str) -> Vec<Vec<u8>> {
        let folder = self.folder.path().join("mail").join(name).join("new");
        let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
        entries.map(|entry| fs::read(entry.expect("an entry").path()).expect("a message")).collect()
    }

    /// How many messages wait in its queue; none once everything is in mailboxes.
    #[must_use]
    pub fn queued(&self) -> usize {
        let output = command("postqueue").args(["-c", &self.config(), "-j"]).output().expect("postqueue runs");
        String::from_utf8_lossy(&output.stdout).lines().filter(|line| !line.trim().is_empty()).count()
    }

    fn config(&self) -> String {
        self.folder.path().join("etc").display().to_string()
    }

    fn control(&self, word: &str) {
        // Its daemons keep what they inherit, so no pipe may wait for its end.
        let status =
            command("postfix").args(["-c", &self.config(), word]).stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.unwrap_or_else(|error| panic!("postfix can't be run ({error}): install Postfix, and run as root"));
    }
}

/// A program of Postfix, also where the administrator's folders are not in the path.
fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.env("PATH", format!("/usr/sbin:{}", std::env::var("PATH").unwrap_or_default())).stdin(Stdio::null());
    command
}

impl Drop for Postfix {
    fn drop(&mut self) {
        self.control("stop");
    }
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

fn configure(folder: &Path, domain: &str, names: &[String], port: u16) {
    let path = |name: &str| -> PathBuf { folder.join(name) };
    for name in ["etc", "queue", "data", "mail"] {
        fs::create_dir_all(path(name)).expect("a folder");
    }
    own(&path("data"), "postfix");
    own(&path("mail"), "mail");
    let mailboxes: String = names.iter().map(|name| format!("{name}@{domain} {name}/\n")).collect();
    fs::write(path("etc/mailboxes"), mailboxes).expect("written");
    fs::write(path("etc/main.cf"), MAIN.replace("{folder}", &folder.display().to_string()).replace("{domain}", domain))
        .expect("written");
    fs::write(path("etc/master.cf"), MASTER.replace("{port}", &port.to_string())).expect("written");
}

fn own(path: &Path, user: &str) {
    let status = Command::new("chown").arg(user).arg(path).status().expect("chown");
    assert!(status.success(), "chown {user}: Postfix's tests need root");
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port()
}

/// Waits for another process, which tells nobody when it is ready.
fn pause(ms: u64) {
    #[expect(clippy::disallowed_methods, reason = "another process has to act; nothing can be awaited")]
    std::thread::sleep(Duration::from_millis(ms));
}

const MAIN: &str = "compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
myhostname = mx.{domain}
mydomain = {domain}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 192.0.2.1/32
local_header_rewrite_clients =
message_drop_headers =
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
virtual_mailbox_domains = {domain}
virtual_mailbox_maps = texthash:$config_directory/mailboxes
virtual_mailbox_base = {folder}/mail
virtual_uid_maps = static:8
virtual_gid_maps = static:8
virtual_minimum_uid = 1
virtual_transport = virtual
smtpd_relay_restrictions =
smtpd_recipient_restrictions = reject_unlisted_recipient, reject_unauth_destination
smtpd_client_connection_rate_limit = 0
smtpd_error_sleep_time = 0
message_size_limit = 60000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
alias_maps =
local_recipient_maps =
";

const MASTER: &str = "127.0.0.1:{port} inet n - n - - smtpd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
smtp      unix  - - n - - smtp
virtual   unix  - n n - - virtual
error     unix  - - n - - error
retry     unix  - - n - - error
showq     unix  n - n - - showq
anvil     unix  - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
";
