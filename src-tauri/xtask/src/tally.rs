//! Reads how many tests passed and failed from what the test programs print.
//!
//! **Limits**: knows cargo test, cargo-nextest, vitest and node's own test runner, without colours.

use std::ops::AddAssign;

/// Numbers of tests.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed or did not end in time.
    pub failed: u64,
    /// Tests that were not run although nobody filtered them out.
    pub skipped: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// The sum over a whole output.
pub fn read(output: &str) -> Tally {
    let lines = || output.lines().map(str::trim);
    // nextest shows what a failed test printed, and each test is a `cargo test` of its own.
    let is_nextest = lines().any(|line| line.starts_with("Summary ["));
    let mut sum = Tally::default();
    for line in lines().filter(|line| !(is_nextest && line.starts_with("test result: "))) {
        sum += line_tally(line).unwrap_or_default();
    }
    sum
}

fn line_tally(line: &str) -> Option<Tally> {
    if let Some(rest) = line.strip_prefix("Summary [") {
        return Some(nextest(rest.split_once(']')?.1));
    }
    if let Some(rest) = line.strip_prefix("test result: ") {
        return Some(cargo_test(rest));
    }
    if let Some(rest) = line.strip_prefix("Tests ") {
        return Some(words(rest, &['|', '(', ')']));
    }
    let rest = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# "))?;
    let (word, number) = rest.split_once(' ')?;
    Some(named(word, number.parse().ok()?))
}

/// `7 tests run: 5 passed (1 slow), 1 failed, 1 timed out, 2 skipped`
fn nextest(rest: &str) -> Tally {
    let (run, outcomes) = rest.split_once(':').unwrap_or((rest, ""));
    let run: u64 = run.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0);
    let Tally { passed, skipped, .. } = words(outcomes, &[',']);
    Tally { passed, failed: run.saturating_sub(passed), skipped }
}

/// `ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s`
fn cargo_test(rest: &str) -> Tally {
    words(rest.split_once(". ").map_or(rest, |(_, counts)| counts), &[';'])
}

/// Sums pieces such as `5 passed`.
fn words(text: &str, separators: &[char]) -> Tally {
    let mut sum = Tally::default();
    for piece in text.split(|c| separators.contains(&c)) {
        let mut pair = piece.split_whitespace();
        if let (Some(Ok(number)), Some(word)) = (pair.next().map(str::parse), pair.next()) {
            sum += named(word, number);
        }
    }
    sum
}

fn named(word: &str, number: u64) -> Tally {
    let none = Tally::default();
    match word {
        "passed" | "pass" => Tally { passed: number, ..none },
        "failed" | "fail" | "cancelled" => Tally { failed: number, ..none },
        "skipped" | "ignored" | "todo" => Tally { skipped: number, ..none },
        _ => none,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Tally {
        Tally { passed, failed, skipped }
    }

    #[test]
    fn nextest_counts_a_test_that_timed_out_as_failed() {
        let line = "     Summary [  12.345s] 9 tests run: 6 passed (1 slow), 2 failed, 1 timed out, 4 skipped";

        assert_eq!(read(line), tally(6, 3, 4));
        assert_eq!(read("     Summary [   0.003s] 1 test run: 1 passed, 0 skipped"), tally(1, 0, 0));
    }

    #[test]
    fn cargo_test_is_summed_over_its_binaries() {
        let output = "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
                      test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 7 filtered out; finished in 1.00s";

        assert_eq!(read(output), tally(7, 1, 1));
    }

    #[test]
    fn vitest_tells_tests_and_not_files() {
        let output = " Test Files  2 passed (2)\n      Tests  1 failed | 45 passed | 2 skipped (48)\n   Duration  3.4s";

        assert_eq!(read(output), tally(45, 1, 2));
    }

    #[test]
    fn node_tells_one_number_a_line_in_both_its_formats() {
        let spec = "ℹ tests 6\nℹ suites 0\nℹ pass 5\nℹ fail 1\nℹ cancelled 0\nℹ skipped 0\nℹ todo 0";

        assert_eq!(read(spec), tally(5, 1, 0));
        assert_eq!(read(&spec.replace('ℹ', "#")), tally(5, 1, 0));
    }

    #[test]
    fn a_failed_test_is_counted_once() {
        let output = "FAIL [ 0.1s] a::b\n  test result: FAILED. 0 passed; 1 failed; 0 ignored\n Summary [ 2s] 3 tests run: 2 passed, 1 failed, 0 skipped";

        assert_eq!(read(output), Tally { passed: 2, failed: 1, skipped: 0 });
    }
}
