//! Turns what was seen into evidence, rows and journal entries: one transaction for each message.

use rollcall_core::clean::NotCounted;
use rollcall_core::discovery::{self, Step};
use rollcall_core::time::DAY_MS;
use rollcall_core::{AddressState, Rule, Source, Timestamp};
use rollcall_store::{AddressRecord, EvidenceKind, EvidenceRecord, NewEntry, RowChange, StoreError, Tx};

/// How long evidence is kept: the longest counting window twice (X09 asks for 30 days).
pub const EVIDENCE_KEPT_MS: i64 = 60 * DAY_MS;

/// From this many clean messages on a Discovered row's count goes up by one a message, instead of being counted again: a
/// busy address must not cost more with each message. More than any rule needs.
const COUNTED_EXACTLY: u32 = 64;

/// What was seen about one recipient.
#[derive(Debug, Clone)]
pub struct Sighting {
    /// What the row is filed under.
    pub key: String,
    /// As written this time.
    pub shown: String,
    /// Its domain.
    pub domain: String,
    /// Whether it may make or move a row.
    pub learn: bool,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EvidenceKind,
    /// The reverse-path.
    pub sender: String,
    /// Subject, if the content was seen.
    pub subject: Option<String>,
    /// The client.
    pub client_ip: String,
    /// The SMTP lines with the destination.
    pub lines: Vec<String>,
}

/// What became of the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Nothing that a list shows.
    Nothing,
    /// The row changed.
    Row,
    /// The row became Discovered; as first seen.
    Discovered(String),
}

/// A message was delivered (T1, T3, T4).
///
/// # Errors
/// The store's; nothing of it is kept then.
pub fn delivered(
    tx: &Tx<'_>,
    sighting: &Sighting,
    message: Result<(), NotCounted>,
    rule: Rule,
) -> Result<Seen, StoreError> {
    let at = sighting.at;
    let row = tx.address(&sighting.key)?;
    if let Some(account) = row.as_ref().filter(|row| row.state.is_account() || row.state == AddressState::Inactive) {
        if account.suspect.is_some() {
            tx.put_address(&AddressRecord { suspect: None, last_seen: at, ..account.clone() })?;
        } else {
            tx.touch_address(&account.key, at)?;
        }
        tx.count_day(&account.key, day_start(at), 1, 0)?;
        return Ok(Seen::Row);
    }
    if !sighting.learn {
        return untaught(tx, row, at);
    }
    // Without a row nothing counted before: forgetting and "Remove from Invalid List" start afresh (T11, T14).
    let counted_before = match &row {
        None => 0,
        // Nothing is decided by the exact number any more; `lapse` takes off what left the window.
        Some(row) if row.state == AddressState::Discovered && row.clean_count >= COUNTED_EXACTLY => row.clean_count,
        Some(row) => tx.counted_since(&row.key, at.minus_ms(rule.window_ms()).max(row.first_seen))?,
    };
    tx.add_evidence(&evidence(sighting, message))?;
    let step = discovery::after_delivery(row.as_ref().map(|row| row.state), counted_before, message, rule);
    let (state, count) = match step {
        Step::Stay => return stay(tx, row, message, counted_before, at),
        Step::Watch => (AddressState::Watching, 1),
        Step::Count(count) => (AddressState::Watching, count),
        Step::Discover(count) => (AddressState::Discovered, count),
    };
    let before = row.clone();
    let mut after = row.unwrap_or_else(|| new_row(sighting, Source::Mail));
    after.clean_count = count;
    after.last_seen = at;
    // The destination has just taken mail for it, whatever it said before.
    after.suspect = None;
    if before.as_ref().is_some_and(|before| before.state == state) {
        tx.count_address(&after.key, count, at)?;
        return Ok(Seen::Row);
    }
    after.state = state;
    after.changed = at;
    let shown = after.shown.clone();
    let discovered = state == AddressState::Discovered;
    if discovered {
        after.discovered = Some(at);
    }
    tx.put_address(&after)?;
    let why = if discovered {
        format!("{count} clean messages within {} days", rule.window_days)
    } else {
        "the first clean message, taken by the mail server".to_owned()
    };
    note(
        tx,
        if discovered { "discovered" } else { "watching" },
        why,
        at,
        RowChange { key: after.key.clone(), before, after: Some(after) },
    )?;
    Ok(if discovered { Seen::Discovered(shown) } else { Seen::Row })
}

/// Nothing is learned: an address made for one message, or a domain that does not learn.
fn untaught(tx: &Tx<'_>, row: Option<AddressRecord>, at: Timestamp) -> Result<Seen, StoreError> {
    let Some(row) = row else { return Ok(Seen::Nothing) };
    tx.touch_address(&row.key, at)?;
    Ok(Seen::Row)
}

/// The count of a Discovered row goes on; a row that mail does not move is only touched.
fn stay(
    tx: &Tx<'_>,
    row: Option<AddressRecord>,
    message: Result<(), NotCounted>,
    counted_before: u32,
    at: Timestamp,
) -> Result<Seen, StoreError> {
    let Some(row) = row else { return Ok(Seen::Nothing) };
    let counts = message.is_ok() && row.state == AddressState::Discovered;
    let count = if counts { counted_before.saturating_add(1) } else { row.clean_count };
    tx.count_address(&row.key, count, at)?;
    Ok(Seen::Row)
}

