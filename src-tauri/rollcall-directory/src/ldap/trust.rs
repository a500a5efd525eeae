//! Whom a TLS connection to a directory is made to. What the server showed is kept, believed or not, so that a person can
//! look at it (V21).

use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use rustls_platform_verifier::Verifier;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::Trust;
use super::certificate::{self, fingerprint};
use crate::{CertificateSeen, DirectoryError};

/// Looks at one server's certificate; one connection has one.
#[derive(Debug)]
pub(super) struct Guard {
    belief: Belief,
    provider: Arc<CryptoProvider>,
    shown: OnceLock<CertificateDer<'static>>,
    refusal: OnceLock<Error>,
}

#[derive(Debug)]
enum Belief {
    /// Whoever has a chain to what is trusted, or is itself one of those that were given.
    Chain { verifier: Arc<Verifier>, given: Vec<CertificateDer<'static>> },
    /// One certificate, by its fingerprint.
    Pinned(String),
    /// Nobody: only to see it.
    Nobody,
}

impl Guard {
    /// One that believes what the settings say.
    pub(super) fn new(trust: &Trust) -> Result<Arc<Self>, DirectoryError> {
        let belief = match trust {
            Trust::Computer => Belief::Chain { verifier: chain(&[])?, given: Vec::new() },
            Trust::Authority(pem) => {
                let given = certificates(pem)?;
                Belief::Chain { verifier: chain(&given)?, given }
            }
            Trust::Pinned(sha256) => Belief::Pinned(sha256.to_ascii_lowercase().replace(':', "")),
        };
        Ok(Self::with(belief))
    }

    /// One that believes nobody.
    pub(super) fn looking() -> Arc<Self> {
        Self::with(Belief::Nobody)
    }

    fn with(belief: Belief) -> Arc<Self> {
        Arc::new(Self { belief, provider: provider(), shown: OnceLock::new(), refusal: OnceLock::new() })
    }

    /// The configuration that asks this guard.
    pub(super) fn config(self: &Arc<Self>) -> Result<Arc<ClientConfig>, DirectoryError> {
        let builder = ClientConfig::builder_with_provider(Arc::clone(&self.provider));
        let builder = builder.with_safe_default_protocol_versions().map_err(|error| unusable(&error))?;
        let asked: Arc<dyn ServerCertVerifier> = Arc::clone(self) as _;
        Ok(Arc::new(builder.dangerous().with_custom_certificate_verifier(asked).with_no_client_auth()))
    }

    /// What the server showed.
    pub(super) fn seen(&self) -> Option<CertificateSeen> {
        self.shown.get().map(|der| certificate::seen(der))
    }

    /// Why it was not believed, if that is why there is no connection.
    pub(super) fn refusal(&self, host: &str) -> Option<DirectoryError> {
        let error = self.refusal.get()?;
        let message = match self.belief {
            Belief::Pinned(_) => format!(
                "{host} shows another certificate than the one that was trusted. If it was renewed, compare the new \
                 fingerprint with the server's and trust it; if not, somebody may be in between."
            ),
            Belief::Chain { .. } | Belief::Nobody => {
                certificate::sentence(host, self.shown.get().map(|der| &**der), error)
            }
        };
        Some(DirectoryError::Certificate { message, seen: self.seen() })
    }

    fn judge(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<(), Error> {
        match &self.belief {
            Belief::Pinned(sha256) if fingerprint(end_entity) == *sha256 => Ok(()),
            Belief::Pinned(_) | Belief::Nobody => Err(CertificateError::ApplicationVerificationFailure.into()),
            Belief::Chain { given, .. } if given.iter().any(|one| **one == **end_entity) => {
                itself(end_entity, name, now)
            }
            Belief::Chain { verifier, .. } => {
                verifier.verify_server_cert(end_entity, intermediates, name, ocsp_response, now).map(drop)
            }
        }
    }
}

/// The server's own certificate was given as the authority's, as small offices do: its name and time still count.
fn itself(der: &CertificateDer<'_>, name: &ServerName<'_>, now: UnixTime) -> Result<(), Error> {
    verify_server_name(&ParsedCertificate::try_from(der)?, name)?;
    let (_, parsed) = X509Certificate::from_der(der).map_err(|_| CertificateError::BadEncoding)?;
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    match parsed.validity() {
        validity if now > validity.not_after.timestamp() => Err(CertificateError::Expired.into()),
        validity if now < validity.not_before.timestamp() => Err(CertificateError::NotValidYet.into()),
        _ => Ok(()),
    }
}

fn chain(given: &[CertificateDer<'static>]) -> Result<Arc<Verifier>, DirectoryError> {
    let made = if given.is_empty() {
        Verifier::new(provider())
    } else {
        Verifier::new_with_extra_roots(given.to_vec(), provider())
    };
    made.map(Arc::new).map_err(|error| unusable(&error))
}

fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, DirectoryError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    found.ok().filter(|found| !found.is_empty()).ok_or_else(|| {
        DirectoryError::Settings(
            "The file has no certificate in it. Choose the authority's certificate in PEM form: it begins with \
             -----BEGIN CERTIFICATE-----."
                .to_owned(),
        )
    })
}

fn unusable(error: &Error) -> DirectoryError {
    DirectoryError::Settings(format!(
        "The certificates that this computer trusts, or the one given, cannot be used: {error}."
    ))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

impl ServerCertVerifier for Guard {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.shown.get_or_init(|| end_entity.clone().into_owned());
        match self.judge(end_entity, intermediates, server_name, ocsp_response, now) {
            Ok(()) => Ok(ServerCertVerified::assertion()),
            Err(error) => Err(self.refusal.get_or_init(|| error).clone()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
