//! From text to rows of cells, each with the number of its first line as an editor counts.
//!
//! **Invariant.** A quotation mark that is never closed spoils its own line only: the next line is a row again.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::address::Address;

/// A cell may go over so many lines; one that goes on is one whose quotation mark is never closed.
const LONGEST_CELL_LINES: usize = 20;
/// So many lines are looked at to find out what stands between cells.
const LOOKED_AT: usize = 50;

/// What stands between cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Pipe,
}

impl Delimiter {
    /// Every choice.
    pub const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Pipe];

    /// The character.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}

/// A row of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// The number of its first line.
    pub number: u64,
    /// Its cells, or the line as it stands where a quotation mark is never closed.
    pub cells: Result<Vec<String>, String>,
}

/// The text with one kind of line end, ended by it.
pub(super) fn tidied(text: &str) -> String {
    let mut tidy = text.replace("\r\n", "\n").replace('\r', "\n");
    if !tidy.ends_with('\n') {
        tidy.push('\n');
    }
    tidy
}

/// What stands between the cells: said in a first line `sep=;`, as Excel does, else what cuts most lines so that an
/// address stands alone in a cell; then what most lines have, then what there is most of.
pub(super) fn delimiter(tidy: &str) -> Delimiter {
    if let Some(said) = said_delimiter(tidy) {
        return said;
    }
    let lines: Vec<&str> = tidy.lines().filter(|line| !line.trim().is_empty()).take(LOOKED_AT).collect();
    let score = |delimiter: Delimiter| {
        let (mut alone, mut having, mut all) = (0, 0, 0);
        for line in &lines {
            let cells = pieces(line, delimiter);
            alone += usize::from(cells.iter().any(|cell| is_address(cell)));
            having += usize::from(cells.len() > 1);
            all += cells.len() - 1;
        }
        (alone, having, all)
    };
    // The first of equals: a file of one column has none of them.
    Delimiter::ALL.into_iter().rev().max_by_key(|delimiter| score(*delimiter)).unwrap_or(Delimiter::Comma)
}

/// Whether the first line says what stands between cells and is no row.
pub(super) fn said_delimiter(tidy: &str) -> Option<Delimiter> {
    let said = tidy.lines().next()?.trim_matches('"').trim().to_ascii_lowercase();
    let byte = said.strip_prefix("sep=")?.bytes().next()?;
    Delimiter::ALL.into_iter().find(|delimiter| delimiter.byte() == byte)
}

fn is_address(cell: &str) -> bool {
    Address::parse(cell.trim().trim_matches('"')).is_ok()
}

/// The line cut wherever the delimiter stands outside quotation marks.
fn pieces(line: &str, delimiter: Delimiter) -> Vec<&str> {
    let mut is_quoted = false;
    line.split(|c| {
        is_quoted ^= c == '"';
        !is_quoted && c == char::from(delimiter.byte())
    })
    .collect()
}

/// Every row that is not empty.
pub(super) fn rows(tidy: &str, delimiter: Delimiter) -> Vec<Row> {
    let mut reader = ReaderBuilder::new().delimiter(delimiter.byte()).build();
    let lines: Vec<&str> = tidy.split_inclusive('\n').collect();
    let mut rows = Vec::new();
    let mut place = usize::from(said_delimiter(tidy).is_some());
    let mut start: usize = lines.iter().take(place).map(|line| line.len()).sum();
    while place < lines.len() {
        let number = place as u64 + 1;
        let taken = lines_of_row(&lines[place..], delimiter);
        let count = taken.unwrap_or(1);
        let bytes: usize = lines[place..place + count].iter().map(|line| line.len()).sum();
        let row = &tidy[start..start + bytes];
        place += count;
        start += bytes;
        let cells = match taken {
            Some(_) => Ok(cells(&mut reader, row)),
            None => Err(row.trim_end_matches('\n').to_owned()),
        };
        if cells.as_ref().is_ok_and(|cells| cells.iter().all(|cell| cell.trim().is_empty())) {
            continue;
        }
        rows.push(Row { number, cells });
    }
    rows
}

/// How many lines the row at the front takes; `None` when a quotation mark opens a cell and none closes it.
fn lines_of_row(lines: &[&str], delimiter: Delimiter) -> Option<usize> {
    let mut quotes = Quotes::Outside { at_start: true };
    let mut is_stray = false;
    for (taken, line) in lines.iter().take(LONGEST_CELL_LINES).enumerate() {
        for byte in line.bytes() {
            quotes = quotes.after(byte, delimiter.byte());
            is_stray |= quotes == Quotes::Stray;
        }
        if quotes != Quotes::Inside {
            // A cell over several lines must be quoted as it should be; in one line it is read as it can be.
            return (taken == 0 || !is_stray).then_some(taken + 1);
        }
    }
    None
}

