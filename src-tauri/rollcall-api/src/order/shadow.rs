//! Commands about shadow mode and addresses that ended by themselves.

use rollcall_core::Role;
use rollcall_core::decision::Decision;
use rollcall_engine::House;

use crate::answers::{Discovery, Health, Restored};
use crate::ask;
use crate::registry::{HoldFreshWord, RestoreAndDeliverArgs, RestoreWord};
use crate::wire::Fault;

pub(super) async fn set_shadow(house: &House, days: Option<u32>) -> Result<Health, Fault> {
    house.set_shadow(days).await?;
    ask::health(house)
}

pub(super) async fn set_hold_fresh(house: &House, keep: HoldFreshWord) -> Result<Discovery, Fault> {
    house.set_hold_fresh(ask::shadow::hold(keep)).await?;
    ask::discovery::discovery(house)
}

pub(super) async fn restore_and_deliver(house: &House, args: RestoreAndDeliverArgs) -> Result<Restored, Fault> {
    let decision = match args.becomes {
        RestoreWord::Discovered => Decision::Restore,
        RestoreWord::User => Decision::CreateUser(Role::Silent),
        RestoreWord::Functional => Decision::CreateFunctional,
    };
    let (done, messages) = house.restore_and_deliver(&args.address, decision).await?;
    Ok(Restored { entry: done.entry, addresses: done.addresses, messages })
}
