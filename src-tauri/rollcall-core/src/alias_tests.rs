//! Tests of the alias test, row by row.

use proptest::prelude::*;

use super::*;
use crate::address::DomainName;
use crate::state::{InvalidReason, Role};

const USER: AddressState = AddressState::User(Role::Silent);

/// A row as it is written in a table: address, state, owner, names.
#[derive(Debug, Clone)]
struct Row(Address, AddressState, Option<String>, Option<(String, String)>);

fn address(text: &str) -> Address {
    Address::parse(text).expect(text)
}

fn user(text: &str) -> Row {
    Row(address(text), USER, None, None)
}

fn named(text: &str, first: &str, surname: &str) -> Row {
    Row(address(text), USER, None, Some((first.to_owned(), surname.to_owned())))
}

fn alias(text: &str, owner: &str) -> Row {
    Row(address(text), AddressState::Alias, Some(owner.to_owned()), None)
}

fn row(text: &str, state: AddressState) -> Row {
    Row(address(text), state, None, None)
}

fn names(of: Option<&(String, String)>) -> Names<'_> {
    Names { first: of.map(|names| names.0.as_str()), surname: of.map(|names| names.1.as_str()) }
}

fn candidates(rows: &[Row]) -> Vec<Candidate<'_>> {
    rows.iter()
        .map(|Row(address, state, owner, called)| Candidate {
            address,
            state: *state,
            owner: owner.as_deref(),
            names: names(called.as_ref()),
        })
        .collect()
}

fn ask(new: &str, rows: &[Row]) -> Answer {
    test(&Newcomer { address: &address(new), names: Names::default() }, &candidates(rows))
}

/// Owner and reason of each suggestion.
fn suggested(new: &str, rows: &[Row]) -> Vec<(String, Why)> {
    match ask(new, rows) {
        Answer::Suggest(some) => some.into_iter().map(|one| (one.owner, one.why)).collect(),
        Answer::None => Vec::new(),
        Answer::Auto(one) => panic!("{new} became {one:?}"),
    }
}

fn auto(new: &str, rows: &[Row]) -> Option<String> {
    match ask(new, rows) {
        Answer::Auto(one) => Some(one.owner),
        _ => None,
    }
}

#[test]
fn d09_the_same_name_at_another_domain_is_an_alias_and_a_short_form_only_a_suggestion() {
    let office = [user("ann.lee@d1.example")];

    assert_eq!(auto("Ann.Lee@d2.example", &office).as_deref(), Some("ann.lee@d1.example"));
    assert_eq!(suggested("a.lee@d2.example", &office), [("ann.lee@d1.example".to_owned(), Why::Initial)]);
}

#[test]
fn t8_nothing_happens_by_itself_where_somebody_else_can_be_meant() {
    let ann = user("ann.lee@d1.example");
    for (case, other) in [
        ("a second account", user("ann.lee@d3.example")),
        ("one that was switched off", row("ann.lee@d3.example", AddressState::Inactive)),
        ("an alias of somebody else", alias("ann.lee@d3.example", "kim@d1.example")),
        ("an alias of nobody", row("ann.lee@d3.example", AddressState::Alias)),
        ("somebody of that name", named("alee@d2.example", "Ann", "Lee")),
    ] {
        let found = suggested("ann.lee@d2.example", &[ann.clone(), other]);
        assert_eq!(
            found.first().map(|one| (one.0.as_str(), one.1)),
            Some(("ann.lee@d1.example", Why::SameName)),
            "{case}"
        );
    }
}

#[test]
fn t8_aliases_of_the_same_account_are_no_second_owner() {
    let office = [user("ann.lee@d1.example"), alias("ann.lee@d3.example", "ann.lee@d1.example")];

    assert_eq!(auto("ann.lee@d2.example", &office).as_deref(), Some("ann.lee@d1.example"));
}

