//! Nothing is lost: whatever goes wrong is an error with a sentence, and never a whole answer with fewer people in it.

use rollcall_directory::{Ask, DirectoryError, LdapSecurity, LdapSettings, Secret, Source};
use rollcall_tests::directory::forward::Forward;
use rollcall_tests::directory::openldap::{Manner, OpenLdap};
use rollcall_tests::peer;

use super::{at, read, starttls};

/// One sentence or two, ending as sentences do, without a secret.
fn said(result: Result<rollcall_directory::Answer, DirectoryError>) -> DirectoryError {
    let error = result.expect_err("an error");
    let sentence = error.to_string();
    assert!(sentence.ends_with('.') && sentence.len() > 20, "{sentence}");
    assert!(!sentence.contains("Pass1"), "{sentence}");
    error
}

fn in_clear(server: &OpenLdap) -> LdapSettings {
    LdapSettings { security: LdapSecurity::None, ..starttls(server) }
}

fn as_account(server: &OpenLdap, dn: &str, password: &str) -> LdapSettings {
    let password = Secret::new(password.to_owned());
    LdapSettings { bind_dn: format!("{dn},{}", OpenLdap::BASE), password, ..in_clear(server) }
}

#[tokio::test(flavor = "multi_thread")]
async fn v07_a_server_that_is_down_or_dies_in_mid_page_or_is_none_changes_nothing() {
    let server = OpenLdap::office();
    let whole = LdapSettings { security: LdapSecurity::None, ..starttls(&server) };

    let nobody = at(peer::free_address(), server.authority());
    assert!(matches!(said(read(&nobody).await), DirectoryError::Unreachable(_)));
    let unknown = LdapSettings { host: "no-such-host.invalid".to_owned(), ..whole.clone() };
    assert!(matches!(said(read(&unknown).await), DirectoryError::Unreachable(_)));
    for octets in [3, 200, 40_000, 400_000] {
        let wire = Forward::cut_after(server.clear, octets).await;
        let dying = LdapSettings { port: wire.address.port(), ..whole.clone() };
        let error = said(read(&dying).await);
        assert!(matches!(error, DirectoryError::Unreachable(_)), "after {octets} octets: {error:?}");
        let encrypted = LdapSettings { security: LdapSecurity::StartTls, ..dying };
        let error = said(read(&encrypted).await);
        assert!(matches!(error, DirectoryError::Unreachable(_)), "after {octets} octets in TLS: {error:?}");
    }
    let clear_as_tls = LdapSettings { security: LdapSecurity::Ldaps, ..whole.clone() };
    assert!(matches!(said(read(&clear_as_tls).await), DirectoryError::Unreachable(_)));
    let tls_as_clear = LdapSettings { port: server.ldaps.port(), ..whole };
    assert!(matches!(said(read(&tls_as_clear).await), DirectoryError::Unreachable(_) | DirectoryError::Unreadable(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn v07_a_size_limit_an_empty_answer_a_wrong_base_and_a_revoked_right_change_nothing() {
    let limits = "size.soft=100 size.hard=100 size.pr=50 size.prtotal=100";
    let server = OpenLdap::with(Manner { limits, people: 300, ..Manner::default() });
    assert!(matches!(said(read(&starttls(&server)).await), DirectoryError::Incomplete(_)), "a limit of all pages");
    let unpaged = "size.soft=100 size.hard=100 size.prtotal=disabled";
    let other = OpenLdap::with(Manner { limits: unpaged, people: 300, ..Manner::default() });
    let error = said(read(&starttls(&other)).await);
    assert!(matches!(error, DirectoryError::Incomplete(_) | DirectoryError::Permission(_)), "no pages: {error:?}");

    let office = OpenLdap::with(Manner { people: 20, ..Manner::default() });
    let with_filter = |filter: &str| LdapSettings { filter: Some(filter.to_owned()), ..starttls(&office) };
    let nobody = said(read(&with_filter("(uid=nobody-at-all)")).await);
    assert!(matches!(&nobody, DirectoryError::Incomplete(said) if said.starts_with("Nobody with a mail address")));
    let wrong = LdapSettings { search_base: "ou=Nowhere,dc=office,dc=test".to_owned(), ..starttls(&office) };
    assert!(matches!(said(read(&wrong).await), DirectoryError::Settings(said) if said.contains("ou=Nowhere")));
    let elsewhere = LdapSettings { search_base: "dc=other,dc=test".to_owned(), ..starttls(&office) };
    assert!(matches!(said(read(&elsewhere).await), DirectoryError::Settings(_)));
    let no_name = LdapSettings { search_base: "everybody".to_owned(), ..starttls(&office) };
    assert!(matches!(said(read(&no_name).await), DirectoryError::Settings(_)));

    let people = format!("ou=People,{}", OpenLdap::BASE);
    let revoked = as_account(&office, "uid=nomail,ou=People", "nomail-Pass1");
    let error = said(read(&LdapSettings { search_base: people, ..revoked }).await);
    assert!(matches!(error, DirectoryError::Settings(_) | DirectoryError::Incomplete(_)), "{error:?}");
    let anonymous = LdapSettings { bind_dn: String::new(), password: Secret::new(String::new()), ..in_clear(&office) };
    said(read(&anonymous).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn v22_a_refused_sign_in_says_why() {
    let server = OpenLdap::with(Manner { people: 1, ..Manner::default() });
    let sign_in = |settings: LdapSettings| async move {
        match said(read(&settings).await) {
            DirectoryError::SignIn(sentence) => sentence,
            other => panic!("{other:?}"),
        }
    };

    let wrong = as_account(&server, "uid=lockedlou,ou=People", "wrong");
    for _ in 0..3 {
        assert_eq!(sign_in(wrong.clone()).await, "The account's name or its password is wrong.");
    }
    let locked = sign_in(as_account(&server, "uid=lockedlou,ou=People", "lockedlou-Pass1")).await;
    assert!(locked.contains("is locked"), "{locked}");
    let disabled = sign_in(as_account(&server, "uid=ddave,ou=Disabled,ou=People", "ddave-Pass1")).await;
    assert!(disabled.contains("is locked"), "OpenLDAP disables by locking: {disabled}");
    let no_name = LdapSettings { bind_dn: "svcldap".to_owned(), ..in_clear(&server) };
    sign_in(no_name).await;

    let strict = OpenLdap::with(Manner { demands_tls: true, people: 1, ..Manner::default() });
    let said = sign_in(in_clear(&strict)).await;
    assert!(said.starts_with("The server demands TLS"), "{said}");
    read(&starttls(&strict)).await.expect("with TLS it lets us in");
}

#[tokio::test(flavor = "multi_thread")]
async fn r12_a_reading_that_is_stopped_ends_at_once_and_uses_nothing() {
    let server = OpenLdap::office();
    let wire = Forward::silent_after(server.clear, 400_000).await;
    let ask = Ask::default();
    let source = Source::Ldap(LdapSettings { port: wire.address.port(), ..in_clear(&server) });
    let (progress, cancel) = (ask.progress.clone(), ask.cancel.clone());

    let reading = tokio::spawn(async move { source.read(&ask).await });
    while progress.entries() == 0 {
        tokio::task::yield_now().await;
    }
    cancel.cancel();

    assert_eq!(reading.await.expect("no panic"), Err(DirectoryError::Cancelled));
    assert!(progress.entries() < 1_500, "{} entries had come", progress.entries());
}
