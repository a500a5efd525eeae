//! One file for another computer (X17): settings, people and history; with a passphrase also passwords and keys, and then
//! the whole file is sealed.
//!
//! **Invariant.** A backup is brought back whole or not at all: where no office was set up yet, after every byte of it was
//! looked at. Without a passphrase no password, no key and nothing made of a password is in the file.
//!
//! **Limits.** Mail that waits in the spool stays behind: it belongs to the computer that answered for it. A sealed file
//! cannot be opened without its passphrase by anybody.

mod file;

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rollcall_store::{Kind, Store};
use tempfile::TempDir;

use crate::access::PASSWORD;
use crate::error::EngineError;
use crate::house::House;
use crate::office::note;
use crate::open::lock_folder;

use file::{Reader, Trouble, Writer};

/// What is learned and decided.
const DATABASE: &str = "rollcall.db";
/// The certificate with its key.
const CERTIFICATE: &str = "tls.pem";
/// What the names of sealed secrets and of their keys begin with.
const SECRETS: &str = "secrets.";
/// The key of the secrets, in a folder that has it and in every backup that has secrets.
const KEY: &str = "secrets.key";
/// The folder for backups, in the data folder.
const BACKUPS: &str = "backups";
/// What the name of a room begins with where a backup is taken apart, in the data folder.
const ROOM: &str = "restore-";
/// And of one where a backup is put together, in the folder for backups.
const PART: &str = "part-";
/// What the name of a file begins with that somebody hands over to be brought back, in the data folder.
pub const UPLOAD: &str = "upload-";
/// The shortest passphrase, in characters.
const SHORTEST: usize = 8;

/// A backup that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Where.
    pub path: PathBuf,
    /// How large.
    pub bytes: u64,
    /// Whether it is sealed.
    pub sealed: bool,
}

impl House {
    /// Writes a backup into the folder `backups`.
    ///
    /// # Errors
    /// Invalid, when the passphrase is too short; forbidden in a practice folder; the store's and the file system's.
    pub async fn export_backup(&self, passphrase: Option<String>) -> Result<Exported, EngineError> {
        if self.kind == Kind::Practice {
            return Err(EngineError::Forbidden(
                "The practice office is invented, so there is nothing to back up.".into(),
            ));
        }
        if passphrase.as_ref().is_some_and(|passphrase| passphrase.chars().count() < SHORTEST) {
            return Err(EngineError::Invalid("A passphrase has at least 8 characters.".to_owned()));
        }
        let now = self.clock.now();
        let sealed = passphrase.is_some();
        let key = if sealed { self.key_to_pack().await? } else { None };
        let why = if sealed { "sealed, with passwords and keys" } else { "without passwords and keys" };
        // First: the backup says of itself that it was made.
        self.store.write(move |tx| note(tx, "export_backup", why.to_owned(), now)).await?;
        let folder = self.folder.join(BACKUPS);
        let unusable = |source| EngineError::Folder { folder: folder.display().to_string(), source };
        make_private(&folder).map_err(unusable)?;
        let room = tempfile::Builder::new().prefix(PART).tempdir_in(&folder).map_err(unusable)?;
        let copy = room.path().join(DATABASE);
        if sealed {
            self.store.backup(&copy).await?;
        } else {
            self.store.backup_without(&[PASSWORD], &copy).await?;
        }
        let path = folder.join(format!("rollcall-{}-{}.backup", self.today(), now.0));
        let (data, to) = (self.folder.clone(), path.clone());
        let written = tokio::task::spawn_blocking(move || {
            let part = room.path().join("part");
            write(&data, &copy, (passphrase.as_deref(), key), &part)?;
            fs::rename(&part, &to)?;
            fs::metadata(&to).map(|file| file.len())
        });
        let broken = |error| EngineError::Internal(format!("The backup could not be written: {error}."));
        let bytes = written.await.map_err(broken)?.map_err(unusable)?;
        self.bus.stale(&[crate::bus::Tag::Journal]);
        Ok(Exported { path, bytes, sealed })
    }

