//! Whether a sender is who it says: SPF (RFC 7208) and DKIM (RFC 6376). The only file that knows `mail-auth`.
//!
//! **Invariant.** Bounded: at most [`MOST_SIGNATURES`] signatures of [`MOST_FIELDS`] fields, the ten look-ups that RFC 7208
//! section 4.6.4 allows, and [`PATIENCE`] for each of the two. What did not come out in time is a temporary error, never a
//! failure.
//!
//! **Limits.** No socket is opened here: the resolver asks that the caller hands in. Hashing content keeps a thread busy,
//! up to a second for some megabytes. Signatures with a body length (`l=`) are not looked at, because anybody can add to
//! what they cover, nor those of a header section over 256 KiB. Whether one has expired is told by the computer's clock.
//! DMARC and ARC are nobody's business here.

use std::net::IpAddr;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use mail_auth::common::headers::Header;
use mail_auth::dkim::{self, Canonicalization};
use mail_auth::spf::verify::SpfParameters;
use mail_auth::{AuthenticatedMessage, DkimResult, MessageAuthenticator, SpfResult};
use rollcall_core::Address;
use rollcall_core::report::{Signature, Spf, Verified};
use tokio::time::timeout;

/// Signatures looked at of one message; each costs a look-up.
pub const MOST_SIGNATURES: usize = 10;
/// Fields that a signature may cover: each is searched for in the whole header section.
pub const MOST_FIELDS: usize = 256;
/// The longest that SPF may take, and the signatures together.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Who handed a message over.
#[derive(Debug, Clone, Copy)]
pub struct Handover<'a> {
    /// The client; `None` when it is not known, and SPF can say nothing.
    pub client: Option<IpAddr>,
    /// Its name in EHLO.
    pub hello: &'a str,
    /// The reverse-path.
    pub reverse_path: &'a str,
    /// Our own name.
    pub by: &'a str,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// SPF for the domain of the reverse-path.
    pub spf: Spf,
    /// The signatures, from top to bottom.
    pub signatures: Vec<Signature>,
}

/// Looks at who handed a message over, and at its `content` as it was received, without our own trace field; `None` when
/// there is too much of it.
pub async fn authenticate(dns: &TokioResolver, from: &Handover<'_>, content: Option<&[u8]>) -> Found {
    let asking = MessageAuthenticator(dns.clone());
    let spf = spf(&asking, from).await;
    let signatures = match content {
        Some(content) => signatures(&asking, content).await,
        None => Vec::new(),
    };
    Found { spf, signatures }
}

async fn spf(asking: &MessageAuthenticator, from: &Handover<'_>) -> Spf {
    let (Some(client), Ok(address)) = (from.client, Address::parse(from.reverse_path)) else { return Spf::NotJudged };
    let sender = format!("{}@{}", address.local(), address.domain());
    let asked = SpfParameters::verify_mail_from(client.to_canonical(), from.hello, from.by, &sender);
    match timeout(PATIENCE, asking.verify_spf(asked)).await {
        Err(_) => Spf::TempError,
        Ok(output) => match output.result() {
            SpfResult::Pass => Spf::Pass,
            SpfResult::Fail => Spf::Fail,
            SpfResult::SoftFail => Spf::SoftFail,
            SpfResult::Neutral => Spf::Neutral,
            SpfResult::None => Spf::None,
            SpfResult::TempError => Spf::TempError,
            SpfResult::PermError => Spf::PermError,
        },
    }
}

/// mail-auth before 0.15 hashes white space at the end of a relaxed body that RFC 6376 section 3.4.4 ignores: what fails is
/// looked at once more without it.
async fn signatures(asking: &MessageAuthenticator, content: &[u8]) -> Vec<Signature> {
    let mut looked = look_at(asking, content).await;
    let fails = |one: &(Signature, bool)| one.1 && one.0.verified == Verified::Fail;
    let cut = without_blank_end(content);
    if cut.len() < content.len() && looked.iter().any(fails) {
        let again = look_at(asking, cut).await;
        for (first, second) in looked.iter_mut().zip(again).filter(|(first, _)| fails(first)) {
            *first = second;
        }
    }
    looked.into_iter().map(|(signature, _)| signature).collect()
}

