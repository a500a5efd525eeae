//! What importing a list would do, example by example (M08, Z09, V12, V07).

use std::collections::HashMap;

use super::{Known, Mode, Plan, Wanted, What, Wish, plan, read};
use crate::recipient::{Homes, Reading};
use crate::state::{AddressState, InvalidReason, Role, Source};

fn homes() -> Homes {
    let mut homes = Homes::default();
    homes.add_domain("a.example", Reading::default());
    homes.add_domain("b.example", Reading::default());
    homes
}

fn known(rows: &[(&str, AddressState, Source)]) -> HashMap<String, Known> {
    let known = |(address, state, source): &(&str, AddressState, Source)| {
        let domain = address.split_once('@').map_or("", |(_, domain)| domain).to_owned();
        let (shown, names) = ((*address).to_owned(), (None, None));
        let owner = (*state == AddressState::Alias).then(|| "ann@a.example".to_owned());
        let row = Known { shown, domain, state: *state, source: *source, first_name: names.0, surname: names.1, owner };
        ((*address).to_owned(), row)
    };
    rows.iter().map(known).collect()
}

const MERGE: Wish = Wish { mode: Mode::Merge, update: false, role: Role::Silent };
const UPDATE: Wish = Wish { update: true, ..MERGE };
const REPLACE: Wish = Wish { mode: Mode::Replace, ..MERGE };
const SILENT: AddressState = AddressState::User(Role::Silent);

fn planned(text: &str, wish: Wish, known: &HashMap<String, Known>) -> Plan {
    plan(&read(text.as_bytes(), &Wanted::default()).expect(text), wish, &homes(), known)
}

fn told(plan: &Plan) -> Vec<(Option<u64>, What, &str)> {
    plan.entries.iter().map(|entry| (entry.line, entry.what, entry.address.as_str())).collect()
}

fn written(plan: &Plan) -> Vec<(String, AddressState, Option<&str>)> {
    plan.changes.iter().map(|one| (one.address.key(), one.state, one.owner.as_deref())).collect()
}

#[test]
fn m08_only_addresses_without_a_decision_become_accounts() {
    let known = known(&[
        ("watched@a.example", AddressState::Watching, Source::Mail),
        ("found@a.example", AddressState::Discovered, Source::Mail),
        ("ann@a.example", SILENT, Source::Manual),
        ("al@a.example", AddressState::Alias, Source::Mail),
        ("gone@a.example", AddressState::Invalid(InvalidReason::Manual), Source::Mail),
        ("never@a.example", AddressState::NeverAdd, Source::Mail),
        ("off@a.example", AddressState::Inactive, Source::Directory),
    ]);
    let text = "Email,Name\nnew@a.example,N\nwatched@a.example,W\nfound@a.example,F\nann@a.example,Ann Lee\n\
        al@a.example,x\ngone@a.example,x\nnever@a.example,x\noff@a.example,x\nx@elsewhere.example,x\nNEW@a.example,x\n";

    let plan = planned(text, MERGE, &known);

    assert_eq!(
        told(&plan).iter().map(|(_, what, _)| *what).collect::<Vec<_>>(),
        [
            What::Add,
            What::Add,
            What::Add,
            What::Duplicate,
            What::Conflict,
            What::Conflict,
            What::Conflict,
            What::Conflict,
            What::Foreign,
            What::Duplicate,
        ]
    );
    assert_eq!(plan.changes.len(), 3);
    assert_eq!((plan.new_users, plan.counts.of(What::Add), plan.counts.of(What::Conflict)), (3, 3, 4));
    assert_eq!(plan.entries[4].why.as_deref(), Some("It is another name of ann@a.example."));
    assert_eq!(plan.entries[9].why.as_deref(), Some("This address stands in line 2 already."));
}

