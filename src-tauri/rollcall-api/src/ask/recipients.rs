//! What destinations said of recipients.

use rollcall_core::Address;
use rollcall_engine::{EngineError, House};

use crate::answers::{CachedAnswer, CachedWord, RecipientCache};
use crate::wire::Fault;

pub(crate) fn recipient_cache(house: &House, address: &str) -> Result<RecipientCache, Fault> {
    let address = Address::parse(address).map_err(EngineError::from)?;
    Ok(RecipientCache { cached: cached(house, &address) })
}

pub(crate) fn cached(house: &House, address: &Address) -> Option<CachedAnswer> {
    let said = house.said_of(address)?;
    let answer = if said.known { CachedWord::Exists } else { CachedWord::Unknown };
    Some(CachedAnswer { answer, reply: said.reply, at_ms: said.at.0 })
}
