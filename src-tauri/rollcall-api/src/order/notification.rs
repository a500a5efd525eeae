//! Commands about what people are told.

use rollcall_core::notification::{self as core, Action, Kind};
use rollcall_engine::House;
use rollcall_engine::notification::Wishes;

use crate::answers::{Inbox, InboxActed, NoticeShown, NotificationSettings};
use crate::ask;
use crate::registry::{
    InboxActArgs, InboxArgs, InboxReadArgs, NotificationShownArgs, QuietHours, SetNotificationSettingsArgs,
};
use crate::wire::{Code, Fault};

pub(super) async fn read(house: &House, args: InboxReadArgs) -> Result<Inbox, Fault> {
    house.read_inbox(args.ids).await?;
    ask::notification::inbox(house, &InboxArgs::default())
}

pub(super) async fn act(house: &House, args: InboxActArgs) -> Result<InboxActed, Fault> {
    let Some(action) = Action::from_word(&args.action) else {
        return Err(Fault::new(Code::Invalid, format!("There is no button {}.", args.action)));
    };
    let acted = house.act(args.id, action).await?;
    Ok(InboxActed { entries: acted.entries, said: acted.said, addresses: acted.addresses })
}

pub(super) async fn shown(house: &House, args: &NotificationShownArgs) -> Result<NoticeShown, Fault> {
    Ok(NoticeShown { counted: house.notification_shown(args.id).await? })
}

pub(super) async fn set_settings(
    house: &House,
    args: SetNotificationSettingsArgs,
) -> Result<NotificationSettings, Fault> {
    let kind = |word: &String| {
        Kind::from_word(word)
            .ok_or_else(|| Fault::new(Code::Invalid, format!("There is no kind {word} of notification.")))
    };
    let off = args.off.map(|words| words.iter().map(kind).collect::<Result<Vec<_>, _>>()).transpose()?;
    let quiet = args.quiet.map(|quiet| hours(&quiet)).transpose()?;
    house.set_wanted_notifications(Wishes { on: args.on, quiet, off }).await?;
    ask::notification::settings(house)
}

fn hours(quiet: &QuietHours) -> Result<core::QuietHours, Fault> {
    let (from, until) = (minutes(&quiet.from)?, minutes(&quiet.until)?);
    Ok(core::QuietHours { on: quiet.on, from, until, weekends: quiet.weekends })
}

/// The minute of the day for `18:00`.
fn minutes(text: &str) -> Result<u16, Fault> {
    let parts = text.split_once(':').and_then(|(hour, minute)| {
        let both = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        (both(hour) && both(minute)).then_some((hour.parse::<u16>().ok()?, minute.parse::<u16>().ok()?))
    });
    match parts {
        Some((hour @ 0..24, minute @ 0..60)) => Ok(hour * 60 + minute),
        _ => Err(Fault::new(Code::Invalid, format!("“{text}” isn’t a time of the day, like 18:00."))),
    }
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn a_time_of_the_day_is_two_digits_each() {
        assert_eq!((minutes("18:00").ok(), minutes("00:05").ok()), (Some(1080), Some(5)));
        for wrong in ["24:00", "8:00", "08:60", "0800", "", "+8:00", "08:00:00"] {
            assert!(minutes(wrong).is_err(), "{wrong}");
        }
    }
}
