//! The weekly tick (behaviour.md 3.9): notices that are due, addresses that end (T9, T10), and the week's report (D11).
//!
//! **Invariant.** A notice counts only once it was shown; until then nothing ends for want of it (X05). In a tick that
//! stands for missed ones nothing ends.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use rollcall_core::new_accounts::Wanted;
use rollcall_core::notification::{Kind, State};
use rollcall_core::replay::ONE_NOTICE_MS;
use rollcall_core::time::{DAY_MS, HOUR_MS};
use rollcall_core::transition::{self, Change, Event, Tell};
use rollcall_core::week::{Due, Since, Weekly};
use rollcall_core::{AddressState, Timestamp};
use rollcall_store::{StoreError, Tx};

use crate::bus::{Notice, Tag};
use crate::discover::{self, Seen};
use crate::error::EngineError;
use crate::ground::Ground;
use crate::house::House;
use crate::outlook;
use crate::receive::tell;
use crate::settled::settle;
use crate::tick::{self, Tick};
use crate::weekly_report::Made;

/// The setting that holds day and hour of the tick: `thursday 9`.
pub const WEEKLY: &str = "weekly_tick";
/// The setting that holds since when ticks are due, in milliseconds.
const STARTED: &str = "weekly_since_ms";
/// The setting that holds until when nothing ends: the holiday hold, in milliseconds.
pub const HOLIDAY: &str = "holiday_until_ms";
/// The setting that holds which addresses the latest notice named and when, while it was not shown yet.
pub(crate) const UNSHOWN: &str = "weekly_notice";
/// The most addresses a notice names; the others come in the next week.
pub(crate) const NAMED: usize = 10_000;

/// The weekly notice as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WeeklyNotice {
    /// When it became due; `None` when there is none to show.
    pub at: Option<Timestamp>,
    /// The addresses, by key.
    pub keys: Vec<String>,
}

/// What a tick found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub due: Vec<String>,
    pub seen: Vec<Seen>,
    pub report: Option<Made>,
    pub wanted: Wanted,
    /// The notification that tells of what is due.
    pub told: Option<i64>,
}

impl House {
    /// Day and hour of the tick.
    ///
    /// # Errors
    /// The store's.
    pub fn weekly(&self) -> Result<Weekly, EngineError> {
        Ok(self.store.read(weekly)?)
    }

    /// Moves the tick to another day and hour (D14).
    ///
    /// # Errors
    /// Invalid: an hour past 23.
    pub async fn set_weekly(&self, weekday: Weekday, hour: u8) -> Result<(), EngineError> {
        if hour > 23 {
            return Err(EngineError::Invalid("The hour of the weekly notice: give 0 to 23.".to_owned()));
        }
        let (text, now) = (written(Weekly { weekday, hour }), self.clock.now());
        self.store
            .write(move |tx| {
                let why = format!("the weekly notice comes on {text}:00");
                settle(tx, "set_weekly", why, now, vec![(WEEKLY.to_owned(), text)])
            })
            .await?;
        self.bus.stale(&[Tag::Setup, Tag::Journal]);
        // It may be due since a moment ago.
        self.tick_if_due().await?;
        self.send_letters().await
    }

    /// Lets nothing end until then, or with `None` lets things end again (X05).
    ///
    /// # Errors
    /// Invalid: a time that is past, or more than a year ahead.
    pub async fn set_holiday(&self, until: Option<Timestamp>) -> Result<(), EngineError> {
        let now = self.clock.now();
        if until.is_some_and(|until| until <= now || until.since_ms(now) > 366 * DAY_MS) {
            return Err(EngineError::Invalid("Hold until a day within the next year.".to_owned()));
        }
        let text = until.map(|until| until.0.to_string()).unwrap_or_default();
        let why = if until.is_some() { "nothing ends for now" } else { "addresses end again" };
        self.store
            .write(move |tx| settle(tx, "set_holiday", why.to_owned(), now, vec![(HOLIDAY.to_owned(), text)]))
            .await?;
        self.bus.stale(&[Tag::Setup, Tag::Addresses, Tag::Journal]);
        Ok(())
    }

