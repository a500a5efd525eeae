//! Turns what was seen into evidence, rows and journal entries: one transaction for each message. What becomes of a row is
//! [`rollcall_core::transition`]'s to say.

use rollcall_core::clean::{self, NotCounted, Record};
use rollcall_core::new_accounts::Cause;
use rollcall_core::time::DAY_MS;
use rollcall_core::transition::{self, CONTRADICTS_MS, COUNTED_EXACTLY, Change, Event, MOST_WATCHING, Next, T, Tell};
use rollcall_core::{AddressState, MadeBy, Source, Timestamp};
use rollcall_store::{AddressRecord, EvidenceKind, EvidenceRecord, RowChange, StoreError, Tx};

use crate::alike;
use crate::ground::Ground;
use crate::letters;
use crate::notification::tell;
use crate::outlook;

pub use crate::lapse::{EVIDENCE_KEPT_MS, lapse, lapsing, settle_evidence};

/// Why a clean message for an account does not count.
pub const OF_ACCOUNT: &str = "account";
/// The most addresses that are observed while nothing is learned (X10).
const MOST_OBSERVED: u64 = 15_000;
/// How long one of them is kept after its last message, in milliseconds.
const OBSERVED_MS: i64 = 30 * DAY_MS;
/// How long an answer to what an address wrote is known as one, in milliseconds (X07).
const ANSWERED_WITHIN_MS: i64 = 30 * DAY_MS;
/// How long a row without a seat is held, in milliseconds: until somebody decides, in practice.
const NO_SEAT_MS: i64 = 3650 * DAY_MS;

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
    /// Whether it is noted where nothing is learned and there is no row (X10).
    pub observe: bool,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EvidenceKind,
    /// The reverse-path.
    pub sender: String,
    /// Subject, if the content was seen.
    pub subject: Option<String>,
    /// The message's Message-ID.
    pub message_id: Option<String>,
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
    /// The rule made it a user.
    Created(String),
    /// It was made another name of an account: both as shown.
    AliasMade {
        /// The new name.
        alias: String,
        /// The account.
        owner: String,
    },
    /// Nobody decided about it in time; its mail is refused from now on (T10).
    Ended(String),
    /// Something about it should be told.
    Told(Tell, String),
}

/// A message was delivered (T1, T3, T4, T8).
///
/// # Errors
/// The store's; nothing of it is kept then.
pub fn delivered(
    tx: &Tx<'_>,
    sighting: &Sighting,
    message: Result<(), NotCounted>,
    ground: &Ground,
) -> Result<Seen, StoreError> {
    let at = sighting.at;
    let row = tx.address(&sighting.key)?;
    if let Some(account) = row.as_ref().filter(|row| row.state.is_account() || row.state == AddressState::Inactive) {
        // An account needs no evidence, but under another rule it might be none yet (X09). What comes beyond any rule's
        // need in a day says nothing more, and would cost a row each.
        if received(tx, account, at)? <= COUNTED_EXACTLY {
            tx.add_evidence(&of_account(sighting, message))?;
        }
        return Ok(Seen::Row);
    }
    if row.as_ref().is_some_and(|row| matches!(row.state, AddressState::Invalid(_))) {
        return let_through(tx, sighting);
    }
    if !sighting.learn {
        if row.is_none() && sighting.observe && message.is_ok() {
            tx.observe(&sighting.key, &sighting.shown, &sighting.domain, at, MOST_OBSERVED)?;
        }
        return untaught(tx, row, at);
    }
    let rule = ground.rule();
    // Without a row nothing counted before: forgetting and "Remove from Invalid List" start afresh (T11, T14).
    let since = ground.window_start(at, row.as_ref().map_or(at, |row| row.first_seen));
    let message = message.and(weigh(tx, sighting, since, rule.per_sender_domain)?);
    let waits = message.is_ok() && rule.settle_minutes > 0;
    let mut seen = evidence(sighting, if waits { Err(NotCounted::Settling) } else { message });
    seen.settles = waits.then(|| at.plus_ms(rule.settle_ms()));
    seen.is_reply = !sighting.sender.is_empty()
        && tx.wrote_to(&sighting.key, &sighting.sender.to_lowercase(), at.minus_ms(ANSWERED_WITHIN_MS))?;
    tx.add_evidence(&seen)?;
    if message.is_err() {
        return touched(tx, row, at);
    }
    let counted = match &row {
        // Nothing is decided by the exact number any more; `lapse` takes off what left the window.
        Some(row) if row.state == AddressState::Discovered && row.clean_count >= COUNTED_EXACTLY => {
            row.clean_count.saturating_add(u32::from(!waits))
        }
        _ => tx.counted_since(&sighting.key, since)?,
    };
    count(tx, row, sighting, Counted { so_many: counted, was_delivered: true }, ground)
}

