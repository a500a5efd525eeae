//! Reads the replies of another server (RFC 5321 section 4.2, RFC 2034).
//!
//! **Invariant.** A reply comes out whole or not at all; a peer can neither make us hold more than 64 KiB nor make us
//! take half a reply for a whole one.
//!
//! **Limits.** Kind to old servers: a bare LF ends a line, text may be missing, and text that is not UTF-8 is read as
//! Latin-1.

use memchr::memchr_iter;
use rollcall_core::reply::{EnhancedStatusCode, Reply};

/// Reads replies from a growing buffer. After [`Parsed::Malformed`] it is spent, and so is the connection.
#[derive(Debug, Default)]
pub struct ReplyParser {
    /// The reply so far, if one of its lines was read.
    partial: Option<Reply>,
    /// Octets at the start of the buffer that belong to lines already read.
    read: usize,
    /// Octets at the start of the buffer that were searched for a line end.
    searched: usize,
}

/// What the front of the buffer holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parsed {
    /// The reply is not complete: read more, then ask again with the same octets and what followed.
    More,
    /// A whole reply.
    Reply {
        /// The reply.
        reply: Reply,
        /// Octets to drop from the front of the buffer.
        consumed: usize,
    },
    /// Not a reply: close the connection.
    Malformed {
        /// What is wrong, for the log.
        detail: String,
    },
}

impl ReplyParser {
    /// A parser at the start of a reply.
    #[must_use]
    pub const fn new() -> Self {
        Self { partial: None, read: 0, searched: 0 }
    }

    /// Looks at the octets the caller has not dropped yet. Repeated calls on a growing buffer look at each octet once.
    pub fn next(&mut self, buffer: &[u8]) -> Parsed {
        match self.run(buffer) {
            Ok(Some((reply, consumed))) => Parsed::Reply { reply, consumed },
            Ok(None) => Parsed::More,
            Err(detail) => Parsed::Malformed { detail },
        }
    }

    fn run(&mut self, buffer: &[u8]) -> Result<Option<(Reply, usize)>, String> {
        let from = self.searched.min(buffer.len());
        let mut ends = memchr_iter(b'\n', &buffer[from..]).map(|offset| from + offset);
        loop {
            let Some(end) = ends.next() else {
                self.searched = buffer.len();
                self.check_limits(buffer.len())?;
                return Ok(None);
            };
            self.check_limits(end + 1)?;
            let line = Line::parse(buffer[self.read..end].trim_ascii_end())?;
            self.read = end + 1;
            let last = line.last;
            self.add(line)?;
            if last {
                let Self { partial, read, .. } = std::mem::take(self);
                return Ok(partial.map(|reply| (reply, read)));
            }
        }
    }

    /// Refuses before a line or a reply grows beyond what an honest server sends. `end` is the octet after the line.
    fn check_limits(&self, end: usize) -> Result<(), String> {
        if end - self.read > MAX_LINE {
            return Err(format!("a reply line is longer than {MAX_LINE} octets"));
        }
        if end > MAX_REPLY {
            return Err(format!("a reply is longer than {MAX_REPLY} octets"));
        }
        Ok(())
    }

    fn add(&mut self, line: Line) -> Result<(), String> {
        let Some(reply) = &mut self.partial else {
            self.partial = Some(line.into_reply());
            return Ok(());
        };
        if reply.code != line.code {
            return Err(format!("a reply began with {} and went on with {}", reply.code, line.code));
        }
        if reply.lines.len() == MAX_LINES {
            return Err(format!("a reply has more than {MAX_LINES} lines"));
        }
        // RFC 2034 repeats the status code on every line; anything else that looks like one is text.
        let text = match (EnhancedStatusCode::parse_prefix(&line.text), reply.enhanced) {
            (Some((code, rest)), Some(first)) if code == first => rest.to_owned(),
            _ => line.text,
        };
        reply.lines.push(text);
        Ok(())
    }
}

/// Longest line read, in octets: eight times what RFC 5321 section 4.5.3.1.5 allows.
const MAX_LINE: usize = 8 * 512;
/// Most lines in a reply.
const MAX_LINES: usize = 100;
/// Longest reply read, in octets.
const MAX_REPLY: usize = 64 * 1024;

/// One line of a reply.
struct Line {
    code: u16,
    last: bool,
    text: String,
}

impl Line {
    fn parse(line: &[u8]) -> Result<Self, String> {
        let wrong = || format!("not a reply: “{}”", shown(line));
        let (digits, rest) = line.split_at_checked(3).ok_or_else(wrong)?;
        let code = digits
            .iter()
            .try_fold(0u16, |code, digit| digit.is_ascii_digit().then(|| code * 10 + u16::from(digit - b'0')));
        let code = code.filter(|code| (200..600).contains(code)).ok_or_else(wrong)?;
        let (last, text) = match rest {
            [] => (true, rest),
            [b' ' | b'\t', text @ ..] => (true, text),
            [b'-', text @ ..] => (false, text),
            _ => return Err(wrong()),
        };
        Ok(Self { code, last, text: decoded(text) })
    }

    fn into_reply(self) -> Reply {
        let (enhanced, text) = match EnhancedStatusCode::parse_prefix(&self.text) {
            Some((code, rest)) => (Some(code), rest.to_owned()),
            None => (None, self.text),
        };
        Reply { code: self.code, enhanced, lines: vec![text], number: None }
    }
}

/// UTF-8 where it is, otherwise Latin-1.
fn decoded(text: &[u8]) -> String {
    std::str::from_utf8(text).map_or_else(|_| text.iter().copied().map(char::from).collect(), str::to_owned)
}

