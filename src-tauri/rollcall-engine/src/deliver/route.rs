//! Where a recipient that waits goes now, and as whom: decided anew for each attempt, from what is set up.
//!
//! **Limits.** What goes to an address's own destination (V14) waits in its domain's lane: while the domain's destination
//! does not answer, the two are tried one message at a time.

use std::iter;

use rollcall_core::Address;
use rollcall_net::Destination;
use rollcall_store::{Claimed, ClaimedRecipient, Lane};

use crate::house::House;
use crate::receive::facts::Facts;
use crate::setup::Setup;

/// Where mail goes, or why it goes nowhere.
pub(crate) type Route = Result<Destination, &'static str>;

/// Where the mail of a lane goes, or why it goes nowhere. `domain` is in lower case and A-labels.
pub(crate) fn of(setup: &Setup, outbound: bool, domain: &str) -> Route {
    if outbound {
        return setup.outbound.next_hop(domain);
    }
    let primary = setup.homes.primary_of(domain).unwrap_or(domain);
    match setup.domains.get(primary) {
        Some(domain) => Ok(domain.destination.clone()),
        None => Err("the domain is no longer set up, so there is no destination"),
    }
}

/// Every place that mail of `lane` may go to: its domain's, and those of single addresses.
pub(super) fn every(setup: &Setup, lane: &Lane) -> impl Iterator<Item = Destination> {
    let primary = setup.homes.primary_of(&lane.domain).filter(|_| !lane.outbound);
    let routes = setup.routes.values().filter(move |routed| primary == Some(routed.name.as_str()));
    of(setup, lane.outbound, &lane.domain).into_iter().chain(routes.map(|routed| routed.destination.clone()))
}

/// The destination that an address of ours has for itself (V14). `from_nobody`: the reverse-path is null.
pub(crate) fn own(house: &House, address: &str, from_nobody: bool) -> Option<Destination> {
    let setup = house.setup();
    if setup.routes.is_empty() {
        return None;
    }
    let filed = Facts::gather(house, address, from_nobody).filed?;
    setup.routes.get(&filed.key()).map(|routed| routed.destination.clone())
}

/// The recipient as the next hop gets it: as written, unless its domain's mail goes to the primary address (3.2 step 6).
pub(super) fn onward(house: &House, message: &Claimed, address: &str) -> String {
    let to_primary = |setup: &Setup| setup.domains.values().any(|domain| domain.settings.deliver_to_primary);
    if message.outbound || !to_primary(&house.setup()) {
        return address.to_owned();
    }
    Facts::gather(house, address, message.reverse_path.is_empty()).primary().unwrap_or_else(|| address.to_owned())
}

/// What was claimed of a lane that goes to `way`, by where each recipient goes: some addresses have their own way.
pub(super) fn parted(house: &House, way: Route, claimed: Vec<Claimed>) -> Vec<(Route, Vec<Claimed>)> {
    if house.setup().routes.is_empty() {
        return vec![(way, claimed)];
    }
    part(
        way,
        claimed,
        |message, one| if message.outbound { None } else { own(house, &one.address, message.reverse_path.is_empty()) },
    )
}

fn part(
    way: Route,
    claimed: Vec<Claimed>,
    own: impl Fn(&Claimed, &ClaimedRecipient) -> Option<Destination>,
) -> Vec<(Route, Vec<Claimed>)> {
    let mut parts: Vec<(Route, Vec<Claimed>)> = Vec::new();
    for mut message in claimed {
        let recipients = std::mem::take(&mut message.recipients);
        let mut shares: Vec<(Route, Vec<ClaimedRecipient>)> = Vec::new();
        for one in recipients {
            let route = own(&message, &one).map_or_else(|| way.clone(), Ok);
            put(&mut shares, route, iter::once(one));
        }
        for (route, recipients) in shares {
            put(&mut parts, route, iter::once(Claimed { recipients, ..message.clone() }));
        }
    }
    parts
}

/// Adds `more` to what goes to `route` already.
fn put<T>(shares: &mut Vec<(Route, Vec<T>)>, route: Route, more: impl Iterator<Item = T>) {
    match shares.iter_mut().find(|(other, _)| *other == route) {
        Some((_, share)) => share.extend(more),
        None => shares.push((route, more.collect())),
    }
}

/// The domain of a recipient as lanes have it; `None` for what is no address.
pub(crate) fn domain_of(address: &str) -> Option<String> {
    Address::parse(address).ok().map(|address| address.domain().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_core::Timestamp;
    use rollcall_core::report::Proof;
    use rollcall_net::TlsPolicy;

    #[test]
    fn v14_what_was_claimed_is_parted_by_where_each_recipient_goes() {
        let place = |host: &str| Destination::new(host, 25, TlsPolicy::Never);
        let own = |_: &Claimed, one: &ClaimedRecipient| one.address.starts_with("ann@").then(|| place("hosted"));
        let claimed = vec![message("1", &["ann@a", "bob@a"]), message("2", &["bob@a"]), message("3", &["ann@a"])];

        let parts = part(Ok(place("office")), claimed, own);

        let shown: Vec<(String, Vec<(String, usize)>)> = parts
            .into_iter()
            .map(|(route, messages)| {
                let share = messages.into_iter().map(|one| (one.queue_id, one.recipients.len())).collect();
                (route.map(|to| to.host).unwrap_or_default(), share)
            })
            .collect();
        let two = |share: [(&str, usize); 2]| share.map(|(id, count)| (id.to_owned(), count)).to_vec();
        assert_eq!(
            shown,
            [("hosted".to_owned(), two([("1", 1), ("3", 1)])), ("office".to_owned(), two([("1", 1), ("2", 1)]))]
        );
    }

    fn message(queue_id: &str, recipients: &[&str]) -> Claimed {
        let recipient = |address: &&str| ClaimedRecipient {
            id: 0,
            address: (*address).to_owned(),
            attempts: 1,
            notify: None,
            orcpt: None,
            was_told: false,
        };
        Claimed {
            queue_id: queue_id.to_owned(),
            reverse_path: String::new(),
            arrived: Timestamp(0),
            outbound: false,
            body_8bit: false,
            smtputf8: false,
            ret: None,
            envid: None,
            proof: Proof::Unknown,
            size: 0,
            recipients: recipients.iter().map(recipient).collect(),
        }
    }
}
