//! Desktop notifications: what of the inbox goes to the screen (`herald`), one a topic (`poster`), and how this system
//! shows them (`board`). Words and buttons are the engine's.
//!
//! **Invariant.** A notification that cannot be shown is logged and forgotten; the inbox is the truth. A button does the
//! whole job without the window; where a system has no buttons, a click opens the row with its main button one key away.
//!
//! **Limits.** Buttons work as long as this program runs.

#[cfg_attr(target_os = "linux", path = "freedesktop.rs")]
#[cfg_attr(not(target_os = "linux"), path = "native.rs")]
mod board;
mod herald;
mod poster;
mod words;

pub use herald::{Circumstances, Herald, Step};
pub use poster::{Answered, Poster, Shown, Topic};
pub use words::{UNDO, Words, closing, counted, cut, done, failed, told};
