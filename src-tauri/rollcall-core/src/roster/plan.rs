//! What importing a list would do to the office's addresses (M08, Z09, V12): nothing is changed here.
//!
//! **Invariant.** Only an address without a decision becomes an account; what somebody decided otherwise is a conflict.
//! An account that changes keeps whatever the file says nothing about. Only accounts that came from a file or by hand are
//! ever removed, and only where nothing in the file names them.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::layout::Layout;
use super::read::{Kind, Line, Person, Roster};
use crate::address::Address;
use crate::recipient::Homes;
use crate::state::{AddressState, Role, Source};

/// What becomes of accounts that the file does not have (V12).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// They stay.
    #[default]
    Merge,
    /// Those that came from a file or by hand, in the file's domains, go.
    Replace,
}

/// How a list is to be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// What becomes of the others.
    pub mode: Mode,
    /// Whether accounts that are there get what the file says.
    pub update: bool,
    /// The role of new users whose line says none.
    pub role: Role,
}

/// What is known of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// As shown.
    pub shown: String,
    /// Its domain.
    pub domain: String,
    /// Where it stands.
    pub state: AddressState,
    /// What first brought it here.
    pub source: Source,
    /// First name.
    pub first_name: Option<String>,
    /// Surname.
    pub surname: Option<String>,
    /// The account whose other name it is.
    pub owner: Option<String>,
}

/// What becomes of a line, or of an account that no line has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum What {
    /// A new account.
    Add,
    /// An account that changes.
    Update,
    /// An account that is as the file says.
    Unchanged,
    /// An account that stays as it is, or an address that the file has twice.
    Duplicate,
    /// An address of a domain that is not ours.
    Foreign,
    /// An address that is something else here.
    Conflict,
    /// What cannot be read.
    Bad,
    /// An account that goes.
    Remove,
}

impl What {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Add,
        Self::Update,
        Self::Unchanged,
        Self::Duplicate,
        Self::Foreign,
        Self::Conflict,
        Self::Bad,
        Self::Remove,
    ];
}

/// One line of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number in the file; none for an account that goes.
    pub line: Option<u64>,
    /// What becomes of it.
    pub what: What,
    /// The address, or the cell that cannot be read.
    pub address: String,
    /// First name.
    pub first_name: Option<String>,
    /// Surname.
    pub surname: Option<String>,
    /// Why, in a sentence.
    pub why: Option<String>,
}

/// A row that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub address: Address,
    /// What it becomes.
    pub state: AddressState,
    /// The key of the account whose other name it becomes.
    pub owner: Option<String>,
    /// First name, if the file has one.
    pub first_name: Option<String>,
    /// Surname, if the file has one.
    pub surname: Option<String>,
}

/// How many of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    what: [u64; What::ALL.len()],
    /// New other names of accounts.
    pub aliases: u64,
}

impl Counts {
    /// How many of these.
    #[must_use]
    pub fn of(&self, what: What) -> u64 {
        self.what[what as usize]
    }
}

/// What importing would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Every line, in the order of the file, then the accounts that go.
    pub entries: Vec<Entry>,
    /// How many of each.
    pub counts: Counts,
    /// The rows that are written: accounts before their other names.
    pub changes: Vec<Change>,
    /// The keys of the accounts that go.
    pub removals: Vec<String>,
    /// How many users there are more, removals aside.
    pub new_users: u64,
    /// How many users there are fewer: removed, or turned into functional accounts.
    pub fewer_users: u64,
    /// Users and functional accounts in the file's domains now.
    pub population: u64,
}

/// So many of `population` accounts may go without being asked about (V07): 3, or 5 % if that is more.
#[must_use]
pub const fn removal_limit(population: u64) -> u64 {
    let share = population / 20;
    if share > 3 { share } else { 3 }
}

impl Plan {
    /// The number of removals that has to be agreed to; `None` where so few go without asking.
    #[must_use]
    pub fn to_accept(&self) -> Option<u64> {
        let removals = self.removals.len() as u64;
        (removals > removal_limit(self.population)).then_some(removals)
    }
}

