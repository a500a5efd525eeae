//! Microsoft Entra: who signs in, what is read, and that changes lead to the same as everything (M05, Z01, Z05, Z06, Z08).

use std::collections::BTreeMap;

use rollcall_core::directory::{Entry, Kind, Reading};
use rollcall_directory::{Answer, Ask, DirectoryError, EntraSettings, Source};
use rollcall_tests::graph::Graph;
use serde_json::{Value, json};

/// Reads, at the time that it is.
pub(super) async fn read(settings: &EntraSettings, since: Option<String>) -> Result<Answer, DirectoryError> {
    let now_ms = jiff::Timestamp::now().as_millisecond();
    Source::Entra(settings.clone()).read(&Ask { since, now_ms, ..Ask::default() }).await
}

/// All entries, by id.
pub(super) fn whole(answer: &Answer) -> BTreeMap<String, Entry> {
    let Reading::Whole(entries) = &answer.reading else { panic!("only changes") };
    let by_id: BTreeMap<_, _> = entries.iter().map(|entry| (entry.id.clone(), entry.clone())).collect();
    assert_eq!(by_id.len(), entries.len(), "an id is one entry's");
    by_id
}

/// What there is after the changes.
fn changed(mut entries: BTreeMap<String, Entry>, answer: &Answer) -> BTreeMap<String, Entry> {
    let Reading::Changes { changed, gone } = &answer.reading else { panic!("everything was read") };
    entries.extend(changed.iter().map(|entry| (entry.id.clone(), entry.clone())));
    for id in gone {
        entries.remove(id);
    }
    entries
}

fn of<'a>(entries: &'a BTreeMap<String, Entry>, primary: &str) -> Option<&'a Entry> {
    entries.values().find(|entry| entry.primary.as_deref() == Some(primary))
}

fn count(entries: &BTreeMap<String, Entry>, kind: Kind) -> usize {
    entries.values().filter(|entry| entry.kind == kind).count()
}

fn expired_delta(status: u16) -> [Value; 2] {
    [json!({ "op": "set", "resync": status }), json!({ "op": "expire_delta" })]
}

#[tokio::test]
async fn z01_all_1279_people_a_guest_lists_and_contacts_come_with_their_addresses_and_kinds() {
    let graph = Graph::start();

    let answer = read(&graph.settings(), None).await.unwrap();

    let entries = whole(&answer);
    let users = [Kind::Person, Kind::SharedMailbox, Kind::Resource].map(|kind| count(&entries, kind));
    assert_eq!(users, [1_276, 2, 1], "1,279 people");
    assert_eq!(count(&entries, Kind::Contact), 3, "two contacts and a guest");
    assert_eq!(count(&entries, Kind::DistributionGroup), 4, "the group without mail is none");
    assert_eq!(entries.len(), 1_286);
    assert_eq!(answer.remarks, [""; 0]);
    let anna = of(&entries, "anna.schmidt@office.test").unwrap();
    let aliases = ["a.schmidt@office.test", "anna.schmidt@office-alt.test", "aschmidt@office.onmicrosoft.test"];
    assert_eq!(
        (anna.kind, anna.is_enabled, anna.aliases.as_slice()),
        (Kind::Person, true, &aliases.map(str::to_owned)[..])
    );
    assert_eq!((anna.first_name.as_deref(), anna.surname.as_deref()), (Some("Anna"), Some("Schmidt")));
    assert_eq!(anna.place, "aschmidt@office.test");
    let many = of(&entries, "many.proxies@office.test").unwrap();
    assert_eq!(many.aliases.len(), 31, "thirty and the tenant's; X500, SIP, x400 and notes are no mail addresses");
    let primary_wins = of(&entries, "new.name@office.test").unwrap();
    assert!(primary_wins.aliases.contains(&"old.name@office.test".to_owned()));
    assert_eq!(of(&entries, "paula@external.test").unwrap().aliases, ["paula.partner@office.test"]);
    assert!(of(&entries, "sales@office.test").unwrap().aliases.contains(&"vertrieb@office.test".to_owned()));
}

#[tokio::test]
async fn z05_somebody_in_a_domain_that_is_not_ours_comes_like_everybody_else() {
    let graph = Graph::start();

    let entries = whole(&read(&graph.settings(), None).await.unwrap());

    assert_eq!(of(&entries, "foreign.domain@external.test").map(|entry| entry.kind), Some(Kind::Person));
}

