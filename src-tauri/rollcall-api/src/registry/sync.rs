//! The sync with a directory: where it is, when, and what is decided about it. The words of issue 5 are fixed.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::answers::sync::{DisabledMail, LdapSecurity, SyncChoiceWord, SyncVerb};

/// Arguments of `set_ldap_source`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetLdapSourceArgs {
    /// A name; an IP address only without TLS or with a trusted certificate (M03).
    pub host: String,
    /// 389 or 636, or another one.
    pub port: u16,
    /// How the connection is protected.
    pub security: LdapSecurity,
    /// A file with a certificate authority (PEM) to believe besides those of this computer.
    #[serde(default)]
    #[ts(optional)]
    pub ca_file: Option<String>,
    /// The authority itself (PEM), in place of a file.
    #[serde(default)]
    #[ts(optional)]
    pub ca_pem: Option<String>,
    /// Who asks: a distinguished name, `user@domain` or `DOMAIN\user`.
    pub bind_dn: String,
    /// Where to look, a distinguished name.
    pub search_base: String,
    /// Whom to look at (RFC 4515); everything that may get mail unless given.
    #[serde(default)]
    #[ts(optional)]
    pub filter: Option<String>,
    /// The password; the one that is kept for this name at this host unless given. It is answered by nothing.
    #[serde(default)]
    #[ts(optional)]
    pub secret: Option<String>,
    /// The certificate to believe whatever it says, once a person looked at it: SHA-256 in lower-case hex (V21).
    #[serde(default)]
    #[ts(optional)]
    pub trusted_sha256: Option<String>,
}

/// Arguments of `set_entra_source`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetEntraSourceArgs {
    /// The directory's id or one of its domain names.
    pub tenant: String,
    /// The app's id.
    pub client_id: String,
    /// Where to sign in; `https://login.microsoftonline.com` unless given.
    #[serde(default)]
    #[ts(optional)]
    pub login_url: Option<String>,
    /// Where Graph is; `https://graph.microsoft.com` unless given.
    #[serde(default)]
    #[ts(optional)]
    pub graph_url: Option<String>,
    /// A file with a certificate authority (PEM) to believe besides those of this computer.
    #[serde(default)]
    #[ts(optional)]
    pub ca_file: Option<String>,
    /// The authority itself (PEM), in place of a file.
    #[serde(default)]
    #[ts(optional)]
    pub ca_pem: Option<String>,
    /// The client secret; the one that is kept for this app unless given. It is answered by nothing.
    #[serde(default)]
    #[ts(optional)]
    pub secret: Option<String>,
    /// Until when the secret is valid; the countdown begins 30 days before.
    #[serde(default)]
    #[ts(optional, type = "number")]
    pub secret_expires_ms: Option<i64>,
    /// The certificate that proves the app with its private key (PEM), in place of a secret. It is answered by nothing.
    #[serde(default)]
    #[ts(optional)]
    pub certificate_pem: Option<String>,
}

/// Arguments of `set_sync_schedule`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetSyncScheduleArgs {
    /// Hours between runs: 0 (Never), 1, 3, 6, 12 or 24 (M04).
    pub hours: u32,
}

/// Arguments of `run_sync`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct RunSyncArgs {
    /// The preview of the first run was looked at and is accepted (V09).
    #[ts(optional)]
    pub accept_first: Option<bool>,
    /// That many are missing was looked at and is accepted, for this run (V07).
    #[ts(optional)]
    pub accept_missing: Option<bool>,
}

