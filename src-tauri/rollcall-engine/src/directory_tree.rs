//! The branches of an LDAP directory, read live for whoever chooses where to look (M02).
//!
//! **Invariant.** Nothing is kept: neither what was read nor the password that it was read with.

use std::fs;

use rollcall_directory::{LdapSecurity, LdapSettings, Secret, Trust};
use tokio_util::sync::CancellationToken;

use crate::error::EngineError;

/// The server that is being set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LdapPlace {
    /// A name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Protection,
    /// Who asks.
    pub bind_dn: String,
    /// The password.
    pub password: Secret,
    /// A file with a certificate authority (PEM).
    pub ca_file: Option<String>,
    /// The certificate that is believed whatever it says.
    pub trusted_sha256: Option<String>,
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// In clear.
    None,
    /// Port 389, made safe by StartTLS.
    StartTls,
    /// Port 636.
    Ldaps,
}

/// A part of a directory that can be a search base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Its distinguished name.
    pub dn: String,
    /// What a person calls it.
    pub name: String,
}

/// A password, as it is held.
#[must_use]
pub const fn secret(text: String) -> Secret {
    Secret::new(text)
}

/// What is directly below `under`, or at the top.
///
/// # Errors
/// Invalid, with the sentence of the directory reader.
pub async fn branches(place: LdapPlace, under: Option<&str>) -> Result<Vec<Branch>, EngineError> {
    let settings = settings(place)?;
    settings.check().map_err(told)?;
    let found = rollcall_directory::branches(&settings, under, &CancellationToken::new()).await.map_err(told)?;
    Ok(found.into_iter().map(|one| Branch { dn: one.dn, name: one.name }).collect())
}

fn told(error: rollcall_directory::DirectoryError) -> EngineError {
    EngineError::Invalid(error.to_string())
}

fn settings(place: LdapPlace) -> Result<LdapSettings, EngineError> {
    let trust = match (place.trusted_sha256, place.ca_file) {
        (Some(sha256), _) => Trust::Pinned(sha256),
        (None, Some(file)) => Trust::Authority(authority(&file)?),
        (None, None) => Trust::Computer,
    };
    Ok(LdapSettings {
        host: place.host,
        port: place.port,
        security: match place.security {
            Protection::None => LdapSecurity::None,
            Protection::StartTls => LdapSecurity::StartTls,
            Protection::Ldaps => LdapSecurity::Ldaps,
        },
        trust,
        bind_dn: place.bind_dn,
        password: place.password,
        search_base: String::new(),
        filter: None,
    })
}

fn authority(file: &str) -> Result<String, EngineError> {
    fs::read_to_string(file).map_err(|error| {
        EngineError::Invalid(format!("The certificate authority's file {file} can't be read: {error}. Check its path."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(host: &str) -> LdapPlace {
        LdapPlace {
            host: host.to_owned(),
            port: 636,
            security: Protection::Ldaps,
            bind_dn: "reader@acme.example".to_owned(),
            password: Secret::new("secret".to_owned()),
            ca_file: None,
            trusted_sha256: None,
        }
    }

    #[tokio::test]
    async fn m03_an_address_instead_of_a_name_is_refused_before_anybody_is_asked() {
        let refused = branches(place("192.0.2.1"), None).await.unwrap_err().to_string();

        assert!(refused.contains("it MUST be a hostname"), "{refused}");
    }

    #[tokio::test]
    async fn v21_an_authority_that_cannot_be_read_is_named() {
        let missing = LdapPlace { ca_file: Some("/nowhere/ca.pem".to_owned()), ..place("dc1.acme.example") };

        let refused = branches(missing, None).await.unwrap_err().to_string();

        assert!(refused.contains("/nowhere/ca.pem"), "{refused}");
    }
}
