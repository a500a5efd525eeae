//! Addresses that ended by themselves lately (X06): what is kept of their mail, and how they come back with it.
//!
//! **Invariant.** Kept mail goes on once, through the spool like any other, as soon as nobody calls its address invalid any
//! longer, whatever road that came by. What is dropped was told of a day before, and the log says so.

use rollcall_core::decision::{self, Decision, Outcome as Decided};
use rollcall_core::fresh::{self, FRESH_MS, Hold, TOLD_MS};
use rollcall_core::policy::Reason;
use rollcall_core::transition::Tell;
use rollcall_core::{Address, Timestamp};
use rollcall_store::{AddressRecord, HeldMessage, HeldRecipient, Outcome, StoreError, Tx};

use crate::bus::{Notice, Tag};
use crate::decide::{Changed, Subject};
use crate::error::EngineError;
use crate::house::House;
use crate::office::note;
use crate::setup::HOLD_FRESH;

/// The most messages of a list.
const LISTED: u32 = 100;

/// An address that ended by itself lately, and its mail since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fresh {
    /// When it ended.
    pub ended: Timestamp,
    /// Until when its mail is treated so.
    pub until: Timestamp,
    /// Until when senders are asked to come again, where the office wants that.
    pub defers_until: Option<Timestamp>,
    /// Messages that are kept, newest first, at most a hundred.
    pub held: Vec<HeldMessage>,
}

impl House {
    /// Says what is kept of mail for addresses that ended by themselves lately.
    ///
    /// # Errors
    /// The store's.
    pub async fn set_hold_fresh(&self, hold: Hold) -> Result<(), EngineError> {
        let now = self.clock.now();
        let why = match hold {
            Hold::Off => "mail for addresses that have just ended is refused at once",
            Hold::Envelope => "senders to addresses that have just ended come again for four hours",
            Hold::Full => "mail for addresses that have just ended is kept for 14 days",
        };
        self.store
            .write(move |tx| {
                tx.put_setting(HOLD_FRESH, hold.word())?;
                note(tx, "set_hold_fresh", why.to_owned(), now)
            })
            .await?;
        self.bus.stale(&[Tag::Addresses, Tag::Journal]);
        self.reload()
    }

    /// How fresh the end of an address is, and what is kept for it; `None` where neither is worth a word.
    ///
    /// # Errors
    /// The store's.
    pub fn fresh(&self, row: &AddressRecord) -> Result<Option<Fresh>, EngineError> {
        let (now, hold) = (self.clock.now(), self.setup().hold_fresh);
        let held = self.spool.held_for(&row.key, LISTED)?;
        if !fresh::is_fresh(row.state, row.changed, now) && held.is_empty() {
            return Ok(None);
        }
        let defers_until = row.changed.plus_ms(fresh::DEFERS_MS);
        Ok(Some(Fresh {
            ended: row.changed,
            until: row.changed.plus_ms(FRESH_MS),
            defers_until: (hold == Hold::Envelope && now < defers_until).then_some(defers_until),
            held,
        }))
    }

    /// Takes an address off the Invalid list again, as a Discovered one or as an account, and lets what is kept for it go
    /// on; answers how many messages that are.
    ///
    /// # Errors
    /// Conflict when it is not invalid; as [`House::decide`].
    pub async fn restore_and_deliver(&self, address: &str, decision: Decision) -> Result<(Changed, u64), EngineError> {
        let key = Address::parse(address)?.key();
        let row = self.store.read(|tx| tx.address(&key))?;
        if let Decided::DoesNotFit(why) = decision::decide(row.map(|row| row.state), Decision::Restore) {
            return Err(EngineError::Conflict(format!("{address} was left as it is: {why}.")));
        }
        let kept = self.spool.count_held_for(&key)?;
        let subject = Subject { address: address.to_owned(), ..Subject::default() };
        let changed = self.decide_as(vec![subject], decision, "restore_and_deliver").await?;
        Ok((changed, kept))
    }

    /// Lets mail go on that is kept for addresses that nobody calls invalid any longer.
    pub(crate) async fn release_restored(&self) -> Result<(), EngineError> {
        let keys = self.spool.held_keys()?;
        for key in keys {
            let state = self.store.read(|tx| tx.address(&key))?.map(|row| row.state);
            if fresh::goes_on(state) {
                self.release(&key).await?;
            }
        }
        Ok(())
    }

    /// The same after a decision, which stands whatever comes of it: the minute's task tries again.
    pub(crate) async fn let_kept_mail_go(&self) {
        if let Err(error) = self.release_restored().await {
            tracing::error!(error = &error as &dyn std::error::Error, "kept mail could not go on yet");
        }
    }

    async fn release(&self, key: &str) -> Result<(), EngineError> {
        let now = self.clock.now();
        let released = self.spool.release_held_for(key, now).await?;
        if released.is_empty() {
            return Ok(());
        }
        self.spool_wake.notify_one();
        self.store.write(move |tx| log_released(tx, &released, now)).await?;
        self.bus.stale(&[Tag::Addresses, Tag::Mail, Tag::Health]);
        Ok(())
    }

    /// Once a minute: what may go on goes on, what goes soon is told of, and what was kept long enough is dropped.
    pub(crate) async fn look_after_held(&self) -> Result<(), EngineError> {
        self.release_restored().await?;
        let now = self.clock.now();
        for key in self.spool.tell_held(now.plus_ms(TOLD_MS)).await? {
            let row = self.store.read(|tx| tx.address(&key))?;
            let address = row.map_or(key, |row| row.shown);
            self.bus.notice(Notice::AboutAddress { address, tell: Tell::HeldMailEnds });
        }
        let over = self.spool.held_over(now)?;
        if !over.is_empty() {
            tracing::info!(messages = over.len(), "mail was kept long enough for addresses that ended, and is dropped");
            self.store.write(move |tx| log_dropped(tx, &over, now)).await?;
            self.bus.stale(&[Tag::Addresses, Tag::Mail]);
        }
        self.spool.sweep(now).await?;
        Ok(())
    }
}

fn log_released(tx: &Tx<'_>, released: &[HeldRecipient], at: Timestamp) -> Result<(), StoreError> {
    for HeldRecipient { queue_id, address } in released {
        tx.release_waiting(queue_id, address, Reason::Queued.word(), at)?;
    }
    Ok(())
}

fn log_dropped(tx: &Tx<'_>, over: &[HeldRecipient], at: Timestamp) -> Result<(), StoreError> {
    let reason = Reason::HeldTooLong.word();
    for HeldRecipient { queue_id, address } in over {
        tx.settle_waiting(queue_id, address, Outcome::Failed, reason, None, at)?;
    }
    Ok(())
}
