//! What becomes of the addresses of the entries that are there (T16, T18).

use std::collections::{HashMap, HashSet};

use super::claims::{Claim, Claimant, Claims};
use super::plan::{Change, Choice, Facts, Link, Plan, Problem, ProblemKind, Row, RowChange, Verb, Wanted, name_of};
use super::{DisabledMail, Entry, Kind, say};
use crate::state::{AddressState, InvalidReason, MadeBy, Role};

/// The keys that entries which are there account for: nobody misses them.
pub(super) type Settled = HashSet<String>;

/// Goes through the entries.
pub(super) fn entries(facts: &Facts<'_>, claims: &Claims<'_>, plan: &mut Plan) -> Settled {
    let known = facts.links.values().map(|link| link.entry.as_str()).collect();
    let accounts =
        facts.links.iter().filter(|(_, link)| link.ours && link.owner.is_none() && link.missing_since.is_none());
    let mains = accounts.map(|(key, link)| (link.entry.as_str(), key.as_str())).collect();
    let mut walk = Walk { facts, claims, seats: facts.seats_left, settled: Settled::new(), known, mains, plan };
    walk.contested();
    for (place, claimant) in claims.claimants.iter().enumerate() {
        walk.entry(place, claimant);
    }
    walk.settled
}

/// What the walk carries along.
struct Walk<'a, 'f> {
    facts: &'a Facts<'f>,
    claims: &'a Claims<'f>,
    seats: Option<u64>,
    settled: Settled,
    /// Entries that came before.
    known: HashSet<&'a str>,
    /// The address under which each entry's account stood.
    mains: HashMap<&'a str, &'a str>,
    plan: &'a mut Plan,
}

/// What happens to one address.
enum Fate {
    /// Nothing; it is noted as it is.
    Stays,
    /// It becomes this.
    Becomes(Wanted),
    /// Nothing, and nothing is noted: the operator keeps it out, or it is not ticked.
    Apart,
}

/// What an entry does to its addresses.
#[derive(Default)]
struct Lines {
    rows: Vec<RowChange>,
    links: Vec<(String, Option<Link>)>,
    reasons: Vec<String>,
    /// The account is new.
    is_new: bool,
    /// It comes back: whatever is ticked, its mail goes through again.
    returns: bool,
    /// The account stands here and was not known to be the entry's.
    matches: bool,
    seat: bool,
}

