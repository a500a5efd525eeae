//! Where the directory is and when it is asked: set by the operator, in the journal, with the clocks stopped (T15, T19).

use rollcall_core::Timestamp;
use rollcall_core::directory::Options;
use rollcall_store::{StoreError, Tx};

use super::settings::{self, Proof, SourceSet, SyncSet};
use crate::bus::Tag;
use crate::error::EngineError;
use crate::house::House;
use crate::office::note;

/// Hours between runs that can be chosen (M04); 0 is Never.
const HOURS: [u32; 6] = [0, 1, 3, 6, 12, 24];
/// SHA-256 in hex.
const DIGEST: usize = 64;

impl House {
    /// Says where the directory is. A secret that was for another place or name is forgotten.
    ///
    /// # Errors
    /// Invalid: settings that cannot work (M03). Conflict: another directory is set (Z04), a run is going on.
    pub async fn set_sync_source(
        &self,
        source: SourceSet,
        secret: Option<String>,
        secret_ends: Option<Timestamp>,
    ) -> Result<(), EngineError> {
        self.check_no_run()?;
        check(&source)?;
        let before = self.store.read(SyncSet::load)?;
        if let Some(other) = before.source.as_ref().filter(|other| !is_same_kind(other, &source)) {
            return Err(EngineError::Conflict(format!(
                "Only one directory can be set at a time, and {} is. Remove it first; everybody stays as they are.",
                other.name()
            )));
        }
        let keeps = before.source.as_ref().is_some_and(|old| old.shares_secret_with(&source));
        match &secret {
            Some(secret) => self.put_directory_secret(secret.clone()).await?,
            None if keeps => {}
            None => self.forget_directory_secret().await?,
        }
        let now = self.clock.now();
        let why = format!("the directory is {}", source.name());
        let ends = if secret.is_some() { secret_ends } else { secret_ends.or(before.secret_ends.filter(|_| keeps)) };
        self.store
            .write(move |tx| {
                source.store(tx)?;
                settings::put_secret_end(tx, ends)?;
                crate::discovery_switch::keep_clocks(tx, now)?;
                note(tx, "set_sync_source", why, now)
            })
            .await?;
        self.sync_changed()
    }

    /// Forgets the directory. Everybody stays as they are, and discovery comes back on (T19).
    ///
    /// # Errors
    /// Conflict: none is set, a run is going on.
    pub async fn remove_sync_source(&self) -> Result<(), EngineError> {
        self.check_no_run()?;
        let Some(source) = self.store.read(SyncSet::load)?.source else {
            return Err(EngineError::Conflict("No directory is set.".to_owned()));
        };
        self.forget_directory_secret().await?;
        let (why, now) = (format!("the directory {} was removed", source.name()), self.clock.now());
        self.store
            .write(move |tx| {
                settings::forget(tx)?;
                tx.forget_directory()?;
                tx.forget_sync_choices()?;
                crate::discovery_switch::keep_clocks(tx, now)?;
                note(tx, "remove_sync_source", why, now)
            })
            .await?;
        self.sync_changed()
    }

    /// Keeps another secret for the directory that is set. It is never told again.
    ///
    /// # Errors
    /// Invalid when it cannot be one; conflict when no directory is set.
    pub async fn set_sync_secret(&self, secret: String, ends: Option<Timestamp>) -> Result<(), EngineError> {
        self.prove_with(secret, Proof::Secret, ends).await
    }

    /// Keeps the certificate that proves the app to Microsoft Entra.
    ///
    /// # Errors
    /// As [`House::set_sync_secret`]; conflict when the directory is no Microsoft Entra.
    pub async fn set_entra_certificate(&self, pem: String) -> Result<(), EngineError> {
        check_certificate(&pem)?;
        self.prove_with(pem, Proof::Certificate, None).await
    }

    async fn prove_with(&self, secret: String, proof: Proof, ends: Option<Timestamp>) -> Result<(), EngineError> {
        let source = match (self.store.read(SyncSet::load)?.source, proof) {
            (None, _) => return Err(EngineError::Conflict("Say first where the directory is.".to_owned())),
            (Some(SourceSet::Ldap(_)), Proof::Certificate) => {
                return Err(EngineError::Conflict("Only Microsoft Entra takes a certificate.".to_owned()));
            }
            (Some(SourceSet::Entra(entra)), proof) => SourceSet::Entra(super::EntraSet { proof, ..entra }),
            (Some(source), Proof::Secret) => source,
        };
        self.put_directory_secret(secret).await?;
        let now = self.clock.now();
        self.store
            .write(move |tx| {
                source.store(tx)?;
                settings::put_secret_end(tx, ends)?;
                note(tx, "set_sync_secret", "what proves us to the directory was replaced".to_owned(), now)
            })
            .await?;
        self.sync_changed()
    }

