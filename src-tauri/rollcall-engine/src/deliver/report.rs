//! Whether the sender of mail that was given up is told, and with what (3.4).
//!
//! **Invariant.** Never to a null reverse-path, and never to one that nobody showed to be the sender's own: a report to a
//! forged address is backscatter. What is not told to the sender is told to the operator, by health and the log.
//!
//! **Limits.** Only senders of the office are told; SPF and DKIM are not looked at yet, so strangers never are.

use std::io::Read;

use rollcall_core::{Address, Reply, Timestamp, delivery};
use rollcall_mail::report::{Failed, Report, report};
use rollcall_store::{Claimed, ClaimedRecipient, MailLogRecord, Notice, Outcome, Proof, StoredContent};

use super::route;
use crate::house::House;
use crate::ids;

/// The most of a failed message that goes back, in bytes.
const MOST_RETURNED: u64 = 32 * 1024;

/// The report about recipients of `message` that were given up, each with the last reply, if there was one, and what
/// is kept of it; `None` when nobody may be told, or there is no way.
pub(super) fn about(
    house: &House,
    message: &Claimed,
    failed: &[(&ClaimedRecipient, Option<&Reply>, &str)],
    at: Timestamp,
) -> Option<Notice> {
    let is_shown = matches!(message.proof, Proof::Office | Proof::Spf | Proof::Dkim);
    let told = |one: &ClaimedRecipient| delivery::may_tell(&message.reverse_path, is_shown, one.notify.as_deref());
    let told: Vec<Failed> = failed.iter().filter(|(one, ..)| told(one)).map(|one| entry(message.proof, one)).collect();
    if told.is_empty() {
        return None;
    }
    let domain = Address::parse(&message.reverse_path).ok()?.domain().to_string();
    let setup = house.setup();
    let outbound = !setup.domains.contains_key(&domain);
    if let Err(why) = route::of(&setup, outbound, &domain) {
        tracing::warn!(queue.id = message.queue_id, why, "the sender of failed mail is not told");
        return None;
    }
    let content = house.spool.content(&message.queue_id).ok().and_then(beginning)?;
    let id = ids::next();
    let arrived = crate::receive::date(message.arrived);
    let whole = message.ret.as_deref() == Some("FULL") && message.size <= MOST_RETURNED;
    let content = report(&Report {
        by: &house.hostname,
        id: &id,
        to: &message.reverse_path,
        at: at.0 / 1000,
        arrived: &arrived,
        envid: message.envid.as_deref(),
        failed: &told,
        content: &content,
        whole,
    });
    Some(Notice { queue_id: id, recipient: message.reverse_path.clone(), outbound, at, content })
}

/// What a report says of one recipient. A stranger does not learn what our mail server said: it leaks host names.
fn entry(proof: Proof, (one, reply, said): &(&ClaimedRecipient, Option<&Reply>, &str)) -> Failed {
    let status = match reply.and_then(|reply| reply.enhanced) {
        Some(enhanced) if enhanced.class == 5 => enhanced.to_string(),
        _ if reply.is_some_and(|reply| reply.code >= 500) => "5.0.0".to_owned(),
        // Given up because it took too long (RFC 3463 section 3.5).
        _ => "5.4.7".to_owned(),
    };
    let diagnostic = (proof == Proof::Office).then(|| (*said).to_owned());
    Failed { address: one.address.clone(), orcpt: one.orcpt.clone(), status, diagnostic }
}

/// The beginning of stored content.
fn beginning(content: StoredContent) -> Option<Vec<u8>> {
    match content {
        StoredContent::Bytes(mut bytes) => {
            bytes.truncate(usize::try_from(MOST_RETURNED).unwrap_or(usize::MAX));
            Some(bytes)
        }
        StoredContent::File(path) => {
            let mut bytes = Vec::new();
            std::fs::File::open(path).ok()?.take(MOST_RETURNED).read_to_end(&mut bytes).ok()?;
            Some(bytes)
        }
    }
}

/// The report's own row in the log.
pub(super) fn row(house: &House, notice: &Notice) -> MailLogRecord {
    MailLogRecord {
        at: notice.at,
        session: notice.queue_id.clone(),
        outcome: Outcome::Waiting,
        reason: rollcall_core::policy::Reason::Queued.word().to_owned(),
        sender: String::new(),
        recipient: notice.recipient.clone(),
        client_ip: "127.0.0.1".to_owned(),
        client_name: house.hostname.clone(),
        subject: Some("Mail could not be delivered".to_owned()),
        size_bytes: Some(notice.content.len() as u64),
        duration_ms: 0,
        reply: rollcall_core::policy::queued(&notice.queue_id).reply.to_string(),
        destination_reply: None,
        destination: None,
        queue_id: Some(notice.queue_id.clone()),
        message: Some(notice.queue_id.clone()),
        direction: rollcall_store::Direction::Outbound,
        message_id: None,
        tls: None,
        began: notice.at,
        trace: Vec::new(),
    }
}
