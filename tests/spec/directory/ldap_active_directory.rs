//! A real Samba Active Directory behind a proxy with a Windows domain controller's limits (R7).

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use rollcall_core::directory::{Entry, Kind, Reading};
use rollcall_directory::{Answer, Ask, DirectoryError, LdapSecurity, LdapSettings, Secret, Source, Trust, branches};
use rollcall_tests::directory::forward::Forward;
use rollcall_tests::directory::office::{self, Recipient};
use rollcall_tests::directory::samba::{Limits, Samba};
use tokio_util::sync::CancellationToken;

use super::{T0, at, of, read, recipients, whole};

const HOUR_MS: i64 = 3_600_000;

fn through(limits: &Limits, server: &Samba) -> LdapSettings {
    LdapSettings {
        bind_dn: Samba::READER.to_owned(),
        password: Secret::new(Samba::PASSWORD.to_owned()),
        search_base: Samba::OFFICE.to_owned(),
        ..at(limits.address, server.authority())
    }
}

fn told(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => "person",
        Kind::SharedMailbox => "shared",
        Kind::Resource => "room",
        Kind::DistributionGroup => "group",
        Kind::Contact => "contact",
        Kind::SecurityGroup | Kind::PublicFolder => "none in this office",
    }
}

fn expected() -> Vec<Recipient> {
    let told = |kind: String| if ["user", "service"].contains(&kind.as_str()) { "person".to_owned() } else { kind };
    let all = office::recipients().into_iter();
    let mut all: Vec<Recipient> =
        all.map(|one| Recipient { kind: told(one.kind.clone()), unit: String::new(), ..one }).collect();
    all.sort();
    all
}

async fn since(settings: &LdapSettings, last: &Answer, known: &BTreeMap<String, Entry>, now_ms: i64) -> Answer {
    let ids: HashSet<String> = known.keys().cloned().collect();
    let ask = Ask { since: last.cursor.clone(), known: Some(Arc::new(ids)), now_ms, ..Ask::default() };
    Source::Ldap(settings.clone()).read(&ask).await.expect("an answer")
}

/// What is known after `changes`.
fn after(mut known: BTreeMap<String, Entry>, changes: Answer) -> BTreeMap<String, Entry> {
    let Reading::Changes { changed, gone } = changes.reading else { panic!("everything was read again") };
    known.retain(|id, _| !gone.contains(id));
    known.extend(changed.into_iter().map(|entry| (entry.id.clone(), entry)));
    known
}

#[tokio::test(flavor = "multi_thread")]
async fn v22_m14_everybody_of_an_active_directory_comes_and_changes_come_to_the_same_as_everything() {
    let server = Samba::office();
    let limits = server.limited("server", 1_000, 10);
    let office = through(&limits, &server);

    let first = read(&office).await.expect("an answer");
    let before = whole(first.clone());
    let (found, expected) = (recipients(before.values(), told), expected());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), expected.len());
    assert!(found.len() > 1_500);

    let quiet = since(&office, &first, &before, T0 + HOUR_MS).await;
    assert_eq!(quiet.reading, Reading::Changes { changed: Vec::new(), gone: Vec::new() }, "nothing happened");

    server.churn();
    let changes = since(&office, &quiet, &before, T0 + 2 * HOUR_MS).await;
    let Reading::Changes { changed, gone } = &changes.reading else { panic!("changes") };
    assert!(changed.len() < 20, "{} of {} came again", changed.len(), before.len());
    assert_eq!(gone, &[of(&before, "lea.ver@office.test").expect("she was there").id.clone()]);
    let second = changes.clone();
    let now = after(before.clone(), changes);
    assert_eq!(now, whole(read(&office).await.expect("an answer")), "as if everything had been read");
    assert_eq!(of(&now, "renamed.person@office.test").expect("renamed").aliases, ["re.namer@office.test"]);

    // Staff only: whoever moved to the service accounts has left, and deleted objects would not tell.
    let staff = LdapSettings { search_base: format!("OU=Staff,{}", Samba::OFFICE), ..office.clone() };
    let first = read(&staff).await.expect("an answer");
    let before = whole(first.clone());
    server.modify(&format!(
        "dn: CN=Zoë O'Connor,OU=Staff,{0}\nchangetype: modrdn\nnewrdn: CN=Zoë O'Connor\ndeleteoldrdn: 1\n\
         newsuperior: OU=Service Accounts,{0}\n",
        Samba::OFFICE
    ));
    let changes = since(&staff, &first, &before, T0 + HOUR_MS).await;
    let moved = of(&before, "zoe.o'connor@office.test").expect("she was there").id.clone();
    assert_eq!(changes.reading, Reading::Changes { changed: Vec::new(), gone: vec![moved] });

    for (why, last, settings, now_ms) in [
        ("another question", &second, &staff, T0 + HOUR_MS),
        ("a day later", &second, &office, T0 + 24 * HOUR_MS),
        ("another controller", &elsewhere(&second), &office, T0 + HOUR_MS),
        ("no cursor", &Answer { cursor: None, ..second.clone() }, &office, T0 + HOUR_MS),
    ] {
        let answer = since(settings, last, &now, now_ms).await;
        assert!(matches!(answer.reading, Reading::Whole(_)), "{why}");
    }
}

