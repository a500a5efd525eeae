//! Answers about what destinations said of recipients.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a destination said of a recipient, as long as it holds: a yes for 4 days, a no for 2 hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CachedAnswer {
    /// `exists` or `unknown`.
    pub answer: CachedWord,
    /// The literal reply.
    pub reply: String,
    /// When it was said.
    #[ts(type = "number")]
    pub at_ms: i64,
}

/// What was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CachedWord {
    /// It exists.
    Exists,
    /// It does not.
    Unknown,
}

/// Answer of `recipient_cache`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecipientCache {
    /// What holds; nothing when it was not asked, or too long ago.
    pub cached: Option<CachedAnswer>,
}

/// Answer of `clear_recipient_cache`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecipientCacheCleared {
    /// How many answers were forgotten.
    #[ts(type = "number")]
    pub forgotten: u64,
}
