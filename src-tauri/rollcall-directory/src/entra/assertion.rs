//! What a certificate signs to prove the app: a JWT (RFC 7523), PS256, with the certificate's SHA-256 in `x5t#S256`.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair, RSA_PSS_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use x509_parser::parse_x509_certificate;

use crate::DirectoryError;
use crate::secret::Secret;

/// How long one is good for, in seconds. It is used at once.
const SECONDS: i64 = 600;
/// How far a clock may be ahead without being noticed, in seconds.
const LEEWAY: i64 = 60;

/// A certificate and its key.
pub(super) struct Proof {
    certificate: Vec<u8>,
    key: RsaKeyPair,
}

impl Proof {
    /// Reads both from PEM, in any order; of a chain, the certificate that the key belongs to.
    pub(super) fn read(pem: &Secret) -> Result<Self, DirectoryError> {
        let blocks =
            pem::parse_many(pem.reveal()).map_err(|_| settings("The certificate file can't be read as PEM."))?;
        let mut keys = blocks.iter().filter(|block| block.tag().ends_with("PRIVATE KEY"));
        let key = keys.next().ok_or_else(|| settings("The certificate file has no private key in it."))?;
        if key.tag() == "ENCRYPTED PRIVATE KEY" || key.headers().get("Proc-Type").is_some() {
            return Err(settings(
                "The private key is protected by a passphrase. Give it without one; Rollcall keeps it sealed.",
            ));
        }
        let key =
            RsaKeyPair::from_pkcs8(key.contents()).or_else(|_| RsaKeyPair::from_der(key.contents())).map_err(|_| {
                settings("The private key can't be used: Microsoft Entra takes RSA keys of 2048 bits or more.")
            })?;
        let certificates = blocks.iter().filter(|block| block.tag() == "CERTIFICATE");
        let own = certificates.map(pem::Pem::contents).find(|der| belongs(der, &key));
        let certificate =
            own.ok_or_else(|| settings("The certificate file has no certificate that belongs to the private key."))?;
        Ok(Self { certificate: certificate.to_vec(), key })
    }

    /// Until when the certificate is valid, milliseconds UTC.
    pub(super) fn not_after_ms(&self) -> Option<i64> {
        let (_, certificate) = parse_x509_certificate(&self.certificate).ok()?;
        certificate.validity().not_after.timestamp().checked_mul(1_000)
    }

    /// Signs for `client_id` toward the address that gives the token.
    pub(super) fn sign(&self, client_id: &str, audience: &str, now_ms: i64) -> Result<String, DirectoryError> {
        let now = now_ms.div_euclid(1_000);
        let thumbprint = URL_SAFE_NO_PAD.encode(digest(&SHA256, &self.certificate));
        let header = json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": thumbprint });
        let claims = json!({
            "aud": audience, "iss": client_id, "sub": client_id, "jti": number()?,
            "nbf": now - LEEWAY, "iat": now, "exp": now + SECONDS,
        });
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(header), part(claims));
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(&RSA_PSS_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .map_err(|_| settings("The private key can't sign."))?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

fn belongs(certificate: &[u8], key: &RsaKeyPair) -> bool {
    parse_x509_certificate(certificate)
        .is_ok_and(|(_, certificate)| *certificate.public_key().subject_public_key.data == *key.public_key().as_ref())
}

/// A number that is used once.
fn number() -> Result<String, DirectoryError> {
    let mut octets = [0; 16];
    aws_lc_rs::rand::fill(&mut octets).map_err(|_| settings("This computer gave no random number."))?;
    Ok(URL_SAFE_NO_PAD.encode(octets))
}

fn settings(sentence: &str) -> DirectoryError {
    DirectoryError::Settings(sentence.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m05_a_file_without_a_key_or_with_a_locked_one_is_said_in_a_sentence() {
        let sentence = |pem: &str| match Proof::read(&Secret::new(pem.to_owned())) {
            Err(DirectoryError::Settings(sentence)) => sentence,
            _ => panic!("no sentence about {pem}"),
        };
        let block = |tag: &str| format!("-----BEGIN {tag}-----\nAAAA\n-----END {tag}-----\n");

        assert!(sentence("hello").contains("no private key"));
        assert!(sentence(&block("CERTIFICATE")).contains("no private key"));
        assert!(sentence(&block("ENCRYPTED PRIVATE KEY")).contains("passphrase"));
        assert!(sentence(&block("EC PRIVATE KEY")).contains("RSA"));
    }
}
