//! A relay as a process: it ends with this one, and what it and its children use can be read.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::process::{self, Show};
use crate::report::Failure;
use crate::session::end;

use super::cgroup::Cgroup;
use super::cpu;

/// A started program with its folder, which goes with it.
pub struct Running {
    child: Child,
    cgroup: Option<Cgroup>,
    folder: PathBuf,
}

impl Running {
    /// Starts `line`, a program and its arguments; its errors go to `benchmark.log` in `folder`, its output to us if we
    /// `listen`, else there too.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(folder: &Path, line: &[OsString], listen: bool) -> Result<Self, Failure> {
        fs::create_dir_all(folder).map_err(|err| Failure::io("make a folder for a relay", &err))?;
        let name = folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let cgroup = Cgroup::make(&format!("rollcall-bench-{}-{name}", std::process::id()));
        let log = fs::File::create(folder.join("benchmark.log")).map_err(|err| Failure::io("write a log", &err))?;
        let output = if listen { Ok(Stdio::piped()) } else { log.try_clone().map(Stdio::from) };
        let output = output.map_err(|err| Failure::io("write a log", &err))?;
        let mut command = entering(cgroup.as_ref(), line);
        own_group(&mut command);
        let child = command.current_dir(folder).stdout(output).stderr(log).spawn();
        let child = child.map_err(|err| Failure::io(&format!("start {name}"), &err))?;
        Ok(Self { child, cgroup, folder: folder.to_owned() })
    }

    /// Its first line of output.
    pub fn first_line(&mut self) -> Option<String> {
        self.child.stdout.take().and_then(first_line)
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its number; `{pid}` in a line for [`Running::also`] stands for it.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// CPU seconds of it and of all that it started.
    pub fn cpu_seconds(&self) -> f64 {
        self.cgroup.as_ref().map_or_else(|| cpu::of_tree(self.child.id()), Cgroup::seconds)
    }

    /// Its processes.
    pub fn processes(&self) -> Vec<u32> {
        self.cgroup.as_ref().map_or_else(|| cpu::tree(self.child.id()), Cgroup::processes)
    }

    /// Runs another program to its end, as a part of this one.
    pub fn also(&self, line: &[OsString]) {
        let mut command = entering(self.cgroup.as_ref(), line);
        drop(process::run(&mut command, Show::OnFailure)); // what it was to do is looked at anyway
    }

    /// The last line of its log.
    pub fn last_words(&self) -> String {
        let log = fs::read_to_string(self.folder.join("benchmark.log")).unwrap_or_default();
        log.lines().last().unwrap_or("it left no log").to_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        end(&mut self.child);
        self.cgroup = None;
        drop(fs::remove_dir_all(&self.folder)); // in the folder for temporary files anyway
    }
}

/// Enters the group before it becomes the program.
const ENTER: &str = r#"echo $$ >"$0" && exec "$@""#;

fn entering(cgroup: Option<&Cgroup>, line: &[OsString]) -> Command {
    match (cgroup, line) {
        (Some(cgroup), _) => {
            let mut command = leashed("sh");
            command.args(["-c", ENTER]).arg(cgroup.door()).args(line);
            command
        }
        (None, [program, arguments @ ..]) => {
            let mut command = leashed(program);
            command.args(arguments);
            command
        }
        (None, []) => process::program(""),
    }
}

/// A program that ends when this process does, where the system can promise that.
pub fn leashed(program: impl AsRef<OsStr>) -> Command {
    if cfg!(target_os = "linux") {
        let mut command = process::program("setpriv");
        command.args(["--pdeathsig", "TERM", "--"]).arg(program);
        command
    } else {
        process::program(program)
    }
}

/// Reads one line and throws away what follows, so that the program never waits for us to read.
pub fn first_line(output: impl Read + Send + 'static) -> Option<String> {
    let mut reader = BufReader::new(output);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    thread::spawn(move || std::io::copy(&mut reader, &mut std::io::sink()));
    Some(line.trim().to_owned())
}

/// What it does to its process group is not done to ours.
#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn own_group(_command: &mut Command) {}
