//! When a run is due: so many hours after the directory was last asked (M04).

use std::time::Duration;

use rollcall_store::SyncCause;

use super::run::Accepted;
use super::settings::SyncSet;
use crate::clock;
use crate::error::EngineError;
use crate::house::House;

/// How often is looked whether a run is due.
const LOOK: Duration = Duration::from_secs(30);

/// Runs what is due, then rests.
pub(crate) async fn turn(house: &House) -> Result<(), EngineError> {
    house.sync_if_due().await?;
    clock::pause(LOOK).await;
    Ok(())
}

impl House {
    /// Runs if a run is due. One that stopped or failed is written down and told; it is no failure of the engine.
    pub(crate) async fn sync_if_due(&self) -> Result<(), EngineError> {
        let now = self.clock.now();
        let set = self.store.read(SyncSet::load)?;
        if set.next(now).is_none_or(|next| now < next) || self.sync_progress().is_some() {
            return Ok(());
        }
        match Box::pin(self.run_sync(SyncCause::Schedule, Accepted::default())).await {
            Ok(_) => Ok(()),
            Err(EngineError::Conflict(sentence) | EngineError::Invalid(sentence)) => {
                tracing::warn!(%sentence, "the directory was not synced");
                // Without a source that can be asked no run was written down: it is tried again when the next is due.
                self.store.write(move |tx| super::settings::note_asked(tx, now)).await?;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}
