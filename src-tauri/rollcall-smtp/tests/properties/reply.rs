//! Replies of another server: whole or not at all, the same however they are split, and always fit to be written.

use rollcall_smtp::{Parsed, ReplyParser, write_reply};

/// The first octet chooses the size of the pieces.
pub fn holds(input: &[u8]) {
    let [step, bytes @ ..] = input else { return };
    let step = usize::from(*step % 32) + 1;

    let (whole, split) = (replies(bytes, bytes.len().max(1)), replies(bytes, step));

    assert_eq!(whole, split, "in pieces of {step}");
}

/// Every reply up to the end or to the first that is none; a parser serves a connection, so it serves all of them.
fn replies(bytes: &[u8], step: usize) -> Vec<Parsed> {
    let (mut parser, mut found, mut start, mut end) = (ReplyParser::new(), Vec::new(), 0, 0);
    loop {
        match parser.next(&bytes[start..end]) {
            Parsed::More if end == bytes.len() => return found,
            Parsed::More => end = (end + step).min(bytes.len()),
            Parsed::Reply { reply, consumed } => {
                assert!((1..=end - start).contains(&consumed));
                assert_eq!(bytes[start + consumed - 1], b'\n', "a reply ends at a line end");
                is_fit_to_be_written(&reply);
                start += consumed;
                found.push(Parsed::Reply { reply, consumed });
            }
            malformed @ Parsed::Malformed { .. } => {
                found.push(malformed);
                return found;
            }
        }
    }
}

fn is_fit_to_be_written(reply: &rollcall_core::reply::Reply) {
    assert!((200..600).contains(&reply.code) && (1..=100).contains(&reply.lines.len()), "{reply:?}");
    assert!(reply.lines.iter().all(|line| !line.contains('\n')), "{reply:?}");
    let mut wire = Vec::new();
    write_reply(reply, &mut wire);
    let lines: Vec<_> = wire.split_inclusive(|octet| *octet == b'\n').collect();
    for (at, line) in lines.iter().enumerate() {
        let text = line.strip_suffix(b"\r\n").unwrap_or_else(|| panic!("{reply:?} is written as {line:?}"));
        assert!(line.len() <= 512 && text.iter().all(|octet| matches!(octet, b' '..=b'~')), "{line:?}");
        assert_eq!(text[3], if at + 1 == lines.len() { b' ' } else { b'-' });
    }
    // What was written is one reply with the same code for whoever reads it, if it is short enough to be read.
    match ReplyParser::new().next(&wire) {
        Parsed::Reply { reply: read, consumed } => {
            assert_eq!((read.code, consumed), (reply.code, wire.len()));
        }
        Parsed::Malformed { .. } => assert!(lines.len() > 100 || wire.len() > 64 * 1024, "{reply:?}"),
        Parsed::More => panic!("half a reply was written: {wire:?}"),
    }
}
