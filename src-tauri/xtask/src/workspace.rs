//! Where things are: the root of the clone, the target folder, built programs.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process;

/// Paths of this clone.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// The folder with the root `Cargo.toml`.
    pub root: PathBuf,
}

impl Workspace {
    /// The clone that cargo runs this program in.
    pub fn find() -> Self {
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.ancestors().nth(2).map_or_else(|| PathBuf::from("."), Path::to_path_buf);
        Self { root }
    }

    /// Where cargo builds to: `CARGO_TARGET_DIR` if set, else `target`. Absolute.
    pub fn target(&self) -> PathBuf {
        match env::var_os("CARGO_TARGET_DIR") {
            Some(path) => self.root.join(path),
            None => self.root.join("target"),
        }
    }

    /// A built program of a profile, with the file name ending of this system.
    pub fn program(&self, profile: Profile, name: &str) -> PathBuf {
        self.target().join(profile.folder()).join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// The window's sources.
    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// cargo, run in the root with the lock file as it is.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = process::program("cargo");
        command.current_dir(&self.root).args(arguments).env("CARGO_TERM_COLOR", "never");
        command
    }

    /// npm, run in `ui/`.
    pub fn npm(&self, arguments: &[&str]) -> Command {
        let mut command = process::program(if cfg!(windows) { "npm.cmd" } else { "npm" });
        command.current_dir(self.ui()).args(arguments).env("NO_COLOR", "1");
        command
    }
}

/// How cargo builds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Profile {
    /// Fast to build.
    Debug,
    /// Fast to run.
    Release,
}

impl Profile {
    fn folder(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }

    /// The arguments that cargo wants for it.
    pub fn cargo_arguments(self) -> &'static [&'static str] {
        match self {
            Self::Debug => &[],
            Self::Release => &["--release"],
        }
    }
}
