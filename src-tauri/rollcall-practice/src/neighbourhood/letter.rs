//! One message of the neighbourhood, with its envelope.

use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::cast::Host;

/// What kind of sender a letter comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A person at another firm.
    Person,
    /// A list.
    Newsletter,
    /// A program, or a bounce.
    Automatic,
    /// A person who has the address wrong.
    Misspelt,
    /// Somebody guessing names.
    Guesses,
}

/// A message and its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What kind of sender it comes from.
    pub kind: Kind,
    /// The computer that sends it.
    pub host: &'static Host,
    /// The reverse-path; empty for the null reverse-path.
    pub reverse_path: &'static str,
    /// The recipients in the order they are tried.
    pub recipients: Vec<String>,
    /// Header fields, an empty line and the body, lines ending in CRLF.
    pub content: Vec<u8>,
}

/// Header fields and body of a letter before they are put together.
#[derive(Debug)]
pub struct Sheet<'a> {
    /// From: name and address.
    pub from: (&'a str, &'a str),
    /// To, one address.
    pub to: &'a str,
    /// Subject, plain ASCII.
    pub subject: &'a str,
    /// Further header fields, each a name and a value.
    pub extra: &'a [(&'a str, &'a str)],
    /// The body, lines ending in LF.
    pub body: &'a str,
    /// A number no other letter of this host has.
    pub serial: u64,
}

impl Sheet<'_> {
    /// The content as it goes over the wire (RFC 5322), dated `date`.
    #[must_use]
    pub fn write(&self, host: &Host, date: &Zoned) -> Vec<u8> {
        let (name, address) = self.from;
        let mut lines = vec![
            format!("Date: {}", rfc2822::to_string(date).expect("a date after 1970 can be written")),
            format!("From: {name} <{address}>"),
            format!("To: {}", self.to),
            format!("Subject: {}", self.subject),
            format!("Message-ID: <{:016x}@{}>", self.serial, host.name),
        ];
        lines.extend(self.extra.iter().map(|(field, value)| format!("{field}: {value}")));
        lines.push("MIME-Version: 1.0".to_owned());
        lines.push("Content-Type: text/plain; charset=us-ascii".to_owned());
        lines.push(String::new());
        lines.extend(self.body.lines().map(str::to_owned));
        lines.push(String::new());
        lines.join("\r\n").into_bytes()
    }
}

/// `at_ms` in `zone`; the start of 1970 for a time beyond the calendar.
#[must_use]
pub fn date(at_ms: i64, zone: &TimeZone) -> Zoned {
    Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neighbourhood::cast::LUCKY;

    #[test]
    fn a_sheet_becomes_a_message_as_rfc_5322_has_it() {
        let sheet = Sheet {
            from: ("Mara Quill", "mara@northwind.example"),
            to: "ann.lee@fabrikam.example",
            subject: "Delivery slot",
            extra: &[("Precedence", "bulk")],
            body: "Hello Ann,\n\ndock 2.\n",
            serial: 255,
        };

        let content = String::from_utf8(sheet.write(&LUCKY, &date(1_794_470_400_000, &TimeZone::UTC))).unwrap();

        assert_eq!(
            content,
            "Date: Thu, 12 Nov 2026 08:00:00 +0000\r\n\
             From: Mara Quill <mara@northwind.example>\r\n\
             To: ann.lee@fabrikam.example\r\n\
             Subject: Delivery slot\r\n\
             Message-ID: <00000000000000ff@mail.lucky.example>\r\n\
             Precedence: bulk\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=us-ascii\r\n\
             \r\n\
             Hello Ann,\r\n\
             \r\n\
             dock 2.\r\n"
        );
    }
}
