//! What a destination really is: what mail has shown (3.8).

use std::sync::Arc;

use crate::bus::Tag;
use crate::house::House;

/// The destination of `domain` said no to a recipient after its content: from now on one recipient that nobody vouches
/// for goes in a transaction (3.4).
pub(crate) fn decides_at_data(house: &Arc<House>, domain: &str) {
    let (house, domain) = (Arc::clone(house), domain.to_owned());
    let tasks = house.tasks.clone();
    tasks.spawn(async move {
        let name = domain.clone();
        match house.store.write(move |tx| tx.note_decides_at_data(&name)).await {
            Ok(true) => {
                tracing::info!(domain, "the mail server decides about recipients at DATA");
                if let Err(error) = house.reload() {
                    tracing::error!(%error, "what is set up could not be read again");
                }
                house.bus.stale(&[Tag::Setup]);
            }
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "what the mail server is could not be stored"),
        }
    });
}
