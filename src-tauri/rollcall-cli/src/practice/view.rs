//! What the screen shows. Pure: a picture and a size in, lines out.

use rollcall_api::answers::{AddressRow, MailLogRow};

use super::line::{Line, Style, fit};
use super::picture::Picture;
use super::words::{self, Meaning};

/// The size of the screen in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

/// The whole screen: exactly as many lines as `size` has rows.
#[must_use]
pub fn draw(picture: &Picture, said: &str, size: Size) -> Vec<Line> {
    let Size { width, height } = size;
    let room = Room::of(height, picture.discovered.len().max(picture.watching.len()));
    let mut lines = header(picture, width);
    lines.push(Line::default());
    lines.push(mail_title(picture, width));
    lines.extend(mail(picture, width, room.mail));
    lines.push(Line::default());
    lines.extend(tables(picture, width, room.addresses));
    lines.push(Line::default());
    lines.push(Line::default().add(Style::Plain, format!(" {said}")));
    lines.push(keys(picture, width));
    lines.truncate(height);
    lines.resize(height, Line::default());
    lines.into_iter().map(|line| line.cut(width)).collect()
}

/// How many rows the two changing parts get.
struct Room {
    mail: usize,
    addresses: usize,
}

impl Room {
    /// Addresses get what they need up to a third of the screen, the mail gets the rest.
    fn of(height: usize, addresses: usize) -> Self {
        let free = height.saturating_sub(FIXED_ROWS);
        let addresses = addresses.clamp(1, (free / 3).max(1)).min(free);
        Self { mail: free - addresses, addresses }
    }
}

fn header(picture: &Picture, width: usize) -> Vec<Line> {
    let health = &picture.health;
    let clock = words::date_and_time(health.now_ms, &picture.zone);
    let bound = health.listeners.iter().find_map(|listener| listener.bound.as_deref());
    let listening = bound.map_or_else(|| "not listening".to_owned(), |at| format!("listening on {at}"));
    let name = Line::default()
        .add(Style::Strong, " Rollcall")
        .add(Style::Plain, format!("  practice office {}", picture.own_domain()));
    vec![
        name.with_right(Style::Strong, format!("{clock} "), width),
        Line::default().add(Style::Quiet, format!(" {}", health.sentence)).with_right(
            Style::Quiet,
            format!("{listening} "),
            width,
        ),
    ]
}

fn mail_title(picture: &Picture, width: usize) -> Line {
    let (delivered, refused) = picture.last_day();
    Line::default().add(Style::Strong, " Who wrote to whom, and what the server said").with_right(
        Style::Quiet,
        format!("last 24 hours: {delivered} delivered, {refused} refused "),
        width,
    )
}

/// The newest `rows` of the mail log, newest at the bottom.
fn mail(picture: &Picture, width: usize, rows: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = picture.log.iter().take(rows).map(|row| mail_row(row, picture, width)).rev().collect();
    if lines.is_empty() {
        lines.push(Line::default().add(Style::Quiet, " The first mail is on its way."));
    }
    lines.resize(rows, Line::default());
    lines
}

fn mail_row(row: &MailLogRow, picture: &Picture, width: usize) -> Line {
    let (meaning, word) = words::outcome(row);
    // Time, marks and spaces take 34 columns; what is left is shared by sender, recipient and reply.
    let room = width.saturating_sub(34);
    let (from, to) = ((room * 2 / 5).clamp(12, 32), (room / 4).clamp(10, 26));
    let subject = row.subject.as_ref().map(|subject| format!("  “{subject}”")).unwrap_or_default();
    let shown_to = words::short(&row.recipient, picture.own_domain());
    Line::default()
        .add(Style::Quiet, format!(" {} ", words::day_and_time(row.at_ms, &picture.zone)))
        .add(Style::Plain, format!(" {}", fit(words::sender(row), from)))
        .add(Style::Quiet, " → ")
        .add(Style::Plain, fit(shown_to, to))
        .add(Style::Means(meaning), format!(" {} {} ", meaning.mark(), fit(word, 15)))
        .add(Style::Quiet, format!("{}{subject}", words::said(row)))
}

