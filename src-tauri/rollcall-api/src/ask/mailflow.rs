//! Questions about the mail log.

mod export;

use rollcall_core::Timestamp;
use rollcall_engine::House;
use rollcall_engine::bars::{Bar, Width};
use rollcall_engine::store::{self, Step, StoreError, TraceStep, Tx};

use super::rows;
use crate::answers::{
    BarWidth, Direction, LogRetention, MailBar, MailCounts, MailLog, MailLogRow, MailMessage, MailReport, Outcome,
    ReasonCount, TimeCount, TraceRow, TraceWho,
};
use crate::registry::{MailLogArgs, MailLogOf, PeriodArgs};
use crate::wire::{Code, Fault};

pub(crate) use export::export;

/// What `delivery_times` counts, in milliseconds.
const TIMES: [Option<u64>; 7] =
    [Some(100), Some(1000), Some(10_000), Some(60_000), Some(600_000), Some(3_600_000), None];

pub(crate) fn mail_log(house: &House, args: &MailLogArgs) -> Result<MailLog, Fault> {
    let filter = filter(args);
    let mut log = house.store.read(|tx| {
        let page = tx.mail_log(&filter)?;
        let row = |(id, record)| counted(tx, mail_row(id, record));
        Ok(MailLog { rows: page.rows.into_iter().map(row).collect::<Result<_, _>>()?, next: page.next })
    })?;
    mark_held(house, &mut log.rows)?;
    Ok(log)
}

/// Says which of the rows that wait an operator keeps here.
fn mark_held(house: &House, rows: &mut [MailLogRow]) -> Result<(), Fault> {
    let waits = |row: &&MailLogRow| row.outcome == Outcome::Waiting;
    let waiting: Vec<&str> = rows.iter().filter(waits).filter_map(|row| row.queue_id.as_deref()).collect();
    if waiting.is_empty() {
        return Ok(());
    }
    let held = house.spool.held_among(&waiting)?;
    for row in rows.iter_mut().filter(|row| row.outcome == Outcome::Waiting) {
        row.held = row.queue_id.as_ref().is_some_and(|queue_id| held.contains(queue_id));
    }
    Ok(())
}

fn filter(args: &MailLogArgs) -> store::MailLogFilter {
    store::MailLogFilter {
        limit: rows(args.limit),
        before: args.before,
        search: args.search.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned),
        of: match args.outcome {
            None => store::MailLogOf::Everything,
            Some(MailLogOf::Delivered) => store::MailLogOf::Outcome(store::Outcome::Delivered),
            Some(MailLogOf::Refused) => store::MailLogOf::Outcome(store::Outcome::Refused),
            Some(MailLogOf::Deferred) => store::MailLogOf::Outcome(store::Outcome::Deferred),
            Some(MailLogOf::Waiting) => store::MailLogOf::Outcome(store::Outcome::Waiting),
            Some(MailLogOf::Failed) => store::MailLogOf::Outcome(store::Outcome::Failed),
            Some(MailLogOf::Problem) => store::MailLogOf::Problems,
            Some(MailLogOf::WouldRefuse) => store::MailLogOf::WouldRefuse,
        },
        reason: args.reason.clone(),
        direction: args.direction.map(|direction| match direction {
            Direction::Inbound => store::Direction::Inbound,
            Direction::Outbound => store::Direction::Outbound,
        }),
        from: args.from_ms.map(Timestamp),
        until: args.until_ms.map(Timestamp),
    }
}

/// Says how many recipients the row's message has.
fn counted(tx: &Tx<'_>, mut row: MailLogRow) -> Result<MailLogRow, StoreError> {
    if let Some(message) = &row.message {
        (row.recipients, row.recipients_delivered) = tx.message_recipients(message)?;
    }
    Ok(row)
}

fn mail_row(id: i64, record: store::MailLogRecord) -> MailLogRow {
    MailLogRow {
        id,
        at_ms: record.at.0,
        outcome: outcome(record.outcome),
        reason: record.reason,
        sender: record.sender,
        recipient: record.recipient,
        client_ip: record.client_ip,
        client_name: record.client_name,
        subject: record.subject,
        size_bytes: record.size_bytes,
        duration_ms: record.duration_ms,
        reply: record.reply,
        destination_reply: record.destination_reply,
        destination: record.destination,
        queue_id: record.queue_id,
        message: record.message,
        direction: match record.direction {
            store::Direction::Inbound => Direction::Inbound,
            store::Direction::Outbound => Direction::Outbound,
        },
        message_id: record.message_id,
        tls: record.tls,
        would_refuse: record.would_refuse,
        held: false,
        recipients: 1,
        recipients_delivered: u64::from(record.outcome == store::Outcome::Delivered),
    }
}

const fn outcome(outcome: store::Outcome) -> Outcome {
    match outcome {
        store::Outcome::Delivered => Outcome::Delivered,
        store::Outcome::Refused => Outcome::Refused,
        store::Outcome::Deferred => Outcome::Deferred,
        store::Outcome::Waiting => Outcome::Waiting,
        store::Outcome::Failed => Outcome::Failed,
    }
}

