//! The inbox as a shell sees it.

use jiff::tz::TimeZone;
use rollcall_core::notification::{Button, Facts, State, View, Words, buttons, view, words};
use rollcall_store::{Kind as Folder, NotificationRecord, StoreError, Tx};

use super::facts::facts;
use super::post::settled;
use crate::bus::Tag;
use crate::error::EngineError;
use crate::house::House;

/// So many unread notifications are counted.
const MOST_UNREAD: u32 = 1_000;

/// A notification in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// As kept; with the state as it is now.
    pub record: NotificationRecord,
    /// Title and text.
    pub words: Words,
    /// Its buttons, the main one first; none once it is dealt with.
    pub buttons: Vec<Button>,
    /// What a click opens.
    pub view: View,
    /// The addresses that still stand, as shown, at most a hundred.
    pub addresses: Vec<String>,
    /// How many there are.
    pub count: u64,
}

/// A page of the inbox.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inbox {
    /// Newest first.
    pub entries: Vec<Entry>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<i64>,
    /// How many are unread and still stand.
    pub unread: u64,
}

impl House {
    /// A page of the inbox below number `before`.
    ///
    /// # Errors
    /// The store's.
    pub fn inbox(&self, limit: u32, before: Option<i64>, unread_only: bool) -> Result<Inbox, EngineError> {
        let (grounds, practice) = (self.grounds(), self.kind == Folder::Practice);
        Ok(self.store.read(|tx| {
            let settled = settled(tx)?;
            let rows = tx.notifications(limit, before, unread_only)?;
            let next = (rows.len() == limit as usize).then(|| rows.last().map(|row| row.id)).flatten();
            let mut entries = Vec::new();
            for row in rows {
                let row = as_it_is(row, &settled);
                if unread_only && row.state != State::Unread {
                    continue;
                }
                let (facts, named) = facts(tx, &row, &grounds, practice)?;
                entries.push(entry(row, &facts, named.into_iter().map(|named| named.shown).collect()));
            }
            Ok(Inbox { entries, next, unread: unread(tx, &settled)? })
        })?)
    }

    /// Notifications were read: these, or with `None` all of them.
    ///
    /// # Errors
    /// The store's.
    pub async fn read_inbox(&self, ids: Option<Vec<i64>>) -> Result<(), EngineError> {
        self.store
            .write(move |tx| {
                let Some(ids) = &ids else { return tx.read_notifications().map(drop) };
                for id in ids {
                    if tx.notification(*id)?.is_some_and(|one| one.state == State::Unread) {
                        tx.mark_notification(*id, State::Read)?;
                    }
                }
                Ok(())
            })
            .await?;
        self.bus.stale(&[Tag::Notifications]);
        Ok(())
    }

    /// A shell showed a notification. The weekly one counts then (X05); answers for how many addresses.
    ///
    /// # Errors
    /// Not found.
    pub async fn notification_shown(&self, id: i64) -> Result<u64, EngineError> {
        use rollcall_core::notification::Kind;
        let now = self.clock.now();
        let shown = self
            .store
            .write(move |tx| {
                tx.show_notification(id, now)?;
                tx.notification(id)
            })
            .await?;
        let record = shown.ok_or_else(|| EngineError::NotFound("There is no such notification.".to_owned()))?;
        self.bus.stale(&[Tag::Notifications]);
        if record.kind == Kind::Weekly && record.state.is_open() {
            return self.weekly_seen(record.state).await;
        }
        Ok(0)
    }
}

fn entry(record: NotificationRecord, facts: &Facts, addresses: Vec<String>) -> Entry {
    let kind = record.kind;
    Entry {
        words: words(kind, facts, &TimeZone::system()),
        buttons: if record.state.is_open() { buttons(kind, facts) } else { Vec::new() },
        view: view(kind, facts),
        addresses,
        count: facts.count,
        record,
    }
}

/// With the state that it has once the watch looks at it.
fn as_it_is(record: NotificationRecord, settled: &[i64]) -> NotificationRecord {
    let state = if settled.contains(&record.id) { State::DealtWith } else { record.state };
    NotificationRecord { state, ..record }
}

fn unread(tx: &Tx<'_>, settled: &[i64]) -> Result<u64, StoreError> {
    let unread = tx.notifications(MOST_UNREAD, None, true)?;
    Ok(unread.iter().filter(|one| !settled.contains(&one.id)).count() as u64)
}
