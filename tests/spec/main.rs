//! The specification of Rollcall, as tests. Names carry the rows of behaviour.md they hold for.

mod architecture;
mod bad_input;
mod contract;
mod discovery;
mod journeys;
mod loss;
mod peers;
mod practice;
mod relay;
mod spool;
mod trust;
mod webdriver;
