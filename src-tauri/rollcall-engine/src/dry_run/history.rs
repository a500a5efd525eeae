//! What was recorded, as the replay wants it.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use rollcall_core::alias::{self, Answer, Candidate, Names, Newcomer};
use rollcall_core::clean::NotCounted;
use rollcall_core::decision::Decision;
use rollcall_core::replay::{Course, Message, Recorded, Replay, Stage, Standing, Tick};
use rollcall_core::time::DAY_MS;
use rollcall_core::truth::Truth;
use rollcall_core::{Address, AddressState, MadeBy, Timestamp};
use rollcall_store::{AddressRecord, DecisionRecord, EvidenceKind, SeenRecord, StoreError, TickRecord, Tx};

use crate::discover::OF_ACCOUNT;
use crate::entry::BY_RULE;
use crate::ground::Ground;

/// Bounces of so long ago still speak against an address, and no message waits longer, in milliseconds.
const BEFORE_MS: i64 = 8 * DAY_MS;

/// What was recorded of a domain.
pub(super) struct History {
    ground: Ground,
    from: Timestamp,
    /// From when on evidence is looked at: it may still count at `from`.
    since: Timestamp,
    ticks: Vec<TickRecord>,
    truths: Vec<(Timestamp, Option<Truth>)>,
}

/// What was recorded of one address, but for the evidence.
pub(super) struct Past {
    /// Its row now.
    pub row: Option<AddressRecord>,
    decisions: Vec<DecisionRecord>,
}

impl Past {
    pub fn load(tx: &Tx<'_>, key: &str, from: Timestamp) -> Result<Self, StoreError> {
        Ok(Self { row: tx.address(key)?, decisions: tx.decisions_of(key, from)? })
    }

    /// The row as it was at `from`: as the first decision since then found it.
    fn at_first(&self) -> Option<&AddressRecord> {
        self.decisions.first().map_or(self.row.as_ref(), |first| first.before.as_ref())
    }
}

impl History {
    pub fn load(tx: &Tx<'_>, domain: &str, ground: &Ground, from: Timestamp) -> Result<Self, StoreError> {
        let window = ground.freezes.window_start(from, ground.rule.window_ms());
        Ok(Self {
            ground: ground.clone(),
            from,
            since: window.min(from.minus_ms(BEFORE_MS)),
            ticks: tx.ticks_since(from.minus_ms(DAY_MS))?,
            truths: tx.truths_of(domain)?,
        })
    }

    /// What the mail server was found to be at `at`. Before it was tested for the first time it is taken for what it was
    /// found to be then.
    fn truth(&self, at: Timestamp) -> Option<Truth> {
        let known = self.truths.iter().rev().find(|(from, _)| *from <= at).or(self.truths.first());
        known.map_or(self.ground.truth, |(_, verdict)| *verdict)
    }

    /// What the rule would have made of the address.
    pub fn replay(
        &self,
        tx: &Tx<'_>,
        key: &str,
        past: &Past,
        alias: &dyn Fn(Timestamp) -> bool,
        now: Timestamp,
    ) -> Result<Course, StoreError> {
        let truth = |at| self.truth(at);
        let stage = Stage { rule: self.ground.rule, freezes: &self.ground.freezes, truth: &truth, alias };
        let first = past.at_first().map(|row| self.standing(row, past));
        let mut replay = Replay::new(stage, self.from, first);
        let mut others = self.others(past);
        others.extend(tx.rcpt_accepted_of(key, self.from)?.into_iter().map(|at| (at, Recorded::RcptAccepted)));
        others.sort_by_key(|(at, _)| *at);
        let mut others = others.into_iter().peekable();
        tx.seen_of(key, self.since, |seen| {
            while let Some((at, other)) = others.next_if(|(at, _)| *at <= seen.at) {
                replay.happens(at, other);
            }
            if let Some(what) = what(&seen) {
                replay.happens(seen.at, what);
            }
        })?;
        others.for_each(|(at, other)| replay.happens(at, other));
        Ok(replay.end(now))
    }

    /// Ticks, notices and decisions.
    fn others(&self, past: &Past) -> Vec<(Timestamp, Recorded)> {
        let mut others = Vec::new();
        for tick in &self.ticks {
            let at = tick.done.unwrap_or(tick.at);
            others.push((
                at,
                Recorded::Tick(Tick {
                    collapsed: tick.missed > 0,
                    holiday: tick.holiday == Some(true),
                    taken_for_shown: tick.due != Some(true),
                }),
            ));
            others.extend(tick.shown.map(|shown| (shown, Recorded::NoticeShown)));
        }
        others.extend(past.decisions.iter().filter_map(|decision| Some((decision.at, decided(decision)?))));
        others
    }

    /// The row as it was at the beginning. Notices that were shown since are taken off.
    fn standing(&self, row: &AddressRecord, past: &Past) -> Standing {
        let until = past.decisions.first().map_or(Timestamp(i64::MAX), |first| first.at);
        let shown = self.ticks.iter().filter_map(|tick| tick.shown).filter(|at| *at >= self.from && *at < until);
        let since = u32::try_from(shown.count()).unwrap_or(u32::MAX);
        let is_later = row.last_notice.is_some_and(|last| last >= self.from);
        let notices = if is_later { row.notices.saturating_sub(since) } else { row.notices };
        let before = (notices > 0).then(|| self.from.minus_ms(7 * DAY_MS));
        Standing { notices, last_notice: if is_later { before } else { row.last_notice }, ..as_standing(row) }
    }
}

