//! Where the directory is, when it is asked and what is synced: settings of the folder. The secret is not among them.

use rollcall_core::Timestamp;
use rollcall_core::directory::{DisabledMail, Options};
use rollcall_directory::{Credential, EntraSettings, LdapSecurity, LdapSettings, Secret, Source, Trust};
use rollcall_store::{StoreError, Tx};

const SOURCE: &str = "sync_source";
const HOURS: &str = "sync_hours";
const OPTIONS: &str = "sync_options";
const ACCEPTED: &str = "sync_accepted";
const CURSOR: &str = "sync_cursor";
const ASKED: &str = "sync_asked_ms";
const GOOD: &str = "sync_good_ms";
const FAILURES: &str = "sync_failures";
const WOULD_LOSE: &str = "sync_would_lose";
const SECRET_ENDS: &str = "sync_secret_ends_ms";
const CERTIFICATE_ENDS: &str = "sync_certificate_ends_ms";
const HOST: &str = "sync_ldap_host";
const PORT: &str = "sync_ldap_port";
const SECURITY: &str = "sync_ldap_security";
const PINNED: &str = "sync_ldap_pinned";
const BIND_DN: &str = "sync_ldap_bind_dn";
const BASE: &str = "sync_ldap_base";
const FILTER: &str = "sync_ldap_filter";
const TENANT: &str = "sync_entra_tenant";
const CLIENT: &str = "sync_entra_client";
const LOGIN: &str = "sync_entra_login";
const GRAPH: &str = "sync_entra_graph";
const CREDENTIAL: &str = "sync_entra_credential";
const AUTHORITY: &str = "sync_authority";

/// Where Microsoft's own cloud signs apps in.
pub const LOGIN_URL: &str = "https://login.microsoftonline.com";
/// Where its Graph is.
pub const GRAPH_URL: &str = "https://graph.microsoft.com";

/// A source as it is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceSet {
    /// LDAP, Active Directory among it.
    Ldap(LdapSet),
    /// Microsoft Entra.
    Entra(EntraSet),
}

/// An LDAP server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LdapSet {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: LdapSecurity,
    /// An authority of its own, PEM.
    pub authority: Option<String>,
    /// The one certificate that is believed.
    pub pinned: Option<String>,
    /// Who asks.
    pub bind_dn: String,
    /// Where to look.
    pub search_base: String,
    /// Whom to look at.
    pub filter: Option<String>,
}

/// What proves the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// A client secret.
    Secret,
    /// A certificate with its key.
    Certificate,
}

/// A Microsoft Entra tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntraSet {
    /// Which.
    pub tenant: String,
    /// The app.
    pub client_id: String,
    /// Where it signs in.
    pub login_url: String,
    /// Where Graph is.
    pub graph_url: String,
    /// An authority of its own, PEM.
    pub authority: Option<String>,
    /// What proves the app.
    pub proof: Proof,
}