pub(crate) fn mail_message(house: &House, id: i64) -> Result<MailMessage, Fault> {
    let missing = || Fault::new(Code::NotFound, "That message is no longer in the log.");
    let (record, siblings) = house.store.read(|tx| {
        let record = tx.mail_log_row(id)?;
        let message = record.as_ref().and_then(|record| record.message.clone());
        Ok((record, message.map_or_else(|| Ok(Vec::new()), |message| tx.mail_log_of(&message))?))
    })?;
    let record = record.ok_or_else(missing)?;
    let trace = trace(&record);
    let queued = match &record.queue_id {
        Some(queue_id) => super::queue::queued(house, queue_id)?,
        None => None,
    };
    let mut recipients: Vec<MailLogRow> = siblings.into_iter().map(|(id, record)| mail_row(id, record)).collect();
    let mut row = mail_row(id, record);
    if recipients.is_empty() {
        recipients.push(row.clone());
    }
    mark_held(house, &mut recipients)?;
    mark_held(house, std::slice::from_mut(&mut row))?;
    row.recipients = recipients.len() as u64;
    row.recipients_delivered = recipients.iter().filter(|one| one.outcome == Outcome::Delivered).count() as u64;
    Ok(MailMessage { row, trace, recipients, queued })
}

/// The steps, the first being that it came. What a step leaves to the row's own columns is filled in.
fn trace(record: &store::MailLogRecord) -> Vec<TraceRow> {
    let began = record.began;
    let came = TraceRow {
        at_ms: began.0,
        after_ms: 0,
        who: TraceWho::Client,
        step: "came".to_owned(),
        said: Some(format!("{} [{}]", record.client_name, record.client_ip)),
    };
    let row = |step: TraceStep| {
        let after = i64::try_from(step.ms).unwrap_or(i64::MAX);
        let said = step.said.clone().or_else(|| match step.step {
            Step::OurReply | Step::ClientLeft => Some(record.reply.clone()).filter(|reply| !reply.is_empty()),
            Step::ServerRcpt | Step::ServerMail | Step::ServerAgain | Step::ServerContent => {
                record.destination_reply.clone()
            }
            Step::NoAnswer
            | Step::OurRcpt
            | Step::Content
            | Step::Attempt
            | Step::Proof
            | Step::Report
            | Step::NoReport
            | Step::Operator => None,
        });
        TraceRow {
            at_ms: began.plus_ms(after).0,
            after_ms: step.ms,
            who: who(step.step),
            step: step.step.word().to_owned(),
            said,
        }
    };
    std::iter::once(came).chain(record.trace.iter().cloned().map(row)).collect()
}

const fn who(step: Step) -> TraceWho {
    match step {
        Step::Content | Step::ClientLeft => TraceWho::Client,
        Step::OurRcpt | Step::OurReply | Step::Proof | Step::Report | Step::NoReport => TraceWho::Us,
        Step::ServerMail
        | Step::ServerRcpt
        | Step::NoAnswer
        | Step::ServerAgain
        | Step::ServerContent
        | Step::Attempt => TraceWho::Server,
        Step::Operator => TraceWho::Operator,
    }
}

fn period(args: &PeriodArgs) -> (Timestamp, Timestamp) {
    (Timestamp(args.from_ms.unwrap_or(i64::MIN)), Timestamp(args.until_ms.unwrap_or(i64::MAX)))
}

pub(crate) fn mail_counts(house: &House, args: &PeriodArgs) -> Result<MailCounts, Fault> {
    let (from, until) = period(args);
    let counts = house.store.read(|tx| tx.mail_log_counts(from, until))?;
    Ok(MailCounts { all: counts.all, waiting: counts.waiting, problems: counts.problems })
}

pub(crate) fn mail_report(house: &House, args: &PeriodArgs) -> Result<MailReport, Fault> {
    let (from, until) = period(args);
    let (reasons, times) =
        house.store.read(|tx| Ok((tx.mail_log_reasons(from, until)?, tx.delivery_times(from, until)?)))?;
    let reason =
        |(reason, of, count): (String, store::Outcome, u64)| ReasonCount { reason, outcome: outcome(of), count };
    let (width, bars) = house.mail_bars(args.from_ms.map(Timestamp), args.until_ms.map(Timestamp))?;
    Ok(MailReport {
        width: bar_width(width),
        bars: bars.into_iter().map(bar).collect(),
        reasons: reasons.into_iter().map(reason).collect(),
        times: TIMES.into_iter().zip(times).map(|(within_ms, count)| TimeCount { within_ms, count }).collect(),
    })
}

const fn bar_width(width: Width) -> BarWidth {
    match width {
        Width::Hour => BarWidth::Hour,
        Width::Day => BarWidth::Day,
        Width::Week => BarWidth::Week,
        Width::Month => BarWidth::Month,
    }
}

const fn bar(bar: Bar) -> MailBar {
    let [delivered, refused, deferred, waiting, failed] = bar.counts;
    MailBar { start_ms: bar.start.0, end_ms: bar.end.0, delivered, waiting, deferred, refused, failed }
}

pub(crate) fn log_retention(house: &House) -> Result<LogRetention, Fault> {
    let (kept, size) = house.log_retention()?;
    Ok(LogRetention { days: kept.days, megabytes: kept.megabytes, rows: size.rows, bytes: size.bytes })
}
