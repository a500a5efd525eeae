//! Commands about where mail comes in.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rollcall_engine::House;
use rollcall_engine::certificate::Brought;
use rollcall_engine::store::{self, ListenerRecord, SenderHostRecord, UpstreamRecord};

use crate::answers::{ListenerSet, Receiving};
use crate::ask;
use crate::registry::{
    ImportCertificateArgs, ListenerRole, ListenerTls, SetListenerArgs, SetSenderHostsArgs, SetUpstreamsArgs, Speaks,
    UpstreamArg,
};
use crate::wire::{Code, Fault};

pub(super) async fn set_listener(house: &Arc<House>, args: SetListenerArgs) -> Result<ListenerSet, Fault> {
    let SetListenerArgs { name, address, port, role, tls } = args;
    let name = name.trim().to_lowercase();
    let before = house.listeners().into_iter().map(|one| one.asked).find(|one| one.name == name);
    let role = role.map(|role| match role {
        ListenerRole::Inbound => store::ListenerRole::Inbound,
        ListenerRole::Submission => store::ListenerRole::Submission,
    });
    let tls = tls.map(|tls| match tls {
        ListenerTls::None => store::ListenerTls::None,
        ListenerTls::StartTls => store::ListenerTls::StartTls,
        ListenerTls::Implicit => store::ListenerTls::Implicit,
    });
    let role = role.or(before.as_ref().map(|one| one.role)).unwrap_or(store::ListenerRole::Inbound);
    let tls = tls.or(before.as_ref().map(|one| one.tls)).unwrap_or(store::ListenerTls::StartTls);
    house.set_listener(ListenerRecord { name: name.clone(), address, port, role, tls }).await?;
    let set = house.listeners().into_iter().find(|one| one.asked.name == name);
    let set = set.ok_or_else(|| Fault::new(Code::Internal, "The listener is not there after it was set."))?;
    Ok(ListenerSet { listener: ask::listener_row(set) })
}

pub(super) async fn set_upstreams(house: &House, args: SetUpstreamsArgs) -> Result<(), Fault> {
    let record = |one: UpstreamArg| match one {
        UpstreamArg::Address(network) => UpstreamRecord { network, speaks: store::Speaks::Smtp },
        UpstreamArg::Speaking(one) => UpstreamRecord {
            network: one.address,
            speaks: match one.speaks {
                Speaks::Smtp => store::Speaks::Smtp,
                Speaks::Proxy => store::Speaks::Proxy,
                Speaks::Xclient => store::Speaks::Xclient,
            },
        },
    };
    let upstreams: Vec<UpstreamRecord> = args.addresses.into_iter().map(record).collect();
    Ok(house.set_upstreams(&upstreams).await?)
}

pub(super) async fn set_sender_hosts(house: &House, args: SetSenderHostsArgs) -> Result<Receiving, Fault> {
    let hosts: Vec<SenderHostRecord> =
        args.hosts.into_iter().map(|one| SenderHostRecord { network: one.network, note: one.note }).collect();
    house.set_sender_hosts(&hosts).await?;
    ask::receiving(house)
}

pub(super) async fn import_certificate(house: &House, args: ImportCertificateArgs) -> Result<Receiving, Fault> {
    let brought = match args {
        ImportCertificateArgs { pem: Some(pem), pfx_base64: None, .. } => Brought::Pem(pem),
        ImportCertificateArgs { pem: None, pfx_base64: Some(text), passphrase } => {
            let bytes = STANDARD.decode(text.trim()).map_err(|_| {
                Fault::new(Code::Invalid, "The PFX file didn't arrive as base64, so nothing was changed.")
            })?;
            Brought::Pfx { bytes, passphrase: passphrase.unwrap_or_default() }
        }
        _ => {
            let sentence = "Give either a PEM text with certificate and key, or a PFX file with its passphrase.";
            return Err(Fault::new(Code::Invalid, sentence));
        }
    };
    house.import_certificate(brought).await?;
    ask::receiving(house)
}
