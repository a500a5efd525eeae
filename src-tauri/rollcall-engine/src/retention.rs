//! How long the mail log is kept, and how large it may become.
//!
//! **Invariant.** Rows of mail that still waits are never forgotten. Pruning goes in small batches, so that no session
//! waits for it longer than for another message.
//!
//! **Limits.** The file does not shrink when rows go; their room is used again. The size is an estimate within a fifth.

use rollcall_core::Timestamp;
use rollcall_core::time::DAY_MS;
use rollcall_store::{Store, StoreError};

use crate::bus::Tag;
use crate::error::EngineError;
use crate::house::House;
use crate::office::note;

/// The setting that holds how many days the log is kept.
const DAYS: &str = "log_days";
/// The setting that holds how many megabytes it may take.
const MEGABYTES: &str = "log_megabytes";
/// Rows that one transaction forgets: about 20 ms of the writer's time.
const BATCH: u32 = 1000;

/// How long, and how large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Days.
    pub days: u32,
    /// Megabytes of 1,000,000 bytes.
    pub megabytes: u32,
}

/// What the log takes now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogSize {
    /// Recipients in it.
    pub rows: u64,
    /// About so many bytes.
    pub bytes: u64,
}

impl Retention {
    /// Ninety days is what people ask about. A recipient takes about 1 kB, so 1,000 MB are some 11,000 recipients a day
    /// for ninety days: more than an office of 200 people has, and little beside its spool.
    pub const SHIPPED: Self = Self { days: 90, megabytes: 1000 };

    fn load(store: &Store) -> Result<Self, StoreError> {
        store.read(|tx| {
            let number = |name, shipped| Ok(tx.setting(name)?.and_then(|text| text.parse().ok()).unwrap_or(shipped));
            Ok(Self { days: number(DAYS, Self::SHIPPED.days)?, megabytes: number(MEGABYTES, Self::SHIPPED.megabytes)? })
        })
    }
}

impl House {
    /// How long the mail log is kept, how large it may become, and what it takes now.
    ///
    /// # Errors
    /// The store's.
    pub fn log_retention(&self) -> Result<(Retention, LogSize), EngineError> {
        let (rows, bytes) = self.store.read(|tx| tx.mail_log_size())?;
        Ok((Retention::load(&self.store)?, LogSize { rows, bytes }))
    }

    /// Keeps the mail log for another time or to another size, and forgets at once what is too much.
    ///
    /// # Errors
    /// [`EngineError::Invalid`] when a number makes no sense; the store's.
    pub async fn set_log_retention(&self, wanted: Retention) -> Result<(), EngineError> {
        if !(1..=3650).contains(&wanted.days) {
            return Err(EngineError::Invalid("The mail log can be kept for 1 to 3,650 days.".to_owned()));
        }
        if !(10..=100_000).contains(&wanted.megabytes) {
            return Err(EngineError::Invalid("The mail log can take 10 to 100,000 MB.".to_owned()));
        }
        let now = self.clock.now();
        self.store
            .write(move |tx| {
                tx.put_setting(DAYS, &wanted.days.to_string())?;
                tx.put_setting(MEGABYTES, &wanted.megabytes.to_string())?;
                let why = format!("the mail log is kept {} days, up to {} MB", wanted.days, wanted.megabytes);
                note(tx, "set_log_retention", why, now)
            })
            .await?;
        self.bus.stale(&[Tag::Setup, Tag::Journal]);
        self.prune_log(now).await
    }

    /// Forgets rows that are too old, then the oldest ones of a log that is too large.
    pub(crate) async fn prune_log(&self, now: Timestamp) -> Result<(), EngineError> {
        let Retention { days, megabytes } = Retention::load(&self.store)?;
        let before = now.minus_ms(i64::from(days) * DAY_MS);
        let mut forgotten = 0;
        while !self.stop.is_cancelled() {
            let gone = self.store.write(move |tx| tx.prune_mail_log(before, BATCH)).await?;
            forgotten += gone;
            if gone < u64::from(BATCH) {
                break;
            }
        }
        let (rows, bytes) = self.store.read(|tx| tx.mail_log_size())?;
        let mut over = surplus(rows, bytes, u64::from(megabytes) * 1_000_000);
        while over > 0 && !self.stop.is_cancelled() {
            let limit = u32::try_from(over).unwrap_or(BATCH).min(BATCH);
            let gone = self.store.write(move |tx| tx.prune_oldest_mail_log(limit)).await?;
            forgotten += gone;
            over = if gone == 0 { 0 } else { over - gone };
        }
        if forgotten > 0 {
            tracing::info!(rows = forgotten, "old rows of the mail log are forgotten");
            self.bus.stale(&[Tag::Mail]);
        }
        Ok(())
    }
}

/// How many rows are too many, if `rows` take `bytes` and `most` bytes are allowed.
fn surplus(rows: u64, bytes: u64, most: u64) -> u64 {
    let each = bytes / rows.max(1);
    most.checked_div(each).map_or(0, |fit| rows.saturating_sub(fit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_is_too_large_loses_as_many_rows_as_are_too_many() {
        assert_eq!(surplus(0, 0, 100), 0);
        assert_eq!(surplus(1000, 1_000_000, 1_000_000), 0);
        assert_eq!(surplus(1500, 1_500_000, 1_000_000), 500);
    }
}
