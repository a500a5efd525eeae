//! Shadow mode (X16): for some days nothing is refused on our own account, and the log says what would have been.
//!
//! **Invariant.** It ends by the clock, whatever runs or does not; being told of is what the task does.

use rollcall_core::Timestamp;
use rollcall_core::policy::Reason;
use rollcall_core::shadow::{self, MOST_DAYS};
use rollcall_store::{StoreError, Tx};

use crate::bus::{Notice, Tag};
use crate::entry;
use crate::error::EngineError;
use crate::house::House;
use crate::office::note;

/// The setting that holds until when it lasts, in milliseconds.
const UNTIL: &str = "shadow_until_ms";
/// The setting that holds since when it has lasted, in milliseconds.
const SINCE: &str = "shadow_since_ms";

/// Shadow mode as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shadow {
    /// When it was switched on.
    pub since: Timestamp,
    /// When it ends by itself.
    pub until: Timestamp,
    /// Recipients since then that we would have refused.
    pub would_refuse: u64,
}

impl House {
    /// Whether nothing is refused on our own account now.
    pub(crate) fn is_shadowing(&self) -> bool {
        let until = self.setup().shadow_until;
        until.is_some() && shadow::is_on(until, self.clock.now())
    }

    /// Whether a refusal for this reason does not hold now.
    pub(crate) fn suspends(&self, reason: Reason) -> bool {
        shadow::suspends(reason) && self.is_shadowing()
    }

    /// Shadow mode, if it is on.
    ///
    /// # Errors
    /// The store's.
    pub fn shadow(&self) -> Result<Option<Shadow>, EngineError> {
        let now = self.clock.now();
        Ok(self.store.read(|tx| Ok(shadow_of(tx)?.filter(|shadow| now < shadow.until)))?)
    }

    /// Switches shadow mode on for so many days from now, or with `None` off.
    ///
    /// # Errors
    /// Invalid: no number of days that can be.
    pub async fn set_shadow(&self, days: Option<u32>) -> Result<(), EngineError> {
        let now = self.clock.now();
        let until = match days {
            None => None,
            Some(days) => Some(shadow::end(days, now).ok_or_else(|| {
                EngineError::Invalid(format!("Rollcall can watch without refusing for 1 to {MOST_DAYS} days."))
            })?),
        };
        self.store.write(move |tx| switch(tx, days, until, now)).await?;
        self.bus.stale(&[Tag::Journal, Tag::Mail]);
        self.reload()
    }

    /// Says that shadow mode is over, once its time is.
    pub(crate) async fn end_shadow_if_due(&self) -> Result<(), EngineError> {
        let now = self.clock.now();
        if self.setup().shadow_until.is_none_or(|until| now < until) {
            return Ok(());
        }
        let ended = self
            .store
            .write(move |tx| {
                let Some(shadow) = shadow_of(tx)?.filter(|shadow| shadow.until <= now) else { return Ok(None) };
                tx.put_setting(UNTIL, "")?;
                let why = format!("its time was over; {} recipients would have been refused", shadow.would_refuse);
                entry::by_rule(tx, "shadow_ended", why, now, &[], false)?;
                Ok(Some(shadow))
            })
            .await?;
        if let Some(Shadow { would_refuse, .. }) = ended {
            self.bus.notice(Notice::ShadowEnded { would_refuse });
            self.bus.stale(&[Tag::Journal]);
        }
        self.reload()
    }
}

fn switch(tx: &Tx<'_>, days: Option<u32>, until: Option<Timestamp>, now: Timestamp) -> Result<(), StoreError> {
    let was_on = shadow_of(tx)?.is_some_and(|shadow| now < shadow.until);
    tx.put_setting(UNTIL, &until.map(|until| until.0.to_string()).unwrap_or_default())?;
    if until.is_some() && !was_on {
        tx.put_setting(SINCE, &now.0.to_string())?;
    }
    let why = match days {
        Some(days) => format!("nothing is refused on Rollcall's own account for {days} days"),
        None => "refusals hold again".to_owned(),
    };
    note(tx, "set_shadow", why, now)
}

/// Until when shadow mode lasts, or lasted if nobody was told yet.
pub(crate) fn until(tx: &Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    moment(tx, UNTIL)
}

fn shadow_of(tx: &Tx<'_>) -> Result<Option<Shadow>, StoreError> {
    let (Some(until), Some(since)) = (moment(tx, UNTIL)?, moment(tx, SINCE)?) else { return Ok(None) };
    Ok(Some(Shadow { since, until, would_refuse: tx.count_would_refuse(since)? }))
}

fn moment(tx: &Tx<'_>, name: &str) -> Result<Option<Timestamp>, StoreError> {
    Ok(tx.setting(name)?.and_then(|text| text.parse().ok()).map(Timestamp))
}
