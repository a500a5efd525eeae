//! Shadow mode, addresses that ended by themselves, accounts asked about again, and what is only observed.

use rollcall_core::fresh::Hold;
use rollcall_core::guess::{self, Looks};
use rollcall_engine::House;
use rollcall_engine::store::{self, EvidenceRecord};

use crate::answers::{
    FreshInvalid, HeldForAddress, Observed, ObservedRow, Reverify, Shadow, Suggestion, SuggestionKind,
};
use crate::registry::{HoldFreshWord, ObservedArgs};
use crate::wire::Fault;

/// The most senders that are named.
const NAMED: usize = 10;

pub(super) fn shadow(house: &House) -> Result<Option<Shadow>, Fault> {
    let shadow = house.shadow()?;
    Ok(shadow.map(|shadow| Shadow {
        since_ms: shadow.since.0,
        until_ms: shadow.until.0,
        would_refuse: shadow.would_refuse,
    }))
}

/// `evidence` is what there is about the row, newest first.
pub(super) fn fresh(
    house: &House,
    row: &store::AddressRecord,
    evidence: &[EvidenceRecord],
) -> Result<Option<FreshInvalid>, Fault> {
    let Some(fresh) = house.fresh(row)? else { return Ok(None) };
    let since = |one: &&EvidenceRecord| one.kind == store::EvidenceKind::RefusedByUs && one.at >= fresh.ended;
    let turned_away: Vec<&EvidenceRecord> = evidence.iter().filter(since).collect();
    let mut senders: Vec<String> = Vec::new();
    for one in &turned_away {
        if senders.len() < NAMED && !senders.contains(&one.sender) {
            senders.push(one.sender.clone());
        }
    }
    Ok(Some(FreshInvalid {
        ended_ms: fresh.ended.0,
        until_ms: fresh.until.0,
        defers_until_ms: fresh.defers_until.map(|at| at.0),
        held: fresh.held.into_iter().map(held).collect(),
        turned_away: turned_away.len() as u64,
        senders,
    }))
}

fn held(message: store::HeldMessage) -> HeldForAddress {
    HeldForAddress {
        queue_id: message.queue_id,
        sender: message.reverse_path,
        subject: message.subject,
        size_bytes: message.size,
        arrived_ms: message.arrived.0,
        keep_until_ms: message.keep_until.0,
    }
}

pub(super) fn reverify(house: &House, address: &rollcall_core::Address) -> Result<Option<Reverify>, Fault> {
    let progress = house.reverified(address)?;
    Ok(progress.map(|progress| Reverify { next_ms: progress.next.0, refusals: progress.refusals }))
}

pub(super) fn observed(house: &House, args: &ObservedArgs) -> Result<Observed, Fault> {
    let (rows, total) = house.store.read(|tx| tx.observed(super::rows(args.limit)))?;
    Ok(Observed { rows: rows.into_iter().map(observed_row).collect(), total })
}

fn observed_row(one: store::Observed) -> ObservedRow {
    let local = one.shown.rsplit_once('@').map_or(one.shown.as_str(), |(local, _)| local);
    let (kind, first_name, surname) = match guess::looks(local) {
        Looks::LikePerson { first_name, surname } => (SuggestionKind::Person, first_name, surname),
        Looks::LikeFunctional => (SuggestionKind::Functional, None, None),
    };
    ObservedRow {
        messages: one.messages,
        first_ms: one.first.0,
        last_ms: one.last.0,
        suggestion: Suggestion { kind, first_name, surname, of: None, why: None },
        address: one.shown,
    }
}

pub(crate) const fn hold_word(hold: Hold) -> HoldFreshWord {
    match hold {
        Hold::Off => HoldFreshWord::Off,
        Hold::Envelope => HoldFreshWord::Envelope,
        Hold::Full => HoldFreshWord::Full,
    }
}

/// The choice for its word on the wire.
pub(crate) const fn hold(word: HoldFreshWord) -> Hold {
    match word {
        HoldFreshWord::Off => Hold::Off,
        HoldFreshWord::Envelope => Hold::Envelope,
        HoldFreshWord::Full => Hold::Full,
    }
}
