//! Writes notifications down, in the transaction of what they tell of.

use rollcall_core::notification::{Kind, State, joins};
use rollcall_core::transition::Tell;
use rollcall_core::{AddressState, InvalidReason, Timestamp};
use rollcall_store::{NamedAddress, NewNotification, NotificationRecord, StoreError, Tx};

use crate::discover::Seen;

/// Puts a notification into the inbox, or adds to the open one that it joins.
pub(crate) fn tell(
    tx: &Tx<'_>,
    new: NewNotification,
    addresses: &[NamedAddress],
    now: Timestamp,
) -> Result<i64, StoreError> {
    let open = tx.open_notification(&new.kind.tag(&new.subject))?;
    let joined = open.as_ref().filter(|open| {
        let told = open.posted.max(open.shown);
        open.kind == new.kind && joins(new.kind, open.made, told, now)
    });
    let id = match joined {
        Some(open) if is_known(tx, open, addresses)? => return Ok(open.id),
        Some(open) => {
            let numbers = added(new.kind, &open.numbers, &new.numbers);
            tx.join_notification(open.id, &NewNotification { numbers, ..new }, now)?;
            open.id
        }
        None => {
            if let Some(open) = open.filter(|_| new.kind.replaces()) {
                tx.mark_notification(open.id, State::Withdrawn)?;
            }
            tx.add_notification(&new, now)?
        }
    };
    for named in addresses {
        tx.name_in_notification(id, named)?;
    }
    Ok(id)
}

/// Some things happen with each message: once it was told, it is no news.
fn is_known(tx: &Tx<'_>, open: &NotificationRecord, addresses: &[NamedAddress]) -> Result<bool, StoreError> {
    if !matches!(open.kind, Kind::SentButRefused | Kind::Doubted | Kind::NoSeat) {
        return Ok(false);
    }
    for named in addresses {
        if tx.last_naming(open.kind, &named.key, open.made)? != Some(open.id) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A notification about addresses and nothing else.
pub(crate) fn of(kind: Kind) -> NewNotification {
    NewNotification { kind, subject: String::new(), numbers: Vec::new(), moment: None }
}

/// Tells of what became of a row by itself. `entry` is the journal entry that did it.
pub(crate) fn about(
    tx: &Tx<'_>,
    key: &str,
    state: Option<AddressState>,
    seen: &Seen,
    entry: Option<i64>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let is_end = state == Some(AddressState::Invalid(InvalidReason::Expired));
    let (kind, shown) = match seen {
        Seen::Discovered(shown) => (Kind::NewAddresses, shown.clone()),
        Seen::Created(shown) => (Kind::UsersAdded, shown.clone()),
        Seen::AliasMade { alias, .. } => (Kind::AliasesAdded, alias.clone()),
        Seen::Ended(shown) => (Kind::Ended, shown.clone()),
        Seen::Told(tell, shown) => match kind_of(*tell) {
            Some(kind) => (kind, shown.clone()),
            None => return Ok(()),
        },
        Seen::Row if is_end => (Kind::Ended, tx.address(key)?.map_or_else(|| key.to_owned(), |row| row.shown)),
        Seen::Nothing | Seen::Row => return Ok(()),
    };
    let proposes = u64::from(matches!(seen, Seen::Told(Tell::ProposeInvalid, _)));
    let numbers = if kind == Kind::Doubted { vec![proposes] } else { Vec::new() };
    let entry = entry.filter(|_| matches!(kind, Kind::UsersAdded | Kind::AliasesAdded | Kind::Ended));
    let named = NamedAddress { key: key.to_owned(), shown, entry };
    tell(tx, NewNotification { numbers, ..of(kind) }, &[named], now).map(drop)
}

const fn kind_of(tell: Tell) -> Option<Kind> {
    match tell {
        Tell::SentButRefused => Some(Kind::SentButRefused),
        Tell::ServerSaysNo | Tell::ProposeInvalid => Some(Kind::Doubted),
        Tell::NoSeat => Some(Kind::NoSeat),
        // The weekly notice tells of all that are due at once.
        Tell::NoticeDue => None,
        Tell::HeldMailEnds => Some(Kind::HeldMailEnds),
    }
}

/// What the numbers of a notification are once another joined it.
fn added(kind: Kind, before: &[u64], more: &[u64]) -> Vec<u64> {
    let place = |numbers: &[u64], place: usize| numbers.get(place).copied().unwrap_or(0);
    match kind {
        Kind::Undelivered | Kind::Blocked => {
            (0..before.len().max(more.len())).map(|at| place(before, at) + place(more, at)).collect()
        }
        Kind::Doubted => vec![place(before, 0).max(place(more, 0))],
        _ => more.to_vec(),
    }
}
