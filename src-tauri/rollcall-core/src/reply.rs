//! An SMTP reply, kept whole (RFC 5321 section 4.2, RFC 3463).

use std::fmt::{self, Write};

use crate::explained::ReplyNumber;

/// The first digit of a reply code (RFC 5321 section 4.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// 2xx: done.
    Success,
    /// 3xx: go on.
    Intermediate,
    /// 4xx: not now.
    Transient,
    /// 5xx, and anything outside 2xx to 4xx: no.
    Permanent,
}

/// An enhanced status code such as `5.1.1` (RFC 3463).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnhancedStatusCode {
    /// 2, 4 or 5.
    pub class: u8,
    /// What the status is about: 1 addressing, 2 mailbox, 7 policy and so on.
    pub subject: u16,
    /// The detail within the subject.
    pub detail: u16,
}

impl EnhancedStatusCode {
    /// The code `class.subject.detail`.
    #[must_use]
    pub const fn new(class: u8, subject: u16, detail: u16) -> Self {
        Self { class, subject, detail }
    }

    /// Reads `5.1.1` at the start of `text`; it must be followed by white space or the end (RFC 2034 section 4).
    /// Returns the code and the rest of the text without the separating space.
    #[must_use]
    pub fn parse_prefix(text: &str) -> Option<(Self, &str)> {
        let end = text.find([' ', '\t']).unwrap_or(text.len());
        let mut parts = text[..end].split('.');
        let number = |part: Option<&str>| {
            part.filter(|p| !p.is_empty() && p.len() <= 3 && p.bytes().all(|b| b.is_ascii_digit()))?.parse::<u16>().ok()
        };
        let class = number(parts.next()).filter(|c| matches!(c, 2 | 4 | 5))?;
        let subject = number(parts.next())?;
        let detail = number(parts.next())?;
        if parts.next().is_some() {
            return None;
        }
        Some((Self { class: class as u8, subject, detail }, text[end..].trim_start_matches([' ', '\t'])))
    }
}

impl fmt::Display for EnhancedStatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// A whole reply: code, enhanced status code, and the text of every line without either.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reply {
    /// Three digits, 200 to 599.
    pub code: u16,
    /// The enhanced status code, if the speaker gave one.
    pub enhanced: Option<EnhancedStatusCode>,
    /// One entry a line, at least one, without code, separator and enhanced status code.
    pub lines: Vec<String>,
    /// Where it is explained (X20); only a refusal of our own has one. It is said behind the text.
    pub number: Option<ReplyNumber>,
}

impl Reply {
    /// A reply of one line with an enhanced status code whose class follows from `code`.
    #[must_use]
    pub fn new(code: u16, subject: u16, detail: u16, text: impl Into<String>) -> Self {
        let class = (code / 100) as u8;
        let enhanced = Some(EnhancedStatusCode::new(class, subject, detail));
        Self { code, enhanced, lines: vec![text.into()], number: None }
    }

    /// A reply of one line without an enhanced status code (greetings, 354, EHLO).
    #[must_use]
    pub fn bare(code: u16, text: impl Into<String>) -> Self {
        Self { code, enhanced: None, lines: vec![text.into()], number: None }
    }

    /// The same reply, explained under this number (X20).
    #[must_use]
    pub const fn numbered(mut self, number: Option<ReplyNumber>) -> Self {
        self.number = number;
        self
    }

    /// The class given by the first digit.
    #[must_use]
    pub const fn class(&self) -> Class {
        match self.code / 100 {
            2 => Class::Success,
            3 => Class::Intermediate,
            4 => Class::Transient,
            _ => Class::Permanent,
        }
    }

    /// True for 2xx.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self.class(), Class::Success)
    }

    /// All lines joined by a space, without code and enhanced status code.
    #[must_use]
    pub fn text(&self) -> String {
        self.lines.join(" ")
    }
}

impl Reply {
    /// As [`fmt::Display`] writes it, in memory that is asked for once.
    #[must_use]
    pub fn written(&self) -> String {
        let text: usize = self.lines.iter().map(|line| line.len() + 1).sum();
        let mut written = String::with_capacity("250 5.255.255 (RC-000)".len() + text);
        match write!(written, "{self}") {
            Ok(()) | Err(fmt::Error) => written,
        }
    }
}

/// The reply on one line as the log and the window show it: `550 5.1.1 text (RC-104)`.
impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(enhanced) = self.enhanced {
            write!(f, " {enhanced}")?;
        }
        self.lines.iter().try_for_each(|line| write!(f, " {line}"))?;
        self.number.map_or(Ok(()), |number| write!(f, " ({number})"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enhanced_status_code_is_read_only_where_rfc_2034_puts_it() {
        assert_eq!(
            EnhancedStatusCode::parse_prefix("5.1.10 unknown"),
            Some((EnhancedStatusCode::new(5, 1, 10), "unknown"))
        );
        for text in ["5.1 x", "3.1.1 x", "5.1.1: x", "5.1.1.1 x", "hello 5.1.1", "", "5..1 x"] {
            assert_eq!(EnhancedStatusCode::parse_prefix(text), None, "{text}");
        }
    }
}
