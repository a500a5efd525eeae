//! A real OpenLDAP: everybody comes, whatever a page may hold and whatever is in a name.

use rollcall_core::directory::Kind;
use rollcall_directory::{Ask, LdapSettings, Source, branches};
use rollcall_tests::directory::office::{self, Recipient};
use rollcall_tests::directory::openldap::{Manner, OpenLdap};
use tokio_util::sync::CancellationToken;

use super::{of, read, recipients, starttls, whole};

/// OpenLDAP tells groups from people, and nothing more.
fn expected() -> Vec<Recipient> {
    let told = |kind: &str| if kind == "group" { "group" } else { "person" };
    let mut all: Vec<Recipient> = office::recipients()
        .into_iter()
        .map(|one| Recipient { kind: told(&one.kind).to_owned(), unit: String::new(), ..one })
        .collect();
    all.sort();
    all
}

fn told(kind: Kind) -> &'static str {
    if kind == Kind::DistributionGroup { "group" } else { "person" }
}

#[tokio::test(flavor = "multi_thread")]
async fn v22_z06_everybody_of_an_openldap_comes_with_all_addresses_and_churn_is_seen() {
    let server = OpenLdap::office();
    let settings = starttls(&server);

    let answer = read(&settings).await.expect("an answer");

    assert_eq!((answer.cursor.clone(), answer.remarks.len()), (None, 0), "it tells no changes");
    assert!(answer.certificate.as_ref().is_some_and(|seen| seen.names.contains(&"localhost".to_owned())), "{answer:?}");
    let before = whole(answer);
    assert!(before.len() > 1_500, "{}", before.len());
    let (found, expected) = (recipients(before.values(), told), expected());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), expected.len());
    let taro = of(&before, "taro.yamada@office.test").expect("he is there");
    assert_eq!((taro.first_name.as_deref(), taro.surname.as_deref()), (Some("太郎"), Some("山田")));

    server.churn();
    let after = whole(read(&settings).await.expect("an answer"));

    assert!(of(&after, "lea.ver@office.test").is_none(), "she left");
    assert!(of(&after, "nina.new@office.test").is_some(), "she came");
    assert_eq!(after.len(), before.len());
    for (address, place) in [
        ("re.namer@office.test", "uid=renamed,ou=People,"),
        ("mo.ver@office.test", "uid=mover,ou=München,"),
        ("plus+tag@office.test", "uid=plus,ou=Service Accounts,"),
    ] {
        let (was, is) = (of(&before, address).expect("before"), of(&after, address).expect("after"));
        assert_eq!(was.id, is.id, "{address} is the same entry");
        assert!(is.place.starts_with(place), "{}", is.place);
    }
    let anna = of(&after, "anna.schmidt@office.test").expect("she is there");
    assert_eq!(anna.aliases, ["anna.schmidt@office-alt.test", "anna.neu@office.test"]);
    assert!(!of(&after, "Mixed.Case@Office.Test").expect("there").is_enabled);
}

#[tokio::test(flavor = "multi_thread")]
async fn v22_a_server_with_small_pages_gives_everybody_too() {
    let limits = "size.soft=100 size.hard=100 size.pr=60 size.prtotal=unlimited";
    let server = OpenLdap::with(Manner { limits, people: 300, ..Manner::default() });

    let found = whole(read(&starttls(&server)).await.expect("an answer"));

    assert!(found.len() > 300, "{}", found.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn m02_a_unit_is_left_out_by_the_filter_or_by_the_base_and_a_test_shows_what_is_found() {
    let server = OpenLdap::with(Manner { people: 20, ..Manner::default() });
    let all = starttls(&server);
    let service = "svc.backup@office.test";
    let without = |settings: LdapSettings| async move {
        let found = whole(read(&settings).await.expect("an answer"));
        assert!(of(&found, service).is_none() && of(&found, "anna.schmidt@office.test").is_some());
        found.len()
    };

    let everybody = whole(read(&all).await.expect("an answer"));
    assert!(of(&everybody, service).is_some());
    let filter = Some("(!(ou:dn:=Service Accounts))".to_owned());
    assert_eq!(without(LdapSettings { filter, ..all.clone() }).await, everybody.len() - 1);
    let people = format!("ou=People,{}", OpenLdap::BASE);
    without(LdapSettings { search_base: people, ..all.clone() }).await;
    let by_itself = LdapSettings { search_base: String::new(), ..all.clone() };
    assert_eq!(whole(read(&by_itself).await.expect("an answer")).len(), everybody.len(), "it knows its own base");

    let shown = Source::Ldap(all.clone()).look(&Ask::default()).await.expect("an answer");
    assert_eq!(shown.counts.iter().map(|(_, count)| *count).sum::<u64>(), everybody.len() as u64);
    assert!(shown.counts.contains(&(Kind::DistributionGroup, 4)), "{:?}", shown.counts);
    assert_eq!((shown.examples.len(), shown.without_mail), (5, 0));
    assert_eq!(shown.disabled, 4, "Dave, two shared mailboxes and a room");

    let cancel = CancellationToken::new();
    let top = branches(&all, None, &cancel).await.expect("branches");
    assert_eq!(top.iter().map(|branch| branch.dn.as_str()).collect::<Vec<_>>(), [OpenLdap::BASE]);
    let below = branches(&all, Some(OpenLdap::BASE), &cancel).await.expect("branches");
    let names: Vec<&str> = below.iter().map(|branch| branch.name.as_str()).collect();
    assert_eq!(names, ["Contacts", "Groups", "People", "Policies", "Service Accounts"]);
}
