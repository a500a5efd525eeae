//! How the columns of a file are meant: said, or found out from its header and its first rows.

use crate::address::Address;

/// A known way to write a list of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layout {
    /// As Rollcall writes it.
    Own,
    /// Proofpoint Essentials: no header; first name, last name, address, mobile number (since October 2021), aliases.
    Proofpoint,
    /// Users as Postini exported them.
    PostiniUsers,
    /// Aliases as Postini exported them: the alias and, as `user_address`, the account.
    PostiniAliases,
    /// Mailprotector; by the names in the header.
    Mailprotector,
    /// Mail Assure and SpamExperts; by the names in the header.
    MailAssure,
    /// As the operator says, else by the names in the header.
    Mapped,
}

impl Layout {
    /// True where accounts that are there never change (Z09).
    #[must_use]
    pub const fn creates_only(self) -> bool {
        matches!(self, Self::Proofpoint)
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// Nothing of interest.
    Ignore,
    /// The address.
    Address,
    /// What stands before the @.
    Local,
    /// What stands behind the @.
    Domain,
    /// First name.
    FirstName,
    /// Surname.
    Surname,
    /// Both names.
    FullName,
    /// Other names.
    Aliases,
    /// User or functional.
    Kind,
    /// Silent or end.
    Role,
    /// The account whose other name it is.
    Owner,
}

/// The header of [`Layout::Own`].
pub const OWN_HEADER: [&str; 7] = ["Address", "Type", "Role", "First name", "Surname", "Aliases", "Alias of"];

/// What the names in headers mean, without case and anything but letters and digits.
const NAMES: &[(Column, &[&str])] = &[
    (
        Column::Address,
        &[
            "address",
            "email",
            "emailaddress",
            "primaryemail",
            "primaryemailaddress",
            "primarysmtpaddress",
            "primaryaddress",
            "smtpaddress",
            "windowsemailaddress",
            "mail",
            "mailaddress",
            "useremail",
            "aliasaddress",
            "emailadresse",
            "userprincipalname",
        ],
    ),
    (Column::Local, &["mailbox", "mailboxname", "local", "localpart"]),
    (Column::Domain, &["domain", "domainname"]),
    (Column::FirstName, &["firstname", "first", "givenname", "forename", "vorname"]),
    (Column::Surname, &["surname", "lastname", "last", "familyname", "sn", "nachname"]),
    (Column::FullName, &["fullname", "displayname", "name", "anzeigename"]),
    (Column::Kind, &["type", "kind", "accounttype", "recipienttypedetails", "recipienttype"]),
    (Column::Role, &["role", "privileges"]),
    (Column::Owner, &["useraddress", "aliasof", "owner"]),
];

/// Names of columns of aliases, each possibly with a number behind.
const ALIASES: [&str; 6] = ["aliases", "alias", "emailaliases", "emailalias", "proxyaddresses", "emailaddresses"];

/// What is known of a file's columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub layout: Layout,
    pub has_header: bool,
    pub columns: Vec<Column>,
}

/// What the operator says of a file; what is `None` is found out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Said<'s> {
    pub layout: Option<Layout>,
    pub has_header: Option<bool>,
    pub columns: Option<&'s [Column]>,
}

/// How the columns are meant, from what was said and from the first rows.
pub(super) fn find(rows: &[&[String]], said: Said<'_>) -> Found {
    let first = rows.first().copied().unwrap_or_default();
    let names: Vec<String> = first.iter().map(|cell| plain(cell)).collect();
    let has_header = said.has_header.unwrap_or_else(|| is_header(first, &names));
    let width = rows.iter().map(|row| row.len()).max().unwrap_or(0);
    let behind = if has_header { rows.get(1..).unwrap_or_default() } else { rows };
    let layout = said.layout.unwrap_or_else(|| match said.columns {
        Some(_) => Layout::Mapped,
        None if has_header => named_layout(&names),
        None if looks_like_proofpoint(behind) => Layout::Proofpoint,
        None => Layout::Mapped,
    });
    let mut columns = match (layout, said.columns) {
        (Layout::Proofpoint, _) => proofpoint(behind, width),
        (Layout::Mapped, Some(said)) => said.to_vec(),
        (Layout::PostiniAliases, _) if has_header => postini_aliases(&names),
        _ if has_header => by_names(&names),
        (Layout::Own, _) => by_names(&OWN_HEADER.map(plain)),
        _ => by_content(behind, width),
    };
    columns.resize(width.max(columns.len()), Column::Ignore);
    Found { layout, has_header, columns }
}

