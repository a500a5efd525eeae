//! What is stored, as values.

mod address;
mod domain_settings;
mod evidence;
mod house;
mod journal;
mod mail_log;
mod notification;
pub(crate) mod trace;
mod truth;

pub use address::{AddressFilter, AddressListed, AddressPage, AddressRecord, AddressSort};
pub use domain_settings::{DomainSettings, Place, Remembered, StandingRow, Stranger};
pub use evidence::{EvidenceKind, EvidenceRecord, Settling, Traits};
pub use house::{
    DomainRecord, Kind, ListenerRecord, ListenerRole, ListenerTls, SenderHostRecord, Speaks, TlsPolicy, UpstreamRecord,
};
pub use journal::{JournalRecord, NewEntry, RowChange};
pub use mail_log::{
    DeliveredTo, Direction, MailLogCounts, MailLogFilter, MailLogOf, MailLogPage, MailLogRecord, Outcome,
};
pub use notification::{NamedAddress, NewNotification, NotificationRecord};
pub use trace::{Step, TraceStep};
pub use truth::TruthRecord;
