//! What the server says on its own account, in one place (behaviour.md section 3.4, RFC 5321 section 4.2, RFC 3463).
//!
//! **Invariant.** Greeting and replies to EHLO, HELO and DATA's 354 have no enhanced status code (RFC 2034 section 4).
//! No text repeats what the client sent except a parameter's name, which is letters, digits and hyphens.

use rollcall_core::explained::Refusal;
use rollcall_core::reply::Reply;

const fn refused(refusal: Refusal, reply: Reply) -> Reply {
    reply.numbered(Some(refusal.number()))
}

pub(crate) fn greeting(hostname: &str) -> Reply {
    Reply::bare(220, format!("{hostname} ESMTP Rollcall"))
}

/// The reply to EHLO: one keyword a line.
pub(crate) fn extensions(hostname: &str, max_size: u64, max_recipients: usize, more: &[&str]) -> Reply {
    let (size, limits) = (format!("SIZE {max_size}"), format!("LIMITS RCPTMAX={max_recipients}"));
    let mut lines =
        vec![hostname, "PIPELINING", &size, "8BITMIME", "ENHANCEDSTATUSCODES", "CHUNKING", "SMTPUTF8", "DSN"];
    lines.push(&limits);
    lines.extend(more);
    Reply { code: 250, enhanced: None, lines: lines.into_iter().map(str::to_owned).collect(), number: None }
}

/// RFC 3207 section 4: the client begins the handshake after it.
pub(crate) fn ready_for_tls() -> Reply {
    Reply::new(220, 0, 0, "Ready to start TLS")
}

pub(crate) fn already_encrypted() -> Reply {
    refused(Refusal::AlreadyEncrypted, Reply::new(503, 5, 1, "TLS is already active"))
}

/// Something was in the client's packet behind STARTTLS: whoever put it there wants it run as if it had been encrypted.
#[must_use]
pub fn pipelined_starttls() -> Reply {
    refused(Refusal::PipelinedStarttls, Reply::new(503, 5, 1, "Nothing may follow STARTTLS before the handshake"))
}

pub(crate) fn requiretls_refused() -> Reply {
    refused(
        Refusal::RequireTls,
        Reply::new(555, 7, 30, "REQUIRETLS is not supported: encryption on the whole way cannot be promised here"),
    )
}

/// Behaviour 4.1: a listener for the office's own machines, and this one is not listed.
pub(crate) fn authentication_required() -> Reply {
    refused(Refusal::AuthenticationRequired, Reply::new(530, 7, 0, "Authentication required"))
}

pub(crate) fn bad_chunk() -> Reply {
    refused(Refusal::BadChunk, Reply::new(501, 5, 4, "Syntax: BDAT size [LAST]"))
}

/// RFC 3030 section 2: the octets of this piece.
pub(crate) fn chunk_taken(size: u64) -> Reply {
    Reply::new(250, 0, 0, format!("{size} octets received"))
}

pub(crate) fn chunks_only() -> Reply {
    refused(Refusal::ChunksOnly, Reply::new(503, 5, 1, "Send the next piece with BDAT, or RSET"))
}

pub(crate) fn hello(hostname: &str) -> Reply {
    Reply::bare(250, hostname)
}

pub(crate) fn bad_hello() -> Reply {
    refused(Refusal::BadHello, Reply::bare(501, "Say EHLO or HELO with the name or address of your host"))
}

pub(crate) fn farewell(hostname: &str) -> Reply {
    Reply::new(221, 0, 0, format!("{hostname} closing the connection"))
}

pub(crate) fn sender_ok() -> Reply {
    Reply::new(250, 1, 0, "Sender OK")
}

pub(crate) fn done() -> Reply {
    Reply::new(250, 0, 0, "OK")
}

pub(crate) fn cannot_verify() -> Reply {
    Reply::new(252, 5, 0, "Not verified, send the message to find out")
}

pub(crate) fn help() -> Reply {
    Reply::new(214, 0, 0, "EHLO HELO STARTTLS MAIL RCPT DATA BDAT RSET NOOP QUIT VRFY HELP")
}

pub(crate) fn go_ahead() -> Reply {
    Reply::bare(354, "End data with <CR><LF>.<CR><LF>")
}

pub(crate) fn not_recognized() -> Reply {
    refused(Refusal::NotRecognized, Reply::new(500, 5, 2, "Command not recognized"))
}

pub(crate) fn line_too_long() -> Reply {
    refused(Refusal::LineTooLong, Reply::new(500, 5, 2, "Line too long"))
}

pub(crate) fn mail_syntax() -> Reply {
    refused(Refusal::MailSyntax, Reply::new(501, 5, 4, "Syntax: MAIL FROM:<address>"))
}

pub(crate) fn rcpt_syntax() -> Reply {
    refused(Refusal::RcptSyntax, Reply::new(501, 5, 4, "Syntax: RCPT TO:<address>"))
}

