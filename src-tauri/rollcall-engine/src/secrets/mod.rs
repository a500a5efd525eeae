//! What proves the office to another server, sealed in a file beside the database. The key is in the operating system's
//! keychain where that is wished and there is one, else in a file of its own that only the owner reads; so a copy of the
//! database or of the sealed file alone tells nothing, and with a keychain neither does a copy of the whole folder (X17).
//!
//! **Invariant.** A secret is in no log, no error and no answer. While the key is in a keychain that cannot be asked, nothing
//! is made and nothing overwritten.
//!
//! **Limits.** With the key in a file, whoever may read the whole folder may read the secret: Rollcall itself has to, with
//! nobody there to ask. The key stays in this process's memory once it was read.

mod key;
mod sealed;
mod told;

use std::io;
use std::path::Path;
use std::sync::Arc;

use arc_swap::ArcSwap;
use rollcall_core::sealing::{Found, Step, Wish, step};

use crate::keychain::{Keychain, Trouble};

use key::{Asked, Places};
use sealed::{Key, Sealed};

pub use told::{KeptSecret, SecretPlace};
pub(crate) use told::{NotKept, Unreadable, watch};

const OUTBOUND: &[u8] = b"rollcall outbound password";
const DIRECTORY: &[u8] = b"rollcall directory secret";

/// What is known of the key.
#[derive(Clone)]
enum State {
    /// There is none, and nothing to open.
    Begin,
    Known(SecretPlace, Key),
    Shut(Trouble),
    Lost,
    /// The file system does not give it.
    Unusable(String),
}

/// The secrets of one folder.
pub(crate) struct Secrets {
    outbound: Sealed,
    directory: Sealed,
    places: Places,
    wish: Wish,
    state: ArcSwap<State>,
    /// Whoever looks for the key or makes one.
    turn: tokio::sync::Mutex<()>,
}

impl Secrets {
    /// Those of `folder`; the key is looked for, and brought where it is wished. Mail comes in whatever becomes of that.
    pub async fn open(folder: &Path, wish: Wish) -> Self {
        Self::open_with(folder, wish, Keychain::of_the_system()).await
    }

    async fn open_with(folder: &Path, wish: Wish, keychain: Keychain) -> Self {
        let secrets = Self {
            outbound: Sealed::at(folder.join("secrets.sealed"), OUTBOUND),
            directory: Sealed::at(folder.join("secrets.directory"), DIRECTORY),
            places: Places::of(folder, keychain),
            wish,
            state: ArcSwap::from_pointee(State::Begin),
            turn: tokio::sync::Mutex::default(),
        };
        secrets.look().await;
        secrets
    }

    /// The smarthost's password, if there is one that can be read.
    pub fn outbound(&self) -> Option<String> {
        self.read(&self.outbound).unwrap_or_else(|error| {
            tracing::error!(%error, "a sealed secret can't be read");
            None
        })
    }

    /// Seals the smarthost's password in place of the one before.
    ///
    /// # Errors
    /// The key is in a keychain that cannot be asked; the file system's.
    pub async fn put_outbound(&self, secret: &str) -> Result<(), NotKept> {
        self.put(&self.outbound, secret).await
    }

    /// Forgets the smarthost's password.
    ///
    /// # Errors
    /// The file system's.
    pub fn forget_outbound(&self) -> io::Result<()> {
        self.outbound.forget()
    }

    /// What can be said of the smarthost's password.
    pub fn outbound_kept(&self) -> KeptSecret {
        self.kept(&self.outbound)
    }

    /// The directory's password, client secret or certificate, if there is one.
    ///
    /// # Errors
    /// There is one that cannot be read now, or ever.
    pub fn directory(&self) -> Result<Option<String>, Unreadable> {
        self.read(&self.directory)
    }

    /// Seals it in place of the one before.
    ///
    /// # Errors
    /// The key is in a keychain that cannot be asked; the file system's.
    pub async fn put_directory(&self, secret: &str) -> Result<(), NotKept> {
        self.put(&self.directory, secret).await
    }

    /// Forgets it.
    ///
    /// # Errors
    /// The file system's.
    pub fn forget_directory(&self) -> io::Result<()> {
        self.directory.forget()
    }

    /// What can be said of it.
    pub fn directory_kept(&self) -> KeptSecret {
        self.kept(&self.directory)
    }

    /// Looks for the key, and brings it where it is wished.
    pub async fn look(&self) {
        let _turn = self.turn.lock().await;
        self.look_in_turn().await;
    }

    /// Why secrets that are kept cannot be read, if that is so.
    pub fn away(&self) -> Option<Unreadable> {
        match &**self.state.load() {
            State::Shut(trouble) => Some(Unreadable::Shut(trouble.clone())),
            State::Unusable(error) => Some(Unreadable::Folder(error.clone())),
            State::Lost if self.is_any_sealed() => Some(Unreadable::Lost),
            State::Begin | State::Known(..) | State::Lost => None,
        }
    }

    /// The key, if it is in the keychain, for a backup that is sealed itself.
    ///
    /// # Errors
    /// It cannot be asked.
    pub fn key_outside(&self) -> Result<Option<Key>, Unreadable> {
        match &**self.state.load() {
            State::Known(SecretPlace::Keychain, key) => Ok(Some(*key)),
            State::Shut(trouble) => Err(Unreadable::Shut(trouble.clone())),
            State::Unusable(error) => Err(Unreadable::Folder(error.clone())),
            State::Known(SecretPlace::SealedFile, _) | State::Begin | State::Lost => Ok(None),
        }
    }