impl SourceSet {
    /// How people call it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Ldap(ldap) => ldap.host.clone(),
            Self::Entra(entra) => format!("Microsoft Entra ({})", entra.tenant),
        }
    }

    /// The source to ask, with its secret.
    pub(crate) fn with(&self, secret: String) -> Source {
        match self {
            Self::Ldap(set) => Source::Ldap(LdapSettings {
                host: set.host.clone(),
                port: set.port,
                security: set.security,
                trust: match (&set.pinned, &set.authority) {
                    (Some(pin), _) => Trust::Pinned(pin.clone()),
                    (None, Some(pem)) => Trust::Authority(pem.clone()),
                    (None, None) => Trust::Computer,
                },
                bind_dn: set.bind_dn.clone(),
                password: Secret::new(secret),
                search_base: set.search_base.clone(),
                filter: set.filter.clone(),
            }),
            Self::Entra(set) => Source::Entra(EntraSettings {
                tenant: set.tenant.clone(),
                client_id: set.client_id.clone(),
                credential: match set.proof {
                    Proof::Secret => Credential::Secret(Secret::new(secret)),
                    Proof::Certificate => Credential::Certificate(Secret::new(secret)),
                },
                login_url: set.login_url.clone(),
                graph_url: set.graph_url.clone(),
                authority: set.authority.clone(),
            }),
        }
    }

    /// Whether a secret for `self` proves the same to `other`: it is never sent elsewhere.
    pub(crate) fn shares_secret_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Ldap(one), Self::Ldap(other)) => one.host == other.host && one.bind_dn == other.bind_dn,
            (Self::Entra(one), Self::Entra(other)) => {
                one.tenant == other.tenant
                    && one.client_id == other.client_id
                    && one.login_url == other.login_url
                    && one.proof == other.proof
            }
            _ => false,
        }
    }

    fn load(tx: &Tx<'_>) -> Result<Option<Self>, StoreError> {
        let text = |name: &str| -> Result<Option<String>, StoreError> {
            Ok(tx.setting(name)?.filter(|text| !text.is_empty()))
        };
        let authority = text(AUTHORITY)?;
        Ok(match text(SOURCE)?.as_deref() {
            Some("ldap") => Some(Self::Ldap(LdapSet {
                host: text(HOST)?.unwrap_or_default(),
                port: text(PORT)?.and_then(|port| port.parse().ok()).unwrap_or(636),
                security: security_of(text(SECURITY)?.as_deref()),
                authority,
                pinned: text(PINNED)?,
                bind_dn: text(BIND_DN)?.unwrap_or_default(),
                search_base: text(BASE)?.unwrap_or_default(),
                filter: text(FILTER)?,
            })),
            Some("entra") => Some(Self::Entra(EntraSet {
                tenant: text(TENANT)?.unwrap_or_default(),
                client_id: text(CLIENT)?.unwrap_or_default(),
                login_url: text(LOGIN)?.unwrap_or_else(|| LOGIN_URL.to_owned()),
                graph_url: text(GRAPH)?.unwrap_or_else(|| GRAPH_URL.to_owned()),
                authority,
                proof: if text(CREDENTIAL)?.as_deref() == Some("certificate") {
                    Proof::Certificate
                } else {
                    Proof::Secret
                },
            })),
            _ => None,
        })
    }

    /// Sets it; what the directory told last is asked for anew.
    pub(crate) fn store(&self, tx: &Tx<'_>) -> Result<(), StoreError> {
        tx.put_setting(CURSOR, "")?;
        tx.put_setting(CERTIFICATE_ENDS, "")?;
        let authority = |pem: &Option<String>| tx.put_setting(AUTHORITY, pem.as_deref().unwrap_or_default());
        match self {
            Self::Ldap(set) => {
                authority(&set.authority)?;
                tx.put_setting(SOURCE, "ldap")?;
                tx.put_setting(HOST, &set.host)?;
                tx.put_setting(PORT, &set.port.to_string())?;
                tx.put_setting(SECURITY, security_word(set.security))?;
                tx.put_setting(PINNED, set.pinned.as_deref().unwrap_or_default())?;
                tx.put_setting(BIND_DN, &set.bind_dn)?;
                tx.put_setting(BASE, &set.search_base)?;
                tx.put_setting(FILTER, set.filter.as_deref().unwrap_or_default())
            }
            Self::Entra(set) => {
                authority(&set.authority)?;
                tx.put_setting(SOURCE, "entra")?;
                tx.put_setting(TENANT, &set.tenant)?;
                tx.put_setting(CLIENT, &set.client_id)?;
                tx.put_setting(LOGIN, &set.login_url)?;
                tx.put_setting(GRAPH, &set.graph_url)?;
                tx.put_setting(CREDENTIAL, if set.proof == Proof::Certificate { "certificate" } else { "secret" })
            }
        }
    }
}

/// Everything that is set about the sync.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncSet {
    /// The source.
    pub source: Option<SourceSet>,
    /// Hours between runs; 0 is Never.
    pub hours: u32,
    /// The ticks.
    pub options: Options,
    /// The first run was accepted (V09).
    pub accepted: bool,
    /// What to give the directory the next time.
    pub cursor: Option<String>,
    /// When it was last asked.
    pub asked: Option<Timestamp>,
    /// When a run last did what it planned.
    pub good: Option<Timestamp>,
    /// Failed runs since then.
    pub failures: u32,
    /// How many accounts the last run would have lost, if it stopped for that.
    pub would_lose: Option<u64>,
    /// Until when the client secret is valid.
    pub secret_ends: Option<Timestamp>,
    /// Until when the server's certificate is valid.
    pub certificate_ends: Option<Timestamp>,
}

