//! The inbox, and what is wanted of it.

use jiff::tz::TimeZone;
use rollcall_core::notification::{self as core, Kind, Level, State};
use rollcall_engine::House;
use rollcall_engine::notification::Entry;

use super::rows;
use crate::answers::{
    Inbox, InboxButton, InboxRow, InboxState, InboxView, NotificationKind, NotificationLevel, NotificationSettings,
};
use crate::registry::{InboxArgs, QuietHours};
use crate::wire::Fault;

pub(crate) fn inbox(house: &House, args: &InboxArgs) -> Result<Inbox, Fault> {
    let page = house.inbox(rows(args.limit), args.cursor, args.unread_only.unwrap_or(false))?;
    Ok(Inbox { rows: page.entries.into_iter().map(row).collect(), next: page.next, unread: page.unread })
}

pub(crate) fn settings(house: &House) -> Result<NotificationSettings, Fault> {
    let wanted = house.wanted_notifications()?;
    let kind = |kind: Kind| NotificationKind {
        kind: kind.word().to_owned(),
        title: kind.title().to_owned(),
        level: level(kind.level()),
        on: !wanted.off.contains(&kind),
    };
    let core::QuietHours { on, from, until, weekends } = wanted.quiet;
    Ok(NotificationSettings {
        on: wanted.on,
        quiet: QuietHours { on, from: clock(from), until: clock(until), weekends },
        quiet_until_ms: wanted.quiet.end(house.clock.now(), &TimeZone::system()).map(|at| at.0),
        kinds: Kind::ALL.map(kind).to_vec(),
    })
}

fn row(entry: Entry) -> InboxRow {
    let Entry { record, words, buttons, view, addresses, count } = entry;
    let button =
        |button: core::Button| InboxButton { action: button.action.word().to_owned(), label: button.label.to_owned() };
    InboxRow {
        id: record.id,
        kind: record.kind.word().to_owned(),
        level: level(record.kind.level()),
        title: words.title,
        text: words.text,
        buttons: buttons.into_iter().map(button).collect(),
        view: InboxView {
            section: view.section.to_owned(),
            filter: view.filter.map(str::to_owned),
            address: view.address,
        },
        addresses,
        count,
        made_ms: record.made.0,
        changed_ms: record.changed.0,
        posted_ms: record.posted.map(|at| at.0),
        shown_ms: record.shown.map(|at| at.0),
        state: match record.state {
            State::Unread => InboxState::Unread,
            State::Read => InboxState::Read,
            State::DealtWith => InboxState::DealtWith,
            State::Withdrawn => InboxState::Withdrawn,
        },
        tag: record.tag,
    }
}

const fn level(level: Level) -> NotificationLevel {
    match level {
        Level::Quiet => NotificationLevel::Quiet,
        Level::Normal => NotificationLevel::Normal,
        Level::Urgent => NotificationLevel::Urgent,
    }
}

/// `18:00` for a minute of the day.
fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
