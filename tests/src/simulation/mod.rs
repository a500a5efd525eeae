//! A year of an office through the real relay, in minutes: forty people, the mail of everybody who writes to them, a mail
//! server that changes its ways, and an operator who looks once a week.
//!
//! What is true is known ([`world`]); what the program made of it is counted ([`ledger`]). Everything between is the
//! production path: real SMTP over loopback into the real engine, whose clock is moved hour by hour.
//!
//! **Invariant.** World and traffic come from the seed alone. The program never learns anything from the world but by mail.
//!
//! **Limits.** Needs loopback addresses beside 127.0.0.1, which macOS does not have by itself. An hour's mail comes within a
//! moment of it. The office's mail server neither fills up nor fails.

pub mod evidence;
pub mod ledger;
pub mod letter;
pub mod mail_server;
pub mod names;
pub mod office;
pub mod operator;
pub mod people;
pub mod plan;
pub mod post;
pub mod preset;
pub mod report;
mod run;
pub mod traffic;
pub mod world;

pub use preset::Preset;
pub use run::{Order, Outcome, run};
