//! The rules of a run, row by row.

mod any_order;

use std::collections::{HashMap, HashSet};

use super::*;
use crate::recipient::{Homes, Reading as AddressReading};
use crate::state::{AddressState, InvalidReason, MadeBy, Role};
use crate::time::{DAY_MS, Timestamp};

const USER: AddressState = AddressState::User(Role::Silent);
const T0: Timestamp = Timestamp(1_800_000_000_000);

/// An office and what its runs left.
#[derive(Clone)]
struct Office {
    rows: HashMap<String, Row>,
    links: HashMap<String, Link>,
    known: HashMap<String, Entry>,
    exempt: HashSet<String>,
    choices: HashMap<String, Choice>,
    options: Options,
    seats: Option<u64>,
    now: Timestamp,
    accepts: bool,
}

impl Default for Office {
    fn default() -> Self {
        Self {
            rows: HashMap::new(),
            links: HashMap::new(),
            known: HashMap::new(),
            exempt: HashSet::new(),
            choices: HashMap::new(),
            options: Options::default(),
            seats: None,
            now: T0,
            accepts: false,
        }
    }
}

impl Office {
    fn plan(&self, entries: &[Entry]) -> Plan {
        let mut homes = Homes::default();
        homes.add_domain("acme.example", AddressReading::default());
        homes.add_alias("acme.test", "acme.example");
        plan(&Facts {
            entries,
            rows: &self.rows,
            links: &self.links,
            known: &self.known,
            exempt: &self.exempt,
            choices: &self.choices,
            homes: &homes,
            roles: &HashMap::new(),
            options: self.options,
            seats_left: self.seats,
            accept_missing: self.accepts,
            now: self.now,
        })
    }

    /// Plans and does it, as the engine would.
    fn run(&mut self, entries: &[Entry]) -> Plan {
        let plan = self.plan(entries);
        if plan.stop.is_some() {
            return plan;
        }
        for change in plan.changes.iter().flat_map(|change| &change.rows) {
            match &change.to {
                None => drop(self.rows.remove(&change.key)),
                Some(wanted) => {
                    let before = self.rows.get(&change.key);
                    let was_account = before.is_some_and(|row| row.state.is_account());
                    let made_by = before.and_then(|row| row.made_by).filter(|_| was_account);
                    let made_by = made_by.or(wanted.state.is_account().then_some(MadeBy::Directory));
                    let row = Row {
                        state: wanted.state,
                        made_by,
                        owner: wanted.owner.clone(),
                        first_name: wanted.first_name.clone(),
                        surname: wanted.surname.clone(),
                    };
                    self.rows.insert(change.key.clone(), row);
                }
            }
        }
        for (key, link) in &plan.links {
            match link {
                Some(link) => drop(self.links.insert(key.clone(), link.clone())),
                None => drop(self.links.remove(key)),
            }
        }
        self.known = entries.iter().map(|entry| (entry.id.clone(), entry.clone())).collect();
        plan
    }

    fn state(&self, local: &str) -> Option<AddressState> {
        self.rows.get(&format!("{local}@acme.example")).map(|row| row.state)
    }

    fn put(&mut self, local: &str, state: AddressState, made_by: Option<MadeBy>) {
        let row = Row { state, made_by, owner: None, first_name: None, surname: None };
        self.rows.insert(format!("{local}@acme.example"), row);
    }

    fn later(&mut self, days: i64) {
        self.now = self.now.plus_ms(days * DAY_MS);
    }
}

fn person(local: &str) -> Entry {
    Entry {
        id: format!("id-{local}"),
        is_enabled: true,
        primary: Some(format!("{local}@acme.example")),
        place: format!("CN={local}"),
        ..Entry::default()
    }
}

fn of(kind: Kind, local: &str) -> Entry {
    Entry { kind, ..person(local) }
}

fn people(count: usize) -> Vec<Entry> {
    (0..count).map(|number| person(&format!("p{number}"))).collect()
}

fn kinds(plan: &Plan) -> Vec<ProblemKind> {
    plan.problems.iter().map(|problem| problem.kind).collect()
}

