//! Where a recipient that waits goes now: decided anew for each attempt, from what is set up.

use rollcall_net::Destination;

use crate::setup::Setup;

/// Where the mail of a lane goes, or why it goes nowhere. `domain` is in lower case and A-labels.
pub(crate) fn of<'a>(setup: &'a Setup, outbound: bool, domain: &str) -> Result<&'a Destination, &'static str> {
    if outbound {
        return setup.outbound.route().ok_or("outgoing mail is switched off");
    }
    let primary = setup.homes.primary_of(domain).unwrap_or(domain);
    match setup.domains.get(primary) {
        Some(domain) => Ok(&domain.destination),
        None => Err("the domain is no longer set up, so there is no destination"),
    }
}
