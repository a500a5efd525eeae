//! The power cut: a disk that loses whatever was not flushed.
//!
//! The relay runs with a library in front of the system's that keeps an image of what was flushed (`unsynced.c`). After
//! the kill the disk is made anew from that image, as a computer finds it when power is back.
//!
//! **Invariant.** Only what was flushed is sure to be there: a file's content by its own flush, a name by its folder's.
//! Of the rest nothing is left, or any part of it, as [`Cut`] says.
//!
//! **Limits.** Linux with a C compiler, and as root: the disk and the image are file systems in memory. Sockets and links
//! are gone after a cut. A program that is linked statically is not seen, and then loses everything.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::ground::Mounted;
use super::schedule::{Dice, Flushes};

const SOURCE: &str = include_str!("unsynced.c");
/// Disks write whole sectors.
const SECTOR: usize = 512;

/// What is left of what was not flushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Nothing.
    Clean,
    /// Any of its sectors, and the names of some folders.
    Torn,
}

/// The library, and the image of a disk.
pub struct Power {
    disk: PathBuf,
    image: Mounted,
    library: PathBuf,
    flushes: Flushes,
}

/// What a folder has by name.
type Names = Vec<(String, Entry)>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    is_folder: bool,
    inode: u64,
}

/// What is found where, before the cut.
#[derive(Default)]
struct Live {
    folders: BTreeMap<u64, Names>,
    files: BTreeMap<u64, Vec<u8>>,
}

impl Power {
    /// Prepares the library and an image beside `disk`, a file system of its own; what is there counts as flushed.
    ///
    /// # Errors
    /// A sentence for the person at the terminal.
    pub fn over(disk: &Path, beside: &Path, flushes: Flushes) -> Result<Self, String> {
        let (source, library) = (beside.join("unsynced.c"), beside.join("unsynced.so"));
        fs::write(&source, SOURCE).map_err(|error| error.to_string())?;
        let mut compiler = Command::new("cc");
        compiler.args(["-O2", "-shared", "-fPIC", "-o"]).arg(&library).arg(&source);
        super::ground::run(&mut compiler, "The library that loses writes can't be built; it needs a C compiler")?;
        let image = Mounted::at(beside.join("image"), "1g")?;
        let power = Self { disk: disk.to_owned(), image, library, flushes };
        power.settle()?;
        Ok(power)
    }

    /// Lets `command` run on this disk.
    pub fn on(&self, command: &mut Command) {
        command.env("LD_PRELOAD", &self.library).env("ROLLCALL_DISK", &self.disk);
        command.env("ROLLCALL_IMAGE", self.image.path());
        match self.flushes {
            Flushes::Obeyed => {}
            Flushes::Ignored => drop(command.env("ROLLCALL_DEAF", "all")),
            Flushes::IgnoredForFolders => drop(command.env("ROLLCALL_DEAF", "folders")),
        }
    }

    /// Takes everything that is there for flushed.
    ///
    /// # Errors
    /// The system's.
    pub fn settle(&self) -> Result<(), String> {
        clear(self.image.path())?;
        let live = Live::of(&self.disk)?;
        for (inode, names) in &live.folders {
            let line = |(name, entry): &(String, Entry)| {
                format!("{} {} {name}\n", if entry.is_folder { 'd' } else { 'f' }, entry.inode)
            };
            let list: String = names.iter().map(line).collect();
            self.write(&format!("{inode}.d"), list.as_bytes())?;
        }
        live.files.iter().try_for_each(|(inode, content)| self.write(&format!("{inode}.f"), content))
    }

