//! What a listed filter in front of us said of a message (behaviour.md section 3.0, "behind an existing filter"), and
//! whether a message is bulk.
//!
//! **Invariant.** Anybody may write such fields below those of the filter. "Spam" and "SPF failed" are believed from any
//! of them, because a forger only harms himself; "not spam" and "SPF passed" only from the topmost.
//!
//! **Limits.** Only for a message from a listed filter, which is the caller's to know. The header section alone, at most
//! 256 KiB of it. `Authentication-Results` (RFC 8601) of the configured name alone.

/// What SPF came out as, as far as the filter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UpstreamSpf {
    /// It says nothing that decides.
    #[default]
    NotSaid,
    /// The client may send for the domain.
    Pass,
    /// It may not: a hard fail (3.3).
    Fail,
}

/// What the filter said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Spam or not; `None` when it says neither.
    pub spam: Option<bool>,
    /// SPF.
    pub spf: UpstreamSpf,
    /// DMARC failed.
    pub dmarc_failed: bool,
    /// What that was read from, one entry a field, each at most 120 characters.
    pub reasons: Vec<String>,
}

/// The most reasons kept, and the longest.
const REASONS: (usize, usize) = (8, 120);

/// Reads the header section of `content`. `authserv` is the name the filter writes into `Authentication-Results`; without
/// one those fields say nothing.
#[must_use]
pub fn upstream_verdict(content: &[u8], authserv: Option<&str>) -> Verdict {
    let mut verdict = Verdict::default();
    let (mut flag_seen, mut status_seen, mut results_seen) = (false, false, false);
    for (name, value) in unfolded(crate::header_section(content)) {
        if name.eq_ignore_ascii_case(b"x-spam-flag") {
            verdict.spam_field(name, &value, !std::mem::replace(&mut flag_seen, true));
        } else if name.eq_ignore_ascii_case(b"x-spam-status") {
            verdict.spam_field(name, &value, !std::mem::replace(&mut status_seen, true));
        } else if name.eq_ignore_ascii_case(b"authentication-results") {
            let Some(results) = authserv.and_then(|name| results_of(&value, name)) else { continue };
            verdict.results(&results, !std::mem::replace(&mut results_seen, true));
        }
    }
    verdict
}

/// A list's or a bulk mailer's message: `List-Id` (RFC 2919), `List-Unsubscribe` (RFC 2369), or `Precedence` of bulk, list
/// or junk.
#[must_use]
pub fn is_bulk(content: &[u8]) -> bool {
    crate::fields(crate::header_section(content)).any(|(name, value)| says_bulk(name, value))
}

/// Whether this field says that a list or a bulk mailer sent the message.
pub(crate) fn says_bulk(name: &[u8], value: &[u8]) -> bool {
    let word = || value.split(|byte| !byte.is_ascii_alphabetic()).next().unwrap_or_default();
    name.eq_ignore_ascii_case(b"list-id")
        || name.eq_ignore_ascii_case(b"list-unsubscribe")
        || (name.eq_ignore_ascii_case(b"precedence")
            && [&b"bulk"[..], b"list", b"junk"].iter().any(|bulk| word().eq_ignore_ascii_case(bulk)))
}

impl Verdict {
    fn spam_field(&mut self, name: &[u8], value: &str, is_topmost: bool) {
        let word = value.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        if word.eq_ignore_ascii_case("yes") {
            self.spam = Some(true);
            self.because(&format!("{}: {value}", String::from_utf8_lossy(name)));
        } else if word.eq_ignore_ascii_case("no") && is_topmost && self.spam.is_none() {
            self.spam = Some(false);
        }
    }

    fn results(&mut self, results: &str, is_topmost: bool) {
        for result in results.split(';').map(str::trim) {
            let word = result.split([' ', '\t', '(']).next().unwrap_or_default().to_ascii_lowercase();
            match word.as_str() {
                "spf=fail" | "spf=hardfail" => self.spf = UpstreamSpf::Fail,
                "spf=pass" if is_topmost && self.spf == UpstreamSpf::NotSaid => self.spf = UpstreamSpf::Pass,
                "dmarc=fail" => self.dmarc_failed = true,
                _ => continue,
            }
            if word != "spf=pass" {
                self.because(&format!("Authentication-Results: {result}"));
            }
        }
    }

    fn because(&mut self, text: &str) {
        if self.reasons.len() < REASONS.0 {
            self.reasons.push(text.chars().filter(|c| !c.is_control()).take(REASONS.1).collect());
        }
    }
}

