//! Words about lists of people that come from a file or go into one (M08, Z09, V12, X18).

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::answers::{RoleWord, StateWord};

/// How the columns of a file are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CsvLayout {
    /// As Rollcall writes it, with its own header.
    Own,
    /// Proofpoint Essentials: no header; first name, last name, address, mobile number, aliases. The one before October
    /// 2021, without the mobile number, is read too. It creates only and never updates.
    Proofpoint,
    /// Users as Postini exported them, by the names in the header.
    PostiniUsers,
    /// Aliases as Postini exported them, by the names in the header.
    PostiniAliases,
    /// Mailprotector, by the names in the header: its columns are published nowhere.
    Mailprotector,
    /// Mail Assure and SpamExperts, by the names in the header: its columns are published nowhere.
    MailAssure,
    /// As `columns` says, else by the names in the header.
    Mapped,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CsvColumn {
    /// Nothing of interest.
    Ignore,
    /// The address.
    Address,
    /// The part of the address before the @.
    Local,
    /// The part of the address after the @.
    Domain,
    /// First name.
    FirstName,
    /// Surname.
    Surname,
    /// Both names: “Ann Lee” or “Lee, Ann”.
    FullName,
    /// Other names, separated by spaces, commas, semicolons or bars. There may be several such columns.
    Aliases,
    /// User or functional.
    Kind,
    /// Silent or end.
    Role,
    /// The account whose other name the address is.
    Owner,
}

/// What becomes of accounts that are not in the file (V12).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CsvMode {
    /// They stay.
    #[default]
    Merge,
    /// Those that came from a file or by hand, in the domains that the file is about, are taken off the lists.
    Replace,
}

/// Arguments of `preview_csv`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PreviewCsvArgs {
    /// The file's bytes in Base64; the file at most 20 MB and 100,000 rows.
    pub content_base64: String,
    /// How its columns are meant; found out unless given.
    #[serde(default)]
    #[ts(optional)]
    pub layout: Option<CsvLayout>,
    /// What each column holds, for `mapped`.
    #[serde(default)]
    #[ts(optional)]
    pub columns: Option<Vec<CsvColumn>>,
    /// Whether its first row is a header; found out unless given.
    #[serde(default)]
    #[ts(optional)]
    pub has_header: Option<bool>,
    /// `merge` unless given.
    #[serde(default)]
    #[ts(optional)]
    pub mode: Option<CsvMode>,
    /// Whether accounts that are there get the file's names, kind, role and aliases; not unless given.
    #[serde(default)]
    #[ts(optional)]
    pub update: Option<bool>,
    /// The role of new users whose row says none; `silent` unless given.
    #[serde(default)]
    #[ts(optional)]
    pub role: Option<RoleWord>,
}

/// Arguments of `import_csv`: those of the preview, and what it asked for.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ImportCsvArgs {
    /// The file's bytes in Base64; the file at most 20 MB and 100,000 rows.
    pub content_base64: String,
    /// How its columns are meant; found out unless given.
    #[serde(default)]
    #[ts(optional)]
    pub layout: Option<CsvLayout>,
    /// What each column holds, for `mapped`.
    #[serde(default)]
    #[ts(optional)]
    pub columns: Option<Vec<CsvColumn>>,
    /// Whether its first row is a header; found out unless given.
    #[serde(default)]
    #[ts(optional)]
    pub has_header: Option<bool>,
    /// `merge` unless given.
    #[serde(default)]
    #[ts(optional)]
    pub mode: Option<CsvMode>,
    /// Whether accounts that are there get the file's names, kind, role and aliases; not unless given.
    #[serde(default)]
    #[ts(optional)]
    pub update: Option<bool>,
    /// The role of new users whose row says none; `silent` unless given.
    #[serde(default)]
    #[ts(optional)]
    pub role: Option<RoleWord>,
    /// How many removals are agreed to; needed where the preview has `accept_removals`, and the same number (V07).
    #[serde(default)]
    #[ts(optional, type = "number")]
    pub accept_removals: Option<u64>,
}

/// Whose file a list is written for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportLayout {
    /// Rollcall itself, and a spreadsheet: with a header, and a mark by which Excel reads UTF-8.
    #[default]
    Own,
    /// Proofpoint Essentials: no header; first name, last name, address, mobile number (empty), aliases.
    Proofpoint,
    /// Mailprotector: a header that names address, names and aliases; its own columns are published nowhere.
    Mailprotector,
    /// Mail Assure and SpamExperts: mailbox and domain, also of aliases; its own columns are published nowhere.
    MailAssure,
}

/// What stands between the cells of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum CsvDelimiter {
    Comma,
    Semicolon,
    Tab,
    Pipe,
}

/// Arguments of `export_people`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ExportPeopleArgs {
    /// For whom; `own` unless given.
    #[ts(optional)]
    pub layout: Option<ExportLayout>,
    /// Which addresses; users, functional accounts and aliases unless given.
    #[ts(optional)]
    pub states: Option<Vec<StateWord>>,
    /// What stands between the cells; a comma unless given. Excel wants a semicolon where the comma is the decimal sign.
    #[ts(optional)]
    pub delimiter: Option<CsvDelimiter>,
}

/// Arguments of `people_report`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct PeopleReportArgs {
    /// Which addresses; users, functional accounts and aliases unless given.
    #[ts(optional)]
    pub states: Option<Vec<StateWord>>,
}

/// Arguments of `export_backup`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct ExportBackupArgs {
    /// Seals the whole file, at least 8 characters; without it, no password or key is in the file.
    #[ts(optional)]
    pub passphrase: Option<String>,
}

impl fmt::Debug for PreviewCsvArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PreviewCsvArgs([{} characters of a file])", self.content_base64.len())
    }
}

impl fmt::Debug for ImportCsvArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ImportCsvArgs([{} characters of a file])", self.content_base64.len())
    }
}

impl fmt::Debug for ExportBackupArgs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExportBackupArgs([secret])")
    }
}
