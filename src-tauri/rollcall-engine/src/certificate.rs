//! The certificate that clients see: made at the first start, or brought by the operator; changed without ending a session.
//!
//! **Invariant.** `tls.pem` in the data folder holds it with its key and is for the owner alone. A certificate that the
//! operator brought is never replaced; one made here is made anew before it ends.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;
use rollcall_core::Timestamp;
use rollcall_core::time::DAY_MS;
use rollcall_net::identity::Day;
use rollcall_net::{CertificateFacts, Identity};
use rollcall_store::Tx;

use crate::bus::Tag;
use crate::error::EngineError;
use crate::house::House;
use crate::office::note;
use crate::private_file;

/// How long one that is made here holds.
const YEARS: i16 = 10;
/// How long before its end the operator is told, and one made here is replaced.
pub const SOON_MS: i64 = 30 * DAY_MS;

/// The present certificate.
pub struct Certificate {
    file: PathBuf,
    present: ArcSwap<Present>,
}

struct Present {
    config: Arc<rollcall_net::ServerConfig>,
    facts: CertificateFacts,
}

impl Certificate {
    /// Reads the folder's certificate, or makes one for `hostname`.
    ///
    /// # Errors
    /// [`EngineError::Folder`] when it cannot be written; a certificate that cannot be read is kept aside and another made.
    pub fn open(folder: &Path, hostname: &str, now: Timestamp) -> Result<Self, EngineError> {
        let file = folder.join("tls.pem");
        let unusable = |source| EngineError::Folder { folder: folder.display().to_string(), source };
        let kept = match fs::read_to_string(&file) {
            Ok(pem) => Identity::from_pem(&pem).map_err(|error| tracing::error!(%error, "tls.pem can't be used")).ok(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(unusable(error)),
        };
        if kept.is_none() && file.exists() {
            fs::rename(&file, folder.join("tls.pem.unusable")).map_err(unusable)?;
        }
        let lasting = kept.filter(|identity| !ends_soon(identity, now));
        let identity = match lasting {
            Some(identity) => identity,
            None => made(&file, hostname, now).map_err(unusable)?,
        };
        let present = Present::of(&identity).map_err(|error| unusable(io::Error::other(error)))?;
        Ok(Self { file, present: ArcSwap::from_pointee(present) })
    }

    /// What the server shows now.
    pub fn config(&self) -> Arc<rollcall_net::ServerConfig> {
        Arc::clone(&self.present.load().config)
    }

    /// What it says of itself.
    pub fn facts(&self) -> CertificateFacts {
        self.present.load().facts.clone()
    }
}

impl Present {
    fn of(identity: &Identity) -> Result<Self, rollcall_net::IdentityError> {
        Ok(Self { config: identity.server_config()?, facts: identity.facts()? })
    }
}

/// Only one that signed itself, and so was made here, is replaced by itself.
fn ends_soon(identity: &Identity, now: Timestamp) -> bool {
    identity.facts().is_ok_and(|facts| facts.self_signed && facts.not_after_ms < now.plus_ms(SOON_MS).0)
}

fn made(file: &Path, hostname: &str, now: Timestamp) -> io::Result<Identity> {
    let today = jiff::Timestamp::from_millisecond(now.0).map_err(io::Error::other)?;
    let today = today.to_zoned(jiff::tz::TimeZone::UTC).date();
    let day = |date: jiff::civil::Date| -> Day {
        (i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    let yesterday = today.yesterday().map_err(io::Error::other)?;
    let end = today.checked_add(jiff::Span::new().years(YEARS)).map_err(io::Error::other)?;
    let names = [hostname.to_owned()];
    let (identity, pem) = Identity::self_signed(&names, day(yesterday), day(end)).map_err(io::Error::other)?;
    private_file::keep(file, pem.as_bytes())?;
    Ok(identity)
}

/// What the operator brings.
pub enum Brought {
    /// Certificate chain and key as PEM text.
    Pem(String),
    /// A PFX file and its passphrase.
    Pfx {
        /// The file's bytes.
        bytes: Vec<u8>,
        /// Empty for none.
        passphrase: String,
    },
}

impl House {
    /// Shows this certificate to clients from now on; sessions under way go on with the one they have.
    ///
    /// # Errors
    /// Invalid, with what is missing or wrong; then the present one stays.
    pub async fn import_certificate(&self, brought: Brought) -> Result<(), EngineError> {
        let invalid =
            |error: rollcall_net::IdentityError| EngineError::Invalid(format!("Nothing was changed: {error}."));
        let (identity, pem) = match brought {
            Brought::Pem(text) => (Identity::from_pem(&text).map_err(invalid)?, text),
            Brought::Pfx { bytes, passphrase } => Identity::from_pfx(&bytes, &passphrase).map_err(invalid)?,
        };
        let present = Present::of(&identity).map_err(invalid)?;
        let now = self.clock.now();
        if present.facts.not_after_ms <= now.0 {
            return Err(EngineError::Invalid("Nothing was changed: that certificate has ended.".to_owned()));
        }
        let why = format!("clients see the certificate {}", present.facts.subject);
        private_file::keep(&self.certificate.file, pem.as_bytes())
            .map_err(|source| EngineError::Folder { folder: self.folder.display().to_string(), source })?;
        self.certificate.present.store(Arc::new(present));
        self.store.write(move |tx: &Tx<'_>| note(tx, "import_certificate", why, now)).await?;
        self.bus.stale(&[Tag::Setup, Tag::Health]);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_start_makes_one_the_next_finds_it_and_one_that_ends_soon_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp(1_795_000_000_000);

        let first = Certificate::open(folder.path(), "mx.acme.example", now).unwrap().facts();
        let second = Certificate::open(folder.path(), "mx.acme.example", now).unwrap().facts();
        let later = Certificate::open(folder.path(), "mx.acme.example", now.plus_ms(3_640 * DAY_MS)).unwrap().facts();

        assert_eq!(first, second);
        assert_eq!(first.names, ["mx.acme.example"]);
        assert_ne!(later.fingerprint, first.fingerprint);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join("tls.pem")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_kept_aside_and_mail_flows_on() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("tls.pem"), "rubbish").unwrap();

        Certificate::open(folder.path(), "mx.acme.example", Timestamp(1_795_000_000_000)).unwrap();

        assert_eq!(fs::read_to_string(folder.path().join("tls.pem.unusable")).unwrap(), "rubbish");
    }
}
