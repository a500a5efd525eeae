//! A real Samba Active Directory of its own with the small office in it, and a proxy that adds what a Windows domain
//! controller has and Samba has not: a largest page, and a largest number of values.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU8, Ordering};

use tempfile::TempDir;

use super::{modify, peer_file, python};
use crate::certificates;
use crate::peer::{self, Process};

/// How many were started in this process.
static STARTED: AtomicU8 = AtomicU8::new(0);

/// A running domain controller; dropping it stops it.
pub struct Samba {
    /// A loopback address of its own; its ports are the usual ones.
    pub address: Ipv4Addr,
    folder: TempDir,
    _process: Process,
}

impl Samba {
    /// The whole domain.
    pub const DOMAIN: &str = "DC=ad,DC=office,DC=test";
    /// The office's part of it.
    pub const OFFICE: &str = "OU=Office,DC=ad,DC=office,DC=test";
    /// An account that may read.
    pub const READER: &str = "svcldap@office.test";
    /// Its password.
    pub const PASSWORD: &str = "svcldap-Pass1";

    /// One with the office in it.
    ///
    /// # Panics
    /// When Samba is missing or does not start.
    #[must_use]
    pub fn office() -> Self {
        let folder = peer::folder("samba");
        certificates::make(folder.path());
        let address = own_address();
        let made = Command::new("sh")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .arg(peer_file("samba.sh"))
            .arg(folder.path())
            .arg(address.to_string())
            .output()
            .expect("sh runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut command = Command::new("/usr/sbin/samba");
        command.args(["--foreground", "--no-process-group", "--model=single", "--configfile"]);
        command.arg(folder.path().join("smb.conf"));
        let log = folder.path().join("said");
        let process = Process::start(&mut command, &log);
        for port in [389, 636] {
            peer::wait_for((address, port).into(), &log);
        }
        Self { address, folder, _process: process }
    }

    /// Where it takes connections in clear and StartTLS.
    #[must_use]
    pub fn clear(&self) -> SocketAddr {
        (self.address, 389).into()
    }

    /// A proxy on localhost that gives at most `page` entries at once and `values` values of an attribute, and shows this
    /// certificate of [`certificates::make`].
    #[must_use]
    pub fn limited(&self, certificate: &str, page: u32, values: u32) -> Limits {
        let (address, file) = (peer::free_address(), |name: &str| self.file(name));
        let mut command = python("windows_limits.py");
        command.arg(address.port().to_string()).arg(self.address.to_string());
        command.arg(file(&format!("{certificate}.pem"))).arg(file(&format!("{certificate}.key"))).arg(file("ca.pem"));
        command.args([page.to_string(), values.to_string()]);
        let log = self.folder.path().join(format!("limits-{}", address.port()));
        let process = Process::start(&mut command, &log);
        peer::wait_for(address, &log);
        Limits { address, _process: process }
    }

    /// The authority that signed its certificate, PEM.
    ///
    /// # Panics
    /// Never: it was made before.
    #[must_use]
    pub fn authority(&self) -> String {
        fs::read_to_string(self.file("ca.pem")).expect("made")
    }

    /// What happens in an office in a week. `Plus Tag` moves into the service accounts.
    pub fn churn(&self) {
        self.modify(&CHURN.replace("{office}", Self::OFFICE));
    }

    /// Makes changes as the administrator.
    pub fn modify(&self, ldif: &str) {
        modify(&format!("ldaps://{}", self.address), "Administrator@AD.OFFICE.TEST", "Adm1n-Pass!", ldif);
    }

    fn file(&self, name: &str) -> PathBuf {
        let folder: &Path = self.folder.path();
        folder.join(name)
    }
}

/// A running proxy; dropping it ends it.
pub struct Limits {
    /// Where it listens, LDAPS.
    pub address: SocketAddr,
    _process: Process,
}

/// Another one for each test process and each controller in it.
fn own_address() -> Ipv4Addr {
    let number = STARTED.fetch_add(1, Ordering::Relaxed);
    let [.., high, low] = std::process::id().to_be_bytes();
    Ipv4Addr::new(127, 40 + number % 100, high, low.clamp(1, 254))
}

const CHURN: &str = "dn: CN=Newcomer Nina,OU=Staff,{office}
changetype: add
objectClass: user
sAMAccountName: nnew
userPrincipalName: nnew@office.test
displayName: Newcomer Nina
mail: nina.new@office.test
proxyAddresses: SMTP:nina.new@office.test
userAccountControl: 544

dn: CN=Anna Schmidt,OU=Staff,{office}
changetype: modify
add: proxyAddresses
proxyAddresses: smtp:anna.neu@office.test
-
delete: proxyAddresses
proxyAddresses: smtp:a.schmidt@office.test

dn: CN=Mixed Case,OU=Staff,{office}
changetype: modify
replace: userAccountControl
userAccountControl: 514

dn: CN=Re Namer,OU=Staff,{office}
changetype: modify
replace: mail
mail: renamed.person@office.test
-
replace: proxyAddresses
proxyAddresses: SMTP:renamed.person@office.test
proxyAddresses: smtp:re.namer@office.test

dn: CN=Re Namer,OU=Staff,{office}
changetype: modrdn
newrdn: CN=Renamed Person
deleteoldrdn: 1

dn: CN=Mo Ver,OU=Staff,{office}
changetype: modrdn
newrdn: CN=Mo Ver
deleteoldrdn: 1
newsuperior: OU=München,OU=Staff,{office}

dn: CN=Plus Tag,OU=Staff,{office}
changetype: modrdn
newrdn: CN=Plus Tag
deleteoldrdn: 1
newsuperior: OU=Service Accounts,{office}

dn: CN=Lea Ver,OU=Staff,{office}
changetype: delete
";
