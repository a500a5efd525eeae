//! What time does to evidence: messages that waited for a bounce count, old ones leave the window (T11).

use rollcall_core::Timestamp;
use rollcall_core::time::DAY_MS;
use rollcall_core::transition::{self, Change, Event};
use rollcall_store::{AddressRecord, EvidenceKind, RowChange, StoreError, Tx};

use crate::discover::{self, Counted, Seen, Sighting};
use crate::entry;
use crate::ground::Ground;

/// How long evidence is kept: the longest counting window twice (X09 asks for 30 days).
pub const EVIDENCE_KEPT_MS: i64 = 60 * DAY_MS;
/// How many settled messages are counted in one transaction.
const AT_ONCE: u32 = 1_000;

/// Messages that waited S minutes without a bounce count now (3.3). True when there may be more.
///
/// # Errors
/// The store's.
pub fn settle_evidence(
    tx: &Tx<'_>,
    now: Timestamp,
    ground: impl Fn(&str) -> Option<Ground>,
) -> Result<(Vec<Seen>, bool), StoreError> {
    let due = tx.settling(now, AT_ONCE)?;
    let more = due.len() == AT_ONCE as usize;
    let mut seen = Vec::new();
    for one in due {
        let bounced = tx.evidence_of_kind(&one.key, EvidenceKind::Bounced, one.at)? > 0;
        tx.settle_evidence(&one, bounced.then_some("bounced"))?;
        let row = tx.address(&one.key)?.filter(|row| row.state.is_open() && !bounced);
        let (Some(row), Some(ground)) = (row, ground(domain_of(&one.key))) else { continue };
        let counted = tx.counted_since(&one.key, ground.window_start(now, row.first_seen))?;
        let sighting = Sighting {
            key: row.key.clone(),
            shown: row.shown.clone(),
            domain: row.domain.clone(),
            learn: true,
            observe: false,
            at: now,
            kind: EvidenceKind::Delivered,
            sender: String::new(),
            subject: None,
            message_id: None,
            client_ip: String::new(),
            lines: Vec::new(),
        };
        let counted = Counted { so_many: counted, was_delivered: false };
        seen.push(discover::count(tx, Some(row), &sighting, counted, &ground)?);
    }
    Ok((seen, more))
}

fn domain_of(key: &str) -> &str {
    key.rsplit_once('@').map_or(key, |(_, domain)| domain)
}

/// The rows of one domain whose stored count is not what the rolling window holds now: those that [`lapse`] looks at.
///
/// # Errors
/// The store's.
pub fn lapsing(tx: &Tx<'_>, domain: &str, ground: &Ground, now: Timestamp) -> Result<Vec<String>, StoreError> {
    if ground.freezes.is_frozen() {
        return Ok(Vec::new());
    }
    let since = ground.window_start(now, Timestamp(i64::MIN));
    Ok(tx.evidence_counts_to_refresh(domain, since)?.into_iter().map(|(key, _)| key).collect())
}

/// T11: rows whose old messages left the window get their count, and are forgotten at none. True when one changed.
///
/// # Errors
/// The store's.
pub fn lapse(tx: &Tx<'_>, keys: &[String], ground: &Ground, now: Timestamp) -> Result<bool, StoreError> {
    let rule = ground.rule();
    let mut changed = false;
    for key in keys {
        let Some(row) = tx.address(key)?.filter(|row| row.state.is_open()) else { continue };
        let counted = tx.counted_since(key, ground.window_start(now, row.first_seen))?;
        if counted == row.clean_count {
            continue;
        }
        changed = true;
        let waits = now.since_ms(row.last_seen) <= rule.settle_ms();
        let next =
            transition::next(Some(&ground.row(&row, false, now)), Event::WindowEmpty, &ground.circumstances(tx)?);
        if counted == 0 && !waits && next.change == Change::Gone {
            tx.remove_address(key)?;
            let why = format!("no clean message for {} days", rule.window_days);
            let gone = RowChange { key: key.clone(), before: Some(row), after: None };
            entry::by_rule(tx, "forgotten", why, now, &[gone], false)?;
        } else {
            tx.put_address(&AddressRecord { clean_count: counted, ..row })?;
        }
    }
    Ok(changed)
}
