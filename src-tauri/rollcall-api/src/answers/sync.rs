//! Answers about the sync with a directory (rows Z01 to Z08, V07 to V09, T15 to T19).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use super::sync_look::{CertificateSeen, DirectoryBranch, DirectoryLook, DirectoryTree, KindCount};

/// What a directory is asked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncSourceKind {
    /// LDAP, Active Directory among it.
    Ldap,
    /// Microsoft Entra.
    Entra,
}

/// How a connection to an LDAP server is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LdapSecurity {
    /// In clear.
    None,
    /// Port 389, made safe by StartTLS.
    Starttls,
    /// Port 636, TLS from the first byte.
    #[default]
    Ldaps,
}

/// Where a secret is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretPlace {
    /// In the operating system's keychain.
    Keychain,
    /// In a sealed file of the data folder.
    SealedFile,
}

/// An LDAP source as it is set, without its password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LdapSource {
    /// Name or IP address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: LdapSecurity,
    /// Who asks.
    pub bind_dn: String,
    /// Where to look.
    pub search_base: String,
    /// Whom to look at; `null` for everything that may get mail.
    pub filter: Option<String>,
    /// The certificate authority of its own that is believed (PEM).
    pub ca_pem: Option<String>,
    /// The certificate that is believed whatever it says: SHA-256 in lower-case hex (V21).
    pub trusted_sha256: Option<String>,
}

/// What proves the app to Microsoft Entra.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EntraCredential {
    /// A client secret.
    Secret,
    /// A certificate.
    Certificate,
}

/// A Microsoft Entra source as it is set, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EntraSource {
    /// The directory's id or one of its domain names.
    pub tenant: String,
    /// The app's id.
    pub client_id: String,
    /// Where it signs in.
    pub login_url: String,
    /// Where Graph is.
    pub graph_url: String,
    /// The certificate authority of its own that is believed (PEM).
    pub ca_pem: Option<String>,
    /// What proves the app; `null` while nothing does.
    pub credential: Option<EntraCredential>,
}

/// The source (Z04: there is one at a time).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncSource {
    /// Which kind.
    pub kind: SyncSourceKind,
    /// How people call it: `dc1.acme.example`, `Microsoft Entra (acme.example)`.
    pub name: String,
    /// Where it is, for LDAP.
    pub ldap: Option<LdapSource>,
    /// Where it is, for Microsoft Entra.
    pub entra: Option<EntraSource>,
    /// Its password, secret or certificate is there.
    pub has_secret: bool,
    /// Where the key to that is kept; what it opens is always in the data folder.
    pub secret_place: Option<SecretPlace>,
    /// Why it cannot be read now: one sentence that says what to do.
    pub secret_trouble: Option<String>,
    /// Until when the server's certificate, or the app's, is valid; warned of 30 days before (V21).
    #[ts(type = "number | null")]
    pub certificate_expires_ms: Option<i64>,
    /// Until when the client secret is valid, as it was said when it was given (pitfall 15).
    #[ts(type = "number | null")]
    pub secret_expires_ms: Option<i64>,
}

/// What becomes of mail for an account that the directory says is disabled (T18, pitfall 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DisabledMail {
    /// It is delivered: a blocked sign-in says nothing about mail.
    Deliver,
    /// It is refused: the account is inactive.
    Reject,
}

/// What to sync (Z01), how (Z02), and what disabled accounts get (T18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncOptions {
    /// People whose sign-in is allowed.
    pub active_users: bool,
    /// Accounts whose sign-in is blocked.
    pub disabled_accounts: bool,
    /// Shared mailboxes, rooms, distribution groups, public folders, contacts at your domains.
    pub functional_accounts: bool,
    /// Security groups with an address.
    pub security_groups: bool,
    /// Also what is hidden from the address book.
    pub hidden: bool,
    /// Adds what is new.
    pub add: bool,
    /// Updates what changed.
    pub update: bool,
    /// Deletes what has been gone for 14 days.
    pub delete: bool,
    /// Mail for people whose sign-in is blocked.
    pub disabled_people: DisabledMail,
    /// Mail for shared mailboxes and other functional accounts that are disabled.
    pub disabled_functional: DisabledMail,
}

/// Where the sync stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncStateWord {
    /// No source is set.
    NeverSet,
    /// A source is set; nothing changes before its first run is accepted (V09).
    PreviewWaiting,
    /// On: the schedule is not Never.
    On,
    /// Set and accepted, with the schedule Never.
    Off,
    /// A run is going on.
    Running,
    /// The last run failed or stopped to ask.
    Failed,
}

