//! A real OpenSMTPD of its own, unpacked and not installed, as the office's mail server.
//!
//! Its paths are compiled in, so it runs in a mount namespace where those paths are folders of the test.
//! **Limits**: Debian 12's build offers STARTTLS and then fails the handshake (OpenSSL 3), which is a test by itself.

use std::fs;
use std::net::SocketAddr;
use std::process::Command;

use tempfile::TempDir;

use crate::peer::{self, Process};

/// A running OpenSMTPD; dropping it stops it.
pub struct OpenSmtpd {
    /// Where it listens.
    pub address: SocketAddr,
    folder: TempDir,
    _process: Process,
}

impl OpenSmtpd {
    /// One that delivers to `names` at `domain` and refuses others at RCPT. It offers STARTTLS, which fails.
    #[must_use]
    pub fn knowing(domain: &str, names: &[&str]) -> Self {
        Self::knowing_at(peer::free_address(), domain, names)
    }

    /// The same at `address`, where nothing was listening before.
    #[must_use]
    pub fn knowing_at(address: SocketAddr, domain: &str, names: &[&str]) -> Self {
        let programs = peer::unpacked();
        let folder = peer::folder("opensmtpd");
        let path = |name: &str| folder.path().join(name);
        peer::folder_of(&path("mail"), "vmail");
        for name in ["spool", "run", "empty"] {
            fs::create_dir_all(path(name)).expect("a folder");
        }
        assert!(Command::new("chmod").arg("711").arg(path("spool")).status().expect("chmod").success());
        let (_, key) = peer::self_signed(folder.path(), "mx.opensmtpd.example");
        assert!(Command::new("chmod").arg("600").arg(key).status().expect("chmod").success());
        let known: Vec<String> = names.iter().map(|name| format!("{name}@{domain}")).collect();
        fs::write(path("known"), known.join("\n") + "\n").expect("written");
        let virtuals: String = known.iter().map(|address| format!("{address}: vmail\n")).collect();
        fs::write(path("virtuals"), virtuals + "postmaster: vmail\n").expect("written");
        let fill = |text: &str| {
            text.replace("{folder}", &folder.path().display().to_string())
                .replace("{programs}", &programs.display().to_string())
                .replace("{domain}", domain)
                .replace("{port}", &address.port().to_string())
        };
        fs::write(path("smtpd.conf"), fill(CONFIGURATION)).expect("written");
        fs::write(path("enter.sh"), fill(ENTER)).expect("written");
        let mut command = Command::new("unshare");
        command.arg("--mount").arg("sh").arg(path("enter.sh"));
        let process = Process::start(&mut command, &path("log"));
        peer::wait_for(address, &path("log"));
        Self { address, folder, _process: process }
    }

    /// The messages in the mailbox of `recipient`, an address, in no order, each as it was delivered.
    #[must_use]
    pub fn mailbox(&self, recipient: &str) -> Vec<Vec<u8>> {
        peer::mailbox(&self.folder.path().join("mail").join(recipient))
    }

    /// Its log.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

const CONFIGURATION: &str = "pki mx.opensmtpd.example cert \"{folder}/cert.pem\"
pki mx.opensmtpd.example key \"{folder}/key.pem\"
table virtuals file:{folder}/virtuals
table known file:{folder}/known
smtp max-message-size 60M
listen on 127.0.0.1 port {port} tls pki mx.opensmtpd.example hostname mx.opensmtpd.example
action box maildir \"{folder}/mail/%{rcpt}\" virtual <virtuals>
match from any for domain \"{domain}\" rcpt-to <known> action box
";

const ENTER: &str = "set -e
mount --make-rprivate /
mount --bind {folder}/spool /var/spool/smtpd
mount --bind {programs}/usr/libexec/opensmtpd /usr/libexec/opensmtpd
mount --bind {folder}/empty /var/lib/opensmtpd/empty
mount --bind {folder}/run /run
exec {programs}/usr/sbin/smtpd -d -f {folder}/smtpd.conf
";
