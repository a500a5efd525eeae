//! Remembers. SQLite in two files, and the only place with SQL.
//!
//! `rollcall.db` ([`Store`]) holds what was learned and decided: domains, addresses, evidence, journal, mail log.
//! `spool.db` ([`Spool`]) holds mail that we answered 250 for and have not handed on yet. Each file has one writer
//! thread: it drains a bounded queue into one transaction a batch and acknowledges after the commit, so a hundred
//! sessions share one flush to the disk.
//!
//! **Invariant.** Nothing is acknowledged before it is durable. SQL lives in `sql/`, one statement a file, and every
//! file is prepared against the migrated schema by a test. No clock is read here: time is an argument.
//!
//! **Limits.** One process opens a folder at a time (the engine's lock file sees to it). On Windows the files inherit
//! the folder's access list; only on Unix are the modes 0700 and 0600 set.

mod area;
mod backup;
mod connection;
mod database;
mod decider;
mod error;
mod readers;
mod recent;
mod record;
mod schema;
mod spool;
mod store;
mod tx;
mod writer;

pub use decider::{decided_by, decider};
pub use error::StoreError;
pub use record::{
    AddressFilter, AddressListed, AddressOnly, AddressPage, AddressRecord, AddressSort, COUNTED, DecisionRecord,
    DeliveredTo, Direction, DomainRecord, DomainSettings, DueLetter, EvidenceKind, EvidenceRecord, ExemptRecord,
    JournalRecord, Kind, LeavingRecord, LetterRecord, LetterState, ListenerRecord, ListenerRole, ListenerTls,
    MailLogCounts, MailLogFilter, MailLogOf, MailLogPage, MailLogRecord, NamedAddress, NewAccount, NewEntry, NewKind,
    NewNotification, NewReport, NotificationRecord, Observed, Outcome, Outlook, OutlookCounts, Place, Remembered,
    ReportRecord, RowChange, SeenRecord, SenderHostRecord, SettingChange, Settling, Speaks, StandingRow, Step,
    Stranger, SyncCause, SyncChangeRecord, SyncOutcome, SyncRunRecord, TickRecord, TlsPolicy, TraceStep, Traits,
    TruthRecord, UpstreamRecord,
};
pub use spool::{
    Claimed, ClaimedRecipient, Deleted, Handed, HeldFor, HeldMessage, HeldRecipient, Lane, NewMessage, NewRecipient,
    Notice, RecipientState, Settled, Settlement, Spool, SpoolContent, SpoolListed, SpoolNumbers, SpoolRecipient,
    StoredContent,
};
pub use store::Store;
pub use tx::Tx;
