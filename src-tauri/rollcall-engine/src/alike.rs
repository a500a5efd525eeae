//! Whether an address is another name of an account (3.7): finds the accounts it may belong to, by key.

use std::collections::HashMap;

use rollcall_core::alias::{self, Answer, Candidate, Names, Newcomer};
use rollcall_core::rule::AliasRule;
use rollcall_core::{Address, AddressState};
use rollcall_store::{AddressRecord, StoreError, Tx};

use crate::ground::Ground;

/// The account that the address under `key` is another name of, if there is exactly one and the domain's rule makes
/// aliases by itself.
pub(crate) fn owner(
    tx: &Tx<'_>,
    key: &str,
    row: Option<&AddressRecord>,
    ground: &Ground,
) -> Result<Option<AddressRecord>, StoreError> {
    if ground.rule.alias != AliasRule::Auto {
        return Ok(None);
    }
    match answer(tx, key, row, ground)? {
        Answer::Auto(found) => tx.address(&found.owner),
        Answer::Suggest(_) | Answer::None => Ok(None),
    }
}

/// Rows as they would be after decisions that are not carried out yet.
#[derive(Debug, Default)]
pub(crate) struct Planned {
    rows: HashMap<String, AddressRecord>,
    /// The keys of accounts, by the ways in which they may be written.
    forms: HashMap<String, Vec<String>>,
}

impl Planned {
    /// One more row.
    pub fn add(&mut self, row: AddressRecord) {
        if matches!(row.state, AddressState::User(_) | AddressState::Functional) {
            let local = row.key.rsplit_once('@').map_or(row.key.as_str(), |(local, _)| local);
            for form in alias::forms(local, names(Some(&row))) {
                self.forms.entry(form).or_default().push(row.key.clone());
            }
        }
        self.rows.insert(row.key.clone(), row);
    }

    /// Nothing is planned.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Something is planned for `key`.
    pub fn has(&self, key: &str) -> bool {
        self.rows.contains_key(key)
    }

    /// The row under `key` as it would be.
    pub fn address(&self, tx: &Tx<'_>, key: &str) -> Result<Option<AddressRecord>, StoreError> {
        match self.rows.get(key) {
            Some(row) => Ok(Some(row.clone())),
            None => tx.address(key),
        }
    }

    fn written<'a>(&'a self, forms: &'a [String]) -> impl Iterator<Item = String> + 'a {
        forms.iter().filter_map(|form| self.forms.get(form)).flatten().cloned()
    }
}

/// What the alias test says of the address under `key`.
pub(crate) fn answer(
    tx: &Tx<'_>,
    key: &str,
    row: Option<&AddressRecord>,
    ground: &Ground,
) -> Result<Answer, StoreError> {
    answer_after(tx, key, row, ground, &Planned::default())
}

/// The same once what is planned is carried out.
pub(crate) fn answer_after(
    tx: &Tx<'_>,
    key: &str,
    row: Option<&AddressRecord>,
    ground: &Ground,
    planned: &Planned,
) -> Result<Answer, StoreError> {
    let Ok(address) = Address::parse(key) else { return Ok(Answer::None) };
    let mut rows = Vec::new();
    let mut keys = alias::keys(&address, &ground.domains);
    let sought = alias::sought(&address, names(row));
    keys.extend(tx.accounts_written(&sought)?);
    keys.extend(planned.written(&sought));
    keys.sort_unstable();
    keys.dedup();
    for key in keys.into_iter().filter(|found| found != key) {
        let Some(found) = planned.address(tx, &key)? else { continue };
        if let Some(owner) = &found.owner {
            rows.extend(planned.address(tx, owner)?);
        }
        rows.push(found);
    }
    rows.sort_by(|one, other| one.key.cmp(&other.key));
    rows.dedup_by(|one, other| one.key == other.key);
    let parsed: Vec<(Address, &AddressRecord)> =
        rows.iter().filter_map(|row| Some((Address::parse(&row.key).ok()?, row))).collect();
    let candidates: Vec<Candidate<'_>> = parsed
        .iter()
        .map(|(address, row)| Candidate {
            address,
            state: row.state,
            owner: row.owner.as_deref(),
            names: names(Some(row)),
        })
        .collect();
    let answer = alias::test(&Newcomer { address: &address, names: names(row) }, &candidates);
    Ok(if ground.rule.alias == AliasRule::Suggest { answer.only_suggested() } else { answer })
}

fn names(row: Option<&AddressRecord>) -> Names<'_> {
    row.map_or(Names::default(), |row| Names { first: row.first_name.as_deref(), surname: row.surname.as_deref() })
}
