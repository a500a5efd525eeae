//! Why a use case could not be carried out. The sentence is for the operator; the cause is chained.

use rollcall_core::AddressError;
use rollcall_store::StoreError;

/// Why not, named after what the caller must do.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The arguments are wrong.
    #[error("{0}")]
    Invalid(String),
    /// Text that should be an address or a domain is none.
    #[error("{0}")]
    Address(#[from] AddressError),
    /// It is not there.
    #[error("{0}")]
    NotFound(String),
    /// It does not fit the present state.
    #[error("{0}")]
    Conflict(String),
    /// Not in this folder, or not in this role.
    #[error("{0}")]
    Forbidden(String),
    /// Our own fault.
    #[error("{0}")]
    Internal(String),
    /// Another engine has the folder open.
    #[error("another Rollcall has this folder open: {0}")]
    FolderInUse(String),
    /// The folder cannot be used.
    #[error("the folder {folder} can't be used")]
    Folder {
        /// Which.
        folder: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The store failed.
    #[error("the store could not do it")]
    Store(#[from] StoreError),
}
