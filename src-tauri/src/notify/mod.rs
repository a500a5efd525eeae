//! Desktop notifications: when to speak (`herald`), in which words (`words`), and how this system shows them (`board`).
//!
//! **Invariant.** A notification that cannot be shown is logged and forgotten; the window's own lists are the truth.
//!
//! **Limits.** No buttons yet: a click on the notification opens the list, where the main button is one key away. Quiet
//! hours are those of the system.

#[cfg_attr(target_os = "linux", path = "freedesktop.rs")]
#[cfg_attr(not(target_os = "linux"), path = "native.rs")]
mod board;
mod herald;
mod poster;
pub mod words;

pub use herald::{Circumstances, Herald, Verdict};
pub use poster::{Poster, Topic};
pub use words::Words;
