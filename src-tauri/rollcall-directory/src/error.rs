//! Why a directory gave no answer. Each is one sentence that says what to do; none has a secret in it.

use std::time::Duration;

/// A certificate as a person looks at it before trusting it (V21).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateSeen {
    /// SHA-256 of the certificate, lower-case hex: what is pinned.
    pub sha256: String,
    /// Whom it names.
    pub names: Vec<String>,
    /// Who issued it.
    pub issuer: String,
    /// Until when it is valid, milliseconds UTC.
    pub not_after_ms: i64,
}

/// Nothing was read; nothing may be concluded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryError {
    /// A setting that cannot work: before anybody was asked (M03), or as the directory says (a search base that it lacks).
    #[error("{0}")]
    Settings(String),
    /// No connection, a connection lost, no answer in time.
    #[error("{0}")]
    Unreachable(String),
    /// The server's certificate is not trusted (V21).
    #[error("{message}")]
    Certificate {
        /// What is wrong with it.
        message: String,
        /// The certificate, if one was shown.
        seen: Option<CertificateSeen>,
    },
    /// Wrong name or password, locked, expired; a new secret is needed.
    #[error("{0}")]
    SignIn(String),
    /// A right is missing; the sentence names it.
    #[error("{0}")]
    Permission(String),
    /// The directory cut the answer short (pitfall 6).
    #[error("{0}")]
    Incomplete(String),
    /// The directory wants us to wait.
    #[error("{message}")]
    Throttled {
        /// What it said.
        message: String,
        /// How long.
        wait: Duration,
    },
    /// What came is no answer: malformed, of another kind.
    #[error("{0}")]
    Unreadable(String),
    /// The operator stopped it.
    #[error("The run was stopped. Nothing was changed.")]
    Cancelled,
}