fn as_standing(row: &AddressRecord) -> Standing {
    Standing {
        state: row.state,
        made_by: row.made_by,
        changed: row.changed,
        first_seen: row.first_seen,
        discovered: row.discovered,
        notices: row.notices,
        last_notice: row.last_notice,
        held_until: row.held_until,
        pinned: row.pinned,
        suspect: row.suspect.is_some(),
    }
}

/// An observation as the replay wants it; `None` for what no rule looks at.
fn what(seen: &SeenRecord) -> Option<Recorded> {
    Some(match seen.kind {
        EvidenceKind::Delivered => Recorded::Delivered(Message {
            by_itself: by_itself(seen)?,
            mark: seen.message_id.as_ref().map(|id| number(&(id, &seen.sender))),
            sender_domain: number(&seen.sender_domain),
        }),
        EvidenceKind::Sent => Recorded::Sent,
        EvidenceKind::RefusedByServer => Recorded::Refused,
        EvidenceKind::Bounced => Recorded::Bounced,
        EvidenceKind::RefusedByUs | EvidenceKind::TakenForLater => return None,
    })
}

/// What 3.3 says of a message itself, whatever the rule of then made of it.
fn by_itself(seen: &SeenRecord) -> Option<Result<(), NotCounted>> {
    let Some(word) = seen.not_counted_because.as_deref().filter(|word| *word != OF_ACCOUNT) else {
        return Some(Ok(()));
    };
    let why = NotCounted::from_word(word)?;
    Some(if why.is_of_the_message() { Err(why) } else { Ok(()) })
}

fn number(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// A decision as the replay wants it; what the rule of then did by itself is left out, for the rule that is tried decides.
fn decided(decision: &DecisionRecord) -> Option<Recorded> {
    if decision.who == BY_RULE {
        return None;
    }
    let state = |row: &Option<AddressRecord>| row.as_ref().map(|row| row.state);
    if let Some(entry) = decision.undoes {
        let restored = decision.after.as_ref().map(as_standing);
        return Some(Recorded::Undone { entry, left: state(&decision.before), restored });
    }
    if let ("give_week" | "pin_address" | "unpin_address", Some(after)) = (decision.action.as_str(), &decision.after) {
        return Some(Recorded::Marked { held_until: after.held_until, pinned: after.pinned });
    }
    if state(&decision.before) == state(&decision.after) {
        return None;
    }
    let made = match state(&decision.after) {
        Some(AddressState::User(role)) => Decision::CreateUser(role),
        Some(AddressState::Functional) => Decision::CreateFunctional,
        Some(AddressState::Alias) => Decision::AddAlias,
        Some(AddressState::Invalid(_)) => Decision::MarkInvalid,
        Some(AddressState::NeverAdd) => Decision::NeverAdd,
        None if decision.action == "remove_invalid" => Decision::RemoveInvalid,
        None => Decision::Delete,
        Some(AddressState::Watching | AddressState::Discovered | AddressState::Inactive) => return None,
    };
    Some(Recorded::Decided { entry: decision.entry, decision: made })
}

/// Whether the address was another name of exactly one account at `at` (3.7): an account of the operator's, or one that the
/// rule itself `made` by then.
pub(super) fn is_alias(
    tx: &Tx<'_>,
    key: &str,
    row: Option<&AddressRecord>,
    ground: &Ground,
    made: &HashMap<String, Timestamp>,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let Ok(address) = Address::parse(key) else { return Ok(false) };
    let mut rows: Vec<(Address, AddressRecord)> = Vec::new();
    for key in alias::keys(&address, &ground.domains).into_iter().filter(|found| found != key) {
        let Some(mut found) = row_at(tx, &key, at)? else { continue };
        if found.made_by == Some(MadeBy::Rule) {
            found.state = AddressState::Discovered;
        }
        if made.get(&key).is_some_and(|since| *since <= at) && !found.state.is_account() {
            found.state = AddressState::User(ground.rule.role);
        }
        if let Ok(address) = Address::parse(&key) {
            rows.push((address, found));
        }
    }
    let candidates: Vec<Candidate<'_>> = rows
        .iter()
        .map(|(address, row)| Candidate {
            address,
            state: row.state,
            owner: row.owner.as_deref(),
            names: names(Some(row)),
        })
        .collect();
    let newcomer = Newcomer { address: &address, names: names(row) };
    Ok(matches!(alias::test(&newcomer, &candidates), Answer::Auto(_)))
}

fn names(row: Option<&AddressRecord>) -> Names<'_> {
    row.map_or(Names::default(), |row| Names { first: row.first_name.as_deref(), surname: row.surname.as_deref() })
}

/// The row of an address as it was at `at`: as the next decision after that found it.
fn row_at(tx: &Tx<'_>, key: &str, at: Timestamp) -> Result<Option<AddressRecord>, StoreError> {
    match tx.decisions_of(key, at.plus_ms(1))?.into_iter().next() {
        Some(next) => Ok(next.before),
        None => tx.address(key),
    }
}
