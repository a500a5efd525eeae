//! The weekly report, its contacts, and letters of our own.

use rollcall_core::new_accounts::Cause;
use rollcall_engine::House;
use rollcall_engine::contacts::Contact;
use rollcall_engine::store::{NewAccount, NewKind, ReportRecord};
use rollcall_engine::weekly_report::still_stands;

use super::{rows, state_word};
use crate::answers::{
    CauseWord, ContactRow, LetterTrouble, NewAccountRow, ReportRow, Reporting, Reports, WeeklyReport,
};
use crate::registry::ReportsArgs;
use crate::wire::Fault;

pub(super) fn reports(house: &House, args: &ReportsArgs) -> Result<Reports, Fault> {
    let limit = rows(args.limit);
    let mut found = house.reports(limit + 1, args.cursor)?;
    let is_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| is_more).map(|report| report.id);
    Ok(Reports { rows: found.into_iter().map(report_row).collect(), next })
}

pub(super) fn report(house: &House, id: i64) -> Result<WeeklyReport, Fault> {
    let found = house.report(id)?;
    let of = |kind| {
        let rows = found.rows.iter().filter(|(row, _)| row.kind == kind);
        rows.map(|(row, now)| NewAccountRow {
            state: now.map(state_word),
            stands: still_stands(kind, *now),
            ..account_row(row)
        })
        .collect()
    };
    Ok(WeeklyReport { report: report_row(found.record), users: of(NewKind::User), aliases: of(NewKind::Alias) })
}

pub(crate) fn reporting(house: &House) -> Result<Reporting, Fault> {
    let (setup, reporting, trouble) = (house.setup(), house.reporting()?, house.letter_trouble()?);
    let welcoming = setup.domains.values().filter(|domain| domain.rule.welcome).map(|domain| domain.name.clone());
    Ok(Reporting {
        new_users: reporting.wanted.users,
        new_aliases: reporting.wanted.aliases,
        include_admin_contact: reporting.wanted.administrator,
        technical_contact: contact_row(&reporting.technical),
        admin_contact: contact_row(&reporting.administrator),
        letter_sender_now: reporting.sender_of(&setup),
        letter_sender: reporting.sender.unwrap_or_default(),
        welcome_subject: reporting.welcome_subject,
        welcome_text: reporting.welcome_text,
        welcoming: welcoming.collect(),
        trouble: trouble.map(|(at, sentence)| LetterTrouble { at_ms: at.0, sentence }),
    })
}

fn contact_row(contact: &Contact) -> ContactRow {
    ContactRow { name: contact.name.clone(), email: contact.email.clone(), copy: contact.copy }
}

fn report_row(report: ReportRecord) -> ReportRow {
    ReportRow {
        id: report.id,
        at_ms: report.about.at.0,
        from_ms: report.about.from.0,
        until_ms: report.about.until.0,
        users: report.users,
        aliases: report.aliases,
        waiting: report.about.waiting,
    }
}

fn account_row(row: &NewAccount) -> NewAccountRow {
    NewAccountRow {
        address: row.shown.clone(),
        owner: row.owner.clone(),
        at_ms: row.at.0,
        cause: match row.cause {
            Cause::Operator => CauseWord::Operator,
            Cause::Threshold => CauseWord::Threshold,
            Cause::Outbound => CauseWord::Outbound,
            Cause::Expiry => CauseWord::Expiry,
            Cause::SameName => CauseWord::SameName,
            Cause::Directory => CauseWord::Directory,
        },
        who: row.who.clone(),
        state: None,
        stands: false,
    }
}