/// Each signature, and whether its body is relaxed.
async fn look_at(asking: &MessageAuthenticator, content: &[u8]) -> Vec<(Signature, bool)> {
    if crate::header_section(content).len() >= crate::HEADER_LIMIT {
        return Vec::new();
    }
    let Some(mut message) = AuthenticatedMessage::parse(content) else { return Vec::new() };
    message.errors.clear();
    message.dkim_headers.retain(|one| one.header.h.len() <= MOST_FIELDS);
    message.dkim_headers.truncate(MOST_SIGNATURES);
    for one in &mut message.dkim_headers {
        // Neither reports to signers (RFC 6651) nor permission for others (RFC 6541): each would be one more look-up.
        (one.header.r, one.header.atps) = (false, None);
    }
    if message.dkim_headers.is_empty() {
        return Vec::new();
    }
    let outputs = timeout(PATIENCE, asking.verify_dkim(&message)).await.ok();
    let verified = |place: usize| match outputs.as_ref().map(|outputs| outputs.get(place).map(|one| one.result())) {
        Some(Some(DkimResult::Pass)) => Verified::Pass,
        Some(Some(DkimResult::TempError(_))) | None => Verified::TempError,
        Some(
            Some(DkimResult::Fail(_) | DkimResult::Neutral(_) | DkimResult::PermError(_) | DkimResult::None) | None,
        ) => Verified::Fail,
    };
    let read = |(place, one): (usize, &Header<'_, dkim::Signature>)| {
        let signature = Signature { domain: one.header.d.clone(), verified: verified(place) };
        (signature, one.header.cb == Canonicalization::Relaxed)
    };
    message.dkim_headers.iter().enumerate().map(read).collect()
}

/// `content` without lines of white space at its end.
fn without_blank_end(content: &[u8]) -> &[u8] {
    let start = (crate::header_section(content).len() + 2).min(content.len());
    let mut end = content.len();
    while let Some(line) = content[start..end].strip_suffix(b"\r\n") {
        let from = line.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
        if !line[from..].iter().all(|byte| matches!(byte, b' ' | b'\t')) {
            break;
        }
        end = start + from;
    }
    &content[..end]
}

/// `content` without its first field, which is our own trace.
#[must_use]
pub fn below_trace(content: &[u8]) -> &[u8] {
    let ends = memchr::memmem::find_iter(content, b"\r\n").map(|place| place + 2);
    let mut ends = ends.filter(|end| !matches!(content.get(*end), Some(b' ' | b'\t')));
    ends.next().map_or(&[], |end| &content[end..])
}

impl Found {
    /// As `Authentication-Results` writes it (RFC 8601 section 2.2), in one line.
    #[must_use]
    pub fn summary(&self, reverse_path: &str) -> String {
        let spf = match self.spf {
            Spf::NotJudged => "none (client not known)",
            Spf::None => "none",
            Spf::Neutral => "neutral",
            Spf::Pass => "pass",
            Spf::Fail => "fail",
            Spf::SoftFail => "softfail",
            Spf::TempError => "temperror",
            Spf::PermError => "permerror",
        };
        let domain = reverse_path.rsplit('@').next().unwrap_or_default();
        let mut text = format!("spf={spf} smtp.mailfrom={}", line(domain));
        for Signature { domain, verified } in &self.signatures {
            let verified = match verified {
                Verified::Pass => "pass",
                Verified::Fail => "fail",
                Verified::TempError => "temperror",
            };
            text.push_str(&format!("; dkim={verified} header.d={}", line(domain)));
        }
        text
    }
}

/// A name that somebody else chose, printable and of bounded length.
fn line(name: &str) -> String {
    name.chars().filter(char::is_ascii_graphic).take(255).collect()
}
