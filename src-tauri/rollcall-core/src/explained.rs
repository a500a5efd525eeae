//! The numbers of our refusals (X20): `(RC-104)` behind a reply leads to its row in docs/replies.md.
//!
//! **Invariant.** A number never changes its meaning and is never used again: it is in other people's mail. Hundreds say what
//! a refusal is about: 1 the recipient, 2 not now, 3 the content, 4 the conversation.

use std::fmt;

use crate::policy::Reason;

/// The number of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReplyNumber(u16);

impl ReplyNumber {
    /// Every number there is, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        let reasons = Reason::ALL.iter().filter_map(|reason| reason.number());
        let mut all: Vec<Self> = reasons.chain(Refusal::ALL.iter().map(|refusal| refusal.number())).collect();
        all.sort_unstable();
        all.into_iter()
    }
}

impl fmt::Display for ReplyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RC-{}", self.0)
    }
}

/// What the server refuses on its own account, whoever the recipient is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is the reply it stands for")]
pub enum Refusal {
    ShuttingDown,
    TooManyRecipients,
    TooManyInvalidRecipients,
    TooManyErrors,
    OutOfStep,
    Timeout,
    TooManyConnections,
    BareLineFeed,
    BareCarriageReturn,
    TooBig,
    TooManyHops,
    Loops,
    NotRecognized,
    LineTooLong,
    MailSyntax,
    RcptSyntax,
    BadSender,
    BadRecipient,
    BadParameter,
    NoArgumentAllowed,
    BadArgument,
    NotImplemented,
    HelloFirst,
    NestedMail,
    MailFirst,
    RcptFirst,
    NoValidRecipients,
    NonAscii,
    UnsupportedParameter,
    BadHello,
    AlreadyEncrypted,
    PipelinedStarttls,
    RequireTls,
    AuthenticationRequired,
    BadChunk,
    ChunksOnly,
}

impl Refusal {
    /// Every one.
    pub const ALL: &'static [Self] = &[
        Self::ShuttingDown,
        Self::TooManyRecipients,
        Self::TooManyInvalidRecipients,
        Self::TooManyErrors,
        Self::OutOfStep,
        Self::Timeout,
        Self::TooManyConnections,
        Self::BareLineFeed,
        Self::BareCarriageReturn,
        Self::TooBig,
        Self::TooManyHops,
        Self::Loops,
        Self::NotRecognized,
        Self::LineTooLong,
        Self::MailSyntax,
        Self::RcptSyntax,
        Self::BadSender,
        Self::BadRecipient,
        Self::BadParameter,
        Self::NoArgumentAllowed,
        Self::BadArgument,
        Self::NotImplemented,
        Self::HelloFirst,
        Self::NestedMail,
        Self::MailFirst,
        Self::RcptFirst,
        Self::NoValidRecipients,
        Self::NonAscii,
        Self::UnsupportedParameter,
        Self::BadHello,
        Self::AlreadyEncrypted,
        Self::PipelinedStarttls,
        Self::RequireTls,
        Self::AuthenticationRequired,
        Self::BadChunk,
        Self::ChunksOnly,
    ];

    /// Its number.
    #[must_use]
    pub const fn number(self) -> ReplyNumber {
        ReplyNumber(match self {
            Self::ShuttingDown => 211,
            Self::TooManyRecipients => 212,
            Self::TooManyInvalidRecipients => 213,
            Self::TooManyErrors => 214,
            Self::OutOfStep => 215,
            Self::Timeout => 216,
            Self::TooManyConnections => 217,
            Self::BareLineFeed => 301,
            Self::BareCarriageReturn => 302,
            Self::TooBig => 303,
            Self::TooManyHops => 304,
            Self::Loops => 305,
            Self::NotRecognized => 401,
            Self::LineTooLong => 402,
            Self::MailSyntax => 403,
            Self::RcptSyntax => 404,
            Self::BadSender => 405,
            Self::BadRecipient => 406,
            Self::BadParameter => 407,
            Self::NoArgumentAllowed => 408,
            Self::BadArgument => 409,
            Self::NotImplemented => 410,
            Self::HelloFirst => 411,
            Self::NestedMail => 412,
            Self::MailFirst => 413,
            Self::RcptFirst => 414,
            Self::NoValidRecipients => 415,
            Self::NonAscii => 416,
            Self::UnsupportedParameter => 417,
            Self::BadHello => 418,
            Self::AlreadyEncrypted => 419,
            Self::PipelinedStarttls => 420,
            Self::RequireTls => 421,
            Self::AuthenticationRequired => 422,
            Self::BadChunk => 423,
            Self::ChunksOnly => 424,
        })
    }
}

