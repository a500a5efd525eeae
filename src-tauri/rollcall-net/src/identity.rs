//! Who we are toward clients that encrypt: a certificate with its key, made here or brought by the operator.
//!
//! **Invariant.** The key never leaves this type but as the PEM that is stored; neither `Debug` nor an error shows it.
//!
//! **Limits.** No ACME: a certificate that a public authority signed is imported.

use std::sync::Arc;

use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};
use rustls::crypto::aws_lc_rs as provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, version};
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

/// Why a certificate cannot be used. Each sentence says what to do.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The PEM text has no certificate.
    #[error("there is no certificate in it: it should have a part that begins with -----BEGIN CERTIFICATE-----")]
    NoCertificate,
    /// The PEM text has no private key.
    #[error(
        "there is no private key in it: add the part that begins with -----BEGIN PRIVATE KEY-----, without a passphrase"
    )]
    NoKey,
    /// The PFX cannot be opened.
    #[error("the PFX file can't be opened: check the passphrase ({0})")]
    Pfx(String),
    /// Key and certificate do not belong together, or the key is of an unknown kind.
    #[error("certificate and key don't work together: {0}")]
    Mismatch(String),
    /// The certificate cannot be read.
    #[error("the certificate can't be read: {0}")]
    Unreadable(String),
    /// No certificate could be made.
    #[error("no certificate could be made: {0}")]
    NotMade(String),
}

/// A certificate chain and its key.
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

/// What the certificate says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Its subject.
    pub subject: String,
    /// The names and addresses it is for.
    pub names: Vec<String>,
    /// Who signed it.
    pub issuer: String,
    /// Its subject signed it.
    pub self_signed: bool,
    /// When it begins to hold, in milliseconds since 1970.
    pub not_before_ms: i64,
    /// When it ends, in milliseconds since 1970.
    pub not_after_ms: i64,
    /// SHA-256 of the certificate, in hexadecimal digits with colons.
    pub fingerprint: String,
}

/// A day of the calendar: year, month, day.
pub type Day = (i32, u8, u8);

impl Identity {
    /// A new key and a certificate for `names` that only it signed, with its PEM text. The first name is its subject.
    ///
    /// # Errors
    /// [`IdentityError::NotMade`].
    pub fn self_signed(names: &[String], from: Day, until: Day) -> Result<(Self, String), IdentityError> {
        let failed = |error: rcgen::Error| IdentityError::NotMade(error.to_string());
        let mut params = CertificateParams::new(names.to_vec()).map_err(failed)?;
        params.not_before = date_time_ymd(from.0, from.1, from.2);
        params.not_after = date_time_ymd(until.0, until.1, until.2);
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, names.first().map_or("localhost", String::as_str));
        let key = KeyPair::generate().map_err(failed)?;
        let certificate = params.self_signed(&key).map_err(failed)?;
        let pem = format!("{}{}", certificate.pem(), key.serialize_pem());
        Ok((Self::from_pem(&pem)?, pem))
    }

    /// Certificate chain and key from PEM text, in any order.
    ///
    /// # Errors
    /// [`IdentityError`] says what is missing.
    pub fn from_pem(text: &str) -> Result<Self, IdentityError> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
        let chain = chain.map_err(|error| IdentityError::Unreadable(error.to_string()))?;
        if chain.is_empty() {
            return Err(IdentityError::NoCertificate);
        }
        let key = PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| IdentityError::NoKey)?;
        Self { chain, key }.checked()
    }

    /// Certificate chain and key from a PFX (PKCS #12) file, with their PEM text to keep.
    ///
    /// # Errors
    /// [`IdentityError::Pfx`] for a wrong passphrase or a damaged file, and as for PEM.
    pub fn from_pfx(bytes: &[u8], passphrase: &str) -> Result<(Self, String), IdentityError> {
        let store = KeyStore::from_pkcs12(bytes, passphrase, Pkcs12ImportPolicy::Relaxed)
            .map_err(|error| IdentityError::Pfx(error.to_string()))?;
        let (_, found) = store.private_key_chain().ok_or(IdentityError::NoKey)?;
        let key = PrivatePkcs8KeyDer::from(found.key().as_der().to_vec());
        let chain: Vec<_> = found.certs().iter().map(|one| CertificateDer::from(one.as_der().to_vec())).collect();
        let identity = Self { chain, key: PrivateKeyDer::Pkcs8(key) }.checked()?;
        let pem = identity.to_pem();
        Ok((identity, pem))
    }

    fn checked(self) -> Result<Self, IdentityError> {
        self.facts()?;
        self.server_config()?;
        Ok(self)
    }

    fn to_pem(&self) -> String {
        let armoured = |label: &str, der: &[u8]| pem::encode(&pem::Pem::new(label, der));
        let certificates = self.chain.iter().map(|one| armoured("CERTIFICATE", one));
        let label = match &self.key {
            PrivateKeyDer::Pkcs1(_) => "RSA PRIVATE KEY",
            PrivateKeyDer::Sec1(_) => "EC PRIVATE KEY",
            _ => "PRIVATE KEY",
        };
        certificates.chain([armoured(label, self.key.secret_der())]).collect()
    }

    /// What the server shows to clients: TLS 1.2 or 1.3.
    ///
    /// # Errors
    /// [`IdentityError::Mismatch`].
    pub fn server_config(&self) -> Result<Arc<ServerConfig>, IdentityError> {
        let failed = |error: rustls::Error| IdentityError::Mismatch(error.to_string());
        let mut config = ServerConfig::builder_with_provider(Arc::new(provider::default_provider()))
            .with_protocol_versions(&[&version::TLS13, &version::TLS12])
            .map_err(failed)?
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), self.key.clone_key())
            .map_err(failed)?;
        // All that is offered is strong; auditors still ask that the server chooses.
        config.ignore_client_order = true;
        Ok(Arc::new(config))
    }

    /// What the certificate says of itself.
    ///
    /// # Errors
    /// [`IdentityError::Unreadable`].
    pub fn facts(&self) -> Result<CertificateFacts, IdentityError> {
        let first = self.chain.first().ok_or(IdentityError::NoCertificate)?;
        let unreadable = |error: String| IdentityError::Unreadable(error);
        let (_, found) = X509Certificate::from_der(first).map_err(|error| unreadable(error.to_string()))?;
        let named = found.subject_alternative_name().map_err(|error| unreadable(error.to_string()))?;
        let names = named.map(|extension| extension.value.general_names.iter().filter_map(shown).collect());
        Ok(CertificateFacts {
            subject: found.subject().to_string(),
            names: names.unwrap_or_default(),
            issuer: found.issuer().to_string(),
            self_signed: found.subject() == found.issuer(),
            not_before_ms: found.validity().not_before.timestamp().saturating_mul(1000),
            not_after_ms: found.validity().not_after.timestamp().saturating_mul(1000),
            fingerprint: fingerprint(first),
        })
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("chain", &self.chain.len()).finish_non_exhaustive()
    }
}

