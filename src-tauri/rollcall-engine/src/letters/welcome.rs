//! The welcome of a new End User (P10): written down when the account is made, sent the next morning if it is still one.

use jiff::tz::TimeZone;
use rollcall_core::time::DAY_MS;
use rollcall_core::{AddressState, Role, Timestamp, welcome};
use rollcall_store::{AddressRecord, StoreError, Tx};

use super::page::{self, Part};
use super::{Draft, whom_to_ask};
use crate::contacts::Reporting;
use crate::error::EngineError;
use crate::house::House;
use crate::ids;

/// An account that was taken back and made again within so long is not welcomed again: as long as that can be undone.
const ONCE_MS: i64 = 30 * DAY_MS;

/// Writes a welcome down if the row that was `before` and is `after` is a new End User of a domain that wants it.
pub(crate) fn plan(
    tx: &Tx<'_>,
    before: Option<&AddressRecord>,
    after: &AddressRecord,
    now: Timestamp,
) -> Result<(), StoreError> {
    if !welcome::is_due(before.map(|row| row.state), after.state, true) || !is_wanted(tx, &after.domain)? {
        return Ok(());
    }
    if tx.was_welcomed_since(&after.key, now.minus_ms(ONCE_MS))? {
        return Ok(());
    }
    tx.add_welcome(&ids::next(), &after.key, now, welcome::due(now, &TimeZone::system()))
}

fn is_wanted(tx: &Tx<'_>, domain: &str) -> Result<bool, StoreError> {
    Ok(tx.domains()?.iter().any(|one| one.name == domain && one.rule.welcome))
}

/// What the account under `key` is welcomed with, or why nobody is welcomed any more.
pub(super) fn draft(
    house: &House,
    key: &str,
    reporting: &Reporting,
) -> Result<Result<Draft, &'static str>, EngineError> {
    let found = house.store.read(|tx| Ok((tx.address(key)?, tx.domains()?)))?;
    let (Some(row), domains) = found else { return Ok(Err("the account is gone")) };
    if row.state != AddressState::User(Role::End) {
        return Ok(Err("it is no user who can sign in any more"));
    }
    if !domains.iter().any(|one| one.name == row.domain && one.rule.welcome) {
        return Ok(Err("its domain welcomes nobody any more"));
    }
    let names = [row.first_name.as_deref(), row.surname.as_deref()];
    let full: Vec<&str> = names.into_iter().flatten().collect();
    let local = row.shown.rsplit_once('@').map_or(row.shown.as_str(), |(local, _)| local);
    let called = full.first().copied().unwrap_or(local);
    let filled = |text: &str| welcome::fill(text, called, &row.shown, &whom_to_ask(reporting));
    let text = filled(&reporting.welcome_text);
    let parts: Vec<Part> = text.trim().split("\n\n").map(Part::sentence).collect();
    Ok(Ok(Draft {
        to_name: Some(full.join(" ")),
        to: row.shown.clone(),
        subject: filled(&reporting.welcome_subject),
        text: page::plain(&parts),
        html: page::html(&parts),
    }))
}
