//! Which address of an account is its main one (D20): the account stands under it, the others are its other names.
//! Mail comes as before, whichever it is. Undoable (X04).

use rollcall_core::access::Role;
use rollcall_core::{Address, AddressState, MadeBy, Timestamp};
use rollcall_store::{AddressRecord, RowChange, SettingChange, StoreError, Tx};

use crate::access::require;
use crate::account_notes::{move_note, names_administrator};
use crate::bus::Tag;
use crate::decide::{Changed, write_entry};
use crate::error::EngineError;
use crate::house::House;
use crate::setup::DirectoryDecides;

/// The rows and what is said of the account, as they become.
struct Chosen {
    rows: Vec<RowChange>,
    notes: Vec<SettingChange>,
}

impl House {
    /// Makes another name of an account its main address; the one before becomes another name. A route of its own stays with
    /// the address that has it.
    ///
    /// # Errors
    /// Invalid: no address. Not found: on no list. Conflict: it is no other name of an account, or a directory names the
    /// main address. Forbidden: the account is named as an organization administrator, and that is not who asks.
    pub async fn set_main_address(&self, address: &str) -> Result<Changed, EngineError> {
        let address = Address::parse(address)?;
        let is_directory_asked = self.setup().directory != DirectoryDecides::No;
        let (may_name_administrators, now) = (require(Role::OrganizationAdministrator), self.clock.now());
        let choose = move |tx: &Tx<'_>| {
            Ok(match name_and_account(tx, &address, is_directory_asked)? {
                Ok((name, account)) => choose(tx, name, account, may_name_administrators, now)?,
                Err(refusal) => Err(refusal),
            })
        };
        let changed = self.store.write(choose).await??;
        self.bus.stale(&[Tag::Addresses, Tag::Journal]);
        Ok(changed)
    }
}

fn choose(
    tx: &Tx<'_>,
    name: AddressRecord,
    account: AddressRecord,
    may_name_administrators: Result<(), EngineError>,
    now: Timestamp,
) -> Result<Result<Changed, EngineError>, StoreError> {
    let Chosen { rows, notes } = swapped(tx, name, account, now)?;
    if let Err(refusal) = may_name_administrators
        && notes.iter().any(names_administrator)
    {
        return Ok(Err(refusal));
    }
    tx.put_addresses(rows.iter().filter_map(|change| change.after.as_ref()))?;
    notes.iter().try_for_each(|note| crate::settled::write(tx, &note.name, &note.after, now))?;
    let entry = write_entry(tx, "set_main_address", "the operator decided".to_owned(), now, &rows)?;
    tx.add_setting_changes(entry, &notes)?;
    let addresses = rows.iter().filter_map(|change| change.after.as_ref()).map(|row| row.shown.clone()).collect();
    Ok(Ok(Changed { entry: Some(entry), addresses, unchanged: Vec::new() }))
}

/// The other name that was given, and its account; or why it does not become the main address.
fn name_and_account(
    tx: &Tx<'_>,
    address: &Address,
    is_directory_asked: bool,
) -> Result<Result<(AddressRecord, AddressRecord), EngineError>, StoreError> {
    let Some(name) = tx.address(&address.key())? else {
        return Ok(Err(EngineError::NotFound(format!("{address} isn't on any list."))));
    };
    let owner = name.owner.as_deref().filter(|_| name.state == AddressState::Alias);
    let account = owner.map(|owner| tx.address(owner)).transpose()?.flatten();
    let Some(account) = account else {
        let sentence = format!("{} isn't an alias, so it can't become a main address.", name.shown);
        return Ok(Err(EngineError::Conflict(sentence)));
    };
    // Also whom the operator had before, and the directory has too.
    if is_directory_asked && (is_theirs(tx, &name)? || is_theirs(tx, &account)?) {
        let sentence = format!("Your directory says what the main address of {} is. Change it there.", account.shown);
        return Ok(Err(EngineError::Conflict(sentence)));
    }
    Ok(Ok((name, account)))
}

fn is_theirs(tx: &Tx<'_>, row: &AddressRecord) -> Result<bool, StoreError> {
    Ok(row.made_by == Some(MadeBy::Directory) || tx.directory_link(&row.key)?.is_some())
}

/// The account under its other name, with all of its other names.
fn swapped(tx: &Tx<'_>, name: AddressRecord, account: AddressRecord, now: Timestamp) -> Result<Chosen, StoreError> {
    let main = AddressRecord {
        state: account.state,
        owner: None,
        first_name: account.first_name.clone(),
        surname: account.surname.clone(),
        made_by: account.made_by,
        changed: now,
        decided: Some(now),
        ..name.clone()
    };
    let before = AddressRecord {
        state: AddressState::Alias,
        owner: Some(main.key.clone()),
        made_by: Some(MadeBy::Operator),
        changed: now,
        decided: Some(now),
        ..account.clone()
    };
    let notes = move_note(tx, &account.key, &main.key)?;
    let mut rows = vec![change(name, main.clone()), change(account.clone(), before)];
    for key in tx.aliases_of(&account.key)?.into_iter().filter(|key| *key != main.key) {
        if let Some(row) = tx.address(&key)? {
            rows.push(change(row.clone(), AddressRecord { owner: Some(main.key.clone()), changed: now, ..row }));
        }
    }
    Ok(Chosen { rows, notes })
}

fn change(before: AddressRecord, after: AddressRecord) -> RowChange {
    RowChange { key: after.key.clone(), before: Some(before), after: Some(after) }
}