    /// The key of the secrets, if no file has it: a backup without it would bring back what nobody can read.
    async fn key_to_pack(&self) -> Result<Option<[u8; 32]>, EngineError> {
        self.look_for_key().await?;
        self.secrets.key_outside().map_err(|error| {
            EngineError::Conflict(format!(
                "No backup was written, because the passwords could not be in it. {error} Without a passphrase a backup \
                 goes without them."
            ))
        })
    }
}

/// Brings a backup back into `folder`, where no office was set up yet: without a domain and an address. What is there
/// instead is put aside under `backups`. Blocks. `named` is how people know the file.
///
/// # Errors
/// Conflict, when there is an office; invalid, when the file is no backup, is damaged or the passphrase is not its own;
/// the store's and the file system's. Then the folder is as it was.
pub fn restore(folder: &Path, file: &Path, named: &str, passphrase: Option<&str>) -> Result<(), EngineError> {
    let _lock = lock_folder(folder)?;
    if is_set_up(folder)? {
        return Err(EngineError::Conflict(format!(
            "There is an office in {} already, and a backup doesn't replace one. Bring it back into another folder, or on \
             another computer.",
            folder.display()
        )));
    }
    let unusable = |source| EngineError::Folder { folder: folder.display().to_string(), source };
    let (room, names) = unpacked(folder, file, named, passphrase)?;
    let aside = put_aside(folder).map_err(unusable)?;
    // The database last: without it there is no office yet.
    let last = |name: &String| name == DATABASE;
    for name in names.iter().filter(|name| !last(name)).chain(names.iter().filter(|name| last(name))) {
        if let Err(error) = fs::rename(room.path().join(name), folder.join(name)) {
            names.iter().for_each(|name| drop(fs::remove_file(folder.join(name))));
            move_all(&aside, folder).map_err(unusable)?;
            return Err(unusable(error));
        }
    }
    Ok(())
}

/// Whether a backup could be brought back there; nothing changes. Blocks.
///
/// # Errors
/// As [`restore`], but for an office that is there.
pub fn check(folder: &Path, file: &Path, named: &str, passphrase: Option<&str>) -> Result<(), EngineError> {
    unpacked(folder, file, named, passphrase).map(drop)
}

/// The backup's files, in a room of their own in the folder, and their names: all of them, and an office that opens, of
/// this version or an older one.
fn unpacked(
    folder: &Path,
    file: &Path,
    named: &str,
    passphrase: Option<&str>,
) -> Result<(TempDir, Vec<String>), EngineError> {
    let unusable = |source| EngineError::Folder { folder: folder.display().to_string(), source };
    let room = tempfile::Builder::new().prefix(ROOM).tempdir_in(folder).map_err(unusable)?;
    let names = read(file, passphrase, room.path()).map_err(|trouble| told(&trouble, named))?;
    Store::open(room.path(), Kind::Real)?.close();
    Ok((room, names))
}

/// Takes away what a backup that was cut off left behind: its parts lie in rooms of these names.
pub(crate) fn sweep(folder: &Path) {
    if let Err(error) = take_away_parts(folder) {
        tracing::warn!(error = %error, "what a backup that was cut off left behind could not be taken away");
    }
}

fn take_away_parts(folder: &Path) -> io::Result<()> {
    for (place, begins) in [(folder.to_owned(), &[ROOM, UPLOAD][..]), (folder.join(BACKUPS), &[PART])] {
        let entries = match fs::read_dir(place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            if !entry.file_name().to_str().is_some_and(|name| begins.iter().any(|begin| name.starts_with(begin))) {
                continue;
            }
            if entry.file_type()?.is_dir() { fs::remove_dir_all(entry.path())? } else { fs::remove_file(entry.path())? }
        }
    }
    Ok(())
}

