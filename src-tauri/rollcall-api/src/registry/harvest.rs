//! Words about clients that guess addresses.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arguments of `unblock_client`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UnblockClientArgs {
    /// `192.0.2.7`; for IPv6 any address of its /64.
    pub address: String,
}