#[test]
fn z01_every_kind_becomes_what_it_is_and_another_name_belongs_to_its_account() {
    let mut office = Office::default();
    let ann = Entry { aliases: vec!["a.lee@acme.example".to_owned()], ..person("ann") };

    let plan = office.run(&[
        ann,
        of(Kind::SharedMailbox, "info"),
        of(Kind::Resource, "room"),
        of(Kind::DistributionGroup, "all"),
        of(Kind::SecurityGroup, "admins"),
        of(Kind::PublicFolder, "folder"),
        of(Kind::Contact, "guest"),
    ]);

    assert_eq!((plan.count(Verb::Add), plan.new_users), (7, 1));
    assert_eq!(office.state("ann"), Some(USER));
    assert_eq!(office.state("a.lee"), Some(AddressState::Alias));
    assert_eq!(office.rows["a.lee@acme.example"].owner.as_deref(), Some("ann@acme.example"));
    for local in ["info", "room", "all", "admins", "folder", "guest"] {
        assert_eq!(office.state(local), Some(AddressState::Functional), "{local}");
    }
}

#[test]
fn z01_every_tick_leaves_out_exactly_its_class() {
    let disabled = Entry { is_enabled: false, ..person("left") };
    let hidden = Entry { is_hidden: true, ..person("hidden") };
    let entries = [person("ann"), disabled, of(Kind::DistributionGroup, "all"), of(Kind::SecurityGroup, "sec"), hidden];
    let without = |change: fn(&mut Options)| {
        let mut office = Office::default();
        change(&mut office.options);
        office.run(&entries);
        let mut gone: Vec<&str> =
            ["ann", "left", "all", "sec", "hidden"].into_iter().filter(|local| office.state(local).is_none()).collect();
        gone.sort_unstable();
        gone
    };

    assert_eq!(without(|_| ()), [""; 0]);
    assert_eq!(without(|options| options.active_users = false), ["ann", "hidden"]);
    assert_eq!(without(|options| options.disabled_accounts = false), ["left"]);
    assert_eq!(without(|options| options.functional_accounts = false), ["all"]);
    assert_eq!(without(|options| options.security_groups = false), ["sec"]);
    assert_eq!(without(|options| options.hidden = false), ["hidden"]);
}

#[test]
fn m04_an_unchanged_second_run_touches_nothing() {
    let mut office = Office::default();
    let mut entries = people(50);
    entries[0].aliases =
        vec!["other@acme.example".to_owned(), "p0@acme.test".to_owned(), "p0@elsewhere.example".to_owned()];
    office.run(&entries);

    let plan = office.run(&entries);

    assert_eq!((plan.changes, plan.links), (Vec::new(), Vec::new()));
    assert_eq!(plan.same, 50);
}

#[test]
fn m04_fifty_thousand_entries_are_planned_and_an_unchanged_second_run_touches_nothing() {
    let mut office = Office::default();
    let entries: Vec<Entry> = people(50_000)
        .into_iter()
        .map(|entry| Entry { aliases: vec![format!("{}@acme.example", entry.id)], ..entry })
        .collect();

    assert_eq!(office.run(&entries).count(Verb::Add), 50_000);
    let again = office.plan(&entries);

    assert_eq!((again.changes.len(), again.links.len(), again.same), (0, 0, 50_000));
}

#[test]
fn v07_more_than_three_and_five_percent_stop_the_run_and_a_partial_answer_loses_nobody() {
    for (of, missing, stops) in [(10, 3, false), (10, 4, true), (100, 5, false), (100, 6, true), (8, 8, true)] {
        let mut office = Office::default();
        let entries = people(of);
        office.run(&entries);
        let before = office.rows.clone();

        let plan = office.run(&entries[missing..]);

        assert_eq!(plan.stop.is_some(), stops, "{missing} of {of}");
        assert_eq!(office.rows == before, stops, "{missing} of {of}");
    }
}

