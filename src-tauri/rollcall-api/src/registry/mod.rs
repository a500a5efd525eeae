//! The registry: every query and command with its arguments. TypeScript types, command-line help, permissions and the
//! contract test come from these two enums.

pub mod access;
mod discovery;
mod domains;
mod harvest;
mod lists;
mod mailflow;
mod notification;
pub mod outgoing;
mod people;
pub mod queue;
mod receiving;
mod recipients;
mod reporting;
mod shadow;
pub mod sync;
mod truth;
mod words;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use discovery::{
    AddAliasArgs, DayWord, DryRunArgs, PinAddressArgs, SetDiscoveryArgs, SetHolidayArgs, SetRuleArgs,
    SetUpstreamAuthservArgs, SetWeeklyArgs,
};
pub use domains::{
    InactiveWord, Itself, SetAliasDomainsArgs, SetDomainArgs, SetRouteArgs, TagDelimiter, UnknownWord, Verification,
};
pub use harvest::UnblockClientArgs;
pub use lists::{
    CsvColumn, CsvDelimiter, CsvLayout, CsvMode, ExportBackupArgs, ExportLayout, ExportPeopleArgs, ImportCsvArgs,
    PeopleReportArgs, PreviewCsvArgs,
};
pub use mailflow::{
    ExportFormat, ExportMailLogArgs, MailLogArgs, MailLogOf, MailMessageArgs, PeriodArgs, SetLogRetentionArgs,
};
pub use notification::{
    InboxActArgs, InboxArgs, InboxReadArgs, NotificationShownArgs, QuietHours, SetNotificationSettingsArgs,
};
pub use people::{SetAdministratorArgs, SetKindArgs};
pub use receiving::{
    ImportCertificateArgs, ListenerRole, ListenerTls, RemoveListenerArgs, SenderHost, SetListenerArgs,
    SetSenderHostsArgs, SetUpstreamsArgs, Speaks, Upstream, UpstreamArg,
};
pub use recipients::ClearRecipientCacheArgs;
pub use reporting::{ReportArgs, ReportsArgs, SetContactArgs, SetLetterSenderArgs, SetReportsArgs, SetWelcomeArgs};
pub use shadow::{HoldFreshWord, ObservedArgs, RestoreAndDeliverArgs, RestoreWord, SetHoldFreshArgs, SetShadowArgs};
pub use truth::TestDomainArgs;
pub use words::{COMMANDS, QUERIES, Word};

use crate::answers::{Destination, RoleWord, StateWord, TlsWord};
use crate::wire::Tag;

