//! Answers about lists of people that come from a file or go into one (M08, Z09, V12, X17, X18).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::access::Forecast;
use crate::registry::{CsvColumn, CsvDelimiter, CsvLayout};

/// How the characters of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum CsvEncoding {
    /// UTF-8.
    #[serde(rename = "utf_8")]
    Utf8,
    /// UTF-8 with a byte order mark.
    #[serde(rename = "utf_8_bom")]
    Utf8Bom,
    /// UTF-16, little-endian, as Excel's “Unicode text”.
    #[serde(rename = "utf_16_le")]
    Utf16Le,
    /// UTF-16, big-endian.
    #[serde(rename = "utf_16_be")]
    Utf16Be,
    /// Windows-1252, as Excel's “CSV”.
    #[serde(rename = "windows_1252")]
    Windows1252,
}

/// What would become of a line, or of an account that no line has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CsvWhat {
    /// A new account.
    Add,
    /// An account that gets what the file says.
    Update,
    /// An account that is as the file says.
    Unchanged,
    /// An account that is there already and stays as it is, or an address that the file has twice.
    Duplicate,
    /// An address of a domain that is not yours.
    Foreign,
    /// An address that is something else here: another name, invalid, never to be added, switched off.
    Conflict,
    /// A line that cannot be read.
    Bad,
    /// An account that the file does not have (Replace).
    Remove,
}

/// How many of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CsvCounts {
    /// New accounts.
    #[ts(type = "number")]
    pub add: u64,
    /// Accounts that change.
    #[ts(type = "number")]
    pub update: u64,
    /// Accounts that are as the file says.
    #[ts(type = "number")]
    pub unchanged: u64,
    /// Lines whose address is an account already, or stands in the file twice.
    #[ts(type = "number")]
    pub duplicate: u64,
    /// Addresses of domains that are not yours.
    #[ts(type = "number")]
    pub foreign: u64,
    /// Addresses that are something else here.
    #[ts(type = "number")]
    pub conflict: u64,
    /// Lines that cannot be read.
    #[ts(type = "number")]
    pub bad: u64,
    /// Accounts that go.
    #[ts(type = "number")]
    pub remove: u64,
    /// New other names of accounts.
    #[ts(type = "number")]
    pub aliases: u64,
}

/// One line of the preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CsvLine {
    /// Its number in the file, from 1, as an editor counts; absent for an account that goes.
    #[ts(type = "number | null")]
    pub line: Option<u64>,
    /// What becomes of it.
    pub what: CsvWhat,
    /// The address; for a bad line, the cell that cannot be read.
    pub address: String,
    /// First name.
    pub first_name: Option<String>,
    /// Surname.
    pub surname: Option<String>,
    /// Why, in a sentence; absent where there is nothing to say.
    pub sentence: Option<String>,
}

/// Answer to `preview_csv`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CsvPreview {
    /// How its characters are written.
    pub encoding: CsvEncoding,
    /// What stands between its cells.
    pub delimiter: CsvDelimiter,
    /// How its columns are meant.
    pub layout: CsvLayout,
    /// Whether its first row is a header.
    pub has_header: bool,
    /// What each column holds.
    pub columns: Vec<CsvColumn>,
    /// The header; empty without one.
    pub heads: Vec<String>,
    /// The first five rows behind the header, as they stand there.
    pub sample: Vec<Vec<String>>,
    /// Rows behind the header.
    #[ts(type = "number")]
    pub rows: u64,
    /// How many of each.
    pub counts: CsvCounts,
    /// The first 200 of each, in the order of the file; those that go at the end.
    pub lines: Vec<CsvLine>,
    /// What it means for the seats and for the bill, accounts that go taken off.
    pub seats: Forecast,
    /// So many accounts may go without being asked about: 3, or 5 % of those in the file's domains if that is more (V07).
    #[ts(type = "number")]
    pub removal_limit: u64,
    /// More than that go: `import_csv` needs this number.
    #[ts(type = "number | null")]
    pub accept_removals: Option<u64>,
    /// Why it cannot be imported as it is; absent where it can.
    pub refusal: Option<String>,
    /// All of it for people.
    pub sentence: String,
}

/// Answer to `import_csv`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CsvImported {
    /// The journal entry, for `undo`; absent when nothing had to change.
    #[ts(type = "number | null")]
    pub entry: Option<i64>,
    /// How many of each.
    pub counts: CsvCounts,
    /// All of it for people.
    pub sentence: String,
}

/// Answer to `export_people`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PeopleExport {
    /// The file's content; what is written as UTF-8.
    pub text: String,
    /// Rows without the header.
    #[ts(type = "number")]
    pub rows: u64,
    /// What the file may be called.
    pub file_name: String,
}

/// Answer to `people_report`: a page to print or to save as PDF, complete in itself and without scripts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PeopleReport {
    /// The page.
    pub html: String,
    /// Addresses in it.
    #[ts(type = "number")]
    pub rows: u64,
    /// What the file may be called.
    pub file_name: String,
}

/// Answer to `export_backup`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BackupExported {
    /// Where the file is: in `backups` in the data folder, for the owner alone.
    pub path: String,
    /// Its size.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Whether it is sealed with a passphrase, and so has passwords and keys.
    pub sealed: bool,
    /// What is in it and what is not, for people.
    pub sentence: String,
}
