//! What the operator set up, as one snapshot that sessions read without asking the store.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::outward::Outbound;
use rollcall_core::freeze::{Freeze, Freezes};
use rollcall_core::fresh::Hold;
use rollcall_core::recipient::Homes;
use rollcall_core::terms::{KnownList, Terms, Unknown};
use rollcall_core::{DomainName, Rule, Timestamp};
use rollcall_net::{Destination, TlsPolicy};
use rollcall_store::{self as store, DomainRecord, DomainSettings, ListenerRecord, Place, Speaks, Store, StoreError};

use crate::networks::{self, Networks};
use crate::secrets::Secrets;
use crate::shadow;

/// The name of the listener for mail from outside.
pub const INBOUND: &str = "inbound";
/// The setting that holds whether desktop notifications are wanted.
pub const NOTIFICATIONS: &str = "notifications";
/// The setting that holds the folder's own token in trace fields.
pub const TOKEN: &str = "trace_token";
/// The setting that holds what a practice clock has skipped, in milliseconds.
pub const CLOCK_OFFSET: &str = "clock_offset_ms";

/// The setting that holds whether discovery is on (D01).
pub const DISCOVERY: &str = "discovery";
/// The setting that holds the name that a listed filter writes into `Authentication-Results`.
pub const UPSTREAM_AUTHSERV: &str = "upstream_authserv";
/// The setting that holds what is kept of mail for addresses that ended by themselves lately (X06).
pub const HOLD_FRESH: &str = "hold_fresh";
/// The setting that holds whom a refused sender can ask (X20).
pub const REPLY_CONTACT: &str = "reply_contact";

/// The setting that holds how much room stays free on the disk, in mebibytes.
pub const DISK_RESERVE: &str = "disk_reserve_mib";
/// What stays free unless the operator says otherwise, in mebibytes.
pub const DISK_RESERVE_MIB: u64 = 256;

/// Whether a directory decides who is known (T15).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DirectoryDecides {
    /// No sync is on.
    #[default]
    No,
    /// The sync is on, but no run was accepted yet: nothing is learned, and nobody is refused for it.
    NotYet,
    /// It does.
    Yes,
}

/// One domain of the office.
#[derive(Debug, Clone)]
pub struct Domain {
    /// Lower case, A-label.
    pub name: String,
    /// Where its mail goes.
    pub destination: Destination,
    /// When an address counts as discovered.
    pub rule: Rule,
    /// What is settled for it.
    pub settings: DomainSettings,
    /// Who is taken in now: as settled, or what holds while discovery is off (X01).
    pub terms: Terms,
    /// When its clocks stood (T15).
    pub freezes: Arc<Freezes>,
}

impl Domain {
    /// A domain elsewhere, in the shape of one of ours.
    pub(crate) fn outside(name: String, destination: Destination) -> Self {
        let settings = DomainSettings::default();
        Self { name, destination, rule: Rule::SHIPPED, terms: settings.terms, settings, freezes: Arc::default() }
    }

    /// Where its recipients are asked about, when that is not the destination (V05).
    #[must_use]
    pub fn verification(&self) -> Option<Destination> {
        self.settings.verification.as_ref().map(destination)
    }
}

/// Everything set up.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// By name.
    pub domains: BTreeMap<String, Arc<Domain>>,
    /// Every name that mail comes in for.
    pub homes: Homes,
    /// Alias domains and the domain each is another name of, A to Z.
    pub aliases: Vec<(String, String)>,
    /// Addresses whose mail goes elsewhere, by key: their domain with another destination (V14).
    pub routes: HashMap<String, Arc<Domain>>,
    /// Clients that hand on mail for others, so that no abuse rule applies to them, and what they say before SMTP.
    pub upstreams: Networks<Speaks>,
    /// The office's own machines that may send to anybody through us, and what each is.
    pub sender_hosts: Networks<String>,
    /// The listeners, A to Z.
    pub listeners: Vec<ListenerRecord>,
    /// Whether desktop notifications are wanted.
    pub notifications: bool,
    /// How mail of the office's machines goes out.
    pub outbound: Outbound,
    /// Whom a refused sender can ask, said behind every refusal; empty when nobody (X20).
    pub reply_contact: String,
    /// Bytes that stay free on the disk: mail is taken into the spool only above that.
    pub disk_reserve: u64,
    /// The feature switch of discovery (D01).
    pub discovery: bool,
    /// Whether the directory decides who is known (T15).
    pub directory: DirectoryDecides,
    /// The names of the domains and of their other names, A to Z.
    pub names: Arc<Vec<DomainName>>,
    /// The name that a listed filter in front of us writes into `Authentication-Results` (RFC 8601).
    pub authserv: Option<String>,
    /// Until when nothing is refused on our own account (X16).
    pub shadow_until: Option<Timestamp>,
    /// What is kept of mail for addresses that ended by themselves lately (X06).
    pub hold_fresh: Hold,
}

