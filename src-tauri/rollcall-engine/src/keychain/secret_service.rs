//! The Secret Service of a Linux desktop (freedesktop.org, version 0.2): GNOME Keyring, KWallet, KeePassXC.
//!
//! **Invariant.** Whether something is locked is looked at first; unlocking is left to its owner, because it opens a
//! window that a relay must not wait for.

use std::collections::HashMap;

use ::secret_service::blocking::SecretService as Service;
use ::secret_service::{EncryptionType, Error};

use super::{SERVICE, Trouble, Vault};

/// Connects anew for each question: the service may have been restarted since the last one.
pub(super) struct SecretService;

impl Vault for SecretService {
    fn get(&self, name: &str) -> Result<Option<String>, Trouble> {
        let service = connect()?;
        let found = service.search_items(attributes(name)).map_err(trouble)?;
        let Some(item) = found.unlocked.first() else {
            let is_locked = !found.locked.is_empty() || may_be_hidden(&service)?;
            return if is_locked { Err(Trouble::Locked) } else { Ok(None) };
        };
        let bytes = item.get_secret().map_err(trouble)?;
        String::from_utf8(bytes).map(Some).map_err(|_| Trouble::Refused("what it keeps is no text".to_owned()))
    }

    fn put(&self, name: &str, text: &str) -> Result<(), Trouble> {
        let service = connect()?;
        let collection = service.get_default_collection().map_err(trouble)?;
        collection.ensure_unlocked().map_err(trouble)?;
        let label = "Rollcall: the key of the office's passwords";
        collection.create_item(label, attributes(name), text.as_bytes(), true, "text/plain").map_err(trouble)?;
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), Trouble> {
        let service = connect()?;
        let found = service.search_items(attributes(name)).map_err(trouble)?;
        found.unlocked.iter().try_for_each(|item| item.delete().map_err(trouble))
    }
}

fn connect<'a>() -> Result<Service<'a>, Trouble> {
    Service::connect(EncryptionType::Dh).map_err(trouble)
}

fn attributes(name: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("account", name)])
}

/// Some services tell nothing of what is in a locked collection, and one without a collection has not begun.
fn may_be_hidden(service: &Service<'_>) -> Result<bool, Trouble> {
    let collections = service.get_all_collections().map_err(trouble)?;
    if collections.is_empty() {
        return Err(Trouble::Absent("it has no collection".to_owned()));
    }
    for collection in collections {
        if collection.is_locked().map_err(trouble)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn trouble(error: Error) -> Trouble {
    match error {
        Error::Locked => Trouble::Locked,
        Error::Unavailable | Error::NoResult => Trouble::Absent(error.to_string()),
        error => Trouble::Refused(error.to_string()),
    }
}
