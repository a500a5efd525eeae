//! Answers about where mail comes in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::registry::{ListenerRole, ListenerTls, SenderHost, Upstream};

/// Answer of `receiving`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Receiving {
    /// The listeners, the inbound one first.
    pub listeners: Vec<ListenerRow>,
    /// Clients that hand on mail for others: no abuse rule applies to them.
    pub upstreams: Vec<Upstream>,
    /// The office's own machines that may send to anybody.
    pub sender_hosts: Vec<SenderHost>,
    /// What clients see when they encrypt.
    pub certificate: CertificateRow,
    /// Whom a refused sender can ask; empty when nobody is named.
    pub reply_contact: String,
}

/// A certificate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CertificateRow {
    /// Its subject.
    pub subject: String,
    /// The names and addresses it is for.
    pub names: Vec<String>,
    /// Who signed it.
    pub issuer: String,
    /// Its subject signed it, as one made by Rollcall does.
    pub self_signed: bool,
    /// When it ends.
    #[ts(type = "number")]
    pub not_after_ms: i64,
    /// SHA-256, hexadecimal digits with colons.
    pub fingerprint: String,
}

/// A listener and whether it is bound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ListenerRow {
    /// As `inbound`.
    pub name: String,
    /// What it is for.
    pub role: ListenerRole,
    /// When its connections are encrypted.
    pub tls: ListenerTls,
    /// The address asked for.
    pub address: String,
    /// The port asked for; 0 takes a free one.
    pub port: u16,
    /// What is bound, as `127.0.0.1:2525`.
    pub bound: Option<String>,
    /// Why it is not, in one sentence that says what to do.
    pub fault: Option<String>,
}

/// Answer to `set_listener`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ListenerSet {
    /// The listener as it is now; `fault` says why it is not bound.
    pub listener: ListenerRow,
}