/// Whether the folder has an office that is more than an empty one.
fn is_set_up(folder: &Path) -> Result<bool, EngineError> {
    if !folder.join(DATABASE).exists() {
        return Ok(false);
    }
    let store = Store::open(folder, Kind::Real)?;
    let has_something = store.read(|tx| {
        let addresses: u64 = tx.counts()?.iter().map(|(_, count)| count).sum();
        Ok(addresses > 0 || !tx.domains()?.is_empty())
    });
    store.close();
    Ok(has_something?)
}

/// Moves an empty office out of the way; gives where it is now.
fn put_aside(folder: &Path) -> io::Result<PathBuf> {
    let backups = folder.join(BACKUPS);
    make_private(&backups)?;
    let aside = tempfile::Builder::new().prefix("replaced-").tempdir_in(&backups)?;
    move_all(folder, aside.path())?;
    let is_empty = fs::read_dir(aside.path())?.next().is_none();
    // One with nothing in it goes by itself.
    Ok(if is_empty { aside.path().to_owned() } else { aside.keep() })
}

/// Moves an office's database, secrets and certificate from one folder to another.
fn move_all(from: &Path, to: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| name.starts_with(DATABASE) || is_secret(name));
        if is_ours && entry.file_type()?.is_file() {
            fs::rename(entry.path(), to.join(&name))?;
        }
    }
    Ok(())
}

/// With a passphrase also what is secret; its key is a file in the backup, wherever it is here.
fn write(
    data: &Path,
    database: &Path,
    (passphrase, key): (Option<&str>, Option<[u8; 32]>),
    to: &Path,
) -> io::Result<()> {
    let mut writer = Writer::begin(to, passphrase)?;
    writer.add(DATABASE, database)?;
    if passphrase.is_some() {
        let mut names: Vec<String> = fs::read_dir(data)?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| is_secret(name) && !(key.is_some() && name == KEY))
            .collect();
        names.sort();
        if let Some(key) = key {
            writer.add_bytes(KEY, &key)?;
        }
        for name in names {
            writer.add(&name, &data.join(&name))?;
        }
    }
    writer.finish()
}

/// Whether the file holds passwords or keys.
fn is_secret(name: &str) -> bool {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    let is_part = Path::new(name).extension().is_some_and(|end| end == "part");
    is_plain && !is_part && (name == CERTIFICATE || name.starts_with(SECRETS))
}

/// Writes every file of the backup into `room`; gives their names.
fn read(file: &Path, passphrase: Option<&str>, room: &Path) -> Result<Vec<String>, Trouble> {
    let mut reader = Reader::open(file, passphrase)?;
    let mut names: Vec<String> = Vec::new();
    while let Some((name, length)) = reader.next_file()? {
        if !(name == DATABASE || is_secret(&name)) || names.contains(&name) {
            return Err(Trouble::Damaged);
        }
        let mut out = private_file(&room.join(&name))?;
        let copied = io::copy(&mut (&mut reader).take(length), &mut out)?;
        if copied != length {
            return Err(Trouble::Damaged);
        }
        out.sync_all()?;
        names.push(name);
    }
    reader.finish()?;
    if !names.iter().any(|name| name == DATABASE) {
        return Err(Trouble::Damaged);
    }
    Ok(names)
}

fn told(trouble: &Trouble, file: &str) -> EngineError {
    EngineError::Invalid(match trouble {
        Trouble::NoBackup => format!("{file} is not a backup of Rollcall."),
        Trouble::Newer => format!("{file} is from a newer Rollcall. Install that one first."),
        Trouble::Damaged => {
            format!("{file} is damaged or incomplete, so nothing of it was brought back. Use another copy.")
        }
        Trouble::Sealed => format!("{file} is sealed. Give the passphrase that it was made with."),
        Trouble::NotSealed => format!("{file} is not sealed with a passphrase. Leave the passphrase away."),
        Trouble::WrongPassphrase => format!("This is not the passphrase that {file} was made with."),
        Trouble::Io(error) => format!("{file} can't be read: {error}."),
    })
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
