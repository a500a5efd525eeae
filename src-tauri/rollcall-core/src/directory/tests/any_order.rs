//! What no order of runs and decisions may break.

use proptest::prelude::*;

use super::*;

/// What happens to an office.
#[derive(Debug, Clone)]
enum Event {
    /// A run that finds these of six people, each enabled or not.
    Run(Vec<(usize, bool)>),
    /// The operator makes it this.
    Decide(usize, AddressState),
    /// The operator takes it off the lists.
    Delete(usize),
    /// The operator names it.
    Name(usize, u8),
    /// Days pass.
    Days(i64),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let states = prop::sample::select(vec![
        USER,
        AddressState::Functional,
        AddressState::Invalid(InvalidReason::Manual),
        AddressState::NeverAdd,
    ]);
    let event = prop_oneof![
        4 => prop::collection::vec((0_usize..6, any::<bool>()), 1..7).prop_map(Event::Run),
        3 => (0_usize..6, states).prop_map(|(who, state)| Event::Decide(who, state)),
        1 => (0_usize..6).prop_map(Event::Delete),
        1 => (0_usize..6, any::<u8>()).prop_map(|(who, name)| Event::Name(who, name)),
        1 => (1_i64..20).prop_map(Event::Days),
    ];
    prop::collection::vec(event, 1..40)
}

/// What the operator said of an address last.
#[derive(Debug, Clone, Default)]
struct Said {
    state: Option<AddressState>,
    deleted: bool,
    name: Option<String>,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Any interleaving of operator edits and sync runs keeps operator-owned facts.
    #[test]
    fn no_order_of_runs_and_decisions_loses_what_the_operator_owns(
        events in events(),
        delete in any::<bool>(),
        rejects in any::<bool>(),
        accepts in any::<bool>(),
    ) {
        let mut office = Office { accepts, ..Office::default() };
        office.options.delete = delete;
        if rejects {
            office.options.disabled_people = DisabledMail::Reject;
        }
        let mut said: HashMap<String, Said> = HashMap::new();
        for event in events {
            match event {
                Event::Run(found) => {
                    let found: std::collections::BTreeMap<usize, bool> = found.into_iter().collect();
                    let entries: Vec<Entry> = found
                        .into_iter()
                        .map(|(who, is_enabled)| Entry { is_enabled, ..person(&format!("p{who}")) })
                        .collect();
                    office.run(&entries);
                }
                Event::Decide(who, state) => {
                    let key = format!("p{who}@acme.example");
                    let now = office.rows.get(&key).map(|row| row.state);
                    let refuses = matches!(state, AddressState::Invalid(_) | AddressState::NeverAdd);
                    if !(now == Some(AddressState::Inactive) && refuses) {
                        let names = office.rows.get(&key).map(|row| (row.first_name.clone(), row.surname.clone()));
                        office.put(&format!("p{who}"), state, state.is_account().then_some(MadeBy::Operator));
                        if let Some((first, surname)) = names {
                            let row = office.rows.get_mut(&key).unwrap();
                            (row.first_name, row.surname) = (first, surname);
                        }
                        let said = said.entry(key).or_default();
                        (said.state, said.deleted) = (Some(state), false);
                    }
                }
                Event::Delete(who) => {
                    let key = format!("p{who}@acme.example");
                    let was_linked = office.links.contains_key(&key);
                    if office.rows.remove(&key).is_some() {
                        let deleted = was_linked;
                        said.insert(key, Said { deleted, ..Said::default() });
                    }
                }
                Event::Name(who, name) => {
                    let key = format!("p{who}@acme.example");
                    if let Some(row) = office.rows.get_mut(&key) {
                        row.first_name = Some(format!("n{name}"));
                        said.entry(key).or_default().name = Some(format!("n{name}"));
                    }
                }
                Event::Days(days) => office.later(days),
            }
            for (key, said) in &mut said {
                let row = office.rows.get(key);
                if said.deleted {
                    // Once sync has forgotten it, it may be new again.
                    if office.links.contains_key(key) {
                        prop_assert!(row.is_none(), "{} came back", key);
                    } else {
                        said.deleted = false;
                    }
                    continue;
                }
                let Some(row) = row else {
                    // Deleted by the sync after 14 days, which never happens to what is refused.
                    let refused = said.state.is_some_and(|state| !state.is_account());
                    prop_assert!(!refused, "{} is gone", key);
                    *said = Said::default();
                    continue;
                };
                match said.state {
                    Some(state @ (AddressState::Invalid(_) | AddressState::NeverAdd)) => {
                        prop_assert_eq!(row.state, state, "{} was refused by hand", key);
                    }
                    // The kind never turns; it may be put aside.
                    Some(USER) => prop_assert_ne!(row.state, AddressState::Functional, "{}", key),
                    Some(AddressState::Functional) => {
                        prop_assert!(!matches!(row.state, AddressState::User(_)), "{}", key);
                    }
                    _ => {}
                }
                if said.name.is_some() {
                    prop_assert_eq!(&row.first_name, &said.name, "{}", key);
                }
            }
        }
    }
}