/// A question. It has no effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "name", content = "args", rename_all = "snake_case")]
pub enum Query {
    /// Is mail flowing, what is bound, what needs an operator. Answers `Health`.
    Health(Nothing),
    /// The office's domains and their destinations. Answers `Domains`.
    Domains(Nothing),
    /// The switch of discovery, the rules of the domains and the week. Answers `Discovery`.
    Discovery(Nothing),
    /// What a rule would have made of the last thirty days, and what it changes now (X09). Answers `DryRun`.
    DryRun(DryRunArgs),
    /// A list of addresses. Answers `Addresses`.
    Addresses(AddressesArgs),
    /// One address with its evidence and journal. Answers `AddressDetail`.
    Address(AddressArgs),
    /// What became of each recipient. Answers `MailLog`.
    MailLog(MailLogArgs),
    /// One message with every step and its other recipients. Answers `MailMessage`.
    MailMessage(MailMessageArgs),
    /// How many messages there are of each kind. Answers `MailCounts`.
    MailCounts(PeriodArgs),
    /// Why mail was refused, and how long it took. Answers `MailReport`.
    MailReport(PeriodArgs),
    /// A page of the log as a text for other programs. Answers `MailLogExport`.
    ExportMailLog(ExportMailLogArgs),
    /// How long the log is kept, and what it takes. Answers `LogRetention`.
    LogRetention(Nothing),
    /// Who decided what. Answers `Journal`.
    Journal(JournalArgs),
    /// The numbers of the first page. Answers `Overview`.
    Overview(Nothing),
    /// Where mail comes in, who is known there, and what clients see. Answers `Receiving`.
    Receiving(Nothing),
    /// What waits here. Answers `Queue`.
    Queue(queue::QueueArgs),
    /// Who is blocked for guessing addresses. Answers `BlockedClients`.
    BlockedClients(Nothing),
    /// The list of people as a file for a spreadsheet or another service (X18). Answers `PeopleExport`.
    ExportPeople(ExportPeopleArgs),
    /// The list of people as a page to print (X18). Answers `PeopleReport`.
    PeopleReport(PeopleReportArgs),
    /// How mail of the office's machines goes out. Answers `Outbound`.
    Outbound(Nothing),
    /// What an address's mail server said of it, as long as that holds. Answers `RecipientCache`.
    RecipientCache(AddressArgs),
    /// What whoever asks may do. Answers `Access`.
    Access(Nothing),
    /// How many seats are used, and what users cost. Answers `Seats`.
    Seats(Nothing),
    /// What people are told, newest first. Answers `Inbox`.
    Inbox(InboxArgs),
    /// Which notifications are wanted, and when it is quiet. Answers `NotificationSettings`.
    NotificationSettings(Nothing),
    /// What creating users would mean for the seats and for the bill. Answers `Forecast`.
    Forecast(access::ForecastArgs),
    /// Addresses without a row that got mail while nothing was learned. Answers `Observed`.
    Observed(ObservedArgs),
    /// The weekly reports on new users and new aliases, newest first. Answers `Reports`.
    Reports(ReportsArgs),
    /// One weekly report with what it lists. Answers `WeeklyReport`.
    Report(ReportArgs),
    /// What is reported, to whom, and how letters look. Answers `Reporting`.
    Reporting(Nothing),
    /// The source, the schedule, and where the sync with the directory stands. Answers `Sync`.
    Sync(Nothing),
    /// The runs of the sync, the latest first. Answers `SyncRuns`.
    SyncRuns(sync::SyncRunsArgs),
    /// One run with every change and its reason. Answers `SyncRunDetail`.
    SyncRun(sync::SyncRunArgs),
}

