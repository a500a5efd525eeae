//! From the rows of a file to people, and to what cannot be read of it.

use super::cut::{self, Delimiter};
use super::layout::{self, Column, Layout, Said};
use super::text::{self, Encoding};
use super::{MOST_BYTES, MOST_ROWS, guard};
use crate::address::Address;
use crate::state::Role;

/// So many rows are shown as they stand in the file, and tell what its columns hold.
const SAMPLE: usize = 5;
/// So many rows tell what the columns hold.
const LOOKED_AT: usize = 200;
/// The longest name, in characters.
const LONGEST_NAME: usize = 100;
/// The kind of an address that is another name of an account.
const ALIAS: &str = "alias";
/// So much is shown of what cannot be read, in characters.
const LONGEST_SHOWN: usize = 200;

/// What the operator says of a file; what is `None` is found out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// How its columns are meant.
    pub layout: Option<Layout>,
    /// What each holds, for [`Layout::Mapped`].
    pub columns: Option<Vec<Column>>,
    /// Whether its first row is a header.
    pub has_header: Option<bool>,
}

/// Why nothing at all can be made of a file. The sentence is for the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Too many bytes.
    #[error("The file is larger than 20 MB. Split it and import the parts one after another.")]
    TooLarge,
    /// Too many rows.
    #[error("The file has more than 100,000 rows. Split it and import the parts one after another.")]
    TooManyRows,
    /// A workbook of Excel or the like.
    #[error("This is a spreadsheet, not a CSV file. Open it in its program and save it as CSV.")]
    Spreadsheet,
    /// It has bytes that no text has.
    #[error("This is not a text file, so it can't be a list of people.")]
    NotText,
    /// Nothing is in it.
    #[error("The file has no rows.")]
    Empty,
    /// Nothing says where the addresses are.
    #[error("Rollcall can't tell which column holds the addresses. Say what each column holds.")]
    NoAddressColumn,
}

/// What an account in a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Uses a seat.
    User,
    /// Uses none.
    Functional,
}

/// Somebody in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The address.
    pub address: Address,
    /// First name.
    pub first_name: Option<String>,
    /// Surname.
    pub surname: Option<String>,
    /// Other names.
    pub aliases: Vec<Address>,
    /// What it is, if the file says so.
    pub kind: Option<Kind>,
    /// Its role, if the file says so.
    pub role: Option<Role>,
    /// The account whose other name it is, if it is one.
    pub owner: Option<Address>,
}

/// A line with somebody in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file, from 1.
    pub number: u64,
    /// Who.
    pub person: Person,
}

/// What cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad {
    /// The line's number in the file, from 1.
    pub number: u64,
    /// Why, in a sentence.
    pub reason: String,
    /// The cell, or the line where no cell can be told.
    pub cell: String,
    /// Keys of the addresses that can be made out in the line.
    pub keys: Vec<String>,
}

/// A file, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// How its characters are written.
    pub encoding: Encoding,
    /// What stands between its cells.
    pub delimiter: Delimiter,
    /// How its columns are meant.
    pub layout: Layout,
    /// What each column holds.
    pub columns: Vec<Column>,
    /// Its header, where it has one.
    pub heads: Option<Vec<String>>,
    /// The first rows behind the header, as they stand there.
    pub sample: Vec<Vec<String>>,
    /// Rows behind the header.
    pub rows: u64,
    /// Who is in it.
    pub lines: Vec<Line>,
    /// What cannot be read.
    pub bad: Vec<Bad>,
}