impl SyncSet {
    /// Reads it.
    pub(crate) fn load(tx: &Tx<'_>) -> Result<Self, StoreError> {
        let number = |name: &str| -> Result<Option<i64>, StoreError> {
            Ok(tx.setting(name)?.and_then(|text| text.parse().ok()))
        };
        let moment = |name: &str| -> Result<Option<Timestamp>, StoreError> { Ok(number(name)?.map(Timestamp)) };
        Ok(Self {
            source: SourceSet::load(tx)?,
            hours: number(HOURS)?.and_then(|hours| u32::try_from(hours).ok()).unwrap_or(0),
            options: tx.setting(OPTIONS)?.map_or_else(Options::default, |text| read_options(&text)),
            accepted: tx.setting(ACCEPTED)?.as_deref() == Some("yes"),
            cursor: tx.setting(CURSOR)?.filter(|cursor| !cursor.is_empty()),
            asked: moment(ASKED)?,
            good: moment(GOOD)?,
            failures: number(FAILURES)?.and_then(|count| u32::try_from(count).ok()).unwrap_or(0),
            would_lose: number(WOULD_LOSE)?.and_then(|count| u64::try_from(count).ok()),
            secret_ends: moment(SECRET_ENDS)?,
            certificate_ends: moment(CERTIFICATE_ENDS)?,
        })
    }

    /// Discovery is off because of it (T15): a source is set and the schedule is not Never.
    #[must_use]
    pub const fn holds_discovery(&self) -> bool {
        self.source.is_some() && self.hours > 0
    }

    /// When the next run is due; `None` while none is.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Option<Timestamp> {
        if !self.holds_discovery() || !self.accepted {
            return None;
        }
        let every = i64::from(self.hours) * rollcall_core::time::HOUR_MS;
        Some(self.asked.map_or(now, |asked| asked.plus_ms(every)))
    }
}

/// Whether discovery is off because of the sync, as this transaction sees it.
pub(crate) fn holds_discovery(tx: &Tx<'_>) -> Result<bool, StoreError> {
    let source = tx.setting(SOURCE)?.unwrap_or_default();
    let hours = tx.setting(HOURS)?.unwrap_or_default();
    Ok(!source.is_empty() && !hours.is_empty() && hours != "0")
}

pub(crate) fn put_hours(tx: &Tx<'_>, hours: u32) -> Result<(), StoreError> {
    tx.put_setting(HOURS, &hours.to_string())
}

pub(crate) fn put_options(tx: &Tx<'_>, options: Options) -> Result<(), StoreError> {
    tx.put_setting(OPTIONS, &written(options))
}

pub(crate) fn put_secret_end(tx: &Tx<'_>, ends: Option<Timestamp>) -> Result<(), StoreError> {
    tx.put_setting(SECRET_ENDS, &ends.map_or_else(String::new, |at| at.0.to_string()))
}

pub(crate) fn put_pinned(tx: &Tx<'_>, sha256: &str) -> Result<(), StoreError> {
    tx.put_setting(PINNED, sha256)
}

/// No source, no schedule, nothing accepted.
pub(crate) fn forget(tx: &Tx<'_>) -> Result<(), StoreError> {
    let names = [SOURCE, ACCEPTED, CURSOR, ASKED, GOOD, FAILURES, WOULD_LOSE, SECRET_ENDS, CERTIFICATE_ENDS, AUTHORITY];
    names.into_iter().try_for_each(|name| tx.put_setting(name, ""))?;
    put_hours(tx, 0)
}

/// A run ended at `at` that did what it planned.
pub(crate) fn note_good(tx: &Tx<'_>, cursor: Option<&str>, at: Timestamp) -> Result<(), StoreError> {
    tx.put_setting(CURSOR, cursor.unwrap_or_default())?;
    tx.put_setting(ACCEPTED, "yes")?;
    tx.put_setting(ASKED, &at.0.to_string())?;
    tx.put_setting(GOOD, &at.0.to_string())?;
    tx.put_setting(WOULD_LOSE, "")?;
    tx.put_setting(FAILURES, "0")
}