/// A message that counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counted {
    /// So many count now.
    pub so_many: u32,
    /// It was delivered just now; else it has waited for a bounce.
    pub was_delivered: bool,
}

/// A message that counts: what becomes of the row.
pub(crate) fn count(
    tx: &Tx<'_>,
    row: Option<AddressRecord>,
    sighting: &Sighting,
    Counted { so_many: counted, was_delivered }: Counted,
    ground: &Ground,
) -> Result<Seen, StoreError> {
    let rule = ground.rule();
    let may_be_alias =
        transition::tests_for_alias(rule.need, counted) && row.as_ref().is_none_or(|row| row.state.is_open());
    let owner = if may_be_alias { alike::owner(tx, &sighting.key, row.as_ref(), ground)? } else { None };
    let now = row.as_ref().map(|row| ground.row(row, false, sighting.at));
    let event = Event::Clean { counted, alias: owner.is_some() };
    let next = transition::next(now.as_ref(), event, &ground.circumstances(tx)?);
    if next.by == Some(T::T1) && tx.count_watching()? >= MOST_WATCHING {
        evict_oldest(tx, sighting.at)?;
    }
    if next.change == Change::Stay {
        let Some(row) = row else { return Ok(Seen::Nothing) };
        let count = if row.state.is_open() { counted } else { row.clean_count };
        if was_delivered {
            tx.count_address(&row.key, count, sighting.at)?;
        } else if count != row.clean_count {
            tx.put_address(&AddressRecord { clean_count: count, ..row })?;
        }
        return Ok(Seen::Row);
    }
    let why = match next.by {
        Some(T::T8) => "the same name as an account of yours at another domain".to_owned(),
        Some(T::T4) => format!("{counted} clean messages within {} days", rule.window_days),
        _ => "the first clean message, taken by the mail server".to_owned(),
    };
    let before = row.unwrap_or_else(|| new_row(sighting, Source::Mail));
    let mut fresh = AddressRecord { clean_count: counted, ..before };
    if was_delivered {
        // The destination has just taken mail for it, whatever it said before.
        (fresh.last_seen, fresh.suspect) = (sighting.at, None);
    }
    apply(tx, fresh, next, owner, why, ground, sighting.at)
}

/// The destination said 250 to RCPT (T2).
///
/// # Errors
/// The store's.
pub fn rcpt_accepted(tx: &Tx<'_>, sighting: &Sighting, ground: &Ground) -> Result<Seen, StoreError> {
    let row = tx.address(&sighting.key)?;
    let now = row.as_ref().map(|row| ground.row(row, false, sighting.at));
    let next = transition::next(now.as_ref(), Event::RcptAccepted, &ground.circumstances(tx)?);
    if !sighting.learn || next.change == Change::Stay {
        return Ok(Seen::Nothing);
    }
    let fresh = row.unwrap_or_else(|| new_row(sighting, Source::Mail));
    apply(tx, fresh, next, None, "the mail server knows it (at RCPT)".to_owned(), ground, sighting.at)
}

