//! Answers about domains.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Destination;
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