/// A run is being written and has not ended: until it has, it is a failed one, and after it everything is read again.
pub(crate) fn note_begun(tx: &Tx<'_>) -> Result<(), StoreError> {
    let failures = SyncSet::load(tx)?.failures.saturating_add(1);
    tx.put_setting(CURSOR, "")?;
    tx.put_setting(FAILURES, &failures.to_string())
}

/// A run ended at `at` that did nothing; gives how many did since the last good one.
pub(crate) fn note_bad(tx: &Tx<'_>, would_lose: Option<u64>, at: Timestamp) -> Result<u32, StoreError> {
    let failures = SyncSet::load(tx)?.failures.saturating_add(1);
    tx.put_setting(ASKED, &at.0.to_string())?;
    tx.put_setting(WOULD_LOSE, &would_lose.map_or_else(String::new, |count| count.to_string()))?;
    tx.put_setting(FAILURES, &failures.to_string())?;
    Ok(failures)
}

/// The directory was asked at `at`, or should have been.
pub(crate) fn note_asked(tx: &Tx<'_>, at: Timestamp) -> Result<(), StoreError> {
    tx.put_setting(ASKED, &at.0.to_string())
}

/// What the directory said of what lets us in.
pub(crate) fn note_ends(tx: &Tx<'_>, secret: Option<i64>, certificate: Option<i64>) -> Result<(), StoreError> {
    if let Some(ends) = secret {
        tx.put_setting(SECRET_ENDS, &ends.to_string())?;
    }
    certificate.map_or(Ok(()), |ends| tx.put_setting(CERTIFICATE_ENDS, &ends.to_string()))
}

const fn security_word(security: LdapSecurity) -> &'static str {
    match security {
        LdapSecurity::None => "none",
        LdapSecurity::StartTls => "starttls",
        LdapSecurity::Ldaps => "ldaps",
    }
}

fn security_of(word: Option<&str>) -> LdapSecurity {
    match word {
        Some("none") => LdapSecurity::None,
        Some("starttls") => LdapSecurity::StartTls,
        _ => LdapSecurity::Ldaps,
    }
}

fn written(options: Options) -> String {
    let tick = |on: bool| if on { "1" } else { "0" };
    [
        tick(options.active_users),
        tick(options.disabled_accounts),
        tick(options.functional_accounts),
        tick(options.security_groups),
        tick(options.hidden),
        tick(options.add),
        tick(options.update),
        tick(options.delete),
        options.disabled_people.word(),
        options.disabled_functional.word(),
    ]
    .join(" ")
}

fn read_options(text: &str) -> Options {
    let shipped = Options::default();
    let words: Vec<&str> = text.split(' ').collect();
    let tick = |place: usize, shipped: bool| words.get(place).map_or(shipped, |word| *word == "1");
    let mail = |place: usize| words.get(place).and_then(|word| DisabledMail::from_word(word)).unwrap_or_default();
    Options {
        active_users: tick(0, shipped.active_users),
        disabled_accounts: tick(1, shipped.disabled_accounts),
        functional_accounts: tick(2, shipped.functional_accounts),
        security_groups: tick(3, shipped.security_groups),
        hidden: tick(4, shipped.hidden),
        add: tick(5, shipped.add),
        update: tick(6, shipped.update),
        delete: tick(7, shipped.delete),
        disabled_people: mail(8),
        disabled_functional: mail(9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn z01_every_tick_comes_back_as_it_was_set() {
        let all = Options {
            active_users: false,
            disabled_accounts: false,
            functional_accounts: true,
            security_groups: false,
            hidden: false,
            add: false,
            update: true,
            delete: true,
            disabled_people: DisabledMail::Reject,
            disabled_functional: DisabledMail::Deliver,
        };
        for options in [all, Options::default()] {
            assert_eq!(read_options(&written(options)), options);
        }
        assert_eq!(read_options("").disabled_people, DisabledMail::Deliver);
    }
}
