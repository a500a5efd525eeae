//! What a domain's mail server is found to be.

use rollcall_core::Timestamp;
use rollcall_core::brand::Brand;
use rollcall_core::truth::Truth;

/// What a domain's mail server is found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TruthRecord {
    /// The domain.
    pub domain: String,
    /// The server it was found of, `host:port`.
    pub destination: String,
    /// The last verdict.
    pub verdict: Option<Truth>,
    /// When that was found.
    pub tested: Option<Timestamp>,
    /// When the next test is due.
    pub next: Timestamp,
    /// The invented names asked about, without the domain.
    pub names: Vec<String>,
    /// The literal replies of the last test.
    pub replies: Vec<String>,
    /// When it last refused content for a recipient that it had taken.
    pub decides_at_data: Option<Timestamp>,
    /// When it last sent back mail that it had taken, because its recipient does not exist.
    pub bounces_later: Option<Timestamp>,
    /// What it calls itself.
    pub brand: Option<Brand>,
}
