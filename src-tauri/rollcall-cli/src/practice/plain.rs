//! The practice office as plain lines, for logs and pipes.

use std::future::Future;

use jiff::tz::TimeZone;
use rollcall_api::answers::MailLogRow;
use rollcall_api::{Door, Fault, Notice};
use rollcall_practice::{MailboxCount, Office};

use super::picture::{Picture, mail_log};
use super::words;
use crate::out::{self, Ended};

/// Prints what happens until `until` is over or the engine ends.
pub async fn show(office: &Office, until: impl Future<Output = ()>) -> Result<(), Ended> {
    let door = office.door();
    let mut events = door.subscribe().await?;
    let mut tail = Tail { door, printed: 0, zone: TimeZone::system() };
    tokio::pin!(until);
    loop {
        tokio::select! {
            () = &mut until => return tail.print_new().await,
            event = events.next() => {
                let Some(event) = event else { return Ok(()) };
                tail.print_new().await?;
                if let Some(Notice::Discovered { addresses, waiting }) = event.notice {
                    out::line(&format!("discovered: {}; {waiting} to decide", addresses.join(", ")))?;
                }
            }
        }
    }
}

/// The end of the mail log.
struct Tail {
    door: Door,
    /// The number of the last row printed.
    printed: i64,
    zone: TimeZone,
}

impl Tail {
    async fn print_new(&mut self) -> Result<(), Ended> {
        let rows = mail_log(&self.door, MOST_ROWS).await?;
        for row in rows.iter().filter(|row| row.id > self.printed).rev() {
            out::line(&log_line(row, &self.zone))?;
        }
        self.printed = rows.first().map_or(self.printed, |row| row.id.max(self.printed));
        Ok(())
    }
}

fn log_line(row: &MailLogRow, zone: &TimeZone) -> String {
    let (_, word) = words::outcome(row);
    let time = words::exact(row.at_ms, zone);
    format!("{time}  {} -> {}: {word} ({})", words::sender(row), row.recipient, words::said(row))
}

/// What became of it all.
///
/// # Errors
/// When the engine does not answer any more.
pub async fn summary(office: &Office) -> Result<String, Fault> {
    Ok(sum_up(&Picture::look(&office.door()).await?, &office.mailboxes()))
}

fn sum_up(picture: &Picture, mailboxes: &[MailboxCount]) -> String {
    let (delivered, refused) = picture.last_day();
    let counts = &picture.overview.counts;
    let mut lines = vec![
        format!("Practice office, {}", words::date_and_time(picture.health.now_ms, &picture.zone)),
        format!("Last 24 hours: {delivered} delivered, {refused} refused"),
        format!("Discovered: {}", counts.discovered),
    ];
    lines.extend(picture.discovered.iter().map(|row| format!("  {:32} {}", row.address, words::evidence(row))));
    lines.push(format!("Watching: {}", counts.watching));
    lines.extend(picture.watching.iter().map(|row| format!("  {:32} {}", row.address, words::evidence(row))));
    lines.push(format!("Users: {}, functional accounts: {}", counts.user, counts.functional));
    if !mailboxes.is_empty() {
        lines.push("Taken by the office's mail server:".to_owned());
        lines.extend(mailboxes.iter().filter(|row| row.received > 0).map(mailbox_line));
    }
    lines.join("\n")
}

fn mailbox_line(row: &MailboxCount) -> String {
    let last = row.subjects.first().map(|subject| format!("  last: {subject}")).unwrap_or_default();
    format!("  {:32} {:>4}{last}", row.address, row.received)
}

const MOST_ROWS: u32 = 1_000;

#[cfg(test)]
#[path = "plain_tests.rs"]
mod tests;
