//! Commands about lists of people in files.

use rollcall_engine::House;

use crate::answers::{BackupExported, CsvImported, CsvPreview};
use crate::registry::{ExportBackupArgs, ImportCsvArgs, PreviewCsvArgs};
use crate::wire::{Code, Fault};

/// What importing a file would do.
pub(super) fn preview(_house: &House, _args: PreviewCsvArgs) -> Result<CsvPreview, Fault> {
    Err(coming())
}

/// Imports a file.
pub(super) async fn import(_house: &House, _args: ImportCsvArgs) -> Result<CsvImported, Fault> {
    Err(coming())
}

/// Writes the backup.
pub(super) async fn export_backup(_house: &House, _args: ExportBackupArgs) -> Result<BackupExported, Fault> {
    Err(coming())
}

fn coming() -> Fault {
    Fault::new(Code::Unavailable, "This version can't do that yet.")
}
