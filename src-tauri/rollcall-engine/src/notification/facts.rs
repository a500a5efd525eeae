//! Gathers what a notification says now: how many of its addresses still stand, and what they look like.

use std::collections::HashMap;

use jiff::Timestamp as Moment;
use jiff::tz::TimeZone;
use rollcall_core::Timestamp;
use rollcall_core::notification::{Facts, Found, Kind};
use rollcall_store::{NamedAddress, NotificationRecord, StoreError, Tx};

use crate::discover::EVIDENCE_KEPT_MS;
use crate::ground::Ground;
use crate::seats;
use crate::suggest::{Suggested, suggest};

/// So many addresses are looked at one by one; more are only counted.
pub(super) const LOOKED_AT: u32 = 100;
/// So many refused messages of an address are looked at.
pub(super) const REFUSED_MOST: u32 = 1_000;
/// The hour of the morning's group.
const MORNING: i8 = 10;

/// What it says now, and the addresses of it that still stand, at most [`LOOKED_AT`].
pub(super) fn facts(
    tx: &Tx<'_>,
    record: &NotificationRecord,
    grounds: &HashMap<String, Ground>,
    practice: bool,
) -> Result<(Facts, Vec<NamedAddress>), StoreError> {
    let (named, count) = tx.standing_in_notification(record, LOOKED_AT)?;
    let mut facts = Facts {
        addresses: named.iter().take(3).map(|named| named.shown.clone()).collect(),
        count: if record.kind == Kind::Weekly { record.numbers.first().copied().unwrap_or(0) } else { count },
        subject: record.subject.clone(),
        numbers: record.numbers.clone(),
        moment: record.moment,
        practice,
        ..Facts::default()
    };
    match record.kind {
        Kind::NewAddresses => new_addresses(tx, record, &named, grounds, &mut facts)?,
        Kind::Weekly => facts.numbers = record.numbers.iter().skip(1).copied().collect(),
        Kind::AliasesAdded => {
            if let [one] = named.as_slice()
                && let Some(owner) = tx.address(&one.key)?.and_then(|row| row.owner)
            {
                facts.owner = Some(tx.address(&owner)?.map_or(owner, |row| row.shown));
            }
        }
        Kind::UsersAdded => {
            facts.seats_left = seats::seats_left(tx)?;
            if let [one] = named.as_slice() {
                facts.has_sent = has_sent(tx, &one.key, record.changed)?;
            }
        }
        Kind::Wanted => wanted(tx, &named, &mut facts)?,
        _ => {}
    }
    Ok((facts, named))
}

fn new_addresses(
    tx: &Tx<'_>,
    record: &NotificationRecord,
    named: &[NamedAddress],
    grounds: &HashMap<String, Ground>,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    facts.morning = record.posted.is_some_and(is_morning);
    if facts.count > u64::from(LOOKED_AT) {
        return Ok(());
    }
    for one in named {
        let domain = one.key.rsplit_once('@').map_or(one.key.as_str(), |(_, domain)| domain);
        facts.found.push(match suggest(tx, &one.key, grounds.get(domain))? {
            Suggested::Alias { .. } => Found::Alias,
            Suggested::Functional => Found::Functional,
            Suggested::User(_) => Found::Person,
            Suggested::Unlikely => Found::Nobody,
        });
    }
    if let [one] = named {
        facts.clean = tx.address(&one.key)?.map_or(0, |row| row.clean_count);
        facts.has_sent = has_sent(tx, &one.key, record.changed)?;
    }
    Ok(())
}

/// Messages that known senders could not deliver since the addresses ended.
fn wanted(tx: &Tx<'_>, named: &[NamedAddress], facts: &mut Facts) -> Result<(), StoreError> {
    let mut refused = 0;
    for one in named {
        let Some(row) = tx.address(&one.key)? else { continue };
        let (count, first) = tx.refused_of_known_senders(&one.key, row.changed, REFUSED_MOST)?;
        refused += count;
        facts.moment = [facts.moment, first].into_iter().flatten().min();
    }
    facts.numbers = vec![refused];
    Ok(())
}

fn has_sent(tx: &Tx<'_>, key: &str, at: Timestamp) -> Result<bool, StoreError> {
    Ok(tx.traits(key, at.minus_ms(EVIDENCE_KEPT_MS))?.sent > 0)
}

fn is_morning(at: Timestamp) -> bool {
    Moment::from_millisecond(at.0).is_ok_and(|moment| TimeZone::system().to_datetime(moment).hour() == MORNING)
}