#[test]
fn t8_another_name_of_a_differently_named_account_is_only_suggested() {
    let office = [user("kim@d1.example"), alias("ann.lee@d1.example", "kim@d1.example")];

    assert_eq!(suggested("ann.lee@d2.example", &office), [("kim@d1.example".to_owned(), Why::SameName)]);
}

#[test]
fn t8_rows_that_are_no_accounts_prove_nothing() {
    use AddressState::{Discovered, Invalid, NeverAdd, Watching};
    for state in [Watching, Discovered, Invalid(InvalidReason::Manual), NeverAdd] {
        assert_eq!(ask("ann.lee@d2.example", &[row("ann.lee@d1.example", state)]), Answer::None, "{state:?}");
    }
    assert_eq!(ask("ann.lee@d2.example", &[row("ann.lee@d1.example", AddressState::Inactive)]), Answer::None);
    assert_eq!(ask("ann.lee@d2.example", &[]), Answer::None);
}

#[test]
fn t8_a_name_given_by_a_person_that_is_not_the_owners_stops_it() {
    let (new, office) = (address("ann.lee@d2.example"), [named("ann.lee@d1.example", "Ann", "Lee")]);
    let called = |first, surname| {
        let names = Names { first: Some(first), surname: Some(surname) };
        test(&Newcomer { address: &new, names }, &candidates(&office))
    };

    assert!(matches!(called("Ann", "Lee"), Answer::Auto(_)));
    assert!(matches!(called("Annika", "Lee"), Answer::Suggest(_)));
}

#[test]
fn t8_a_shared_mailbox_at_two_domains_is_one_mailbox() {
    let office = [row("info@d1.example", AddressState::Functional)];

    assert_eq!(auto("info@d2.example", &office).as_deref(), Some("info@d1.example"));
}

#[test]
fn c14_each_form_of_a_name_is_suggested_with_its_reason() {
    for (new, account, why) in [
        ("ann.lee+shop@d1.example", user("ann.lee@d1.example"), Why::Tagged),
        ("Ann.Lee+Shop@d2.example", user("ann.lee@d1.example"), Why::Tagged),
        ("annlee@d1.example", user("ann.lee@d1.example"), Why::Written),
        ("ann_lee@d2.example", user("ann-lee@d1.example"), Why::Written),
        ("a.lee@d1.example", user("ann.lee@d1.example"), Why::Initial),
        ("alee@d1.example", user("ann.lee@d1.example"), Why::Initial),
        ("ann.lee@d1.example", user("a.lee@d1.example"), Why::Initial),
        ("ann.lee@d1.example", user("alee@d1.example"), Why::Initial),
        ("ann@d1.example", user("ann.lee@d1.example"), Why::FirstName),
        ("ann.lee@d1.example", user("ann@d1.example"), Why::FirstName),
        ("ann.lee@d1.example", named("office7@d1.example", "Ann", "Lee"), Why::FullName),
        ("annlee@d1.example", named("al@d1.example", "Ann", "Lee"), Why::FullName),
        ("alee@d1.example", named("al@d1.example", "Ann", "Lee"), Why::Initial),
        ("ann@d1.example", named("al@d1.example", "Ann", "Lee"), Why::FirstName),
        ("joerg.mueller@d1.example", named("jm@d1.example", "Jörg", "Müller"), Why::FullName),
        ("j.muller@d1.example", named("jm@d1.example", "Jörg", "Müller"), Why::Initial),
        ("jl.picard@d1.example", named("jlpicard@d1.example", "Jean-Luc", "Picard"), Why::Written),
        ("jeanluc.picard@d1.example", user("jean-luc.picard@d1.example"), Why::Written),
        ("ann.b.lee@d1.example", user("a.lee@d1.example"), Why::Initial),
    ] {
        let owner = account.0.key();
        assert_eq!(suggested(new, &[account]), [(owner, why)], "{new}");
    }
}

