//! Finds the end of the content and takes the dot-stuffing away (RFC 5321 sections 4.1.1.4 and 4.5.2).
//!
//! **Invariant.** Only `CRLF.CRLF` ends the content; the start counts as after CRLF. What is handed on has no bare CR
//! and no bare LF, so nothing in it can end a message or a line for the next hop either. How the octets were split
//! into reads never changes the result.
//!
//! **Limits.** Counts octets, not line lengths: a line longer than the 1000 octets of RFC 5321 section 4.5.3.1.6
//! passes unchanged. NUL passes too.

use memchr::memchr2;

/// Reads one message's content, from after 354 to its end.
///
/// After [`Scan::Done`] or [`Scan::Fault`] it is spent; the next message needs a new one.
#[derive(Debug)]
pub struct DataScanner {
    /// Most octets taken.
    max_size: u64,
    /// Octets handed on so far, or that would have been.
    size: u64,
    /// Octets looked at so far.
    received: u64,
    /// True once the limit is passed: nothing more is handed on.
    over: bool,
    place: Place,
}

/// Where in a line the scanner stands between two octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    LineStart,
    InLine,
    /// After a CR that is held back until its LF is seen.
    Cr,
    /// After a dot at the start of a line.
    Dot,
    /// After a dot and a CR at the start of a line.
    DotCr,
}

/// What became of one piece of input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scan {
    /// All input is consumed and the content goes on.
    More,
    /// The content is complete.
    Done {
        /// Octets of the input that belong to the content and its end; what follows are commands.
        consumed: usize,
    },
    /// The content is not taken; what was appended to `out` is worthless.
    Fault {
        /// What is wrong with it.
        fault: DataFault,
        /// Octets of the input looked at.
        consumed: usize,
    },
}

/// Why content is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataFault {
    /// An LF without a CR before it. Reported at once, in mid-content: close the connection.
    BareLf,
    /// A CR without an LF behind it. Reported at once, in mid-content: close the connection.
    BareCr,
    /// Larger than the limit. Reported at `CRLF.CRLF`: the session may go on.
    TooLarge,
    /// More than twice the limit came and no end. In mid-content: close the connection, or content is read as commands.
    FarTooLarge,
}

/// Reads content that came in pieces of known size (RFC 3030): nothing is unstuffed, but a bare CR or LF is refused as
/// in DATA, so that the next hop may get it either way. How the octets were split never changes the result.
#[derive(Debug, Default)]
pub struct ChunkScanner {
    /// The octet before the next piece is a CR that is held back until its LF is seen.
    after_cr: bool,
}

impl ChunkScanner {
    /// A scanner at the start of a message.
    #[must_use]
    pub const fn new() -> Self {
        Self { after_cr: false }
    }

    /// Takes the next octets and appends them to `out`.
    ///
    /// # Errors
    /// A bare CR or LF; what was appended is worthless then.
    pub fn scan(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<(), DataFault> {
        let mut from = 0;
        if self.after_cr && !input.is_empty() {
            if input[0] != b'\n' {
                return Err(DataFault::BareCr);
            }
            (self.after_cr, from) = (false, 1);
        }
        while let Some(end) = memchr2(b'\r', b'\n', &input[from..]).map(|offset| from + offset) {
            match (input[end], input.get(end + 1)) {
                (b'\n', _) => return Err(DataFault::BareLf),
                (_, Some(b'\n')) => from = end + 2,
                (_, Some(_)) => return Err(DataFault::BareCr),
                (_, None) => {
                    self.after_cr = true;
                    break;
                }
            }
        }
        out.extend_from_slice(input);
        Ok(())
    }

    /// The last piece is in.
    ///
    /// # Errors
    /// The content ends in a CR.
    pub const fn finish(&self) -> Result<(), DataFault> {
        if self.after_cr { Err(DataFault::BareCr) } else { Ok(()) }
    }
}

impl DataScanner {
    /// A scanner for content of up to `max_size` octets, counted as RFC 1870 does: without dot-stuffing and final dot.
    #[must_use]
    pub const fn new(max_size: u64) -> Self {
        Self { max_size, size: 0, received: 0, over: false, place: Place::LineStart }
    }

    /// Takes the next piece of input and appends its content to `out`.
    pub fn scan(&mut self, input: &[u8], out: &mut Vec<u8>) -> Scan {
        let patience = self.max_size.saturating_mul(2).saturating_add(SLACK);
        let allowed = usize::try_from(patience - self.received).unwrap_or(usize::MAX);
        let looked_at = &input[..input.len().min(allowed)];
        match self.run(looked_at, out) {
            Scan::More if looked_at.len() < input.len() => {
                Scan::Fault { fault: DataFault::FarTooLarge, consumed: allowed }
            }
            Scan::More => {
                self.received += looked_at.len() as u64;
                Scan::More
            }
            end => end,
        }
    }

