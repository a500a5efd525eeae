//! The house itself: the folder's kind, domains, listeners.

use std::fmt;

use rollcall_core::{Rule, Timestamp};

/// What a data folder is for. Written once, when the folder is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Real mail.
    Real,
    /// The practice office.
    Practice,
}

impl Kind {
    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Practice => "practice",
        }
    }

    /// The kind for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Real, Self::Practice].into_iter().find(|kind| kind.word() == word)
    }
}

/// As it reads in a sentence: "this folder is a practice folder".
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Real => "a folder for real mail",
            Self::Practice => "a practice folder",
        })
    }
}

/// A domain we relay for, its destination and its discovery rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainRecord {
    /// The domain, lower case, A-labels.
    pub name: String,
    /// The destination's host name or address.
    pub host: String,
    /// The destination's port, 1 to 65535.
    pub port: u16,
    /// Whether the destination is spoken to with TLS.
    pub tls: TlsPolicy,
    /// When its addresses are discovered, end and become users.
    pub rule: Rule,
    /// When the destination last refused an invented recipient, so that its word is worth something.
    pub stranger_refused: Option<Timestamp>,
}

/// Whether a destination is spoken to with STARTTLS (RFC 3207).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TlsPolicy {
    /// Not even if it is offered.
    Never,
    /// If it is offered.
    Opportunistic,
    /// Or not at all.
    Required,
}

impl TlsPolicy {
    /// Every policy.
    pub const ALL: [Self; 3] = [Self::Never, Self::Opportunistic, Self::Required];

    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Opportunistic => "opportunistic",
            Self::Required => "required",
        }
    }

    /// The policy for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.word() == word)
    }
}

/// Where a listener should listen, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenerRecord {
    /// Its name, as `inbound`.
    pub name: String,
    /// The address to bind.
    pub address: String,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// What it is for.
    pub role: ListenerRole,
    /// When its connections are encrypted.
    pub tls: ListenerTls,
}

/// What a listener is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListenerRole {
    /// Mail for our domains, from anybody.
    Inbound,
    /// Mail from the office's own machines (RFC 6409).
    Submission,
}

/// When a listener's connections are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListenerTls {
    /// Never.
    None,
    /// When the client asks with STARTTLS (RFC 3207).
    StartTls,
    /// From the first octet (RFC 8314).
    Implicit,
}

/// A client that hands on mail for others: an address or a network, and what it says before SMTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamRecord {
    /// As `192.0.2.10` or `192.0.2.0/24`.
    pub network: String,
    /// What it says of the client behind it.
    pub speaks: Speaks,
}

/// What an upstream says of the client behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Speaks {
    /// Nothing: plain SMTP.
    Smtp,
    /// The PROXY protocol before the greeting, version 1 or 2.
    Proxy,
    /// XCLIENT commands.
    Xclient,
}

/// A machine of the office, or a network of them, that may send to anybody through us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderHostRecord {
    /// As `10.0.4.0/24`.
    pub network: String,
    /// What it is, in the operator's words.
    pub note: String,
}

impl ListenerRole {
    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Submission => "submission",
        }
    }

    /// The role for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Inbound, Self::Submission].into_iter().find(|role| role.word() == word)
    }
}

impl ListenerTls {
    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::StartTls => "starttls",
            Self::Implicit => "implicit",
        }
    }

    /// The choice for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::None, Self::StartTls, Self::Implicit].into_iter().find(|tls| tls.word() == word)
    }
}

impl Speaks {
    /// The word used in SQL and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Smtp => "smtp",
            Self::Proxy => "proxy",
            Self::Xclient => "xclient",
        }
    }

    /// The language for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Smtp, Self::Proxy, Self::Xclient].into_iter().find(|speaks| speaks.word() == word)
    }
}
