//! What time brings: reminders before addresses end (N3), ended addresses that still get mail (N4), the week (N7).

use std::collections::HashMap;

use jiff::tz::TimeZone;
use rollcall_core::notification::Kind;
use rollcall_core::rule::OnExpiry;
use rollcall_core::time::{DAY_MS, HOUR_MS};
use rollcall_core::{AddressState, InvalidReason, Timestamp};
use rollcall_store::{AddressRecord, NamedAddress, NewNotification, StoreError, Tx};

use super::facts::REFUSED_MOST;
use super::tell::{of, tell};
use crate::bus::Tag;
use crate::error::EngineError;
use crate::ground::Ground;
use crate::house::House;

/// The setting that holds which reminder was given for which tick: `1790000000000 3`.
const REMINDED: &str = "ending_told";
/// The setting that holds until when refused mail was looked at, in milliseconds.
const LOOKED: &str = "wanted_looked_ms";
/// The setting that holds the tick whose week was told of, in milliseconds.
const WEEK_TOLD: &str = "this_week_told_ms";
/// Days before an end at which is reminded of it.
const REMIND_DAYS: [i64; 2] = [1, 3];
/// So many messages of known senders make an ended address worth telling of.
const FEW: u32 = 3;
/// So many ended addresses are looked at in one go.
const MOST: u32 = 1_000;

impl House {
    /// Tells what time brought.
    pub(crate) async fn tell_the_time(&self) -> Result<(), EngineError> {
        self.remind_of_ends().await?;
        self.tell_the_week().await
    }

    /// N3: three days and one day before addresses stop getting mail.
    async fn remind_of_ends(&self) -> Result<(), EngineError> {
        let now = self.clock.now();
        let next = self.weekly()?.next_after(now, &TimeZone::system());
        let Some(days) = REMIND_DAYS.into_iter().find(|days| next.since_ms(now) <= days * DAY_MS) else {
            return Ok(());
        };
        let told = self.store.read(|tx| tx.setting(REMINDED))?.unwrap_or_default();
        let (tick, last) = told.split_once(' ').unwrap_or_default();
        if tick == next.0.to_string() && last.parse::<i64>().is_ok_and(|last| last <= days) {
            return Ok(());
        }
        let ending = self.stop_at(next, |row| row.clone())?;
        let told = format!("{} {days}", next.0);
        let is_news = !ending.is_empty();
        self.store
            .write(move |tx| {
                tx.put_setting(REMINDED, &told)?;
                if ending.is_empty() {
                    return Ok(());
                }
                for named in &ending {
                    tx.unname_in_notifications(Kind::NewAddresses, &named.key)?;
                }
                tell(tx, NewNotification { moment: Some(next), ..of(Kind::Ending) }, &ending, now).map(drop)
            })
            .await?;
        if is_news {
            self.bus.stale(&[Tag::Notifications]);
        }
        Ok(())
    }

    /// The Discovered addresses, as `seen` sees them, whose mail is refused from the tick at `tick` on.
    pub(crate) fn stop_at(
        &self,
        tick: Timestamp,
        seen: impl Fn(&AddressRecord) -> AddressRecord,
    ) -> Result<Vec<NamedAddress>, EngineError> {
        let mut ending = Vec::new();
        for (domain, ground) in self.grounds() {
            if ground.rule.on_expiry != OnExpiry::Invalid || ground.freezes.is_frozen() {
                continue;
            }
            for row in self.store.read(|tx| tx.discovered_of(&domain))? {
                let row = seen(&row);
                if row.notices >= ground.rule.notices && self.ends(&row)?.is_some_and(|ends| ends <= tick) {
                    ending.push(NamedAddress { key: row.key, shown: row.shown, entry: None });
                }
            }
        }
        Ok(ending)
    }

    /// N7: an hour after the weekly tick, if anything happened.
    async fn tell_the_week(&self) -> Result<(), EngineError> {
        let now = self.clock.now();
        let (tick, told) = self.store.read(|tx| Ok((tx.last_tick()?, tx.setting(WEEK_TOLD)?)))?;
        let Some(tick) = tick.filter(|tick| now.since_ms(*tick) >= HOUR_MS) else { return Ok(()) };
        let told_text = tick.0.to_string();
        if told.as_deref() == Some(&told_text) {
            return Ok(());
        }
        let since = tick.minus_ms(7 * DAY_MS);
        self.store
            .write(move |tx| {
                tx.put_setting(WEEK_TOLD, &told_text)?;
                let (users, aliases) = (tx.made_since("user", since)?, tx.made_since("alias", since)?);
                if users + aliases == 0 {
                    return Ok(());
                }
                let waiting = tx.counts()?.into_iter().find(|(state, _)| state == "discovered");
                let numbers = vec![users, aliases, waiting.map_or(0, |(_, count)| count)];
                tell(tx, NewNotification { numbers, ..of(Kind::ThisWeek) }, &[], now).map(drop)
            })
            .await?;
        self.bus.stale(&[Tag::Notifications]);
        Ok(())
    }

    /// N4: an address that ended by itself still gets mail from senders whose mail it got before. Told once for each end.
    pub(crate) async fn look_for_wanted(&self) -> Result<(), EngineError> {
        let now = self.clock.now();
        let since = self
            .store
            .read(|tx| tx.setting(LOOKED))?
            .and_then(|text| text.parse().ok())
            .map_or(Timestamp(0), Timestamp);
        let refused = self.store.read(|tx| tx.refused_since_end(FEW, since, MOST))?;
        if refused.is_empty() {
            return Ok(());
        }
        let told = self
            .store
            .write(move |tx| {
                tx.put_setting(LOOKED, &now.0.to_string())?;
                let mut told = false;
                for key in &refused {
                    told |= tell_wanted(tx, key, now)?;
                }
                Ok(told)
            })
            .await?;
        if told {
            self.bus.stale(&[Tag::Notifications]);
        }
        Ok(())
    }

    /// D15: the weekly notice names how many wait, and how many of them end at the next tick once this one is shown.
    pub(crate) async fn count_ending(&self, id: i64, waiting: u64) -> Result<(), EngineError> {
        let now = self.clock.now();
        let next = self.weekly()?.next_after(now, &TimeZone::system());
        let grounds: HashMap<String, Ground> = self.grounds();
        let shown_now = |row: &AddressRecord| {
            let needed = grounds.get(&row.domain).map_or(0, |ground| ground.rule.notices);
            let is_due = row.notices < needed;
            AddressRecord {
                notices: row.notices + u32::from(is_due),
                last_notice: if is_due { Some(now) } else { row.last_notice },
                ..row.clone()
            }
        };
        let ending = self.stop_at(next, shown_now)?.len() as u64;
        self.store.write(move |tx| tx.renumber_notification(id, &[waiting, ending])).await?;
        Ok(())
    }
}

fn tell_wanted(tx: &Tx<'_>, key: &str, now: Timestamp) -> Result<bool, StoreError> {
    let Some(row) = tx.address(key)?.filter(|row| row.state == AddressState::Invalid(InvalidReason::Expired)) else {
        return Ok(false);
    };
    let (count, _) = tx.refused_of_known_senders(key, row.changed, REFUSED_MOST)?;
    if count < u64::from(FEW) || tx.last_naming(Kind::Wanted, key, row.changed)?.is_some() {
        return Ok(false);
    }
    tell(tx, of(Kind::Wanted), &[NamedAddress { key: row.key, shown: row.shown, entry: None }], now)?;
    Ok(true)
}