impl Setup {
    /// Every place mail may go to; one may come more than once.
    pub fn destinations(&self) -> impl Iterator<Item = &Destination> {
        let domains = self.domains.values().chain(self.routes.values());
        domains.map(|domain| &domain.destination).chain(self.outbound.smarthost())
    }

    /// Reads it all.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn load(store: &Store, secrets: &Secrets) -> Result<Self, StoreError> {
        let password = secrets.outbound();
        store.read(|tx| {
            let mut settings: HashMap<String, DomainSettings> = tx.domain_settings()?.into_iter().collect();
            let discovery = tx.setting(DISCOVERY)?.as_deref() != Some("off");
            let sync = crate::sync::SyncSet::load(tx)?;
            let directory = match (sync.holds_discovery(), sync.accepted) {
                (false, _) => DirectoryDecides::No,
                (true, false) => DirectoryDecides::NotYet,
                (true, true) => DirectoryDecides::Yes,
            };
            let mut freezes: HashMap<String, Vec<Freeze>> = HashMap::new();
            for (name, freeze) in tx.freezes()? {
                freezes.entry(name).or_default().push(freeze);
            }
            let domains: BTreeMap<String, Arc<Domain>> = tx
                .domains()?
                .into_iter()
                .map(|record| {
                    let settings = settings.remove(&record.name).unwrap_or_default();
                    let freezes = freezes.remove(&record.name).unwrap_or_default();
                    (record.name.clone(), Arc::new(domain(record, settings, freezes, (discovery, directory))))
                })
                .collect();
            let aliases = tx.alias_domains()?;
            let names = domains.keys().filter_map(|name| DomainName::parse(name).ok()).collect();
            let names = Arc::new(names);
            let homes = homes(&domains, &aliases);
            let routes = tx.address_routes()?.iter().filter_map(|(key, to)| routed(&domains, key, to)).collect();
            let upstreams = tx.upstreams()?;
            let upstreams = upstreams.iter().filter_map(|one| Some((networks::parse(&one.network)?, one.speaks)));
            let upstreams = upstreams.collect();
            let hosts = tx.sender_hosts()?;
            let sender_hosts = hosts.into_iter().filter_map(|one| Some((networks::parse(&one.network)?, one.note)));
            let sender_hosts = sender_hosts.collect();
            let listeners = tx.listeners()?;
            let notifications = tx.setting(NOTIFICATIONS)?.as_deref() != Some("off");
            let disk_reserve = tx.setting(DISK_RESERVE)?.and_then(|text| text.parse().ok()).unwrap_or(DISK_RESERVE_MIB);
            let disk_reserve = disk_reserve.saturating_mul(1024 * 1024);
            let reply_contact = tx.setting(REPLY_CONTACT)?.unwrap_or_default();
            Ok(Self {
                domains,
                homes,
                aliases,
                routes,
                upstreams,
                sender_hosts,
                listeners,
                notifications,
                outbound: Outbound::load(tx, password)?,
                reply_contact,
                disk_reserve,
                discovery,
                directory,
                names,
                authserv: tx.setting(UPSTREAM_AUTHSERV)?.filter(|name| !name.is_empty()),
                shadow_until: shadow::until(tx)?,
                hold_fresh: tx.setting(HOLD_FRESH)?.and_then(|word| Hold::from_word(&word)).unwrap_or_default(),
            })
        })
    }
}

fn homes(domains: &BTreeMap<String, Arc<Domain>>, aliases: &[(String, String)]) -> Homes {
    let mut homes = Homes::default();
    for domain in domains.values() {
        homes.add_domain(&domain.name, domain.settings.reading);
    }
    for (alias, primary) in aliases {
        homes.add_alias(alias, primary);
    }
    homes
}

/// The domain of an address as it is for this address alone.
fn routed(domains: &BTreeMap<String, Arc<Domain>>, key: &str, to: &Place) -> Option<(String, Arc<Domain>)> {
    let domain = domains.get(key.rsplit_once('@')?.1)?;
    let routed = Domain { destination: destination(to), ..Domain::clone(domain) };
    Some((key.to_owned(), Arc::new(routed)))
}

/// A stored place as the net names it.
#[must_use]
pub fn destination(place: &Place) -> Destination {
    Destination::new(place.host.clone(), place.port, tls_policy(place.tls))
}

fn domain(
    record: DomainRecord,
    settings: DomainSettings,
    freezes: Vec<Freeze>,
    (discovery, directory): (bool, DirectoryDecides),
) -> Domain {
    let unknown = match (settings.terms.unknown, directory) {
        (Unknown::Learn, DirectoryDecides::NotYet) => Unknown::Ask,
        (Unknown::Learn, _) if !discovery || directory == DirectoryDecides::Yes => record.rule.unknown_when_off,
        (settled, _) => settled,
    };
    let list = if directory == DirectoryDecides::Yes { KnownList::Directory } else { KnownList::Office };
    Domain {
        terms: Terms { unknown, list, ..settings.terms },
        freezes: Arc::new(Freezes::new(freezes)),
        name: record.name,
        destination: Destination::new(record.host, record.port, tls_policy(record.tls)),
        rule: record.rule,
        settings,
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
