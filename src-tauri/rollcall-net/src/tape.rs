//! What was said on a connection, kept for a person who tests it.
//!
//! **Invariant.** A secret is on no tape: of what is sent for AUTH only the mechanism is kept.

use std::sync::{Arc, Mutex, PoisonError};

use rollcall_core::Reply;
use tokio::time::Instant;

/// The commands and replies of a connection, in order. Cheap to clone; every clone is the same tape.
#[derive(Debug, Clone)]
pub struct Tape {
    began: Instant,
    said: Arc<Mutex<Vec<Said>>>,
}

/// A command, or none before the greeting, and its reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// `the greeting`, `EHLO`, `STARTTLS`, `AUTH`, …
    pub doing: &'static str,
    /// Both as lines, `>> ` before ours and `<< ` before the other side's.
    pub lines: String,
    /// Milliseconds from the one before until the reply.
    pub took_ms: u64,
    /// Milliseconds since the tape began.
    at_ms: u64,
}

impl Default for Tape {
    fn default() -> Self {
        Self { began: Instant::now(), said: Arc::default() }
    }
}

impl Tape {
    /// All that was said so far.
    #[must_use]
    pub fn said(&self) -> Vec<Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn note(&self, doing: &'static str, sent: Option<&[u8]>, reply: &Reply) {
        let sent = sent.map(|bytes| format!(">> {}\n", shown(doing, bytes))).unwrap_or_default();
        let at_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let took_ms = at_ms - said.last().map_or(0, |last| last.at_ms);
        said.push(Said { doing, lines: sent + &answered(reply), took_ms, at_ms });
    }
}

/// A reply as it came, a line each.
fn answered(reply: &Reply) -> String {
    let enhanced = reply.enhanced.map(|enhanced| format!("{enhanced} ")).unwrap_or_default();
    let last = reply.lines.len().saturating_sub(1);
    let line = |(place, text): (usize, &String)| {
        let between = if place == last { ' ' } else { '-' };
        format!("<< {}{between}{enhanced}{text}", reply.code)
    };
    reply.lines.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// A command without what proves who we are.
fn shown(doing: &str, bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_end();
    if doing != "AUTH" {
        return text.to_owned();
    }
    match text.strip_prefix("AUTH ").map(|rest| rest.split(' ').next().unwrap_or_default()) {
        Some(mechanism) if text.len() > "AUTH ".len() + mechanism.len() => format!("AUTH {mechanism} (not shown)"),
        Some(mechanism) => format!("AUTH {mechanism}"),
        None => "(not shown)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_smtp::client;

    #[test]
    fn a_tape_keeps_both_sides_and_no_secret() {
        let tape = Tape::default();
        let said = |code, text: &str| Reply::bare(code, text);
        tape.note("the greeting", None, &said(220, "smart.example"));
        tape.note("AUTH", Some(&client::auth_plain("office", "hunter2")), &said(235, "Welcome"));
        tape.note("AUTH", Some(client::AUTH_LOGIN), &said(334, "VXNlcm5hbWU6"));
        tape.note("AUTH", Some(&client::auth_answer("hunter2")), &said(235, "Welcome"));

        let lines: Vec<String> = tape.said().into_iter().map(|said| said.lines).collect();

        assert_eq!(lines[0], "<< 220 smart.example");
        assert_eq!(lines[1], ">> AUTH PLAIN (not shown)\n<< 235 Welcome");
        assert_eq!(lines[2], ">> AUTH LOGIN\n<< 334 VXNlcm5hbWU6");
        assert_eq!(lines[3], ">> (not shown)\n<< 235 Welcome");
    }
}
