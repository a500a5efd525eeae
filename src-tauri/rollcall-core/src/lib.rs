//! Decides. Every rule of Rollcall is here as a pure function: facts and `now` in, a verdict out.
//!
//! **Invariant.** No I/O, no clock, no async, no SQL, no wire format: a test refuses such dependencies.
//!
//! **Limits.** The rules of `behaviour.md` sections 3.1 to 3.5 that this version has are listed in each module.

pub mod access;
pub mod account_kind;
pub mod address;
pub mod alias;
pub mod asking;
pub mod bounce;
pub mod brand;
pub mod clean;
pub mod decision;
pub mod delivery;
pub mod directory;
pub mod ending;
pub mod explained;
pub mod freeze;
pub mod fresh;
pub mod guess;
pub mod harvest;
pub mod money;
pub mod new_accounts;
pub mod notification;
pub mod policy;
pub mod recipient;
pub mod replay;
pub mod reply;
pub mod report;
pub mod reverify;
pub mod roster;
pub mod rule;
pub mod sealing;
pub mod seats;
pub mod shadow;
pub mod state;
pub mod terms;
pub mod time;
pub mod transition;
pub mod truth;
pub mod unknown;
pub mod week;
pub mod welcome;

pub use account_kind::AccountKind;
pub use address::{Address, AddressError, DomainName};
pub use reply::{Class, EnhancedStatusCode, Reply};
pub use rule::{Preset, Rule};
pub use state::{AddressState, InvalidReason, MadeBy, Role, Source};
pub use time::Timestamp;
