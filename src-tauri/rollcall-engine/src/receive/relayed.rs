//! The office's own sender asked to be told (NOTIFY=SUCCESS), and its mail went at once to a next hop that reports nothing
//! itself: it is told "relayed" (RFC 3461 section 5.2.2).
//!
//! **Limits.** The report becomes durable after the client has its `250`: a crash in between costs the report, not mail.

use std::sync::Arc;

use rollcall_core::Reply;
use rollcall_core::policy::Reason;
use rollcall_core::report::{self, Facts, Proof};
use rollcall_mail::report::{Action, Entry};
use rollcall_net::Body;
use rollcall_smtp::Ret;
use rollcall_smtp::session::Envelope;
use rollcall_store::{Notice, Outcome, Tx};

use super::content::Content;
use super::transaction::Recipient;
use crate::deliver::notice::{self, MOST_RETURNED, Matter};
use crate::house::House;

/// The report about those of `recipients` whose sender asked for it, after the next hop said `reply` and will say no more.
pub(super) fn about(
    house: &House,
    envelope: &Envelope,
    recipients: &[Recipient],
    content: &Content,
    reply: &Reply,
) -> Option<Notice> {
    let mail = &envelope.mail;
    let entries: Vec<Entry> =
        recipients.iter().filter(|one| is_told(house, &mail.reverse_path, one)).map(|one| entry(one, reply)).collect();
    if entries.is_empty() {
        return None;
    }
    let beginning = match content.body() {
        Body::Memory(bytes) => bytes[..bytes.len().min(usize::try_from(MOST_RETURNED).unwrap_or(0))].to_vec(),
        Body::File(path) => notice::beginning_of_file(path).unwrap_or_default(),
    };
    let now = house.clock.now();
    let matter = Matter {
        reverse_path: &mail.reverse_path,
        envid: mail.envid.as_deref(),
        arrived: now,
        content: &beginning,
        whole: mail.ret == Some(Ret::Full) && content.size <= MOST_RETURNED,
    };
    Some(notice::write(house, &matter, &entries, Vec::new(), now))
}

/// Whether the sender is told of this recipient.
pub(super) fn is_told(house: &House, reverse_path: &str, one: &Recipient) -> bool {
    let way = notice::way(house, reverse_path);
    let facts = Facts {
        reverse_path,
        notify: one.rcpt.notify.as_deref(),
        proof: if one.is_outward() { Proof::Office } else { Proof::Missing },
        was_told: false,
        outbound: way.outbound,
        goes_out: way.goes_out,
    };
    report::may_report_relayed(&facts)
}

fn entry(one: &Recipient, reply: &Reply) -> Entry {
    Entry {
        action: Action::Relayed,
        address: one.address.clone(),
        orcpt: one.rcpt.orcpt.clone(),
        // "Message relayed to non-compliant mailer" (RFC 3886 section 3.3.4).
        status: "2.1.9".to_owned(),
        diagnostic: Some(reply.to_string()),
    }
}

/// Makes the report durable and lets it go. Its row in the log comes first, as with every message of the spool.
pub(super) async fn send(house: &Arc<House>, notice: Notice) {
    let (row, id, to, at) = (notice::row(house, &notice), notice.queue_id.clone(), notice.recipient.clone(), notice.at);
    let logged = house.store.write(move |tx: &Tx<'_>| tx.add_mail_log(&row).map(drop)).await;
    let kept = match logged {
        Ok(()) => house.spool.admit_notice(notice).await,
        Err(error) => Err(error),
    };
    let Err(error) = kept else {
        house.spool_wake.notify_one();
        return;
    };
    tracing::error!(%error, queue.id = id, "a report that was asked for could not be made durable");
    let settle =
        move |tx: &Tx<'_>| tx.settle_waiting(&id, &to, Outcome::Failed, Reason::StoreFailed.word(), None, at).map(drop);
    drop(house.store.write(settle).await);
}
