//! Answers about what a mail server is found to be.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a mail server does with an invented recipient (V01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TruthWord {
    /// It refuses them, so that its yes means something.
    RejectsStrangers,
    /// It takes them.
    AcceptsEverything,
    /// It did not say, as a greylisting one.
    Undecided,
}
