//! Whose each address is: the addresses of all entries, read, at our domains, each under the key of the row it belongs to.

use std::collections::{BTreeMap, HashMap};

use super::plan::{Facts, Problem, ProblemKind};
use super::{Entry, Kind};
use crate::address::Address;
use crate::recipient::Homes;

/// An address of an entry at one of our domains.
pub(super) struct Claim {
    /// The key of its row.
    pub key: String,
    /// As the directory writes it.
    pub shown: String,
    /// The domain of its row.
    pub domain: String,
    /// It is the address that the entry writes from.
    pub primary: bool,
}

/// An entry that takes part, with its addresses at our domains, the primary one first.
pub(super) struct Claimant<'a> {
    pub entry: &'a Entry,
    pub claims: Vec<Claim>,
}

/// Everybody who takes part, and whose each key is.
#[derive(Default)]
pub(super) struct Claims<'a> {
    pub claimants: Vec<Claimant<'a>>,
    /// The claimants of each key, by place; more than one is a conflict.
    pub of_key: HashMap<String, Vec<usize>>,
    /// What was wrong with texts and domains.
    pub problems: Vec<Problem>,
    pub left_out: super::plan::LeftOut,
}

impl<'a> Claims<'a> {
    /// Reads them, in one pass over the entries and one over their other names.
    pub fn gather(facts: &Facts<'a>) -> Self {
        let mut claims = Self::default();
        let mut foreign: BTreeMap<String, u64> = BTreeMap::new();
        let mut later: Vec<(usize, Address, String)> = Vec::new();
        for entry in facts.entries {
            if facts.exempt.contains(&entry.id) {
                claims.left_out.exempt += 1;
            } else if entry.primary.is_none() && entry.aliases.is_empty() {
                claims.left_out.without_mail += 1;
            } else if !facts.options.include(entry) {
                claims.left_out.not_ticked += 1;
            } else {
                claims.add(facts.homes, entry, &mut foreign, &mut later);
            }
        }
        for (place, address, primary_domain) in later {
            claims.add_other_name(place, &address, primary_domain);
        }
        for claimant in &mut claims.claimants {
            claimant.claims.sort_by_key(|claim| !claim.primary);
        }
        let problem =
            |(domain, count)| Problem { count, domain: Some(domain), ..Problem::of(ProblemKind::ForeignDomain) };
        claims.problems.extend(foreign.into_iter().map(problem));
        claims
    }

    fn add(
        &mut self,
        homes: &Homes,
        entry: &'a Entry,
        foreign: &mut BTreeMap<String, u64>,
        later: &mut Vec<(usize, Address, String)>,
    ) {
        let place = self.claimants.len();
        let mut claimant = Claimant { entry, claims: Vec::with_capacity(1) };
        let mut is_ours = false;
        let mut others = Vec::new();
        for text in entry.primary.iter().chain(&entry.aliases) {
            let Ok(address) = Address::parse(text) else {
                let named = Problem::of(ProblemKind::Unreadable).about(entry);
                self.problems.push(Problem { address: Some(text.clone()), ..named });
                is_ours = true;
                continue;
            };
            let Some(home) = homes.primary_of(address.domain().as_str()) else {
                others.push(address.domain().to_string());
                continue;
            };
            is_ours = true;
            // Everybody may write to it, and it never is a row (3.2 step 3).
            if address.local().eq_ignore_ascii_case("postmaster") {
                continue;
            }
            if home != address.domain().as_str() {
                later.push((place, address, home.to_owned()));
                continue;
            }
            let primary = entry.primary.as_ref() == Some(text);
            let claim = Claim { key: address.key(), shown: address.to_string(), domain: home.to_owned(), primary };
            self.claim(place, &mut claimant.claims, claim);
        }
        // Somebody outside is in the address book, and nothing of theirs is ours.
        if entry.kind == Kind::Contact && !is_ours {
            self.left_out.contacts_elsewhere += 1;
            return;
        }
        if !is_ours {
            self.left_out.elsewhere += 1;
        }
        // What a contact has elsewhere is where its mail goes.
        if entry.kind != Kind::Contact {
            for domain in others {
                *foreign.entry(domain).or_default() += 1;
            }
        }
        self.claimants.push(claimant);
    }

    fn claim(&mut self, place: usize, claims: &mut Vec<Claim>, claim: Claim) {
        let owners = self.of_key.entry(claim.key.clone()).or_default();
        if !owners.contains(&place) {
            owners.push(place);
            claims.push(claim);
        }
    }

    /// An address at another name of one of our domains is filed under the domain itself, as its mail is; with a row of
    /// its own only where somebody else has that name there.
    fn add_other_name(&mut self, place: usize, address: &Address, domain: String) {
        let canonical = format!("{}@{domain}", address.local().to_lowercase());
        let primary = self.claimants[place]
            .entry
            .primary
            .as_deref()
            .is_some_and(|text| Address::parse(text).is_ok_and(|parsed| parsed.key() == address.key()));
        let mut claims = std::mem::take(&mut self.claimants[place].claims);
        match self.of_key.get(&canonical) {
            Some(owners) if owners.contains(&place) => {
                if let Some(claim) = claims.iter_mut().find(|claim| claim.key == canonical) {
                    claim.primary |= primary;
                }
            }
            Some(_) => {
                let domain = address.domain().to_string();
                let claim = Claim { key: address.key(), shown: address.to_string(), domain, primary };
                self.claim(place, &mut claims, claim);
            }
            None => {
                let shown = format!("{}@{domain}", address.local());
                self.claim(place, &mut claims, Claim { key: canonical, shown, domain, primary });
            }
        }
        self.claimants[place].claims = claims;
    }
}
