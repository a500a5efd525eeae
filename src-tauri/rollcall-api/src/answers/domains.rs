//! Answers about domains.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::TruthWord;
use crate::registry::{InactiveWord, TagDelimiter, UnknownWord};

/// What is settled for a domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DomainSettings {
    /// Its other names, A to Z.
    pub aliases: Vec<String>,
    /// What separates a name from its tag.
    pub tag_delimiter: TagDelimiter,
    /// `ann@eu.acme.example` is `ann@acme.example`.
    pub strip_subdomains: bool,
    /// Mail is sent on to the address it is filed under instead of the one written.
    pub deliver_to_primary: bool,
    /// What becomes of a recipient that is on no list.
    pub unknown: UnknownWord,
    /// A new address waits up to four hours.
    pub defer_strangers: bool,
    /// What becomes of mail for inactive accounts.
    pub inactive: InactiveWord,
    /// Where recipients are asked about, when that is not the destination.
    pub verification: Option<Destination>,
    /// Addresses whose mail goes elsewhere, A to Z.
    pub routes: Vec<AddressRoute>,
}

/// An address whose mail goes elsewhere than its domain's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AddressRoute {
    /// `ann@acme.example`.
    pub address: String,
    /// Where its mail goes.
    pub destination: Destination,
}

/// When to use STARTTLS with the destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TlsWord {
    /// Never.
    Never,
    /// When offered; any certificate; in clear when it fails.
    Opportunistic,
    /// Always, with a certificate that this computer trusts.
    Required,
}

/// The office's own mail server for a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Destination {
    /// Name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// When to encrypt.
    pub tls: TlsWord,
}

/// Whether the destination answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reachability {
    NotAskedYet,
    Answers,
    DoesNotAnswer,
}

/// One domain of the office.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DomainRow {
    /// Lower case, A-label.
    pub name: String,
    /// Where its mail goes.
    pub destination: Destination,
    /// Whether that answers.
    pub reachability: Reachability,
    /// Since when.
    #[ts(type = "number | null")]
    pub since_ms: Option<i64>,
    /// Why it does not answer, as the system or the server said it.
    pub trouble: Option<String>,
    /// Clean messages needed before an address is Discovered.
    #[ts(type = "number")]
    pub need: u32,
    /// The counting window in days of 24 hours.
    #[ts(type = "number")]
    pub window_days: u32,
    /// What is settled for it.
    pub settings: DomainSettings,
    /// What its mail server does with an invented recipient; `null` before the first test.
    pub truth: Option<TruthWord>,
    /// When that was found.
    #[ts(type = "number | null")]
    pub truth_ms: Option<i64>,
    /// When it is tested again by itself.
    #[ts(type = "number")]
    pub truth_next_ms: i64,
    /// The literal replies of the last test.
    pub truth_replies: Vec<String>,
    /// Mail has shown that it refuses recipients only after the content.
    pub decides_at_data: bool,
    /// Mail has shown that it takes mail for unknown recipients and sends it back later.
    pub bounces_later: bool,
    /// What the mail server calls itself: `exchange`, `exchange_online`, `google`, `hmailserver`, `postfix`, `exim` …
    pub brand: Option<String>,
}

/// Answer to `domains`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Domains {
    /// By name.
    pub rows: Vec<DomainRow>,
}
