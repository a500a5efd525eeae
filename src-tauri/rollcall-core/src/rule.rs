//! The discovery rule of a domain (behaviour.md section 2, "General rule").
//!
//! **Limits.** This version has the counting half of the rule; notices, expiry, outbound and aliases come with the
//! weekly tick. Every domain has the shipped default, the Proofpoint preset.

use crate::time::DAY_MS;

/// How much evidence makes an address Discovered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// N: clean messages needed (D06; 1 to 50).
    pub need: u32,
    /// W: the rolling counting window in days of 24 hours (C02).
    pub window_days: u32,
}

impl Rule {
    /// The shipped default: 3 clean messages within 30 × 24 hours (Proofpoint preset).
    pub const SHIPPED: Self = Self { need: 3, window_days: 30 };

    /// W in milliseconds.
    #[must_use]
    pub const fn window_ms(self) -> i64 {
        self.window_days as i64 * DAY_MS
    }
}
