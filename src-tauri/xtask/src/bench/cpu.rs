//! CPU time of a program and all that it starts, from `/proc`.
//!
//! User and system time of every living process of the tree, and of those that ended and were waited for.
//!
//! **Limits**: Linux; resolution one tick (10 ms); a child that ends between two reads may be missed for that read only.

use std::collections::HashMap;
use std::fs;

use crate::process;

/// One line of `/proc/PID/stat`, the parts that matter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Usage {
    parent: u32,
    /// User, system, and both of the children that were waited for.
    ticks: u64,
}

/// CPU seconds of the process tree below `root`, itself included.
pub fn of_tree(root: u32) -> f64 {
    let all: HashMap<u32, Usage> = running().filter_map(|pid| Some((pid, usage(pid)?))).collect();
    seconds(tree_ticks(&all, root))
}

/// CPU seconds of one process and of its children that ended.
pub fn of_process(pid: u32) -> f64 {
    seconds(usage(pid).map_or(0, |usage| usage.ticks))
}

/// The processes of the tree below `root`, itself included.
pub fn tree(root: u32) -> Vec<u32> {
    let all: HashMap<u32, Usage> = running().filter_map(|pid| Some((pid, usage(pid)?))).collect();
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        next += 1;
        found.extend(all.iter().filter(|(pid, usage)| usage.parent == parent && **pid != parent).map(|(pid, _)| *pid));
    }
    found
}

/// CPU seconds of the whole machine that were not idle.
pub fn of_machine() -> f64 {
    let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
    seconds(busy_ticks(stat.lines().next().unwrap_or_default()))
}

fn running() -> impl Iterator<Item = u32> {
    fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn usage(pid: u32) -> Option<Usage> {
    parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The name of the program may contain anything, so fields are counted after its last parenthesis.
fn parse(stat: &str) -> Option<Usage> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    let ticks = number(11)? + number(12)? + number(13)? + number(14)?;
    Some(Usage { parent: fields.get(1)?.parse().ok()?, ticks })
}

fn tree_ticks(all: &HashMap<u32, Usage>, root: u32) -> u64 {
    let children = all.iter().filter(|(pid, usage)| usage.parent == root && **pid != root);
    let below: u64 = children.map(|(pid, _)| tree_ticks(all, *pid)).sum();
    below + all.get(&root).map_or(0, |usage| usage.ticks)
}

/// user, nice, system, (idle, iowait,) irq, softirq, steal.
fn busy_ticks(line: &str) -> u64 {
    let fields: Vec<u64> = line.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
    fields.iter().take(3).chain(fields.iter().skip(5).take(3)).sum()
}

fn seconds(ticks: u64) -> f64 {
    let per_second = process::answer("getconf", &["CLK_TCK"]).and_then(|text| text.parse().ok()).unwrap_or(100.0);
    #[expect(clippy::cast_precision_loss, reason = "ticks of a benchmark are far below 2^52")]
    let ticks = ticks as f64;
    ticks / per_second
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_name_with_parentheses_and_blanks_does_not_shift_the_fields() {
        let stat = "42 (a) b (c) S 7 42 42 0 -1 4194560 100 0 0 0 11 22 33 44 20 0 1 0";

        assert_eq!(parse(stat), Some(Usage { parent: 7, ticks: 110 }));
    }

    #[test]
    fn a_tree_is_the_root_and_all_below_it() {
        let one = |parent, ticks| Usage { parent, ticks };
        let all =
            HashMap::from([(1, one(0, 1000)), (10, one(1, 1)), (11, one(10, 2)), (12, one(11, 4)), (20, one(1, 500))]);

        assert_eq!(tree_ticks(&all, 10), 7);
    }

    #[test]
    fn idle_and_waiting_for_the_disk_are_not_busy() {
        assert_eq!(busy_ticks("cpu  100 1 10 9999 888 2 3 4 0 0"), 120);
    }
}
