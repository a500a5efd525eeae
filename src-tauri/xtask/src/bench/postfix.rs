//! A private Postfix in a folder of its own: shipped defaults, not chrooted.
//!
//! The limit of 50 connections from one address is lifted and names are not looked up, so that neither the load nor a missing name
//! server slows it.
//!
//! **Limits**: needs root, as Postfix does.

use std::fs;
use std::path::Path;

use crate::process;
use crate::report::Failure;

use super::peer::{self, Recipe, Role, held, line, make_folder};

/// Writes configuration and queue folders.
///
/// # Errors
/// When the installation is not as Debian lays it out, or a folder cannot be written.
pub fn write(folder: &Path, port: u16, sink_port: u16, role: Role) -> Result<Recipe, Failure> {
    let daemons = process::answer("postconf", &["-d", "-h", "daemon_directory"])
        .ok_or_else(|| Failure::new("Postfix does not tell where its programs are."))?;
    let shipped = fs::read_to_string("/usr/share/postfix/master.cf.dist")
        .map_err(|err| Failure::io("read the services that Postfix ships", &err))?;
    make_folders(folder).map_err(|err| Failure::io("make the folders of Postfix", &err))?;
    let files = [("main.cf", main_cf(folder, sink_port, role)), ("master.cf", master_cf(&shipped, port))];
    for (name, content) in files {
        fs::write(folder.join(name), content).map_err(|err| Failure::io(&format!("write {name}"), &err))?;
    }
    let folder = folder.display().to_string();
    Ok(Recipe {
        start: held(&[&format!("{daemons}/master"), "-d", "-c", &folder]),
        flush: line(&["postqueue", "-c", &folder, "-f"]),
    })
}

/// As proxy (`smtpd_proxy_filter`) it has no queue on the way.
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

fn make_folders(folder: &Path) -> std::io::Result<()> {
    let owner = peer::account("postfix");
    let queue = folder.join("queue");
    make_folder(folder, None, 0o755)?;
    make_folder(&queue, None, 0o755)?;
    make_folder(&queue.join("pid"), None, 0o755)?;
    make_folder(&folder.join("data"), owner, 0o700)?;
    for name in
        ["active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace"]
    {
        make_folder(&queue.join(name), owner, 0o700)?;
    }
    make_folder(&queue.join("public"), owner, 0o710)?;
    make_folder(&queue.join("maildrop"), owner, 0o730)
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
