//! DATA and BDAT: the end is where a plain reading of the rule finds it, content that was stuffed comes out as it was,
//! nothing that is handed on has a bare CR or LF, and how the octets were split changes nothing.

use rollcall_smtp::{ChunkScanner, DataFault, DataScanner, Scan, Stuffer};

/// The first octet chooses the limit, the second the size of the pieces.
pub fn holds(input: &[u8]) {
    let [max, step, bytes @ ..] = input else { return };
    let (max, step) = (u64::from(*max) * 4, usize::from(*step % 16) + 1);

    the_end_is_where_the_rule_says(bytes, step, max);
    stuffed_content_comes_out_as_it_was(bytes, step);
    pieces_of_known_size_are_handed_on_whole_or_not_at_all(bytes, step);
}

fn the_end_is_where_the_rule_says(bytes: &[u8], step: usize, max: u64) {
    let whole = scan(bytes, bytes.len().max(1), max);
    let split = scan(bytes, step, max);
    let expected = by_the_rule(bytes);

    for (end, consumed, out) in [whole, split] {
        match (end, &expected) {
            // The limits are looked at beside the rule: over the limit nothing but the kind of the end may differ.
            (Scan::Fault { fault: DataFault::FarTooLarge, .. }, _) => {
                assert!(consumed as u64 == max * 2 + 1024, "given up after {consumed} at a limit of {max}");
            }
            (Scan::Fault { fault: DataFault::TooLarge, .. }, End::Done { at, content }) => {
                assert_eq!(consumed, *at);
                assert!(content.len() as u64 > max, "{} octets are within {max}", content.len());
            }
            (Scan::Done { .. }, End::Done { at, content }) => {
                assert_eq!((consumed, &out), (*at, content));
                assert!(out.len() as u64 <= max);
            }
            (Scan::Fault { fault: DataFault::BareCr, .. }, End::BareCr)
            | (Scan::Fault { fault: DataFault::BareLf, .. }, End::BareLf)
            | (Scan::More, End::More) => {}
            (end, expected) => panic!("{end:?} where the rule says {expected:?}"),
        }
        assert!(out.len() as u64 <= max, "more is kept than is taken");
        if !matches!(end, Scan::Fault { .. }) {
            no_bare_line_end(&out);
        }
    }
}

#[derive(Debug)]
enum End {
    More,
    Done { at: usize, content: Vec<u8> },
    BareCr,
    BareLf,
}

/// RFC 5321 section 4.5.2 line by line, with nothing clever.
fn by_the_rule(bytes: &[u8]) -> End {
    let (mut content, mut at) = (Vec::new(), 0);
    loop {
        let Some(offset) = bytes[at..].iter().position(|octet| matches!(octet, b'\r' | b'\n')) else {
            return End::More;
        };
        let end = at + offset;
        match (bytes[end], bytes.get(end + 1)) {
            (b'\n', _) => return End::BareLf,
            (_, None) => return End::More,
            (_, Some(b'\n')) => {}
            (_, Some(_)) => return End::BareCr,
        }
        let line = &bytes[at..end];
        at = end + 2;
        if line == b"." {
            return End::Done { at, content };
        }
        content.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
        content.extend_from_slice(b"\r\n");
    }
}

fn scan(bytes: &[u8], step: usize, max: u64) -> (Scan, usize, Vec<u8>) {
    let (mut scanner, mut out, mut total) = (DataScanner::new(max), Vec::new(), 0);
    for piece in bytes.chunks(step) {
        match scanner.scan(piece, &mut out) {
            Scan::More => total += piece.len(),
            end @ (Scan::Done { consumed } | Scan::Fault { consumed, .. }) => {
                assert!(consumed <= piece.len());
                return (end, total + consumed, out);
            }
        }
    }
    (Scan::More, total, out)
}

fn stuffed_content_comes_out_as_it_was(bytes: &[u8], step: usize) {
    // Any octets become content by giving every line end both its octets.
    let mut content = Vec::new();
    for line in bytes.split(|octet| matches!(octet, b'\r' | b'\n')) {
        content.extend_from_slice(line);
        content.extend_from_slice(b"\r\n");
    }
    let (mut stuffer, mut wire) = (Stuffer::new(), Vec::new());
    content.chunks(step).for_each(|piece| stuffer.stuff(piece, &mut wire));
    stuffer.finish(&mut wire);
    let size = wire.len();
    wire.extend_from_slice(b"QUIT\r\n");

    let (end, consumed, out) = scan(&wire, step, u64::MAX);

    assert!(matches!(end, Scan::Done { .. }), "{end:?}");
    assert_eq!(consumed, size, "the end is the end, and no dot inside");
    assert!(out == content, "stuffed and unstuffed it is another message");
}

fn pieces_of_known_size_are_handed_on_whole_or_not_at_all(bytes: &[u8], step: usize) {
    let whole = pieces(bytes, bytes.len().max(1));

    assert_eq!(pieces(bytes, step), whole);
    if let Ok(out) = whole {
        assert_eq!(out, bytes);
        no_bare_line_end(&out);
    }
}

fn pieces(bytes: &[u8], step: usize) -> Result<Vec<u8>, DataFault> {
    let (mut scanner, mut out) = (ChunkScanner::new(), Vec::new());
    for piece in bytes.chunks(step) {
        scanner.scan(piece, &mut out)?;
        scanner.scan(&[], &mut out)?;
    }
    scanner.finish()?;
    Ok(out)
}

fn no_bare_line_end(content: &[u8]) {
    for (at, octet) in content.iter().enumerate() {
        match octet {
            b'\n' => assert!(at > 0 && content[at - 1] == b'\r', "a bare LF at {at}"),
            b'\r' => assert!(content.get(at + 1) == Some(&b'\n'), "a bare CR at {at}"),
            _ => {}
        }
    }
}