/// An address of ours sent a clean message from inside (T5), to `outside`.
///
/// # Errors
/// The store's.
pub fn sent(
    tx: &Tx<'_>,
    sighting: &Sighting,
    never_learn: bool,
    outside: &[String],
    ground: &Ground,
) -> Result<Seen, StoreError> {
    let row = tx.address(&sighting.key)?;
    if !never_learn {
        // Written down whatever follows: another rule might list or make whoever sends (X09).
        tx.add_evidence(&evidence(sighting, Ok(())).uncounted("sent"))?;
    }
    if row.as_ref().is_some_and(|row| row.state.is_account()) {
        return Ok(Seen::Nothing);
    }
    let now = row.as_ref().map(|row| ground.row(row, false, sighting.at));
    let next = transition::next(now.as_ref(), Event::Sent { never_learn }, &ground.circumstances(tx)?);
    if next.by.is_none() {
        return Ok(Seen::Nothing);
    }
    for to in outside {
        tx.note_correspondent(&sighting.key, to, sighting.at)?;
    }
    if next.change == Change::Stay {
        let Some(row) = row else { return Ok(Seen::Nothing) };
        tx.touch_address(&row.key, sighting.at)?;
        let seen = next.tell.map_or(Seen::Row, |tell| Seen::Told(tell, row.shown));
        tell::about(tx, &row.key, None, &seen, None, sighting.at)?;
        return Ok(seen);
    }
    let fresh = row.unwrap_or_else(|| new_row(sighting, Source::Outbound));
    apply(tx, fresh, next, None, "it sent a message from inside".to_owned(), ground, sighting.at)
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

/// A recipient that is marked invalid was asked to come again, because it ended only lately (X06).
///
/// # Errors
/// The store's.
pub fn deferred_by_us(tx: &Tx<'_>, sighting: &Sighting) -> Result<Seen, StoreError> {
    tx.add_evidence(&evidence(sighting, Ok(())).uncounted("deferred"))?;
    Ok(Seen::Row)
}

/// Mail went to an address that is marked invalid: shadow mode refuses nobody (X16), or it was marked meanwhile. That
/// makes nothing of it.
fn let_through(tx: &Tx<'_>, sighting: &Sighting) -> Result<Seen, StoreError> {
    tx.touch_address(&sighting.key, sighting.at)?;
    tx.add_evidence(&evidence(sighting, Ok(())).uncounted("marked_invalid"))?;
    Ok(Seen::Row)
}

/// Forgets addresses that were only observed and got no mail for a month.
///
/// # Errors
/// The store's.
pub fn forget_observed(tx: &Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.prune_observed(now.minus_ms(OBSERVED_MS)).map(drop)
}

/// The destination refused a recipient that has a row (T6, 3.4 row A), with `reply`.
///
/// # Errors
/// The store's.
pub fn refused_by_server(tx: &Tx<'_>, sighting: &Sighting, reply: &str, ground: &Ground) -> Result<Seen, StoreError> {
    contradicted(tx, sighting, format!("the mail server answered {reply}"), ground)
}

/// The destination sent mail for an address back (T7, 3.6).
///
/// # Errors
/// The store's.
pub fn bounced(tx: &Tx<'_>, sighting: &Sighting, ground: &Ground) -> Result<Seen, StoreError> {
    contradicted(tx, sighting, "the mail server took its mail and sent it back".to_owned(), ground)
}

fn contradicted(tx: &Tx<'_>, sighting: &Sighting, why: String, ground: &Ground) -> Result<Seen, StoreError> {
    let row = tx.address(&sighting.key)?;
    if row.is_some() || sighting.kind == EvidenceKind::Bounced {
        tx.add_evidence(&evidence(sighting, Ok(())).uncounted(sighting.kind.word()))?;
    }
    let Some(row) = row else { return Ok(Seen::Nothing) };
    let since = sighting.at.minus_ms(CONTRADICTS_MS).max(row.first_seen);
    let within_week = tx.evidence_of_kind(&row.key, sighting.kind, since)?;
    let event = match sighting.kind {
        EvidenceKind::Bounced => Event::Bounced { within_week },
        _ => Event::Refused { within_week },
    };
    let next = transition::next(Some(&ground.row(&row, false, sighting.at)), event, &ground.circumstances(tx)?);
    if next.change != Change::Stay {
        return apply(tx, row, next, None, why, ground, sighting.at);
    }
    let told_today = row.suspect.is_some_and(|last| sighting.at.since_ms(last) < DAY_MS);
    let (key, shown) = (row.key.clone(), row.shown.clone());
    if next.suspect {
        let after = AddressRecord { suspect: Some(sighting.at), ..row.clone() };
        tx.put_address(&after)?;
        if row.state.is_account() && !told_today {
            let change = RowChange { key: row.key.clone(), before: Some(row), after: Some(after) };
            crate::entry::by_rule(tx, "suspect", why, sighting.at, &[change], false)?;
        }
    }
    let seen = next.tell.filter(|_| !told_today).map_or(Seen::Row, |tell| Seen::Told(tell, shown));
    tell::about(tx, &key, None, &seen, None, sighting.at)?;
    Ok(seen)
}

/// The row is held because no seat was left when a rule would have made it a user.
pub(crate) fn waits_for_seat(row: &AddressRecord, now: Timestamp) -> bool {
    row.held_until.is_some_and(|until| until.since_ms(now) > NO_SEAT_MS / 2)
}

/// Carries a transition out: the row, its journal entry, and what became of it. `row` is as it will be but for what the
/// transition changes; a new one is not in the store yet.
pub(crate) fn apply(
    tx: &Tx<'_>,
    row: AddressRecord,
    next: Next,
    owner: Option<AddressRecord>,
    why: String,
    ground: &Ground,
    at: Timestamp,
) -> Result<Seen, StoreError> {
    let before = tx.address(&row.key)?;
    let shown = row.shown.clone();
    let Change::Becomes(state) = next.change else {
        tx.remove_address(&row.key)?;
        let change = RowChange { key: row.key, before, after: None };
        crate::entry::by_rule(tx, "forgotten", why, at, &[change], true)?;
        return Ok(Seen::Row);
    };
    let mut after = AddressRecord { state, changed: at, ..row };
    if state == AddressState::Discovered {
        after.discovered = Some(at);
        after.notices = 0;
        after.last_notice = None;
    }
    after.made_by = state.is_account().then_some(MadeBy::Rule);
    after.owner = owner.as_ref().filter(|_| state == AddressState::Alias).map(|owner| owner.key.clone());
    after.held_until = if next.hold { Some(at.plus_ms(NO_SEAT_MS)) } else { after.held_until };
    if matches!(state, AddressState::Invalid(_)) {
        after.refused_count = 0;
    }
    if let AddressState::User(_) = state {
        crate::names::fill(&mut after);
    }
    tx.put_address(&after)?;
    letters::welcome::plan(tx, before.as_ref(), &after, at)?;
    let (action, undoable) = action(state);
    let key = after.key.clone();
    let can_wait = state == AddressState::Discovered && outlook::can_wait_until(tx, &after, ground)?.is_some();
    let change = RowChange { key: key.clone(), before, after: Some(after) };
    let entry = crate::entry::by_rule(tx, action, why, at, &[change], undoable)?;
    if let Some(cause) = next.by.and_then(Cause::of).filter(|_| state.is_account()) {
        tx.note_cause(entry, cause)?;
    }
    let seen = match (state, next.tell, owner) {
        (AddressState::Alias, _, Some(owner)) => Seen::AliasMade { alias: shown, owner: owner.shown },
        (AddressState::User(_), ..) => Seen::Created(shown),
        (_, Some(tell), _) => Seen::Told(tell, shown),
        // Nobody is called for it alone: the list has it, and the weekly notice once it has waited long enough.
        (AddressState::Discovered, ..) if can_wait => Seen::Row,
        (AddressState::Discovered, ..) => Seen::Discovered(shown),
        _ => Seen::Row,
    };
    tell::about(tx, &key, Some(state), &seen, undoable.then_some(entry), at)?;
    Ok(seen)
}

/// The journal's word for a transition by the rule, and whether it can be undone: what mail would repeat cannot.
const fn action(state: AddressState) -> (&'static str, bool) {
    match state {
        AddressState::Watching => ("watching", false),
        AddressState::Discovered => ("discovered", false),
        AddressState::User(_) => ("created_by_rule", true),
        AddressState::Alias => ("alias_by_rule", true),
        AddressState::Invalid(rollcall_core::InvalidReason::Expired) => ("expired", true),
        AddressState::Invalid(_) => ("bounced", true),
        AddressState::Functional | AddressState::Inactive | AddressState::NeverAdd => ("changed_by_rule", true),
    }
}

/// An account got mail: its counters move on, and it is not doubted any more. Gives how many messages it got today.
fn received(tx: &Tx<'_>, account: &AddressRecord, at: Timestamp) -> Result<u32, StoreError> {
    if account.suspect.is_some() {
        tx.put_address(&AddressRecord { suspect: None, last_seen: at, ..account.clone() })?;
    } else {
        tx.touch_address(&account.key, at)?;
    }
    tx.count_day(&account.key, day_start(at), 1, 0)
}

/// Nothing is learned: an address made for one message, or a domain that does not learn.
fn untaught(tx: &Tx<'_>, row: Option<AddressRecord>, at: Timestamp) -> Result<Seen, StoreError> {
    let Some(row) = row else { return Ok(Seen::Nothing) };
    tx.touch_address(&row.key, at)?;
    Ok(Seen::Row)
}

/// A message that does not count: the row was seen, no more.
fn touched(tx: &Tx<'_>, row: Option<AddressRecord>, at: Timestamp) -> Result<Seen, StoreError> {
    let Some(row) = row else { return Ok(Seen::Nothing) };
    tx.count_address(&row.key, row.clean_count, at)?;
    Ok(Seen::Row)
}

/// The conditions of 3.3 that depend on what the address had before.
fn weigh(
    tx: &Tx<'_>,
    sighting: &Sighting,
    since: Timestamp,
    per_sender_domain: Option<u32>,
) -> Result<Result<(), NotCounted>, StoreError> {
    let repeated = match &sighting.message_id {
        Some(id) => tx.is_repeated(&sighting.key, id, &sighting.sender)?,
        None => false,
    };
    let of_sender_domain = match per_sender_domain {
        Some(_) => tx.of_sender_domain(&sighting.key, &sender_domain(&sighting.sender), since)?,
        None => 0,
    };
    let week_ago = sighting.at.minus_ms(CONTRADICTS_MS);
    let bounced = tx.evidence_of_kind(&sighting.key, EvidenceKind::Bounced, week_ago)? > 0;
    Ok(clean::counts_for(Record { repeated, of_sender_domain, bounced }, per_sender_domain))
}

/// P03: the list of watched addresses is full; the one that was seen last the longest ago goes.
fn evict_oldest(tx: &Tx<'_>, at: Timestamp) -> Result<(), StoreError> {
    let Some(key) = tx.oldest_watching()? else { return Ok(()) };
    let before = tx.address(&key)?;
    tx.remove_address(&key)?;
    let why = format!("more than {MOST_WATCHING} addresses were watched");
    crate::entry::by_rule(tx, "forgotten", why, at, &[RowChange { key, before, after: None }], false).map(drop)
}

/// A row as it is made.
#[must_use]
pub fn new_row(sighting: &Sighting, source: Source) -> AddressRecord {
    let (key, shown, domain) = (sighting.key.clone(), sighting.shown.clone(), sighting.domain.clone());
    AddressRecord::new(key, shown, domain, AddressState::Watching, source, sighting.at)
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

/// What came for an account: what 3.3 says of the message, without what only people read.
fn of_account(sighting: &Sighting, message: Result<(), NotCounted>) -> EvidenceRecord {
    let mut seen = evidence(sighting, message);
    seen.counted = false;
    seen.not_counted_because.get_or_insert_with(|| OF_ACCOUNT.to_owned());
    EvidenceRecord { subject: None, lines: Vec::new(), ..seen }
}

/// The registrable domain of a sender: the newsletters of one firm come from several hosts.
fn sender_domain(sender: &str) -> String {
    let domain = sender.rsplit_once('@').map(|(_, domain)| domain.to_lowercase()).unwrap_or_default();
    rollcall_core::report::organisation(&domain).to_owned()
}

fn evidence(sighting: &Sighting, message: Result<(), NotCounted>) -> EvidenceRecord {
    EvidenceRecord {
        key: sighting.key.clone(),
        at: sighting.at,
        kind: sighting.kind,
        counted: message.is_ok(),
        not_counted_because: message.err().map(|why| why.word().to_owned()),
        sender_domain: sender_domain(&sighting.sender),
        sender: sighting.sender.clone(),
        subject: sighting.subject.clone(),
        client_ip: sighting.client_ip.clone(),
        lines: sighting.lines.clone(),
        message_id: sighting.message_id.clone(),
        settles: None,
        is_reply: false,
    }
}

/// The start of the day in UTC.
fn day_start(at: Timestamp) -> Timestamp {
    Timestamp(at.0 - at.0.rem_euclid(DAY_MS))
}
