//! Writes a letter of our own: one text, once plain and once as HTML (RFC 2046 section 5.1.4).
//!
//! **Invariant.** It says that no person wrote it (`Auto-Submitted: auto-generated`, RFC 3834 section 5), so that nothing
//! answers it. A name or a subject is encoded and adds no field.

use std::time::{Duration, SystemTime};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter<'a> {
    /// Its own id; the Message-ID is this at the sender's domain.
    pub id: &'a str,
    /// The sender's address.
    pub from: &'a str,
    /// To whom, by name if there is one.
    pub to_name: Option<&'a str>,
    /// To whom.
    pub to: &'a str,
    /// Now, in milliseconds since 1970 UTC; earlier is read as 1970.
    pub at_ms: i64,
    /// The subject, one line.
    pub subject: &'a str,
    /// The text.
    pub text: &'a str,
    /// The same as HTML.
    pub html: &'a str,
}

/// Why a letter cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// An address that a header field cannot carry.
    #[error("{address} can't stand in a letter")]
    Address {
        /// The address.
        address: String,
        /// Why not.
        source: lettre::address::AddressError,
    },
    /// The rest.
    #[error("the letter can't be written")]
    Write(#[from] lettre::error::Error),
}

/// The letter as a message, ready to be sent.
///
/// # Errors
/// [`LetterError`].
pub fn letter(letter: &Letter<'_>) -> Result<Vec<u8>, LetterError> {
    let from = mailbox(Some("Rollcall"), letter.from)?;
    let domain = from.email.domain().to_owned();
    let since_1970 = Duration::from_millis(u64::try_from(letter.at_ms).unwrap_or_default());
    let no_person = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    let message = Message::builder()
        .from(from)
        .to(mailbox(letter.to_name, letter.to)?)
        .subject(one_line(letter.subject))
        .date(SystemTime::UNIX_EPOCH + since_1970)
        .message_id(Some(format!("<{}@{domain}>", letter.id)))
        .raw_header(no_person)
        .multipart(MultiPart::alternative_plain_html(letter.text.to_owned(), letter.html.to_owned()))?;
    Ok(message.formatted())
}

fn mailbox(name: Option<&str>, address: &str) -> Result<Mailbox, LetterError> {
    let parsed = address.parse().map_err(|source| LetterError::Address { address: address.to_owned(), source })?;
    Ok(Mailbox::new(name.map(one_line).filter(|name| !name.is_empty()), parsed))
}

/// Control characters, line ends among them, become spaces.
fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

/// `text` as HTML shows it.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use mail_parser::MessageParser;

    use super::*;

    fn sample() -> Letter<'static> {
        Letter {
            id: "0K3ZQ7M4XT90",
            from: "postmaster@acme.example",
            to_name: Some("Jürgen \"IT\" Lee\r\nBcc: x@y.example"),
            to: "it@acme.example",
            at_ms: 1_790_000_000_123,
            subject: "Wöchentlich: 2 users\r\nBcc: x@y.example",
            text: "Hello,\n\n2 users were created.\n.\n",
            html: "<p>2 users were created.</p>",
        }
    }

    #[test]
    fn c22_a_letter_says_who_wrote_it_and_when_and_that_nobody_should_answer() {
        let bytes = letter(&sample()).unwrap();

        let read = MessageParser::default().parse(&bytes).expect("a message");
        let header = |name: &'static str| read.header_raw(name).map(|value| value.trim().to_owned());
        assert_eq!(header("Message-ID").as_deref(), Some("<0K3ZQ7M4XT90@acme.example>"));
        assert_eq!(header("Auto-Submitted").as_deref(), Some("auto-generated"));
        assert_eq!(read.date().map(|date| date.to_timestamp()), Some(1_790_000_000));
        assert_eq!(read.body_text(0).as_deref().map(|text| text.replace("\r\n", "\n")).as_deref(), Some(sample().text));
        assert_eq!(read.body_html(0).as_deref().map(str::trim), Some(sample().html));
        assert!(!bytes.windows(2).any(|pair| pair[1] == b'\n' && pair[0] != b'\r'), "every line ends with CRLF");
    }

    #[test]
    fn c22_neither_a_name_nor_a_subject_adds_a_field() {
        let bytes = letter(&sample()).unwrap();

        let read = MessageParser::default().parse(&bytes).expect("a message");
        assert_eq!(read.headers().iter().filter(|header| header.name().eq_ignore_ascii_case("bcc")).count(), 0);
        assert!(read.subject().is_some_and(|subject| subject.starts_with("Wöchentlich: 2 users  Bcc:")));
        assert!(bytes.is_ascii());
    }

    #[test]
    fn c22_what_is_no_address_is_an_error_that_names_it() {
        let error = letter(&Letter { to: "nobody", ..sample() }).unwrap_err();
        assert!(error.to_string().contains("nobody"), "{error}");
    }

    #[test]
    fn c22_text_in_html_is_text() {
        assert_eq!(escaped("<b> & \"it's\""), "&lt;b&gt; &amp; &quot;it&#39;s&quot;");
    }
}