impl Reason {
    /// The number its refusal is explained under; none where nobody is refused, or where [`Refusal`] has it.
    #[must_use]
    pub const fn number(self) -> Option<ReplyNumber> {
        Some(ReplyNumber(match self {
            Self::RelayDenied => 101,
            Self::MarkedInvalid => 102,
            Self::Expired => 103,
            Self::UserUnknown => 104,
            Self::UserUnknownCached => 105,
            Self::NotActive => 106,
            Self::ClosedList => 107,
            Self::RefusedByServer => 108,
            Self::NeedsUtf8 => 109,
            Self::OutwardOff => 110,
            Self::NowhereToGo => 111,
            Self::NotInDirectory => 112,
            Self::NotAsked => 201,
            Self::DeferredByServer => 202,
            Self::ServerUnreachable => 203,
            Self::OtherNextHop => 204,
            Self::NewAddress => 205,
            Self::SendSeparately => 206,
            Self::LostBeforeReply => 207,
            Self::ChangedItsMind => 208,
            Self::StoreFailed => 209,
            Self::HarvestBlocked => 210,
            Self::JustEnded => 218,
            Self::Delivered
            | Self::KnownAccount
            | Self::Queued
            | Self::BadContent
            | Self::QueueExpired
            | Self::DeletedByOperator
            | Self::ClientLeft
            | Self::ShuttingDown
            | Self::HeldForAddress
            | Self::HeldTooLong => return None,
        }))
    }
}

/// Most octets in a contact.
pub const CONTACT_OCTETS: usize = 80;

/// The contact that is said behind a refusal, without the space around it.
///
/// # Errors
/// [`ContactError`] when it is longer than 80 octets or not printable ASCII: it has to go onto one reply line.
pub fn contact(text: &str) -> Result<String, ContactError> {
    let text = text.trim();
    if text.len() > CONTACT_OCTETS {
        return Err(ContactError::TooLong);
    }
    if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(ContactError::NotPrintable);
    }
    Ok(text.to_owned())
}

/// Why a text can't be a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactError {
    /// Longer than [`CONTACT_OCTETS`].
    TooLong,
    /// Something outside printable ASCII.
    NotPrintable,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x20_no_number_stands_for_two_refusals() {
        let all: Vec<ReplyNumber> = ReplyNumber::all().collect();
        assert!(all.windows(2).all(|two| two[0] < two[1]), "{all:?}");
    }

    #[test]
    fn x20_a_number_is_written_as_people_type_it() {
        assert_eq!(Reason::UserUnknown.number().unwrap().to_string(), "RC-104");
        assert_eq!(Reason::Delivered.number(), None);
    }

    #[test]
    fn x20_a_contact_fits_on_a_reply_line() {
        assert_eq!(contact(" it@acme.example ").as_deref(), Ok("it@acme.example"));
        assert_eq!(contact(""), Ok(String::new()));
        assert_eq!(contact(&"x".repeat(81)), Err(ContactError::TooLong));
        for bad in ["Gr\u{fc}n", "a\r\n250 yes", "a\tb"] {
            assert_eq!(contact(bad), Err(ContactError::NotPrintable), "{bad}");
        }
    }
}
