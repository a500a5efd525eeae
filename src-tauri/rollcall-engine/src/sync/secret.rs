//! The directory's secret: kept with the folder's secrets, off the async threads.

use std::sync::Arc;

use crate::error::EngineError;
use crate::house::House;
use crate::secrets::KeptSecret;
use crate::sync::settings::SyncSet;
use rollcall_directory::Source;

/// The longest secret: a certificate chain with its key.
const LONGEST: usize = 64 * 1024;

impl House {
    /// Keeps it.
    pub(super) async fn put_directory_secret(&self, secret: String) -> Result<(), EngineError> {
        if secret.is_empty() || secret.len() > LONGEST || secret.contains('\0') {
            return Err(EngineError::Invalid("A secret has 1 to 65,536 bytes and no NUL.".to_owned()));
        }
        self.secrets.put_directory(&secret).await.map_err(|error| self.not_kept(error))
    }

    /// Forgets it.
    pub(super) async fn forget_directory_secret(&self) -> Result<(), EngineError> {
        let secrets = Arc::clone(&self.secrets);
        self.off_thread(move || secrets.forget_directory()).await
    }

    /// The source that is set, with its secret.
    pub(super) fn source_with_secret(&self, set: &SyncSet) -> Result<Source, EngineError> {
        let Some(source) = &set.source else {
            return Err(EngineError::Conflict("No directory is set yet. Say first where it is.".to_owned()));
        };
        let secret = self.secrets.directory().map_err(|error| EngineError::Conflict(error.to_string()))?;
        match (source, secret) {
            (_, Some(secret)) => Ok(source.with(secret)),
            // Some directories tell everybody.
            (super::SourceSet::Ldap(ldap), None) if ldap.bind_dn.is_empty() => Ok(source.with(String::new())),
            _ => Err(EngineError::Conflict("The directory's password or secret is missing. Give it again.".to_owned())),
        }
    }

    /// What can be said of it.
    #[must_use]
    pub fn directory_secret(&self) -> KeptSecret {
        self.secrets.directory_kept()
    }

    async fn off_thread(&self, work: impl FnOnce() -> std::io::Result<()> + Send + 'static) -> Result<(), EngineError> {
        let done = tokio::task::spawn_blocking(work).await;
        let done = done.map_err(|error| EngineError::Internal(error.to_string()))?;
        done.map_err(|source| EngineError::Folder { folder: self.folder.display().to_string(), source })
    }
}
