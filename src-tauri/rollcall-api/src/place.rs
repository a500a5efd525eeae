//! Where the local socket of a data folder is.
//!
//! `engine.sock` inside the folder. Its full path may be too long for a Unix socket's address: then `engine.sock` is a
//! link to a socket in a private folder of the runtime or temporary folder, so that a client needs to know nothing but
//! the data folder. On Windows it is a named pipe with a fingerprint of the folder's full path.
//!
//! **Invariant.** Both sides start from the canonical path, so `.` and the full path meet. The private folder belongs to
//! the data folder's owner (or root) and nobody else can enter it.
//!
//! **Limits.** A link says where to ask, not whom: the client checks the user behind the socket (`socket.rs`).

use std::io;
use std::path::{Path, PathBuf};

/// Longer paths do not fit into a Unix socket's address (104 bytes on macOS, the last one 0).
#[cfg(unix)]
const PATH_BYTES: usize = 100;

/// Where an engine listens, from before it binds until it closes.
#[derive(Debug)]
pub(crate) struct Place {
    /// What to bind.
    pub socket: PathBuf,
    /// The link in the data folder that leads there.
    #[cfg(unix)]
    link: Option<PathBuf>,
}

#[cfg(unix)]
impl Place {
    /// Makes room for the socket of `folder`. The caller holds the folder's lock, so what is left over is nobody's.
    pub fn claim(folder: &Path) -> io::Result<Self> {
        let inside = inside(folder);
        remove(&inside)?;
        if fits(&inside) {
            return Ok(Self { socket: inside, link: None });
        }
        let socket = elsewhere(folder)?;
        remove(&socket)?;
        std::os::unix::fs::symlink(&socket, &inside)?;
        Ok(Self { socket, link: Some(inside) })
    }

    /// Takes the socket away. Only while the folder's lock is held: afterwards it may be a successor's.
    pub fn free(&self) {
        for path in [Some(&self.socket), self.link.as_ref()].into_iter().flatten() {
            if let Err(error) = remove(path) {
                tracing::warn!(%error, path = %path.display(), "the local socket could not be taken away");
            }
        }
    }
}

#[cfg(windows)]
impl Place {
    /// The pipe of `folder`.
    pub fn claim(folder: &Path) -> io::Result<Self> {
        Ok(Self { socket: path(folder) })
    }

    /// A pipe goes with its last handle.
    pub fn free(&self) {}
}

/// Where the engine of `folder` listens, for clients, people and logs.
#[cfg(unix)]
pub(crate) fn path(folder: &Path) -> PathBuf {
    let inside = inside(folder);
    if fits(&inside) { inside } else { std::fs::read_link(&inside).unwrap_or(inside) }
}

/// Where the engine of `folder` listens, for clients, people and logs.
#[cfg(windows)]
pub(crate) fn path(folder: &Path) -> PathBuf {
    PathBuf::from(format!(r"\\.\pipe\rollcall-{:016x}", fingerprint(folder)))
}

#[cfg(unix)]
fn inside(folder: &Path) -> PathBuf {
    canonical(folder).join("engine.sock")
}

#[cfg(unix)]
fn fits(socket: &Path) -> bool {
    socket.as_os_str().len() <= PATH_BYTES
}

/// A short path for the socket, in the first place that is private.
#[cfg(unix)]
fn elsewhere(folder: &Path) -> io::Result<PathBuf> {
    use std::os::unix::fs::MetadataExt;
    let owner = std::fs::metadata(folder)?.uid();
    let name = format!("{:016x}.sock", fingerprint(folder));
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let mut fault = io::Error::new(io::ErrorKind::NotFound, "there is no runtime folder and no temporary folder");
    // The specification of XDG_RUNTIME_DIR wants it absolute and ignored otherwise; that covers an empty one.
    for base in runtime.into_iter().chain([std::env::temp_dir()]).filter(|base| base.is_absolute()) {
        match private_folder(&base, owner) {
            Ok(private) if fits(&private.join(&name)) => return Ok(private.join(&name)),
            Ok(private) => fault = io::Error::other(format!("{} is too long for a socket", private.display())),
            Err(error) => fault = error,
        }
    }
    Err(fault)
}

/// `rollcall-UID` in a folder that others may write to: made for us, or refused.
#[cfg(unix)]
fn private_folder(base: &Path, owner: u32) -> io::Result<PathBuf> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt};
    let private = base.join(format!("rollcall-{owner}"));
    match std::fs::DirBuilder::new().mode(0o700).create(&private) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let found = std::fs::symlink_metadata(&private)?;
    let root = 0;
    if found.is_dir() && [owner, root].contains(&found.uid()) && found.mode() & 0o077 == 0 {
        return Ok(private);
    }
    let sentence = format!("{} belongs to somebody else, or others can enter it", private.display());
    Err(io::Error::new(io::ErrorKind::PermissionDenied, sentence))
}

#[cfg(unix)]
fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The same for every way to name a folder. One that is missing has at least its full path.
fn canonical(folder: &Path) -> PathBuf {
    std::fs::canonicalize(folder).or_else(|_| std::path::absolute(folder)).unwrap_or_else(|_| folder.to_path_buf())
}

/// FNV-1a of the folder's full path: short, and the same in every version.
fn fingerprint(folder: &Path) -> u64 {
    canonical(folder)
        .as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    fn base() -> (tempfile::TempDir, u32) {
        let base = tempfile::TempDir::new().expect("a temporary folder");
        let owner = std::fs::metadata(base.path()).expect("it is there").uid();
        (base, owner)
    }

    #[test]
    fn a_private_folder_is_made_once_and_found_again() {
        let (base, owner) = base();

        let made = private_folder(base.path(), owner).unwrap();

        assert_eq!(std::fs::metadata(&made).unwrap().mode() & 0o777, 0o700);
        assert_eq!(private_folder(base.path(), owner).unwrap(), made);
    }

    #[test]
    fn a_squatted_name_is_refused() {
        let (base, owner) = base();
        let name = base.path().join(format!("rollcall-{owner}"));
        let refused = || private_folder(base.path(), owner).unwrap_err().kind() == io::ErrorKind::PermissionDenied;

        std::fs::create_dir(&name).unwrap();
        std::fs::set_permissions(&name, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(refused(), "others can enter it");
        std::fs::remove_dir(&name).unwrap();
        symlink(base.path(), &name).unwrap();
        assert!(refused(), "it leads elsewhere");
        std::fs::remove_file(&name).unwrap();
        std::fs::write(&name, "").unwrap();
        assert!(refused(), "it is no folder");
    }

    #[test]
    fn what_an_engine_left_behind_is_taken_over_and_then_taken_away() {
        let (folder, _) = base();
        std::fs::write(folder.path().join("engine.sock"), "").unwrap();

        let place = Place::claim(folder.path()).unwrap();

        assert!(!place.socket.exists());
        std::fs::write(&place.socket, "").unwrap();
        place.free();
        assert!(!place.socket.exists());
    }
}
