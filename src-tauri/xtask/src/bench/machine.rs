//! What the numbers were measured on.

use std::fs;

use super::cgroup::Cgroup;
use super::peer::Peer;
use crate::process;

/// A paragraph for the head of the results.
pub fn description(runs: usize, seconds: f64, peers: &[Peer]) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let processor = field("/proc/cpuinfo", "model name", ':').unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let system = field("/etc/os-release", "PRETTY_NAME", '=').unwrap_or_else(|| std::env::consts::OS.to_owned());
    let kernel = process::answer("uname", &["-r"]).unwrap_or_default();
    let versions: Vec<_> =
        peers.iter().map(|peer| format!("{} {}", peer.name(), peer.version().unwrap_or_default())).collect();
    let beside = if versions.is_empty() { "no peers".to_owned() } else { versions.join(", ") };
    let accounting = if Cgroup::possible() {
        "CPU is that of a control group for each relay"
    } else {
        "CPU is that of the process tree, so what a peer starts and lets go is missing"
    };
    format!(
        "{system}, kernel {kernel}, {cores} cores of {processor}; {beside}. Median of {runs} runs of {seconds} s each, in turns; {accounting}. \
         \"no relay\" is the generator sending straight to the sink: its rate is the ceiling of the harness, its CPU that of generator and sink."
    )
}

/// The first value of a key in a file of keys and values.
fn field(file: &str, key: &str, separator: char) -> Option<String> {
    let content = fs::read_to_string(file).ok()?;
    let line = content.lines().find(|line| line.starts_with(key))?;
    Some(line.split_once(separator)?.1.trim().trim_matches('"').to_owned())
}
