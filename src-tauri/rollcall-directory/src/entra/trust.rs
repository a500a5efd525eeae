//! TLS toward Microsoft: what this computer trusts, and one authority more if the operator names it.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls_platform_verifier::Verifier;

use crate::DirectoryError;

/// The configuration.
pub(super) fn config(authority: Option<&str>) -> Result<ClientConfig, DirectoryError> {
    let unusable = |error: rustls::Error| {
        DirectoryError::Settings(format!("The certificates that this computer trusts can't be read: {error}."))
    };
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = Verifier::new_with_extra_roots(roots(authority)?, Arc::clone(&provider)).map_err(unusable)?;
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(unusable)?;
    // "Dangerous" is any verifier but the library's own; this one asks the operating system.
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    Ok(builder.with_no_client_auth())
}

fn roots(authority: Option<&str>) -> Result<Vec<CertificateDer<'static>>, DirectoryError> {
    let Some(authority) = authority else { return Ok(Vec::new()) };
    let blocks = pem::parse_many(authority).unwrap_or_default();
    let certificates = blocks.into_iter().filter(|block| block.tag() == "CERTIFICATE");
    let roots: Vec<_> = certificates.map(|block| CertificateDer::from(block.into_contents())).collect();
    if roots.is_empty() {
        let sentence = "The file of the certificate authority has no certificate in it. Give it as PEM: it begins \
                        with -----BEGIN CERTIFICATE-----.";
        return Err(DirectoryError::Settings(sentence.to_owned()));
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_authority_is_said_before_anybody_is_asked() {
        assert!(matches!(config(Some("hello")), Err(DirectoryError::Settings(_))));
        assert!(config(None).is_ok());
    }
}
