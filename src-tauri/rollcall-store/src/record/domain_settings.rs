//! What is settled for a domain, and what its destination said of recipients.

use rollcall_core::recipient::Reading;
use rollcall_core::terms::Terms;
use rollcall_core::{AddressState, Timestamp};

use super::TlsPolicy;

/// What is settled for a domain.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DomainSettings {
    /// How its addresses are read.
    pub reading: Reading,
    /// Mail is sent on to the address it is filed under instead of the one written.
    pub deliver_to_primary: bool,
    /// Who is taken in.
    pub terms: Terms,
    /// Where recipients are asked about instead of at the destination.
    pub verification: Option<Place>,
}

/// A host, a port, and when to encrypt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Name or IP address.
    pub host: String,
    /// TCP port, 1 to 65535.
    pub port: u16,
    /// When to encrypt.
    pub tls: TlsPolicy,
}

/// An address with a row, as a recipient needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingRow {
    /// What it is filed under.
    pub key: String,
    /// Where it stands.
    pub state: AddressState,
}

/// What a destination said of a recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// What the recipient is filed under.
    pub key: String,
    /// Its domain.
    pub domain: String,
    /// It exists.
    pub known: bool,
    /// When that was said.
    pub at: Timestamp,
    /// The literal reply.
    pub reply: String,
}

/// A new address whose mail waits until somebody has decided about it (V04).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    /// What it is filed under.
    pub key: String,
    /// When it was first written to.
    pub first: Timestamp,
    /// When it was last written to, to about a day.
    pub last: Timestamp,
}
