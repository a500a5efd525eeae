//! Answers about tests of mail servers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One step of a test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TestStep {
    /// `look_up`, `connect`, `greeting`, `ehlo`, `starttls`, `sign_in`, `sender`, `valid_recipient`, `made_up_recipient`,
    /// `second_made_up_recipient`, `data`, `lost`.
    pub step: String,
    /// Good, note, or bad.
    pub verdict: TestVerdict,
    /// One sentence.
    pub sentence: String,
    /// The literal reply or system error.
    pub technical: Option<String>,
    /// Milliseconds it took.
    #[ts(type = "number")]
    pub took_ms: u64,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum TestVerdict {
    Good,
    Note,
    Bad,
}

/// Answer to `test_destination`, `test_domain` and `test_outbound`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DestinationTest {
    /// True when mail can go there.
    pub usable: bool,
    /// The verdict in words.
    pub sentence: String,
    /// What was done, in order.
    pub steps: Vec<TestStep>,
}
