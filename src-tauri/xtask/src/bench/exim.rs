//! A private Exim in a folder of its own: it delivers at once and starts itself again for each delivery, as it does by
//! default.
//!
//! The limits that would refuse or set aside what 20 or more sessions bring are lifted, and names are not looked up.
//!
//! **Limits**: needs root and the account `Debian-exim`, which `tests/peers/unpack.sh` makes.

use std::fs;
use std::path::Path;

use crate::report::Failure;

use super::peer::{self, Recipe, Role, held, line};

/// Where `tests/peers/unpack.sh` puts it.
pub const PROGRAM: &str = "/var/cache/rollcall-tests/usr/sbin/exim4";

const ACCOUNT: &str = "Debian-exim";

/// Writes configuration and folders.
///
/// # Errors
/// When its account is missing or a file cannot be written.
pub fn write(folder: &Path, port: u16, sink_port: u16, role: Role) -> Result<Recipe, Failure> {
    let owner = peer::account(ACCOUNT).ok_or_else(|| Failure::new(format!("There is no account {ACCOUNT}.")))?;
    let make = |path: &Path, owner, mode| {
        peer::make_folder(path, owner, mode).map_err(|err| Failure::io("make the folders of Exim", &err))
    };
    make(folder, None, 0o755)?;
    make(&folder.join("spool"), Some(owner), 0o750)?;
    make(&folder.join("log"), Some(owner), 0o750)?;
    let file = folder.join("exim.conf");
    fs::write(&file, configuration(folder, port, sink_port, role))
        .and_then(|()| only_we_write(&file))
        .map_err(|err| Failure::io("write exim.conf", &err))?;
    let file = file.display().to_string();
    Ok(Recipe { start: held(&[PROGRAM, "-C", &file, "-bdf", "-q5m"]), flush: line(&[PROGRAM, "-C", &file, "-qff"]) })
}

/// Exim refuses a configuration that others may write.
#[cfg(unix)]
fn only_we_write(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn only_we_write(_file: &Path) -> std::io::Result<()> {
    Ok(())
}

fn configuration(folder: &Path, port: u16, sink_port: u16, role: Role) -> String {
    let at_recipient = match role {
        Role::Queue => "",
        Role::Verify => "deny !verify = recipient/callout=10s",
        Role::Proxy => {
            "warn control = cutthrough_delivery/defer=pass\n  deny !verify = recipient/callout=10s,use_sender,no_cache"
        }
    };
    let folder = folder.display();
    format!(
        "exim_path = {PROGRAM}
exim_user = {ACCOUNT}
exim_group = {ACCOUNT}
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
pid_file_path = {folder}/exim.pid
primary_hostname = exim.test
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
disable_ipv6 = true
dns_ipv4_lookup = *
host_lookup =
rfc1413_query_timeout = 0s
tls_advertise_hosts =
keep_environment =
never_users =
check_spool_space = 0
smtp_accept_max = 2000
smtp_accept_queue_per_connection = 0
smtp_accept_max_per_connection = 1000000
smtp_connect_backlog = 1000
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = acl_data
begin acl
acl_rcpt:
  deny domains = !example.test
  {at_recipient}
  accept
acl_data:
  accept
begin routers
sink:
  driver = manualroute
  domains = example.test
  route_list = * 127.0.0.1
  self = send
  transport = sink
  no_more
begin transports
sink:
  driver = smtp
  port = {sink_port}
  allow_localhost
  hosts_try_fastopen =
begin retry
* * F,2h,1m
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_asks_about_recipients_in_its_own_way() {
        let of = |role| configuration(Path::new("/tmp/x"), 40025, 40026, role);

        assert!(of(Role::Proxy).contains("cutthrough_delivery"));
        assert!(of(Role::Verify).contains("!verify = recipient/callout") && !of(Role::Verify).contains("cutthrough"));
        assert!(!of(Role::Queue).contains("callout"));
        assert!(of(Role::Queue).contains("daemon_smtp_ports = 40025") && of(Role::Queue).contains("port = 40026"));
    }
}
