//! Commands about outgoing mail.

use rollcall_engine::House;
use rollcall_engine::outward::Outbound as Set;

use crate::answers::TlsWord;
use crate::answers::outgoing::Outbound;
use crate::ask;
use crate::registry::outgoing::{OutboundMode, SetOutboundArgs};
use crate::wire::{Code, Fault};

/// Says how mail of the office's machines goes out.
pub(super) async fn set_outbound(house: &House, args: SetOutboundArgs) -> Result<Outbound, Fault> {
    let outbound = match (args.mode, args.host) {
        (OutboundMode::Off, _) => Set::Off,
        (OutboundMode::Smarthost, None) => {
            return Err(Fault::new(Code::Invalid, "Mode “smarthost” needs “host”."));
        }
        (OutboundMode::Smarthost, Some(host)) => {
            Set::Smarthost(super::destination(host, args.port.unwrap_or(25), args.tls.unwrap_or(TlsWord::Required)))
        }
    };
    house.set_outbound(outbound).await?;
    Ok(ask::outgoing::outbound(house))
}
