//! The neighbourhood: people, lists, programs and somebody guessing names, who all write to the practice office.
//!
//! Who writes what and when is pure and comes from a seed ([`timetable`]); sending it is plain SMTP over a socket
//! ([`call`]), from which on everything is the production path.
//!
//! **Invariant.** Only names without a mailbox are guessed, so guessing never makes a row.

pub mod call;
pub mod cast;
pub mod letter;
pub mod life;
pub mod round;
mod texts;
pub mod timetable;

pub use call::{Call, CallError, Handed};
pub use cast::Host;
pub use timetable::Neighbourhood;

/// What a mailbox is written to about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desk {
    /// Appointments, drafts, questions between colleagues.
    Office,
    /// Orders and quotes.
    Orders,
    /// Slots, pallets, drivers.
    Deliveries,
    /// Invoices and statements.
    Invoices,
    /// Questions from strangers.
    Enquiries,
    /// People looking for work.
    Applications,
}
