//! Commands about discovery: its switch, the rules of the domains, the week.

use rollcall_core::Timestamp;
use rollcall_engine::House;
use rollcall_engine::week::day_of;

use crate::answers::{Discovery, NoticeShown};
use crate::ask;
use crate::registry::{SetRuleArgs, SetWeeklyArgs};
use crate::wire::{Code, Fault};

pub(super) async fn set_discovery(house: &House, on: bool) -> Result<Discovery, Fault> {
    house.set_discovery(on).await?;
    ask::discovery::discovery(house)
}

pub(super) async fn set_rule(house: &House, args: SetRuleArgs) -> Result<Discovery, Fault> {
    let rule = ask::discovery::wanted(house, &args.domain, args.preset, args.rule)?;
    house.set_rule(&args.domain, rule).await?;
    ask::discovery::discovery(house)
}

pub(super) async fn set_weekly(house: &House, args: SetWeeklyArgs) -> Result<Discovery, Fault> {
    let day = day_of(ask::discovery::day_text(args.weekday));
    let day = day.ok_or_else(|| Fault::new(Code::Invalid, "That is no day of the week."))?;
    house.set_weekly(day, args.hour).await?;
    ask::discovery::discovery(house)
}

pub(super) async fn set_holiday(house: &House, until_ms: Option<i64>) -> Result<Discovery, Fault> {
    house.set_holiday(until_ms.map(Timestamp)).await?;
    ask::discovery::discovery(house)
}

pub(super) async fn set_upstream_authserv(house: &House, name: &str) -> Result<Discovery, Fault> {
    house.set_upstream_authserv(name).await?;
    ask::discovery::discovery(house)
}

pub(super) async fn notice_shown(house: &House) -> Result<NoticeShown, Fault> {
    Ok(NoticeShown { counted: house.weekly_notice_shown().await? })
}
