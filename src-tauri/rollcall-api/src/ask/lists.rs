//! Queries about lists of people for files.

use rollcall_core::roster::Delimiter;
use rollcall_engine::House;
use rollcall_engine::csv_export::For;

use super::state_text;
use crate::answers::{PeopleExport, PeopleReport, StateWord};
use crate::registry::{CsvDelimiter, ExportLayout, ExportPeopleArgs, PeopleReportArgs};
use crate::wire::Fault;

/// The list as a file.
pub(super) fn export_people(house: &House, args: &ExportPeopleArgs) -> Result<PeopleExport, Fault> {
    let reader = match args.layout.unwrap_or_default() {
        ExportLayout::Own => For::Rollcall,
        ExportLayout::Proofpoint => For::Proofpoint,
        ExportLayout::Mailprotector => For::Mailprotector,
        ExportLayout::MailAssure => For::MailAssure,
    };
    let delimiter = match args.delimiter {
        None | Some(CsvDelimiter::Comma) => Delimiter::Comma,
        Some(CsvDelimiter::Semicolon) => Delimiter::Semicolon,
        Some(CsvDelimiter::Tab) => Delimiter::Tab,
        Some(CsvDelimiter::Pipe) => Delimiter::Pipe,
    };
    let written = house.export_people(reader, &states(args.states.as_deref()), delimiter)?;
    Ok(PeopleExport { text: written.text, rows: written.rows, file_name: written.file_name })
}

/// The list as a page to print.
pub(super) fn people_report(house: &House, args: &PeopleReportArgs) -> Result<PeopleReport, Fault> {
    let written = house.people_report(&states(args.states.as_deref()))?;
    Ok(PeopleReport { html: written.text, rows: written.rows, file_name: written.file_name })
}

/// Accounts unless others are asked for.
fn states(wanted: Option<&[StateWord]>) -> Vec<&'static str> {
    const ACCOUNTS: [StateWord; 3] = [StateWord::User, StateWord::Functional, StateWord::Alias];
    wanted.unwrap_or(&ACCOUNTS).iter().copied().map(state_text).collect()
}
