//! The operator decides about addresses (T12, T13, T14): all or nothing, one journal entry, undoable (X04).

use std::collections::{BTreeMap, HashMap, HashSet};

use rollcall_core::decision::{self, Decision, Outcome};
use rollcall_core::time::DAY_MS;
use rollcall_core::{Address, AddressState, MadeBy, Source, Timestamp};
use rollcall_store::{AddressRecord, NewEntry, RowChange, StoreError, Tx};

use crate::access::who;
use crate::alike::Planned;
use crate::bus::Tag;
use crate::error::EngineError;
use crate::ground::Ground;
use crate::house::House;
use crate::letters;
use crate::recipients::Forget;
use crate::suggest::{Left, Suggested};
use crate::suggested_order::as_suggested_in_order;

/// The most addresses in one command.
const MOST: usize = 10_000;
/// A week's grace, in milliseconds.
const WEEK_MS: i64 = 7 * DAY_MS;

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
        self.decide_still(subjects, decision, action(decision), None).await
    }

    /// The same under another word in the journal.
    pub(crate) async fn decide_as(
        &self,
        subjects: Vec<Subject>,
        decision: Decision,
        action: &'static str,
    ) -> Result<Changed, EngineError> {
        self.decide_still(subjects, decision, action, None).await
    }

    /// The same, if every address still is in this state when the decision is written.
    pub(crate) async fn decide_still(
        &self,
        subjects: Vec<Subject>,
        decision: Decision,
        action: &'static str,
        still: Option<&'static str>,
    ) -> Result<Changed, EngineError> {
        let wish =
            |(address, subject)| Wish { address, subject, choice: Choice::This { decision, owner: None }, still };
        let wishes = self.resolve(subjects)?.into_iter().map(wish).collect();
        self.carry_out(wishes, action).await
    }

    /// Makes addresses other names of the account `owner` (D20). An address that is an account itself becomes one only
    /// with `merge`; its own other names go along (P12).
    ///
    /// # Errors
    /// As [`House::decide`]; not found without the account; conflict when an address is an account and `merge` is false,
    /// or is the owner itself.
    pub async fn add_alias(&self, addresses: Vec<String>, owner: &str, merge: bool) -> Result<Changed, EngineError> {
        let owner = Address::parse(owner)?;
        let found = self.store.read(|tx| tx.address(&owner.key()))?;
        let Some(account) = found.filter(|row| is_owner(row.state)) else {
            return Err(EngineError::NotFound(format!("{owner} isn't a user or a functional account.")));
        };
        let subjects = addresses.into_iter().map(|address| Subject { address, ..Subject::default() }).collect();
        let subjects = self.resolve(subjects)?;
        for (address, _) in &subjects {
            if address.key() == account.key {
                return Err(EngineError::Conflict(format!("{} can't be another name of itself.", account.shown)));
            }
            let row = self.store.read(|tx| tx.address(&address.key()))?;
            if let Some(row) = row.filter(|row| is_owner(row.state) && !merge) {
                return Err(EngineError::Conflict(format!(
                    "{} is an account already. Merge it into {} to make it another name.",
                    row.shown, account.shown
                )));
            }
        }
        let wish = |(address, subject)| Wish {
            address,
            subject,
            choice: Choice::This { decision: Decision::AddAlias, owner: Some(account.key.clone()) },
            still: None,
        };
        let action = if merge { "merge_alias" } else { "add_alias" };
        self.carry_out(subjects.into_iter().map(wish).collect(), action).await
    }

    /// Does for each address what its suggestion says: another name of an account, a functional account or a user. One
    /// decision, however many addresses. Where the office's main domain has the same name on file, that is the account.
    ///
    /// # Errors
    /// As [`House::decide`].
    pub async fn add_as_suggested(&self, addresses: Vec<String>) -> Result<Changed, EngineError> {
        self.add_as_suggested_still(addresses, None).await
    }

    /// The same, if every address still is in this state when the decision is written.
    pub(crate) async fn add_as_suggested_still(
        &self,
        addresses: Vec<String>,
        still: Option<&'static str>,
    ) -> Result<Changed, EngineError> {
        let subjects = addresses.into_iter().map(|address| Subject { address, ..Subject::default() }).collect();
        let subjects = self.resolve(subjects)?;
        let asked: HashSet<String> = subjects.iter().map(|(address, _)| address.key()).collect();
        let grounds = self.grounds();
        let ordered = self.store.read(|tx| as_suggested_in_order(tx, subjects, &grounds))?;
        let wish = |(address, subject): (Address, Subject)| {
            let still = still.filter(|_| asked.contains(&address.key()));
            Wish { address, subject, choice: Choice::AsSuggested, still }
        };
        let wishes = ordered.into_iter().map(wish).collect();
        self.carry_out(wishes, "add_as_suggested").await
    }

    /// Gives Discovered addresses a week more before they end.
    ///
    /// # Errors
    /// As [`House::decide`]; conflict when one is not Discovered.
    pub async fn give_week(&self, addresses: Vec<String>) -> Result<Changed, EngineError> {
        let until = self.clock.now().plus_ms(WEEK_MS);
        self.mark(addresses, "give_week", move |row| {
            row.held_until = Some(row.held_until.map_or(until, |held| held.max(until)));
        })
        .await
    }

    /// Keeps Discovered addresses on the list whatever happens, or lets them end again.
    ///
    /// # Errors
    /// As [`House::give_week`].
    pub async fn pin(&self, addresses: Vec<String>, pinned: bool) -> Result<Changed, EngineError> {
        let action = if pinned { "pin_address" } else { "unpin_address" };
        self.mark(addresses, action, move |row| row.pinned = pinned).await
    }

    /// Changes what a Discovered row is marked with.
    async fn mark(
        &self,
        addresses: Vec<String>,
        action: &'static str,
        change: impl Fn(&mut AddressRecord) + Send + 'static,
    ) -> Result<Changed, EngineError> {
        let subjects = addresses.into_iter().map(|address| Subject { address, ..Subject::default() }).collect();
        let (subjects, now) = (self.resolve(subjects)?, self.clock.now());
        let outcome = self
            .store
            .write(move |tx| {
                let mut changes = Vec::new();
                for (address, _) in subjects {
                    let Some(before) = tx.address(&address.key())?.filter(|row| row.state == AddressState::Discovered)
                    else {
                        return Ok(Err(format!("{address} isn't a Discovered address.")));
                    };
                    let mut after = before.clone();
                    change(&mut after);
                    changes.push(RowChange { key: after.key.clone(), before: Some(before), after: Some(after) });
                }
                write_all(tx, changes, action, now).map(Ok)
            })
            .await?;
        self.bus.stale(&[Tag::Addresses, Tag::Journal]);
        outcome.map_err(EngineError::Conflict)
    }

    async fn carry_out(&self, wishes: Vec<Wish>, action: &'static str) -> Result<Changed, EngineError> {
        let now = self.clock.now();
        let keys = wishes.iter().map(|wish| wish.address.key()).collect();
        let grounds = self.grounds();
        let outcome = self.store.write(move |tx| decide_all(tx, wishes, &grounds, action, now)).await?;
        let changed = outcome.map_err(EngineError::Conflict)?;
        self.forget_said(Forget::Addresses(keys)).await?;
        if changed.entry.is_some() {
            self.bus.stale(&[Tag::Addresses, Tag::Journal]);
            self.let_kept_mail_go().await;
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

/// What should become of an address.
struct Wish {
    address: Address,
    subject: Subject,
    choice: Choice,
    /// The state that it must still have.
    still: Option<&'static str>,
}

/// What was chosen for it.
enum Choice {
    /// This.
    This {
        /// The decision.
        decision: Decision,
        /// The key of the account that it becomes another name of.
        owner: Option<String>,
    },
    /// What its suggestion says, once those before it are carried out.
    AsSuggested,
}

impl Choice {
    fn settle(
        self,
        tx: &Tx<'_>,
        key: &str,
        grounds: &HashMap<String, Ground>,
        left: &mut Left,
    ) -> Result<Option<(Decision, Option<String>)>, StoreError> {
        let Self::This { decision, owner } = self else {
            let domain = key.rsplit_once('@').map_or(key, |(_, domain)| domain);
            return Ok(match left.suggest_after(tx, key, grounds.get(domain), &Planned::default())? {
                Suggested::Alias { owner, .. } => Some((Decision::AddAlias, Some(owner))),
                Suggested::Functional => Some((Decision::CreateFunctional, None)),
                Suggested::User(role) => Some((Decision::CreateUser(role), None)),
                Suggested::Unlikely => None,
            });
        };
        Ok(Some((decision, owner)))
    }
}

/// Accounts that may have other names.
const fn is_owner(state: AddressState) -> bool {
    matches!(state, AddressState::User(_) | AddressState::Functional)
}

/// The inner error is the sentence of the first subject that does not fit; nothing is written then.
fn decide_all(
    tx: &Tx<'_>,
    wishes: Vec<Wish>,
    grounds: &HashMap<String, Ground>,
    action: &'static str,
    now: Timestamp,
) -> Result<Result<Changed, String>, StoreError> {
    let mut changes = Vec::new();
    let mut unchanged = Vec::new();
    let mut left = Left::default();
    for Wish { address, subject, choice, still } in wishes {
        let before = tx.address(&address.key())?;
        let shown = before.as_ref().map_or_else(|| address.to_string(), |row| row.shown.clone());
        let Some((decision, owner)) = choice.settle(tx, &address.key(), grounds, &mut left)? else {
            unchanged.push(shown);
            continue;
        };
        if still.is_some_and(|state| before.as_ref().is_none_or(|row| row.state.word() != state)) {
            take_back(tx, &changes)?;
            return Ok(Err(format!("{shown} was decided meanwhile, so nothing was done. Look at it first.")));
        }
        let after = match decision::decide(before.as_ref().map(|row| row.state), decision) {
            Outcome::Unchanged if before.as_ref().is_none_or(|row| row.owner == owner) => {
                unchanged.push(shown);
                continue;
            }
            Outcome::Unchanged => before.clone().map(|row| AddressRecord { owner: owner.clone(), ..row }),
            Outcome::DoesNotFit(why) => {
                take_back(tx, &changes)?;
                return Ok(Err(format!("{shown} was left as it is: {why}.")));
            }
            Outcome::Gone => None,
            Outcome::Becomes(state) => {
                let row = becomes(before.as_ref(), &address, &subject, state, now);
                Some(AddressRecord { owner: owner.clone(), ..row })
            }
        };
        let was_owner = before.as_ref().is_some_and(|row| is_owner(row.state));
        let is_still = after.as_ref().is_some_and(|row| is_owner(row.state));
        // At once: what is suggested for the next depends on it.
        if let Some(row) = &after {
            tx.put_address(row)?;
        }
        changes.push(RowChange { key: address.key(), before, after });
        if was_owner && !is_still {
            other_names(tx, &address.key(), owner.as_deref(), now, &mut changes)?;
        }
    }
    let changed = write_all(tx, changes, action, now)?;
    Ok(Ok(Changed { unchanged, ..changed }))
}

/// All or nothing: the rows are again as they were.
fn take_back(tx: &Tx<'_>, changes: &[RowChange]) -> Result<(), StoreError> {
    for change in changes.iter().rev() {
        match &change.before {
            Some(row) => tx.put_address(row)?,
            None => drop(tx.remove_address(&change.key)?),
        }
    }
    Ok(())
}

/// The other names of an account that is one no longer go with it: to its new owner, or off the lists.
fn other_names(
    tx: &Tx<'_>,
    account: &str,
    owner: Option<&str>,
    now: Timestamp,
    changes: &mut Vec<RowChange>,
) -> Result<(), StoreError> {
    for key in tx.aliases_of(account)? {
        if changes.iter().any(|change| change.key == key) {
            continue;
        }
        let before = tx.address(&key)?;
        let moved =
            |row: &AddressRecord| AddressRecord { owner: owner.map(str::to_owned), changed: now, ..row.clone() };
        let after = owner.and_then(|_| before.as_ref().map(moved));
        changes.push(RowChange { key, before, after });
    }
    Ok(())
}

/// Writes the rows and their entry.
fn write_all(
    tx: &Tx<'_>,
    changes: Vec<RowChange>,
    action: &'static str,
    now: Timestamp,
) -> Result<Changed, StoreError> {
    let mut changed = Changed::default();
    for change in &changes {
        match &change.after {
            Some(row) => {
                tx.put_address(row)?;
                letters::welcome::plan(tx, change.before.as_ref(), row, now)?;
            }
            None => drop(tx.remove_address(&change.key)?),
        }
        let row = change.before.as_ref().or(change.after.as_ref());
        changed.addresses.push(row.map_or_else(|| change.key.clone(), |row| row.shown.clone()));
    }
    if !changes.is_empty() {
        let why = "the operator decided".to_owned();
        changed.entry = Some(write_entry(tx, action, why, now, &changes)?);
    }
    Ok(changed)
}

/// The row that a decision makes of an address.
pub(crate) fn becomes(
    before: Option<&AddressRecord>,
    address: &Address,
    subject: &Subject,
    state: AddressState,
    now: Timestamp,
) -> AddressRecord {
    let mut row = before.cloned().unwrap_or_else(|| {
        let (key, shown, domain) = (address.key(), address.to_string(), address.domain().to_string());
        AddressRecord::new(key, shown, domain, state, Source::Manual, now)
    });
    row.state = state;
    row.changed = now;
    row.decided = Some(now);
    row.refused_count = 0;
    row.held_until = None;
    row.pinned = false;
    row.owner = None;
    if state == AddressState::Discovered {
        // It has its whole time before it.
        (row.discovered, row.notices, row.last_notice) = (Some(now), 0, None);
    }
    row.made_by = state.is_account().then_some(MadeBy::Operator);
    if let AddressState::User(_) = state {
        let given =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        row.first_name = given(&subject.first_name).or(row.first_name);
        row.surname = given(&subject.surname).or(row.surname);
        crate::names::fill(&mut row);
    }
    row
}

const fn action(decision: Decision) -> &'static str {
    match decision {
        Decision::CreateUser(_) => "create_user",
        Decision::CreateFunctional => "create_functional",
        Decision::MarkInvalid => "mark_invalid",
        Decision::RemoveInvalid => "remove_invalid",
        Decision::AddAlias => "add_alias",
        Decision::NeverAdd => "never_add",
        Decision::Restore => "restore",
        Decision::Delete => "delete_address",
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