/// What stands behind the name of who checked, if that is `authserv`; without comments (RFC 8601 section 2.2).
fn results_of(value: &str, authserv: &str) -> Option<String> {
    let plain = without_comments(value);
    let (who, results) = plain.split_once(';')?;
    let who = who.split_whitespace().next()?.trim_matches('"');
    who.eq_ignore_ascii_case(authserv).then(|| results.to_owned())
}

/// Quoted text, which somebody else chose, and comments left out.
fn without_comments(value: &str) -> String {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let mut plain = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted || depth > 0 => escaped = true,
            '"' if depth == 0 => quoted = !quoted,
            _ if quoted => {}
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    plain
}

/// Name and whole value of each field of interest, lines of one field joined.
fn unfolded(header: &[u8]) -> impl Iterator<Item = (&[u8], String)> {
    let mut lines = header.split(|byte| *byte == b'\n').peekable();
    std::iter::from_fn(move || {
        loop {
            let line = lines.next()?;
            let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
            if line.starts_with(b" ") || line.starts_with(b"\t") {
                continue;
            }
            let mut value = line[colon + 1..].trim_ascii().to_vec();
            while let Some(more) = lines.next_if(|next| next.starts_with(b" ") || next.starts_with(b"\t")) {
                value.push(b' ');
                value.extend_from_slice(more.trim_ascii());
            }
            return Some((line[..colon].trim_ascii_end(), String::from_utf8_lossy(value.trim_ascii()).into_owned()));
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(header: &str) -> Verdict {
        upstream_verdict(format!("{header}\r\n\r\nX-Spam-Flag: YES\r\n").as_bytes(), Some("mx.filter.example"))
    }

    #[test]
    fn s30_spam_is_read_in_any_case_and_folded() {
        for header in ["X-Spam-Flag: YES", "x-spam-FLAG:yes", "X-Spam-Status:\r\n\tYes, score=9.1\r\n required=5"] {
            assert_eq!(read(header).spam, Some(true), "{header}");
        }
        assert_eq!(read("X-Spam-Status: No, score=-1").spam, Some(false));
        assert_eq!(read("Subject: x").spam, None, "the body says nothing");
    }

    #[test]
    fn s30_a_forged_not_spam_below_is_not_believed_and_a_spam_below_is() {
        assert_eq!(read("X-Spam-Flag: YES\r\nX-Spam-Flag: NO").spam, Some(true));
        assert_eq!(read("X-Spam-Flag: NO\r\nX-Spam-Flag: YES").spam, Some(true));
        assert_eq!(read("X-Spam-Flag: maybe\r\nX-Spam-Flag: NO").spam, None);
    }

    #[test]
    fn rfc_8601_only_the_named_filter_is_believed_and_pass_only_from_the_topmost() {
        let ours = "Authentication-Results: mx.filter.example 1; spf=";
        assert_eq!(read(&format!("{ours}fail (a; spf=pass) smtp.mailfrom=x; dmarc=fail")).spf, UpstreamSpf::Fail);
        assert_eq!(read(&format!("{ours}hardfail")).spf, UpstreamSpf::Fail);
        assert_eq!(read(&format!("{ours}none\r\n{ours}pass")).spf, UpstreamSpf::NotSaid);
        assert_eq!(read(&format!("{ours}pass\r\n{ours}fail")).spf, UpstreamSpf::Fail);
        assert_eq!(read("Authentication-Results: evil.example; spf=fail").spf, UpstreamSpf::NotSaid);
        assert!(read(&format!("{ours}pass; dmarc=fail")).dmarc_failed);
    }

    #[test]
    fn s33_lists_and_bulk_mailers_are_bulk() {
        for header in ["List-Id: <x.example>", "list-unsubscribe: <mailto:a@b>", "Precedence: Bulk", "Precedence:junk"]
        {
            assert!(is_bulk(format!("{header}\r\n\r\n").as_bytes()), "{header}");
        }
        assert!(!is_bulk(b"Precedence: first-class\r\nSubject: List-Id\r\n\r\nList-Id: x\r\n"));
    }

    #[test]
    fn ten_megabytes_of_header_are_bounded() {
        let mut content = "X-Spam-Flag: YES\r\n".repeat(600_000);
        content.push_str("\r\n");
        assert_eq!(upstream_verdict(content.as_bytes(), None).reasons.len(), REASONS.0);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(content in proptest::collection::vec(any::<u8>(), 0..400), text in "(Authentication-Results: m;|[(\"\\\\;=\r\n :]|spf=fail){0,30}") {
            let _ = upstream_verdict(&content, Some("m"));
            let _ = (upstream_verdict(text.as_bytes(), Some("m")), is_bulk(&content));
        }
    }
}
