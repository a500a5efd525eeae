//! Reads one command line (RFC 5321 section 4.1).
//!
//! **Invariant.** A command that is read holds no control character and, without SMTPUTF8, nothing but ASCII: it can be
//! written to the next hop, a log or a trace field as it is. A refusal is the exact reply to give.
//!
//! **Limits.** A strict reader of our own for ten verbs. The parser of smtp-proto 0.2.5 was tried: it drops a CR inside
//! an address, cannot tell `<postmaster>` from `<>`, refuses address literals, hands out local parts without the quotes
//! they need and takes `DATA foo`. Guarding against these needs a second reading of the same line, which is this
//! module. On plain lines both must agree; a test compares them.

use std::net::IpAddr;

use rollcall_core::reply::Reply;

use crate::path;
use crate::replies;

/// A command, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// `EHLO name`.
    Ehlo {
        /// What the client calls itself.
        name: String,
    },
    /// `HELO name`.
    Helo {
        /// What the client calls itself.
        name: String,
    },
    /// `MAIL FROM:<…>`.
    Mail(MailFrom),
    /// `RCPT TO:<…>`.
    Rcpt(RcptTo),
    /// `DATA`.
    Data,
    /// `RSET`.
    Rset,
    /// `NOOP`.
    Noop,
    /// `QUIT`.
    Quit,
    /// `VRFY …`.
    Vrfy,
    /// `EXPN …`.
    Expn,
    /// `HELP`.
    Help,
    /// `STARTTLS` (RFC 3207).
    StartTls,
    /// `AUTH …`, not offered yet.
    Auth,
    /// `BDAT size [LAST]` (RFC 3030): that many octets follow at once, whatever becomes of them.
    Bdat(Chunk),
    /// `XCLIENT …`: an upstream says who is behind it.
    Xclient(Xclient),
    /// A word that is no command of ours.
    Unknown,
}

/// What an upstream says of the client behind it (Postfix's XCLIENT). What it does not know is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Xclient {
    /// `ADDR`.
    pub address: Option<IpAddr>,
    /// `HELO`.
    pub helo: Option<String>,
    /// `PROTO`: true for ESMTP, false for SMTP.
    pub extended: Option<bool>,
}

/// One piece of content, as BDAT announces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk {
    /// Octets that follow the command line.
    pub size: u64,
    /// True for the last piece.
    pub last: bool,
}

/// How much of the message a DSN about it should return (RFC 3461 section 4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ret {
    /// `RET=FULL`: all of it.
    Full,
    /// `RET=HDRS`: the header section only.
    Headers,
}

impl Ret {
    /// The word of RFC 3461 section 4.3.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "FULL",
            Self::Headers => "HDRS",
        }
    }

    /// The value for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Full, Self::Headers].into_iter().find(|ret| ret.word() == word)
    }
}

/// The reverse-path and the parameters of MAIL.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailFrom {
    /// The reverse-path without angle brackets; empty for the null reverse-path. A quoted local part stays quoted
    /// where it has to be.
    pub reverse_path: String,
    /// `SIZE=`, in octets.
    pub size: Option<u64>,
    /// `BODY=8BITMIME` was given.
    pub body_8bit: bool,
    /// `SMTPUTF8` was given.
    pub smtputf8: bool,
    /// `RET=`.
    pub ret: Option<Ret>,
    /// `ENVID=`, still as xtext: it is handed on, not read.
    pub envid: Option<String>,
}

/// The recipient of RCPT.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RcptTo {
    /// The address without angle brackets and source route, or `postmaster` alone.
    pub address: String,
    /// `NOTIFY=`, in upper case: `NEVER`, or `SUCCESS`, `FAILURE`, `DELAY` in the order given.
    pub notify: Option<String>,
    /// `ORCPT=type;xtext`, still as xtext: it is handed on, not read.
    pub orcpt: Option<String>,
}

impl RcptTo {
    /// A recipient without parameters.
    #[must_use]
    pub fn plain(address: impl Into<String>) -> Self {
        Self { address: address.into(), ..Self::default() }
    }
}