/// Discovered on the left, Watching on the right; below each other where the screen is narrow.
fn tables(picture: &Picture, width: usize, rows: usize) -> Vec<Line> {
    let half = width / 2;
    let counts = &picture.overview.counts;
    let need = picture.domain.as_ref().map_or(3, |domain| domain.need);
    let decided = counts.user + counts.functional + counts.invalid;
    let left_title = Line::default()
        .add(Style::Strong, " Discovered")
        .add(Style::Plain, format!("  {} to decide", counts.discovered))
        .add(Style::Quiet, if decided == 0 { String::new() } else { format!(", {decided} decided") });
    let right_title = Line::default()
        .add(Style::Strong, "Watching")
        .add(Style::Plain, format!("  {}", counts.watching))
        .add(Style::Quiet, format!(", discovered after {need} clean messages"));
    let mut lines = vec![left_title.beside(right_title, half)];
    for index in 0..rows {
        let left = cell(&picture.discovered, index, rows, |row| discovered_row(row, picture, half));
        let right = cell(&picture.watching, index, rows, |row| watching_row(row, picture, need, half));
        lines.push(left.beside(right, half));
    }
    lines
}

/// The row at `index`, or in the last place how many more there are.
fn cell(rows: &[AddressRow], index: usize, places: usize, write: impl Fn(&AddressRow) -> Line) -> Line {
    if rows.len() > places && index + 1 == places {
        return Line::default().add(Style::Quiet, format!(" and {} more", rows.len() - index));
    }
    rows.get(index).map_or_else(Line::default, write)
}

fn discovered_row(row: &AddressRow, picture: &Picture, width: usize) -> Line {
    let name = width.saturating_sub(30).clamp(10, 24);
    Line::default()
        .add(Style::Plain, format!(" {} ", fit(words::short(&row.address, picture.own_domain()), name)))
        .add(Style::Means(Meaning::Good), format!("{:>3}", row.clean_count))
        .add(Style::Quiet, format!(" clean, {}", words::looks_like(row)))
}

fn watching_row(row: &AddressRow, picture: &Picture, need: u32, width: usize) -> Line {
    let name = width.saturating_sub(24).clamp(10, 24);
    let done = row.clean_count.min(need) as usize;
    let steps = "●".repeat(done) + &"○".repeat(need.min(10) as usize - done.min(10));
    Line::default()
        .add(Style::Plain, fit(words::short(&row.address, picture.own_domain()), name))
        .add(Style::Means(Meaning::Waiting), format!(" {steps}"))
        .add(Style::Quiet, format!(" {} of {need}", row.clean_count))
}

/// What the keys do; in one word each where the screen is narrow.
fn keys(picture: &Picture, width: usize) -> Line {
    let first = picture.discovered.first().map(|row| words::short(&row.address, picture.own_domain()));
    let make = first.map(|name| format!("make {name} a user"));
    let long = [
        ("d", Some("skip a day")),
        ("w", Some("skip a week")),
        ("u", make.as_deref()),
        ("z", Some("undo")),
        ("q", Some("quit")),
    ];
    let short = [("d", Some("day")), ("w", Some("week")), ("u", first.map(|_| "user")), long[3], long[4]];
    let line = list_keys(long);
    if line.width() <= width { line } else { list_keys(short) }
}

fn list_keys(keys: [(&str, Option<&str>); 5]) -> Line {
    let known = keys.into_iter().filter_map(|(key, does)| does.map(|does| (key, does)));
    known.fold(Line::default(), |line, (key, does)| {
        line.add(Style::Key, format!(" {key}")).add(Style::Quiet, format!(" {does}  "))
    })
}

/// Header 2, titles 2, blank lines 3, what was said 1, keys 1.
const FIXED_ROWS: usize = 9;

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
