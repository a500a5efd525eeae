use super::*;
use crate::practice::samples::{log_row, picture};

#[test]
fn a_line_says_when_who_wrote_to_whom_and_what_the_server_said() {
    let row = log_row(7, "orders@contoso.example", "ann.lee@fabrikam.example");

    assert_eq!(
        log_line(&row, &TimeZone::UTC),
        "2026-11-12 08:00:00  orders@contoso.example -> ann.lee@fabrikam.example: delivered (250 2.0.0 Delivered as M1)"
    );
}

#[test]
fn the_summary_names_everybody_who_was_discovered_or_watched() {
    let mailboxes = [MailboxCount {
        address: "info@fabrikam.example".to_owned(),
        received: 4,
        subjects: vec!["Opening hours".to_owned()],
    }];

    let text = sum_up(&picture(), &mailboxes);

    assert_eq!(
        text,
        "Practice office, Thu 12 Nov 2026, 08:00\n\
         Last 24 hours: 41 delivered, 9 refused\n\
         Discovered: 2\n\
         \x20 info@fabrikam.example            4 clean messages from 3 firms\n\
         \x20 jordan.larch@fabrikam.example    3 clean messages from 3 firms\n\
         Watching: 1\n\
         \x20 lee.elm@fabrikam.example         1 clean message from one firm\n\
         Users: 0, functional accounts: 0\n\
         Taken by the office's mail server:\n\
         \x20 info@fabrikam.example               4  last: Opening hours"
    );
}