/// Where the sync stands, with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncState {
    /// The word.
    pub word: SyncStateWord,
    /// Discovery is off because of it (T15).
    pub holds_discovery: bool,
    /// While running: entries that came so far.
    #[ts(type = "number | null")]
    pub entries: Option<u64>,
    /// When failed: why, and what to do.
    pub sentence: Option<String>,
    /// When it stopped to ask (V07): the accounts it would have put aside.
    #[ts(type = "number | null")]
    pub would_lose: Option<u64>,
}

/// What an entry of a directory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Somebody with a mailbox.
    Person,
    /// A mailbox of several.
    SharedMailbox,
    /// A room or a piece of equipment (M14).
    Resource,
    /// A list of recipients.
    DistributionGroup,
    /// A group that grants rights and has an address.
    SecurityGroup,
    /// A mail-enabled public folder.
    PublicFolder,
    /// Somebody outside, kept in the address book.
    Contact,
}

/// An entry of the directory, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EntryRow {
    /// Its id, which stays when it is renamed.
    pub id: String,
    /// What it is.
    pub kind: EntryKind,
    /// The name shown to people; its address where it has none.
    pub name: String,
    /// The address it writes from.
    pub address: Option<String>,
    /// Its other addresses.
    #[ts(type = "number")]
    pub aliases: u64,
    /// Where a person finds it in the directory.
    pub place: String,
}

/// What is wrong (the catalogue of design 4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncProblemKind {
    /// The address belongs to two entries; neither changed.
    TwoOwners,
    /// Addresses in a domain that is not yours; they are left out (Z05).
    ForeignDomain,
    /// No seat is left; the row waits and gets its mail.
    NoSeat,
    /// It is another name that somebody gave by hand.
    AliasByHand,
    /// The directory calls it another name; here it is an account of its own.
    OwnAccount,
    /// The operator refuses or never adds it, or took it off the lists; it stays so.
    KeptOut,
    /// The sign-in is blocked, and it gets mail (pitfall 3).
    Disabled,
    /// It left the directory, but somebody made it by hand.
    MadeByHand,
    /// The directory's text cannot be an address.
    Unreadable,
}

/// A way out of a problem, as a button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncChoice {
    /// For `settle_sync_conflict`.
    pub choice: SyncChoiceWord,
    /// Which entry gets the address, where there are several.
    pub entry: Option<String>,
    /// What the button says.
    pub label: String,
}

/// How a problem is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncChoiceWord {
    /// As the directory says.
    Directory,
    /// As it is here; it is not asked again.
    Keep,
    /// Made a functional account; its mail is delivered.
    Functional,
    /// Made inactive; its mail is refused.
    Inactive,
}

/// Something that needs a decision, or that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncProblem {
    /// Which.
    pub kind: SyncProblemKind,
    /// What is wrong and what happened instead, in one sentence.
    pub sentence: String,
    /// The address, where it is about one.
    pub address: Option<String>,
    /// The domain, where it is about one.
    pub domain: Option<String>,
    /// How many addresses it is about.
    #[ts(type = "number")]
    pub count: u64,
    /// The entries it is about.
    pub entries: Vec<EntryRow>,
    /// The ways out; empty where there is nothing to decide.
    pub choices: Vec<SyncChoice>,
}

/// What a run does, or would do, with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncVerb {
    /// It is new here.
    Add,
    /// It changed.
    Update,
    /// It is not in the directory any more.
    Missing,
    /// It was missing for 14 days.
    Delete,
}

/// One line of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncChange {
    /// What.
    pub verb: SyncVerb,
    /// Which entry, for `exempt_from_sync`.
    pub entry_id: String,
    /// What it is.
    pub kind: EntryKind,
    /// Its name.
    pub name: String,
    /// The address that stands for it.
    pub address: String,
    /// Why, in one sentence.
    pub reason: String,
    /// The addresses that change, as shown.
    pub addresses: Vec<String>,
}

/// Answer to `preview_sync`. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncPreview {
    /// Entries that would be added.
    #[ts(type = "number")]
    pub add: u64,
    /// Entries that would be updated.
    #[ts(type = "number")]
    pub update: u64,
    /// Accounts that are not in the directory any more.
    #[ts(type = "number")]
    pub missing: u64,
    /// Accounts that would be deleted, because they have been missing for 14 days.
    #[ts(type = "number")]
    pub delete: u64,
    /// What needs a decision or is left out.
    pub problems: Vec<SyncProblem>,
    /// Problems in all.
    #[ts(type = "number")]
    pub problems_total: u64,
    /// Entries that are as they are here: nothing to do.
    #[ts(type = "number")]
    pub same: u64,
    /// Of those, people you had already who match an entry for the first time.
    #[ts(type = "number")]
    pub matched: u64,
    /// Entries that came from the directory.
    #[ts(type = "number")]
    pub found: u64,
    /// Entries that are left out: not ticked, without an address, contacts elsewhere, exempt.
    #[ts(type = "number")]
    pub left_out: u64,
    /// Seats that it would use.
    #[ts(type = "number")]
    pub new_users: u64,
    /// Seats left now; `null` without an end.
    #[ts(type = "number | null")]
    pub seats_left: Option<u64>,
    /// Why the run would stop and change nothing (V07).
    pub would_stop: Option<String>,
    /// It is the first run, which has to be accepted (V09).
    pub first: bool,
    /// The lines, the first 1,000.
    pub changes: Vec<SyncChange>,
    /// Lines in all.
    #[ts(type = "number")]
    pub changes_total: u64,
    /// What was odd and has cost nothing.
    pub remarks: Vec<String>,
}