/// Reads one line without its CRLF.
///
/// # Errors
/// The exact reply with which to refuse the line.
pub fn parse(line: &[u8]) -> Result<Command, Reply> {
    let end = line.iter().position(|octet| matches!(octet, b' ' | b'\t')).unwrap_or(line.len());
    let (verb, arguments) = line.split_at(end);
    if verb.is_empty() || !verb.iter().all(u8::is_ascii_alphabetic) {
        return Err(replies::not_recognized());
    }
    let arguments = trimmed(arguments);
    match verb.to_ascii_uppercase().as_slice() {
        b"EHLO" => client_name(arguments).map(|name| Command::Ehlo { name }),
        b"HELO" => client_name(arguments).map(|name| Command::Helo { name }),
        b"MAIL" => mail(arguments),
        b"RCPT" => rcpt(arguments),
        b"DATA" => alone(arguments, Command::Data),
        b"RSET" => alone(arguments, Command::Rset),
        b"QUIT" => alone(arguments, Command::Quit),
        b"NOOP" => with_text(arguments, Command::Noop),
        b"HELP" => with_text(arguments, Command::Help),
        b"VRFY" if arguments.is_empty() => Err(replies::bad_argument()),
        b"VRFY" => with_text(arguments, Command::Vrfy),
        b"EXPN" => Ok(Command::Expn),
        b"STARTTLS" => alone(arguments, Command::StartTls),
        b"AUTH" => Ok(Command::Auth),
        b"BDAT" => bdat(arguments),
        b"XCLIENT" => xclient(arguments),
        _ => Ok(Command::Unknown),
    }
}

/// The name or address literal in EHLO and HELO. Strict about its characters, because it goes into the trace field;
/// lenient about its sense, because office machines call themselves anything.
fn client_name(arguments: &[u8]) -> Result<String, Reply> {
    let name = std::str::from_utf8(arguments).map_err(|_| replies::bad_hello())?;
    let is_name = name.bytes().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'-' | b'_' | b':'));
    let fits = (1..=255).contains(&name.len());
    if fits && (is_name || path::is_address_literal(name)) { Ok(name.to_owned()) } else { Err(replies::bad_hello()) }
}

/// `FROM:<reverse-path> [parameters]`.
fn mail(arguments: &[u8]) -> Result<Command, Reply> {
    let arguments = after_keyword(arguments, b"FROM:").ok_or_else(replies::mail_syntax)?;
    let arguments = std::str::from_utf8(arguments).map_err(|_| replies::non_ascii())?;
    let (path, rest) = path::split(arguments).ok_or_else(replies::bad_sender)?;
    let mut mail = mail_parameters(rest)?;
    if !path.is_ascii() && !mail.smtputf8 {
        return Err(replies::non_ascii());
    }
    if !path.is_empty() {
        mail.reverse_path = path::mailbox(path).ok_or_else(replies::bad_sender)?;
    }
    Ok(Command::Mail(mail))
}

/// `TO:<forward-path> [parameters]`. Whether a recipient outside ASCII may be named is the transaction's business.
fn rcpt(arguments: &[u8]) -> Result<Command, Reply> {
    let arguments = after_keyword(arguments, b"TO:").ok_or_else(replies::rcpt_syntax)?;
    let arguments = std::str::from_utf8(arguments).map_err(|_| replies::non_ascii())?;
    let (path, rest) = path::split(arguments).ok_or_else(replies::bad_recipient)?;
    let mut rcpt = rcpt_parameters(rest)?;
    // RFC 5321 section 4.1.1.3: postmaster needs no domain.
    rcpt.address = match path {
        path if path.eq_ignore_ascii_case("postmaster") => path.to_owned(),
        path => path::mailbox(path).ok_or_else(replies::bad_recipient)?,
    };
    Ok(Command::Rcpt(rcpt))
}

/// `size [LAST]`.
fn bdat(arguments: &[u8]) -> Result<Command, Reply> {
    let text = std::str::from_utf8(arguments).map_err(|_| replies::bad_chunk())?;
    let mut words = text.split_ascii_whitespace();
    let size = words.next().filter(|digits| digits.len() <= 19 && digits.bytes().all(|octet| octet.is_ascii_digit()));
    let size = size.and_then(|digits| digits.parse().ok()).ok_or_else(replies::bad_chunk)?;
    let last = match words.next() {
        None => false,
        Some(word) if word.eq_ignore_ascii_case("LAST") => true,
        Some(_) => return Err(replies::bad_chunk()),
    };
    if words.next().is_some() { Err(replies::bad_chunk()) } else { Ok(Command::Bdat(Chunk { size, last })) }
}