/// Letters and digits in lower case.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A row without an address in which at least one cell names what its column holds.
fn is_header(cells: &[String], names: &[String]) -> bool {
    !cells.iter().any(|cell| is_address(cell)) && names.iter().any(|name| column(name) != Column::Ignore)
}

fn is_address(cell: &str) -> bool {
    cell.contains('@') && Address::parse(cell).is_ok()
}

fn column(name: &str) -> Column {
    let known = NAMES.iter().find(|(_, names)| names.contains(&name)).map(|(column, _)| *column);
    known.unwrap_or_else(|| {
        let bare = name.trim_end_matches(|c: char| c.is_ascii_digit());
        if ALIASES.contains(&bare) { Column::Aliases } else { Column::Ignore }
    })
}

fn named_layout(names: &[String]) -> Layout {
    let has = |name: &str| names.iter().any(|one| one == name);
    let own = OWN_HEADER.map(plain);
    if names.iter().take(own.len()).eq(own.iter()) {
        Layout::Own
    } else if has("useraddress") {
        Layout::PostiniAliases
    } else if has("userid") && has("address") {
        Layout::PostiniUsers
    } else if has("mailbox") && has("domain") {
        Layout::MailAssure
    } else {
        Layout::Mapped
    }
}

/// One column a meaning, but aliases: the name that stands first among ours wins.
fn by_names(names: &[String]) -> Vec<Column> {
    let mut columns: Vec<Column> = names.iter().map(|name| column(name)).collect();
    for (meaning, known) in NAMES {
        let best = known.iter().find_map(|name| names.iter().position(|one| one == name));
        for (place, column) in columns.iter_mut().enumerate() {
            if column == meaning && Some(place) != best {
                *column = Column::Ignore;
            }
        }
    }
    if columns.contains(&Column::Address) {
        // Beside a whole address its parts say nothing more.
        columns
            .iter_mut()
            .filter(|one| matches!(one, Column::Local | Column::Domain))
            .for_each(|one| *one = Column::Ignore);
    }
    columns
}

/// `alias` is the address here.
fn postini_aliases(names: &[String]) -> Vec<Column> {
    let mut columns = by_names(names);
    if !columns.contains(&Column::Address)
        && let Some(alias) = columns.iter_mut().find(|column| **column == Column::Aliases)
    {
        *alias = Column::Address;
    }
    // It is the alias's, which is written whole.
    columns.iter_mut().filter(|column| **column == Column::Domain).for_each(|column| *column = Column::Ignore);
    columns
}

/// The third cell is an address, and the two before it are none.
fn looks_like_proofpoint(rows: &[&[String]]) -> bool {
    let fits = |row: &&[String]| match row {
        [first, last, address, ..] => is_address(address) && !is_address(first) && !is_address(last),
        _ => false,
    };
    rows.iter().filter(|row| fits(row)).count() * 2 > rows.len()
}

/// The fourth column is a mobile number, or in older files the first alias.
fn proofpoint(rows: &[&[String]], width: usize) -> Vec<Column> {
    let mut columns = vec![Column::FirstName, Column::Surname, Column::Address];
    let is_older = rows.iter().filter_map(|row| row.get(3)).any(|cell| is_address(cell));
    columns.push(if is_older { Column::Aliases } else { Column::Ignore });
    columns.resize(width.max(4), Column::Aliases);
    columns
}

