//! What proves the office to another server, sealed in a file beside the database (AES-256-GCM); the key is in a file of
//! its own that only the owner reads, so that a copy of the database or of the sealed file alone tells nothing.
//!
//! **Invariant.** A secret is in no log, no error and no answer.
//!
//! **Limits.** Whoever may read the whole folder may read the secret: Rollcall itself has to, with nobody there to ask.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::rand;

use crate::private_file;

/// The sealed file: this, the nonce, the sealed text with its tag.
const VERSION: u8 = 1;
/// What the sealed text is, so that it stands for nothing else.
const OUTBOUND: &[u8] = b"rollcall outbound password";
const DIRECTORY: &[u8] = b"rollcall directory secret";
const KEY_BYTES: usize = 32;

/// A sealed file and what stands in it.
struct Sealed {
    file: PathBuf,
    purpose: &'static [u8],
}

/// The secrets of one folder.
pub(crate) struct Secrets {
    outbound: Sealed,
    directory: Sealed,
    key: PathBuf,
}

impl Secrets {
    /// Those of `folder`; nothing is read or made yet.
    pub fn of(folder: &Path) -> Self {
        let sealed = |name, purpose| Sealed { file: folder.join(name), purpose };
        Self {
            outbound: sealed("secrets.sealed", OUTBOUND),
            directory: sealed("secrets.directory", DIRECTORY),
            key: folder.join("secrets.key"),
        }
    }

    /// The smarthost's password, if there is one that can be read.
    pub fn outbound(&self) -> Option<String> {
        self.open(&self.outbound)
    }

    /// Seals the smarthost's password in place of the one before.
    ///
    /// # Errors
    /// The file system's.
    pub fn put_outbound(&self, secret: &str) -> io::Result<()> {
        self.seal(&self.outbound, secret)
    }

    /// Forgets the smarthost's password.
    ///
    /// # Errors
    /// The file system's.
    pub fn forget_outbound(&self) -> io::Result<()> {
        forget(&self.outbound)
    }

    /// The directory's password, client secret or certificate, if there is one that can be read.
    pub fn directory(&self) -> Option<String> {
        self.open(&self.directory)
    }

    /// Seals it in place of the one before.
    ///
    /// # Errors
    /// The file system's.
    pub fn put_directory(&self, secret: &str) -> io::Result<()> {
        self.seal(&self.directory, secret)
    }

    /// Forgets it.
    ///
    /// # Errors
    /// The file system's.
    pub fn forget_directory(&self) -> io::Result<()> {
        forget(&self.directory)
    }

    fn open(&self, sealed: &Sealed) -> Option<String> {
        match self.unseal(sealed) {
            Ok(secret) => secret,
            Err(error) => {
                tracing::error!(%error, "a sealed secret can't be read; it has to be given again");
                None
            }
        }
    }

    fn seal(&self, sealed: &Sealed, secret: &str) -> io::Result<()> {
        let key = match self.read_key()? {
            Some(key) => key,
            None => self.make_key()?,
        };
        let mut text = secret.as_bytes().to_vec();
        let nonce = cipher(&key)?.seal_in_place_append_tag(Aad::from(sealed.purpose), &mut text).map_err(broken)?;
        let file = [&[VERSION], nonce.as_ref().as_slice(), &text].concat();
        private_file::keep(&sealed.file, &file)
    }

    fn unseal(&self, sealed: &Sealed) -> io::Result<Option<String>> {
        let Some(file) = read(&sealed.file)? else { return Ok(None) };
        let Some(key) = self.read_key()? else { return Err(io::Error::other("its key is missing")) };
        let Some((&VERSION, rest)) = file.split_first() else { return Err(io::Error::other("an unknown version")) };
        let Some((nonce, text)) = rest.split_at_checked(NONCE_LEN) else { return Err(io::Error::other("cut short")) };
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(broken)?;
        let mut text = text.to_vec();
        let plain = cipher(&key)?.open_in_place(nonce, Aad::from(sealed.purpose), &mut text).map_err(broken)?;
        String::from_utf8(plain.to_vec()).map(Some).map_err(|_| io::Error::other("no text"))
    }

    fn read_key(&self) -> io::Result<Option<Vec<u8>>> {
        match read(&self.key)? {
            Some(key) if key.len() != KEY_BYTES => Err(io::Error::other("its key has another length")),
            key => Ok(key),
        }
    }

    fn make_key(&self) -> io::Result<Vec<u8>> {
        let mut key = vec![0; KEY_BYTES];
        rand::fill(&mut key).map_err(broken)?;
        private_file::keep(&self.key, &key)?;
        Ok(key)
    }
}

fn forget(sealed: &Sealed) -> io::Result<()> {
    match fs::remove_file(&sealed.file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn read(file: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn cipher(key: &[u8]) -> io::Result<RandomizedNonceKey> {
    RandomizedNonceKey::new(&AES_256_GCM, key).map_err(broken)
}

fn broken(_: aws_lc_rs::error::Unspecified) -> io::Error {
    io::Error::other("it does not fit its key")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_comes_back_as_it_was_and_no_file_shows_it() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets::of(folder.path());
        assert_eq!(secrets.outbound(), None);

        secrets.put_outbound("hunter2 hunter2").unwrap();
        secrets.put_outbound("correct horse").unwrap();

        assert_eq!(Secrets::of(folder.path()).outbound().as_deref(), Some("correct horse"));
        for entry in fs::read_dir(folder.path()).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            assert!(!bytes.windows(5).any(|part| part == b"horse"));
        }
        secrets.forget_outbound().unwrap();
        secrets.forget_outbound().unwrap();
        assert_eq!(secrets.outbound(), None);
    }

    #[test]
    fn a_sealed_file_that_was_changed_or_has_another_key_tells_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets::of(folder.path());
        secrets.put_outbound("correct horse").unwrap();
        let sealed = fs::read(folder.path().join("secrets.sealed")).unwrap();

        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            fs::write(folder.path().join("secrets.sealed"), changed).unwrap();
            assert_eq!(secrets.outbound(), None, "byte {place}");
        }
        fs::write(folder.path().join("secrets.sealed"), &sealed).unwrap();
        fs::write(folder.path().join("secrets.key"), [7; KEY_BYTES]).unwrap();
        assert_eq!(secrets.outbound(), None);
    }

    #[test]
    fn the_directory_s_secret_is_another_one_and_stands_for_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets::of(folder.path());
        secrets.put_directory("battery staple").unwrap();

        assert_eq!((secrets.outbound(), secrets.directory().as_deref()), (None, Some("battery staple")));
        fs::copy(folder.path().join("secrets.directory"), folder.path().join("secrets.sealed")).unwrap();
        assert_eq!(secrets.outbound(), None);
        secrets.forget_directory().unwrap();
        assert_eq!(secrets.directory(), None);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_the_files() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        Secrets::of(folder.path()).put_outbound("correct horse").unwrap();
        for name in ["secrets.sealed", "secrets.key"] {
            let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
}
