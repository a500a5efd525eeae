//! What queries answer, as the window and scripts see it. All times are milliseconds since 1970 UTC.

mod domains;
mod harvest;
mod mailflow;
pub mod outgoing;
pub mod queue;
mod receiving;
mod recipients;
mod truth;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use domains::{AddressRoute, DomainSettings};
pub use harvest::{BlockedClient, BlockedClients};
pub use mailflow::{
    LogRetention, MailCounts, MailLogExport, MailMessage, MailReport, ReasonCount, TimeCount, TraceRow, TraceWho,
};
pub use queue::Direction;
pub use receiving::{CertificateRow, Receiving};
pub use recipients::{CachedAnswer, CachedWord, RecipientCache, RecipientCacheCleared};
pub use truth::TruthWord;

use crate::registry::{ListenerRole, ListenerTls};

/// The state of an address (behaviour.md 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum StateWord {
    Watching,
    Discovered,
    User,
    Functional,
    Alias,
    Inactive,
    Invalid,
    NeverAdd,
}

/// One address in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AddressRow {
    /// As first seen: `Ann.Lee@acme.example`.
    pub address: String,
    /// Its state.
    pub state: StateWord,
    /// `silent` or `end`, for users.
    pub role: Option<RoleWord>,
    /// `manual`, `expired` or `bounced`, for invalid addresses.
    pub invalid_reason: Option<String>,
    /// What brought it here: `mail` or `manual`.
    pub source: String,
    /// Stored first name.
    pub first_name: Option<String>,
    /// Stored surname.
    pub surname: Option<String>,
    /// Clean messages inside the counting window.
    #[ts(type = "number")]
    pub clean_count: u32,
    /// Different sender domains among the counted messages.
    #[ts(type = "number")]
    pub sender_domains: u32,
    /// First evidence, or when it was added by hand.
    #[ts(type = "number")]
    pub first_seen_ms: i64,
    /// Last message for it; equals `first_seen_ms` when there was none.
    #[ts(type = "number")]
    pub last_seen_ms: i64,
    /// When it became Discovered.
    #[ts(type = "number | null")]
    pub discovered_ms: Option<i64>,
    /// When its state last changed.
    #[ts(type = "number")]
    pub changed_ms: i64,
    /// The mail server last contradicted it at this time (Suspect).
    #[ts(type = "number | null")]
    pub suspect_ms: Option<i64>,
    /// Messages refused by us since it became invalid.
    #[ts(type = "number")]
    pub refused_count: u32,
    /// What Rollcall would do, and the names it would use.
    pub suggestion: Suggestion,
    /// How much the evidence says.
    pub strength: Strength,
}

/// `silent` or `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum RoleWord {
    Silent,
    End,
}

/// A guess from the shape of the address; never acts by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Suggestion {
    /// Person or functional account.
    pub kind: SuggestionKind,
    /// Guessed first name (D19).
    pub first_name: Option<String>,
    /// Guessed surname (D19).
    pub surname: Option<String>,
}

/// What an address looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum SuggestionKind {
    Person,
    Functional,
}

/// How much the evidence says, with the reason the window words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Strength {
    /// The verdict.
    pub verdict: StrengthVerdict,
    /// Its main reason: `recognised_by_server`, `threshold_reached`, `one_sender`, `server_contradicts`, `below_threshold`.
    pub reason: String,
}

/// Strong, likely or weak; never a percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum StrengthVerdict {
    Strong,
    Likely,
    Weak,
}

/// Answer to `addresses`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Addresses {
    /// At most `limit` rows.
    pub rows: Vec<AddressRow>,
    /// How many match in all.
    #[ts(type = "number")]
    pub total: u64,
    /// How many addresses stand in each state, whatever the filter.
    pub counts: StateCounts,
}

/// Addresses by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[allow(missing_docs)]
pub struct StateCounts {
    #[ts(type = "number")]
    pub watching: u64,
    #[ts(type = "number")]
    pub discovered: u64,
    #[ts(type = "number")]
    pub user: u64,
    #[ts(type = "number")]
    pub functional: u64,
    #[ts(type = "number")]
    pub alias: u64,
    #[ts(type = "number")]
    pub inactive: u64,
    #[ts(type = "number")]
    pub invalid: u64,
    #[ts(type = "number")]
    pub never_add: u64,
}

