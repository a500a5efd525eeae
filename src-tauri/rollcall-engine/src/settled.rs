//! Settings that can be taken back (X04): what each was stands with the entry that changed it.

use rollcall_core::{Rule, Timestamp};
use rollcall_store::{NewEntry, SettingChange, StoreError, Tx};

use crate::access::who;
use crate::account_notes;
use crate::setup::DISCOVERY;

/// Before the name of a domain: its rule.
const RULE: &str = "rule ";

/// The name under which a domain's rule stands in the history.
pub(crate) fn rule_of(domain: &str) -> String {
    format!("{RULE}{domain}")
}

/// Sets what is named, and writes down what it was. Both are in the caller's transaction.
pub(crate) fn settle(
    tx: &Tx<'_>,
    action: &str,
    why: String,
    at: Timestamp,
    wanted: Vec<(String, String)>,
) -> Result<(), StoreError> {
    let changed = |(name, after): (String, String)| {
        let before = read(tx, &name)?;
        write(tx, &name, &after, at)?;
        Ok(SettingChange { name, before, after })
    };
    let changes = wanted.into_iter().map(changed).collect::<Result<Vec<_>, StoreError>>()?;
    let undoable = changes.iter().any(|change| change.before != change.after);
    let entry = NewEntry { at, who: who(tx), action: action.to_owned(), why, undoable, undoes: None };
    tx.add_setting_changes(tx.add_journal(&entry, &[])?, &changes)
}

/// What a setting is; empty where it is not set, or where its domain is gone.
pub(crate) fn read(tx: &Tx<'_>, name: &str) -> Result<String, StoreError> {
    if let Some(key) = account_notes::account_of(name) {
        return Ok(account_notes::written(tx.account_note(key)?));
    }
    let Some(domain) = name.strip_prefix(RULE) else { return Ok(tx.setting(name)?.unwrap_or_default()) };
    let known = tx.domains()?.into_iter().find(|known| known.name == domain);
    Ok(known.map(|known| known.rule.written()).unwrap_or_default())
}

/// Sets it. With the switch of discovery the clocks are stopped or go on (T15, T19).
pub(crate) fn write(tx: &Tx<'_>, name: &str, value: &str, at: Timestamp) -> Result<(), StoreError> {
    if let Some(key) = account_notes::account_of(name) {
        return tx.put_account_note(key, account_notes::read(value));
    }
    if let Some(domain) = name.strip_prefix(RULE) {
        return Rule::read(value).map_or(Ok(()), |rule| tx.put_rule(domain, rule).map(drop));
    }
    tx.put_setting(name, value)?;
    if name == DISCOVERY { crate::discovery_switch::keep_clocks(tx, at) } else { Ok(()) }
}

/// Whether a change made users come by themselves, or says who an administrator is: only the Organization Administrator
/// takes it back (D27).
pub(crate) fn needs_administrator(changes: &[SettingChange]) -> bool {
    let makes = |text: &str| Rule::read(text).is_some_and(Rule::creates_users);
    changes.iter().any(|change| {
        account_notes::names_administrator(change) || (change.name.starts_with(RULE) && makes(&change.before))
    })
}