/// Reads a file: good lines, and what is wrong with the others.
///
/// # Errors
/// [`Unreadable`] when nothing can be made of it.
pub fn read(bytes: &[u8], wanted: &Wanted) -> Result<Roster, Unreadable> {
    if bytes.len() > MOST_BYTES {
        return Err(Unreadable::TooLarge);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(Unreadable::Spreadsheet);
    }
    let (encoding, text) = text::decode(bytes);
    if text.contains('\0') {
        return Err(Unreadable::NotText);
    }
    let tidy = cut::tidied(&text);
    let delimiter = cut::delimiter(&tidy);
    let mut rows = cut::rows(&tidy, delimiter);
    let looked_at: Vec<Vec<String>> =
        rows.iter().filter_map(|row| row.cells.as_ref().ok()).take(LOOKED_AT).map(|cells| trimmed(cells)).collect();
    let said = Said { layout: wanted.layout, has_header: wanted.has_header, columns: wanted.columns.as_deref() };
    let found = layout::find(&looked_at.iter().map(Vec::as_slice).collect::<Vec<_>>(), said);
    let header = rows.iter().position(|row| row.cells.is_ok()).filter(|_| found.has_header);
    let heads = header.map(|place| trimmed(&rows.remove(place).cells.unwrap_or_default()));
    if rows.is_empty() {
        return Err(Unreadable::Empty);
    }
    if rows.len() > MOST_ROWS {
        return Err(Unreadable::TooManyRows);
    }
    let has = |column| found.columns.contains(&column);
    let has_address = has(Column::Address) || (has(Column::Local) && has(Column::Domain));
    if !has_address {
        return Err(Unreadable::NoAddressColumn);
    }
    let mut roster = Roster {
        encoding,
        delimiter,
        layout: found.layout,
        columns: found.columns,
        heads,
        sample: rows.iter().filter_map(|row| row.cells.clone().ok()).take(SAMPLE).collect(),
        rows: rows.len() as u64,
        lines: Vec::new(),
        bad: Vec::new(),
    };
    for row in rows {
        roster.take(row);
    }
    Ok(roster)
}

impl Roster {
    fn take(&mut self, row: cut::Row) {
        let cells = match row.cells {
            Ok(cells) => trimmed(&cells),
            Err(line) => {
                let reason = "A quotation mark opens a cell here, and none closes it.".to_owned();
                let keys = keys_in(&line);
                self.bad.push(Bad { number: row.number, reason, cell: shown(&line), keys });
                return;
            }
        };
        let mut wrong = Vec::new();
        match person(&cells, &self.columns, &mut wrong) {
            Ok(person) => self.lines.push(Line { number: row.number, person }),
            Err(misfit) => wrong.push(misfit),
        }
        let keys: Vec<String> =
            if wrong.is_empty() { Vec::new() } else { cells.iter().flat_map(|cell| keys_in(cell)).collect() };
        for Misfit { reason, cell } in wrong {
            self.bad.push(Bad { number: row.number, reason, cell: shown(&cell), keys: keys.clone() });
        }
    }
}

/// What is wrong with a cell.
struct Misfit {
    reason: String,
    cell: String,
}

/// The person in a row; what is wrong with aliases alone goes into `wrong`.
fn person(cells: &[String], columns: &[Column], wrong: &mut Vec<Misfit>) -> Result<Person, Misfit> {
    let cell = |column| {
        let place = columns.iter().position(|one| *one == column)?;
        cells.get(place).map(String::as_str).filter(|cell| !cell.is_empty())
    };
    let address = match (cell(Column::Address), cell(Column::Local), cell(Column::Domain)) {
        (Some(address), _, _) => account(address)?,
        (None, Some(local), _) if local.contains('@') => account(local)?,
        (None, Some(local), Some(domain)) => account(&format!("{local}@{domain}"))?,
        _ => return Err(Misfit { reason: "The line has no address.".to_owned(), cell: cells.join(" ") }),
    };
    let kind = cell(Column::Kind).filter(|word| !word.eq_ignore_ascii_case(ALIAS)).map(kind).transpose()?;
    let role = cell(Column::Role).map(role).transpose()?;
    let owner = cell(Column::Owner).map(account).transpose()?;
    if owner.is_none() && cell(Column::Kind).is_some_and(|word| word.eq_ignore_ascii_case(ALIAS)) {
        let reason = "An alias needs the account whose other name it is.".to_owned();
        return Err(Misfit { reason, cell: address.to_string() });
    }
    let (first, last) = cell(Column::FullName).map_or((None, None), both_names);
    let mut aliases: Vec<Address> = Vec::new();
    let alias_cells = columns.iter().zip(cells).filter(|(column, _)| **column == Column::Aliases);
    for token in alias_cells.flat_map(|(_, cell)| tokens(cell)) {
        match account(token) {
            Ok(alias) if alias.key() == address.key() || aliases.iter().any(|one| one.key() == alias.key()) => {}
            Ok(alias) => aliases.push(alias),
            Err(misfit) => wrong.push(misfit),
        }
    }
    Ok(Person {
        first_name: cell(Column::FirstName).and_then(name).or(first),
        surname: cell(Column::Surname).and_then(name).or(last),
        address,
        aliases,
        kind,
        role,
        owner,
    })
}

