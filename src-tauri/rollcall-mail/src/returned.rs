//! Reads a delivery status notification (RFC 3464, RFC 6522): what a mail server says of mail that it sends back.
//!
//! **Invariant.** What cannot be read is absent; a message that is none gives nothing.
//!
//! **Limits.** The beginning of a message is enough, because the returned content is its last part; at most
//! [`MOST_RECIPIENTS`] recipients are read.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

/// The most recipients that are read; a transaction has no more (RFC 5321 section 4.5.3.1.8).
pub const MOST_RECIPIENTS: usize = 100;

/// A delivery status notification.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Returned {
    /// The Message-ID of the returned message, without angle brackets.
    pub original: Option<String>,
    /// What it says of each recipient.
    pub recipients: Vec<ReturnedRecipient>,
}

/// The fields about one recipient, as they were written, without a type in front.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReturnedRecipient {
    /// `Final-Recipient`.
    pub final_recipient: Option<String>,
    /// `Original-Recipient`.
    pub original_recipient: Option<String>,
    /// `Action`.
    pub action: Option<String>,
    /// `Status`.
    pub status: Option<String>,
    /// `Diagnostic-Code`.
    pub diagnostic: Option<String>,
}

/// Reads `content`, or its beginning; `None` when it is no `multipart/report` about a delivery status.
#[must_use]
pub fn returned(content: &[u8]) -> Option<Returned> {
    let message = MessageParser::default().parse(content)?;
    let kind = message.content_type()?;
    let is_report = kind.ctype().eq_ignore_ascii_case("multipart")
        && kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"))
        && kind.attribute("report-type").is_some_and(|of| of.eq_ignore_ascii_case("delivery-status"));
    if !is_report {
        return None;
    }
    let status = message.parts.iter().find(|part| is(part, "message", "delivery-status"))?;
    let recipients = recipients(&String::from_utf8_lossy(status.contents()));
    Some(Returned { original: original(&message), recipients })
}

fn is(part: &MessagePart<'_>, kind: &str, subkind: &str) -> bool {
    part.content_type().is_some_and(|found| {
        found.ctype().eq_ignore_ascii_case(kind)
            && found.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case(subkind))
    })
}

/// The Message-ID of the returned message: whole, or its header section only.
fn original(message: &Message<'_>) -> Option<String> {
    message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(returned) => returned.message_id().map(str::to_owned),
        _ if is(part, "text", "rfc822-headers") => crate::headline(part.contents()).message_id,
        _ => None,
    })
}

/// The groups of fields behind the first one, which is about the message (RFC 3464 section 2.1).
fn recipients(status: &str) -> Vec<ReturnedRecipient> {
    let text = status.replace("\r\n", "\n");
    let groups = text.split("\n\n").map(fields).filter(|fields| !fields.is_empty());
    let about_one = groups.map(|fields| recipient(&fields)).filter(|one| one.action.is_some());
    about_one.take(MOST_RECIPIENTS).collect()
}

/// Name in lower case and unfolded value of each field.
fn fields(group: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in group.lines() {
        match (line.starts_with([' ', '\t']), fields.last_mut(), line.split_once(':')) {
            (true, Some((_, value)), _) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            (false, _, Some((name, value))) => {
                fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
            _ => {}
        }
    }
    fields
}

fn recipient(fields: &[(String, String)]) -> ReturnedRecipient {
    let field = |name: &str| fields.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
    let typed = |name: &str| field(name).map(|value| without_type(value).to_owned());
    ReturnedRecipient {
        final_recipient: typed("final-recipient"),
        original_recipient: typed("original-recipient"),
        action: field("action").map(first_word),
        status: field("status").map(first_word),
        diagnostic: typed("diagnostic-code"),
    }
}

/// `rfc822; ann@acme.example` without its type.
fn without_type(value: &str) -> &str {
    value.split_once(';').map_or(value, |(_, rest)| rest).trim()
}

/// A comment may follow: `5.1.1 (bad destination mailbox address)`.
fn first_word(value: &str) -> String {
    value.split([' ', '\t', '(']).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Postfix writes it.
    fn bounce(returned: &str) -> String {
        format!(
            "From: MAILER-DAEMON@mx.acme.example (Mail Delivery System)\r\n\
             Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"B\"\r\n\r\n\
             --B\r\nContent-Description: Notification\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nSorry.\r\n\r\n\
             --B\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mx.acme.example\r\nX-Postfix-Queue-ID: 4F2\r\n\r\n\
             Final-Recipient: rfc822; nobody@acme.example\r\nOriginal-Recipient: rfc822;nobody@acme.example\r\n\
             Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: X-Postfix; unknown user:\r\n\t\"nobody@acme.example\"\r\n\r\n\
             Final-Recipient: rfc822; ann@acme.example\r\nAction: delayed\r\nStatus: 4.2.2 (over quota)\r\n\r\n\
             --B\r\n{returned}\r\n--B--\r\n"
        )
    }

    const WHOLE: &str =
        "Content-Type: message/rfc822\r\n\r\nSubject: x\r\nMessage-ID: <m1@outside.example>\r\n\r\nbody";

    #[test]
    fn rfc_3464_each_recipient_of_a_report_is_read_with_its_fields() {
        let found = returned(bounce(WHOLE).as_bytes()).expect("a report");

        assert_eq!(found.original.as_deref(), Some("m1@outside.example"));
        let [nobody, ann] = found.recipients.as_slice() else { panic!("{found:?}") };
        assert_eq!(nobody.final_recipient.as_deref(), Some("nobody@acme.example"));
        assert_eq!(nobody.original_recipient.as_deref(), Some("nobody@acme.example"));
        assert_eq!((nobody.action.as_deref(), nobody.status.as_deref()), (Some("failed"), Some("5.1.1")));
        assert_eq!(nobody.diagnostic.as_deref(), Some("unknown user: \"nobody@acme.example\""));
        assert_eq!((ann.action.as_deref(), ann.status.as_deref()), (Some("delayed"), Some("4.2.2")));
    }

    #[test]
    fn rfc_6522_the_original_is_known_from_its_header_section_too_and_in_half_a_message() {
        let headers = "Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <m1@outside.example>\r\nSubject: x\r\n";
        let whole = bounce(WHOLE);
        let half = &whole[..whole.find("dy\r\n--B--").expect("the body")];

        for text in [&bounce(headers), half] {
            let found = returned(text.as_bytes()).expect("a report");
            assert_eq!(found.original.as_deref(), Some("m1@outside.example"), "{text}");
        }
        assert_eq!(returned(bounce("").as_bytes()).expect("a report").original, None);
    }

    #[test]
    fn what_is_no_report_gives_nothing() {
        let read = bounce(WHOLE).replace("report-type=delivery-status", "report-type=disposition-notification");
        let mixed = bounce(WHOLE).replace("multipart/report", "multipart/mixed");
        for text in [read.as_str(), &mixed, "Subject: x\r\n\r\nFinal-Recipient: rfc822; a@b\r\n", "", "\u{0}\r\n\r\n"] {
            assert_eq!(returned(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn more_recipients_than_a_transaction_has_are_not_read() {
        let one = "Final-Recipient: rfc822; a@acme.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n";
        let text = bounce(WHOLE).replacen("Final-Recipient", &format!("{}Final-Recipient", one.repeat(500)), 1);

        assert_eq!(returned(text.as_bytes()).expect("a report").recipients.len(), MOST_RECIPIENTS);
    }
}
