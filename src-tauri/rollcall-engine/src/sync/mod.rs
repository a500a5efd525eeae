//! The sync with a directory: its source, its runs, and what is decided about it (rows Z01 to Z08, V07 to V09, T15 to T19).
//!
//! **Invariant.** Without a whole answer nothing is concluded. A run that does not end is seen as one, and the next does the
//! rest.
//!
//! **Limits.** One source, one run at a time.

mod apply;
mod clock;
mod look;
mod pieces;
pub(crate) mod run;
mod secret;
mod settings;
mod settle;
mod settle_alike;
mod source;
mod state;
mod tell;
mod written;

pub use look::{Branch, CertificateSeen, Looked};
pub use rollcall_directory::LdapSecurity;
pub use run::{Accepted, Preview};
pub use settings::{EntraSet, GRAPH_URL, LOGIN_URL, LdapSet, Proof, SourceSet, SyncSet};
pub use settle::Settled;
pub use source::check_certificate;
pub use state::{Leaving, State, Status};

pub(crate) use clock::turn;
pub(crate) use settings::holds_discovery;
