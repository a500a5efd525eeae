//! What a person at the terminal reads: numbered steps with their time, and one sentence when something fails.
//!
//! **Invariant**: nothing is skipped silently. What could not be done is a [`Failure`] that names it.

use std::fmt;
use std::io;

use crate::stopwatch::Stopwatch;

/// Why a command stops. The sentence is for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    sentence: String,
}

impl Failure {
    /// A failure told in one sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into() }
    }

    /// A failure whose sentence has been printed already.
    pub fn silent() -> Self {
        Self { sentence: String::new() }
    }

    /// Whether there is nothing left to say.
    pub fn is_silent(&self) -> bool {
        self.sentence.is_empty()
    }

    /// A file or process that could not be used; `action` is an infinitive.
    pub fn io(action: &str, cause: &io::Error) -> Self {
        Self::new(format!("Could not {action}: {cause}."))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.sentence)
    }
}

/// Numbers the steps of one command and tells when each began.
pub struct Steps {
    number: usize,
    watch: Stopwatch,
}

impl Steps {
    /// Starts counting steps and seconds.
    pub fn start() -> Self {
        Self { number: 0, watch: Stopwatch::start() }
    }

    /// Announces a step that is about to run.
    pub fn begin(&mut self, name: &str) {
        self.number += 1;
        println!("[{:>2}] {:>4.0} s  {name}", self.number, self.watch.seconds());
    }

    /// Says something about the step that runs.
    pub fn note(&self, sentence: &str) {
        println!("{INDENT}{sentence}");
    }

    /// Seconds since the first step.
    pub fn seconds(&self) -> f64 {
        self.watch.seconds()
    }
}

/// Puts what belongs to a step under its name.
pub const INDENT: &str = "             ";
