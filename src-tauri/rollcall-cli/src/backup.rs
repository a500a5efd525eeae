//! `backup`: one file for another computer.

use std::fs;
use std::io;
use std::path::Path;

use rollcall_api::answers::BackupExported;
use rollcall_api::{Code, Fault};
use serde_json::json;

use crate::args::{BackupTask, Passphrase};
use crate::out::{self, Ended};
use crate::password;

/// Writes a backup of a running relay, or brings one back where none runs.
pub async fn run(data: &Path, task: BackupTask) -> Result<(), Ended> {
    match task {
        BackupTask::Export { file, passphrase } => export(data, &file, &passphrase).await,
        BackupTask::Import { file, passphrase } => {
            let passphrase = wanted(&passphrase)?;
            rollcall_api::restore_backup(data, &file, &file.display().to_string(), passphrase.as_deref())?;
            out::answer(&json!({ "data": data.display().to_string() }))
        }
    }
}

async fn export(data: &Path, file: &Path, passphrase: &Passphrase) -> Result<(), Ended> {
    if file.exists() {
        let message = format!("{} is there already, so nothing was written.", file.display());
        return Err(Fault { code: Code::Conflict, message, detail: Vec::new() }.into());
    }
    let args = match wanted(passphrase)? {
        Some(passphrase) => json!({ "passphrase": passphrase }),
        None => json!({}),
    };
    let door = rollcall_api::attach(data).await?;
    let answer = door.command("export_backup", args).await?;
    let exported: BackupExported = serde_json::from_value(answer).map_err(|error| unwritable(file, &error.into()))?;
    moved(Path::new(&exported.path), file).map_err(|error| unwritable(file, &error))?;
    out::answer(
        &json!({ "path": file.display().to_string(), "bytes": exported.bytes, "sealed": exported.sealed, "sentence": exported.sentence }),
    )
}

/// To another place, perhaps on another disk.
fn moved(from: &Path, to: &Path) -> io::Result<()> {
    if fs::rename(from, to).is_ok() {
        return Ok(());
    }
    fs::copy(from, to)?;
    fs::remove_file(from)
}

fn wanted(passphrase: &Passphrase) -> Result<Option<String>, Fault> {
    match &passphrase.passphrase_file {
        Some(file) => password::from(Some(file), "").map(Some),
        None if passphrase.ask_passphrase => password::from(None, "Passphrase of the backup: ").map(Some),
        None => Ok(None),
    }
}

fn unwritable(file: &Path, error: &io::Error) -> Fault {
    Fault {
        code: Code::Internal,
        message: format!("The backup could not be written to {}.", file.display()),
        detail: vec![error.to_string()],
    }
}
