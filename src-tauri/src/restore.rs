//! A backup from another computer, brought back from the window (X17): the window hands its octets over piece by piece,
//! because it may read no files by name.
//!
//! **Invariant.** What was handed over lies in a file that only its owner may read, and goes with the answer.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rollcall_api::{Code, Fault};
use tauri::State;
use tauri::ipc::{InvokeBody, Request};
use tempfile::NamedTempFile;

use crate::houses::Houses;

/// The file that is handed over; none before it begins.
#[derive(Default)]
pub struct Upload(Mutex<Option<NamedTempFile>>);

impl Upload {
    fn begin(&self, folder: &Path) -> io::Result<()> {
        let file = tempfile::Builder::new().prefix(rollcall_api::UPLOAD).tempfile_in(folder)?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
        Ok(())
    }

    fn add(&self, octets: &[u8]) -> io::Result<()> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let file = file.as_mut().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "nothing was begun"))?;
        file.write_all(octets)
    }

    fn take(&self) -> Option<NamedTempFile> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Begins to hand a backup over; one before it is forgotten.
#[tauri::command(async)]
pub fn restore_begin(houses: State<'_, Houses>, upload: State<'_, Upload>) -> Result<(), Fault> {
    upload.begin(houses.data()).map_err(|error| unwritable(&error))
}

/// The next octets of it.
#[tauri::command(async)]
pub fn restore_add(request: Request<'_>, upload: State<'_, Upload>) -> Result<(), Fault> {
    let InvokeBody::Raw(octets) = request.body() else {
        return Err(Fault::new(Code::Internal, "The window did not hand the backup over as octets."));
    };
    upload.add(octets).map_err(|error| unwritable(&error))
}

/// Brings back what was handed over, known to people as `name`. The window hears of the office that is open then.
#[tauri::command]
pub async fn restore(
    houses: State<'_, Houses>,
    upload: State<'_, Upload>,
    name: String,
    passphrase: Option<String>,
) -> Result<(), Fault> {
    let file = upload.take().ok_or_else(|| Fault::new(Code::Invalid, "Choose a backup first."))?;
    houses.restore(file, name, passphrase).await
}

fn unwritable(error: &io::Error) -> Fault {
    let sentence = "The backup could not be copied into Rollcall's folder. Is there room, and may you write there?";
    Fault { detail: vec![error.to_string()], ..Fault::new(Code::Internal, sentence) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x17_pieces_are_one_file_and_a_new_beginning_forgets_what_was_handed_over() {
        let (folder, upload) = (tempfile::tempdir().unwrap(), Upload::default());
        assert!(upload.add(b"nothing was begun").is_err());

        upload.begin(folder.path()).unwrap();
        upload.add(b"given up").unwrap();
        upload.begin(folder.path()).unwrap();
        upload.add(b"one ").unwrap();
        upload.add(b"file").unwrap();

        let file = upload.take().unwrap();
        assert_eq!(std::fs::read(file.path()).unwrap(), b"one file");
        drop(file);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing of it stays");
        assert!(upload.take().is_none());
    }
}
