//! Delivers what is ours: claimed from the spool when due, tried, settled recipient by recipient.
//!
//! **Invariant.** An attempt is a task of the house: it ends on its own, whatever happens to the round that began it or
//! to other attempts, and it settles whatever it claimed. A destination has at most [`MOST_EACH`] attempts at a time, so
//! that none keeps another's mail.
//!
//! **Limits.** No DSN is made: a refusal is kept 14 days and shown.

mod attempt;
mod look;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rollcall_core::{Address, Timestamp};
use rollcall_net::{Deadlines, Destination};
use rollcall_store::{Claimed, ClaimedRecipient, Whose};

use crate::destinations::Reachability;
use crate::error::EngineError;
use crate::house::House;
use crate::setup::{Domain, Setup};

/// Attempts under way at once; a destination that has none gets its first all the same.
const MOST: usize = 20;
/// Attempts under way at once with one destination.
const MOST_EACH: usize = 5;
/// The longest sleep; a virtual clock may jump meanwhile, which wakes the task.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The sleep while mail is due whose destination has no place left.
const FULL_WAIT: Duration = Duration::from_secs(1);
/// For connection, greeting and EHLO. Commands after these get RFC 5321's times.
const OPENING: Deadlines = Deadlines { command: Duration::from_secs(30), ..Deadlines::SPOOL };

/// One round: begins whatever is due and has a place, or waits for the next moment or for news.
pub async fn turn(house: &Arc<House>) -> Result<(), EngineError> {
    if house.flush_spool.swap(false, Ordering::AcqRel)
        && let Err(error) = house.spool.make_due(house.clock.now()).await
    {
        house.flush_spool.store(true, Ordering::Release);
        return Err(error.into());
    }
    look::after_the_silent(house);
    if !begin_due(house).await? {
        rest(house).await?;
    }
    Ok(())
}

async fn rest(house: &House) -> Result<(), EngineError> {
    let now = house.clock.now();
    let wait = house.spool.numbers()?.next_due.map_or(LONGEST_WAIT, |due| match u64::try_from(due.since_ms(now)) {
        Ok(ms) if ms > 0 => Duration::from_millis(ms.max(50)).min(LONGEST_WAIT),
        _ => FULL_WAIT,
    });
    tokio::select! {
        () = house.spool_wake.notified() => {}
        () = house.destinations.news.notified() => {}
        () = crate::clock::pause(wait) => {}
    }
    Ok(())
}

/// Claims and begins what has a place, destination by destination. True when anything was begun.
async fn begin_due(house: &Arc<House>) -> Result<bool, EngineError> {
    let now = house.clock.now();
    if house.spool.numbers()?.next_due.is_none_or(|due| due > now) {
        return Ok(false);
    }
    let setup = house.setup();
    let mut begun = false;
    for (destination, names) in by_destination(&setup) {
        begun |= claim(house, &setup, now, room(house, destination), Whose::At(names)).await?;
    }
    // Domains that are no longer set up, and those written in another way, such as with a dot at the end.
    let names = setup.domains.keys().cloned().collect();
    begun |= claim(house, &setup, now, MOST, Whose::Elsewhere(names)).await?;
    Ok(begun)
}

/// The set-up domains' names by where their mail goes, in a steady order.
fn by_destination(setup: &Setup) -> Vec<(&Destination, Vec<String>)> {
    let mut routes: Vec<(&Destination, Vec<String>)> = Vec::new();
    for domain in setup.domains.values() {
        match routes.iter_mut().find(|(destination, _)| *destination == &domain.destination) {
            Some((_, names)) => names.push(domain.name.clone()),
            None => routes.push((&domain.destination, vec![domain.name.clone()])),
        }
    }
    routes
}

/// How many more attempts may begin with `destination`. One that does not answer gets one at a time.
fn room(house: &House, destination: &Destination) -> usize {
    let (own, all) = house.destinations.under_way(destination);
    let most = match house.destinations.get(destination) {
        Some(Reachability::DoesNotAnswer { .. }) => 1,
        Some(Reachability::Answers(_)) | None => MOST_EACH,
    };
    let free = most.saturating_sub(own).min(MOST.saturating_sub(all));
    if own == 0 { free.max(1) } else { free }
}

async fn claim(
    house: &Arc<House>,
    setup: &Setup,
    now: Timestamp,
    room: usize,
    whose: Whose,
) -> Result<bool, EngineError> {
    let Some(limit) = u32::try_from(room).ok().filter(|&limit| limit > 0) else { return Ok(false) };
    let claimed = house.spool.claim_due_of(now, limit, whose).await?;
    let begun = !claimed.is_empty();
    for message in claimed {
        begin(house, setup, message);
    }
    Ok(begun)
}

/// One attempt for each destination that the message's recipients have now.
fn begin(house: &Arc<House>, setup: &Setup, mut message: Claimed) {
    let recipients = std::mem::take(&mut message.recipients);
    for (domain, recipients) in by_domain(setup, recipients) {
        let place = domain.as_ref().map(|domain| house.destinations.enter(&domain.destination));
        let part = Claimed { recipients, ..message.clone() };
        let attempting = Arc::clone(house);
        house.tasks.spawn(async move {
            attempt::run(&attempting, domain.as_deref(), &part, place).await;
            attempting.spool_wake.notify_one();
        });
    }
}

/// Recipients of one destination, under the first domain that goes there; `None` for domains that are not set up.
type Part = (Option<Arc<Domain>>, Vec<ClaimedRecipient>);

/// The recipients by their own domain's destination.
fn by_domain(setup: &Setup, recipients: Vec<ClaimedRecipient>) -> impl Iterator<Item = Part> {
    let mut parts: BTreeMap<Option<String>, Part> = BTreeMap::new();
    for recipient in recipients {
        let address = Address::parse(&recipient.address).ok();
        let domain = address.and_then(|address| setup.domains.get(address.domain().as_str()));
        // The same server with another encryption is another destination.
        let key = domain.map(|domain| format!("{:?}", domain.destination));
        parts.entry(key).or_insert_with(|| (domain.cloned(), Vec::new())).1.push(recipient);
    }
    parts.into_values()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_core::Rule;
    use rollcall_net::TlsPolicy;

    #[test]
    fn recipients_are_grouped_by_their_own_domains_present_destination() {
        let setup = setup(&[("a.example", 25), ("b.example", 25), ("c.example", 26)]);
        let addresses = ["x@a.example", "x@B.example.", "x@c.example", "x@gone.example"];
        let recipients =
            addresses.map(|address| ClaimedRecipient { id: 1, address: address.to_owned(), attempts: 1 }).to_vec();

        let parts: Vec<(Option<u16>, Vec<String>)> = by_domain(&setup, recipients)
            .map(|(domain, part)| {
                let port = domain.map(|domain| domain.destination.port);
                (port, part.into_iter().map(|recipient| recipient.address).collect())
            })
            .collect();

        assert_eq!(
            parts,
            [
                (None, vec!["x@gone.example".to_owned()]),
                (Some(25), vec!["x@a.example".to_owned(), "x@B.example.".to_owned()]),
                (Some(26), vec!["x@c.example".to_owned()]),
            ]
        );
    }

    fn setup(domains: &[(&str, u16)]) -> Setup {
        let domain = |&(name, port): &(&str, u16)| {
            let destination = Destination { host: "mail".to_owned(), port, tls: TlsPolicy::Never };
            (name.to_owned(), Arc::new(Domain { name: name.to_owned(), destination, rule: Rule::SHIPPED }))
        };
        Setup { domains: domains.iter().map(domain).collect(), ..Setup::default() }
    }
}
