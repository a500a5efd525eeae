//! One secret in a file that only its key opens (AES-256-GCM).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};

use crate::private_file;

/// The sealed file: this, the nonce, the sealed text with its tag.
const VERSION: u8 = 1;
pub(super) const KEY_BYTES: usize = 32;

/// What seals and opens.
pub(super) type Key = [u8; KEY_BYTES];

/// A sealed file and what stands in it.
#[derive(Debug, Clone)]
pub(super) struct Sealed {
    file: PathBuf,
    /// What the sealed text is, so that it stands for nothing else.
    purpose: &'static [u8],
}

impl Sealed {
    pub fn at(file: PathBuf, purpose: &'static [u8]) -> Self {
        Self { file, purpose }
    }

    pub fn is_there(&self) -> bool {
        self.file.exists()
    }

    /// Seals a secret in place of the one before.
    pub fn seal(&self, key: &Key, secret: &str) -> io::Result<()> {
        let mut text = secret.as_bytes().to_vec();
        let nonce = cipher(key)?.seal_in_place_append_tag(Aad::from(self.purpose), &mut text).map_err(broken)?;
        let file = [&[VERSION], nonce.as_ref().as_slice(), &text].concat();
        private_file::keep(&self.file, &file)
    }

    /// The secret; `None` if there is none.
    pub fn open(&self, key: &Key) -> io::Result<Option<String>> {
        let Some(file) = read(&self.file)? else { return Ok(None) };
        let Some((&VERSION, rest)) = file.split_first() else { return Err(io::Error::other("an unknown version")) };
        let Some((nonce, text)) = rest.split_at_checked(NONCE_LEN) else { return Err(io::Error::other("cut short")) };
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(broken)?;
        let mut text = text.to_vec();
        let plain = cipher(key)?.open_in_place(nonce, Aad::from(self.purpose), &mut text).map_err(broken)?;
        String::from_utf8(plain.to_vec()).map(Some).map_err(|_| io::Error::other("no text"))
    }

    /// Seals it with `key` if only one of `others` opens it.
    pub fn seal_again(&self, key: &Key, others: &[Key]) -> io::Result<()> {
        if self.open(key).is_ok() {
            return Ok(());
        }
        match others.iter().find_map(|other| self.open(other).ok().flatten()) {
            Some(secret) => self.seal(key, &secret),
            None => Ok(()),
        }
    }

    pub fn forget(&self) -> io::Result<()> {
        remove(&self.file)
    }
}

/// The file's bytes, if there is one.
pub(super) fn read(file: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Takes the file away, if there is one.
pub(super) fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn cipher(key: &Key) -> io::Result<RandomizedNonceKey> {
    RandomizedNonceKey::new(&AES_256_GCM, key).map_err(broken)
}

pub(super) fn broken(_: aws_lc_rs::error::Unspecified) -> io::Error {
    io::Error::other("it does not fit its key")
}
