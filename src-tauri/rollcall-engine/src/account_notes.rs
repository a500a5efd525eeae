//! What an office says of its accounts: the kind of a functional account (Z07), and which user is an organization
//! administrator. Undoable like every decision (X04).
//!
//! **Limits.** To be named an administrator opens nothing by itself: who may change what costs money is decided by the
//! password (D27).

use rollcall_core::{AccountKind, AddressState, Timestamp};
use rollcall_store::{AccountNote, RowChange, SettingChange, StoreError, Tx};

use crate::bus::Tag;
use crate::decide::{Changed, Subject, write_entry};
use crate::error::EngineError;
use crate::house::House;

/// Before an account's key: what is said of it, among settings that can be taken back.
const ACCOUNT: &str = "account ";

/// What is said anew of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saying {
    /// What a functional account is for.
    Kind(Option<AccountKind>),
    /// Whether a user is an organization administrator.
    Administrator(bool),
}

impl House {
    /// Says something of every account that is named, or of none.
    ///
    /// # Errors
    /// Invalid: no address, too many. Conflict: one is no account of the sort; the sentence names it.
    pub async fn say_of_accounts(&self, addresses: Vec<String>, saying: Saying) -> Result<Changed, EngineError> {
        let subjects = addresses.into_iter().map(|address| Subject { address, ..Subject::default() }).collect();
        let keys: Vec<String> = self.resolve(subjects)?.into_iter().map(|(address, _)| address.key()).collect();
        let now = self.clock.now();
        let changed = self.store.write(move |tx| say(tx, &keys, saying, now)).await?.map_err(EngineError::Conflict)?;
        self.bus.stale(&[Tag::Addresses, Tag::Journal]);
        Ok(changed)
    }
}

/// The inner error is the sentence of the first that does not fit; nothing is written then.
fn say(tx: &Tx<'_>, keys: &[String], saying: Saying, now: Timestamp) -> Result<Result<Changed, String>, StoreError> {
    let (mut rows, mut notes, mut changed) = (Vec::new(), Vec::new(), Changed::default());
    for key in keys {
        let row = tx.address(key)?;
        let Some(row) = row.filter(|row| fits(row.state, saying)) else { return Ok(Err(unfit(key, saying))) };
        let before = tx.account_note(key)?;
        let after = match saying {
            Saying::Kind(kind) => AccountNote { kind, ..before },
            Saying::Administrator(is_administrator) => AccountNote { is_administrator, ..before },
        };
        if before == after {
            changed.unchanged.push(row.shown);
            continue;
        }
        changed.addresses.push(row.shown.clone());
        notes.push((key, before, after));
        rows.push(RowChange { key: key.clone(), before: Some(row.clone()), after: Some(row) });
    }
    if notes.is_empty() {
        return Ok(Ok(changed));
    }
    let action = match saying {
        Saying::Kind(_) => "set_kind",
        Saying::Administrator(_) => "set_administrator",
    };
    let entry = write_entry(tx, action, "the operator said so".to_owned(), now, &rows)?;
    let settings: Vec<SettingChange> = notes.iter().map(|(key, before, after)| change(key, *before, *after)).collect();
    notes.iter().try_for_each(|(key, _, after)| tx.put_account_note(key, *after))?;
    tx.add_setting_changes(entry, &settings)?;
    Ok(Ok(Changed { entry: Some(entry), ..changed }))
}

const fn fits(state: AddressState, saying: Saying) -> bool {
    match saying {
        Saying::Kind(_) => matches!(state, AddressState::Functional),
        Saying::Administrator(_) => matches!(state, AddressState::User(_)),
    }
}

fn unfit(key: &str, saying: Saying) -> String {
    match saying {
        Saying::Kind(_) => format!("{key} isn't a functional account, so it has no kind."),
        Saying::Administrator(_) => format!("{key} isn't a user, so it can't be an organization administrator."),
    }
}

fn change(key: &str, before: AccountNote, after: AccountNote) -> SettingChange {
    SettingChange { name: format!("{ACCOUNT}{key}"), before: written(before), after: written(after) }
}

/// What is said of an account goes with it to its new main address.
pub(crate) fn move_note(tx: &Tx<'_>, from: &str, to: &str) -> Result<Vec<SettingChange>, StoreError> {
    let (said, there) = (tx.account_note(from)?, tx.account_note(to)?);
    let moves = [change(from, said, AccountNote::default()), change(to, there, said)];
    Ok(moves.into_iter().filter(|change| change.before != change.after).collect())
}

/// The account that a setting of the history is about.
pub(crate) fn account_of(name: &str) -> Option<&str> {
    name.strip_prefix(ACCOUNT)
}

/// A note as the history keeps it: its kind, and whether the user is an administrator.
pub(crate) fn written(note: AccountNote) -> String {
    let kind = note.kind.map_or("none", AccountKind::word);
    format!("{kind} {}", if note.is_administrator { "administrator" } else { "-" })
}

/// The note that was written so.
pub(crate) fn read(text: &str) -> AccountNote {
    let (kind, administrator) = text.split_once(' ').unwrap_or((text, ""));
    AccountNote { kind: AccountKind::from_word(kind), is_administrator: administrator == "administrator" }
}

/// Whether a change says who is an organization administrator: only one of them takes it back.
pub(crate) fn names_administrator(change: &SettingChange) -> bool {
    account_of(&change.name).is_some() && read(&change.before).is_administrator != read(&change.after).is_administrator
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x04_a_note_is_read_as_it_was_written() {
        for kind in [None, Some(AccountKind::Resource), Some(AccountKind::ExEmployee)] {
            for is_administrator in [false, true] {
                let note = AccountNote { kind, is_administrator };
                assert_eq!(read(&written(note)), note);
            }
        }
    }
}
