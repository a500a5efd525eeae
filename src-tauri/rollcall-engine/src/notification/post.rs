//! Gives notifications to the shells when their time has come, and closes those that are dealt with.
//!
//! **Invariant.** When is [`rollcall_core::notification::when`]'s to say; a moment that was given out is kept, so that a
//! shell that starts later knows what it missed.

use std::collections::HashMap;
use std::time::Duration;

use jiff::tz::TimeZone;
use rollcall_core::Timestamp;
use rollcall_core::notification::{Asked, Kind, State, When, when};
use rollcall_store::{NotificationRecord, StoreError, Tx};

use super::{SET_UP, Wanted};
use crate::bus::{Event, Tag};
use crate::clock;
use crate::error::EngineError;
use crate::house::House;

/// The longest time between two looks.
const LOOK: Duration = Duration::from_secs(30);
/// How long the watch rests after a look, in real time.
const REST: Duration = Duration::from_millis(200);
/// So many open notifications are looked at.
const MOST_OPEN: u32 = 1_000;

/// Hears of what happens, and gives out what is due, for ever.
pub(crate) async fn watch(house: &House) -> Result<(), EngineError> {
    let mut events = house.bus.subscribe();
    house.forget_outages().await?;
    loop {
        let next = house.post_what_is_due().await?;
        let wait = next.map_or(LOOK, |next| wait_until(next, house.clock.now()));
        let due = clock::pause(wait);
        tokio::pin!(due);
        loop {
            tokio::select! {
                () = &mut due => break,
                event = events.recv() => {
                    if let Ok(event) = &event {
                        for notice in &event.notices {
                            house.hear(notice).await?;
                        }
                    }
                    // Some were missed: one of them may have been about the inbox.
                    if event.map_or(true, |event| concerns(&event)) {
                        break;
                    }
                }
            }
        }
        clock::pause(REST).await;
    }
}

fn concerns(event: &Event) -> bool {
    const OURS: [Tag; 4] = [Tag::Addresses, Tag::Notifications, Tag::Setup, Tag::Clock];
    !event.notices.is_empty() || OURS.iter().any(|tag| event.stale.contains(tag))
}

fn wait_until(next: Timestamp, now: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(next.since_ms(now)).unwrap_or(0)).min(LOOK)
}

/// What one look found.
#[derive(Debug, Default)]
struct Due {
    settled: Vec<i64>,
    now: Vec<i64>,
    next: Option<Timestamp>,
}

impl House {
    /// Closes what is dealt with and gives out what is due. Answers when to look again.
    pub(crate) async fn post_what_is_due(&self) -> Result<Option<Timestamp>, EngineError> {
        let now = self.clock.now();
        let due = self.store.read(|tx| look(tx, now))?;
        if due.settled.is_empty() && due.now.is_empty() {
            return Ok(due.next);
        }
        let (settled, posted) = (due.settled, due.now);
        self.store
            .write(move |tx| {
                for id in &settled {
                    tx.mark_notification(*id, State::DealtWith)?;
                }
                for id in &posted {
                    tx.post_notification(*id, now)?;
                }
                Ok(())
            })
            .await?;
        self.bus.stale(&[Tag::Notifications]);
        Ok(due.next)
    }
}

fn look(tx: &Tx<'_>, now: Timestamp) -> Result<Due, StoreError> {
    let zone = TimeZone::system();
    let mut due = Due { settled: settled(tx)?, ..Due::default() };
    let waiting: Vec<NotificationRecord> = tx
        .open_notifications(MOST_OPEN)?
        .into_iter()
        .filter(|one| one.state == State::Unread && told(one).is_none_or(|told| told < one.changed))
        .filter(|one| !due.settled.contains(&one.id))
        .collect();
    if waiting.is_empty() {
        return Ok(due);
    }
    let (wanted, set_up) = (Wanted::load(tx)?, tx.setting(SET_UP)?.and_then(|text| text.parse().ok()).map(Timestamp));
    // The newest of a kind speaks for those before it: they go with it and have its tag.
    let mut kinds: HashMap<Kind, When> = HashMap::new();
    for one in waiting {
        let asked = Asked {
            kind: one.kind,
            made: one.made,
            changed: one.changed,
            told: told(&one),
            last_of_kind: tx.last_posted(one.kind)?,
            wanted: wanted.wants(one.kind),
            set_up,
            quiet: wanted.quiet,
            zone: &zone,
        };
        let decided = match kinds.get(&one.kind).filter(|_| one.kind.is_once_a_day()) {
            Some(decided) => *decided,
            None => when(asked, now),
        };
        kinds.insert(one.kind, decided);
        match decided {
            When::Now => due.now.push(one.id),
            When::At(at) => due.next = Some(due.next.map_or(at, |next| next.min(at))),
            When::Never => {}
        }
    }
    Ok(due)
}

/// Open notifications about which there is nothing to decide any more.
pub(super) fn settled(tx: &Tx<'_>) -> Result<Vec<i64>, StoreError> {
    let mut settled = tx.settled_notifications()?;
    let nobody_waits = !tx.counts()?.iter().any(|(state, count)| state == "discovered" && *count > 0);
    if nobody_waits && let Some(weekly) = tx.open_notification(Kind::Weekly.word())? {
        settled.push(weekly.id);
    }
    Ok(settled)
}

fn told(one: &NotificationRecord) -> Option<Timestamp> {
    one.posted.max(one.shown)
}