    /// When the next tick is due, and until when nothing ends.
    ///
    /// # Errors
    /// The store's.
    pub fn week_ahead(&self) -> Result<(Timestamp, Option<Timestamp>), EngineError> {
        let now = self.clock.now();
        let (weekly, holiday) = self.store.read(|tx| Ok((weekly(tx)?, holiday(tx)?)))?;
        Ok((weekly.next_after(now, &TimeZone::system()), holiday.filter(|until| *until > now)))
    }

    /// The weekly notice that was not shown yet.
    ///
    /// # Errors
    /// The store's.
    pub fn weekly_notice(&self) -> Result<WeeklyNotice, EngineError> {
        Ok(self.store.read(unshown)?)
    }

    /// The weekly notice was shown: it counts for the addresses it names (T9).
    ///
    /// # Errors
    /// The store's.
    pub async fn weekly_notice_shown(&self) -> Result<u64, EngineError> {
        self.weekly_seen(State::Read).await
    }

    /// The same where the notification about it stays as it is, or is read.
    pub(crate) async fn weekly_seen(&self, seen: State) -> Result<u64, EngineError> {
        let now = self.clock.now();
        let counted = self
            .store
            .write(move |tx| {
                let notice = unshown(tx)?;
                if notice.at.is_none() {
                    return Ok(0);
                }
                let mut counted = 0;
                for key in &notice.keys {
                    // Two notices within a day or two would be one for whoever reads them.
                    let row = tx.address(key)?;
                    let is_news =
                        row.and_then(|row| row.last_notice).is_none_or(|last| now.since_ms(last) >= ONE_NOTICE_MS);
                    counted += u64::from(is_news && tx.count_notice(key, now)?);
                }
                tx.put_setting(UNSHOWN, "")?;
                tx.note_tick_shown(now)?;
                // Whoever saw it in the window needs it on no desktop.
                if let Some(open) = tx.open_notification(Kind::Weekly.word())? {
                    tx.show_notification(open.id, now)?;
                    tx.mark_notification(open.id, seen)?;
                }
                Ok(counted)
            })
            .await?;
        self.bus.stale(&[Tag::Notifications]);
        if counted > 0 {
            self.bus.stale(&[Tag::Addresses]);
        }
        Ok(counted)
    }

    /// Carries the weekly tick out if it is due.
    pub(crate) async fn tick_if_due(&self) -> Result<(), EngineError> {
        let now = self.clock.now();
        let (weekly, last, since) = self.store.read(|tx| Ok((weekly(tx)?, tx.last_tick()?, tx.setting(STARTED)?)))?;
        let started = since.and_then(|text| text.parse().ok()).map(Timestamp);
        let since = match (last, started) {
            (Some(tick), _) => Since::Tick(tick),
            (None, Some(start)) => Since::Start(start),
            (None, None) => {
                let text = now.0.to_string();
                self.store.write(move |tx| tx.put_setting(STARTED, &text)).await?;
                return Ok(());
            }
        };
        let (tick, missed) = match weekly.due(since, now, &TimeZone::system()) {
            Due::NotYet(_) => return Ok(()),
            Due::Tick(tick) => (tick, 0),
            Due::Collapsed { missed, tick } => (tick, missed),
        };
        let (grounds, zone) = (self.grounds(), TimeZone::system());
        let tick = Tick { at: tick, missed, start: started.unwrap_or(tick), last, now, weekly, zone };
        let Found { due, seen, report, wanted, told } =
            self.store.write(move |tx| tick::carry_out(tx, &tick, &grounds)).await?;
        if let Some(id) = told {
            self.count_ending(id, due.len() as u64).await?;
            self.bus.stale(&[Tag::Notifications]);
            self.bus.notice(Notice::Weekly { addresses: due });
        }
        if let Some(report) = report {
            self.bus.notice(report.notice(wanted));
            self.bus.stale(&[Tag::Journal]);
        }
        tell(&self.bus, seen);
        Ok(())
    }
}

