//! A real Secret Service (GNOME Keyring) on a bus of its own, as a person's desktop has one; nobody's own is asked.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::peer::{self, Process};

/// What unlocks it.
const PASSWORD: &str = "keyring-Pass1";

/// A running one; dropping it stops it.
pub struct SecretService {
    program: PathBuf,
    folder: TempDir,
    keyring: Option<Process>,
    _bus: Process,
}

impl SecretService {
    /// An unlocked one with nothing in it.
    ///
    /// # Panics
    /// When it can't be fetched or does not start.
    #[must_use]
    pub fn unlocked() -> Self {
        let folder = peer::folder("keyring");
        let conf = folder.path().join("bus.conf");
        let listens = format!("unix:path={}", folder.path().join("bus").display());
        fs::write(&conf, BUS.replace("{listens}", &listens)).expect("written");
        let mut bus = Command::new("dbus-daemon");
        bus.args(["--nofork", "--nopidfile", "--config-file"]).arg(&conf);
        let bus = Process::start(&mut bus, &folder.path().join("bus.log"));
        let mut service = Self { program: unpacked(), folder, keyring: None, _bus: bus };
        service.unlock();
        service
    }

    /// As when its owner signs in.
    pub fn unlock(&mut self) {
        self.start("--unlock");
    }

    /// As after the computer was started and before its owner signs in.
    pub fn lock(&mut self) {
        self.start("--components=secrets");
    }

    /// Makes a program's keychain this one.
    pub fn enter(&self, command: &mut Command) {
        command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", self.folder.path().join("bus").display()));
    }

    fn start(&mut self, how: &str) {
        // The one before lets go of the name first.
        drop(self.keyring.take());
        let (home, password) = (self.folder.path().join("home"), self.folder.path().join("password"));
        fs::create_dir_all(home.join("run")).expect("a folder");
        fs::write(&password, PASSWORD).expect("written");
        let script = "exec \"$0\" --foreground --components=secrets \"$1\" < \"$2\"";
        let mut keyring = Command::new("sh");
        keyring.arg("-c").arg(script).arg(self.program.join("usr/bin/gnome-keyring-daemon")).arg(how).arg(&password);
        for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
            keyring.env(name, &home);
        }
        keyring.env("XDG_RUNTIME_DIR", home.join("run")).env("LD_LIBRARY_PATH", libraries(&self.program));
        self.enter(&mut keyring);
        let log = self.folder.path().join("keyring.log");
        self.keyring = Some(Process::start(&mut keyring, &log));
        for _ in 0..500 {
            if self.answers() {
                return;
            }
            peer::pause(20);
        }
        panic!("GNOME Keyring does not answer:\n{}", fs::read_to_string(log).unwrap_or_default());
    }

    fn answers(&self) -> bool {
        let mut ask = Command::new("gdbus");
        ask.args([
            "call",
            "--session",
            "--dest",
            "org.freedesktop.secrets",
            "--object-path",
            "/org/freedesktop/secrets",
        ]);
        ask.args(["--method", "org.freedesktop.Secret.Service.ReadAlias", "default"]);
        self.enter(&mut ask);
        ask.output().is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("collection/"))
    }
}

/// A bus that starts nothing by itself.
const BUS: &str = r#"<busconfig>
  <type>session</type>
  <listen>{listens}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

fn unpacked() -> PathBuf {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/keyring.sh");
    let output = Command::new("sh").arg(script).output().expect("sh runs");
    assert!(output.status.success(), "no GNOME Keyring: {}", String::from_utf8_lossy(&output.stderr));
    PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
}

/// Debian has them in a folder named after the processor.
fn libraries(program: &Path) -> PathBuf {
    let folders = fs::read_dir(program.join("usr/lib")).expect("libraries").filter_map(Result::ok);
    let is_ours = |folder: &PathBuf| folder.join("libgck-1.so.0").exists();
    folders.map(|entry| entry.path()).find(is_ours).expect("the keyring's libraries")
}