pub(crate) fn bad_sender() -> Reply {
    refused(Refusal::BadSender, Reply::new(501, 1, 7, "Bad sender address syntax"))
}

pub(crate) fn bad_recipient() -> Reply {
    refused(Refusal::BadRecipient, Reply::new(501, 1, 3, "Bad recipient address syntax"))
}

pub(crate) fn bad_parameter() -> Reply {
    refused(Refusal::BadParameter, Reply::new(501, 5, 4, "Bad or repeated parameter"))
}

pub(crate) fn no_argument_allowed() -> Reply {
    refused(Refusal::NoArgumentAllowed, Reply::new(501, 5, 4, "This command takes no argument"))
}

pub(crate) fn bad_argument() -> Reply {
    refused(Refusal::BadArgument, Reply::new(501, 5, 4, "Bad or missing argument"))
}

pub(crate) fn not_implemented() -> Reply {
    refused(Refusal::NotImplemented, Reply::new(502, 5, 1, "Command not implemented"))
}

pub(crate) fn hello_first() -> Reply {
    refused(Refusal::HelloFirst, Reply::new(503, 5, 1, "Send EHLO or HELO first"))
}

pub(crate) fn nested_mail() -> Reply {
    refused(Refusal::NestedMail, Reply::new(503, 5, 1, "A transaction is already open"))
}

/// RCPT or DATA before MAIL.
#[must_use]
pub fn mail_first() -> Reply {
    refused(Refusal::MailFirst, Reply::new(503, 5, 1, "Send MAIL first"))
}

pub(crate) fn rcpt_first() -> Reply {
    refused(Refusal::RcptFirst, Reply::new(503, 5, 1, "Send RCPT first"))
}

/// Nobody was accepted.
#[must_use]
pub fn no_valid_recipients() -> Reply {
    refused(Refusal::NoValidRecipients, Reply::new(554, 5, 1, "No valid recipients"))
}

pub(crate) fn non_ascii() -> Reply {
    refused(Refusal::NonAscii, Reply::new(553, 6, 7, "Non-ASCII addresses are not accepted"))
}

/// `keyword` is letters, digits and hyphens.
pub(crate) fn unsupported_parameter(keyword: &str) -> Reply {
    refused(Refusal::UnsupportedParameter, Reply::new(555, 5, 4, format!("Parameter not supported: {keyword:.40}")))
}

pub(crate) fn too_many_recipients() -> Reply {
    refused(Refusal::TooManyRecipients, Reply::new(452, 5, 3, "Too many recipients"))
}

/// The client asks for nobody who is here.
#[must_use]
pub fn too_many_invalid_recipients() -> Reply {
    refused(Refusal::TooManyInvalidRecipients, Reply::new(421, 7, 0, "Too many invalid recipients"))
}

pub(crate) fn too_many_errors() -> Reply {
    refused(Refusal::TooManyErrors, Reply::new(421, 7, 0, "Too many errors"))
}

pub(crate) fn bare_line_feed() -> Reply {
    refused(Refusal::BareLineFeed, Reply::new(550, 5, 2, "Bare line feed"))
}

pub(crate) fn bare_carriage_return() -> Reply {
    refused(Refusal::BareCarriageReturn, Reply::new(550, 5, 2, "Bare carriage return"))
}

pub(crate) fn too_big() -> Reply {
    refused(Refusal::TooBig, Reply::new(552, 3, 4, "Message too big"))
}

pub(crate) fn too_many_hops() -> Reply {
    refused(Refusal::TooManyHops, Reply::new(554, 4, 6, "Too many hops"))
}

pub(crate) fn loops() -> Reply {
    refused(Refusal::Loops, Reply::new(554, 4, 6, "Mail loops back here"))
}

/// The engine and the session disagree about where the conversation stands: the only safe end is a temporary one.
pub(crate) fn out_of_step(hostname: &str) -> Reply {
    refused(Refusal::OutOfStep, Reply::new(421, 3, 0, format!("{hostname} Internal fault, closing the connection")))
}

/// The farewell to a client that was silent too long.
#[must_use]
pub fn timeout_reply(hostname: &str) -> Reply {
    refused(Refusal::Timeout, Reply::new(421, 4, 2, format!("{hostname} Timeout exceeded, closing the connection")))
}

/// The greeting when no further connection is taken.
#[must_use]
pub fn too_many_connections(hostname: &str) -> Reply {
    refused(
        Refusal::TooManyConnections,
        Reply::new(421, 3, 2, format!("{hostname} Too many connections, try again later")),
    )
}

/// The farewell when the relay stops.
#[must_use]
pub fn shutting_down(hostname: &str) -> Reply {
    refused(Refusal::ShuttingDown, Reply::new(421, 3, 2, format!("{hostname} Shutting down, try again later")))
}
