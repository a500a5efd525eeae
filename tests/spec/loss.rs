//! Never lose mail: whatever got 250 is at the destination or durable here, also after `kill -9` (goal 1, V13).

use rollcall_tests::loss::{self, Breakable, Flushes, Plan};

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
    let plan =
        Plan { kills: 15, seed: 3, at_most: None, breakable: Breakable { disk: true, names: true, power: None } };

    let outcome = loss::run(plan, |_| {}).await.expect("this runs as root, and the spool empties");

    assert!(outcome.verdict.is_clean(), "{outcome}");
    assert!(outcome.verdict.promised >= 40 && outcome.verdict.kept >= 10, "too little load: {outcome}");
}

/// Needs root and a C compiler: a disk of its own that loses what was not flushed.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn cut_off_from_power_at_random_nothing_that_got_250_is_lost() {
    let breakable = Breakable { power: Some(Flushes::Obeyed), ..Breakable::default() };
    let plan = Plan { kills: 18, seed: 5, at_most: None, breakable };

    let outcome = loss::run(plan, |_| {}).await.expect("this runs as root, and the spool empties");

    assert!(outcome.verdict.is_clean(), "{outcome}");
    assert!(outcome.verdict.kept >= 20 && outcome.verdict.kept_large > 0, "too little load: {outcome}");
}

/// One message that is a row, and one that is a file. Without the flush of the file's folder its name is lost.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn what_got_250_a_moment_before_power_is_cut_is_there_after_it_because_it_was_flushed() {
    let (row, file) = (3_000, 100_000);
    for (flushes, there) in
        [(Flushes::Obeyed, vec![row, file]), (Flushes::IgnoredForFolders, vec![row]), (Flushes::Ignored, vec![])]
    {
        let found = loss::survivors(flushes, &[row, file]).await.expect("this runs as root");

        assert_eq!(found, there, "{flushes:?}");
    }
}

/// The same with a disk that only says that it has flushed: what is written above would be found out.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_flush_that_does_nothing_loses_mail_and_is_found_out() {
    let breakable = Breakable { power: Some(Flushes::Ignored), ..Breakable::default() };
    let plan = Plan { kills: 6, seed: 5, at_most: None, breakable };

    let outcome = loss::run(plan, |_| {}).await.expect("this runs as root, and the spool empties");

    assert!(!outcome.verdict.missing.is_empty(), "{outcome}");
}
