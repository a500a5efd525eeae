//! Who is blocked for guessing addresses.

use rollcall_engine::House;
use rollcall_engine::harvest::Blocked;

use crate::answers::{BlockedClient, BlockedClients};

pub(crate) fn blocked_clients(house: &House) -> BlockedClients {
    let row =
        |one: Blocked| BlockedClient { address: one.address.to_string(), until_ms: one.until.0, invalid: one.invalid };
    let (invalid_last_minute, under_attack) = house.guesses();
    BlockedClients {
        blocked: house.blocked_clients().into_iter().map(row).collect(),
        under_attack,
        invalid_last_minute,
    }
}
