//! The login keychain of macOS, and the Credential Manager of Windows.
//!
//! **Limits.** Each account has its own: one that Rollcall's service runs as does not see what a person's window kept.

use std::collections::HashMap;
use std::sync::Arc;

#[cfg(target_os = "macos")]
use apple_native_keyring_store::keychain::Store;
use keyring_core::{CredentialStore, Entry, Error};
#[cfg(target_os = "windows")]
use windows_native_keyring_store::Store;

use super::{SERVICE, Trouble, Vault};

/// The store that comes with the system.
pub(super) struct Native;

impl Vault for Native {
    fn get(&self, name: &str) -> Result<Option<String>, Trouble> {
        match entry(name)?.get_password() {
            Ok(text) => Ok(Some(text)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(trouble(error)),
        }
    }

    fn put(&self, name: &str, text: &str) -> Result<(), Trouble> {
        entry(name)?.set_password(text).map_err(trouble)
    }

    fn remove(&self, name: &str) -> Result<(), Trouble> {
        match entry(name)?.delete_credential() {
            Err(Error::NoEntry) => Ok(()),
            outcome => outcome.map_err(trouble),
        }
    }
}

fn entry(name: &str) -> Result<Entry, Trouble> {
    let store: Arc<CredentialStore> = Store::new().map_err(trouble)?;
    // It belongs to this computer, as the data folder does, and does not roam with the account.
    let here = HashMap::from([("persistence", "Local")]);
    let modifiers = if cfg!(target_os = "windows") { here } else { HashMap::new() };
    Entry::new_in_store_with_modifiers(&store, SERVICE, name, &modifiers).map_err(trouble)
}

fn trouble(error: Error) -> Trouble {
    match error {
        Error::NoStorageAccess(_) => Trouble::Locked,
        Error::NoDefaultStore | Error::NotSupportedByStore(_) => Trouble::Absent(error.to_string()),
        error => Trouble::Refused(error.to_string()),
    }
}