/// An address that may be an account.
fn account(cell: &str) -> Result<Address, Misfit> {
    let misfit = |reason: String| Misfit { reason, cell: cell.to_owned() };
    let address = Address::parse(bare(cell)).map_err(|error| misfit(format!("{error}.")))?;
    if address.routes_elsewhere() {
        return Err(misfit(format!("“{}” names another address inside, so it can't be an account.", shown(cell))));
    }
    Ok(address)
}

/// `SMTP:ann@acme.example` and `<ann@acme.example>` as the address alone.
fn bare(cell: &str) -> &str {
    let cell = cell.trim_start_matches('<').trim_end_matches('>');
    match cell.split_once(':') {
        Some((word, address)) if word.eq_ignore_ascii_case("smtp") => address,
        _ => cell,
    }
}

/// What stands in a cell of aliases; entries of other kinds, as `X500:` and `SIP:`, are left out.
fn tokens(cell: &str) -> impl Iterator<Item = &str> {
    let parts = cell.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|'));
    parts.map(guard::unguarded).filter(|part| {
        let is_other = part.split_once(':').is_some_and(|(word, _)| !word.eq_ignore_ascii_case("smtp"));
        !part.is_empty() && !is_other
    })
}

fn kind(cell: &str) -> Result<Kind, Misfit> {
    let word: String = cell.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match word.as_str() {
        "user" | "usermailbox" | "person" | "enduser" | "silentuser" | "mailuser" | "member" => Ok(Kind::User),
        "functional"
        | "functionalaccount"
        | "function"
        | "shared"
        | "sharedmailbox"
        | "resource"
        | "room"
        | "roommailbox"
        | "equipmentmailbox"
        | "group"
        | "distributionlist"
        | "distributiongroup"
        | "maildistributiongroup"
        | "mailuniversaldistributiongroup"
        | "securitygroup"
        | "publicfolder" => Ok(Kind::Functional),
        _ => Err(Misfit {
            reason: format!("“{}” is no kind of account: write user or functional.", shown(cell)),
            cell: cell.to_owned(),
        }),
    }
}

fn role(cell: &str) -> Result<Role, Misfit> {
    let word: String = cell.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match word.as_str() {
        "silent" | "silentuser" => Ok(Role::Silent),
        "end" | "enduser" => Ok(Role::End),
        _ => Err(Misfit {
            reason: format!("“{}” is no role of a user: write silent or end.", shown(cell)),
            cell: cell.to_owned(),
        }),
    }
}

/// `Ann Lee` and `Lee, Ann`.
fn both_names(cell: &str) -> (Option<String>, Option<String>) {
    let halves = match cell.split_once(',') {
        Some((last, first)) => (first.trim(), last.trim()),
        None => cell.rsplit_once(char::is_whitespace).map_or((cell, ""), |(first, last)| (first.trim(), last)),
    };
    (name(halves.0), name(halves.1))
}

fn name(cell: &str) -> Option<String> {
    let name: String = cell.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_NAME).collect();
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// The cells without white space around them, and without what guards them from spreadsheets.
fn trimmed(cells: &[String]) -> Vec<String> {
    cells.iter().map(|cell| guard::unguarded(cell).trim().to_owned()).collect()
}

/// Keys of the addresses that can be made out in a text.
fn keys_in(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '"' | '<' | '>' | '\''));
    parts.filter_map(|part| Address::parse(bare(part)).ok()).map(|address| address.key()).collect()
}

