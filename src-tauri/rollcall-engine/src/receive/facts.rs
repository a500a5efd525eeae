//! Step 4: what is known of a recipient before anybody is asked.

use std::sync::Arc;

use rollcall_core::Address;
use rollcall_core::policy::Standing;

use crate::clock::Stopwatch;
use crate::house::House;
use crate::setup::Domain;

/// What was found out about a recipient before anybody is asked.
pub(crate) struct Facts {
    /// As written.
    pub address: String,
    /// Parsed, with its domain; `None` for bare `postmaster`.
    pub parsed: Option<Address>,
    /// The domain of ours it is in.
    pub domain: Option<Arc<Domain>>,
    /// What is known of it.
    pub standing: Standing,
    /// Since its RCPT.
    pub since: Stopwatch,
}

impl Facts {
    /// Gathers them: one look at the set-up, one read of the row.
    pub fn gather(house: &House, address: &str) -> Self {
        let since = Stopwatch::start();
        let setup = house.setup();
        let facts = |parsed, domain, standing| Self { address: address.to_owned(), parsed, domain, standing, since };
        if address.eq_ignore_ascii_case("postmaster") {
            let domain = setup.domains.values().next().cloned();
            let standing = if domain.is_some() { Standing::Postmaster } else { Standing::Foreign };
            return facts(None, domain, standing);
        }
        let Ok(parsed) = Address::parse(address) else { return facts(None, None, Standing::Foreign) };
        let Some(domain) = setup.domains.get(parsed.domain().as_str()).cloned() else {
            return facts(Some(parsed), None, Standing::Foreign);
        };
        if parsed.is_postmaster() {
            return facts(Some(parsed), Some(domain), Standing::Postmaster);
        }
        let routed = parsed.routes_elsewhere();
        let standing = match house.store.address(&parsed.key()) {
            Ok(Some(row)) if row.state.is_account() || !routed => Standing::Row(row.state),
            // Only an account may have a name that a trusting mail server would relay for.
            Ok(_) if routed => Standing::Foreign,
            Ok(Some(row)) => Standing::Row(row.state),
            Ok(None) => Standing::Unknown,
            Err(error) => {
                // Without our list the destination's word still holds: nobody is refused for our fault.
                tracing::error!(%error, "the row of a recipient could not be read");
                if routed { Standing::Foreign } else { Standing::Unknown }
            }
        };
        facts(Some(parsed), Some(domain), standing)
    }

    /// What its row is filed under; postmaster has none.
    pub fn key(&self) -> Option<String> {
        if self.standing == Standing::Postmaster { None } else { self.parsed.as_ref().map(Address::key) }
    }
}
