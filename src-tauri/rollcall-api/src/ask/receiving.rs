//! Where mail comes in, who is known there, and what clients see.

use rollcall_engine::House;
use rollcall_engine::health;
use rollcall_engine::store::{self, ListenerRecord};

use crate::answers::{CertificateRow, ListenerRow, Receiving};
use crate::registry::{ListenerRole, ListenerTls, SenderHost, Speaks, Upstream};
use crate::wire::Fault;

pub(crate) fn receiving(house: &House) -> Result<Receiving, Fault> {
    let (upstreams, hosts) = house.store.read(|tx| Ok((tx.upstreams()?, tx.sender_hosts()?)))?;
    let facts = house.certificate.facts();
    Ok(Receiving {
        listeners: house.listeners().into_iter().map(listener_row).collect(),
        upstreams: upstreams
            .into_iter()
            .map(|one| Upstream { address: one.network, speaks: speaks(one.speaks) })
            .collect(),
        sender_hosts: hosts.into_iter().map(|one| SenderHost { network: one.network, note: one.note }).collect(),
        certificate: CertificateRow {
            subject: facts.subject,
            names: facts.names,
            issuer: facts.issuer,
            self_signed: facts.self_signed,
            not_after_ms: facts.not_after_ms,
            fingerprint: facts.fingerprint,
        },
        reply_contact: house.setup().reply_contact.clone(),
    })
}

pub(crate) fn listener_row(listener: health::Listener) -> ListenerRow {
    let health::Listener { asked, bound, fault } = listener;
    let ListenerRecord { name, address, port, role, tls } = asked;
    let role = match role {
        store::ListenerRole::Inbound => ListenerRole::Inbound,
        store::ListenerRole::Submission => ListenerRole::Submission,
    };
    let tls = match tls {
        store::ListenerTls::None => ListenerTls::None,
        store::ListenerTls::StartTls => ListenerTls::StartTls,
        store::ListenerTls::Implicit => ListenerTls::Implicit,
    };
    ListenerRow { name, role, tls, address, port, bound, fault }
}

const fn speaks(speaks: store::Speaks) -> Speaks {
    match speaks {
        store::Speaks::Smtp => Speaks::Smtp,
        store::Speaks::Proxy => Speaks::Proxy,
        store::Speaks::Xclient => Speaks::Xclient,
    }
}
