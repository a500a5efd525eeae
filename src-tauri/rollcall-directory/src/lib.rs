//! Asks directories: LDAP and Active Directory, and Microsoft Entra through Graph, behind one face.
//!
//! **Invariant.** An answer is whole or an error. A time-out, a limit, a page that is missing or a right that is missing
//! never looks like "nobody is there" (pitfalls 5 and 6).

mod entra;
mod error;
mod ldap;
mod look;
mod patience;
mod secret;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rollcall_core::directory::Reading;
use tokio_util::sync::CancellationToken;

pub use entra::{CLOUDS, Cloud, Credential, EntraSettings};
pub use error::{CertificateSeen, DirectoryError};
pub use ldap::{Branch, LdapSecurity, LdapSettings, Trust, branches, certificate};
pub use look::Found;
pub use patience::Patience;
pub use secret::Secret;

/// Where a directory is, and how it lets us in.
#[derive(Debug, Clone)]
pub enum Source {
    /// LDAP, Active Directory among it.
    Ldap(LdapSettings),
    /// Microsoft Entra.
    Entra(EntraSettings),
}

/// What to ask for.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// The cursor of the last good answer; None asks for everything.
    pub since: Option<String>,
    /// The ids of everybody whom the last good answer had; without them a directory that tells only who is there is asked
    /// for everything, because nobody could say who is gone.
    pub known: Option<Arc<HashSet<String>>>,
    /// Says how far it is.
    pub progress: Progress,
    /// Ends it.
    pub cancel: CancellationToken,
    /// Now, milliseconds UTC: after a day everything is read again, and a certificate proves an app only for some minutes.
    pub now_ms: i64,
    /// How long to wait.
    pub patience: Patience,
}

/// How many entries came so far.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    /// Some more came.
    pub fn came(&self, entries: u64) {
        self.0.fetch_add(entries, Ordering::Relaxed);
    }

    /// So many came.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The entries.
    pub reading: Reading,
    /// What to give the next time, if the directory can tell changes.
    pub cursor: Option<String>,
    /// What is odd and has cost nothing: referrals that were not followed, kinds that it could not tell apart. Sentences.
    pub remarks: Vec<String>,
    /// The certificate that the server showed and that was believed, for the warning before it ends (V21).
    pub certificate: Option<CertificateSeen>,
    /// When the secret or certificate that let us in ends, milliseconds UTC, if that can be known.
    pub secret_expires_ms: Option<i64>,
}

impl Source {
    /// Asks for everything, or for what changed since a cursor. A cursor that the directory no longer takes is answered
    /// with everything.
    ///
    /// # Errors
    /// [`DirectoryError`]; nothing of what came may be used then.
    pub async fn read(&self, ask: &Ask) -> Result<Answer, DirectoryError> {
        match self {
            Self::Ldap(settings) => ldap::read(settings, ask).await,
            Self::Entra(settings) => entra::read(settings, ask).await,
        }
    }
}
