//! The typed functions of [`Tx`](crate::Tx), a file an area of the schema.

pub(crate) mod account_note;
mod address;
mod address_form;
mod address_list;
mod address_row;
mod day;
mod directory;
mod domain;
mod domain_settings;
mod evidence;
pub(crate) mod folder;
mod house;
mod journal;
mod letter;
mod mail_log;
mod mail_log_list;
mod notification;
mod observed;
mod outlook;
mod recipient;
mod recorded;
mod reverify;
mod roster;
mod stranger;
mod sync;
mod truth;
mod weekly_report;
