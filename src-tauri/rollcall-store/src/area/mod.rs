//! The typed functions of [`Tx`](crate::Tx), a file an area of the schema.

mod address;
mod address_form;
mod address_list;
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
mod stranger;
mod sync;
mod truth;
mod weekly_report;
