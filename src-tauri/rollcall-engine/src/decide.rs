//! The operator decides about addresses (T12, T13, T14): all or nothing, one journal entry, undoable (X04).

use std::collections::BTreeMap;

use rollcall_core::discovery::{self, Decision, Outcome};
use rollcall_core::guess::{self, Looks};
use rollcall_core::{Address, AddressState, Source, Timestamp};
use rollcall_store::{AddressRecord, NewEntry, RowChange, StoreError, Tx};

use crate::access::who;
use crate::bus::Tag;
use crate::error::EngineError;
use crate::house::House;
use crate::recipients::Forget;

/// The most addresses in one command.
const MOST: usize = 10_000;

/// One address to decide about, with names for a user.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    /// As typed.
    pub address: String,
    /// First name; guessed from the address when absent.
    pub first_name: Option<String>,
    /// Surname; guessed from the address when absent.
    pub surname: Option<String>,
}

/// What a command changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    /// The journal entry; `None` when nothing had to change.
    pub entry: Option<i64>,
    /// As shown.
    pub addresses: Vec<String>,
    /// Those that already were as asked.
    pub unchanged: Vec<String>,
}

impl House {
    /// Carries a decision out for every subject, or for none.
    ///
    /// # Errors
    /// Invalid: no subject, too many, no address, not our domain. Conflict: a subject's state does not fit; the sentence
    /// names it.
    pub async fn decide(&self, subjects: Vec<Subject>, decision: Decision) -> Result<Changed, EngineError> {
        let now = self.clock.now();
        let subjects = self.resolve(subjects)?;
        let keys = subjects.iter().map(|(address, _)| address.key()).collect();
        let outcome = self.store.write(move |tx| decide_all(tx, subjects, decision, now)).await?;
        let changed = outcome.map_err(EngineError::Conflict)?;
        self.forget_said(Forget::Addresses(keys)).await?;
        if changed.entry.is_some() {
            self.bus.stale(&[Tag::Addresses, Tag::Journal]);
        }
        Ok(changed)
    }

    /// Gives a row other names; empty ones are cleared.
    ///
    /// # Errors
    /// Not found without a row.
    pub async fn set_name(&self, address: &str, first_name: &str, surname: &str) -> Result<Changed, EngineError> {
        let address = Address::parse(address)?;
        let name = |text: &str| Some(text.trim().chars().take(100).collect::<String>()).filter(|text| !text.is_empty());
        let (first_name, surname, now) = (name(first_name), name(surname), self.clock.now());
        let shown = address.to_string();
        let outcome = self
            .store
            .write(move |tx| {
                let Some(before) = tx.address(&address.key())? else { return Ok(None) };
                let after = AddressRecord { first_name, surname, ..before.clone() };
                if before == after {
                    return Ok(Some(Changed { unchanged: vec![after.shown], ..Changed::default() }));
                }
                let shown = after.shown.clone();
                tx.put_address(&after)?;
                let why = "the operator gave it another name".to_owned();
                let change = RowChange { key: after.key.clone(), before: Some(before), after: Some(after) };
                let entry = write_entry(tx, "set_name", why, now, &[change])?;
                Ok(Some(Changed { entry: Some(entry), addresses: vec![shown], unchanged: Vec::new() }))
            })
            .await?;
        self.bus.stale(&[Tag::Addresses, Tag::Journal]);
        outcome.ok_or_else(|| EngineError::NotFound(format!("{shown} isn't on any list.")))
    }

