//! What the store and the spool promise, through their public door, on real files.

#![allow(clippy::unwrap_used, reason = "tests")]

mod addresses;
mod backups;
mod batches;
mod domains;
mod evidence;
mod folder;
mod given;
mod held_for;
mod house;
mod journal;
mod killed;
mod letters;
mod mail_log;
mod notifications;
mod outlook;
mod plans;
mod spool;
mod spool_files;
mod statements;
mod words;
