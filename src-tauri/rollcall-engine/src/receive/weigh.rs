//! What a message says as evidence: whether it counts at all (3.3), and who of ours sent it (T5).

use std::net::IpAddr;

use rollcall_core::clean::{self, Content as Judged, Delivery, NotCounted};
use rollcall_core::{Address, Timestamp};
use rollcall_mail::upstream_verdict::{UpstreamSpf, upstream_verdict};
use rollcall_store::EvidenceKind;

use super::Client;
use super::content::Content;
use super::transaction::Recipient;
use crate::discover::Sighting;
use crate::ground::Ground;
use crate::house::House;

/// Whether a delivered message counts by itself, whoever it is for.
pub(super) async fn message(
    house: &House,
    client: &Client,
    reverse_path: &str,
    recipients: usize,
    content: &Content,
) -> Result<(), NotCounted> {
    let filtered = said_in_front(house, client, content).await;
    clean::counts(Delivery {
        null_reverse_path: reverse_path.is_empty(),
        auto_submitted: content.headline.auto_submitted,
        bulk: content.headline.bulk,
        verdict: if filtered.spam == Some(true) { Judged::Spam } else { Judged::Clean },
        spf_fail: filtered.spf == UpstreamSpf::Fail,
        recipients,
        from_guesser: house.is_guesser(client.ip),
        under_attack: false,
    })
}

/// What a listed filter in front of us said (3.0): only its word is asked for.
async fn said_in_front(house: &House, client: &Client, content: &Content) -> rollcall_mail::upstream_verdict::Verdict {
    if !client.is_upstream {
        return rollcall_mail::upstream_verdict::Verdict::default();
    }
    match content.beginning().await {
        Ok(beginning) => upstream_verdict(&beginning, house.setup().authserv.as_deref()),
        Err(error) => {
            tracing::debug!(%error, "the verdict of the filter in front could not be read");
            rollcall_mail::upstream_verdict::Verdict::default()
        }
    }
}

/// One of ours that sent a message outside.
pub(super) struct Sent {
    /// What was seen of it.
    pub sighting: Sighting,
    /// It is an address made for one message.
    pub never_learn: bool,
    /// Whom it wrote to, lower case.
    pub outside: Vec<String>,
    /// What decisions about it stand on.
    pub ground: Ground,
}

/// Who of ours sent this message outside, if one of the office's machines handed it over and it is clean.
pub(super) fn sent(
    house: &House,
    client: &Client,
    reverse_path: &str,
    recipients: &[Recipient],
    content: &Content,
    at: Timestamp,
) -> Option<Sent> {
    if !client.may_send || content.headline.auto_submitted {
        return None;
    }
    let outward = recipients.iter().filter(|recipient| recipient.is_outward());
    let outside: Vec<String> = outward.map(|recipient| recipient.address.to_lowercase()).collect();
    if outside.is_empty() {
        return None;
    }
    let setup = house.setup();
    let resolved = setup.homes.resolve(&Address::parse(reverse_path).ok()?, false)?;
    let domain = setup.domains.get(&resolved.primary)?;
    let filed = resolved.candidates.last()?;
    if filed.is_postmaster() {
        return None;
    }
    let sighting = Sighting {
        key: filed.key(),
        shown: filed.to_string(),
        domain: domain.name.clone(),
        learn: true,
        observe: false,
        at,
        kind: EvidenceKind::Sent,
        sender: reverse_path.to_owned(),
        subject: content.headline.subject.clone(),
        message_id: content.headline.message_id.clone(),
        client_ip: shown_ip(client.ip),
        lines: Vec::new(),
    };
    Some(Sent { sighting, never_learn: resolved.never_learn.is_some(), outside, ground: house.ground(domain) })
}

fn shown_ip(ip: IpAddr) -> String {
    ip.to_canonical().to_string()
}