    fn read(&self, sealed: &Sealed) -> Result<Option<String>, Unreadable> {
        if !sealed.is_there() {
            return Ok(None);
        }
        match &**self.state.load() {
            State::Known(_, key) => sealed.open(key).map_err(|error| Unreadable::Broken(error.to_string())),
            State::Shut(trouble) => Err(Unreadable::Shut(trouble.clone())),
            State::Unusable(error) => Err(Unreadable::Folder(error.clone())),
            State::Begin | State::Lost => Err(Unreadable::Lost),
        }
    }

    fn kept(&self, sealed: &Sealed) -> KeptSecret {
        let place = match &**self.state.load() {
            State::Known(place, _) => *place,
            State::Shut(_) => SecretPlace::Keychain,
            State::Begin | State::Lost | State::Unusable(_) => SecretPlace::SealedFile,
        };
        KeptSecret::of(self.read(sealed).map(|secret| secret.is_some()), place)
    }

    async fn put(&self, sealed: &Sealed, secret: &str) -> Result<(), NotKept> {
        let _turn = self.turn.lock().await;
        if !matches!(**self.state.load(), State::Known(..)) {
            self.look_in_turn().await;
        }
        let state = State::clone(&self.state.load());
        let key = match state {
            State::Known(_, key) => key,
            State::Begin | State::Lost => self.make_key().await?,
            State::Shut(trouble) => return Err(Unreadable::Shut(trouble).into()),
            State::Unusable(error) => return Err(Unreadable::Folder(error).into()),
        };
        let (sealed, secret) = (sealed.clone(), secret.to_owned());
        let done = tokio::task::spawn_blocking(move || sealed.seal(&key, &secret)).await;
        Ok(done.map_err(io::Error::other)??)
    }

    async fn look_in_turn(&self) {
        let state = self.find().await.unwrap_or_else(|error| {
            tracing::error!(%error, "the key of the secrets can't be read");
            State::Unusable(error.to_string())
        });
        self.state.store(Arc::new(state));
    }

    async fn find(&self) -> io::Result<State> {
        let file = self.places.file()?;
        // Nobody's keychain is asked in vain.
        let asks = self.places.is_named()? && (file.is_none() || self.wish == Wish::Keychain);
        let asked = if asks { self.places.ask().await? } else { Asked::not() };
        let found = Found { key_file: file.is_some(), keychain: asked.answer(), sealed: self.is_any_sealed() };
        let held = &asked.held;
        let state = match (step(found, self.wish), file, held.first()) {
            (Step::UseFile, Some(key), _) => State::Known(SecretPlace::SealedFile, key),
            (Step::UseKeychain, _, Some(key)) => State::Known(SecretPlace::Keychain, *key),
            (Step::ToKeychain, Some(key), _) => State::Known(self.to_keychain(&key, held).await, key),
            (Step::ToFolder, _, Some(key)) => State::Known(self.to_folder(key), *key),
            (Step::Wait, _, _) => State::Shut(asked.trouble.clone().unwrap_or(Trouble::Silent)),
            (Step::Lost, _, _) => State::Lost,
            _ => State::Begin,
        };
        if let State::Known(_, key) = &state {
            for sealed in [&self.outbound, &self.directory] {
                if let Err(error) = sealed.seal_again(key, held) {
                    tracing::warn!(%error, "a secret of an earlier key can't be sealed again");
                }
            }
        }
        Ok(state)
    }

    /// Where the key of the keychain is then: it stays where the folder does not take it.
    fn to_folder(&self, key: &Key) -> SecretPlace {
        match self.places.keep_file(key) {
            Ok(()) => SecretPlace::SealedFile,
            Err(error) => {
                tracing::warn!(%error, "the key of the secrets stays in the keychain");
                SecretPlace::Keychain
            }
        }
    }

    /// Where the key of the folder is then: it stays where the keychain does not take it.
    async fn to_keychain(&self, key: &Key, held: &[Key]) -> SecretPlace {
        if !held.contains(key)
            && let Err(error) = self.places.keep_in_keychain(key).await
        {
            tracing::warn!(%error, "the key of the secrets stays in the folder");
            return SecretPlace::SealedFile;
        }
        if let Err(error) = self.places.remove_file() {
            tracing::warn!(%error, "the key of the secrets is in the keychain, and its file can't be removed");
            return SecretPlace::SealedFile;
        }
        tracing::info!("the key of the secrets is in the keychain now");
        SecretPlace::Keychain
    }

    async fn make_key(&self) -> io::Result<Key> {
        let key = key::random()?;
        let place = match self.wish {
            Wish::AsTheyAre | Wish::Folder => SecretPlace::SealedFile,
            Wish::Keychain => match self.places.keep_in_keychain(&key).await {
                Ok(()) => SecretPlace::Keychain,
                Err(error) => {
                    tracing::warn!(%error, "the key of the secrets is kept in the folder");
                    SecretPlace::SealedFile
                }
            },
        };
        if place == SecretPlace::SealedFile {
            self.places.keep_file(&key)?;
        }
        self.state.store(Arc::new(State::Known(place, key)));
        Ok(key)
    }

    fn is_any_sealed(&self) -> bool {
        self.outbound.is_there() || self.directory.is_there()
    }
}

#[cfg(test)]
mod tests;