#[test]
fn c14_what_is_somebody_else_or_no_name_is_not_suggested() {
    for (new, account) in [
        ("ann.lee2@d1.example", user("ann.lee@d1.example")),
        ("bob.lee@d1.example", user("ann.lee@d1.example")),
        ("ann.lee@d1.example", named("a.lee@d1.example", "Adam", "Lee")),
        ("ann.lee@d1.example", named("alee@d1.example", "Adam", "Lee")),
        ("ann.lee@d1.example", named("ann@d1.example", "Ann", "Smith")),
        ("lee@d1.example", user("ann.lee@d1.example")),
        ("a@d1.example", user("ann.lee@d1.example")),
        ("info.desk@d1.example", row("info@d1.example", AddressState::Functional)),
        ("info@d1.example", user("info.bell@d1.example")),
        ("+x@d1.example", user("ann.lee@d1.example")),
        ("\"ann lee\"@d1.example", user("bob@d1.example")),
    ] {
        assert_eq!(ask(new, &[account]), Answer::None, "{new}");
    }
}

#[test]
fn c14_short_forms_are_suggested_of_exactly_one_account() {
    let two = [user("ann.lee@d1.example"), user("adam.lee@d1.example"), user("ann.moss@d1.example")];

    assert_eq!(suggested("a.lee@d2.example", &two), []);
    assert_eq!(suggested("ann@d2.example", &two), []);
    let own_aliases = [user("ann.lee@d1.example"), alias("ann-lee@d3.example", "ann.lee@d1.example")];
    assert_eq!(suggested("a.lee@d2.example", &own_aliases), [("ann.lee@d1.example".to_owned(), Why::Initial)]);
}

#[test]
fn c14_the_three_best_are_given_one_an_account_and_the_best_first() {
    let office = [
        user("ann@d1.example"),
        user("a.lee@d1.example"),
        named("office7@d1.example", "Ann", "Lee"),
        user("annlee@d1.example"),
        alias("ann_lee@d1.example", "annlee@d1.example"),
    ];

    let found = suggested("ann.lee@d2.example", &office);

    let expected = [("annlee", Why::Written), ("office7", Why::FullName), ("a.lee", Why::Initial)];
    assert_eq!(found, expected.map(|(local, why)| (format!("{local}@d1.example"), why)));
}

#[test]
fn an_account_that_is_off_is_no_owner_not_even_through_its_alias() {
    let office = [row("kim@d1.example", AddressState::Inactive), alias("ann.lee@d1.example", "kim@d1.example")];

    assert_eq!(ask("annlee@d2.example", &office), Answer::None);
}

#[test]
fn an_address_is_never_its_own_owner() {
    let office = [row("ann.lee@d1.example", USER), alias("annlee@d2.example", "ann.lee@d1.example")];

    assert_eq!(ask("ann.lee@d1.example", &office), Answer::None);
}

#[test]
fn where_the_rule_only_suggests_the_same_owner_is_suggested() {
    let answer = ask("ann.lee@d2.example", &[user("ann.lee@d1.example")]).only_suggested();

    let Answer::Suggest(some) = answer else { panic!("{answer:?}") };
    assert_eq!(some[0].sentence(), "Same name as ann.lee@d1.example on your other domain");
    assert_eq!(Answer::None.only_suggested(), Answer::None);
}

#[test]
fn every_reason_has_a_word_and_a_sentence_of_its_own() {
    let sentence = |why| Suggestion { owner: "a@b.example".into(), like: "a@b.example".into(), why }.sentence();
    let words: std::collections::BTreeSet<_> = Why::ALL.iter().map(|why| why.word()).collect();
    let sentences: std::collections::BTreeSet<_> = Why::ALL.iter().map(|why| sentence(*why)).collect();

    assert_eq!((words.len(), sentences.len()), (6, 6));
    assert!(Why::ALL.is_sorted());
}

#[test]
fn the_keys_to_look_up_are_few_and_at_every_domain_of_the_office() {
    let domains = ["d1.example", "d2.example"].map(|name| DomainName::parse(name).expect(name));
    let keys = keys(&address("Ann.Lee@d2.example"), &domains);

    for key in [
        "ann.lee@d1.example",
        "annlee@d1.example",
        "a.lee@d2.example",
        "alee@d2.example",
        "ann@d1.example",
        "ann_lee@d2.example",
    ] {
        assert!(keys.contains(&key.to_owned()), "{key}");
    }
    assert!(!keys.contains(&"ann.lee@d2.example".to_owned()), "not itself");
    assert!(keys.len() < 30, "{}", keys.len());
}

