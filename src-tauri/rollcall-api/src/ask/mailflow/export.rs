//! The mail log as a text for other programs, a page at a time.
//!
//! **Invariant.** A cell that a spreadsheet would take for a formula has an apostrophe in front: subjects and names come
//! from strangers. A page stays below 1 MiB.

use jiff::Timestamp as Moment;
use rollcall_engine::House;

use super::mail_log;
use crate::answers::{MailLogExport, MailLogRow};
use crate::registry::{ExportFormat, ExportMailLogArgs, MailLogArgs};
use crate::wire::{Code, Fault};

/// Rows of one page at most.
const ROWS: u32 = 1000;
/// A page ends before it is larger than this.
const BYTES: usize = 900 * 1024;
const NAMES: [&str; 19] = [
    "time",
    "result",
    "reason",
    "direction",
    "sender",
    "recipient",
    "subject",
    "message_id",
    "id",
    "queue_id",
    "client_name",
    "client_ip",
    "encryption",
    "size_bytes",
    "duration_ms",
    "our_reply",
    "destination",
    "destination_reply",
    "would_refuse",
];

pub(crate) fn export(house: &House, args: ExportMailLogArgs) -> Result<MailLogExport, Fault> {
    let ExportMailLogArgs { format, before, search, outcome, reason, direction, from_ms, until_ms } = args;
    let wanted = MailLogArgs { limit: Some(ROWS), before, search, outcome, reason, direction, from_ms, until_ms };
    let page = mail_log(house, &wanted)?;
    let mut text = String::new();
    if format == ExportFormat::Csv && before.is_none() {
        text = line(NAMES.map(str::to_owned).as_slice())?;
    }
    let mut rows = 0;
    let mut next = page.next;
    for row in &page.rows {
        let written = match format {
            ExportFormat::Csv => line(&cells(row))?,
            ExportFormat::Json => serde_json::to_string(row).map_err(|error| unwritable(&error))? + "\n",
        };
        if rows > 0 && text.len() + written.len() > BYTES {
            break;
        }
        text.push_str(&written);
        rows += 1;
        if rows < page.rows.len() as u64 {
            next = Some(row.id);
        } else {
            next = page.next;
        }
    }
    Ok(MailLogExport { text, rows, next })
}

fn cells(row: &MailLogRow) -> [String; 19] {
    let time = Moment::from_millisecond(row.at_ms).map(|moment| moment.to_string()).unwrap_or_default();
    let word = |value: serde_json::Result<serde_json::Value>| {
        value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let cells = [
        time,
        word(serde_json::to_value(row.outcome)),
        row.reason.clone(),
        word(serde_json::to_value(row.direction)),
        row.sender.clone(),
        row.recipient.clone(),
        text(&row.subject),
        text(&row.message_id),
        text(&row.message),
        text(&row.queue_id),
        row.client_name.clone(),
        row.client_ip.clone(),
        text(&row.tls),
        row.size_bytes.map(|size| size.to_string()).unwrap_or_default(),
        row.duration_ms.to_string(),
        row.reply.clone(),
        text(&row.destination),
        text(&row.destination_reply),
        text(&row.would_refuse),
    ];
    cells.map(guarded)
}

/// A text that no spreadsheet takes for a formula.
fn guarded(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

fn line(cells: &[String]) -> Result<String, Fault> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(cells).map_err(|error| unwritable(&error))?;
    let bytes = writer.into_inner().map_err(|error| unwritable(&error))?;
    String::from_utf8(bytes).map_err(|error| unwritable(&error))
}

fn unwritable(error: &dyn std::fmt::Display) -> Fault {
    Fault::new(Code::Internal, format!("The export could not be written: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_is_made_a_text() {
        for (cell, expected) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1", "'+1"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(guarded(cell.to_owned()), expected);
        }
    }

    #[test]
    fn a_line_is_written_as_rfc_4180_says() {
        let cells = ["a".to_owned(), "say \"hi\", Ann".to_owned(), "two\nlines".to_owned()];
        assert_eq!(line(&cells).unwrap(), "a,\"say \"\"hi\"\", Ann\",\"two\nlines\"\r\n");
    }
}
