//! Whether an address is another name of an account (3.7): finds the accounts it may belong to, by key.

use rollcall_core::Address;
use rollcall_core::alias::{self, Answer, Candidate, Names, Newcomer};
use rollcall_core::rule::AliasRule;
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

/// What the alias test says of the address under `key`.
pub(crate) fn answer(
    tx: &Tx<'_>,
    key: &str,
    row: Option<&AddressRecord>,
    ground: &Ground,
) -> Result<Answer, StoreError> {
    let Ok(address) = Address::parse(key) else { return Ok(Answer::None) };
    let mut rows = Vec::new();
    for key in alias::keys(&address, &ground.domains) {
        let Some(found) = tx.address(&key)? else { continue };
        if let Some(owner) = &found.owner {
            rows.extend(tx.address(owner)?);
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
