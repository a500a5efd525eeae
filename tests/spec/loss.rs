//! Never lose mail: whatever got 250 is at the destination or durable here, also after `kill -9` (goal 1, V13).

use rollcall_tests::loss::{self, Breakable, Plan};

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_with_a_flapping_destination_nothing_that_got_250_is_lost() {
    let plan = Plan { kills: 15, seed: 20, at_most: None, breakable: Breakable::default() };

    let outcome = loss::run(plan, |_| {}).await.expect("the spool empties");

    assert!(outcome.verdict.is_clean(), "{outcome}");
    assert!(
        outcome.verdict.kept >= 20 && outcome.verdict.promised > outcome.verdict.kept,
        "too little load: {outcome}"
    );
}

/// Needs root: a disk of its own to fill, and a hosts file of its own to take away.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_with_a_disk_that_fills_and_names_that_break_nothing_that_got_250_is_lost() {
    let plan = Plan { kills: 15, seed: 3, at_most: None, breakable: Breakable { disk: true, names: true } };

    let outcome = loss::run(plan, |_| {}).await.expect("this runs as root, and the spool empties");

    assert!(outcome.verdict.is_clean(), "{outcome}");
    assert!(outcome.verdict.promised >= 40, "too little load: {outcome}");
}