#[tokio::test]
async fn z06_a_disabled_person_a_shared_mailbox_and_a_room_are_told_apart_by_their_mailboxes() {
    let graph = Graph::start();

    let entries = whole(&read(&graph.settings(), None).await.unwrap());

    let seen = |primary| of(&entries, primary).map(|entry| (entry.kind, entry.is_enabled));
    assert_eq!(seen("info@office.test"), Some((Kind::SharedMailbox, false)));
    assert_eq!(seen("room.berlin@office.test"), Some((Kind::Resource, false)));
    assert_eq!(seen("disabled.dave@office.test"), Some((Kind::Person, false)));
}

#[tokio::test]
async fn z06_without_the_right_to_ask_mailboxes_disabled_ones_count_as_shared_and_a_remark_says_so() {
    let mut graph = Graph::start();
    let least = json!(["User.Read.All", "Group.Read.All", "OrgContact.Read.All"]);
    graph.steer(&json!({ "op": "roles", "client": graph.fact("CLIENT"), "roles": least }));

    let answer = read(&graph.settings(), None).await.unwrap();

    let entries = whole(&answer);
    assert_eq!(of(&entries, "disabled.dave@office.test").map(|entry| entry.kind), Some(Kind::SharedMailbox));
    assert_eq!(answer.remarks.len(), 1);
    assert!(answer.remarks[0].contains("MailboxSettings.Read"), "{:?}", answer.remarks);
    assert_eq!(graph.times("userPurpose").len(), 1, "one refusal is enough");
}

#[tokio::test]
async fn m05_a_certificate_signs_in_and_tells_when_it_ends() {
    let graph = Graph::start();
    let settings = EntraSettings { credential: graph.certificate(), ..graph.settings() };

    let answer = read(&settings, None).await.unwrap();

    assert_eq!(whole(&answer).len(), 1_286);
    let days = (answer.secret_expires_ms.unwrap() - jiff::Timestamp::now().as_millisecond()) / 86_400_000;
    assert!((28..=30).contains(&days), "{days} days");
}

#[tokio::test]
async fn m05_when_the_secret_ends_is_known_if_the_app_may_read_itself() {
    let graph = Graph::start();
    let itself = EntraSettings { client_id: graph.fact("CLIENT").replace("0001", "0006"), ..graph.settings() };

    let (known, unknown) = (read(&itself, None).await.unwrap(), read(&graph.settings(), None).await.unwrap());

    let end: jiff::Timestamp = "2099-12-31T00:00:00Z".parse().unwrap();
    assert_eq!((known.secret_expires_ms, unknown.secret_expires_ms), (Some(end.as_millisecond()), None));
}

#[tokio::test]
async fn z08_directory_read_all_is_enough_too() {
    let graph = Graph::start();
    let settings = EntraSettings { client_id: graph.fact("CLIENT").replace("0001", "0005"), ..graph.settings() };

    assert_eq!(whole(&read(&settings, None).await.unwrap()).len(), 1_286);
}

#[tokio::test]
async fn m05_changes_lead_to_the_same_as_everything_and_name_only_what_changed() {
    let mut graph = Graph::start();
    let settings = graph.settings();
    let before = read(&settings, None).await.unwrap();
    graph.steer(&json!({ "op": "churn" }));

    let after = read(&settings, before.cursor.clone()).await.unwrap();

    let everything = whole(&read(&settings, None).await.unwrap());
    assert_eq!(changed(whole(&before), &after), everything);
    let Reading::Changes { changed, gone } = &after.reading else { panic!("only changes") };
    assert_eq!(
        (changed.len(), gone.len()),
        (4, 2),
        "a new one, three people; two gone; a list's members are no change"
    );
    let renamed = of(&everything, "renamed.person@office.test").unwrap();
    assert_eq!(renamed.display_name.as_deref(), Some("Renamed Person"));
    assert_eq!(renamed.surname.as_deref(), Some("Namer"), "what did not change is there, too");
    assert_eq!(of(&everything, "lea.ver@office.test"), None);
    let nothing = read(&settings, after.cursor).await.unwrap();
    assert_eq!(nothing.reading, Reading::Changes { changed: Vec::new(), gone: Vec::new() });
}

