//! The list of people as a file (M08, X18): for Rollcall and spreadsheets, and for three other services.
//!
//! **Invariant.** No cell is a formula to a spreadsheet. What is written as [`For::Rollcall`], imported into an empty folder
//! and written again is the same text.
//!
//! **Limits.** What Mailprotector and Mail Assure want is published nowhere: their files have headers that say what is in
//! them, in the words of their help pages.

use std::collections::{BTreeMap, HashSet};

use rollcall_core::AddressState;
use rollcall_core::roster::{Delimiter, OWN_HEADER, guarded};
use rollcall_store::AddressRecord;

use crate::error::EngineError;
use crate::house::House;

/// Excel reads a file that begins with this as UTF-8.
const MARK: &str = "\u{FEFF}";

/// For whom a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Rollcall and spreadsheets.
    Rollcall,
    /// Proofpoint Essentials: no header; first name, last name, address, mobile number, aliases.
    Proofpoint,
    /// Mailprotector.
    Mailprotector,
    /// Mail Assure and SpamExperts.
    MailAssure,
}

/// A list, written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file's content.
    pub text: String,
    /// Rows without the header.
    pub rows: u64,
    /// What the file may be called.
    pub file_name: String,
}

/// The addresses of some states, with the other names of accounts.
pub(crate) struct People {
    /// A to Z.
    pub rows: Vec<AddressRecord>,
    /// What the other names of each account among them are, by its key; as shown, A to Z.
    pub aliases: BTreeMap<String, Vec<String>>,
}

impl House {
    /// Writes the addresses in these states down, cells separated by `delimiter`.
    ///
    /// # Errors
    /// The store's.
    pub fn export_people(&self, reader: For, states: &[&str], delimiter: Delimiter) -> Result<Written, EngineError> {
        let people = self.people(states)?;
        let rows = match reader {
            For::Rollcall => own(&people),
            For::Proofpoint => proofpoint(&people),
            For::Mailprotector => mailprotector(&people),
            For::MailAssure => mail_assure(&people),
        };
        let head: &[&str] = match reader {
            For::Rollcall => &OWN_HEADER,
            For::Proofpoint => &[],
            For::Mailprotector => &["Email", "First Name", "Last Name", "Aliases"],
            For::MailAssure => &["Mailbox", "Domain"],
        };
        let mark = if reader == For::Rollcall { MARK } else { "" };
        let text = written(head, &rows, delimiter)?;
        let whose = match reader {
            For::Rollcall => "people",
            For::Proofpoint => "people-proofpoint",
            For::Mailprotector => "people-mailprotector",
            For::MailAssure => "people-mail-assure",
        };
        let file_name = format!("rollcall-{whose}-{}.csv", self.today());
        Ok(Written { text: format!("{mark}{text}"), rows: rows.len() as u64, file_name })
    }

    /// The addresses in these states.
    pub(crate) fn people(&self, states: &[&str]) -> Result<People, EngineError> {
        let mut rows = self.store.read(|tx| tx.every_address())?;
        rows.retain(|row| states.contains(&row.state.word()));
        let keys: HashSet<String> =
            rows.iter().filter(|row| row.state != AddressState::Alias).map(|row| row.key.clone()).collect();
        let mut aliases: BTreeMap<String, Vec<String>> = BTreeMap::new();
        rows.retain(|row| match &row.owner {
            // One that cannot stand in a cell with others has a row of its own.
            Some(owner) if keys.contains(owner) && stands_in_a_list(&row.shown) => {
                aliases.entry(owner.clone()).or_default().push(row.shown.clone());
                false
            }
            _ => true,
        });
        Ok(People { rows, aliases })
    }

    /// `2026-11-27`.
    pub(crate) fn today(&self) -> String {
        let now = jiff::Timestamp::from_millisecond(self.clock.now().0).unwrap_or_default();
        now.to_zoned(jiff::tz::TimeZone::system()).date().to_string()
    }
}

/// Whether the address has nothing that separates one from the next.
fn stands_in_a_list(shown: &str) -> bool {
    !shown.starts_with('\'') && !shown.contains(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | ':'))
}

impl People {
    fn aliases_of(&self, row: &AddressRecord) -> &[String] {
        self.aliases.get(&row.key).map_or(&[], Vec::as_slice)
    }

    /// Accounts alone: other services know no others.
    fn accounts(&self) -> impl Iterator<Item = &AddressRecord> {
        self.rows.iter().filter(|row| matches!(row.state, AddressState::User(_) | AddressState::Functional))
    }
}

fn own(people: &People) -> Vec<Vec<String>> {
    let cells = |row: &AddressRecord| {
        vec![
            row.shown.clone(),
            row.state.word().to_owned(),
            row.state.role().map_or("", rollcall_core::Role::word).to_owned(),
            row.first_name.clone().unwrap_or_default(),
            row.surname.clone().unwrap_or_default(),
            people.aliases_of(row).join(" "),
            row.owner.clone().unwrap_or_default(),
        ]
    };
    people.rows.iter().map(cells).collect()
}

fn proofpoint(people: &People) -> Vec<Vec<String>> {
    let cells = |row: &AddressRecord| {
        let name = |name: &Option<String>| name.clone().unwrap_or_default();
        let mut cells = vec![name(&row.first_name), name(&row.surname), row.shown.clone(), String::new()];
        cells.extend(people.aliases_of(row).iter().cloned());
        cells
    };
    people.accounts().map(cells).collect()
}

fn mailprotector(people: &People) -> Vec<Vec<String>> {
    let cells = |row: &AddressRecord| {
        let name = |name: &Option<String>| name.clone().unwrap_or_default();
        vec![row.shown.clone(), name(&row.first_name), name(&row.surname), people.aliases_of(row).join(" ")]
    };
    people.accounts().map(cells).collect()
}

fn mail_assure(people: &People) -> Vec<Vec<String>> {
    let cells = |shown: &String| {
        let (local, domain) = shown.rsplit_once('@').unwrap_or((shown, ""));
        vec![local.to_owned(), domain.to_owned()]
    };
    people.accounts().flat_map(|row| std::iter::once(&row.shown).chain(people.aliases_of(row))).map(cells).collect()
}

fn written(head: &[&str], rows: &[Vec<String>], delimiter: Delimiter) -> Result<String, EngineError> {
    let broken =
        |error: &dyn std::fmt::Display| EngineError::Internal(format!("The list could not be written: {error}."));
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter.byte())
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(Vec::new());
    if !head.is_empty() {
        writer.write_record(head).map_err(|error| broken(&error))?;
    }
    for row in rows {
        writer.write_record(row.iter().map(|cell| guarded(cell).into_owned())).map_err(|error| broken(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| broken(&error))?;
    String::from_utf8(bytes).map_err(|error| broken(&error))
}
