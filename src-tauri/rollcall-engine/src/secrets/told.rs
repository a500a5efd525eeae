//! What people are told of secrets, and the task that looks for a key that is away.

use std::io;
use std::time::Duration;

use crate::bus::Tag;
use crate::clock;
use crate::error::EngineError;
use crate::health::Fault;
use crate::house::House;
use crate::keychain::Trouble;

/// How soon a keychain that could not be asked is asked again, at first and at last.
const SOONEST: Duration = Duration::from_secs(2);
const LATEST: Duration = Duration::from_secs(120);

/// Where the key of a secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretPlace {
    /// In the operating system's keychain.
    Keychain,
    /// In a file of the data folder.
    SealedFile,
}

/// What can be said of a secret without telling it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeptSecret {
    /// There is one that can be read, or will be.
    pub is_there: bool,
    /// Where, if there is one.
    pub place: Option<SecretPlace>,
    /// Why it cannot be read now.
    pub trouble: Option<String>,
}

impl KeptSecret {
    pub(super) fn of(found: Result<bool, Unreadable>, place: SecretPlace) -> Self {
        match found {
            Ok(is_there) => Self { is_there, place: is_there.then_some(place), trouble: None },
            Err(error @ (Unreadable::Shut(_) | Unreadable::Folder(_))) => {
                Self { is_there: true, place: Some(place), trouble: Some(error.to_string()) }
            }
            Err(error @ (Unreadable::Lost | Unreadable::Broken(_))) => {
                Self { is_there: false, place: None, trouble: Some(error.to_string()) }
            }
        }
    }
}

/// Why a secret that is kept cannot be read, as one sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    /// The keychain that has its key cannot be asked now.
    #[error(
        "The key to the passwords that Rollcall keeps is in the keychain, which {0}. Unlock it for the account that \
         Rollcall runs as; Rollcall notices by itself. Mail still comes in, what needs a password waits, and nothing is lost."
    )]
    Shut(Trouble),
    /// Its key is not here.
    #[error(
        "The passwords that Rollcall keeps are sealed for another computer or another account: their key is not here. Give \
         them again, or restore a backup that was made with a passphrase."
    )]
    Lost,
    /// The file system does not give its key.
    #[error(
        "The key to the passwords that Rollcall keeps can't be read from the data folder ({0}). Let Rollcall's account read it; \
         Rollcall notices by itself. Mail still comes in, what needs a password waits, and nothing is lost."
    )]
    Folder(String),
    /// The file is damaged or of another key.
    #[error("A password that Rollcall keeps can't be read ({0}). Give it again.")]
    Broken(String),
}

/// Why a secret was not kept. The one before is still there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotKept {
    /// Its key cannot be had now, and another would make the others worthless.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The file system said no.
    #[error(transparent)]
    Folder(#[from] io::Error),
}

/// Looks for a key that is away: soon at first, then less often. The keychain may have been unlocked.
pub(crate) async fn watch(house: &House) -> Result<(), EngineError> {
    let mut wait = SOONEST;
    while house.secrets.away().is_some() {
        clock::pause(wait).await;
        house.look_for_key().await?;
        wait = (2 * wait).min(LATEST);
    }
    clock::pause(SOONEST).await;
    Ok(())
}

impl House {
    /// What can be said of the smarthost's password.
    #[must_use]
    pub fn outbound_secret(&self) -> KeptSecret {
        self.secrets.outbound_kept()
    }

    /// Looks once more for a key that is away; what waited for it goes on.
    pub(crate) async fn look_for_key(&self) -> Result<(), EngineError> {
        if self.secrets.away().is_none() {
            return Ok(());
        }
        self.secrets.look().await;
        if self.secrets.away().is_none() {
            tracing::info!("the key of the secrets is back");
            self.reload()?;
            self.flush_everything();
            self.bus.stale(&[Tag::Sync]);
        }
        Ok(())
    }

    /// The same as what a command answers.
    pub(crate) fn not_kept(&self, error: NotKept) -> EngineError {
        match error {
            NotKept::Unreadable(error) => EngineError::Conflict(error.to_string()),
            NotKept::Folder(source) => EngineError::Folder { folder: self.folder.display().to_string(), source },
        }
    }

    /// Passwords that nobody can read now, for an operator.
    pub(crate) fn secrets_fault(&self) -> Option<Fault> {
        let away = self.secrets.away()?;
        let (code, detail) = match &away {
            Unreadable::Shut(trouble) => ("keychain_shut", Some(trouble.detail()).filter(|it| !it.is_empty())),
            Unreadable::Folder(_) => ("secrets_unreadable", None),
            Unreadable::Lost | Unreadable::Broken(_) => ("secrets_lost", None),
        };
        let detail = detail.map(str::to_owned);
        Some(Fault { code, sentence: away.to_string(), detail, since: self.clock.now() })
    }
}
