//! What the week brought, by e-mail (C22): the reports (D11, D12) and the notice of discovered addresses (D15).

use jiff::Timestamp as Moment;
use jiff::tz::TimeZone;
use rollcall_core::access::Role;
use rollcall_core::new_accounts::{Cause, counted, headline};
use rollcall_core::{Timestamp, new_accounts};
use rollcall_store::{NewAccount, NewKind, StoreError, Tx};

use super::page::{self, Part};
use crate::contacts::Reporting;
use crate::ids;
use crate::weekly_report::Made;

/// The most addresses that a part of a letter names.
const NAMED: usize = 200;

/// What the tick found.
pub(crate) struct Week<'a> {
    /// The report, if there is one.
    pub report: Option<&'a Made>,
    /// Discovered addresses that wait for a decision, as shown; whether each ends with the next tick.
    pub waiting: &'a [(String, bool)],
    /// When that is.
    pub next_tick: Timestamp,
    /// Now.
    pub now: Timestamp,
}

/// Writes the week's letters down for the contacts that want a copy. The notice of discovered addresses is the technical
/// contact's alone; the report goes to the administrator's too where the office includes it (D13).
pub(crate) fn plan(tx: &Tx<'_>, reporting: &Reporting, week: &Week<'_>) -> Result<(), StoreError> {
    let zone = TimeZone::system();
    let whole = Week { ..*week };
    let report_only = Week { waiting: &[], ..*week };
    let audiences = [
        (Role::Technician, whole, true),
        (Role::OrganizationAdministrator, report_only, reporting.wanted.administrator),
    ];
    for (audience, week, is_included) in audiences {
        if !is_included || !reporting.contact(audience).copy {
            continue;
        }
        if let Some((subject, parts)) = parts(&week, &zone) {
            let (text, html) = (page::plain(&parts), page::html(&parts));
            tx.add_week_letter(&ids::next(), audience, (&subject, &text, &html), week.now)?;
        }
    }
    Ok(())
}

/// Subject and parts; `None` when there is nothing to say.
fn parts(week: &Week<'_>, zone: &TimeZone) -> Option<(String, Vec<Part>)> {
    let made = |kind| week.report.map_or(0, |report| report.count(kind));
    let waiting = (!week.waiting.is_empty()).then(|| {
        format!("{} for your decision", counted(week.waiting.len() as u64, "address waits", "addresses wait"))
    });
    let created = headline(made(NewKind::User), made(NewKind::Alias));
    let subject = match (&created, &waiting) {
        (None, None) => return None,
        (Some(created), None) => created.clone(),
        (None, Some(waiting)) => waiting.clone(),
        (Some(created), Some(waiting)) => format!("{created}, {waiting}"),
    };
    let mut parts = Vec::new();
    if let Some(report) = week.report {
        let (from, until) = (day(report.about.from, zone), day(report.about.until, zone));
        parts.push(Part::sentence(format!("This is what the week from {from} to {until} brought.")));
        for kind in [NewKind::User, NewKind::Alias] {
            let rows: Vec<&NewAccount> = report.rows.iter().filter(|row| row.kind == kind).collect();
            let (users, aliases) = match kind {
                NewKind::User => (rows.len() as u64, 0),
                NewKind::Alias => (0, rows.len() as u64),
            };
            if let Some(sentence) = new_accounts::headline(users, aliases) {
                parts.push(listed(format!("{sentence}:"), rows.into_iter().map(line)));
            }
        }
    }
    if let Some(waiting) = waiting {
        let ending = week.waiting.iter().filter(|(_, ends)| *ends).count() as u64;
        let ends = match ending {
            0 => "None of them ends next week.".to_owned(),
            _ => format!(
                "{} on {} unless you decide.",
                counted(ending, "stops getting mail", "stop getting mail"),
                day(week.next_tick, zone)
            ),
        };
        let lines = week.waiting.iter().map(|(shown, ends)| match ends {
            true => format!("{shown} (ends next)"),
            false => shown.clone(),
        });
        parts.push(listed(format!("{waiting}. {ends}"), lines));
    }
    parts.push(Part::sentence("Open Rollcall to look at them. Nobody reads answers to this letter."));
    Some((subject, parts))
}