#[test]
fn v07_an_accepted_run_goes_on_but_never_on_nothing_at_all() {
    let mut office = Office { accepts: true, ..Office::default() };
    let entries = people(10);
    office.run(&entries);

    assert_eq!(office.run(&[]).stop, Some(Stop::Empty));
    let elsewhere = Entry { primary: Some("x@elsewhere.example".to_owned()), ..person("x") };
    assert_eq!(office.run(&[elsewhere]).stop, Some(Stop::NobodyOfOurs));
    assert_eq!(office.run(&entries[6..]).count(Verb::Missing), 6);
}

#[test]
fn v07_other_names_that_vanish_from_many_stop_the_run_too() {
    let mut office = Office::default();
    let with_names: Vec<Entry> = people(20)
        .into_iter()
        .enumerate()
        .map(|(number, entry)| Entry { aliases: vec![format!("a{number}@acme.example")], ..entry })
        .collect();
    office.run(&with_names);

    let plan = office.run(&people(20));

    assert_eq!(plan.stop, Some(Stop::ManyMissing { missing: 20, of: 20 }));
    let one = [vec![person("p0")], with_names[1..].to_vec()].concat();
    let plan = office.run(&one);
    assert_eq!((plan.count(Verb::Update), office.state("a0")), (1, Some(AddressState::Inactive)));
}

#[test]
fn t17_v08_who_is_missing_waits_fourteen_days_and_comes_back_as_it_was() {
    let mut office = Office::default();
    let entries = people(4);
    office.run(&entries);

    let plan = office.run(&entries[1..]);
    assert_eq!((plan.count(Verb::Missing), office.state("p0")), (1, Some(AddressState::Inactive)));
    office.later(30);
    assert!(office.run(&entries[1..]).changes.is_empty(), "Delete is off: it is only asked");

    office.run(&entries);
    assert_eq!(office.state("p0"), Some(USER));
    assert_eq!(office.links["p0@acme.example"].missing_since, None);
}

#[test]
fn z02_delete_removed_deletes_after_fourteen_days_and_not_before() {
    let mut office = Office::default();
    office.options.delete = true;
    let entries = people(4);
    office.run(&entries);
    office.run(&entries[1..]);

    office.now = office.now.plus_ms(WAIT_MS - 1);
    assert!(office.run(&entries[1..]).changes.is_empty());
    office.now = office.now.plus_ms(1);
    let plan = office.run(&entries[1..]);

    assert_eq!((plan.count(Verb::Delete), office.state("p0")), (1, None));
    assert!(!office.links.contains_key("p0@acme.example"));
}

#[test]
fn z02_without_its_tick_nothing_is_added_or_updated() {
    let mut office = Office::default();
    office.options.add = false;
    assert!(office.run(&people(3)).changes.is_empty());

    office.options.add = true;
    office.run(&people(3));
    office.options.update = false;
    let renamed = Entry { surname: Some("Lee".to_owned()), aliases: vec!["x@acme.example".to_owned()], ..person("p0") };
    let plan = office.run(&[renamed, person("p1"), person("p2")]);
    assert!(plan.changes.is_empty(), "{:?}", plan.changes);
}

#[test]
fn t16_what_mail_found_becomes_an_account_and_what_was_refused_by_hand_stays_so() {
    use AddressState::{Discovered, Invalid, NeverAdd, Watching};
    for (state, taken) in [
        (Watching, true),
        (Discovered, true),
        (Invalid(InvalidReason::Expired), true),
        (Invalid(InvalidReason::Manual), false),
        (Invalid(InvalidReason::Bounced), false),
        (NeverAdd, false),
    ] {
        let mut office = Office::default();
        office.put("ann", state, None);

        let plan = office.run(&[person("ann"), person("bob")]);

        assert_eq!(office.state("ann"), Some(if taken { USER } else { state }), "{state:?}");
        assert_eq!(kinds(&plan).contains(&ProblemKind::KeptOut), !taken, "{state:?}");
    }
}

#[test]
fn z07_a_kind_that_the_operator_chose_is_never_turned_back() {
    let mut office = Office::default();
    let entries = [person("ann"), of(Kind::DistributionGroup, "all"), person("bob")];
    office.run(&entries);
    office.put("ann", AddressState::Functional, Some(MadeBy::Operator));
    office.put("all", USER, Some(MadeBy::Operator));

    office.run(&entries);
    office.run(&entries[1..]);
    assert_eq!(office.state("ann"), Some(AddressState::Inactive));
    office.run(&entries);

    assert_eq!((office.state("ann"), office.state("all")), (Some(AddressState::Functional), Some(USER)));
}