/// What importing `roster` would do. `known` has every row there is, by key.
#[must_use]
pub fn plan(roster: &Roster, wish: Wish, homes: &Homes, known: &HashMap<String, Known>) -> Plan {
    let mut planner = Planner {
        wish,
        layout: roster.layout,
        homes,
        known,
        plan: Plan::default(),
        accounts: HashMap::new(),
        aliases: HashMap::new(),
        added: HashSet::new(),
    };
    let (people, others): (Vec<&Line>, Vec<&Line>) = roster.lines.iter().partition(|line| line.person.owner.is_none());
    let mut followed = Vec::new();
    for line in people {
        let open = planner.account(line);
        followed.extend(line.person.aliases.iter().map(|alias| (line, alias, open)));
    }
    for (line, alias, open) in followed {
        if open {
            let owner = line.person.address.clone();
            planner.other_name(line.number, alias, &owner, false);
        }
    }
    for line in others {
        if let Some(owner) = &line.person.owner {
            planner.other_name(line.number, &line.person.address, owner, true);
        }
    }
    for bad in &roster.bad {
        planner.note(Entry::of(Some(bad.number), What::Bad, bad.cell.clone()).because(bad.reason.clone()));
    }
    planner.plan.entries.sort_by_key(|entry| entry.line);
    if wish.mode == Mode::Replace {
        planner.remove_others(roster);
    }
    planner.plan
}

struct Planner<'p> {
    wish: Wish,
    layout: Layout,
    homes: &'p Homes,
    known: &'p HashMap<String, Known>,
    plan: Plan,
    /// The accounts that the file has, by key, with their lines.
    accounts: HashMap<String, u64>,
    /// The other names that the file has, by key, with their lines.
    aliases: HashMap<String, u64>,
    /// The keys of the accounts that are new.
    added: HashSet<String>,
}

