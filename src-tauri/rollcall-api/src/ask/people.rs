//! What is known of accounts beside their rows.

use rollcall_core::{AccountKind, AddressState};
use rollcall_engine::store::{AccountNote, AddressRecord, StoreError, Tx};

use crate::answers::{AccountKindWord, AliasRow};

/// What the office says of an account, and how many other names it has. Neither is read for what is no account.
pub(super) fn notes(tx: &Tx<'_>, row: &AddressRecord) -> Result<(AccountNote, u64), StoreError> {
    if !matches!(row.state, AddressState::User(_) | AddressState::Functional) {
        return Ok((AccountNote::default(), 0));
    }
    let note = tx.account_note(&row.key)?;
    let is_user = matches!(row.state, AddressState::User(_));
    // What the office says goes before what its directory calls it (pitfall 4).
    let kind = match note.kind {
        _ if is_user => None,
        Some(kind) => Some(kind),
        None => tx.kind_in_directory(&row.key)?,
    };
    let shown = AccountNote { kind, is_administrator: note.is_administrator && is_user };
    Ok((shown, tx.count_aliases(&row.key)?))
}

/// The other names of an account.
pub(super) fn aliases(tx: &Tx<'_>, owner: &str) -> Result<Vec<AliasRow>, StoreError> {
    let mut rows = Vec::new();
    for key in tx.aliases_of(owner)? {
        let Some(row) = tx.address(&key)? else { continue };
        let made_by = row.made_by.map(|who| who.word().to_owned());
        rows.push(AliasRow { address: row.shown, made_by, source: row.source.word().to_owned() });
    }
    Ok(rows)
}

pub(super) const fn kind_word(kind: AccountKind) -> AccountKindWord {
    match kind {
        AccountKind::SharedMailbox => AccountKindWord::SharedMailbox,
        AccountKind::Resource => AccountKindWord::Resource,
        AccountKind::DistributionGroup => AccountKindWord::DistributionGroup,
        AccountKind::SecurityGroup => AccountKindWord::SecurityGroup,
        AccountKind::PublicFolder => AccountKindWord::PublicFolder,
        AccountKind::ExEmployee => AccountKindWord::ExEmployee,
    }
}