    /// Power is gone and comes back. Nothing may run on the disk.
    ///
    /// # Errors
    /// The system's.
    pub fn cut(&self, cut: Cut, dice: &mut Dice) -> Result<(), String> {
        let live = Live::of(&self.disk)?;
        let top = inode(&self.disk)?;
        let mut found = Vec::new();
        self.find(top, Path::new(""), &live, cut, dice, &mut found)?;
        clear(&self.disk)?;
        for (path, content) in found {
            let path = self.disk.join(path);
            let (made, mode) = match content {
                None => (fs::create_dir(&path), 0o700),
                Some(content) => (fs::write(&path, content), 0o600),
            };
            made.and_then(|()| set_mode(&path, mode)).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        self.settle()
    }

    /// What a folder has after the cut, folders before what is in them; no content stands for a folder.
    fn find(
        &self,
        folder: u64,
        path: &Path,
        live: &Live,
        cut: Cut,
        dice: &mut Dice,
        found: &mut Vec<(PathBuf, Option<Vec<u8>>)>,
    ) -> Result<(), String> {
        let now = live.folders.get(&folder).filter(|_| cut == Cut::Torn && dice.once_in(2));
        let names = match now {
            Some(now) => now.clone(),
            None => self.flushed_names(folder)?,
        };
        for (name, entry) in names {
            let path = path.join(name);
            if entry.is_folder {
                found.push((path.clone(), None));
                self.find(entry.inode, &path, live, cut, dice, found)?;
                continue;
            }
            let flushed = self.read(&format!("{}.f", entry.inode))?.unwrap_or_default();
            let content = match live.files.get(&entry.inode) {
                Some(now) if cut == Cut::Torn => torn(flushed, now, dice),
                _ => flushed,
            };
            found.push((path, Some(content)));
        }
        Ok(())
    }

    fn flushed_names(&self, folder: u64) -> Result<Names, String> {
        let list = self.read(&format!("{folder}.d"))?.unwrap_or_default();
        let list = String::from_utf8(list).map_err(|error| error.to_string())?;
        let entry = |line: &str| {
            let mut words = line.splitn(3, ' ');
            let is_folder = words.next()? == "d";
            let inode = words.next()?.parse().ok()?;
            Some((words.next()?.to_owned(), Entry { is_folder, inode }))
        };
        Ok(list.lines().filter_map(entry).collect())
    }

    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        match fs::read(self.image.path().join(name)) {
            Ok(content) => Ok(Some(content)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    fn write(&self, name: &str, content: &[u8]) -> Result<(), String> {
        fs::write(self.image.path().join(name), content).map_err(|error| error.to_string())
    }
}

impl Live {
    fn of(disk: &Path) -> Result<Self, String> {
        let mut live = Self::default();
        live.look_into(disk).map_err(|error| error.to_string())?;
        Ok(live)
    }

    fn look_into(&mut self, folder: &Path) -> std::io::Result<()> {
        let mut names = Names::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let (kind, inode) = (entry.file_type()?, inode_of(&entry.metadata()?));
            if kind.is_dir() {
                self.look_into(&entry.path())?;
            } else if kind.is_file() {
                self.files.insert(inode, fs::read(entry.path())?);
            } else {
                continue;
            }
            let name = entry.file_name().to_string_lossy().into_owned();
            names.push((name, Entry { is_folder: kind.is_dir(), inode }));
        }
        names.sort_by(|one, other| one.0.cmp(&other.0));
        self.folders.insert(inode_of(&fs::metadata(folder)?), names);
        Ok(())
    }
}

/// Of each sector, what was flushed or what was there; of the size as well.
fn torn(mut flushed: Vec<u8>, now: &[u8], dice: &mut Dice) -> Vec<u8> {
    if dice.once_in(2) {
        flushed.resize(now.len(), 0);
    }
    for (old, new) in flushed.chunks_mut(SECTOR).zip(now.chunks(SECTOR)) {
        let both = old.len().min(new.len());
        if old[..both] != new[..both] && dice.once_in(2) {
            old[..both].copy_from_slice(&new[..both]);
        }
    }
    flushed
}

fn inode(path: &Path) -> Result<u64, String> {
    fs::metadata(path).map(|found| inode_of(&found)).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(unix)]
fn inode_of(found: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(found)
}

#[cfg(not(unix))]
fn inode_of(_: &fs::Metadata) -> u64 {
    0
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) -> std::io::Result<()> {
    Ok(())
}

/// Empties a folder that is a mount point.
fn clear(folder: &Path) -> Result<(), String> {
    let remove = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry?;
        if entry.file_type()?.is_dir() { fs::remove_dir_all(entry.path()) } else { fs::remove_file(entry.path()) }
    };
    let mut entries = fs::read_dir(folder).map_err(|error| error.to_string())?;
    entries.try_for_each(remove).map_err(|error| format!("{}: {error}", folder.display()))
}

#[cfg(all(test, target_os = "linux"))]
#[path = "power_tests.rs"]
mod tests;
