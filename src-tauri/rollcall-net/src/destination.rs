//! Where mail goes: hosts in an order, how each is found, when to encrypt, and who we say we are.
//!
//! **Invariant.** The secret of [`Credentials`] is shown by nothing: not by `Debug`, not by an error.

use std::fmt;
use std::sync::Arc;

/// When to use TLS with a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TlsPolicy {
    /// Never.
    Never,
    /// When offered; any certificate; in clear when it fails.
    Opportunistic,
    /// Always, with a certificate that this computer trusts.
    Required,
}

/// How the hosts behind a name are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lookup {
    /// The name is a host, or an IP address.
    Host,
    /// The name is a domain: its MX records say which hosts (RFC 5321 section 5.1).
    Mx,
}

/// Where mail goes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Destination {
    /// Name or IP address; a domain with [`Lookup::Mx`].
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// When to encrypt.
    pub tls: TlsPolicy,
    /// How the name is looked up.
    pub lookup: Lookup,
    /// TLS from the first octet (RFC 8314), as on port 465; verified if `tls` says so.
    pub implicit_tls: bool,
    /// Tried in the order of their priorities when the one above cannot be reached; those of one priority in turns.
    pub fallbacks: Vec<Fallback>,
    /// Who we say we are, if the host wants to know.
    pub credentials: Option<Arc<Credentials>>,
}

/// Another host for the same mail. It gets no credentials.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fallback {
    /// Lower goes first.
    pub priority: u16,
    /// Name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// When to encrypt.
    pub tls: TlsPolicy,
}

/// A name and a secret for AUTH (RFC 4954).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Credentials {
    /// The name.
    pub username: String,
    /// What proves it.
    pub secret: Secret,
}

/// What proves a name.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Secret {
    /// For PLAIN and LOGIN.
    Password(String),
    /// For XOAUTH2.
    Token(String),
}

impl Destination {
    /// One host, found by its name.
    #[must_use]
    pub fn new(host: impl Into<String>, port: u16, tls: TlsPolicy) -> Self {
        let (lookup, fallbacks) = (Lookup::Host, Vec::new());
        Self { host: host.into(), port, tls, lookup, implicit_tls: false, fallbacks, credentials: None }
    }

    /// The mail exchangers of a domain, on port 25.
    #[must_use]
    pub fn mx(domain: impl Into<String>, tls: TlsPolicy) -> Self {
        Self { lookup: Lookup::Mx, ..Self::new(domain, 25, tls) }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.lookup {
            Lookup::Mx => write!(f, "MX of {}", self.host),
            Lookup::Host if self.host.contains(':') => write!(f, "[{}]:{}", self.host, self.port),
            Lookup::Host => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("username", &self.username).finish_non_exhaustive()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_by_nothing() {
        let credentials = Credentials { username: "office".into(), secret: Secret::Password("hunter2".into()) };
        let destination = Destination {
            credentials: Some(Arc::new(credentials)),
            ..Destination::new("smart.example", 587, TlsPolicy::Required)
        };

        let shown = format!("{destination:?} {destination}");

        assert!(shown.contains("office") && !shown.contains("hunter2"), "{shown}");
        assert_eq!(Destination::new("::1", 25, TlsPolicy::Never).to_string(), "[::1]:25");
        assert_eq!(Destination::mx("acme.example", TlsPolicy::Never).to_string(), "MX of acme.example");
    }
}
