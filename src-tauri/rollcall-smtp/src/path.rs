//! The reverse-path of MAIL and the forward-path of RCPT (RFC 5321 sections 4.1.2 and 4.1.3).
//!
//! **Invariant.** A mailbox that is read has no control character, no bracket outside quotes and no second reading:
//! written between angle brackets it is the same mailbox for the next hop.
//!
//! **Limits.** Syntax only: whether a domain exists, and comparing without case, is decided elsewhere. Two habits of
//! real mail are taken although the RFC does not have them: `_` in domain names, and white space around a path.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Takes `<…>` off the front of `text`: what is inside the brackets, and what follows them.
pub(crate) fn split(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('<')?;
    let (mut quoted, mut escaped) = (false, false);
    for (at, octet) in inside.bytes().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some((&inside[..at], &inside[at + 1..])),
            _ => {}
        }
    }
    None
}

/// Reads a mailbox, with or without a source route, which is dropped (RFC 5321 appendix C). Quotes that a local part
/// does not need are dropped too, so that one mailbox has one spelling.
pub(crate) fn mailbox(text: &str) -> Option<String> {
    let text = without_source_route(text)?;
    let (local, domain) = match text.strip_prefix('"') {
        Some(rest) => {
            let (content, rest) = quoted_content(rest)?;
            (spelling(&content), rest.strip_prefix('@')?)
        }
        None => {
            let (local, domain) = text.split_once('@')?;
            (is_dot_string(local).then(|| local.to_owned())?, domain)
        }
    };
    let fits = local.len() <= MAX_LOCAL_PART && domain.len() <= MAX_DOMAIN;
    let mailbox = format!("{local}@{domain}");
    (fits && mailbox.len() <= MAX_MAILBOX && (is_domain(domain) || is_address_literal(domain))).then_some(mailbox)
}

/// Octets in a local part (RFC 5321 section 4.5.3.1.1).
const MAX_LOCAL_PART: usize = 64;
/// Octets in a domain (section 4.5.3.1.2).
const MAX_DOMAIN: usize = 255;
/// Octets in a mailbox: a path of 256 (section 4.5.3.1.3) without its angle brackets.
const MAX_MAILBOX: usize = 254;

/// Drops `@a,@b:` from the front.
fn without_source_route(text: &str) -> Option<&str> {
    if !text.starts_with('@') {
        return Some(text);
    }
    let (route, mailbox) = text.split_once(':')?;
    route.split(',').all(|hop| hop.strip_prefix('@').is_some_and(is_domain)).then_some(mailbox)
}

/// The content of a quoted string whose first quote is already taken, and what follows the last.
fn quoted_content(text: &str) -> Option<(String, &str)> {
    let mut content = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        content.push(match character {
            '"' => return Some((content, &text[at + 1..])),
            '\\' => characters.next().map(|(_, escaped)| escaped).filter(|c| (' '..='~').contains(c))?,
            c if c.is_control() => return None,
            c => c,
        });
    }
    None
}

/// A local part as it is written: in quotes only if it needs them.
fn spelling(content: &str) -> String {
    if is_dot_string(content) {
        return content.to_owned();
    }
    let mut written = String::from('"');
    for character in content.chars() {
        if matches!(character, '"' | '\\') {
            written.push('\\');
        }
        written.push(character);
    }
    written.push('"');
    written
}

fn is_dot_string(text: &str) -> bool {
    let is_atext = |c: char| match c {
        '\0'..='\x7f' => c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c),
        // RFC 6531 section 3.3.
        _ => !c.is_control(),
    };
    text.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
}

/// True for a domain name; a single label such as `localhost` is one.
fn is_domain(text: &str) -> bool {
    let is_let_dig = |c: char| c.is_ascii_alphanumeric() || c == '_' || (!c.is_ascii() && !c.is_control());
    text.len() <= MAX_DOMAIN
        && text.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.starts_with(is_let_dig)
                && label.ends_with(is_let_dig)
                && label.chars().all(|c| is_let_dig(c) || c == '-')
        })
}

