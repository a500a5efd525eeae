//! What the sender of mail from the spool is told of how it ended: a report, or nothing, for a reason that the trace has.
//!
//! **Invariant.** The rules are in [`rollcall_core::report`]. A stranger gets the header section back, never the content,
//! and does not learn what our mail server said.
//!
//! **Limits.** No report says that mail is late: strangers would get it before anything is decided, and the office's own
//! senders see the queue.

use rollcall_core::report::{self as rule, Facts, Proof, Silence, Telling};
use rollcall_core::{Reply, Timestamp};
use rollcall_mail::report::{Action, Entry};
use rollcall_store::{Claimed, ClaimedRecipient, Notice, Step};

use super::notice::{self, MOST_RETURNED, Matter, Way};
use crate::house::House;

/// How it ended for one recipient.
pub(super) struct End<'a> {
    /// Who.
    pub recipient: &'a ClaimedRecipient,
    /// Given up, or handed to a next hop that reports nothing itself.
    pub action: Action,
    /// The next hop's last reply, if there was one.
    pub reply: Option<&'a Reply>,
    /// The same, or why there was none.
    pub said: &'a str,
}

/// What the sender is told of one recipient: the report's id, or why there is none. `None` where nothing is to be told.
pub(super) type Told = Option<Result<String, Silence>>;

/// The report about recipients of `message`, if the sender is told of any, and what it is told of each, in their order.
pub(super) fn about(
    house: &House,
    message: &Claimed,
    proof: Proof,
    ends: &[End<'_>],
    at: Timestamp,
) -> (Option<Notice>, Vec<Told>) {
    let way = notice::way(house, &message.reverse_path);
    let decided: Vec<_> = ends.iter().map(|end| (end, decide(message, proof, way, end))).collect();
    let told: Vec<&End<'_>> =
        decided.iter().filter(|(_, telling)| *telling == Some(Telling::Send)).map(|(end, _)| *end).collect();
    let notice = (!told.is_empty()).then(|| write(house, message, proof, &told, at));
    let id = notice.as_ref().map(|notice| notice.queue_id.clone()).unwrap_or_default();
    let told = decided.iter().map(|(_, telling)| match (*telling)? {
        Telling::Send => Some(Ok(id.clone())),
        Telling::Silent(silence) => Some(Err(silence)),
    });
    (notice, told.collect())
}

fn decide(message: &Claimed, proof: Proof, way: Way, end: &End<'_>) -> Option<Telling> {
    let facts = Facts {
        reverse_path: &message.reverse_path,
        notify: end.recipient.notify.as_deref(),
        proof,
        was_told: end.recipient.was_told,
        outbound: way.outbound,
        goes_out: way.goes_out,
    };
    match end.action {
        Action::Failed => Some(rule::may_report(&facts)),
        Action::Relayed => rule::may_report_relayed(&facts).then_some(Telling::Send),
    }
}

fn write(house: &House, message: &Claimed, proof: Proof, told: &[&End<'_>], at: Timestamp) -> Notice {
    // Content that cannot be read is no reason to say nothing.
    let content = house.spool.content(&message.queue_id).ok().and_then(notice::beginning).unwrap_or_default();
    let wants_all = message.ret.as_deref() == Some("FULL") && message.size <= MOST_RETURNED;
    let matter = Matter {
        reverse_path: &message.reverse_path,
        envid: message.envid.as_deref(),
        arrived: message.arrived,
        content: &content,
        whole: wants_all && proof == Proof::Office,
    };
    let entries: Vec<Entry> = told.iter().map(|end| entry(proof, end)).collect();
    notice::write(house, &matter, &entries, told.iter().map(|end| end.recipient.id).collect(), at)
}

/// What a report says of one recipient. A stranger does not learn what our mail server said: it leaks host names.
fn entry(proof: Proof, end: &End<'_>) -> Entry {
    let End { recipient, action, reply, said } = end;
    let status = match reply.and_then(|reply| reply.enhanced) {
        // "Message relayed to non-compliant mailer" (RFC 3886 section 3.3.4).
        _ if *action == Action::Relayed => "2.1.9".to_owned(),
        Some(enhanced) if enhanced.class == 5 => enhanced.to_string(),
        _ if reply.is_some_and(|reply| reply.code >= 500) => "5.0.0".to_owned(),
        // Given up because it took too long (RFC 3463 section 3.5).
        _ => "5.4.7".to_owned(),
    };
    let diagnostic = (proof == Proof::Office).then(|| (*said).to_owned());
    Entry { action: *action, address: recipient.address.clone(), orcpt: recipient.orcpt.clone(), status, diagnostic }
}

/// What the trace of the mail says of it.
pub(super) fn step(told: &Result<String, Silence>) -> (Step, &str) {
    match told {
        Ok(id) => (Step::Report, id),
        Err(silence) => (Step::NoReport, silence.word()),
    }
}