/// What made a run start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncCause {
    /// Its time had come.
    Schedule,
    /// Somebody pressed Sync now.
    Now,
    /// Somebody looked at what it would do.
    Preview,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SyncOutcome {
    /// What it planned was done.
    Done,
    /// It only looked.
    Previewed,
    /// It stopped to ask and changed nothing (V07, V09).
    Stopped,
    /// The directory gave no whole answer; nothing changed.
    Failed,
    /// Somebody stopped it; nothing changed.
    Cancelled,
}

/// A run in short; also the answer to `run_sync`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncRun {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// When it began.
    #[ts(type = "number")]
    pub started_ms: i64,
    /// How long it took.
    #[ts(type = "number")]
    pub took_ms: u64,
    /// What made it start.
    pub cause: SyncCause,
    /// Who, where somebody did.
    pub who: String,
    /// How it ended.
    pub outcome: SyncOutcome,
    /// The same in one sentence.
    pub sentence: String,
    /// Entries that came.
    #[ts(type = "number")]
    pub found: u64,
    /// Entries added.
    #[ts(type = "number")]
    pub add: u64,
    /// Entries updated.
    #[ts(type = "number")]
    pub update: u64,
    /// Accounts missing since this run.
    #[ts(type = "number")]
    pub missing: u64,
    /// Accounts deleted.
    #[ts(type = "number")]
    pub delete: u64,
    /// Problems.
    #[ts(type = "number")]
    pub problems: u64,
    /// Address rows that it wrote.
    #[ts(type = "number")]
    pub rows_written: u64,
    /// Its entry in the history, which can be undone.
    #[ts(type = "number | null")]
    pub entry: Option<i64>,
}

/// Answer to `sync_runs`, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncRuns {
    /// The runs.
    pub rows: Vec<SyncRun>,
}

/// Answer to `sync_run`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SyncRunDetail {
    /// The run.
    pub run: SyncRun,
    /// Its lines, the first 1,000 of those asked for.
    pub changes: Vec<SyncChange>,
    /// Lines in all of those asked for.
    #[ts(type = "number")]
    pub changes_total: u64,
    /// Its problems, as sentences.
    pub problems: Vec<String>,
}

/// An account that left the directory and is waiting (T17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Leaving {
    /// The address.
    pub address: String,
    /// Its name.
    pub name: String,
    /// Missing since then.
    #[ts(type = "number")]
    pub since_ms: i64,
    /// It is asked about, or deleted, from then on.
    #[ts(type = "number")]
    pub until_ms: i64,
    /// The 14 days are over and nothing is deleted by itself: somebody should decide.
    pub asks: bool,
}

/// Who says whether an address is known, in order (V06).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KnownBy {
    /// The directory.
    Directory,
    /// What was decided here.
    Operator,
    /// The mail server, asked with each message.
    MailServer,
}

/// Answer to `sync`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Sync {
    /// Where it stands.
    pub state: SyncState,
    /// The source; `null` while none is set.
    pub source: Option<SyncSource>,
    /// Hours between runs; 0 is Never.
    pub hours: u32,
    /// What to sync and how.
    pub options: SyncOptions,
    /// The first run was accepted.
    pub accepted: bool,
    /// The latest run, previews among them.
    pub last_run: Option<SyncRun>,
    /// When a run last did what it planned.
    #[ts(type = "number | null")]
    pub last_good_ms: Option<i64>,
    /// When the next one is due.
    #[ts(type = "number | null")]
    pub next_run_ms: Option<i64>,
    /// Failed runs since the last good one.
    pub failures: u32,
    /// Accounts in step with the directory.
    #[ts(type = "number")]
    pub in_step: u64,
    /// Accounts that left and wait, at most 1,000.
    pub leaving: Vec<Leaving>,
    /// How many in all.
    #[ts(type = "number")]
    pub leaving_total: u64,
    /// What the last run found wrong, at most 1,000.
    pub problems: Vec<SyncProblem>,
    /// How many in all.
    #[ts(type = "number")]
    pub problems_total: u64,
    /// Entries that sync leaves alone for ever (Z03).
    pub exempt: Vec<EntryRow>,
    /// Who says whether an address is known, in order (V06).
    pub known_by: Vec<KnownBy>,
}