impl<'a> Walk<'a, '_> {
    /// Asks about the addresses of several, the first time each is met.
    fn contested(&mut self) {
        let mut contested: Vec<(&String, &Vec<usize>)> =
            self.claims.of_key.iter().filter(|(_, owners)| owners.len() > 1).collect();
        contested.sort();
        for (key, owners) in contested {
            self.settled.insert(key.clone());
            let entries = || owners.iter().map(|place| self.claims.claimants[*place].entry);
            match self.facts.choices.get(key) {
                Some(Choice::Entry(id)) if entries().any(|entry| entry.id == *id) => continue,
                Some(Choice::Keep) => continue,
                _ => {}
            }
            let problem = Problem { address: Some(key.clone()), ..Problem::of(ProblemKind::TwoOwners) };
            let problem = entries().fold(problem, Problem::about);
            self.plan.problems.push(problem);
        }
    }

    /// Whether the entry at `place` may have the address.
    fn has(&self, place: usize, claim: &Claim) -> bool {
        let owners = &self.claims.of_key[&claim.key];
        let id = &self.claims.claimants[place].entry.id;
        owners.len() == 1 || matches!(self.facts.choices.get(&claim.key), Some(Choice::Entry(chosen)) if chosen == id)
    }

    fn entry(&mut self, place: usize, claimant: &'a Claimant<'a>) {
        let entry = claimant.entry;
        for claim in &claimant.claims {
            self.settled.insert(claim.key.clone());
        }
        let Some(main) = claimant.claims.first() else { return };
        if !self.has(place, main) {
            return;
        }
        let mut lines = Lines::default();
        let Some(state) = self.main(entry, main, &mut lines) else {
            self.plan.same += 1;
            self.plan.links.append(&mut lines.links);
            return;
        };
        for claim in claimant.claims.iter().skip(1) {
            if self.has(place, claim) {
                self.other_name(entry, main, claim, state, &mut lines);
            }
        }
        self.finish(entry, main, lines);
    }

    /// What becomes of the account; gives the state that it has then, `None` where it is no account of the entry.
    fn main(&mut self, entry: &Entry, claim: &Claim, lines: &mut Lines) -> Option<AddressState> {
        let (row, link) = (self.facts.rows.get(&claim.key), self.facts.links.get(&claim.key));
        let wanted = self.wanted_state(entry, &claim.domain);
        lines.matches = link.is_none() && row.is_some_and(|row| row.state.is_account());
        let fate = match row {
            None => self.absent(entry, claim, link, wanted, lines),
            Some(row) => self.present(entry, claim, row, link, wanted, lines),
        };
        match fate {
            Fate::Apart => None,
            Fate::Stays => {
                let row = row?;
                let named = self.names(entry, row, link);
                let wanted = Wanted { state: row.state, owner: row.owner.clone(), waits: false, ..named };
                let renamed = wanted.first_name != row.first_name || wanted.surname != row.surname;
                if renamed && self.facts.options.update {
                    lines.reasons.push(say::renamed(entry));
                    self.write(entry, claim, link, wanted, lines);
                } else {
                    note(entry, claim, row, link, link.is_some_and(|link| link.ours), lines);
                }
                Some(row.state)
            }
            Fate::Becomes(wanted) => {
                let state = wanted.state;
                self.write(entry, claim, link, wanted, lines);
                Some(state)
            }
        }
    }

    /// What the directory would make of it.
    fn wanted_state(&self, entry: &Entry, domain: &str) -> AddressState {
        let role = || self.facts.roles.get(domain).copied().unwrap_or(Role::Silent);
        match (entry.is_enabled, self.facts.options.disabled_mail(entry.kind)) {
            (true, _) if entry.kind == Kind::Person => AddressState::User(role()),
            (false, DisabledMail::Reject) => AddressState::Inactive,
            (true, _) | (false, DisabledMail::Deliver) => AddressState::Functional,
        }
    }

    /// No row: it is new, or the operator took it off the lists.
    fn absent(
        &mut self,
        entry: &Entry,
        claim: &Claim,
        link: Option<&Link>,
        wanted: AddressState,
        lines: &mut Lines,
    ) -> Fate {
        if let Some(moved) = self.moved(entry, claim).filter(|_| link.is_none()) {
            lines.reasons.push(say::moved(&claim.shown));
            return Fate::Becomes(moved);
        }
        if link.is_some() && !self.says_directory(&claim.key) {
            self.problem(ProblemKind::KeptOut, entry, claim, None);
            lines.links.extend(link.map(|link| (claim.key.clone(), Some(link.clone()))));
            return Fate::Apart;
        }
        if !self.facts.options.add {
            return Fate::Apart;
        }
        lines.is_new = true;
        lines.reasons.push(say::added(entry, wanted));
        self.account(entry, claim, wanted, lines)
    }

    /// The entry writes from another address now: its account goes along, with the kind and the names that it has here.
    fn moved(&self, entry: &Entry, claim: &Claim) -> Option<Wanted> {
        let main = self.mains.get(entry.id.as_str()).filter(|key| **key != claim.key)?;
        let row = self.facts.rows.get(*main).filter(|row| row.state.is_account() && row.owner.is_none())?;
        let (first_name, surname) = (row.first_name.clone(), row.surname.clone());
        Some(Wanted { state: row.state, owner: None, first_name, surname, waits: false })
    }

    /// A new account, or one that waits for a seat.
    fn account(&mut self, entry: &Entry, claim: &Claim, wanted: AddressState, lines: &mut Lines) -> Fate {
        let link = self.facts.links.get(&claim.key);
        let (first_name, surname) = match self.facts.rows.get(&claim.key) {
            Some(row) => {
                let named = self.names(entry, row, link);
                (named.first_name, named.surname)
            }
            None => (entry.first_name.clone(), entry.surname.clone()),
        };
        let mut wanted = Wanted { state: wanted, owner: None, first_name, surname, waits: false };
        let asks = entry.kind == Kind::Person && !entry.is_enabled && wanted.state == AddressState::Functional;
        if asks {
            self.problem(ProblemKind::Disabled, entry, claim, None);
        }
        if matches!(wanted.state, AddressState::User(_)) {
            if self.seats == Some(0) {
                self.problem(ProblemKind::NoSeat, entry, claim, None);
                wanted = Wanted { state: AddressState::Discovered, waits: true, ..wanted };
            } else {
                self.seats = self.seats.map(|left| left - 1);
                lines.seat = true;
            }
        }
        Fate::Becomes(wanted)
    }

    fn present(
        &mut self,
        entry: &Entry,
        claim: &Claim,
        row: &Row,
        link: Option<&Link>,
        wanted: AddressState,
        lines: &mut Lines,
    ) -> Fate {
        use AddressState::{Alias, Discovered, Functional, Inactive, Invalid, NeverAdd, User, Watching};
        match row.state {
            Watching | Discovered | Invalid(InvalidReason::Expired) => self.open(entry, claim, row, wanted, lines),
            Invalid(InvalidReason::Manual | InvalidReason::Bounced) | NeverAdd => {
                if !self.says_directory(&claim.key) {
                    self.problem(ProblemKind::KeptOut, entry, claim, None);
                    return Fate::Apart;
                }
                lines.is_new = true;
                lines.reasons.push(say::added(entry, wanted));
                self.account(entry, claim, wanted, lines)
            }
            Inactive if wanted == Inactive || link.is_some_and(|link| link.state != Inactive) => Fate::Stays,
            Inactive => self.back(entry, claim, link, wanted, lines),
            User(_) | Functional if wanted == Inactive => self.disabled(entry, claim, row, link, lines),
            User(_) | Functional => {
                let asks = entry.kind == Kind::Person && !entry.is_enabled && matches!(row.state, User(_));
                if asks {
                    self.problem(ProblemKind::Disabled, entry, claim, None);
                }
                Fate::Stays
            }
            Alias => {
                let is_ours = link.is_some_and(|link| link.ours && link.holds(row));
                if !is_ours && row.made_by != Some(MadeBy::Rule) && !self.says_directory(&claim.key) {
                    self.problem(ProblemKind::AliasByHand, entry, claim, row.owner.clone());
                    lines.matches = false;
                    return Fate::Apart;
                }
                lines.is_new = link.is_none();
                lines.reasons.push(say::own_account(entry));
                self.account(entry, claim, wanted, lines)
            }
        }
    }

    /// T16: mail found it, and the directory knows who it is.
    fn open(&mut self, entry: &Entry, claim: &Claim, row: &Row, wanted: AddressState, lines: &mut Lines) -> Fate {
        let waits = row.state == AddressState::Discovered;
        let is_user = matches!(wanted, AddressState::User(_));
        let was_waiting = waits && self.facts.links.get(&claim.key).is_some_and(|link| link.holds(row));
        if was_waiting && is_user && self.seats == Some(0) {
            self.problem(ProblemKind::NoSeat, entry, claim, None);
            return Fate::Stays;
        }
        if !self.facts.options.add {
            return Fate::Apart;
        }
        lines.is_new = true;
        lines.reasons.push(say::found_by_mail(entry, wanted));
        self.account(entry, claim, wanted, lines)
    }

    /// T18, or it is in the directory again (T17): as it was before.
    fn back(
        &mut self,
        entry: &Entry,
        claim: &Claim,
        link: Option<&Link>,
        wanted: AddressState,
        lines: &mut Lines,
    ) -> Fate {
        let before = link.and_then(|link| link.before);
        lines.returns = link.is_some_and(|link| link.missing_since.is_some());
        lines.reasons.push(say::back(entry, lines.returns));
        let state = match before {
            Some(AddressState::Alias) | None => wanted,
            Some(state) => state,
        };
        self.account(entry, claim, state, lines)
    }

    /// T18: disabled, where disabled accounts get no mail.
    fn disabled(&mut self, entry: &Entry, claim: &Claim, row: &Row, link: Option<&Link>, lines: &mut Lines) -> Fate {
        // Somebody made it an account again since: that stays.
        let is_taken_back = link.is_some_and(|link| link.state == AddressState::Inactive);
        let keeps = matches!(self.facts.choices.get(&claim.key), Some(Choice::Keep));
        if is_taken_back || keeps {
            return Fate::Stays;
        }
        lines.reasons.push(say::disabled(entry));
        Fate::Becomes(Wanted {
            state: AddressState::Inactive,
            owner: None,
            first_name: row.first_name.clone(),
            surname: row.surname.clone(),
            waits: false,
        })
    }

    /// Another name of the account under `main`, which is in `state`.
    fn other_name(&mut self, entry: &Entry, main: &Claim, claim: &Claim, state: AddressState, lines: &mut Lines) {
        let (row, link) = (self.facts.rows.get(&claim.key), self.facts.links.get(&claim.key));
        let wanted = if state == AddressState::Inactive { AddressState::Inactive } else { AddressState::Alias };
        let fate = self.name_fate(entry, main, claim, (row, link), wanted);
        match (fate, row) {
            (Fate::Apart, _) | (Fate::Stays, None) => {
                lines.links.extend(link.map(|link| (claim.key.clone(), Some(link.clone()))));
            }
            (Fate::Stays, Some(row)) => note(entry, claim, row, link, link.is_some_and(|link| link.ours), lines),
            (Fate::Becomes(wanted), _) => {
                if row.is_some_and(|row| row.state == AddressState::Inactive) && wanted.state == AddressState::Alias {
                    lines.returns = link.is_some_and(|link| link.missing_since.is_some()) || lines.returns;
                }
                lines.reasons.push(say::other_name(&claim.shown, wanted.state));
                self.write(entry, claim, link, wanted, lines);
            }
        }
    }

    fn name_fate(
        &mut self,
        entry: &Entry,
        main: &Claim,
        claim: &Claim,
        (row, link): (Option<&Row>, Option<&Link>),
        state: AddressState,
    ) -> Fate {
        use AddressState::{Alias, Discovered, Functional, Inactive, Invalid, NeverAdd, User, Watching};
        let owner = Some(main.key.clone());
        let wanted =
            Fate::Becomes(Wanted { state, owner: owner.clone(), first_name: None, surname: None, waits: false });
        let says_directory = self.says_directory(&claim.key);
        let Some(row) = row else {
            if link.is_none() || says_directory {
                return wanted;
            }
            self.problem(ProblemKind::KeptOut, entry, claim, None);
            return Fate::Apart;
        };
        let is_ours = link.is_some_and(|link| link.ours && link.holds(row));
        match row.state {
            Watching | Discovered | Invalid(InvalidReason::Expired) => wanted,
            Invalid(InvalidReason::Manual | InvalidReason::Bounced) | NeverAdd if says_directory => wanted,
            Invalid(InvalidReason::Manual | InvalidReason::Bounced) | NeverAdd => {
                self.problem(ProblemKind::KeptOut, entry, claim, None);
                Fate::Apart
            }
            Inactive if state == Inactive => Fate::Stays,
            Inactive => wanted,
            Alias if state == Inactive && row.owner == owner => wanted,
            Alias if row.owner == owner => Fate::Stays,
            Alias if is_ours || says_directory || row.made_by == Some(MadeBy::Rule) => wanted,
            Alias => {
                self.problem(ProblemKind::AliasByHand, entry, claim, row.owner.clone());
                Fate::Apart
            }
            // The account itself, which has moved to another of its addresses.
            User(_) | Functional if link.is_some_and(|link| link.ours && link.entry == entry.id) => wanted,
            User(_) | Functional if is_ours || says_directory || row.made_by == Some(MadeBy::Rule) => wanted,
            User(_) | Functional => {
                self.problem(ProblemKind::OwnAccount, entry, claim, Some(main.key.clone()));
                Fate::Apart
            }
        }
    }

    /// The names that a row has afterwards: the directory's, unless somebody gave others by hand.
    fn names(&self, entry: &Entry, row: &Row, link: Option<&Link>) -> Wanted {
        let one = |here: &Option<String>, last: Option<&Option<String>>, there: &Option<String>| match (here, last) {
            (here, _) if there.is_none() => here.clone(),
            (None, None) => there.clone(),
            (here, Some(last)) if here == last => there.clone(),
            (here, _) => here.clone(),
        };
        Wanted {
            state: row.state,
            owner: None,
            first_name: one(&row.first_name, link.map(|link| &link.first_name), &entry.first_name),
            surname: one(&row.surname, link.map(|link| &link.surname), &entry.surname),
            waits: false,
        }
    }

    fn says_directory(&self, key: &str) -> bool {
        matches!(self.facts.choices.get(key), Some(Choice::Directory | Choice::Entry(_)))
    }

    /// Asks, unless it was settled.
    fn problem(&mut self, kind: ProblemKind, entry: &Entry, claim: &Claim, account: Option<String>) {
        if self.facts.choices.contains_key(&claim.key) && kind != ProblemKind::NoSeat {
            return;
        }
        let problem = Problem { address: Some(claim.shown.clone()), account, ..Problem::of(kind) };
        self.plan.problems.push(problem.about(entry));
    }

    /// Writes a row, and notes what was left.
    fn write(&self, entry: &Entry, claim: &Claim, link: Option<&Link>, wanted: Wanted, lines: &mut Lines) {
        let row = self.facts.rows.get(&claim.key);
        let was = row.map(|row| row.state);
        let before = match wanted.state {
            AddressState::Inactive => was.filter(|state| state.is_account()),
            _ => None,
        };
        let by_hand = row.is_some_and(|row| row.state.is_account() && row.made_by == Some(MadeBy::Operator));
        let was_none = was.is_none_or(|state| !state.is_account() && state != AddressState::Inactive);
        let ours = self.says_directory(&claim.key) || link.map_or(!by_hand, |link| link.ours || was_none);
        lines.links.push((
            claim.key.clone(),
            Some(Link {
                entry: entry.id.clone(),
                ours,
                state: wanted.state,
                owner: wanted.owner.clone(),
                first_name: entry.first_name.clone(),
                surname: entry.surname.clone(),
                before,
                missing_since: None,
            }),
        ));
        let (key, shown, domain) = (claim.key.clone(), claim.shown.clone(), claim.domain.clone());
        lines.rows.push(RowChange { key, shown, domain, to: Some(wanted) });
    }

    /// Puts the lines of an entry into the plan, as far as they are ticked.
    fn finish(&mut self, entry: &Entry, main: &Claim, lines: Lines) {
        let is_known = self.known.contains(entry.id.as_str());
        let verb = if lines.is_new && !is_known { Verb::Add } else { Verb::Update };
        if lines.rows.is_empty() {
            self.plan.same += 1;
            self.plan.matched += u64::from(lines.matches);
            self.plan.links.extend(lines.links);
            return;
        }
        let is_ticked = lines.returns
            || match verb {
                Verb::Add => self.facts.options.add,
                _ => self.facts.options.update,
            };
        if !is_ticked {
            if lines.seat {
                self.seats = self.seats.map(|left| left + 1);
            }
            self.plan.same += 1;
            return;
        }
        self.plan.new_users += u64::from(lines.seat);
        self.plan.matched += u64::from(lines.matches);
        self.plan.links.extend(lines.links);
        self.plan.changes.push(Change {
            verb,
            entry: entry.id.clone(),
            kind: entry.kind,
            name: name_of(entry),
            address: main.shown.clone(),
            reason: say::joined(lines.reasons),
            rows: lines.rows,
        });
    }
}

/// Notes an address that stays as it is.
fn note(entry: &Entry, claim: &Claim, row: &Row, link: Option<&Link>, ours: bool, lines: &mut Lines) {
    let state = link.map_or(row.state, |link| link.state);
    let owner = link.map_or_else(|| row.owner.clone(), |link| link.owner.clone());
    let noted = Link {
        entry: entry.id.clone(),
        ours: ours || (link.is_none() && row.made_by != Some(MadeBy::Operator)),
        state,
        owner,
        first_name: entry.first_name.clone(),
        surname: entry.surname.clone(),
        before: link.and_then(|link| link.before),
        missing_since: None,
    };
    lines.links.push((claim.key.clone(), Some(noted)));
}

/// The links of a plan that differ from those that are there.
pub(super) fn only_changed(plan: &mut Plan, links: &HashMap<String, Link>) {
    plan.links.retain(|(key, link)| links.get(key) != link.as_ref());
}