fn listed(sentence: String, lines: impl Iterator<Item = String>) -> Part {
    let mut lines: Vec<String> = lines.collect();
    if lines.len() > NAMED {
        let more = lines.len() - NAMED;
        lines.truncate(NAMED);
        lines.push(format!("and {more} more"));
    }
    Part { sentence, lines }
}

fn line(row: &NewAccount) -> String {
    let why = match row.cause {
        Cause::Operator => "by hand",
        Cause::Threshold => "after enough clean mail",
        Cause::Outbound => "it sent mail from inside",
        Cause::Expiry => "nobody decided in time",
        Cause::SameName => "the same name at another domain",
        Cause::Directory => "from the directory",
    };
    match &row.owner {
        Some(owner) => format!("{}, another name of {owner}: {why}", row.shown),
        None => format!("{}: {why}", row.shown),
    }
}

/// `Thursday, 12 November`.
fn day(at: Timestamp, zone: &TimeZone) -> String {
    let moment = Moment::from_millisecond(at.0).unwrap_or_default();
    moment.to_zoned(zone.clone()).strftime("%A, %-d %B").to_string()
}

#[cfg(test)]
mod tests {
    use rollcall_store::NewReport;

    use super::*;

    const TICK: Timestamp = Timestamp(1_795_078_800_000);
    const WEEK_MS: i64 = 7 * 24 * 3_600_000;

    fn account(kind: NewKind, shown: &str, owner: Option<&str>, cause: Cause) -> NewAccount {
        let (key, who) = (shown.to_lowercase(), "technician".to_owned());
        NewAccount { kind, key, shown: shown.to_owned(), owner: owner.map(str::to_owned), at: TICK, cause, who }
    }

    fn made(rows: Vec<NewAccount>) -> Made {
        let about = NewReport { at: TICK, from: TICK.minus_ms(WEEK_MS), until: TICK, waiting: 0 };
        Made { id: 1, about, rows }
    }

    fn week<'a>(report: Option<&'a Made>, waiting: &'a [(String, bool)]) -> Week<'a> {
        Week { report, waiting, next_tick: TICK.plus_ms(WEEK_MS), now: TICK }
    }

    #[test]
    fn c22_the_letter_lists_who_came_new_and_why_and_who_ends_next() {
        let report = made(vec![
            account(NewKind::User, "Ann@acme.example", None, Cause::Operator),
            account(NewKind::User, "bob@acme.example", None, Cause::Threshold),
            account(NewKind::Alias, "ann@acme.test", Some("ann@acme.example"), Cause::SameName),
        ]);
        let waiting = [("kim@acme.example".to_owned(), true), ("lee@acme.example".to_owned(), false)];

        let (subject, parts) = parts(&week(Some(&report), &waiting), &TimeZone::UTC).expect("something to say");

        assert_eq!(subject, "2 users and 1 alias were created this week, 2 addresses wait for your decision");
        assert_eq!(
            page::plain(&parts),
            "This is what the week from Thursday, 12 November to Thursday, 19 November brought.\n\n\
             2 users were created this week:\n  Ann@acme.example: by hand\n  bob@acme.example: after enough clean mail\n\n\
             1 alias was created this week:\n  ann@acme.test, another name of ann@acme.example: the same name at another \
             domain\n\n\
             2 addresses wait for your decision. 1 stops getting mail on Thursday, 26 November unless you decide.\n  \
             kim@acme.example (ends next)\n  lee@acme.example\n\n\
             Open Rollcall to look at them. Nobody reads answers to this letter.\n"
        );
        let html = page::html(&parts);
        assert!(html.contains("<li>bob@acme.example: after enough clean mail</li>"), "{html}");
    }

    #[test]
    fn c22_a_week_with_nothing_to_say_has_no_letter_and_a_long_list_an_end() {
        assert!(parts(&week(None, &[]), &TimeZone::UTC).is_none());
        let many: Vec<(String, bool)> = (0..250).map(|n| (format!("p{n}@acme.example"), false)).collect();

        let (_, parts) = parts(&week(None, &many), &TimeZone::UTC).expect("something to say");

        assert_eq!(parts[0].lines.len(), NAMED + 1);
        assert_eq!(parts[0].lines.last().map(String::as_str), Some("and 50 more"));
    }
}
