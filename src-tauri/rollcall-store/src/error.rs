//! Why the store could not answer.

use std::path::PathBuf;
use std::sync::Arc;

use crate::record::Kind;

/// Why the store could not answer. Variants are named after what the caller can do about them.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file was written by a newer version; opening it would lose data.
    #[error(
        "{} is from a newer version of Rollcall (its schema is {found}, this version knows {known}); install that version or newer", path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The schema the file has.
        found: usize,
        /// The newest schema this version knows.
        known: usize,
    },
    /// A practice folder was opened as a real one, or the other way round.
    #[error("this folder is {found}, and it can't be opened as {wanted}; choose another folder")]
    WrongKind {
        /// What the folder is.
        found: Kind,
        /// What it was opened as.
        wanted: Kind,
    },
    /// The file is damaged. A backup is needed.
    #[error("{} is damaged ({what}); restore it from a backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite found.
        what: String,
    },
    /// SQLite said no.
    #[error("the database could not {action}")]
    Sqlite {
        /// What we were doing, as an infinitive.
        action: &'static str,
        /// SQLite's reason.
        #[source]
        source: rusqlite::Error,
    },
    /// The schema could not be brought up to date.
    #[error("the database could not be brought up to date")]
    Migration {
        /// The reason.
        #[source]
        source: rusqlite_migration::Error,
    },
    /// A file or folder could not be used.
    #[error("could not {action} {}", path.display())]
    File {
        /// What we were doing, as an infinitive.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: std::io::Error,
    },
    /// The batch this job was part of could not be committed. Nothing of it is stored.
    #[error("the database could not commit")]
    Commit {
        /// SQLite's reason, shared by every job of the batch.
        #[source]
        source: Arc<rusqlite::Error>,
    },
    /// The job panicked. Nothing of it is stored; other jobs are not concerned.
    #[error("a change to the database stopped halfway and was rolled back ({what})")]
    Panicked {
        /// The panic's message.
        what: String,
    },
    /// The store was closed.
    #[error("the database is closed")]
    Closed,
    /// No message with this queue id is in the spool.
    #[error("message {queue_id} is not in the spool")]
    NoSuchMessage {
        /// The queue id that was asked for.
        queue_id: String,
    },
    /// A message for nobody was handed over; it must not be acknowledged.
    #[error("message {queue_id} has no recipient")]
    NoRecipient {
        /// The message.
        queue_id: String,
    },
    /// The content that was handed over is not as long as was said; it must not be acknowledged.
    #[error("the content of message {queue_id} has {found} bytes instead of {said}")]
    ContentSize {
        /// The message.
        queue_id: String,
        /// What the caller said.
        said: u64,
        /// What the file has.
        found: u64,
    },
}
