//! Does. One file a use case; decisions come from rollcall-core, effects happen here in one visible order.
//!
//! **Invariant.** `250` goes to a client only after the destination's own `250`, or after the message is durable in the
//! spool. Evidence, counters and log follow; a crash may lose 200 ms of those, never mail.
//!
//! **Limits.** One engine a data folder. Quarantine is a later room.

pub mod access;
mod alike;
pub mod bars;
pub mod bus;
mod catch_all;
pub mod certificate;
pub mod clock;
pub mod contacts;
pub mod decide;
mod deliver;
pub mod destinations;
pub mod discover;
pub mod discovery_switch;
mod disk;
pub mod domains;
pub mod dry_run;
mod entry;
pub mod error;
pub mod explain;
pub mod fresh;
mod ground;
pub mod harvest;
pub mod health;
mod held;
mod hours;
mod house;
mod ids;
mod inbound;
mod lapse;
mod late_bounce;
mod letters;
mod limits;
mod listen;
mod names;
pub mod networks;
pub mod notification;
pub mod office;
mod open;
pub mod outlook;
pub mod outward;
mod outward_probe;
mod own_place;
mod password;
mod private_file;
pub mod probe;
mod prove;
pub mod queue;
mod reach;
mod receive;
mod receiving;
mod recipients;
pub mod retention;
mod reverify;
pub mod seats;
mod secrets;
mod settled;
pub mod setup;
pub mod shadow;
mod skip;
mod strangers;
pub mod suggest;
mod supervise;
mod survey;
pub mod sync;
mod tick;
mod truths;
pub mod undo;
pub mod week;
pub mod weekly_report;

pub use access::SessionId;
pub use bus::{Bus, Event, Notice, Tag};
pub use clock::Clock;
pub use error::EngineError;
pub use hours::{HourPassed, Hours};
pub use house::House;
pub use limits::SessionLimits;
pub use open::{HouseOptions, open};
pub use rollcall_net::resolve::Exchanger;
pub use rollcall_net::{Destination, TlsPolicy};
pub use rollcall_store as store;
