//! Where a recipient that waits goes now: decided anew for each attempt, from what is set up.

use rollcall_core::Address;
use rollcall_net::Destination;

use crate::setup::Setup;

/// Where the mail of a lane goes, or why it goes nowhere. `domain` is in lower case and A-labels.
pub(crate) fn of(setup: &Setup, outbound: bool, domain: &str) -> Result<Destination, &'static str> {
    if outbound {
        return setup.outbound.next_hop(domain);
    }
    let primary = setup.homes.primary_of(domain).unwrap_or(domain);
    match setup.domains.get(primary) {
        Some(domain) => Ok(domain.destination.clone()),
        None => Err("the domain is no longer set up, so there is no destination"),
    }
}

/// The domain of a recipient as lanes have it; `None` for what is no address.
pub(crate) fn domain_of(address: &str) -> Option<String> {
    Address::parse(address).ok().map(|address| address.domain().to_string())
}
