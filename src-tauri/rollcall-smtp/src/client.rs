//! The client's side: what the server offers, commands, content on the wire.
//!
//! **Invariant.** A command is one line whatever its arguments hold: control characters are left out, so no text can
//! start a second command. Content is changed only by dots doubled after CRLF and by a CRLF at its end if it has none.
//!
//! **Limits.** Bare CR or LF in content is passed as it is: the scanners never let it in.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use memchr::memmem;
use rollcall_core::reply::Reply;

use crate::command::{MailFrom, RcptTo, Ret};

/// `DATA`.
pub const DATA: &[u8] = b"DATA\r\n";
/// `RSET`.
pub const RSET: &[u8] = b"RSET\r\n";
/// `QUIT`.
pub const QUIT: &[u8] = b"QUIT\r\n";
/// `STARTTLS`.
pub const STARTTLS: &[u8] = b"STARTTLS\r\n";

/// What the server offered in its reply to EHLO. All false and `None` after HELO.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capabilities {
    /// PIPELINING (RFC 2920).
    pub pipelining: bool,
    /// SIZE (RFC 1870): the largest content in octets, 0 for no fixed limit; `None` if not offered.
    pub size: Option<u64>,
    /// 8BITMIME (RFC 6152).
    pub eight_bit_mime: bool,
    /// STARTTLS (RFC 3207).
    pub starttls: bool,
    /// SMTPUTF8 (RFC 6531).
    pub smtputf8: bool,
    /// CHUNKING (RFC 3030).
    pub chunking: bool,
    /// ENHANCEDSTATUSCODES (RFC 2034).
    pub enhanced: bool,
    /// DSN (RFC 3461).
    pub dsn: bool,
    /// AUTH (RFC 4954): the mechanisms that we speak too.
    pub auth: Mechanisms,
    /// LIMITS RCPTMAX (RFC 9422): the most recipients of a transaction.
    pub recipients_max: Option<u32>,
    /// LIMITS MAILMAX: the most transactions of a connection.
    pub transactions_max: Option<u32>,
}

/// Mechanisms of AUTH.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mechanisms {
    /// PLAIN (RFC 4616).
    pub plain: bool,
    /// LOGIN, which was never standardised and is everywhere.
    pub login: bool,
    /// XOAUTH2, as Google and Microsoft describe it.
    pub xoauth2: bool,
}

impl Mechanisms {
    /// Reads the words behind AUTH; what we do not speak is passed over.
    fn read<'a>(&mut self, words: impl Iterator<Item = &'a str>) {
        for word in words {
            match word.to_ascii_uppercase().as_str() {
                "PLAIN" => self.plain = true,
                "LOGIN" => self.login = true,
                "XOAUTH2" => self.xoauth2 = true,
                _ => {}
            }
        }
    }
}

