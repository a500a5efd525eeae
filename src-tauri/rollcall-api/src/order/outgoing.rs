//! Commands about outgoing mail.

use rollcall_engine::House;
use rollcall_engine::outward::{Outbound as Set, Smarthost};
use rollcall_engine::probe::Found;

use crate::answers::TlsWord;
use crate::answers::outgoing::Outbound;
use crate::ask;
use crate::registry::outgoing::{OutboundMode, SetOutboundArgs, SetOutboundSecretArgs, TestOutboundArgs};
use crate::wire::{Code, Fault};

/// Says how mail of the office's machines goes out.
pub(super) async fn set_outbound(house: &House, args: SetOutboundArgs) -> Result<Outbound, Fault> {
    let outbound = match (args.mode, args.host) {
        (OutboundMode::Off, _) => Set::Off,
        (OutboundMode::Mx, _) => Set::Mx,
        (OutboundMode::Smarthost, None) => {
            return Err(Fault::new(Code::Invalid, "Mode “smarthost” needs “host”."));
        }
        (OutboundMode::Smarthost, Some(host)) => Set::Smarthost(smarthost(host, args.port, args.tls, args.username)),
    };
    house.set_outbound(outbound).await?;
    Ok(ask::outgoing::outbound(house))
}

/// Seals the password for the server that takes outgoing mail.
pub(super) async fn set_outbound_secret(house: &House, args: SetOutboundSecretArgs) -> Result<Outbound, Fault> {
    house.set_outbound_secret(&args.secret).await?;
    Ok(ask::outgoing::outbound(house))
}

/// Talks to the server that takes outgoing mail.
pub(super) async fn test_outbound(house: &House, args: TestOutboundArgs) -> Result<Found, Fault> {
    match (args.mode, args.host, args.domain) {
        (OutboundMode::Smarthost, Some(host), _) => {
            let smarthost = smarthost(host, args.port, args.tls, args.username);
            Ok(house.test_smarthost(smarthost, args.secret).await?)
        }
        (OutboundMode::Mx, _, Some(domain)) => Ok(house.test_direct(&domain).await?),
        (OutboundMode::Smarthost, None, _) => Err(Fault::new(Code::Invalid, "Mode “smarthost” needs “host”.")),
        (OutboundMode::Mx, _, None) => Err(Fault::new(Code::Invalid, "Mode “mx” needs “domain”.")),
        (OutboundMode::Off, ..) => {
            Err(Fault::new(Code::Invalid, "There is nothing to test while mail doesn't go out."))
        }
    }
}

fn smarthost(host: String, port: Option<u16>, tls: Option<TlsWord>, username: Option<String>) -> Smarthost {
    let destination = super::destination(host, port.unwrap_or(25), tls.unwrap_or(TlsWord::Required));
    Smarthost { destination, username }
}
