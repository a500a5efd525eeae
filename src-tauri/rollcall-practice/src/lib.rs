//! The practice office: a small firm with a mail server of its own, a neighbourhood that writes to it over real SMTP,
//! and a virtual clock, all in this process and on loopback. Everything after the socket is the production path.
//!
//! **Invariant.** The office lives in its own folder, marked as practice, and is reached through `rollcall-api` like any
//! other. Nothing of it leaves this computer: every domain is reserved for examples, every port is on loopback.
//!
//! **Limits.** One office, one domain. The neighbourhood writes only while the process that opened the office runs.

mod mail_server;
mod mailboxes;
mod neighbourhood;
mod office;
mod random;
mod supervise;

pub use mail_server::{Household, MailboxCount, SmtpServer};
pub use mailboxes::{DOMAIN, MAILBOXES, Mailbox};
pub use neighbourhood::{Call, CallError, Desk, Handed, Host};
pub use office::{FOLDER, Office, open, open_at};
pub use random::Random;