#[tokio::test]
async fn m05_a_list_that_loses_its_mail_and_a_person_who_comes_back_are_changes_like_others() {
    let mut graph = Graph::start();
    let settings = graph.settings();
    graph.steer(&json!({ "op": "delete", "uid": "leaver" }));
    let before = read(&settings, None).await.unwrap();
    let sales = of(&whole(&before), "sales@office.test").unwrap().id.clone();
    let off = json!({ "mailEnabled": false, "mail": null, "proxyAddresses": [] });
    graph.steer(&json!({ "op": "update", "collection": "groups", "id": sales, "props": off }));
    graph.steer(&json!({ "op": "restore", "uid": "leaver" }));

    let after = read(&settings, before.cursor.clone()).await.unwrap();

    let everything = whole(&read(&settings, None).await.unwrap());
    assert_eq!(changed(whole(&before), &after), everything);
    assert!(of(&everything, "lea.ver@office.test").is_some() && !everything.contains_key(&sales));
}

#[tokio::test]
async fn m05_a_cursor_that_graph_no_longer_takes_is_answered_with_everything() {
    let mut graph = Graph::start();
    let settings = graph.settings();
    let mut answer = read(&settings, None).await.unwrap();
    for status in [410, 400] {
        for order in expired_delta(status) {
            graph.steer(&order);
        }

        answer = read(&settings, answer.cursor).await.unwrap();

        assert_eq!(whole(&answer).len(), 1_286, "after {status}");
    }
}

#[tokio::test]
async fn m05_a_page_that_graph_forgets_while_it_is_read_begins_the_list_anew() {
    let mut graph = Graph::start();
    graph.steer(&json!({ "op": "set", "delta_page": 200 }));
    let body = json!({ "error": { "code": "Directory_ExpiredPageToken", "message": "The page token has expired." } });
    graph.steer(&json!({ "op": "fault", "path": "/users/delta", "after": 1, "status": 400, "body": body }));

    let answer = read(&graph.settings(), None).await.unwrap();

    assert_eq!(whole(&answer).len(), 1_286);
}

#[tokio::test]
async fn m05_many_changes_are_read_as_everything() {
    let mut graph = Graph::start();
    let settings = graph.settings();
    let before = read(&settings, None).await.unwrap();
    for number in 0..201 {
        let props = json!({ "surname": "Everybody" });
        graph.steer(&json!({ "op": "update", "uid": format!("user{number:04}"), "props": props }));
    }

    let after = read(&settings, before.cursor).await.unwrap();

    let found = whole(&after).values().filter(|entry| entry.surname.as_deref() == Some("Everybody")).count();
    assert_eq!(found, 201);
}

#[tokio::test]
async fn m05_an_object_that_graph_sends_twice_is_one_entry() {
    let mut graph = Graph::start();
    graph.steer(&json!({ "op": "set", "replay": true }));

    assert_eq!(whole(&read(&graph.settings(), None).await.unwrap()).len(), 1_286);
}

#[tokio::test]
async fn m05_asked_to_wait_twice_it_waits_as_long_as_it_was_asked_and_gets_through() {
    let mut graph = Graph::start();
    let fault = json!({ "op": "fault", "path": "/groups/delta", "status": 429, "times": 2, "retry_after": 1 });
    graph.steer(&fault);

    let answer = read(&graph.settings(), None).await.unwrap();

    assert_eq!(whole(&answer).len(), 1_286);
    let times = graph.times("/groups/delta");
    assert_eq!(times.len(), 3);
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 1.0), "{times:?}");
}

#[tokio::test]
async fn m05_a_token_that_ends_in_the_middle_is_renewed() {
    let mut graph = Graph::start();
    let body = json!({ "error": { "code": "InvalidAuthenticationToken", "message": "Lifetime validation failed." } });
    graph.steer(&json!({ "op": "fault", "path": "/groups/delta", "status": 401, "body": body }));

    let answer = read(&graph.settings(), None).await.unwrap();

    assert_eq!(whole(&answer).len(), 1_286);
    assert_eq!(graph.times("/oauth2/v2.0/token").len(), 2);
}
