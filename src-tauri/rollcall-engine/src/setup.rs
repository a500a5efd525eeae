//! What the operator set up, as one snapshot that sessions read without asking the store.

use std::collections::{BTreeMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;

use rollcall_core::Rule;
use rollcall_net::{Destination, TlsPolicy};
use rollcall_store::{self as store, DomainRecord, ListenerRecord, Store, StoreError};

/// The name of the listener for mail from outside.
pub const INBOUND: &str = "inbound";
/// The setting that holds whether desktop notifications are wanted.
pub const NOTIFICATIONS: &str = "notifications";
/// The setting that holds the folder's own token in trace fields.
pub const TOKEN: &str = "trace_token";
/// The setting that holds what a practice clock has skipped, in milliseconds.
pub const CLOCK_OFFSET: &str = "clock_offset_ms";

/// One domain of the office.
#[derive(Debug, Clone)]
pub struct Domain {
    /// Lower case, A-label.
    pub name: String,
    /// Where its mail goes.
    pub destination: Destination,
    /// When an address counts as discovered.
    pub rule: Rule,
}

/// Everything set up.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// By name.
    pub domains: BTreeMap<String, Arc<Domain>>,
    /// Clients that no abuse rule applies to.
    pub upstreams: HashSet<IpAddr>,
    /// Where the inbound listener should be bound.
    pub inbound: Option<ListenerRecord>,
    /// Whether desktop notifications are wanted.
    pub notifications: bool,
}

impl Setup {
    /// Reads it all.
    ///
    /// # Errors
    /// The store's.
    pub fn load(store: &Store) -> Result<Self, StoreError> {
        store.read(|tx| {
            let domains =
                tx.domains()?.into_iter().map(|record| (record.name.clone(), Arc::new(domain(record)))).collect();
            let upstreams = tx.upstreams()?.iter().filter_map(|text| text.parse::<IpAddr>().ok()).collect();
            let inbound = tx.listeners()?.into_iter().find(|listener| listener.name == INBOUND);
            let notifications = tx.setting(NOTIFICATIONS)?.as_deref() != Some("off");
            Ok(Self { domains, upstreams, inbound, notifications })
        })
    }
}

fn domain(record: DomainRecord) -> Domain {
    Domain {
        name: record.name,
        destination: Destination { host: record.host, port: record.port, tls: tls_policy(record.tls) },
        rule: Rule { need: record.need, window_days: record.window_days },
    }
}

/// The store's word for the net's.
#[must_use]
pub const fn tls_policy(policy: store::TlsPolicy) -> TlsPolicy {
    match policy {
        store::TlsPolicy::Never => TlsPolicy::Never,
        store::TlsPolicy::Opportunistic => TlsPolicy::Opportunistic,
        store::TlsPolicy::Required => TlsPolicy::Required,
    }
}

/// The net's word for the store's.
#[must_use]
pub const fn stored_policy(policy: TlsPolicy) -> store::TlsPolicy {
    match policy {
        TlsPolicy::Never => store::TlsPolicy::Never,
        TlsPolicy::Opportunistic => store::TlsPolicy::Opportunistic,
        TlsPolicy::Required => store::TlsPolicy::Required,
    }
}