/// `attribute=xtext` pairs; `NAME`, `PORT`, `LOGIN`, `DESTADDR` and `DESTPORT` are understood and not needed.
fn xclient(arguments: &[u8]) -> Result<Command, Reply> {
    let text = std::str::from_utf8(arguments).map_err(|_| replies::bad_argument())?;
    let mut found = Xclient::default();
    let mut words = text.split_ascii_whitespace().peekable();
    if words.peek().is_none() {
        return Err(replies::bad_argument());
    }
    for word in words {
        let (attribute, value) = word.split_once('=').ok_or_else(replies::bad_argument)?;
        let value = from_xtext(value).ok_or_else(replies::bad_argument)?;
        let is_unknown = value.eq_ignore_ascii_case("[UNAVAILABLE]") || value.eq_ignore_ascii_case("[TEMPUNAVAIL]");
        match attribute.to_ascii_uppercase().as_str() {
            "NAME" | "PORT" | "LOGIN" | "DESTADDR" | "DESTPORT" => {}
            "ADDR" | "HELO" | "PROTO" if is_unknown => {}
            "ADDR" => {
                let address =
                    value.get(..5).filter(|tag| tag.eq_ignore_ascii_case("IPv6:")).map_or(&*value, |_| &value[5..]);
                let address: IpAddr = address.parse().map_err(|_| replies::bad_argument())?;
                found.address = Some(address.to_canonical());
            }
            "HELO" => found.helo = Some(client_name(value.as_bytes())?),
            "PROTO" if value.eq_ignore_ascii_case("ESMTP") => found.extended = Some(true),
            "PROTO" if value.eq_ignore_ascii_case("SMTP") => found.extended = Some(false),
            _ => return Err(replies::bad_argument()),
        }
    }
    Ok(Command::Xclient(found))
}

/// Reads xtext (RFC 3461 section 4); `None` if it is none, or not UTF-8.
fn from_xtext(text: &str) -> Option<String> {
    if !is_xtext(text) || text.is_empty() {
        return None;
    }
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        octets.push(if octet == b'+' {
            let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
            u8::try_from(digit()? * 16 + digit()?).ok()?
        } else {
            octet
        });
    }
    String::from_utf8(octets).ok()
}

/// MAIL's parameters, with the reverse-path still to be filled in.
fn mail_parameters(text: &str) -> Result<MailFrom, Reply> {
    let mut mail = MailFrom::default();
    for (keyword, value) in parameters(text)? {
        match (keyword.as_str(), value) {
            ("SIZE", Some(digits)) if digits.len() <= 20 && digits.bytes().all(|octet| octet.is_ascii_digit()) => {
                // Twenty digits may exceed u64; no message is that large, so the limit answers either way.
                mail.size = Some(digits.parse().unwrap_or(u64::MAX));
            }
            ("BODY", Some(body)) if body.eq_ignore_ascii_case("8BITMIME") => mail.body_8bit = true,
            ("BODY", Some(body)) if body.eq_ignore_ascii_case("7BIT") => {}
            ("BODY", Some(body)) if body.eq_ignore_ascii_case("BINARYMIME") => {
                return Err(replies::unsupported_parameter("BODY"));
            }
            ("SMTPUTF8", None) => mail.smtputf8 = true,
            ("RET", Some(ret)) if ret.eq_ignore_ascii_case("FULL") => mail.ret = Some(Ret::Full),
            ("RET", Some(ret)) if ret.eq_ignore_ascii_case("HDRS") => mail.ret = Some(Ret::Headers),
            ("ENVID", Some(id)) if id.len() <= MAX_ENVID && is_xtext(id) => mail.envid = Some(id.to_owned()),
            ("REQUIRETLS", None) => return Err(replies::requiretls_refused()),
            ("SIZE" | "BODY" | "SMTPUTF8" | "RET" | "ENVID" | "REQUIRETLS", _) => return Err(replies::bad_parameter()),
            _ => return Err(replies::unsupported_parameter(&keyword)),
        }
    }
    Ok(mail)
}

/// RCPT's parameters (RFC 3461 section 4), with the address still to be filled in.
fn rcpt_parameters(text: &str) -> Result<RcptTo, Reply> {
    let mut rcpt = RcptTo::default();
    for (keyword, value) in parameters(text)? {
        match (keyword.as_str(), value) {
            ("NOTIFY", Some(value)) => rcpt.notify = Some(notify(value).ok_or_else(replies::bad_parameter)?),
            ("ORCPT", Some(value)) if value.len() <= MAX_ORCPT && is_orcpt(value) => {
                rcpt.orcpt = Some(value.to_owned());
            }
            ("NOTIFY" | "ORCPT", _) => return Err(replies::bad_parameter()),
            _ => return Err(replies::unsupported_parameter(&keyword)),
        }
    }
    Ok(rcpt)
}

