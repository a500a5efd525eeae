//! What the shell remembers about the person, beside the window's size and place: `shell.json` in the same folder.
//!
//! **Invariant.** A file that cannot be read or written costs one repeated hint, never more.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tracing::warn;

/// What is remembered.
pub struct Memory {
    file: PathBuf,
    known: Mutex<Known>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Known {
    /// The person was told that closing the window does not stop mail.
    closing_explained: bool,
}

impl Memory {
    /// Reads `shell.json` in `folder`.
    pub fn read(folder: &Path) -> Self {
        let file = folder.join("shell.json");
        let known = std::fs::read(&file).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
        Self { file, known: Mutex::new(known) }
    }

    /// True the first time the window is closed, for this person on this computer.
    pub fn first_closing(&self) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = !known.closing_explained;
        if is_first {
            known.closing_explained = true;
            self.write(&known);
        }
        is_first
    }

    fn write(&self, known: &Known) {
        let written = self
            .file
            .parent()
            .map_or(Ok(()), std::fs::create_dir_all)
            .and_then(|()| std::fs::write(&self.file, serde_json::json!(known).to_string()));
        if let Err(error) = written {
            warn!(%error, "the shell cannot remember");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Memory;

    #[test]
    fn closing_is_explained_once_and_never_again() {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("not made yet");

        assert!(Memory::read(&config).first_closing());
        assert!(!Memory::read(&config).first_closing());
    }

    #[test]
    fn a_damaged_file_counts_as_nothing_remembered() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("shell.json"), "not JSON").unwrap();

        assert!(Memory::read(folder.path()).first_closing());
    }
}
