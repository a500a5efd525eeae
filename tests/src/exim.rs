//! A real Exim of its own, unpacked and not installed: as the office's mail server and as a sending one.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::peer::{self, Process};

const ACCOUNT: &str = "Debian-exim";

/// When it says that it does not know somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refuses {
    /// To RCPT.
    AtRcpt,
    /// To the content, because the check is in `acl_smtp_data` (R4).
    AtData,
}

/// A running Exim; dropping it stops it.
pub struct Exim {
    /// Where it listens.
    pub address: SocketAddr,
    folder: TempDir,
    _process: Process,
}

impl Exim {
    /// One that delivers to `names` at `domain` and refuses others; it offers STARTTLS.
    #[must_use]
    pub fn knowing(domain: &str, names: &[&str], refuses: Refuses) -> Self {
        Self::knowing_at(peer::free_address(), domain, names, refuses)
    }

    /// The same at `address`, where nothing was listening before.
    #[must_use]
    pub fn knowing_at(address: SocketAddr, domain: &str, names: &[&str], refuses: Refuses) -> Self {
        let known: String = names.iter().map(|name| format!("{name}@{domain}: {name}\n")).collect();
        let acl = match refuses {
            Refuses::AtRcpt => ACL_AT_RCPT,
            Refuses::AtData => ACL_AT_DATA,
        };
        Self::start(address, &known, &format!("domainlist local_domains = {domain}\n{acl}{MAILBOXES}"))
    }

    /// One that passes on whatever it gets to `next`: over TLS with any certificate, or in clear.
    #[must_use]
    pub fn sending_to(next: SocketAddr, encrypted: bool) -> Self {
        let tls = if encrypted { "hosts_require_tls = *" } else { "hosts_avoid_tls = *" };
        let port = next.port().to_string();
        Self::start(
            peer::free_address(),
            "",
            &SENDING.replace("{next}", &next.ip().to_string()).replace("{port}", &port).replace("{tls}", tls),
        )
    }

    fn start(address: SocketAddr, known: &str, rest: &str) -> Self {
        let programs = peer::unpacked();
        let folder = peer::folder("exim");
        let path = folder.path().display().to_string();
        for name in ["spool", "log", "mail"] {
            peer::folder_of(&folder.path().join(name), ACCOUNT);
        }
        let (certificate, key) = peer::self_signed(folder.path(), "mx.exim.example");
        for file in [&certificate, &key] {
            assert!(Command::new("chown").arg(ACCOUNT).arg(file).status().expect("chown").success());
        }
        fs::write(folder.path().join("known"), known).expect("written");
        let configuration = (MAIN.to_owned() + rest)
            .replace("{folder}", &path)
            .replace("{exim}", &programs.join("usr/sbin/exim4").display().to_string())
            .replace("{listen}", &address.port().to_string());
        let file = folder.path().join("exim.conf");
        fs::write(&file, configuration).expect("written");
        let mut command = Command::new(programs.join("usr/sbin/exim4"));
        command.arg("-C").arg(&file).args(["-bdf", "-q1m"]);
        let said = folder.path().join("said");
        let process = Process::start(&mut command, &said);
        peer::wait_for(address, &said);
        Self { address, folder, _process: process }
    }

    /// The messages in the mailbox of `name`, in no order, each as it was delivered.
    #[must_use]
    pub fn mailbox(&self, name: &str) -> Vec<Vec<u8>> {
        peer::mailbox(&self.folder.path().join("mail").join(name))
    }

    /// Its main log.
    #[must_use]
    pub fn log(&self) -> String {
        read(&self.folder.path().join("log/mainlog")) + &read(&self.folder.path().join("log/rejectlog"))
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

const MAIN: &str = "primary_hostname = mx.exim.example
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
pid_file_path = {folder}/pid
daemon_startup_retries = 0
exim_path = {exim}
exim_user = Debian-exim
exim_group = Debian-exim
never_users =
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = acl_data
host_lookup =
rfc1413_query_timeout = 0s
dns_ipv4_lookup = *
disable_ipv6 = true
local_interfaces = 127.0.0.1
daemon_smtp_ports = {listen}
tls_advertise_hosts = *
tls_certificate = {folder}/cert.pem
tls_privatekey = {folder}/key.pem
message_size_limit = 60M
smtp_accept_max = 200
smtp_accept_max_per_connection = 100000
smtp_accept_queue_per_connection = 0
chunking_advertise_hosts = *
smtputf8_advertise_hosts = *
accept_8bitmime = true
";

const ACL_AT_RCPT: &str = "begin acl
acl_rcpt:
  require message = relay not permitted
          domains = +local_domains
  require verify = recipient
  accept
acl_data:
  accept
";

const ACL_AT_DATA: &str = "begin acl
acl_rcpt:
  require message = relay not permitted
          domains = +local_domains
  accept
acl_data:
  deny message = 550 5.1.1 Recipient unknown
       condition = ${if forany{<, $recipients}{!bool{${lookup{${lc:$item}}lsearch{{folder}/known}{true}{false}}}}}
  accept
";

// The folder comes out of the lookup: Exim refuses a name that a client chose (it is \"tainted\").
const MAILBOXES: &str = "begin routers
mailboxes:
  driver = accept
  domains = +local_domains
  address_data = ${lookup{${lc:$local_part@$domain}}lsearch{{folder}/known}{$value}fail}
  transport = box
begin transports
box:
  driver = appendfile
  directory = {folder}/mail/$address_data
  maildir_format
  return_path_add
  user = Debian-exim
";

const SENDING: &str = "begin acl
acl_rcpt:
  accept
acl_data:
  accept
begin routers
onward:
  driver = manualroute
  route_list = * {next}
  self = send
  transport = onward
begin transports
onward:
  driver = smtp
  port = {port}
  allow_localhost
  tls_verify_hosts =
  tls_try_verify_hosts =
  {tls}
begin retry
* * F,1h,1m
";