/// Answer to `address`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AddressDetail {
    /// The row.
    pub row: AddressRow,
    /// Newest first, at most 200.
    pub evidence: Vec<Evidence>,
    /// Newest first: who decided what about this address.
    pub journal: Vec<JournalEntry>,
    /// What its mail server said of it last, as long as that holds; not for accounts, which are always asked about.
    pub cached: Option<CachedAnswer>,
}

/// One dated observation about an address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Evidence {
    /// When.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// What was seen.
    pub kind: EvidenceKind,
    /// True when it counts toward the threshold.
    pub counted: bool,
    /// Why not, when it does not: `null_reverse_path`, `auto_submitted`.
    pub not_counted_because: Option<String>,
    /// The reverse-path; empty for the null reverse-path.
    pub sender: String,
    /// Subject, if the message had one.
    pub subject: Option<String>,
    /// The client's IP address.
    pub client_ip: String,
    /// The SMTP lines, `>> ` ours and `<< ` the mail server's, whole.
    pub lines: Vec<String>,
}

/// What was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// The destination took a message for it.
    Delivered,
    /// The destination refused it at RCPT or at the end of DATA.
    RefusedByServer,
    /// We refused it, because it is marked invalid.
    RefusedByUs,
    /// Accepted on the directory's word while the destination could not be reached.
    TakenForLater,
}

/// Who decided what, when, why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct JournalEntry {
    /// Its number, for `undo`.
    #[ts(type = "number")]
    pub entry: i64,
    /// When.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// `operator` or `rollcall`.
    pub who: String,
    /// What: `create_user`, `create_functional`, `mark_invalid`, `remove_invalid`, `undo`, `watching`, `discovered`,
    /// `suspect`, `forgotten`, `set_name`, `add_domain`, `remove_domain`, `set_listener`, `set_upstreams`, `skip_time`, `set_notifications`.
    pub action: String,
    /// Why, in the words of the one who decided: the evidence or the command.
    pub why: String,
    /// The first addresses it touched, at most 5.
    pub addresses: Vec<String>,
    /// How many it touched.
    #[ts(type = "number")]
    pub count: u64,
    /// True while `undo` would work.
    pub undoable: bool,
    /// True once undone.
    pub undone: bool,
}

/// Answer to `journal`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Journal {
    /// Newest first.
    pub rows: Vec<JournalEntry>,
}

/// What became of one recipient of one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The next hop took it.
    Delivered,
    /// Refused for good (5xx).
    Refused,
    /// The sender was asked to come again (4xx).
    Deferred,
    /// Ours: durable here, waiting for the destination.
    Waiting,
    /// It was ours and the destination refused it, or it waited too long; kept for 14 days.
    Failed,
}

/// One line of the mail log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MailLogRow {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// When it was settled.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// What became of it.
    pub outcome: Outcome,
    /// Why, as one searchable code: `delivered`, `user_unknown`, `relay_denied`, `marked_invalid`, …
    pub reason: String,
    /// The reverse-path; empty for the null reverse-path.
    pub sender: String,
    /// The recipient as written.
    pub recipient: String,
    /// The client's IP address.
    pub client_ip: String,
    /// What it said in HELO or EHLO.
    pub client_name: String,
    /// Subject, once content was seen.
    pub subject: Option<String>,
    /// Content size in bytes, once content was seen.
    #[ts(type = "number | null")]
    pub size_bytes: Option<u64>,
    /// From the recipient's RCPT to its final reply, in milliseconds.
    #[ts(type = "number")]
    pub duration_ms: u64,
    /// What we told the client, whole.
    pub reply: String,
    /// What the destination told us, whole; absent when it was not asked.
    pub destination_reply: Option<String>,
    /// Host and port asked.
    pub destination: Option<String>,
    /// The queue id, for what was stored here.
    pub queue_id: Option<String>,
    /// The message's id, which its other recipients share. It is in our reply and in our Received field.
    #[serde(default)]
    pub message: Option<String>,
    /// Where it came from.
    #[serde(default)]
    pub direction: Direction,
    /// The Message-ID without angle brackets, once content was seen.
    #[serde(default)]
    pub message_id: Option<String>,
    /// Version and cipher, if the client's connection was encrypted.
    #[serde(default)]
    pub tls: Option<String>,
    /// Recipients of the message.
    #[serde(default)]
    #[ts(type = "number")]
    pub recipients: u64,
    /// How many of them have it.
    #[serde(default)]
    #[ts(type = "number")]
    pub recipients_delivered: u64,
}

