//! Which messages count (behaviour.md section 3.3).
//!
//! **Limits.** Of 3.3 this version has: accepted by the destination, reverse-path not null, not auto-submitted.
//! Verdicts, repeated Message-IDs, the limit a sender domain and the settle time come with the later issues.

/// What is known of a message that the destination took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// The reverse-path was `<>`: a bounce or a notice.
    pub null_reverse_path: bool,
    /// It has an `Auto-Submitted` field other than `no` (RFC 3834 section 5).
    pub auto_submitted: bool,
}

/// Why a message does not count toward the threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotCounted {
    /// The reverse-path was null.
    NullReversePath,
    /// A program sent it by itself.
    AutoSubmitted,
    /// So many addresses were guessed at the time that no new one is learned (3.8).
    UnderAttack,
}

impl NotCounted {
    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NullReversePath => "null_reverse_path",
            Self::AutoSubmitted => "auto_submitted",
            Self::UnderAttack => "under_attack",
        }
    }
}

/// Whether the message is clean.
///
/// # Errors
/// The first reason why it does not count.
pub const fn counts(delivery: Delivery) -> Result<(), NotCounted> {
    if delivery.null_reverse_path {
        return Err(NotCounted::NullReversePath);
    }
    if delivery.auto_submitted {
        return Err(NotCounted::AutoSubmitted);
    }
    Ok(())
}