/// A change. Stored with who, when and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "name", content = "args", rename_all = "snake_case")]
pub enum Command {
    /// Makes a domain ours, or changes its destination. Answers `Domains`.
    AddDomain(AddDomainArgs),
    /// Takes a domain away; its addresses stay on file. Answers `Domains`.
    RemoveDomain(RemoveDomainArgs),
    /// Settles how a domain's addresses are read and who is taken in. Answers `Domains`.
    SetDomain(SetDomainArgs),
    /// Gives a domain other names. Answers `Domains`.
    SetAliasDomains(SetAliasDomainsArgs),
    /// Sends the mail of one address elsewhere. Answers `Domains`.
    SetRoute(SetRouteArgs),
    /// Makes a listener or binds it elsewhere. Answers `ListenerSet`.
    SetListener(SetListenerArgs),
    /// Takes a listener away. Answers `Receiving`.
    RemoveListener(RemoveListenerArgs),
    /// The office's own machines that may send to anybody. Answers `Receiving`.
    SetSenderHosts(SetSenderHostsArgs),
    /// Shows another certificate to clients. Answers `Receiving`.
    ImportCertificate(ImportCertificateArgs),
    /// Clients that no abuse rule applies to. Answers `Health`.
    SetUpstreams(SetUpstreamsArgs),
    /// Asks mail servers again about an address, a domain's recipients or everybody. Answers `RecipientCacheCleared`.
    ClearRecipientCache(ClearRecipientCacheArgs),
    /// Lets a client in that was blocked for guessing addresses. Answers `BlockedClients`.
    UnblockClient(UnblockClientArgs),
    /// How long the mail log is kept, and how large it may become. Answers `LogRetention`.
    SetLogRetention(SetLogRetentionArgs),
    /// Switches desktop notifications. Answers `Health`.
    SetNotifications(SetNotificationsArgs),
    /// Talks to a mail server without changing anything. Answers `DestinationTest`.
    TestDestination(TestDestinationArgs),
    /// Tests the mail server of a domain of yours now and keeps the verdict. Answers `DestinationTest`.
    TestDomain(TestDomainArgs),
    /// Makes addresses users. Answers `Changed`.
    CreateUser(CreateUserArgs),
    /// Makes addresses functional accounts. Answers `Changed`.
    CreateFunctional(AddressListArgs),
    /// Refuses mail for addresses from now on. Answers `Changed`.
    MarkInvalid(AddressListArgs),
    /// Takes addresses off the Invalid list without creating accounts. Answers `Changed`.
    RemoveInvalid(AddressListArgs),
    /// Does for each address what its suggestion says. Answers `Changed`.
    AddAsSuggested(AddressListArgs),
    /// Makes addresses other names of an account. Answers `Changed`.
    AddAlias(AddAliasArgs),
    /// Never adds addresses; their mail is delivered. Answers `Changed`.
    NeverAdd(AddressListArgs),
    /// Takes addresses off every list. Answers `Changed`.
    DeleteAddress(AddressListArgs),
    /// Gives Discovered addresses a week more. Answers `Changed`.
    GiveWeek(AddressListArgs),
    /// Keeps Discovered addresses on the list, or lets them end again. Answers `Changed`.
    PinAddress(PinAddressArgs),
    /// Switches discovery. Answers `Discovery`.
    SetDiscovery(SetDiscoveryArgs),
    /// Gives a domain another rule. Answers `Discovery`.
    SetRule(SetRuleArgs),
    /// Moves the weekly notice. Answers `Discovery`.
    SetWeekly(SetWeeklyArgs),
    /// Lets nothing end for a while. Answers `Discovery`.
    SetHoliday(SetHolidayArgs),
    /// Believes what a filter in front of us says of senders. Answers `Discovery`.
    SetUpstreamAuthserv(SetUpstreamAuthservArgs),
    /// The weekly notice was shown, so it counts. Answers `NoticeShown`.
    NoticeShown(Nothing),
    /// Notifications were read. Answers `Inbox`.
    InboxRead(InboxReadArgs),
    /// Presses a button of a notification. Answers `InboxActed`.
    InboxAct(InboxActArgs),
    /// A desktop showed a notification; the weekly one counts then. Answers `NoticeShown`.
    NotificationShown(NotificationShownArgs),
    /// Says which notifications are wanted, and when it is quiet. Answers `NotificationSettings`.
    SetNotificationSettings(SetNotificationSettingsArgs),
    /// Gives a user other names. Answers `Changed`.
    SetName(SetNameArgs),
    /// Makes another name of an account its main address. Answers `Changed`.
    SetMainAddress(SetMainAddressArgs),
    /// Says what importing a list of people would do; nothing changes (M08, Z09, V12). Answers `CsvPreview`.
    PreviewCsv(PreviewCsvArgs),
    /// Imports a list of people: all that can be, in one decision (M08, Z09, V12). Answers `CsvImported`.
    ImportCsv(ImportCsvArgs),
    /// Writes settings, people and history into one file for another computer (X17). Answers `BackupExported`.
    ExportBackup(ExportBackupArgs),
    /// Takes a journal entry back. Answers `Changed`.
    Undo(UndoArgs),
    /// Moves the virtual clock of a practice folder forward. Answers `TimeSkipped`.
    SkipTime(SkipTimeArgs),
    /// Tries now what waits. Answers `Flushed`.
    FlushQueue(queue::FlushQueueArgs),
    /// Keeps messages from further attempts. Answers `QueueChanged`.
    HoldMessage(queue::QueueIdsArgs),
    /// Lets held messages go on. Answers `QueueChanged`.
    ReleaseMessage(queue::QueueIdsArgs),
    /// Deletes messages, whoever still waits for them. Answers `QueueChanged`.
    DeleteMessage(queue::QueueIdsArgs),
    /// How much room must stay free on the disk for mail to be kept here. Answers `Health`.
    SetDiskReserve(queue::SetDiskReserveArgs),
    /// Says whom a refused sender can ask (X20). Answers `Receiving`.
    SetReplyContact(queue::SetReplyContactArgs),
    /// Says how mail of the office's machines goes out. Answers `Outbound`.
    SetOutbound(outgoing::SetOutboundArgs),
    /// Seals the password for the server that takes outgoing mail. Answers `Outbound`.
    SetOutboundSecret(outgoing::SetOutboundSecretArgs),
    /// Talks to the server that takes outgoing mail, without sending any. Answers `DestinationTest`.
    TestOutbound(outgoing::TestOutboundArgs),
    /// Gives this session the Organization Administrator's role until five minutes after its last use. Answers `Access`.
    SignIn(access::SignInArgs),
    /// Gives the role up at once. Answers `Access`.
    SignOut(Nothing),
    /// Sets the Organization Administrator's password, or changes it with the one before. Answers `Access`.
    SetPassword(access::SetPasswordArgs),
    /// Takes the password away for the owner of the data folder. Answers `Access`.
    ResetPassword(access::ResetPasswordArgs),
    /// Says how many users there may be and what each costs. Organization Administrator only. Answers `Seats`.
    SetLicence(access::SetLicenceArgs),
    /// Refuses nothing on Rollcall's own account for some days, or refuses again (X16). Answers `Health`.
    SetShadow(SetShadowArgs),
    /// Says what is kept of mail for addresses that ended by themselves (X06). Answers `Discovery`.
    SetHoldFresh(SetHoldFreshArgs),
    /// Takes an address off the Invalid list and delivers what was kept for it (X06). Answers `Restored`.
    RestoreAndDeliver(RestoreAndDeliverArgs),
    /// Says what the weekly report is about, and whom it is told (D11, D12, D13). Answers `Reporting`.
    SetReports(SetReportsArgs),
    /// Says who looks after the office, and whether they get what the week brought by e-mail. Answers `Reporting`.
    SetContact(SetContactArgs),
    /// Says which address letters come from. Answers `Reporting`.
    SetLetterSender(SetLetterSenderArgs),
    /// Gives welcomes the office's own words (P10). Answers `Reporting`.
    SetWelcome(SetWelcomeArgs),
    /// Says what functional accounts are for (Z07). Answers `Changed`.
    SetKind(SetKindArgs),
    /// Says which users are organization administrators. Answers `Changed`.
    SetAdministrator(SetAdministratorArgs),
    /// Says where the LDAP directory is. Answers `Sync`.
    SetLdapSource(sync::SetLdapSourceArgs),
    /// Says which Microsoft Entra directory it is. Answers `Sync`.
    SetEntraSource(sync::SetEntraSourceArgs),
    /// Forgets the source; everybody stays as they are. Answers `Sync`.
    RemoveSource(Nothing),
    /// Keeps the directory's password or client secret. Answers `Sync`.
    SetSyncSecret(sync::SetSyncSecretArgs),
    /// Keeps the certificate that proves the app to Microsoft Entra. Answers `Sync`.
    SetEntraCertificate(sync::SetEntraCertificateArgs),
    /// Believes the certificate that an LDAP server showed (V21). Answers `Sync`.
    TrustCertificate(sync::TrustCertificateArgs),
    /// Says how often the directory is asked; 0 is Never. Answers `Sync`.
    SetSyncSchedule(sync::SetSyncScheduleArgs),
    /// Says what is synced and how (Z01, Z02, T18). Answers `Sync`.
    SetSyncOptions(sync::SetSyncOptionsArgs),
    /// Asks the directory and shows what it would find, without changing anything. Answers `DirectoryLook`.
    LookDirectory(sync::LookDirectoryArgs),
    /// The parts of an LDAP directory, for whoever chooses a search base. Answers `DirectoryTree`.
    DirectoryTree(sync::DirectoryTreeArgs),
    /// Shows what the next run would do (Z03). Answers `SyncPreview`.
    PreviewSync(Nothing),
    /// Runs now. Answers `SyncRun`; a run that stopped or failed is a Fault with its sentence.
    RunSync(sync::RunSyncArgs),
    /// Stops the run that is going on; nothing is changed. Answers `Sync`.
    CancelSync(Nothing),
    /// Leaves entries alone for ever, or not any more (Z03). Answers `Sync`.
    ExemptFromSync(sync::ExemptFromSyncArgs),
    /// Settles who an address belongs to, or that it stays as it is. Answers `Sync`.
    SettleSyncConflict(sync::SettleSyncConflictArgs),
    /// Settles all that is asked about blocked sign-ins alike (pitfall 3). Answers `Changed`.
    SettleBlockedSignIns(sync::SettleBlockedSignInsArgs),
    /// Keeps accounts that left the directory. Answers `Changed`.
    KeepLeaving(AddressListArgs),
    /// Keeps everybody whom the run that stopped would have put aside (N16). Answers `Changed`.
    KeepEveryone(Nothing),
}