impl Capabilities {
    /// Reads the keywords of a reply to EHLO.
    #[must_use]
    pub fn from_ehlo(reply: &Reply) -> Self {
        let mut capabilities = Self::default();
        // The first line is the greeting, and may begin with any word.
        for line in reply.lines.iter().skip(1).filter(|_| reply.is_success()) {
            let mut words = line.split_ascii_whitespace();
            match words.next().unwrap_or_default().to_ascii_uppercase().as_str() {
                "PIPELINING" => capabilities.pipelining = true,
                "SIZE" => capabilities.size = Some(words.next().and_then(|size| size.parse().ok()).unwrap_or(0)),
                "8BITMIME" => capabilities.eight_bit_mime = true,
                "STARTTLS" => capabilities.starttls = true,
                "SMTPUTF8" => capabilities.smtputf8 = true,
                "CHUNKING" => capabilities.chunking = true,
                "ENHANCEDSTATUSCODES" => capabilities.enhanced = true,
                "DSN" => capabilities.dsn = true,
                "AUTH" => capabilities.auth.read(words),
                // The form of servers from before RFC 2554 was final.
                word if word.starts_with("AUTH=") => {
                    capabilities.auth.read(line.split(['=', ' ']).skip(1));
                }
                "LIMITS" => {
                    for (name, value) in words.filter_map(|word| word.split_once('=')) {
                        let value = value.parse().ok().filter(|number| *number > 0);
                        match name.to_ascii_uppercase().as_str() {
                            "RCPTMAX" => capabilities.recipients_max = value,
                            "MAILMAX" => capabilities.transactions_max = value,
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        capabilities
    }
}

/// `EHLO hostname`.
#[must_use]
pub fn ehlo(hostname: &str) -> Vec<u8> {
    command(format!("EHLO {hostname}"))
}

/// `HELO hostname`.
#[must_use]
pub fn helo(hostname: &str) -> Vec<u8> {
    command(format!("HELO {hostname}"))
}

/// MAIL; each parameter is told only to a server that offered to hear it.
#[must_use]
pub fn mail_from(mail: &MailFrom, caps: &Capabilities) -> Vec<u8> {
    let mut line = String::with_capacity(64 + mail.reverse_path.len());
    line.push_str("MAIL FROM:<");
    line.push_str(&mail.reverse_path);
    line.push('>');
    if let (Some(size), Some(_)) = (mail.size, caps.size) {
        line.push_str(" SIZE=");
        line.push_str(&size.to_string());
    }
    if mail.body_8bit && caps.eight_bit_mime {
        line.push_str(" BODY=8BITMIME");
    }
    if mail.smtputf8 && caps.smtputf8 {
        line.push_str(" SMTPUTF8");
    }
    if caps.dsn {
        line.push_str(match mail.ret {
            Some(Ret::Full) => " RET=FULL",
            Some(Ret::Headers) => " RET=HDRS",
            None => "",
        });
        if let Some(envid) = &mail.envid {
            line.push_str(" ENVID=");
            line.push_str(envid);
        }
    }
    command(line)
}

/// RCPT; what a DSN should say only to a server that offered to hear it.
#[must_use]
pub fn rcpt_to(rcpt: &RcptTo, caps: &Capabilities) -> Vec<u8> {
    let mut line = String::with_capacity(32 + rcpt.address.len());
    line.push_str("RCPT TO:<");
    line.push_str(&rcpt.address);
    line.push('>');
    if caps.dsn {
        if let Some(notify) = &rcpt.notify {
            line.push_str(" NOTIFY=");
            line.push_str(notify);
        }
        if let Some(orcpt) = &rcpt.orcpt {
            line.push_str(" ORCPT=");
            line.push_str(orcpt);
        }
    }
    command(line)
}

/// `AUTH PLAIN` with its initial response (RFC 4616).
#[must_use]
pub fn auth_plain(username: &str, password: &str) -> Vec<u8> {
    command(format!("AUTH PLAIN {}", BASE64.encode(format!("\0{username}\0{password}"))))
}

/// `AUTH LOGIN`; name and password follow, each when asked for.
pub const AUTH_LOGIN: &[u8] = b"AUTH LOGIN\r\n";

/// An answer to a 334: base64 in a line of its own.
#[must_use]
pub fn auth_answer(text: &str) -> Vec<u8> {
    command(BASE64.encode(text))
}

/// `AUTH XOAUTH2` with its initial response.
#[must_use]
pub fn auth_xoauth2(username: &str, token: &str) -> Vec<u8> {
    command(format!("AUTH XOAUTH2 {}", BASE64.encode(format!("user={username}\u{1}auth=Bearer {token}\u{1}\u{1}"))))
}

/// The command before content of `size` octets in one piece (RFC 3030): they follow at once, as they are.
#[must_use]
pub fn bdat_last(size: u64) -> Vec<u8> {
    command(format!("BDAT {size} LAST"))
}

/// Whether content has no dot to double, seen from the start of a line: it can go out as it is.
#[must_use]
pub fn needs_no_stuffing(content: &[u8]) -> bool {
    !content.starts_with(b".") && memmem::find(content, b"\r\n.").is_none()
}

/// One line whatever `text` holds.
fn command(text: String) -> Vec<u8> {
    let mut line = text.into_bytes();
    line.retain(|octet| !octet.is_ascii_control());
    line.extend_from_slice(b"\r\n");
    line
}

/// Puts content on the wire: doubles leading dots and writes the end (RFC 5321 section 4.5.2).
#[derive(Debug, Default)]
pub struct Stuffer {
    place: Place,
}

/// What the octet before the next piece means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Place {
    /// The start of the content, or after CRLF.
    #[default]
    LineStart,
    InLine,
    /// After a CR.
    Cr,
}

impl Stuffer {
    /// A stuffer at the start of a message.
    #[must_use]
    pub const fn new() -> Self {
        Self { place: Place::LineStart }
    }

    /// Appends the next piece of content to `out`.
    pub fn stuff(&mut self, content: &[u8], out: &mut Vec<u8>) {
        let mut copied = 0;
        match (self.place, content) {
            (Place::LineStart, [b'.', ..]) => out.push(b'.'),
            (Place::Cr, [b'\n', b'.', ..]) => {
                out.extend_from_slice(b"\n.");
                copied = 1;
            }
            _ => {}
        }
        for found in memmem::find_iter(content, b"\r\n.") {
            out.extend_from_slice(&content[copied..found + 2]);
            out.push(b'.');
            copied = found + 2;
        }
        out.extend_from_slice(&content[copied..]);
        self.place = match (self.place, content) {
            (place, []) => place,
            (_, [.., b'\r', b'\n']) | (Place::Cr, [b'\n']) => Place::LineStart,
            (_, [.., b'\r']) => Place::Cr,
            (_, [..]) => Place::InLine,
        };
    }

    /// Appends the end of the content to `out`: CRLF if it is missing, then a dot on a line of its own.
    ///
    /// The stuffer is then ready for the next message.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        let end: &[u8] = match self.place {
            Place::LineStart => b".\r\n",
            Place::InLine => b"\r\n.\r\n",
            Place::Cr => b"\n.\r\n",
        };
        out.extend_from_slice(end);
        self.place = Place::LineStart;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{Command, parse};
    use crate::reply_parser::{Parsed, ReplyParser};
    use proptest::prelude::*;

    #[test]
    fn the_reply_to_ehlo_tells_what_the_server_can_do() {
        let reply = "250-mail.example greets you\r\n250-PIPELINING\r\n250-size 35651584\r\n250-8BITMIME\r\n\
                     250-AUTH PLAIN LOGIN\r\n250-STARTTLS\r\n250-SMTPUTF8\r\n250-CHUNKING\r\n250-DSN\r\n250 ENHANCEDSTATUSCODES\r\n";

        let capabilities = Capabilities::from_ehlo(&parsed(reply));

        assert_eq!(
            capabilities,
            Capabilities {
                pipelining: true,
                size: Some(35_651_584),
                eight_bit_mime: true,
                starttls: true,
                smtputf8: true,
                chunking: true,
                enhanced: true,
                dsn: true,
                auth: Mechanisms { plain: true, login: true, xoauth2: false },
                ..Capabilities::default()
            }
        );
    }

    #[test]
    fn a_size_without_a_number_means_no_fixed_limit() {
        assert_eq!(Capabilities::from_ehlo(&parsed("250-x\r\n250 SIZE\r\n")).size, Some(0));
        assert_eq!(Capabilities::from_ehlo(&parsed("250-x\r\n250 SIZE lots\r\n")).size, Some(0));
    }

    #[test]
    fn limits_and_old_spellings_of_auth_are_read() {
        let found = Capabilities::from_ehlo(&parsed(
            "250-x\r\n250-AUTH=LOGIN XOAUTH2\r\n250 LIMITS RCPTMAX=20 MAILMAX=0 X=1\r\n",
        ));

        assert_eq!(found.auth, Mechanisms { plain: false, login: true, xoauth2: true });
        assert_eq!((found.recipients_max, found.transactions_max), (Some(20), None));
    }

    #[test]
    fn credentials_are_written_as_each_mechanism_wants_them() {
        assert_eq!(auth_plain("tim", "tanstaaftanstaaf"), b"AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n");
        assert_eq!(auth_answer("tim"), b"dGlt\r\n");
        assert_eq!(auth_xoauth2("a@b.c", "t"), b"AUTH XOAUTH2 dXNlcj1hQGIuYwFhdXRoPUJlYXJlciB0AQE=\r\n");
    }

    #[test]
    fn a_greeting_or_a_refusal_offers_nothing() {
        assert_eq!(Capabilities::from_ehlo(&parsed("250 PIPELINING\r\n")), Capabilities::default());
        assert_eq!(Capabilities::from_ehlo(&parsed("502-no\r\n502 PIPELINING\r\n")), Capabilities::default());
    }

    #[test]
    fn mail_tells_size_and_body_only_to_a_server_that_offered_to_hear_them() {
        let plain = Capabilities::default();
        let full = Capabilities { size: Some(0), eight_bit_mime: true, smtputf8: true, dsn: true, ..plain };
        let mail = MailFrom {
            reverse_path: "a@b.c".to_owned(),
            size: Some(5),
            body_8bit: true,
            smtputf8: true,
            ret: Some(Ret::Headers),
            envid: Some("Q+2B1".to_owned()),
        };

        assert_eq!(mail_from(&mail, &plain), b"MAIL FROM:<a@b.c>\r\n");
        assert_eq!(
            mail_from(&mail, &full),
            b"MAIL FROM:<a@b.c> SIZE=5 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=Q+2B1\r\n"
        );
        assert_eq!(mail_from(&MailFrom::default(), &full), b"MAIL FROM:<>\r\n");
    }

    #[test]
    fn rcpt_tells_what_a_dsn_should_say_only_to_a_server_that_offered_to_hear_it() {
        let plain = Capabilities::default();
        let full = Capabilities { dsn: true, ..plain };
        let rcpt = RcptTo { notify: Some("NEVER".to_owned()), orcpt: Some("rfc822;x@y.z".to_owned()), ..to("a@b.c") };

        assert_eq!(rcpt_to(&rcpt, &plain), b"RCPT TO:<a@b.c>\r\n");
        assert_eq!(rcpt_to(&rcpt, &full), b"RCPT TO:<a@b.c> NOTIFY=NEVER ORCPT=rfc822;x@y.z\r\n");
    }

    #[test]
    fn no_argument_can_start_a_second_command() {
        let plain = Capabilities::default();
        assert_eq!(rcpt_to(&to("a@b.c>\r\nDATA\r\n\0"), &plain), b"RCPT TO:<a@b.c>DATA>\r\n");
        let mail = MailFrom { reverse_path: "\n".to_owned(), ..MailFrom::default() };
        assert_eq!(mail_from(&mail, &plain), b"MAIL FROM:<>\r\n");
        assert_eq!(ehlo("me\r\nQUIT"), b"EHLO meQUIT\r\n");
        assert_eq!(helo("me\n"), b"HELO me\r\n");
    }

    #[test]
    fn our_own_server_side_reads_what_the_client_side_writes() {
        let full = Capabilities { size: Some(0), eight_bit_mime: true, ..Capabilities::default() };
        let reverse_path = "\"a b\"@b.c".to_owned();
        let mail = MailFrom { reverse_path, size: Some(7), body_8bit: true, ..MailFrom::default() };
        let line = mail_from(&mail, &full);

        assert_eq!(parse(&line[..line.len() - 2]), Ok(Command::Mail(mail)));
    }

    #[test]
    fn dots_are_doubled_at_the_start_of_lines_only() {
        assert_eq!(stuffed(b".a\r\n..b\r\nc.\r\n.\r\n", 99), b"..a\r\n...b\r\nc.\r\n..\r\n.\r\n");
        assert_eq!(stuffed(b"a\n.b\r.c\r\n", 99), b"a\n.b\r.c\r\n.\r\n");
    }

    #[test]
    fn a_line_end_is_added_only_where_it_is_missing() {
        assert_eq!(stuffed(b"", 1), b".\r\n");
        assert_eq!(stuffed(b"a\r\n", 9), b"a\r\n.\r\n");
        assert_eq!(stuffed(b"a", 9), b"a\r\n.\r\n");
        assert_eq!(stuffed(b"a\r", 9), b"a\r\n.\r\n");
    }

    proptest! {
        #[test]
        fn how_the_content_is_split_never_changes_what_is_sent(
            content in proptest::collection::vec(prop_oneof![Just(b'a'), Just(b'.'), Just(b'\r'), Just(b'\n')], 0..60),
            step in 1usize..9,
        ) {
            prop_assert_eq!(stuffed(&content, step), stuffed(&content, content.len().max(1)));
        }
    }

    fn to(address: &str) -> RcptTo {
        RcptTo { address: address.to_owned(), ..RcptTo::default() }
    }

    fn stuffed(content: &[u8], step: usize) -> Vec<u8> {
        let (mut stuffer, mut out) = (Stuffer::new(), Vec::new());
        content.chunks(step).for_each(|piece| stuffer.stuff(piece, &mut out));
        stuffer.finish(&mut out);
        out
    }

    fn parsed(bytes: &str) -> Reply {
        match ReplyParser::new().next(bytes.as_bytes()) {
            Parsed::Reply { reply, .. } => reply,
            other => panic!("{other:?}"),
        }
    }
}
