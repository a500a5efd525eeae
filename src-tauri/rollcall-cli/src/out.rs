//! Where answers and faults go: JSON on stdout, faults on stderr.

use std::io::{self, IsTerminal, Write};

use rollcall_api::{Code, Fault};
use serde::Serialize;

/// Prints an answer: one line, or indented for a person at a terminal.
///
/// # Errors
/// When stdout is closed or full.
pub fn answer(value: &impl Serialize) -> Result<(), Ended> {
    line(&json(value, io::stdout().is_terminal()))
}

/// Prints one line on stdout at once.
///
/// # Errors
/// When stdout is closed or full.
pub fn line(text: &str) -> Result<(), Ended> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()?;
    Ok(())
}

/// Prints a fault on stderr. If even that fails, the exit code has to do.
pub fn fault(fault: &Fault) {
    let mut err = io::stderr().lock();
    drop(writeln!(err, "{}", json(fault, io::stderr().is_terminal())));
}

fn json(value: &impl Serialize, indented: bool) -> String {
    let text = if indented { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) };
    text.expect("answers have text keys only, so they are always JSON")
}

/// Why a task did not end well.
#[derive(Debug)]
pub enum Ended {
    /// With a fault to show.
    Fault(Fault),
    /// Whoever read our output has left: `rollcallctl watch | head -1`.
    NobodyReads,
}

impl From<Fault> for Ended {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::NobodyReads;
        }
        Self::Fault(Fault {
            code: Code::Unavailable,
            message: "The answer could not be written.".to_owned(),
            detail: vec![error.to_string()],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_one_line_for_programs_and_indented_for_people() {
        let fault = Fault { code: Code::NotFound, message: "No.".to_owned(), detail: vec![] };

        assert_eq!(json(&fault, false), r#"{"code":"not_found","message":"No.","detail":[]}"#);
        assert_eq!(json(&fault, true).lines().count(), 5);
    }

    #[test]
    fn a_reader_that_left_is_no_fault() {
        assert!(matches!(Ended::from(io::Error::from(io::ErrorKind::BrokenPipe)), Ended::NobodyReads));
        assert!(matches!(Ended::from(io::Error::from(io::ErrorKind::StorageFull)), Ended::Fault(_)));
    }
}
