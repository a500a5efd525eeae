//! Cuts the client's bytes into lines.
//!
//! **Invariant.** Only `CRLF` ends a line. A bare LF or a bare CR is a fault wherever it stands, because a peer that
//! takes it as a line end would see other commands than we do (SMTP smuggling). How the bytes were split into reads
//! never changes what comes out.
//!
//! **Limits.** Looks for line ends only; NUL and other control characters are the command parser's business. An
//! endless line costs no memory but does cost reading: the caller's deadline ends it.

use memchr::memchr2;

/// Cuts lines out of a growing buffer and remembers how far it has looked.
#[derive(Debug)]
pub struct LineCutter {
    /// The longest line taken, in octets without CRLF.
    max_line: usize,
    /// How many octets at the start of the next buffer are known to hold no line end.
    scanned: usize,
    /// True while the rest of a line that is too long is thrown away.
    discarding: bool,
}

/// What the front of the buffer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut<'a> {
    /// A whole line.
    Line {
        /// The line without its CRLF.
        line: &'a [u8],
        /// Octets to drop from the front of the buffer.
        consumed: usize,
    },
    /// No line end yet: read more, then ask again with the same bytes and what followed.
    More,
    /// Part of a line that is too long: drop these octets, then read more. The fault follows at the end of the line.
    Skip {
        /// Octets to drop from the front of the buffer.
        consumed: usize,
    },
    /// A line that is not taken.
    Fault {
        /// What is wrong with it.
        fault: LineFault,
        /// Octets to drop from the front of the buffer.
        consumed: usize,
    },
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFault {
    /// An LF without a CR before it.
    BareLf,
    /// A CR without an LF behind it.
    BareCr,
    /// Longer than the limit; reported once, at the end of the line.
    TooLong,
}

impl LineCutter {
    /// A cutter for lines of up to `max_line` octets, not counting CRLF.
    #[must_use]
    pub const fn new(max_line: usize) -> Self {
        Self { max_line, scanned: 0, discarding: false }
    }

    /// Looks at the octets the caller has not dropped yet. Repeated calls on a growing buffer look at each octet once.
    pub fn next<'a>(&mut self, buffer: &'a [u8]) -> Cut<'a> {
        let from = self.scanned.min(buffer.len());
        let Some(end) = memchr2(b'\r', b'\n', &buffer[from..]).map(|offset| from + offset) else {
            return self.wait(buffer.len());
        };
        if buffer[end] == b'\n' {
            return self.fault(LineFault::BareLf, end + 1);
        }
        match buffer.get(end + 1) {
            None => self.wait(end),
            Some(b'\n') if self.discarding || end > self.max_line => self.fault(LineFault::TooLong, end + 2),
            Some(b'\n') => {
                self.scanned = 0;
                Cut::Line { line: &buffer[..end], consumed: end + 2 }
            }
            Some(_) => self.fault(LineFault::BareCr, end + 1),
        }
    }

    /// The first `clean` octets hold no line end: keep them if they may still become a line.
    fn wait<'a>(&mut self, clean: usize) -> Cut<'a> {
        self.discarding |= clean > self.max_line;
        self.scanned = if self.discarding { 0 } else { clean };
        if self.discarding && clean > 0 { Cut::Skip { consumed: clean } } else { Cut::More }
    }

    /// Gives up on the line; the next one starts afresh.
    fn fault<'a>(&mut self, fault: LineFault, consumed: usize) -> Cut<'a> {
        self.scanned = 0;
        self.discarding = false;
        Cut::Fault { fault, consumed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What came out of a cutter, without the positions.
    #[derive(Debug, PartialEq, Eq)]
    enum Event {
        Line(Vec<u8>),
        Fault(LineFault),
    }

    #[test]
    fn a_line_ends_at_crlf_and_what_follows_stays() {
        let mut cutter = LineCutter::new(100);

        assert_eq!(cutter.next(b"NOOP\r\nQUIT\r\n"), Cut::Line { line: b"NOOP", consumed: 6 });
        assert_eq!(cutter.next(b"QUIT\r\n"), Cut::Line { line: b"QUIT", consumed: 6 });
        assert_eq!(cutter.next(b""), Cut::More);
    }

    #[test]
    fn a_bare_lf_or_a_bare_cr_is_a_fault_wherever_it_stands() {
        for (bytes, expected) in [
            (&b"RSET\n"[..], vec![Event::Fault(LineFault::BareLf)]),
            (b"\n", vec![Event::Fault(LineFault::BareLf)]),
            (b"RSET\rNOOP\r\n", vec![Event::Fault(LineFault::BareCr), Event::Line(b"NOOP".to_vec())]),
            (b"RSET\r\r\n", vec![Event::Fault(LineFault::BareCr), Event::Line(b"".to_vec())]),
            (b"RSET\n\r\n", vec![Event::Fault(LineFault::BareLf), Event::Line(b"".to_vec())]),
        ] {
            assert_eq!(cut(bytes, bytes.len(), 100), expected, "{bytes:?}");
        }
    }

    #[test]
    fn the_longest_line_passes_and_one_octet_more_is_reported_once_at_its_end() {
        assert_eq!(cut(b"12345\r\n", 7, 5), [Event::Line(b"12345".to_vec())]);
        assert_eq!(cut(b"123456\r\nNOOP\r\n", 3, 5), [Event::Fault(LineFault::TooLong), Event::Line(b"NOOP".to_vec())]);
    }

    #[test]
    fn a_line_of_a_megabyte_costs_no_memory() {
        let mut cutter = LineCutter::new(1000);
        let mut held = Vec::new();

        for _ in 0..1024 {
            held.extend_from_slice(&[b'x'; 1024]);
            if let Cut::Skip { consumed } = cutter.next(&held) {
                held.drain(..consumed);
            }
            assert!(held.len() <= 1000, "{} octets held", held.len());
        }
        held.extend_from_slice(b"\r\n");

        assert_eq!(cutter.next(&held), Cut::Fault { fault: LineFault::TooLong, consumed: 2 });
    }

    #[test]
    fn a_control_character_inside_a_line_is_left_to_the_command_parser() {
        assert_eq!(cut(b"NO\0OP\x01\r\n", 9, 100), [Event::Line(b"NO\0OP\x01".to_vec())]);
    }

    proptest! {
        #[test]
        fn how_the_bytes_are_split_never_changes_what_comes_out(
            bytes in proptest::collection::vec(prop_oneof![4 => Just(b'a'), 2 => Just(b'\r'), 2 => Just(b'\n'), 1 => any::<u8>()], 0..80),
            step in 1usize..9,
        ) {
            prop_assert_eq!(cut(&bytes, step, 6), cut(&bytes, bytes.len().max(1), 6));
        }
    }

    /// Feeds `bytes` in pieces of `step` octets to a cutter for lines of `max_line`.
    fn cut(bytes: &[u8], step: usize, max_line: usize) -> Vec<Event> {
        let mut cutter = LineCutter::new(max_line);
        let mut held = Vec::new();
        let mut events = Vec::new();
        for piece in bytes.chunks(step) {
            held.extend_from_slice(piece);
            loop {
                let consumed = match cutter.next(&held) {
                    Cut::More => break,
                    Cut::Skip { consumed } => consumed,
                    Cut::Line { line, consumed } => {
                        events.push(Event::Line(line.to_vec()));
                        consumed
                    }
                    Cut::Fault { fault, consumed } => {
                        events.push(Event::Fault(fault));
                        consumed
                    }
                };
                held.drain(..consumed);
            }
        }
        events
    }
}
