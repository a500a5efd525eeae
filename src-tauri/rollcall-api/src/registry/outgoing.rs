//! How mail of the office's own machines goes out.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::answers::TlsWord;

/// How mail goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OutboundMode {
    /// Not at all.
    Off,
    /// Through a server that takes it further.
    Smarthost,
}

/// Arguments of `set_outbound`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetOutboundArgs {
    /// How.
    pub mode: OutboundMode,
    /// The smarthost: name or IP address.
    #[serde(default)]
    #[ts(optional)]
    pub host: Option<String>,
    /// Its port; 25 unless given.
    #[serde(default)]
    #[ts(optional)]
    pub port: Option<u16>,
    /// When to encrypt; `required` unless given.
    #[serde(default)]
    #[ts(optional)]
    pub tls: Option<TlsWord>,
}
