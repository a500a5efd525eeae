//! What the relay stands on, and how it is taken away: the disk and the names.
//!
//! **Limits.** Linux, and as root: a small file system in memory, and a mount namespace with a hosts file of its own.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::power::{Cut, Power};
use super::schedule::{Breakable, Dice};

/// The name that the destination is set up by where names can be broken.
const NAME: &str = "office.loss.example";

/// A folder with everything in it.
pub struct Ground {
    power: Option<Power>,
    /// Gone before the folder that it is in.
    _disk: Option<Mounted>,
    top: TempDir,
    breakable: Breakable,
}

/// A small file system in memory; dropping it takes it away.
pub struct Mounted(PathBuf);

impl Mounted {
    /// One at `path`, which is made, of at most `size`, such as `16m`.
    ///
    /// # Errors
    /// A sentence for the person at the terminal.
    pub fn at(path: PathBuf, size: &str) -> Result<Self, String> {
        std::fs::create_dir_all(&path).map_err(|error| error.to_string())?;
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size},mode=700"), "tmpfs"]).arg(&path);
        run(&mut mount, "A small disk cannot be mounted, so what happens to one cannot be tried; this needs root")?;
        Ok(Self(path))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("--lazy").arg(&self.0).status());
    }
}

impl Ground {
    /// Prepares what can be broken; says why if something cannot.
    ///
    /// # Errors
    /// A sentence for the person at the terminal.
    pub fn prepare(breakable: Breakable) -> Result<Self, String> {
        let top = TempDir::new().map_err(|error| error.to_string())?;
        let mut ground = Self { power: None, _disk: None, top, breakable };
        let disk = ground.data_disk();
        std::fs::create_dir(&disk).map_err(|error| error.to_string())?;
        if breakable.disk || breakable.power.is_some() {
            ground._disk = Some(Mounted::at(disk.clone(), "160m")?);
        }
        if let Some(flushes) = breakable.power {
            ground.power = Some(Power::over(&disk, ground.top.path(), flushes)?);
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

    /// A command that sees our names and runs on our disk.
    #[must_use]
    pub fn command(&self, program: &Path) -> Command {
        let mut command = self.naming(program);
        if let Some(power) = &self.power {
            power.on(&mut command);
        }
        command
    }

    fn naming(&self, program: &Path) -> Command {
        if !self.breakable.names {
            return Command::new(program);
        }
        let script = "mount --bind \"$1\" /etc/hosts && mount --bind \"$2\" /etc/resolv.conf && shift 2 && exec \"$@\"";
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", script, "sh"]);
        command.arg(self.path("hosts")).arg(self.path("resolv.conf")).arg(program);
        command
    }

    /// Everything on the disk is flushed.
    ///
    /// # Errors
    /// The system's.
    pub fn settle_disk(&self) -> Result<(), String> {
        self.power.as_ref().map_or(Ok(()), Power::settle)
    }

    /// Power is cut, and the disk has lost what was not flushed.
    ///
    /// # Errors
    /// The system's.
    pub fn cut_power(&self, cut: Cut, dice: &mut Dice) -> Result<(), String> {
        self.power.as_ref().map_or(Ok(()), |power| power.cut(cut, dice))
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

/// Runs it; `why` it matters when it does not succeed.
///
/// # Errors
/// `why`, and what the program said.
pub fn run(command: &mut Command, why: &str) -> Result<(), String> {
    let ended = command.output().map_err(|error| format!("{why} ({error})"))?;
    if ended.status.success() {
        return Ok(());
    }
    Err(format!("{why} ({})", String::from_utf8_lossy(&ended.stderr).trim()))
}
