//! Puts replies on the wire (RFC 5321 section 4.2, RFC 2034).
//!
//! **Invariant.** Whatever text a reply holds, it leaves as whole lines of printable ASCII, at most 512 octets each
//! with CRLF; text from elsewhere can neither end the line nor start another reply.
//!
//! **Limits.** Non-ASCII text becomes `?`: SMTPUTF8 is not offered.

use rollcall_core::explained::ReplyNumber;
use rollcall_core::reply::Reply;

/// Appends `reply` to `out`, with its code and enhanced status code on every line.
pub fn write_reply(reply: &Reply, out: &mut Vec<u8>) {
    write_explained(reply, "", out);
}

/// As [`write_reply`]; behind the text of a reply with a number comes that, and then `contact` unless it is empty (X20).
pub fn write_explained(reply: &Reply, contact: &str, out: &mut Vec<u8>) {
    let status = reply.enhanced.map_or_else(String::new, |enhanced| format!("{enhanced} "));
    let room = MAX_LINE - "250-".len() - status.len() - "\r\n".len();
    let mut pieces: Vec<String> = reply.lines.iter().flat_map(|line| pieces_of(line, room)).collect();
    if pieces.is_empty() {
        pieces.push(String::new());
    }
    if let Some(number) = reply.number {
        explain(&mut pieces, &explanation(number, contact), room);
    }
    let last = pieces.len() - 1;
    for (index, text) in pieces.iter().enumerate() {
        let separator = if index == last { ' ' } else { '-' };
        out.extend_from_slice(format!("{:03}{separator}{status}{text}\r\n", reply.code).as_bytes());
    }
}

/// What stands behind the text of a refusal: `(RC-104)`, or `(RC-104); help: it@acme.example`.
#[must_use]
pub fn explanation(number: ReplyNumber, contact: &str) -> String {
    if contact.is_empty() { format!("({number})") } else { format!("({number}); help: {contact}") }
}

/// Puts the explanation behind the last piece, or on a line of its own where there is no room.
fn explain(pieces: &mut Vec<String>, explanation: &str, room: usize) {
    match pieces.last_mut() {
        Some(last) if last.len() + " ".len() + explanation.len() <= room => {
            last.push(' ');
            last.push_str(explanation);
        }
        _ => pieces.push(explanation.to_owned()),
    }
}

/// Longest reply line in octets, with CRLF (RFC 5321 section 4.5.3.1.5).
const MAX_LINE: usize = 512;

/// `line` as printable ASCII, cut into pieces of at most `room` octets, at least one.
fn pieces_of(line: &str, room: usize) -> Vec<String> {
    let clean: String = line
        .chars()
        .map(|c| match c {
            ' '..='~' => c,
            c if c.is_control() => ' ',
            _ => '?',
        })
        .collect();
    if clean.len() <= room {
        return vec![clean];
    }
    clean.as_bytes().chunks(room).map(|piece| piece.iter().copied().map(char::from).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply_parser::{Parsed, ReplyParser};
    use proptest::prelude::*;
    use rollcall_core::explained::CONTACT_OCTETS;
    use rollcall_core::policy::Reason;

    #[test]
    fn one_line_carries_code_enhanced_status_code_and_text() {
        assert_eq!(written(&Reply::new(550, 1, 1, "<a@b.c>: User unknown")), "550 5.1.1 <a@b.c>: User unknown\r\n");
        assert_eq!(written(&Reply::bare(354, "Go ahead")), "354 Go ahead\r\n");
    }

    #[test]
    fn every_line_of_several_carries_the_codes_and_only_the_last_a_space() {
        let mut reply = Reply::new(250, 1, 5, "one");
        reply.lines.push("two".to_owned());

        assert_eq!(written(&reply), "250-2.1.5 one\r\n250 2.1.5 two\r\n");
    }

    #[test]
    fn the_space_after_the_code_is_sent_even_without_text() {
        assert_eq!(written(&Reply::bare(250, "")), "250 \r\n");
        assert_eq!(written(&Reply { code: 250, enhanced: None, lines: vec![], number: None }), "250 \r\n");
    }

    #[test]
    fn text_cannot_break_out_of_its_line() {
        assert_eq!(written(&Reply::new(550, 1, 1, "no\r\n250 yes\0\u{85}ü")), "550 5.1.1 no  250 yes  ?\r\n");
    }

    #[test]
    fn a_long_text_is_cut_into_lines_of_512_octets() {
        let wire = written(&Reply::new(450, 2, 0, "x".repeat(1200)));

        assert!(wire.split_inclusive("\r\n").all(|line| line.len() <= 512), "{wire}");
        assert_eq!(wire.matches('x').count(), 1200);
        assert_eq!(wire.matches("450-4.2.0 x").count(), 2);
        assert_eq!(wire.matches("450 4.2.0 x").count(), 1);
    }

    #[test]
    fn x20_number_and_contact_stand_behind_the_text_and_only_behind_a_refusal() {
        let refused = Reply::new(550, 1, 1, "<a@b.c>: no").numbered(Reason::UserUnknown.number());
        assert_eq!(written(&refused), "550 5.1.1 <a@b.c>: no (RC-104)\r\n");
        let explained = |reply: &Reply| {
            let mut out = Vec::new();
            write_explained(reply, "it@b.c", &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(explained(&refused), "550 5.1.1 <a@b.c>: no (RC-104); help: it@b.c\r\n");
        assert_eq!(explained(&Reply::new(250, 1, 0, "Sender OK")), "250 2.1.0 Sender OK\r\n");
    }

    #[test]
    fn x20_the_longest_refusal_with_the_longest_contact_keeps_to_512_octets() {
        for text in [300, 400, 420, 480, 500, 900] {
            let refused = Reply::new(550, 1, 1, "x".repeat(text)).numbered(Reason::UserUnknown.number());
            let mut out = Vec::new();
            write_explained(&refused, &"y".repeat(CONTACT_OCTETS), &mut out);
            let wire = String::from_utf8(out).unwrap();
            assert!(wire.split_inclusive("\r\n").all(|line| line.len() <= 512), "{wire}");
            assert!(wire.ends_with(&format!("(RC-104); help: {}\r\n", "y".repeat(CONTACT_OCTETS))), "{wire}");
        }
    }

    proptest! {
        #[test]
        fn a_reply_read_back_is_the_reply_that_was_written(
            code in 200u16..600,
            subject in 0u16..9,
            lines in proptest::collection::vec("[a-z]{1,20}( [a-z]{1,9})?", 1..5),
        ) {
            let mut reply = Reply::new(code, subject, 1, "");
            reply.lines = lines;
            if code / 100 == 3 {
                reply.enhanced = None;
            }
            let wire = written(&reply);

            prop_assert_eq!(ReplyParser::new().next(wire.as_bytes()), Parsed::Reply { consumed: wire.len(), reply });
        }
    }

    fn written(reply: &Reply) -> String {
        let mut out = Vec::new();
        write_reply(reply, &mut out);
        String::from_utf8(out).unwrap()
    }
}
