//! A letter's text from its parts, once plain and once as HTML. Both say the same.

use rollcall_mail::letter::escaped;

/// A part: a sentence, and what it is about line by line.
pub(super) struct Part {
    pub sentence: String,
    pub lines: Vec<String>,
}

impl Part {
    pub fn sentence(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), lines: Vec::new() }
    }
}

/// The parts below one another.
pub(super) fn plain(parts: &[Part]) -> String {
    let part = |part: &Part| {
        let lines: String = part.lines.iter().map(|line| format!("  {line}\n")).collect();
        format!("{}\n{lines}", part.sentence)
    };
    parts.iter().map(part).collect::<Vec<_>>().join("\n")
}

/// The same as HTML, without anything that a mail program would have to fetch.
pub(super) fn html(parts: &[Part]) -> String {
    let line = |line: &String| format!("<li>{}</li>", escaped(line));
    let part = |part: &Part| {
        let lines: String = part.lines.iter().map(line).collect();
        let list = if lines.is_empty() { String::new() } else { format!("<ul>{lines}</ul>") };
        format!("<p>{}</p>{list}\n", escaped(&part.sentence).replace('\n', "<br>\n"))
    };
    let body: String = parts.iter().map(part).collect();
    format!("<!doctype html>\n<html><head><meta charset=\"utf-8\"></head><body>\n{body}</body></html>\n")
}
