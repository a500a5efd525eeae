//! Queries about lists of people for files.

use rollcall_engine::House;

use crate::answers::{PeopleExport, PeopleReport};
use crate::registry::{ExportPeopleArgs, PeopleReportArgs};
use crate::wire::{Code, Fault};

/// The list as a file.
pub(super) fn export_people(_house: &House, _args: &ExportPeopleArgs) -> Result<PeopleExport, Fault> {
    Err(coming())
}

/// The list as a page to print.
pub(super) fn people_report(_house: &House, _args: &PeopleReportArgs) -> Result<PeopleReport, Fault> {
    Err(coming())
}

fn coming() -> Fault {
    Fault::new(Code::Unavailable, "This version can't do that yet.")
}
