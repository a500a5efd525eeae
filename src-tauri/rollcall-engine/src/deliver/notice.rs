//! A report of ours on its way: written (RFC 3464), logged under its own row, then delivered like other mail.

use std::io::Read;
use std::path::Path;

use rollcall_core::{Address, Timestamp};
use rollcall_mail::report::{Entry, Report, report, subject};
use rollcall_store::{Direction, MailLogRecord, Notice, Outcome, StoredContent};

use crate::house::House;
use crate::ids;
use crate::outward::Outbound;

/// The most of a message that goes back, in bytes.
pub(crate) const MOST_RETURNED: u64 = 32 * 1024;

/// The mail that is reported about.
pub(crate) struct Matter<'a> {
    /// Its reverse-path: who gets the report.
    pub reverse_path: &'a str,
    /// `ENVID=`, as xtext.
    pub envid: Option<&'a str>,
    /// When it arrived.
    pub arrived: Timestamp,
    /// Its beginning, at most [`MOST_RETURNED`].
    pub content: &'a [u8],
    /// All of that goes back, not only the header section.
    pub whole: bool,
}

/// Where a report to somebody goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    /// Out of the office.
    pub outbound: bool,
    /// Mail leaves the office at all.
    pub goes_out: bool,
}

/// The way to `reverse_path`.
pub(crate) fn way(house: &House, reverse_path: &str) -> Way {
    let setup = house.setup();
    let domain = Address::parse(reverse_path).map(|address| address.domain().to_string());
    let outbound = domain.is_ok_and(|domain| setup.homes.primary_of(&domain).is_none());
    Way { outbound, goes_out: setup.outbound != Outbound::Off }
}

/// A report about `entries`; `about` are those of them that the spool has, by id.
pub(crate) fn write(house: &House, matter: &Matter<'_>, entries: &[Entry], about: Vec<i64>, at: Timestamp) -> Notice {
    let id = ids::next();
    let content = report(&Report {
        by: &house.hostname,
        id: &id,
        to: matter.reverse_path,
        at: at.0 / 1000,
        arrived: &crate::receive::date(matter.arrived),
        envid: matter.envid,
        about: entries,
        content: matter.content,
        whole: matter.whole,
    });
    Notice {
        queue_id: id,
        recipient: matter.reverse_path.to_owned(),
        about,
        subject: subject(entries),
        outbound: way(house, matter.reverse_path).outbound,
        at,
        content,
    }
}

/// The beginning of stored content.
pub(crate) fn beginning(content: StoredContent) -> Option<Vec<u8>> {
    match content {
        StoredContent::Bytes(mut bytes) => {
            bytes.truncate(usize::try_from(MOST_RETURNED).unwrap_or(usize::MAX));
            Some(bytes)
        }
        StoredContent::File(path) => beginning_of_file(&path),
    }
}

/// The beginning of content in a file.
pub(crate) fn beginning_of_file(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path).ok()?.take(MOST_RETURNED).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The report's own row in the log.
pub(crate) fn row(house: &House, notice: &Notice) -> MailLogRecord {
    MailLogRecord {
        at: notice.at,
        session: notice.queue_id.clone(),
        outcome: Outcome::Waiting,
        reason: rollcall_core::policy::Reason::Queued.word().to_owned(),
        sender: String::new(),
        recipient: notice.recipient.clone(),
        client_ip: "127.0.0.1".to_owned(),
        client_name: house.hostname.clone(),
        subject: Some(notice.subject.to_owned()),
        size_bytes: Some(notice.content.len() as u64),
        duration_ms: 0,
        reply: rollcall_core::policy::queued(&notice.queue_id).reply.to_string(),
        destination_reply: None,
        destination: None,
        queue_id: Some(notice.queue_id.clone()),
        message: Some(notice.queue_id.clone()),
        direction: Direction::Outbound,
        message_id: None,
        tls: None,
        would_refuse: None,
        began: notice.at,
        trace: Vec::new(),
    }
}
