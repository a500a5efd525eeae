//! What the relay stands on, and how it is taken away: the disk and the names.
//!
//! **Limits.** Linux, and as root: a small file system in memory, and a mount namespace with a hosts file of its own.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::schedule::Breakable;

/// The name that the destination is set up by where names can be broken.
const NAME: &str = "office.loss.example";

/// A folder with everything in it.
pub struct Ground {
    top: TempDir,
    breakable: Breakable,
    mounted: bool,
}

impl Ground {
    /// Prepares what can be broken; says why if something cannot.
    ///
    /// # Errors
    /// A sentence for the person at the terminal.
    pub fn prepare(breakable: Breakable) -> Result<Self, String> {
        let top = TempDir::new().map_err(|error| error.to_string())?;
        let mut ground = Self { top, breakable, mounted: false };
        std::fs::create_dir(ground.data_disk()).map_err(|error| error.to_string())?;
        if breakable.disk {
            let mut mount = Command::new("mount");
            mount.args(["-t", "tmpfs", "-o", "size=160m,mode=700", "tmpfs"]).arg(ground.data_disk());
            run(&mut mount, "A small disk cannot be mounted, so filling it cannot be tried; this needs root")?;
            ground.mounted = true;
        }
        if breakable.names {
            ground.mend_names();
            std::fs::write(ground.path("resolv.conf"), "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
                .map_err(|error| error.to_string())?;
            let mut probe = ground.command(Path::new("true"));
            run(&mut probe, "Names cannot be taken away without a mount namespace; this needs root")?;
        }
        Ok(ground)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.top.path().join(name)
    }

    fn data_disk(&self) -> PathBuf {
        self.path("disk")
    }

    /// The data folder.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.path("disk/data")
    }

    /// How the destination is called.
    #[must_use]
    pub const fn destination_host(&self) -> &'static str {
        if self.breakable.names { NAME } else { "127.0.0.1" }
    }

    /// A command that sees our names.
    #[must_use]
    pub fn command(&self, program: &Path) -> Command {
        if !self.breakable.names {
            return Command::new(program);
        }
        let script = "mount --bind \"$1\" /etc/hosts && mount --bind \"$2\" /etc/resolv.conf && shift 2 && exec \"$@\"";
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", script, "sh"]);
        command.arg(self.path("hosts")).arg(self.path("resolv.conf")).arg(program);
        command
    }

    /// No room is left, or next to none.
    pub fn fill_disk(&self) {
        let Ok(mut ballast) = File::create(self.path("disk/ballast")) else { return };
        let block = vec![0; 64 * 1024];
        while ballast.write_all(&block).is_ok() {}
    }

    /// There is room again.
    pub fn empty_disk(&self) {
        drop(std::fs::remove_file(self.path("disk/ballast")));
    }

    /// The destination's name is not found any more. The file stays the same one: it is mounted elsewhere.
    pub fn break_names(&self) {
        drop(std::fs::write(self.path("hosts"), "127.0.0.1 localhost\n"));
    }

    /// It is found again.
    pub fn mend_names(&self) {
        drop(std::fs::write(self.path("hosts"), format!("127.0.0.1 localhost\n127.0.0.1 {NAME}\n")));
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if self.mounted {
            drop(Command::new("umount").arg("--lazy").arg(self.data_disk()).status());
        }
    }
}

fn run(command: &mut Command, why: &str) -> Result<(), String> {
    let ended = command.output().map_err(|error| format!("{why} ({error})"))?;
    if ended.status.success() {
        return Ok(());
    }
    Err(format!("{why} ({})", String::from_utf8_lossy(&ended.stderr).trim()))
}
