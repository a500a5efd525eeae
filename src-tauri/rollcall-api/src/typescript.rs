//! The window's types, made from the same Rust types that the wire carries.

use ts_rs::{Config, TS};

use crate::{answers as a, registry as r, wire as w};

macro_rules! declare {
    ($text:ident, $config:ident; $($type:ty),* $(,)?) => { $(
        $text.push_str("export ");
        $text.push_str(&<$type>::decl($config));
        $text.push('\n');
    )* };
}

/// The whole content of `ui/src/lib/api/types.ts`; a test compares it with the file.
#[must_use]
pub fn types() -> String {
    let config = Config::default().with_large_int("number");
    let mut text = String::from("// Made from rollcall-api (its example `types`); edit the Rust types instead.\n\n");
    wire(&mut text, &config);
    arguments(&mut text, &config);
    discovery(&mut text, &config);
    notifications(&mut text, &config);
    sync(&mut text, &config);
    lists(&mut text, &config);
    answers(&mut text, &config);
    text
}

/// What is said around questions and answers.
fn wire(text: &mut String, config: &Config) {
    declare!(text, config;
        w::Code,
        w::Fault,
        w::Tag,
        w::AccessNews,
        w::Notice,
        w::Event,
    );
}

/// Questions, commands and their arguments.
fn arguments(text: &mut String, config: &Config) {
    declare!(text, config;
        r::Query,
        r::Command,
        r::Nothing,
        r::AddressesArgs,
        r::AddressSort,
        r::AddressOnly,
        r::AddressArgs,
        r::MailLogOf,
        r::MailLogArgs,
        r::MailMessageArgs,
        r::PeriodArgs,
        r::ExportFormat,
        r::ExportMailLogArgs,
        r::SetLogRetentionArgs,
        r::JournalArgs,
        r::AddDomainArgs,
        r::RemoveDomainArgs,
        r::TagDelimiter,
        r::UnknownWord,
        r::InactiveWord,
        r::Itself,
        r::Verification,
        r::SetDomainArgs,
        r::SetAliasDomainsArgs,
        r::SetRouteArgs,
        r::ListenerRole,
        r::ListenerTls,
        r::SetListenerArgs,
        r::RemoveListenerArgs,
        r::Speaks,
        r::Upstream,
        r::UpstreamArg,
        r::SetUpstreamsArgs,
        r::SenderHost,
        r::SetSenderHostsArgs,
        r::ImportCertificateArgs,
        r::UnblockClientArgs,
        r::ClearRecipientCacheArgs,
        r::SetNotificationsArgs,
        r::TestDestinationArgs,
        r::TestDomainArgs,
        r::NewUser,
        r::CreateUserArgs,
        r::AddressListArgs,
        r::AddAliasArgs,
        r::PinAddressArgs,
    );
    arguments_of_discovery(text, config);
    arguments_of_office(text, config);
}

fn arguments_of_discovery(text: &mut String, config: &Config) {
    declare!(text, config;
        r::SetDiscoveryArgs,
        r::SetRuleArgs,
        r::DryRunArgs,
        r::DayWord,
        r::SetWeeklyArgs,
        r::SetHolidayArgs,
        r::SetUpstreamAuthservArgs,
        r::SetShadowArgs,
        r::HoldFreshWord,
        r::SetHoldFreshArgs,
        r::RestoreWord,
        r::RestoreAndDeliverArgs,
        r::ObservedArgs,
        r::ReportsArgs,
        r::ReportArgs,
        r::SetReportsArgs,
        r::SetContactArgs,
        r::SetLetterSenderArgs,
        r::SetWelcomeArgs,
    );
}

fn arguments_of_office(text: &mut String, config: &Config) {
    declare!(text, config;
        r::SetNameArgs,
        r::SetMainAddressArgs,
        r::SetKindArgs,
        r::SetAdministratorArgs,
        r::UndoArgs,
        r::SkipTimeArgs,
        r::queue::QueueArgs,
        r::queue::FlushQueueArgs,
        r::queue::QueueIdsArgs,
        r::queue::SetDiskReserveArgs,
        r::queue::SetReplyContactArgs,
        r::outgoing::OutboundMode,
        r::outgoing::SetOutboundArgs,
        r::outgoing::SetOutboundSecretArgs,
        r::outgoing::TestOutboundArgs,
        r::access::SignInArgs,
        r::access::SetPasswordArgs,
        r::access::ResetPasswordArgs,
        r::access::SetLicenceArgs,
        r::access::ForecastArgs,
    );
}

/// What is answered about discovery.
fn discovery(text: &mut String, config: &Config) {
    declare!(text, config;
        a::PresetWord,
        a::BasisWord,
        a::OnReachedWord,
        a::OnExpiryWord,
        a::OnOutboundWord,
        a::AliasRuleWord,
        a::RuleRow,
        a::PresetRow,
        a::DomainRule,
        a::WeeklyNotice,
        a::Discovery,
        a::NoticeShown,
        a::DryRunHow,
        a::DryRunAddress,
        a::DryRunUser,
        a::DryRunBogus,
        a::DryRunAddresses,
        a::DryRunUsers,
        a::DryRunBogusUsers,
        a::DryRunSwitch,
        a::DryRun,
        a::Restored,
        a::HeldForAddress,
        a::FreshInvalid,
        a::Reverify,
        a::ReportRow,
        a::Reports,
        a::CauseWord,
        a::NewAccountRow,
        a::WeeklyReport,
        a::ContactRow,
        a::LetterTrouble,
        a::Reporting,
    );
}