    /// Believes the one certificate that a person looked at (V21), or none of its own again.
    ///
    /// # Errors
    /// Invalid: no SHA-256. Conflict: no LDAP server is set.
    pub async fn trust_certificate(&self, sha256: &str) -> Result<(), EngineError> {
        let sha256 = pinned(sha256)?.unwrap_or_default();
        if !matches!(self.store.read(SyncSet::load)?.source, Some(SourceSet::Ldap(_))) {
            return Err(EngineError::Conflict("No LDAP server is set yet.".to_owned()));
        }
        let now = self.clock.now();
        let why = match sha256.get(..12) {
            Some(start) => format!("the certificate {start}… is trusted"),
            None => "no certificate of its own is trusted".to_owned(),
        };
        self.store
            .write(move |tx| {
                settings::put_pinned(tx, &sha256)?;
                note(tx, "trust_certificate", why, now)
            })
            .await?;
        self.sync_changed()
    }

    /// Says how often the directory is asked; 0 is Never (M04). With a source, anything else turns discovery off (T15).
    ///
    /// # Errors
    /// Invalid: another number of hours. Conflict: no source is set.
    pub async fn set_sync_schedule(&self, hours: u32) -> Result<(), EngineError> {
        if !HOURS.contains(&hours) {
            return Err(EngineError::Invalid(format!("{hours} hours can't be chosen: give 0, 1, 3, 6, 12 or 24.")));
        }
        if hours > 0 && self.store.read(SyncSet::load)?.source.is_none() {
            return Err(EngineError::Conflict("Say first where the directory is.".to_owned()));
        }
        let why = match hours {
            0 => "the directory is never asked by itself".to_owned(),
            1 => "the directory is asked every hour".to_owned(),
            hours => format!("the directory is asked every {hours} hours"),
        };
        let now = self.clock.now();
        self.store
            .write(move |tx: &Tx<'_>| -> Result<(), StoreError> {
                settings::put_hours(tx, hours)?;
                crate::discovery_switch::keep_clocks(tx, now)?;
                note(tx, "set_sync_schedule", why, now)
            })
            .await?;
        self.sync_changed()
    }

    /// Says what is synced and how (Z01, Z02, T18).
    ///
    /// # Errors
    /// The store's.
    pub async fn set_sync_options(&self, change: impl FnOnce(Options) -> Options) -> Result<(), EngineError> {
        let before = self.store.read(SyncSet::load)?.options;
        let (after, now) = (change(before), self.clock.now());
        if after == before {
            return Ok(());
        }
        self.store
            .write(move |tx| {
                settings::put_options(tx, after)?;
                note(tx, "set_sync_options", "what is synced was chosen anew".to_owned(), now)
            })
            .await?;
        self.sync_changed()
    }

    fn check_no_run(&self) -> Result<(), EngineError> {
        match self.sync_progress() {
            Some(_) => Err(EngineError::Conflict("A run is going on. Wait for it, or stop it.".to_owned())),
            None => Ok(()),
        }
    }

    pub(super) fn sync_changed(&self) -> Result<(), EngineError> {
        self.bus.stale(&[Tag::Sync, Tag::Addresses, Tag::Journal, Tag::Health]);
        self.reload()
    }
}

/// A certificate's SHA-256, lower case; `None` for an empty text.
///
/// # Errors
/// Invalid when it is none.
pub(super) fn pinned(text: &str) -> Result<Option<String>, EngineError> {
    let sha256: String = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect::<String>().to_lowercase();
    match sha256.len() {
        0 => Ok(None),
        DIGEST if sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) => Ok(Some(sha256)),
        _ => Err(EngineError::Invalid("A certificate is named by its SHA-256: 64 hexadecimal digits.".to_owned())),
    }
}

/// Refuses what cannot prove an app to Microsoft Entra.
///
/// # Errors
/// Invalid.
pub fn check_certificate(pem: &str) -> Result<(), EngineError> {
    if pem.contains("BEGIN CERTIFICATE") && pem.contains("PRIVATE KEY") {
        return Ok(());
    }
    Err(EngineError::Invalid("Give the certificate and its private key, both as PEM.".to_owned()))
}

/// Refuses what cannot work, before anybody is asked.
pub(super) fn check(source: &SourceSet) -> Result<(), EngineError> {
    match source {
        SourceSet::Ldap(ldap) => {
            if let Some(pin) = &ldap.pinned {
                pinned(pin)?;
            }
            // The password is kept apart and may come later.
            let password = if ldap.bind_dn.is_empty() { "" } else { "kept apart" };
            match source.with(password.to_owned()) {
                rollcall_directory::Source::Ldap(settings) => {
                    settings.check().map_err(|error| EngineError::Invalid(error.to_string()))
                }
                rollcall_directory::Source::Entra(_) => Ok(()),
            }
        }
        SourceSet::Entra(entra) => {
            let is_missing = entra.tenant.trim().is_empty() || entra.client_id.trim().is_empty();
            let is_url = |url: &str| url.starts_with("https://") || url.starts_with("http://");
            if is_missing {
                return Err(EngineError::Invalid("Give the tenant and the app's client id.".to_owned()));
            }
            if !is_url(&entra.login_url) || !is_url(&entra.graph_url) {
                return Err(EngineError::Invalid("Microsoft's addresses begin with https://.".to_owned()));
            }
            Ok(())
        }
    }
}

const fn is_same_kind(one: &SourceSet, other: &SourceSet) -> bool {
    matches!((one, other), (SourceSet::Ldap(_), SourceSet::Ldap(_)) | (SourceSet::Entra(_), SourceSet::Entra(_)))
}
