//! Writes a delivery status notification (RFC 3464): what a sender gets whose mail could not be delivered, or went to a
//! server that reports nothing further.
//!
//! **Invariant.** What a peer said is in it only as one printable line in ASCII, so that no reply can add a field.

use mail_builder::MessageBuilder;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::MimePart;

/// What became of a recipient (RFC 3464 section 2.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It was given up.
    Failed,
    /// It was handed to a server that reports nothing further.
    Relayed,
}

/// A recipient that is reported about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What became of it.
    pub action: Action,
    /// The address.
    pub address: String,
    /// `ORCPT=` as the sender gave it (RFC 3461 section 4.2).
    pub orcpt: Option<String>,
    /// The enhanced status code, such as `5.1.1`.
    pub status: String,
    /// The reply of the last mail server, where the sender may see it.
    pub diagnostic: Option<String>,
}

/// What is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report<'a> {
    /// The name of this relay.
    pub by: &'a str,
    /// The report's own id.
    pub id: &'a str,
    /// To whom: the reverse-path of that mail.
    pub to: &'a str,
    /// Now, in seconds since 1970 UTC.
    pub at: i64,
    /// When that mail arrived, as RFC 5322 writes a date.
    pub arrived: &'a str,
    /// `ENVID=` as the sender gave it (RFC 3461 section 4.4).
    pub envid: Option<&'a str>,
    /// Whom it is about.
    pub about: &'a [Entry],
    /// The mail that is reported about.
    pub content: &'a [u8],
    /// The whole of it goes back (RET=FULL), not only its header section.
    pub whole: bool,
}

/// The subject of a report about these.
#[must_use]
pub fn subject(about: &[Entry]) -> &'static str {
    if about.iter().any(|one| one.action == Action::Failed) {
        "Mail could not be delivered"
    } else {
        "Mail was handed on"
    }
}

/// The report as a message, ready to be sent.
#[must_use]
pub fn report(report: &Report<'_>) -> Vec<u8> {
    let (kind, returned) = if report.whole {
        ("message/rfc822", report.content)
    } else {
        ("text/rfc822-headers", crate::header_section(report.content))
    };
    let encoding = |bytes: &[u8]| if bytes.is_ascii() { "7bit" } else { "8bit" };
    let status = status(report);
    let parts = vec![
        MimePart::new("text/plain", sentence(report)),
        MimePart::new("message/delivery-status", status.as_bytes()).transfer_encoding("7bit"),
        MimePart::new(kind, returned).transfer_encoding(encoding(returned)),
    ];
    let kind = ContentType::new("multipart/report").attribute("report-type", "delivery-status");
    let mut bytes = Vec::new();
    MessageBuilder::new()
        .header("From", Raw::new(format!("Mail delivery <MAILER-DAEMON@{}>", report.by)))
        .header("To", Raw::new(format!("<{}>", line(report.to))))
        .subject(subject(report.about))
        .date(report.at)
        .message_id(format!("{}@{}", report.id, report.by))
        .header("Auto-Submitted", Raw::new("auto-replied"))
        .body(MimePart::new(kind, parts))
        .serialize(&mut bytes);
    bytes
}

fn sentence(report: &Report<'_>) -> String {
    let failed = told(report, Action::Failed, "Your message could not be delivered to:");
    let relayed =
        told(report, Action::Relayed, "Your message was handed to a server that reports nothing further, for:");
    let again = if failed.is_empty() { "" } else { "It will not be tried again. " };
    format!("{failed}{relayed}{again}The technical report and your message's header follow.\r\n")
}

/// Those of whom `action` holds, below a `title`; nothing if there are none.
fn told(report: &Report<'_>, action: Action, title: &str) -> String {
    let mut text = String::new();
    for one in report.about.iter().filter(|one| one.action == action) {
        text.push_str(&format!("  {}\r\n", line(&one.address)));
        if let Some(said) = &one.diagnostic {
            text.push_str(&format!("    {}\r\n", line(said)));
        }
    }
    if text.is_empty() { text } else { format!("{title}\r\n\r\n{text}\r\n") }
}