/// Octets of ENVID (RFC 3461 section 5.4).
const MAX_ENVID: usize = 100;
/// Octets of ORCPT (RFC 3461 section 5.4).
const MAX_ORCPT: usize = 500;

/// `NEVER` alone, or each of the others once at most (RFC 3461 section 4.1).
fn notify(value: &str) -> Option<String> {
    let value = value.to_ascii_uppercase();
    if value == "NEVER" {
        return Some(value);
    }
    let mut known = [("SUCCESS", false), ("FAILURE", false), ("DELAY", false)];
    for word in value.split(',') {
        let (_, seen) = known.iter_mut().find(|(name, seen)| *name == word && !seen)?;
        *seen = true;
    }
    Some(value)
}

/// `addr-type;xtext`, as `rfc822;ann@acme.example` (RFC 3461 section 4.2).
fn is_orcpt(value: &str) -> bool {
    value.split_once(';').is_some_and(|(kind, address)| {
        let is_atom = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'-';
        !kind.is_empty() && kind.bytes().all(is_atom) && !address.is_empty() && is_xtext(address)
    })
}

/// Printable ASCII without `=`, every `+` followed by two upper-case hexadecimal digits (RFC 3461 section 4).
fn is_xtext(text: &str) -> bool {
    let octets = text.as_bytes();
    let is_hex = |octet: Option<&u8>| octet.is_some_and(|octet| matches!(octet, b'0'..=b'9' | b'A'..=b'F'));
    (0..octets.len()).all(|at| match octets[at] {
        b'+' => is_hex(octets.get(at + 1)) && is_hex(octets.get(at + 2)),
        octet => octet.is_ascii_graphic() && octet != b'=',
    })
}

/// `keyword[=value]` parameters after a path (RFC 5321 section 4.1.2), the keywords in upper case and each only once.
fn parameters(text: &str) -> Result<Vec<(String, Option<&str>)>, Reply> {
    if !text.is_empty() && !text.starts_with([' ', '\t']) {
        return Err(replies::bad_parameter());
    }
    let mut parameters: Vec<(String, Option<&str>)> = Vec::new();
    for word in text.split([' ', '\t']).filter(|word| !word.is_empty()) {
        let (keyword, value) = word.split_once('=').map_or((word, None), |(keyword, value)| (keyword, Some(value)));
        let is_keyword = keyword.starts_with(|c: char| c.is_ascii_alphanumeric())
            && keyword.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-');
        let is_value = |value: &str| !value.is_empty() && value.bytes().all(|o| o.is_ascii_graphic() && o != b'=');
        let keyword = keyword.to_ascii_uppercase();
        if !is_keyword || !value.is_none_or(is_value) || parameters.iter().any(|(known, _)| *known == keyword) {
            return Err(replies::bad_parameter());
        }
        parameters.push((keyword, value));
    }
    Ok(parameters)
}

/// What follows `keyword`, which ends in a colon, and any white space behind it.
fn after_keyword<'a>(arguments: &'a [u8], keyword: &[u8]) -> Option<&'a [u8]> {
    let (head, rest) = arguments.split_at_checked(keyword.len())?;
    head.eq_ignore_ascii_case(keyword).then(|| trimmed(rest))
}

/// A command that takes no argument.
fn alone(arguments: &[u8], command: Command) -> Result<Command, Reply> {
    if arguments.is_empty() { Ok(command) } else { Err(replies::no_argument_allowed()) }
}

/// A command whose argument is not looked at.
fn with_text(arguments: &[u8], command: Command) -> Result<Command, Reply> {
    let is_text = arguments.iter().all(|&octet| octet == b'\t' || !octet.is_ascii_control());
    if is_text { Ok(command) } else { Err(replies::bad_argument()) }
}

/// Without spaces and tabs at either end; other white space is not ours to forgive.
fn trimmed(mut octets: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = octets {
        octets = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = octets {
        octets = rest;
    }
    octets
}

#[cfg(test)]
#[path = "command_tests.rs"]
mod tests;
