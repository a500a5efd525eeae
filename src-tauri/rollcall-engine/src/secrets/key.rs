//! The key that seals: in a file of the folder, or in the keychain under a name that the folder knows.
//!
//! **Invariant.** The file goes only when the keychain has given the key back, and the name is written down before. Names
//! are never forgotten: a keychain that had no such item may be another one tomorrow.

use std::io;
use std::path::{Path, PathBuf};

use aws_lc_rs::rand;
use rollcall_core::sealing::Keychain as Answer;

use super::sealed::{self, KEY_BYTES, Key, broken};
use crate::keychain::{Keychain, Trouble};
use crate::private_file;

/// Random bytes in the name of an item.
const NAME_BYTES: usize = 8;

/// The two places of one folder.
pub(super) struct Places {
    file: PathBuf,
    /// What our items are called in the keychain, one a line, the latest first.
    names: PathBuf,
    keychain: Keychain,
}

/// What the keychain said of all names that the folder knows.
pub(super) struct Asked {
    pub held: Vec<Key>,
    pub trouble: Option<Trouble>,
    named: bool,
}

impl Asked {
    pub const fn not() -> Self {
        Self { held: Vec::new(), trouble: None, named: false }
    }

    pub fn answer(&self) -> Answer {
        match (self.named, self.held.is_empty(), &self.trouble) {
            (false, _, _) => Answer::NotNamed,
            (true, false, _) => Answer::Holds,
            (true, true, Some(_)) => Answer::Shut,
            (true, true, None) => Answer::Empty,
        }
    }
}

impl Places {
    pub fn of(folder: &Path, keychain: Keychain) -> Self {
        // The second is no secret, and no backup has it: its name does not begin as theirs do.
        Self { file: folder.join("secrets.key"), names: folder.join("keychain.names"), keychain }
    }

    /// The key in the folder, if it is there; one that was cut short is none.
    pub fn file(&self) -> io::Result<Option<Key>> {
        let Some(bytes) = sealed::read(&self.file)? else { return Ok(None) };
        let key = Key::try_from(bytes).ok();
        if key.is_none() {
            tracing::warn!("the file with the key of the secrets is damaged");
        }
        Ok(key)
    }

    pub fn keep_file(&self, key: &Key) -> io::Result<()> {
        private_file::keep(&self.file, key)?;
        if self.file()? == Some(*key) { Ok(()) } else { Err(io::Error::other("the key was not kept")) }
    }

    pub fn remove_file(&self) -> io::Result<()> {
        sealed::remove(&self.file)
    }

    pub fn is_named(&self) -> io::Result<bool> {
        Ok(!self.names()?.is_empty())
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let text = sealed::read(&self.names)?.unwrap_or_default();
        Ok(String::from_utf8_lossy(&text).lines().map(str::to_owned).filter(|name| !name.is_empty()).collect())
    }

    /// Asks the keychain for every name; the first trouble ends it, so that a silent one is asked once.
    pub async fn ask(&self) -> io::Result<Asked> {
        let names = self.names()?;
        let mut asked = Asked { named: !names.is_empty(), ..Asked::not() };
        for name in names {
            let got = self.keychain.get(&name).await;
            match got.and_then(|text| text.map(|text| key_of(&text)).transpose()) {
                Ok(key) => asked.held.extend(key),
                Err(trouble) => {
                    asked.trouble = Some(trouble);
                    break;
                }
            }
        }
        Ok(asked)
    }

    /// Puts the key into the keychain, sees that it comes back, and writes down its name.
    pub async fn keep_in_keychain(&self, key: &Key) -> Result<(), Kept> {
        let mut bytes = [0; NAME_BYTES];
        rand::fill(&mut bytes).map_err(|error| Kept::Folder(broken(error)))?;
        let (name, text) = (hex(&bytes), hex(key));
        self.keychain.put(&name, &text).await?;
        if self.keychain.get(&name).await?.as_deref() != Some(&text) {
            drop(self.keychain.remove(&name).await);
            return Err(Kept::Keychain(Trouble::Refused("it does not give back what it was given".to_owned())));
        }
        let names = [vec![name], self.names().map_err(Kept::Folder)?].concat();
        private_file::keep(&self.names, format!("{}\n", names.join("\n")).as_bytes()).map_err(Kept::Folder)
    }
}

/// Why the key did not get into the keychain.
#[derive(Debug, thiserror::Error)]
pub(super) enum Kept {
    #[error("the keychain {0}")]
    Keychain(#[from] Trouble),
    #[error("the folder can't be written")]
    Folder(#[source] io::Error),
}

/// A new one.
pub(super) fn random() -> io::Result<Key> {
    let mut key = [0; KEY_BYTES];
    rand::fill(&mut key).map_err(broken)?;
    Ok(key)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn key_of(text: &str) -> Result<Key, Trouble> {
    let strange = || Trouble::Refused("what it keeps is no key".to_owned());
    let text = text.trim();
    if text.len() != 2 * KEY_BYTES || !text.is_ascii() {
        return Err(strange());
    }
    let mut key = [0; KEY_BYTES];
    for (place, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * place..2 * place + 2], 16).map_err(|_| strange())?;
    }
    Ok(key)
}
