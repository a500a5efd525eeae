//! The mail log, and lists of people, as files in the person's folder for downloads: a web view may not write files, and a
//! log does not fit through it.
//!
//! **Invariant.** A file that is there is never written over, and one that could not be finished is removed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rollcall_api::answers::MailLogExport;
use rollcall_api::{Code, Door, Fault};
use serde::Serialize;
use serde_json::{Value, json};
use tauri::plugin::{Builder, TauriPlugin};
use tauri::{AppHandle, Manager, State, Wry};

use crate::houses::Houses;

/// What the file is called; the second one `rollcall-mail-log (2).csv`.
const NAME: &str = "rollcall-mail-log";
/// So many files of that name are enough.
const MOST: u32 = 1000;

/// The plugin through which the window writes files.
pub fn files() -> TauriPlugin<Wry> {
    Builder::new("files").invoke_handler(tauri::generate_handler![save_mail_log, save_text]).build()
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
    let (path, file) = new_file(&folder, NAME, "csv").map_err(|error| unwritable(&folder, &error))?;
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

/// A text that was written.
#[derive(Debug, Serialize)]
struct SavedText {
    /// Where it is, for people to read.
    path: String,
}

/// Writes a text, such as a list of people, to a new file that is called `name`.
#[tauri::command]
async fn save_text(app: AppHandle, name: String, text: String) -> Result<SavedText, Fault> {
    let folder = downloads(&app)?;
    let (stem, ending) = parts_of(&name);
    let (path, mut file) = new_file(&folder, &stem, &ending).map_err(|error| unwritable(&folder, &error))?;
    if let Err(error) = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()) {
        drop(fs::remove_file(&path));
        return Err(unwritable(&path, &error));
    }
    Ok(SavedText { path: path.display().to_string() })
}

/// A name that leaves the folder nowhere: letters, digits, dashes, and one of the endings that lists have.
fn parts_of(name: &str) -> (String, String) {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "txt"));
    let plain = |text: &str| text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(60).collect::<String>();
    let stem = plain(stem);
    let ending = if matches!(ending, "csv" | "html") { ending } else { "txt" };
    (if stem.is_empty() { "rollcall".to_owned() } else { stem }, ending.to_owned())
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

/// A file that was not there before.
fn new_file(folder: &Path, stem: &str, ending: &str) -> io::Result<(PathBuf, File)> {
    for number in 1..=MOST {
        let name = if number == 1 { format!("{stem}.{ending}") } else { format!("{stem} ({number}).{ending}") };
        let path = folder.join(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
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

        let (second, _) = new_file(folder.path(), NAME, "csv").unwrap();
        let (third, _) = new_file(folder.path(), NAME, "csv").unwrap();

        assert_eq!(second.file_name().unwrap(), "rollcall-mail-log (2).csv");
        assert_eq!(third.file_name().unwrap(), "rollcall-mail-log (3).csv");
        assert_eq!(fs::read_to_string(folder.path().join("rollcall-mail-log.csv")).unwrap(), "mine");
    }

    #[test]
    fn x18_a_file_is_written_into_the_folder_for_downloads_whatever_it_is_called() {
        let named = |name: &str| parts_of(name);

        assert_eq!(named("rollcall-people.csv"), ("rollcall-people".to_owned(), "csv".to_owned()));
        assert_eq!(named("../../etc/passwd"), ("rollcall".to_owned(), "txt".to_owned()));
        assert_eq!(named("list.exe"), ("list".to_owned(), "txt".to_owned()));
        assert_eq!(named("..."), ("rollcall".to_owned(), "txt".to_owned()));
    }
}
