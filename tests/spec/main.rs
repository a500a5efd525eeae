//! The specification of Rollcall, as tests. Names carry the rows of behaviour.md they hold for.

mod architecture;
mod backup;
mod bad_input;
mod conformance;
mod contract;
mod csv;
#[cfg(target_os = "linux")]
mod directory;
mod discovery;
mod domains;
mod dry_run;
mod encryption;
#[cfg(target_os = "linux")]
mod flushed;
mod fresh_invalid;
mod harvest;
mod inbox;
#[cfg(unix)]
mod journeys;
#[cfg(target_os = "linux")]
mod keychain;
#[cfg(unix)]
mod letters;
mod lists;
mod loss;
mod mail_log;
#[cfg(all(feature = "measure", target_os = "linux"))]
mod measure;
#[cfg(all(feature = "measure", target_os = "linux"))]
mod measure_sync;
mod outward;
#[cfg(unix)]
mod peers;
mod people;
mod practice;
mod queue;
mod receiving;
mod recipient_cache;
mod relay;
mod reverify;
mod roles;
mod rows;
mod rules;
mod shadow;
#[cfg(not(target_os = "macos"))]
mod simulation;
mod spool;
#[cfg(unix)]
mod sync;
#[cfg(target_os = "linux")]
mod sync_active_directory;
mod sync_cli;
#[cfg(target_os = "linux")]
mod sync_failures;
#[cfg(target_os = "linux")]
mod sync_pieces;
mod trust;
mod truth;
#[cfg(unix)]
mod webdriver;
