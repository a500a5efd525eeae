//! A private Haraka in a folder of its own: one process that serves, as by default.
//!
//! It passes on with `queue/smtp_proxy`, which asks the destination about each recipient; it queues with a small plugin
//! that sends everything to the sink.

use std::fs;
use std::path::Path;

use crate::process::{self, Show};
use crate::report::Failure;

use super::peer::{Recipe, Role, line};

/// As the search path knows it.
pub const PROGRAM: &str = "haraka";

/// Lets it make its folder, then sets it up.
///
/// # Errors
/// When it does not, or a file cannot be written.
pub fn write(folder: &Path, port: u16, sink_port: u16, role: Role) -> Result<Recipe, Failure> {
    let mut install = process::program(PROGRAM);
    process::must("Setting up Haraka", install.arg("-i").arg(folder), Show::OnFailure)?;
    for (name, content) in files(port, sink_port, role) {
        fs::write(folder.join(name), content).map_err(|err| Failure::io(&format!("write {name}"), &err))?;
    }
    Ok(Recipe { start: line(&[PROGRAM, "-c", &folder.display().to_string()]), flush: line(&["kill", "-HUP", "{pid}"]) })
}

fn files(port: u16, sink_port: u16, role: Role) -> Vec<(&'static str, String)> {
    let plugins = match role {
        Role::Queue => "to_sink\n",
        Role::Proxy | Role::Verify => "rcpt_to.in_host_list\nqueue/smtp_proxy\n",
    };
    vec![
        ("config/smtp.ini", format!("listen=127.0.0.1:{port}\n")),
        ("config/me", "haraka.test\n".to_owned()),
        ("config/host_list", "example.test\n".to_owned()),
        ("config/log.ini", "[main]\nlevel=notice\n".to_owned()),
        ("config/outbound.ini", "local_mx_ok=true\nenable_tls=false\n".to_owned()),
        ("config/smtp_proxy.ini", format!("host=127.0.0.1\nport={sink_port}\nmax_connections=1000\n")),
        ("config/plugins", plugins.to_owned()),
        (
            "plugins/to_sink.js",
            format!(
                "exports.hook_rcpt = (next, connection) => {{ connection.relaying = true; next(OK) }}\n\
                 exports.hook_get_mx = (next) => next(OK, {{ priority: 0, exchange: '127.0.0.1', port: {sink_port} }})\n"
            ),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(role: Role, wanted: &str) -> String {
        files(40025, 40026, role).into_iter().find(|(name, _)| *name == wanted).unwrap().1
    }

    #[test]
    fn it_asks_the_destination_unless_it_queues() {
        assert!(file(Role::Proxy, "config/plugins").contains("smtp_proxy"));
        assert_eq!(file(Role::Verify, "config/plugins"), file(Role::Proxy, "config/plugins"));
        assert_eq!(file(Role::Queue, "config/plugins"), "to_sink\n");
        assert!(file(Role::Queue, "plugins/to_sink.js").contains("port: 40026"));
        assert_eq!(file(Role::Queue, "config/smtp.ini"), "listen=127.0.0.1:40025\n");
    }
}
