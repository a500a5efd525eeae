//! Looks again for a destination that does not answer, so that waiting mail goes as soon as it is back.

use std::sync::Arc;

use rollcall_net::Destination;
use rollcall_net::connection::Connection;

use super::OPENING;
use crate::destinations::Reachability;
use crate::house::House;
use crate::reach;

/// Begins to look after every destination that is set up and does not answer, unless somebody does already.
pub(super) fn after_the_silent(house: &Arc<House>) {
    for destination in house.setup().destinations().filter(|destination| is_silent(house, destination)) {
        let Some(watch) = house.destinations.watch(destination) else { continue };
        let (house, destination) = (Arc::clone(house), destination.clone());
        let tasks = house.tasks.clone();
        tasks.spawn(async move {
            tokio::select! {
                () = house.stop.cancelled() => {}
                () = until_it_answers(&house, &destination) => {}
            }
            drop(watch);
        });
    }
}

fn is_silent(house: &House, destination: &Destination) -> bool {
    matches!(house.destinations.get(destination), Some(Reachability::DoesNotAnswer { .. }))
}

/// Connection, greeting, EHLO and QUIT once in a while; ends when it answers, or when nothing goes there any more.
async fn until_it_answers(house: &House, destination: &Destination) {
    loop {
        crate::clock::pause(house.limits.probe_every).await;
        let is_used = house.setup().destinations().any(|other| other == destination);
        if !is_used || !is_silent(house, destination) {
            return;
        }
        match Connection::open(destination, &house.hostname, OPENING).await {
            Ok(connection) => {
                reach::answered(house, destination);
                connection.quit().await;
                return;
            }
            Err(error) => reach::went_away(house, destination, &error),
        }
    }
}