    /// One octet at a time around line ends; whole runs of lines in [`Self::take_lines`].
    fn run(&mut self, input: &[u8], out: &mut Vec<u8>) -> Scan {
        let mut at = 0;
        while let Some(&octet) = input.get(at) {
            (self.place, at) = match (self.place, octet) {
                (Place::LineStart, b'.') => (Place::Dot, at + 1),
                (Place::Cr, b'\n') => {
                    self.take(b"\r\n", out);
                    (Place::LineStart, at + 1)
                }
                (Place::Dot, b'\r') => (Place::DotCr, at + 1),
                (Place::DotCr, b'\n') if self.over => return fault(DataFault::TooLarge, at + 1),
                (Place::DotCr, b'\n') => return Scan::Done { consumed: at + 1 },
                (Place::Cr | Place::DotCr, _) => return fault(DataFault::BareCr, at),
                // A dot with more behind it was stuffed: it is not handed on, the rest of the line is.
                (Place::LineStart | Place::InLine | Place::Dot, _) => match self.take_lines(input, at, out) {
                    Ok(next) => next,
                    Err(end) => return end,
                },
            };
        }
        Scan::More
    }

    /// Hands on lines from `start`, which is inside a line or at its first octet, up to the next octet that needs a
    /// decision: a dot at the start of a line, or the end of the input. This is the hot loop.
    fn take_lines(&mut self, input: &[u8], start: usize, out: &mut Vec<u8>) -> Result<(Place, usize), Scan> {
        let mut from = start;
        while let Some(offset) = memchr2(b'\r', b'\n', &input[from..]) {
            let end = from + offset;
            if input[end] == b'\n' {
                return Err(fault(DataFault::BareLf, end + 1));
            }
            match (input.get(end + 1), input.get(end + 2)) {
                (None, _) => {
                    self.take(&input[start..end], out);
                    return Ok((Place::Cr, end + 1));
                }
                (Some(b'\n'), None | Some(b'.')) => {
                    self.take(&input[start..end + 2], out);
                    return Ok((Place::LineStart, end + 2));
                }
                (Some(b'\n'), Some(_)) => from = end + 2,
                (Some(_), _) => return Err(fault(DataFault::BareCr, end + 1)),
            }
        }
        self.take(&input[start..], out);
        Ok((Place::InLine, input.len()))
    }

