//! The mail log, lists of people and backups as files in the person's folder for downloads: a web view may not write files,
//! and a log does not fit through it.
//!
//! **Invariant.** A file that is there is never written over, and one that could not be finished is removed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rollcall_api::answers::{BackupExported, MailLogExport, PeopleExport, PeopleReport};
use rollcall_api::{Code, Door, Fault};
use serde::Serialize;
use serde_json::{Value, json};
use tauri::plugin::{Builder, TauriPlugin};
use tauri::{AppHandle, Manager, State, Wry};

use crate::houses::Houses;

/// What the mail log is called; the second one `rollcall-mail-log (2).csv`.
const NAME: &str = "rollcall-mail-log.csv";
/// So many files of that name are enough.
const MOST: u32 = 1000;

/// The plugin through which the window writes files.
pub fn files() -> TauriPlugin<Wry> {
    let commands = tauri::generate_handler![save_mail_log, save_people, save_people_report, save_backup];
    Builder::new("files").invoke_handler(commands).build()
}

/// A file that was written.
#[derive(Debug, Serialize)]
struct Saved {
    /// Where it is, for people to read.
    path: String,
    /// Rows in it.
    rows: u64,
}

/// Writes every page of `export_mail_log` with the arguments `wanted` to a new file.
#[tauri::command]
async fn save_mail_log(app: AppHandle, houses: State<'_, Houses>, wanted: Value) -> Result<Saved, Fault> {
    let door = houses.current().door?;
    let folder = downloads(&app)?;
    let (path, file) = new_file(&folder, NAME).map_err(|error| unwritable(&folder, &error))?;
    match write_pages(&door, wanted, file).await {
        Ok(rows) => Ok(Saved { path: path.display().to_string(), rows }),
        Err(trouble) => {
            // What could be written of it is of no use; the first trouble is the one to tell.
            drop(fs::remove_file(&path));
            Err(match trouble {
                Trouble::Asking(fault) => fault,
                Trouble::Writing(error) => unwritable(&path, &error),
            })
        }
    }
}

/// Writes `export_people` with the arguments `wanted` to a new file.
#[tauri::command]
async fn save_people(app: AppHandle, houses: State<'_, Houses>, wanted: Value) -> Result<Saved, Fault> {
    let door = houses.current().door?;
    let list: PeopleExport = read(door.query("export_people", wanted).await?)?;
    save(&downloads(&app)?, &list.file_name, list.text.as_bytes(), list.rows)
}

/// Writes `people_report` with the arguments `wanted` to a new file.
#[tauri::command]
async fn save_people_report(app: AppHandle, houses: State<'_, Houses>, wanted: Value) -> Result<Saved, Fault> {
    let door = houses.current().door?;
    let page: PeopleReport = read(door.query("people_report", wanted).await?)?;
    save(&downloads(&app)?, &page.file_name, page.html.as_bytes(), page.rows)
}

/// Writes a backup with the arguments `wanted` of `export_backup`, and moves it out of the data folder.
#[tauri::command]
async fn save_backup(app: AppHandle, houses: State<'_, Houses>, wanted: Value) -> Result<Saved, Fault> {
    let door = houses.current().door?;
    let folder = downloads(&app)?;
    let backup: BackupExported = read(door.command("export_backup", wanted).await?)?;
    let from = PathBuf::from(&backup.path);
    let name = from.file_name().and_then(|name| name.to_str()).unwrap_or("rollcall.backup");
    let (path, mut file) = new_file(&folder, name).map_err(|error| unwritable(&folder, &error))?;
    let moved = File::open(&from).and_then(|mut from| io::copy(&mut from, &mut file)).and_then(|_| file.sync_all());
    if let Err(error) = moved {
        drop(fs::remove_file(&path));
        return Err(unwritable(&path, &error));
    }
    // Its copy in the data folder would be a second one to guard; one that stays harms nobody.
    drop(fs::remove_file(&from));
    Ok(Saved { path: path.display().to_string(), rows: 0 })
}

fn read<T: serde::de::DeserializeOwned>(answer: Value) -> Result<T, Fault> {
    serde_json::from_value(answer).map_err(|error| Fault {
        detail: vec![error.to_string()],
        ..Fault::new(Code::Internal, "The engine's answer could not be read, so no file was written.")
    })
}

fn save(folder: &Path, name: &str, content: &[u8], rows: u64) -> Result<Saved, Fault> {
    let (path, mut file) = new_file(folder, name).map_err(|error| unwritable(folder, &error))?;
    if let Err(error) = file.write_all(content).and_then(|()| file.sync_all()) {
        drop(fs::remove_file(&path));
        return Err(unwritable(&path, &error));
    }
    Ok(Saved { path: path.display().to_string(), rows })
}

/// Why a file was not finished.
enum Trouble {
    Asking(Fault),
    Writing(io::Error),
}

async fn write_pages(door: &Door, wanted: Value, mut file: File) -> Result<u64, Trouble> {
    let (mut rows, mut before) = (0, None);
    loop {
        let mut args = wanted.clone();
        if let (Some(args), Some(before)) = (args.as_object_mut(), before) {
            args.insert("before".to_owned(), json!(before));
        }
        let answer = door.query("export_mail_log", args).await.map_err(Trouble::Asking)?;
        let page: MailLogExport = serde_json::from_value(answer).map_err(|error| Trouble::Writing(error.into()))?;
        file.write_all(page.text.as_bytes()).map_err(Trouble::Writing)?;
        rows += page.rows;
        before = page.next;
        if before.is_none() {
            file.sync_all().map_err(Trouble::Writing)?;
            return Ok(rows);
        }
    }
}

/// The person's folder for downloads, or where there is none, their own folder.
fn downloads(app: &AppHandle) -> Result<PathBuf, Fault> {
    let known = app.path().download_dir().or_else(|_| app.path().home_dir());
    let folder = known.map_err(|error| Fault {
        detail: vec![error.to_string()],
        ..Fault::new(Code::Internal, "This system names no folder for downloads, so the file was not written.")
    })?;
    fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
    Ok(folder)
}

/// A file that was not there before, and that only its owner may read; the second of a name has a number.
fn new_file(folder: &Path, name: &str) -> io::Result<(PathBuf, File)> {
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, "csv"));
    for number in 1..=MOST {
        let path = folder.join(if number == 1 { name.to_owned() } else { format!("{stem} ({number}).{end}") });
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("there are {MOST} files of that name")))
}

fn unwritable(place: &Path, error: &io::Error) -> Fault {
    let sentence =
        format!("The file could not be written to {}. Is there room, and may you write there?", place.display());
    Fault { detail: vec![error.to_string()], ..Fault::new(Code::Internal, sentence) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_left_alone_and_the_next_one_has_a_number() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("rollcall-mail-log.csv"), "mine").unwrap();

        let (second, _) = new_file(folder.path(), NAME).unwrap();
        let (third, _) = new_file(folder.path(), NAME).unwrap();

        assert_eq!(second.file_name().unwrap(), "rollcall-mail-log (2).csv");
        assert_eq!(third.file_name().unwrap(), "rollcall-mail-log (3).csv");
        assert_eq!(fs::read_to_string(folder.path().join("rollcall-mail-log.csv")).unwrap(), "mine");
    }
}