/// The start of a line for the log, with nothing that could disturb it.
fn shown(line: &[u8]) -> String {
    decoded(&line[..line.len().min(80)]).chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn code_enhanced_status_code_and_text_are_told_apart() {
        assert_eq!(parse(b"550 5.1.1 User unknown\r\n"), Ok(Reply::new(550, 1, 1, "User unknown")));
        assert_eq!(parse(b"354 Go ahead\r\n"), Ok(Reply::bare(354, "Go ahead")));
        assert_eq!(parse(b"220 mail.example ESMTP\r\n"), Ok(Reply::bare(220, "mail.example ESMTP")));
    }

    #[test]
    fn the_lines_of_one_reply_stay_together_and_lose_the_repeated_status_code() {
        let reply = parse(b"450-4.2.0 Greylisted\r\n450-4.2.0 come back\r\n450 5.5.5 is text\r\n").unwrap();

        assert_eq!(reply.to_string(), "450 4.2.0 Greylisted come back 5.5.5 is text");
        assert_eq!(reply.lines.len(), 3);
    }

    #[test]
    fn a_keyword_of_ehlo_is_never_taken_for_a_status_code() {
        let reply = parse(b"250-mail.example\r\n250-SIZE 1000\r\n250 2.0.0 odd\r\n").unwrap();

        assert_eq!(reply.enhanced, None);
        assert_eq!(reply.lines, ["mail.example", "SIZE 1000", "2.0.0 odd"]);
    }

    #[test]
    fn a_status_code_of_another_class_is_kept_as_the_server_said_it() {
        assert_eq!(parse(b"550 4.7.1 odd\r\n").unwrap().enhanced, Some(EnhancedStatusCode::new(4, 7, 1)));
    }

    #[test]
    fn a_second_reply_in_the_buffer_waits_for_its_turn() {
        let mut parser = ReplyParser::new();
        let buffer = b"250 one\r\n550 two\r\n";

        assert_eq!(parser.next(buffer), Parsed::Reply { reply: Reply::bare(250, "one"), consumed: 9 });
        assert_eq!(parser.next(&buffer[9..]), Parsed::Reply { reply: Reply::bare(550, "two"), consumed: 9 });
        assert_eq!(parser.next(b""), Parsed::More);
    }

    #[test]
    fn old_habits_are_understood() {
        assert_eq!(parse(b"250 bare line feed\n"), Ok(Reply::bare(250, "bare line feed")));
        assert_eq!(parse(b"250\r\n"), Ok(Reply::bare(250, "")));
        assert_eq!(parse(b"250 \r\n"), Ok(Reply::bare(250, "")));
        assert_eq!(parse(b"250-\r\n250 x\r\n").unwrap().lines, ["", "x"]);
        assert_eq!(parse(b"550 5.1.1\r\n"), Ok(Reply::new(550, 1, 1, "")));
        assert_eq!(parse(b"550 unbekannter Empf\xe4nger\r\n"), Ok(Reply::bare(550, "unbekannter Empfänger")));
    }

    #[test]
    fn what_is_not_a_reply_is_malformed() {
        for bytes in [
            &b"\r\n"[..],
            b"HTTP/1.1 400 Bad Request\r\n",
            b"25\r\n",
            b"25x no\r\n",
            b"2500 no\r\n",
            b"250_no\r\n",
            b"199 no\r\n",
            b"600 no\r\n",
            b"-25 no\r\n",
            b"250-one\r\n251 two\r\n",
            b"250-one\r\nhello\r\n",
            b"\x16\x03\x01\x00\r\n",
        ] {
            parse(bytes).expect_err(&format!("{bytes:?}"));
        }
    }

    #[test]
    fn an_endless_line_an_endless_reply_and_too_many_lines_are_given_up() {
        parse(&[b'2'; MAX_LINE + 1]).expect_err("a line without end");
        assert_eq!(ReplyParser::new().next(&[b'2'; MAX_LINE]), Parsed::More);

        let line = [b"250-".as_slice(), &[b'x'; 990], b"\r\n"].concat();
        parse(&line.repeat(70)).expect_err("a reply of 70 kB");

        parse(&b"250-x\r\n".repeat(MAX_LINES + 1)).expect_err("101 lines");
        parse(&[b"250-x\r\n".repeat(MAX_LINES - 1).as_slice(), b"250 x\r\n"].concat()).expect("100 lines");
    }

    proptest! {
        #[test]
        fn how_the_octets_are_split_never_changes_the_reply(
            bytes in proptest::collection::vec(
                prop_oneof![Just(&b"250-"[..]), Just(&b"250 "[..]), Just(&b"550 5.1.1 "[..]), Just(&b"250-2.1.0 "[..]), Just(&b"x"[..]), Just(&b"\r\n"[..]), Just(&b"\n"[..])],
                0..20,
            ),
            step in 1usize..9,
        ) {
            let bytes = bytes.concat();
            let mut parser = ReplyParser::new();
            let mut end = 0;
            let mut split = Parsed::More;
            while split == Parsed::More && end < bytes.len() {
                end = (end + step).min(bytes.len());
                split = parser.next(&bytes[..end]);
            }

            prop_assert_eq!(split, ReplyParser::new().next(&bytes));
        }

        #[test]
        fn no_octets_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = ReplyParser::new().next(&bytes);
        }
    }

    fn parse(bytes: &[u8]) -> Result<Reply, String> {
        match ReplyParser::new().next(bytes) {
            Parsed::Reply { reply, consumed } => {
                assert_eq!(consumed, bytes.len());
                Ok(reply)
            }
            Parsed::More => panic!("{bytes:?} is not complete"),
            Parsed::Malformed { detail } => Err(detail),
        }
    }
}