fn shown(text: &str) -> String {
    text.chars().take(LONGEST_SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn roster(text: &str) -> Roster {
        read(text.as_bytes(), &Wanted::default()).expect(text)
    }

    fn people(roster: &Roster) -> Vec<(u64, String, String, Vec<String>)> {
        let said = |name: &Option<String>| name.clone().unwrap_or_default();
        let row = |line: &Line| {
            let Person { address, first_name, surname, aliases, .. } = &line.person;
            let names = format!("{} {}", said(first_name), said(surname));
            (line.number, address.to_string(), names, aliases.iter().map(Address::to_string).collect())
        };
        roster.lines.iter().map(row).collect()
    }

    #[test]
    fn z09_proofpoints_own_sample_is_read() {
        let found = roster(
            "John,Smith,john.smith@domain.com,+447123456789,,\r\n\
             Tom,Smith,tom.smith@domain.com,+145123456789,tom.smith.alias@domain.com,\r\n",
        );

        assert_eq!(found.layout, Layout::Proofpoint);
        assert_eq!(
            people(&found),
            [
                (1, "john.smith@domain.com".to_owned(), "John Smith".to_owned(), vec![]),
                (
                    2,
                    "tom.smith@domain.com".to_owned(),
                    "Tom Smith".to_owned(),
                    vec!["tom.smith.alias@domain.com".to_owned()]
                ),
            ]
        );
        assert!(found.bad.is_empty(), "{:?}", found.bad);
    }

    #[test]
    fn m08_bad_lines_have_their_number_and_their_reason_and_good_ones_are_kept() {
        let found = roster(
            "Email;Type;Aliases\nann@a.example;user;al@a.example\n\nno address;user\nbob@a.example;robot\n\
             \"cid@a.example;user\ndee@a.example;;x y@@ d@a.example\nvictim%b@a.example\n;user\n",
        );

        let bad: Vec<(u64, &str, &str)> =
            found.bad.iter().map(|bad| (bad.number, bad.cell.as_str(), bad.reason.as_str())).collect();
        assert_eq!(people(&found).iter().map(|line| line.0).collect::<Vec<_>>(), [2, 7]);
        assert_eq!(
            bad.iter().map(|(number, cell, _)| (*number, *cell)).collect::<Vec<_>>(),
            [
                (4, "no address"),
                (5, "robot"),
                (6, "\"cid@a.example;user"),
                (7, "x"),
                (7, "y@@"),
                (8, "victim%b@a.example"),
                (9, " user"),
            ]
        );
        assert!(bad[0].2.contains("isn't an address"), "{}", bad[0].2);
        assert_eq!(bad[1].2, "“robot” is no kind of account: write user or functional.");
        assert_eq!(found.bad[2].keys, ["cid@a.example"], "whoever is in a bad line is still named in the file");
        assert_eq!(found.lines[1].person.aliases.len(), 1, "the good alias of that line stays");
    }

    #[test]
    fn m08_what_exchange_and_others_write_into_cells_is_understood() {
        let found = roster(
            "DisplayName,PrimarySmtpAddress,RecipientTypeDetails,EmailAddresses\n\
             \"Lee, Ann\",Ann.Lee@a.example,UserMailbox,\"SMTP:Ann.Lee@a.example smtp:al@a.example X500:/o=x SIP:a@a.example\"\n\
             Front Desk,desk@a.example,SharedMailbox,\n",
        );

        assert_eq!(people(&found)[0].2, "Ann Lee");
        assert_eq!(people(&found)[0].3, ["al@a.example"]);
        assert_eq!(found.lines[1].person.kind, Some(Kind::Functional));
    }

    #[test]
    fn m08_what_is_no_list_is_refused_with_a_sentence() {
        let refused = |bytes: &[u8]| read(bytes, &Wanted::default()).unwrap_err();

        assert_eq!(refused(b"PK\x03\x04\x14\x00"), Unreadable::Spreadsheet);
        assert_eq!(refused(b"ann@a.example,\0\0\0"), Unreadable::NotText);
        assert_eq!(refused(b""), Unreadable::Empty);
        assert_eq!(refused(b"Email,Name\n"), Unreadable::Empty);
        assert_eq!(refused(b"just,some\nwords,here\n"), Unreadable::NoAddressColumn);
        assert_eq!(refused(&vec![b'a'; MOST_BYTES + 1]), Unreadable::TooLarge);
        assert_eq!(refused("a@a.example\n".repeat(MOST_ROWS + 1).as_bytes()), Unreadable::TooManyRows);
    }

    proptest! {
        #[test]
        fn m08_no_bytes_make_it_panic_and_no_row_is_lost(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            drop(read(&bytes, &Wanted::default()));
        }

        #[test]
        fn m08_every_row_is_a_line_or_a_bad_line(text in "([a-z\",;@. \n]|a@b\\.c|\r\n){0,80}") {
            let wanted = Wanted { layout: Some(Layout::Mapped), columns: Some(vec![Column::Address, Column::Aliases]), has_header: Some(false) };
            if let Ok(found) = read(text.as_bytes(), &wanted) {
                let mut numbers: Vec<u64> = found.lines.iter().map(|line| line.number).chain(found.bad.iter().map(|bad| bad.number)).collect();
                numbers.sort_unstable();
                numbers.dedup();
                prop_assert_eq!(numbers.len() as u64, found.rows);
            }
        }
    }
}
