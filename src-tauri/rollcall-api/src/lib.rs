//! Answers. One API of queries, commands and events for the window, the command line and tests.
//!
//! **Invariant.** A shell has no other way in. Events carry no data: they say what to ask again.

pub mod answers;
mod arguments;
mod ask;
mod door;
mod fault;
mod local;
mod order;
pub mod permission;
mod place;
pub mod registry;
mod socket;
pub mod typescript;
pub mod wire;

pub use door::{Door, Events, Kind, OpenOptions, attach, check_backup, open, prove_owner, restore_backup};
pub use rollcall_core::access::Role;
pub use rollcall_core::sealing::Wish as SecretsWish;
pub use rollcall_engine::backup::UPLOAD;
pub use rollcall_engine::{Exchanger, HourPassed, Hours, SessionLimits};
pub use wire::{AccessNews, Code, Event, Fault, Notice, Tag};
