//! TLS toward the destination: verified by this computer's trust store, or opportunistic (RFC 7435) with any certificate.

use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use rustls_platform_verifier::BuilderVerifierExt;

/// A configuration that trusts what this computer trusts.
///
/// # Errors
/// When the platform's trust store cannot be read.
pub fn verified() -> Result<Arc<ClientConfig>, Error> {
    static ONCE: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    once(&ONCE, make_verified)
}

/// Built once: it holds the sessions that may be resumed.
fn once(
    cell: &'static OnceLock<Arc<ClientConfig>>,
    make: fn() -> Result<Arc<ClientConfig>, Error>,
) -> Result<Arc<ClientConfig>, Error> {
    match cell.get() {
        Some(config) => Ok(Arc::clone(config)),
        None => make().map(|config| Arc::clone(cell.get_or_init(|| config))),
    }
}

fn make_verified() -> Result<Arc<ClientConfig>, Error> {
    let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
    Ok(Arc::new(builder.with_platform_verifier()?.with_no_client_auth()))
}

/// A configuration that takes any certificate: protects against listeners on the wire, not against impostors.
///
/// # Errors
/// When the provider lacks the protocol versions, which the pinned one does not.
pub fn opportunistic() -> Result<Arc<ClientConfig>, Error> {
    static ONCE: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    once(&ONCE, make_opportunistic)
}

fn make_opportunistic() -> Result<Arc<ClientConfig>, Error> {
    let builder = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
    let any = Arc::new(AnyCertificate(provider()));
    Ok(Arc::new(builder.dangerous().with_custom_certificate_verifier(any).with_no_client_auth()))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

/// Takes any certificate but still checks that the peer holds its key.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