    /// Parses subjects, drops repetitions and checks that their domains are ours.
    pub(crate) fn resolve(&self, subjects: Vec<Subject>) -> Result<Vec<(Address, Subject)>, EngineError> {
        if subjects.is_empty() {
            return Err(EngineError::Invalid("Give at least one address.".to_owned()));
        }
        if subjects.len() > MOST {
            return Err(EngineError::Invalid(format!("Give at most {MOST} addresses at a time.")));
        }
        let setup = self.setup();
        let mut resolved = BTreeMap::new();
        for subject in subjects {
            let address = Address::parse(&subject.address)?;
            let domain = address.domain().as_str();
            let known = || self.store.read(|tx| tx.address(&address.key())).map(|row| row.is_some());
            if setup.homes.resolve(&address, false).is_none() && !known()? {
                return Err(EngineError::Invalid(format!(
                    "{address} can't be added: {domain} isn't one of your domains. Add the domain first."
                )));
            }
            resolved.insert(address.key(), (address, subject));
        }
        Ok(resolved.into_values().collect())
    }
}

/// The inner error is the sentence of the first subject that does not fit; nothing is written then.
fn decide_all(
    tx: &Tx<'_>,
    subjects: Vec<(Address, Subject)>,
    decision: Decision,
    now: Timestamp,
) -> Result<Result<Changed, String>, StoreError> {
    let mut changes = Vec::new();
    let mut changed = Changed::default();
    for (address, subject) in subjects {
        let before = tx.address(&address.key())?;
        let shown = before.as_ref().map_or_else(|| address.to_string(), |row| row.shown.clone());
        let after = match discovery::decide(before.as_ref().map(|row| row.state), decision) {
            Outcome::Unchanged => {
                changed.unchanged.push(shown);
                continue;
            }
            Outcome::DoesNotFit(why) => return Ok(Err(format!("{shown} was left as it is: {why}."))),
            Outcome::Gone => None,
            Outcome::Becomes(state) => Some(becomes(before.as_ref(), &address, &subject, state, now)),
        };
        changed.addresses.push(shown);
        changes.push(RowChange { key: address.key(), before, after });
    }
    for change in &changes {
        match &change.after {
            Some(row) => tx.put_address(row)?,
            None => drop(tx.remove_address(&change.key)?),
        }
    }
    if !changes.is_empty() {
        let why = "the operator decided".to_owned();
        changed.entry = Some(write_entry(tx, action(decision), why, now, &changes)?);
    }
    Ok(Ok(changed))
}

fn becomes(
    before: Option<&AddressRecord>,
    address: &Address,
    subject: &Subject,
    state: AddressState,
    now: Timestamp,
) -> AddressRecord {
    let mut row = before.cloned().unwrap_or_else(|| AddressRecord {
        key: address.key(),
        shown: address.to_string(),
        domain: address.domain().to_string(),
        state,
        source: Source::Manual,
        first_name: None,
        surname: None,
        clean_count: 0,
        first_seen: now,
        last_seen: now,
        discovered: None,
        decided: None,
        changed: now,
        suspect: None,
        refused_count: 0,
    });
    row.state = state;
    row.changed = now;
    row.decided = Some(now);
    row.refused_count = 0;
    if let AddressState::User(_) = state {
        let guessed = match guess::looks(address.local()) {
            Looks::LikePerson { first_name, surname } => (first_name, surname),
            Looks::LikeFunctional => (None, None),
        };
        let given =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        row.first_name = given(&subject.first_name).or(row.first_name).or(guessed.0);
        row.surname = given(&subject.surname).or(row.surname).or(guessed.1);
    }
    row
}

const fn action(decision: Decision) -> &'static str {
    match decision {
        Decision::CreateUser(_) => "create_user",
        Decision::CreateFunctional => "create_functional",
        Decision::MarkInvalid => "mark_invalid",
        Decision::RemoveInvalid => "remove_invalid",
    }
}

/// An entry by the operator that can be undone.
pub(crate) fn write_entry(
    tx: &Tx<'_>,
    action: &str,
    why: String,
    at: Timestamp,
    changes: &[RowChange],
) -> Result<i64, StoreError> {
    let entry = NewEntry { at, who: who(tx), action: action.to_owned(), why, undoable: true, undoes: None };
    tx.add_journal(&entry, changes)
}
