//! Words about domains: what is settled for each.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::answers::Destination;

/// What separates a name from its tag, as in `ann+invoices@`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum TagDelimiter {
    /// `ann+invoices`.
    #[serde(rename = "+")]
    Plus,
    /// `ann-invoices`.
    #[serde(rename = "-")]
    Minus,
    /// Addresses have no tags.
    #[serde(rename = "none")]
    None,
}

/// What becomes of a recipient that is on no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UnknownWord {
    /// The mail server is asked, and Rollcall learns.
    Learn,
    /// The mail server is asked, and Rollcall doesn't learn.
    Ask,
    /// Refused without asking.
    Reject,
}

/// What becomes of mail for an inactive account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InactiveWord {
    /// Refused.
    Reject,
    /// Delivered.
    Deliver,
}

/// Arguments of `set_domain`. What is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetDomainArgs {
    /// `acme.example`.
    pub name: String,
    /// What separates a name from its tag.
    #[serde(default)]
    #[ts(optional)]
    pub tag_delimiter: Option<TagDelimiter>,
    /// Whether `ann@eu.acme.example` is `ann@acme.example`.
    #[serde(default)]
    #[ts(optional)]
    pub strip_subdomains: Option<bool>,
    /// Whether mail is sent on to the address it is filed under instead of the one written.
    #[serde(default)]
    #[ts(optional)]
    pub deliver_to_primary: Option<bool>,
    /// What becomes of a recipient that is on no list.
    #[serde(default)]
    #[ts(optional)]
    pub unknown: Option<UnknownWord>,
    /// Whether a new address waits up to four hours, so that you can decide.
    #[serde(default)]
    #[ts(optional)]
    pub defer_strangers: Option<bool>,
    /// What becomes of mail for inactive accounts.
    #[serde(default)]
    #[ts(optional)]
    pub inactive: Option<InactiveWord>,
    /// Where recipients are asked about.
    #[serde(default)]
    #[ts(optional)]
    pub verification: Option<Verification>,
}

/// Where recipients are asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum Verification {
    /// At another host or port, such as Exchange's 2525.
    At(Destination),
    /// At the mail server itself.
    Itself(Itself),
}

/// The mail server itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Itself {
    /// `destination`.
    Destination,
}

/// Arguments of `set_alias_domains`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetAliasDomainsArgs {
    /// `acme.example`.
    pub name: String,
    /// All of its other names; an empty list clears.
    pub aliases: Vec<String>,
}

/// Arguments of `set_route`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetRouteArgs {
    /// `ann@acme.example`.
    pub address: String,
    /// Where its mail goes; absent for where its domain's goes.
    #[serde(default)]
    #[ts(optional)]
    pub destination: Option<Destination>,
}
