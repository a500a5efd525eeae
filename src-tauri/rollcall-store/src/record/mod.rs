//! What is stored, as values.

mod address;
mod domain_settings;
mod evidence;
mod house;
mod journal;
mod letter;
mod mail_log;
mod notification;
mod observed;
mod recorded;
mod sync;
pub(crate) mod trace;
mod truth;

pub use address::{
    AddressFilter, AddressListed, AddressOnly, AddressPage, AddressRecord, AddressSort, COUNTED, Outlook, OutlookCounts,
};
pub use domain_settings::{DomainSettings, Place, Remembered, StandingRow, Stranger};
pub use evidence::{EvidenceKind, EvidenceRecord, Settling, Traits};
pub use house::{
    DomainRecord, Kind, ListenerRecord, ListenerRole, ListenerTls, SenderHostRecord, Speaks, TlsPolicy, UpstreamRecord,
};
pub use journal::{JournalRecord, NewEntry, RowChange, SettingChange};
pub use letter::{DueLetter, LetterRecord, LetterState, NewAccount, NewKind, NewReport, ReportRecord};
pub use mail_log::{
    DeliveredTo, Direction, MailLogCounts, MailLogFilter, MailLogOf, MailLogPage, MailLogRecord, Outcome,
};
pub use notification::{NamedAddress, NewNotification, NotificationRecord};
pub use observed::Observed;
pub use recorded::{DecisionRecord, SeenRecord, TickRecord};
pub use sync::{ExemptRecord, LeavingRecord, SyncCause, SyncChangeRecord, SyncOutcome, SyncRunRecord};
pub use trace::{Step, TraceStep};
pub use truth::TruthRecord;
