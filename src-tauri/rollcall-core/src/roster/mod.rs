//! Lists of people in files (behaviour.md rows M08, Z09, V12): from bytes to lines, from lines to what importing them would
//! do, and back to cells that no spreadsheet runs.
//!
//! **Invariant.** A line that cannot be read is told with its number and never stops the others. Nobody who is named
//! anywhere in a file is removed because of it, be it in a line that cannot be read.
//!
//! **Limits.** Which columns Mailprotector and Mail Assure write is published nowhere: such files are read by the names in
//! their header. A cell of more than 20 lines counts as one whose quotation mark is never closed.

mod cut;
mod guard;
mod layout;
mod plan;
mod read;
mod text;

pub use cut::Delimiter;
pub use guard::{guarded, unguarded};
pub use layout::{Column, Layout, OWN_HEADER};
pub use plan::{Change, Counts, Entry, Known, Mode, Plan, What, Wish, plan, removal_limit};
pub use read::{Bad, Kind, Line, Person, Roster, Unreadable, Wanted, read};
pub use text::Encoding;

/// The largest file, in bytes.
pub const MOST_BYTES: usize = 20 * 1024 * 1024;
/// The most rows in a file.
pub const MOST_ROWS: usize = 100_000;
