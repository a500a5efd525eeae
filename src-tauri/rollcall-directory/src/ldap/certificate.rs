//! A server's certificate as a person reads it, and what is wrong with it in plain words (V21).

use aws_lc_rs::digest::{SHA256, digest};
use rustls::CertificateError;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::time::ASN1Time;

use crate::CertificateSeen;

/// SHA-256, lower-case hex.
pub(super) fn fingerprint(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a person looks at before trusting it. Of a certificate that cannot be read, the fingerprint.
pub(super) fn seen(der: &[u8]) -> CertificateSeen {
    let sha256 = fingerprint(der);
    let Ok((_, certificate)) = X509Certificate::from_der(der) else {
        return CertificateSeen { sha256, names: Vec::new(), issuer: String::new(), not_after_ms: 0 };
    };
    let mut names = alternative_names(&certificate);
    if names.is_empty() {
        let subject = certificate.subject();
        names = subject.iter_common_name().filter_map(|name| name.as_str().ok()).map(str::to_owned).collect();
    }
    CertificateSeen {
        sha256,
        names,
        issuer: certificate.issuer().to_string(),
        not_after_ms: certificate.validity().not_after.timestamp().saturating_mul(1_000),
    }
}

/// Why it is not believed, and what to do.
pub(super) fn sentence(host: &str, der: Option<&[u8]>, error: &rustls::Error) -> String {
    use CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet, NotValidYetContext,
        UnknownIssuer,
    };

    let parsed = der.and_then(|der| X509Certificate::from_der(der).ok()).map(|(_, certificate)| certificate);
    let (Some(certificate), rustls::Error::InvalidCertificate(reason)) = (parsed, error) else {
        return format!("The certificate of {host} cannot be used: {error}.");
    };
    match reason {
        Expired | ExpiredContext { .. } => format!(
            "The certificate of {host} expired on {}. Have it renewed on the server.",
            day(&certificate.validity().not_after)
        ),
        NotValidYet | NotValidYetContext { .. } => format!(
            "The certificate of {host} is valid only from {} on. Look at the clocks of the server and of this computer.",
            day(&certificate.validity().not_before)
        ),
        NotValidForName | NotValidForNameContext { .. } => another_name(host, &certificate),
        _ if certificate.issuer() == certificate.subject() => format!(
            "The certificate of {host} is signed by itself: nobody whom this computer trusts vouches for it. Compare \
             its fingerprint with the server's, then trust this one certificate."
        ),
        UnknownIssuer => format!(
            "The certificate of {host} was issued by \"{}\", whom this computer does not trust. Choose that authority's \
             certificate file, or compare the fingerprint with the server's and trust this one certificate.",
            certificate.issuer()
        ),
        _ => format!("The certificate of {host} cannot be used: {error}."),
    }
}

fn another_name(host: &str, certificate: &X509Certificate<'_>) -> String {
    let names = alternative_names(certificate);
    if names.is_empty() {
        return format!(
            "The certificate of {host} carries no name where names are looked for. Have one made with {host} as its \
             alternative name, or trust this one certificate."
        );
    }
    format!(
        "The certificate of {host} is for another name: {}. Write that name in the Host field, or have a certificate made \
         for {host}.",
        names.join(", ")
    )
}

fn alternative_names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else { return Vec::new() };
    let names = extension.value.general_names.iter();
    names
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some((*name).to_owned()),
            GeneralName::IPAddress(bytes) => ip(bytes),
            _ => None,
        })
        .collect()
}

fn ip(bytes: &[u8]) -> Option<String> {
    if let Ok(octets) = <[u8; 4]>::try_from(bytes) {
        return Some(std::net::Ipv4Addr::from(octets).to_string());
    }
    <[u8; 16]>::try_from(bytes).ok().map(|octets| std::net::Ipv6Addr::from(octets).to_string())
}

fn day(time: &ASN1Time) -> String {
    time.to_datetime().date().to_string()
}