/// T9 and T10 for the addresses of one domain.
pub(crate) fn tick_domain(
    tx: &Tx<'_>,
    domain: &str,
    ground: &Ground,
    collapsed: bool,
    now: Timestamp,
    found: &mut Found,
) -> Result<(), StoreError> {
    let on_holiday = holiday(tx)?.is_some_and(|until| now < until);
    for row in tx.discovered_of(domain)? {
        let event = Event::Tick { collapsed };
        let around = ground.circumstances(tx)?;
        let mut facts = ground.row(&row, on_holiday, now);
        // What waited for a seat waits no longer once there is one, or its rule makes no users any more.
        facts.held &= on_holiday || !(around.seat_left && discover::waits_for_seat(&row, now));
        let next = transition::next(Some(&facts), event, &around);
        match next.change {
            Change::Stay if next.tell == Some(Tell::NoticeDue) => {
                if outlook::can_wait_until(tx, &row, ground)?.is_none_or(|until| until <= now) {
                    found.due.push(row.key);
                }
            }
            Change::Stay => {}
            Change::Becomes(_) | Change::Gone => {
                let why = format!("{} weekly notices were shown and nobody decided", row.notices);
                let is_end =
                    next.change == Change::Becomes(AddressState::Invalid(rollcall_core::InvalidReason::Expired));
                let shown = row.shown.clone();
                found.seen.push(discover::apply(tx, row, next, None, why, ground, now)?);
                if is_end {
                    found.seen.push(Seen::Ended(shown));
                }
            }
        }
    }
    Ok(())
}

fn weekly(tx: &Tx<'_>) -> Result<Weekly, StoreError> {
    Ok(tx.setting(WEEKLY)?.and_then(|text| read(&text)).unwrap_or_default())
}

fn read(text: &str) -> Option<Weekly> {
    let (day, hour) = text.split_once(' ')?;
    Some(Weekly { weekday: day_of(day)?, hour: hour.parse().ok()? })
}

fn written(weekly: Weekly) -> String {
    format!("{} {}", day_word(weekly.weekday), weekly.hour)
}

const DAYS: [(Weekday, &str); 7] = [
    (Weekday::Monday, "monday"),
    (Weekday::Tuesday, "tuesday"),
    (Weekday::Wednesday, "wednesday"),
    (Weekday::Thursday, "thursday"),
    (Weekday::Friday, "friday"),
    (Weekday::Saturday, "saturday"),
    (Weekday::Sunday, "sunday"),
];

/// The word for a day.
#[must_use]
pub fn day_word(day: Weekday) -> &'static str {
    DAYS.iter().find(|(known, _)| *known == day).map_or("thursday", |(_, word)| word)
}

/// The day for its word.
#[must_use]
pub fn day_of(word: &str) -> Option<Weekday> {
    DAYS.iter().find(|(_, known)| *known == word).map(|(day, _)| *day)
}

pub(crate) fn holiday(tx: &Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    Ok(tx.setting(HOLIDAY)?.and_then(|text| text.parse().ok()).map(Timestamp))
}

fn unshown(tx: &Tx<'_>) -> Result<WeeklyNotice, StoreError> {
    let text = tx.setting(UNSHOWN)?.unwrap_or_default();
    let mut lines = text.lines();
    let Some(at) = lines.next().and_then(|line| line.parse().ok()) else { return Ok(WeeklyNotice::default()) };
    Ok(WeeklyNotice { at: Some(Timestamp(at)), keys: lines.map(str::to_owned).collect() })
}

/// How often it is looked whether the tick is due, in milliseconds.
pub(crate) const LOOK_MS: i64 = HOUR_MS / 60;