/// A message was taken for later on the directory's word; the account's last mail is now.
///
/// # Errors
/// The store's.
pub fn taken_for_later(tx: &Tx<'_>, sighting: &Sighting) -> Result<Seen, StoreError> {
    tx.touch_address(&sighting.key, sighting.at)?;
    tx.add_evidence(&evidence(sighting, Ok(())).uncounted("taken_for_later"))?;
    Ok(Seen::Row)
}

/// We refused a recipient because it is marked invalid.
///
/// # Errors
/// The store's.
pub fn refused_by_us(tx: &Tx<'_>, sighting: &Sighting) -> Result<Seen, StoreError> {
    tx.bump_refused(&sighting.key, sighting.at)?;
    tx.add_evidence(&evidence(sighting, Ok(())).uncounted("refused"))?;
    Ok(Seen::Row)
}

/// The destination refused a recipient that has a row. An account becomes Suspect (3.4 row A), once a day.
///
/// # Errors
/// The store's.
pub fn refused_by_server(tx: &Tx<'_>, sighting: &Sighting, reply: &str) -> Result<Seen, StoreError> {
    let Some(row) = tx.address(&sighting.key)? else { return Ok(Seen::Nothing) };
    tx.add_evidence(&evidence(sighting, Ok(())).uncounted("refused"))?;
    let told_today = row.suspect.is_some_and(|last| sighting.at.since_ms(last) < DAY_MS);
    let after = AddressRecord { suspect: Some(sighting.at), ..row.clone() };
    tx.put_address(&after)?;
    if row.state.is_account() && !told_today {
        let why = format!("the mail server answered {reply}");
        note(
            tx,
            "suspect",
            why,
            sighting.at,
            RowChange { key: row.key.clone(), before: Some(row), after: Some(after) },
        )?;
    }
    Ok(Seen::Row)
}

/// T11 and the rolling window: rows whose old messages left the window get their count, and are forgotten at none.
///
/// # Errors
/// The store's.
pub fn lapse(tx: &Tx<'_>, rule: Rule, now: Timestamp) -> Result<bool, StoreError> {
    let since = now.minus_ms(rule.window_ms());
    let mut changed = false;
    for (key, counted) in tx.evidence_counts_to_refresh(since)? {
        let Some(row) = tx.address(&key)? else { continue };
        changed = true;
        if discovery::has_lapsed(row.state, counted) {
            tx.remove_address(&key)?;
            let why = format!("no clean message for {} days", rule.window_days);
            note(tx, "forgotten", why, now, RowChange { key, before: Some(row), after: None })?;
        } else {
            tx.put_address(&AddressRecord { clean_count: counted, ..row })?;
        }
    }
    tx.prune_evidence(now.minus_ms(EVIDENCE_KEPT_MS))?;
    Ok(changed)
}

/// A row as it is made.
#[must_use]
pub fn new_row(sighting: &Sighting, source: Source) -> AddressRecord {
    AddressRecord {
        key: sighting.key.clone(),
        shown: sighting.shown.clone(),
        domain: sighting.domain.clone(),
        state: AddressState::Watching,
        source,
        first_name: None,
        surname: None,
        clean_count: 0,
        first_seen: sighting.at,
        last_seen: sighting.at,
        discovered: None,
        decided: None,
        changed: sighting.at,
        suspect: None,
        refused_count: 0,
    }
}

fn note(tx: &Tx<'_>, action: &str, why: String, at: Timestamp, change: RowChange) -> Result<(), StoreError> {
    let entry =
        NewEntry { at, who: "rollcall".to_owned(), action: action.to_owned(), why, undoable: false, undoes: None };
    tx.add_journal(&entry, &[change]).map(drop)
}

trait Uncounted {
    fn uncounted(self, why: &str) -> Self;
}

impl Uncounted for EvidenceRecord {
    fn uncounted(mut self, why: &str) -> Self {
        self.counted = false;
        self.not_counted_because = Some(why.to_owned());
        self
    }
}

fn evidence(sighting: &Sighting, message: Result<(), NotCounted>) -> EvidenceRecord {
    EvidenceRecord {
        key: sighting.key.clone(),
        at: sighting.at,
        kind: sighting.kind,
        counted: message.is_ok(),
        not_counted_because: message.err().map(|why| why.word().to_owned()),
        sender_domain: sighting.sender.rsplit_once('@').map(|(_, domain)| domain.to_lowercase()).unwrap_or_default(),
        sender: sighting.sender.clone(),
        subject: sighting.subject.clone(),
        client_ip: sighting.client_ip.clone(),
        lines: sighting.lines.clone(),
    }
}

/// The start of the day in UTC.
fn day_start(at: Timestamp) -> Timestamp {
    Timestamp(at.0 - at.0.rem_euclid(DAY_MS))
}