/// No arguments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Arguments of `addresses`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct AddressesArgs {
    /// Only this state.
    #[ts(optional)]
    pub state: Option<StateWord>,
    /// Or only these; `state` goes before.
    #[ts(optional)]
    pub states: Option<Vec<StateWord>>,
    /// Only Discovered addresses of which this is foretold.
    #[ts(optional)]
    pub only: Option<AddressOnly>,
    /// Part of the address or name, any case.
    #[ts(optional)]
    pub search: Option<String>,
    /// At most this many rows; 100 unless given, at most 1,000.
    #[ts(optional, type = "number")]
    pub limit: Option<u32>,
    /// Rows to skip.
    #[ts(optional, type = "number")]
    pub offset: Option<u32>,
    /// How to sort.
    #[ts(optional)]
    pub sort: Option<AddressSort>,
}

/// How a list of addresses is sorted; ties by address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AddressSort {
    /// By address.
    Address,
    /// Last seen first.
    LastSeen,
    /// Longest waiting first.
    Discovered,
    /// Most clean messages first.
    CleanCount,
    /// The first to end in front, those that do not end last; of Discovered addresses alone.
    Ends,
}

/// What is foretold of a Discovered address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AddressOnly {
    /// It ends within five days if nobody decides.
    EndingSoon,
    /// It looks like another name of an account.
    LikelyAlias,
    /// Little speaks for it.
    Weak,
}