fn shown(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(octets) => match octets.len() {
            4 => <[u8; 4]>::try_from(*octets).ok().map(|octets| std::net::IpAddr::from(octets).to_string()),
            16 => <[u8; 16]>::try_from(*octets).ok().map(|octets| std::net::IpAddr::from(octets).to_string()),
            _ => None,
        },
        _ => None,
    }
}

fn fingerprint(certificate: &[u8]) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, certificate);
    digest.as_ref().iter().map(|octet| format!("{octet:02X}")).collect::<Vec<_>>().join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_made_here_names_the_host_and_is_read_back_from_its_text() {
        let names = ["mx.acme.example".to_owned(), "127.0.0.1".to_owned()];
        let (made, pem) = Identity::self_signed(&names, (2026, 11, 1), (2036, 11, 1)).expect("a certificate");

        let facts = made.facts().expect("facts");

        assert_eq!((facts.names.as_slice(), facts.self_signed), (names.as_slice(), true));
        assert_eq!(facts.subject, "CN=mx.acme.example");
        assert_eq!(facts.fingerprint.len(), 95);
        assert_eq!(facts.not_after_ms, 2_109_110_400_000);
        assert_eq!(Identity::from_pem(&pem).expect("read").facts().expect("facts"), facts);
        assert_eq!(Identity::from_pem(&made.to_pem()).expect("our own PEM").facts().expect("facts"), facts);
        assert!(!format!("{made:?}").contains("PRIVATE"));
    }

    #[test]
    fn what_is_missing_is_named() {
        let (_, pem) = Identity::self_signed(&["a.example".to_owned()], (2026, 1, 1), (2027, 1, 1)).expect("made");
        let (_, other) = Identity::self_signed(&["b.example".to_owned()], (2026, 1, 1), (2027, 1, 1)).expect("made");
        let end = pem.find("-----BEGIN PRIVATE").expect("a key");

        assert!(matches!(Identity::from_pem("hello"), Err(IdentityError::NoCertificate)));
        assert!(matches!(Identity::from_pem(&pem[..end]), Err(IdentityError::NoKey)));
        assert!(matches!(Identity::from_pem(&pem[end..]), Err(IdentityError::NoCertificate)));
        let mixed = format!("{}{}", &pem[..end], &other[other.find("-----BEGIN PRIVATE").expect("a key")..]);
        assert!(matches!(Identity::from_pem(&mixed), Err(IdentityError::Mismatch(_))));
        assert!(matches!(Identity::from_pfx(b"not a file", "x"), Err(IdentityError::Pfx(_))));
    }
}
