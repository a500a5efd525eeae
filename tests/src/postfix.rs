//! A real Postfix of its own: queue, configuration and log in a temporary folder, on a loopback port. Needs root, as
//! Postfix does; no system service is touched.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::peer::{self, Process};

/// A running Postfix; dropping it stops it.
pub struct Postfix {
    /// Where it listens.
    pub address: SocketAddr,
    folder: TempDir,
    /// Its greylisting, if it has one.
    _greylist: Option<Process>,
}

impl Postfix {
    /// Starts one that knows `names` at `domain`, delivers into mailboxes, and refuses everybody else at RCPT (R1).
    #[must_use]
    pub fn knowing(domain: &str, names: &[String]) -> Self {
        Self::running(Self::made(domain, &mailboxes(domain, names), CHECKED))
    }

    /// The same, offering STARTTLS with a certificate that nobody signed.
    #[must_use]
    pub fn knowing_with_self_signed_tls(domain: &str, names: &[String]) -> Self {
        let postfix = Self::made(domain, &mailboxes(domain, names), CHECKED);
        let (certificate, key) = peer::self_signed(postfix.folder.path(), "mx.acme.example");
        postfix.configure(&format!(
            "smtpd_tls_security_level = may\nsmtpd_tls_loglevel = 1\nsmtpd_tls_cert_file = {}\nsmtpd_tls_key_file = {}\n",
            certificate.display(),
            key.display()
        ));
        Self::running(postfix)
    }

    /// One that takes everybody at RCPT and bounces unknown people afterwards, to `bounces` (R2).
    #[must_use]
    pub fn bouncing_later(domain: &str, names: &[String], bounces: SocketAddr) -> Self {
        let next = format!("smtp:[{}]:{}", bounces.ip(), bounces.port());
        let settings = format!("{UNCHECKED}default_transport = {next}\n");
        Self::running(Self::made(domain, &mailboxes(domain, names), &settings))
    }

    /// One that takes everybody at `domain` and puts it into the mailbox of `name` (R3, a true catch-all).
    #[must_use]
    pub fn catching_all(domain: &str, name: &str) -> Self {
        Self::running(Self::made(domain, &format!("@{domain} {name}/\n"), CHECKED))
    }

    /// One that answers `450` to whom it does not know yet, before it looks at the recipient, for `delay` seconds (R5).
    #[must_use]
    pub fn greylisting(domain: &str, names: &[String], delay: u32) -> Self {
        let mut postfix = Self::made(domain, &mailboxes(domain, names), "");
        let (state, log) = (postfix.folder.path().join("grey"), postfix.folder.path().join("grey.log"));
        peer::folder_of(&state, "postgrey");
        fs::write(postfix.folder.path().join("nobody"), "").expect("written");
        let address = peer::free_address();
        let mut command = command("postgrey");
        command
            .arg(format!("--inet={address}"))
            .arg(format!("--dbdir={}", state.display()))
            .arg(format!("--delay={delay}"))
            .args(["--user=postgrey", "--group=postgrey", "--auto-whitelist-clients=0", "--greylist-action=DEFER"])
            .arg(format!("--whitelist-clients={}/nobody", postfix.folder.path().display()))
            .arg(format!("--whitelist-recipients={}/nobody", postfix.folder.path().display()));
        postfix._greylist = Some(Process::start(&mut command, &log));
        peer::wait_for(address, &log);
        postfix.configure(&format!(
            "smtpd_recipient_restrictions = check_policy_service inet:{address}, reject_unlisted_recipient, \
             reject_unauth_destination\n"
        ));
        Self::running(postfix)
    }

    /// One that passes on whatever it gets from this computer to `next`: over TLS with any certificate, or in clear.
    #[must_use]
    pub fn sending_to(next: SocketAddr, encrypted: bool) -> Self {
        let level = if encrypted { "encrypt" } else { "none" };
        let settings = format!(
            "mynetworks = 127.0.0.0/8\nsmtpd_recipient_restrictions = permit_mynetworks, reject\n\
             relayhost = [{}]:{}\nsmtp_tls_security_level = {level}\nsmtp_tls_loglevel = 1\n",
            next.ip(),
            next.port()
        );
        Self::running(Self::made("sending.example", "", &settings))
    }

    /// Its folder, configured with `settings` beside the common ones, not running yet.
    fn made(domain: &str, mailboxes: &str, settings: &str) -> Self {
        let (folder, address) = (peer::folder("postfix"), peer::free_address());
        let path = |name: &str| folder.path().join(name);
        for name in ["etc", "queue"] {
            fs::create_dir_all(path(name)).expect("a folder");
        }
        peer::folder_of(&path("data"), "postfix");
        peer::folder_of(&path("mail"), "mail");
        fs::write(path("etc/mailboxes"), mailboxes).expect("written");
        let main = MAIN.replace("{folder}", &folder.path().display().to_string()).replace("{domain}", domain);
        fs::write(path("etc/main.cf"), main).expect("written");
        fs::write(path("etc/master.cf"), MASTER.replace("{port}", &address.port().to_string())).expect("written");
        let postfix = Self { address, folder, _greylist: None };
        postfix.configure(settings);
        postfix
    }

    /// Adds lines to its configuration.
    fn configure(&self, settings: &str) {
        let path = self.folder.path().join("etc/main.cf");
        let main = fs::read_to_string(&path).expect("main.cf");
        fs::write(path, main + settings).expect("written");
    }

    fn running(postfix: Self) -> Self {
        postfix.start();
        postfix
    }

    /// From now on it knows `names` at `domain` and nobody else, as if the others' mailboxes had been deleted. It is started
    /// again, because a process with an open connection goes by the list that it has read.
    pub fn know_only(&self, domain: &str, names: &[String]) {
        self.stop();
        fs::write(self.folder.path().join("etc/mailboxes"), mailboxes(domain, names)).expect("written");
        self.start();
    }

    /// Starts it, also after [`Self::stop`].
    pub fn start(&self) {
        self.control("start");
        for _ in 0..200 {
            if TcpStream::connect(self.address).is_ok() {
                return;
            }
            peer::pause(50);
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
            peer::pause(50);
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
        peer::mailbox(&self.folder.path().join("mail").join(name))
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

fn mailboxes(domain: &str, names: &[String]) -> String {
    names.iter().map(|name| format!("{name}@{domain} {name}/\n")).collect()
}

const CHECKED: &str = "smtpd_recipient_restrictions = reject_unlisted_recipient, reject_unauth_destination\n";

const UNCHECKED: &str =
    "smtpd_recipient_restrictions = reject_unauth_destination\nsmtpd_reject_unlisted_recipient = no\n";

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
smtp_host_lookup = native
smtpd_relay_restrictions =
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
