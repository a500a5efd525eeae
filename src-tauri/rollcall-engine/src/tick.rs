//! One weekly tick in one transaction: what is due and what ends (T9, T10), then the report of the week (D11, D12), then its
//! letters (C22).

use std::collections::HashMap;

use jiff::tz::TimeZone;
use rollcall_core::Timestamp;
use rollcall_core::ending::{self, TICKS_AHEAD};
use rollcall_core::notification::Kind;
use rollcall_core::week::Weekly;
use rollcall_store::{AddressRecord, NewNotification, StoreError, TickRecord, Tx};

use crate::contacts::Reporting;
use crate::explain;
use crate::ground::Ground;
use crate::letters::week::Week;
use crate::notification::tell as notify;
use crate::week::Found;
use crate::{letters, week, weekly_report};

/// A tick that is due.
pub(crate) struct Tick {
    pub at: Timestamp,
    pub missed: u32,
    /// When ticks began to count.
    pub start: Timestamp,
    /// The one before, as far as was known when this one was found due.
    pub last: Option<Timestamp>,
    pub now: Timestamp,
    pub weekly: Weekly,
    pub zone: TimeZone,
}

/// The tick in one transaction: what is due and what ends, then the report of the week, then its letters.
pub(crate) fn carry_out(tx: &Tx<'_>, tick: &Tick, grounds: &HashMap<String, Ground>) -> Result<Found, StoreError> {
    let reporting = Reporting::load(tx)?;
    let mut found = Found { wanted: reporting.wanted, ..Found::default() };
    if tx.last_tick()? != tick.last {
        // Somebody else carried it out meanwhile.
        return Ok(found);
    }
    for (domain, ground) in grounds {
        week::tick_domain(tx, domain, ground, tick.missed > 0, tick.now, &mut found)?;
    }
    found.due.sort();
    found.due.truncate(week::NAMED);
    if !found.due.is_empty() {
        tx.put_setting(week::UNSHOWN, &format!("{}\n{}", tick.now.0, found.due.join("\n")))?;
        let new = NewNotification { numbers: vec![found.due.len() as u64, 0], ..notify::of(Kind::Weekly) };
        found.told = Some(notify::tell(tx, new, &[], tick.now)?);
    }
    found.report = weekly_report::make(tx, reporting.wanted, tick.start, tick.at, tick.now)?;
    let waiting = if reporting.technical.copy { waiting(tx, tick, &found.due, grounds)? } else { Vec::new() };
    let next_tick = tick.weekly.next_after(tick.now, &tick.zone);
    let brought = Week { report: found.report.as_ref(), waiting: &waiting, next_tick, now: tick.now };
    letters::week::plan(tx, &reporting, &brought)?;
    let holiday = Some(week::holiday(tx)?.is_some_and(|until| tick.now < until));
    let (done, due) = (Some(tick.now), Some(!found.due.is_empty()));
    tx.add_tick(&TickRecord { at: tick.at, missed: tick.missed, done, due, holiday, shown: None })?;
    Ok(found)
}

/// The addresses of the notice as shown, and whether each ends with the next tick once this notice was seen.
fn waiting(
    tx: &Tx<'_>,
    tick: &Tick,
    due: &[String],
    grounds: &HashMap<String, Ground>,
) -> Result<Vec<(String, bool)>, StoreError> {
    let now = tick.now;
    let ticks = tick.weekly.ahead(now, TICKS_AHEAD, &tick.zone);
    let holiday = week::holiday(tx)?.filter(|until| now < *until);
    let next_tick = tick.weekly.next_after(now, &tick.zone);
    let mut waiting = Vec::with_capacity(due.len());
    for key in due {
        let Some(row) = tx.address(key)? else { continue };
        let shown = row.shown.clone();
        let seen = AddressRecord { notices: row.notices + 1, last_notice: Some(now), ..row };
        let ends = grounds
            .get(&seen.domain)
            .and_then(|ground| ending::ends(&ground.rule, &ground.freezes, explain::waiting(&seen), holiday, &ticks));
        waiting.push((shown, ends.is_some_and(|ends| ends <= next_tick)));
    }
    Ok(waiting)
}