#[test]
fn z07_an_account_that_gets_another_address_keeps_its_kind_and_its_seat() {
    let mut office = Office::default();
    let before = Entry { aliases: vec!["desk@acme.example".to_owned()], ..person("jane.doe") };
    let bob = person("bob");
    office.run(&[before.clone(), bob.clone()]);
    office.put("bob", AddressState::Functional, Some(MadeBy::Operator));
    office.seats = Some(0);
    let to = |entry: &Entry, local: &str| Entry {
        primary: Some(format!("{local}@acme.example")),
        aliases: [entry.aliases.clone(), entry.primary.iter().cloned().collect()].concat(),
        ..entry.clone()
    };

    let plan = office.run(&[to(&before, "jane.smith"), to(&bob, "robert")]);

    assert_eq!((plan.count(Verb::Update), plan.changes.len(), kinds(&plan)), (2, 2, vec![]));
    assert_eq!((office.state("jane.smith"), office.state("jane.doe")), (Some(USER), Some(AddressState::Alias)));
    assert_eq!(
        (office.state("robert"), office.state("bob")),
        (Some(AddressState::Functional), Some(AddressState::Alias))
    );
    assert_eq!(office.rows["desk@acme.example"].owner.as_deref(), Some("jane.smith@acme.example"));
    assert!(office.run(&[to(&before, "jane.smith"), to(&bob, "robert")]).changes.is_empty());
}

#[test]
fn what_the_operator_deleted_or_made_by_hand_stays_so_and_is_asked_about() {
    let mut office = Office::default();
    office.put("own", USER, Some(MadeBy::Operator));
    let entries = [person("ann"), person("own"), person("bob"), person("cid"), person("dan")];
    let plan = office.run(&entries);
    assert_eq!((plan.matched, office.rows["own@acme.example"].made_by), (1, Some(MadeBy::Operator)));

    office.rows.remove("ann@acme.example");
    let plan = office.run(&[&entries[..1], &entries[2..]].concat());

    assert_eq!((office.state("ann"), office.state("own")), (None, Some(USER)));
    assert_eq!(kinds(&plan), [ProblemKind::KeptOut, ProblemKind::MadeByHand]);
    office.choices.insert("ann@acme.example".to_owned(), Choice::Directory);
    office.choices.insert("own@acme.example".to_owned(), Choice::Keep);
    let plan = office.run(&[&entries[..1], &entries[2..]].concat());
    assert_eq!((office.state("ann"), kinds(&plan)), (Some(USER), vec![]));
}

#[test]
fn an_address_of_two_is_asked_about_and_neither_changes() {
    let mut office = Office::default();
    let other = Entry { id: "id-other".to_owned(), ..person("ann") };
    let entries = [person("ann"), other, person("bob")];

    let plan = office.run(&entries);
    assert_eq!(
        (kinds(&plan), office.state("ann"), office.state("bob")),
        (vec![ProblemKind::TwoOwners], None, Some(USER))
    );

    office.choices.insert("ann@acme.example".to_owned(), Choice::Entry("id-other".to_owned()));
    office.run(&entries);
    assert_eq!(office.links["ann@acme.example"].entry, "id-other");
}

#[test]
fn z05_an_address_at_another_domain_is_left_out_and_told_once_a_domain() {
    let mut office = Office::default();
    let entries: Vec<Entry> = people(3)
        .into_iter()
        .map(|entry| Entry { aliases: vec![format!("{}@tenant.example", entry.id)], ..entry })
        .collect();

    let plan = office.run(&entries);

    assert_eq!((plan.count(Verb::Add), kinds(&plan), plan.problems[0].count), (3, vec![ProblemKind::ForeignDomain], 3));
    let elsewhere = Entry { primary: Some("x@partner.example".to_owned()), ..of(Kind::Contact, "x") };
    let plan = office.run(&[entries, vec![elsewhere]].concat());
    assert_eq!((plan.left_out.contacts_elsewhere, kinds(&plan)), (1, vec![ProblemKind::ForeignDomain]));
}