/// Answer to `mail_log`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MailLog {
    /// Newest first.
    pub rows: Vec<MailLogRow>,
    /// Where to go on; none when everything was looked through. A search may end a page early.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub next: Option<i64>,
}

/// When to use STARTTLS with the destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TlsWord {
    /// Never.
    Never,
    /// When offered; any certificate; in clear when it fails.
    Opportunistic,
    /// Always, with a certificate that this computer trusts.
    Required,
}

/// The office's own mail server for a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Destination {
    /// Name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// When to encrypt.
    pub tls: TlsWord,
}

/// Whether the destination answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Reachability {
    NotAskedYet,
    Answers,
    DoesNotAnswer,
}

/// One domain of the office.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DomainRow {
    /// Lower case, A-label.
    pub name: String,
    /// Where its mail goes.
    pub destination: Destination,
    /// Whether that answers.
    pub reachability: Reachability,
    /// Since when.
    #[ts(type = "number | null")]
    pub since_ms: Option<i64>,
    /// Why it does not answer, as the system or the server said it.
    pub trouble: Option<String>,
    /// Clean messages needed before an address is Discovered.
    #[ts(type = "number")]
    pub need: u32,
    /// The counting window in days of 24 hours.
    #[ts(type = "number")]
    pub window_days: u32,
    /// What is settled for it.
    pub settings: DomainSettings,
    /// What its mail server does with an invented recipient; `null` before the first test.
    pub truth: Option<TruthWord>,
    /// When that was found.
    #[ts(type = "number | null")]
    pub truth_ms: Option<i64>,
    /// When it is tested again by itself.
    #[ts(type = "number")]
    pub truth_next_ms: i64,
    /// The literal replies of the last test.
    pub truth_replies: Vec<String>,
    /// Mail has shown that it refuses recipients only after the content.
    pub decides_at_data: bool,
    /// Mail has shown that it takes mail for unknown recipients and sends it back later.
    pub bounces_later: bool,
    /// What the mail server calls itself: `exchange`, `exchange_online`, `google`, `hmailserver`, `postfix`, `exim` …
    pub brand: Option<String>,
}

/// Answer to `domains`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Domains {
    /// By name.
    pub rows: Vec<DomainRow>,
}

/// One sentence of health.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// No domain is set up yet.
    NotSetUp,
    /// Set up, no message yet.
    Quiet,
    /// Mail is flowing.
    Flowing,
    /// A destination does not answer, or messages wait here.
    Waiting,
    /// No listener is bound: mail can't come in.
    CannotComeIn,
}

/// A listener and whether it is bound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ListenerRow {
    /// As `inbound`.
    pub name: String,
    /// What it is for.
    pub role: ListenerRole,
    /// When its connections are encrypted.
    pub tls: ListenerTls,
    /// The address asked for.
    pub address: String,
    /// The port asked for; 0 takes a free one.
    pub port: u16,
    /// What is bound, as `127.0.0.1:2525`.
    pub bound: Option<String>,
    /// Why it is not, in one sentence that says what to do.
    pub fault: Option<String>,
}

/// Something that needs an operator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct HealthFault {
    /// `listener_not_bound`, `destination_unreachable`, `task_failed`, `disk_low`, `messages_failed`.
    pub code: String,
    /// One sentence that says what to do.
    pub sentence: String,
    /// The technical reason.
    pub detail: Option<String>,
    /// Since when.
    #[ts(type = "number")]
    pub since_ms: i64,
}

