//! A real OpenLDAP of its own with the small office in it.

use std::fs;
use std::net::SocketAddr;
use std::process::Command;

use tempfile::TempDir;

use super::{modify, peer_file, python};
use crate::certificates;
use crate::peer::{self, Process};

/// How it differs from one that gives everything to whoever asks properly.
#[derive(Debug, Clone, Copy)]
pub struct Manner<'a> {
    /// Which certificate of [`certificates::make`] it shows.
    pub certificate: &'a str,
    /// slapd.conf's global limits.
    pub limits: &'a str,
    /// Whether passwords are taken in TLS only.
    pub demands_tls: bool,
    /// How many people without a story; none leaves the directory empty.
    pub people: usize,
    /// slapd.conf's access rules that come before the usual ones: what is not shown to everybody who signed in.
    pub rights: &'a str,
}

impl Default for Manner<'_> {
    fn default() -> Self {
        Self { certificate: "server", limits: LIMITS, demands_tls: false, people: 1_500, rights: "" }
    }
}

/// Without pages 500 entries at most; with pages all of them, 500 a page at most.
const LIMITS: &str = "size.soft=500 size.hard=500 size.unchecked=unlimited size.pr=500 size.prtotal=unlimited";

/// A running slapd; dropping it stops it.
pub struct OpenLdap {
    /// In clear and for StartTLS.
    pub clear: SocketAddr,
    /// For LDAPS.
    pub ldaps: SocketAddr,
    folder: TempDir,
    _process: Process,
}

impl OpenLdap {
    /// Where its tree begins.
    pub const BASE: &str = "dc=office,dc=test";
    /// An account that may read.
    pub const READER: &str = "uid=svcldap,ou=Service Accounts,dc=office,dc=test";
    /// Its password.
    pub const PASSWORD: &str = "svcldap-Pass1";

    /// One with the office in it.
    #[must_use]
    pub fn office() -> Self {
        Self::with(Manner::default())
    }

    /// One that behaves in this manner.
    ///
    /// # Panics
    /// When slapd is missing or does not start.
    #[must_use]
    pub fn with(manner: Manner<'_>) -> Self {
        let folder = peer::folder("openldap");
        certificates::make(folder.path());
        let (clear, ldaps) = (peer::free_address(), peer::free_address());
        let path = folder.path().display().to_string();
        let conf = CONFIGURATION
            .replace("{folder}", &path)
            .replace("{schema}", &peer_file("openldap.schema").display().to_string())
            .replace("{certificate}", manner.certificate)
            .replace("{limits}", manner.limits)
            .replace("{rights}", manner.rights)
            .replace("{tls}", if manner.demands_tls { "security simple_bind=128" } else { "" });
        let file = folder.path().join("slapd.conf");
        fs::write(&file, conf).expect("written");
        fs::create_dir(folder.path().join("db")).expect("a folder");
        if manner.people > 0 {
            fill(&folder, manner.people);
        }
        let mut command = Command::new("/usr/sbin/slapd");
        command.arg("-f").arg(&file).args(["-h", &format!("ldap://{clear} ldaps://{ldaps}"), "-d", "0"]);
        let log = folder.path().join("log");
        let process = Process::start(&mut command, &log);
        peer::wait_for(clear, &log);
        peer::wait_for(ldaps, &log);
        Self { clear, ldaps, folder, _process: process }
    }

    /// The authority that signed its certificate, PEM.
    ///
    /// # Panics
    /// Never: it was made before.
    #[must_use]
    pub fn authority(&self) -> String {
        fs::read_to_string(self.folder.path().join("ca.pem")).expect("made")
    }

    /// What happens in an office in a week. `plus` moves into the service accounts.
    pub fn churn(&self) {
        self.modify(&CHURN.replace("{people}", "ou=People,dc=office,dc=test"));
    }

    /// Makes changes as the administrator.
    pub fn modify(&self, ldif: &str) {
        modify(&format!("ldap://{}", self.clear), "cn=admin,dc=office,dc=test", "admin-Pass1", ldif);
    }
}

fn fill(folder: &TempDir, people: usize) {
    let tree = folder.path().join("tree.ldif");
    let file = fs::File::create(&tree).expect("a file");
    let made = python("openldap_tree.py").env("ROLLCALL_BULK", people.to_string()).stdout(file).status();
    assert!(made.expect("python3 runs").success());
    let mut command = Command::new("/usr/sbin/slapadd");
    command.arg("-q").arg("-f").arg(folder.path().join("slapd.conf")).arg("-l").arg(&tree);
    let output = command.output().expect("slapadd runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

const CONFIGURATION: &str = "modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
moduleload memberof
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include {schema}
pidfile {folder}/pid
argsfile {folder}/args
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/{certificate}.pem
TLSCertificateKeyFile {folder}/{certificate}.key
{tls}
sizelimit {limits}
database mdb
suffix dc=office,dc=test
rootdn cn=admin,dc=office,dc=test
rootpw admin-Pass1
directory {folder}/db
maxsize 1073741824
dbnosync
index objectClass,entryUUID eq
index uid,mail,mailAlternateAddress,proxyAddresses,member eq,pres
overlay memberof
memberof-group-oc groupOfMembers
memberof-refint TRUE
overlay ppolicy
ppolicy_default cn=default,ou=Policies,dc=office,dc=test
ppolicy_use_lockout
access to attrs=userPassword by self write by anonymous auth by * none
{rights}
access to dn.subtree=\"ou=People,dc=office,dc=test\" by dn.exact=\"uid=nomail,ou=People,dc=office,dc=test\" none by users read by * none
access to * by users read by * none
";

const CHURN: &str = "dn: uid=nnew,{people}
changetype: add
objectClass: inetOrgPerson
objectClass: qmailUser
uid: nnew
cn: Newcomer Nina
sn: Nina
mail: nina.new@office.test

dn: uid=aschmidt,{people}
changetype: modify
add: proxyAddresses
proxyAddresses: smtp:anna.neu@office.test
-
delete: proxyAddresses
proxyAddresses: smtp:a.schmidt@office.test
-
delete: mailAlternateAddress
mailAlternateAddress: a.schmidt@office.test

dn: uid=mcase,{people}
changetype: modify
replace: accountStatus
accountStatus: disabled

dn: uid=renamer,{people}
changetype: modrdn
newrdn: uid=renamed
deleteoldrdn: 1

dn: uid=mover,{people}
changetype: modrdn
newrdn: uid=mover
deleteoldrdn: 1
newsuperior: ou=München,{people}

dn: uid=plus,{people}
changetype: modrdn
newrdn: uid=plus
deleteoldrdn: 1
newsuperior: ou=Service Accounts,dc=office,dc=test

dn: uid=leaver,{people}
changetype: delete
";
