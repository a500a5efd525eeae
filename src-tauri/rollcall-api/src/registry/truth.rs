//! Words about what a mail server is found to be.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arguments of `test_domain`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TestDomainArgs {
    /// One of your domains.
    pub name: String,
}
