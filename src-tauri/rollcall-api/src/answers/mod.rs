//! What queries answer, as the window and scripts see it. All times are milliseconds since 1970 UTC.

pub mod access;
mod address;
mod discovery;
mod domains;
mod dry_run;
mod harvest;
mod health;
mod journal;
mod lists;
mod mail_log;
mod mailflow;
mod notification;
pub mod outgoing;
mod overview;
mod probe;
pub mod queue;
mod receiving;
mod recipients;
mod reporting;
mod shadow;
pub mod sync;
mod sync_look;
mod truth;

pub use address::{
    AccountKindWord, AddressDetail, AddressRow, Addresses, AliasRow, Changed, Evidence, EvidenceKind, RoleWord,
    StateCounts, StateWord, Strength, StrengthVerdict, Suggestion, SuggestionKind, WaitingCounts,
};
pub use discovery::{
    AliasRuleWord, BasisWord, Discovery, DomainRule, NoticeShown, OnExpiryWord, OnOutboundWord, OnReachedWord,
    PresetRow, PresetWord, RuleRow, WeeklyNotice,
};
pub use domains::{AddressRoute, Destination, DomainRow, DomainSettings, Domains, Reachability, TlsWord};
pub use dry_run::{
    DryRun, DryRunAddress, DryRunAddresses, DryRunBogus, DryRunBogusUsers, DryRunHow, DryRunSwitch, DryRunUser,
    DryRunUsers,
};
pub use harvest::{BlockedClient, BlockedClients};
pub use health::{DiscoveryWord, Health, HealthFault, HealthState, TimeSkipped};
pub use journal::{Journal, JournalEntry};
pub use lists::{
    BackupExported, CsvCounts, CsvEncoding, CsvImported, CsvLine, CsvPreview, CsvWhat, PeopleExport, PeopleReport,
};
pub use mail_log::{MailLog, MailLogRow, Outcome};
pub use mailflow::{
    BarWidth, LogRetention, MailBar, MailCounts, MailLogExport, MailMessage, MailReport, ReasonCount, TimeCount,
    TraceRow, TraceWho,
};
pub use notification::{
    Inbox, InboxActed, InboxButton, InboxRow, InboxState, InboxView, NotificationKind, NotificationLevel,
    NotificationSettings,
};
pub use overview::{AddressWeek, MailHour, Overview};
pub use probe::{DestinationTest, TestStep, TestVerdict};
pub use queue::Direction;
pub use receiving::{CertificateRow, ListenerRow, ListenerSet, Receiving};
pub use recipients::{CachedAnswer, CachedWord, RecipientCache, RecipientCacheCleared};
pub use reporting::{CauseWord, ContactRow, LetterTrouble, NewAccountRow, ReportRow, Reporting, Reports, WeeklyReport};
pub use shadow::{FreshInvalid, HeldForAddress, Observed, ObservedRow, Restored, Reverify, Shadow};
pub use truth::TruthWord;
