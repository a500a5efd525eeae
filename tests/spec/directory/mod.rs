//! Against real directories. All of it needs root and Debian's programs; `cargo xtask setup` brings them.

mod entra;
mod entra_failures;
#[cfg(feature = "measure")]
mod entra_measure;
mod ldap_active_directory;
mod ldap_certificates;
mod ldap_failures;
mod ldap_openldap;

use std::collections::BTreeMap;
use std::net::SocketAddr;

use rollcall_core::directory::{Entry, Kind, Reading};
use rollcall_directory::{Answer, Ask, DirectoryError, LdapSecurity, LdapSettings, Secret, Source, Trust};
use rollcall_tests::directory::office::Recipient;
use rollcall_tests::directory::openldap::OpenLdap;

/// Any day.
const T0: i64 = 1_800_000_000_000;

/// Everything below the base of `server`, over StartTLS, with its authority.
fn starttls(server: &OpenLdap) -> LdapSettings {
    LdapSettings { security: LdapSecurity::StartTls, ..at(server.clear, server.authority()) }
}

/// A server on localhost over LDAPS, with the account of [`OpenLdap`].
fn at(address: SocketAddr, authority: String) -> LdapSettings {
    LdapSettings {
        host: "localhost".to_owned(),
        port: address.port(),
        security: LdapSecurity::Ldaps,
        trust: Trust::Authority(authority),
        bind_dn: OpenLdap::READER.to_owned(),
        password: Secret::new(OpenLdap::PASSWORD.to_owned()),
        search_base: OpenLdap::BASE.to_owned(),
        filter: None,
    }
}

async fn read(settings: &LdapSettings) -> Result<Answer, DirectoryError> {
    Source::Ldap(settings.clone()).read(&Ask { now_ms: T0, ..Ask::default() }).await
}

/// All entries, by id.
fn whole(answer: Answer) -> BTreeMap<String, Entry> {
    let Reading::Whole(entries) = answer.reading else { panic!("only changes") };
    let count = entries.len();
    let by_id: BTreeMap<String, Entry> = entries.into_iter().map(|entry| (entry.id.clone(), entry)).collect();
    assert_eq!(by_id.len(), count, "an id is one entry's");
    by_id
}

/// In the words of the office; `kind` says what is called what there.
fn recipients<'a>(entries: impl IntoIterator<Item = &'a Entry>, kind: fn(Kind) -> &'static str) -> Vec<Recipient> {
    let mut found: Vec<Recipient> = entries
        .into_iter()
        .map(|entry| {
            let mut aliases: Vec<String> = entry.aliases.iter().map(|alias| alias.to_lowercase()).collect();
            aliases.sort();
            Recipient {
                primary: entry.primary.clone().unwrap_or_else(|| panic!("{entry:?} has an address")),
                aliases,
                is_enabled: entry.is_enabled,
                kind: kind(entry.kind).to_owned(),
                unit: String::new(),
            }
        })
        .collect();
    found.sort();
    found
}

/// The entry with this primary address.
fn of<'a>(entries: &'a BTreeMap<String, Entry>, primary: &str) -> Option<&'a Entry> {
    entries.values().find(|entry| entry.primary.as_deref() == Some(primary))
}
