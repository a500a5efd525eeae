//! A control group of the kernel for one relay: what all its processes used, also those that ended and that nobody
//! waited for.
//!
//! Exim forks a process for every delivery and lets it go, so the process tree alone would show a part of its cost.
//!
//! **Limits**: Linux, with an account that may make control groups, as root may. Elsewhere there is none.

use std::fs;
use std::path::{Path, PathBuf};

use crate::process;
use crate::stopwatch::wait_until;

/// An empty group at first; dropping it ends what is left in it.
pub struct Cgroup {
    folder: PathBuf,
}

impl Cgroup {
    /// A new group, where the system lets us make one.
    pub fn make(name: &str) -> Option<Self> {
        let folder = parent()?.join(name);
        fs::create_dir(&folder).ok()?;
        Some(Self { folder })
    }

    /// Whether this machine lets us make one.
    pub fn possible() -> bool {
        Self::make(&format!("rollcall-bench-{}-try", std::process::id())).is_some()
    }

    /// A process that writes its number here is in the group, and so are its children.
    pub fn door(&self) -> PathBuf {
        self.folder.join("cgroup.procs")
    }

    /// CPU seconds of all that are or were in it.
    pub fn seconds(&self) -> f64 {
        let read = |name: &str| fs::read_to_string(self.folder.join(name)).ok();
        read("cpuacct.usage")
            .as_deref()
            .and_then(nanoseconds)
            .or_else(|| microseconds(&read("cpu.stat")?))
            .unwrap_or(0.0)
    }

    /// Who is in it.
    pub fn processes(&self) -> Vec<u32> {
        let listed = fs::read_to_string(self.door()).unwrap_or_default();
        listed.lines().filter_map(|line| line.parse().ok()).collect()
    }

    fn signal(&self, name: &str) {
        for pid in self.processes() {
            drop(process::answer("kill", &[name, &pid.to_string()])); // it may have ended meanwhile
        }
    }
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        for name in ["-TERM", "-KILL"] {
            if !self.processes().is_empty() {
                self.signal(name);
                wait_until(3.0, || self.processes().is_empty());
            }
        }
        drop(fs::remove_dir(&self.folder)); // an empty group costs nothing
    }
}

/// The first generation has a hierarchy for accounting, the second has one for everything.
fn parent() -> Option<&'static Path> {
    let first = Path::new("/sys/fs/cgroup/cpuacct");
    let second = Path::new("/sys/fs/cgroup");
    if first.join("cpuacct.usage").exists() {
        Some(first)
    } else {
        second.join("cgroup.controllers").exists().then_some(second)
    }
}

/// `cpuacct.usage` of the first generation.
fn nanoseconds(text: &str) -> Option<f64> {
    Some(text.trim().parse::<f64>().ok()? / 1e9)
}

/// `usage_usec` in `cpu.stat` of the second generation.
fn microseconds(stat: &str) -> Option<f64> {
    let line = stat.lines().find_map(|line| line.strip_prefix("usage_usec "))?;
    Some(line.trim().parse::<f64>().ok()? / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_generations_of_control_groups_are_read_in_seconds() {
        assert_eq!(nanoseconds("2500000000\n"), Some(2.5));
        assert_eq!(microseconds("usage_usec 1500000\nuser_usec 1000000\nsystem_usec 500000\n"), Some(1.5));
        assert_eq!(microseconds("nr_periods 0\n"), None);
    }
}
