//! One message on its way to the relay, and what is known of it beforehand.

use jiff::Zoned;
use jiff::fmt::rfc2822;

/// Where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The filter in front, which says of each message whether it is spam.
    Filter,
    /// Straight from a computer that nobody knows.
    Direct,
    /// The office's own mail server: to the world.
    Office,
}

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// A person wrote it.
    Person,
    /// A person wrote it to very many at once.
    Crowd,
    /// A shop wrote about an order, without any mark of a list.
    Shop,
    /// A list, marked as one.
    Bulk,
    /// A program, marked as one.
    Machine,
    /// A report on something that could not be delivered elsewhere.
    Returned,
    /// Spam; the filter knew it or not.
    Spam {
        /// The filter knew it.
        known: bool,
    },
    /// A recipient that is only asked for.
    Guess,
    /// A false report that says an address of the office is gone.
    Forged,
    /// The office writes.
    Outbound,
    /// The office's mail server reports that it could not deliver.
    Bounce,
}

/// A message and its envelope.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The hour it is written in.
    pub hour: u32,
    /// Where it comes from.
    pub way: Way,
    /// What it is.
    pub nature: Nature,
    /// The reverse-path; empty for the null one.
    pub sender: String,
    /// Recipients.
    pub to: Vec<String>,
    /// Message-ID without brackets.
    pub id: String,
    /// Subject.
    pub subject: String,
    /// The Message-ID that it answers.
    pub answers: Option<String>,
    /// A whole content instead of one made from the above.
    pub report: Option<String>,
}

impl Letter {
    /// Mail that the office wants, whoever it is for.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        use Nature::{Bulk, Crowd, Machine, Person, Returned, Shop};
        matches!(self.nature, Person | Crowd | Shop | Bulk | Machine | Returned)
    }

    /// Whether it counts by 3.3, as far as the letter itself goes.
    #[must_use]
    pub const fn counts(&self) -> bool {
        matches!(self.nature, Nature::Person | Nature::Shop) && self.to.len() <= 20
    }

    /// Header section and body as they go over the wire; `None` for a recipient that is only asked for.
    #[must_use]
    pub fn content(&self, date: &Zoned) -> Option<Vec<u8>> {
        if self.nature == Nature::Guess {
            return None;
        }
        if let Some(report) = &self.report {
            return Some(report.clone().into_bytes());
        }
        let mut lines = vec![
            format!("Date: {}", rfc2822::to_string(date).expect("a date after 1970 can be written")),
            format!(
                "From: <{}>",
                if self.sender.is_empty() { "mailer-daemon@elsewhere.example" } else { &self.sender }
            ),
            format!("To: <{}>", self.to.first().map(String::as_str).unwrap_or_default()),
            format!("Subject: {}", self.subject),
            format!("Message-ID: <{}>", self.id),
        ];
        lines.extend(self.answers.iter().map(|id| format!("In-Reply-To: <{id}>\r\nReferences: <{id}>")));
        lines.extend(self.marks().iter().map(|mark| (*mark).to_owned()));
        lines.push(
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nHello,\r\n\r\nas discussed.\r\n"
                .to_owned(),
        );
        Some(lines.join("\r\n").into_bytes())
    }

    fn marks(&self) -> &'static [&'static str] {
        match (self.way, self.nature) {
            (Way::Filter, Nature::Spam { known: true }) => &["X-Spam-Flag: YES"],
            (Way::Filter, Nature::Bulk) => &[
                "X-Spam-Flag: NO",
                "List-Id: <news.shops.example>",
                "List-Unsubscribe: <https://shops.example/leave>",
                "Precedence: bulk",
            ],
            (Way::Filter, Nature::Machine) => &["X-Spam-Flag: NO", "Auto-Submitted: auto-generated"],
            (Way::Filter, _) => &["X-Spam-Flag: NO"],
            (Way::Direct | Way::Office, _) => &[],
        }
    }
}

/// A report of `server` that `recipient` does not exist (RFC 3464), about the message `original`.
#[must_use]
pub fn report(server: &str, to: &str, recipient: &str, original: &str, status: &str) -> String {
    [
        &format!("From: MAILER-DAEMON@{server}"),
        &format!("To: <{to}>"),
        "Subject: Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        &format!("Message-ID: <bounce.{original}>"),
        "MIME-Version: 1.0",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"=report\"",
        "",
        "--=report",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        &format!("<{recipient}>: unknown user"),
        "--=report",
        "Content-Type: message/delivery-status",
        "",
        &format!("Reporting-MTA: dns; {server}"),
        "",
        &format!("Final-Recipient: rfc822; {recipient}"),
        "Action: failed",
        &format!("Status: {status}"),
        &format!("Diagnostic-Code: smtp; 550 {status} <{recipient}>: User unknown"),
        "",
        "--=report",
        "Content-Type: message/rfc822",
        "",
        &format!("Message-ID: <{original}>"),
        "Subject: returned",
        "",
        "--=report--",
        "",
    ]
    .join("\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(nature: Nature, to: usize) -> Letter {
        let to = (0..to).map(|n| format!("p{n}@northfield.example")).collect();
        let (sender, id, subject) = ("kim@elm.example".to_owned(), "1@elm.example".to_owned(), "Hello".to_owned());
        Letter { hour: 0, way: Way::Filter, nature, sender, to, id, subject, answers: None, report: None }
    }

    #[test]
    fn only_what_people_and_shops_write_counts_and_not_to_crowds() {
        assert!(letter(Nature::Person, 1).counts() && letter(Nature::Shop, 20).counts());
        assert!(!letter(Nature::Person, 21).counts());
        for nature in [Nature::Bulk, Nature::Machine, Nature::Spam { known: false }, Nature::Returned, Nature::Forged] {
            assert!(!letter(nature, 1).counts(), "{nature:?}");
        }
    }

    #[test]
    fn the_filter_marks_what_it_knows_and_a_list_marks_itself() {
        let now = jiff::Timestamp::from_second(1_800_000_000).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
        let text = |nature| String::from_utf8(letter(nature, 1).content(&now).unwrap_or_default()).unwrap();

        assert!(text(Nature::Spam { known: true }).contains("\r\nX-Spam-Flag: YES\r\n"));
        assert!(text(Nature::Spam { known: false }).contains("\r\nX-Spam-Flag: NO\r\n"));
        assert!(text(Nature::Bulk).contains("\r\nList-Unsubscribe: "));
        assert!(text(Nature::Machine).contains("\r\nAuto-Submitted: auto-generated\r\n"));
        assert_eq!(text(Nature::Guess), "");
    }
}
