//! What the store and the spool promise, through their public door, on real files.

#![allow(clippy::unwrap_used, reason = "tests")]

mod addresses;
mod backups;
mod batches;
mod domains;
mod evidence;
mod folder;
mod given;
mod house;
mod journal;
mod killed;
mod mail_log;
mod notifications;
mod plans;
mod spool;
mod spool_files;
mod statements;
mod words;