/// Where a byte stands, seen from quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// In no quoted cell.
    Outside { at_start: bool },
    /// In a quoted cell.
    Inside,
    /// Behind a quotation mark in a quoted cell: its end, or half of a doubled one.
    Perhaps,
    /// Something stands behind the end of a quoted cell.
    Stray,
}

impl Quotes {
    fn after(self, byte: u8, delimiter: u8) -> Self {
        let ends_cell = byte == delimiter || byte == b'\n';
        match self {
            Self::Outside { at_start: true } if byte == b'"' => Self::Inside,
            Self::Inside if byte == b'"' => Self::Perhaps,
            Self::Inside => Self::Inside,
            Self::Perhaps if byte == b'"' => Self::Inside,
            Self::Perhaps if !ends_cell => Self::Stray,
            Self::Stray if !ends_cell => Self::Stray,
            Self::Outside { .. } | Self::Perhaps | Self::Stray => Self::Outside { at_start: ends_cell },
        }
    }
}

/// The cells of one row, which ends with a line end.
fn cells(reader: &mut Reader, row: &str) -> Vec<String> {
    reader.reset();
    let mut text = vec![0; row.len()];
    let mut ends = vec![0; row.bytes().filter(|byte| !byte.is_ascii_alphanumeric()).count() + 2];
    let (result, _, _, count) = reader.read_record(row.as_bytes(), &mut text, &mut ends);
    if result != ReadRecordResult::Record {
        // Nothing but a line end.
        return Vec::new();
    }
    let mut from = 0;
    let cell = |end: &usize| {
        let cell = String::from_utf8_lossy(&text[from..*end]).into_owned();
        from = *end;
        cell
    };
    ends[..count].iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(u64, Result<Vec<String>, String>)> {
        let tidy = tidied(text);
        rows(&tidy, delimiter(&tidy)).into_iter().map(|row| (row.number, row.cells)).collect()
    }

    fn good(number: u64, cells: &[&str]) -> (u64, Result<Vec<String>, String>) {
        (number, Ok(cells.iter().map(|cell| (*cell).to_owned()).collect()))
    }

    #[test]
    fn m08_the_delimiter_is_found_whatever_stands_in_the_cells() {
        for (text, expected) in [
            ("Ann,Lee,ann@a.example\n", Delimiter::Comma),
            ("Ann;Lee;ann@a.example\n", Delimiter::Semicolon),
            ("Ann\tLee\tann@a.example\n", Delimiter::Tab),
            ("Ann|Lee|ann@a.example\n", Delimiter::Pipe),
            ("Lee, Ann;ann@a.example\nPoe, Bob;bob@a.example\n", Delimiter::Semicolon),
            ("ann@a.example,\"a@a.example;b@a.example;c@a.example\"\n", Delimiter::Comma),
            ("Ann,Lee,ann@a.example,a@a.example;b@a.example\n", Delimiter::Comma),
            ("\"ann@a.example\";\"Lee, Ann, Dr.\"\n", Delimiter::Semicolon),
            ("ann@a.example\nbob@a.example\n", Delimiter::Comma),
            ("sep=|\nann@a.example,x|y\n", Delimiter::Pipe),
            ("", Delimiter::Comma),
        ] {
            assert_eq!(delimiter(&tidied(text)), expected, "{text:?}");
        }
    }

    #[test]
    fn m08_a_line_has_the_number_that_an_editor_shows_whatever_ends_it() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", "\"x", "y\",c", "  ", "d,e"].join(end);

            assert_eq!(cut(&text), [good(1, &["a", "b"]), good(3, &["x\ny", "c"]), good(6, &["d", "e"])], "{end:?}");
        }
    }

    #[test]
    fn m08_a_quotation_mark_that_is_never_closed_spoils_its_own_line_only() {
        let found = cut("a,b\n\"Ann,c\nd,e\n\"Bob,f\ng,\"h \"\"i\"\"\"\n");

        assert_eq!(
            found,
            [
                good(1, &["a", "b"]),
                (2, Err("\"Ann,c".to_owned())),
                good(3, &["d", "e"]),
                (4, Err("\"Bob,f".to_owned())),
                good(5, &["g", "h \"i\""]),
            ]
        );
    }

    #[test]
    fn m08_quotation_marks_inside_a_name_are_part_of_it() {
        assert_eq!(cut("Bob \"Bobby\" Lee,x\n"), [good(1, &["Bob \"Bobby\" Lee", "x"])]);
        assert_eq!(cut("sep=;\nÄnn;ü\n"), [good(2, &["Änn", "ü"])]);
    }
}
