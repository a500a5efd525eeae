//! What is settled for domains: aliases, routes, terms.

use rollcall_core::recipient::{Reading, TagDelimiter};
use rollcall_core::terms::{InactiveMail, Terms, Unknown};
use rusqlite::{Row, named_params};

use crate::tx::{Statement, statement, unreadable, word};
use crate::{DomainSettings, Place, StoreError, TlsPolicy, Tx};

const SETTINGS: Statement = statement!("domain/settings", "read what is settled for the domains");
const PUT_SETTINGS: Statement = statement!("domain/put_settings", "settle a domain");
const ALIASES: Statement = statement!("domain_alias/list", "list the alias domains");
const CLEAR_ALIASES: Statement = statement!("domain_alias/clear", "remove the alias domains of a domain");
const ADD_ALIAS: Statement = statement!("domain_alias/add", "add an alias domain");
const ROUTES: Statement = statement!("address_route/list", "list the addresses whose mail goes elsewhere");
const PUT_ROUTE: Statement = statement!("address_route/put", "send the mail of an address elsewhere");
const REMOVE_ROUTE: Statement = statement!("address_route/remove", "send the mail of an address where it went");

impl Tx<'_> {
    /// What is settled for each domain, by its name, A to Z.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn domain_settings(&self) -> Result<Vec<(String, DomainSettings)>, StoreError> {
        self.all(&SETTINGS, [], |row| Ok((row.get("name")?, read_settings(row)?)))
    }

    /// Settles a domain; what its destination is found to be stays. False for an unknown domain.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also for a port 0.
    pub fn put_domain_settings(&self, name: &str, settings: &DomainSettings) -> Result<bool, StoreError> {
        let DomainSettings { reading, deliver_to_primary, terms, verification } = settings;
        let params = named_params! {
            ":name": name,
            ":tag_delimiter": reading.tags.word(),
            ":strip_subdomains": reading.strip_subdomains,
            ":deliver_to_primary": deliver_to_primary,
            ":unknown": terms.unknown.word(),
            ":defer_strangers": terms.defer_strangers,
            ":inactive": terms.inactive.word(),
            ":verify_host": verification.as_ref().map(|place| &place.host),
            ":verify_port": verification.as_ref().map(|place| place.port),
            ":verify_tls": verification.as_ref().map(|place| place.tls.word()),
        };
        Ok(self.change(&PUT_SETTINGS, params)? > 0)
    }

    /// Every alias domain with the domain it is another name of, A to Z.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn alias_domains(&self) -> Result<Vec<(String, String)>, StoreError> {
        self.all(&ALIASES, [], |row| Ok((row.get("alias")?, row.get("domain")?)))
    }

    /// Makes `aliases` the alias domains of `domain`, and no others.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also for an unknown domain.
    pub fn replace_alias_domains(&self, domain: &str, aliases: &[String]) -> Result<(), StoreError> {
        self.change(&CLEAR_ALIASES, named_params! { ":domain": domain })?;
        for alias in aliases {
            self.change(&ADD_ALIAS, named_params! { ":alias": alias, ":domain": domain })?;
        }
        Ok(())
    }

    /// Every address whose mail goes elsewhere, by its key, A to Z.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn address_routes(&self) -> Result<Vec<(String, Place)>, StoreError> {
        self.all(&ROUTES, [], |row| {
            let tls = word(row, "tls", TlsPolicy::from_word)?;
            Ok((row.get("key")?, Place { host: row.get("host")?, port: row.get("port")?, tls }))
        })
    }

    /// Sends the mail of an address elsewhere.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`], also for a port 0.
    pub fn put_address_route(&self, key: &str, to: &Place) -> Result<(), StoreError> {
        let params = named_params! { ":key": key, ":host": to.host, ":port": to.port, ":tls": to.tls.word() };
        self.change(&PUT_ROUTE, params).map(drop)
    }

    /// Sends the mail of an address where its domain's goes; true if it went elsewhere.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn remove_address_route(&self, key: &str) -> Result<bool, StoreError> {
        Ok(self.change(&REMOVE_ROUTE, named_params! { ":key": key })? > 0)
    }
}

fn read_settings(row: &Row<'_>) -> rusqlite::Result<DomainSettings> {
    Ok(DomainSettings {
        reading: Reading {
            tags: word(row, "tag_delimiter", TagDelimiter::from_word)?,
            strip_subdomains: row.get("strip_subdomains")?,
        },
        deliver_to_primary: row.get("deliver_to_primary")?,
        terms: Terms {
            unknown: word(row, "unknown", Unknown::from_word)?,
            defer_strangers: row.get("defer_strangers")?,
            inactive: word(row, "inactive", InactiveMail::from_word)?,
            ..Terms::default()
        },
        verification: read_verification(row)?,
    })
}

fn read_verification(row: &Row<'_>) -> rusqlite::Result<Option<Place>> {
    let (host, port) = (row.get::<_, Option<String>>("verify_host")?, row.get::<_, Option<u16>>("verify_port")?);
    let tls = maybe_word(row, "verify_tls", TlsPolicy::from_word)?;
    Ok(match (host, port, tls) {
        (Some(host), Some(port), Some(tls)) => Some(Place { host, port, tls }),
        _ => None,
    })
}

fn maybe_word<T>(row: &Row<'_>, column: &str, read: impl Fn(&str) -> Option<T>) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| read(&text).ok_or_else(|| unreadable(row, column, &text))).transpose()
}