#[test]
fn z06_a_blocked_sign_in_says_nothing_about_mail_unless_the_office_says_so() {
    let blocked = Entry { is_enabled: false, ..person("left") };
    let shared = Entry { is_enabled: false, ..of(Kind::SharedMailbox, "info") };

    let mut office = Office::default();
    let plan = office.run(&[blocked.clone(), shared.clone()]);
    assert_eq!(office.state("left"), Some(AddressState::Functional));
    assert_eq!(office.state("info"), Some(AddressState::Functional));
    assert_eq!(kinds(&plan), [ProblemKind::Disabled], "it is proposed, and asked once");

    let mut strict = Office::default();
    strict.options.disabled_people = DisabledMail::Reject;
    strict.run(&[Entry { is_enabled: true, ..blocked.clone() }, shared.clone()]);
    strict.run(&[blocked.clone(), shared.clone()]);
    assert_eq!(
        (strict.state("left"), strict.state("info")),
        (Some(AddressState::Inactive), Some(AddressState::Functional))
    );
    strict.run(&[Entry { is_enabled: true, ..blocked }, shared]);
    assert_eq!(strict.state("left"), Some(USER), "T18: allowed again");
}

#[test]
fn without_a_seat_a_person_waits_and_gets_mail() {
    let mut office = Office { seats: Some(1), ..Office::default() };

    let plan = office.run(&people(2));
    assert_eq!((office.state("p0"), office.state("p1")), (Some(USER), Some(AddressState::Discovered)));
    assert_eq!((kinds(&plan), plan.new_users), (vec![ProblemKind::NoSeat], 1));

    office.seats = Some(0);
    assert!(office.run(&people(2)).changes.is_empty());
    office.seats = Some(5);
    office.run(&people(2));
    assert_eq!(office.state("p1"), Some(USER));
}

#[test]
fn z03_an_exempt_entry_is_left_alone_for_ever() {
    let mut office = Office::default();
    office.run(&people(5));
    office.exempt.insert("id-p0".to_owned());

    let plan = office.run(&people(5)[1..]);

    assert_eq!((plan.changes.len(), office.state("p0")), (0, Some(USER)));
}

#[test]
fn another_name_that_moves_goes_to_its_new_owner_and_one_given_by_hand_stays() {
    let mut office = Office::default();
    let with = |local: &str, alias: &str| Entry { aliases: vec![format!("{alias}@acme.example")], ..person(local) };
    office.run(&[with("ann", "sales"), person("bob")]);

    office.run(&[person("ann"), with("bob", "sales")]);
    assert_eq!(office.rows["sales@acme.example"].owner.as_deref(), Some("bob@acme.example"));

    let mut by_hand = Office::default();
    by_hand.put("sales", AddressState::Alias, Some(MadeBy::Operator));
    by_hand.rows.get_mut("sales@acme.example").unwrap().owner = Some("zoe@acme.example".to_owned());
    let plan = by_hand.run(&[with("ann", "sales"), person("sales2")]);
    assert_eq!(kinds(&plan), [ProblemKind::AliasByHand]);
    assert_eq!(by_hand.rows["sales@acme.example"].owner.as_deref(), Some("zoe@acme.example"));
}

#[test]
fn names_follow_the_directory_until_somebody_gives_others() {
    let mut office = Office::default();
    let named = |first: &str| Entry { first_name: Some(first.to_owned()), ..person("ann") };
    office.run(&[named("Ann"), person("bob")]);
    office.run(&[named("Anne"), person("bob")]);
    assert_eq!(office.rows["ann@acme.example"].first_name.as_deref(), Some("Anne"));

    office.rows.get_mut("ann@acme.example").unwrap().first_name = Some("Annie".to_owned());
    office.run(&[named("Anna"), person("bob")]);
    office.run(&[named("Anna"), person("bob")]);

    assert_eq!(office.rows["ann@acme.example"].first_name.as_deref(), Some("Annie"));
}
