//! Cells that a spreadsheet would run as a formula are written as text, and read back as they were.
//!
//! **Invariant.** `unguarded(guarded(cell)) == cell` for every cell.

use std::borrow::Cow;

/// What a spreadsheet takes for the beginning of a formula.
const RUN: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The cell with an apostrophe in front where a spreadsheet would run it.
#[must_use]
pub fn guarded(cell: &str) -> Cow<'_, str> {
    if would_run(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The cell without the apostrophe that [`guarded`] put there.
#[must_use]
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| would_run(rest)).unwrap_or(cell)
}

/// Whether it begins with what is run, behind any number of apostrophes: so that one that had an apostrophe keeps it.
fn would_run(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(RUN)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn m08_a_cell_that_a_spreadsheet_would_run_is_written_as_text() {
        for cell in ["=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''=1"] {
            let written = guarded(cell);

            assert!(written.starts_with('\''), "{cell:?}");
            assert_eq!(unguarded(&written), cell);
        }
        for cell in ["", "Ann", "O'Neil", "'t Hooft", "a=b"] {
            assert_eq!(guarded(cell), cell);
            assert_eq!(unguarded(cell), cell, "nothing is taken from what nobody guarded");
        }
    }

    proptest! {
        #[test]
        fn m08_every_cell_comes_back_as_it_was(cell in "['=+@\\-\t\ra-z]{0,6}|.{0,8}") {
            let written = guarded(&cell).into_owned();
            prop_assert!(!written.starts_with(RUN));
            prop_assert_eq!(unguarded(&written), cell);
        }
    }
}
