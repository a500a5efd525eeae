//! What is stored, as values.

mod address;
mod evidence;
mod house;
mod journal;
mod mail_log;

pub use address::{AddressFilter, AddressListed, AddressPage, AddressRecord, AddressSort};
pub use evidence::{EvidenceKind, EvidenceRecord};
pub use house::{
    DomainRecord, Kind, ListenerRecord, ListenerRole, ListenerTls, SenderHostRecord, Speaks, TlsPolicy, UpstreamRecord,
};
pub use journal::{JournalRecord, NewEntry, RowChange};
pub use mail_log::{MailLogRecord, Outcome};