impl Planner<'_> {
    fn note(&mut self, entry: Entry) {
        self.plan.counts.what[entry.what as usize] += 1;
        self.plan.entries.push(entry);
    }

    /// Plans an account; true when its other names are to be looked at.
    fn account(&mut self, line: &Line) -> bool {
        let person = &line.person;
        let key = person.address.key();
        let entry = |what| Entry::about(line, what);
        if let Some(first) = self.accounts.get(&key) {
            let why = format!("This address stands in line {first} already.");
            self.note(entry(What::Duplicate).because(why));
            return false;
        }
        self.accounts.insert(key.clone(), line.number);
        if let Some(why) = self.foreign(&person.address) {
            self.note(entry(What::Foreign).because(why));
            return false;
        }
        let known = self.known.get(&key);
        match known.map(|known| known.state) {
            None | Some(AddressState::Watching | AddressState::Discovered) => {
                let state = self.new_state(person);
                self.plan.new_users += u64::from(matches!(state, AddressState::User(_)));
                self.plan.changes.push(change(person, state));
                self.added.insert(key);
                self.note(entry(What::Add));
                true
            }
            Some(state @ (AddressState::User(_) | AddressState::Functional)) => self.present(line, state),
            Some(state) => {
                self.note(entry(What::Conflict).because(self.why_not(&key, state)));
                false
            }
        }
    }

    /// Plans an account that is there.
    fn present(&mut self, line: &Line, state: AddressState) -> bool {
        let person = &line.person;
        let key = person.address.key();
        if self.layout.creates_only() {
            self.note(Entry::about(line, What::Duplicate).because("It is an account already.".to_owned()));
            return false;
        }
        let wanted = wanted_state(person, state, self.wish.role);
        let known = self.known.get(&key);
        let differs = |given: &Option<String>, has: fn(&Known) -> &Option<String>| {
            given.is_some() && known.is_some_and(|known| has(known) != given)
        };
        let new_alias = |alias: &&Address| {
            self.foreign(alias).is_none() && self.known.get(&alias.key()).is_none_or(|known| known.state.is_open())
        };
        let changes_row = wanted != state
            || differs(&person.first_name, |known| &known.first_name)
            || differs(&person.surname, |known| &known.surname);
        let changes = changes_row || person.aliases.iter().any(|alias| new_alias(&alias));
        match (changes, self.wish.update) {
            (false, _) => {
                self.note(Entry::about(line, What::Unchanged));
                // What its other names are instead is worth knowing.
                true
            }
            (true, false) => {
                let why = "It is an account already and stays as it is.".to_owned();
                self.note(Entry::about(line, What::Duplicate).because(why));
                false
            }
            (true, true) => {
                let is_user = |state| matches!(state, AddressState::User(_));
                self.plan.new_users += u64::from(is_user(wanted) && !is_user(state));
                self.plan.fewer_users += u64::from(!is_user(wanted) && is_user(state));
                if changes_row {
                    self.plan.changes.push(change(person, wanted));
                }
                self.note(Entry::about(line, What::Update));
                true
            }
        }
    }

    /// Plans another name of an account. On a line of its own it is told whatever becomes of it, else only if it matters.
    fn other_name(&mut self, line: u64, alias: &Address, owner: &Address, is_own_line: bool) {
        let (key, owner_key) = (alias.key(), owner.key());
        let entry = |what| Entry::of(Some(line), what, alias.to_string());
        if let Some(why) = self.foreign(alias) {
            return self.note(entry(What::Foreign).because(why));
        }
        if let Some(first) = self.accounts.get(&key).or_else(|| self.aliases.get(&key)) {
            let why = format!("Line {first} has it already, so it can't be another name of {owner} too.");
            return self.note(entry(What::Conflict).because(why));
        }
        let is_account = |state| matches!(state, AddressState::User(_) | AddressState::Functional);
        let is_there = self.known.get(&owner_key).is_some_and(|known| is_account(known.state));
        if is_own_line && !is_there && !self.added.contains(&owner_key) {
            let why = format!("{owner} isn't a user or a functional account.");
            return self.note(entry(What::Conflict).because(why));
        }
        self.aliases.insert(key.clone(), line);
        match self.known.get(&key) {
            None => {}
            Some(known) if known.state.is_open() => {}
            Some(known) if known.state == AddressState::Alias && known.owner.as_deref() == Some(owner_key.as_str()) => {
                if is_own_line {
                    let what = if self.layout.creates_only() { What::Duplicate } else { What::Unchanged };
                    self.note(entry(what));
                }
                return;
            }
            Some(known) => {
                let why = self.why_not(&key, known.state);
                return self.note(entry(What::Conflict).because(why));
            }
        }
        self.plan.counts.aliases += 1;
        self.plan.changes.push(Change {
            address: alias.clone(),
            state: AddressState::Alias,
            owner: Some(owner_key),
            first_name: None,
            surname: None,
        });
        if is_own_line {
            self.note(entry(What::Add).because(format!("Another name of {owner}.")));
        }
    }

    /// Why a domain is not ours.
    fn foreign(&self, address: &Address) -> Option<String> {
        let is_ours = self.homes.resolve(address, false).is_some() || self.known.contains_key(&address.key());
        (!is_ours).then(|| format!("{} isn't one of your domains. Add the domain first.", address.domain()))
    }

    /// Why an address in this state does not become an account by itself.
    fn why_not(&self, key: &str, state: AddressState) -> String {
        let owner = || {
            let owner = self.known.get(key).and_then(|known| known.owner.as_deref());
            owner
                .map_or("another account", |owner| self.known.get(owner).map_or(owner, |known| &known.shown))
                .to_owned()
        };
        match state {
            AddressState::Alias => format!("It is another name of {}.", owner()),
            AddressState::Inactive => "It is an account that is switched off.".to_owned(),
            AddressState::Invalid(_) => "It is on the Invalid list. Take it off that list first.".to_owned(),
            AddressState::NeverAdd => "It is never to be added.".to_owned(),
            AddressState::User(_) | AddressState::Functional => "It is an account of its own.".to_owned(),
            AddressState::Watching | AddressState::Discovered => "It waits for a decision.".to_owned(),
        }
    }

    const fn new_state(&self, person: &Person) -> AddressState {
        match (person.kind, person.role) {
            (Some(Kind::Functional), _) => AddressState::Functional,
            (_, Some(role)) => AddressState::User(role),
            (_, None) => AddressState::User(self.wish.role),
        }
    }

    /// Replace: whoever came from a file or by hand, in the file's domains, and is named nowhere in it.
    fn remove_others(&mut self, roster: &Roster) {
        let ours = |address: &&Address| self.homes.resolve(address, false).is_some();
        let addresses = roster.lines.iter().map(|line| &line.person.address).filter(ours);
        let domains: HashSet<&str> = addresses.map(|address| address.domain().as_str()).collect();
        let mut named: HashSet<String> = roster.bad.iter().flat_map(|bad| bad.keys.iter().cloned()).collect();
        for Line { person, .. } in &roster.lines {
            named.extend([person.address.key()]);
            named.extend(person.aliases.iter().chain(&person.owner).map(Address::key));
        }
        let is_account = |known: &Known| matches!(known.state, AddressState::User(_) | AddressState::Functional);
        let in_domains =
            || self.known.iter().filter(|(_, known)| is_account(known) && domains.contains(known.domain.as_str()));
        self.plan.population = in_domains().count() as u64;
        let goes = |(key, known): &(&String, &Known)| {
            matches!(known.source, Source::Csv | Source::Manual) && !named.contains(*key)
        };
        let gone: BTreeSet<String> = in_domains().filter(goes).map(|(key, _)| key.clone()).collect();
        for key in gone {
            let Some(known) = self.known.get(&key) else { continue };
            self.plan.fewer_users += u64::from(matches!(known.state, AddressState::User(_)));
            let names = (known.first_name.clone(), known.surname.clone());
            let entry = Entry::of(None, What::Remove, known.shown.clone());
            self.note(Entry { first_name: names.0, surname: names.1, ..entry });
            self.plan.removals.push(key);
        }
    }
}

