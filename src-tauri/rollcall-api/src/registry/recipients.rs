//! Words about what destinations said of recipients.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arguments of `clear_recipient_cache`; none clears everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ClearRecipientCacheArgs {
    /// Only what was said of `ann@acme.example`, however it was written.
    #[ts(optional)]
    pub address: Option<String>,
    /// Only what was said of the recipients of `acme.example`.
    #[ts(optional)]
    pub domain: Option<String>,
}
