//! The inbox: what people are told is written down with what it tells of, given to the shells when its time has come, and
//! acted on from there (X11, X12).
//!
//! **Invariant.** The inbox is the truth; what a desktop shows is a copy. Words, buttons and times come from
//! [`rollcall_core::notification`]. An action goes through the same use cases as the window's own buttons.
//!
//! **Limits.** Outages, blocked clients and news of the password are facts of this process: they are written down right
//! after they happen, not with them.

mod act;
mod daily;
mod facts;
mod hear;
mod inbox;
mod post;
pub(crate) mod tell;
mod wishes;

pub use act::Acted;
pub use inbox::{Entry, Inbox};
pub(crate) use post::watch;
pub use wishes::{Wanted, Wishes};

use rollcall_core::time::DAY_MS;

/// The setting that holds when the office was set up, in milliseconds.
pub(crate) const SET_UP: &str = "set_up_ms";
/// How long the inbox keeps what nothing was added to.
pub(crate) const KEPT_MS: i64 = 90 * DAY_MS;