/// What an account becomes that the file has too: what the file says nothing of stays.
const fn wanted_state(person: &Person, state: AddressState, role: Role) -> AddressState {
    match (person.kind, person.role, state) {
        (Some(Kind::Functional), _, _) | (None, _, AddressState::Functional) => AddressState::Functional,
        (_, Some(role), _) => AddressState::User(role),
        (_, None, AddressState::User(role)) => AddressState::User(role),
        (Some(Kind::User), None, _) => AddressState::User(role),
        (None, None, state) => state,
    }
}

fn change(person: &Person, state: AddressState) -> Change {
    Change {
        address: person.address.clone(),
        state,
        owner: None,
        first_name: person.first_name.clone(),
        surname: person.surname.clone(),
    }
}

impl Entry {
    const fn of(line: Option<u64>, what: What, address: String) -> Self {
        Self { line, what, address, first_name: None, surname: None, why: None }
    }

    fn about(line: &Line, what: What) -> Self {
        let Person { address, first_name, surname, .. } = &line.person;
        Self {
            first_name: first_name.clone(),
            surname: surname.clone(),
            ..Self::of(Some(line.number), what, address.to_string())
        }
    }

    fn because(self, why: String) -> Self {
        Self { why: Some(why), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipient::Reading;
    use crate::roster::{Wanted, read};
    use crate::state::InvalidReason;

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
            let row =
                Known { shown, domain, state: *state, source: *source, first_name: names.0, surname: names.1, owner };
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
        assert_eq!(
            told(&plan).iter().map(|line| line.1).collect::<Vec<_>>(),
            [What::Add, What::Conflict, What::Conflict]
        );
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
}