#[test]
fn m08_an_account_changes_only_by_choice_and_keeps_what_the_file_says_nothing_of() {
    let known = known(&[
        ("ann@a.example", AddressState::User(Role::End), Source::Manual),
        ("desk@a.example", AddressState::Functional, Source::Manual),
    ]);
    let text = "Email,First name,Type\nann@a.example,Ann,\ndesk@a.example,,\n";

    let without = planned(text, MERGE, &known);
    let with = planned(text, UPDATE, &known);

    assert_eq!(without.changes, []);
    assert_eq!(told(&without).iter().map(|line| line.1).collect::<Vec<_>>(), [What::Duplicate, What::Unchanged]);
    assert_eq!(written(&with), [("ann@a.example".to_owned(), AddressState::User(Role::End), None)]);
    assert_eq!(with.changes[0].first_name.as_deref(), Some("Ann"));
    assert_eq!((with.new_users, with.fewer_users), (0, 0));
    let turned = planned("Email,Type\nann@a.example,functional\ndesk@a.example,user\n", UPDATE, &known);
    assert_eq!((turned.new_users, turned.fewer_users), (1, 1));
}

#[test]
fn z09_a_proofpoint_list_creates_only_and_again_it_is_all_duplicates() {
    let text = "John,Smith,john@a.example,+44,\nTom,Smith,tom@a.example,,t@a.example\n";
    let first = planned(text, UPDATE, &HashMap::new());
    assert_eq!(
        written(&first),
        [
            ("john@a.example".to_owned(), SILENT, None),
            ("tom@a.example".to_owned(), SILENT, None),
            ("t@a.example".to_owned(), AddressState::Alias, Some("tom@a.example")),
        ]
    );
    assert_eq!((first.counts.of(What::Add), first.counts.aliases), (2, 1));

    let known = known(&[("john@a.example", SILENT, Source::Csv), ("tom@a.example", SILENT, Source::Csv)]);
    let again = planned(text, UPDATE, &known);

    assert_eq!(again.changes, []);
    assert!(again.entries.iter().all(|entry| entry.what == What::Duplicate), "{:?}", again.entries);
}

#[test]
fn z09_postinis_aliases_find_their_accounts() {
    let known = known(&[("ann@a.example", SILENT, Source::Csv)]);
    let text = "alias,domain,user_id,user_address\nal@a.example,a.example,1,ann@a.example\n\
        bo@a.example,a.example,2,bob@a.example\nann@a.example,a.example,1,ann@a.example\n";

    let plan = planned(text, MERGE, &known);

    assert_eq!(written(&plan), [("al@a.example".to_owned(), AddressState::Alias, Some("ann@a.example"))]);
    assert_eq!(told(&plan).iter().map(|line| line.1).collect::<Vec<_>>(), [What::Add, What::Conflict, What::Conflict]);
    assert_eq!(plan.entries[1].why.as_deref(), Some("bob@a.example isn't a user or a functional account."));
}

#[test]
fn v12_replace_shows_who_goes_and_spares_everybody_whom_the_file_names_somewhere() {
    let known = known(&[
        ("ann@a.example", SILENT, Source::Csv),
        ("bob@a.example", SILENT, Source::Csv),
        ("cid@a.example", AddressState::Functional, Source::Manual),
        ("found@a.example", SILENT, Source::Mail),
        ("synced@a.example", SILENT, Source::Directory),
        ("spoilt@a.example", SILENT, Source::Csv),
        ("old@a.example", AddressState::Invalid(InvalidReason::Manual), Source::Manual),
        ("zed@b.example", SILENT, Source::Csv),
    ]);
    let text = "ann@a.example,Ann\n\"spoilt@a.example,Bob\nx@elsewhere.example,X\n";

    let plan = planned(text, REPLACE, &known);

    assert_eq!(plan.removals, ["bob@a.example", "cid@a.example"]);
    assert_eq!((plan.population, plan.fewer_users, plan.to_accept()), (6, 1, None));
    assert_eq!(planned(text, MERGE, &known).removals, [""; 0]);
}

#[test]
fn v07_more_than_three_and_more_than_five_in_a_hundred_are_asked_about() {
    let office = |count: usize| {
        let names: Vec<String> = (0..count).map(|number| format!("p{number:03}@a.example")).collect();
        let rows: Vec<_> = names.iter().map(|name| (name.as_str(), SILENT, Source::Csv)).collect();
        known(&rows)
    };
    let keeping = |count: usize, kept: usize| {
        let text: String = (0..kept).map(|number| format!("p{number:03}@a.example\n")).collect();
        planned(&text, REPLACE, &office(count)).to_accept()
    };

    assert_eq!((keeping(10, 7), keeping(10, 6)), (None, Some(4)), "3 of 10 may go");
    assert_eq!((keeping(200, 190), keeping(200, 189)), (None, Some(11)), "10 of 200 may go");
}
