//! A private Postfix in a folder of its own: shipped defaults, not chrooted, in one of three [`Role`]s.
//!
//! The limit of 50 connections from one address is lifted and names are not looked up, so that neither the load nor a missing name
//! server slows it.
//!
//! **Limits**: needs root, as Postfix does.

use std::fs;
use std::path::{Path, PathBuf};

use crate::process;
use crate::report::Failure;

/// How it handles mail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// No queue on the way (`smtpd_proxy_filter`): the sink's answer is the client's.
    Proxy,
    /// Queue, then deliver.
    Queue,
    /// The same, each recipient verified at the sink first (`reject_unverified_recipient`).
    Verify,
}

/// The installed version, if there is one.
pub fn version() -> Option<String> {
    process::answer("postconf", &["-d", "-h", "mail_version"])
}

/// Writes configuration and queue folders; returns the program to start.
///
/// # Errors
/// When the installation is not as Debian lays it out, or a folder cannot be written.
pub fn write(folder: &Path, port: u16, sink_port: u16, role: Role) -> Result<PathBuf, Failure> {
    let daemons = process::answer("postconf", &["-d", "-h", "daemon_directory"])
        .ok_or_else(|| Failure::new("Postfix does not tell where its programs are."))?;
    let shipped = fs::read_to_string("/usr/share/postfix/master.cf.dist")
        .map_err(|err| Failure::io("read the services that Postfix ships", &err))?;
    make_folders(folder).map_err(|err| Failure::io("make the folders of Postfix", &err))?;
    let files = [("main.cf", main_cf(folder, sink_port, role)), ("master.cf", master_cf(&shipped, port))];
    for (name, content) in files {
        fs::write(folder.join(name), content).map_err(|err| Failure::io(&format!("write {name}"), &err))?;
    }
    Ok(Path::new(&daemons).join("master"))
}

fn main_cf(folder: &Path, sink_port: u16, role: Role) -> String {
    let folder = folder.display();
    let how = match role {
        Role::Proxy => format!("smtpd_proxy_filter = 127.0.0.1:{sink_port}"),
        Role::Queue => String::new(),
        Role::Verify => "smtpd_recipient_restrictions = reject_unverified_recipient\n\
             address_verify_map = btree:$data_directory/verify_cache\n\
             unverified_recipient_reject_code = 550"
            .to_owned(),
    };
    format!(
        "compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file_prefixes = {folder}
maillog_file = {folder}/maillog
inet_protocols = ipv4
inet_interfaces = 127.0.0.1
myhostname = postfix.test
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
mynetworks = 192.0.2.1/32
relay_domains = example.test
smtpd_relay_restrictions = reject_unauth_destination
smtpd_client_connection_count_limit = 0
smtpd_peername_lookup = no
relay_transport = relay:[127.0.0.1]:{sink_port}
smtp_tls_security_level =
{how}
"
    )
}

/// The shipped services with our port, without chroot, without those that hand mail to other programs.
fn master_cf(shipped: &str, port: u16) -> String {
    let mut services = String::new();
    for line in shipped.lines().filter(|line| !line.is_empty() && !line.starts_with(['#', ' ', '\t'])) {
        let mut fields: Vec<&str> = line.split_whitespace().collect();
        if fields.len() < 8 || fields[7] == "pipe" {
            continue;
        }
        let address = format!("127.0.0.1:{port}");
        if fields[0] == "smtp" && fields[1] == "inet" {
            fields[0] = &address;
        }
        fields[4] = "n";
        services.push_str(&fields.join(" "));
        services.push('\n');
    }
    services
}

#[cfg(unix)]
fn make_folders(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{PermissionsExt, chown};

    let mail_owner = id_of("/etc/passwd", "postfix");
    let queue = folder.join("queue");
    let make = |path: &Path, owner: Option<u32>, mode: u32| {
        fs::create_dir_all(path)?;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        chown(path, owner, None)
    };
    make(folder, None, 0o755)?;
    make(&queue, None, 0o755)?;
    make(&queue.join("pid"), None, 0o755)?;
    make(&folder.join("data"), mail_owner, 0o700)?;
    for name in
        ["active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace"]
    {
        make(&queue.join(name), mail_owner, 0o700)?;
    }
    make(&queue.join("public"), mail_owner, 0o710)?;
    make(&queue.join("maildrop"), mail_owner, 0o730)
}

#[cfg(not(unix))]
fn make_folders(_folder: &Path) -> std::io::Result<()> {
    Err(std::io::Error::other("Postfix runs on Unix only"))
}

/// The number of a name in a file such as `/etc/passwd`.
#[cfg(unix)]
fn id_of(file: &str, name: &str) -> Option<u32> {
    let content = fs::read_to_string(file).ok()?;
    let mut fields = content.lines().map(|line| line.split(':')).find(|fields| fields.clone().next() == Some(name))?;
    fields.nth(2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_get_our_port_and_lose_chroot_and_pipes() {
        let shipped = "# comment\n\
                       smtp      inet  n       -       y       -       -       smtpd\n\
                       #submission inet n - y - - smtpd\n\
                       relay     unix  -       -       y       -       -       smtp\n        -o syslog_name=postfix/$service_name\n\
                       maildrop  unix  -       n       n       -       -       pipe\n  flags=DRXhu user=vmail\n";

        assert_eq!(master_cf(shipped, 40025), "127.0.0.1:40025 inet n - n - - smtpd\nrelay unix - - n - - smtp\n");
    }
}
