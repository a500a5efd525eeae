//! Answers about addresses.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CachedAnswer, FreshInvalid, JournalEntry, Reverify};

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
    /// A user who is an organization administrator. It opens nothing by itself.
    #[serde(default)]
    pub is_administrator: bool,
    /// What a functional account is for (Z07); `null` where nobody said.
    #[serde(default)]
    pub kind: Option<AccountKindWord>,
    /// How many other names an account has.
    #[serde(default)]
    #[ts(type = "number")]
    pub aliases: u64,
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
    /// Weekly notices about it that were shown.
    #[ts(type = "number")]
    pub notices: u32,
    /// When it ends if nobody decides and every notice is seen; `null` where it does not end by itself.
    #[ts(type = "number | null")]
    pub ends_ms: Option<i64>,
    /// Until when it needs nobody: it is likely another name of an account, and does not end by itself. `null` where a
    /// decision is wanted; in the past once it has waited long enough.
    #[ts(type = "number | null")]
    pub can_wait_until_ms: Option<i64>,
    /// It does not end before this moment.
    #[ts(type = "number | null")]
    pub held_until_ms: Option<i64>,
    /// It never ends by itself.
    pub pinned: bool,
    /// Who made the account: `operator`, `rule` or `directory`.
    pub made_by: Option<String>,
    /// The account whose other name it is.
    pub owner: Option<String>,
    /// What Rollcall would do, and the names it would use.
    pub suggestion: Suggestion,
    /// How much the evidence says.
    pub strength: Strength,
}

/// What a functional account is for (Z07).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum AccountKindWord {
    SharedMailbox,
    Resource,
    DistributionGroup,
    SecurityGroup,
    PublicFolder,
    ExEmployee,
}

/// Another name of an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AliasRow {
    /// As first seen.
    pub address: String,
    /// Who made it: `operator`, `rule` or `directory`.
    pub made_by: Option<String>,
    /// What brought it here, as in `AddressRow`.
    pub source: String,
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
    /// The account that it looks like another name of.
    pub of: Option<String>,
    /// What speaks for that: `same_name`, `tagged`, `written`, `full_name`, `initial` or `first_name`.
    pub why: Option<String>,
}

/// What an address looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum SuggestionKind {
    Person,
    Functional,
    Alias,
    /// More likely nobody's: it was unknown to its mail server until that took everybody's mail. "Add as suggested" leaves it.
    Unlikely,
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
    /// How many match in all; of a search no more than 5,000 are counted and listed.
    #[ts(type = "number")]
    pub total: u64,
    /// The search found more than `total`.
    pub is_more: bool,
    /// How many addresses stand in each state, whatever the filter.
    pub counts: StateCounts,
    /// What is foretold of those that wait for a decision, whatever the filter; for a list of Discovered addresses alone.
    pub waiting: Option<WaitingCounts>,
}

/// How many Discovered addresses there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WaitingCounts {
    /// That end within five days if nobody decides.
    #[ts(type = "number")]
    pub ending_soon: u64,
    /// That look like another name of an account.
    #[ts(type = "number")]
    pub likely_alias: u64,
    /// For which little speaks.
    #[ts(type = "number")]
    pub weak: u64,
    /// That need nobody for now.
    #[ts(type = "number")]
    pub can_wait: u64,
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
    /// What the evidence says, in plain words (X03). It never acts by itself.
    pub score: String,
    /// Its other names, by address; for accounts.
    #[serde(default)]
    pub aliases: Vec<AliasRow>,
    /// Newest first, at most 200.
    pub evidence: Vec<Evidence>,
    /// Newest first: who decided what about this address.
    pub journal: Vec<JournalEntry>,
    /// What its mail server said of it last, as long as that holds; not for accounts, which are always asked about.
    pub cached: Option<CachedAnswer>,
    /// It ended by itself lately, or mail is kept for it (X06).
    #[serde(default)]
    pub fresh: Option<FreshInvalid>,
    /// When its mail server is asked again whether it knows it, for accounts (V06).
    #[serde(default)]
    pub reverify: Option<Reverify>,
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
    /// The sender answers what the address wrote (X07).
    pub is_reply: bool,
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
    /// It sent a message from inside.
    Sent,
    /// The destination took its mail and sent it back.
    Bounced,
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