/// Answer to `health`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Health {
    /// The one word.
    pub state: HealthState,
    /// The same in one sentence.
    pub sentence: String,
    /// The folder's clock now.
    #[ts(type = "number")]
    pub now_ms: i64,
    /// True in a practice folder (virtual clock, invented people).
    pub practice: bool,
    /// The data folder.
    pub data: String,
    /// The program's version.
    pub version: String,
    /// The name we give in greetings and Received headers.
    pub hostname: String,
    /// Listeners.
    pub listeners: Vec<ListenerRow>,
    /// Clients that no abuse rule applies to.
    pub upstreams: Vec<String>,
    /// What needs an operator.
    pub faults: Vec<HealthFault>,
    /// Messages stored here, waiting for the destination.
    #[ts(type = "number")]
    pub waiting: u64,
    /// Messages that could not be delivered and are kept.
    #[ts(type = "number")]
    pub failed: u64,
    /// Open SMTP sessions.
    #[ts(type = "number")]
    pub sessions: u64,
    /// The last message the destination took.
    #[ts(type = "number | null")]
    pub last_delivered_ms: Option<i64>,
    /// Users: each uses a seat.
    #[ts(type = "number")]
    pub users: u64,
    /// Whether desktop notifications are wanted.
    pub notifications: bool,
    /// Increases with every change.
    #[ts(type = "number")]
    pub revision: u64,
}

/// One bar of the chart: recipients settled in one hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[allow(missing_docs)]
pub struct MailHour {
    /// Start of the hour.
    #[ts(type = "number")]
    pub start_ms: i64,
    #[ts(type = "number")]
    pub delivered: u64,
    /// Refused for good.
    #[ts(type = "number")]
    pub refused: u64,
    /// Asked to come again.
    #[ts(type = "number")]
    pub deferred: u64,
    /// Stored here at that time for a destination that did not answer.
    #[ts(type = "number")]
    pub waiting: u64,
}

/// One week of "found and decided", cumulative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[allow(missing_docs)]
pub struct AddressWeek {
    #[ts(type = "number")]
    pub end_ms: i64,
    /// Addresses ever discovered until then.
    #[ts(type = "number")]
    pub found: u64,
    /// Of these, decided until then.
    #[ts(type = "number")]
    pub decided: u64,
}

/// Answer to `overview`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Overview {
    /// 24 hours, oldest first; the last one holds now.
    pub hours: Vec<MailHour>,
    /// 12 weeks, oldest first.
    pub weeks: Vec<AddressWeek>,
    /// Addresses by state.
    pub counts: StateCounts,
    /// Last changes, newest first, at most 6.
    pub lately: Vec<JournalEntry>,
}

/// Answer to a command that changed addresses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Changed {
    /// The journal entry, for `undo`; absent when nothing had to change.
    #[ts(type = "number | null")]
    pub entry: Option<i64>,
    /// The addresses changed.
    pub addresses: Vec<String>,
    /// Addresses that already were as asked.
    pub unchanged: Vec<String>,
}

/// Answer to `set_listener`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ListenerSet {
    /// The listener as it is now; `fault` says why it is not bound.
    pub listener: ListenerRow,
}

/// One step of `test_destination`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TestStep {
    /// `connect`, `greeting`, `starttls`, `valid_recipient`, `made_up_recipient`, `second_made_up_recipient`, `data`, `lost`.
    pub step: String,
    /// Good, note, or bad.
    pub verdict: TestVerdict,
    /// One sentence.
    pub sentence: String,
    /// The literal reply or system error.
    pub technical: Option<String>,
    /// Milliseconds it took.
    #[ts(type = "number")]
    pub took_ms: u64,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum TestVerdict {
    Good,
    Note,
    Bad,
}

/// Answer to `test_destination`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DestinationTest {
    /// True when mail can go there.
    pub usable: bool,
    /// The verdict in words.
    pub sentence: String,
    /// What was done, in order.
    pub steps: Vec<TestStep>,
}

/// Answer to `skip_time`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TimeSkipped {
    /// The folder's clock now.
    #[ts(type = "number")]
    pub now_ms: i64,
}