/// True for `[192.0.2.1]` and `[IPv6:2001:db8::1]`; no other kind of literal is registered.
pub(crate) fn is_address_literal(text: &str) -> bool {
    let Some(address) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
        return false;
    };
    match address.split_at_checked(5) {
        Some((tag, address)) if tag.eq_ignore_ascii_case("IPv6:") => address.parse::<Ipv6Addr>().is_ok(),
        _ => address.parse::<Ipv4Addr>().is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_path_ends_at_the_bracket_outside_quotes() {
        assert_eq!(split("<a@b.c> SIZE=1"), Some(("a@b.c", " SIZE=1")));
        assert_eq!(split("<>"), Some(("", "")));
        assert_eq!(split(r#"<"a>b\">c"@d.e>x"#), Some((r#""a>b\">c"@d.e"#, "x")));
        for text in ["a@b.c", "<a@b.c", "", r#"<"a>@b.c"#, " <a@b.c>"] {
            assert_eq!(split(text), None, "{text}");
        }
    }

    #[test]
    fn a_mailbox_keeps_its_spelling() {
        for text in [
            "ann@acme.example",
            "Ann.Lee+x@ACME.example",
            "o'connor@acme.example",
            "a@b",
            "a@b_c.example",
            "a@[127.0.0.1]",
            "a@[IPv6:2001:db8::1]",
            r#""a b"@acme.example"#,
            r#""a\"\\b"@acme.example"#,
            r#""a@b"@acme.example"#,
            r#""a..b"@acme.example"#,
            r#"""@acme.example"#,
            "j\u{f6}rg@b\u{fc}cher.example",
        ] {
            assert_eq!(mailbox(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn quotes_that_are_not_needed_and_source_routes_are_dropped() {
        assert_eq!(mailbox(r#""ann.lee"@acme.example"#).as_deref(), Some("ann.lee@acme.example"));
        assert_eq!(mailbox(r#""a\nn"@acme.example"#).as_deref(), Some("ann@acme.example"));
        assert_eq!(mailbox("@one.example,@two.example:c@d.example").as_deref(), Some("c@d.example"));
    }

    #[test]
    fn what_is_not_a_mailbox_is_refused() {
        for text in [
            "",
            "ann",
            "@acme.example",
            "ann@",
            "ann@@acme.example",
            "a@b@c.example",
            ".ann@acme.example",
            "ann.@acme.example",
            "a..b@acme.example",
            "a b@acme.example",
            "a<b@acme.example",
            "a\rb@acme.example",
            "a\0@acme.example",
            "ann@acme.example.",
            "ann@acme..example",
            "ann@-acme.example",
            "ann@acme-.example",
            "ann@ac me.example",
            "ann@[127.0.0.256]",
            "ann@[127.0.0.1",
            "ann@[IPv6:127.0.0.1]",
            "ann@[x400:foo]",
            "ann@[IPv6\u{e9}]",
            r#""ann@acme.example"#,
            r#""a"b@acme.example"#,
            r#""a"acme.example"#,
            "\"a\tb\"@acme.example",
            "\"a\\\u{1}\"@acme.example",
            "@one.example:",
            "@one.example,two.example:a@b.c",
            "@:a@b.c",
            "@one.example",
        ] {
            assert_eq!(mailbox(text), None, "{text}");
        }
    }

    #[test]
    fn lengths_are_those_of_the_rfc() {
        let local = |octets: usize| format!("{}@b.c", "x".repeat(octets));
        let total = |octets: usize| format!("a@{}{}", "xxx.".repeat(62), "x".repeat(octets - 250));

        assert!(mailbox(&local(64)).is_some());
        assert!(mailbox(&local(65)).is_none());
        assert!(mailbox(&total(254)).is_some());
        assert!(mailbox(&total(255)).is_none());
        assert!(mailbox(&format!("a@{}.c", "x".repeat(63))).is_some());
        assert!(mailbox(&format!("a@{}.c", "x".repeat(64))).is_none());
    }

    proptest! {
        #[test]
        fn a_mailbox_that_was_read_reads_the_same_again(text in r#"["a.@ \\<>\[\]é:,-]{0,12}(@b\.c)?"#) {
            if let Some(once) = mailbox(&text) {
                prop_assert_eq!(mailbox(&once), Some(once.clone()));
                let path = format!("<{once}>");
                prop_assert_eq!(split(&path), Some((once.as_str(), "")));
            }
        }
    }
}