/// Without a header: the first column of addresses, names before or behind it, aliases in further columns of addresses.
fn by_content(rows: &[&[String]], width: usize) -> Vec<Column> {
    let mut columns = vec![Column::Ignore; width];
    let has_addresses = |place: usize| {
        let filled: Vec<&String> =
            rows.iter().filter_map(|row| row.get(place)).filter(|cell| !cell.is_empty()).collect();
        filled.iter().filter(|cell| is_address(cell)).count() * 2 > filled.len()
    };
    let (addresses, others): (Vec<usize>, Vec<usize>) = (0..width).partition(|place| has_addresses(*place));
    for (count, place) in addresses.into_iter().enumerate() {
        columns[place] = if count == 0 { Column::Address } else { Column::Aliases };
    }
    match others.as_slice() {
        [name] => columns[*name] = Column::FullName,
        [first, last] => (columns[*first], columns[*last]) = (Column::FirstName, Column::Surname),
        _ => {}
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rows: &[&[&str]]) -> Found {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
        let rows: Vec<&[String]> = rows.iter().map(Vec::as_slice).collect();
        find(&rows, Said::default())
    }

    #[test]
    fn z09_a_proofpoint_list_is_known_by_its_columns_with_and_without_the_mobile_number() {
        use Column::{Address, Aliases, FirstName, Ignore, Surname};

        let newer = found(&[
            &["John", "Smith", "john.smith@a.example", "+447123456789"],
            &["Tom", "Smith", "tom.smith@a.example", "", "tom@a.example"],
        ]);
        assert_eq!((newer.layout, newer.has_header), (Layout::Proofpoint, false));
        assert_eq!(newer.columns, [FirstName, Surname, Address, Ignore, Aliases]);

        let older = found(&[&["John", "Smith", "john@a.example"], &["Tom", "Smith", "t@a.example", "tom@a.example"]]);
        assert_eq!(older.columns, [FirstName, Surname, Address, Aliases]);
    }

    #[test]
    fn z09_postinis_two_lists_are_known_by_their_headers() {
        use Column::{Address, Domain, Ignore, Owner};

        let users = found(&[&["user_id", "address", "active"], &["12", "ann@a.example", "1"]]);
        assert_eq!((users.layout, users.has_header), (Layout::PostiniUsers, true));
        assert_eq!(users.columns, [Ignore, Address, Ignore]);

        let aliases = found(&[
            &["alias", "domain", "user_id", "user_address"],
            &["a.lee@a.example", "a.example", "12", "ann@a.example"],
        ]);
        assert_eq!(aliases.layout, Layout::PostiniAliases);
        assert_eq!(aliases.columns, [Address, Ignore, Ignore, Owner]);
        assert_ne!(aliases.columns[1], Domain);
    }

    #[test]
    fn m08_a_header_is_read_by_its_names_and_the_better_name_wins() {
        use Column::{Address, Aliases, FirstName, FullName, Ignore, Surname};

        let microsoft = found(&[
            &["Display name", "User principal name", "First name", "Last name", "Proxy addresses", "Email address"],
            &["Ann Lee", "ann@a.onmicrosoft.example", "Ann", "Lee", "smtp:al@a.example", "ann@a.example"],
        ]);
        assert_eq!(microsoft.columns, [FullName, Ignore, FirstName, Surname, Aliases, Address]);
        assert_eq!((microsoft.layout, microsoft.has_header), (Layout::Mapped, true));

        let own = found(&[&OWN_HEADER, &["ann@a.example"]]);
        assert_eq!(own.layout, Layout::Own);
    }

    #[test]
    fn m08_without_a_header_the_columns_are_known_by_what_is_in_them() {
        use Column::{Address, FirstName, FullName, Surname};

        assert_eq!(found(&[&["ann@a.example", "Ann Lee"]]).columns, [Address, FullName]);
        assert_eq!(found(&[&["ann@a.example", "Ann", "Lee"]]).columns, [Address, FirstName, Surname]);
        assert_eq!(found(&[&["ann@a.example"]]).columns, [Address]);
        let boxes = found(&[&["Mailbox", "Domain"], &["ann", "a.example"]]);
        assert_eq!((boxes.layout, boxes.columns), (Layout::MailAssure, vec![Column::Local, Column::Domain]));
    }
}
