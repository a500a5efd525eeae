//! Looks again for a destination that does not answer, so that waiting mail goes as soon as it is back.

use std::sync::Arc;

use rollcall_net::connection::Connection;

use super::OPENING;
use crate::destinations::Reachability;
use crate::house::House;
use crate::reach;
use crate::setup::Domain;

/// Begins to look after every destination of a set-up domain that does not answer, unless somebody does already.
pub(super) fn after_the_silent(house: &Arc<House>) {
    for domain in house.setup().domains.values().filter(|domain| is_silent(house, domain)) {
        let Some(watch) = house.destinations.watch(&domain.destination) else { continue };
        let (house, domain) = (Arc::clone(house), Arc::clone(domain));
        let tasks = house.tasks.clone();
        tasks.spawn(async move {
            tokio::select! {
                () = house.stop.cancelled() => {}
                () = until_it_answers(&house, &domain) => {}
            }
            drop(watch);
        });
    }
}

fn is_silent(house: &House, domain: &Domain) -> bool {
    matches!(house.destinations.get(&domain.destination), Some(Reachability::DoesNotAnswer { .. }))
}

/// Connection, greeting, EHLO and QUIT once in a while; ends when it answers, or when no domain goes there any more.
async fn until_it_answers(house: &House, domain: &Domain) {
    loop {
        crate::clock::pause(house.limits.probe_every).await;
        let is_used = house.setup().domains.values().any(|other| other.destination == domain.destination);
        if !is_used || !is_silent(house, domain) {
            return;
        }
        match Connection::open(&domain.destination, &house.hostname, OPENING).await {
            Ok(connection) => {
                reach::answered(house, &domain.destination);
                connection.quit().await;
                return;
            }
            Err(error) => reach::went_away(house, &domain.destination, &error),
        }
    }
}
