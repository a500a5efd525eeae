//! Commands about outgoing mail.

use rollcall_engine::House;
use rollcall_engine::outward::{Outbound as Set, Smarthost};

use crate::answers::TlsWord;
use crate::answers::outgoing::Outbound;
use crate::ask;
use crate::registry::outgoing::{OutboundMode, SetOutboundArgs, SetOutboundSecretArgs};
use crate::wire::{Code, Fault};

/// Says how mail of the office's machines goes out.
pub(super) async fn set_outbound(house: &House, args: SetOutboundArgs) -> Result<Outbound, Fault> {
    let outbound = match (args.mode, args.host) {
        (OutboundMode::Off, _) => Set::Off,
        (OutboundMode::Mx, _) => Set::Mx,
        (OutboundMode::Smarthost, None) => {
            return Err(Fault::new(Code::Invalid, "Mode “smarthost” needs “host”."));
        }
        (OutboundMode::Smarthost, Some(host)) => {
            let (port, tls) = (args.port.unwrap_or(25), args.tls.unwrap_or(TlsWord::Required));
            Set::Smarthost(Smarthost { destination: super::destination(host, port, tls), username: args.username })
        }
    };
    house.set_outbound(outbound).await?;
    Ok(ask::outgoing::outbound(house))
}

/// Seals the password for the server that takes outgoing mail.
pub(super) async fn set_outbound_secret(house: &House, args: SetOutboundSecretArgs) -> Result<Outbound, Fault> {
    house.set_outbound_secret(&args.secret).await?;
    Ok(ask::outgoing::outbound(house))
}