/// Arguments of `address`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddressArgs {
    /// `ann@acme.example`.
    pub address: String,
}

/// Arguments of `journal`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct JournalArgs {
    /// At most this many rows; 100 unless given, at most 1,000.
    #[ts(optional, type = "number")]
    pub limit: Option<u32>,
}

/// Arguments of `add_domain`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddDomainArgs {
    /// `acme.example`.
    pub name: String,
    /// The office's own mail server.
    pub destination: Destination,
}

/// Arguments of `remove_domain`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RemoveDomainArgs {
    /// `acme.example`.
    pub name: String,
}

/// Arguments of `set_notifications`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetNotificationsArgs {
    /// Whether desktop notifications are wanted.
    pub wanted: bool,
}

/// Arguments of `test_destination`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TestDestinationArgs {
    /// Name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// When to encrypt.
    pub tls: TlsWord,
    /// The domain whose recipients to ask about.
    pub domain: String,
}

/// A user to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// `ann@acme.example`.
    pub address: String,
    /// First name; guessed from the address when absent.
    #[serde(default)]
    #[ts(optional)]
    pub first_name: Option<String>,
    /// Surname; guessed from the address when absent.
    #[serde(default)]
    #[ts(optional)]
    pub surname: Option<String>,
}

/// Arguments of `create_user`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CreateUserArgs {
    /// Who.
    pub users: Vec<NewUser>,
    /// `silent` unless given (D05).
    #[serde(default)]
    #[ts(optional)]
    pub role: Option<RoleWord>,
}

