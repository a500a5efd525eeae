//! What "Add as suggested" carries out, and in which order: of one name at several domains the account is where the office
//! lives, and the others are its other names.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use rollcall_core::rule::AliasRule;
use rollcall_core::{Address, DomainName};
use rollcall_store::{StoreError, Tx};

use crate::decide::Subject;
use crate::ground::Ground;

type Subjects = Vec<(Address, Subject)>;

/// The order in which suggestions are carried out. Whole names first: a short form of one that becomes a user now is
/// another name of it. Of one name at two domains the one at the domain where most accounts are, and that also where it
/// only waits there for more mail: a new colleague may be written to at another domain first.
pub(crate) fn as_suggested_in_order(
    tx: &Tx<'_>,
    mut subjects: Subjects,
    grounds: &HashMap<String, Ground>,
) -> Result<Subjects, StoreError> {
    let mut accounts = Accounts { tx, subjects: HashMap::new(), known: HashMap::new() };
    for (address, _) in &subjects {
        *accounts.subjects.entry(address.domain().clone()).or_default() += 1;
    }
    if grounds.len() > 1 {
        let more = at_home(tx, &subjects, grounds, &mut accounts)?;
        subjects.extend(more);
    }
    let mut ordered = Vec::with_capacity(subjects.len());
    for (address, subject) in subjects {
        let count = tx.address(&address.key())?.map_or(0, |row| row.clean_count);
        let home = if grounds.len() > 1 { accounts.at(address.domain())? } else { 0 };
        ordered.push(((address, subject), (home, count)));
    }
    ordered.sort_by_key(|((address, _), counts)| {
        (Reverse(address.local().chars().count()), Reverse(*counts), address.key())
    });
    Ok(ordered.into_iter().map(|(subject, _)| subject).collect())
}

/// How many accounts domains have, those to come with them.
struct Accounts<'a, 'b> {
    tx: &'a Tx<'b>,
    subjects: HashMap<DomainName, u64>,
    known: HashMap<DomainName, u64>,
}

impl Accounts<'_, '_> {
    fn at(&mut self, domain: &DomainName) -> Result<u64, StoreError> {
        let known = match self.known.get(domain) {
            Some(known) => *known,
            None => {
                let counted = self.tx.accounts_of_domain(domain.as_str())?;
                self.known.insert(domain.clone(), counted);
                counted
            }
        };
        Ok(known + self.subjects.get(domain).copied().unwrap_or(0))
    }
}

/// The same names at domains with more accounts, where they are on file and nobody has decided about them.
fn at_home(
    tx: &Tx<'_>,
    subjects: &Subjects,
    grounds: &HashMap<String, Ground>,
    accounts: &mut Accounts<'_, '_>,
) -> Result<Subjects, StoreError> {
    let mut taken: HashSet<String> = subjects.iter().map(|(address, _)| address.key()).collect();
    let mut more = Vec::new();
    for (address, _) in subjects {
        let ground = grounds.get(address.domain().as_str()).filter(|ground| ground.rule.alias != AliasRule::Off);
        let Some(ground) = ground else { continue };
        for domain in ground.domains.iter().filter(|domain| *domain != address.domain()) {
            let Ok(there) = Address::parse(&format!("{}@{domain}", address.local())) else { continue };
            if taken.contains(&there.key()) || accounts.at(domain)? <= accounts.at(address.domain())? {
                continue;
            }
            if let Some(row) = tx.address(&there.key())?.filter(|row| row.state.is_open()) {
                taken.insert(there.key());
                more.push((there, Subject { address: row.shown, ..Subject::default() }));
            }
        }
    }
    Ok(more)
}