fn some_row() -> impl Strategy<Value = Row> {
    let local = "(ann|adam|bob|a|b)([._-]?(lee|moss|li))?([+]x)?";
    let state = prop_oneof![
        4 => Just(USER),
        1 => Just(AddressState::Functional),
        2 => Just(AddressState::Alias),
        1 => Just(AddressState::Inactive),
        1 => Just(AddressState::Discovered),
    ];
    let called = proptest::option::of(("(Ann|Adam|Änn)", "(Lee|Moss)"));
    (local, 1..4, state, "(ann|bob)([.]lee)?", 1..4, called).prop_map(|(local, domain, state, owner, at, called)| {
        let owner = (state == AddressState::Alias).then(|| format!("{owner}@d{at}.example"));
        Row(address(&format!("{local}@d{domain}.example")), state, owner, called)
    })
}

proptest! {
    #[test]
    fn t8_it_never_happens_by_itself_with_two_owners(rows in proptest::collection::vec(some_row(), 0..9), new in some_row()) {
        let key = new.0.key();
        let answer = ask(&key, &rows);
        if let Answer::Auto(one) = &answer {
            let same = |row: &&Row| row.0.local().eq_ignore_ascii_case(new.0.local()) && row.0.key() != key;
            let owners: std::collections::BTreeSet<_> = rows.iter().filter(same).filter(|row| {
                row.1.is_account() || row.1 == AddressState::Inactive
            }).map(|row| row.2.clone().unwrap_or(row.0.key())).collect();
            prop_assert_eq!(owners.into_iter().collect::<Vec<_>>(), vec![one.owner.clone()]);
            prop_assert!(rows.iter().any(|row| row.0.key() == one.owner && row.1.is_account()), "the owner is an account");
        }
    }

    #[test]
    fn the_order_of_the_rows_changes_nothing(mut rows in proptest::collection::vec(some_row(), 0..9), new in some_row()) {
        rows.sort_by_key(|row| row.0.key());
        rows.dedup_by_key(|row| row.0.key());
        let forward = ask(&new.0.key(), &rows);
        rows.reverse();
        prop_assert_eq!(forward, ask(&new.0.key(), &rows));
    }

    #[test]
    fn whatever_is_answered_is_found_by_the_look_ups(rows in proptest::collection::vec(some_row(), 0..9), new in some_row()) {
        let sought = sought(&new.0, Names::default());
        let domains = ["d1.example", "d2.example", "d3.example"].map(|name| DomainName::parse(name).expect(name));
        let keys = keys(&new.0, &domains);
        let like = match ask(&new.0.key(), &rows) {
            Answer::Auto(one) => {
                prop_assert!(keys.contains(&one.like), "the address index is enough for {one:?}");
                vec![one.like]
            }
            Answer::Suggest(some) => some.into_iter().map(|one| one.like).collect(),
            Answer::None => Vec::new(),
        };
        for like in like {
            let found = rows.iter().filter(|row| row.0.key() == like).any(|row| {
                forms(row.0.local(), names(row.3.as_ref())).iter().any(|form| sought.contains(form))
            });
            prop_assert!(found, "{like} for {}", new.0);
        }
    }

    #[test]
    fn any_address_gets_an_answer(local in "[a-zäß0-9._+'-]{1,20}", other in "[a-zäß0-9._+'-]{1,20}") {
        let (Ok(new), Ok(row)) = (Address::parse(&format!("{local}@d1.example")), Address::parse(&format!("{other}@d2.example"))) else { return Ok(()) };
        ask(&new.key(), &[Row(row, USER, None, None)]);
        prop_assert!(keys(&new, &[]).is_empty());
    }
}
