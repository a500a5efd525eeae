//! Reads message content. Never rewrites it: the original bytes are what is passed on.
//!
//! **Invariant.** Reading never fails: what cannot be read is absent from the answer.
//!
//! **Limits.** Only the header section is read, at most 256 KiB of it, except by [`authenticate`], and of reports about
//! deliveries the beginning. Scanning comes later.

pub mod authenticate;
pub mod letter;
pub mod report;
pub mod returned;
pub mod upstream_verdict;

use std::sync::LazyLock;

use mail_parser::{HeaderName, MessageParser};

/// The most of a header section that is looked at, in bytes.
const HEADER_LIMIT: usize = 256 * 1024;
/// The longest subject kept, in characters.
const SUBJECT_LIMIT: usize = 200;

/// Reads the two fields that are shown; dates and addresses are nobody's business here, and reading them costs most.
static PARSER: LazyLock<MessageParser> = LazyLock::new(|| {
    let parser = MessageParser::new().header_text(HeaderName::Subject).header_id(HeaderName::MessageId);
    parser.default_header_ignore()
});

/// What the relay and discovery need to know about a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Headline {
    /// The decoded subject (RFC 2047), at most 200 characters.
    pub subject: Option<String>,
    /// The Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// An `Auto-Submitted` field says anything but `no` (RFC 3834 section 5).
    pub auto_submitted: bool,
    /// A list or a bulk mailer sent it: `List-Id`, `List-Unsubscribe`, `Precedence: bulk`, `list` or `junk`.
    pub bulk: bool,
    /// How many `Received` fields there are: the hops so far (RFC 5321 section 6.3).
    pub hops: usize,
    /// The header section has octets outside ASCII (RFC 6532).
    pub beyond_ascii: bool,
}

/// How often the relay that signs its `Received` fields with `mark` has had this message before.
#[must_use]
pub fn passes(content: &[u8], mark: &str) -> usize {
    let header = header_section(content);
    memchr::memmem::find_iter(header, mark.as_bytes()).count()
}

/// Reads the header section of `content`.
#[must_use]
pub fn headline(content: &[u8]) -> Headline {
    let header = header_section(content);
    let mut headline = Headline { beyond_ascii: !header.is_ascii(), ..Headline::default() };
    let mut auto_submitted = None;
    for (name, value) in fields(header) {
        if name.eq_ignore_ascii_case(b"received") {
            headline.hops += 1;
        } else if auto_submitted.is_none() && name.eq_ignore_ascii_case(b"auto-submitted") {
            auto_submitted = Some(!is_no(value));
        } else {
            headline.bulk |= upstream_verdict::says_bulk(name, value);
        }
    }
    headline.auto_submitted = auto_submitted.unwrap_or_default();
    if let Some(message) = PARSER.parse_headers(header) {
        headline.subject = message.subject().map(|text| text.chars().take(SUBJECT_LIMIT).collect());
        headline.message_id = message.message_id().map(str::to_owned);
    }
    headline
}

/// Everything up to and including the CRLF before the empty line.
fn header_section(content: &[u8]) -> &[u8] {
    let content = &content[..content.len().min(HEADER_LIMIT)];
    if content.starts_with(b"\r\n") {
        return &[];
    }
    memchr::memmem::find(content, b"\r\n\r\n").map_or(content, |end| &content[..end + 2])
}

/// Name and unparsed first line of each field.
fn fields(header: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    header.split(|byte| *byte == b'\n').filter(|line| !line.starts_with(b" ") && !line.starts_with(b"\t")).filter_map(
        |line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            Some((line[..colon].trim_ascii_end(), line[colon + 1..].trim_ascii()))
        },
    )
}

/// `no`, perhaps with parameters or a comment behind it.
fn is_no(value: &[u8]) -> bool {
    let word = value.split(|byte| matches!(byte, b';' | b' ' | b'\t' | b'(')).next().unwrap_or_default();
    word.eq_ignore_ascii_case(b"no")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subject_and_message_id_are_read_decoded() {
        let found =
            headline(b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <a@b.example>\r\n\r\nSubject: no\r\n");

        assert_eq!(found.subject.as_deref(), Some("Grüße"));
        assert_eq!(found.message_id.as_deref(), Some("a@b.example"));
    }

    #[test]
    fn anything_but_no_in_auto_submitted_means_a_program_sent_it() {
        for (value, expected) in [
            ("auto-generated", true),
            ("auto-replied; owner-email=x", true),
            ("no", false),
            ("No (by hand)", false),
            ("nobody", true),
        ] {
            let content = format!("auto-SUBMITTED : {value}\r\n\r\n");
            assert_eq!(headline(content.as_bytes()).auto_submitted, expected, "{value}");
        }
        assert!(
            !headline(b"Subject: x\r\n\r\nAuto-Submitted: auto-replied\r\n").auto_submitted,
            "only the header counts"
        );
    }

    #[test]
    fn hops_are_counted_in_the_header_only() {
        let content = b"Received: a\r\n\tby b\r\nreceived: c\r\n\r\nReceived: d\r\n";

        assert_eq!(headline(content).hops, 2);
    }

    #[test]
    fn our_own_marks_are_counted_in_the_header_only() {
        let content = b"Received: from a\r\n\tby b (Rollcall 7f3a) with ESMTP\r\nReceived: by c (Rollcall 9)\r\n\r\n(Rollcall 7f3a)";

        assert_eq!(passes(content, "(Rollcall 7f3a)"), 1);
        assert!(headline("Subject: é\r\n\r\n".as_bytes()).beyond_ascii);
        assert!(!headline("Subject: e\r\n\r\né".as_bytes()).beyond_ascii);
    }

    #[test]
    fn nothing_in_nothing_out() {
        for content in [&b""[..], b"\r\n", b"\r\n\r\n", b"no colon here\r\n", b"\x00\xff\xfe"] {
            assert_eq!(headline(content).hops, 0);
        }
    }
}