/// What is asked and answered about lists of people in files.
fn lists(text: &mut String, config: &Config) {
    declare!(text, config;
        r::CsvLayout,
        r::CsvColumn,
        r::CsvMode,
        r::CsvDelimiter,
        r::PreviewCsvArgs,
        r::ImportCsvArgs,
        r::ExportLayout,
        r::ExportPeopleArgs,
        r::PeopleReportArgs,
        r::ExportBackupArgs,
        a::CsvEncoding,
        a::CsvWhat,
        a::CsvCounts,
        a::CsvLine,
        a::CsvPreview,
        a::CsvImported,
        a::PeopleExport,
        a::PeopleReport,
        a::BackupExported,
    );
}

/// What is asked and answered about what people are told.
fn notifications(text: &mut String, config: &Config) {
    declare!(text, config;
        r::InboxArgs,
        r::InboxReadArgs,
        r::InboxActArgs,
        r::NotificationShownArgs,
        r::QuietHours,
        r::SetNotificationSettingsArgs,
        a::InboxState,
        a::NotificationLevel,
        a::InboxButton,
        a::InboxView,
        a::InboxRow,
        a::Inbox,
        a::InboxActed,
        a::NotificationKind,
        a::NotificationSettings,
    );
}

/// What is asked and answered about the sync with a directory.
fn sync(text: &mut String, config: &Config) {
    declare!(text, config;
        r::sync::SetLdapSourceArgs,
        r::sync::SetEntraSourceArgs,
        r::sync::SetSyncScheduleArgs,
        r::sync::RunSyncArgs,
        r::sync::SetSyncOptionsArgs,
        r::sync::SetSyncSecretArgs,
        r::sync::SetEntraCertificateArgs,
        r::sync::TrustCertificateArgs,
        r::sync::LookDirectoryArgs,
        r::sync::SettleBlockedSignInsArgs,
        r::sync::DirectoryTreeArgs,
        r::sync::ExemptFromSyncArgs,
        r::sync::SettleSyncConflictArgs,
        r::sync::SyncRunsArgs,
        r::sync::SyncRunArgs,
        a::sync::SyncSourceKind,
        a::sync::LdapSecurity,
        a::sync::SecretPlace,
        a::sync::LdapSource,
        a::sync::EntraCredential,
        a::sync::EntraSource,
        a::sync::SyncSource,
        a::sync::DisabledMail,
        a::sync::SyncOptions,
        a::sync::SyncStateWord,
        a::sync::SyncState,
        a::sync::EntryKind,
        a::sync::EntryRow,
        a::sync::SyncProblemKind,
        a::sync::SyncChoice,
        a::sync::SyncChoiceWord,
        a::sync::SyncProblem,
        a::sync::SyncVerb,
        a::sync::SyncChange,
        a::sync::SyncPreview,
        a::sync::SyncCause,
        a::sync::SyncOutcome,
        a::sync::SyncRun,
        a::sync::SyncRuns,
        a::sync::SyncRunDetail,
        a::sync::Leaving,
        a::sync::KnownBy,
        a::sync::Sync,
        a::sync::CertificateSeen,
        a::sync::DirectoryBranch,
        a::sync::DirectoryTree,
        a::sync::KindCount,
        a::sync::DirectoryLook,
    );
}

/// What is answered.
fn answers(text: &mut String, config: &Config) {
    declare!(text, config;
        a::StateWord,
        a::RoleWord,
        a::AccountKindWord,
        a::AliasRow,
        a::SuggestionKind,
        a::Suggestion,
        a::ObservedRow,
        a::Observed,
        a::StrengthVerdict,
        a::Strength,
        a::AddressRow,
        a::StateCounts,
        a::WaitingCounts,
        a::Addresses,
        a::EvidenceKind,
        a::Evidence,
        a::JournalEntry,
        a::CachedWord,
        a::CachedAnswer,
        a::RecipientCache,
        a::RecipientCacheCleared,
        a::AddressDetail,
        a::Journal,
        a::Outcome,
        a::MailLogRow,
        a::MailLog,
        a::TraceWho,
        a::TraceRow,
        a::MailMessage,
        a::MailCounts,
        a::ReasonCount,
        a::TimeCount,
        a::BarWidth,
        a::MailBar,
        a::MailReport,
        a::MailLogExport,
        a::LogRetention,
        a::TlsWord,
        a::Destination,
        a::Reachability,
        a::AddressRoute,
        a::DomainSettings,
        a::TruthWord,
        a::DomainRow,
        a::Domains,
        a::HealthState,
        a::ListenerRow,
        a::CertificateRow,
        a::Receiving,
        a::BlockedClient,
        a::BlockedClients,
        a::HealthFault,
        a::Shadow,
        a::DiscoveryWord,
        a::Health,
        a::MailHour,
        a::AddressWeek,
        a::Overview,
        a::Changed,
        a::ListenerSet,
        a::TestVerdict,
        a::TestStep,
        a::DestinationTest,
        a::TimeSkipped,
        a::outgoing::Outbound,
        a::queue::Direction,
        a::queue::RecipientState,
        a::queue::QueueRecipient,
        a::queue::QueueRow,
        a::queue::Queue,
        a::queue::Flushed,
        a::queue::QueueChanged,
        a::access::AccessRole,
        a::access::Access,
        a::access::SeatsLevel,
        a::access::Seats,
        a::access::Forecast,
    );
}