    /// Hands on `block` unless that passes the limit.
    fn take(&mut self, block: &[u8], out: &mut Vec<u8>) {
        self.size += block.len() as u64;
        self.over |= self.size > self.max_size;
        if !self.over {
            out.extend_from_slice(block);
        }
    }
}

/// What may come beyond twice the limit before the end is given up: enough for the dots and the end of tiny messages.
/// Stuffing adds at most a third, so whoever gets here is over the limit.
const SLACK: u64 = 1024;

const fn fault(fault: DataFault, consumed: usize) -> Scan {
    Scan::Fault { fault, consumed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Stuffer;
    use proptest::prelude::*;

    #[test]
    fn the_content_ends_at_a_dot_alone_on_its_line() {
        assert_eq!(scan(b"hello\r\n.\r\nQUIT\r\n", 64), (Scan::Done { consumed: 10 }, b"hello\r\n".to_vec()));
    }

    #[test]
    fn an_empty_message_ends_at_once() {
        assert_eq!(scan(b".\r\n", 64), (Scan::Done { consumed: 3 }, vec![]));
    }

    #[test]
    fn one_leading_dot_is_taken_away_from_every_line_that_has_one() {
        let (end, content) = scan(b"..x\r\n...\r\n.y\r\na.b.\r\n..\r\n.\r\n", 64);

        assert_eq!(end, Scan::Done { consumed: 27 });
        assert_eq!(content, b".x\r\n..\r\ny\r\na.b.\r\n.\r\n");
    }

    #[test]
    fn nothing_but_crlf_dot_crlf_ends_the_content() {
        use DataFault::{BareCr, BareLf};
        for (bytes, expected) in [
            (&b"a\n.\n"[..], BareLf),
            (b"a\n.\r\n", BareLf),
            (b"a\r\n.\n", BareLf),
            (b"a\r.\r\n", BareCr),
            (b"a\r.\r", BareCr),
            (b"a\r\n.\rb", BareCr),
            (b"a\r\n.\r\r\n", BareCr),
            (b"a\r\r\n.\r\n", BareCr),
            (b"a\r\n\r.\r\n", BareCr),
            (b"a\r\n\n.\r\n", BareLf),
            (b"\n.\r\n", BareLf),
            (b"\r.\r\n", BareCr),
            (b".\n", BareLf),
            (b".\r\r\n", BareCr),
            (b"..\n", BareLf),
        ] {
            for step in 1..=bytes.len() {
                let (end, _, _) = feed(bytes, step, 64);
                assert!(matches!(end, Scan::Fault { fault, .. } if fault == expected), "{bytes:?} gave {end:?}");
            }
        }
        for bytes in [&b"a\r\n.\r"[..], b"a\r\n.", b"a\r\n. \r\n", b"a\r\n.\0\r\n", b"a\r\n..\r\n", b"a.\r\n"] {
            assert_eq!(scan(bytes, 64).0, Scan::More, "{bytes:?}");
        }
    }

    #[test]
    fn content_of_exactly_the_limit_passes_and_dots_added_on_the_way_do_not_count() {
        assert_eq!(scan(b"..234\r\n.\r\n", 6), (Scan::Done { consumed: 10 }, b".234\r\n".to_vec()));
        assert_eq!(scan(b"12345\r\n.\r\n", 6).0, fault(DataFault::TooLarge, 10));
    }

    #[test]
    fn content_over_the_limit_is_read_to_its_end_without_being_kept() {
        let mut bytes = [b'x'; 150].to_vec();
        bytes.extend_from_slice(b"\r\n.\r\nQUIT\r\n");

        let (end, consumed, out) = feed(&bytes, 7, 100);

        assert!(matches!(end, Scan::Fault { fault: DataFault::TooLarge, .. }), "{end:?}");
        assert_eq!(&bytes[consumed..], b"QUIT\r\n");
        assert!(out.len() <= 100);
    }

    #[test]
    fn content_far_over_the_limit_is_given_up_in_the_middle() {
        let bytes = vec![b'x'; 5000];

        for step in [1, 100, 5000] {
            let (end, consumed, _) = feed(&bytes, step, 100);
            assert!(matches!(end, Scan::Fault { fault: DataFault::FarTooLarge, .. }), "{end:?}");
            assert_eq!(consumed, 1224, "twice the limit and the slack");
        }
    }

    #[test]
    fn tiny_stuffed_content_within_its_limit_is_never_given_up() {
        let bytes = b"..\r\n".repeat(1000);

        assert_eq!(scan(&[&bytes[..], b".\r\n"].concat(), 3000).0, Scan::Done { consumed: 4003 });
    }

    #[test]
    fn no_limit_at_all_is_a_limit_too() {
        assert_eq!(scan(b"a\r\n.\r\n", u64::MAX).0, Scan::Done { consumed: 6 });
    }

    proptest! {
        #[test]
        fn how_the_octets_are_split_never_changes_the_result(
            bytes in proptest::collection::vec(
                prop_oneof![Just(b"a".to_vec()), Just(b".".to_vec()), Just(b"\r".to_vec()), Just(b"\n".to_vec()), Just(b"\r\n".to_vec()), Just(b"\r\n.".to_vec()), Just(b"\r\n.\r\n".to_vec())],
                0..30,
            ),
            step in 1usize..7,
            max in 0u64..40,
        ) {
            let bytes = bytes.concat();
            let (whole, whole_consumed, whole_out) = feed(&bytes, bytes.len().max(1), max);
            let (split, split_consumed, split_out) = feed(&bytes, step, max);

            prop_assert_eq!(std::mem::discriminant(&whole), std::mem::discriminant(&split));
            prop_assert_eq!(whole_consumed, split_consumed);
            if let (Scan::Fault { fault: a, .. }, Scan::Fault { fault: b, .. }) = (whole, split) {
                prop_assert_eq!(a, b);
            } else if let Scan::Done { .. } = whole {
                prop_assert_eq!(whole_out, split_out);
            }
        }

        #[test]
        fn content_that_was_stuffed_comes_out_as_it_was(
            lines in proptest::collection::vec("[.a ]{0,5}", 0..20),
            step in 1usize..9,
        ) {
            let content: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
            let mut wire = Vec::new();
            let mut stuffer = Stuffer::new();
            content.as_bytes().chunks(step).for_each(|piece| stuffer.stuff(piece, &mut wire));
            stuffer.finish(&mut wire);

            let (end, consumed, out) = feed(&wire, step, 1000);

            prop_assert!(matches!(end, Scan::Done { .. }), "{:?}", end);
            prop_assert_eq!(consumed, wire.len());
            prop_assert_eq!(out, content.into_bytes());
        }

        #[test]
        fn content_that_is_taken_has_no_bare_line_end(
            bytes in proptest::collection::vec(prop_oneof![Just(b'a'), Just(b'.'), Just(b'\r'), Just(b'\n')], 0..60),
        ) {
            if let (Scan::Done { .. } | Scan::More, out) = scan(&bytes, 1000) {
                let clean = String::from_utf8(out).unwrap().replace("\r\n", "");
                prop_assert!(!clean.contains(['\r', '\n']), "{clean:?}");
            }
        }
    }

    fn scan(bytes: &[u8], max: u64) -> (Scan, Vec<u8>) {
        let mut out = Vec::new();
        (DataScanner::new(max).scan(bytes, &mut out), out)
    }

    /// Feeds pieces of `step` octets until the scanner stops; gives its last word, all octets consumed and the content.
    fn feed(bytes: &[u8], step: usize, max: u64) -> (Scan, usize, Vec<u8>) {
        let (mut scanner, mut out, mut total) = (DataScanner::new(max), Vec::new(), 0);
        for piece in bytes.chunks(step) {
            match scanner.scan(piece, &mut out) {
                Scan::More => total += piece.len(),
                end @ (Scan::Done { consumed } | Scan::Fault { consumed, .. }) => return (end, total + consumed, out),
            }
        }
        (Scan::More, total, out)
    }
}
