//! What people are told of the sync (N15, N16, N17, T17), in the transaction of the run.

use rollcall_core::Timestamp;
use rollcall_core::directory::{Problem, ProblemKind, WAIT_MS, sentence};
use rollcall_core::notification::{Kind, State};
use rollcall_store::{NewNotification, StoreError, Tx};

use crate::notification::tell::{of, tell};

/// So many failures in a row are told (N15).
const LASTING: u32 = 2;

/// N15: two runs in a row failed.
pub(super) fn failing(tx: &Tx<'_>, failures: u32, source: &str, now: Timestamp) -> Result<(), StoreError> {
    if failures < LASTING {
        return Ok(());
    }
    // Told once: that it fails again and again is no news.
    let open = tx.open_notification(&Kind::SyncProblem.tag(""))?;
    let told = open.filter(|open| open.subject == source && open.numbers.first().is_some_and(|failures| *failures > 0));
    if let Some(told) = told {
        return tx.renumber_notification(told.id, &[failures.into()]);
    }
    let new = NewNotification { subject: source.to_owned(), numbers: vec![failures.into()], ..of(Kind::SyncProblem) };
    tell(tx, new, &[], now).map(drop)
}

/// N15: what two runs in a row ask.
pub(super) fn lasting(
    tx: &Tx<'_>,
    before: Option<i64>,
    problems: &[Problem],
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(before) = before else { return Ok(()) };
    let asks = |problem: &&Problem| {
        !matches!(problem.kind, ProblemKind::ForeignDomain | ProblemKind::Unreadable | ProblemKind::NoSeat)
    };
    let known = tx.sync_problems(before, u32::MAX)?;
    let is_known =
        |problem: &&Problem| known.iter().any(|one| one.kind == problem.kind && one.address == problem.address);
    let lasting: Vec<&Problem> = problems.iter().filter(asks).filter(is_known).collect();
    let Some(first) = lasting.first() else { return Ok(()) };
    if tx.open_notification(&Kind::SyncProblem.tag(""))?.is_some() {
        return Ok(());
    }
    let subject = sentence(first);
    let new = NewNotification { subject, numbers: vec![0, lasting.len() as u64], ..of(Kind::SyncProblem) };
    tell(tx, new, &[], now).map(drop)
}

/// N16: a run stopped, because it would have put many aside.
pub(super) fn stopped(tx: &Tx<'_>, count: u64, now: Timestamp) -> Result<(), StoreError> {
    tell(tx, NewNotification { numbers: vec![count], ..of(Kind::SyncStopped) }, &[], now).map(drop)
}

/// N17: the directory lets us in no more.
pub(super) fn sign_in(tx: &Tx<'_>, source: &str, now: Timestamp) -> Result<(), StoreError> {
    tell(tx, NewNotification { subject: source.to_owned(), ..of(Kind::SyncSignIn) }, &[], now).map(drop)
}

/// A good run: what was wrong with the runs before is over.
pub(super) fn settled(tx: &Tx<'_>) -> Result<(), StoreError> {
    for kind in [Kind::SyncStopped, Kind::SyncSignIn] {
        if let Some(open) = tx.open_notification(&kind.tag(""))? {
            tx.mark_notification(open.id, State::Withdrawn)?;
        }
    }
    let failing = tx.open_notification(&Kind::SyncProblem.tag(""))?;
    if let Some(open) = failing.filter(|open| open.numbers.first().is_some_and(|failures| *failures > 0)) {
        tx.mark_notification(open.id, State::Withdrawn)?;
    }
    Ok(())
}

/// T17: the 14 days of accounts that left are over, and nothing is deleted by itself.
pub(super) fn leaving(tx: &Tx<'_>, deletes: bool, now: Timestamp) -> Result<(), StoreError> {
    let waiting = tx.leaving_total(now.minus_ms(WAIT_MS))?;
    let open = tx.open_notification(&Kind::SyncLeft.tag(""))?;
    let is_told = open.as_ref().is_some_and(|open| open.numbers.first() == Some(&waiting));
    if waiting == 0 || deletes || is_told {
        return Ok(());
    }
    tell(tx, NewNotification { numbers: vec![waiting], ..of(Kind::SyncLeft) }, &[], now).map(drop)
}
