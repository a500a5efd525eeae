//! Four certificates, four plain messages, and trust on first use (R6).

use rollcall_directory::{DirectoryError, LdapSecurity, LdapSettings, Trust, certificate};
use rollcall_tests::directory::openldap::{Manner, OpenLdap};

use super::{at, read};

/// Which certificate, and what is said of it.
const CASES: &[(&str, &str)] = &[
    ("self", "is signed by itself"),
    ("wrong", "is for another name: elsewhere.example"),
    ("expired", "expired on 2020-02-01"),
];

#[tokio::test(flavor = "multi_thread")]
async fn v21_four_certificates_have_four_plain_messages_with_starttls_and_ldaps() {
    for (certificate, words) in CASES {
        let server = OpenLdap::with(Manner { certificate, people: 1, ..Manner::default() });
        for settings in both(&server) {
            let refused = read(&settings).await;

            let Err(DirectoryError::Certificate { message, seen: Some(seen) }) = refused else { panic!("{refused:?}") };
            assert!(message.contains(words), "{certificate}: {message}");
            assert_eq!(seen.sha256.len(), 64);
            let trusted = LdapSettings { trust: Trust::Pinned(seen.sha256.clone()), ..settings };
            let answer = read(&trusted).await.expect("a person looked at it and trusts it");
            assert_eq!(answer.certificate, Some(seen));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn v21_m03_a_good_certificate_is_believed_by_name_and_any_one_by_its_fingerprint() {
    let server = OpenLdap::with(Manner { people: 1, ..Manner::default() });
    for settings in both(&server) {
        let answer = read(&settings).await.expect("it is believed");
        let seen = answer.certificate.expect("it was shown");
        assert_eq!(seen.names, ["localhost", "dc1.ad.office.test"]);
        assert!(seen.issuer.contains("Authority"), "{seen:?}");
        assert!(seen.not_after_ms > jiff::Timestamp::now().as_millisecond(), "an end to warn of: {seen:?}");

        let stranger = LdapSettings { trust: Trust::Computer, ..settings.clone() };
        let refused = read(&stranger).await.unwrap_err().to_string();
        assert!(refused.contains("was issued by \"CN=Authority\""), "{refused}");

        let by_address = LdapSettings { host: "127.0.0.1".to_owned(), ..settings };
        let refused = read(&by_address).await.unwrap_err().to_string();
        assert!(
            refused.starts_with(
                "If using SSL it MUST be a hostname in the Host field for a certificate to attach correctly."
            ),
            "{refused}"
        );
        let shown = certificate(&by_address).await.expect("it can be looked at");
        assert_eq!(shown, seen);
        let pinned = LdapSettings { trust: Trust::Pinned(shown.sha256), ..by_address.clone() };
        read(&pinned).await.expect("it is the one");
        let other = LdapSettings { trust: Trust::Pinned("00".repeat(32)), ..by_address };
        let refused = read(&other).await.unwrap_err();
        assert!(refused.to_string().contains("another certificate than the one that was trusted"), "{refused}");
    }
}

fn both(server: &OpenLdap) -> [LdapSettings; 2] {
    let ldaps = at(server.ldaps, server.authority());
    let starttls = LdapSettings { security: LdapSecurity::StartTls, port: server.clear.port(), ..ldaps.clone() };
    [ldaps, starttls]
}
