//! Commands about where mail comes in and what is kept: one function each, so that the list of all commands stays short.

use std::sync::Arc;

use rollcall_engine::House;
use rollcall_engine::retention::Retention;

use super::receiving;
use crate::answers::{BlockedClients, Health, LogRetention, Receiving, RecipientCacheCleared};
use crate::ask;
use crate::registry::queue::{SetDiskReserveArgs, SetReplyContactArgs};
use crate::registry::{
    ClearRecipientCacheArgs, RemoveListenerArgs, SetLogRetentionArgs, SetNotificationsArgs, SetUpstreamsArgs,
    UnblockClientArgs,
};
use crate::wire::Fault;

pub(super) async fn remove_listener(house: &Arc<House>, args: RemoveListenerArgs) -> Result<Receiving, Fault> {
    house.remove_listener(&args.name).await?;
    ask::receiving(house)
}

pub(super) async fn set_upstreams(house: &Arc<House>, args: SetUpstreamsArgs) -> Result<Health, Fault> {
    receiving::set_upstreams(house, args).await?;
    ask::health(house)
}

pub(super) async fn clear_recipient_cache(
    house: &Arc<House>,
    args: ClearRecipientCacheArgs,
) -> Result<RecipientCacheCleared, Fault> {
    let forgotten = house.clear_recipient_cache(args.address.as_deref(), args.domain.as_deref()).await?;
    Ok(RecipientCacheCleared { forgotten: forgotten as u64 })
}

pub(super) async fn unblock_client(house: &Arc<House>, args: UnblockClientArgs) -> Result<BlockedClients, Fault> {
    house.unblock_client(&args.address).await?;
    Ok(ask::blocked_clients(house))
}

pub(super) async fn set_log_retention(house: &Arc<House>, args: SetLogRetentionArgs) -> Result<LogRetention, Fault> {
    let wanted = Retention { days: args.days, megabytes: args.megabytes };
    house.set_log_retention(wanted).await?;
    ask::log_retention(house)
}

pub(super) async fn set_notifications(house: &Arc<House>, args: SetNotificationsArgs) -> Result<Health, Fault> {
    house.set_notifications(args.wanted).await?;
    ask::health(house)
}

pub(super) async fn set_disk_reserve(house: &Arc<House>, args: SetDiskReserveArgs) -> Result<Health, Fault> {
    house.set_disk_reserve(u64::from(args.mib)).await?;
    ask::health(house)
}

pub(super) async fn set_reply_contact(house: &Arc<House>, args: SetReplyContactArgs) -> Result<Receiving, Fault> {
    house.set_reply_contact(&args.contact).await?;
    ask::receiving(house)
}
