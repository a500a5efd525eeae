//! Step 4: what is known of a recipient before anybody is asked.

use std::sync::Arc;

use rollcall_core::policy::Standing;
use rollcall_core::recipient::Resolved;
use rollcall_core::terms::Unknown;
use rollcall_core::{Address, AddressState};
use rollcall_smtp::RcptTo;
use rollcall_store::{StandingRow, StoreError};

use crate::clock::Stopwatch;
use crate::house::House;
use crate::setup::{Domain, Setup};

/// What was found out about a recipient before anybody is asked.
pub(crate) struct Facts {
    /// As written.
    pub address: String,
    /// What it is filed under (3.2); `None` where there is never a row: postmaster, foreign domains.
    pub filed: Option<Address>,
    /// The domain of ours it is in, with its own destination where the address has one (V14).
    pub domain: Option<Arc<Domain>>,
    /// What is known of it.
    pub standing: Standing,
    /// Whether mail for it may make or move a row.
    pub learn: bool,
    /// Whether mail for it is noted while nothing is learned (X10).
    pub observe: bool,
    /// Since its RCPT.
    pub since: Stopwatch,
}

impl Facts {
    /// Gathers them: one look at the set-up, one question to the store. `from_nobody`: the reverse-path is null.
    pub fn gather(house: &House, address: &str, from_nobody: bool) -> Self {
        let since = Stopwatch::start();
        let setup = house.setup();
        let facts = |filed, domain, standing, learn, observe| Self {
            address: address.to_owned(),
            filed,
            domain,
            standing,
            learn,
            observe,
            since,
        };
        if address.eq_ignore_ascii_case("postmaster") {
            let domain = setup.domains.values().next().cloned();
            let standing = if domain.is_some() { Standing::Postmaster } else { Standing::Foreign };
            return facts(None, domain, standing, false, false);
        }
        let foreign = || facts(None, None, Standing::Foreign, false, false);
        let Ok(parsed) = Address::parse(address) else { return foreign() };
        let Some(resolved) = setup.homes.resolve(&parsed, from_nobody) else { return foreign() };
        let Some(domain) = setup.domains.get(&resolved.primary).cloned() else { return foreign() };
        if parsed.is_postmaster() {
            return facts(None, Some(domain), Standing::Postmaster, false, false);
        }
        let may_be_somebody = resolved.never_learn.is_none();
        let learn = may_be_somebody && domain.terms.unknown == Unknown::Learn;
        let (filed, standing) = stand(house, &parsed, resolved);
        let routed = routed(&setup, filed.as_ref());
        facts(filed, Some(routed.unwrap_or(domain)), standing, learn, may_be_somebody && !learn)
    }

    /// What its row is filed under.
    pub fn key(&self) -> Option<String> {
        self.filed.as_ref().map(Address::key)
    }

    /// RCPT as the destination gets it: as written, unless its domain is delivered to the primary address.
    pub fn onward(&self, rcpt: &RcptTo) -> RcptTo {
        match self.primary() {
            Some(address) => RcptTo { address, ..rcpt.clone() },
            None => rcpt.clone(),
        }
    }

    /// The primary address, where its domain's mail goes there (3.2 step 6).
    pub fn primary(&self) -> Option<String> {
        let (filed, domain) = (self.filed.as_ref()?, self.domain.as_ref()?);
        domain.settings.deliver_to_primary.then(|| filed.to_string())
    }
}

/// The candidate it is filed under, and where that one stands: the first with an explicit row, else the last (3.2).
fn stand(house: &House, parsed: &Address, resolved: Resolved) -> (Option<Address>, Standing) {
    let routes = parsed.routes_elsewhere();
    let keys: Vec<String> = resolved.candidates.iter().map(Address::key).collect();
    let found = match rows(house, &keys) {
        Ok(rows) => choose(&keys, &rows),
        Err(error) => {
            // Without our list the destination's word still holds: nobody is refused for our fault.
            log_unreadable(&error);
            (keys.len().saturating_sub(1), None)
        }
    };
    let (place, state) = found;
    let standing = match state {
        Some(state) if state.is_account() || !routes => Standing::Row(state),
        // Only an account may have a name that a trusting mail server would relay for.
        _ if routes => Standing::Foreign,
        Some(state) => Standing::Row(state),
        None => Standing::Unknown,
    };
    (resolved.candidates.into_iter().nth(place), standing)
}

/// The rows among `keys`: one question to the store, or none where the only one is remembered.
fn rows(house: &House, keys: &[String]) -> Result<Vec<StandingRow>, StoreError> {
    match keys {
        [only] => {
            let row = house.store.address(only)?;
            Ok(row.map(|row| StandingRow { key: only.clone(), state: row.state }).into_iter().collect())
        }
        several => house.store.read(|tx| tx.standing(several)),
    }
}

fn log_unreadable(error: &StoreError) {
    tracing::error!(%error, "the row of a recipient could not be read");
}

/// The place of the candidate that holds, and its state. A row that only mail made (W, D) counts at the last candidate.
fn choose(keys: &[String], rows: &[StandingRow]) -> (usize, Option<AddressState>) {
    let state = |key: &String| rows.iter().find(|row| row.key == *key).map(|row| row.state);
    let is_explicit = |state: &AddressState| !matches!(state, AddressState::Watching | AddressState::Discovered);
    let explicit = keys.iter().enumerate().find_map(|(place, key)| Some((place, state(key).filter(is_explicit)?)));
    match explicit {
        Some((place, state)) => (place, Some(state)),
        None => (keys.len().saturating_sub(1), keys.last().and_then(state)),
    }
}

/// The domain as it is for this address, if its mail goes elsewhere.
fn routed(setup: &Setup, filed: Option<&Address>) -> Option<Arc<Domain>> {
    if setup.routes.is_empty() {
        return None;
    }
    filed.and_then(|filed| setup.routes.get(&filed.key())).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_core::Role;

    #[test]
    fn v10_the_first_explicit_row_wins_and_else_the_most_canonical_address() {
        let keys = ["ann+x@acme.net", "ann+x@acme.com", "ann@acme.net", "ann@acme.com"].map(str::to_owned);
        let row = |key: &str, state| StandingRow { key: key.to_owned(), state };
        let user = AddressState::User(Role::Silent);

        assert_eq!(choose(&keys, &[]), (3, None));
        assert_eq!(choose(&keys, &[row("ann@acme.com", user)]), (3, Some(user)));
        let two = [row("ann@acme.com", user), row("ann+x@acme.com", AddressState::NeverAdd)];
        assert_eq!(choose(&keys, &two), (1, Some(AddressState::NeverAdd)));
        let only_mail = [row("ann+x@acme.net", AddressState::Discovered), row("ann@acme.com", AddressState::Watching)];
        assert_eq!(choose(&keys, &only_mail), (3, Some(AddressState::Watching)));
    }
}
