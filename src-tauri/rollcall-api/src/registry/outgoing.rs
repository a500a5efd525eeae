//! How mail of the office's own machines goes out.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::answers::TlsWord;

/// How mail goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OutboundMode {
    /// Not at all.
    Off,
    /// To each domain's own mail exchangers.
    Mx,
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
    /// The name to sign in with, if the server wants one; the password comes with `set_outbound_secret`.
    #[serde(default)]
    #[ts(optional)]
    pub username: Option<String>,
}

/// Arguments of `set_outbound_secret`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetOutboundSecretArgs {
    /// The password. It is answered by nothing.
    pub secret: String,
}

/// Arguments of `test_outbound`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TestOutboundArgs {
    /// `smarthost` or `mx`.
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
    /// The name to sign in with, if the server wants one.
    #[serde(default)]
    #[ts(optional)]
    pub username: Option<String>,
    /// The password; the one that is kept for this name at this host unless given. It is answered by nothing.
    #[serde(default)]
    #[ts(optional)]
    pub secret: Option<String>,
    /// With `mx`: the domain whose mail servers to try.
    #[serde(default)]
    #[ts(optional)]
    pub domain: Option<String>,
}

impl fmt::Debug for TestOutboundArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestOutboundArgs").field("mode", &self.mode).field("host", &self.host).finish_non_exhaustive()
    }
}

impl fmt::Debug for SetOutboundSecretArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetOutboundSecretArgs").finish_non_exhaustive()
    }
}
