//! Words about where mail comes in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a listener is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ListenerRole {
    /// Mail for your domains, from anybody.
    Inbound,
    /// Mail from the office's own machines.
    Submission,
}

/// When a listener's connections are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ListenerTls {
    /// Never.
    None,
    /// When the client asks.
    StartTls,
    /// From the first octet.
    Implicit,
}

/// What an upstream says of the client behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Speaks {
    /// Nothing: plain SMTP.
    Smtp,
    /// The PROXY protocol before the greeting.
    Proxy,
    /// XCLIENT commands.
    Xclient,
}

/// Arguments of `set_listener`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetListenerArgs {
    /// `inbound`, or a name of your own for another one.
    pub name: String,
    /// An IP address of this computer, or `0.0.0.0` or `::` for all.
    pub address: String,
    /// 1 to 65535; 0 takes a free one.
    pub port: u16,
    /// What it is for; as before, or `inbound`, when absent.
    #[serde(default)]
    #[ts(optional)]
    pub role: Option<ListenerRole>,
    /// When its connections are encrypted; as before, or `starttls`, when absent.
    #[serde(default)]
    #[ts(optional)]
    pub tls: Option<ListenerTls>,
}

/// Arguments of `remove_listener`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RemoveListenerArgs {
    /// Which.
    pub name: String,
}

/// Arguments of `set_upstreams`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetUpstreamsArgs {
    /// All of them, each an IP address, a network, or either with what it speaks; an empty list clears.
    pub addresses: Vec<UpstreamArg>,
}

/// An upstream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum UpstreamArg {
    /// `192.0.2.10` or `192.0.2.0/24`, speaking plain SMTP.
    Address(String),
    /// The same with what it speaks.
    Speaking(Upstream),
}

/// An upstream with what it speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Upstream {
    /// `192.0.2.10` or `192.0.2.0/24`.
    pub address: String,
    /// What it says of the client behind it.
    pub speaks: Speaks,
}

/// Arguments of `set_sender_hosts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetSenderHostsArgs {
    /// All of them; an empty list clears.
    pub hosts: Vec<SenderHost>,
}

/// A machine of the office, or a network of them, that may send to anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SenderHost {
    /// `10.0.4.7` or `10.0.4.0/24`.
    pub network: String,
    /// What it is, in your words.
    #[serde(default)]
    pub note: String,
}

/// Arguments of `import_certificate`: PEM text, or a PFX file as base64 with its passphrase.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ImportCertificateArgs {
    /// Certificate chain and key as PEM text.
    #[serde(default)]
    #[ts(optional)]
    pub pem: Option<String>,
    /// A PFX (PKCS #12) file as base64.
    #[serde(default)]
    #[ts(optional)]
    pub pfx_base64: Option<String>,
    /// The passphrase of the PFX file.
    #[serde(default)]
    #[ts(optional)]
    pub passphrase: Option<String>,
}

/// Nothing of a key or passphrase is ever shown.
impl std::fmt::Debug for ImportCertificateArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ImportCertificateArgs([secret])")
    }
}