/// As if it had come from another domain controller.
fn elsewhere(answer: &Answer) -> Answer {
    let cursor = answer.cursor.as_ref().map(|cursor| cursor.replace("dc1.", "dc2."));
    assert_ne!(cursor, answer.cursor);
    Answer { cursor, ..answer.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn v22_m03_what_active_directory_refuses_is_said_in_plain_words() {
    let server = Samba::office();
    let limits = server.limited("server", 1_000, 1_500);
    let office = through(&limits, &server);

    for (account, password, words) in [
        ("svcldap", "wrong", "password is wrong"),
        ("nobody", "x", "password is wrong"),
        ("ddave", "ddave-Pass1", "is disabled"),
        ("expired", "expired-Pass1", "has expired"),
        ("mustchange", "mustchange-Pass1", "has to change its password"),
        ("lockedlou", "1", "password is wrong"),
        ("lockedlou", "2", "password is wrong"),
        ("lockedlou", "3", "password is wrong"),
        ("lockedlou", "lockedlou-Pass1", "is locked"),
    ] {
        let (bind_dn, password) = (format!("{account}@office.test"), Secret::new(password.to_owned()));
        let refused = read(&LdapSettings { bind_dn, password, ..office.clone() }).await;
        let Err(DirectoryError::SignIn(sentence)) = refused else { panic!("{account}: {refused:?}") };
        assert!(sentence.contains(words), "{account}: {sentence}");
    }

    let wire = Forward::to(server.clear()).await;
    let clear = LdapSettings { port: wire.address.port(), security: LdapSecurity::None, ..office.clone() };
    let refused = read(&clear).await.unwrap_err().to_string();
    assert!(refused.starts_with("The server demands TLS"), "{refused}");
    let starttls = LdapSettings { security: LdapSecurity::StartTls, ..clear };
    let bind_dn = "OFFICE\\svcldap".to_owned();
    let answer = read(&LdapSettings { bind_dn, ..starttls.clone() }).await.expect("with TLS it lets us in");
    assert!(answer.remarks.is_empty(), "{:?}", answer.remarks);

    let domain =
        read(&LdapSettings { search_base: String::new(), ..starttls.clone() }).await.expect("the whole domain");
    assert!(domain.remarks.is_empty(), "its configuration, where it points to, has no people: {:?}", domain.remarks);
    let everybody = whole(domain);
    assert!(of(&everybody, "pc01@office.test").is_none(), "a computer is nobody");
    assert_eq!(everybody.len(), expected().len());

    let cancel = CancellationToken::new();
    let top = branches(&starttls, None, &cancel).await.expect("branches");
    assert_eq!(top[0].dn, Samba::DOMAIN);
    assert_eq!(top.len(), 1, "its own affairs are left out: {top:?}");
    let below = branches(&starttls, Some(Samba::DOMAIN), &cancel).await.expect("branches");
    assert!(below.iter().any(|branch| branch.dn == Samba::OFFICE), "{below:?}");

    for (shown, words) in [("self", "signed by itself"), ("wrong", "another name"), ("expired", "expired on")] {
        let proxy = server.limited(shown, 1_000, 1_500);
        let refused = read(&through(&proxy, &server)).await;
        let Err(DirectoryError::Certificate { message, seen: Some(seen) }) = refused else { panic!("{refused:?}") };
        assert!(message.contains(words), "{message}");
        let pinned = LdapSettings { trust: Trust::Pinned(seen.sha256), ..through(&proxy, &server) };
        read(&pinned).await.expect("a person trusts it");
    }

    // In the middle of the second page.
    let dying = Forward::cut_after(server.clear(), 500_000).await;
    let lost = read(&LdapSettings { port: dying.address.port(), ..starttls }).await;
    assert!(matches!(lost, Err(DirectoryError::Unreachable(_))), "{lost:?}");
}
