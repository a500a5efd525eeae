//! What the sender of mail that was given up is told (3.4): a report, or nothing, for a reason that the trace has.
//!
//! **Invariant.** The rule is [`rollcall_core::report::may_report`]. A stranger gets the header section back, never the
//! content, and does not learn what our mail server said.
//!
//! **Limits.** No report says that mail is late: strangers would get it before anything is decided, and the office's own
//! senders see the queue.

use std::io::Read;

use rollcall_core::report::{self as rule, Facts, Proof, Silence, Telling};
use rollcall_core::{Address, Reply, Timestamp};
use rollcall_mail::report::{Failed, Report, report};
use rollcall_store::{Claimed, ClaimedRecipient, MailLogRecord, Notice, Outcome, Step, StoredContent};

use crate::house::House;
use crate::ids;
use crate::outward::Outbound;

/// The most of a failed message that goes back, in bytes.
const MOST_RETURNED: u64 = 32 * 1024;

/// A recipient that was given up, with the last reply, if there was one, and what is kept of it.
pub(super) type GivenUp<'a> = (&'a ClaimedRecipient, Option<&'a Reply>, String);

/// What the sender is told of one recipient: the report's id, or why there is none.
pub(super) type Told = Result<String, Silence>;

/// The report about recipients of `message`, if the sender is told of any, and what it is told of each, in their order.
pub(super) fn about(
    house: &House,
    message: &Claimed,
    proof: Proof,
    failed: &[GivenUp<'_>],
    at: Timestamp,
) -> (Option<Notice>, Vec<Told>) {
    let setup = house.setup();
    let domain = Address::parse(&message.reverse_path).map(|address| address.domain().to_string());
    let outbound = domain.is_ok_and(|domain| setup.homes.primary_of(&domain).is_none());
    let goes_out = setup.outbound != Outbound::Off;
    let decide = |one: &ClaimedRecipient| {
        let (notify, was_told) = (one.notify.as_deref(), one.was_told);
        let facts = Facts { reverse_path: &message.reverse_path, notify, proof, was_told, outbound, goes_out };
        rule::may_report(&facts)
    };
    let decided: Vec<(&GivenUp<'_>, Telling)> = failed.iter().map(|one| (one, decide(one.0))).collect();
    let told = decided.iter().filter(|(_, telling)| *telling == Telling::Send).map(|(one, _)| *one);
    let notice = write(house, message, proof, &told.collect::<Vec<_>>(), outbound, at);
    let id = notice.as_ref().map(|notice| notice.queue_id.clone()).unwrap_or_default();
    let told = decided.iter().map(|(_, telling)| match telling {
        Telling::Send => Ok(id.clone()),
        Telling::Silent(silence) => Err(*silence),
    });
    (notice, told.collect())
}

/// The report about those who are told of; `None` when nobody is.
fn write(
    house: &House,
    message: &Claimed,
    proof: Proof,
    told: &[&GivenUp<'_>],
    outbound: bool,
    at: Timestamp,
) -> Option<Notice> {
    if told.is_empty() {
        return None;
    }
    // Content that cannot be read is no reason to say nothing.
    let content = house.spool.content(&message.queue_id).ok().and_then(beginning).unwrap_or_default();
    let id = ids::next();
    let wants_all = message.ret.as_deref() == Some("FULL") && message.size <= MOST_RETURNED;
    let content = report(&Report {
        by: &house.hostname,
        id: &id,
        to: &message.reverse_path,
        at: at.0 / 1000,
        arrived: &crate::receive::date(message.arrived),
        envid: message.envid.as_deref(),
        failed: &told.iter().map(|one| entry(proof, one)).collect::<Vec<_>>(),
        content: &content,
        whole: wants_all && proof == Proof::Office,
    });
    let about = told.iter().map(|one| one.0.id).collect();
    Some(Notice { queue_id: id, recipient: message.reverse_path.clone(), about, outbound, at, content })
}

/// What a report says of one recipient. A stranger does not learn what our mail server said: it leaks host names.
fn entry(proof: Proof, (one, reply, said): &GivenUp<'_>) -> Failed {
    let status = match reply.and_then(|reply| reply.enhanced) {
        Some(enhanced) if enhanced.class == 5 => enhanced.to_string(),
        _ if reply.is_some_and(|reply| reply.code >= 500) => "5.0.0".to_owned(),
        // Given up because it took too long (RFC 3463 section 3.5).
        _ => "5.4.7".to_owned(),
    };
    let diagnostic = (proof == Proof::Office).then(|| said.clone());
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

/// What the trace of the failed mail says of it.
pub(super) fn step(told: &Told) -> (Step, &str) {
    match told {
        Ok(id) => (Step::Report, id),
        Err(silence) => (Step::NoReport, silence.word()),
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
