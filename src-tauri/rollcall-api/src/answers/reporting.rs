//! Answers about the weekly report, its contacts, and letters of our own.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::StateWord;

/// A weekly report without its lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReportRow {
    /// Its number, for `report`.
    #[ts(type = "number")]
    pub id: i64,
    /// When it was made.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// The tick before.
    #[ts(type = "number")]
    pub from_ms: i64,
    /// The tick that made it.
    #[ts(type = "number")]
    pub until_ms: i64,
    /// Users that it lists.
    #[ts(type = "number")]
    pub users: u64,
    /// Aliases that it lists.
    #[ts(type = "number")]
    pub aliases: u64,
    /// Discovered addresses that waited for a decision then.
    #[ts(type = "number")]
    pub waiting: u64,
}

/// Answer to `reports`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Reports {
    /// Newest first.
    pub rows: Vec<ReportRow>,
    /// Where to go on; `null` when these are the last.
    #[ts(type = "number | null")]
    pub next: Option<i64>,
}

/// What made an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CauseWord {
    /// A person decided.
    Operator,
    /// The rule, once enough clean mail was seen.
    Threshold,
    /// The rule, because it sent mail from inside.
    Outbound,
    /// The rule, because nobody decided in time.
    Expiry,
    /// The rule, because an account of another domain has the same name.
    SameName,
    /// The directory.
    Directory,
}

/// A user or an alias that was created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NewAccountRow {
    /// As shown.
    pub address: String,
    /// The account whose other name it was made.
    pub owner: Option<String>,
    /// When.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// What made it.
    pub cause: CauseWord,
    /// The role that decided, as in the journal; `rollcall` where nobody did.
    pub who: String,
    /// Where it stands now; `null` when it is on no list any more.
    pub state: Option<StateWord>,
    /// Whether it is still what it was made.
    pub stands: bool,
}

/// Answer to `report`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WeeklyReport {
    /// Its numbers.
    pub report: ReportRow,
    /// The users that were created, oldest first (D11).
    pub users: Vec<NewAccountRow>,
    /// The aliases that were created, oldest first (D12).
    pub aliases: Vec<NewAccountRow>,
}

/// Somebody who looks after the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ContactRow {
    /// Name; may be empty.
    pub name: String,
    /// E-mail address; may be empty.
    pub email: String,
    /// Whether what the week brought goes there by e-mail too.
    pub copy: bool,
}

/// Why the latest letter could not be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LetterTrouble {
    /// When.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Why, and what to do.
    pub sentence: String,
}

/// Answer to `reporting`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Reporting {
    /// "Report on New Users" (D11).
    pub new_users: bool,
    /// "Report on New Aliases" (D12).
    pub new_aliases: bool,
    /// "Include Admin Contact in the Report" (D13).
    pub include_admin_contact: bool,
    /// The Technician's contact.
    pub technical_contact: ContactRow,
    /// The Organization Administrator's contact.
    pub admin_contact: ContactRow,
    /// The address that letters come from, as the operator gave it; empty when nobody did.
    pub letter_sender: String,
    /// The address that letters come from now; `null` while there is no domain.
    pub letter_sender_now: Option<String>,
    /// The subject of a welcome.
    pub welcome_subject: String,
    /// The text of a welcome.
    pub welcome_text: String,
    /// The domains whose rule welcomes new users who can sign in (P10), A to Z.
    pub welcoming: Vec<String>,
    /// Why the latest letter could not be sent; `null` where it was.
    pub trouble: Option<LetterTrouble>,
}