fn status(report: &Report<'_>) -> String {
    let mut text = format!("Reporting-MTA: dns; {}\r\n", line(report.by));
    if let Some(envid) = report.envid {
        text.push_str(&format!("Original-Envelope-Id: {}\r\n", line(envid)));
    }
    text.push_str(&format!("Arrival-Date: {}\r\n", line(report.arrived)));
    for one in report.about {
        text.push_str("\r\n");
        if let Some(orcpt) = &one.orcpt {
            text.push_str(&format!("Original-Recipient: {}\r\n", line(orcpt)));
        }
        text.push_str(&format!("Final-Recipient: rfc822; {}\r\n", line(&one.address)));
        let action = match one.action {
            Action::Failed => "failed",
            Action::Relayed => "relayed",
        };
        text.push_str(&format!("Action: {action}\r\nStatus: {}\r\n", line(&one.status)));
        if let Some(said) = &one.diagnostic {
            text.push_str(&format!("Diagnostic-Code: smtp; {}\r\n", line(said)));
        }
    }
    text
}

/// One line in printable ASCII, at most 900 octets; anything else becomes `?`.
fn line(text: &str) -> String {
    text.chars().take(900).map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mail_parser::{MessageParser, MimeHeaders};

    const CONTENT: &[u8] = b"Subject: Minutes\r\nFrom: <ann@acme.example>\r\n\r\nHello\r\n";

    fn failed(diagnostic: Option<&str>) -> Entry {
        Entry {
            action: Action::Failed,
            address: "kim@fabrikam.example".to_owned(),
            orcpt: Some("rfc822;kim+40fabrikam.example".to_owned()),
            status: "5.1.1".to_owned(),
            diagnostic: diagnostic.map(str::to_owned),
        }
    }

    fn written(about: &[Entry], whole: bool) -> String {
        let report = Report {
            by: "relay.acme.example",
            id: "0K3ZQ7M4XT90",
            to: "ann@acme.example",
            at: 1_790_000_000,
            arrived: "Mon, 21 Sep 2026 10:00:00 +0000",
            envid: Some("QQ314159"),
            about,
            content: CONTENT,
            whole,
        };
        String::from_utf8(super::report(&report)).expect("ASCII")
    }

    #[test]
    fn a_report_has_its_three_parts_and_every_field_of_rfc_3464() {
        let text = written(&[failed(Some("550 5.1.1 No such user"))], false);

        let message = MessageParser::default().parse(text.as_bytes()).expect("a message");
        let kind = message.content_type().expect("a type");
        assert_eq!((kind.ctype(), kind.subtype()), ("multipart", Some("report")));
        assert_eq!(kind.attribute("report-type"), Some("delivery-status"));
        for field in [
            "Auto-Submitted: auto-replied\r\n",
            "To: <ann@acme.example>\r\n",
            "Reporting-MTA: dns; relay.acme.example\r\n",
            "Original-Envelope-Id: QQ314159\r\n",
            "Original-Recipient: rfc822;kim+40fabrikam.example\r\n",
            "Final-Recipient: rfc822; kim@fabrikam.example\r\n",
            "Action: failed\r\n",
            "Status: 5.1.1\r\n",
            "Diagnostic-Code: smtp; 550 5.1.1 No such user\r\n",
        ] {
            assert!(text.contains(field), "{field}{text}");
        }
        assert!(text.contains("Subject: Minutes") && !text.contains("Hello"), "headers only: {text}");
        assert!(written(&[failed(None)], true).contains("Hello"));
    }

    #[test]
    fn rfc3464_2_3_3_what_was_handed_on_is_no_failure_and_both_may_stand_in_one_report() {
        let relayed = Entry { action: Action::Relayed, status: "2.1.9".to_owned(), ..failed(Some("250 2.0.0 Ok")) };

        let alone = written(std::slice::from_ref(&relayed), false);
        assert!(alone.contains("Action: relayed\r\nStatus: 2.1.9\r\n"), "{alone}");
        assert!(alone.contains("Subject: Mail was handed on\r\n"), "{alone}");
        assert!(!alone.contains("could not") && !alone.contains("tried again"), "{alone}");

        let both = written(&[failed(None), relayed], false);
        assert_eq!(both.matches("\r\nAction: ").count(), 2, "{both}");
        assert!(both.contains("Subject: Mail could not be delivered\r\n") && both.contains("handed to"), "{both}");
    }

    #[test]
    fn what_a_server_said_cannot_add_a_field_or_a_line() {
        let text = written(&[failed(Some("550 No\r\nStatus: 2.0.0\r\n\r\nBcc: x\u{202e}"))], false);

        assert_eq!(text.matches("\r\nStatus:").count(), 1, "{text}");
        assert!(!text.contains("\r\nBcc:"), "{text}");
    }
}