/// Arguments of `set_sync_options`; what is not given stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct SetSyncOptionsArgs {
    /// People whose sign-in is allowed.
    #[ts(optional)]
    pub active_users: Option<bool>,
    /// Accounts whose sign-in is blocked.
    #[ts(optional)]
    pub disabled_accounts: Option<bool>,
    /// Shared mailboxes, rooms, distribution groups, public folders, contacts at your domains.
    #[ts(optional)]
    pub functional_accounts: Option<bool>,
    /// Security groups with an address.
    #[ts(optional)]
    pub security_groups: Option<bool>,
    /// Also what is hidden from the address book.
    #[ts(optional)]
    pub hidden: Option<bool>,
    /// Adds what is new.
    #[ts(optional)]
    pub add: Option<bool>,
    /// Updates what changed.
    #[ts(optional)]
    pub update: Option<bool>,
    /// Deletes what has been gone for 14 days.
    #[ts(optional)]
    pub delete: Option<bool>,
    /// Mail for people whose sign-in is blocked.
    #[ts(optional)]
    pub disabled_people: Option<DisabledMail>,
    /// Mail for functional accounts that are disabled.
    #[ts(optional)]
    pub disabled_functional: Option<DisabledMail>,
}

/// Arguments of `set_sync_secret`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetSyncSecretArgs {
    /// The password or client secret. It is answered by nothing.
    pub secret: String,
    /// Until when a client secret is valid.
    #[serde(default)]
    #[ts(optional, type = "number")]
    pub expires_ms: Option<i64>,
}

/// Arguments of `set_entra_certificate`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetEntraCertificateArgs {
    /// The certificate and its private key, PEM. It is answered by nothing.
    pub pem: String,
}

/// Arguments of `trust_certificate`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TrustCertificateArgs {
    /// SHA-256 in lower-case hex, as it was shown; empty trusts none of its own again.
    pub sha256: String,
}

/// Arguments of `look_directory`: unsaved settings, or neither for the source that is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct LookDirectoryArgs {
    /// An LDAP server that is not saved yet.
    #[ts(optional)]
    pub ldap: Option<SetLdapSourceArgs>,
    /// A Microsoft Entra tenant that is not saved yet.
    #[ts(optional)]
    pub entra: Option<SetEntraSourceArgs>,
}

/// Arguments of `directory_tree`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct DirectoryTreeArgs {
    /// An LDAP server that is not saved yet; the one that is set unless given.
    #[ts(optional)]
    pub ldap: Option<SetLdapSourceArgs>,
    /// The distinguished name below which to look; the top unless given.
    #[ts(optional)]
    pub parent: Option<String>,
}

/// Arguments of `exempt_from_sync`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ExemptFromSyncArgs {
    /// The ids of entries, 1 to 10,000.
    pub ids: Vec<String>,
    /// Whether sync leaves them alone from now on.
    pub on: bool,
}

/// Arguments of `settle_sync_conflict`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SettleSyncConflictArgs {
    /// The address that the problem is about.
    pub address: String,
    /// How it is settled.
    pub choice: SyncChoiceWord,
    /// Which entry gets the address, where it belongs to several.
    #[serde(default)]
    #[ts(optional)]
    pub entry: Option<String>,
}

/// Arguments of `settle_blocked_sign_ins`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SettleBlockedSignInsArgs {
    /// How all of them are settled: `functional`, `inactive` or `keep`.
    pub choice: SyncChoiceWord,
}

/// Arguments of `sync_runs`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct SyncRunsArgs {
    /// At most this many; 100 unless given, at most 1,000.
    #[ts(optional, type = "number")]
    pub limit: Option<u32>,
}

/// Arguments of `sync_run`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SyncRunArgs {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// Only these lines.
    #[serde(default)]
    #[ts(optional)]
    pub verb: Option<SyncVerb>,
    /// Lines to skip.
    #[serde(default)]
    #[ts(optional, type = "number")]
    pub offset: Option<u32>,
}

impl fmt::Debug for SetLdapSourceArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetLdapSourceArgs").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

impl fmt::Debug for SetEntraSourceArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetEntraSourceArgs").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}

impl fmt::Debug for SetSyncSecretArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetSyncSecretArgs").finish_non_exhaustive()
    }
}

impl fmt::Debug for SetEntraCertificateArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetEntraCertificateArgs").finish_non_exhaustive()
    }
}