/// Arguments that are addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddressListArgs {
    /// Which.
    pub addresses: Vec<String>,
}

/// Arguments of `set_name`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetNameArgs {
    /// Whose.
    pub address: String,
    /// First name; empty clears.
    pub first_name: String,
    /// Surname; empty clears.
    pub surname: String,
}

/// Arguments of `set_main_address`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetMainAddressArgs {
    /// The other name that becomes the main address of its account.
    pub address: String,
}

/// Arguments of `undo`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UndoArgs {
    /// The journal entry.
    #[ts(type = "number")]
    pub entry: i64,
}

/// Arguments of `skip_time`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SkipTimeArgs {
    /// 1 to 8,760.
    pub hours: u32,
}

impl Query {
    /// What the answer depends on.
    #[must_use]
    pub const fn reads(&self) -> &'static [Tag] {
        match self {
            Self::Health(_) => &[Tag::Health, Tag::Setup, Tag::Clock, Tag::Mail, Tag::Addresses],
            Self::Domains(_) => &[Tag::Setup, Tag::Health],
            Self::Addresses(_) => &[Tag::Addresses, Tag::Setup],
            Self::Discovery(_) => &[Tag::Setup, Tag::Addresses, Tag::Clock],
            // It looks at everything that was recorded: not again with each message.
            Self::DryRun(_) => &[Tag::Setup],
            Self::Address(_) => &[Tag::Addresses, Tag::Journal, Tag::Setup],
            Self::ExportPeople(_) | Self::PeopleReport(_) => &[Tag::Addresses, Tag::Setup],
            Self::MailLog(_) | Self::MailCounts(_) | Self::MailReport(_) | Self::ExportMailLog(_) => &[Tag::Mail],
            Self::MailMessage(_) => &[Tag::Mail, Tag::Health],
            Self::LogRetention(_) => &[Tag::Mail, Tag::Setup],
            Self::Journal(_) => &[Tag::Journal],
            Self::Receiving(_) => &[Tag::Setup, Tag::Health],
            Self::BlockedClients(_) => &[Tag::Health, Tag::Clock],
            Self::RecipientCache(_) => &[Tag::Mail, Tag::Addresses, Tag::Setup, Tag::Journal, Tag::Clock],
            Self::Overview(_) => &[Tag::Mail, Tag::Addresses, Tag::Journal, Tag::Clock],
            Self::Queue(_) => &[Tag::Mail, Tag::Setup, Tag::Clock],
            Self::Outbound(_) => &[Tag::Setup, Tag::Health],
            Self::Access(_) => &[Tag::Access, Tag::Clock],
            Self::Reports(_) | Self::Report(_) => &[Tag::Journal, Tag::Addresses],
            Self::Reporting(_) => &[Tag::Setup],
            Self::Inbox(_) => &[Tag::Notifications, Tag::Addresses, Tag::Clock],
            Self::NotificationSettings(_) => &[Tag::Notifications, Tag::Setup, Tag::Clock],
            Self::Seats(_) | Self::Forecast(_) => &[Tag::Addresses, Tag::Setup],
            Self::Observed(_) => &[Tag::Addresses, Tag::Mail],
            Self::Sync(_) => &[Tag::Sync, Tag::Setup, Tag::Addresses, Tag::Clock],
            Self::SyncRuns(_) | Self::SyncRun(_) => &[Tag::Sync],
        }
    }
}
