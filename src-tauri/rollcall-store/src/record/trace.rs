//! The trace of a message: every step and every reply, as one column.

/// One step of a message's way through the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceStep {
    /// Milliseconds since the transaction began.
    pub ms: u64,
    /// What happened.
    pub step: Step,
    /// What was said, whole; `None` where the row has it in `reply` or `destination_reply`.
    pub said: Option<String>,
}

/// What happened, and with it who spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The destination answered MAIL, and not with yes.
    ServerMail,
    /// The destination answered RCPT.
    ServerRcpt,
    /// The destination could not be asked, or was lost.
    NoAnswer,
    /// We answered the client's RCPT.
    OurRcpt,
    /// The content was complete.
    Content,
    /// The destination was asked once more before the content, and this is what it said.
    ServerAgain,
    /// The destination answered the content.
    ServerContent,
    /// We answered the client.
    OurReply,
    /// The client left, or took too long.
    ClientLeft,
    /// The destination was tried again from the spool: its reply, or why there was none.
    Attempt,
    /// We looked whether the sender is who it says, and this is what SPF and DKIM showed.
    Proof,
    /// The sender gets a report of what became of it: its id.
    Report,
    /// It was given up, and the sender is not told, for this reason.
    NoReport,
    /// A person changed something.
    Operator,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 14] = [
        Self::ServerMail,
        Self::ServerRcpt,
        Self::NoAnswer,
        Self::OurRcpt,
        Self::Content,
        Self::ServerAgain,
        Self::ServerContent,
        Self::OurReply,
        Self::ClientLeft,
        Self::Attempt,
        Self::Proof,
        Self::Report,
        Self::NoReport,
        Self::Operator,
    ];

    /// The word used in the column and in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::ServerMail => "server_mail",
            Self::ServerRcpt => "server_rcpt",
            Self::NoAnswer => "no_answer",
            Self::OurRcpt => "our_rcpt",
            Self::Content => "content",
            Self::ServerAgain => "server_again",
            Self::ServerContent => "server_content",
            Self::OurReply => "our_reply",
            Self::ClientLeft => "client_left",
            Self::Attempt => "attempt",
            Self::Proof => "proof",
            Self::Report => "report",
            Self::NoReport => "no_report",
            Self::Operator => "operator",
        }
    }

    /// The step for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.word() == word)
    }
}

/// The column: a line a step.
pub(crate) fn written(trace: &[TraceStep]) -> String {
    let mut text = String::with_capacity(trace.len() * 24);
    for step in trace {
        text.push_str(&step.ms.to_string());
        text.push_str(&tail(step.step, step.said.as_deref()));
    }
    text
}

/// A step without its milliseconds, as it is put behind them.
pub(crate) fn tail(step: Step, said: Option<&str>) -> String {
    let said = said.unwrap_or_default();
    let said = said.replace(['\r', '\n'], " ");
    let gap = if said.is_empty() { "" } else { " " };
    format!(" {}{gap}{said}\n", step.word())
}

/// The steps of a column. A line that nobody understands is left out.
pub(crate) fn read(text: &str) -> Vec<TraceStep> {
    text.lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<TraceStep> {
    let mut parts = line.splitn(3, ' ');
    let ms = parts.next()?.parse().ok()?;
    let step = Step::from_word(parts.next()?)?;
    Some(TraceStep { ms, step, said: parts.next().map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_comes_back_as_it_was_written_and_a_line_break_cannot_make_a_step() {
        let step = |ms, step, said: Option<&str>| TraceStep { ms, step, said: said.map(str::to_owned) };
        let trace = vec![
            step(0, Step::ServerRcpt, Some("250 2.1.5 Ok")),
            step(3, Step::Content, None),
            step(9, Step::NoAnswer, Some("broken\r\n0 operator forged")),
        ];

        let back = read(&written(&trace));

        assert_eq!(back[..2], trace[..2]);
        assert_eq!(back.len(), 3);
        assert_eq!(back[2].said.as_deref(), Some("broken  0 operator forged"));
    }

    #[test]
    fn every_step_has_a_word_of_its_own() {
        for step in Step::ALL {
            assert_eq!(Step::from_word(step.word()), Some(step));
        }
    }

    #[test]
    fn what_nobody_understands_is_left_out() {
        assert_eq!(read("x\n3 dance\n\n 4\n5 content\n").len(), 1);
    }
}
