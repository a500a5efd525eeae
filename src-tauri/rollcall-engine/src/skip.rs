//! The virtual clock of a practice folder: skipped hour by hour, so that everything due in between happens.

use std::sync::PoisonError;
use std::time::Duration;

use rollcall_core::Timestamp;
use rollcall_core::time::HOUR_MS;
use tokio::sync::{mpsc, oneshot};

use crate::bus::Tag;
use crate::error::EngineError;
use crate::hours::{HourPassed, Hours};
use crate::house::House;
use crate::office::note;
use crate::setup::CLOCK_OFFSET;

/// The longest skip: a year.
const MOST_HOURS: u32 = 8_760;
/// How long a follower may take for one hour.
const PATIENCE: Duration = Duration::from_secs(5);

impl House {
    /// Follows the virtual clock; `None` in a real folder.
    #[must_use]
    pub fn follow_clock(&self) -> Option<Hours> {
        if self.kind != rollcall_store::Kind::Practice {
            return None;
        }
        let (sender, receiver) = mpsc::channel(1);
        self.followers.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        Some(Hours(receiver))
    }

    /// Moves the virtual clock forward by `hours`, 1 to 8,760, and lets everything due happen.
    ///
    /// # Errors
    /// Forbidden in a real folder; invalid hours; the store's.
    pub async fn skip_time(&self, hours: u32) -> Result<Timestamp, EngineError> {
        if self.kind != rollcall_store::Kind::Practice {
            let why = "Time can be skipped only in the practice office. A real office keeps the computer's clock.";
            return Err(EngineError::Forbidden(why.to_owned()));
        }
        if !(1..=MOST_HOURS).contains(&hours) {
            return Err(EngineError::Invalid(format!("{hours} hours can't be skipped: give 1 to {MOST_HOURS}.")));
        }
        let _alone = self.skipping.lock().await;
        for _ in 0..hours {
            self.skip_hour().await?;
        }
        self.lapse().await?;
        let now = self.clock.now();
        self.store.write(move |tx| note(tx, "skip_time", format!("{hours} hours"), now)).await?;
        self.bus.stale(&[Tag::Clock, Tag::Journal, Tag::Mail, Tag::Addresses, Tag::Health]);
        Ok(now)
    }

    async fn skip_hour(&self) -> Result<(), EngineError> {
        if let Some(offset) = self.clock.advance(HOUR_MS) {
            self.store.write(move |tx| tx.put_setting(CLOCK_OFFSET, &offset.to_string())).await?;
        }
        self.settle_evidence().await?;
        self.tick_if_due().await?;
        self.end_shadow_if_due().await?;
        self.look_after_held().await?;
        self.sync_if_due().await?;
        self.reverifying.notify_one();
        self.send_letters().await?;
        self.tell_the_time().await?;
        self.post_what_is_due().await?;
        self.spool_wake.notify_one();
        self.truths.wake.notify_one();
        self.bus.stale(&[Tag::Clock]);
        let followers = self.followers.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for follower in followers {
            let (done, finished) = oneshot::channel();
            let hour = HourPassed { now_ms: self.clock.now().0, done };
            let told = async {
                if follower.send(hour).await.is_ok() {
                    drop(finished.await);
                }
            };
            if tokio::time::timeout(PATIENCE, told).await.is_err() {
                tracing::warn!("a follower of the virtual clock took too long");
            }
        }
        Ok(())
    }
}
