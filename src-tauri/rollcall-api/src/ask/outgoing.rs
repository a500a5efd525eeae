//! Queries about outgoing mail.

use rollcall_engine::House;
use rollcall_engine::destinations::Reachability as Known;
use rollcall_engine::outward::Outbound as Set;

use crate::answers::outgoing::Outbound;
use crate::answers::{Destination, Reachability};
use crate::registry::outgoing::OutboundMode;

/// How mail of the office's machines goes out.
pub(crate) fn outbound(house: &House) -> Outbound {
    let (setup, secret) = (house.setup(), house.outbound_secret());
    let (mode, username, lacks_password) = match &setup.outbound {
        Set::Off => (OutboundMode::Off, None, false),
        Set::Mx => (OutboundMode::Mx, None, false),
        Set::Smarthost(now) => (OutboundMode::Smarthost, now.username.clone(), now.lacks_password()),
    };
    let smarthost = setup.outbound.smarthost();
    let (reachability, since_ms, trouble) = match smarthost.and_then(|smarthost| house.reachability(smarthost)) {
        None => (Reachability::NotAskedYet, None, None),
        Some(Known::Answers(since)) => (Reachability::Answers, Some(since.0), None),
        Some(Known::DoesNotAnswer { since, trouble }) => (Reachability::DoesNotAnswer, Some(since.0), Some(trouble)),
    };
    Outbound {
        mode,
        smarthost: smarthost.map(|smarthost| Destination {
            host: smarthost.host.clone(),
            port: smarthost.port,
            tls: super::tls_word(rollcall_engine::setup::stored_policy(smarthost.tls)),
        }),
        username,
        lacks_password,
        secret_place: secret.place.map(super::secret_place),
        secret_trouble: secret.trouble,
        reachability,
        since_ms,
        trouble,
        sender_hosts: u32::try_from(setup.sender_hosts.texts().count()).unwrap_or(u32::MAX),
    }
}
